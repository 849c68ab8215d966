"""What stands in the way of leaving, found in what is kept: each witness looks at one thing, and all are heard."""

from collections.abc import Callable, Iterator

from sqlalchemy import exists, or_, select

from ecoop.db import ScopedSession
from ecoop.governance.leaving import BLOCKER_OF, Blocker, BlockerCode, ExitState, RequestState
from ecoop.governance.membership import Status
from ecoop.governance.roles import Role
from ecoop.models import (
    DataRequest,
    Exit,
    Letter,
    Obligation,
    ObligationSettlement,
    RoleGrant,
    Turn,
)
from ecoop.services import memberships
from ecoop.services.leavers import Leaver
from ecoop.services.letters import RETURNED
from ecoop.services.witnesses import (
    collections,
    heat_contracts,
    last_of_dwellings,
    mandates,
    money_held,
    offices_held,
    open_charges,
    representations,
)

Witness = Callable[[ScopedSession, Leaver], Iterator[Blocker]]


def find_blockers(session: ScopedSession, leaver: Leaver) -> tuple[Blocker, ...]:
    """Everything in the way, from every witness."""
    return tuple(blocker for witness in WITNESSES for blocker in witness(session, leaver))


def _standing(session: ScopedSession, leaver: Leaver) -> Iterator[Blocker]:
    """Not being a member at all, or being suspended."""
    standing = memberships.read_standing(
        session, cooperative_id=leaver.cooperative_id, membership_id=leaver.membership_id, day=leaver.day
    )
    subject = f"membership:{leaver.membership_id}"
    if not standing.is_member:
        yield Blocker(code=BlockerCode.NOT_A_MEMBER, subject=subject)
    elif standing.status is Status.SUSPENDED:
        yield Blocker(code=BlockerCode.SUSPENDED, subject=subject, on=standing.since)


def _other_case(session: ScopedSession, leaver: Leaver) -> Iterator[Blocker]:
    """Another exit that counts on this membership: it takes over from somebody else."""
    rows = session.scalars(
        select(Exit).where(
            Exit.cooperative_id == leaver.cooperative_id,
            Exit.successor_membership_id == leaver.membership_id,
            Exit.state == ExitState.OPEN,
        )
    )
    for row in rows:
        yield Blocker(code=BlockerCode.OTHER_CASE_RUNNING, subject=f"exit:{row.id}", on=row.ends_on)


def _roles(session: ScopedSession, leaver: Leaver) -> Iterator[Blocker]:
    """Roles on the platform that run on after the membership."""
    if leaver.account_id is None:
        return
    rows = session.scalars(
        select(RoleGrant)
        .where(
            RoleGrant.cooperative_id == leaver.cooperative_id,
            RoleGrant.account_id == leaver.account_id,
            or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on > leaver.gone_on),
        )
        .order_by(RoleGrant.id)
    )
    for row in rows:
        code = BlockerCode.MEMBER_LOGIN if row.role is Role.MEMBER else BlockerCode.PLATFORM_ROLE
        yield Blocker(code=code, subject=f"role_grant:{row.id}", name=row.role.value, on=row.ends_on)


def _promises(session: ScopedSession, leaver: Leaver) -> Iterator[Blocker]:
    """Promises that were not settled, also those of a line that turned out to be the same party."""
    settled = exists().where(
        ObligationSettlement.cooperative_id == Obligation.cooperative_id,
        ObligationSettlement.obligation_id == Obligation.id,
    )
    rows = session.scalars(
        select(Obligation).where(
            Obligation.cooperative_id == leaver.cooperative_id,
            Obligation.party_id.in_(leaver.party_ids),
            ~settled,
        )
    )
    for row in rows:
        yield Blocker(
            code=BLOCKER_OF[row.kind], subject=f"obligation:{row.id}", amount_cents=row.amount_cents, on=row.runs_until
        )


def _turns(session: ScopedSession, leaver: Leaver) -> Iterator[Blocker]:
    """Something that waits for this person alone."""
    if leaver.account_id is None:
        return
    rows = session.scalars(
        select(Turn).where(
            Turn.cooperative_id == leaver.cooperative_id,
            Turn.account_id == leaver.account_id,
            Turn.settled_at.is_(None),
        )
    )
    for row in rows:
        yield Blocker(code=BlockerCode.TURN_WAITING, subject=f"turn:{row.id}", name=row.kind, on=row.due_on)


def _requests(session: ScopedSession, leaver: Leaver) -> Iterator[Blocker]:
    """A correction that was asked for and not answered: the letter would carry the old name."""
    rows = session.scalars(
        select(DataRequest.id).where(
            DataRequest.cooperative_id == leaver.cooperative_id,
            DataRequest.party_id == leaver.party_id,
            DataRequest.state == RequestState.WAITING,
        )
    )
    for number in rows:
        yield Blocker(code=BlockerCode.DATA_REQUEST, subject=f"data_request:{number}")


def _letters(session: ScopedSession, leaver: Leaver) -> Iterator[Blocker]:
    """The last letter that went out did not arrive: the confirmation may not either."""
    if leaver.account_id is None:
        return
    last = session.scalar(
        select(Letter)
        .where(
            Letter.cooperative_id == leaver.cooperative_id,
            Letter.account_id == leaver.account_id,
            Letter.is_secret.is_(False),
        )
        .order_by(Letter.id.desc())
        .limit(1)
    )
    if last is not None and last.state in RETURNED:
        yield Blocker(code=BlockerCode.LETTER_RETURNED, subject=f"letter:{last.id}")


WITNESSES: tuple[Witness, ...] = (
    _standing,
    _other_case,
    _roles,
    offices_held,
    representations,
    open_charges,
    money_held,
    collections,
    mandates,
    _promises,
    heat_contracts,
    last_of_dwellings,
    _turns,
    _requests,
    _letters,
)
"""Who is heard. Whoever keeps something about members that outlasts a membership adds a witness here."""
