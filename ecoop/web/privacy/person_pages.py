"""What the pages about one person and about consents show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ecoop import language
from ecoop.governance.consents import ConsentHow, ConsentMove, ConsentPurpose
from ecoop.governance.retention import Leaving
from ecoop.governance.roles import Actor, Permission
from ecoop.language import gettext as _
from ecoop.language import ngettext
from ecoop.language.access import access_name
from ecoop.language.privacy import (
    because,
    consent_how_name,
    consent_purpose_name,
    field_name,
    going_on,
)
from ecoop.services.access_log import AccessView
from ecoop.services.consents import ConsentView, TextView
from ecoop.services.legal_holds import HoldView, Whom
from ecoop.web.privacy.pages import SHORT, HoldRow, hold_row


@dataclass(frozen=True, slots=True, kw_only=True)
class LeavingRow:
    """One field: when it leaves and why."""

    name: str
    leaves: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentRow:
    """One consent of somebody."""

    name: str
    state: str
    holds: bool
    text: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LookRow:
    """One time that somebody looked, or that something left."""

    at: str
    who: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPage:
    """What is kept about one person, until when, and who looked."""

    title: str
    answer: str
    party_id: int
    membership_id: int | None
    leaving: tuple[LeavingRow, ...]
    holds: tuple[HoldRow, ...]
    held: bool
    consents: tuple[ConsentRow, ...]
    looks: tuple[LookRow, ...]


def person_page(
    whom: Whom,
    found: Sequence[Leaving],
    holds: Sequence[HoldView],
    given: Sequence[ConsentView],
    looks: Sequence[AccessView],
    *,
    day: date,
) -> PersonPage:
    """The answer is what leaves first."""
    held = any(one.runs_on(day) for one in holds)
    return PersonPage(
        title=_("Privacy of %(name)s", name=whom.name),
        answer=_first_to_leave(found, held=held),
        party_id=whom.party_id,
        membership_id=whom.membership_id,
        leaving=tuple(leaving_row(one) for one in found),
        holds=tuple(hold_row(one, day) for one in holds),
        held=held,
        consents=tuple(_consent(one) for one in given),
        looks=tuple(look_row(one) for one in looks),
    )


def _first_to_leave(found: Sequence[Leaving], *, held: bool) -> str:
    if held:
        return _("A legal hold keeps everything about this person for now.")
    dated = sorted((one.leaves_on, one.field) for one in found if one.leaves_on is not None)
    if not dated:
        return (
            _("Nothing leaves yet: something still goes on with this person.")
            if found
            else _("Nothing personal is kept any more: only the number and the days.")
        )
    day, field = dated[0]
    return _("First to leave is: %(field)s, on %(day)s.", field=field_name(field).lower(), day=language.day(day))


def leaving_row(one: Leaving) -> LeavingRow:
    """One field in words: leaves on a day because of a rule, or stays because something goes on."""
    if one.is_held:
        leaves, why = _("stays"), _("a legal hold runs")
    elif one.leaves_on is not None and one.purpose is not None:
        leaves = _("leaves on %(day)s", day=language.day(one.leaves_on))
        why = because(one.purpose, one.kept_months)
    elif one.purpose is not None:
        leaves, why = _("stays"), going_on(one.purpose)
    else:
        leaves, why = _("stays"), _("no rule says why it is kept: look whether it is needed")
    return LeavingRow(name=field_name(one.field), leaves=leaves, why=why)


def _consent(one: ConsentView) -> ConsentRow:
    if one.standing.holds and one.standing.since is not None and one.how is not None:
        state = _("given on %(day)s, %(how)s", day=language.day(one.standing.since), how=consent_how_name(one.how))
    elif one.standing.since is not None:
        state = _("taken back on %(day)s", day=language.day(one.standing.since))
    else:
        state = _("not given")
    note = _("There is a newer text: ask again.") if one.ask_again else ""
    text = one.text
    version = _("Version %(number)s: “%(text)s”", number=text.version, text=text.text) if text else ""
    return ConsentRow(
        name=consent_purpose_name(one.purpose), state=state, holds=one.standing.holds, text=version, note=note
    )


def look_row(one: AccessView) -> LookRow:
    """One look in words."""
    who = _("%(name)s, as administrator", name=one.name) if one.as_support else one.name
    return LookRow(at=language.moment(one.at), who=who, what=access_name(one.kind))


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRow:
    """One version of a text."""

    name: str
    language: str
    version: int
    text: str
    recorded: str
    digest: str
    newest: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TextsPage:
    """The texts to which people agree."""

    title: str
    answer: str
    rows: tuple[TextRow, ...]
    may_keep: bool


def texts_page(texts: Sequence[TextView], actor: Actor) -> TextsPage:
    """Every text, the newest of each first."""
    purposes = len({one.purpose for one in texts})
    seen: set[tuple[ConsentPurpose, str]] = set()
    rows = []
    for one in texts:
        newest = (one.purpose, one.language) not in seen
        seen.add((one.purpose, one.language))
        rows.append(
            TextRow(name=consent_purpose_name(one.purpose), language=one.language, version=one.version, text=one.text,
                    recorded=language.moment(one.recorded_at), digest=one.digest[:SHORT], newest=newest)
        )  # fmt: skip
    return TextsPage(
        title=_("Texts for consents"),
        answer=ngettext("For %(count)s purpose there is a text.", "For %(count)s purposes there is a text.", purposes)
        if purposes
        else _("There is no text yet to which people can agree."),
        rows=tuple(rows),
        may_keep=actor.may(Permission.KEEP_PRIVACY),
    )


def purpose_choices() -> list[tuple[str, str]]:
    """For what somebody can be asked."""
    return [("", _("Choose for what")), *((one.value, consent_purpose_name(one)) for one in ConsentPurpose)]


def move_choices() -> list[tuple[str, str]]:
    """Given or taken back; none is chosen beforehand."""
    return [("", _("Choose what happened")), (ConsentMove.GIVEN.value, _("Consent given")),
            (ConsentMove.WITHDRAWN.value, _("Consent taken back"))]  # fmt: skip


def how_choices() -> list[tuple[str, str]]:
    """How it was told."""
    return [("", _("Choose how")), *((one.value, consent_how_name(one)) for one in ConsentHow)]


def language_choices() -> list[tuple[str, str]]:
    """The languages of texts."""
    return [("nl", "Nederlands"), ("en", "English")]
