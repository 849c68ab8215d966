"""Who leaves, as those who look for what stands in the way need to know it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, select

from ecoop.db import ScopedSession
from ecoop.errors import NotFound
from ecoop.models import Membership, Party


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaver:
    """Who leaves: the party, its membership and its login if it has one; seen from `day`, gone from `ends_on`."""

    cooperative_id: int
    membership_id: int
    party_id: int
    account_id: int | None
    day: date
    ends_on: date | None
    merged_party_ids: tuple[int, ...] = ()
    """Lines that turned out to be the same party: what stays on them is the leaver's all the same."""
    merged_membership_ids: tuple[int, ...] = ()

    @property
    def party_ids(self) -> tuple[int, ...]:
        """The party, and every line that was merged into it."""
        return self.party_id, *self.merged_party_ids

    @property
    def membership_ids(self) -> tuple[int, ...]:
        """The membership, and those of the merged lines."""
        return self.membership_id, *self.merged_membership_ids

    @property
    def gone_on(self) -> date:
        """The first day without the membership, as far as it is known."""
        return self.ends_on or self.day


def read_leaver(
    session: ScopedSession, *, cooperative_id: int, membership_id: int, day: date, ends_on: date | None = None
) -> Leaver:
    """Who leaves. Raises NotFound."""
    found = session.execute(
        select(Membership.party_id, Party.account_id)
        .join(Party, and_(Party.cooperative_id == Membership.cooperative_id, Party.id == Membership.party_id))
        .where(Membership.cooperative_id == cooperative_id, Membership.id == membership_id)
    ).one_or_none()
    if found is None:
        raise NotFound
    merged = _merged_into(session, cooperative_id, found[0])
    lines = select(Membership.id).where(Membership.cooperative_id == cooperative_id, Membership.party_id.in_(merged))
    return Leaver(
        cooperative_id=cooperative_id, membership_id=membership_id, party_id=found[0], account_id=found[1], day=day,
        ends_on=ends_on, merged_party_ids=merged,
        merged_membership_ids=tuple(session.scalars(lines.order_by(Membership.id))) if merged else (),
    )  # fmt: skip


def _merged_into(session: ScopedSession, cooperative_id: int, party_id: int) -> tuple[int, ...]:
    """Every party that was merged into this one, also by way of another."""
    found: list[int] = []
    newest = [party_id]
    while newest:
        query = select(Party.id).where(Party.cooperative_id == cooperative_id, Party.merged_into_id.in_(newest))
        newest = list(session.scalars(query.order_by(Party.id)))
        found += newest
    return tuple(found)
