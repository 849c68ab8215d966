"""What the pages about offices, decisions and representatives show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ecoop import language
from ecoop.governance.offices import BOARD_OFFICES, Warned, term_end
from ecoop.governance.roles import Actor, Permission
from ecoop.governance.statutes import Statutes
from ecoop.governance.ubo import BeneficialOwner, Interest
from ecoop.language import gettext as _
from ecoop.language import ngettext
from ecoop.language.governing import body_name, finding_sentence, office_name
from ecoop.services.offices import DecisionView, OfficeView
from ecoop.services.register_check import Finding

DECISIONS_SHOWN = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeRow:
    """A time in office in words."""

    id: int
    office: str
    name: str
    term: str
    by_statutes: bool
    decision: str
    can_end: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRow:
    """A decision in words."""

    number: str
    day: str
    body: str
    subject: str
    text: str
    mark: str
    paper_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningRow:
    """Something to look at; `is_law` where the law is meant and nobody verified it."""

    sentence: str
    is_law: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficesPage:
    """Who is in which office, and by which decision."""

    title: str
    answer: str
    warnings: tuple[WarningRow, ...]
    owners: str
    now: tuple[OfficeRow, ...]
    other: tuple[OfficeRow, ...]
    decisions: tuple[DecisionRow, ...]
    page: int
    pages: int
    may_keep: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPage:
    """A form with a title, what it means, and what is wrong beside its fields."""

    title: str
    answer: str
    messages: tuple[str, ...] = ()


def offices_page(
    offices: Sequence[OfficeView],
    decisions: Sequence[DecisionView],
    findings: Sequence[Finding],
    owners: Sequence[tuple[BeneficialOwner, str]],
    statutes: Statutes | None,
    actor: Actor,
    *,
    day: date,
    page: int,
) -> OfficesPage:
    """The offices of today, what the board should look at, and the decisions."""
    pages = max(1, -(-len(decisions) // DECISIONS_SHOWN))
    page = min(max(1, page), pages)
    shown = decisions[(page - 1) * DECISIONS_SHOWN : page * DECISIONS_SHOWN]
    return OfficesPage(
        title=_("Offices and decisions"),
        answer=_answer(offices, statutes, day),
        warnings=tuple(
            WarningRow(sentence=finding_sentence(one.code, one.details), is_law=one.code == Warned.TRADE_REGISTER)
            for one in findings
        ),
        owners=_owners(owners),
        now=tuple(_row(one, statutes, day) for one in offices if one.held.runs_on(day)),
        other=tuple(_row(one, statutes, day) for one in reversed(offices) if not one.held.runs_on(day)),
        decisions=tuple(_decision(one) for one in shown),
        page=page,
        pages=pages,
        may_keep=actor.may(Permission.KEEP_REGISTER),
    )


def _answer(offices: Sequence[OfficeView], statutes: Statutes | None, day: date) -> str:
    if not offices:
        return _("No offices are recorded yet. Record the decision first, then who was appointed by it.")
    size = len({one.party_id for one in offices if one.office in BOARD_OFFICES and one.held.runs_on(day)})
    if statutes is None:
        return ngettext("The board has %(count)s member.", "The board has %(count)s members.", size)
    return ngettext(
        "The board has %(count)s member; the statutes ask at least %(least)s.",
        "The board has %(count)s members; the statutes ask at least %(least)s.",
        size, least=language.number(statutes.smallest_board),
    )  # fmt: skip


def _owners(owners: Sequence[tuple[BeneficialOwner, str]]) -> str:
    if not owners:
        return _(
            "Nobody holds more than a quarter of the votes or of the capital. Then the board is registered as UBO."
        )
    told = [
        _("%(name)s (%(share)s of the votes)", name=name, share=language.percent(float(one.share), 1))
        if one.interest is Interest.VOTES
        else _("%(name)s (%(share)s of the capital)", name=name, share=language.percent(float(one.share), 1))
        for one, name in owners
    ]
    return _("More than a quarter: %(names)s.", names=language.listing(told))


def _row(one: OfficeView, statutes: Statutes | None, day: date) -> OfficeRow:
    end = term_end(one.held, statutes)
    return OfficeRow(
        id=one.id,
        office=office_name(one.office),
        name=one.name,
        term=_term(one.starts_on, end),
        by_statutes=end is not None and end != one.ends_on,
        decision=_numbers(one),
        can_end=one.ends_on is None or one.ends_on > day,
    )


def _term(starts_on: date, end: date | None) -> str:
    since = language.day(starts_on)
    if end is None:
        return _("since %(since)s", since=since)
    return _("%(since)s until %(until)s", since=since, until=language.day(end))


def _numbers(one: OfficeView) -> str:
    if one.ended_by is None:
        return str(one.decision)
    return _("%(first)s, ended by %(last)s", first=one.decision, last=one.ended_by)


def _decision(one: DecisionView) -> DecisionRow:
    mark = ""
    if one.annulled_by is not None:
        mark = _("annulled by decision %(number)s", number=one.annulled_by)
    elif one.annuls is not None:
        mark = _("annuls decision %(number)s", number=one.annuls)
    return DecisionRow(
        number=str(one.number),
        day=language.day(one.decided_on),
        body=body_name(one.body),
        subject=one.subject,
        text=one.text or "",
        mark=mark,
        paper_id=one.paper_id,
    )


def decide_page(messages: Sequence[str] = ()) -> FormPage:
    """Recording a decision."""
    return FormPage(
        title=_("Record a decision"),
        answer=_("It gets the next number. A decision is never changed: another one can annul it."),
        messages=tuple(messages),
    )


def appoint_page(messages: Sequence[str] = ()) -> FormPage:
    """Recording an appointment."""
    return FormPage(
        title=_("Record an appointment"),
        answer=_("An office rests on a decision. It gives no role on the platform: that is given apart."),
        messages=tuple(messages),
    )


def end_page(one: OfficeView, messages: Sequence[str] = ()) -> FormPage:
    """Ending a term before its time."""
    return FormPage(
        title=_("End the office of %(name)s", name=one.name),
        answer=_("From that day %(name)s is no longer %(office)s, and cannot decide as such.", name=one.name,
                 office=office_name(one.office).lower()),
        messages=tuple(messages),
    )  # fmt: skip


def represent_page(name: str, messages: Sequence[str] = ()) -> FormPage:
    """Who acts for a member."""
    return FormPage(
        title=_("Who acts for %(name)s", name=name),
        answer=_("One person votes at a time. Contracts and mail may go to several."),
        messages=tuple(messages),
    )
