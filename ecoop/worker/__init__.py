"""Work in the background: one worker runs dated jobs and jobs that pages asked for, and sends what waits in the outbox.

The worker looks into the outbox itself instead of finding a job per letter: a mailing to five thousand people is then
one job and not five thousand, and a letter needs no second row that could be lost or done twice.
"""

from ecoop.worker.loop import Worker
from ecoop.worker.work import JobFailed, Stopped, Work, run_apart

__all__ = ["JobFailed", "Stopped", "Work", "Worker", "run_apart"]
