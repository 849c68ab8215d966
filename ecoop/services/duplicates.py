"""Finding who is likely known already, before somebody is recorded a second time."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, literal, select, union_all

from ecoop.db import ScopedSession
from ecoop.governance.likeness import AlikeReason, Features, is_likely, reasons_alike
from ecoop.governance.statutes import PartyKind
from ecoop.models import BankAccount, Membership, Party, PartyRecord
from ecoop.services.parties import PartyFacts, name_key, plain

MOST = 400
"""Parties that are compared: more than live behind one postcode."""
SHOWN = 10

_Candidate = tuple[Party, PartyRecord, Membership | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Somebody known who is alike, and why."""

    party_id: int
    kind: PartyKind
    name: str
    birth_date: date | None
    street: str | None
    house_number: str | None
    postcode: str | None
    city: str | None
    email: str | None
    membership_id: int | None
    number: int | None
    reasons: tuple[AlikeReason, ...]

    @property
    def is_likely(self) -> bool:
        """Whether it takes somebody's word that they are two."""
        return is_likely(self.reasons)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Facts of which it is asked who is alike. `leaving_out` names parties that are known to be others."""

    facts: PartyFacts
    kind: PartyKind
    iban_fingerprint: str | None = None
    leaving_out: frozenset[int] = frozenset()


def find_alike(
    session: ScopedSession,
    *,
    cooperative_id: int,
    facts: PartyFacts,
    kind: PartyKind,
    iban_fingerprint: str | None = None,
    leaving_out: frozenset[int] = frozenset(),
) -> tuple[Alike, ...]:
    """Who of the cooperative is alike to these facts, likeliest first; at most ten.

    Looks at everything that is known now, also at addresses of before, in two queries. A party that was merged into
    another is not found.
    """
    sought = Sought(facts=facts, kind=kind, iban_fingerprint=iban_fingerprint, leaving_out=leaving_out)
    return find_alike_to(session, cooperative_id=cooperative_id, sought={0: sought})[0]


def find_alike_to(
    session: ScopedSession, *, cooperative_id: int, sought: Mapping[int, Sought]
) -> dict[int, tuple[Alike, ...]]:
    """The same for many at once, by whatever number the caller gives them, still in two queries."""
    wanted = {key: features_of(one.facts) for key, one in sought.items()}
    by_value: dict[tuple[str, object], list[int]] = defaultdict(list)
    for key, features in wanted.items():
        for name in _INDEXED:
            if (value := getattr(features, name)) is not None:
                by_value[name, value].append(key)
        for party_id in _holders(session, cooperative_id, sought[key].iban_fingerprint):
            by_value["party", party_id].append(key)
    found: dict[int, dict[int, set[AlikeReason]]] = {key: defaultdict(set) for key in sought}
    newest: dict[int, _Candidate] = {}
    for candidate in _candidates(session, cooperative_id, by_value):
        party, record, _membership = candidate
        if party.id not in newest or newest[party.id][1].valid_from < record.valid_from:
            newest[party.id] = candidate
        features = features_of(record)
        holding = by_value.get(("party", party.id), [])
        sharing = {key for name in _INDEXED for key in by_value.get((name, getattr(features, name)), ())}
        for key in sharing.union(holding):
            if party.id not in sought[key].leaving_out:
                account = (AlikeReason.ACCOUNT,) if key in holding else ()
                found[key][party.id].update((*account, *reasons_alike(wanted[key], features)))
    return {key: _ranked(reasons, newest, sought[key].kind) for key, reasons in found.items()}


_INDEXED = ("name", "email", "registration_number", "birth_date", "postcode")
"""What is looked up; who shares none of it is not alike."""


_COLUMNS = {"name": "name_key", "party": "party_id"}


def _ranked(
    reasons: Mapping[int, set[AlikeReason]], newest: Mapping[int, _Candidate], kind: PartyKind
) -> tuple[Alike, ...]:
    """Likeliest first; another kind of party, a household beside a person, is the least likely of equals."""
    found = [_alike(newest[number], why) for number, why in reasons.items() if why]
    ranked = sorted(found, key=lambda one: (_rank(one.reasons), one.kind is not kind, one.name, one.party_id))
    return tuple(ranked[:SHOWN])


def features_of(facts: PartyFacts | PartyRecord) -> Features:
    """What is compared of a party."""
    key = facts.name_key if isinstance(facts, PartyRecord) else name_key(facts)
    tight = "".join((facts.postcode or "").split()).upper()
    return Features(
        name=key,
        family_name=plain(facts.family_name) if facts.family_name else None,
        birth_date=facts.birth_date,
        email=(facts.email or "").strip().lower() or None,
        registration_number=facts.registration_number or None,
        postcode=(f"{tight[:4]} {tight[4:]}" if facts.country == "NL" else facts.postcode) if tight else None,
        house_number="".join(plain(facts.house_number).split()) if facts.house_number else None,
    )


def _rank(reasons: tuple[AlikeReason, ...]) -> tuple[int, int]:
    order = list(AlikeReason)
    return min(order.index(reason) for reason in reasons), -len(reasons)


def _holders(session: ScopedSession, cooperative_id: int, fingerprint: str | None) -> frozenset[int]:
    """Who has or had the bank account with this fingerprint (`services/bank_accounts.py` makes it)."""
    if fingerprint is None:
        return frozenset()
    query = select(BankAccount.party_id).where(
        BankAccount.cooperative_id == cooperative_id, BankAccount.fingerprint == fingerprint
    )
    return frozenset(session.scalars(query))


def _candidates(
    session: ScopedSession, cooperative_id: int, by_value: Mapping[tuple[str, object], object]
) -> Iterable[_Candidate]:
    """Everything that is known now of the parties that share something indexed."""
    ids = _party_ids(session, cooperative_id, by_value)
    if not ids:
        return ()
    query = (
        select(Party, PartyRecord, Membership)
        .join(PartyRecord, and_(PartyRecord.cooperative_id == Party.cooperative_id, PartyRecord.party_id == Party.id))
        .outerjoin(Membership, and_(Membership.cooperative_id == Party.cooperative_id, Membership.party_id == Party.id))
        .where(
            Party.cooperative_id == cooperative_id,
            Party.id.in_(ids),
            Party.merged_into_id.is_(None),
            PartyRecord.known_until.is_(None),
        )
    )
    return ((party, record, membership) for party, record, membership in session.execute(query))


def _party_ids(
    session: ScopedSession, cooperative_id: int, by_value: Mapping[tuple[str, object], object]
) -> list[int]:  # fmt: skip
    """Who shares something, those first who share most: so the limit costs neighbours only.

    One select for each index: within an "or" SQLite would read every party of the cooperative, and together with
    the rest PostgreSQL would guess.
    """
    values: dict[str, list[object]] = defaultdict(list)
    for name, value in by_value:
        values[name].append(value)
    parts = [
        select(PartyRecord.party_id, literal(place)).where(
            PartyRecord.cooperative_id == cooperative_id,
            PartyRecord.known_until.is_(None),
            getattr(PartyRecord, _COLUMNS.get(name, name)).in_(values[name]),
        )
        for place, name in enumerate(("party", *_INDEXED))
        if name in values
    ]
    nearest: dict[int, int] = {}
    for party_id, place in session.execute(union_all(*parts)):
        nearest[party_id] = min(place, nearest.get(party_id, place))
    ranked = sorted(nearest, key=lambda number: (nearest[number], number))
    return ranked[: MOST * max(1, len(values["name"]))]


def _alike(candidate: _Candidate, reasons: set[AlikeReason]) -> Alike:
    party, record, membership = candidate
    return Alike(
        party_id=party.id,
        kind=party.kind,
        name=record.name,
        birth_date=record.birth_date,
        street=record.street,
        house_number=record.house_number,
        postcode=record.postcode,
        city=record.city,
        email=record.email,
        membership_id=membership.id if membership else None,
        number=membership.number if membership else None,
        reasons=tuple(reason for reason in AlikeReason if reason in reasons),
    )
