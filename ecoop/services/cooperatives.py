"""Founding the installation, its cooperatives and umbrellas, and asking what there is."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import or_, select

from ecoop.db import ScopedSession
from ecoop.errors import InvalidInput, Problem
from ecoop.governance.audit import Action, Detail
from ecoop.models import Cooperative, Installation, Umbrella, UmbrellaMembership
from ecoop.models.cooperatives import InstallationKind
from ecoop.services import audit

LONGEST_NAME = 200


class FoundingReason(StrEnum):
    """Why a cooperative cannot be founded as asked."""

    SLUG_INVALID = "slug_invalid"
    SLUG_TAKEN = "slug_taken"
    NAME_MISSING = "name_missing"
    NAME_UNUSABLE = "name_unusable"


@dataclass(frozen=True, slots=True, kw_only=True)
class CooperativeView:
    """What is public of a cooperative."""

    id: int
    slug: str
    name: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallationView:
    """What this database is."""

    kind: InstallationKind
    demo_day: date | None

    @property
    def is_demo(self) -> bool:
        """Whether the data are an example."""
        return self.kind is InstallationKind.DEMO


def found_installation(session: ScopedSession, *, demo_day: date | None, now: datetime) -> None:
    """Say once what this database is: an example built from `demo_day`, or real when that is None."""
    kind = InstallationKind.REAL if demo_day is None else InstallationKind.DEMO
    session.add(Installation(id=1, kind=kind, demo_day=demo_day, created_at=now))
    session.flush()
    audit.record_for_installation(session, None, Action.INSTALLATION_FOUNDED, now=now)


def read_installation(session: ScopedSession) -> InstallationView | None:
    """What this database is, or None before it was founded."""
    row = session.get(Installation, 1)
    return None if row is None else InstallationView(kind=row.kind, demo_day=row.demo_day)


def found_cooperative(session: ScopedSession, *, slug: str, name: str, place: str, now: datetime) -> CooperativeView:
    """A new cooperative, which the session may furnish from here on. Raises InvalidInput naming every problem."""
    problems = []
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug) or len(slug) > 60:
        problems.append(Problem(key="slug", reason=FoundingReason.SLUG_INVALID))
    elif session.scalar(select(Cooperative.id).where(Cooperative.slug == slug)) is not None:
        problems.append(Problem(key="slug", reason=FoundingReason.SLUG_TAKEN, details={"slug": slug}))
    if not name.strip():
        problems.append(Problem(key="name", reason=FoundingReason.NAME_MISSING))
    problems += [
        Problem(key=key, reason=FoundingReason.NAME_UNUSABLE, details={"maximum": LONGEST_NAME})
        for key, text in (("name", name.strip()), ("place", place.strip()))
        if len(text) > LONGEST_NAME or not text.isprintable()
    ]
    if problems:
        raise InvalidInput(tuple(problems))
    row = Cooperative(slug=slug, name=name.strip(), place=place.strip(), created_at=now)
    session.add(row)
    session.flush()
    session.include(row.id)
    audit.record(session, None, Action.COOPERATIVE_FOUNDED, cooperative_id=row.id, now=now)
    return _view(row)


def note_loaded(session: ScopedSession, *, cooperative_id: int, now: datetime) -> None:
    """Say that a cooperative was loaded here from its export; the installation is founded where it was not yet."""
    if read_installation(session) is None:
        found_installation(session, demo_day=None, now=now)
    audit.record_for_installation(
        session, None, Action.COOPERATIVE_LOADED, subject=f"cooperative:{cooperative_id}", now=now
    )


def read_cooperatives(session: ScopedSession) -> tuple[CooperativeView, ...]:
    """The public names of all cooperatives of this installation."""
    return tuple(_view(row) for row in session.scalars(select(Cooperative).order_by(Cooperative.name)))


def found_umbrella(session: ScopedSession, *, slug: str, name: str, now: datetime) -> int:
    """A new umbrella; its number."""
    row = Umbrella(slug=slug, name=name, created_at=now)
    session.add(row)
    session.flush()
    details: dict[str, Detail] = {"umbrella_id": row.id}
    audit.record_for_installation(session, None, Action.UMBRELLA_FOUNDED, details=details, now=now)
    return row.id


def join_umbrella(
    session: ScopedSession, *, umbrella_id: int, cooperative_id: int, starts_on: date, now: datetime
) -> None:
    """Make a cooperative a member of an umbrella from a day on; the trail of the cooperative says so."""
    session.add(UmbrellaMembership(umbrella_id=umbrella_id, cooperative_id=cooperative_id, starts_on=starts_on))
    session.flush()
    details: dict[str, Detail] = {"umbrella_id": umbrella_id, "starts_on": starts_on.isoformat()}
    audit.record(session, None, Action.UMBRELLA_JOINED, cooperative_id=cooperative_id, details=details, now=now)


def read_umbrella_members(session: ScopedSession, *, umbrella_id: int, day: date) -> tuple[CooperativeView, ...]:
    """The cooperatives in scope that are members of the umbrella on `day`, by name."""
    rows = session.scalars(
        select(Cooperative)
        .join(UmbrellaMembership, UmbrellaMembership.cooperative_id == Cooperative.id)
        .where(
            UmbrellaMembership.umbrella_id == umbrella_id,
            UmbrellaMembership.starts_on <= day,
            or_(UmbrellaMembership.ends_on.is_(None), UmbrellaMembership.ends_on > day),
        )
        .order_by(Cooperative.name)
    )
    return tuple(_view(row) for row in rows)


def _view(row: Cooperative) -> CooperativeView:
    return CooperativeView(id=row.id, slug=row.slug, name=row.name, place=row.place)
