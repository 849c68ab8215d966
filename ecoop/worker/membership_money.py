"""The jobs of the money of members: telling payers of a direct debit, and the statements of a year."""

from dataclasses import dataclass
from functools import partial

from ecoop import clock, language
from ecoop.exchange import printing
from ecoop.exchange.printing import Sheet
from ecoop.language import Language
from ecoop.language import gettext as _
from ecoop.language.money import account_name, entry_name, money
from ecoop.mail import render_letter
from ecoop.services import money_letters, yearly_statements
from ecoop.services.cooperatives import CooperativeView
from ecoop.services.letters import print_file
from ecoop.services.mailings import Recipient
from ecoop.services.money_letters import Announcement
from ecoop.services.yearly_statements import Statement, StatementLine
from ecoop.worker.correspondence import argument_of, cooperative_of, keep_file
from ecoop.worker.work import JobFailed, Work

AT_ONCE = 25
"""Letters written in one piece of work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One account of a statement, in sentences."""

    name: str
    begin: str
    lines: tuple[str, ...]
    end: str


def announce_debit(work: Work) -> None:
    """Write to every payer of a batch what is collected and when; each letter has a key, so nobody gets it twice."""
    own = cooperative_of(work, work.job.cooperative_id)
    number = argument_of(work, "direct_debit_id")
    day = clock.legal_day(work.now())
    with work.reading() as session:
        told = money_letters.read_announcements(session, cooperative_id=own.id, direct_debit_id=number, day=day)
    if not told:
        raise JobFailed("not_there")
    work.progress(0, len(told))
    for start in range(0, len(told), AT_ONCE):
        with work.writing() as session:
            for one in told[start : start + AT_ONCE]:
                money_letters.write_once(
                    session, one.recipient, cooperative_id=own.id, kind="debit",
                    key=f"debit:{number}:{one.mandate_reference}",
                    letter=partial(announcement_letter, own, one), now=work.now(),
                )  # fmt: skip
        work.progress(min(start + AT_ONCE, len(told)), len(told))


def announcement_letter(own: CooperativeView, told: Announcement, spoken: Language) -> tuple[str, str]:
    """What a payer is told before money is collected."""
    with language.speaking(spoken):
        lines = [_("%(year)s: %(amount)s", year=str(year), amount=money(cents)) for year, cents in told.amounts if year]
        amount = money(told.cents)
    return render_letter(
        "debit_announced", spoken, name=told.recipient.name, cooperative=own.name, amount=amount,
        day=told.collection_on, account=told.masked_iban, description=told.description, lines=lines,
        reference=told.mandate_reference, identifier=told.creditor_identifier,
    )  # fmt: skip


def make_statements(work: Work) -> None:
    """One PDF of the statements of everybody; and where asked the own one as a letter to each, once."""
    own = cooperative_of(work, work.job.cooperative_id)
    year, send = argument_of(work, "year"), bool(argument_of(work, "send"))
    day = clock.legal_day(work.now())
    with work.reading() as session:
        found = yearly_statements.read_statements(session, cooperative_id=own.id, year=year, day=day)
    if not found:
        raise JobFailed("not_there")
    total = len(found) * (2 if send else 1)
    work.progress(0, total)
    sheets = [_sheet(own, one, work) for one in found]
    keep_file(print_file(work.settings.folder, work.job.id), work.run_apart(printing.print_letters, sheets))
    work.progress(len(found), total)
    for start in range(0, len(found) if send else 0, AT_ONCE):
        with work.writing() as session:
            for one in found[start : start + AT_ONCE]:
                money_letters.write_once(
                    session, one.recipient, cooperative_id=own.id, kind="statement", key=f"statement:{own.id}:{year}",
                    letter=partial(statement_letter, own, one), now=work.now(),
                )  # fmt: skip
        work.progress(len(found) + min(start + AT_ONCE, len(found)), total)


def statement_letter(own: CooperativeView, told: Statement, spoken: Language) -> tuple[str, str]:
    """What a member is told about a year."""
    with language.speaking(spoken):
        parts = [_part(line, told.year) for line in told.lines]
    number = "–" if told.number is None else str(told.number)
    return render_letter(
        "yearly_statement", spoken, name=told.recipient.name, cooperative=own.name, year=str(told.year),
        number=number, parts=parts,
    )  # fmt: skip


def _part(line: StatementLine, year: int) -> Part:
    return Part(
        name=account_name(line.account, line.tranche, promised=line.promised),
        begin=_("1 January %(year)s: %(amount)s", year=str(year), amount=money(line.begin_cents)),
        lines=tuple(
            _("%(day)s, %(what)s: %(amount)s", day=language.day(one.booked_on), what=entry_name(one.kind),
              amount=money(one.cents))
            for one in line.booked
        ),
        end=_("31 December %(year)s: %(amount)s", year=str(year), amount=money(line.end_cents)),
    )  # fmt: skip


def _sheet(own: CooperativeView, told: Statement, work: Work) -> Sheet:
    reader: Recipient = told.recipient
    subject, body = statement_letter(own, told, reader.language)
    with language.speaking(reader.language):
        address = [line.strip() for line in (reader.postal_address or "").splitlines() if line.strip()]
        return Sheet(
            language=reader.language.value, sender=own.name, place=own.place,
            day=language.day(clock.legal_day(work.now())), addressee=[reader.name, *address], subject=subject,
            body=body,
        )  # fmt: skip
