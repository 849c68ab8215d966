"""The kinds of jobs: a name and a function each. Another part of the platform adds its own here."""

import logging
from collections.abc import Callable, Mapping
from datetime import timedelta

from ecoop import mail
from ecoop.db import Scope
from ecoop.safekeeping import checking
from ecoop.safekeeping.checking import Ground, Severity
from ecoop.services import (
    direct_debits,
    jobs,
    joining,
    letters,
    mailings,
    nobodys_applications,
    papers,
    register_export,
    retention,
    turns,
    yearly_statements,
)
from ecoop.services import importing as sheets
from ecoop.services.cooperatives import read_cooperatives, read_installation
from ecoop.vault import Vault
from ecoop.worker import correspondence, exporting, importing, membership_money
from ecoop.worker.work import JobFailed, Work

log = logging.getLogger("ecoop.worker")

KEEP_PRINTS = timedelta(days=7)
KEEP_JOBS = timedelta(days=90)

Check = Callable[[Work], None]


def expire_letters(work: Work) -> None:
    """Close the letters whose time is over, whether or not a mail server is set, so that no secret in them stays."""
    with work.database.work(Scope(carries=True, may_write=True)) as session:
        letters.expire(session, now=work.now())


def forget_old_jobs(work: Work) -> None:
    """Remove what the installation itself did long ago."""
    with work.writing() as session:
        jobs.forget_old(session, before=work.now() - KEEP_JOBS)


def remove_old_prints(work: Work) -> None:
    """Remove the letters on paper that were made more than a week ago: they hold personal data."""
    correspondence.remove_prints(work.settings.folder, before=work.now() - KEEP_PRINTS)


def write_due_letters(work: Work) -> None:
    """Write the letters whose day has come: those of recoveries whose waiting time is over."""
    mail.write_due_letters(work.database, work.now())


def look_whether_whole(work: Work) -> None:
    """Look whether trails, papers and tables are still what was put in; the log says what is not."""
    with work.database.work(Scope()) as session:
        installation = read_installation(session)
    ground = Ground(
        environment={}, settings=work.settings, database=work.database, now=work.now(), installation=installation
    )
    wrong = [found for found in checking.look_whether_whole(ground) if found.severity is Severity.WRONG]
    for found in wrong:
        log.error("The nightly check found something wrong: %s. ecoop check says what to do.", found.key)
    if wrong:
        raise JobFailed("check_failed")


def purge_papers(work: Work) -> None:
    """Destroy the files of withdrawn papers whose time is over; the trail says which."""
    papers.purge_expired(work.database, Vault(work.settings.papers_folder), now=work.now(), dry_run=False)


def remove_old_exports(work: Work) -> None:
    """Remove the exports of cooperatives that were made more than a week ago: they hold everything."""
    exporting.remove_exports(work.settings.folder, before=work.now() - KEEP_PRINTS)


def tell_what_may_go(work: Work) -> None:
    """Tell who keeps privacy that the time of some data is over. Nothing goes before somebody says so."""
    with work.database.work(Scope()) as session:
        ids = [one.id for one in read_cooperatives(session)]
    for cooperative_id in ids:
        with work.writing(cooperative_id) as session:
            retention.tell_due(session, cooperative_id=cooperative_id, now=work.now())


def blank_unconfirmed_applications(work: Work) -> None:
    """Blank what newcomers filled in and never confirmed: nobody needs it."""
    joining.blank_unconfirmed(work.database, now=work.now())


def blank_applications_of_nobody(work: Work) -> None:
    """Blank what ended before anybody said whose it was, once its time is over."""
    nobodys_applications.blank_nobodys(work.database, now=work.now())


NIGHTLY: tuple[Check, ...] = (
    expire_letters,
    forget_old_jobs,
    remove_old_prints,
    remove_old_exports,
    tell_what_may_go,
    purge_papers,
    blank_unconfirmed_applications,
    blank_applications_of_nobody,
    look_whether_whole,
)
"""What is checked every night. Each must be harmless to do twice."""
HOURLY: tuple[Check, ...] = (expire_letters, write_due_letters)
"""What is checked every hour."""


def check_all(work: Work, checks: tuple[Check, ...]) -> None:
    """Run every check, also after one that fails; then fail with the first."""
    first: Exception | None = None
    for position, check in enumerate(checks):
        try:
            check(work)
        except Exception as error:
            first = first or error
        work.progress(position + 1, len(checks))
    if first is not None:
        raise first


def nightly(work: Work) -> None:
    """Everything of the night."""
    check_all(work, NIGHTLY)


def hourly(work: Work) -> None:
    """Everything of the hour."""
    check_all(work, HOURLY)


KINDS: Mapping[str, Callable[[Work], None]] = {
    mailings.WRITE: correspondence.write_mailing,
    letters.PRINT: correspondence.print_waiting,
    register_export.EXPORT: exporting.export_cooperative,
    "checks.nightly": nightly,
    "checks.hourly": hourly,
    direct_debits.ANNOUNCE: membership_money.announce_debit,
    yearly_statements.STATEMENTS: membership_money.make_statements,
    turns.TELL: correspondence.tell_turns,
    turns.DIGEST: correspondence.send_digest,
    sheets.TAKE_OVER: importing.take_over,
    sheets.TAKE_BACK: importing.take_back,
}
