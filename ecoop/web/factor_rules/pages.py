"""What the page about the second step of roles shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ecoop import language
from ecoop.governance.roles import Reach, Role, roles_reaching
from ecoop.language import gettext as _
from ecoop.language import ngettext
from ecoop.language.names import role_name
from ecoop.services.factor_rules import RuleView


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRow:
    """One role that wants a second step."""

    role: str
    name: str
    since: str
    counts: bool
    stops: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WithoutRow:
    """Who would be stopped if this role wanted a second step."""

    role: str
    names: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesPage:
    """Which roles want a second step."""

    title: str
    answer: str
    rules: tuple[RuleRow, ...]
    without: tuple[WithoutRow, ...]


def rules_page(rules: Sequence[RuleView], without: Mapping[Role, Sequence[str]], *, day: date) -> RulesPage:
    """Which roles want a second step, and who would be stopped."""
    known = {rule.role for rule in rules}
    return RulesPage(
        title=_("Signing in: second step"),
        answer=ngettext(
            "%(count)s role of this cooperative asks for a second step.",
            "%(count)s roles of this cooperative ask for a second step.",
            len(rules),
        )
        if rules
        else _("No role of this cooperative asks for a second step yet."),
        rules=tuple(
            RuleRow(
                role=rule.role.value,
                name=role_name(rule.role),
                since=language.day(rule.since),
                counts=rule.since <= day,
                stops=language.listing(list(rule.stops)),
            )
            for rule in rules
        ),
        without=tuple(
            WithoutRow(role=role_name(role), names=language.listing(list(without[role])))
            for role in roles_reaching(Reach.COOPERATIVE)
            if role in without and role not in known
        ),
    )


def role_choices() -> list[tuple[str, str]]:
    """The roles of a cooperative; none is chosen beforehand."""
    return [("", _("Choose a role")), *((role.value, role_name(role)) for role in roles_reaching(Reach.COOPERATIVE))]
