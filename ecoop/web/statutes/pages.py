"""What the pages about the statutes show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ecoop import language
from ecoop.governance.roles import Actor, Permission
from ecoop.governance.statutes import Statutes
from ecoop.governance.voting_rights import plain_votes
from ecoop.language import gettext as _
from ecoop.language import ngettext
from ecoop.language.governing import (
    ENTRY_RULES,
    LAW_OF_RULE,
    NOTICE_ENDS,
    PROXY_HOLDERS,
    conflict_sentence,
    legal_form_name,
    rule_name,
)
from ecoop.language.register import party_kind_name
from ecoop.services.statutes import StatutesView


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRow:
    """One rule in plain words, the clause of the statutes, and where the law is said to speak about it."""

    name: str
    value: str
    clause: str
    law: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassRow:
    """One kind of membership in words."""

    name: str
    code: str
    votes: str
    open_to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRow:
    """One recorded version."""

    valid_from: str
    recorded: str
    by: str
    paper_id: int | None
    paper: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatutesPage:
    """The rules in force, and every version."""

    title: str
    answer: str
    second: str
    conflicts: tuple[str, ...]
    classes: tuple[ClassRow, ...]
    classes_clause: str
    rules: tuple[RuleRow, ...]
    versions: tuple[VersionRow, ...]
    may_keep: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPage:
    """Recording a version."""

    title: str
    answer: str
    messages: tuple[str, ...]
    rules: Mapping[str, str]


def statutes_page(
    present: StatutesView | None,
    versions: Sequence[StatutesView],
    titles: Mapping[int, str],
    actor: Actor,
    *,
    today: date,
) -> StatutesPage:
    """The rules of today, and how they came about."""
    statutes = present.statutes if present else None
    return StatutesPage(
        title=_("Statutes"),
        answer=_answer(statutes),
        second=_("These are the rules as the board recorded them. The notarial deed decides, and this is no advice."),
        conflicts=tuple(conflict_sentence(one) for one in present.conflicts) if present else (),
        classes=tuple(_class_rows(statutes)) if statutes else (),
        classes_clause=dict(statutes.clauses).get("classes", "") if statutes else "",
        rules=tuple(_rules(statutes)) if statutes else (),
        versions=tuple(_version(one, present, titles, today) for one in versions),
        may_keep=actor.may(Permission.KEEP_REGISTER),
    )


def _answer(statutes: Statutes | None) -> str:
    if statutes is None:
        return _("No statutes are recorded yet. Until then nobody may vote.")
    return ngettext(
        "The statutes of %(day)s are in force, with %(count)s kind of membership.",
        "The statutes of %(day)s are in force, with %(count)s kinds of membership.",
        len(statutes.classes), day=language.day(statutes.valid_from),
    )  # fmt: skip


def votes_text(votes: Decimal) -> str:
    """Votes as one reads them."""
    text = language.number(votes, len(plain_votes(votes).partition(".")[2]))
    return text if votes else _("no vote")


def _class_rows(statutes: Statutes) -> list[ClassRow]:
    dutch = language.current() is language.Language.DUTCH
    return [
        ClassRow(
            name=one.name_nl if dutch else one.name_en,
            code=one.code,
            votes=votes_text(one.votes),
            open_to=language.listing(sorted(party_kind_name(kind) for kind in one.open_to)),
        )
        for one in statutes.classes
    ]


def _rules(statutes: Statutes) -> list[RuleRow]:
    clauses = dict(statutes.clauses)
    return [
        RuleRow(
            name=rule_name(code),
            value=value,
            clause=clauses.get(code, ""),
            law=_(LAW_OF_RULE[code]) if code in LAW_OF_RULE else "",
        )
        for code, value in _values(statutes).items()
    ]


def _values(statutes: Statutes) -> dict[str, str]:
    no_limit, month_day = _("no limit in the statutes"), statutes.financial_year_ends
    weeks, age = statutes.notice_weeks, statutes.minimum_age
    return {
        "legal_form": legal_form_name(statutes.legal_form),
        "entry_rule": _(ENTRY_RULES[statutes.entry_rule]),
        "minimum_age": ngettext("%(count)s year", "%(count)s years", age) if age else no_limit,
        "notice_weeks": ngettext("%(count)s week", "%(count)s weeks", weeks),
        "notice_end": _(NOTICE_ENDS[statutes.notice_end]),
        "financial_year_ends": language.day_of_year(date(2024, *month_day)),
        "proxy_holder": _(PROXY_HOLDERS[statutes.proxy_holder]),
        "most_proxies": no_limit if statutes.most_proxies is None else language.number(statutes.most_proxies),
        "most_votes": no_limit if statutes.most_votes is None else votes_text(statutes.most_votes),
        "term_years": (
            no_limit
            if statutes.term_years is None
            else ngettext("%(count)s year", "%(count)s years", statutes.term_years)
        ),
        "most_terms": no_limit if statutes.most_terms is None else language.number(statutes.most_terms),
        "smallest_board": ngettext("%(count)s person", "%(count)s people", statutes.smallest_board),
        "outsiders_on_board": _("allowed") if statutes.outsiders_on_board else _("not allowed"),
    }


def _version(one: StatutesView, present: StatutesView | None, titles: Mapping[int, str], today: date) -> VersionRow:
    if one.replaced:
        state = _("recorded anew later")
    elif present is not None and one.id == present.id:
        state = _("in force")
    else:
        state = _("coming") if one.statutes.valid_from > today else _("earlier")
    return VersionRow(
        valid_from=language.day(one.statutes.valid_from),
        recorded=language.moment(one.recorded_at),
        by=one.recorded_by or _("ecoop itself"),
        paper_id=one.paper_id if one.paper_id in titles else None,
        paper=titles.get(one.paper_id or 0, ""),
        state=state,
    )


def record_page(rules: Sequence[str], messages: Sequence[str] = ()) -> RecordPage:
    """Recording a new version."""
    return RecordPage(
        title=_("Record statutes"),
        answer=_(
            "Votes, notice and terms are counted with these rules from that day on. Versions recorded before stay "
            "readable."
        ),
        messages=tuple(messages),
        rules={name: rule_name(name) for name in rules},
    )
