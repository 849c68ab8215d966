"""Who may vote on a day, from the register; and the roll that is frozen from it."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ecoop.db import Database
from ecoop.errors import Forbidden, InvalidInput, NotFound, Refused
from ecoop.governance.membership import EndReason, EventKind, standing_on
from ecoop.governance.roles import Role
from ecoop.governance.statutes import PartyKind
from ecoop.governance.voting_rights import Candidate, VoteRoll, VotingReason, vote_roll
from ecoop.models import Membership, Party
from ecoop.services import memberships, representations, voters
from ecoop.services.memberships import NewEvent
from tests.services.conftest import World
from tests.services.governing import STATUTES, a_member, a_party, happens, record_statutes, speaks
from tests.support.factories import NOW, TODAY, a_cooperative
from tests.support.queries import counted_queries

EARLIER = NOW - timedelta(days=200)


def roll_of(world: World, session: Any, day: date = TODAY, **known: Any) -> voters.RollView:
    return voters.read_vote_roll(session, None, cooperative_id=world.home, day=day, **known)


def told(found: voters.RollView) -> dict[str, tuple[str, VotingReason]]:
    return {
        found.names[right.membership_id]: (str(right.votes.normalize()), right.reason) for right in found.roll.rights
    }


def freeze(world: World, session: Any, day: date = TODAY, later: int = 0, purpose: str = "ALV") -> int:
    return voters.freeze_vote_roll(
        session, None, cooperative_id=world.home, day=day, purpose=purpose, now=NOW + timedelta(days=later)
    )


# who may vote, and who may not


def test_members_vote_with_the_votes_of_their_kind(world: World) -> None:
    with world.inside() as session:
        record_statutes(world, session)
        petra, _ = a_member(world, session)
        bakery, _ = a_member(world, session, "Bakkerij", "business", PartyKind.ORGANISATION)
        speaks(world, session, bakery, petra)
        found = roll_of(world, session)

    assert told(found) == {
        "Petra": ("1", VotingReason.MEMBER_OF_CLASS), "Bakkerij": ("2.5", VotingReason.MEMBER_OF_CLASS)
    }  # fmt: skip


def test_who_is_a_member_and_votes_for_another_has_two_separate_rights(world: World) -> None:
    with world.inside() as session:
        record_statutes(world, session)
        petra, _ = a_member(world, session)
        association, _ = a_member(world, session, "VvE", "tenant", PartyKind.OWNERS_ASSOCIATION)
        speaks(world, session, association, petra)
        found = roll_of(world, session)

    assert (len(found.roll.voters), found.roll.votes) == (2, Decimal(2))
    assert found.votes_for_others() == {petra: 1}
    assert [right.representative_id for right in found.roll.rights] == [None, petra]
    assert found.representatives == {petra: "Petra"}


@pytest.mark.parametrize(
    ("happening", "reason"),
    [
        ((EventKind.SUSPENDED, TODAY), VotingReason.SUSPENDED),
        ((EventKind.ENDED, TODAY), VotingReason.MEMBERSHIP_ENDED),
        ((EventKind.ENDED, TODAY + timedelta(days=1)), VotingReason.MEMBER_OF_CLASS),
        ((EventKind.SUSPENDED, TODAY + timedelta(days=1)), VotingReason.MEMBER_OF_CLASS),
    ],
)
def test_what_happens_until_the_day_decides(world: World, happening: tuple[EventKind, date], reason: str) -> None:
    with world.inside() as session:
        record_statutes(world, session)
        _, number = a_member(world, session)
        happens(world, session, number, *happening)
        found = roll_of(world, session)

    assert told(found)["Petra"][1] is reason


def test_who_has_applied_or_is_admitted_later_does_not_vote_yet(world: World) -> None:
    with world.inside() as session:
        record_statutes(world, session)
        for name, kind, day in (
            ("Anna", EventKind.APPLIED, TODAY), ("Bram", EventKind.ADMITTED, TODAY + timedelta(days=1)),
        ):  # fmt: skip
            party_id = a_party(world, session, name)
            number = memberships.open_membership(session, cooperative_id=world.home, party_id=party_id, now=NOW)
            happens(world, session, number, kind, day, class_code="tenant")
        found = roll_of(world, session)

    assert told(found) == {
        "Anna": ("0", VotingReason.APPLICATION_OPEN), "Bram": ("0", VotingReason.NOT_MEMBER_YET)
    }  # fmt: skip


def test_an_organisation_without_a_representative_does_not_vote(world: World) -> None:
    with world.inside() as session:
        record_statutes(world, session)
        bakery, _ = a_member(world, session, "Bakkerij", "business", PartyKind.ORGANISATION)
        petra = a_party(world, session)
        number = speaks(world, session, bakery, petra)
        representations.end_representation(
            session, None, cooperative_id=world.home, representation_id=number, valid_until=TODAY, now=NOW
        )
        reasons = [told(roll_of(world, session, day))["Bakkerij"][1] for day in (TODAY - timedelta(days=1), TODAY)]

    assert reasons == [VotingReason.MEMBER_OF_CLASS, VotingReason.NO_REPRESENTATIVE]


def test_who_gets_the_mail_does_not_vote(world: World) -> None:
    from ecoop.governance.representation import Matter

    with world.inside() as session:
        record_statutes(world, session)
        bakery, _ = a_member(world, session, "Bakkerij", "business", PartyKind.ORGANISATION)
        speaks(world, session, bakery, a_party(world, session), matter=Matter.MAIL)
        found = roll_of(world, session)

    assert told(found)["Bakkerij"][1] is VotingReason.NO_REPRESENTATIVE


def test_the_statutes_of_the_day_decide(world: World) -> None:
    with world.inside() as session:
        record_statutes(world, session, replace(STATUTES, valid_from=date(2025, 1, 1)))
        a_member(world, session, class_code="friend")
        reasons = [told(roll_of(world, session, day))["Petra"][1] for day in (date(2024, 6, 1), TODAY)]

    assert reasons == [VotingReason.STATUTES_MISSING, VotingReason.CLASS_WITHOUT_VOTE]


def test_a_roll_of_the_past_can_be_made_again_as_it_was_known(world: World) -> None:
    with world.inside() as session:
        record_statutes(world, session, now=EARLIER)
        _, first = a_member(world, session, "Anna")
        party_id = a_party(world, session, "Bram")
        second = memberships.open_membership(session, cooperative_id=world.home, party_id=party_id, now=NOW)
        happens(world, session, second, EventKind.APPLIED, TODAY, class_code="tenant", now=NOW)
        before = roll_of(world, session)
        later = NOW + timedelta(days=3)
        happens(world, session, first, EventKind.ENDED, TODAY, now=later)
        happens(world, session, second, EventKind.ADMITTED, TODAY, class_code="tenant", now=later)
        record_statutes(world, session, replace(STATUTES, notice_weeks=5, classes=STATUTES.classes[1:]), now=later)

        again = roll_of(world, session, known_at=NOW)
        assert (again.roll, again.names) == (before.roll, before.names)
        assert roll_of(world, session).roll != before.roll


def test_a_roll_costs_as_many_queries_however_many_members_there_are(world: World) -> None:
    def cost() -> int:
        with world.reading() as session, counted_queries(world.database) as queries:
            roll_of(world, session)
        return len(queries)

    with world.inside() as session:
        record_statutes(world, session)
        petra, _ = a_member(world, session)
        bakery, _ = a_member(world, session, "Bakkerij", "business", PartyKind.ORGANISATION)
        speaks(world, session, bakery, petra)
        session.commit()
    few = cost()
    with world.inside() as session:
        for number in range(20):
            bakery, _ = a_member(world, session, f"Bakkerij {number}", "business", PartyKind.ORGANISATION)
            speaks(world, session, bakery, petra)
        session.commit()

    assert few == 4
    assert cost() == few


@pytest.mark.parametrize("role", [Role.MEMBER, Role.FUNDER, Role.BUILDING_AMBASSADOR])
def test_who_may_not_see_the_register_sees_no_roll(world: World, role: Role) -> None:
    with world.reading() as session, pytest.raises(Forbidden):
        voters.read_vote_roll(session, world.acting(role), cooperative_id=world.home, day=TODAY)


# frozen rolls


@pytest.fixture
def furnished(world: World) -> World:
    with world.inside() as session:
        record_statutes(world, session)
        petra, _ = a_member(world, session)
        bakery, _ = a_member(world, session, "Bakkerij", "business", PartyKind.ORGANISATION)
        speaks(world, session, bakery, petra)
        session.commit()
    return world


def test_a_frozen_roll_stays_as_it_was_when_the_register_changes(furnished: World) -> None:
    with furnished.inside() as session:
        before = roll_of(furnished, session)
        roll_id = freeze(furnished, session)
        petra = before.roll.rights[0].membership_id
        happens(furnished, session, petra, EventKind.SUSPENDED, date(2025, 1, 1), now=NOW + timedelta(days=1))
        header, found = voters.read_frozen(session, None, cooperative_id=furnished.home, roll_id=roll_id)

        assert found.roll == before.roll
        assert (header.digest, header.voters, header.votes) == (before.roll.digest, 2, Decimal("3.5"))
        assert told(roll_of(furnished, session))["Petra"][1] is VotingReason.SUSPENDED
    assert (found.names, found.representatives) == (before.names, before.representatives)


def test_a_frozen_roll_names_the_statutes_it_rests_on(furnished: World) -> None:
    with furnished.inside() as session:
        freeze(furnished, session)
        (header,) = voters.read_frozen_rolls(session, None, cooperative_id=furnished.home)
        found = roll_of(furnished, session)

    assert found.statutes is not None
    assert header.statutes_id == found.statutes.id


@pytest.mark.parametrize("table", ["vote_roll", "vote_roll_line"])
@pytest.mark.parametrize("verb", ["DELETE FROM {}", "UPDATE {} SET votes_millionths = 5000000"])
def test_the_database_refuses_to_change_a_frozen_roll(furnished: World, table: str, verb: str) -> None:
    with furnished.inside() as session:
        freeze(furnished, session)
        session.commit()

    with furnished.database.writer.connect() as connection, pytest.raises(sa.exc.IntegrityError, match="only grows"):
        connection.exec_driver_sql(verb.format(table))


def without_triggers(world: World, statement: str) -> None:
    """Change what nobody may change, as somebody with the keys of the database could."""
    with world.database.writer.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("DROP TRIGGER vote_roll_line_refuses_update")
        else:
            connection.exec_driver_sql("ALTER TABLE vote_roll_line DISABLE TRIGGER ALL")
        connection.exec_driver_sql(statement)


@pytest.mark.parametrize(
    "change", ["votes_millionths = 9000000", "number = 99", "reason = 'voting_suspended'", "representative_id = NULL"]
)
def test_a_roll_that_was_changed_all_the_same_is_not_shown(furnished: World, change: str) -> None:
    with furnished.inside() as session:
        roll_id = freeze(furnished, session)
        session.commit()
    without_triggers(furnished, f"UPDATE vote_roll_line SET {change}")

    with furnished.reading() as session, pytest.raises(Refused) as refused:
        voters.read_frozen(session, None, cooperative_id=furnished.home, roll_id=roll_id)
    assert refused.value.reason is voters.VotersReason.ROLL_CHANGED


def test_a_roll_without_voters_is_not_frozen(world: World) -> None:
    with world.inside() as session:
        a_member(world, session)
        with pytest.raises(Refused) as refused:
            freeze(world, session)

    assert refused.value.reason is voters.VotersReason.NOBODY


@pytest.mark.parametrize(
    ("purpose", "day", "key"), [(" ", TODAY, "purpose"), ("x" * 201, TODAY, "purpose"), ("ALV", date(202, 1, 1), "on")]
)
def test_a_roll_says_what_it_is_for(furnished: World, purpose: str, day: date, key: str) -> None:
    with furnished.inside() as session, pytest.raises(InvalidInput) as refused:
        freeze(furnished, session, day, purpose=purpose)

    assert [problem.key for problem in refused.value.problems] == [key]


def test_a_roll_of_another_cooperative_is_not_there(furnished: World) -> None:
    with furnished.inside() as session:
        roll_id = freeze(furnished, session)
        session.commit()

    with furnished.reading(furnished.neighbour) as session, pytest.raises(NotFound):
        voters.read_frozen(session, None, cooperative_id=furnished.neighbour, roll_id=roll_id)


def test_freezing_is_for_who_keeps_the_register(furnished: World) -> None:
    with furnished.inside() as session, pytest.raises(Forbidden):
        voters.freeze_vote_roll(
            session, furnished.acting(Role.TREASURER), cooperative_id=furnished.home, day=TODAY, purpose="ALV", now=NOW
        )


# whatever happens


def from_events(session: Any, home: int, day: date, known_at: Any) -> VoteRoll:
    """The roll as the events themselves say, one membership after the other."""
    candidates = []
    for row, kind in session.execute(
        sa.select(Membership, Party.kind)
        .join(Party, sa.and_(Party.cooperative_id == Membership.cooperative_id, Party.id == Membership.party_id))
        .where(Membership.cooperative_id == home)
    ):
        events = memberships.read_events(session, cooperative_id=home, membership_id=row.id)
        standing = standing_on(events, day, known_at)
        admitted = any(
            event.kind in {EventKind.ADMITTED, EventKind.READMITTED} and event.recorded_at <= known_at
            for event in events
        )
        if any(event.recorded_at <= known_at for event in events):
            number = row.number if admitted else None
            candidates.append(Candidate(membership_id=row.id, number=number, kind=kind, standing=standing))
    return vote_roll(candidates, STATUTES, on=day)


MOVES = [kind for kind in EventKind if kind is not EventKind.CORRECTED]


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    stories=st.lists(
        st.lists(st.tuples(st.sampled_from(MOVES), st.integers(0, 300)), max_size=6), min_size=1, max_size=3
    ),
    day=st.integers(0, 320),
    known=st.integers(0, 8),
)
def test_the_roll_always_says_what_the_events_say(
    sqlite_database: Database, stories: list[list[tuple[EventKind, int]]], day: int, known: int
) -> None:
    from tests.support.databases import furnishing

    with furnishing(sqlite_database) as session:
        home = a_cooperative(session).id
        world = World(database=sqlite_database, home=home, neighbour=0, treasurer=None, outsider=0)  # type: ignore[arg-type]
        record_statutes(world, session, now=EARLIER)
        for story in stories:
            party_id = a_party(world, session)
            number = memberships.open_membership(session, cooperative_id=home, party_id=party_id, now=EARLIER)
            for later, (kind, days) in enumerate(story):
                new = NewEvent(kind=kind, valid_from=date(2024, 1, 1) + timedelta(days=days), class_code="tenant",
                               end_reason=EndReason.RESIGNATION)  # fmt: skip
                try:
                    memberships.add_event(session, None, cooperative_id=home, membership_id=number, new=new,
                                          now=NOW + timedelta(days=later))  # fmt: skip
                except InvalidInput:
                    continue
        on, at = date(2024, 1, 1) + timedelta(days=day), NOW + timedelta(days=known)

        found = voters.read_vote_roll(session, None, cooperative_id=home, day=on, known_at=at)
        assert found.roll == from_events(session, home, on, at)
        session.rollback()
