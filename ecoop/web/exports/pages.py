"""What the pages about exports show, and everything about one person as files."""

import csv
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from ecoop import language
from ecoop.exchange.reports import Report, Section
from ecoop.exchange.tables import harmless
from ecoop.language import gettext as _
from ecoop.language import ngettext
from ecoop.language.access import access_name
from ecoop.language.audit import action_name
from ecoop.language.jobs import job_state
from ecoop.language.privacy import column_name, table_name
from ecoop.services.access_log import AccessKind, AccessView
from ecoop.services.jobs import JobState, JobView
from ecoop.services.person_export import Part, PersonExport, Value
from ecoop.services.register_export import Departure

LOOKED_AT = (AccessKind.MEMBER, AccessKind.REGISTER, AccessKind.PRIVACY, AccessKind.EXPORT, AccessKind.SUPPORT_VISIT)
ON_PAPER = frozenset({"party_record", "membership_event", "consent_event", "role_grant", "access_entry", "account",
                      "audit_note", "legal_hold"})  # fmt: skip
"""What a person wants to read; the rest stands in the files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRow:
    """One export that was asked for."""

    id: int
    asked_at: str
    asked_by: str
    state: str
    ready: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LookRow:
    """One time that something left, or that somebody looked."""

    at: str
    who: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportsPage:
    """What leaves and who looked."""

    title: str
    answer: str
    exports: tuple[ExportRow, ...]
    left: tuple[LookRow, ...]
    looked: tuple[LookRow, ...]
    may_take: bool


def exports_page(
    exports: Sequence[JobView],
    left: Sequence[Departure],
    looked: Sequence[AccessView],
    *,
    is_there: Callable[[int], bool],
    may_take: bool,
) -> ExportsPage:
    """The exports, what left by whom, and who looked at whom."""
    return ExportsPage(
        title=_("Exports"),
        answer=ngettext("%(count)s time data were taken along.", "%(count)s times data were taken along.", len(left))
        if left
        else _("Nothing was taken along yet."),
        exports=tuple(
            ExportRow(id=one.id, asked_at=language.moment(one.created_at), asked_by=one.created_by or _("ecoop itself"),
                      state=job_state(one.state), ready=one.state is JobState.DONE and is_there(one.id))
            for one in exports
        ),
        left=tuple(
            LookRow(at=language.moment(one.at), who=one.name or _("on the command line"), what=action_name(one.action))
            for one in left
        ),
        looked=tuple(
            LookRow(at=language.moment(one.at), what=access_name(one.kind),
                    who=_("%(name)s, as administrator", name=one.name) if one.as_support else one.name)
            for one in looked
        ),
        may_take=may_take,
    )  # fmt: skip


def person_files(found: PersonExport) -> dict[str, bytes]:
    """Everything as JSON, exact, and as CSV for a spreadsheet, in which nothing can be taken for a formula."""
    told = {part.name: [dict(zip(part.columns, row, strict=True)) for row in part.rows] for part in found.parts}
    text = json.dumps(told, ensure_ascii=False, indent=1)
    return {"everything.json": text.encode()} | {f"{part.name}.csv": _csv(part) for part in found.parts}


def _csv(part: Part) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(part.columns)
    writer.writerows([[_cell(value) for value in row] for row in part.rows])
    return stream.getvalue().encode("utf-8-sig")


def _cell(value: Value) -> str | int:
    if value is None:
        return ""
    return harmless(value) if isinstance(value, str) else value


def person_report(found: PersonExport, *, cooperative: str, day: date) -> Report:
    """What one reads first: each table that matters to a person, in words."""
    return Report(
        language=language.current().value,
        sender=cooperative,
        title=_("What is kept about %(name)s", name=found.name),
        lead=(
            _("As it stood on %(day)s.", day=language.day(day)),
            _("The files beside this one hold everything, field by field, to be read by other programs."),
        ),
        sections=tuple(
            Section(
                heading=table_name(part.name),
                paragraphs=tuple("; ".join(_told(part, row)) for row in part.rows),
            )
            for part in found.parts
            if part.name in ON_PAPER
        ),
    )


def _told(part: Part, row: tuple[Value, ...]) -> list[str]:
    """A row in words, without what is only a number inside and what is unknown."""
    return [
        f"{column_name(name)}: {_word(value)}"
        for name, value in zip(part.columns, row, strict=True)
        if value is not None and not name.endswith("id") and column_name(name)
    ]


def _word(value: Value) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value)
