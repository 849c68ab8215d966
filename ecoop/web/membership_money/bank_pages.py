"""What the pages of a bank file show, and how its lines travel between the steps: sealed, for nothing is kept."""

import base64
import binascii
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from ecoop import language, sealing
from ecoop.errors import Refused
from ecoop.governance.matching import BankFileReason, BankLine, Match, MatchReason, MatchState, OpenItem
from ecoop.governance.roles import Actor, Permission
from ecoop.language import gettext as _
from ecoop.language import ngettext
from ecoop.language.money import account_name, match_reason, money
from ecoop.services.bank_accounts import masked
from ecoop.services.bank_reconciliation import Promised, Proposal
from ecoop.web.membership_money.forms import BankChoicesForm

PREFIX = "choice-"
RETURN = "return"
_MOST_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What goes from step to step: the lines, the fingerprint of the file, and what was chosen."""

    lines: tuple[BankLine, ...]
    digest: str
    accepted: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRow:
    """One line of the bank in words."""

    day: str
    name: str
    account: str
    description: str
    amount: str
    what: str
    why: str
    state: str
    field: str
    """The name of its choice; empty where there is none to make."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BankPage:
    """The bank file: before, when it is looked at, and when it is to be booked."""

    title: str
    answer: str
    second: str
    rows: tuple[LineRow, ...]
    sums: tuple[tuple[str, str, str, str], ...]
    may_keep: bool
    can_book: bool


def carry(carried: Carried, *, cooperative_id: int, account_id: int, key: str) -> str:
    """Sealed for one person in one cooperative; it holds whole account numbers."""
    told = {
        "cooperative": cooperative_id, "account": account_id, "digest": carried.digest,
        "accepted": dict(carried.accepted),
        "lines": [asdict(line) | {"booked_on": line.booked_on.isoformat()} for line in carried.lines],
    }  # fmt: skip
    packed = zlib.compress(json.dumps(told).encode(), 9)
    return sealing.seal(base64.b85encode(packed).decode(), key)


def carried_from(text: str, *, cooperative_id: int, account_id: int, key: str) -> Carried:
    """What was carried. Raises Refused where it is not ours, or of somebody else."""
    try:
        packed = base64.b85decode(sealing.unseal(text, key))
        told = json.loads(zlib.decompressobj().decompress(packed, _MOST_BYTES))
    except (sealing.Unreadable, ValueError, binascii.Error, zlib.error) as error:
        raise Refused(BankFileReason.STALE) from error
    if (told["cooperative"], told["account"]) != (cooperative_id, account_id):
        raise Refused(BankFileReason.STALE)
    lines = tuple(BankLine(**(one | {"booked_on": date.fromisoformat(one["booked_on"])})) for one in told["lines"])
    return Carried(lines=lines, digest=told["digest"], accepted=told["accepted"])


def start_page(promised: Sequence[Promised], actor: Actor) -> BankPage:
    """Before a file is chosen: what was promised, what came in, and what is open."""
    return BankPage(
        title=_("Bank file"),
        answer=_("Put in the statement of the bank; you see what belongs to whom before anything is booked."),
        second="", rows=(), sums=tuple(_sum(one) for one in promised),
        may_keep=actor.may(Permission.KEEP_MONEY), can_book=False,
    )  # fmt: skip


def _sum(one: Promised) -> tuple[str, str, str, str]:
    return (
        account_name(one.account, one.tranche), money(one.promised_cents), money(one.received_cents),
        money(one.open_cents),
    )  # fmt: skip


def choices_form(found: Proposal, *, sent: bool) -> BankChoicesForm:
    """A choice for every line that can be booked, filled with what is proposed."""
    fields = {
        f"{PREFIX}{place}": SelectField(
            validators=[Optional()], choices=_choices(match, found), default=_proposed(match)
        )
        for place, match in enumerate(found.matches)
        if _can_choose(match)
    }
    form = type("ChoicesOfLines", (BankChoicesForm,), fields)
    made: BankChoicesForm = form() if sent else form(formdata=None)
    return made


def _can_choose(match: Match) -> bool:
    return match.return_of is not None or (match.state in {MatchState.CLEAR, MatchState.OPEN} and bool(match.options))


def _proposed(match: Match) -> str:
    if match.return_of is not None:
        return RETURN
    return "" if match.item is None else match.item.key


def _choices(match: Match, found: Proposal) -> list[SelectChoice]:
    leave = SelectChoice("", _("Leave out"))
    if match.return_of is not None:
        return [SelectChoice(RETURN, _("Book as come back")), leave]
    return [*(SelectChoice(item.key, _item(item, found)) for item in match.options), leave]


def accepted_of(form: BankChoicesForm, found: Proposal) -> dict[str, str]:
    """What was chosen, by the reference of the line."""
    return {
        match.line.reference: form[f"{PREFIX}{place}"].data
        for place, match in enumerate(found.matches)
        if f"{PREFIX}{place}" in form and form[f"{PREFIX}{place}"].data
    }


def look_page(found: Proposal, actor: Actor) -> BankPage:
    """Every line with what is proposed and why, and a choice."""
    clear, total = found.count(MatchState.CLEAR), len(found.matches)
    known, waiting = found.count(MatchState.KNOWN), found.count(MatchState.OPEN)
    answer = ngettext(
        "%(clear)s of %(count)s line is clear; %(waiting)s need you.",
        "%(clear)s of %(count)s lines are clear; %(waiting)s need you.",
        total, clear=str(clear), waiting=str(waiting),
    )  # fmt: skip
    second = _("%(known)s are booked already, %(rest)s are not for here. Nothing is booked yet.",
               known=str(known), rest=str(total - clear - known - waiting))  # fmt: skip
    rows = tuple(_row(match, place, found) for place, match in enumerate(found.matches))
    return BankPage(
        title=_("Lines of the bank file"), answer=answer, second=second, rows=rows, sums=(),
        may_keep=actor.may(Permission.KEEP_MONEY), can_book=any(row.field for row in rows),
    )  # fmt: skip


def confirm_page(found: Proposal, accepted: Mapping[str, str], actor: Actor) -> BankPage:
    """What will be booked, in words that name what it means."""
    chosen = [match for match in found.matches if match.line.reference in accepted]
    receipts = [match for match in chosen if match.return_of is None]
    total = money(sum(match.line.cents for match in receipts))
    answer = ngettext(
        "%(count)s receipt is booked, %(total)s.", "%(count)s receipts are booked, %(total)s together.",
        len(receipts), total=total,
    )  # fmt: skip
    back = len(chosen) - len(receipts)
    second = ngettext("%(count)s direct debit came back.", "%(count)s direct debits came back.", back) if back else ""
    rows = tuple(_chosen_row(match, accepted[match.line.reference], found) for match in chosen)
    return BankPage(
        title=_("Book the bank file"), answer=answer, second=second, rows=rows, sums=(),
        may_keep=actor.may(Permission.KEEP_MONEY), can_book=bool(rows),
    )  # fmt: skip


def _row(match: Match, place: int, found: Proposal) -> LineRow:
    line = match.line
    return LineRow(
        day=language.day(line.booked_on), name=line.name or "–", account=masked(line.iban) if line.iban else "",
        description=line.description, amount=money(line.cents), what=_what(match, found),
        why=match_reason(match.reason), state=match.state.value,
        field=f"{PREFIX}{place}" if _can_choose(match) else "",
    )  # fmt: skip


def _chosen_row(match: Match, wanted: str, found: Proposal) -> LineRow:
    row = _row(match, 0, found)
    item = next((one for one in match.options if one.key == wanted), None)
    what = _("Book as come back") if item is None else _item(item, found)
    return LineRow(
        day=row.day, name=row.name, account=row.account, description=row.description, amount=row.amount, what=what,
        why=row.why, state=row.state, field="",
    )  # fmt: skip


def _what(match: Match, found: Proposal) -> str:
    if match.item is not None:
        return _item(match.item, found)
    named = [_member(one, found) for one in match.members[:4]]
    if match.reason is MatchReason.NOBODY_FOUND or not named:
        return ""
    return "; ".join(named)


def _member(membership_id: int, found: Proposal) -> str:
    number, name = found.names.get(membership_id, (None, "–"))
    return name if number is None else f"{name} ({number})"


def _item(item: OpenItem, found: Proposal) -> str:
    what = account_name(item.account, item.tranche)
    if item.year is not None:
        what = f"{what} {item.year}"
    return f"{_member(item.membership_id, found)}: {what}, {money(item.cents)}"
