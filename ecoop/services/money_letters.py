"""To whom letters about money go: where a member can be reached, and which letters a batch asks for."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, select

from ecoop.db import ScopedSession
from ecoop.governance.direct_debits import LineResult
from ecoop.language import DEFAULT, Language, parse_language
from ecoop.models import (
    BankAccount,
    Creditor,
    DirectDebit,
    DirectDebitLine,
    LedgerEntryRow,
    Mandate,
    Membership,
    Party,
    PartyRecord,
)
from ecoop.services.letters import write_letter
from ecoop.services.mailings import Recipient
from ecoop.services.parties import holding_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """What one payer is told: what is collected, for what, when, from which account and under which mandate."""

    recipient: Recipient
    collection_on: date
    description: str
    creditor: str
    creditor_identifier: str
    mandate_reference: str
    masked_iban: str
    amounts: tuple[tuple[int | None, int], ...]
    """The year of each contribution, and its cents."""

    @property
    def cents(self) -> int:
        """What is collected in all."""
        return sum(cents for _year, cents in self.amounts)


def read_announcements(
    session: ScopedSession, *, cooperative_id: int, direct_debit_id: int, day: date
) -> tuple[Announcement, ...]:
    """What every payer of a batch is told, once for each mandate."""
    rows = session.execute(
        select(DirectDebitLine, DirectDebit, Creditor, Mandate, BankAccount.masked_iban, LedgerEntryRow.year)
        .join(
            DirectDebit,
            and_(
                DirectDebit.cooperative_id == DirectDebitLine.cooperative_id,
                DirectDebit.id == DirectDebitLine.direct_debit_id,
            ),
        )
        .join(
            Creditor,
            and_(Creditor.cooperative_id == DirectDebit.cooperative_id, Creditor.id == DirectDebit.creditor_id),
        )
        .join(
            Mandate,
            and_(Mandate.cooperative_id == DirectDebitLine.cooperative_id, Mandate.id == DirectDebitLine.mandate_id),
        )
        .join(
            BankAccount,
            and_(BankAccount.cooperative_id == Mandate.cooperative_id, BankAccount.id == Mandate.bank_account_id),
        )
        .join(
            LedgerEntryRow,
            and_(
                LedgerEntryRow.cooperative_id == DirectDebitLine.cooperative_id,
                LedgerEntryRow.id == DirectDebitLine.charge_id,
            ),
        )
        .where(
            DirectDebitLine.cooperative_id == cooperative_id,
            DirectDebitLine.direct_debit_id == direct_debit_id,
            DirectDebitLine.result != LineResult.LEFT_OUT,
        )
        .order_by(DirectDebitLine.id)
    ).all()
    people = read_recipients(session, cooperative_id=cooperative_id, day=day)
    amounts: defaultdict[int, list[tuple[int | None, int]]] = defaultdict(list)
    first: dict[int, tuple[DirectDebitLine, DirectDebit, Creditor, Mandate, str]] = {}
    for line, batch, creditor, mandate, masked, year in rows:
        amounts[mandate.id].append((year, line.cents))
        first.setdefault(mandate.id, (line, batch, creditor, mandate, masked))
    return tuple(
        Announcement(
            recipient=people[line.membership_id], collection_on=batch.collection_on, description=batch.description,
            creditor=creditor.name, creditor_identifier=creditor.identifier, mandate_reference=mandate.reference,
            masked_iban=masked, amounts=tuple(amounts[mandate_id]),
        )
        for mandate_id, (line, batch, creditor, mandate, masked) in first.items()
        if line.membership_id in people
    )  # fmt: skip


def read_recipients(session: ScopedSession, *, cooperative_id: int, day: date) -> dict[int, Recipient]:
    """Where every member or former member can be reached on a day, by membership: by e-mail, or at an address."""
    rows = session.execute(
        select(Membership.id, Party.account_id, PartyRecord)
        .join(Party, and_(Party.cooperative_id == Membership.cooperative_id, Party.id == Membership.party_id))
        .join(
            PartyRecord,
            and_(PartyRecord.cooperative_id == Membership.cooperative_id, PartyRecord.party_id == Membership.party_id),
        )
        .where(Membership.cooperative_id == cooperative_id, *holding_on(day, None))
    )
    return {number: _recipient(number, account_id, record) for number, account_id, record in rows}


def _recipient(membership_id: int, account_id: int | None, record: PartyRecord) -> Recipient:
    street = " ".join(part for part in (record.street, record.house_number) if part)
    place = " ".join(part for part in (record.postcode, record.city) if part)
    return Recipient(
        key=f"membership:{membership_id}", name=record.name, email=record.email, account_id=account_id,
        postal_address="\n".join(part for part in (street, place) if part) or None,
        language=parse_language(record.language) or DEFAULT,
    )  # fmt: skip


def write_once(
    session: ScopedSession,
    recipient: Recipient,
    *,
    cooperative_id: int,
    kind: str,
    key: str,
    letter: Callable[[Language], tuple[str, str]],
    now: datetime,
) -> bool:
    """A letter in the outbox, once under its key: by e-mail, or to be printed for who has none."""
    subject, body = letter(recipient.language)
    return write_letter(
        session, account_id=recipient.account_id, recipient=recipient.email, subject=subject, body=body, now=now,
        name=recipient.name, kind=kind, spoken=recipient.language, cooperative_id=cooperative_id,
        postal_address=recipient.postal_address, key=f"{key}:{recipient.key}",
    )  # fmt: skip


def years_of(amounts: Iterable[tuple[int | None, int]]) -> tuple[int, ...]:
    """The years that amounts are for, each once."""
    return tuple(sorted({year for year, _cents in amounts if year is not None}))
