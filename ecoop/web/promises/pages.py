"""What the page about promises of members shows."""

from collections.abc import Sequence
from dataclasses import dataclass

from ecoop import language, money
from ecoop.governance.leaving import ObligationKind, ObligationOutcome
from ecoop.governance.roles import Actor, Permission
from ecoop.language import gettext as _
from ecoop.language import ngettext
from ecoop.language.leaving import promise_name, promise_outcome_name
from ecoop.services.obligations import ObligationView


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseRow:
    """One promise in words."""

    id: int
    membership_id: int | None
    name: str
    kind: str
    amount: str
    agreed: str
    until: str
    words: str
    state: str
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PromisesPage:
    """Every promise."""

    title: str
    answer: str
    rows: tuple[PromiseRow, ...]
    may_keep: bool


def promises_page(found: Sequence[ObligationView], actor: Actor) -> PromisesPage:
    """Every promise, open ones first."""
    open_ones = sum(one.outcome is None for one in found)
    return PromisesPage(
        title=_("Promises of members"),
        answer=ngettext("%(count)s promise is not settled.", "%(count)s promises are not settled.", open_ones)
        if open_ones
        else _("No promise is open."),
        rows=tuple(_row(one) for one in found),
        may_keep=actor.may(Permission.KEEP_MONEY),
    )


def _row(one: ObligationView) -> PromiseRow:
    settled = "" if one.settled_on is None else language.day(one.settled_on)
    return PromiseRow(
        id=one.id,
        membership_id=one.membership_id,
        name=one.name,
        kind=promise_name(one.kind),
        amount="–" if one.amount_cents is None else language.euros(money.to_euros(one.amount_cents), 2),
        agreed=language.day(one.agreed_on),
        until="–" if one.runs_until is None else language.day(one.runs_until),
        words=one.words,
        state=_("open") if one.outcome is None else f"{promise_outcome_name(one.outcome)}, {settled}",
        is_open=one.outcome is None,
    )


def kind_choices() -> list[tuple[str, str]]:
    """What can be promised."""
    return [("", _("Choose a kind")), *((one.value, promise_name(one)) for one in ObligationKind)]


def outcome_choices() -> list[tuple[str, str]]:
    """How a promise ends."""
    return [(one.value, promise_outcome_name(one)) for one in ObligationOutcome]
