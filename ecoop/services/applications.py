"""The inbox of applications: what waits, for how long, what is missing, and who is likely known already."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Row, and_, func, select

from ecoop import clock
from ecoop.db import ScopedSession
from ecoop.errors import Forbidden, NotFound
from ecoop.governance.admission import (
    ACCEPTED,
    OPEN,
    ApplicationStatus,
    Asked,
    Living,
    Missing,
    Outcome,
    RefusalReason,
    TextKind,
    missing,
)
from ecoop.governance.membership import Status
from ecoop.governance.register_fields import Field, withheld_from
from ecoop.governance.roles import Actor, Permission
from ecoop.governance.statutes import PartyKind, Statutes
from ecoop.models import (
    Account,
    Application,
    ApplicationAcceptance,
    ApplicationText,
    MembershipSpan,
)
from ecoop.services.application_intake import outside_ids
from ecoop.services.application_story import Said, facts_of, read_said, status_in
from ecoop.services.application_texts import read_texts
from ecoop.services.duplicates import Alike, Sought, find_alike_to

DECIDED_SHOWN = 30
AT_ONCE = 100
"""Applications that are shown together: more wait until some are decided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A text that was accepted, in which version, and when."""

    kind: TextKind
    text_id: int
    digest: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Private:
    """What not everybody who sees the register sees of an application: each field is blank for whom it is not meant."""

    birth_date: date | None
    email: str | None
    phone: str | None
    remark: str | None
    said: tuple[Said, ...]
    accepted: tuple[Accepted, ...]
    withheld: frozenset[Field]
    """What was blanked because it is not for who asks: not the same as unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationView:
    """One application. Who is alike is told to who keeps the register, and to nobody else."""

    id: int
    status: ApplicationStatus
    kind: PartyKind
    name: str | None
    street: str | None
    house_number: str | None
    postcode: str | None
    city: str | None
    registration_number: str | None
    representative: str | None
    class_code: str | None
    living: Living | None
    language: str
    asked_at: datetime
    days: int
    """How long it waits, or waited until it was decided."""
    missing: tuple[Missing, ...]
    alike: tuple[Alike, ...]
    """Who is likely the same. Empty once it is known whose application it is."""
    party_id: int | None
    membership_id: int | None
    was_member: bool
    is_member: bool
    closed_at: datetime | None
    closed_by: str | None
    refusal: RefusalReason | None
    decision: str | None
    is_blanked: bool
    private: Private

    @property
    def is_open(self) -> bool:
        """Whether the board has yet to decide."""
        return self.status in OPEN

    @property
    def needs_say(self) -> bool:
        """Whether somebody must first say whether it is somebody known."""
        return self.is_open and self.party_id is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """What waits for the board, what waits for applicants, and what was decided lately."""

    waiting: tuple[ApplicationView, ...]
    asked: tuple[ApplicationView, ...]
    decided: tuple[ApplicationView, ...]
    unconfirmed: int
    """Applications of which the link was not used yet: nobody sees who they are."""
    outside: int
    """Applicants in the register without an application here, as an import brings along."""


def read_inbox(
    session: ScopedSession, actor: Actor, *, cooperative_id: int, statutes: Statutes | None, now: datetime
) -> Inbox:
    """The inbox, oldest first. The number of queries does not depend on how many there are."""
    _require_reader(actor)
    opened = _rows(session, cooperative_id, (Application.outcome.is_(None),), AT_ONCE)
    decided = _rows(
        session, cooperative_id, (Application.outcome.is_not(None), Application.outcome != Outcome.EXPIRED),
        DECIDED_SHOWN, newest=True,
    )  # fmt: skip
    views = _views(session, actor, cooperative_id, [*opened, *decided], statutes, now)
    return Inbox(
        waiting=tuple(one for one in views if one.status is ApplicationStatus.WAITING),
        asked=tuple(one for one in views if one.status is ApplicationStatus.ASKED),
        decided=tuple(one for one in views if not one.is_open),
        unconfirmed=_count_unconfirmed(session, cooperative_id),
        outside=len(outside_ids(session, cooperative_id=cooperative_id, day=clock.legal_day(now))),
    )


def read_application(
    session: ScopedSession,
    actor: Actor,
    *,
    cooperative_id: int,
    application_id: int,
    statutes: Statutes | None,
    now: datetime,
) -> ApplicationView:
    """One application that was confirmed. Raises NotFound."""
    (found,) = read_applications(
        session, actor, cooperative_id=cooperative_id, application_ids=[application_id], statutes=statutes, now=now
    )
    return found


def read_applications(
    session: ScopedSession,
    actor: Actor,
    *,
    cooperative_id: int,
    application_ids: Iterable[int],
    statutes: Statutes | None,
    now: datetime,
) -> tuple[ApplicationView, ...]:
    """These applications, in the order in which they came. Raises NotFound where one is not there."""
    _require_reader(actor)
    wanted = sorted(set(application_ids))
    rows = _rows(session, cooperative_id, (Application.id.in_(wanted),), len(wanted))
    if len(rows) < len(wanted) or not wanted:
        raise NotFound
    return _views(session, actor, cooperative_id, rows, statutes, now)


def find_application_of(session: ScopedSession, *, cooperative_id: int, membership_id: int) -> int | None:
    """The open application of a membership, if there is one."""
    return session.scalar(
        select(Application.id).where(
            Application.cooperative_id == cooperative_id,
            Application.membership_id == membership_id,
            Application.outcome.is_(None),
        )
    )


def _require_reader(actor: Actor) -> None:
    if not actor.may(Permission.SEE_REGISTER):
        raise Forbidden


def _rows(
    session: ScopedSession,
    cooperative_id: int,
    conditions: Sequence[ColumnElement[bool]],
    limit: int,
    *,
    newest: bool = False,
) -> list[Row[Application, str | None]]:
    order = Application.closed_at.desc() if newest else Application.confirmed_at
    query = (
        select(Application, Account.name)
        .outerjoin(Account, Account.id == Application.closed_by_id)
        .where(Application.cooperative_id == cooperative_id, Application.confirmed_at.is_not(None), *conditions)
        .order_by(order, Application.id)
        .limit(limit)
    )
    return list(session.execute(query))


def _views(
    session: ScopedSession,
    actor: Actor,
    cooperative_id: int,
    rows: Sequence[Row[Application, str | None]],
    statutes: Statutes | None,
    now: datetime,
) -> tuple[ApplicationView, ...]:
    ids = [row.id for row, _name in rows]
    keeps = actor.may(Permission.KEEP_REGISTER)
    more = _More(
        said=read_said(session, cooperative_id=cooperative_id, application_ids=ids),
        accepted=_accepted(session, cooperative_id, ids),
        alike=_alike(session, cooperative_id, [row for row, _name in rows]) if keeps else {},
        members=_member_days(session, cooperative_id, [row.membership_id for row, _name in rows]),
        to_accept=frozenset(
            one.kind for one in read_texts(session, cooperative_id=cooperative_id, language="nl") if one.is_accepted
        ),
    )
    withheld = withheld_from(actor)
    return tuple(_view(row, name, more, statutes, withheld=withheld, now=now) for row, name in rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class _More:
    """What is read for all applications at once."""

    said: dict[int, tuple[Said, ...]]
    accepted: dict[int, tuple[Accepted, ...]]
    alike: dict[int, tuple[Alike, ...]]
    members: dict[int, tuple[tuple[date, date], ...]]
    to_accept: frozenset[TextKind]


def _view(
    row: Application,
    closed_by: str | None,
    more: _More,
    statutes: Statutes | None,
    *,
    withheld: frozenset[Field],
    now: datetime,
) -> ApplicationView:
    said, accepted = more.said.get(row.id, ()), more.accepted.get(row.id, ())
    assert row.confirmed_at is not None  # noqa: S101  only those were asked for
    today = clock.legal_day(now)
    until = clock.legal_day(row.closed_at) if row.closed_at is not None else today
    times = more.members.get(row.membership_id or 0, ())
    return ApplicationView(
        id=row.id, status=status_in(row, said), kind=row.kind, name=row.name, street=row.street,
        house_number=row.house_number, postcode=row.postcode, city=row.city,
        registration_number=row.registration_number, representative=row.representative, class_code=row.class_code,
        living=row.living, language=row.language, asked_at=row.confirmed_at,
        days=(until - clock.legal_day(row.confirmed_at)).days,
        missing=missing(_asked(row, accepted, more.to_accept), statutes, today),
        alike=more.alike.get(row.id, ()), party_id=row.party_id, membership_id=row.membership_id,
        was_member=bool(times), is_member=any(start <= today < end for start, end in times),
        closed_at=row.closed_at, closed_by=closed_by, refusal=row.refusal, decision=row.decision,
        is_blanked=row.blanked_at is not None, private=_private(row, said, accepted, withheld),
    )  # fmt: skip


def _private(
    row: Application, said: tuple[Said, ...], accepted: tuple[Accepted, ...], withheld: frozenset[Field]
) -> Private:
    return Private(
        birth_date=None if Field.BIRTH_DATE in withheld else row.birth_date,
        email=None if Field.EMAIL in withheld else row.email,
        phone=None if Field.PHONE in withheld else row.phone,
        remark=None if Field.REMARKS in withheld else row.remark,
        said=() if Field.REMARKS in withheld else said,
        accepted=() if Field.CONSENTS in withheld else accepted,
        withheld=withheld,
    )


def _asked(row: Application, accepted: Iterable[Accepted], to_accept: frozenset[TextKind]) -> Asked:
    return Asked(
        kind=row.kind,
        class_code=row.class_code,
        birth_date=row.birth_date,
        has_address=bool(row.street and row.house_number and row.postcode and row.city),
        email=row.email,
        registration_number=row.registration_number,
        representative=row.representative,
        accepted=frozenset(one.kind for one in accepted),
        to_accept=to_accept & frozenset(ACCEPTED),
    )


def _accepted(session: ScopedSession, cooperative_id: int, ids: Iterable[int]) -> dict[int, tuple[Accepted, ...]]:
    rows = session.execute(
        select(ApplicationAcceptance, ApplicationText.kind)
        .join(
            ApplicationText,
            and_(
                ApplicationText.cooperative_id == ApplicationAcceptance.cooperative_id,
                ApplicationText.id == ApplicationAcceptance.text_id,
            ),
        )
        .where(
            ApplicationAcceptance.cooperative_id == cooperative_id,
            ApplicationAcceptance.application_id.in_(sorted(ids)),
        )
        .order_by(ApplicationAcceptance.text_id)
    )
    found: dict[int, tuple[Accepted, ...]] = {}
    for row, kind in rows:
        one = Accepted(kind=kind, text_id=row.text_id, digest=row.digest, at=row.accepted_at)
        found[row.application_id] = (*found.get(row.application_id, ()), one)
    return found


def _alike(
    session: ScopedSession, cooperative_id: int, rows: Iterable[Application]
) -> dict[int, tuple[Alike, ...]]:  # fmt: skip
    """Who is likely the same, for applications of which nobody said yet whose they are."""
    sought = {
        row.id: Sought(facts=facts_of(row), kind=row.kind)
        for row in rows
        if row.outcome is None and row.party_id is None and row.name
    }
    return find_alike_to(session, cooperative_id=cooperative_id, sought=sought) if sought else {}


def _member_days(
    session: ScopedSession, cooperative_id: int, membership_ids: Iterable[int | None]
) -> dict[int, tuple[tuple[date, date], ...]]:
    """When these memberships were ones of a member, by the spans that are known now."""
    rows = session.execute(
        select(MembershipSpan.membership_id, MembershipSpan.starts_on, MembershipSpan.ends_on).where(
            MembershipSpan.cooperative_id == cooperative_id,
            MembershipSpan.membership_id.in_(sorted(one for one in membership_ids if one is not None)),
            MembershipSpan.status.in_((Status.MEMBER, Status.SUSPENDED)),
            MembershipSpan.known_until.is_(None),
        )
    )
    found: dict[int, tuple[tuple[date, date], ...]] = {}
    for membership_id, starts_on, ends_on in rows:
        found[membership_id] = (*found.get(membership_id, ()), (starts_on, ends_on))
    return found


def _count_unconfirmed(session: ScopedSession, cooperative_id: int) -> int:
    query = select(func.count()).where(
        Application.cooperative_id == cooperative_id,
        Application.confirmed_at.is_(None),
        Application.outcome.is_(None),
    )
    return session.scalar(query) or 0
