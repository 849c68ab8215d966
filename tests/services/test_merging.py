"""Merging two lines: nothing is deleted, nothing of the past changes, and what stands in the way is told."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from ecoop.errors import Forbidden, InvalidInput, NotFound
from ecoop.governance.audit import Action
from ecoop.governance.membership import EndReason, EventKind, MembershipReason, Status
from ecoop.governance.offices import Body, Office
from ecoop.governance.representation import Matter
from ecoop.governance.roles import Role
from ecoop.governance.statutes import PartyKind
from ecoop.governance.tenures import DwellingKind, TenureKind
from ecoop.models import (
    AuditEntry,
    Cooperative,
    Decision,
    Dwelling,
    Membership,
    OfficeTerm,
    Party,
    PartyMerge,
    Representation,
    StructuralUnit,
    Tenure,
)
from ecoop.models.parties import FOREVER
from ecoop.services import memberships, merging, moves, parties, register, tenures
from ecoop.services.memberships import NewEvent
from ecoop.services.merging import MergeReason
from ecoop.services.parties import PartyFacts
from ecoop.services.person_export import export_person
from ecoop.services.register import RegisterQuestion
from ecoop.services.tenures import NewTenure
from tests.services.conftest import World
from tests.support.applying import applies, open_the_form
from tests.support.factories import NOW, TODAY, a_building, an_account

SINCE, LEFT = date(2020, 1, 1), date(2024, 1, 1)
LATER = NOW + timedelta(days=10)
PETRA = PartyFacts(name="Petra Berg", given_names="Petra", family_name="Berg", email="petra@example.org",
                   street="Kade", house_number="12", postcode="1054 AB", city="Amsterdam")  # fmt: skip


@pytest.fixture
def secretary(world: World) -> Any:
    return world.acting(Role.SECRETARY)


def a_line(world: World, session: Any, *, left: date | None = None, since: date = SINCE, **changes: Any) -> int:
    """A member, or one who left; the key of the party."""
    party_id = parties.record_party(
        session, None, cooperative_id=world.home, kind=PartyKind.PERSON, facts=replace(PETRA, **changes),
        valid_from=since, now=NOW,
    )  # fmt: skip
    membership_id = memberships.open_membership(session, cooperative_id=world.home, party_id=party_id, now=NOW)
    events = [NewEvent(kind=EventKind.ADMITTED, valid_from=since, class_code="tenant")]
    if left is not None:
        events.append(NewEvent(kind=EventKind.ENDED, valid_from=left, end_reason=EndReason.RESIGNATION))
    for event in events:
        memberships.add_event(
            session, None, cooperative_id=world.home, membership_id=membership_id, new=event, now=NOW
        )  # fmt: skip
    return party_id


def merge(world: World, session: Any, kept: int, gone: int, *take: str, role: Role = Role.SECRETARY) -> None:
    merging.merge(
        session, world.acting(role), cooperative_id=world.home, kept_id=kept, gone_id=gone, take=frozenset(take),
        why="Zelfde persoon, twee keer ingevoerd.", now=LATER,
    )  # fmt: skip


def refusals(world: World, session: Any, kept: int, gone: int) -> list[str]:
    with pytest.raises(InvalidInput) as refused:
        merge(world, session, kept, gone)
    return [problem.reason for problem in refused.value.problems]


def lines(world: World, session: Any, day: date, **asked: Any) -> Any:
    question = RegisterQuestion(day=day, statuses=frozenset(Status) - {Status.NONE}, **asked)
    return register.read_whole_register(session, None, cooperative_id=world.home, asked=question)


def test_the_register_of_yesterday_reads_as_it_did(world: World) -> None:
    with world.inside() as session:
        kept, gone = a_line(world, session, since=LEFT), a_line(world, session, left=LEFT, phone="020")
        yesterday = LATER.date() - timedelta(days=1)
        days = (SINCE, LEFT - timedelta(days=1), LEFT, TODAY, yesterday)
        before = [lines(world, session, day) for day in days]
        merge(world, session, kept, gone, "phone", "name")

        assert [lines(world, session, day) for day in days] == before
        known = NOW + timedelta(days=5)
        assert [lines(world, session, day, known_at=known) for day in days] == before


def test_both_lines_stay_with_their_numbers(world: World) -> None:
    with world.inside() as session:
        kept, gone = a_line(world, session, since=LEFT), a_line(world, session, left=LEFT)
        merge(world, session, kept, gone)
        found = lines(world, session, LATER.date())

    assert {(line.party_id, line.number, line.status) for line in found} == {
        (kept, 1, Status.MEMBER), (gone, 2, Status.FORMER)
    }  # fmt: skip


def test_only_the_chosen_values_are_taken_from_the_merge_on(world: World) -> None:
    with world.inside() as session:
        kept = a_line(world, session, since=LEFT)
        gone = a_line(world, session, left=LEFT, phone="020-123", street="Gracht")
        merge(world, session, kept, gone, "phone")
        shared = {"cooperative_id": world.home, "party_id": kept}
        after = parties.read_party(session, day=LATER.date(), **shared).facts
        before = parties.read_party(session, day=TODAY, **shared).facts

    assert (after.phone, after.street) == ("020-123", "Kade")
    assert before.phone is None


def test_the_one_points_to_the_other_and_the_trail_says_who_did_it(world: World) -> None:
    with world.inside() as session:
        kept, gone = a_line(world, session, since=LEFT), a_line(world, session, left=LEFT, phone="020")
        merge(world, session, kept, gone, "phone")
        session.expire_all()
        row = session.scalars(sa.select(PartyMerge)).one()
        entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == Action.PARTY_MERGED)).one()

        assert session.get_one(Party, (world.home, gone)).merged_into_id == kept
        assert (row.kept_id, row.gone_id, row.taken_fields) == (kept, gone, "phone")
        assert (entry.subject, entry.actor_id) == (f"party:{gone}", world.treasurer.account_id)


def test_each_side_shows_the_other(world: World) -> None:
    with world.inside() as session:
        kept, gone = a_line(world, session, since=LEFT), a_line(world, session, left=LEFT)
        merge(world, session, kept, gone)
        shared = {"cooperative_id": world.home, "day": LATER.date()}
        of_gone = merging.read_merges(session, party_id=gone, **shared)
        of_kept = merging.read_merges(session, party_id=kept, **shared)

    assert of_gone.into is not None
    assert (of_gone.into.party_id, of_gone.into.number) == (kept, 1)
    assert [one.party_id for one in of_kept.taken] == [gone]


def test_two_members_cannot_be_merged_before_one_membership_ended(world: World) -> None:
    with world.inside() as session:
        kept, gone = a_line(world, session), a_line(world, session)
        assert refusals(world, session, kept, gone) == [MergeReason.BOTH_MEMBERS]

        membership_id = session.scalars(sa.select(Membership.id).where(Membership.party_id == gone)).one()
        memberships.add_event(
            session, None, cooperative_id=world.home, membership_id=membership_id, now=NOW,
            new=NewEvent(kind=EventKind.ENDED, valid_from=TODAY,
                         end_reason=EndReason.RESIGNATION_BY_COOPERATIVE, why="Twee keer ingeschreven."),
        )  # fmt: skip
        merge(world, session, kept, gone)


@pytest.mark.parametrize("kept_is_member", [True, False])
def test_who_becomes_a_member_on_a_later_day_counts_as_one(world: World, kept_is_member: bool) -> None:
    with world.inside() as session:
        kept = a_line(world, session, left=None if kept_is_member else LEFT)
        gone = parties.record_party(
            session, None, cooperative_id=world.home, kind=PartyKind.PERSON, facts=PETRA, valid_from=SINCE, now=NOW
        )
        number = memberships.open_membership(session, cooperative_id=world.home, party_id=gone, now=NOW)
        begin = NewEvent(kind=EventKind.ADMITTED, valid_from=LATER.date() + timedelta(days=30), class_code="tenant")
        memberships.add_event(session, None, cooperative_id=world.home, membership_id=number, new=begin, now=NOW)

        reason = MergeReason.BOTH_MEMBERS if kept_is_member else MergeReason.WRONG_WAY
        assert refusals(world, session, kept, gone) == [reason]


def test_a_number_of_a_line_that_is_gone_is_never_given_out_again(world: World) -> None:
    with world.inside() as session:
        kept, gone = a_line(world, session, since=LEFT), a_line(world, session, left=LEFT)
        merge(world, session, kept, gone)
        third = a_line(world, session, name="Otto", family_name="Vos")
        number = session.scalars(sa.select(Membership.number).where(Membership.party_id == third)).one()

    assert number == 3


def test_the_member_is_the_one_that_stays(world: World) -> None:
    with world.inside() as session:
        former, member = a_line(world, session, left=LEFT), a_line(world, session, since=LEFT)

        assert refusals(world, session, former, member) == [MergeReason.WRONG_WAY]


def test_a_party_is_merged_once_and_not_with_itself(world: World) -> None:
    with world.inside() as session:
        kept, gone = a_line(world, session, since=LEFT), a_line(world, session, left=LEFT)
        other = a_line(world, session, left=LEFT)
        merge(world, session, kept, gone)

        assert refusals(world, session, kept, gone) == [MergeReason.ALREADY]
        assert refusals(world, session, gone, other) == [MergeReason.ALREADY]
        assert refusals(world, session, kept, kept) == [MergeReason.SAME]


def test_an_open_application_is_decided_first(world: World) -> None:
    with world.inside() as session:
        kept = a_line(world, session)
        applies(session, world.home, open_the_form(session, world.home))
        gone = session.scalars(sa.select(Party.id).where(Party.id != kept)).one()

        assert refusals(world, session, kept, gone) == [MergeReason.OPEN_APPLICATION]


def test_nothing_begins_anew_on_a_line_that_is_gone(world: World) -> None:
    with world.inside() as session:
        kept, gone = a_line(world, session, since=LEFT), a_line(world, session, left=LEFT)
        merge(world, session, kept, gone)
        membership_id = session.scalars(sa.select(Membership.id).where(Membership.party_id == gone)).one()
        with pytest.raises(InvalidInput):
            memberships.add_event(
                session, None, cooperative_id=world.home, membership_id=membership_id, now=LATER,
                new=NewEvent(kind=EventKind.READMITTED, valid_from=LATER.date(), class_code="tenant"),
            )  # fmt: skip
        with pytest.raises(InvalidInput):
            parties.change_party(
                session, None, cooperative_id=world.home, party_id=gone, facts=replace(PETRA, phone="1"),
                valid_from=LATER.date(), now=LATER,
            )  # fmt: skip


def test_a_login_moves_to_a_line_that_has_none(world: World) -> None:
    with world.inside() as session:
        kept, gone = a_line(world, session, since=LEFT), a_line(world, session, left=LEFT)
        account = an_account(session)
        session.get_one(Party, (world.home, gone)).account_id = account.id
        session.flush()
        merge(world, session, kept, gone)

        assert session.get_one(Party, (world.home, kept)).account_id == account.id
        assert session.get_one(Party, (world.home, gone)).account_id is None


def test_the_plan_says_what_moves_and_what_stays(world: World, secretary: Any) -> None:
    with world.inside() as session:
        kept, gone = a_line(world, session, since=LEFT), a_line(world, session, left=LEFT, phone="020")
        session.get_one(Party, (world.home, gone)).account_id = an_account(session).id
        session.flush()
        plan = merging.plan_merge(
            session, secretary, cooperative_id=world.home, kept_id=kept, gone_id=gone, day=TODAY
        )  # fmt: skip

    assert plan.differing == ("phone",)
    assert [(one.code, one.moves) for one in plan.hanging] == [("membership", False), ("login", True)]


def test_a_line_that_is_gone_does_not_become_a_member_again_by_taking_its_end_out(world: World) -> None:
    with world.inside() as session:
        kept, gone = a_line(world, session, since=LEFT), a_line(world, session, left=LEFT)
        merge(world, session, kept, gone)
        membership_id = session.scalars(sa.select(Membership.id).where(Membership.party_id == gone)).one()
        end = memberships.read_events(session, cooperative_id=world.home, membership_id=membership_id)[-1]
        with pytest.raises(InvalidInput) as refused:
            memberships.add_event(
                session, None, cooperative_id=world.home, membership_id=membership_id, now=LATER,
                new=NewEvent(kind=EventKind.CORRECTED, valid_from=LATER.date(), corrects_id=end.id),
            )  # fmt: skip

    assert [problem.reason for problem in refused.value.problems] == [MembershipReason.MERGED]


def test_nobody_comes_to_live_somewhere_under_a_line_that_is_gone(world: World) -> None:
    with world.inside() as session:
        kept, gone = a_line(world, session, since=LEFT), a_line(world, session, left=LEFT)
        dwelling = a_dwelling(session, world.home)
        merge(world, session, kept, gone)
        number = session.scalars(sa.select(Membership.number).where(Membership.party_id == gone)).one()
        new = NewTenure(dwelling_id=dwelling, party_id=gone, kind=TenureKind.TENANT, valid_from=LATER.date())

        assert moves.party_of_number(session, cooperative_id=world.home, number=number) == kept
        with pytest.raises(InvalidInput):
            tenures.record_tenure(session, None, cooperative_id=world.home, new=new, now=LATER)


def test_merging_is_for_who_keeps_the_register(world: World) -> None:
    with world.inside() as session:
        kept, gone = a_line(world, session, since=LEFT), a_line(world, session, left=LEFT)
        with pytest.raises(Forbidden):
            merge(world, session, kept, gone, role=Role.TREASURER)
        with pytest.raises(NotFound):
            merge(world, session, kept, 4711)


def a_dwelling(session: Any, home: int) -> int:
    building = a_building(session, session.get_one(Cooperative, home))
    unit = StructuralUnit(cooperative_id=home, building_id=building.id, name="Blok", created_at=NOW)
    session.add(unit)
    session.flush()
    row = Dwelling(cooperative_id=home, building_id=building.id, structural_unit_id=unit.id,
                   kind=DwellingKind.DWELLING, street="Kade",
                   postcode="1054 AB", house_number="12", valid_from=SINCE, created_at=NOW)  # fmt: skip
    session.add(row)
    session.flush()
    return row.id


def test_a_dwelling_goes_along_from_today_on_and_yesterday_reads_as_it_did(world: World) -> None:
    with world.inside() as session:
        kept, gone = a_line(world, session, since=LEFT), a_line(world, session, left=LEFT)
        dwelling = a_dwelling(session, world.home)
        session.add(  # as an import or the secretary recorded it
            Tenure(cooperative_id=world.home, dwelling_id=dwelling, party_id=gone, kind=TenureKind.TENANT,
                   valid_from=SINCE, valid_until=FOREVER, known_from=NOW)
        )  # fmt: skip
        session.flush()
        merge(world, session, kept, gone)
        rows = session.scalars(sa.select(Tenure)).all()

    today = LATER.date()
    now_known = {(row.party_id, row.valid_from, row.valid_until) for row in rows if row.known_until is None}
    assert now_known == {(gone, SINCE, today), (kept, today, FOREVER)}
    assert [(row.party_id, row.known_until) for row in rows if row.known_until is not None] == [(gone, LATER)]


def test_acting_for_somebody_goes_along_and_nobody_comes_to_act_for_themselves(world: World) -> None:
    with world.inside() as session:
        kept, gone = a_line(world, session, since=LEFT), a_line(world, session, left=LEFT)
        shared = {"cooperative_id": world.home, "known_from": NOW, "valid_from": SINCE, "valid_until": FOREVER}
        third = a_line(world, session, name="Otto", family_name="Vos")
        for represented, representative in ((kept, gone), (third, gone), (third, kept)):
            session.add(Representation(represented_id=represented, representative_id=representative,
                                       matter=Matter.MAIL, proof="Besluit.", **shared))  # fmt: skip
        session.flush()
        merge(world, session, kept, gone)
        rows = session.scalars(
            sa.select(Representation).where(Representation.known_until.is_(None), Representation.valid_until == FOREVER)
        )

        assert [(row.represented_id, row.representative_id) for row in rows] == [(third, kept)]


def test_a_term_in_office_moves_with_all_its_days(world: World) -> None:
    with world.inside() as session:
        kept, gone = a_line(world, session, since=LEFT), a_line(world, session, left=LEFT)
        decision = Decision(cooperative_id=world.home, number=1, body=Body.GENERAL_MEETING, decided_on=SINCE,
                            subject="Benoemd.", recorded_at=NOW)  # fmt: skip
        session.add(decision)
        session.flush()
        session.add(OfficeTerm(cooperative_id=world.home, party_id=gone, office=Office.TREASURER, starts_on=SINCE,
                               ends_on=FOREVER, decision_id=decision.id, known_from=NOW))  # fmt: skip
        session.flush()
        merge(world, session, kept, gone)
        (row,) = session.scalars(sa.select(OfficeTerm).where(OfficeTerm.known_until.is_(None))).all()

    assert (row.party_id, row.starts_on, row.ends_on) == (kept, SINCE, FOREVER)


def test_who_asks_for_everything_gets_what_stayed_on_the_line_that_is_gone(world: World) -> None:
    with world.inside() as session:
        kept, gone = a_line(world, session, since=LEFT), a_line(world, session, left=LEFT, phone="020-777")
        merge(world, session, kept, gone)
        found = export_person(session, None, cooperative_id=world.home, party_id=kept, now=LATER)

    parts = {part.name: part for part in found.parts}
    numbers = {row[parts["membership"].columns.index("number")] for row in parts["membership"].rows}
    assert numbers == {1, 2}
    assert "020-777" in {row[parts["party_record"].columns.index("phone")] for row in parts["party_record"].rows}
