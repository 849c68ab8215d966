"""What the pages of direct debits show."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ecoop import language
from ecoop.governance.direct_debits import DirectDebitState, LineResult
from ecoop.governance.roles import Actor, Permission
from ecoop.language import gettext as _
from ecoop.language import ngettext
from ecoop.language.money import batch_state, line_result, money, scheme_name
from ecoop.services.creditors import CreditorView
from ecoop.services.direct_debit_results import AT_ONCE, BatchView, LineView


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRow:
    """One batch in a list."""

    id: int
    day: str
    description: str
    state: str
    count: str
    amount: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DebitsPage:
    """Every batch, and what could be collected now."""

    title: str
    answer: str
    second: str
    rows: tuple[BatchRow, ...]
    has_creditor: bool
    announce_days: int
    may_keep: bool


def debits_page(
    found: Sequence[BatchView], collectable: tuple[int, int, int], creditor: CreditorView | None, actor: Actor
) -> DebitsPage:
    """`collectable`: how many open contributions could be collected, their cents, and how many have no mandate."""
    count, cents, without = collectable
    answer = ngettext(
        "%(count)s open contribution can be collected, %(amount)s.",
        "%(count)s open contributions can be collected, %(amount)s together.",
        count, amount=money(cents),
    )  # fmt: skip
    second = ""
    if without:
        second = ngettext(
            "%(count)s more is open without a mandate that is in use.",
            "%(count)s more are open without a mandate that is in use.",
            without,
        )
    return DebitsPage(
        title=_("Direct debits"),
        answer=answer if count else _("Nothing can be collected now."),
        second=second,
        rows=tuple(_row(one) for one in found),
        has_creditor=creditor is not None,
        announce_days=0 if creditor is None else creditor.announce_days,
        may_keep=actor.may(Permission.KEEP_MONEY),
    )


def _row(one: BatchView) -> BatchRow:
    return BatchRow(
        id=one.id, day=language.day(one.collection_on), description=one.description, state=batch_state(one.state),
        count=language.number(one.count), amount=money(one.cents),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRow:
    """One amount of a batch."""

    membership_id: int
    number: str
    place: str
    name: str
    amount: str
    account: str
    mandate: str
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DebitPage:
    """One batch: how far it is, and what comes next."""

    title: str
    answer: str
    facts: tuple[tuple[str, str], ...]
    rows: tuple[LineRow, ...]
    page: int
    pages: int
    may_announce: bool
    may_make: bool
    may_take: bool
    may_book: bool
    may_return: bool
    may_cancel: bool
    was_announced: bool
    next_step: str


def debit_page(one: BatchView, lines: Sequence[LineView], page: int, actor: Actor, *, day: date) -> DebitPage:
    """A batch and one page of its lines."""
    keeps = actor.may(Permission.KEEP_MONEY)
    state = one.state
    total = sum(count for count, _cents in one.counts.values())
    return DebitPage(
        title=_("Direct debit of %(day)s", day=language.day(one.collection_on)),
        answer=ngettext(
            "%(amount)s from %(count)s contribution, %(state)s.",
            "%(amount)s from %(count)s contributions, %(state)s.",
            one.count, amount=money(one.cents), state=batch_state(state),
        ),
        facts=tuple(_facts(one)),
        rows=tuple(_line(line, (page - 1) * AT_ONCE + place) for place, line in enumerate(lines, start=1)),
        page=page, pages=max(1, -(-total // AT_ONCE)),
        may_announce=keeps and state is DirectDebitState.DRAFTED,
        may_make=keeps and state is DirectDebitState.ANNOUNCED,
        may_take=keeps and one.file_digest is not None,
        may_book=keeps and state is DirectDebitState.FILE_MADE and day >= one.collection_on,
        may_return=keeps and state is DirectDebitState.BOOKED,
        may_cancel=keeps and state not in {DirectDebitState.BOOKED, DirectDebitState.CANCELLED},
        was_announced=one.announced_at is not None,
        next_step=_next_step(one, day),
    )  # fmt: skip


def _facts(one: BatchView) -> list[tuple[str, str]]:
    facts = [
        (_("On the statement of the payer"), one.description),
        (_("Kind"), scheme_name(one.scheme)),
        (_("As"), f"{one.creditor.name}, {one.creditor.identifier}"),
        (_("To"), one.creditor.masked_iban),
        (_("Payers are told by"), language.day(one.announce_by)),
        (_("Drafted"), language.moment(one.drafted_at)),
    ]
    for name, at in (
        (_("Announced"), one.announced_at),
        (_("File made"), one.file_made_at),
        (_("Booked"), one.booked_at),
    ):
        if at is not None:
            facts.append((name, language.moment(at)))
    for result, (count, cents) in one.counts.items():
        if result is not LineResult.OPEN:
            facts.append((line_result(result), f"{language.number(count)}, {money(cents)}"))
    if one.file_digest is not None:
        facts.append((_("Fingerprint of the file"), one.file_digest[:16]))
    return facts


def _next_step(one: BatchView, day: date) -> str:
    collection, told = language.day(one.collection_on), language.day(one.announce_by)
    match one.state:
        case DirectDebitState.DRAFTED if day > one.announce_by:
            return _("It is too late to tell the payers. Cancel it and draft another for a later day.")
        case DirectDebitState.DRAFTED:
            return _("Look whether it is right, and tell the payers by %(day)s.", day=told)
        case DirectDebitState.ANNOUNCED:
            return _("Make the file before %(day)s, and give it to the bank yourself.", day=collection)
        case DirectDebitState.FILE_MADE if day < one.collection_on:
            return _("Give the file to the bank. From %(day)s on you book what it did.", day=collection)
        case DirectDebitState.FILE_MADE:
            return _("Book what the bank did.")
        case DirectDebitState.BOOKED:
            return _("Done. What a payer still has given back is booked here as well.")
        case DirectDebitState.CANCELLED:
            return _("Cancelled. What it held can stand in another.")


def _line(line: LineView, place: int) -> LineRow:
    return LineRow(
        membership_id=line.membership_id, number="–" if line.number is None else str(line.number), place=str(place),
        name=line.name, amount=money(line.cents), account=line.masked_iban,
        mandate=f"{line.mandate_reference}, {line.sequence.value}", result=line_result(line.result, line.reason_code),
    )  # fmt: skip


def read_returns(text: str, lines: Sequence[LineView]) -> tuple[Mapping[int, str], tuple[str, ...]]:
    """What came back, by line, and the rows that could not be read: each has a place in the list and a code."""
    by_place = {str(place): line.id for place, line in enumerate(lines, start=1)}
    found, unread = {}, []
    for row in (one.strip() for one in text.splitlines()):
        parts = re.split(r"[\s;,]+", row)
        if len(parts) == 2 and parts[0] in by_place:
            found[by_place[parts[0]]] = parts[1].upper()
        elif row:
            unread.append(row[:60])
    return found, tuple(unread)
