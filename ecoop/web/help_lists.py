"""Lists in the help that are never kept by hand: terms, inputs of a case, roles, what is noted, rules of the law."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from ecoop.finance.inputs import CaseInputs
from ecoop.finance.schema import Flag, Name, NamedAmounts, Rule, Table, Tables, Text, defaults_of, rules_of
from ecoop.governance.roles import RULES, Permission, RoleRule
from ecoop.language import gettext as _
from ecoop.language import glossary, law
from ecoop.language.access import ACCESS_KINDS, access_name
from ecoop.language.assumptions import FIELDS, GROUPS, group_title, unit_words
from ecoop.language.names import limit_name, permission_name, role_name, together

ANY_NAME = "NAME"
"""Stands in a key for the name of one thing among several, such as a kind of connection."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpList:
    """A list of one kind; the template of the help knows how to show each kind."""

    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TermRow:
    """A term: its words here and in the other language, what it means, and what the code calls it."""

    anchor: str
    words: str
    other: str
    meaning: str
    codes: tuple[str, ...]
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TermGroup:
    """Terms about one subject."""

    anchor: str
    title: str
    rows: tuple[TermRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TermList(HelpList):
    """The glossary: every word from a to z, and the terms by subject."""

    alphabet: tuple[tuple[str, str], ...]
    groups: tuple[TermGroup, ...]
    other_language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InputRow:
    """One input of a case."""

    key: str
    label: str
    unit: str
    optional: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class InputGroup:
    """The inputs of one table of a case."""

    anchor: str
    title: str
    rows: tuple[InputRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InputList(HelpList):
    """Every input that a case can have."""

    groups: tuple[InputGroup, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleLine:
    """A role and what it may do."""

    name: str
    limit: str
    permissions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleList(HelpList):
    """Every role."""

    rows: tuple[RoleLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainList(HelpList):
    """Names, one below the other."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LawRow:
    """A rule of the law or of good practice."""

    text: str
    article: str
    source: str
    site: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LawList(HelpList):
    """The rules about one subject."""

    rows: tuple[LawRow, ...]


def terms() -> TermList:
    """The glossary in the language of the moment."""
    groups = tuple(
        TermGroup(
            anchor=f"terms-{group}",
            title=glossary.group_name(group),
            rows=tuple(_term_row(term) for term in glossary.terms_of(group)),
        )
        for group in glossary.GROUPS
    )
    alphabet = tuple((word, term.anchor) for word, term in glossary.alphabet())
    return TermList(kind="terms", alphabet=alphabet, groups=groups, other_language=glossary.other_language().value)


def _term_row(term: glossary.Term) -> TermRow:
    return TermRow(
        anchor=term.anchor,
        words=" / ".join(term.own_words),
        other=" / ".join(term.other_words),
        meaning=_(term.meaning),
        codes=term.codes,
        place=term.place.partition(":")[2],
    )


def inputs() -> InputList:
    """Every input of a case, as the engine declares it."""
    tables = {name: rule for name, rule in rules_of(CaseInputs).items() if isinstance(rule, Table | Tables)}
    loose = [name for name in rules_of(CaseInputs) if name not in tables]
    first = InputGroup(
        anchor="inputs-case",
        title=_("The file itself"),
        rows=tuple(InputRow(key=name, label=_(FIELDS[name]), unit=_("text"), optional=False) for name in loose),
    )
    groups = [
        InputGroup(anchor=f"inputs-{name.replace('_', '-')}", title=group_title(name), rows=tuple(_rows(name, rule)))
        for name, rule in ((name, tables[name]) for name in GROUPS)
    ]
    return InputList(kind="inputs", groups=(first, *groups))


def _rows(path: str, rule: Rule, *, shown: str | None = None, optional: bool = False) -> Iterator[InputRow]:
    """The inputs behind a key: `path` finds their words, `shown` is the key as a reader may write it."""
    shown = shown or path
    if isinstance(rule, Table | Tables):
        inside = f"{shown}.{ANY_NAME}" if isinstance(rule, Tables) else shown
        may_stay_away = defaults_of(rule.shape)
        for name, one in rules_of(rule.shape).items():
            below = optional or rule.optional or name in may_stay_away
            named = isinstance(one, NamedAmounts)
            yield from _rows(
                path if named else f"{path}.{name}",
                one,
                shown=f"{inside}.{ANY_NAME if named else name}",
                optional=below,
            )
        return
    yield InputRow(key=shown, label=_(FIELDS[path]), unit=_unit(rule), optional=optional)


def _unit(rule: Rule) -> str:
    """The unit of an input in words; what has none says what it is."""
    match rule:
        case Flag():
            return _("yes or no")
        case Text() if rule.choices:
            return _("one of a few words")
        case Text() | Name():
            return _("text")
        case NamedAmounts():
            return unit_words(str(rule.item.unit))
        case Table() | Tables():
            return ""
    return unit_words(str(rule.unit)) or _("whole number")


def roles() -> RoleList:
    """Every role with what it may do, as the one declaration says; roles that may do the same stand together."""
    alike: dict[RoleRule, list[str]] = {}
    for role, rule in RULES.items():
        alike.setdefault(rule, []).append(role_name(role))
    return RoleList(
        kind="roles",
        rows=tuple(
            RoleLine(
                name=together(names),
                limit=limit_name(rule.limit),
                permissions=tuple(permission_name(one) for one in Permission if one in rule.permissions),
            )
            for rule, names in alike.items()
        ),
    )


def looked() -> PlainList:
    """What the log of who looked takes note of."""
    return PlainList(kind="plain", names=tuple(access_name(kind) for kind in ACCESS_KINDS))


def _law(subject: str) -> LawList:
    return LawList(
        kind="law",
        rows=tuple(
            LawRow(
                text=_(rule.text),
                article=_(rule.article),
                source=rule.source,
                site=urlsplit(rule.source).netloc.removeprefix("www."),
                verified=rule.verified,
            )
            for rule in law.rules_about(subject)
        ),
    )


LISTS: Mapping[str, Callable[[], HelpList]] = {
    "glossary": terms,
    "inputs": inputs,
    "roles": roles,
    "looked": looked,
    "meeting": lambda: _law("meeting"),
    "consent": lambda: _law("consent"),
}
"""The lists by the word that stands for them in a help file."""
