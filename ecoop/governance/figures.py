"""The one type for a number that somebody reports: where it comes from, of when, on which basis, and how sure.

Unknown is a value of its own. It is never zero, and no average or sum takes it in.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from ecoop.governance.evidence import Bound

DECIMALS = 6
LARGEST = Decimal(10) ** 12
"""Values stay below this, so that they fit their column with all decimals."""


class Unit(StrEnum):
    """What is counted."""

    EUR = "eur"
    EUR_PER_GJ = "eur_per_gj"
    DWELLINGS = "dwellings"
    DWELLING_EQUIVALENTS = "dwelling_equivalents"
    CONNECTIONS = "connections"
    BUILDINGS = "buildings"
    MEMBERS = "members"
    PROJECTS = "projects"
    KWP = "kwp"
    MWH = "mwh"
    GJ = "gj"
    PERCENT = "percent"
    YEAR = "year"


class Basis(StrEnum):
    """On what a figure is reckoned; NONE where the source does not tell, or where that makes no difference."""

    NONE = "none"
    EX_VAT = "ex_vat"
    INCL_VAT = "incl_vat"
    DWELLINGS = "dwellings"
    DWELLING_EQUIVALENTS = "dwelling_equivalents"


class Status(StrEnum):
    """How the figure came about."""

    REPORTED = "reported"
    COMPUTED = "computed"
    ASSUMPTION = "assumption"


class FigureReason(StrEnum):
    """Why a figure is refused, or two cannot be taken together."""

    SUBJECT_MISSING = "figure_subject_missing"
    SUBJECT_UNUSABLE = "figure_subject_unusable"
    VALUE_MISSING = "figure_value_missing"
    VALUE_GIVEN = "figure_value_given"
    VALUE_UNUSABLE = "figure_value_unusable"
    SOURCE_MISSING = "figure_source_missing"
    SOURCE_UNUSABLE = "figure_source_unusable"
    URL_UNUSABLE = "figure_url_unusable"
    TWO_TIMES = "figure_two_times"
    PERIOD_HALF = "figure_period_half"
    PERIOD_EMPTY = "figure_period_empty"
    DAY_UNLIKELY = "figure_day_unlikely"
    REASON_MISSING = "figure_reason_missing"
    WITHDRAWN = "figure_withdrawn"
    CHOSEN_ALREADY = "figure_chosen_already"
    MIXED_UNITS = "figure_mixed_units"
    MIXED_BASIS = "figure_mixed_basis"


class NotTogether(ValueError):
    """Figures of different units or bases are not added, averaged or weighed against each other."""

    def __init__(self, reason: FigureReason) -> None:
        super().__init__(str(reason))
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcedFigure:
    """One figure as one source gives it. Raises ValueError where it contradicts itself.

    `value` is None exactly where `bound` is UNKNOWN. `as_at` is the day it was true; `period_start` and `period_end`
    (not included) the time it is about; where all are None the source does not say. `marked_partial` is somebody's
    word that the period covers a year only in part.
    """

    subject: str
    value: Decimal | None
    bound: Bound = Bound.EXACT
    unit: Unit
    basis: Basis = Basis.NONE
    status: Status = Status.REPORTED
    as_at: date | None = None
    period_start: date | None = None
    period_end: date | None = None
    marked_partial: bool = False
    source: str
    source_url: str | None = None
    entered_by: str | None = None
    entered_at: datetime | None = None
    id: int | None = None

    def __post_init__(self) -> None:
        found = contradictions(
            subject=self.subject,
            value=self.value,
            bound=self.bound,
            source=self.source,
            as_at=self.as_at,
            period_start=self.period_start,
            period_end=self.period_end,
        )
        if found:
            raise ValueError("; ".join(reason.value for _key, reason in found))

    @property
    def is_known(self) -> bool:
        """Whether there is a value at all."""
        return self.value is not None

    @property
    def is_partial(self) -> bool:
        """Whether its period does not cover whole years: told by hand, seen from its days, or not over yet."""
        if self.marked_partial:
            return True
        if self.period_start is None or self.period_end is None:
            return False
        whole = (self.period_start.month, self.period_start.day) == (self.period_end.month, self.period_end.day)
        return not whole or (self.entered_at is not None and self.entered_at.date() < self.period_end)


def contradictions(
    *,
    subject: str,
    value: Decimal | None,
    bound: Bound,
    source: str,
    as_at: date | None = None,
    period_start: date | None = None,
    period_end: date | None = None,
) -> list[tuple[str, FigureReason]]:
    """What in a figure cannot be, each with the name of its field."""
    found = [("value", reason) for reason in _of_value(value, bound)]
    if not source.strip():
        found.append(("source", FigureReason.SOURCE_MISSING))
    if not subject.strip():
        found.append(("subject", FigureReason.SUBJECT_MISSING))
    if as_at is not None and (period_start is not None or period_end is not None):
        found.append(("as_at", FigureReason.TWO_TIMES))
    if (period_start is None) != (period_end is None):
        found.append(("period_end", FigureReason.PERIOD_HALF))
    elif period_start is not None and period_end is not None and period_end <= period_start:
        found.append(("period_end", FigureReason.PERIOD_EMPTY))
    return found


def _of_value(value: Decimal | None, bound: Bound) -> Iterable[FigureReason]:
    if value is None:
        if bound is not Bound.UNKNOWN:
            yield FigureReason.VALUE_MISSING
    elif bound is Bound.UNKNOWN:
        yield FigureReason.VALUE_GIVEN
    elif not value.is_finite() or abs(value) >= LARGEST or value != value.quantize(Decimal(10) ** -DECIMALS):
        yield FigureReason.VALUE_UNUSABLE


def to_scaled(value: Decimal) -> int:
    """The value as a whole number of millionths, exact."""
    return int(value.scaleb(DECIMALS))


def from_scaled(scaled: int) -> Decimal:
    """The value of a whole number of millionths."""
    value = Decimal(scaled).scaleb(-DECIMALS)
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def choose(figures: Iterable[SourcedFigure], chosen_id: int | None) -> SourcedFigure | None:
    """The figure that is used: the one that was marked, if it still stands there, else none."""
    return next((figure for figure in figures if chosen_id is not None and figure.id == chosen_id), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """Several figures in one: the value, how sure it is, over how many it was taken, how many are unknown."""

    value: Decimal | None
    bound: Bound
    unit: Unit | None
    basis: Basis | None
    counted: int
    unknown: int


def average(figures: Sequence[SourcedFigure]) -> Together:
    """The average of what is known, and over how many. Raises NotTogether where units or bases are mixed.

    "Over" among exact figures makes it a lower bound, "almost" an upper bound, "about" or both makes it approximate.
    """
    unit, basis = _shared(figures)
    known = [figure.value for figure in figures if figure.value is not None]
    value = _quotient(sum(known, Decimal(0)), len(known)) if known else None
    return Together(
        value=value,
        bound=_bound(figures) if known else Bound.UNKNOWN,
        unit=unit,
        basis=basis,
        counted=len(known),
        unknown=len(figures) - len(known),
    )


def total(figures: Sequence[SourcedFigure]) -> Together:
    """The sum; unknown as soon as one part is, because a sum that leaves something out is another sum."""
    unit, basis = _shared(figures)
    known = [figure.value for figure in figures if figure.value is not None]
    whole = bool(known) and len(known) == len(figures)
    return Together(
        value=sum(known, Decimal(0)) if whole else None,
        bound=_bound(figures) if whole else Bound.UNKNOWN,
        unit=unit,
        basis=basis,
        counted=len(known),
        unknown=len(figures) - len(known),
    )


def _shared(figures: Sequence[SourcedFigure]) -> tuple[Unit | None, Basis | None]:
    units, bases = {figure.unit for figure in figures}, {figure.basis for figure in figures}
    if len(units) > 1:
        raise NotTogether(FigureReason.MIXED_UNITS)
    if len(bases) > 1:
        raise NotTogether(FigureReason.MIXED_BASIS)
    return next(iter(units), None), next(iter(bases), None)


def _bound(figures: Sequence[SourcedFigure]) -> Bound:
    bounds = {figure.bound for figure in figures if figure.is_known} - {Bound.EXACT}
    if not bounds:
        return Bound.EXACT
    return next(iter(bounds)) if len(bounds) == 1 else Bound.ABOUT


def _quotient(dividend: Decimal, count: int) -> Decimal:
    exact = Fraction(dividend) / count
    millionths = exact * 10**DECIMALS
    whole, rest = divmod(abs(millionths.numerator), millionths.denominator)
    whole += 2 * rest >= millionths.denominator
    return from_scaled(whole if exact >= 0 else -whole)


class Difference(StrEnum):
    """Why two figures about one thing may differ."""

    UNKNOWN = "unknown"
    UNIT = "unit"
    BASIS = "basis"
    BOUND = "bound"
    TIME = "time"
    STATUS = "status"
    SOURCE = "source"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """How the second figure differs from the first: by how much (None where that cannot be said), and what may be why.

    Without a difference in unit and basis, the rest of the reasons say what to look at.
    """

    amount: Decimal | None
    reasons: tuple[Difference, ...]


def compare(first: SourcedFigure, second: SourcedFigure) -> Comparison:
    """The second minus the first, where both are known and of one unit and basis."""
    differs = {
        Difference.UNKNOWN: not (first.is_known and second.is_known),
        Difference.UNIT: first.unit is not second.unit,
        Difference.BASIS: first.basis is not second.basis,
        Difference.BOUND: first.bound is not second.bound,
        Difference.TIME: _time(first) != _time(second),
        Difference.STATUS: first.status is not second.status,
        Difference.SOURCE: first.source != second.source,
    }
    amount = None
    if (
        first.value is not None
        and second.value is not None
        and not (differs[Difference.UNIT] or differs[Difference.BASIS])
    ):
        amount = second.value - first.value
    return Comparison(amount=amount, reasons=tuple(reason for reason, found in differs.items() if found))


def _time(figure: SourcedFigure) -> tuple[date | None, date | None, date | None]:
    return figure.as_at, figure.period_start, figure.period_end
