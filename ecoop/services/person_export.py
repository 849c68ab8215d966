"""Everything about one person: the answer to who asks what is kept about them (GDPR art. 15), to take along (art. 20).

Every table that names a party, a membership or an account says here how it is about somebody, or why it is left out;
a test refuses a table that says neither.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select

from ecoop.db import Base, ScopedSession
from ecoop.errors import Forbidden, NotFound
from ecoop.governance.audit import Action
from ecoop.governance.roles import Actor, Permission
from ecoop.models import (
    AccessEntry,
    Account,
    Application,
    ApplicationAcceptance,
    ApplicationMessage,
    AssociationCover,
    AuditNote,
    BankAccount,
    ConsentEvent,
    ConsentText,
    DataRequest,
    DirectDebitLine,
    Exit,
    HeatContract,
    HeatContractEvent,
    LedgerEntryRow,
    LegalHold,
    Letter,
    Mandate,
    MandateEventRow,
    Membership,
    MembershipEventRow,
    MembershipSpan,
    MinimisationLine,
    Obligation,
    ObligationSettlement,
    OfficeTerm,
    Party,
    PartyMerge,
    PartyRecord,
    Representation,
    RoleBuilding,
    RoleGrant,
    SheetImportLine,
    SupportGrant,
    Tenure,
    Turn,
    VoteRollLine,
)
from ecoop.services import audit
from ecoop.services.personal_facts import remarks_of

Value = str | int | bool | None


class About(StrEnum):
    """By what a row is about somebody."""

    PARTY = "party"
    MEMBERSHIP = "membership"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One table that keeps something about people: the column that says about whom, and what does not leave.

    `about` another table: the rows that hang under rows of it that are in the export.
    """

    table: type[Base]
    column: str
    about: About | type[Base]
    hidden: frozenset[str] = frozenset()


OWNER = "cooperative_id"
ALWAYS_HIDDEN = frozenset({OWNER})
SOURCES: tuple[Source, ...] = (
    Source(table=Party, column="id", about=About.PARTY),
    Source(table=PartyRecord, column="party_id", about=About.PARTY, hidden=frozenset({"name_key"})),
    Source(table=Membership, column="party_id", about=About.PARTY),
    Source(table=MembershipEventRow, column="membership_id", about=About.MEMBERSHIP),
    Source(table=MembershipSpan, column="membership_id", about=About.MEMBERSHIP),
    Source(table=Application, column="party_id", about=About.PARTY),
    Source(table=ApplicationMessage, column="application_id", about=Application),
    Source(table=ApplicationAcceptance, column="application_id", about=Application),
    Source(table=PartyMerge, column="kept_id", about=About.PARTY),
    Source(table=PartyMerge, column="gone_id", about=About.PARTY),
    Source(table=Representation, column="represented_id", about=About.PARTY),
    Source(table=Representation, column="representative_id", about=About.PARTY),
    Source(table=OfficeTerm, column="party_id", about=About.PARTY),
    Source(table=VoteRollLine, column="membership_id", about=About.MEMBERSHIP),
    Source(table=VoteRollLine, column="representative_id", about=About.PARTY),
    Source(table=LedgerEntryRow, column="membership_id", about=About.MEMBERSHIP),
    Source(table=BankAccount, column="party_id", about=About.PARTY, hidden=frozenset({"sealed_iban", "fingerprint"})),
    Source(table=Mandate, column="party_id", about=About.PARTY),
    Source(table=MandateEventRow, column="mandate_id", about=Mandate),
    Source(table=DirectDebitLine, column="membership_id", about=About.MEMBERSHIP),
    Source(table=Tenure, column="party_id", about=About.PARTY),
    Source(table=AssociationCover, column="party_id", about=About.PARTY),
    Source(table=HeatContract, column="holder_id", about=About.PARTY),
    Source(table=HeatContractEvent, column="contract_id", about=HeatContract),
    Source(table=Exit, column="membership_id", about=About.MEMBERSHIP),
    Source(table=Exit, column="successor_membership_id", about=About.MEMBERSHIP),
    Source(table=Obligation, column="party_id", about=About.PARTY),
    Source(table=ObligationSettlement, column="obligation_id", about=Obligation),
    Source(table=DataRequest, column="party_id", about=About.PARTY),
    Source(table=SheetImportLine, column="party_id", about=About.PARTY),
    Source(table=ConsentEvent, column="party_id", about=About.PARTY),
    Source(table=LegalHold, column="party_id", about=About.PARTY),
    Source(table=MinimisationLine, column="party_id", about=About.PARTY),
    Source(table=RoleGrant, column="account_id", about=About.ACCOUNT),
    Source(table=RoleBuilding, column="account_id", about=About.ACCOUNT),
    Source(table=SupportGrant, column="account_id", about=About.ACCOUNT),
    Source(table=Letter, column="account_id", about=About.ACCOUNT, hidden=frozenset({"token", "key"})),
    Source(table=Turn, column="account_id", about=About.ACCOUNT),
    Source(table=AccessEntry, column="about_account_id", about=About.ACCOUNT),
)
LEFT_OUT: Mapping[str, str] = {
    "party.account_id": "the party is found by its own key; the login is a part of its own",
    "application.membership_id": "an application is found by its party",
    "sheet_import_line.membership_id": "a line is found by its party",
    "access_entry.account_id": "what this person looked at is about others; who looked at this person is in it",
}
"""Columns that name somebody and are not a way in, each with why."""
NAMING = frozenset({"party_id", "membership_id", "account_id", "about_account_id"})
"""How columns are called that say about whom a row is, besides those that refer to a party or a membership."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one table keeps about the person."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonExport:
    """Everything about one person in one cooperative."""

    party_id: int
    name: str
    account_id: int | None
    parts: tuple[Part, ...]


def find_own_party(session: ScopedSession, actor: Actor, *, cooperative_id: int) -> int:
    """The party of who asks. Raises NotFound where the login is nobody's in this register."""
    query = select(Party.id).where(Party.cooperative_id == cooperative_id, Party.account_id == actor.account_id)
    found = session.scalars(query.order_by(Party.merged_into_id.is_not(None), Party.id)).first()
    if found is None:
        raise NotFound
    return found


def export_person(
    session: ScopedSession, actor: Actor | None, *, cooperative_id: int, party_id: int, now: datetime
) -> PersonExport:
    """Everything about one party, with its login where it has one. Recorded, because it leaves the platform.

    For who keeps privacy, and for the person. The number of queries depends on the tables only.
    """
    party = session.scalar(select(Party).where(Party.cooperative_id == cooperative_id, Party.id == party_id))
    if party is None:
        raise NotFound
    own = actor is not None and actor.account_id == party.account_id and actor.may(Permission.SEE_OWN_PAGE)
    if not (own or actor is None or actor.may(Permission.KEEP_PRIVACY)):
        raise Forbidden
    party_ids = _lines_of(session, cooperative_id, party_id)
    membership_ids = list(
        session.scalars(
            select(Membership.id).where(Membership.cooperative_id == cooperative_id, Membership.party_id.in_(party_ids))
        )
    )
    wanted = {
        About.PARTY: party_ids,
        About.MEMBERSHIP: membership_ids,
        About.ACCOUNT: [party.account_id] if party.account_id is not None else [],
    }
    parts = _parts(session, cooperative_id, wanted)
    parts += [
        _login(session, party.account_id),
        _texts_agreed_with(session, cooperative_id, party_ids),
        _remarks(session, cooperative_id, party_ids),
    ]
    name = session.scalars(
        select(PartyRecord.name)
        .where(
            PartyRecord.cooperative_id == cooperative_id,
            PartyRecord.party_id == party_id,
            PartyRecord.known_until.is_(None),
        )
        .order_by(PartyRecord.valid_from.desc())
    ).first()
    audit.record(
        session, actor, Action.PERSON_EXPORTED, cooperative_id=cooperative_id, subject=f"party:{party_id}", now=now
    )
    return PersonExport(
        party_id=party_id, name=name or "–", account_id=party.account_id,
        parts=tuple(part for part in parts if part.rows),
    )  # fmt: skip


def _lines_of(session: ScopedSession, cooperative_id: int, party_id: int) -> list[int]:
    """The party, and every line that turned out to be the same person: what was kept there stays there."""
    found, newest = [party_id], [party_id]
    while newest:
        query = select(Party.id).where(Party.cooperative_id == cooperative_id, Party.merged_into_id.in_(newest))
        newest = list(session.scalars(query.order_by(Party.id)))
        found += newest
    return found


def _parts(session: ScopedSession, cooperative_id: int, wanted: Mapping[About, list[int]]) -> list[Part]:
    """Each table once, in the order of the sources, with the rows of all its sources."""
    kept: dict[type[Base], dict[object, Base]] = {}
    for source in SOURCES:
        rows = kept.setdefault(source.table, {})
        if isinstance(source.about, About):
            ids = wanted[source.about]
        else:
            ids = [row.id for row in kept[source.about].values()]  # type: ignore[attr-defined]
        query = select(source.table).where(
            getattr(source.table, OWNER) == cooperative_id, getattr(source.table, source.column).in_(ids)
        )
        rows.update({sa.inspect(row).identity: row for row in session.scalars(query)})
    hidden = {source.table: ALWAYS_HIDDEN | source.hidden for source in SOURCES}
    return [_part(table, [rows[key] for key in sorted(rows, key=repr)], hidden[table]) for table, rows in kept.items()]


def _part(table: type[Base], rows: list[Base], hidden: frozenset[str]) -> Part:
    shown = [column.key for column in sa.inspect(table).column_attrs if column.key not in hidden]
    return Part(
        name=table.__tablename__, columns=tuple(shown),
        rows=tuple(tuple(_plain(row, name, secret=table is Letter) for name in shown) for row in rows),
    )  # fmt: skip


def _plain(row: Any, name: str, *, secret: bool) -> Value:
    """A value as open formats know it; the text of a letter that lets somebody in stays behind."""
    value = getattr(row, name)
    if secret and name == "body" and row.is_secret:
        return ""
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value  # type: ignore[no-any-return]


def _login(session: ScopedSession, account_id: int | None) -> Part:
    """The login, without anything that lets somebody in."""
    shown = ("id", "name", "email", "language", "created_at", "came_in_at", "closed_at")
    rows = session.scalars(select(Account).where(Account.id == account_id))
    return Part(
        name="account", columns=shown,
        rows=tuple(tuple(_plain(row, name, secret=False) for name in shown) for row in rows),
    )  # fmt: skip


def _texts_agreed_with(session: ScopedSession, cooperative_id: int, party_ids: list[int]) -> Part:
    """The words with which the person agreed, in the version that was shown."""
    shown = ("id", "purpose", "language", "version", "text", "digest")
    agreed = select(ConsentEvent.text_id).where(
        ConsentEvent.cooperative_id == cooperative_id, ConsentEvent.party_id.in_(party_ids)
    )
    rows = session.scalars(
        select(ConsentText)
        .where(ConsentText.cooperative_id == cooperative_id, ConsentText.id.in_(agreed))
        .order_by(ConsentText.id)
    )
    return Part(
        name="consent_text", columns=shown,
        rows=tuple(tuple(_plain(row, name, secret=False) for name in shown) for row in rows),
    )  # fmt: skip


def _remarks(session: ScopedSession, cooperative_id: int, party_ids: list[int]) -> Part:
    """What somebody wrote about the person in own words."""
    kept = remarks_of(session, cooperative_id, party_ids)
    numbers = [number for some in kept.values() for number in some]
    rows = session.execute(
        select(AuditNote.number, AuditNote.text)
        .where(AuditNote.cooperative_id == cooperative_id, AuditNote.number.in_(numbers))
        .order_by(AuditNote.number)
    )
    return Part(name="audit_note", columns=("number", "text"), rows=tuple((number, text) for number, text in rows))


def columns_about_people(tables: Iterable[sa.Table]) -> set[str]:
    """Every column that refers to a party, a membership or an account, as `table.column`; who acted is left out."""
    return {
        f"{table.name}.{column.name}"
        for table in tables
        for column in table.columns
        if not column.name.endswith("by_id") and (column.name in NAMING or _refers(table, column))
    }


def _refers(table: sa.Table, column: sa.Column[Any]) -> bool:
    return any(
        key.referred_table.name in {"party", "membership"} and key.column_keys[-1] == column.key
        for key in table.foreign_key_constraints
    )
