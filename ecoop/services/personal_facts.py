"""What there is to blank of a party, place by place, and how it is blanked.

Another part of the platform that keeps something personal adds how it is found and how it is blanked here, and in
`personal_ends` when its time began; nothing else has to change.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, or_, select, update

from ecoop import clock
from ecoop.db import ScopedSession
from ecoop.governance.audit import Action
from ecoop.governance.register_fields import COLUMNS, Field
from ecoop.governance.retention import PartyFacts
from ecoop.governance.roles import Actor
from ecoop.models import (
    Application,
    ApplicationMessage,
    AuditEntry,
    AuditNote,
    BankAccount,
    HeatContract,
    Letter,
    Mandate,
    Membership,
    Party,
    PartyRecord,
)
from ecoop.models.letters import LetterState
from ecoop.services import audit
from ecoop.services.personal_ends import FINDERS, Only, of_these

GONE = "–"
"""What stands where a name was. The line of the register keeps its number and its days."""
FORM = ("name", "given_names", "name_prefix", "family_name", "birth_date", "email", "phone", "street", "house_number",
        "postcode", "city", "registration_number", "representative", "remark")  # fmt: skip
"""What is personal in an application as it was filled in."""

Eraser = Callable[[ScopedSession, Actor | None, int, list[int], datetime], None]


def read_facts(
    session: ScopedSession, *, cooperative_id: int, party_ids: Iterable[int] | None = None
) -> tuple[PartyFacts, ...]:
    """What is there to blank of each party, and what happened. As many queries for one party as for all."""
    only = None if party_ids is None else sorted(set(party_ids))
    found = {beginning: finder(session, cooperative_id, only) for beginning, finder in FINDERS.items()}
    filled = _filled(session, cooperative_id, only)
    return tuple(
        PartyFacts(
            party_id=party_id,
            happened={beginning: days[party_id] for beginning, days in found.items() if party_id in days},
            filled=filled[party_id],
        )
        for party_id in sorted(filled)
    )


def _filled(session: ScopedSession, cooperative_id: int, only: Only) -> dict[int, frozenset[Field]]:
    """The fields of each party in which something stands, in whichever of its records."""
    counts = [
        func.count(case((PartyRecord.name != GONE, 1)))
        if field is Field.NAME
        else func.count(case((or_(*(getattr(PartyRecord, name).is_not(None) for name in names)), 1)))
        for field, names in COLUMNS.items()
    ]
    rows = session.execute(
        select(PartyRecord.party_id, *counts)
        .where(PartyRecord.cooperative_id == cooperative_id, *of_these(PartyRecord.party_id, only))
        .group_by(PartyRecord.party_id)
    )
    found = {
        party_id: {field for field, count in zip(COLUMNS, numbers, strict=True) if count} for party_id, *numbers in rows
    }
    for field, elsewhere in _elsewhere(session, cooperative_id, only).items():
        for party_id in elsewhere:
            found.get(party_id, set()).add(field)
    return {party_id: frozenset(fields) for party_id, fields in found.items() if fields}


def _elsewhere(session: ScopedSession, cooperative_id: int, only: Only) -> dict[Field, Iterable[int]]:
    """The parties of whom something stands outside their records: reasons, account numbers, forms, letters."""
    here = {"cooperative_id": cooperative_id}
    sealed = (
        select(BankAccount.party_id)
        .filter_by(**here)
        .where(BankAccount.sealed_iban.is_not(None), *of_these(BankAccount.party_id, only))
    )
    forms = (
        select(Application.party_id)
        .filter_by(**here)
        .where(Application.blanked_at.is_(None), *of_these(Application.party_id, only))
    )
    written = (
        select(Party.id)
        .join(Letter, Letter.account_id == Party.account_id)
        .where(
            Party.cooperative_id == cooperative_id,
            Letter.cooperative_id == cooperative_id,
            Letter.name != GONE,
            *of_these(Party.id, only),
        )
    )
    return {
        Field.REMARKS: remarks_of(session, cooperative_id, only),
        Field.IBAN: set(session.scalars(sealed)),
        Field.APPLICATION: {one for one in session.scalars(forms) if one is not None},
        Field.LETTERS: set(session.scalars(written)),
    }


OWNERS: Mapping[str, Any] = {
    "membership": Membership.party_id,
    "application": Application.party_id,
    "bank_account": BankAccount.party_id,
    "mandate": Mandate.party_id,
    "heat_contract": HeatContract.holder_id,
}
"""Subjects of the trail that are about one party, besides `party` itself, and where stands which."""


def remarks_of(session: ScopedSession, cooperative_id: int, only: Only = None) -> dict[int, list[int]]:
    """The numbers of entries of the trail that keep a reason in words about each party, whatever part wrote it."""
    owners = _owners(session, cooperative_id, only)
    about = or_(*(AuditEntry.subject.startswith(f"{kind}:") for kind in ("party", *OWNERS)))
    named = None if only is None else [*owners, *(f"party:{party_id}" for party_id in only)]
    rows = session.execute(
        select(AuditEntry.subject, AuditNote.number)
        .join(
            AuditEntry,
            (AuditEntry.cooperative_id == AuditNote.cooperative_id) & (AuditEntry.number == AuditNote.number),
        )
        .where(
            AuditNote.cooperative_id == cooperative_id,
            about if named is None else AuditEntry.subject.in_(named),
        )
        .order_by(AuditNote.number)
    )
    found: dict[int, list[int]] = defaultdict(list)
    for subject, number in rows:
        kind, _, key = (subject or "").partition(":")
        party_id = int(key) if kind == "party" and key.isdecimal() else owners.get(subject or "")
        if party_id is not None:
            found[party_id].append(number)
    return dict(found)


def _owners(session: ScopedSession, cooperative_id: int, only: Only) -> dict[str, int]:
    """The party of every subject about which a reason in words may have been given."""
    found: dict[str, int] = {}
    for kind, whose in OWNERS.items():
        table = whose.class_
        query = select(table.id, whose).where(
            table.cooperative_id == cooperative_id, whose.is_not(None), *of_these(whose, only)
        )
        found |= {f"{kind}:{number}": party_id for number, party_id in session.execute(query)}
    return found


def _blank_columns(field: Field) -> Eraser:
    """An eraser that empties the columns of a field in every record of the parties, what was known before included."""

    def erase(
        session: ScopedSession, actor: Actor | None, cooperative_id: int, party_ids: list[int], now: datetime
    ) -> None:
        values: dict[str, str | None] = dict.fromkeys(COLUMNS[field])
        if field is Field.NAME:
            values |= {"name": GONE, "name_key": GONE}
        session.execute(
            update(PartyRecord)
            .where(PartyRecord.cooperative_id == cooperative_id, PartyRecord.party_id.in_(party_ids))
            .values(**values)
        )

    return erase


def _erase_remarks(
    session: ScopedSession, actor: Actor | None, cooperative_id: int, party_ids: list[int], now: datetime
) -> None:
    """Erase every reason in words about these parties, as when somebody does so by hand."""
    kept = remarks_of(session, cooperative_id, party_ids)
    numbers = [number for party_id in party_ids for number in kept.get(party_id, [])]
    erase_reasons(session, actor, cooperative_id, numbers, now=now)


def erase_reasons(
    session: ScopedSession, actor: Actor | None, cooperative_id: int, numbers: list[int], *, now: datetime
) -> None:
    """Erase the reasons in words of these entries of the trail; the trail says so of each."""
    for note in session.scalars(
        select(AuditNote).where(AuditNote.cooperative_id == cooperative_id, AuditNote.number.in_(numbers))
    ).all():
        session.delete(note)
    session.flush()
    for number in sorted(numbers):
        audit.record(
            session, actor, Action.REASON_ERASED, cooperative_id=cooperative_id, details={"entry": number}, now=now
        )


def _erase_ibans(
    session: ScopedSession, actor: Actor | None, cooperative_id: int, party_ids: list[int], now: datetime
) -> None:
    """Destroy the account numbers; what remains are their days. An account that nobody ended ends today."""
    for row in session.scalars(
        select(BankAccount).where(
            BankAccount.cooperative_id == cooperative_id,
            BankAccount.party_id.in_(party_ids),
            BankAccount.sealed_iban.is_not(None),
        )
    ).all():
        if row.valid_until is None:
            row.valid_until, row.end_known_from = max(row.valid_from, clock.legal_day(now)), now
        row.sealed_iban, row.erased_at = None, now
        row.masked_iban, row.holder, row.fingerprint = "**", "**", "0" * 64
    session.flush()


def _erase_forms(
    session: ScopedSession, actor: Actor | None, cooperative_id: int, party_ids: list[int], now: datetime
) -> None:
    """Blank what was filled in to apply, and what was asked and answered about it."""
    forms = session.scalars(
        select(Application).where(
            Application.cooperative_id == cooperative_id,
            Application.party_id.in_(party_ids),
            Application.blanked_at.is_(None),
        )
    ).all()
    empty_forms(session, forms, now=now)


def empty_forms(session: ScopedSession, forms: Collection[Application], *, now: datetime) -> None:
    """Blank these applications, and what was asked and answered about them."""
    for row in forms:
        for name in FORM:
            setattr(row, name, None)
        row.blanked_at = now
    session.flush()
    for row in forms:
        session.execute(
            update(ApplicationMessage)
            .where(
                ApplicationMessage.cooperative_id == row.cooperative_id,
                ApplicationMessage.application_id == row.id,
            )
            .values(text=None)
        )


def _erase_letters(
    session: ScopedSession, actor: Actor | None, cooperative_id: int, party_ids: list[int], now: datetime
) -> None:
    """Empty the letters that went out; one that still waits is sent first."""
    accounts = select(Party.account_id).where(
        Party.cooperative_id == cooperative_id, Party.id.in_(party_ids), Party.account_id.is_not(None)
    )
    for row in session.scalars(
        select(Letter).where(
            Letter.cooperative_id == cooperative_id,
            Letter.account_id.in_(accounts),
            Letter.state.not_in([LetterState.WAITING, LetterState.SENDING]),
        )
    ).all():
        row.name, row.subject, row.body, row.postal_address, row.answer = GONE, GONE, "", None, None
        row.recipient = None if row.recipient is None else GONE
    session.flush()


ERASERS: Mapping[Field, tuple[Eraser, ...]] = {
    **{field: (_blank_columns(field),) for field in COLUMNS},
    Field.REMARKS: (_erase_remarks,),
    Field.IBAN: (_erase_ibans,),
    Field.APPLICATION: (_erase_forms,),
    Field.LETTERS: (_erase_letters,),
}
"""How each field is blanked, in each place where it is kept."""


def blank(
    session: ScopedSession,
    actor: Actor | None,
    *,
    cooperative_id: int,
    fields: Mapping[Field, list[int]],
    now: datetime,
) -> None:
    """Blank each field of these parties, wherever it is kept, and note on the parties that it was done."""
    for field in sorted(fields):
        for erase in ERASERS[field]:
            erase(session, actor, cooperative_id, sorted(set(fields[field])), now)
    everybody = sorted({party_id for some in fields.values() for party_id in some})
    for party in session.scalars(select(Party).where(Party.cooperative_id == cooperative_id, Party.id.in_(everybody))):
        party.minimised_at = now
    session.flush()
