"""`ecoop worker`, and the worker beside the site in `ecoop serve`."""

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

import click

from ecoop.cli.database import installation_of, opened, require_current
from ecoop.cli.failures import Failure
from ecoop.cli.words import Command, Option
from ecoop.config import Settings, read_settings
from ecoop.language import gettext, mark

if TYPE_CHECKING:
    from ecoop.db import Database

LAST_SECONDS = 5
"""How long what is being done gets when the site stops. What is not ready then, is begun again by the next worker."""


@click.command(cls=Command, help=mark("Do the work in the background, apart from the site, until told to stop."))
@click.option(
    "--log-format",
    type=click.Choice(["json", "text"]),
    cls=Option,
    help=mark("How the log is written. Default: text at a terminal, json elsewhere."),
)
def worker(log_format: str | None) -> None:
    """Run one worker in this process; SIGTERM lets it finish what it is doing."""
    from ecoop import clock
    from ecoop.web.log_lines import set_up_logging
    from ecoop.worker import Worker

    settings = read_settings()
    with opened(settings.database_url) as database:
        require_current(database)
        if installation_of(database) is None:
            raise Failure(gettext("There is no cooperative yet. Found one first: ecoop init"))
        set_up_logging(as_json=not sys.stderr.isatty() if log_format is None else log_format == "json")
        own = Worker(database, settings, clock.now)

        def stop(_number: int, _frame: FrameType | None) -> None:
            own.stop()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        click.echo(gettext("The worker has begun. Stop with Ctrl+C."))
        own.run()
        click.echo(gettext("The worker has stopped."))


@contextmanager
def worker_beside(database: "Database", settings: Settings, *, wanted: bool = True) -> Iterator[None]:
    """While the block runs, one worker at work in a thread of this process."""
    if not wanted:
        yield
        return
    from ecoop import clock
    from ecoop.worker import Worker

    own = Worker(database, settings, clock.now)
    thread = threading.Thread(target=own.run, name="ecoop-worker", daemon=True)
    thread.start()
    try:
        yield
    finally:
        own.stop()
        thread.join(LAST_SECONDS)
