"""Applying through the web: nothing counts before a link was used, and what is never confirmed is forgotten."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from ecoop.errors import InvalidInput, Refused
from ecoop.governance.admission import ApplicationStatus, TextKind
from ecoop.governance.membership import Status
from ecoop.governance.roles import Role
from ecoop.governance.statutes import PartyKind
from ecoop.models import Application, ApplicationAcceptance, AuditEntry, Party
from ecoop.services import application_texts, joining, memberships, turns
from ecoop.services.parties import PartyFacts
from tests.services.conftest import World
from tests.support.applying import NEWCOMER, an_application, applies, open_the_form
from tests.support.factories import NOW, TODAY


def apply(world: World, session: Any, new: Any, network: str = "10.0.0.1", now: Any = NOW) -> Any:
    return joining.apply(session, cooperative_id=world.home, new=new, network=network, now=now)


def read(session: Any, number: int) -> Application:
    row = session.scalar(sa.select(Application).where(Application.id == number))
    assert row is not None
    return row


# the form


def test_nobody_can_apply_before_the_board_opened_the_form(world: World) -> None:
    with world.inside() as session, pytest.raises(Refused) as refused:
        apply(world, session, an_application(frozenset()))

    assert refused.value.reason is joining.JoiningReason.CLOSED


def test_the_form_cannot_be_opened_before_there_are_texts_to_accept(world: World) -> None:
    with world.inside() as session, pytest.raises(Refused) as refused:
        application_texts.set_open(session, None, cooperative_id=world.home, wanted=True, now=NOW)

    assert refused.value.reason is application_texts.ApplicationTextReason.NEEDED_FIRST


def test_a_form_that_was_closed_takes_no_more_applications(world: World) -> None:
    with world.inside() as session:
        accepted = open_the_form(session, world.home)
        application_texts.set_open(session, None, cooperative_id=world.home, wanted=False, now=NOW)

        with pytest.raises(Refused):
            apply(world, session, an_application(accepted))


def test_a_new_version_of_a_text_is_the_one_to_accept(world: World) -> None:
    with world.inside() as session:
        accepted = open_the_form(session, world.home)
        newer = application_texts.save_text(
            session, None, cooperative_id=world.home, kind=TextKind.PRIVACY, language="nl", text="Anders.", now=NOW
        )

        with pytest.raises(InvalidInput) as refused:
            apply(world, session, an_application(accepted))
        apply(world, session, an_application(accepted | {newer}))

    assert [problem.key for problem in refused.value.problems] == ["privacy"]


def test_which_version_was_accepted_is_kept_with_its_digest(world: World) -> None:
    with world.inside() as session:
        accepted = open_the_form(session, world.home)
        made = apply(world, session, an_application(accepted))
        texts = application_texts.read_texts(session, cooperative_id=world.home, language="nl")
        rows = session.scalars(
            sa.select(ApplicationAcceptance).where(ApplicationAcceptance.application_id == made.application_id)
        ).all()

        assert {(row.text_id, row.digest, row.accepted_at) for row in rows} == {
            (one.id, one.digest, NOW) for one in texts if one.is_accepted
        }


def test_everything_that_is_wrong_is_told_at_once(world: World) -> None:
    wrong = PartyFacts(name=" ", postcode="12 AB")

    with world.inside() as session:
        open_the_form(session, world.home)
        with pytest.raises(InvalidInput) as refused:
            apply(world, session, an_application(frozenset(), wrong, class_code=None))

    keys = {problem.key for problem in refused.value.problems}
    assert keys == {"name", "postcode", "email", "class_code", "birth_date", "statutes", "privacy"}


def test_an_organisation_says_who_represents_it(world: World) -> None:
    company = replace(NEWCOMER, birth_date=None)
    with world.inside() as session:
        accepted = open_the_form(session, world.home)
        with pytest.raises(InvalidInput) as refused:
            apply(world, session, an_application(accepted, company, kind=PartyKind.ORGANISATION))

    assert {problem.key for problem in refused.value.problems} == {"registration_number", "representative"}


def test_only_the_digest_of_a_link_is_kept(world: World) -> None:
    with world.inside() as session:
        made = apply(world, session, an_application(open_the_form(session, world.home)))
        kept = session.scalars(sa.select(joining.ApplicationLink.digest)).all()

    assert made.secret not in kept
    assert all(len(digest) == 64 for digest in kept)


def test_an_address_cannot_be_flooded_with_letters(world: World) -> None:
    with world.inside() as session:
        new = an_application(open_the_form(session, world.home))
        tries = [apply(world, session, new, network=f"10.0.0.{number}") for number in range(5)]

    assert [made is not None for made in tries] == [True, True, True, False, False]


def test_one_network_cannot_fill_the_inbox(world: World) -> None:
    with world.inside() as session:
        accepted = open_the_form(session, world.home)
        made = [
            apply(world, session, an_application(accepted, replace(NEWCOMER, email=f"n{number}@example.org")))
            for number in range(joining.PER_NETWORK_A_DAY + 1)
        ]

    assert made[-1] is None
    assert made[-2] is not None


# confirming


def test_before_the_link_is_used_the_register_knows_nothing(world: World) -> None:
    with world.inside() as session:
        applies(session, world.home, open_the_form(session, world.home), confirms=False)

        assert session.scalars(sa.select(Party)).all() == []


def test_the_link_puts_an_applicant_in_the_register_and_gives_the_turn_to_the_secretary(world: World) -> None:
    with world.inside() as session:
        made = applies(session, world.home, open_the_form(session, world.home))
        row = read(session, made.application_id)
        standing = memberships.read_standing(
            session, cooperative_id=world.home, membership_id=row.membership_id or 0, day=TODAY
        )
        waits = turns.read_turns(session, cooperative_id=world.home, actor=world.acting(Role.SECRETARY))

    assert (standing.status, standing.class_code) == (Status.APPLICANT, "tenant")
    assert [turn.kind for turn in waits] == ["application.waiting"]


def test_using_the_link_twice_changes_nothing(world: World) -> None:
    with world.inside() as session:
        made = applies(session, world.home, open_the_form(session, world.home))
        joining.confirm(session, made.secret, cooperative_id=world.home, now=NOW + timedelta(hours=1))

        assert len(session.scalars(sa.select(Party)).all()) == 1
        assert read(session, made.application_id).confirmed_at == NOW


def test_somebody_who_may_be_known_is_not_made_twice(world: World) -> None:
    with world.inside() as session:
        accepted = open_the_form(session, world.home)
        applies(session, world.home, accepted, "Nieuw")
        again = applies(session, world.home, accepted, "Nieuw", now=NOW + timedelta(days=1))

        assert len(session.scalars(sa.select(Party)).all()) == 1
        assert read(session, again.application_id).party_id is None


def test_a_link_that_is_unknown_opens_nothing(world: World) -> None:
    with world.inside() as session, pytest.raises(Refused):
        joining.read_by_link(session, "unknown", cooperative_id=world.home, now=NOW)


def test_a_link_opens_nothing_in_another_cooperative(world: World) -> None:
    with world.inside() as session:
        made = applies(session, world.home, open_the_form(session, world.home))
        session.include(world.neighbour)

        with pytest.raises(Refused):
            joining.read_by_link(session, made.secret, cooperative_id=world.neighbour, now=NOW)


def test_a_link_that_was_not_used_in_time_opens_nothing(world: World) -> None:
    with world.inside() as session:
        made = applies(session, world.home, open_the_form(session, world.home), confirms=False)

        with pytest.raises(Refused):
            joining.confirm(session, made.secret, cooperative_id=world.home, now=made.until)


def test_a_link_that_was_used_goes_on_opening_the_application(world: World) -> None:
    with world.inside() as session:
        made = applies(session, world.home, open_the_form(session, world.home))
        later = NOW + timedelta(days=60)

        found = joining.read_by_link(session, made.secret, cooperative_id=world.home, now=later)

    assert found.status is ApplicationStatus.WAITING


# taking it back


def test_an_applicant_takes_the_application_back_and_the_secretary_has_nothing_to_do(world: World) -> None:
    with world.inside() as session:
        made = applies(session, world.home, open_the_form(session, world.home))
        joining.withdraw(session, made.secret, cooperative_id=world.home, now=NOW)
        row = read(session, made.application_id)
        standing = memberships.read_standing(
            session, cooperative_id=world.home, membership_id=row.membership_id or 0, day=TODAY
        )

        assert standing.status is Status.NONE
        assert turns.read_turns(session, cooperative_id=world.home) == ()


def test_what_was_taken_back_cannot_be_taken_back_again(world: World) -> None:
    with world.inside() as session:
        made = applies(session, world.home, open_the_form(session, world.home))
        joining.withdraw(session, made.secret, cooperative_id=world.home, now=NOW)

        with pytest.raises(Refused):
            joining.withdraw(session, made.secret, cooperative_id=world.home, now=NOW)


def test_taking_back_what_was_never_confirmed_blanks_it(world: World) -> None:
    with world.inside() as session:
        made = applies(session, world.home, open_the_form(session, world.home), confirms=False)
        joining.withdraw(session, made.secret, cooperative_id=world.home, now=NOW)

        assert read(session, made.application_id).email is None


# what is never confirmed


def test_what_is_never_confirmed_is_blanked_after_a_week(world: World) -> None:
    with world.inside() as session:
        accepted = open_the_form(session, world.home)
        forgotten = applies(session, world.home, accepted, "Vergeten", confirms=False, remark="Mijn verhaal.")
        fresh = applies(session, world.home, accepted, "Vers", confirms=False, now=NOW + timedelta(days=6))
        waiting = applies(session, world.home, accepted, "Wachtend")
        session.commit()

    count = joining.blank_unconfirmed(world.database, now=NOW + joining.CONFIRM_WITHIN)

    with world.reading() as session:
        gone = read(session, forgotten.application_id)
        assert count == 1
        assert [getattr(gone, name) for name in joining.BLANK] == [None] * len(joining.BLANK)
        assert read(session, fresh.application_id).name is not None
        assert read(session, waiting.application_id).name is not None


def test_blanking_twice_does_nothing_more(world: World) -> None:
    with world.inside() as session:
        applies(session, world.home, open_the_form(session, world.home), confirms=False)
        session.commit()
    late = NOW + timedelta(days=30)

    assert (
        joining.blank_unconfirmed(world.database, now=late),
        joining.blank_unconfirmed(world.database, now=late),
    ) == (1, 0)


def test_the_trail_holds_nothing_personal_of_an_application(world: World) -> None:
    with world.inside() as session:
        applies(session, world.home, open_the_form(session, world.home), remark="Geheim verhaal.")
        told = " ".join(session.scalars(sa.select(AuditEntry.details)))

    assert not any(word in told for word in ("Nieuw", "nieuw@", "Geheim", date(1990, 6, 7).isoformat()))
