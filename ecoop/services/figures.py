"""Figures with their sources: recording one, choosing which is used, withdrawing one, reading them side by side."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import aliased

from ecoop.clock import legal_day
from ecoop.db import ScopedSession
from ecoop.errors import Forbidden, InvalidInput, NotFound, Problem, Refused
from ecoop.governance.audit import Action
from ecoop.governance.evidence import Bound, Subject
from ecoop.governance.figures import (
    Basis,
    FigureReason,
    SourcedFigure,
    Status,
    Unit,
    choose,
    contradictions,
    from_scaled,
    to_scaled,
)
from ecoop.governance.roles import Actor, Permission
from ecoop.models import Account, Figure, FigureChoice, FigureWithdrawal
from ecoop.services import audit

LONGEST_SUBJECT, LONGEST_SOURCE, LONGEST_URL, LONGEST_REASON = 80, 500, 1000, 500
EARLIEST, YEARS_AHEAD = date(1800, 1, 1), 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """That a figure no longer counts."""

    reason: str
    by: str | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which figure is used, why, and who said so when."""

    figure_id: int
    reason: str
    by: str | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SideBySide:
    """All figures for one subject, in the order in which they came in."""

    subject: str
    figures: tuple[SourcedFigure, ...]
    withdrawn: tuple[tuple[SourcedFigure, Withdrawal], ...]
    choices: tuple[Choice, ...]
    """The newest first; only that one counts."""

    @property
    def used(self) -> SourcedFigure | None:
        """The figure that the cooperative uses: the marked one, else none."""
        return choose(self.figures, self.choices[0].figure_id if self.choices else None)


def build_figure(
    *,
    subject: str,
    value: Decimal | None,
    bound: Bound,
    unit: Unit,
    basis: Basis,
    status: Status,
    as_at: date | None,
    period_start: date | None,
    period_end: date | None,
    marked_partial: bool,
    source: str,
    source_url: str | None,
) -> SourcedFigure:
    """A figure of what somebody filled in. Raises InvalidInput naming everything that contradicts itself."""
    found = contradictions(
        subject=subject,
        value=value,
        bound=bound,
        source=source,
        as_at=as_at,
        period_start=period_start,
        period_end=period_end,
    )
    if found:
        raise InvalidInput(tuple(Problem(key=key, reason=reason) for key, reason in found))
    return SourcedFigure(
        subject=subject,
        value=value,
        bound=bound,
        unit=unit,
        basis=basis,
        status=status,
        as_at=as_at,
        period_start=period_start,
        period_end=period_end,
        marked_partial=marked_partial,
        source=source,
        source_url=source_url,
    )


def record_figure(
    session: ScopedSession, actor: Actor | None, *, cooperative_id: int, figure: SourcedFigure, now: datetime
) -> int:
    """Keep a figure; its number. `actor` None: put in when the cooperative was set up. Raises InvalidInput."""
    _require_recorder(actor)
    _check(figure, legal_day(now))
    row = _row(cooperative_id, figure, actor, now)
    session.add(row)
    session.flush()
    audit.record(
        session,
        actor,
        Action.FIGURES_RECORDED,
        cooperative_id=cooperative_id,
        subject=f"figure:{row.id}",
        details={"count": 1},
        now=now,
    )
    return row.id


def choose_figure(
    session: ScopedSession, actor: Actor | None, *, cooperative_id: int, figure_id: int, reason: str, now: datetime
) -> None:
    """From now on the cooperative uses this figure for its subject, for a reason that everybody inside can read."""
    _require_recorder(actor)
    _require_reason(reason)
    row = _standing(session, cooperative_id, figure_id)
    newest = _choices(session, cooperative_id)[row.subject][:1]
    if newest and newest[0].figure_id == figure_id:
        raise Refused(FigureReason.CHOSEN_ALREADY)
    session.add(
        FigureChoice(
            cooperative_id=cooperative_id,
            subject=row.subject,
            figure_id=figure_id,
            reason=reason.strip(),
            chosen_by_id=actor.account_id if actor else None,
            chosen_at=now,
        )
    )
    session.flush()
    audit.record(
        session,
        actor,
        Action.FIGURE_CHOSEN,
        cooperative_id=cooperative_id,
        subject=f"figure:{figure_id}",
        why=reason,
        now=now,
    )


def withdraw_figure(
    session: ScopedSession, actor: Actor | None, *, cooperative_id: int, figure_id: int, reason: str, now: datetime
) -> None:
    """The figure no longer counts. It stays readable, with the reason."""
    _require_recorder(actor)
    _require_reason(reason)
    _standing(session, cooperative_id, figure_id)
    session.add(
        FigureWithdrawal(
            cooperative_id=cooperative_id,
            figure_id=figure_id,
            reason=reason.strip(),
            withdrawn_by_id=actor.account_id if actor else None,
            withdrawn_at=now,
        )
    )
    session.flush()
    audit.record(
        session,
        actor,
        Action.FIGURE_WITHDRAWN,
        cooperative_id=cooperative_id,
        subject=f"figure:{figure_id}",
        why=reason,
        now=now,
    )


def read_side_by_side(session: ScopedSession, *, cooperative_id: int) -> tuple[SideBySide, ...]:
    """All figures by subject: our own subjects first, in their order, then those in the cooperative's words."""
    figures: dict[str, list[SourcedFigure]] = defaultdict(list)
    withdrawn: dict[str, list[tuple[SourcedFigure, Withdrawal]]] = defaultdict(list)
    gone = _withdrawals(session, cooperative_id)
    for one in _read(session, cooperative_id):
        if one.id in gone:
            withdrawn[one.subject].append((one, gone[one.id]))
        else:
            figures[one.subject].append(one)
    choices = _choices(session, cooperative_id)
    order = {subject.value: place for place, subject in enumerate(Subject)}
    subjects = sorted(figures.keys() | withdrawn.keys(), key=lambda one: (order.get(one, len(order)), one.casefold()))
    return tuple(
        SideBySide(
            subject=subject,
            figures=tuple(figures[subject]),
            withdrawn=tuple(withdrawn[subject]),
            choices=tuple(choices[subject]),
        )
        for subject in subjects
    )


def read_figures(session: ScopedSession, *, cooperative_id: int) -> tuple[SourcedFigure, ...]:
    """The figures that count, in the order in which they came in."""
    gone = _withdrawals(session, cooperative_id)
    return tuple(one for one in _read(session, cooperative_id) if one.id not in gone)


_PLAIN = re.compile(r"-?\d+(?:[.,]\d+)?")
_GROUPED = re.compile(r"-?\d{1,3}(?:(?:\.\d{3})+(?:,\d+)?|(?:,\d{3})+(?:\.\d+)?)")


def parse_value(text: str) -> Decimal | None:
    """A number as a Dutch or an English reader writes it: 1.270, 1,270, 2,6 or 2.6; None where it is none of these.

    A mark with exactly three digits behind it separates thousands, as in 1.270, unless a zero stands before it.
    """
    plain = "".join(text.split()).removeprefix("€")
    if not plain.isascii():
        return None
    if _GROUPED.fullmatch(plain) and not plain.lstrip("-").startswith("0"):
        thousands = next(mark for mark in plain if mark in ".,")
        return Decimal(plain.replace(thousands, "").replace(",", "."))
    return Decimal(plain.replace(",", ".")) if _PLAIN.fullmatch(plain) else None


def _check(figure: SourcedFigure, day: date) -> None:
    problems = []
    long = {"subject": LONGEST_SUBJECT, "source": LONGEST_SOURCE}
    reasons = {"subject": FigureReason.SUBJECT_UNUSABLE, "source": FigureReason.SOURCE_UNUSABLE}
    for key, text in (("subject", figure.subject), ("source", figure.source)):
        if len(text) > long[key] or not text.isprintable():
            problems.append(Problem(key=key, reason=reasons[key], details={"maximum": long[key]}))
    if figure.source_url is not None and not _is_web_address(figure.source_url):
        problems.append(Problem(key="source_url", reason=FigureReason.URL_UNUSABLE))
    for key, when in (
        ("as_at", figure.as_at),
        ("period_start", figure.period_start),
        ("period_end", figure.period_end),
    ):
        if when is not None and not EARLIEST <= when <= date(day.year + YEARS_AHEAD, 1, 1):
            problems.append(Problem(key=key, reason=FigureReason.DAY_UNLIKELY))
    if problems:
        raise InvalidInput(tuple(problems))


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    fits = len(text) <= LONGEST_URL and text.isprintable() and " " not in text
    return fits and parts.scheme in {"http", "https"} and bool(parts.hostname)


def _require_recorder(actor: Actor | None) -> None:
    if actor is not None and not actor.may(Permission.RECORD_FIGURES):
        raise Forbidden


def _require_reason(reason: str) -> None:
    if not reason.strip() or len(reason.strip()) > LONGEST_REASON:
        details = {"maximum": LONGEST_REASON}
        raise InvalidInput((Problem(key="reason", reason=FigureReason.REASON_MISSING, details=details),))


def _standing(session: ScopedSession, cooperative_id: int, figure_id: int) -> Figure:
    row = session.get(Figure, (cooperative_id, figure_id))
    if row is None:
        raise NotFound
    if session.get(FigureWithdrawal, (cooperative_id, figure_id)) is not None:
        raise Refused(FigureReason.WITHDRAWN)
    return row


def _row(cooperative_id: int, figure: SourcedFigure, actor: Actor | None, now: datetime) -> Figure:
    return Figure(
        cooperative_id=cooperative_id,
        subject=figure.subject.strip(),
        value_millionths=None if figure.value is None else to_scaled(figure.value),
        bound=figure.bound,
        unit=figure.unit,
        basis=figure.basis,
        status=figure.status,
        as_at=figure.as_at,
        period_start=figure.period_start,
        period_end=figure.period_end,
        marked_partial=figure.marked_partial,
        source=figure.source.strip(),
        source_url=figure.source_url,
        entered_by_id=actor.account_id if actor else None,
        entered_at=now,
    )


def _read(session: ScopedSession, cooperative_id: int) -> Iterable[SourcedFigure]:
    query = (
        select(Figure, Account.name)
        .outerjoin(Account, Account.id == Figure.entered_by_id)
        .where(Figure.cooperative_id == cooperative_id)
        .order_by(Figure.id)
    )
    for row, name in session.execute(query):
        yield _figure(row, name)


def _figure(row: Figure, name: str | None) -> SourcedFigure:
    return SourcedFigure(
        id=row.id,
        subject=row.subject,
        value=None if row.value_millionths is None else from_scaled(row.value_millionths),
        bound=row.bound,
        unit=row.unit,
        basis=row.basis,
        status=row.status,
        as_at=row.as_at,
        period_start=row.period_start,
        period_end=row.period_end,
        marked_partial=row.marked_partial,
        source=row.source,
        source_url=row.source_url,
        entered_by=name,
        entered_at=row.entered_at,
    )


def _withdrawals(session: ScopedSession, cooperative_id: int) -> dict[int | None, Withdrawal]:
    account = aliased(Account)
    query = (
        select(FigureWithdrawal, account.name)
        .outerjoin(account, account.id == FigureWithdrawal.withdrawn_by_id)
        .where(FigureWithdrawal.cooperative_id == cooperative_id)
    )
    return {
        row.figure_id: Withdrawal(reason=row.reason, by=name, at=row.withdrawn_at)
        for row, name in session.execute(query)
    }


def _choices(session: ScopedSession, cooperative_id: int) -> dict[str, list[Choice]]:
    account = aliased(Account)
    query = (
        select(FigureChoice, account.name)
        .outerjoin(account, account.id == FigureChoice.chosen_by_id)
        .where(FigureChoice.cooperative_id == cooperative_id)
        .order_by(FigureChoice.id.desc())
    )
    found: dict[str, list[Choice]] = defaultdict(list)
    for row, name in session.execute(query):
        found[row.subject].append(Choice(figure_id=row.figure_id, reason=row.reason, by=name, at=row.chosen_at))
    return found
