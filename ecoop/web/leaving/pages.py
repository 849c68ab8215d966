"""What the pages about leaving show."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ecoop import language, money
from ecoop.governance.leaving import (
    CapitalGoes,
    ExitState,
    Weighed,
    Weight,
    confirm_by,
    holds_up,
    proposed_day,
)
from ecoop.governance.membership import EndReason
from ecoop.governance.roles import Actor, Permission, Role
from ecoop.governance.statutes import NoticeEnd, Statutes
from ecoop.language import gettext as _
from ecoop.language import ngettext
from ecoop.language.governing import NOTICE_ENDS, office_name
from ecoop.language.leaving import (
    blocker_advice,
    blocker_sentence,
    cause_name,
    contract_name,
    day_by_name,
    exit_state_name,
    given_by_name,
    money_name,
)
from ecoop.language.names import role_name
from ecoop.language.turns import turn_sentence
from ecoop.services.exit_reading import ExitView
from ecoop.services.leaving import name_of

STEPS = ("notice", "day", "blockers", "money", "contract", "letter")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExitRow:
    """One exit in the list."""

    id: int
    name: str
    cause: str
    received: str
    last_day: str
    state: str
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """Every exit."""

    title: str
    answer: str
    rows: tuple[ExitRow, ...]
    may_keep: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """One step: what was decided in it, if it was."""

    code: str
    label: str
    value: str
    is_done: bool
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockerRow:
    """One thing in the way, in words."""

    name: str
    sentence: str
    advice: str
    stops: bool
    is_answered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ExitPage:
    """One exit: where it stands, the step at hand, and everything in the way."""

    title: str
    answer: str
    second: str
    facts: tuple[tuple[str, str], ...]
    steps: tuple[StepRow, ...]
    step: str
    blockers: tuple[BlockerRow, ...]
    rule: str
    proposed: date | None
    capital_cents: int | None
    consequence: str
    undo_words: str
    is_open: bool
    is_ready: bool
    may_keep: bool
    may_undo: bool
    may_pay: bool
    asks_payment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPage:
    """A form with a title."""

    title: str
    answer: str


def list_page(found: Sequence[ExitView], actor: Actor) -> ListPage:
    """Every exit, open ones first."""
    open_ones = sum(one.state is ExitState.OPEN for one in found)
    answer = (
        ngettext("%(count)s exit is on its way.", "%(count)s exits are on their way.", open_ones)
        if open_ones
        else _("No exit is on its way.")
    )
    return ListPage(
        title=_("Leaving"),
        answer=answer,
        rows=tuple(_row(one) for one in found),
        may_keep=actor.may(Permission.KEEP_REGISTER),
    )


def _row(one: ExitView) -> ExitRow:
    return ExitRow(
        id=one.id,
        name=_named(one.name, one.number),
        cause=cause_name(one.cause),
        received=language.day(one.received_on),
        last_day="–" if one.ends_on is None else language.day(one.ends_on - timedelta(days=1)),
        state=exit_state_name(one.state),
        is_open=one.state is ExitState.OPEN,
    )


def _named(name: str, number: int | None) -> str:
    return name if number is None else _("%(name)s, no. %(number)s", name=name, number=number)


def exit_page(
    one: ExitView, found: Sequence[Weighed], statutes: Statutes | None, actor: Actor, *, asked: str, today: date
) -> ExitPage:
    """One exit on the step that is asked for, else the first that is not done."""
    done = _done(one, found)
    is_open = one.state is ExitState.OPEN
    first = next((code for code in STEPS if not done[code]), "letter")
    step = asked if asked in STEPS and is_open else first
    title = (
        _("Handing over by %(name)s", name=one.name)
        if one.cause is EndReason.TRANSFER
        else _("Exit of %(name)s", name=one.name)
    )
    return ExitPage(
        title=title,
        answer=_answer(one, found, done, today),
        second=_second(one, statutes, is_open=is_open),
        facts=tuple(_facts(one)),
        steps=tuple(_steps(one, found, done, step)),
        step=step,
        blockers=tuple(_blocker(each) for each in found),
        rule=_rule(one, statutes),
        proposed=proposed_day(statutes, cause=one.cause, received_on=one.received_on),
        capital_cents=_capital(one, found),
        consequence=_consequence(one),
        undo_words=_undo_words(one),
        is_open=is_open,
        is_ready=is_open and all(done[code] for code in STEPS[:-1]) and not holds_up(found),
        may_keep=actor.may(Permission.KEEP_REGISTER),
        may_undo=actor.may(Permission.KEEP_REGISTER) and one.state is not ExitState.UNDONE,
        may_pay=actor.may(Permission.KEEP_MONEY),
        asks_payment=_payment(one),
    )


def _done(one: ExitView, found: Sequence[Weighed]) -> dict[str, bool]:
    """Which steps are taken; what stops needs no answer in the step, but holds up the last one."""
    return {
        "notice": True,
        "day": one.ends_on is not None,
        "blockers": all(each.is_answered or each.weight is Weight.STOPS for each in found),
        "money": one.capital_goes is not None,
        "contract": one.contract_goes is not None,
        "letter": one.state is not ExitState.OPEN,
    }


def _answer(one: ExitView, found: Sequence[Weighed], done: dict[str, bool], today: date) -> str:
    if one.state is ExitState.UNDONE:
        return _("This exit was undone. The membership goes on as before.")
    if one.state is ExitState.COMPLETED:
        assert one.ends_on is not None  # noqa: S101  a constraint of the table
        last = one.ends_on - timedelta(days=1)
        words = {"name": one.name, "day": language.day(last)}
        return (
            _("%(name)s was a member until and including %(day)s.", **words)
            if last < today
            else _("%(name)s is a member until and including %(day)s.", **words)
        )
    stops = sum(each.weight is Weight.STOPS for each in found)
    if stops:
        return ngettext("%(count)s thing stops this exit.", "%(count)s things stop this exit.", stops)
    asks = sum(not each.is_answered for each in found)
    if asks:
        return ngettext("%(count)s thing asks for an answer.", "%(count)s things ask for an answer.", asks)
    if not all(done[code] for code in STEPS[:-1]):
        return _("Nothing is in the way. Fill in the steps that are left.")
    return _("Everything is arranged. The exit can be completed.")


def _second(one: ExitView, statutes: Statutes | None, *, is_open: bool) -> str:
    due = confirm_by(statutes, one.received_on)
    if due is None or not is_open:
        return ""
    return _("The letter must be out by %(day)s: within fourteen days (art. 2:61 BW).", day=language.day(due))


def _facts(one: ExitView) -> Iterator[tuple[str, str]]:
    yield _("Why"), cause_name(one.cause)
    yield _("Said by"), given_by_name(one.given_by)
    yield _("Received on"), language.day(one.received_on)
    if one.decision:
        yield _("Decision"), one.decision
    if one.successor_name:
        yield _("Who takes over"), _named(one.successor_name, one.successor_number)
    if one.state is not ExitState.OPEN:
        for code in STEPS[1:5]:
            label, value = _label(code), _value(one, code)
            if value and code != "blockers":
                yield label, value
    if one.capital_paid_on is not None:
        yield _("Booked by the treasurer"), language.day(one.capital_paid_on)


def _steps(one: ExitView, found: Sequence[Weighed], done: dict[str, bool], current: str) -> Iterator[StepRow]:
    for code in STEPS:
        value = _value(one, code)
        if code == "blockers":
            value = ngettext("%(count)s thing", "%(count)s things", len(found)) if found else _("nothing")
        yield StepRow(
            code=code, label=_label(code), value=value, is_done=done[code], is_current=code == current
        )  # fmt: skip


def _label(code: str) -> str:
    return {
        "notice": _("Notice"),
        "day": _("Last day as a member"),
        "blockers": _("What is in the way"),
        "money": _("Money"),
        "contract": _("Heat contract"),
        "letter": _("Complete and confirm"),
    }[code]


def _value(one: ExitView, code: str) -> str:
    if code == "notice":
        return language.day(one.received_on)
    if code == "day" and one.ends_on is not None and one.ends_on_by is not None:
        return f"{language.day(one.ends_on - timedelta(days=1))}, {day_by_name(one.ends_on_by)}"
    if code == "money" and one.capital_goes is not None:
        amount = "" if one.capital_cents is None else f"{_amount(one.capital_cents)} "
        on = "" if one.capital_on is None else f", {language.day(one.capital_on)}"
        return f"{amount}{money_name(one.capital_goes)}{on}"
    if code == "contract" and one.contract_goes is not None:
        return contract_name(one.contract_goes)
    return ""


def _amount(cents: int | None) -> str:
    return _("an unknown amount") if cents is None else language.euros(money.to_euros(cents), 2)


def _blocker(one: Weighed) -> BlockerRow:
    found = one.blocker
    words = {
        "name": _thing(found.code, found.name),
        "amount": _amount(found.amount_cents),
        "day": "" if found.on is None else language.day(found.on),
    }
    return BlockerRow(
        name=name_of(one),
        sentence=blocker_sentence(found.code, **words),
        advice=blocker_advice(found.code),
        stops=one.weight is Weight.STOPS,
        is_answered=one.is_answered,
    )


def _thing(code: str, name: str) -> str:
    """The name of a role, an office or a turn in words; other names are names already."""
    if code == "blocker_platform_role":
        return role_name(Role(name))
    if code == "blocker_office":
        return office_name(name)
    return turn_sentence(name) if code == "blocker_turn_waiting" else name


def _capital(one: ExitView, found: Sequence[Weighed]) -> int | None:
    """The amount to begin with: what was said before, else what the ledger holds."""
    if one.capital_cents is not None:
        return one.capital_cents
    held = [each.blocker.amount_cents or 0 for each in found if each.blocker.code == "blocker_capital"]
    return sum(held) or None


def _rule(one: ExitView, statutes: Statutes | None) -> str:
    if one.cause in {EndReason.DEATH, EndReason.DISSOLUTION}:
        return _("The membership ended by itself on that day; the next day is the first without.")
    if one.cause is EndReason.EXPULSION:
        return _("An expulsion works at once, unless the decision says another day.")
    if one.cause is EndReason.TRANSFER:
        return _("The day on which the dwelling changes hands.")
    if statutes is None:
        return _("No statutes are recorded, so the platform cannot compute this day. Look in your statutes.")
    clauses = dict(statutes.clauses)
    clause = clauses.get("notice_end") or clauses.get("notice_weeks")
    words = {"weeks": statutes.notice_weeks, "end": _end(statutes.notice_end)}
    if clause:
        return _("Statutes, %(clause)s: %(weeks)s weeks' notice, then %(end)s.", clause=clause, **words)
    return _("By your statutes: %(weeks)s weeks' notice, then %(end)s.", **words)


def _end(notice_end: NoticeEnd) -> str:
    return _(NOTICE_ENDS[notice_end])


def _consequence(one: ExitView) -> str:
    if one.ends_on is None:
        return ""
    words = {"name": one.name, "day": language.day(one.ends_on)}
    if one.cause is EndReason.TRANSFER:
        return _(
            "From %(day)s %(name)s is no member any more and %(other)s is one. Each gets a letter at once.",
            other=one.successor_name or "", **words,
        )  # fmt: skip
    return _("From %(day)s %(name)s is no member any more. The confirmation goes out at once.", **words)


def _undo_words(one: ExitView) -> str:
    if one.state is ExitState.OPEN:
        return _("The exit stops and the notice is withdrawn. %(name)s stays a member.", name=one.name)
    if one.cause is EndReason.TRANSFER:
        return _(
            "%(name)s and %(other)s become what they were before, and both get a letter. This can be done once.",
            name=one.name, other=one.successor_name or "",
        )  # fmt: skip
    return _(
        "%(name)s is a member as if this exit had never been, and gets a letter. This can be done once.", name=one.name
    )


def _payment(one: ExitView) -> str:
    waits = one.state is ExitState.COMPLETED and one.capital_paid_on is None
    if not waits or one.capital_goes in {None, CapitalGoes.NOTHING}:
        return ""
    if one.capital_goes is CapitalGoes.TO_SUCCESSOR:
        return _("%(amount)s goes from %(name)s to %(other)s in the books.", amount=_amount(one.capital_cents),
                 name=one.name, other=one.successor_name or "")  # fmt: skip
    return _("%(amount)s is to be paid back to %(name)s.", amount=_amount(one.capital_cents), name=one.name)


def begin_page(name: str) -> FormPage:
    """How an exit begins."""
    return FormPage(
        title=_("Exit of %(name)s", name=name),
        answer=_("Write down why, who said so and when. Notice counts from the day on which you received it."),
    )


def hand_over_page(name: str) -> FormPage:
    """How a handing over begins."""
    return FormPage(
        title=_("Handing over by %(name)s", name=name),
        answer=_("The membership ends on one side and begins on the other, on the same day and as one act."),
    )
