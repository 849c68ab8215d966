"""Minimising: tried out first, done once, proven, held back; and no line of the register is ever deleted."""

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from ecoop.errors import Forbidden, InvalidInput, NotFound, Refused
from ecoop.governance.admission import Outcome
from ecoop.governance.audit import Action
from ecoop.governance.consents import ConsentHow, ConsentMove, ConsentPurpose
from ecoop.governance.membership import EndReason, EventKind, Status
from ecoop.governance.register_fields import Field
from ecoop.governance.retention import PERSONAL, Beginning, Purpose, digest_of
from ecoop.governance.roles import Role
from ecoop.governance.statutes import PartyKind
from ecoop.language import Language
from ecoop.models import (
    Application,
    AuditNote,
    BankAccount,
    Letter,
    Membership,
    Minimisation,
    Party,
    PartyRecord,
    Turn,
)
from ecoop.models.letters import LetterState
from ecoop.services import (
    audit,
    audit_reading,
    bank_accounts,
    consents,
    ledger,
    legal_holds,
    letters,
    parties,
    register,
    retention,
)
from ecoop.services.consents import NewConsent
from ecoop.services.person_export import export_person
from ecoop.services.personal_ends import FINDERS
from ecoop.services.personal_facts import ERASERS
from ecoop.services.register import RegisterQuestion
from tests.services.conftest import World
from tests.services.test_memberships import FACTS, a_member, happens
from tests.support.factories import NOW, TODAY, an_account
from tests.support.queries import counted_queries
from tests.support.web import ENCRYPTION_KEY

LONG_GONE = date(2024, 1, 1)
"""Left so long ago that an e-mail address goes, and not so long ago that a name goes."""


def a_leaver(world: World, session: Any, name: str = "Petra", left: date = LONG_GONE) -> int:
    """A former member with everything filled in; the key of the party."""
    membership_id = a_member(world, session, name, since=date(2020, 1, 1))
    party_id: int = session.scalars(sa.select(Membership.party_id).where(Membership.id == membership_id)).one()
    facts = replace(FACTS, name=name, family_name=name, phone="0612345678")
    parties.change_party(
        session, None, cooperative_id=world.home, party_id=party_id, facts=facts, valid_from=date(2023, 1, 1), now=NOW
    )
    happens(
        world, session, membership_id, EventKind.ENDED, left, end_reason=EndReason.RESIGNATION, why="Ging samenwonen."
    )
    return party_id


def an_application(world: World, session: Any, party_id: int) -> Application:
    """With which somebody became a member."""
    application = Application(
        cooperative_id=world.home, kind=PartyKind.PERSON, name="Petra", email="petra@example.org", country="NL",
        language="nl", asked_at=NOW - timedelta(days=900), confirmed_at=NOW - timedelta(days=900),
        party_id=party_id, membership_id=session.scalars(sa.select(Membership.id)).one(),
        outcome=Outcome.ADMITTED, closed_at=NOW - timedelta(days=800),
    )  # fmt: skip
    session.add(application)
    session.flush()
    return application


def records(session: Any, party_id: int) -> list[PartyRecord]:
    session.expire_all()
    return list(session.scalars(sa.select(PartyRecord).where(PartyRecord.party_id == party_id)))


def minimise(world: World, session: Any, day: date = TODAY, seen: str | None = None) -> int:
    secretary = world.acting(Role.SECRETARY)
    return retention.minimise(session, secretary, cooperative_id=world.home, day=day, seen=seen, now=NOW)


def try_out(world: World, session: Any, day: date = TODAY) -> retention.Trial:
    return retention.try_out(session, world.acting(Role.SECRETARY), cooperative_id=world.home, day=day)


def test_trying_out_names_who_and_what_and_changes_nothing(world: World) -> None:
    with world.inside() as session:
        party_id = a_leaver(world, session)
        a_member(world, session, "Anna")
        session.commit()

    with world.reading() as session:
        trial = try_out(world, session)

    (line,) = trial.lines
    assert (line.party_id, line.purpose, line.due_on) == (party_id, Purpose.CONTACT, date(2026, 1, 1))
    assert set(line.fields) == {Field.ADDRESS, Field.BIRTH_DATE, Field.EMAIL, Field.PHONE, Field.REMARKS}
    assert trial.whom[party_id].name == "Petra"


def test_what_goes_goes_from_every_record_and_the_line_keeps_its_number_and_days(world: World) -> None:
    with world.inside() as session:
        party_id = a_leaver(world, session)
        minimise(world, session)
        rows = records(session, party_id)
        page = register.read_whole_register(
            session, None, cooperative_id=world.home,
            asked=RegisterQuestion(day=TODAY, statuses=frozenset({Status.FORMER})),
        )  # fmt: skip
        minimised_at = session.scalars(sa.select(Party.minimised_at).where(Party.id == party_id)).one()

    assert len(rows) >= 2
    assert {(row.email, row.phone, row.birth_date, row.street, row.postcode) for row in rows} == {(None,) * 5}
    assert {row.name for row in rows} == {"Petra"}
    assert [(line.number, line.since) for line in page] == [(1, LONG_GONE)]
    assert minimised_at == NOW


def test_a_reason_in_words_goes_and_the_trail_stays_whole(world: World) -> None:
    with world.inside() as session:
        a_leaver(world, session)
        assert session.scalars(sa.select(AuditNote.text)).all() == ["Ging samenwonen."]
        minimise(world, session)

        assert session.scalars(sa.select(AuditNote.text)).all() == []
        assert audit_reading.verify_trail(session, cooperative_id=world.home).holds


def test_a_reason_goes_whatever_part_of_the_platform_wrote_it_down(world: World) -> None:
    with world.inside() as session:
        party_id = a_leaver(world, session)
        account_id = bank_accounts.add_bank_account(
            session, None, cooperative_id=world.home, party_id=party_id, iban="NL91ABNA0417164300", holder="Petra",
            valid_from=date(2022, 1, 1), key=ENCRYPTION_KEY, now=NOW,
        )  # fmt: skip
        bank_accounts.end_bank_account(
            session, None, cooperative_id=world.home, bank_account_id=account_id, valid_until=LONG_GONE,
            why="Rekening van haar ex.", now=NOW,
        )  # fmt: skip
        for subject in (f"application:{an_application(world, session, party_id).id}", f"party:{party_id}"):
            audit.record(
                session, None, Action.APPLICATION_REFUSED, cooperative_id=world.home, subject=subject,
                why="Petra woont hier niet.", now=NOW,
            )  # fmt: skip
        told = export_person(session, None, cooperative_id=world.home, party_id=party_id, now=NOW)
        (notes,) = (part.rows for part in told.parts if part.name == "audit_note")
        minimise(world, session)

        assert len(notes) == 4
        assert session.scalars(sa.select(AuditNote)).all() == []


def test_a_name_goes_ten_years_later_and_the_line_still_stands_there(world: World) -> None:
    with world.inside() as session:
        party_id = a_leaver(world, session)
        minimise(world, session, day=date(2034, 1, 1))
        rows = records(session, party_id)
        numbers = session.scalars(sa.select(Membership.number)).all()

    assert {(row.name, row.name_key, row.given_names, row.family_name) for row in rows} == {("–", "–", None, None)}
    assert numbers == [1]


def test_a_party_with_a_line_in_the_register_cannot_be_deleted(world: World) -> None:
    with world.inside() as session:
        party_id = a_leaver(world, session)
        session.commit()
        session.delete(session.scalars(sa.select(Party).where(Party.id == party_id)).one())
        with pytest.raises(sa.exc.IntegrityError):
            session.flush()


def test_what_is_gone_is_not_due_again(world: World) -> None:
    with world.inside() as session:
        a_leaver(world, session)
        minimise(world, session)

        assert try_out(world, session).lines == ()
        with pytest.raises(Refused, match="retention_nothing_due"):
            minimise(world, session)


def test_leavers_of_the_last_year_stay_whole(world: World) -> None:
    with world.inside() as session:
        a_leaver(world, session, left=TODAY - timedelta(days=200))

        assert try_out(world, session).lines == ()


def test_a_returning_member_loses_nothing(world: World) -> None:
    with world.inside() as session:
        party_id = a_leaver(world, session)
        number = session.scalars(sa.select(Membership.id).where(Membership.party_id == party_id)).one()
        happens(world, session, number, EventKind.READMITTED, date(2025, 1, 1), class_code="tenant")

        assert try_out(world, session).lines == ()


def test_what_changed_since_it_was_shown_is_not_done(world: World) -> None:
    with world.inside() as session:
        a_leaver(world, session, "Anna")
        seen = try_out(world, session).digest
        a_leaver(world, session, "Bram")
        with pytest.raises(Refused, match="retention_changed_meanwhile"):
            minimise(world, session, seen=seen)

        assert minimise(world, session, seen=try_out(world, session).digest)


def test_the_proof_holds_no_personal_value_and_can_be_checked(world: World) -> None:
    with world.inside() as session:
        a_leaver(world, session)
        run_id = minimise(world, session)
        proof = retention.read_proof(session, world.acting(Role.SECRETARY), cooperative_id=world.home, run_id=run_id)

    assert proof.holds
    assert digest_of(proof.text) == proof.run.digest
    told = json.loads(proof.text)
    assert told["lines"][0]["fields"] == ["address", "birth_date", "email", "phone", "remarks"]
    assert not [word for word in ("Petra", "example", "1960", "Kade") if word in proof.text]


def test_a_run_cannot_be_changed_afterwards(world: World) -> None:
    with world.inside() as session:
        a_leaver(world, session)
        minimise(world, session)
        session.commit()

    for table in ("minimisation", "minimisation_line"):
        with world.database.writer.connect() as connection, pytest.raises(sa.exc.IntegrityError, match="only grows"):
            connection.exec_driver_sql(f"UPDATE {table} SET cooperative_id = cooperative_id")


def test_a_trial_can_be_kept_as_a_run_that_did_nothing(world: World) -> None:
    with world.inside() as session:
        party_id = a_leaver(world, session)
        retention.keep_trial(session, world.acting(Role.CHAIR), cooperative_id=world.home, day=TODAY, now=NOW)
        (run,) = retention.read_runs(session, world.acting(Role.CHAIR), cooperative_id=world.home)

        assert (run.is_dry, run.party_count) == (True, 1)
        assert records(session, party_id)[-1].birth_date == date(1960, 5, 1)


def test_a_legal_hold_stops_everything_until_it_is_lifted(world: World) -> None:
    chair = world.acting(Role.CHAIR)
    with world.inside() as session:
        party_id = a_leaver(world, session)
        hold_id = legal_holds.place_hold(
            session, chair, cooperative_id=world.home, party_id=party_id, why="Geschil over de inleg.", now=NOW
        )
        trial = try_out(world, session)
        assert (trial.lines, trial.held) == ((), 5)
        with pytest.raises(Refused):
            minimise(world, session)
        with pytest.raises(Refused):
            legal_holds.place_hold(
                session, chair, cooperative_id=world.home, party_id=party_id, why="Nog eens.", now=NOW
            )

        legal_holds.lift_hold(session, chair, cooperative_id=world.home, hold_id=hold_id, now=NOW)
        assert len(try_out(world, session).lines) == 1


def test_the_other_places_where_something_is_kept_are_blanked_as_well(world: World) -> None:
    with world.inside() as session:
        party_id = a_leaver(world, session)
        account = an_account(session, "Petra zelf")
        session.get_one(Party, (world.home, party_id)).account_id = account.id
        letters.write_letter(
            session, account_id=account.id, recipient="petra@example.org", subject="Je inleg", body="Beste Petra",
            name="Petra", kind="mailing", spoken=Language.DUTCH, cooperative_id=world.home, now=NOW,
        )  # fmt: skip
        letter = session.scalars(sa.select(Letter)).one()
        letter.state, letter.next_try_at, letter.sent_at = LetterState.SENT, None, NOW
        bank_accounts.add_bank_account(
            session, None, cooperative_id=world.home, party_id=party_id, iban="NL91ABNA0417164300", holder="Petra",
            valid_from=date(2022, 1, 1), key=ENCRYPTION_KEY, now=NOW,
        )  # fmt: skip
        application = an_application(world, session, party_id)
        minimise(world, session)
        session.expire_all()

        assert (letter.name, letter.body, letter.recipient) == ("–", "", "–")
        bank_account = session.scalars(sa.select(BankAccount)).one()
        assert (bank_account.sealed_iban, bank_account.holder, bank_account.erased_at) == (None, "**", NOW)
        assert (application.name, application.email, application.blanked_at) == (None, None, NOW)
        assert try_out(world, session).lines == ()


def test_every_beginning_has_somebody_who_tells_it() -> None:
    assert FINDERS.keys() == set(Beginning)


def test_every_personal_field_can_be_blanked() -> None:
    assert ERASERS.keys() == PERSONAL


def test_money_that_is_not_paid_back_keeps_name_and_address(world: World) -> None:
    with world.inside() as session:
        party_id = a_leaver(world, session, left=date(2021, 6, 1))
        membership_id = session.scalars(sa.select(Membership.id).where(Membership.party_id == party_id)).one()
        ledger.book_receipt(
            session, None, cooperative_id=world.home, membership_id=membership_id, cents=5_000,
            booked_on=date(2021, 1, 1), now=NOW,
        )  # fmt: skip
        found = {one.field: one for one in retention.read_leaving(session, cooperative_id=world.home, day=TODAY)}

        assert (found[Field.ADDRESS].leaves_on, found[Field.ADDRESS].purpose) == (None, Purpose.MONEY)
        assert found[Field.EMAIL].is_due(TODAY)


def test_a_hold_says_why_and_for_somebody_who_is_there(world: World) -> None:
    chair = world.acting(Role.CHAIR)
    with world.inside() as session:
        party_id = a_leaver(world, session)
        for who, why in ((party_id, " "), (404, "Geschil")):
            with pytest.raises(InvalidInput):
                legal_holds.place_hold(session, chair, cooperative_id=world.home, party_id=who, why=why, now=NOW)


def test_a_cooperative_sets_its_own_period_from_a_day_on(world: World) -> None:
    with world.inside() as session:
        a_leaver(world, session, left=date(2025, 1, 1))
        retention.set_rule(
            session, world.acting(Role.CHAIR), cooperative_id=world.home, purpose=Purpose.CONTACT, kept_months=6,
            starts_on=TODAY + timedelta(days=1), why="Besluit van het bestuur.", now=NOW,
        )  # fmt: skip

        assert try_out(world, session).lines == ()
        (line,) = try_out(world, session, TODAY + timedelta(days=1)).lines
        assert (line.purpose, line.due_on) == (Purpose.LIABILITY, date(2026, 1, 1))


def test_a_period_is_not_set_for_the_past(world: World) -> None:
    with world.inside() as session, pytest.raises(InvalidInput) as refused:
        retention.set_rule(
            session, None, cooperative_id=world.home, purpose=Purpose.CONTACT, kept_months=700,
            starts_on=TODAY - timedelta(days=1), why="", now=NOW,
        )  # fmt: skip

    assert {one.key for one in refused.value.problems} == {"kept_months", "starts_on", "why"}


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.CHAIR, Role.SECRETARY}])
def test_only_who_keeps_privacy_makes_something_go(world: World, role: Role) -> None:
    actor = world.acting(role)
    with world.inside() as session:
        party_id = a_leaver(world, session)
        with pytest.raises(Forbidden):
            retention.minimise(session, actor, cooperative_id=world.home, day=TODAY, seen=None, now=NOW)
        with pytest.raises(Forbidden):
            legal_holds.place_hold(session, actor, cooperative_id=world.home, party_id=party_id, why="x", now=NOW)


def test_the_proof_of_a_neighbour_is_not_there(world: World) -> None:
    with world.inside() as session:
        a_leaver(world, session)
        run_id = minimise(world, session)
        session.commit()
    with world.reading(world.neighbour) as session, pytest.raises(NotFound):
        retention.read_proof(session, None, cooperative_id=world.neighbour, run_id=run_id)


def test_the_night_tells_who_keeps_privacy_and_makes_nothing_go(world: World) -> None:
    with world.inside() as session:
        party_id = a_leaver(world, session)
        for _night in range(2):
            assert retention.tell_due(session, cooperative_id=world.home, now=NOW) == 1
        (turn,) = session.scalars(sa.select(Turn)).all()
        assert (turn.kind, turn.roles) == (retention.TURN, "chair secretary")
        assert records(session, party_id)[-1].birth_date is not None

        minimise(world, session)
        assert turn.settled_at == NOW


def test_it_costs_as_many_queries_for_many_as_for_one(world: World) -> None:
    def cost() -> int:
        with world.reading() as session, counted_queries(world.database) as queries:
            try_out(world, session)
        return len(queries)

    with world.inside() as session:
        a_leaver(world, session, "Anna")
        session.commit()
    few = cost()
    with world.inside() as session:
        for number in range(15):
            a_leaver(world, session, f"Lid {number}")
        session.commit()

    assert cost() == few


# consents


def agree(world: World, session: Any, party_id: int, **given: Any) -> None:
    values = {"purpose": ConsentPurpose.PICTURES, "move": ConsentMove.GIVEN, "valid_from": TODAY,
              "how": ConsentHow.SIGNED_FORM} | given  # fmt: skip
    consents.record_consent(
        session, world.acting(Role.SECRETARY), cooperative_id=world.home, party_id=party_id, new=NewConsent(**values),
        now=NOW,
    )  # fmt: skip


def text(world: World, session: Any, words: str = "We zetten je foto op de website.") -> int:
    return consents.record_text(
        session, world.acting(Role.SECRETARY), cooperative_id=world.home, purpose=ConsentPurpose.PICTURES,
        language="nl", text=words, now=NOW,
    )  # fmt: skip


def consent(world: World, session: Any, party_id: int) -> consents.ConsentView:
    (found,) = consents.read_consents(
        session, world.acting(Role.SECRETARY), cooperative_id=world.home, party_id=party_id, day=TODAY
    )
    return found


def test_a_consent_keeps_the_version_of_its_text(world: World) -> None:
    with world.inside() as session:
        party_id = a_leaver(world, session)
        with pytest.raises(Refused, match="consent_no_text"):
            agree(world, session, party_id)
        assert text(world, session) == 1
        agree(world, session, party_id)
        assert text(world, session, "We zetten je foto op de website en in de krant.") == 2

        found = consent(world, session, party_id)
        assert (found.standing.version, found.ask_again) == (1, True)
        assert found.text is not None
        assert found.text.text == "We zetten je foto op de website."


def test_taking_back_is_as_easy_and_only_what_was_given(world: World) -> None:
    with world.inside() as session:
        party_id = a_leaver(world, session)
        text(world, session)
        with pytest.raises(Refused, match="consent_not_given"):
            agree(world, session, party_id, move=ConsentMove.WITHDRAWN)
        agree(world, session, party_id)
        with pytest.raises(Refused, match="consent_given_already"):
            agree(world, session, party_id)
        agree(world, session, party_id, move=ConsentMove.WITHDRAWN)

        assert not consent(world, session, party_id).standing.holds


def test_the_same_text_is_no_new_version(world: World) -> None:
    with world.inside() as session:
        text(world, session)
        with pytest.raises(InvalidInput):
            text(world, session)


def test_a_consent_that_holds_keeps_the_name_that_gave_it(world: World) -> None:
    with world.inside() as session:
        party_id = a_leaver(world, session)
        text(world, session)
        agree(world, session, party_id)
        minimise(world, session, day=date(2034, 1, 1))

        assert {row.name for row in records(session, party_id)} == {"Petra"}
        assert session.scalars(sa.select(Minimisation.line_count)).one() == 1
