"""The story of a member in words: newest first, each line with who and why."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ecoop import language
from ecoop.language import gettext as _
from ecoop.language.admission import party_field_name, refusal_name
from ecoop.language.dwellings import contract_name, tenure_name
from ecoop.language.governing import matter_name, office_name
from ecoop.language.jobs import letter_kind, letter_state
from ecoop.language.leaving import cause_name, promise_name, promise_outcome_name
from ecoop.language.money import account_name, entry_name, money
from ecoop.language.privacy import consent_purpose_name
from ecoop.language.register import class_name, end_reason_name, event_name
from ecoop.services.member_story import StoryKind, StoryLine

AT_FIRST = 30
"""Lines of a long story that are shown before everything is asked for."""
ENDS = frozenset({"ended", "transferred"})


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryRow:
    """One thing that happened, in words."""

    day: str
    what: str
    who: str
    recorded: str
    reason: str
    corrected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What is shown of the story, and how to get the rest."""

    rows: tuple[StoryRow, ...]
    more: str
    """What the link to everything says; empty where everything is shown."""


def story_of(lines: Sequence[StoryLine], *, everything: bool) -> Story:
    """The newest lines, or all of them."""
    shown = lines if everything else lines[:AT_FIRST]
    more = ""
    if len(shown) < len(lines):
        more = _("Everything that happened: %(count)s lines", count=language.number(len(lines)))
    return Story(rows=tuple(_row(line) for line in shown), more=more)


def _row(line: StoryLine) -> StoryRow:
    nobody = _("the member") if line.by_member else _("ecoop itself")
    return StoryRow(
        day=language.day(line.day),
        what=_WORDS[line.kind](line),
        who=line.actor or nobody,
        recorded=language.moment(line.recorded_at),
        reason=line.reason or "",
        corrected=line.is_corrected,
    )


def _event(line: StoryLine) -> str:
    parts = [event_name(line.code)]
    if line.class_code and line.code not in ENDS:
        parts.append(class_name(line.class_code))
    if line.of is not None:
        parts.append(end_reason_name(line.of))
    return ", ".join(parts)


def _application(line: StoryLine) -> str:
    match line.code:
        case "received":
            return _("Applied through the form: %(kind)s", kind=class_name(line.class_code))
        case "asked":
            return _("The board asked something about the application")
        case "answered":
            return _("The question about the application was answered")
        case "admitted" if line.about:
            return _("The application was accepted, decision %(decision)s", decision=line.about)
        case "admitted":
            return _("The application was accepted")
        case "refused":
            told = _("The application was refused")
            if line.about:
                told = _("The application was refused, decision %(decision)s", decision=line.about)
            return f"{told}. {refusal_name(line.of)}" if line.of else told
        case "withdrawn":
            return _("The application was taken back")
        case _:
            return _("The application was never confirmed")


def _letter(line: StoryLine) -> str:
    return _("Letter: %(kind)s, %(state)s", kind=letter_kind(line.code), state=letter_state(line.of or "waiting"))


def _data(line: StoryLine) -> str:
    names = [party_field_name(name) for name in line.fields]
    return _("Data changed: %(fields)s", fields=language.listing(names))


def _money(line: StoryLine) -> str:
    account = account_name(line.of or "", line.tranche)
    if line.year is not None:
        account = f"{account} {line.year}"
    amount = money(line.cents or 0) if line.code == "corrected" else money(abs(line.cents or 0))
    return _("%(account)s %(entry)s: %(amount)s", account=account, entry=entry_name(line.code), amount=amount)


def _tenure_began(line: StoryLine) -> str:
    return _("%(kind)s from this day: %(name)s", kind=tenure_name(line.code), name=line.about)


def _tenure_ended(line: StoryLine) -> str:
    return _("%(kind)s no longer: %(name)s", kind=tenure_name(line.code), name=line.about)


def _contract(line: StoryLine) -> str:
    return _("Heat contract for %(address)s: %(state)s", address=line.about, state=contract_name(line.code))


def _office_began(line: StoryLine) -> str:
    return _("Appointed: %(office)s, decision %(decision)s", office=office_name(line.code), decision=line.about)


def _office_ended(line: StoryLine) -> str:
    return _("No longer in office: %(office)s", office=office_name(line.code))


def _acting(line: StoryLine) -> str:
    name, matter = line.about or _("unknown"), matter_name(line.code)
    match line.kind:
        case StoryKind.ACTING_BEGAN:
            return _("Acts for %(name)s from this day: %(matter)s", name=name, matter=matter)
        case StoryKind.ACTING_ENDED:
            return _("Acts no longer for %(name)s: %(matter)s", name=name, matter=matter)
        case StoryKind.ACTED_FOR_BEGAN:
            return _("%(name)s acts for this member from this day: %(matter)s", name=name, matter=matter)
        case _:
            return _("%(name)s no longer acts for this member: %(matter)s", name=name, matter=matter)


def _exit(line: StoryLine) -> str:
    if line.code == "begun":
        told = _("Leaving began: %(cause)s", cause=cause_name(line.of or ""))
        return _("%(told)s, decision %(decision)s", told=told, decision=line.about) if line.about else told
    return _("Leaving was completed") if line.code == "completed" else _("Leaving was undone")


def _merged(line: StoryLine) -> str:
    name = line.about or _("unknown")
    if line.code == "kept":
        return _("The line of %(name)s turned out to be the same, and went into this one", name=name)
    return _("Turned out to be the same as %(name)s: that line counts now", name=name)


def _promise(line: StoryLine) -> str:
    told = _("Promised: %(promise)s", promise=promise_name(line.code))
    return f"{told}, {money(line.cents)}" if line.cents is not None else told


def _promise_settled(line: StoryLine) -> str:
    outcome = promise_outcome_name(line.of or "")
    return _("Promise %(outcome)s: %(promise)s", outcome=outcome, promise=promise_name(line.code))


def _consent(line: StoryLine) -> str:
    purpose = consent_purpose_name(line.of or "")
    if line.code == "given":
        return _("Agreed: %(purpose)s", purpose=purpose)
    return _("Took a consent back: %(purpose)s", purpose=purpose)


_WORDS: Mapping[StoryKind, Callable[[StoryLine], str]] = {
    StoryKind.EVENT: _event,
    StoryKind.APPLICATION: _application,
    StoryKind.LETTER: _letter,
    StoryKind.DATA: _data,
    StoryKind.MONEY: _money,
    StoryKind.TENURE_BEGAN: _tenure_began,
    StoryKind.TENURE_ENDED: _tenure_ended,
    StoryKind.CONTRACT: _contract,
    StoryKind.OFFICE_BEGAN: _office_began,
    StoryKind.OFFICE_ENDED: _office_ended,
    StoryKind.ACTING_BEGAN: _acting,
    StoryKind.ACTING_ENDED: _acting,
    StoryKind.ACTED_FOR_BEGAN: _acting,
    StoryKind.ACTED_FOR_ENDED: _acting,
    StoryKind.EXIT: _exit,
    StoryKind.MERGED: _merged,
    StoryKind.PROMISE: _promise,
    StoryKind.PROMISE_SETTLED: _promise_settled,
    StoryKind.CONSENT: _consent,
}
