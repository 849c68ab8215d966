"""The story of a member: application, decision, letter, changes, payments, exit. Newest first, with who and why.

What is not for a role stays out of the story, as `governance/register_fields` declares it for the fields.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from sqlalchemy import and_, func, select

from ecoop import clock
from ecoop.db import ScopedSession
from ecoop.errors import Forbidden, NotFound
from ecoop.governance.register_fields import Field, may_see
from ecoop.governance.roles import Actor, Permission
from ecoop.models import (
    Account,
    Application,
    AuditNote,
    DirectDebitLine,
    Exit,
    LedgerEntryRow,
    Letter,
    Mandate,
    Membership,
    PartyRecord,
)
from ecoop.services import member_story_sources as sources
from ecoop.services.exit_reading import EXIT_LETTERS, letter_key
from ecoop.services.member_story_sources import Draft, StoryKind, StoryLine, Subject

__all__ = ["StoryKind", "StoryLine", "read_story"]


def read_story(
    session: ScopedSession, actor: Actor, *, cooperative_id: int, membership_id: int, day: date
) -> tuple[StoryLine, ...]:
    """Everything that happened to a member as it is known now, newest first, without what is not for `actor`.

    The number of queries does not depend on the length of the story. Raises NotFound.
    """
    if not actor.may(Permission.SEE_REGISTER):
        raise Forbidden
    party_id = session.scalar(
        select(Membership.party_id).where(Membership.cooperative_id == cooperative_id, Membership.id == membership_id)
    )
    if party_id is None:
        raise NotFound
    one = Subject(cooperative_id=cooperative_id, membership_id=membership_id, party_id=party_id, day=day)
    drafts = list(_drafts(session, actor, one))
    signed = _signed(session, one, drafts, with_reasons=may_see(actor, Field.REMARKS))
    oldest_first = sorted(signed, key=lambda line: (line.day, line.recorded_at))
    return tuple(oldest_first[::-1])


def _drafts(session: ScopedSession, actor: Actor, one: Subject) -> Iterator[Draft]:
    """The lines; of what was written down at one instant, a cause stands before what follows from it."""
    applications = sources.read_applications(session, one)
    exits = sources.read_exits(session, one)
    yield from sources.tell_events(session, one)
    if may_see(actor, Field.APPLICATION):
        yield from sources.tell_applications(session, one, applications)
    yield from sources.tell_data(session, one)
    yield from sources.tell_money(session, one, only_capital=not actor.may(Permission.SEE_MONEY))
    yield from sources.tell_tenures(session, one)
    yield from sources.tell_contracts(session, one)
    yield from sources.tell_offices(session, one)
    yield from sources.tell_acting(session, one)
    yield from sources.tell_exits(one, exits)
    yield from sources.tell_merges(session, one)
    yield from sources.tell_promises(session, one)
    if may_see(actor, Field.CONSENTS):
        yield from sources.tell_consents(session, one)
    if may_see(actor, Field.LETTERS):
        yield from _letters(session, one, applications, exits)


# letters


def _letters(
    session: ScopedSession, one: Subject, applications: Iterable[Application], exits: Iterable[Exit]
) -> Iterator[Draft]:
    """The letters that the register caused, found by the keys under which they were written; never what is in them."""
    keys = {f"{kind}:{one.cooperative_id}:{row.id}" for row in applications for kind in ("admission", "refusal")}
    keys |= {
        letter_key(letter, cooperative_id=one.cooperative_id, exit_id=row.id, membership_id=one.membership_id)
        for row in exits
        for letter in EXIT_LETTERS
    }
    keys |= set(_money_keys(session, one))
    rows = session.execute(
        select(Letter.kind, Letter.state, Letter.written_at).where(
            Letter.cooperative_id == one.cooperative_id, Letter.key.in_(sorted(keys))
        )
    )
    for kind, state, at in rows:
        yield Draft(
            line=StoryLine(
                kind=StoryKind.LETTER, code=kind, day=clock.legal_day(at), recorded_at=at, of=state.value
            )
        )  # fmt: skip


def _money_keys(session: ScopedSession, one: Subject) -> Iterator[str]:
    """The keys of statements of years, and of announcements of direct debits."""
    to = f"membership:{one.membership_id}"
    charges = select(LedgerEntryRow.id).where(
        LedgerEntryRow.cooperative_id == one.cooperative_id, LedgerEntryRow.membership_id == one.membership_id
    )
    announced = session.execute(
        select(DirectDebitLine.direct_debit_id, Mandate.reference)
        .join(
            Mandate,
            and_(Mandate.cooperative_id == DirectDebitLine.cooperative_id, Mandate.id == DirectDebitLine.mandate_id),
        )
        .where(DirectDebitLine.cooperative_id == one.cooperative_id, DirectDebitLine.charge_id.in_(charges))
    )
    for number, reference in announced:
        yield f"debit:{number}:{reference}:{to}"
    first = session.scalar(
        select(func.min(LedgerEntryRow.booked_on)).where(
            LedgerEntryRow.cooperative_id == one.cooperative_id, LedgerEntryRow.membership_id == one.membership_id
        )
    )
    for year in range(first.year, one.day.year + 1) if first else ():
        yield f"statement:{one.cooperative_id}:{year}:{to}"


# who and why


def _signed(session: ScopedSession, one: Subject, drafts: list[Draft], *, with_reasons: bool) -> Iterator[StoryLine]:
    """The lines with the names of who wrote them down and of whom they are about, and the reasons for who may read."""
    actors = _names(session, {draft.actor_id for draft in drafts})
    numbers = {draft.audit_number for draft in drafts if with_reasons}
    reasons = _reasons(session, one, numbers)
    others = _others(session, one, {draft.other_id for draft in drafts})
    for draft in drafts:
        yield replace(
            draft.line,
            actor=actors.get(draft.actor_id),
            reason=reasons.get(draft.audit_number),
            about=others.get(draft.other_id, draft.line.about),
        )


def _known(keys: Iterable[int | None]) -> list[int]:
    return sorted(key for key in keys if key is not None)


def _names(session: ScopedSession, ids: set[int | None]) -> dict[int | None, str]:
    rows = session.execute(select(Account.id, Account.name).where(Account.id.in_(_known(ids))))
    return {key: name for key, name in rows}  # noqa: C416  rows are no pairs to the type checker


def _reasons(session: ScopedSession, one: Subject, numbers: set[int | None]) -> dict[int | None, str]:
    rows = session.execute(
        select(AuditNote.number, AuditNote.text).where(
            AuditNote.cooperative_id == one.cooperative_id, AuditNote.number.in_(_known(numbers))
        )
    )
    return {key: text for key, text in rows}  # noqa: C416  rows are no pairs to the type checker


def _others(session: ScopedSession, one: Subject, ids: set[int | None]) -> dict[int | None, str]:
    """How other parties are called, as known last: one that was merged has a name for the days before only."""
    rows = session.execute(
        select(PartyRecord.party_id, PartyRecord.name)
        .where(
            PartyRecord.cooperative_id == one.cooperative_id,
            PartyRecord.party_id.in_(_known(ids)),
            PartyRecord.known_until.is_(None),
        )
        .order_by(PartyRecord.valid_from)
    )
    return {key: name for key, name in rows}  # noqa: C416  rows are no pairs to the type checker
