"""What is known about one member in every corner of the register, told as lines that were not signed yet.

Each source asks the database as often for a long story as for a short one. A part of the platform that keeps something
about a member adds a source here, and words for it at the door.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, and_, or_, select

from ecoop import clock
from ecoop.db import ScopedSession
from ecoop.governance.admission import Speaker
from ecoop.governance.holdings import PROMISES, LedgerAccount
from ecoop.models import (
    Application,
    ApplicationMessage,
    ConsentEvent,
    Decision,
    Dwelling,
    Exit,
    HeatContract,
    HeatContractEvent,
    LedgerEntryRow,
    MembershipEventRow,
    Obligation,
    ObligationSettlement,
    OfficeTerm,
    PartyMerge,
    PartyRecord,
    Representation,
    Tenure,
)
from ecoop.models.parties import FOREVER
from ecoop.services.dwellings import address_of
from ecoop.services.parties import FIELDS


class StoryKind(StrEnum):
    """What a line of the story is about; what `code` and `of` of the line say stands behind it."""

    EVENT = "event"  # kind of event; why it ended
    APPLICATION = "application"  # received, asked, answered, or the outcome
    LETTER = "letter"  # kind of letter; how it stands
    DATA = "data"
    MONEY = "money"  # kind of entry; account
    TENURE_BEGAN = "tenure_began"  # kind of tenure
    TENURE_ENDED = "tenure_ended"
    CONTRACT = "contract"  # step
    OFFICE_BEGAN = "office_began"  # office
    OFFICE_ENDED = "office_ended"
    ACTING_BEGAN = "acting_began"  # matter: the member acts for somebody
    ACTING_ENDED = "acting_ended"
    ACTED_FOR_BEGAN = "acted_for_began"  # matter: somebody acts for the member
    ACTED_FOR_ENDED = "acted_for_ended"
    EXIT = "exit"  # state; cause
    MERGED = "merged"  # kept or gone
    PROMISE = "promise"  # kind
    PROMISE_SETTLED = "promise_settled"  # kind; outcome
    CONSENT = "consent"  # given or withdrawn; purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryLine:
    """One thing that happened to a member: from which day it counts, who wrote it down and why."""

    kind: StoryKind
    code: str
    day: date
    recorded_at: datetime
    of: str | None = None
    """A second code, as `StoryKind` says."""
    about: str | None = None
    """The other person, the address or the decision it is about."""
    class_code: str | None = None
    tranche: str | None = None
    year: int | None = None
    cents: int | None = None
    fields: tuple[str, ...] = ()
    """Which data changed; never what they became."""
    actor: str | None = None
    by_member: bool = False
    """Whether the member did it, without a login of the cooperative."""
    reason: str | None = None
    is_corrected: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A line with the keys of who wrote it down, of the reason, and of the other party."""

    line: StoryLine
    actor_id: int | None = None
    audit_number: int | None = None
    other_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whose story it is."""

    cooperative_id: int
    membership_id: int
    party_id: int
    day: date

    def rows(self, session: ScopedSession, model: Any, column: Any, value: int | None = None) -> list[Any]:
        """The rows of a table that are about the party (or about `value`), in order of keys."""
        wanted = self.party_id if value is None else value
        query = select(model).where(model.cooperative_id == self.cooperative_id, column == wanted)
        return list(session.scalars(query.order_by(model.id)))


def tell_events(session: ScopedSession, one: Subject) -> Iterator[Draft]:
    """What happened to the membership."""
    rows = one.rows(session, MembershipEventRow, MembershipEventRow.membership_id, one.membership_id)
    corrected = {row.corrects_id for row in rows}
    for row in rows:
        line = StoryLine(
            kind=StoryKind.EVENT, code=row.kind.value, day=row.valid_from, recorded_at=row.recorded_at,
            of=row.end_reason.value if row.end_reason else None, class_code=row.class_code,
            is_corrected=row.id in corrected,
        )  # fmt: skip
        yield Draft(line=line, actor_id=row.actor_id, audit_number=row.audit_number)


def _at(kind: StoryKind, code: str, at: datetime, **given: Any) -> StoryLine:
    """A line that counts from the day on which it was written down."""
    return StoryLine(kind=kind, code=code, day=clock.legal_day(at), recorded_at=at, **given)


def read_applications(session: ScopedSession, one: Subject) -> list[Application]:
    """The applications of the party, through the form."""
    return one.rows(session, Application, Application.party_id)


def tell_applications(session: ScopedSession, one: Subject, found: list[Application]) -> Iterator[Draft]:
    """What was filled in, asked, answered and decided, without the words."""
    for row in found:
        received = row.confirmed_at or row.asked_at
        yield Draft(line=_at(StoryKind.APPLICATION, "received", received, class_code=row.class_code, by_member=True))
        if row.outcome is not None and row.closed_at is not None:
            by_member = row.outcome.value == "withdrawn" and row.closed_by_id is None
            line = _at(
                StoryKind.APPLICATION, row.outcome.value, row.closed_at, about=row.decision, by_member=by_member,
                of=row.refusal.value if row.refusal else None,
            )  # fmt: skip
            yield Draft(line=line, actor_id=row.closed_by_id)
    said = session.execute(
        select(ApplicationMessage.speaker, ApplicationMessage.said_at, ApplicationMessage.said_by_id).where(
            ApplicationMessage.cooperative_id == one.cooperative_id,
            ApplicationMessage.application_id.in_([row.id for row in found]),
        )
    )
    for speaker, at, by_id in said:
        answers = speaker is Speaker.APPLICANT
        line = _at(StoryKind.APPLICATION, "answered" if answers else "asked", at, by_member=answers)
        yield Draft(line=line, actor_id=by_id)


def tell_data(session: ScopedSession, one: Subject) -> Iterator[Draft]:
    """Which data changed: each record beside the one whose place it took on its first day."""
    rows = one.rows(session, PartyRecord, PartyRecord.party_id)
    for row in rows:
        before = [
            past for past in rows
            if past.id < row.id and past.known_until == row.known_from
            and past.valid_from <= row.valid_from < past.valid_until
        ]  # fmt: skip
        changed = tuple(name for name in FIELDS if before and getattr(before[-1], name) != getattr(row, name))
        if changed:
            line = StoryLine(
                kind=StoryKind.DATA, code="changed", day=row.valid_from, recorded_at=row.known_from, fields=changed
            )
            yield Draft(line=line, actor_id=row.recorded_by_id)


def tell_money(session: ScopedSession, one: Subject, *, only_capital: bool) -> Iterator[Draft]:
    """What was booked. Capital stands in the list of members, so who sees that sees it here; the rest does not."""
    rows = one.rows(session, LedgerEntryRow, LedgerEntryRow.membership_id, one.membership_id)
    corrected = {row.corrects_id for row in rows}
    for row in rows:
        is_promise = row.kind in PROMISES or row.corrects_promise
        if only_capital and (is_promise or row.account is not LedgerAccount.CAPITAL):
            continue
        line = StoryLine(
            kind=StoryKind.MONEY, code=row.kind.value, day=row.booked_on, recorded_at=row.recorded_at,
            of=row.account.value, tranche=row.tranche, year=row.year, cents=row.cents, is_corrected=row.id in corrected,
        )  # fmt: skip
        yield Draft(line=line, actor_id=row.actor_id, audit_number=row.audit_number)


def _versions(rows: list[Any], *names: str) -> Iterator[tuple[Any, Any]]:
    """Rows that say the same from the same day: as first written down, and as known last."""
    told: dict[tuple[Any, ...], list[Any]] = {}
    for row in sorted(rows, key=lambda row: (row.known_from, row.id)):
        told.setdefault(tuple(getattr(row, name) for name in names), []).append(row)
    for versions in told.values():
        yield versions[0], versions[-1]


def tell_tenures(session: ScopedSession, one: Subject) -> Iterator[Draft]:
    """Which dwellings the member got and gave up."""
    rows = session.execute(
        select(Tenure, Dwelling)
        .join(Dwelling, and_(Dwelling.cooperative_id == Tenure.cooperative_id, Dwelling.id == Tenure.dwelling_id))
        .where(Tenure.cooperative_id == one.cooperative_id, Tenure.party_id == one.party_id)
    ).all()
    addresses = {dwelling.id: address_of(dwelling) for _tenure, dwelling in rows}
    for first, last in _versions([tenure for tenure, _dwelling in rows], "dwelling_id", "kind", "valid_from"):
        about, code = addresses[first.dwelling_id], first.kind.value
        line = StoryLine(
            kind=StoryKind.TENURE_BEGAN, code=code, day=first.valid_from, recorded_at=first.known_from, about=about,
            is_corrected=last.known_until is not None,
        )  # fmt: skip
        yield Draft(line=line, actor_id=first.recorded_by_id)
        if last.known_until is None and last.valid_until < FOREVER:
            line = StoryLine(
                kind=StoryKind.TENURE_ENDED, code=code, day=last.valid_until, recorded_at=last.known_from, about=about
            )
            yield Draft(line=line, actor_id=last.recorded_by_id)


def tell_contracts(session: ScopedSession, one: Subject) -> Iterator[Draft]:
    """The steps of the heat contracts that the member holds or held."""
    rows = session.execute(_contract_steps().where(
        HeatContract.cooperative_id == one.cooperative_id, HeatContract.holder_id == one.party_id
    )).all()  # fmt: skip
    corrected = {row.corrects_id for row, _dwelling in rows}
    for row, dwelling in rows:
        line = StoryLine(
            kind=StoryKind.CONTRACT, code=row.step.value, day=row.valid_from, recorded_at=row.recorded_at,
            about=address_of(dwelling), is_corrected=row.id in corrected,
        )  # fmt: skip
        yield Draft(line=line, actor_id=row.actor_id, audit_number=row.audit_number)


def _contract_steps() -> Select[HeatContractEvent, Dwelling]:
    event, contract = HeatContractEvent, HeatContract
    return (
        select(event, Dwelling)
        .join(contract, and_(contract.cooperative_id == event.cooperative_id, contract.id == event.contract_id))
        .join(Dwelling, and_(Dwelling.cooperative_id == contract.cooperative_id, Dwelling.id == contract.dwelling_id))
    )


def tell_offices(session: ScopedSession, one: Subject) -> Iterator[Draft]:
    """The offices of the member; an end by the statutes is told once it came."""
    rows = session.execute(
        select(OfficeTerm, Decision.number)
        .join(
            Decision,
            and_(Decision.cooperative_id == OfficeTerm.cooperative_id, Decision.id == OfficeTerm.decision_id),
        )
        .where(OfficeTerm.cooperative_id == one.cooperative_id, OfficeTerm.party_id == one.party_id)
    ).all()
    numbers = {term.id: number for term, number in rows}
    for first, last in _versions([term for term, _number in rows], "office", "starts_on"):
        line = StoryLine(
            kind=StoryKind.OFFICE_BEGAN, code=first.office.value, day=first.starts_on, recorded_at=first.known_from,
            about=str(numbers[first.id]), is_corrected=last.known_until is not None,
        )  # fmt: skip
        yield Draft(line=line, actor_id=first.recorded_by_id)
        if last.known_until is None and (last.ends_on <= one.day or last.ended_by_id is not None):
            line = StoryLine(
                kind=StoryKind.OFFICE_ENDED, code=last.office.value, day=last.ends_on, recorded_at=last.known_from
            )
            yield Draft(line=line, actor_id=last.recorded_by_id)


def tell_acting(session: ScopedSession, one: Subject) -> Iterator[Draft]:
    """For whom the member acts, and who acts for the member."""
    rows = list(session.scalars(
        select(Representation).where(
            Representation.cooperative_id == one.cooperative_id,
            or_(Representation.represented_id == one.party_id, Representation.representative_id == one.party_id),
        )
    ))  # fmt: skip
    for first, last in _versions(rows, "represented_id", "representative_id", "matter", "valid_from"):
        acts = first.representative_id == one.party_id
        began = StoryKind.ACTING_BEGAN if acts else StoryKind.ACTED_FOR_BEGAN
        ended = StoryKind.ACTING_ENDED if acts else StoryKind.ACTED_FOR_ENDED
        other = first.represented_id if acts else first.representative_id
        line = StoryLine(
            kind=began, code=first.matter.value, day=first.valid_from, recorded_at=first.known_from,
            is_corrected=last.known_until is not None,
        )  # fmt: skip
        yield Draft(line=line, actor_id=first.recorded_by_id, other_id=other)
        if last.known_until is None and last.valid_until < FOREVER:
            line = StoryLine(kind=ended, code=last.matter.value, day=last.valid_until, recorded_at=last.known_from)
            yield Draft(line=line, actor_id=last.recorded_by_id, other_id=other)


def read_exits(session: ScopedSession, one: Subject) -> list[Exit]:
    """The exits of the member, and those of others after which the member took over."""
    query = select(Exit).where(
        Exit.cooperative_id == one.cooperative_id,
        or_(Exit.membership_id == one.membership_id, Exit.successor_membership_id == one.membership_id),
    )
    return list(session.scalars(query))


def tell_exits(one: Subject, found: list[Exit]) -> Iterator[Draft]:
    """When leaving began, was completed and was undone. Who took over was admitted by an event."""
    for row in found:
        if row.membership_id != one.membership_id:
            continue
        line = StoryLine(
            kind=StoryKind.EXIT, code="begun", day=row.received_on, recorded_at=row.started_at, of=row.cause.value,
            about=row.decision,
        )  # fmt: skip
        yield Draft(line=line, actor_id=row.started_by_id)
        if row.completed_at is not None:
            line = _at(StoryKind.EXIT, "completed", row.completed_at, of=row.cause.value)
            yield Draft(line=line, actor_id=row.completed_by_id)
        if row.undone_at is not None:
            yield Draft(line=_at(StoryKind.EXIT, "undone", row.undone_at), actor_id=row.undone_by_id)


def tell_merges(session: ScopedSession, one: Subject) -> Iterator[Draft]:
    """With which other line this one turned out to be the same."""
    rows = session.scalars(
        select(PartyMerge).where(
            PartyMerge.cooperative_id == one.cooperative_id,
            or_(PartyMerge.kept_id == one.party_id, PartyMerge.gone_id == one.party_id),
        )
    )
    for row in rows:
        stays = row.kept_id == one.party_id
        line = _at(StoryKind.MERGED, "kept" if stays else "gone", row.merged_at)
        yield Draft(line=line, actor_id=row.merged_by_id, other_id=row.gone_id if stays else row.kept_id)


def tell_promises(session: ScopedSession, one: Subject) -> Iterator[Draft]:
    """What the member promised, and how that ended."""
    rows = session.execute(
        select(Obligation, ObligationSettlement)
        .outerjoin(
            ObligationSettlement,
            and_(
                ObligationSettlement.cooperative_id == Obligation.cooperative_id,
                ObligationSettlement.obligation_id == Obligation.id,
            ),
        )
        .where(Obligation.cooperative_id == one.cooperative_id, Obligation.party_id == one.party_id)
    )
    for row, settled in rows:
        line = StoryLine(
            kind=StoryKind.PROMISE, code=row.kind.value, day=row.agreed_on, recorded_at=row.recorded_at,
            cents=row.amount_cents,
        )  # fmt: skip
        yield Draft(line=line, actor_id=row.recorded_by_id, audit_number=row.audit_number)
        if settled is not None:
            line = StoryLine(
                kind=StoryKind.PROMISE_SETTLED, code=row.kind.value, day=settled.settled_on,
                recorded_at=settled.recorded_at, of=settled.outcome.value,
            )  # fmt: skip
            yield Draft(line=line, actor_id=settled.recorded_by_id)


def tell_consents(session: ScopedSession, one: Subject) -> Iterator[Draft]:
    """To what the member agreed, and what was taken back."""
    for row in one.rows(session, ConsentEvent, ConsentEvent.party_id):
        line = StoryLine(
            kind=StoryKind.CONSENT, code=row.move.value, day=row.valid_from, recorded_at=row.recorded_at,
            of=row.purpose.value,
        )  # fmt: skip
        yield Draft(line=line, actor_id=row.recorded_by_id)
