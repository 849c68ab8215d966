"""The story of a member: everything that happened, newest first, with who and why, as far as one may see it."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from ecoop.errors import Forbidden, NotFound
from ecoop.governance.consents import ConsentHow, ConsentMove, ConsentPurpose
from ecoop.governance.holdings import EntryKind, LedgerAccount
from ecoop.governance.leaving import NoticeBy, ObligationKind, ObligationOutcome
from ecoop.governance.membership import EndReason, EventKind
from ecoop.governance.offices import Office
from ecoop.governance.register_fields import Field, roles_seeing
from ecoop.governance.roles import Actor, Role
from ecoop.governance.statutes import PartyKind
from ecoop.governance.tenures import TenureKind
from ecoop.models import Letter
from ecoop.models.letters import LetterState
from ecoop.services import (
    admission,
    bank_accounts,
    consents,
    giving_notice,
    heat_contracts,
    ledger,
    letters,
    member_story,
    memberships,
    merging,
    obligations,
    offices,
    parties,
    representations,
    tenures,
)
from ecoop.services.admission import AdmissionChoice
from ecoop.services.consents import NewConsent
from ecoop.services.exit_reading import letter_key
from ecoop.services.giving_notice import NewExit
from ecoop.services.heat_contracts import NewContract
from ecoop.services.ledger import NewEntry
from ecoop.services.member_story import StoryKind, StoryLine
from ecoop.services.memberships import NewEvent
from ecoop.services.obligations import NewObligation
from tests.services import governing
from tests.services.conftest import World
from tests.services.dwellings import Street, street
from tests.support.applying import applies, open_the_form
from tests.support.factories import NOW, TODAY
from tests.support.money import a_paying_member
from tests.support.queries import counted_queries

__all__ = ["street"]


@pytest.fixture
def chair(world: World) -> Actor:
    """Sees everything."""
    return world.acting(Role.CHAIR)


def story(world: World, session: Any, actor: Actor, member: int) -> tuple[StoryLine, ...]:
    return member_story.read_story(session, actor, cooperative_id=world.home, membership_id=member, day=TODAY)


def told(lines: tuple[StoryLine, ...], *kinds: StoryKind) -> list[tuple[str, str | None]]:
    return [(line.code, line.of) for line in lines if line.kind in kinds]


def party_of(world: World, session: Any, member: int) -> int:
    return bank_accounts.party_of(session, cooperative_id=world.home, membership_id=member)


def pays(world: World, session: Any, member: int, account: LedgerAccount, cents: int = 5000, **given: Any) -> None:
    new = NewEntry(
        membership_id=member, account=account, kind=EntryKind.RECEIVED, cents=cents, booked_on=TODAY, **given
    )
    ledger.book_entries(session, None, cooperative_id=world.home, new=[new], now=NOW)


def changes(world: World, session: Any, actor: Actor | None, party_id: int, **facts: Any) -> None:
    known = parties.read_party(session, cooperative_id=world.home, party_id=party_id, day=TODAY).facts
    parties.change_party(
        session, actor, cooperative_id=world.home, party_id=party_id, facts=replace(known, **facts),
        valid_from=TODAY, now=NOW + timedelta(hours=1),
    )  # fmt: skip


def a_letter(world: World, session: Any, key: str, kind: str) -> None:
    letters.write_letter(
        session, account_id=None, recipient="petra@example.org", subject="Onderwerp", body="Geheim", now=NOW,
        name="Petra", kind=kind, cooperative_id=world.home, key=key,
    )  # fmt: skip


def test_events_are_told_newest_first_with_who_and_why(world: World, chair: Actor) -> None:
    with world.inside() as session:
        member = a_paying_member(session, world.home)
        new = NewEvent(kind=EventKind.SUSPENDED, valid_from=TODAY, why="Niet betaald.")
        memberships.add_event(session, chair, cooperative_id=world.home, membership_id=member, new=new, now=NOW)
        lines = story(world, session, chair, member)

    assert told(lines, StoryKind.EVENT) == [("suspended", None), ("admitted", None)]
    assert [(line.actor, line.reason) for line in lines] == [("Petra", "Niet betaald."), (None, None)]


def test_an_event_that_was_corrected_says_so(world: World, chair: Actor) -> None:
    with world.inside() as session:
        member = a_paying_member(session, world.home)
        new = NewEvent(kind=EventKind.SUSPENDED, valid_from=TODAY)
        number = memberships.add_event(
            session, None, cooperative_id=world.home, membership_id=member, new=new, now=NOW
        )  # fmt: skip
        new = NewEvent(kind=EventKind.CORRECTED, valid_from=TODAY, corrects_id=number)
        memberships.add_event(session, None, cooperative_id=world.home, membership_id=member, new=new, now=NOW)
        lines = story(world, session, chair, member)

    assert {line.code for line in lines if line.is_corrected} == {"suspended"}


def test_an_application_is_told_from_form_to_letter(world: World, chair: Actor) -> None:
    with world.inside() as session:
        made = applies(session, world.home, open_the_form(session, world.home))
        (admitted,) = admission.admit(
            session, chair, cooperative_id=world.home, application_ids=[made.application_id],
            choice=AdmissionChoice(valid_from=TODAY, decision="B-12"), statutes=None, now=NOW + timedelta(hours=1),
        )  # fmt: skip
        a_letter(world, session, f"admission:{world.home}:{made.application_id}", "admission")
        lines = story(world, session, chair, admitted.membership_id)

    assert told(lines, StoryKind.APPLICATION) == [("admitted", None), ("received", None)]
    assert [line.about for line in lines if line.code == "admitted" and line.kind is StoryKind.APPLICATION] == ["B-12"]
    assert told(lines, StoryKind.LETTER) == [("admission", LetterState.WAITING.value)]


def test_the_words_of_a_letter_are_no_part_of_the_story(world: World, chair: Actor) -> None:
    with world.inside() as session:
        member = a_paying_member(session, world.home)
        pays(world, session, member, LedgerAccount.CAPITAL)
        a_letter(world, session, f"statement:{world.home}:2026:membership:{member}", "statement")
        lines = story(world, session, chair, member)

    assert told(lines, StoryKind.LETTER) == [("statement", "waiting")]
    assert "Geheim" not in repr(lines)


def test_a_letter_to_another_member_stays_out(world: World, chair: Actor) -> None:
    with world.inside() as session:
        member, other = (a_paying_member(session, world.home, name) for name in ("Petra", "Otto"))
        for one in (member, other):
            pays(world, session, one, LedgerAccount.CAPITAL)
        a_letter(world, session, f"statement:{world.home}:2026:membership:{other}", "statement")

        assert session.query(Letter).count() == 1
        assert told(story(world, session, chair, member), StoryKind.LETTER) == []


def test_changed_data_say_which_fields_and_never_what_they_became(world: World, chair: Actor) -> None:
    with world.inside() as session:
        member = a_paying_member(session, world.home)
        changes(world, session, chair, party_of(world, session, member), phone="0612345678", street="Gracht")
        lines = story(world, session, chair, member)

    assert [(line.fields, line.actor) for line in lines if line.kind is StoryKind.DATA] == [
        (("phone", "street"), "Petra")
    ]
    assert "0612345678" not in repr(lines)


@pytest.mark.parametrize(("role", "seen"), [(Role.CHAIR, {"capital", "contribution"}),
                                            (Role.AUDIT_COMMITTEE, {"capital", "contribution"}),
                                            (Role.SECRETARY, {"capital"})])  # fmt: skip
def test_who_may_not_see_money_sees_capital_only(world: World, role: Role, seen: set[str]) -> None:
    with world.inside() as session:
        member = a_paying_member(session, world.home)
        pays(world, session, member, LedgerAccount.CAPITAL)
        pays(world, session, member, LedgerAccount.CONTRIBUTION, year=2026)
        lines = story(world, session, world.acting(role), member)

    assert {of for _code, of in told(lines, StoryKind.MONEY)} == seen


@pytest.mark.parametrize("role", [Role.CHAIR, Role.BOARD_MEMBER, Role.TREASURER, Role.SECRETARY, Role.AUDIT_COMMITTEE])
def test_reasons_are_for_the_roles_that_see_remarks(world: World, role: Role) -> None:
    with world.inside() as session:
        member = a_paying_member(session, world.home)
        new = NewEvent(kind=EventKind.SUSPENDED, valid_from=TODAY, why="Op verzoek.")
        memberships.add_event(session, None, cooperative_id=world.home, membership_id=member, new=new, now=NOW)
        lines = story(world, session, world.acting(role), member)

    assert (lines[0].reason == "Op verzoek.") == (role in roles_seeing(Field.REMARKS))


def test_letters_and_consents_are_not_for_the_audit_committee(world: World, chair: Actor) -> None:
    with world.inside() as session:
        member = a_paying_member(session, world.home)
        pays(world, session, member, LedgerAccount.CAPITAL)
        a_letter(world, session, f"statement:{world.home}:2026:membership:{member}", "statement")
        consents.record_text(
            session, None, cooperative_id=world.home, purpose=ConsentPurpose.PICTURES, language="nl",
            text="Foto's mogen in de krant.", now=NOW,
        )  # fmt: skip
        new = NewConsent(purpose=ConsentPurpose.PICTURES, move=ConsentMove.GIVEN, valid_from=TODAY,
                         how=ConsentHow.SPOKEN)  # fmt: skip
        consents.record_consent(
            session, None, cooperative_id=world.home, party_id=party_of(world, session, member), new=new, now=NOW
        )
        seen = [
            told(story(world, session, actor, member), StoryKind.LETTER, StoryKind.CONSENT)
            for actor in (chair, world.acting(Role.AUDIT_COMMITTEE))
        ]

    assert sorted(seen[0]) == [("given", "pictures"), ("statement", "waiting")]
    assert seen[1] == []


def test_a_dwelling_is_told_when_it_came_and_when_it_went(world: World, street: Street, chair: Actor) -> None:
    with world.inside() as session:
        party = street.party(session, "Petra")
        member = street.member(session, party)
        number = street.tenure(session, street.dwelling(session, "12"), party, TenureKind.TENANT)
        tenures.end_tenure(
            session, None, cooperative_id=world.home, tenure_id=number, valid_until=TODAY,
            now=NOW + timedelta(hours=1),
        )  # fmt: skip
        lines = [one for one in story(world, session, chair, member) if one.kind is not StoryKind.EVENT]

    assert [(line.kind, line.code, line.about, line.is_corrected) for line in lines] == [
        (StoryKind.TENURE_ENDED, "tenant", "Kade 12", False),
        (StoryKind.TENURE_BEGAN, "tenant", "Kade 12", False),
    ]


def test_the_steps_of_a_heat_contract_are_told_with_their_address(world: World, street: Street, chair: Actor) -> None:
    with world.inside() as session:
        party = street.party(session, "Petra")
        member = street.member(session, party)
        home = street.dwelling(session, "12")
        street.tenure(session, home, party, TenureKind.TENANT)
        new = NewContract(dwelling_id=home, holder_id=party, version="2025")
        heat_contracts.open_contract(
            session, None, cooperative_id=world.home, new=new, valid_from=TODAY, why="Huisbezoek", now=NOW
        )
        lines = story(world, session, chair, member)

    assert [(line.code, line.about, line.reason) for line in lines if line.kind is StoryKind.CONTRACT] == [
        ("offered", "Kade 12", "Huisbezoek")
    ]


def test_an_office_that_runs_has_begun_and_not_ended(world: World, chair: Actor) -> None:
    with world.inside() as session:
        party, member = governing.a_member(world, session)
        offices.appoint(
            session, None, cooperative_id=world.home, party_id=party, office=Office.CHAIR, starts_on=date(2025, 1, 1),
            ends_on=date(2029, 1, 1), decision_id=governing.a_decision(world, session), now=NOW,
        )  # fmt: skip
        lines = story(world, session, chair, member)

    assert told(lines, StoryKind.OFFICE_BEGAN, StoryKind.OFFICE_ENDED) == [("chair", None)]
    assert [line.about for line in lines if line.kind is StoryKind.OFFICE_BEGAN] == ["1"]


def test_acting_for_somebody_is_told_on_both_sides(world: World, chair: Actor) -> None:
    with world.inside() as session:
        shop, shop_member = governing.a_member(world, session, "Winkel", kind=PartyKind.ORGANISATION)
        person, member = governing.a_member(world, session)
        number = governing.speaks(world, session, shop, person)
        representations.end_representation(
            session, None, cooperative_id=world.home, representation_id=number, valid_until=TODAY, now=NOW
        )
        lines = [*story(world, session, chair, member), *story(world, session, chair, shop_member)]

    assert [(line.kind, line.about) for line in lines if line.kind is not StoryKind.EVENT] == [
        (StoryKind.ACTING_ENDED, "Winkel"), (StoryKind.ACTING_BEGAN, "Winkel"),
        (StoryKind.ACTED_FOR_ENDED, "Petra"), (StoryKind.ACTED_FOR_BEGAN, "Petra"),
    ]  # fmt: skip


def test_of_one_instant_the_letter_stands_above_the_exit_and_the_exit_above_the_notice(
    world: World, chair: Actor
) -> None:
    with world.inside() as session:
        member = a_paying_member(session, world.home)
        new = NewExit(cause=EndReason.RESIGNATION, given_by=NoticeBy.MEMBER, received_on=TODAY)
        number = giving_notice.start_exit(
            session, chair, cooperative_id=world.home, membership_id=member, new=new, now=NOW
        )
        key = letter_key("exit_confirmed", cooperative_id=world.home, exit_id=number, membership_id=member)
        a_letter(world, session, key, "membership")
        lines = story(world, session, chair, member)

    assert [(line.kind, line.code, line.of) for line in lines[:3]] == [
        (StoryKind.LETTER, "membership", "waiting"),
        (StoryKind.EXIT, "begun", "resignation"),
        (StoryKind.EVENT, "notice_given", None),
    ]


def test_a_promise_is_told_when_it_was_made_and_settled(world: World, chair: Actor) -> None:
    with world.inside() as session:
        member = a_paying_member(session, world.home)
        new = NewObligation(kind=ObligationKind.TRANCHE_PLEDGE, agreed_on=date(2026, 1, 5), amount_cents=50_000)
        number = obligations.record_obligation(
            session, None, cooperative_id=world.home, membership_id=member, new=new, now=NOW
        )
        obligations.settle_obligation(
            session, None, cooperative_id=world.home, obligation_id=number, outcome=ObligationOutcome.KEPT,
            settled_on=TODAY, now=NOW,
        )  # fmt: skip
        lines = story(world, session, chair, member)

    assert told(lines, StoryKind.PROMISE, StoryKind.PROMISE_SETTLED) == [
        ("tranche_pledge", "kept"), ("tranche_pledge", None),
    ]  # fmt: skip


def test_a_line_that_went_into_this_one_is_told_by_its_name(world: World, chair: Actor) -> None:
    with world.inside() as session:
        member = a_paying_member(session, world.home)
        merging.merge(
            session, chair, cooperative_id=world.home, kept_id=party_of(world, session, member),
            gone_id=governing.a_party(world, session, "Petronella"), take=frozenset(), why=None, now=NOW,
        )  # fmt: skip
        lines = story(world, session, chair, member)

    assert [(line.code, line.about) for line in lines if line.kind is StoryKind.MERGED] == [("kept", "Petronella")]


def test_the_number_of_queries_does_not_follow_the_length_of_the_story(world: World, chair: Actor) -> None:
    with world.inside() as session:
        short, long = (a_paying_member(session, world.home, name) for name in ("Petra", "Otto"))
        for number in range(12):
            pays(world, session, long, LedgerAccount.CAPITAL, 100 + number)
        for street_name in ("Gracht", "Singel"):
            changes(world, session, chair, party_of(world, session, long), street=street_name)
        session.commit()
    counts = []
    for member in (short, long):
        with counted_queries(world.database) as seen, world.reading() as session:
            story(world, session, chair, member)
        counts.append(len(seen))

    assert counts[0] == counts[1] <= 20


def test_the_story_is_for_who_sees_the_register(world: World, chair: Actor) -> None:
    with world.inside() as session:
        member = a_paying_member(session, world.home)
        with pytest.raises(Forbidden):
            story(world, session, world.acting(Role.MEMBER), member)
        with pytest.raises(NotFound):
            story(world, session, chair, member + 1)
