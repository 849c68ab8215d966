"""Exits in the database: one at a time, everything in the way at once, undone once, on both sides."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ecoop.db import Database, Scope
from ecoop.errors import Forbidden, InvalidInput, NotFound, Refused
from ecoop.governance.leaving import (
    BlockerCode,
    CapitalGoes,
    ContractGoes,
    ExitState,
    LeavingReason,
    NoticeBy,
    ObligationKind,
    ObligationOutcome,
)
from ecoop.governance.membership import EndReason, EventKind, Standing, Status
from ecoop.governance.roles import Role
from ecoop.governance.statutes import PartyKind
from ecoop.models import Account, Cooperative, Exit, Membership, Party, Turn
from ecoop.services import (
    exit_money,
    exit_reading,
    exit_steps,
    giving_notice,
    leaving,
    ledger,
    memberships,
    obligations,
    parties,
    transfers,
)
from ecoop.services.giving_notice import NewExit
from ecoop.services.leaving import Money
from ecoop.services.memberships import NewEvent
from ecoop.services.obligations import NewObligation
from ecoop.services.transfers import Successor
from tests.services.conftest import World
from tests.support.factories import NOW, TODAY, a_role
from tests.support.queries import counted_queries

SINCE, LAST = date(2024, 1, 1), date(2026, 7, 1)
FACTS = parties.PartyFacts(name="Petra", street="Kade", house_number="12", postcode="1054 AB", city="Amsterdam")


def a_member(
    world: World, session: Any, name: str = "Petra", *, account_id: int | None = None,
    kind: PartyKind = PartyKind.PERSON,
) -> int:  # fmt: skip
    party_id = parties.record_party(
        session, None, cooperative_id=world.home, kind=kind, facts=replace(FACTS, name=name), valid_from=SINCE,
        account_id=account_id, now=NOW,
    )  # fmt: skip
    number = memberships.open_membership(session, cooperative_id=world.home, party_id=party_id, now=NOW)
    new = NewEvent(kind=EventKind.ADMITTED, valid_from=SINCE, class_code="tenant")
    memberships.add_event(session, None, cooperative_id=world.home, membership_id=number, new=new, now=NOW)
    return number


def begins(world: World, session: Any, membership_id: int, actor: Any = None, **given_: Any) -> int:
    new = {"cause": EndReason.RESIGNATION, "given_by": NoticeBy.MEMBER, "received_on": TODAY, "ends_on": LAST} | given_
    own = new.pop("own", False)
    return giving_notice.start_exit(
        session, actor, cooperative_id=world.home, membership_id=membership_id, new=NewExit(**new), now=NOW, own=own
    )


def decided(world: World, session: Any, exit_id: int, *, money: Money | None = None) -> None:
    here = {"cooperative_id": world.home, "exit_id": exit_id, "now": NOW}
    leaving.set_money(session, None, money=money or Money(goes=CapitalGoes.NOTHING), **here)
    leaving.set_contract(session, None, goes=ContractGoes.NO_CONTRACT, **here)


def completes(world: World, session: Any, exit_id: int, **given_: Any) -> None:
    decided(world, session, exit_id, **given_)
    leaving.complete_exit(session, None, cooperative_id=world.home, exit_id=exit_id, now=NOW)


def undoes(world: World, session: Any, exit_id: int, later: int = 1) -> None:
    now = NOW + timedelta(days=later)
    leaving.undo_exit(session, None, cooperative_id=world.home, exit_id=exit_id, why="Vergissing", now=now)


def standing(world: World, session: Any, membership_id: int, day: date = LAST) -> Standing:
    return memberships.read_standing(session, cooperative_id=world.home, membership_id=membership_id, day=day)


def codes(world: World, session: Any, exit_id: int) -> list[BlockerCode]:
    found = leaving.weighed(session, cooperative_id=world.home, exit_id=exit_id, day=TODAY)
    return [one.blocker.code for one in found]


def refusal(refused: pytest.ExceptionInfo[Refused]) -> object:
    return refused.value.reason


# beginning


def test_notice_counts_from_the_day_on_which_it_was_received(world: World) -> None:
    with world.inside() as session:
        number = a_member(world, session)
        begins(world, session, number, received_on=TODAY - timedelta(days=3))

        assert standing(world, session, number, TODAY).notice_on == TODAY - timedelta(days=3)
        assert standing(world, session, number, LAST).is_member


def test_a_second_exit_of_one_membership_is_refused(world: World) -> None:
    with world.inside() as session:
        number = a_member(world, session)
        begins(world, session, number)
        with pytest.raises(Refused) as refused:
            begins(world, session, number, cause=EndReason.DEATH)

        assert refusal(refused) is LeavingReason.EXIT_RUNS_ALREADY
        assert len(session.scalars(sa.select(Exit)).all()) == 1


def test_the_database_itself_refuses_two_open_exits(world: World) -> None:
    with world.inside() as session:
        number = a_member(world, session)
        begins(world, session, number)
        values = {"membership_id": number, "state": ExitState.OPEN, "cause": EndReason.DEATH, "started_at": NOW}
        session.add(
            Exit(cooperative_id=world.home, given_by=NoticeBy.HEIRS, received_on=TODAY, **values)
        )  # fmt: skip
        with pytest.raises(sa.exc.IntegrityError):
            session.flush()


def test_no_exit_begins_once_the_end_is_known(world: World) -> None:
    with world.inside() as session:
        number = a_member(world, session)
        completes(world, session, begins(world, session, number))
        with pytest.raises(Refused) as refused:
            begins(world, session, number)

    assert refusal(refused) is LeavingReason.EXIT_END_KNOWN


@pytest.mark.parametrize(
    ("given_", "keys"),
    [
        ({"cause": EndReason.EXPULSION, "received_on": TODAY + timedelta(days=1)}, {"decision", "received_on"}),
        ({"cause": EndReason.DISSOLUTION, "ends_on": TODAY - timedelta(days=1)}, {"cause", "ends_on"}),
        ({"cause": EndReason.TRANSFER}, {"successor"}),
        ({"received_on": SINCE - timedelta(days=1), "paper_id": 4711}, {"received_on", "paper"}),
    ],
)
def test_what_cannot_be_is_told_all_at_once(world: World, given_: dict[str, Any], keys: set[str]) -> None:
    with world.inside() as session:
        number = a_member(world, session)
        with pytest.raises(InvalidInput) as refused:
            begins(world, session, number, **given_)

    assert {problem.key for problem in refused.value.problems} == keys


def test_the_database_refuses_an_expulsion_without_a_decision(world: World) -> None:
    with world.inside() as session:
        number = a_member(world, session)
        session.add(
            Exit(
                cooperative_id=world.home, membership_id=number, state=ExitState.OPEN, cause=EndReason.EXPULSION,
                given_by=NoticeBy.COOPERATIVE, received_on=TODAY, started_at=NOW,
            )
        )  # fmt: skip
        with pytest.raises(sa.exc.IntegrityError, match="expulsion_with_decision"):
            session.flush()


def test_a_member_gives_notice_and_the_secretary_has_the_turn(world: World) -> None:
    account_id = world.treasurer.account_id
    member = world.acting(Role.MEMBER, account_id=account_id)
    with world.inside() as session:
        number = a_member(world, session, account_id=account_id)
        begins(world, session, number, member, ends_on=None, own=True)
        turn = session.scalars(sa.select(Turn)).one()

        assert (turn.kind, turn.roles) == (exit_steps.NOTICE_TURN, "chair secretary")


def test_nobody_gives_notice_for_somebody_else(world: World) -> None:
    with world.inside() as session:
        number = a_member(world, session, account_id=world.outsider)
        with pytest.raises(NotFound):
            begins(world, session, number, world.acting(Role.MEMBER), own=True)
        with pytest.raises(Forbidden):
            begins(world, session, number, world.acting(Role.MEMBER))


# what stands in the way


def test_everything_in_the_way_is_told_at_once(world: World) -> None:
    with world.inside() as session:
        account = session.scalars(sa.select(Account).where(Account.id == world.outsider)).one()
        home = session.get_one(Cooperative, world.home)
        a_role(session, home, account, Role.BUILDING_AMBASSADOR)
        a_role(session, home, account, Role.MEMBER)
        number = a_member(world, session, account_id=account.id)
        for kind in ObligationKind:
            promises(world, session, number, kind)
        found = codes(world, session, begins(world, session, number))

    assert found == [
        BlockerCode.PLATFORM_ROLE,
        BlockerCode.ARREARS_PLAN,
        BlockerCode.MEMBER_LOGIN,
        BlockerCode.TRANCHE_PLEDGE,
        BlockerCode.LOAN_AGREEMENT,
        BlockerCode.OTHER_PROMISE,
    ]


def promises(world: World, session: Any, number: int, kind: ObligationKind = ObligationKind.ARREARS_PLAN) -> int:
    new = NewObligation(kind=kind, agreed_on=SINCE, amount_cents=12_000)
    return obligations.record_obligation(
        session, None, cooperative_id=world.home, membership_id=number, new=new, now=NOW
    )


def test_a_suspended_member_may_leave_after_an_answer(world: World) -> None:
    with world.inside() as session:
        number = a_member(world, session)
        new = NewEvent(kind=EventKind.SUSPENDED, valid_from=TODAY)
        memberships.add_event(session, None, cooperative_id=world.home, membership_id=number, new=new, now=NOW)
        exit_id = begins(world, session, number)
        assert codes(world, session, exit_id) == [BlockerCode.SUSPENDED]

        leaving.answer_blockers(
            session, None, cooperative_id=world.home, exit_id=exit_id,
            answered=frozenset({f"blocker_suspended membership:{number}"}), now=NOW,
        )  # fmt: skip
        completes(world, session, exit_id)

        assert standing(world, session, number).status is Status.FORMER


def test_what_stops_cannot_be_ticked_off_and_holds_up(world: World) -> None:
    with world.inside() as session:
        number = a_member(world, session)
        promise = promises(world, session, number)
        exit_id = begins(world, session, number)
        with pytest.raises(Refused):
            leaving.answer_blockers(
                session, None, cooperative_id=world.home, exit_id=exit_id,
                answered=frozenset({f"blocker_arrears_plan obligation:{promise}"}), now=NOW,
            )  # fmt: skip
        with pytest.raises(Refused) as refused:
            completes(world, session, exit_id)
        assert refusal(refused) is LeavingReason.EXIT_BLOCKED

        obligations.settle_obligation(
            session, None, cooperative_id=world.home, obligation_id=promise, outcome=ObligationOutcome.KEPT,
            settled_on=TODAY, now=NOW,
        )  # fmt: skip
        leaving.complete_exit(session, None, cooperative_id=world.home, exit_id=exit_id, now=NOW)
        assert not standing(world, session, number).is_member


def test_a_promise_is_settled_once(world: World) -> None:
    given_ = {"outcome": ObligationOutcome.KEPT, "settled_on": TODAY, "now": NOW}
    with world.inside() as session:
        promise = promises(world, session, a_member(world, session))
        obligations.settle_obligation(session, None, cooperative_id=world.home, obligation_id=promise, **given_)
        with pytest.raises(Refused):
            obligations.settle_obligation(session, None, cooperative_id=world.home, obligation_id=promise, **given_)


def test_promises_are_written_down_by_who_keeps_the_money(world: World) -> None:
    new = NewObligation(kind=ObligationKind.OTHER, agreed_on=SINCE)
    with world.inside() as session:
        number = a_member(world, session)
        here = {"cooperative_id": world.home, "membership_id": number, "new": new, "now": NOW}
        obligations.record_obligation(session, world.acting(Role.TREASURER), **here)
        for role in set(Role) - {Role.TREASURER}:
            with pytest.raises(Forbidden):
                obligations.record_obligation(session, world.acting(role), **here)


# completing


def test_every_step_that_is_missing_is_told(world: World) -> None:
    with world.inside() as session:
        exit_id = begins(world, session, a_member(world, session), ends_on=None)
        with pytest.raises(InvalidInput) as refused:
            leaving.complete_exit(session, None, cooperative_id=world.home, exit_id=exit_id, now=NOW)

    assert [problem.key for problem in refused.value.problems] == ["ends_on", "money", "contract"]


def test_a_completed_exit_ends_the_membership_on_its_day_with_its_reason(world: World) -> None:
    with world.inside() as session:
        number = a_member(world, session)
        completes(world, session, begins(world, session, number, cause=EndReason.DEATH, given_by=NoticeBy.HEIRS))
        found = standing(world, session, number)

    assert (found.periods[-1].ends_on, found.periods[-1].end_reason) == (LAST, EndReason.DEATH)


def test_capital_to_pay_back_waits_for_the_treasurer_until_it_is_paid(world: World) -> None:
    with world.inside() as session:
        exit_id = begins(world, session, a_member(world, session))
        completes(world, session, exit_id, money=Money(goes=CapitalGoes.PAID_BACK, cents=5_000, on=LAST))
        turn = session.scalars(sa.select(Turn).where(Turn.kind == exit_steps.PAY_TURN)).one()
        assert (turn.roles, turn.due_on) == ("treasurer", LAST)

        pays = {"cooperative_id": world.home, "exit_id": exit_id, "booked_on": TODAY, "now": NOW}
        with pytest.raises(InvalidInput):
            exit_money.book_exit_money(session, world.treasurer, **pays)
        holds(world, session, session.get_one(Exit, (world.home, exit_id)).membership_id)
        exit_money.book_exit_money(session, world.treasurer, **pays)
        assert turn.settled_at is not None
        with pytest.raises(Refused):
            exit_money.book_exit_money(session, world.treasurer, **pays)
        with pytest.raises(Forbidden):
            exit_money.book_exit_money(session, world.acting(Role.SECRETARY), **pays)


def holds(world: World, session: Any, number: int, cents: int = 5_000) -> None:
    ledger.book_capital(
        session, None, cooperative_id=world.home, membership_id=number, cents=cents, booked_on=SINCE, now=NOW
    )


@pytest.mark.parametrize("money", [Money(goes=CapitalGoes.PAID_BACK), Money(goes=CapitalGoes.TO_SUCCESSOR, cents=100)])
def test_money_without_amount_day_or_receiver_is_refused(world: World, money: Money) -> None:
    with world.inside() as session:
        exit_id = begins(world, session, a_member(world, session))
        with pytest.raises(InvalidInput):
            leaving.set_money(session, None, cooperative_id=world.home, exit_id=exit_id, money=money, now=NOW)


def test_every_step_is_for_who_keeps_the_register(world: World) -> None:
    with world.inside() as session:
        exit_id = begins(world, session, a_member(world, session))
        here = {"cooperative_id": world.home, "exit_id": exit_id, "now": NOW}
        for role in set(Role) - {Role.SECRETARY, Role.CHAIR}:
            actor = world.acting(role)
            for step in (
                lambda actor=actor: leaving.set_day(session, actor, ends_on=LAST, **here),
                lambda actor=actor: leaving.answer_blockers(session, actor, answered=frozenset(), **here),
                lambda actor=actor: leaving.set_money(session, actor, money=Money(goes=CapitalGoes.NOTHING), **here),
                lambda actor=actor: leaving.set_contract(session, actor, goes=ContractGoes.STAYS, **here),
                lambda actor=actor: leaving.complete_exit(session, actor, **here),
                lambda actor=actor: leaving.undo_exit(session, actor, why=None, **here),
            ):
                with pytest.raises(Forbidden):
                    step()


def test_an_exit_of_another_cooperative_is_not_there(world: World) -> None:
    with world.inside() as session:
        exit_id = begins(world, session, a_member(world, session))
        session.commit()
    scope = Scope(cooperative_ids=frozenset({world.neighbour}), may_write=True)
    with world.database.session(scope) as session, pytest.raises(NotFound):
        leaving.set_day(session, None, cooperative_id=world.neighbour, exit_id=exit_id, ends_on=LAST, now=NOW)


# undoing


def test_undoing_gives_the_same_standing_as_before(world: World) -> None:
    with world.inside() as session:
        number = a_member(world, session)
        before = standing(world, session, number)
        exit_id = begins(world, session, number)
        completes(world, session, exit_id)
        undoes(world, session, exit_id)

        assert standing(world, session, number) == before


def test_an_exit_is_undone_once(world: World) -> None:
    with world.inside() as session:
        exit_id = begins(world, session, a_member(world, session))
        completes(world, session, exit_id)
        undoes(world, session, exit_id)
        with pytest.raises(Refused) as refused:
            undoes(world, session, exit_id)

    assert refusal(refused) is LeavingReason.EXIT_ALREADY_UNDONE


def test_undoing_what_is_not_completed_withdraws_the_notice(world: World) -> None:
    with world.inside() as session:
        number = a_member(world, session)
        exit_id = begins(world, session, number)
        undoes(world, session, exit_id)
        kinds = [
            one.kind
            for one in memberships.read_events(session, cooperative_id=world.home, membership_id=number)
        ]  # fmt: skip

        assert kinds[-1] is EventKind.NOTICE_WITHDRAWN
        assert standing(world, session, number).notice_on is None


@pytest.mark.parametrize(
    "elsewhere",
    [
        NewEvent(kind=EventKind.ENDED, valid_from=TODAY, end_reason=EndReason.DEATH),
        NewEvent(kind=EventKind.NOTICE_WITHDRAWN, valid_from=TODAY),
    ],
    ids=["ended", "withdrawn"],
)
def test_an_exit_that_was_overtaken_elsewhere_can_still_be_given_up(world: World, elsewhere: NewEvent) -> None:
    with world.inside() as session:
        number = a_member(world, session)
        exit_id = begins(world, session, number)
        memberships.add_event(
            session, None, cooperative_id=world.home, membership_id=number, new=elsewhere, now=NOW
        )  # fmt: skip
        before = standing(world, session, number)
        undoes(world, session, exit_id)

        assert standing(world, session, number) == before
        assert exit_reading.count_open(session, cooperative_id=world.home) == 0


def test_after_an_undone_exit_another_one_can_begin(world: World) -> None:
    with world.inside() as session:
        number = a_member(world, session)
        exit_id = begins(world, session, number)
        completes(world, session, exit_id)
        undoes(world, session, exit_id)
        completes(world, session, begins(world, session, number))

        assert not standing(world, session, number).is_member


def test_what_rests_on_an_exit_keeps_it_from_being_undone(world: World) -> None:
    with world.inside() as session:
        number = a_member(world, session)
        exit_id = begins(world, session, number)
        completes(world, session, exit_id)
        new = NewEvent(kind=EventKind.READMITTED, valid_from=LAST + timedelta(days=9), class_code="tenant")
        memberships.add_event(session, None, cooperative_id=world.home, membership_id=number, new=new, now=NOW)
        with pytest.raises(Refused) as refused:
            undoes(world, session, exit_id)

    assert refusal(refused) is LeavingReason.EXIT_LATER_EVENTS


# handing over


def hands_over(world: World, session: Any, seller: int, buyer: int | None) -> int:
    return begins(
        world, session, seller, cause=EndReason.TRANSFER, successor_membership_id=buyer, successor_class="business"
    )  # fmt: skip


def a_buyer(world: World, session: Any, name: str = "Bram") -> int | None:
    successor = Successor(facts=replace(FACTS, name=name))
    return transfers.find_or_record(session, None, cooperative_id=world.home, successor=successor, on=LAST, now=NOW)


def test_handing_over_ends_on_one_side_and_begins_on_the_other_the_same_day(world: World) -> None:
    with world.inside() as session:
        seller, buyer = a_member(world, session), a_buyer(world, session)
        assert buyer is not None
        completes(world, session, hands_over(world, session, seller, buyer))
        left, came = standing(world, session, seller), standing(world, session, buyer)
        numbers = session.scalars(sa.select(Membership.number).order_by(Membership.number)).all()

    assert (left.status, left.periods[-1].end_reason, left.since) == (Status.FORMER, EndReason.TRANSFER, LAST)
    assert (came.status, came.class_code, came.member_since) == (Status.MEMBER, "business", LAST)
    assert numbers == [1, 2]


def test_undoing_a_handing_over_restores_both_sides(world: World) -> None:
    with world.inside() as session:
        seller, buyer = a_member(world, session), a_buyer(world, session)
        assert buyer is not None
        before = [standing(world, session, one) for one in (seller, buyer)]
        exit_id = hands_over(world, session, seller, buyer)
        completes(world, session, exit_id)
        undoes(world, session, exit_id)

        assert [standing(world, session, one) for one in (seller, buyer)] == before


def test_who_was_a_member_before_comes_back_under_the_own_number(world: World) -> None:
    with world.inside() as session:
        seller, buyer = a_member(world, session), a_member(world, session, "Bram")
        new = NewEvent(kind=EventKind.ENDED, valid_from=TODAY, end_reason=EndReason.RESIGNATION)
        memberships.add_event(session, None, cooperative_id=world.home, membership_id=buyer, new=new, now=NOW)
        completes(world, session, hands_over(world, session, seller, buyer))

        assert len(standing(world, session, buyer).periods) == 2
        assert session.get_one(Membership, (world.home, buyer)).number == 2


def test_who_is_a_member_already_stays_so_without_a_second_admission(world: World) -> None:
    with world.inside() as session:
        seller, buyer = a_member(world, session), a_member(world, session, "Bram")
        before = standing(world, session, buyer)
        completes(world, session, hands_over(world, session, seller, buyer))

        assert standing(world, session, buyer) == before


def test_nobody_takes_over_from_oneself_or_under_an_unknown_number(world: World) -> None:
    with world.inside() as session:
        seller = a_member(world, session)
        unknown = transfers.find_or_record(
            session, None, cooperative_id=world.home, successor=Successor(number=99), on=LAST, now=NOW
        )
        for buyer in (unknown, seller):
            with pytest.raises(InvalidInput) as refused:
                hands_over(world, session, seller, buyer)
            assert [problem.key for problem in refused.value.problems] == ["successor"]


def test_taking_over_is_in_the_way_of_leaving_oneself(world: World) -> None:
    with world.inside() as session:
        seller, buyer = a_member(world, session), a_member(world, session, "Bram")
        hands_over(world, session, seller, buyer)

        assert codes(world, session, begins(world, session, buyer)) == [BlockerCode.OTHER_CASE_RUNNING]


# reading


def test_open_exits_stand_first_in_the_list(world: World) -> None:
    with world.inside() as session:
        completes(world, session, begins(world, session, a_member(world, session, "Anna")))
        begins(world, session, a_member(world, session, "Bram"))
        found = exit_reading.read_exits(session, world.acting(Role.SECRETARY), cooperative_id=world.home)

    assert [(one.name, one.state) for one in found] == [("Bram", ExitState.OPEN), ("Anna", ExitState.COMPLETED)]


def test_the_list_costs_as_many_queries_however_many_exits_there_are(world: World) -> None:
    def cost() -> int:
        with counted_queries(world.database) as queries, world.reading() as session:
            exit_reading.read_exits(session, world.acting(Role.SECRETARY), cooperative_id=world.home)
        return len(queries)

    costs = []
    for names in (("Anna",), ("Bram", "Carla", "Daan")):
        with world.inside() as session:
            for name in names:
                begins(world, session, a_member(world, session, name))
            session.commit()
        costs.append(cost())

    assert costs[0] == costs[1]


def test_promises_of_a_line_that_was_merged_are_heard_as_well(world: World) -> None:
    with world.inside() as session:
        gone, kept = a_member(world, session, "P. Petra"), a_member(world, session, "Petra")
        promises(world, session, gone)
        parties_ = [session.get_one(Membership, (world.home, one)).party_id for one in (gone, kept)]
        session.get_one(Party, (world.home, parties_[0])).merged_into_id = parties_[1]
        session.flush()

        assert codes(world, session, begins(world, session, kept)) == [BlockerCode.ARREARS_PLAN]


def test_capital_that_stayed_on_a_merged_line_is_in_the_way_as_well(world: World) -> None:
    with world.inside() as session:
        gone, kept = a_member(world, session, "P. Petra"), a_member(world, session, "Petra")
        ledger.book_capital(
            session, None, cooperative_id=world.home, membership_id=gone, cents=5000, booked_on=TODAY, now=NOW
        )
        parties_ = [session.get_one(Membership, (world.home, one)).party_id for one in (gone, kept)]
        session.get_one(Party, (world.home, parties_[0])).merged_into_id = parties_[1]
        session.flush()

        assert codes(world, session, begins(world, session, kept)) == [BlockerCode.CAPITAL]


def test_the_list_of_exits_is_for_who_sees_the_register(world: World) -> None:
    with world.inside() as session, pytest.raises(Forbidden):
        exit_reading.read_exits(session, world.acting(Role.MEMBER), cooperative_id=world.home)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cause=st.sampled_from(EndReason), received=st.integers(0, 300), ends=st.integers(0, 300), complete=st.booleans())
def test_whatever_the_exit_undoing_it_gives_back_what_was(
    sqlite_database: Database, cause: EndReason, received: int, ends: int, complete: bool
) -> None:
    from tests.support.databases import furnishing
    from tests.support.factories import a_cooperative

    with furnishing(sqlite_database) as session:
        home = a_cooperative(session).id
        world = World(database=sqlite_database, home=home, neighbour=0, treasurer=None, outsider=0)  # type: ignore[arg-type]
        kind = PartyKind.ORGANISATION if cause is EndReason.DISSOLUTION else PartyKind.PERSON
        seller, buyer = a_member(world, session, kind=kind), a_buyer(world, session)
        assert buyer is not None
        days = [TODAY + timedelta(days=one) for one in (-5, 0, 40, 700)]

        def seen() -> list[Standing]:
            return [standing(world, session, one, day) for one in (seller, buyer) for day in days]

        before = seen()
        day = TODAY - timedelta(days=received)
        exit_id = begins(
            world, session, seller, cause=cause, received_on=day, ends_on=day + timedelta(days=ends),
            decision="ALV-2026-1", successor_membership_id=buyer if cause is EndReason.TRANSFER else None,
        )  # fmt: skip
        if complete:
            decided(world, session, exit_id)
            leaving.complete_exit(session, None, cooperative_id=home, exit_id=exit_id, now=NOW)
        undoes(world, session, exit_id)
        after = seen()

    if complete:
        assert after == before
    else:
        assert [one.status for one in after] == [one.status for one in before]
