"""The worker: plans, sends what waits, runs what is due, and survives whatever a job does."""

import logging
import os
import secrets
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta

from ecoop import mail
from ecoop.config import Settings, SettingsError
from ecoop.db import Database, Scope
from ecoop.services import jobs
from ecoop.services.jobs import LeaseLost, TakenJob
from ecoop.worker import schedules
from ecoop.worker.kinds import KINDS
from ecoop.worker.work import JobFailed, Stopped, Work

PAUSE_SECONDS = 2.0
"""How long the worker rests when there is nothing to do: no letter waits longer than this."""
PLAN_EVERY = timedelta(minutes=1)
LONGEST_REST = timedelta(minutes=15)
"""Between two tries to reach a mail server that does not answer."""
CARRIER, CARRIER_WRITES = Scope(carries=True), Scope(carries=True, may_write=True)

log = logging.getLogger("ecoop.worker")
Kind = Callable[[Work], None]


class Worker:
    """One worker. Any number of them may run on one database, in one process or in many."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        now: Callable[[], datetime],
        *,
        kinds: Mapping[str, Kind] = KINDS,
        planned: tuple[schedules.Schedule, ...] = schedules.SCHEDULES,
    ) -> None:
        self.database = database
        self.settings = settings
        self.now = now
        self.kinds = kinds
        self.planned = planned
        self.name = f"{socket.gethostname()[:30]}:{os.getpid()}:{secrets.token_hex(4)}"
        self.stopping = threading.Event()
        self._plan_at: datetime | None = None
        self._mail_at: datetime | None = None
        self._mail_rest = timedelta(minutes=1)

    def run(self, *, pause_seconds: float = PAUSE_SECONDS) -> None:
        """Work until told to stop; what is being done then is finished first."""
        trouble = 0
        while not self.stopping.is_set():
            try:
                busy = self.work_once()
                trouble = 0
            except Exception:  # whatever happens, the worker goes on
                log.exception("The worker stumbled and goes on.")
                busy, trouble = False, min(trouble + 1, 5)
            if not busy:
                self.stopping.wait(pause_seconds * 2**trouble)

    def stop(self) -> None:
        """Ask the worker to stop after what it is doing."""
        self.stopping.set()

    def work_once(self) -> bool:
        """Plan, send what waits, and run the one job that is due longest; whether there was a job."""
        now = self.now()
        if self._plan_at is None or now >= self._plan_at:
            schedules.plan(self.database, now, self.planned)
            self._plan_at = now + PLAN_EVERY
        self._send_letters(now)
        job = self._take()
        if job is None:
            return False
        self._run(job)
        self._plan_at = None  # where it was a dated job, the next one is put down at once
        return True

    def _send_letters(self, now: datetime) -> None:
        if self.settings.smtp_host is None or (self._mail_at is not None and now < self._mail_at):
            return
        try:
            mail.send_waiting(self.database, self.settings, self.now, stop=self.stopping.is_set)
        except mail.DemoSendsNothing:
            pass
        except (mail.MailServerUnreachable, SettingsError) as error:
            log.warning("The letters wait: %s", error)
            self._mail_at, self._mail_rest = now + self._mail_rest, min(self._mail_rest * 2, LONGEST_REST)
        else:
            self._mail_at, self._mail_rest = None, timedelta(minutes=1)

    def _take(self) -> TakenJob | None:
        with self.database.work(CARRIER) as session:
            if not jobs.something_is_due(session, now=self.now()):
                return None
        with self.database.work(CARRIER_WRITES) as session:
            return jobs.take(session, self.name, now=self.now())

    def _run(self, job: TakenJob) -> None:
        work = Work(database=self.database, settings=self.settings, now=self.now, job=job)
        try:
            with self._heart(work):
                self._kind(job)(work)
        except Stopped:
            self._close(job, lambda session: jobs.finish(session, job, cancelled=True, now=self.now()))
        except LeaseLost:
            log.warning("Job %s (%s) was taken over by another worker.", job.id, job.kind)
        except JobFailed as failed:
            problem = failed.problem
            log.warning("Job %s (%s) failed: %s", job.id, job.kind, problem)
            self._close(job, lambda session: jobs.fail(session, job, problem, for_good=True, now=self.now()))
        except Exception as error:
            name = type(error).__name__
            log.exception("Job %s (%s) stumbled, try %s.", job.id, job.kind, job.attempt)
            self._close(job, lambda session: jobs.fail(session, job, name, now=self.now()))
        else:
            self._close(job, lambda session: jobs.finish(session, job, now=self.now()))

    def _kind(self, job: TakenJob) -> Kind:
        if job.kind not in self.kinds:
            raise JobFailed("unknown_kind")
        return self.kinds[job.kind]

    def _close(self, job: TakenJob, note: Callable[..., None]) -> None:
        try:
            with self.database.work(CARRIER_WRITES) as session:
                note(session)
        except LeaseLost:
            log.warning("Job %s (%s) was taken over by another worker.", job.id, job.kind)

    @contextmanager
    def _heart(self, work: Work) -> Iterator[None]:
        """While the block runs, let others know that this worker lives."""
        done = threading.Event()
        heart = threading.Thread(target=self._beat, args=(work, done), name="ecoop-heart", daemon=True)
        heart.start()
        try:
            yield
        finally:
            done.set()
            heart.join()

    def _beat(self, work: Work, done: threading.Event) -> None:
        while not done.wait(jobs.LEASE.total_seconds() / 6):
            try:
                with self.database.work(CARRIER_WRITES) as session:
                    jobs.heartbeat(session, work.job, now=self.now())
            except LeaseLost:
                work.lost.set()
                return
            except Exception:  # the database is busy or away: the next beat may be heard
                log.warning("The heart of job %s was not heard.", work.job.id, exc_info=True)
