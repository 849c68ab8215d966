"""Connections, contracts and moving: each with states of its own, and one able to exist without the other."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from ecoop.errors import Forbidden, InvalidInput, Refused
from ecoop.governance.heat_supply import ConnectionStep, ContractStep
from ecoop.governance.roles import Role
from ecoop.governance.tenures import TenureKind
from ecoop.models import ConnectionEvent, HeatContract
from ecoop.services import dwelling_stock, heat_contracts, moves, tenures
from ecoop.services.dwelling_stock import Stock
from ecoop.services.heat_contracts import NewContract
from ecoop.services.moves import ContractFate, Move
from tests.services.dwellings import SINCE, Street, street
from tests.support.factories import NOW, TODAY

__all__ = ["street"]

MOVED = date(2025, 7, 1)


def sign(street: Street, session: Any, dwelling: int, holder: int, **given: Any) -> int:
    values = {"step": ContractStep.SIGNED, "valid_from": SINCE} | given
    new = NewContract(dwelling_id=dwelling, holder_id=holder, version="2024-1")
    return heat_contracts.open_contract(session, None, cooperative_id=street.world.home, new=new, now=NOW, **values)


def happens(street: Street, session: Any, contract: int, step: ContractStep, day: date = TODAY, **given: Any) -> int:
    return heat_contracts.add_contract_event(
        session, None, cooperative_id=street.world.home, contract_id=contract, step=step, valid_from=day, now=NOW,
        **given,
    )  # fmt: skip


def states(street: Street, session: Any, dwelling: int, day: date = TODAY) -> list[ContractStep | None]:
    found = heat_contracts.contracts_of_dwelling(
        session, cooperative_id=street.world.home, dwelling_id=dwelling, day=day
    )
    return [one.state for one in found]


def test_a_connection_begins_with_its_first_event(street: Street) -> None:
    with street.world.inside() as session:
        home = street.dwelling(session, "1")
        shared = {"cooperative_id": street.world.home, "dwelling_id": home, "now": NOW}
        for step, day in ((ConnectionStep.PLANNED, SINCE), (ConnectionStep.LAID, MOVED)):
            heat_contracts.add_connection_event(session, None, step=step, valid_from=day, **shared)  # type: ignore[arg-type]
        with pytest.raises(InvalidInput):
            heat_contracts.add_connection_event(
                session,
                None,
                step=ConnectionStep.INTERRUPTED,
                valid_from=TODAY,
                **shared,  # type: ignore[arg-type]
            )


def test_events_of_a_connection_cannot_be_changed(street: Street) -> None:
    with street.world.inside() as session:
        home = street.dwelling(session, "1")
        heat_contracts.add_connection_event(
            session, None, cooperative_id=street.world.home, dwelling_id=home, step=ConnectionStep.PLANNED,
            valid_from=SINCE, now=NOW,
        )  # fmt: skip
        session.scalars(sa.select(ConnectionEvent)).one().valid_from = TODAY
        with pytest.raises(sa.exc.DBAPIError, match="only grows"):
            session.flush()


def test_somebody_who_is_no_member_can_hold_a_contract(street: Street) -> None:
    with street.world.inside() as session:
        home, holder = street.dwelling(session, "1"), street.party(session, "A")
        sign(street, session, home, holder)
        (found,) = heat_contracts.contracts_of(session, cooperative_id=street.world.home, party_id=holder, day=TODAY)

    assert (found.state, found.address, found.since) == (ContractStep.SIGNED, "Kade 1", SINCE)


def test_a_second_contract_is_signed_once_notice_of_the_first_was_given(street: Street) -> None:
    with street.world.inside() as session:
        home, holder, next_one = street.dwelling(session, "1"), street.party(session, "A"), street.party(session, "B")
        first = sign(street, session, home, holder)
        with pytest.raises(InvalidInput):
            sign(street, session, home, next_one, valid_from=MOVED)
        happens(street, session, first, ContractStep.NOTICE, MOVED)
        sign(street, session, home, next_one, valid_from=MOVED)

        assert states(street, session, home) == [ContractStep.NOTICE, ContractStep.SIGNED]


def test_a_contract_needs_a_version_and_a_known_holder(street: Street) -> None:
    with street.world.inside() as session:
        new = NewContract(dwelling_id=street.dwelling(session, "1"), holder_id=4711, version=" ")
        with pytest.raises(InvalidInput) as refused:
            heat_contracts.open_contract(
                session, None, cooperative_id=street.world.home, new=new, valid_from=SINCE, now=NOW
            )

    assert {problem.key for problem in refused.value.problems} == {"version", "holder_id"}


@pytest.mark.parametrize("role", [Role.TREASURER, Role.AUDIT_COMMITTEE, Role.BUILDING_AMBASSADOR, Role.LANDLORD])
def test_contracts_are_written_by_who_keeps_the_register(street: Street, role: Role) -> None:
    with street.world.inside() as session:
        contract = sign(street, session, street.dwelling(session, "1"), street.party(session, "A"))
        with pytest.raises(Forbidden):
            heat_contracts.add_contract_event(
                session, street.acting(role), cooperative_id=street.world.home, contract_id=contract,
                step=ContractStep.NOTICE, valid_from=TODAY, now=NOW,
            )  # fmt: skip


def test_many_are_brought_in_at_once_or_none(street: Street) -> None:
    with street.world.inside() as session:
        homes, holder = [street.dwelling(session, number) for number in "123"], street.party(session, "A")
        good = Stock(
            dwelling_id=homes[0], connection=((ConnectionStep.PLANNED, SINCE), (ConnectionStep.LAID, MOVED)),
            contract=NewContract(dwelling_id=homes[0], holder_id=holder, version="2024-1"),
            steps=((ContractStep.OFFERED, SINCE), (ContractStep.SIGNED, MOVED)),
        )  # fmt: skip
        wrong = Stock(dwelling_id=homes[1], connection=((ConnectionStep.DELIVERING, SINCE),))
        shared = {"cooperative_id": street.world.home, "now": NOW}
        with pytest.raises(InvalidInput) as refused:
            dwelling_stock.add_stock(session, None, stock=(good, wrong), **shared)  # type: ignore[arg-type]
        assert session.scalar(sa.select(sa.func.count()).select_from(HeatContract)) == 0
        dwelling_stock.add_stock(session, None, stock=(good,), **shared)  # type: ignore[arg-type]
        found = states(street, session, homes[0])

    assert [problem.key for problem in refused.value.problems] == ["1.connection"]
    assert found == [ContractStep.SIGNED]


# moving


def moved(street: Street, session: Any, dwelling: int, incoming: int | None, **given: Any) -> Any:
    moving = Move(
        **({"dwelling_id": dwelling, "kind": TenureKind.TENANT, "day": MOVED, "incoming_id": incoming} | given)
    )
    return moves.move(session, None, cooperative_id=street.world.home, moving=moving, now=NOW + timedelta(days=1))


def residents(street: Street, session: Any, dwelling: int, day: date) -> list[int]:
    found = tenures.tenures_of_dwelling(session, cooperative_id=street.world.home, dwelling_id=dwelling, day=day)
    return [one.party_id for one in found]


def test_moving_is_one_act_for_who_goes_and_who_comes(street: Street) -> None:
    with street.world.inside() as session:
        home, old, new = street.dwelling(session, "1"), street.party(session, "A"), street.party(session, "B")
        street.tenure(session, home, old, TenureKind.TENANT)
        moved(street, session, home, new)

        assert residents(street, session, home, MOVED - timedelta(days=1)) == [old]
        assert residents(street, session, home, MOVED) == [new]


def test_a_contract_that_is_handed_over_is_offered_to_who_comes(street: Street) -> None:
    with street.world.inside() as session:
        home, old, new = street.dwelling(session, "1"), street.party(session, "A"), street.party(session, "B")
        street.tenure(session, home, old, TenureKind.TENANT)
        contract = sign(street, session, home, old)
        done = moved(street, session, home, new, fate=ContractFate.HAND_OVER)
        (offered,) = heat_contracts.contracts_of(session, cooperative_id=street.world.home, party_id=new, day=MOVED)
        follows = session.get_one(HeatContract, (street.world.home, offered.id)).follows_id

        assert states(street, session, home) == [ContractStep.HANDED_OVER, ContractStep.OFFERED]
        assert (done.contract_ids, follows, done.left_ids) == ((contract,), contract, (old,))


def test_the_contract_of_the_owner_stays_when_a_tenant_moves(street: Street) -> None:
    with street.world.inside() as session:
        home, owner, tenant = street.dwelling(session, "1"), street.party(session, "A"), street.party(session, "B")
        street.tenure(session, home, owner, TenureKind.LANDLORD)
        street.tenure(session, home, tenant, TenureKind.TENANT)
        sign(street, session, home, owner)
        moved(street, session, home, None, fate=ContractFate.END)

        assert states(street, session, home) == [ContractStep.SIGNED]


def test_a_move_of_nobody_is_refused(street: Street) -> None:
    with street.world.inside() as session, pytest.raises(Refused):
        moved(street, session, street.dwelling(session, "1"), None)


def test_nobody_takes_over_a_contract_without_coming(street: Street) -> None:
    with street.world.inside() as session:
        home, old = street.dwelling(session, "1"), street.party(session, "A")
        street.tenure(session, home, old, TenureKind.TENANT)
        with pytest.raises(InvalidInput) as refused:
            moved(street, session, home, None, fate=ContractFate.HAND_OVER)
        with pytest.raises(InvalidInput):
            moved(street, session, home, old)

    assert [problem.key for problem in refused.value.problems] == ["fate"]


def test_everybody_who_owns_it_leaves_together(street: Street) -> None:
    with street.world.inside() as session:
        home, new = street.dwelling(session, "1"), street.party(session, "C")
        owners = [street.party(session, name) for name in "AB"]
        for one in owners:
            street.tenure(session, home, one, TenureKind.OWNER)
        done = moved(street, session, home, new, kind=TenureKind.OWNER)

        assert sorted(done.left_ids) == sorted(owners)
        assert residents(street, session, home, MOVED) == [new]
