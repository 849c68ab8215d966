"""What the account card of one member shows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from ecoop import language
from ecoop.governance.holdings import EntryKind, LedgerAccount
from ecoop.governance.mandates import OVER
from ecoop.governance.roles import Actor, Permission
from ecoop.language import gettext as _
from ecoop.language.money import (
    account_name,
    entry_name,
    mandate_state,
    money,
    scheme_name,
    signing_name,
)
from ecoop.services.balances import AccountLine, MemberAccount
from ecoop.services.bank_accounts import BankAccountView
from ecoop.services.mandates import MandateView


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRow:
    """One entry in words."""

    id: int
    number: int
    day: str
    what: str
    note: str
    amount: str
    who: str
    recorded: str
    reason: str
    is_corrected: bool
    may_correct: bool
    both_sides: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateRow:
    """One mandate in words."""

    id: int
    reference: str
    state: str
    details: str
    is_over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BankRow:
    """One bank account, masked, with its mandates."""

    id: int
    number: str
    holder: str
    days: str
    is_running: bool
    is_erased: bool
    mandates: tuple[MandateRow, ...]
    wants_mandate: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPage:
    """What one member has with the cooperative."""

    title: str
    answer: str
    second: str
    name: str
    holdings: tuple[tuple[str, str], ...]
    banks: tuple[BankRow, ...]
    entries: tuple[EntryRow, ...]
    revealed_id: int | None
    revealed: str
    may_keep: bool


def account_page(
    found: MemberAccount,
    accounts: Sequence[BankAccountView],
    mandates: Sequence[MandateView],
    actor: Actor,
    *,
    day: date,
    revealed: tuple[int, str] | None = None,
) -> AccountPage:
    """One member: what is held, what is open, by which account, and every entry behind it."""
    may_keep = actor.may(Permission.KEEP_MONEY)
    return AccountPage(
        title=_("Money of %(name)s", name=found.name),
        answer=_answer(found),
        second="" if found.number is None else _("Member number %(number)s", number=str(found.number)),
        name=found.name,
        holdings=tuple(_holdings(found)),
        banks=tuple(_bank(one, mandates, day) for one in accounts),
        entries=tuple(_entry(line, may_keep=may_keep) for line in found.lines),
        revealed_id=None if revealed is None else revealed[0],
        revealed="" if revealed is None else _grouped(revealed[1]),
        may_keep=may_keep,
    )


def _grouped(number: str) -> str:
    return " ".join(number[place : place + 4] for place in range(0, len(number), 4))


def _answer(found: MemberAccount) -> str:
    capital = money(found.cents(LedgerAccount.CAPITAL))
    owed = sum(one.cents for one in found.open_charges)
    if owed:
        return _("%(capital)s capital; %(owed)s contribution is still open.", capital=capital, owed=money(owed))
    return _("%(capital)s capital; no contribution is open.", capital=capital)


def _holdings(found: MemberAccount) -> Iterator[tuple[str, str]]:
    for place, cents in sorted(found.holdings.items()):
        yield account_name(place.account, place.tranche, promised=place.promised), money(cents)


def _bank(one: BankAccountView, mandates: Sequence[MandateView], day: date) -> BankRow:
    own = [view for view in mandates if view.bank_account_id == one.id]
    days = _("since %(day)s", day=language.day(one.valid_from))
    if one.valid_until is not None:
        days = _("from %(first)s until %(last)s", first=language.day(one.valid_from),
                 last=language.day(one.valid_until))  # fmt: skip
    running = one.runs_on(day)
    return BankRow(
        id=one.id, number=_("erased") if one.is_erased else one.masked, holder=one.holder, days=days,
        is_running=running, is_erased=one.is_erased, mandates=tuple(_mandate(view) for view in own),
        wants_mandate=running and all(view.standing.state in OVER for view in own),
    )  # fmt: skip


def _mandate(view: MandateView) -> MandateRow:
    details = [
        _("signed on %(day)s", day=language.day(view.signed_on)),
        signing_name(view.signing),
        scheme_name(view.scheme),
    ]
    if view.standing.last_used_on is not None:
        details.append(_("last used on %(day)s", day=language.day(view.standing.last_used_on)))
    if view.lapses_on is not None:
        details.append(_("lapses on %(day)s unless it is used", day=language.day(view.lapses_on)))
    return MandateRow(
        id=view.id, reference=view.reference, state=mandate_state(view.standing.state), details=", ".join(details),
        is_over=view.standing.state in OVER,
    )  # fmt: skip


def _entry(line: AccountLine, *, may_keep: bool) -> EntryRow:
    notes = []
    if line.year is not None:
        notes.append(_("for %(year)s", year=str(line.year)))
    if line.reference:
        notes.append(line.reference)
    if line.corrects_number is not None:
        notes.append(_("takes back entry %(number)s", number=str(line.corrects_number)))
    what = _("%(account)s: %(what)s", account=account_name(line.account, line.tranche), what=entry_name(line.kind))
    return EntryRow(
        id=line.id, number=line.number, day=language.day(line.booked_on), what=what, note=", ".join(notes),
        amount=money(line.cents), who=line.actor or _("ecoop itself"), recorded=language.moment(line.recorded_at),
        reason=line.reason or "", is_corrected=line.is_corrected,
        may_correct=may_keep and not line.is_corrected and line.kind is not EntryKind.CORRECTED,
        both_sides=line.kind in {EntryKind.TRANSFERRED_IN, EntryKind.TRANSFERRED_OUT},
    )  # fmt: skip
