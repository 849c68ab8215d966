"""The log of who looked: reads that privacy law wants to be able to answer for (GDPR art. 5(2), 15 and 32)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import and_, or_, select

from ecoop import clock
from ecoop.db import ScopedSession
from ecoop.models import AccessEntry, Account


class AccessKind(StrEnum):
    """What somebody looked at. Each has words in `language/access.py`."""

    SUPPORT_VISIT = "support_visit"
    TRAIL = "trail"
    LETTER = "letter"
    PAPER = "paper"
    MEMBER = "member"
    APPLICATION = "application"
    REGISTER = "register"
    MONEY = "money"
    IBAN = "iban"
    PRIVACY = "privacy"
    EXPORT = "export"
    BUILDING = "building"
    DWELLING = "dwelling"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessView:
    """One time that somebody looked."""

    at: datetime
    name: str
    kind: str
    subject: str
    as_support: bool


def note(
    session: ScopedSession,
    *,
    cooperative_id: int,
    account_id: int,
    kind: AccessKind,
    subject: str,
    about_account_id: int | None,
    as_support: bool,
    now: datetime,
) -> None:
    """Note that an account is about to see something: what (`letter:12`), and about whom if it is about one person."""
    session.add(
        AccessEntry(
            cooperative_id=cooperative_id,
            at=now,
            account_id=account_id,
            about_account_id=about_account_id,
            kind=kind.value,
            subject=subject,
            as_support=as_support,
        )
    )
    session.flush()


def read_looks_at(
    session: ScopedSession, *, cooperative_id: int, account_id: int, since: date | None, limit: int = 200
) -> tuple[AccessView, ...]:
    """Who looked at what is about one person, and who looked in as administrator since that person belonged here.

    Newest first; what the person looked at is left out.
    """
    about = AccessEntry.about_account_id == account_id
    if since is not None:
        first = datetime.combine(since, time(), clock.AMSTERDAM)
        about = or_(about, and_(AccessEntry.kind == AccessKind.SUPPORT_VISIT.value, AccessEntry.at >= first))
    query = (
        select(AccessEntry, Account.name)
        .join(Account, Account.id == AccessEntry.account_id)
        .where(AccessEntry.cooperative_id == cooperative_id, about, AccessEntry.account_id != account_id)
        .order_by(AccessEntry.id.desc())
        .limit(limit)
    )
    return tuple(_view(row, name) for row, name in session.execute(query))


def _view(row: AccessEntry, name: str) -> AccessView:
    return AccessView(at=row.at, name=name, kind=row.kind, subject=row.subject, as_support=row.as_support)


def read_accesses(
    session: ScopedSession,
    *,
    cooperative_id: int,
    about_account_id: int | None = None,
    kinds: Iterable[AccessKind] = (),
    subjects: Iterable[str] = (),
    limit: int = 200,
) -> tuple[AccessView, ...]:
    """Who looked in the cooperative, newest first: at anything, at what is about one person, at some kinds or things.

    A member without a login is found by `subjects` (`membership:12`).
    """
    query = (
        select(AccessEntry, Account.name)
        .join(Account, Account.id == AccessEntry.account_id)
        .where(AccessEntry.cooperative_id == cooperative_id)
        .order_by(AccessEntry.id.desc())
        .limit(limit)
    )
    named = list(subjects)
    if named and about_account_id is not None:
        query = query.where(or_(AccessEntry.subject.in_(named), AccessEntry.about_account_id == about_account_id))
    elif named:
        query = query.where(AccessEntry.subject.in_(named))
    elif about_account_id is not None:
        query = query.where(AccessEntry.about_account_id == about_account_id)
    if wanted := [kind.value for kind in kinds]:
        query = query.where(AccessEntry.kind.in_(wanted))
    return tuple(_view(row, name) for row, name in session.execute(query))
