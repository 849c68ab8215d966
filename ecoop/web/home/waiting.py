"""What waits for the board besides what somebody asked: letters, figures, work, a page, a second step."""

from collections.abc import Iterator
from datetime import datetime

from flask import url_for

from ecoop import language
from ecoop.clock import legal_day
from ecoop.db import ScopedSession
from ecoop.governance.roles import BOARD_ROLES, Permission
from ecoop.language import gettext as _
from ecoop.language import ngettext
from ecoop.language.governing import finding_sentence
from ecoop.language.names import role_name
from ecoop.services import factor_rules, figures, jobs, letters, public_page, recovery, register_check
from ecoop.services.jobs import JobState
from ecoop.services.letters import RETURNED, LetterState
from ecoop.services.places import Place
from ecoop.web.home.pages import Waiting


def read_waiting(session: ScopedSession, place: Place, *, now: datetime) -> tuple[Waiting, ...]:
    """What waits, for who may do something about it: what concerns people first."""
    may = place.actor.may
    found: list[Waiting] = [*_second_step(session, place, now)]
    if may(Permission.GRANT_ROLES):
        found += _recoveries(session, place)
    if may(Permission.SEE_REGISTER) and place.actor.is_any(BOARD_ROLES):
        found += _register(session, place, now)
    if may(Permission.WRITE_LETTERS):
        found += _letters(session, place)
    if may(Permission.SEE_JOBS):
        found += _work(session, place)
    if may(Permission.RECORD_FIGURES):
        found += _figures(session, place)
    if may(Permission.PUBLISH_PAGE):
        found += _page(session, place)
    return tuple(found)


def _second_step(session: ScopedSession, place: Place, now: datetime) -> Iterator[Waiting]:
    """A role of one's own that soon asks for what one does not have."""
    held = {one.role for one in place.actor.roles}
    for rule in factor_rules.read_rules(session, place.id):
        if rule.role in held and place.actor.name in rule.stops and rule.since > legal_day(now):
            yield Waiting(
                sentence=_(
                    "From %(day)s the role %(role)s asks for a second step when you sign in, and you have none.",
                    day=language.day(rule.since), role=role_name(rule.role),
                ),
                url=url_for("second_step.show"), label=_("Set it up"),
            )  # fmt: skip


def _recoveries(session: ScopedSession, place: Place) -> Iterator[Waiting]:
    for row in recovery.read_recoveries(session, cooperative_id=place.id):
        if not row.is_over and row.account_id != place.actor.account_id:
            yield Waiting(
                sentence=_("%(name)s is being helped back in after losing a phone.", name=row.name),
                url=url_for("recovery.show", cooperative=place.slug), label=_("Look at it"),
            )  # fmt: skip


def _register(session: ScopedSession, place: Place, now: datetime) -> Iterator[Waiting]:
    """What a quick look at the register finds, as one sentence; the page about it tells everything."""
    found = register_check.check_register(
        session, place.actor, cooperative_id=place.id, day=legal_day(now), thorough=False
    )
    if found:
        told = finding_sentence(found[0].code, found[0].details)
        sentence = ngettext(
            "The register has %(count)s thing to look at: %(told)s",
            "The register has %(count)s things to look at. The first: %(told)s",
            len(found),
            told=told,
        )
        yield Waiting(
            sentence=sentence, url=url_for("voters.check", cooperative=place.slug), label=_("Look at the register")
        )  # fmt: skip


def _letters(session: ScopedSession, place: Place) -> Iterator[Waiting]:
    counts = letters.count_letters_of(session, cooperative_id=place.id)
    failed = {state: counts[state] for state in LetterState if state in RETURNED and counts.get(state)}
    if failed:
        only = next(iter(failed)).value if len(failed) == 1 else None
        yield Waiting(
            sentence=ngettext("%(count)s letter did not reach its reader.",
                              "%(count)s letters did not reach their readers.", sum(failed.values())),
            url=url_for("correspondence.show", cooperative=place.slug, state=only), label=_("See for whom"),
        )  # fmt: skip
    if counts.get(LetterState.TO_PRINT):
        yield Waiting(
            sentence=ngettext("%(count)s letter waits to be printed.", "%(count)s letters wait to be printed.",
                              counts[LetterState.TO_PRINT]),
            url=url_for("correspondence.show", cooperative=place.slug), label=_("Print"),
        )  # fmt: skip


def _work(session: ScopedSession, place: Place) -> Iterator[Waiting]:
    failed = sum(one.state is JobState.FAILED for one in jobs.read_jobs(session, cooperative_id=place.id))
    if failed:
        yield Waiting(
            sentence=ngettext("%(count)s piece of work in the background failed.",
                              "%(count)s pieces of work in the background failed.", failed),
            url=url_for("jobs.show", cooperative=place.slug), label=_("See why"),
        )  # fmt: skip


def _figures(session: ScopedSession, place: Place) -> Iterator[Waiting]:
    subjects = figures.read_side_by_side(session, cooperative_id=place.id)
    undecided = sum(len(one.figures) > 1 and one.used is None for one in subjects)
    if undecided:
        yield Waiting(
            sentence=ngettext("About %(count)s thing the sources differ, and nothing is chosen yet.",
                              "About %(count)s things the sources differ, and nothing is chosen yet.", undecided),
            url=url_for("figures.show", cooperative=place.slug), label=_("Choose"),
        )  # fmt: skip


def _page(session: ScopedSession, place: Place) -> Iterator[Waiting]:
    if public_page.read_desk(session, cooperative_id=place.id).has_unpublished:
        yield Waiting(
            sentence=_("The newest text of the public page is not public yet."),
            url=url_for("public_page.desk", cooperative=place.slug), label=_("Look at it"),
        )  # fmt: skip
