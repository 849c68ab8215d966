"""Retention: what may go and when, trying it out, doing it, the proof of it, and holding it back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from ecoop import clock
from ecoop.db import ScopedSession
from ecoop.errors import InvalidInput, NotFound, Problem, Refused
from ecoop.governance.audit import Action
from ecoop.governance.register_fields import Field
from ecoop.governance.retention import (
    Leaving,
    Line,
    Purpose,
    RetentionRule,
    Setting,
    digest_of,
    due,
    leaving,
    proof_of,
    rules_on,
)
from ecoop.governance.roles import Actor, Role
from ecoop.models import (
    Account,
    AuditNote,
    Cooperative,
    Minimisation,
    MinimisationLine,
    RetentionSetting,
)
from ecoop.services import audit, turns
from ecoop.services.legal_holds import (
    RetentionReason,
    Whom,
    held_party,
    read_whom,
    require_keeper,
    require_reader,
    running_holds,
)
from ecoop.services.personal_facts import blank, read_facts

LONGEST_MONTHS = 600
TURN = "retention.due"
KEEPERS = (Role.CHAIR, Role.SECRETARY)


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingView:
    """A period that a cooperative set, by whom and why."""

    purpose: Purpose
    kept_months: int
    starts_on: date
    set_by: str | None
    set_at: datetime
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What would go on a day: the lines, about whom, and the digest by which the real run knows it is the same."""

    day: date
    lines: tuple[Line, ...]
    whom: Mapping[int, Whom]
    held: int
    """Fields whose time is over and that a legal hold keeps."""
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunView:
    """A run that was kept."""

    id: int
    is_dry: bool
    day: date
    made_at: datetime
    made_by: str | None
    party_count: int
    line_count: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """The proof of a run: its text, and whether it is still the one of which the digest was kept."""

    run: RunView
    text: str
    lines: tuple[Line, ...]
    holds: bool


def read_rules(session: ScopedSession, *, cooperative_id: int, day: date) -> Mapping[Purpose, RetentionRule]:
    """The rule of every purpose as it counts on a day."""
    rows = session.scalars(select(RetentionSetting).where(RetentionSetting.cooperative_id == cooperative_id))
    settings = [
        Setting(id=row.id, purpose=row.purpose, kept_months=row.kept_months, starts_on=row.starts_on) for row in rows
    ]
    return rules_on(settings, day)


def read_settings(session: ScopedSession, *, cooperative_id: int) -> tuple[SettingView, ...]:
    """Every period that was set, newest first."""
    rows = session.execute(
        select(RetentionSetting, Account.name, AuditNote.text)
        .outerjoin(Account, Account.id == RetentionSetting.set_by_id)
        .outerjoin(
            AuditNote,
            (AuditNote.cooperative_id == RetentionSetting.cooperative_id)
            & (AuditNote.number == RetentionSetting.audit_number),
        )
        .where(RetentionSetting.cooperative_id == cooperative_id)
        .order_by(RetentionSetting.id.desc())
    )
    return tuple(
        SettingView(purpose=row.purpose, kept_months=row.kept_months, starts_on=row.starts_on, set_by=name,
                    set_at=row.set_at, reason=reason)
        for row, name, reason in rows
    )  # fmt: skip


def set_rule(
    session: ScopedSession,
    actor: Actor | None,
    *,
    cooperative_id: int,
    purpose: Purpose,
    kept_months: int,
    starts_on: date,
    why: str,
    now: datetime,
) -> None:
    """Keep what belongs to a purpose for another time from a day on. What was minimised by then stays minimised."""
    require_keeper(actor)
    problems = []
    if not 0 <= kept_months <= LONGEST_MONTHS:
        details = {"maximum": LONGEST_MONTHS}
        problems.append(Problem(key="kept_months", reason=RetentionReason.MONTHS_OUT_OF_RANGE, details=details))
    if starts_on < clock.legal_day(now):
        problems.append(Problem(key="starts_on", reason=RetentionReason.DAY_PAST))
    if not why.strip():
        problems.append(Problem(key="why", reason=RetentionReason.WHY_MISSING))
    if problems:
        raise InvalidInput(tuple(problems))
    number = audit.record(
        session, actor, Action.RETENTION_SET, cooperative_id=cooperative_id, subject=None,
        details={"purpose": purpose.value, "months": kept_months, "starts_on": starts_on.isoformat()}, why=why, now=now,
    )  # fmt: skip
    session.add(
        RetentionSetting(
            cooperative_id=cooperative_id, purpose=purpose, kept_months=kept_months, starts_on=starts_on,
            set_by_id=actor.account_id if actor else None, set_at=now, audit_number=number,
        )
    )  # fmt: skip
    session.flush()


# what leaves, and making it go


def read_leaving(
    session: ScopedSession, *, cooperative_id: int, day: date, party_ids: Iterable[int] | None = None
) -> tuple[Leaving, ...]:
    """For every field of these parties (None: all): when it goes, and because of which rule."""
    rules = read_rules(session, cooperative_id=cooperative_id, day=day)
    held = {one.party_id for one in running_holds(session, cooperative_id, day)}
    facts = read_facts(session, cooperative_id=cooperative_id, party_ids=party_ids)
    return tuple(one for party in facts for one in leaving(party, rules, held=party.party_id in held))


def try_out(session: ScopedSession, actor: Actor | None, *, cooperative_id: int, day: date) -> Trial:
    """What would go on `day`. Nothing is changed and nothing is kept."""
    require_reader(actor)
    found = read_leaving(session, cooperative_id=cooperative_id, day=day)
    lines = due(found, day)
    return Trial(
        day=day,
        lines=lines,
        whom=read_whom(session, cooperative_id=cooperative_id, party_ids={one.party_id for one in lines}, day=day),
        held=sum(one.is_held and one.leaves_on is not None and one.leaves_on <= day for one in found),
        digest=_digest(session, cooperative_id, lines, day, is_dry=True),
    )


def _digest(session: ScopedSession, cooperative_id: int, lines: Iterable[Line], day: date, *, is_dry: bool) -> str:
    return digest_of(proof_of(lines, cooperative=_slug(session, cooperative_id), day=day, is_dry=is_dry))


def _slug(session: ScopedSession, cooperative_id: int) -> str:
    return session.scalars(select(Cooperative.slug).where(Cooperative.id == cooperative_id)).one()


def keep_trial(session: ScopedSession, actor: Actor | None, *, cooperative_id: int, day: date, now: datetime) -> int:
    """Keep what would go as a run that was only tried out: for the minutes, or for the audit committee; its key."""
    require_keeper(actor)
    lines = due(read_leaving(session, cooperative_id=cooperative_id, day=day), day)
    return _keep_run(session, actor, cooperative_id, lines, day, is_dry=True, now=now)


def minimise(
    session: ScopedSession, actor: Actor | None, *, cooperative_id: int, day: date, seen: str | None, now: datetime
) -> int:
    """Blank everything that may go on `day`; the key of the run, which holds the proof.

    `seen` is the digest of what was shown before: refused where something else would go by now. None on the command
    line.
    """
    require_keeper(actor)
    first = due(read_leaving(session, cooperative_id=cooperative_id, day=day), day)
    for party_id in sorted({line.party_id for line in first}):
        held_party(session, cooperative_id, party_id)
    lines = due(read_leaving(session, cooperative_id=cooperative_id, day=day), day)
    if not lines:
        raise Refused(RetentionReason.NOTHING_DUE)
    if seen is not None and seen != _digest(session, cooperative_id, lines, day, is_dry=True):
        raise Refused(RetentionReason.CHANGED_MEANWHILE)
    fields: dict[Field, list[int]] = {}
    for line in lines:
        for field in line.fields:
            fields.setdefault(field, []).append(line.party_id)
    blank(session, actor, cooperative_id=cooperative_id, fields=fields, now=now)
    turns.settle(
        session, cooperative_id=cooperative_id, kind=TURN, subject="retention",
        by_id=actor.account_id if actor else None, now=now,
    )  # fmt: skip
    return _keep_run(session, actor, cooperative_id, lines, day, is_dry=False, now=now)


def _keep_run(
    session: ScopedSession,
    actor: Actor | None,
    cooperative_id: int,
    lines: tuple[Line, ...],
    day: date,
    *,
    is_dry: bool,
    now: datetime,
) -> int:
    parties = len({line.party_id for line in lines})
    row = Minimisation(
        cooperative_id=cooperative_id, is_dry=is_dry, day=day, made_by_id=actor.account_id if actor else None,
        made_at=now, party_count=parties, line_count=len(lines),
        digest=_digest(session, cooperative_id, lines, day, is_dry=is_dry),
    )  # fmt: skip
    session.add(row)
    session.flush()
    session.add_all(
        MinimisationLine(
            cooperative_id=cooperative_id, minimisation_id=row.id, number=number, party_id=line.party_id,
            purpose=line.purpose, kept_months=line.kept_months, fields=" ".join(line.fields), due_on=line.due_on,
        )
        for number, line in enumerate(lines, start=1)
    )  # fmt: skip
    session.flush()
    audit.record(
        session, actor, Action.MINIMISATION_TRIED if is_dry else Action.MINIMISATION_DONE,
        cooperative_id=cooperative_id, subject=f"minimisation:{row.id}",
        details={"count": parties, "proof_digest": row.digest}, now=now,
    )  # fmt: skip
    return row.id


# runs and their proof


def read_runs(session: ScopedSession, actor: Actor | None, *, cooperative_id: int) -> tuple[RunView, ...]:
    """Every run that was kept, newest first."""
    require_reader(actor)
    rows = session.execute(
        select(Minimisation, Account.name)
        .outerjoin(Account, Account.id == Minimisation.made_by_id)
        .where(Minimisation.cooperative_id == cooperative_id)
        .order_by(Minimisation.id.desc())
    )
    return tuple(_run(row, name) for row, name in rows)


def read_proof(session: ScopedSession, actor: Actor | None, *, cooperative_id: int, run_id: int) -> Proof:
    """The proof of a run, made again from its lines and compared with the digest that was kept. Raises NotFound."""
    require_reader(actor)
    found = session.execute(
        select(Minimisation, Account.name)
        .outerjoin(Account, Account.id == Minimisation.made_by_id)
        .where(Minimisation.cooperative_id == cooperative_id, Minimisation.id == run_id)
    ).one_or_none()
    if found is None:
        raise NotFound
    row, name = found
    rows = session.scalars(
        select(MinimisationLine)
        .where(MinimisationLine.cooperative_id == cooperative_id, MinimisationLine.minimisation_id == run_id)
        .order_by(MinimisationLine.number)
    )
    lines = tuple(
        Line(party_id=one.party_id, purpose=one.purpose, kept_months=one.kept_months,
             fields=tuple(Field(code) for code in one.fields.split()), due_on=one.due_on)
        for one in rows
    )  # fmt: skip
    text = proof_of(lines, cooperative=_slug(session, cooperative_id), day=row.day, is_dry=row.is_dry)
    return Proof(run=_run(row, name), text=text, lines=lines, holds=digest_of(text) == row.digest)


def _run(row: Minimisation, made_by: str | None) -> RunView:
    return RunView(
        id=row.id, is_dry=row.is_dry, day=row.day, made_at=row.made_at, made_by=made_by, party_count=row.party_count,
        line_count=row.line_count, digest=row.digest,
    )  # fmt: skip


def tell_due(session: ScopedSession, *, cooperative_id: int, now: datetime) -> int:
    """Say to who keeps privacy that something may go, by a turn; how many parties. It never makes anything go."""
    day = clock.legal_day(now)
    count = len({one.party_id for one in due(read_leaving(session, cooperative_id=cooperative_id, day=day), day)})
    if count:
        turns.give_turn(session, cooperative_id=cooperative_id, kind=TURN, subject="retention", roles=KEEPERS, now=now)
    else:
        turns.settle(session, cooperative_id=cooperative_id, kind=TURN, subject="retention", by_id=None, now=now)
    return count
