"""How often something may be tried: counted in the database, so that it holds across restarts and processes."""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from ecoop.db import ScopedSession
from ecoop.models import Attempt

WINDOW = timedelta(minutes=15)


def allow_attempt(
    session: ScopedSession, kind: str, subject: str, *, limit: int, now: datetime, window: timedelta = WINDOW
) -> bool:
    """Count one try of `kind` by `subject` and say whether it is still within `limit` per quarter of an hour.

    A kind that is counted over longer says so with `window`.

    The subject (an address, a network address) is kept as a digest only.
    """
    key = _key(kind, subject)
    _begin_counting(session, key, now)
    attempt = session.scalars(select(Attempt).where(Attempt.key == key).with_for_update()).one()
    if now - attempt.window_start >= window:
        attempt.window_start, attempt.tries = now, 0
    attempt.tries += 1
    session.flush()
    return attempt.tries <= limit


def forget_attempts(session: ScopedSession, kind: str, subject: str) -> None:
    """Start counting anew, after the right password was given."""
    attempt = session.get(Attempt, _key(kind, subject))
    if attempt is not None:
        session.delete(attempt)
        session.flush()


def _key(kind: str, subject: str) -> str:
    return f"{kind}:{hashlib.sha256(subject.encode()).hexdigest()[:32]}"


def _begin_counting(session: ScopedSession, key: str, now: datetime) -> None:
    if session.get(Attempt, key) is not None:
        return
    try:
        with session.begin_nested():
            session.add(Attempt(key=key, window_start=now, tries=0))
    except IntegrityError:
        session.expire_all()  # somebody else began a moment ago
