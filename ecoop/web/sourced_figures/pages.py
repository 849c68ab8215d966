"""What the page of the figures shows."""

from collections.abc import Sequence
from dataclasses import dataclass

from ecoop import clock, language
from ecoop.exchange.tables import Column, Kind, Table
from ecoop.governance.evidence import Bound
from ecoop.governance.figures import Difference, SourcedFigure, Unit, compare
from ecoop.governance.roles import Actor, Permission
from ecoop.language import gettext as _
from ecoop.language import listing, ngettext
from ecoop.language.figures import (
    DIFFERENCES,
    basis_name,
    status_name,
    subject_name,
    time_words,
    unit_name,
    value_words,
)
from ecoop.services.figures import Choice, SideBySide, Withdrawal


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRow:
    """One figure beside the others about the same thing."""

    id: int
    value: str
    time: str
    basis: str
    status: str
    source: str
    source_url: str | None
    entered: str
    used: bool
    differs: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawnRow:
    """A figure that no longer counts."""

    value: str
    source: str
    told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectPart:
    """All figures about one thing."""

    anchor: str
    name: str
    used: str
    reason: str
    rows: tuple[FigureRow, ...]
    withdrawn: tuple[WithdrawnRow, ...]
    before: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FiguresPage:
    """The figures of a cooperative."""

    title: str
    answer: str
    second: str
    parts: tuple[SubjectPart, ...]
    may_record: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AddFigurePage:
    """Adding a figure."""

    title: str
    messages: tuple[str, ...]


def figures_page(subjects: Sequence[SideBySide], actor: Actor) -> FiguresPage:
    """Per subject the figures side by side, and which one is used."""
    several = [one for one in subjects if len(one.figures) > 1]
    undecided = [one for one in several if one.used is None]
    return FiguresPage(
        title=_("Figures"),
        answer=_answer(subjects, several),
        second=ngettext(
            "For %(count)s of them the cooperative has not chosen yet which figure it uses.",
            "For %(count)s of them the cooperative has not chosen yet which figure it uses.",
            len(undecided),
        )
        if undecided
        else "",
        parts=tuple(_part(place, one) for place, one in enumerate(subjects, start=1)),
        may_record=actor.may(Permission.RECORD_FIGURES),
    )


def _answer(subjects: Sequence[SideBySide], several: Sequence[SideBySide]) -> str:
    if not subjects:
        return _("No figures are recorded yet.")
    if not several:
        return _("No two sources give a figure for the same thing.")
    return ngettext(
        "About %(count)s thing the sources give more than one figure.",
        "About %(count)s things the sources give more than one figure.",
        len(several),
    )


def _part(place: int, subject: SideBySide) -> SubjectPart:
    used = subject.used
    choice = subject.choices[0] if subject.choices and used is not None else None
    return SubjectPart(
        anchor=f"subject-{place}",
        name=subject_name(subject.subject),
        used=_("In use: %(value)s.", value=words(used)) if used else _("None is in use."),
        reason=_chosen(choice) if choice else "",
        rows=tuple(_row(one, used) for one in subject.figures),
        withdrawn=tuple(_withdrawn(one, gone) for one, gone in subject.withdrawn),
        before=_before(subject),
    )


def words(figure: SourcedFigure) -> str:
    """The value with its bound and unit."""
    return value_words(figure.value, figure.bound.value, figure.unit.value)


def when(figure: SourcedFigure) -> str:
    """The day or period of a figure."""
    return time_words(figure.as_at, figure.period_start, figure.period_end, partial=figure.is_partial)


def _chosen(choice: Choice) -> str:
    by, day = choice.by or _("when the cooperative was set up"), language.day(clock.legal_day(choice.at))
    return _("“%(reason)s” (%(name)s, %(day)s)", reason=choice.reason, name=by, day=day)


def _before(subject: SideBySide) -> tuple[str, ...]:
    """The choices that no longer count."""
    known = {one.id: one for one in (*subject.figures, *(figure for figure, _gone in subject.withdrawn))}
    older = subject.choices[1:] if subject.used is not None else subject.choices
    return tuple(
        _("%(value)s: %(why)s", value=words(known[one.figure_id]), why=_chosen(one))
        for one in older
        if one.figure_id in known
    )


def _row(figure: SourcedFigure, used: SourcedFigure | None) -> FigureRow:
    assert figure.id is not None  # noqa: S101  read from the database
    return FigureRow(
        id=figure.id,
        value=words(figure),
        time=when(figure),
        basis=basis_name(figure.basis.value),
        status=status_name(figure.status.value),
        source=figure.source,
        source_url=figure.source_url,
        entered=_entered(figure),
        used=used is not None and used.id == figure.id,
        differs=_differs(used, figure) if used is not None and used.id != figure.id else "",
    )


def _entered(figure: SourcedFigure) -> str:
    if figure.entered_at is None:
        return _("unknown")
    by = figure.entered_by or _("when the cooperative was set up")
    return _("%(name)s, %(day)s", name=by, day=language.day(clock.legal_day(figure.entered_at)))


def _differs(used: SourcedFigure, other: SourcedFigure) -> str:
    """How a figure differs from the one in use, and what may be why."""
    found = compare(used, other)
    reasons = listing([_(DIFFERENCES[reason]) for reason in found.reasons if reason is not Difference.SOURCE])
    if found.amount is None:
        return _("Not comparable: %(reasons)s.", reasons=reasons)
    if found.amount == 0:
        return _("The same.")
    if other.unit is Unit.YEAR:
        size = ngettext("%(count)s year", "%(count)s years", int(abs(found.amount)))
    else:
        size = value_words(abs(found.amount), Bound.EXACT.value, other.unit.value)
    more = _("%(amount)s more", amount=size) if found.amount > 0 else _("%(amount)s less", amount=size)
    return _("%(amount)s; %(reasons)s.", amount=more, reasons=reasons) if reasons else _("%(amount)s.", amount=more)


def _withdrawn(figure: SourcedFigure, gone: Withdrawal) -> WithdrawnRow:
    by, day = gone.by or _("when the cooperative was set up"), language.day(clock.legal_day(gone.at))
    return WithdrawnRow(
        value=words(figure),
        source=figure.source,
        told=_("“%(reason)s” (%(name)s, %(day)s)", reason=gone.reason, name=by, day=day),
    )


def figures_table(subjects: Sequence[SideBySide]) -> Table:
    """All figures that count as a table for a spreadsheet; an unknown value is an empty cell."""
    rows = tuple(
        (
            subject_name(subject.subject),
            float(one.value) if one.value is not None else None,
            words(one),
            unit_name(one.unit.value),
            when(one),
            basis_name(one.basis.value),
            status_name(one.status.value),
            one.source,
            one.source_url or "",
            _entered(one),
            _("yes") if subject.used is not None and subject.used.id == one.id else _("no"),
        )
        for subject in subjects
        for one in subject.figures
    )
    labels = (_("In words"), _("Unit"), _("Day or period"), _("Basis"), _("Status"), _("Source"), _("Web address"))
    return Table(
        name="figures",
        caption=_("Figures"),
        columns=(
            Column(label=_("About")),
            Column(label=_("Value"), kind=Kind.EXACT),
            *(Column(label=label) for label in labels),
            Column(label=_("Entered by")),
            Column(label=_("In use")),
        ),
        rows=rows,
    )


def add_page(messages: Sequence[str] = ()) -> AddFigurePage:
    """The form for a figure."""
    return AddFigurePage(title=_("Add a figure"), messages=tuple(messages))
