"""Parties: recording people and organisations, and what changed about them. Nothing is overwritten."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from ecoop import clock
from ecoop.db import ScopedSession
from ecoop.errors import Forbidden, InvalidInput, NotFound, Problem
from ecoop.governance.audit import Action
from ecoop.governance.register_fields import COLUMNS, Field
from ecoop.governance.roles import Actor, Permission
from ecoop.governance.statutes import PartyKind
from ecoop.models import Party, PartyRecord
from ecoop.models.parties import FOREVER
from ecoop.services import accounts, audit

LONGEST = {"name": 200, "given_names": 120, "name_prefix": 40, "family_name": 120, "phone": 30, "street": 120,
           "house_number": 20, "city": 80}  # fmt: skip
OLDEST = timedelta(days=43_830)
"""Nobody was born longer ago than 120 years."""
_DUTCH_POSTCODE = re.compile(r"[1-9]\d{3} [A-Z]{2}")
_COUNTRY = re.compile(r"[A-Z]{2}")


class PartyReason(StrEnum):
    """Why what is known of a party cannot be kept as given."""

    NAME_MISSING = "name_missing"
    TEXT_UNUSABLE = "party_text_unusable"
    POSTCODE_UNUSABLE = "party_postcode_unusable"
    COUNTRY_UNUSABLE = "party_country_unusable"
    BIRTH_DATE_UNLIKELY = "party_birth_date_unlikely"
    BIRTH_DATE_OF_ORGANISATION = "party_birth_date_of_organisation"
    REGISTRATION_NUMBER_UNUSABLE = "party_registration_number_unusable"
    NOTHING_CHANGED = "party_nothing_changed"
    MERGED = "party_merged"
    DAY_UNLIKELY = "day_unlikely"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyFacts:
    """What is known of a party. None is unknown; `name` is how one writes it on an envelope."""

    name: str
    given_names: str | None = None
    name_prefix: str | None = None
    family_name: str | None = None
    birth_date: date | None = None
    email: str | None = None
    phone: str | None = None
    street: str | None = None
    house_number: str | None = None
    postcode: str | None = None
    city: str | None = None
    country: str = "NL"
    registration_number: str | None = None
    language: str = "nl"


FIELDS = tuple(field.name for field in fields(PartyFacts))


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyView:
    """A party as it is known for a day."""

    id: int
    kind: PartyKind
    facts: PartyFacts
    valid_from: date
    account_id: int | None
    withheld: frozenset[Field] = frozenset()
    """What was blanked because it is not for who asks: not the same as unknown."""


def without(party: PartyView, withheld: frozenset[Field]) -> PartyView:
    """The party as somebody sees it for whom these fields are not meant. A name is never withheld from who sees any."""
    fields = (withheld & COLUMNS.keys()) - {Field.NAME}
    blank: dict[str, Any] = {name: None for field in fields for name in COLUMNS[field]}
    return replace(party, facts=replace(party.facts, **blank), withheld=withheld)


def name_key(facts: PartyFacts) -> str:
    """The name for sorting and searching: family name first, in small letters and without accents."""
    parts = [facts.family_name, facts.given_names, facts.name_prefix] if facts.family_name else [facts.name]
    return plain(" ".join(part for part in parts if part))[:200]


def plain(text: str) -> str:
    """Small letters, no accents, one space between words: what is compared when one searches."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(one for one in letters if not unicodedata.combining(one)).split())


def normal_facts(facts: PartyFacts, kind: PartyKind, *, today: date) -> PartyFacts:
    """The facts as they are kept: trimmed, a Dutch postcode as 1234 AB. Raises InvalidInput naming every problem."""
    trimmed = replace(facts, **{name: _trimmed(getattr(facts, name)) for name in FIELDS})
    if trimmed.postcode is not None and trimmed.country == "NL":
        tight = trimmed.postcode.replace(" ", "").upper()
        trimmed = replace(trimmed, postcode=f"{tight[:4]} {tight[4:]}")
    problems = [*_doubt_texts(trimmed), *_doubt_values(trimmed, kind, today)]
    if trimmed.email is not None:
        try:
            trimmed = replace(trimmed, email=accounts.normal_address(trimmed.email))
        except InvalidInput as invalid:
            problems += invalid.problems
    if problems:
        raise InvalidInput(tuple(problems))
    return trimmed


def require_likely(day: date, *, today: date) -> None:
    """Refuse a day that is more than a lifetime away: a slip of the finger. Raises InvalidInput."""
    if abs(day - today) > OLDEST:
        raise InvalidInput((Problem(key="valid_from", reason=PartyReason.DAY_UNLIKELY),))


def _trimmed(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return " ".join(unicodedata.normalize("NFC", value).split()) or None


def _doubt_texts(facts: PartyFacts) -> Iterator[Problem]:
    if not facts.name:
        yield Problem(key="name", reason=PartyReason.NAME_MISSING)
    for name, longest in LONGEST.items():
        text = getattr(facts, name)
        if text and (len(text) > longest or not text.isprintable()):
            yield Problem(key=name, reason=PartyReason.TEXT_UNUSABLE, details={"maximum": longest})


def _doubt_values(facts: PartyFacts, kind: PartyKind, today: date) -> Iterator[Problem]:
    if not _COUNTRY.fullmatch(facts.country or ""):
        yield Problem(key="country", reason=PartyReason.COUNTRY_UNUSABLE)
    if facts.postcode and facts.country == "NL" and not _DUTCH_POSTCODE.fullmatch(facts.postcode):
        yield Problem(key="postcode", reason=PartyReason.POSTCODE_UNUSABLE)
    elif facts.postcode and len(facts.postcode) > 12:
        yield Problem(key="postcode", reason=PartyReason.TEXT_UNUSABLE, details={"maximum": 12})
    if facts.birth_date is not None:
        if kind is not PartyKind.PERSON:
            yield Problem(key="birth_date", reason=PartyReason.BIRTH_DATE_OF_ORGANISATION)
        elif not today - OLDEST <= facts.birth_date <= today:
            yield Problem(key="birth_date", reason=PartyReason.BIRTH_DATE_UNLIKELY)
    if facts.registration_number and not re.fullmatch(r"\d{8}", facts.registration_number):
        yield Problem(key="registration_number", reason=PartyReason.REGISTRATION_NUMBER_UNUSABLE)


def record_party(
    session: ScopedSession,
    actor: Actor | None,
    *,
    cooperative_id: int,
    kind: PartyKind,
    facts: PartyFacts,
    valid_from: date,
    account_id: int | None = None,
    now: datetime,
) -> int:
    """A new party with what is known of it from a day on; its key. `actor` is None on the command line."""
    _require(actor)
    require_likely(valid_from, today=clock.legal_day(now))
    normal = normal_facts(facts, kind, today=clock.legal_day(now))
    party = Party(cooperative_id=cooperative_id, kind=kind, created_at=now, account_id=account_id)
    session.add(party)
    session.flush()
    session.add(party_record(party, normal, valid_from, FOREVER, actor, now))
    session.flush()
    audit.record(
        session, actor, Action.PARTY_RECORDED, cooperative_id=cooperative_id, subject=f"party:{party.id}", now=now
    )
    return party.id


def change_party(
    session: ScopedSession,
    actor: Actor | None,
    *,
    cooperative_id: int,
    party_id: int,
    facts: PartyFacts,
    valid_from: date,
    now: datetime,
    own: bool = False,
) -> None:
    """Record what is known from `valid_from` on, until the next change that is known already.

    What was known before stays readable as it was known before. `own` is said by whoever changes the own data.
    Raises InvalidInput, also where nothing would change.
    """
    if not own:
        _require(actor)
    require_likely(valid_from, today=clock.legal_day(now))
    party = _party(session, cooperative_id, party_id)
    if party.merged_into_id is not None:
        raise InvalidInput((Problem(key="", reason=PartyReason.MERGED),))
    normal = normal_facts(facts, party.kind, today=clock.legal_day(now))
    present = _known_now(session, cooperative_id, party_id)
    holding = next((row for row in present if row.valid_from <= valid_from < row.valid_until), None)
    later = [row for row in present if row.valid_from > valid_from]
    if holding is not None and _facts(holding) == normal:
        raise InvalidInput((Problem(key="", reason=PartyReason.NOTHING_CHANGED),))
    until = min((row.valid_from for row in later), default=FOREVER)
    if holding is not None:
        holding.known_until = now
        if holding.valid_from < valid_from:
            session.add(party_record(party, _facts(holding), holding.valid_from, valid_from, actor, now))
    session.add(party_record(party, normal, valid_from, until, actor, now))
    session.flush()
    before = _facts(holding) if holding is not None else None
    changed = sorted(name for name in FIELDS if before is None or getattr(before, name) != getattr(normal, name))
    audit.record(
        session, actor, Action.PARTY_CHANGED, cooperative_id=cooperative_id, subject=f"party:{party_id}",
        details={"fields": changed, "starts_on": valid_from.isoformat()}, now=now,
    )  # fmt: skip


def read_party(
    session: ScopedSession, *, cooperative_id: int, party_id: int, day: date, known_at: datetime | None = None
) -> PartyView:
    """What is known of a party for `day`, as known at `known_at` (None: now). Raises NotFound."""
    found = session.execute(
        select(Party, PartyRecord)
        .join(PartyRecord, _same_party())
        .where(Party.cooperative_id == cooperative_id, Party.id == party_id, *holding_on(day, known_at))
    ).one_or_none()
    if found is None:
        raise NotFound
    party, record = found
    return PartyView(
        id=party.id, kind=party.kind, facts=_facts(record), valid_from=record.valid_from, account_id=party.account_id
    )


def holding_on(day: date, known_at: datetime | None) -> tuple[ColumnElement[bool], ...]:
    """The record that holds on `day`, as known at `known_at` (None: now)."""
    known = (
        PartyRecord.known_until.is_(None)
        if known_at is None
        else and_(
            PartyRecord.known_from <= known_at,
            or_(PartyRecord.known_until.is_(None), PartyRecord.known_until > known_at),
        )
    )
    return PartyRecord.valid_from <= day, PartyRecord.valid_until > day, known


def _same_party() -> ColumnElement[bool]:
    return and_(PartyRecord.cooperative_id == Party.cooperative_id, PartyRecord.party_id == Party.id)


def _require(actor: Actor | None) -> None:
    if actor is not None and not actor.may(Permission.KEEP_REGISTER):
        raise Forbidden


def _party(session: ScopedSession, cooperative_id: int, party_id: int) -> Party:
    row = session.scalar(
        select(Party).where(Party.cooperative_id == cooperative_id, Party.id == party_id).with_for_update()
    )
    if row is None:
        raise NotFound
    return row


def _known_now(session: ScopedSession, cooperative_id: int, party_id: int) -> list[PartyRecord]:
    rows = session.scalars(
        select(PartyRecord).where(
            PartyRecord.cooperative_id == cooperative_id,
            PartyRecord.party_id == party_id,
            PartyRecord.known_until.is_(None),
        )
    )
    return list(rows)


def _facts(row: PartyRecord) -> PartyFacts:
    return PartyFacts(**{name: getattr(row, name) for name in FIELDS})


def party_record(
    party: Party, facts: PartyFacts, valid_from: date, valid_until: date, actor: Actor | None, now: datetime
) -> PartyRecord:
    """What is known of a party from now on, for the days from `valid_from` until `valid_until`."""
    return PartyRecord(
        cooperative_id=party.cooperative_id,
        party_id=party.id,
        valid_from=valid_from,
        valid_until=valid_until,
        known_from=now,
        recorded_by_id=actor.account_id if actor else None,
        name_key=name_key(facts),
        **{name: getattr(facts, name) for name in FIELDS},
    )
