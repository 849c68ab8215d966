"""The outbox: letters are kept first and sent later, never inside the work that caused them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from ecoop.db import ScopedSession
from ecoop.models import Letter

LONGEST_SUBJECT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterView:
    """One message as the outbox shows it."""

    id: int
    recipient: str
    subject: str
    body: str
    written_at: datetime
    sent_at: datetime | None


def write_letter(
    session: ScopedSession, *, account_id: int, recipient: str, subject: str, body: str, now: datetime
) -> None:
    """Put a message in the outbox, to go out when the present work is committed. A long subject is shortened."""
    subject = subject if len(subject) <= LONGEST_SUBJECT else subject[: LONGEST_SUBJECT - 1] + "…"
    session.add(Letter(account_id=account_id, recipient=recipient, subject=subject, body=body, written_at=now))
    session.flush()


def read_letters(session: ScopedSession, *, waiting_only: bool = False, limit: int = 200) -> tuple[LetterView, ...]:
    """The newest letters of the installation (all, or only those that wait), newest first."""
    query = select(Letter).order_by(Letter.id.desc()).limit(limit)
    if waiting_only:
        query = query.where(Letter.sent_at.is_(None))
    return tuple(_view(row) for row in session.scalars(query))


def count_waiting(session: ScopedSession) -> int:
    """How many letters of the installation were not sent yet."""
    return session.scalar(select(func.count()).select_from(Letter).where(Letter.sent_at.is_(None))) or 0


def oldest_waiting(session: ScopedSession) -> datetime | None:
    """When the letter was written that has waited longest; None where none waits."""
    return session.scalar(select(func.min(Letter.written_at)).where(Letter.sent_at.is_(None)))


def count_letters(session: ScopedSession, *, account_id: int) -> int:
    """How many letters to this account are kept."""
    return session.scalars(select(func.count(Letter.id)).where(Letter.account_id == account_id)).one()


def mark_sent(session: ScopedSession, letter_id: int, *, now: datetime) -> None:
    """Note that the mail server has taken the letter."""
    row = session.get(Letter, letter_id)
    if row is not None:
        row.sent_at = now
        session.flush()


def _view(row: Letter) -> LetterView:
    return LetterView(
        id=row.id,
        recipient=row.recipient,
        subject=row.subject,
        body=row.body,
        written_at=row.written_at,
        sent_at=row.sent_at,
    )
