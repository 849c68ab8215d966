"""The register as it is known now, read at once: what the rows of a sheet are compared with."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select

from ecoop.db import ScopedSession
from ecoop.governance.membership import MembershipEvent
from ecoop.governance.statutes import PartyKind
from ecoop.models import AuditHead, Membership, MembershipEventRow, Party, PartyRecord
from ecoop.services.parties import FIELDS, PartyFacts, name_key, plain

_RECORD = (PartyRecord.id, PartyRecord.party_id, PartyRecord.valid_from, PartyRecord.valid_until,
           PartyRecord.known_until, *(getattr(PartyRecord, name) for name in FIELDS))  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownRecord:
    """What is known of a party for some days."""

    id: int
    valid_from: date
    valid_until: date
    facts: PartyFacts


@dataclass(slots=True, kw_only=True)
class KnownParty:
    """A party with what is known of it now; nothing is once the import that made it was undone (`last` then)."""

    id: int
    kind: PartyKind
    records: list[KnownRecord] = field(default_factory=list)
    last: PartyFacts | None = None

    @property
    def is_withdrawn(self) -> bool:
        """Whether nothing is known of it any more."""
        return not self.records

    def on(self, day: date) -> KnownRecord:
        """What holds on a day; where nothing does, what comes nearest."""
        holding = [one for one in self.records if one.valid_from <= day < one.valid_until]
        return holding[0] if holding else max(self.records, key=lambda one: one.valid_from)


@dataclass(slots=True, kw_only=True)
class KnownMembership:
    """A membership with everything that was written down of it."""

    id: int
    party_id: int
    number: int | None
    events: list[MembershipEvent] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class KnownRegister:
    """Everything at once, with ways to find somebody. `head` is the last entry of the trail when it was read."""

    head: int
    parties: dict[int, KnownParty]
    memberships: dict[int, KnownMembership]
    by_number: dict[int, KnownMembership]
    by_party: dict[int, KnownMembership]
    by_name: dict[str, list[KnownParty]]
    by_email: dict[str, list[KnownParty]]

    def alike(self, facts: PartyFacts, day: date) -> tuple[list[KnownParty], list[KnownParty]]:
        """Who is probably the same as `facts`: those who are known, and those whose import was undone."""
        found = {
            one.id: one
            for one in (*self.by_name.get(plain(facts.name), ()), *self.by_email.get(facts.email or "", ()))
            if is_same(facts, facts_of(one, day))
        }
        known = [one for one in found.values() if not one.is_withdrawn]
        return known, [one for one in found.values() if one.is_withdrawn]


def facts_of(party: KnownParty, day: date) -> PartyFacts:
    """What is known of a party, or was."""
    if party.records:
        return party.on(day).facts
    return party.last or PartyFacts(name="?")


def same_name(one: PartyFacts, other: PartyFacts) -> bool:
    """Whether two names are the same, however the parts are known."""
    return plain(one.name) == plain(other.name) or name_key(one) == name_key(other)


def is_same(one: PartyFacts, other: PartyFacts) -> bool:
    """Whether it is probably the same party: the name, and beside it an address, a day of birth or a number.

    An e-mail address is shared in a household, so with another name it counts only where family name and first letter
    are the same. Two days of birth that differ are two people.
    """
    if one.birth_date and other.birth_date and one.birth_date != other.birth_date:
        return False
    if same_name(one, other):
        return any(_shared(one, other))
    letters = {plain(facts.given_names or "")[:1] for facts in (one, other)}
    families = {plain(facts.family_name or "") for facts in (one, other)}
    return bool(one.email and one.email == other.email and len(letters) == len(families) == 1 and "" not in families)


def _shared(one: PartyFacts, other: PartyFacts) -> Iterator[bool]:
    yield bool(one.email and one.email == other.email)
    yield bool(one.birth_date and one.birth_date == other.birth_date)
    yield bool(one.registration_number and one.registration_number == other.registration_number)
    yield bool(
        one.postcode
        and one.house_number
        and (one.postcode, one.house_number.casefold()) == (other.postcode, (other.house_number or "").casefold())
    )


def is_other(one: PartyFacts, other: PartyFacts) -> bool:
    """Whether it is surely somebody else: another name, and nothing that they share but an address."""
    shared_mail, shared_birth, shared_registration, _ = _shared(one, other)
    if one.birth_date and other.birth_date and one.birth_date != other.birth_date and not same_name(one, other):
        return True
    return not (same_name(one, other) or shared_mail or shared_birth or shared_registration)


def read_known(session: ScopedSession, cooperative_id: int) -> KnownRegister:
    """The whole register of a cooperative in five questions, however large it is."""
    head = session.scalar(select(AuditHead.number).where(AuditHead.cooperative_id == cooperative_id)) or 0
    parties = {
        number: KnownParty(id=number, kind=kind)
        for number, kind in session.execute(
            select(Party.id, Party.kind).where(Party.cooperative_id == cooperative_id, Party.merged_into_id.is_(None))
        )
    }
    _add_records(session, cooperative_id, parties)
    memberships = {
        number: KnownMembership(id=number, party_id=party_id, number=own)
        for number, party_id, own in session.execute(
            select(Membership.id, Membership.party_id, Membership.number).where(
                Membership.cooperative_id == cooperative_id
            )
        )
    }
    for membership_id, event in _events(session, cooperative_id):
        memberships[membership_id].events.append(event)
    by_name, by_email = _indices(parties.values())
    return KnownRegister(
        head=head,
        parties=parties,
        memberships=memberships,
        by_number={one.number: one for one in memberships.values() if one.number is not None},
        by_party={one.party_id: one for one in memberships.values()},
        by_name=by_name,
        by_email=by_email,
    )


def _add_records(session: ScopedSession, cooperative_id: int, parties: dict[int, KnownParty]) -> None:
    query = select(*_RECORD).where(PartyRecord.cooperative_id == cooperative_id)
    for number, party_id, valid_from, valid_until, known_until, *values in session.execute(
        query.order_by(PartyRecord.known_from, PartyRecord.id)
    ):
        party = parties.get(party_id)
        if party is None:
            continue
        facts = PartyFacts(**dict(zip(FIELDS, values, strict=True)))
        party.last = facts
        if known_until is None:
            party.records.append(
                KnownRecord(id=number, valid_from=valid_from, valid_until=valid_until, facts=facts)
            )  # fmt: skip


def _events(session: ScopedSession, cooperative_id: int) -> Iterator[tuple[int, MembershipEvent]]:
    row = MembershipEventRow
    query = select(
        row.membership_id, row.id, row.kind, row.valid_from, row.recorded_at, row.class_code, row.end_reason,
        row.corrects_id,
    ).where(row.cooperative_id == cooperative_id)  # fmt: skip
    for membership_id, number, kind, valid_from, recorded_at, class_code, end_reason, corrects in session.execute(
        query.order_by(row.recorded_at, row.id)
    ):
        yield membership_id, MembershipEvent(
            id=number, kind=kind, valid_from=valid_from, recorded_at=recorded_at, class_code=class_code,
            end_reason=end_reason, corrects=corrects,
        )  # fmt: skip


def _indices(parties: Iterable[KnownParty]) -> tuple[dict[str, list[KnownParty]], dict[str, list[KnownParty]]]:
    by_name: dict[str, list[KnownParty]] = defaultdict(list)
    by_email: dict[str, list[KnownParty]] = defaultdict(list)
    for party in parties:
        known = [one.facts for one in party.records] or ([party.last] if party.last else [])
        for name in {plain(one.name) for one in known}:
            by_name[name].append(party)
        for email in {one.email for one in known if one.email}:
            by_email[email].append(party)
    return by_name, by_email
