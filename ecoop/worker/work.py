"""What a job is given, and how it has something heavy calculated in a process of its own."""

import multiprocessing
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from ecoop.config import Settings
from ecoop.db import Database, Scope, ScopedSession
from ecoop.errors import EcoopError
from ecoop.services import jobs
from ecoop.services.jobs import TakenJob

Result = TypeVar("Result")

LOOK_SECONDS = 0.2
"""How often it is looked whether a calculation apart is done or no longer wanted."""


class JobFailed(EcoopError):
    """The job cannot succeed, also not later; the code says why (`language/jobs.py`)."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


class Stopped(EcoopError):
    """Somebody asked to stop, and the job did."""


class CalculationFailed(EcoopError):
    """What was calculated apart raised; the message is the name of its exception."""


@dataclass(slots=True, kw_only=True)
class Work:
    """One job at work. Every piece of it may be done twice: after a crash another worker begins it again."""

    database: Database
    settings: Settings
    now: Callable[[], datetime]
    job: TakenJob
    lost: threading.Event = field(default_factory=threading.Event)
    """Set when the lease ran out: what is still done must not be kept."""

    def scope(self, cooperative_id: int | None = None, *, may_write: bool = False) -> Scope:
        """What a job may see: its own cooperative, or what is posted everywhere where it is of no cooperative."""
        if self.job.cooperative_id is not None:
            return Scope(cooperative_ids=frozenset({self.job.cooperative_id}), may_write=may_write)
        inside = frozenset() if cooperative_id is None else frozenset({cooperative_id})
        return Scope(cooperative_ids=inside, may_write=may_write, carries=cooperative_id is None)

    def reading(self, cooperative_id: int | None = None) -> AbstractContextManager[ScopedSession]:
        """A session that reads. A job of the installation names the cooperative that it looks into."""
        return self.database.work(self.scope(cooperative_id))

    def writing(self, cooperative_id: int | None = None) -> AbstractContextManager[ScopedSession]:
        """A piece of work that is kept when its block ends. Keep it short, and report progress outside it."""
        if self.lost.is_set():
            raise jobs.LeaseLost
        return self.database.work(self.scope(cooperative_id, may_write=True))

    def progress(self, done: int, total: int | None = None) -> None:
        """Say how far it is. Raises Stopped where somebody asked to stop, LeaseLost where another has the job."""
        with self.database.work(Scope(carries=True, may_write=True)) as session:
            asked = jobs.report_progress(session, self.job, done, total, now=self.now())
        if asked:
            raise Stopped

    def cancelled(self) -> bool:
        """Whether somebody asked to stop."""
        with self.database.work(Scope(carries=True, may_write=True)) as session:
            return jobs.heartbeat(session, self.job, now=self.now())

    def run_apart(self, function: Callable[..., Result], *arguments: object) -> Result:
        """Have something heavy calculated in a process of its own; it is ended when somebody asks to stop."""

        def unwanted() -> bool:
            return self.lost.is_set() or self.cancelled()

        return run_apart(function, *arguments, unwanted=unwanted)


def run_apart(
    function: Callable[..., Result], *arguments: object, unwanted: Callable[[], bool] = lambda: False
) -> Result:
    """What `function` gives, calculated in a fresh process, so that this one goes on answering.

    Function and arguments must be importable and plain. Raises CalculationFailed, and Stopped once it is `unwanted`.
    A pool would keep its process and could not be stopped halfway, so each calculation has its own.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_calculate, args=(theirs, function, arguments), daemon=True)
    process.start()
    theirs.close()
    try:
        rounds = 0
        while not ours.poll(LOOK_SECONDS):
            rounds += 1
            if rounds % 10 == 0 and unwanted():
                raise Stopped
        try:
            went_well, result = ours.recv()
        except EOFError as error:
            raise CalculationFailed("process_ended") from error
        if not went_well:
            raise CalculationFailed(str(result))
        return result  # type: ignore[no-any-return]
    finally:
        process.terminate()
        process.join()
        ours.close()


def _calculate(answer: Connection, function: Callable[..., Any], arguments: tuple[object, ...]) -> None:
    """In the fresh process: calculate and send the result back."""
    try:
        result = (True, function(*arguments))
    except Exception as error:  # noqa: BLE001, RUF100  told to who asked
        result = (False, type(error).__name__)
    answer.send(result)
