"""What other parts of the register keep stands in the way of leaving, goes along, and is put back."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from ecoop.errors import InvalidInput, Refused
from ecoop.governance.heat_supply import ContractStep
from ecoop.governance.holdings import EntryKind, LedgerAccount, holdings_on
from ecoop.governance.leaving import BlockerCode, CapitalGoes, ContractGoes, LeavingReason, NoticeBy
from ecoop.governance.membership import EndReason
from ecoop.governance.offices import Body, Office
from ecoop.governance.representation import Acting, Matter
from ecoop.governance.statutes import PartyKind
from ecoop.governance.tenures import TenureKind
from ecoop.models import Membership
from ecoop.services import (
    contributions,
    exit_money,
    giving_notice,
    heat_contracts,
    leaving,
    ledger,
    offices,
    representations,
    tenures,
)
from ecoop.services.giving_notice import NewExit
from ecoop.services.heat_contracts import NewContract
from ecoop.services.leaving import Money
from ecoop.services.ledger import NewEntry
from ecoop.services.offices import NewDecision
from tests.services.conftest import World
from tests.services.dwellings import SINCE, Street, street
from tests.support.factories import NOW, TODAY
from tests.support.money import a_mandate

__all__ = ["street"]

LAST = TODAY - timedelta(days=1)
NOTHING = Money(goes=CapitalGoes.NOTHING)


def begins(world: World, session: Any, number: int, **given: Any) -> int:
    values = {"cause": EndReason.RESIGNATION, "given_by": NoticeBy.MEMBER, "received_on": TODAY - timedelta(days=9),
              "ends_on": TODAY + timedelta(days=30)} | given  # fmt: skip
    return giving_notice.start_exit(
        session, None, cooperative_id=world.home, membership_id=number, new=NewExit(**values), now=NOW
    )


def found(world: World, session: Any, exit_id: int) -> list[tuple[BlockerCode, str, int | None]]:
    seen = leaving.weighed(session, cooperative_id=world.home, exit_id=exit_id, day=TODAY)
    return [(one.blocker.code, one.blocker.name, one.blocker.amount_cents) for one in seen]


def completes(world: World, session: Any, exit_id: int, contract: ContractGoes, money: Money = NOTHING) -> None:
    here = {"cooperative_id": world.home, "exit_id": exit_id, "now": NOW}
    names = frozenset(
        leaving.name_of(one) for one in leaving.weighed(session, cooperative_id=world.home, exit_id=exit_id, day=TODAY)
    )
    leaving.answer_blockers(session, None, answered=names, **here)
    leaving.set_money(session, None, money=money, **here)
    leaving.set_contract(session, None, goes=contract, **here)
    leaving.complete_exit(session, None, **here)


def undoes(world: World, session: Any, exit_id: int) -> None:
    leaving.undo_exit(
        session, None, cooperative_id=world.home, exit_id=exit_id, why="Toch niet", now=NOW + timedelta(hours=1)
    )


def signs(street: Street, session: Any, dwelling: int, party: int) -> int:
    new = NewContract(dwelling_id=dwelling, holder_id=party, version="2024-1")
    return heat_contracts.open_contract(
        session, None, cooperative_id=street.world.home, new=new, step=ContractStep.SIGNED, valid_from=SINCE, now=NOW
    )


def states(street: Street, session: Any, party: int, day: date = TODAY) -> list[ContractStep | None]:
    seen = heat_contracts.contracts_of(session, cooperative_id=street.world.home, party_id=party, day=day)
    return [one.state for one in seen]


def holders(street: Street, session: Any, dwelling: int, day: date) -> list[int]:
    seen = tenures.tenures_of_dwelling(session, cooperative_id=street.world.home, dwelling_id=dwelling, day=day)
    return [one.party_id for one in seen]


# what is found


def test_money_mandates_and_collections_stand_in_the_way(street: Street) -> None:
    world = street.world
    with world.inside() as session:
        number = street.member(session, street.party(session, "Anna"))
        a_mandate(session, world.home, number, 1)
        contributions.charge_contribution(
            session, None, cooperative_id=world.home, class_code="tenant", year=2026, cents=2000, booked_on=TODAY,
            now=NOW,
        )  # fmt: skip
        entries = [
            NewEntry(membership_id=number, account=LedgerAccount.CAPITAL, kind=EntryKind.RECEIVED, cents=5000,
                     booked_on=SINCE),
            NewEntry(membership_id=number, account=LedgerAccount.LOAN, kind=EntryKind.RECEIVED, cents=70_000,
                     booked_on=SINCE, tranche="3"),
            NewEntry(membership_id=number, account=LedgerAccount.LOAN, kind=EntryKind.PROMISED, cents=90_000,
                     booked_on=SINCE, tranche="4"),
        ]  # fmt: skip
        ledger.book_entries(session, None, cooperative_id=world.home, new=entries, now=NOW)
        seen = [(code, amount) for code, _name, amount in found(world, session, begins(world, session, number))]

    assert seen == [
        (BlockerCode.OPEN_CHARGES, 2000),
        (BlockerCode.LOAN, 70_000),
        (BlockerCode.CAPITAL, 5000),
        (BlockerCode.TRANCHE_PLEDGE, 90_000),
        (BlockerCode.MANDATE, None),
    ]


def test_an_office_and_representing_stand_in_the_way_by_name(street: Street) -> None:
    world = street.world
    with world.inside() as session:
        anna = street.party(session, "Anna")
        number = street.member(session, anna)
        company = street.party(session, "Bakkerij", PartyKind.ORGANISATION)
        new = NewDecision(body=Body.GENERAL_MEETING, decided_on=SINCE, subject="Benoeming")
        decision = offices.record_decision(session, None, cooperative_id=world.home, new=new, now=NOW)
        offices.appoint(
            session, None, cooperative_id=world.home, party_id=anna, office=Office.SECRETARY, starts_on=SINCE,
            ends_on=None, decision_id=decision, now=NOW,
        )  # fmt: skip
        for matter in (Matter.VOTE, Matter.MAIL):
            acting = Acting(represented_id=company, representative_id=anna, matter=matter, valid_from=SINCE)
            representations.record_representation(
                session, None, cooperative_id=world.home, new=acting, proof="Uittreksel", now=NOW
            )
        seen = found(world, session, begins(world, session, number))

    assert seen == [(BlockerCode.OFFICE, "secretary", None), (BlockerCode.REPRESENTS, "Bakkerij", None)]


def test_an_office_that_ends_by_then_is_in_nobodys_way(street: Street) -> None:
    world = street.world
    with world.inside() as session:
        anna = street.party(session, "Anna")
        number = street.member(session, anna)
        new = NewDecision(body=Body.GENERAL_MEETING, decided_on=SINCE, subject="Benoeming")
        decision = offices.record_decision(session, None, cooperative_id=world.home, new=new, now=NOW)
        offices.appoint(
            session, None, cooperative_id=world.home, party_id=anna, office=Office.CHAIR, starts_on=SINCE,
            ends_on=TODAY + timedelta(days=30), decision_id=decision, now=NOW,
        )  # fmt: skip

        assert found(world, session, begins(world, session, number)) == []


def test_contract_and_dwelling_stand_in_the_way_unless_somebody_else_is_there(street: Street) -> None:
    world = street.world
    with world.inside() as session:
        anna, bram = street.party(session, "Anna"), street.party(session, "Bram")
        number, other = street.member(session, anna), street.member(session, bram)
        dwelling = street.dwelling(session, "1")
        street.tenure(session, dwelling, anna, TenureKind.OWNER)
        signs(street, session, dwelling, anna)
        alone = [code for code, _name, _cents in found(world, session, begins(world, session, number))]
        street.tenure(session, dwelling, bram, TenureKind.OWNER)
        seen = [code for code, _name, _cents in found(world, session, begins(world, session, other))]

    assert alone == [BlockerCode.HEAT_CONTRACT, BlockerCode.ONLY_CONTRACT, BlockerCode.LAST_OF_DWELLING]
    assert seen == []


# what goes along, and comes back


def hands_over(street: Street, session: Any, money: Money = NOTHING) -> tuple[int, int, int, int]:
    """Anna hands her dwelling over to Bram: the exit, the dwelling and both parties."""
    world = street.world
    anna, bram = street.party(session, "Anna"), street.party(session, "Bram")
    seller, buyer = street.member(session, anna), street.member(session, bram)
    dwelling = street.dwelling(session, "1")
    street.tenure(session, dwelling, anna, TenureKind.OWNER)
    signs(street, session, dwelling, anna)
    if money.cents:
        ledger.book_capital(
            session, None, cooperative_id=world.home, membership_id=seller, cents=5000, booked_on=SINCE, now=NOW
        )
    exit_id = begins(
        world, session, seller, cause=EndReason.TRANSFER, ends_on=LAST, successor_membership_id=buyer,
        dwelling_id=dwelling,
    )  # fmt: skip
    completes(world, session, exit_id, ContractGoes.TO_SUCCESSOR, money)
    return exit_id, dwelling, anna, bram


def test_dwelling_and_contract_go_along_on_the_same_day(street: Street) -> None:
    with street.world.inside() as session:
        _exit, dwelling, anna, bram = hands_over(street, session)

        assert holders(street, session, dwelling, LAST - timedelta(days=1)) == [anna]
        assert holders(street, session, dwelling, LAST) == [bram]
        assert states(street, session, anna) == [ContractStep.HANDED_OVER]
        assert states(street, session, bram) == [ContractStep.OFFERED]


def test_undoing_puts_dwelling_and_contract_back_on_both_sides(street: Street) -> None:
    with street.world.inside() as session:
        exit_id, dwelling, anna, bram = hands_over(street, session)
        undoes(street.world, session, exit_id)

        assert holders(street, session, dwelling, TODAY) == [anna]
        assert states(street, session, anna) == [ContractStep.SIGNED]
        assert states(street, session, bram) == [None]


def test_a_contract_that_was_signed_since_keeps_the_exit_from_being_undone(street: Street) -> None:
    with street.world.inside() as session:
        exit_id, _dwelling, _anna, bram = hands_over(street, session)
        (offered,) = heat_contracts.contracts_of(session, cooperative_id=street.world.home, party_id=bram, day=TODAY)
        heat_contracts.add_contract_event(
            session, None, cooperative_id=street.world.home, contract_id=offered.id, step=ContractStep.SIGNED,
            valid_from=TODAY, now=NOW,
        )  # fmt: skip
        with pytest.raises(Refused) as refused:
            undoes(street.world, session, exit_id)

    assert refused.value.reason is LeavingReason.EXIT_LATER_EVENTS


def test_a_contract_that_ends_with_the_membership_runs_on_once_undone(street: Street) -> None:
    world = street.world
    with world.inside() as session:
        anna = street.party(session, "Anna")
        number, dwelling = street.member(session, anna), street.dwelling(session, "1")
        signs(street, session, dwelling, anna)
        exit_id = begins(world, session, number, ends_on=LAST)
        completes(world, session, exit_id, ContractGoes.ENDS)
        assert states(street, session, anna) == [ContractStep.ENDED]

        undoes(world, session, exit_id)
        assert states(street, session, anna) == [ContractStep.SIGNED]


def test_nobody_says_there_is_no_contract_where_there_is_one(street: Street) -> None:
    world = street.world
    with world.inside() as session:
        anna = street.party(session, "Anna")
        number, dwelling = street.member(session, anna), street.dwelling(session, "1")
        signs(street, session, dwelling, anna)
        with pytest.raises(InvalidInput):
            completes(world, session, begins(world, session, number), ContractGoes.NO_CONTRACT)


def held(world: World, session: Any) -> list[int]:
    """The capital of every member, in order of number."""
    numbers = session.scalars(sa.select(Membership.id).order_by(Membership.number)).all()
    places = holdings_on(ledger.read_entries(session, cooperative_id=world.home), TODAY)
    return [sum(cents for place, cents in places.items() if place.membership_id == one) for one in numbers]


def books(world: World, session: Any, exit_id: int) -> None:
    exit_money.book_exit_money(
        session, world.treasurer, cooperative_id=world.home, exit_id=exit_id, booked_on=TODAY, now=NOW
    )


def test_capital_goes_along_once_the_treasurer_books_it_and_comes_back(street: Street) -> None:
    world = street.world
    with world.inside() as session:
        exit_id, *_rest = hands_over(street, session, money=Money(goes=CapitalGoes.TO_SUCCESSOR, cents=5000))
        assert held(world, session) == [5000, 0]
        books(world, session, exit_id)
        assert held(world, session) == [0, 5000]

        undoes(world, session, exit_id)
        assert held(world, session) == [5000, 0]


def test_capital_that_was_paid_back_keeps_the_exit_from_being_undone(street: Street) -> None:
    world = street.world
    with world.inside() as session:
        number = street.member(session, street.party(session, "Anna"))
        ledger.book_capital(
            session, None, cooperative_id=world.home, membership_id=number, cents=5000, booked_on=SINCE, now=NOW
        )
        exit_id = begins(world, session, number, ends_on=LAST)
        money = Money(goes=CapitalGoes.PAID_BACK, cents=5000, on=TODAY)
        completes(world, session, exit_id, ContractGoes.NO_CONTRACT, money)
        books(world, session, exit_id)
        assert held(world, session) == [0]
        with pytest.raises(Refused) as refused:
            undoes(world, session, exit_id)
    assert refused.value.reason is LeavingReason.EXIT_MONEY_PAID
