"""What the pages of the audit trail show."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ecoop import language
from ecoop.governance.audit import Verdict
from ecoop.governance.roles import Actor, Permission
from ecoop.language import gettext as _
from ecoop.language import ngettext
from ecoop.language.access import access_name
from ecoop.language.audit import AREAS, action_name, area_name, detail_name, fault_sentence, outcome_name
from ecoop.language.figures import subject_name
from ecoop.language.jobs import job_name
from ecoop.language.names import role_name
from ecoop.language.papers import paper_kind_name, reader_name, retention_name
from ecoop.language.sign_in import proof_name
from ecoop.services.access_log import AccessView
from ecoop.services.audit_reading import Trail, TrailEntry

SHOWN_AT_MOST = 4
"""Of a list, such as the buildings of a role."""
SHORT = 12
"""So many characters of a fingerprint are enough to point at it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRow:
    """One entry in words."""

    number: int
    moment: str
    who: str
    what: str
    details: str
    reason: str
    reason_erased: bool
    may_erase: bool
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailPage:
    """A page of the trail."""

    title: str
    answer: str
    second: str
    head: str
    rows: tuple[EntryRow, ...]
    older: int | None
    is_filtered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckPage:
    """What a look at the whole trail found."""

    title: str
    answer: str
    holds: bool
    head: str
    asked: str
    trouble: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LookRow:
    """One time that somebody looked."""

    moment: str
    who: str
    what: str
    as_support: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LooksPage:
    """Who looked at what privacy law asks after."""

    title: str
    answer: str
    rows: tuple[LookRow, ...]


def trail_page(trail: Trail, actor: Actor, *, is_filtered: bool) -> TrailPage:
    """The trail in words, newest first."""
    return TrailPage(
        title=_("Audit trail"),
        answer=ngettext("%(count)s thing was done and recorded.", "%(count)s things were done and recorded.",
                        trail.count),
        second=_("Each entry is sealed with the one before it, so that a change does not go unnoticed."),
        head=trail.head,
        rows=tuple(entry_row(entry, may_erase=actor.may(Permission.ERASE_REASONS)) for entry in trail.entries),
        older=trail.older,
        is_filtered=is_filtered,
    )  # fmt: skip


def entry_row(entry: TrailEntry, *, may_erase: bool = False) -> EntryRow:
    """One entry in words."""
    who = entry.actor or _("ecoop itself")
    if entry.on_behalf_of:
        who = _("%(name)s on behalf of %(other)s", name=who, other=entry.on_behalf_of)
    return EntryRow(
        number=entry.number,
        moment=language.moment(entry.recorded_at),
        who=who,
        what=action_name(entry.action),
        details="; ".join(_details(entry)),
        reason=entry.reason or "",
        reason_erased=entry.reason_erased,
        may_erase=may_erase and entry.reason is not None,
        digest=entry.digest[:SHORT],
    )


def _details(entry: TrailEntry) -> Iterator[str]:
    area = entry.action.partition(".")[0]
    if entry.subject:
        yield _subject(area, entry.subject)
    for key, value in sorted(entry.details.items(), key=lambda item: item[0].endswith("digest")):
        if value in (None, []) or (area == "figure" and key == "count" and value == 1):
            continue
        yield f"{detail_name(key)}: {_value(area, key, value)}"


def _subject(area: str, subject: str) -> str:
    """What it was done to: a figure and work in the background have codes of their own, other things a name."""
    words = {"figure": subject_name, "job": job_name}.get(area)
    return words(subject) if words else subject


def _value(area: str, key: str, value: object) -> str:
    if key == "kind":
        return paper_kind_name(str(value)) if area == "paper" else proof_name(str(value))
    if key == "retention":
        return retention_name(str(value))
    if key == "role":
        return role_name(str(value))
    if key == "outcome":
        return outcome_name(str(value))
    if key.endswith("_on") or key == "keep_until":
        return language.day(date.fromisoformat(str(value)))
    if key.endswith("digest"):
        return str(value)[:SHORT]
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        words = {"readers": reader_name, "figures": subject_name}.get(key, str)
        shown = [words(str(one)) for one in value[:SHOWN_AT_MOST]]
        more = len(value) - len(shown)
        return ", ".join(shown) + (" " + ngettext("and %(count)s more", "and %(count)s more", more) if more else "")
    return str(value)


def choices(trail: Trail) -> Mapping[str, list[tuple[str, str]]]:
    """What the lists of the form offer: everybody with an office, and everything that can be done."""
    return {
        "who": [("", _("Everybody")), *((str(number), name) for number, name in trail.officers)],
        "what": [("", _("Everything")), *sorted(((one, area_name(one)) for one in AREAS), key=lambda p: p[1])],
    }


def check_page(verdict: Verdict, *, asked: str, trouble: str) -> CheckPage:
    """What a look at the whole trail found."""
    if verdict.first_break is None:
        answer = ngettext(
            "The trail is whole: %(count)s entry stands as it was written.",
            "The trail is whole: all %(count)s entries stand as they were written.",
            verdict.count,
        )
    else:
        answer = fault_sentence(verdict.first_break.fault, verdict.first_break.number)
    return CheckPage(
        title=_("Check the audit trail"),
        answer=answer,
        holds=verdict.holds,
        head=verdict.head,
        asked=asked,
        trouble=trouble,
    )


def looks_page(rows: Sequence[AccessView]) -> LooksPage:
    """Who looked, newest first."""
    return LooksPage(
        title=_("Who looked"),
        answer=ngettext("%(count)s look was recorded.", "%(count)s looks were recorded.", len(rows))
        if rows
        else _("Nobody looked yet at anything that must be recorded."),
        rows=tuple(
            LookRow(moment=language.moment(row.at), who=row.name, what=access_name(row.kind), as_support=row.as_support)
            for row in rows
        ),
    )
