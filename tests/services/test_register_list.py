"""The register as a list: votes, capital, entry and exit of a day, with totals and a fingerprint that stays."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from ecoop.governance.holdings import EntryKind
from ecoop.governance.membership import EndReason, EventKind, Status
from ecoop.governance.statutes import EntryRule, LegalForm, MembershipClass, NoticeEnd, PartyKind, Statutes
from ecoop.services import ledger, memberships, parties, statutes
from ecoop.services.memberships import NewEvent
from ecoop.services.parties import PartyFacts
from ecoop.services.register import Order, RegisterQuestion
from ecoop.services.register_list import RegisterList, read_register_list
from tests.services.conftest import World
from tests.support.factories import NOW, TODAY
from tests.support.queries import counted_queries

SINCE, LEAVES = date(2024, 1, 1), date(2025, 1, 1)
LAST_DAY = LEAVES - timedelta(days=1)
RULES = Statutes(
    valid_from=date(2020, 1, 1),
    legal_form=LegalForm.EXCLUDED,
    classes=(
        MembershipClass(code="tenant", name_nl="Huurder", name_en="Tenant", votes=Decimal(2),
                        open_to=frozenset({PartyKind.PERSON})),
    ),
    entry_rule=EntryRule.DECISION,
    minimum_age=None,
    notice_weeks=4,
    notice_end=NoticeEnd.ANY_DAY,
)  # fmt: skip


def enrolled(world: World, session: Any, name: str, kind: EventKind = EventKind.ADMITTED) -> int:
    party_id = parties.record_party(
        session, None, cooperative_id=world.home, kind=PartyKind.PERSON, facts=PartyFacts(name=name),
        valid_from=SINCE, now=NOW,
    )  # fmt: skip
    number = memberships.open_membership(session, cooperative_id=world.home, party_id=party_id, now=NOW)
    happens(world, session, number, kind, SINCE)
    return number


def happens(world: World, session: Any, number: int, kind: EventKind, day: date, *, later: int = 0) -> None:
    new = NewEvent(kind=kind, valid_from=day, class_code="tenant", end_reason=EndReason.RESIGNATION)
    memberships.add_event(
        session, None, cooperative_id=world.home, membership_id=number, new=new, now=NOW + timedelta(days=later)
    )


def pays(world: World, session: Any, number: int, cents: int, day: date, *, later: int = 0, out: bool = False) -> None:
    ledger.book_capital(
        session, None, cooperative_id=world.home, membership_id=number, cents=cents, booked_on=day,
        kind=EntryKind.PAID_OUT if out else EntryKind.RECEIVED, now=NOW + timedelta(days=later),
    )  # fmt: skip


def listed(world: World, session: Any, **asked: Any) -> RegisterList:
    question = RegisterQuestion(**({"day": TODAY, "order": Order.NUMBER} | asked))
    return read_register_list(session, None, cooperative_id=world.home, asked=question)


@pytest.fixture
def anna_and_bram(world: World) -> tuple[int, int]:
    """Two members with two votes each; Anna put in 50 and 25 euros, and leaves at the end of 2024."""
    with world.inside() as session:
        statutes.record_statutes(session, None, cooperative_id=world.home, statutes=RULES, now=NOW)
        anna, bram = (enrolled(world, session, name) for name in ("Anna", "Bram"))
        pays(world, session, anna, 5000, SINCE)
        pays(world, session, anna, 2500, LAST_DAY)
        happens(world, session, anna, EventKind.ENDED, LEAVES)
        session.commit()
    return anna, bram


def test_a_line_tells_votes_capital_entry_and_exit_of_the_day(world: World, anna_and_bram: tuple[int, int]) -> None:
    with world.reading() as session:
        anna, bram = listed(world, session, day=LAST_DAY).entries

    assert (anna.votes, anna.capital_cents, anna.line.member_since, anna.leaves_on) == (2, 7500, SINCE, LEAVES)
    assert (bram.votes, bram.capital_cents, bram.leaves_on) == (2, 0, None)


def test_totals_are_those_of_the_lines(world: World, anna_and_bram: tuple[int, int]) -> None:
    with world.reading() as session:
        last_day, day_after = listed(world, session, day=LAST_DAY), listed(world, session, day=LEAVES)

    assert (last_day.votes, last_day.capital_cents) == (4, 7500)
    assert (day_after.votes, day_after.capital_cents) == (2, 0)


def test_who_has_left_has_no_votes_and_keeps_the_capital_until_it_is_paid_out(
    world: World, anna_and_bram: tuple[int, int]
) -> None:
    former = frozenset({Status.FORMER})
    with world.inside() as session:
        before = listed(world, session, day=LEAVES, statuses=former).entries[0]
        pays(world, session, anna_and_bram[0], 7500, LEAVES, out=True)
        after = listed(world, session, day=LEAVES, statuses=former).entries[0]
        session.rollback()

    assert (before.votes, before.capital_cents, before.leaves_on) == (0, 7500, LEAVES)
    assert after.capital_cents == 0


def test_a_list_as_it_was_known_keeps_its_fingerprint_whatever_is_recorded_later(
    world: World, anna_and_bram: tuple[int, int]
) -> None:
    asked = {"day": TODAY, "known_at": NOW, "statuses": frozenset({Status.MEMBER, Status.APPLICANT})}
    with world.inside() as session:
        applicant = enrolled(world, session, "Carla", EventKind.APPLIED)
        before = listed(world, session, **asked).digest
        happens(world, session, applicant, EventKind.ADMITTED, SINCE, later=1)
        pays(world, session, anna_and_bram[1], 900, SINCE, later=1)
        happens(world, session, anna_and_bram[1], EventKind.ENDED, TODAY + timedelta(days=9), later=2)
        after = listed(world, session, **asked).digest
        now = listed(world, session).digest
        session.rollback()

    assert after == before
    assert now != before


def test_a_list_costs_as_many_queries_however_long_it_is(world: World, anna_and_bram: tuple[int, int]) -> None:
    def cost() -> int:
        with counted_queries(world.database) as queries, world.reading() as session:
            listed(world, session)
        return len(queries)

    few = cost()
    with world.inside() as session:
        for number in range(20):
            pays(world, session, enrolled(world, session, f"Lid {number}"), 100, SINCE)
        session.commit()

    assert cost() == few
