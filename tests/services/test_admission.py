"""Deciding on applications: several at once or none, a number for ever, and only for who may."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from ecoop.errors import Forbidden, InvalidInput, NotFound, Refused
from ecoop.governance.admission import ApplicationStatus, Missing, RefusalReason
from ecoop.governance.membership import EndReason, EventKind, Status
from ecoop.governance.register_fields import Field, may_see
from ecoop.governance.roles import Permission, Reach, Role, roles_reaching
from ecoop.governance.statutes import EntryRule, LegalForm, MembershipClass, NoticeEnd, PartyKind, Statutes
from ecoop.models import Application, Letter, Membership
from ecoop.services import admission, application_intake, applications, joining, memberships, parties, turns
from ecoop.services.admission import AdmissionChoice, AdmissionReason
from ecoop.services.memberships import NewEvent
from tests.services.conftest import World
from tests.support.applying import NEWCOMER, applies, open_the_form
from tests.support.factories import NOW, TODAY
from tests.support.queries import counted_queries

LATER = NOW + timedelta(days=3)
CHOICE = AdmissionChoice(valid_from=TODAY + timedelta(days=3), decision="Bestuur 5 maart, punt 4")
STATUTES = Statutes(
    valid_from=date(2020, 1, 1), legal_form=LegalForm.EXCLUDED, entry_rule=EntryRule.DECISION, minimum_age=18,
    classes=(MembershipClass(code="tenant", name_nl="Huurder", name_en="Tenant", votes=Decimal(1),
                             open_to=frozenset({PartyKind.PERSON})),),
    notice_weeks=4, notice_end=NoticeEnd.ANY_DAY,
)  # fmt: skip


@pytest.fixture
def secretary(world: World) -> Any:
    return world.acting(Role.SECRETARY)


def admit(world: World, session: Any, *ids: int, choice: AdmissionChoice = CHOICE, **given: Any) -> Any:
    values = {"statutes": None, "now": LATER} | given
    actor = values.pop("actor", world.acting(Role.SECRETARY))
    return admission.admit(
        session, actor, cooperative_id=world.home, application_ids=ids, choice=choice, **values
    )  # fmt: skip


def refuse(world: World, session: Any, *ids: int, **given: Any) -> Any:
    values = {"reason": RefusalReason.OUTSIDE_AREA, "words": None, "now": LATER} | given
    return admission.refuse(
        session, world.acting(Role.SECRETARY), cooperative_id=world.home, application_ids=ids, **values
    )


def inbox(world: World, session: Any, *roles: Role, now: Any = LATER, statutes: Statutes | None = None) -> Any:
    actor = world.acting(*(roles or (Role.SECRETARY,)))
    return applications.read_inbox(session, actor, cooperative_id=world.home, statutes=statutes, now=now)


def standing(world: World, session: Any, membership_id: int, day: date = CHOICE.valid_from) -> Any:
    return memberships.read_standing(session, cooperative_id=world.home, membership_id=membership_id, day=day)


def a_former_member(world: World, session: Any, number: int = 7) -> int:
    """N. Nieuw was a member until last year; the key of the party."""
    party_id = parties.record_party(
        session, None, cooperative_id=world.home, kind=PartyKind.PERSON, facts=NEWCOMER, valid_from=date(2020, 1, 1),
        now=NOW,
    )  # fmt: skip
    membership_id = memberships.open_membership(session, cooperative_id=world.home, party_id=party_id, now=NOW)
    for kind, day, more in (
        (EventKind.ADMITTED, date(2020, 1, 1), {"class_code": "tenant"}),
        (EventKind.ENDED, date(2025, 1, 1), {"end_reason": EndReason.RESIGNATION}),
    ):
        memberships.add_event(
            session, None, cooperative_id=world.home, membership_id=membership_id, now=NOW, number=number,
            new=NewEvent(kind=kind, valid_from=day, **more),  # type: ignore[arg-type]
        )  # fmt: skip
    return party_id


# admitting


def test_who_is_admitted_gets_the_next_number_and_a_letter_that_names_it(world: World) -> None:
    with world.inside() as session:
        accepted = open_the_form(session, world.home)
        made = [applies(session, world.home, accepted, name) for name in ("Aal", "Baars")]
        done = admit(world, session, *(one.application_id for one in made))

        assert [(one.number, one.is_return, one.reader.email) for one in done] == [
            (1, False, "aal@example.org"), (2, False, "baars@example.org")
        ]  # fmt: skip
        assert standing(world, session, done[0].membership_id).status is Status.MEMBER


def test_a_number_is_not_given_out_again_after_the_last_member_left(world: World) -> None:
    with world.inside() as session:
        accepted = open_the_form(session, world.home)
        first = admit(world, session, applies(session, world.home, accepted, "Aal").application_id)[0]
        memberships.add_event(
            session, None, cooperative_id=world.home, membership_id=first.membership_id, now=LATER,
            new=NewEvent(kind=EventKind.ENDED, valid_from=CHOICE.valid_from + timedelta(days=1),
                         end_reason=EndReason.DEATH),
        )  # fmt: skip
        second = admit(world, session, applies(session, world.home, accepted, "Baars").application_id)[0]

    assert (first.number, second.number) == (1, 2)


def test_somebody_who_returns_keeps_number_and_history(world: World, secretary: Any) -> None:
    with world.inside() as session:
        accepted = open_the_form(session, world.home)
        party_id = a_former_member(world, session)
        made = applies(session, world.home, accepted, "Nieuw", birth_date=NEWCOMER.birth_date)
        admission.say_who(
            session, secretary, cooperative_id=world.home, application_id=made.application_id, party_id=party_id,
            now=NOW,
        )  # fmt: skip
        (done,) = admit(world, session, made.application_id)
        periods = standing(world, session, done.membership_id).periods

    assert (done.number, done.is_return) == (7, True)
    assert [period.starts_on for period in periods] == [date(2020, 1, 1), CHOICE.valid_from]


def test_all_are_admitted_or_none_and_each_problem_names_whose_it_is(world: World) -> None:
    with world.inside() as session:
        accepted = open_the_form(session, world.home)
        fine = applies(session, world.home, accepted, "Aal")
        twice = [applies(session, world.home, accepted, "Baars") for _ in range(2)]
        with pytest.raises(InvalidInput) as refused:
            admit(world, session, fine.application_id, twice[1].application_id)

        assert [(one.reason, one.details["name"]) for one in refused.value.problems] == [
            (AdmissionReason.WHO_FIRST, "N. Baars")
        ]
        assert session.scalars(sa.select(Membership.number)).all() == [None, None]


def test_nobody_becomes_a_member_before_the_day_of_applying(world: World) -> None:
    with world.inside() as session:
        made = applies(session, world.home, open_the_form(session, world.home))
        with pytest.raises(InvalidInput) as refused:
            admit(world, session, made.application_id, choice=AdmissionChoice(valid_from=TODAY - timedelta(days=1)))

    assert [one.reason for one in refused.value.problems] == [AdmissionReason.BEFORE_APPLICATION]


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"birth_date": date(2010, 1, 1)}, AdmissionReason.TOO_YOUNG),
        ({"class_code": "patron"}, AdmissionReason.CLASS_UNKNOWN),
        (
            {"kind": PartyKind.HOUSEHOLD, "birth_date": None, "class_code": "tenant"},
            AdmissionReason.CLASS_NOT_OPEN,
        ),
    ],
)
def test_the_statutes_stand_in_the_way(world: World, given: dict[str, Any], reason: AdmissionReason) -> None:
    with world.inside() as session:
        made = applies(session, world.home, open_the_form(session, world.home), **given)
        with pytest.raises(InvalidInput) as refused:
            admit(world, session, made.application_id, statutes=STATUTES)

    assert [one.reason for one in refused.value.problems] == [reason]


def test_an_application_is_decided_once(world: World) -> None:
    with world.inside() as session:
        made = applies(session, world.home, open_the_form(session, world.home))
        admit(world, session, made.application_id)

        for decide in (admit, refuse):
            with pytest.raises(InvalidInput) as refused:
                decide(world, session, made.application_id)
            assert AdmissionReason.DECIDED in [one.reason for one in refused.value.problems]


def test_an_application_of_another_cooperative_is_not_there(world: World) -> None:
    with world.inside() as session:
        session.include(world.neighbour)
        made = applies(session, world.neighbour, open_the_form(session, world.neighbour))
        with pytest.raises(NotFound):
            admit(world, session, made.application_id)


def test_once_nothing_waits_the_turn_is_over(world: World) -> None:
    with world.inside() as session:
        accepted = open_the_form(session, world.home)
        first, second = (applies(session, world.home, accepted, name) for name in ("Aal", "Baars"))
        admit(world, session, first.application_id)
        still = len(turns.read_turns(session, cooperative_id=world.home))
        refuse(world, session, second.application_id)

        assert (still, len(turns.read_turns(session, cooperative_id=world.home))) == (1, 0)


def test_a_transfer_writes_no_letter_of_welcome(world: World) -> None:
    with world.inside() as session:
        party_id = a_former_member(world, session)
        membership_id = memberships.open_membership(session, cooperative_id=world.home, party_id=party_id, now=NOW)
        for new in (
            NewEvent(kind=EventKind.READMITTED, valid_from=TODAY, class_code="tenant"),
            NewEvent(kind=EventKind.TRANSFERRED, valid_from=LATER.date(), end_reason=EndReason.TRANSFER),
        ):
            memberships.add_event(
                session, None, cooperative_id=world.home, membership_id=membership_id, new=new, now=NOW
            )  # fmt: skip

        assert session.scalars(sa.select(Letter)).all() == []


# who it is


def test_a_member_who_applies_again_can_only_be_refused(world: World, secretary: Any) -> None:
    with world.inside() as session:
        accepted = open_the_form(session, world.home)
        (member,) = admit(world, session, applies(session, world.home, accepted, "Aal").application_id)
        again = applies(session, world.home, accepted, "Aal", now=LATER)
        party_id = session.scalars(
            sa.select(Membership.party_id).where(Membership.id == member.membership_id)
        ).one()  # fmt: skip
        admission.say_who(
            session, secretary, cooperative_id=world.home, application_id=again.application_id, party_id=party_id,
            now=LATER,
        )  # fmt: skip
        with pytest.raises(InvalidInput) as refused:
            admit(world, session, again.application_id)
        refuse(world, session, again.application_id, reason=RefusalReason.DOUBLE)

        assert [one.reason for one in refused.value.problems] == [AdmissionReason.IS_MEMBER]
        assert standing(world, session, member.membership_id).status is Status.MEMBER


def test_somebody_new_who_looked_known_gets_an_own_line(world: World, secretary: Any) -> None:
    with world.inside() as session:
        accepted = open_the_form(session, world.home)
        one, other = (applies(session, world.home, accepted, "Aal") for _ in range(2))
        admission.say_who(
            session, secretary, cooperative_id=world.home, application_id=other.application_id, party_id=None, now=NOW
        )
        done = admit(world, session, one.application_id, other.application_id)

    assert [item.number for item in done] == [1, 2]


def test_one_party_has_one_open_application(world: World, secretary: Any) -> None:
    with world.inside() as session:
        accepted = open_the_form(session, world.home)
        one, other = (applies(session, world.home, accepted, "Aal") for _ in range(2))
        party_id = session.scalars(
            sa.select(Application.party_id).where(Application.id == one.application_id)
        ).one()  # fmt: skip
        with pytest.raises(InvalidInput) as refused:
            admission.say_who(
                session, secretary, cooperative_id=world.home, application_id=other.application_id, party_id=party_id,
                now=NOW,
            )  # fmt: skip

    assert [problem.reason for problem in refused.value.problems] == [AdmissionReason.ANOTHER_OPEN]


# refusing and asking


def test_a_refusal_carries_the_text_about_appeal(world: World) -> None:
    with world.inside() as session:
        made = applies(session, world.home, open_the_form(session, world.home))
        (done,) = refuse(world, session, made.application_id, words="Je woont te ver weg.")
        row = session.scalars(sa.select(Application)).one()

        assert (done.words, done.appeal.text) == ("Je woont te ver weg.", "Tekst: appeal.")
        assert row.appeal_id == done.appeal.id
        assert standing(world, session, row.membership_id or 0).status is Status.REFUSED


def test_another_reason_asks_for_own_words(world: World) -> None:
    with world.inside() as session:
        made = applies(session, world.home, open_the_form(session, world.home))
        with pytest.raises(InvalidInput) as refused:
            refuse(world, session, made.application_id, reason=RefusalReason.OTHER)

    assert [problem.key for problem in refused.value.problems] == ["words"]


def test_who_was_refused_can_apply_again_and_be_admitted(world: World, secretary: Any) -> None:
    with world.inside() as session:
        accepted = open_the_form(session, world.home)
        first = applies(session, world.home, accepted, "Aal")
        refuse(world, session, first.application_id)
        party_id = session.scalars(sa.select(Application.party_id)).one()
        again = applies(session, world.home, accepted, "Aal", now=LATER + timedelta(days=2))
        later = LATER + timedelta(days=3)
        admission.say_who(
            session, secretary, cooperative_id=world.home, application_id=again.application_id, party_id=party_id,
            now=later,
        )  # fmt: skip
        choice = replace(CHOICE, valid_from=TODAY + timedelta(days=6))
        (done,) = admit(world, session, again.application_id, choice=choice, now=later)

    assert (done.number, done.is_return) == (1, False)


def test_a_question_is_answered_through_its_link_and_comes_back_to_the_inbox(world: World, secretary: Any) -> None:
    with world.inside() as session:
        made = applies(session, world.home, open_the_form(session, world.home))
        asked = admission.ask(
            session, secretary, cooperative_id=world.home, application_id=made.application_id, text="Huur je?", now=NOW
        )
        box = inbox(world, session)
        assert ([one.id for one in box.asked], box.waiting) == ([made.application_id], ())
        assert turns.read_turns(session, cooperative_id=world.home) == ()

        joining.answer(session, asked.secret, "Ja, van Stadgenoot.", cooperative_id=world.home, now=LATER)
        (waiting,) = inbox(world, session).waiting

    assert [(one.speaker.value, one.text) for one in waiting.private.said] == [
        ("board", "Huur je?"), ("applicant", "Ja, van Stadgenoot.")
    ]  # fmt: skip


def test_an_answer_to_a_decided_application_is_refused(world: World) -> None:
    with world.inside() as session:
        made = applies(session, world.home, open_the_form(session, world.home))
        admit(world, session, made.application_id)
        with pytest.raises(Refused):
            joining.answer(session, made.secret, "Nog iets.", cooperative_id=world.home, now=LATER)


# the inbox


def test_the_inbox_tells_age_and_what_is_missing(world: World) -> None:
    with world.inside() as session:
        applies(session, world.home, open_the_form(session, world.home), street=None, phone=None)
        (one,) = inbox(world, session, now=NOW + timedelta(days=12)).waiting

    assert (one.days, one.missing) == (12, (Missing.ADDRESS,))


def test_the_inbox_shows_who_may_be_known_already(world: World) -> None:
    with world.inside() as session:
        accepted = open_the_form(session, world.home)
        a_former_member(world, session)
        applies(session, world.home, accepted, "Nieuw", birth_date=NEWCOMER.birth_date)
        (one,) = inbox(world, session).waiting

    assert one.needs_say
    assert [found.number for found in one.alike if found.is_likely] == [7]


def test_what_was_not_confirmed_is_only_counted(world: World) -> None:
    with world.inside() as session:
        made = applies(session, world.home, open_the_form(session, world.home), confirms=False)
        box = inbox(world, session)

        assert (box.unconfirmed, box.waiting) == (1, ())
        with pytest.raises(NotFound):
            applications.read_application(
                session, world.acting(Role.SECRETARY), cooperative_id=world.home, application_id=made.application_id,
                statutes=None, now=NOW,
            )  # fmt: skip


def test_applicants_of_the_register_can_be_put_in_the_inbox(world: World, secretary: Any) -> None:
    with world.inside() as session:
        party_id = parties.record_party(
            session, None, cooperative_id=world.home, kind=PartyKind.PERSON, facts=NEWCOMER, valid_from=TODAY, now=NOW
        )
        membership_id = memberships.open_membership(session, cooperative_id=world.home, party_id=party_id, now=NOW)
        memberships.add_event(
            session, None, cooperative_id=world.home, membership_id=membership_id, now=NOW,
            new=NewEvent(kind=EventKind.APPLIED, valid_from=TODAY, class_code="tenant"),
        )  # fmt: skip
        before = inbox(world, session)
        count = application_intake.take_in(session, secretary, cooperative_id=world.home, now=LATER)
        after = inbox(world, session)
        (done,) = admit(world, session, after.waiting[0].id)

    assert (before.outside, before.waiting, count, after.outside) == (1, (), 1, 0)
    assert done.membership_id == membership_id


def test_more_applications_cost_no_more_queries(world: World) -> None:
    with world.inside() as session:
        accepted = open_the_form(session, world.home)
        applies(session, world.home, accepted, "Aal")
        session.commit()
        with counted_queries(world.database) as few:
            inbox(world, session)
        for name in ("Baars", "Bot", "Brasem", "Forel", "Haring", "Makreel"):
            applies(session, world.home, accepted, name)
        applies(session, world.home, accepted, "Aal")
        session.commit()
        with counted_queries(world.database) as many:
            inbox(world, session)

    # Who may be known already is looked up in two queries more, for however many there are.
    assert len(many) <= len(few) + 2


# who may see and decide


HELD = {
    Field.BIRTH_DATE: lambda private: private.birth_date,
    Field.EMAIL: lambda private: private.email,
    Field.PHONE: lambda private: private.phone,
    Field.REMARKS: lambda private: private.remark and private.said,
    Field.CONSENTS: lambda private: private.accepted,
}


@pytest.mark.parametrize("role", roles_reaching(Reach.COOPERATIVE))
def test_each_role_sees_of_an_application_what_is_meant_for_it(world: World, role: Role) -> None:
    with world.inside() as session:
        made = applies(session, world.home, open_the_form(session, world.home), remark="Verhaal.")
        joining.answer(session, made.secret, "Nog iets.", cooperative_id=world.home, now=NOW)
        session.commit()
    actor = world.acting(role)

    with world.reading() as session:
        if not actor.may(Permission.SEE_REGISTER):
            with pytest.raises(Forbidden):
                inbox(world, session, role)
            return
        (one,) = inbox(world, session, role).waiting

    assert {field for field, read in HELD.items() if read(one.private)} == {
        field for field in HELD if may_see(actor, field)
    }


@pytest.mark.parametrize("role", [Role.TREASURER, Role.AUDIT_COMMITTEE, Role.BUILDING_AMBASSADOR, Role.MEMBER])
def test_deciding_is_for_who_keeps_the_register(world: World, role: Role) -> None:
    actor = world.acting(role)
    with world.inside() as session:
        made = applies(session, world.home, open_the_form(session, world.home))
        shared = {"cooperative_id": world.home, "now": NOW}
        with pytest.raises(Forbidden):
            admit(world, session, made.application_id, actor=actor)
        with pytest.raises(Forbidden):
            admission.refuse(
                session, actor, application_ids=[made.application_id], reason=RefusalReason.OTHER, words="x", **shared
            )
        with pytest.raises(Forbidden):
            admission.ask(session, actor, application_id=made.application_id, text="Wie?", **shared)
        with pytest.raises(Forbidden):
            admission.say_who(session, actor, application_id=made.application_id, party_id=None, **shared)

        assert inbox(world, session).waiting[0].status is ApplicationStatus.WAITING
