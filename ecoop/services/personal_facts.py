"""What the rules of retention ask about parties, and how a field is blanked: one finder and one eraser for each place.

Another part of the platform that keeps something about a party adds its own finder (when did it end) and eraser (how
is it blanked) here; nothing else has to change.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime

from sqlalchemy import case, func, or_, select, update

from ecoop.db import ScopedSession
from ecoop.governance.audit import Action
from ecoop.governance.consents import ConsentMove
from ecoop.governance.membership import IS_MEMBER, Status
from ecoop.governance.register_fields import COLUMNS, Field
from ecoop.governance.retention import Beginning, PartyFacts
from ecoop.governance.roles import Actor
from ecoop.models import AuditEntry, AuditNote, ConsentEvent, Membership, MembershipSpan, Party, PartyRecord
from ecoop.models.parties import FOREVER
from ecoop.services import audit

GONE = "–"
"""What stands where a name was. The line of the register keeps its number and its days."""

Days = dict[int, date | None]
"""When something ended, by party; None while it goes on."""
Finder = Callable[[ScopedSession, int], Days]
Eraser = Callable[[ScopedSession, Actor | None, int, list[int], datetime], None]


def _membership_ended(session: ScopedSession, cooperative_id: int) -> Days:
    """The first day without membership, of the last time as a member."""
    return _last_day(session, cooperative_id, sorted(IS_MEMBER))


def _application_closed(session: ScopedSession, cooperative_id: int) -> Days:
    """The day on which the last application was answered or withdrawn."""
    return _last_day(session, cooperative_id, [Status.APPLICANT])


def _last_day(session: ScopedSession, cooperative_id: int, statuses: list[Status]) -> Days:
    rows = session.execute(
        select(Membership.party_id, func.max(MembershipSpan.ends_on))
        .join(
            MembershipSpan,
            (MembershipSpan.cooperative_id == Membership.cooperative_id)
            & (MembershipSpan.membership_id == Membership.id),
        )
        .where(
            Membership.cooperative_id == cooperative_id,
            MembershipSpan.known_until.is_(None),
            MembershipSpan.status.in_(statuses),
        )
        .group_by(Membership.party_id)
    )
    return {party_id: None if last == FOREVER else last for party_id, last in rows}


def _consent_ended(session: ScopedSession, cooperative_id: int) -> Days:
    """The day on which the last consent was taken back; None while one holds."""
    rows = session.execute(
        select(ConsentEvent.party_id, ConsentEvent.purpose, ConsentEvent.move, ConsentEvent.valid_from)
        .where(ConsentEvent.cooperative_id == cooperative_id)
        .order_by(ConsentEvent.valid_from, ConsentEvent.id)
    )
    last: dict[int, dict[str, date | None]] = defaultdict(dict)
    for party_id, purpose, move, day in rows:
        last[party_id][purpose] = None if move is ConsentMove.GIVEN else day
    return {
        party_id: None if None in ends.values() else max(day for day in ends.values() if day is not None)
        for party_id, ends in last.items()
    }


FINDERS: dict[Beginning, Finder] = {
    Beginning.MEMBERSHIP_ENDED: _membership_ended,
    Beginning.APPLICATION_CLOSED: _application_closed,
    Beginning.CONSENT_ENDED: _consent_ended,
}
"""Who tells when what ended. A beginning without a finder concerns nobody yet."""


def read_facts(
    session: ScopedSession, *, cooperative_id: int, party_ids: Iterable[int] | None = None
) -> tuple[PartyFacts, ...]:
    """What is there to blank of each party, and what happened. As many queries for one party as for all."""
    found = {beginning: finder(session, cooperative_id) for beginning, finder in FINDERS.items()}
    filled = _filled(session, cooperative_id)
    wanted = filled.keys() if party_ids is None else filled.keys() & set(party_ids)
    return tuple(
        PartyFacts(
            party_id=party_id,
            happened={beginning: days[party_id] for beginning, days in found.items() if party_id in days},
            filled=filled[party_id],
        )
        for party_id in sorted(wanted)
    )


def _filled(session: ScopedSession, cooperative_id: int) -> dict[int, frozenset[Field]]:
    """The fields of each party in which something stands, in whichever of its records."""
    counts = [
        func.count(case((PartyRecord.name != GONE, 1)))
        if field is Field.NAME
        else func.count(case((or_(*(getattr(PartyRecord, name).is_not(None) for name in names)), 1)))
        for field, names in COLUMNS.items()
    ]
    rows = session.execute(
        select(PartyRecord.party_id, *counts)
        .where(PartyRecord.cooperative_id == cooperative_id)
        .group_by(PartyRecord.party_id)
    )
    found = {
        party_id: {field for field, count in zip(COLUMNS, numbers, strict=True) if count} for party_id, *numbers in rows
    }
    for party_id in remarks_of(session, cooperative_id):
        found.get(party_id, set()).add(Field.REMARKS)
    return {party_id: frozenset(fields) for party_id, fields in found.items() if fields}


def remarks_of(session: ScopedSession, cooperative_id: int) -> dict[int, list[int]]:
    """The numbers of entries of the trail that keep a reason in words about each party."""
    party_of = {
        f"membership:{membership_id}": party_id
        for membership_id, party_id in session.execute(
            select(Membership.id, Membership.party_id).where(Membership.cooperative_id == cooperative_id)
        )
    }
    rows = session.execute(
        select(AuditEntry.subject, AuditNote.number)
        .join(
            AuditEntry,
            (AuditEntry.cooperative_id == AuditNote.cooperative_id) & (AuditEntry.number == AuditNote.number),
        )
        .where(
            AuditNote.cooperative_id == cooperative_id,
            or_(AuditEntry.subject.startswith("membership:"), AuditEntry.subject.startswith("party:")),
        )
        .order_by(AuditNote.number)
    )
    found: dict[int, list[int]] = defaultdict(list)
    for subject, number in rows:
        kind, _, key = (subject or "").partition(":")
        party_id = int(key) if kind == "party" and key.isdecimal() else party_of.get(subject or "")
        if party_id is not None:
            found[party_id].append(number)
    return dict(found)


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
    """Erase the reasons in words; the trail says of each that it was erased, as it does when somebody does so."""
    kept = remarks_of(session, cooperative_id)
    numbers = [number for party_id in party_ids for number in kept.get(party_id, [])]
    for note in session.scalars(
        select(AuditNote).where(AuditNote.cooperative_id == cooperative_id, AuditNote.number.in_(numbers))
    ).all():
        session.delete(note)
    session.flush()
    for number in sorted(numbers):
        audit.record(
            session, actor, Action.REASON_ERASED, cooperative_id=cooperative_id, details={"entry": number}, now=now
        )


ERASERS: Mapping[Field, tuple[Eraser, ...]] = {
    **{field: (_blank_columns(field),) for field in COLUMNS},
    Field.REMARKS: (_erase_remarks,),
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
