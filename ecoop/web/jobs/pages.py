"""What the pages about work in the background show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ecoop import language
from ecoop.language import gettext as _
from ecoop.language import ngettext
from ecoop.language.jobs import job_name, job_problem, job_state, letter_state
from ecoop.services.jobs import JobFailure, JobState, JobView
from ecoop.services.letters import LetterState

ICONS: Mapping[JobState, str] = {
    JobState.WAITING: "hourglass-split",
    JobState.RUNNING: "gear",
    JobState.DONE: "check-circle",
    JobState.FAILED: "exclamation-triangle",
    JobState.CANCELLED: "slash-circle",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRow:
    """One job."""

    id: int
    name: str
    asked_by: str
    asked_at: str
    state: str
    icon: str
    problem: str
    progress: str
    done: int
    total: int | None
    may_stop: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class JobsPage:
    """The jobs of a cooperative."""

    title: str
    answer: str
    rows: tuple[JobRow, ...]
    running: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkPage:
    """Work on the whole installation."""

    title: str
    answer: str
    jobs: tuple[tuple[str, str], ...]
    letters: tuple[tuple[str, str], ...]
    failures: tuple[tuple[str, str, str, str], ...]


def jobs_page(found: Sequence[JobView]) -> JobsPage:
    """The jobs in words."""
    open_jobs = sum(one.state in {JobState.WAITING, JobState.RUNNING} for one in found)
    failed = sum(one.state is JobState.FAILED for one in found)
    if failed:
        answer = ngettext("%(count)s piece of work failed.", "%(count)s pieces of work failed.", failed)
    elif open_jobs:
        answer = ngettext("%(count)s piece of work is not done yet.", "%(count)s pieces of work are not done yet.",
                          open_jobs)  # fmt: skip
    else:
        answer = _("Nothing is being done in the background now.")
    return JobsPage(
        title=_("Work in the background"), answer=answer, rows=tuple(_row(one) for one in found), running=open_jobs > 0
    )


def _row(one: JobView) -> JobRow:
    over = one.state not in {JobState.WAITING, JobState.RUNNING}
    return JobRow(
        id=one.id,
        name=job_name(one.kind),
        asked_by=one.created_by or _("by the clock"),
        asked_at=language.moment(one.created_at),
        state=_("stops") if one.cancel_asked and not over else job_state(one.state),
        icon=ICONS[one.state],
        problem=job_problem(one.problem),
        progress=progress_words(one),
        done=one.done,
        total=one.total,
        may_stop=not over and not one.cancel_asked,
    )


def progress_words(one: JobView) -> str:
    """How far it is."""
    if one.total is None:
        return "–"
    done, total = language.number(one.done), language.number(one.total)
    return _("%(done)s of %(total)s", done=done, total=total)


def overview_page(
    counts: Mapping[JobState, int], letters: Mapping[LetterState, int], *, failures: Sequence[JobFailure]
) -> WorkPage:
    """Numbers, and what failed."""
    failed = counts.get(JobState.FAILED, 0)
    return WorkPage(
        title=_("Work in the background"),
        answer=ngettext("%(count)s piece of work failed.", "%(count)s pieces of work failed.", failed)
        if failed
        else _("No work failed."),
        jobs=tuple((job_state(state), language.number(counts.get(state, 0))) for state in JobState),
        letters=tuple((letter_state(state), language.number(letters.get(state, 0))) for state in LetterState),
        failures=tuple(
            (job_name(one.kind), one.cooperative or _("Installation"), job_problem(one.problem),
             language.moment(one.finished_at))
            for one in failures
        ),
    )  # fmt: skip
