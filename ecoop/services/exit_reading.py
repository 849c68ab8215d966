"""Exits as pages show them: one with everything about it, and the list. Also who gets which letter."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import aliased

from ecoop.db import ScopedSession
from ecoop.errors import Forbidden, NotFound
from ecoop.governance.leaving import CapitalGoes, ContractGoes, DayBy, ExitState, NoticeBy
from ecoop.governance.membership import EndReason
from ecoop.governance.roles import Actor, Permission
from ecoop.language import DEFAULT, Language, parse_language
from ecoop.models import Exit, Membership, PartyRecord
from ecoop.models.parties import FOREVER
from ecoop.services.parties import read_party


@dataclass(frozen=True, slots=True, kw_only=True)
class ExitView:
    """One exit, how far it is, and whom it is about."""

    id: int
    membership_id: int
    number: int | None
    name: str
    state: ExitState
    cause: EndReason
    given_by: NoticeBy
    received_on: date
    decision: str | None
    paper_id: int | None
    started_at: datetime
    ends_on: date | None
    ends_on_by: DayBy | None
    capital_goes: CapitalGoes | None
    capital_cents: int | None
    capital_on: date | None
    capital_paid_on: date | None
    contract_goes: ContractGoes | None
    successor_membership_id: int | None
    successor_name: str | None
    successor_number: int | None
    completed_at: datetime | None
    undone_at: datetime | None


def read_exit(session: ScopedSession, actor: Actor, *, cooperative_id: int, exit_id: int) -> ExitView:
    """One exit. Raises NotFound."""
    _require(actor)
    found = session.execute(_exits(cooperative_id).where(Exit.id == exit_id)).one_or_none()
    if found is None:
        raise NotFound
    return _view(*found)


def read_exits(session: ScopedSession, actor: Actor, *, cooperative_id: int) -> tuple[ExitView, ...]:
    """Every exit: open ones first, then the newest."""
    _require(actor)
    query = _exits(cooperative_id).order_by(Exit.state != ExitState.OPEN, Exit.started_at.desc(), Exit.id.desc())
    return tuple(_view(*row) for row in session.execute(query))


def read_open_exit(session: ScopedSession, *, cooperative_id: int, membership_id: int) -> ExitView | None:
    """The exit of a membership that is open, if there is one."""
    query = _exits(cooperative_id).where(Exit.membership_id == membership_id, Exit.state == ExitState.OPEN)
    found = session.execute(query).one_or_none()
    return _view(*found) if found is not None else None


def _require(actor: Actor) -> None:
    if not actor.may(Permission.SEE_REGISTER):
        raise Forbidden


_Row = Select[Exit, int | None, str, int | None, str | None]


def _exits(cooperative_id: int) -> _Row:
    """Exits with the name that is known now for the latest days, of the leaver and of who takes over."""
    leaver, successor = aliased(Membership), aliased(Membership)
    record, other = aliased(PartyRecord), aliased(PartyRecord)
    return (
        select(Exit, leaver.number, record.name, successor.number, other.name)
        .join(leaver, and_(leaver.cooperative_id == Exit.cooperative_id, leaver.id == Exit.membership_id))
        .join(
            record,
            and_(
                record.cooperative_id == leaver.cooperative_id, record.party_id == leaver.party_id,
                record.known_until.is_(None), record.valid_until == FOREVER,
            ),
        )
        .outerjoin(
            successor,
            and_(successor.cooperative_id == Exit.cooperative_id, successor.id == Exit.successor_membership_id),
        )
        .outerjoin(
            other,
            and_(
                other.cooperative_id == successor.cooperative_id, other.party_id == successor.party_id,
                other.known_until.is_(None), other.valid_until == FOREVER,
            ),
        )
        .where(Exit.cooperative_id == cooperative_id)
    )  # fmt: skip


def _view(row: Exit, number: int | None, name: str, other_number: int | None, other_name: str | None) -> ExitView:
    return ExitView(
        id=row.id,
        membership_id=row.membership_id,
        number=number,
        name=name,
        state=row.state,
        cause=row.cause,
        given_by=row.given_by,
        received_on=row.received_on,
        decision=row.decision,
        paper_id=row.paper_id,
        started_at=row.started_at,
        ends_on=row.ends_on,
        ends_on_by=row.ends_on_by,
        capital_goes=row.capital_goes,
        capital_cents=row.capital_cents,
        capital_on=row.capital_on,
        capital_paid_on=row.capital_paid_on,
        contract_goes=row.contract_goes,
        successor_membership_id=row.successor_membership_id,
        successor_name=other_name,
        successor_number=other_number,
        completed_at=row.completed_at,
        undone_at=row.undone_at,
    )


def count_open(session: ScopedSession, *, cooperative_id: int) -> int:
    """How many exits are on their way."""
    query = select(func.count()).select_from(Exit)
    return session.scalars(query.where(Exit.cooperative_id == cooperative_id, Exit.state == ExitState.OPEN)).one()


EXIT_LETTERS = ("exit_confirmed", "transfer_left", "transfer_came", "exit_undone")


def letter_key(letter: str, *, cooperative_id: int, exit_id: int, membership_id: int) -> str:
    """Under which key a letter about an exit is written once to each side, and found for the story of a member."""
    return f"{letter}:{cooperative_id}:{exit_id}:membership:{membership_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterReader:
    """Somebody in the register who gets a letter: by e-mail where an address is known, else on paper."""

    name: str
    number: int | None
    account_id: int | None
    email: str | None
    postal_address: str | None
    language: Language


def read_letter_reader(session: ScopedSession, *, cooperative_id: int, membership_id: int, day: date) -> LetterReader:
    """Who gets the letter about a membership, as known for `day`. Raises NotFound."""
    row = session.scalar(
        select(Membership).where(Membership.cooperative_id == cooperative_id, Membership.id == membership_id)
    )
    if row is None:
        raise NotFound
    party = read_party(session, cooperative_id=cooperative_id, party_id=row.party_id, day=day)
    facts = party.facts
    street = " ".join(part for part in (facts.street, facts.house_number) if part)
    place = " ".join(part for part in (facts.postcode, facts.city) if part)
    return LetterReader(
        name=facts.name,
        number=row.number,
        account_id=party.account_id,
        email=facts.email,
        postal_address="\n".join(part for part in (street, place) if part) or None,
        language=parse_language(facts.language) or DEFAULT,
    )
