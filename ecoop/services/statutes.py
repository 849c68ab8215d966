"""Statutes: recording versions of them, and reading which rules hold on a day. Nothing is overwritten."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import select

from ecoop import clock
from ecoop.db import ScopedSession
from ecoop.errors import Forbidden, InvalidInput, Problem
from ecoop.governance.audit import Action
from ecoop.governance.roles import Actor, Permission
from ecoop.governance.statutes import (
    EntryRule,
    LegalForm,
    MembershipClass,
    NoticeEnd,
    PartyKind,
    ProxyHolder,
    Statutes,
    StatutesConflict,
    conflicts,
    in_force_on,
)
from ecoop.models import Account, Paper, StatutesVersion
from ecoop.services import audit

RULES = tuple(field.name for field in fields(Statutes) if field.name != "clauses")
"""The rules for which a clause of the statutes may be given."""
UNUSABLE = frozenset({StatutesConflict.NO_CLASSES, StatutesConflict.CLASS_TWICE, StatutesConflict.VOTES_NEGATIVE})
"""Conflicts with which nobody could work; the others are recorded as the deed has them, and told."""
LONGEST_NAME, LONGEST_CLAUSE, MOST_CLASSES = 80, 60, 30
LARGEST_VOTES = 1_000_000
_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
_WITHIN = {"minimum_age": (0, 120), "notice_weeks": (0, 520), "most_proxies": (0, 1000), "term_years": (1, 50),
           "most_terms": (1, 50), "smallest_board": (1, 100)}  # fmt: skip

Kind = TypeVar("Kind", bound=StrEnum)


class StatutesReason(StrEnum):
    """Why statutes cannot be kept as given."""

    RULE_UNKNOWN = "statutes_rule_unknown"
    RULE_MISSING = "statutes_rule_missing"
    RULE_UNUSABLE = "statutes_rule_unusable"
    CODE_UNUSABLE = "statutes_code_unusable"
    NAME_UNUSABLE = "statutes_name_unusable"
    VOTES_UNUSABLE = "statutes_votes_unusable"
    OUT_OF_RANGE = "statutes_out_of_range"
    DAY_UNLIKELY = "day_unlikely"
    PAPER_UNKNOWN = "statutes_paper_unknown"
    NOTHING_CHANGED = "statutes_nothing_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatutesView:
    """A version of the statutes as it was recorded; `replaced` says that a later record for the same day counts."""

    id: int
    statutes: Statutes
    paper_id: int | None
    recorded_at: datetime
    recorded_by: str | None
    replaced: bool = False

    @property
    def conflicts(self) -> tuple[StatutesConflict, ...]:
        """How these statutes contradict themselves or the law."""
        return conflicts(self.statutes)


def write_rules(statutes: Statutes) -> str:
    """The whole value as canonical JSON: the same rules are always the same text."""
    told: dict[str, object] = {
        "valid_from": statutes.valid_from.isoformat(),
        "legal_form": statutes.legal_form.value,
        "classes": [
            {"code": one.code, "name_nl": one.name_nl, "name_en": one.name_en, "votes": f"{one.votes.normalize():f}",
             "open_to": sorted(kind.value for kind in one.open_to)}
            for one in statutes.classes
        ],
        "financial_year_ends": list(statutes.financial_year_ends),
        "most_votes": None if statutes.most_votes is None else f"{statutes.most_votes.normalize():f}",
        "clauses": dict(sorted(statutes.clauses)),
    }  # fmt: skip
    for name in _ENUMS:
        told[name] = getattr(statutes, name).value
    for name in (*_WITHIN, "outsiders_on_board"):
        told[name] = getattr(statutes, name)
    return json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


_ENUMS: Mapping[str, type[StrEnum]] = {
    "legal_form": LegalForm, "entry_rule": EntryRule, "notice_end": NoticeEnd, "proxy_holder": ProxyHolder,
}  # fmt: skip
_REQUIRED = frozenset({"valid_from", "legal_form", "classes", "entry_rule", "minimum_age", "notice_weeks",
                       "notice_end"})  # fmt: skip


def read_rules(text: str) -> Statutes:
    """The statutes that `text` tells. Raises InvalidInput naming every rule that is missing, unknown or unusable."""
    try:
        told = json.loads(text)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise InvalidInput((Problem(key="", reason=StatutesReason.RULE_UNUSABLE),))
    problems = [
        *(Problem(key=name, reason=StatutesReason.RULE_UNKNOWN) for name in sorted(set(told) - {*RULES, "clauses"})),
        *(Problem(key=name, reason=StatutesReason.RULE_MISSING) for name in sorted(_REQUIRED - set(told))),
    ]
    read: dict[str, Any] = {}
    for name in sorted(set(told) & {*RULES, "clauses"}):
        try:
            read[name] = _READERS[name](told[name])
        except (ValueError, TypeError, KeyError, AttributeError, InvalidOperation):
            problems.append(Problem(key=name, reason=StatutesReason.RULE_UNUSABLE))
    if problems:
        raise InvalidInput(tuple(problems))
    return Statutes(**read)


def _whole(value: object) -> int | None:
    if value is not None and type(value) is not int:
        raise TypeError
    return value


def _needed(value: object) -> int:
    if type(value) is not int:
        raise TypeError
    return value


def _switch(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _votes(value: object) -> Decimal:
    if not isinstance(value, str) or not re.fullmatch(r"-?\d+(\.\d+)?", value):
        raise TypeError
    return Decimal(value)


def _class(value: dict[str, Any]) -> MembershipClass:
    if set(value) != {"code", "name_nl", "name_en", "votes", "open_to"}:
        raise KeyError
    code, name_nl, name_en = (value[name] for name in ("code", "name_nl", "name_en"))
    if not all(isinstance(one, str) for one in (code, name_nl, name_en)):
        raise TypeError
    kinds = frozenset(PartyKind(one) for one in value["open_to"])
    return MembershipClass(code=code, name_nl=name_nl, name_en=name_en, votes=_votes(value["votes"]), open_to=kinds)


def _month_and_day(value: list[int]) -> tuple[int, int]:
    month, day = (_needed(one) for one in value)
    return month, day


def _clauses(value: dict[str, str]) -> tuple[tuple[str, str], ...]:
    if not all(isinstance(one, str) for one in value.values()):
        raise TypeError
    return tuple(sorted(value.items()))


_READERS: Mapping[str, Any] = {
    "valid_from": date.fromisoformat,
    "classes": lambda value: tuple(_class(one) for one in value),
    "financial_year_ends": _month_and_day,
    "most_votes": lambda value: None if value is None else _votes(value),
    "clauses": _clauses,
    "outsiders_on_board": _switch,
    "minimum_age": _whole,
    "most_proxies": _whole,
    "term_years": _whole,
    "most_terms": _whole,
    "notice_weeks": _needed,
    "smallest_board": _needed,
    **_ENUMS,
}


def record_statutes(
    session: ScopedSession,
    actor: Actor | None,
    *,
    cooperative_id: int,
    statutes: Statutes,
    paper_id: int | None = None,
    why: str | None = None,
    now: datetime,
) -> int:
    """Record a version of the statutes; its key. For a day that has one already, this one counts from now on.

    Raises InvalidInput naming everything that is wrong. `actor` is None on the command line.
    """
    if actor is not None and not actor.may(Permission.KEEP_REGISTER):
        raise Forbidden
    problems = [*_doubts(statutes, clock.legal_day(now)), *_doubt_paper(session, cooperative_id, paper_id)]
    if problems:
        raise InvalidInput(tuple(problems))
    rules = write_rules(statutes)
    digest = hashlib.sha256(rules.encode()).hexdigest()
    present = read_statutes(session, cooperative_id=cooperative_id, day=statutes.valid_from)
    if present is not None and write_rules(present.statutes) == rules and present.paper_id == paper_id:
        raise InvalidInput((Problem(key="", reason=StatutesReason.NOTHING_CHANGED),))
    row = StatutesVersion(
        cooperative_id=cooperative_id, valid_from=statutes.valid_from, rules=rules, digest=digest, paper_id=paper_id,
        recorded_at=now, recorded_by_id=actor.account_id if actor else None,
    )  # fmt: skip
    session.add(row)
    session.flush()
    audit.record(
        session, actor, Action.STATUTES_RECORDED, cooperative_id=cooperative_id, subject=f"statutes:{row.id}",
        details={"starts_on": statutes.valid_from.isoformat(), "rules_digest": digest}, why=why, now=now,
    )  # fmt: skip
    return row.id


def _doubts(statutes: Statutes, today: date) -> Iterator[Problem]:
    if not date(1850, 1, 1) <= statutes.valid_from <= today + timedelta(days=3660):
        yield Problem(key="valid_from", reason=StatutesReason.DAY_UNLIKELY)
    for found in conflicts(statutes):
        if found in UNUSABLE:
            yield Problem(key="classes", reason=found)
    for name, (least, most) in _WITHIN.items():
        value = getattr(statutes, name)
        if value is not None and not least <= value <= most:
            details = {"minimum": least, "maximum": most}
            yield Problem(key=name, reason=StatutesReason.OUT_OF_RANGE, details=details)
    if statutes.most_votes is not None and not _is_votes(statutes.most_votes):
        yield Problem(key="most_votes", reason=StatutesReason.VOTES_UNUSABLE)
    if not _is_month_and_day(*statutes.financial_year_ends):
        yield Problem(key="financial_year_ends", reason=StatutesReason.RULE_UNUSABLE)
    yield from _doubt_clauses(statutes)
    yield from _doubt_classes(statutes)


def _doubt_clauses(statutes: Statutes) -> Iterator[Problem]:
    for name, clause in statutes.clauses:
        if name not in RULES:
            yield Problem(key=f"clauses.{name}", reason=StatutesReason.RULE_UNKNOWN)
        elif not _is_name(clause, LONGEST_CLAUSE):
            yield Problem(key=f"clauses.{name}", reason=StatutesReason.NAME_UNUSABLE,
                          details={"maximum": LONGEST_CLAUSE})  # fmt: skip


def _doubt_classes(statutes: Statutes) -> Iterator[Problem]:
    if len(statutes.classes) > MOST_CLASSES:
        yield Problem(key="classes", reason=StatutesReason.OUT_OF_RANGE,
                      details={"minimum": 1, "maximum": MOST_CLASSES})  # fmt: skip
    for one in statutes.classes:
        if not _CODE.fullmatch(one.code):
            yield Problem(key="classes", reason=StatutesReason.CODE_UNUSABLE, details={"code": one.code[:60]})
        if not (_is_name(one.name_nl, LONGEST_NAME) and _is_name(one.name_en, LONGEST_NAME)):
            yield Problem(key="classes", reason=StatutesReason.NAME_UNUSABLE, details={"maximum": LONGEST_NAME})
        if not _is_votes(one.votes) and one.votes >= 0:
            yield Problem(key="classes", reason=StatutesReason.VOTES_UNUSABLE)


def _is_month_and_day(month: int, day: int) -> bool:
    try:
        return bool(date(2024, month, day))
    except ValueError:
        return False


def _is_name(text: str, longest: int) -> bool:
    return 0 < len(text.strip()) <= longest and text.isprintable()


def _is_votes(votes: Decimal) -> bool:
    """Exact to a millionth, so that a frozen roll keeps it as a whole number."""
    if not votes.is_finite():
        return False
    return 0 <= votes <= LARGEST_VOTES and votes * 1_000_000 % 1 == 0


def _doubt_paper(session: ScopedSession, cooperative_id: int, paper_id: int | None) -> Iterator[Problem]:
    if paper_id is not None:
        query = select(Paper.id).where(Paper.cooperative_id == cooperative_id, Paper.id == paper_id)
        if session.scalar(query) is None:
            yield Problem(key="paper_id", reason=StatutesReason.PAPER_UNKNOWN)


def read_statutes(
    session: ScopedSession, *, cooperative_id: int, day: date, known_at: datetime | None = None
) -> StatutesView | None:
    """The version in force on `day`, as known at `known_at` (None: now); None where there is none."""
    query = (
        select(StatutesVersion, Account.name)
        .outerjoin(Account, Account.id == StatutesVersion.recorded_by_id)
        .where(StatutesVersion.cooperative_id == cooperative_id, StatutesVersion.valid_from <= day)
        .order_by(StatutesVersion.valid_from.desc(), StatutesVersion.recorded_at.desc(), StatutesVersion.id.desc())
        .limit(1)
    )
    if known_at is not None:
        query = query.where(StatutesVersion.recorded_at <= known_at)
    found = session.execute(query).first()
    return None if found is None else _view(*found, replaced=False)


def read_versions(session: ScopedSession, *, cooperative_id: int) -> tuple[StatutesView, ...]:
    """Every version that was ever recorded, the newest first; those that were recorded anew are marked."""
    rows = session.execute(
        select(StatutesVersion, Account.name)
        .outerjoin(Account, Account.id == StatutesVersion.recorded_by_id)
        .where(StatutesVersion.cooperative_id == cooperative_id)
        .order_by(StatutesVersion.valid_from.desc(), StatutesVersion.recorded_at.desc(), StatutesVersion.id.desc())
    )
    seen: set[date] = set()
    found = []
    for row, name in rows:
        found.append(_view(row, name, replaced=row.valid_from in seen))
        seen.add(row.valid_from)
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassNames:
    """Codes of the kinds of membership in force, and the Dutch and English name of every kind there ever was."""

    in_force: tuple[str, ...]
    names: Mapping[str, tuple[str, str]]


def read_classes(session: ScopedSession, *, cooperative_id: int, day: date) -> ClassNames | None:
    """The kinds of membership of a cooperative, or None where no statutes are in force on `day`."""
    counting = [one.statutes for one in read_versions(session, cooperative_id=cooperative_id) if not one.replaced]
    present = in_force_on(counting, day)
    if present is None:
        return None
    names = {one.code: (one.name_nl, one.name_en) for version in reversed(counting) for one in version.classes}
    names |= {one.code: (one.name_nl, one.name_en) for one in present.classes}
    return ClassNames(in_force=tuple(one.code for one in present.classes), names=names)


def _view(row: StatutesVersion, name: str | None, *, replaced: bool) -> StatutesView:
    return StatutesView(
        id=row.id, statutes=read_rules(row.rules), paper_id=row.paper_id, recorded_at=row.recorded_at,
        recorded_by=name, replaced=replaced,
    )  # fmt: skip
