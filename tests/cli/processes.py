"""Commands as processes of their own: those that serve until they are told to stop."""

import os
import re
import select
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

PROGRAM = (sys.executable, "-c", "from ecoop.cli import main; main(prog_name='ecoop')")
PATIENCE_SECONDS = 90  # the machine may be busy with other tests


class Served:
    """A process that serves, with what it said so far."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        self.said = ""

    def wait_for(self, pattern: str) -> re.Match[str]:
        """Read on until `pattern` was said; a process that ends or is silent fails the test."""
        assert self.process.stdout is not None
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not (found := re.search(pattern, self.said)):
            ready, _, _ = select.select([self.process.stdout], [], [], max(0.0, deadline - time.monotonic()))
            piece = os.read(self.process.stdout.fileno(), 65536) if ready else b""
            assert piece, f"{pattern!r} was never said. This was: {self.said}"
            self.said += piece.decode()
        return found

    @property
    def address(self) -> str:
        """Where it serves."""
        return self.wait_for(r"(http://\S+)\. Stop")[1]

    def stop(self, number: int) -> int:
        """Send a signal and wait for the end; gives the exit code and keeps what was said last."""
        self.process.send_signal(number)
        said, _ = self.process.communicate(timeout=PATIENCE_SECONDS)
        self.said += said.decode()
        return self.process.returncode


@contextmanager
def serving(
    command: Sequence[str], folder: Path, settings: dict[str, str] | None = None, pass_fds: Sequence[int] = ()
) -> Iterator[Served]:
    """A running process, ended in any case when the block ends."""
    environment = {name: text for name, text in os.environ.items() if not name.startswith("ECOOP_")}
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment | {"LC_ALL": "en_GB.UTF-8"} | (settings or {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        pass_fds=pass_fds,
    )
    try:
        yield Served(process)
    finally:
        process.kill()
        process.communicate()
