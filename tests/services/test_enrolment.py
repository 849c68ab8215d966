"""Recording many at once: all of them or none, with numbers that follow each other."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from ecoop.errors import Forbidden, InvalidInput
from ecoop.governance.membership import EventKind, Status
from ecoop.governance.roles import Role
from ecoop.governance.statutes import PartyKind
from ecoop.models import AuditEntry, Membership, Party
from ecoop.services import enrolment, memberships, register
from ecoop.services.enrolment import Enrolment
from ecoop.services.memberships import NewEvent
from ecoop.services.number_series import take_numbers
from ecoop.services.parties import PartyFacts
from ecoop.services.register import RegisterQuestion
from tests.services.conftest import World
from tests.support.factories import NOW, TODAY

SINCE = date(2024, 1, 1)
ADMITTED = NewEvent(kind=EventKind.ADMITTED, valid_from=SINCE, class_code="tenant")


def entry(name: str, *events: NewEvent, **facts: Any) -> Enrolment:
    return Enrolment(
        kind=PartyKind.PERSON, facts=replace(PartyFacts(name=name), **facts), valid_from=SINCE, events=events
    )


def test_who_enters_gets_the_next_numbers_in_the_order_given(world: World) -> None:
    applied = NewEvent(kind=EventKind.APPLIED, valid_from=SINCE, class_code="tenant")
    entries = [entry("A", ADMITTED), entry("B"), entry("C", applied), entry("D", ADMITTED)]
    with world.inside() as session:
        found = enrolment.enrol_many(session, None, cooperative_id=world.home, entries=entries, now=NOW)
        numbers = [session.get_one(Membership, (world.home, one.membership_id)).number
                   for one in found if one.membership_id]  # fmt: skip
        (after,) = take_numbers(session, cooperative_id=world.home, name=memberships.SERIES, count=1)
        counts = register.read_counts(session, cooperative_id=world.home, day=TODAY)

    assert (numbers, after) == ([1, None, 2], 3)
    assert found[1].membership_id is None
    assert counts == {Status.MEMBER: 2, Status.APPLICANT: 1}


def test_what_follows_from_the_events_is_what_one_by_one_would_give(world: World) -> None:
    suspended = NewEvent(kind=EventKind.SUSPENDED, valid_from=TODAY)
    with world.inside() as session:
        (found,) = enrolment.enrol_many(
            session, None, cooperative_id=world.home, entries=[entry("A", ADMITTED, suspended)], now=NOW
        )
        assert found.membership_id is not None
        standing = memberships.read_standing(
            session, cooperative_id=world.home, membership_id=found.membership_id, day=TODAY
        )
        page = register.read_register(
            session, world.acting(Role.SECRETARY), cooperative_id=world.home, asked=RegisterQuestion(day=TODAY)
        )

    assert [line.status for line in page.lines] == [standing.status] == [Status.SUSPENDED]


def test_one_wrong_entry_keeps_all_out_and_every_problem_is_told(world: World) -> None:
    ended = NewEvent(kind=EventKind.SUSPENDED, valid_from=TODAY)
    entries = [entry("A", ADMITTED), entry(" ", postcode="12"), entry("C", ended)]
    with world.inside() as session:
        with pytest.raises(InvalidInput) as refused:
            enrolment.enrol_many(session, None, cooperative_id=world.home, entries=entries, now=NOW)
        assert session.scalar(sa.select(sa.func.count()).select_from(Party)) == 0

    assert {problem.key for problem in refused.value.problems} == {"1.name", "1.postcode", "2.kind"}


def test_a_hundred_are_two_entries_in_the_trail(world: World) -> None:
    with world.inside() as session:
        before = session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) or 0
        enrolment.enrol_many(
            session, None, cooperative_id=world.home, entries=[entry(f"P{n}", ADMITTED) for n in range(100)], now=NOW
        )
        assert session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) == before + 2


def test_only_who_keeps_the_register_enrols(world: World) -> None:
    with world.inside() as session, pytest.raises(Forbidden):
        enrolment.enrol_many(
            session, world.acting(Role.TREASURER), cooperative_id=world.home, entries=[entry("A")], now=NOW
        )
