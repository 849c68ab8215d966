"""The jobs of the money of members: payers are told once, and statements come as one PDF and as letters."""

from datetime import date
from pathlib import Path

import pytest

from ecoop.language import Language
from ecoop.services import closed_years, contributions, direct_debits, jobs, ledger, letters, yearly_statements
from ecoop.services.cooperatives import CooperativeView
from ecoop.services.jobs import JobState
from ecoop.services.letters import LetterFilter, LetterView
from ecoop.services.yearly_statements import read_statements
from ecoop.worker import Worker
from ecoop.worker.membership_money import statement_letter
from tests.services.conftest import World
from tests.support.factories import NOW, TODAY
from tests.support.money import a_creditor, a_mandate, a_paying_member
from tests.support.web import MovableClock
from tests.worker.conftest import a_worker, work_it_off

SINCE = date(2024, 1, 1)


@pytest.fixture
def worker(world: World, clock: MovableClock, tmp_path: Path) -> Worker:
    """A worker that plans nothing."""
    return a_worker(world.database, clock, tmp_path)


def written(world: World) -> list[LetterView]:
    with world.reading() as session:
        found = letters.read_letters_of(session, cooperative_id=world.home, wanted=LetterFilter())
    return sorted(found, key=lambda one: one.name)


def charged(world: World, year: int = 2025, **names: dict[str, str]) -> None:
    with world.inside() as session:
        a_creditor(session, world.home)
        for number, (name, given) in enumerate(names.items(), start=1):
            a_mandate(session, world.home, a_paying_member(session, world.home, name, **given), number)
        contributions.charge_contribution(
            session, None, cooperative_id=world.home, class_code="tenant", year=year, cents=2000,
            booked_on=date(year, 1, 15), now=NOW,
        )  # fmt: skip
        session.commit()


def test_every_payer_is_told_the_amount_and_the_day_once(world: World, worker: Worker) -> None:
    charged(world, Anna={}, Bram={"email": "", "street": "Kade", "house_number": "1", "city": "Amsterdam"})
    with world.inside() as session:
        batch = direct_debits.draft_direct_debit(
            session, world.treasurer, cooperative_id=world.home, collection_on=date(2026, 4, 1),
            description="Contributie 2025", now=NOW,
        )  # fmt: skip
        direct_debits.announce(session, world.treasurer, cooperative_id=world.home, direct_debit_id=batch, now=NOW)
        session.commit()

    work_it_off(worker)
    with world.inside() as session:
        jobs.enqueue(
            session, direct_debits.ANNOUNCE, cooperative_id=world.home, arguments={"direct_debit_id": batch}, now=NOW
        )
        session.commit()
    work_it_off(worker)

    anna, bram = written(world)
    text = anna.body.replace("\u00a0", " ")
    assert anna.kind == "debit"
    assert "Op 1 april 2026 incasseert" in text
    assert "€ 20,00 van je rekening NL** **** **** 0001" in text
    assert "- 2025: € 20,00" in text
    assert (bram.recipient, bram.postal_address) == ("", "Kade 1\nAmsterdam")


def test_statements_are_one_pdf_and_a_letter_each_once(world: World, worker: Worker) -> None:
    charged(world, Anna={}, Bram={})
    with world.inside() as session:
        closed_years.close_year(session, None, cooperative_id=world.home, year=2025, now=NOW)
        for _ in range(2):
            number = yearly_statements.ask_statements(
                session, world.treasurer, cooperative_id=world.home, year=2025, send=True, now=NOW
            )
        session.commit()

    work_it_off(worker)

    with world.reading() as session:
        job = jobs.read_job(session, cooperative_id=world.home, job_id=number)
    assert (job.state, job.done) == (JobState.DONE, 4)
    assert letters.print_file(worker.settings.folder, number).read_bytes().startswith(b"%PDF")
    assert [one.kind for one in written(world)] == ["statement", "statement"]


def test_a_statement_begins_where_the_last_year_ended_and_adds_up(world: World) -> None:
    with world.inside() as session:
        member = a_paying_member(session, world.home, "Anna", since=SINCE)
        shared = {"cooperative_id": world.home, "membership_id": member, "now": NOW}
        ledger.book_capital(session, None, cents=5000, booked_on=date(2024, 2, 1), **shared)
        ledger.book_capital(session, None, cents=2500, booked_on=date(2025, 2, 1), **shared)
        ledger.book_capital(session, None, cents=100, booked_on=TODAY, **shared)
        (told,) = read_statements(session, cooperative_id=world.home, year=2025, day=TODAY)
    (line,) = told.lines
    own = CooperativeView(id=world.home, slug="ergens", name="Ergens", place="Ergens")
    subject, body = statement_letter(own, told, Language.ENGLISH)

    assert (line.begin_cents, line.end_cents) == (5000, 7500)
    assert line.begin_cents + sum(one.cents for one in line.booked) == line.end_cents
    assert subject == "Ergens: your statement of 2025"
    assert "31 December 2025: €\u00a075.00" in body


def test_who_left_during_the_year_gets_a_statement_and_who_left_before_does_not(world: World) -> None:
    from ecoop.governance.membership import EndReason, EventKind
    from ecoop.services import memberships
    from ecoop.services.memberships import NewEvent

    with world.inside() as session:
        found = {}
        for name, end in (("Anna", date(2025, 6, 1)), ("Bram", date(2025, 1, 1)), ("Carla", date(2026, 1, 1))):
            member = a_paying_member(session, world.home, name, since=SINCE)
            new = NewEvent(kind=EventKind.ENDED, valid_from=end, end_reason=EndReason.RESIGNATION)
            memberships.add_event(
                session, None, cooperative_id=world.home, membership_id=member, new=new, now=NOW
            )  # fmt: skip
            found[member] = name
            if name == "Anna":
                ledger.book_receipt(
                    session, None, cooperative_id=world.home, membership_id=member, cents=10,
                    booked_on=date(2025, 3, 1), now=NOW,
                )  # fmt: skip
        told = read_statements(session, cooperative_id=world.home, year=2025, day=TODAY)

    assert {found[one.membership_id] for one in told} == {"Anna", "Carla"}
