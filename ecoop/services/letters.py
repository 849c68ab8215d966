"""The outbox: letters are kept first and sent later, never inside the work that caused them.

Who sends takes one letter at a time for a while (a lease), so that two processes never send the same one. A process
that dies between the moment the mail server took the letter and the moment that was noted leaves its fate unknown:
nobody can tell, because SMTP has no way to ask. Such a letter is sent once more under the same Message-ID, and after a
second time without an answer it is left as perhaps sent.
"""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from sqlalchemy import ColumnElement, and_, func, or_, select, update

from ecoop.db import ScopedSession
from ecoop.errors import Forbidden, NotFound, Refused
from ecoop.governance.audit import Action
from ecoop.governance.roles import Actor, Permission
from ecoop.language import DEFAULT, Language, parse_language
from ecoop.models import Letter
from ecoop.models.letters import LetterState
from ecoop.services import audit, jobs
from ecoop.services.once import add_once

__all__ = ["LetterState"]

PRINT = "letters.print"
"""The job that makes the letters on paper."""
LONGEST_SUBJECT = 200
LEASE = timedelta(minutes=10)
"""Longer than the mail server may take over one letter."""
TRY_AGAIN_AFTER = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 480, 960, 1440, 1440))
"""After each refusal for now; together nearly five days, as long as mail servers keep trying."""
MOST_UNSURE = 2
OVER = frozenset(LetterState) - {LetterState.WAITING, LetterState.SENDING, LetterState.TO_PRINT}
RETURNED = frozenset({LetterState.REFUSED, LetterState.GIVEN_UP, LetterState.BOUNCED})
"""What did not reach its reader, as far as we know."""


class LetterReason(StrEnum):
    """Why something cannot be done with a letter."""

    NOTHING_TO_PRINT = "nothing_to_print"


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterView:
    """One message as the outbox shows it; the body of a secret one is left out."""

    id: int
    account_id: int | None
    mailing_id: int | None
    kind: str
    name: str
    recipient: str
    postal_address: str | None
    language: Language
    subject: str
    body: str
    is_secret: bool
    state: LetterState
    attempts: int
    written_at: datetime
    sent_at: datetime | None
    closed_at: datetime | None
    next_try_at: datetime | None
    answer: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenLetter:
    """A letter in the hands of who sends it."""

    id: int
    token: str
    recipient: str
    subject: str
    body: str
    language: Language
    attempt: int


def write_letter(
    session: ScopedSession,
    *,
    account_id: int | None,
    recipient: str | None,
    subject: str,
    body: str,
    now: datetime,
    name: str = "",
    kind: str = "other",
    spoken: Language = DEFAULT,
    cooperative_id: int | None = None,
    mailing_id: int | None = None,
    postal_address: str | None = None,
    key: str | None = None,
    is_secret: bool = False,
    expires_at: datetime | None = None,
) -> bool:
    """Put a message in the outbox, to go out once the present work is committed. A long subject is shortened.

    Without an address it waits to be printed. With a `key` it is written once: False where it stood there already.
    A secret one is shown to nobody; one that is too old at `expires_at` is never sent.
    """
    subject = subject if len(subject) <= LONGEST_SUBJECT else subject[: LONGEST_SUBJECT - 1] + "…"
    row = Letter(
        account_id=account_id, mailing_id=mailing_id, cooperative_id=cooperative_id, kind=kind, key=key,
        token=secrets.token_hex(12), recipient=recipient, name=name, postal_address=postal_address,
        language=spoken.value, subject=subject, body=body, is_secret=is_secret, written_at=now, expires_at=expires_at,
        state=LetterState.TO_PRINT if recipient is None else LetterState.WAITING, attempts=0, unsure=0,
        next_try_at=None if recipient is None else now,
    )  # fmt: skip
    if key is not None:
        return add_once(session, row)
    session.add(row)
    session.flush()
    return True


# Sending. These sessions carry.


def _can_be_sent(now: datetime) -> ColumnElement[bool]:
    return or_(
        and_(Letter.state == LetterState.WAITING, Letter.next_try_at <= now),
        and_(Letter.state == LetterState.SENDING, Letter.lease_until <= now),
    )


def newest_to_send(session: ScopedSession, *, now: datetime) -> int | None:
    """The number of the newest letter that can be sent now: what is written later is for the next round.

    Asked first, so that an idle worker keeps nobody waiting.
    """
    return session.scalar(select(func.max(Letter.id)).where(_can_be_sent(now)))


def take_letter(session: ScopedSession, *, up_to: int, now: datetime) -> TakenLetter | None:
    """The next letter to send, for this process alone; those that grow too old first, then in order of writing."""
    query = select(Letter).where(_can_be_sent(now), Letter.id <= up_to)
    query = query.order_by(Letter.expires_at.is_(None), Letter.id).limit(1)
    while (row := session.scalar(query.with_for_update(skip_locked=True))) is not None:
        unsure = row.state is LetterState.SENDING
        row.lease_until = None
        if unsure:
            row.unsure += 1
        if row.unsure >= MOST_UNSURE:
            _close(row, LetterState.PERHAPS_SENT, now)
        elif row.expires_at is not None and row.expires_at <= now:
            _close(row, LetterState.EXPIRED, now)
        else:
            row.state, row.lease_until, row.next_try_at = LetterState.SENDING, now + LEASE, None
            row.attempts += 1
            session.flush()
            return _taken(row)
        session.flush()
    return None


def _taken(row: Letter) -> TakenLetter:
    assert row.recipient is not None  # noqa: S101  a constraint of the table
    return TakenLetter(
        id=row.id, token=row.token, recipient=row.recipient, subject=row.subject, body=row.body,
        language=parse_language(row.language) or DEFAULT, attempt=row.attempts,
    )  # fmt: skip


def mark_sent(session: ScopedSession, taken: TakenLetter, *, now: datetime) -> None:
    """Note that the mail server has taken the letter. It is noted also when the lease ran out meanwhile."""
    row = _row(session, taken)
    row.state, row.sent_at, row.closed_at = LetterState.SENT, now, None
    row.lease_until = row.next_try_at = None
    _empty_secret(row)
    session.flush()


def mark_refused(session: ScopedSession, taken: TakenLetter, answer: str, *, for_good: bool, now: datetime) -> None:
    """Note what the mail server answered: tried again later, or refused for good, or given up after the last try."""
    row = _own(session, taken)
    if row is None:
        return
    row.answer = answer[:300]
    if for_good:
        _close(row, LetterState.REFUSED, now)
    elif row.attempts > len(TRY_AGAIN_AFTER):
        _close(row, LetterState.GIVEN_UP, now)
    else:
        _wait(row, now + TRY_AGAIN_AFTER[row.attempts - 1])
    session.flush()


def mark_unsure(session: ScopedSession, taken: TakenLetter, answer: str, *, now: datetime) -> None:
    """Note that the line broke while the mail server may have taken the letter: once more, then perhaps sent."""
    row = _own(session, taken)
    if row is None:
        return
    row.answer, row.unsure = answer[:300], row.unsure + 1
    if row.unsure >= MOST_UNSURE:
        _close(row, LetterState.PERHAPS_SENT, now)
    else:
        _wait(row, now + TRY_AGAIN_AFTER[min(row.attempts, len(TRY_AGAIN_AFTER)) - 1])
    session.flush()


def give_back(session: ScopedSession, taken: TakenLetter, *, now: datetime) -> None:
    """Put a letter back that certainly did not go out and is not to blame for it: the try does not count."""
    row = _own(session, taken)
    if row is not None:
        row.attempts -= 1
        _wait(row, now)
        session.flush()


def _row(session: ScopedSession, taken: TakenLetter) -> Letter:
    return session.scalars(select(Letter).where(Letter.id == taken.id).with_for_update()).one()


def _own(session: ScopedSession, taken: TakenLetter) -> Letter | None:
    """The row while it is still ours: another process may have taken the letter over in the meantime."""
    row = _row(session, taken)
    return row if (row.state, row.attempts) == (LetterState.SENDING, taken.attempt) else None


def _wait(row: Letter, until: datetime) -> None:
    row.state, row.next_try_at, row.lease_until = LetterState.WAITING, until, None


def _close(row: Letter, state: LetterState, now: datetime) -> None:
    row.state, row.closed_at, row.next_try_at, row.lease_until = state, now, None, None
    _empty_secret(row)


def _empty_secret(row: Letter) -> None:
    if row.is_secret:
        row.body = ""


def expire(session: ScopedSession, *, now: datetime) -> None:
    """Close every letter whose time is over, so that none of their secrets stays."""
    session.execute(
        update(Letter)
        .where(Letter.state == LetterState.WAITING, Letter.expires_at <= now)
        .values(state=LetterState.EXPIRED, closed_at=now, next_try_at=None, body="")
    )


def message_name(letter_id: int, token: str) -> str:
    """The part of the Message-ID before the @: the same whenever the letter is sent, so that it is seen to be one."""
    return f"letter-{letter_id}-{token}"


_NAME = re.compile(r"<letter-(\d{1,18})-([0-9a-f]{1,32})@[^>\s]+>")


def find_by_message_id(session: ScopedSession, message_id: str) -> int | None:
    """The letter that travelled under this Message-ID. Nobody can guess one: it holds a secret token."""
    found = _NAME.fullmatch(message_id.strip())
    if found is None:
        return None
    return session.scalar(select(Letter.id).where(Letter.id == int(found[1]), Letter.token == found[2]))


def mark_bounced(session: ScopedSession, letter_id: int, answer: str, *, now: datetime) -> bool:
    """Note that a letter came back; False where it was not out, or had come back before."""
    row = session.scalars(select(Letter).where(Letter.id == letter_id).with_for_update()).one()
    if row.state not in {LetterState.SENT, LetterState.PERHAPS_SENT, LetterState.SENDING, LetterState.WAITING}:
        return False
    row.sent_at = row.sent_at or now
    row.answer = answer[:300]
    _close(row, LetterState.BOUNCED, now)
    session.flush()
    return True


def count_letters(session: ScopedSession) -> dict[LetterState, int]:
    """How many letters of the whole installation there are in each state."""
    rows = session.execute(select(Letter.state, func.count(Letter.id)).group_by(Letter.state))
    return {state: count for state, count in rows}  # noqa: C416


# Reading.


def read_letters(
    session: ScopedSession, *, waiting_only: bool = False, show_secrets: bool = False, limit: int = 200
) -> tuple[LetterView, ...]:
    """The newest letters in scope (all, or only those that wait), newest first."""
    query = select(Letter).order_by(Letter.id.desc()).limit(limit)
    if waiting_only:
        query = query.where(Letter.state.in_((LetterState.WAITING, LetterState.SENDING)))
    return tuple(_view(row, show_secrets=show_secrets) for row in session.scalars(query))


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterFilter:
    """Which letters of a cooperative are wanted."""

    state: LetterState | None = None
    mailing_id: int | None = None


def read_letters_of(
    session: ScopedSession, *, cooperative_id: int, wanted: LetterFilter, limit: int = 500
) -> tuple[LetterView, ...]:
    """The letters of a cooperative, newest first."""
    query = select(Letter).where(*_wanted(cooperative_id, wanted)).order_by(Letter.id.desc()).limit(limit)
    return tuple(_view(row) for row in session.scalars(query))


def count_letters_of(
    session: ScopedSession, *, cooperative_id: int, mailing_id: int | None = None
) -> Mapping[LetterState, int]:
    """How many letters of a cooperative, or of one mailing, there are in each state."""
    wanted = LetterFilter(mailing_id=mailing_id)
    query = select(Letter.state, func.count(Letter.id)).where(*_wanted(cooperative_id, wanted)).group_by(Letter.state)
    return {state: count for state, count in session.execute(query)}  # noqa: C416


def _wanted(cooperative_id: int, wanted: LetterFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Letter.cooperative_id == cooperative_id]
    if wanted.state is not None:
        conditions.append(Letter.state == wanted.state)
    if wanted.mailing_id is not None:
        conditions.append(Letter.mailing_id == wanted.mailing_id)
    return conditions


def read_letter(session: ScopedSession, *, cooperative_id: int, letter_id: int) -> LetterView:
    """One letter of a cooperative. Raises NotFound."""
    row = session.scalar(select(Letter).where(Letter.cooperative_id == cooperative_id, Letter.id == letter_id))
    if row is None:
        raise NotFound
    return _view(row)


def read_to_print(session: ScopedSession, *, cooperative_id: int, up_to: int | None = None) -> tuple[LetterView, ...]:
    """The letters that wait to be printed, in order of writing; no newer ones than number `up_to`."""
    query = select(Letter).where(*_to_print(cooperative_id, up_to)).order_by(Letter.id)
    return tuple(_view(row) for row in session.scalars(query))


def _to_print(cooperative_id: int, up_to: int | None) -> list[ColumnElement[bool]]:
    conditions = _wanted(cooperative_id, LetterFilter(state=LetterState.TO_PRINT))
    return [*conditions, Letter.id <= up_to] if up_to is not None else conditions


def ask_print(session: ScopedSession, actor: Actor, *, cooperative_id: int, now: datetime) -> int:
    """Put the job down that makes one PDF of the letters that wait to be printed now; its number."""
    if not actor.may(Permission.WRITE_LETTERS):
        raise Forbidden
    newest = session.scalar(select(func.max(Letter.id)).where(*_to_print(cooperative_id, None)))
    if newest is None:
        raise Refused(LetterReason.NOTHING_TO_PRINT)
    number = jobs.enqueue(
        session, PRINT, cooperative_id=cooperative_id, arguments={"up_to": newest}, created_by_id=actor.account_id,
        now=now,
    )  # fmt: skip
    assert number is not None  # noqa: S101  it has no key
    return number


def print_file(folder: Path, job_id: int) -> Path:
    """Where the PDF of a job lies, in the data folder; it is removed after a week."""
    return folder / "prints" / f"{job_id}.pdf"


def mark_posted(session: ScopedSession, actor: Actor, *, cooperative_id: int, up_to: int, now: datetime) -> int:
    """The printed letters up to number `up_to` were put in the post; how many. Refused where none waited."""
    if not actor.may(Permission.WRITE_LETTERS):
        raise Forbidden
    rows = session.scalars(select(Letter).where(*_to_print(cooperative_id, up_to)).with_for_update()).all()
    if not rows:
        raise Refused(LetterReason.NOTHING_TO_PRINT)
    for row in rows:
        row.state, row.closed_at = LetterState.POSTED, now
    session.flush()
    audit.record(
        session, actor, Action.LETTERS_POSTED, cooperative_id=cooperative_id, subject=f"letter:{up_to}",
        details={"count": len(rows)}, now=now,
    )  # fmt: skip
    return len(rows)


def _view(row: Letter, *, show_secrets: bool = False) -> LetterView:
    return LetterView(
        id=row.id,
        account_id=row.account_id,
        mailing_id=row.mailing_id,
        kind=row.kind,
        name=row.name,
        recipient=row.recipient or "",
        postal_address=row.postal_address,
        language=parse_language(row.language) or DEFAULT,
        subject=row.subject,
        body="" if row.is_secret and not show_secrets else row.body,
        is_secret=row.is_secret,
        state=row.state,
        attempts=row.attempts,
        written_at=row.written_at,
        sent_at=row.sent_at,
        closed_at=row.closed_at,
        next_try_at=row.next_try_at,
        answer=row.answer,
    )


def count_waiting(session: ScopedSession) -> int:
    """How many letters of the installation wait to be sent. The session carries."""
    return session.scalar(select(func.count()).select_from(Letter).where(Letter.state == LetterState.WAITING)) or 0


def oldest_waiting(session: ScopedSession) -> datetime | None:
    """When the letter was written that has waited longest; None where none waits. The session carries."""
    return session.scalar(select(func.min(Letter.written_at)).where(Letter.state == LetterState.WAITING))


def count_letters_to(session: ScopedSession, *, account_id: int) -> int:
    """How many letters to this account are kept in the cooperative in scope."""
    return session.scalars(select(func.count(Letter.id)).where(Letter.account_id == account_id)).one()
