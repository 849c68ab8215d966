"""Leaving in the demo: an exit on its way with much in the way, one that is done, promises, a request for a name."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from ecoop import clock
from ecoop.db import ScopedSession
from ecoop.governance.leaving import CapitalGoes, ContractGoes, NoticeBy, ObligationKind, Weight
from ecoop.governance.membership import EndReason
from ecoop.governance.roles import Actor
from ecoop.governance.statutes import PartyKind
from ecoop.services import giving_notice, leaving, obligations, own_data, register
from ecoop.services.balances import holding_of
from ecoop.services.giving_notice import NewExit
from ecoop.services.leaving import Money
from ecoop.services.obligations import NewObligation
from ecoop.services.register import Order, RegisterLine, RegisterQuestion

LEAVES, PAYS_OFF, MARRIED = "Gijs Gevelgroen", "Noud Netaansluiting", "Loes Leiding"
ARRIVED, LEFT, COMPLETED = timedelta(days=6), timedelta(days=45), timedelta(days=10)
PLEDGE = "Toezegging voor tranche 4, per brief."
PLAN = "Contributie van twee jaar in twaalf delen."
MOVES = "Brief op papier: verhuist naar zijn dochter."


def write(
    session: ScopedSession, secretary: Actor, treasurer: Actor, married: Actor, *, cooperative_id: int, day: date
) -> None:
    """What secretary, treasurer and a member did in the past weeks."""
    lines = register.read_whole_register(
        session, secretary, cooperative_id=cooperative_id, asked=RegisterQuestion(day=day, order=Order.NUMBER)
    )
    members = {line.name: line.membership_id for line in lines}
    _promise(session, treasurer, cooperative_id, members[LEAVES], ObligationKind.TRANCHE_PLEDGE, 250_000, PLEDGE, day)
    _promise(session, treasurer, cooperative_id, members[PAYS_OFF], ObligationKind.ARREARS_PLAN, 5_000, PLAN, day)
    new = NewExit(cause=EndReason.RESIGNATION, given_by=NoticeBy.MEMBER, received_on=day - ARRIVED, why=MOVES)
    giving_notice.start_exit(
        session, secretary, cooperative_id=cooperative_id, membership_id=members[LEAVES], new=new,
        now=_morning(day - ARRIVED),
    )  # fmt: skip
    gone = next(line for line in reversed(lines) if line.kind is PartyKind.PERSON and _was_in(line, day - LEFT))
    _left(session, secretary, cooperative_id, gone.membership_id, day)
    _asked(session, married, cooperative_id, day)


def _promise(
    session: ScopedSession, treasurer: Actor, cooperative_id: int, membership_id: int, kind: ObligationKind,
    cents: int, words: str, day: date,
) -> None:  # fmt: skip
    agreed = day - timedelta(days=120)
    new = NewObligation(
        kind=kind, agreed_on=agreed, amount_cents=cents, runs_until=agreed + timedelta(days=365), why=words
    )
    obligations.record_obligation(
        session, treasurer, cooperative_id=cooperative_id, membership_id=membership_id, new=new, now=_morning(agreed)
    )


def _was_in(line: RegisterLine, day: date) -> bool:
    return line.member_since is not None and line.member_since < day


def _left(session: ScopedSession, secretary: Actor, cooperative_id: int, membership_id: int, day: date) -> None:
    """An exit from the notice to its end; it was completed once the last day was over."""
    told, done = _morning(day - LEFT), day - COMPLETED
    new = NewExit(
        cause=EndReason.RESIGNATION, given_by=NoticeBy.MEMBER, received_on=day - LEFT,
        ends_on=day - LEFT + timedelta(days=30), why="Verhuist naar het buitenland.",
    )  # fmt: skip
    exit_id = giving_notice.start_exit(
        session, secretary, cooperative_id=cooperative_id, membership_id=membership_id, new=new, now=told
    )
    now = _morning(done)
    found = leaving.weighed(session, cooperative_id=cooperative_id, exit_id=exit_id, day=done)
    leaving.answer_blockers(
        session, secretary, cooperative_id=cooperative_id, exit_id=exit_id,
        answered=frozenset(leaving.name_of(one) for one in found if one.weight is Weight.ASKS),
        why="Besproken aan de telefoon.", now=now,
    )  # fmt: skip
    held = holding_of(session, cooperative_id=cooperative_id, membership_id=membership_id, day=done)
    back = Money(goes=CapitalGoes.PAID_BACK, cents=held, on=day + timedelta(days=30))
    leaving.set_money(
        session, secretary, cooperative_id=cooperative_id, exit_id=exit_id,
        money=back if held else Money(goes=CapitalGoes.NOTHING), now=now,
    )  # fmt: skip
    leaving.set_contract(
        session, secretary, cooperative_id=cooperative_id, exit_id=exit_id, goes=ContractGoes.STAYS, now=now
    )
    leaving.complete_exit(session, secretary, cooperative_id=cooperative_id, exit_id=exit_id, now=now)


def _asked(session: ScopedSession, married: Actor, cooperative_id: int, day: date) -> None:
    (own,) = own_data.read_own(session, married, cooperative_id=cooperative_id, day=day)
    facts = replace(own.party.facts, name=f"{MARRIED}-de Ketel", family_name="Leiding-de Ketel")
    own_data.ask_correction(
        session, married, cooperative_id=cooperative_id, party_id=own.party.id, facts=facts,
        now=_morning(day - timedelta(days=2)),
    )  # fmt: skip


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(10, 15), clock.AMSTERDAM)
