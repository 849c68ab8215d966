"""The dwelling view: who owns, rents, is a member and signed, counted per unit, and told to who may see it."""

from datetime import date, timedelta
from typing import Any

import pytest

from ecoop.errors import Forbidden, NotFound
from ecoop.governance.heat_supply import ConnectionStep, ContractStep
from ecoop.governance.membership import EndReason, EventKind
from ecoop.governance.roles import Actor, HeldRole, Role
from ecoop.governance.statutes import PartyKind
from ecoop.governance.tenures import DwellingKind, Occupancy, TenureKind
from ecoop.services import building_counts, building_views, dwelling_views, dwellings, heat_contracts, memberships
from ecoop.services.building_views import BuildingFacts
from ecoop.services.heat_contracts import NewContract
from ecoop.services.memberships import NewEvent
from tests.services.dwellings import SINCE, Street, street
from tests.support.factories import LONG_AGO, NOW, TODAY
from tests.support.queries import counted_queries

__all__ = ["street"]

ROLES_THAT_SEE = {Role.CHAIR, Role.BOARD_MEMBER, Role.TREASURER, Role.SECRETARY, Role.AUDIT_COMMITTEE,
                  Role.BUILDING_AMBASSADOR, Role.VVE_REPRESENTATIVE, Role.LANDLORD}  # fmt: skip
ROLES_THAT_SEE_NAMES = ROLES_THAT_SEE - {Role.VVE_REPRESENTATIVE, Role.LANDLORD}


def furnished(street: Street, session: Any) -> dict[str, int]:
    """A rented dwelling whose tenant is a member, one of an owner who signed, and a business unit nobody has."""
    ids = {
        "rented": street.dwelling(session, "9", equivalent_thousandths=1_000),
        "owned": street.dwelling(session, "10", equivalent_thousandths=1_200),
        "shop": street.dwelling(session, "11", kind=DwellingKind.BUSINESS_UNIT),
        "corporation": street.party(session, "Wooncorporatie", PartyKind.CORPORATION),
        "tenant": street.party(session, "Tina Huurt"),
        "owner": street.party(session, "Otto Bezit"),
    }
    street.tenure(session, ids["rented"], ids["corporation"], TenureKind.LANDLORD)
    street.tenure(session, ids["rented"], ids["tenant"], TenureKind.TENANT)
    street.tenure(session, ids["owned"], ids["owner"], TenureKind.OWNER)
    ids["membership"] = street.member(session, ids["tenant"])
    new = NewContract(dwelling_id=ids["owned"], holder_id=ids["owner"], version="2024-1")
    ids["contract"] = heat_contracts.open_contract(
        session, None, cooperative_id=street.world.home, new=new, step=ContractStep.SIGNED, valid_from=SINCE, now=NOW
    )
    for step in (ConnectionStep.LAID, ConnectionStep.DELIVERING):
        connect(street, session, ids["owned"], step)
    session.commit()
    return ids


def connect(street: Street, session: Any, dwelling: int, step: ConnectionStep, **given: Any) -> int:
    return heat_contracts.add_connection_event(
        session, None, cooperative_id=street.world.home, dwelling_id=dwelling, step=step, valid_from=SINCE, now=NOW,
        **given,
    )  # fmt: skip


def seen(street: Street, role: Role, day: date = TODAY, **given: Any) -> BuildingFacts:
    with street.world.reading() as session:
        return building_views.read_building_view(
            session, street.acting(role, **given), cooperative_id=street.world.home, building_id=street.building,
            day=day,
        )  # fmt: skip


def test_a_building_counts_what_is_there_per_unit(street: Street) -> None:
    with street.world.inside() as session:
        furnished(street, session)

    found = seen(street, Role.SECRETARY)

    (unit,) = found.units
    counts = unit.counts
    assert counts == found.counts
    assert (counts.dwellings, counts.business_units, counts.equivalent_thousandths) == (2, 1, None)
    assert (counts.rented, counts.owner_occupied, counts.with_member, counts.members) == (1, 1, 1, 1)
    assert (counts.signed, counts.connected, counts.delivering) == (1, 1, 1)


def test_equivalents_are_summed_where_all_are_counted(street: Street) -> None:
    with street.world.inside() as session:
        street.dwelling(session, "1", equivalent_thousandths=1_000)
        street.dwelling(session, "2", equivalent_thousandths=1_200)
        session.commit()

    assert seen(street, Role.SECRETARY).counts.equivalent_thousandths == 2_200


def test_the_contract_is_the_owners_and_the_vote_the_members_both_on_one_page(street: Street) -> None:
    """Trap 9: the owner is not the cooperator."""
    with street.world.inside() as session:
        ids = furnished(street, session)
        new = NewContract(dwelling_id=ids["rented"], holder_id=ids["corporation"], version="1", through_landlord=True)
        heat_contracts.open_contract(
            session, None, cooperative_id=street.world.home, new=new, step=ContractStep.SIGNED, valid_from=SINCE,
            now=NOW,
        )  # fmt: skip
        session.commit()
    with street.world.reading() as session:
        found = dwelling_views.read_dwelling(
            session, street.acting(Role.SECRETARY), cooperative_id=street.world.home, dwelling_id=ids["rented"],
            day=TODAY,
        )  # fmt: skip

    members = [one.name for one in found.holders if one.membership_id is not None]
    assert members == ["Tina Huurt"]
    assert [one.holder for one in found.contracts] == ["Wooncorporatie"]


def test_dwellings_stand_in_the_order_of_their_numbers(street: Street) -> None:
    with street.world.inside() as session:
        furnished(street, session)

    lines = seen(street, Role.SECRETARY).lines
    assert [line.address for line in lines] == ["Kade 9", "Kade 10", "Kade 11"]
    assert [line.occupancy for line in lines] == [Occupancy.RENTED, Occupancy.OWNER_OCCUPIED, Occupancy.UNKNOWN]


@pytest.mark.parametrize("role", list(Role))
def test_who_sees_a_building_and_whose_names(street: Street, role: Role) -> None:
    with street.world.inside() as session:
        furnished(street, session)

    if role not in ROLES_THAT_SEE:
        with pytest.raises(NotFound):
            seen(street, role)
        return
    lines = seen(street, role).lines
    names = {holder.name for line in lines for holder in line.holders}
    assert names == ({"Wooncorporatie"} | ({"Tina Huurt", "Otto Bezit"} if role in ROLES_THAT_SEE_NAMES else set()))
    assert [line.has_member for line in lines] == ([True, False, False] if role in ROLES_THAT_SEE_NAMES else [None] * 3)
    assert [line.contract for line in lines] == [None, ContractStep.SIGNED, None]


@pytest.mark.parametrize("role", [Role.BUILDING_AMBASSADOR, Role.VVE_REPRESENTATIVE, Role.LANDLORD])
def test_a_limited_role_sees_its_own_building_only(street: Street, role: Role) -> None:
    with pytest.raises(NotFound):
        seen(street, role, elsewhere=True)


@pytest.mark.parametrize("role", sorted(ROLES_THAT_SEE - ROLES_THAT_SEE_NAMES))
def test_the_page_of_a_dwelling_hides_people_from_who_may_not_see_them(street: Street, role: Role) -> None:
    with street.world.inside() as session:
        ids = furnished(street, session)
    with street.world.reading() as session:
        found = dwelling_views.read_dwelling(
            session, street.acting(role), cooperative_id=street.world.home, dwelling_id=ids["owned"], day=TODAY
        )

    assert (found.holders, [one.holder for one in found.contracts]) == ((), [None])
    assert {line.name for line in found.story} == {None}
    assert "Otto" not in repr(found)


def test_a_leaver_is_no_member_of_the_dwelling_any_more(street: Street) -> None:
    with street.world.inside() as session:
        ids = furnished(street, session)
        new = NewEvent(kind=EventKind.ENDED, valid_from=TODAY, end_reason=EndReason.RESIGNATION)
        memberships.add_event(
            session, None, cooperative_id=street.world.home, membership_id=ids["membership"], new=new, now=NOW
        )
        session.commit()

    assert seen(street, Role.SECRETARY, TODAY - timedelta(days=1)).counts.members == 1
    assert seen(street, Role.SECRETARY).counts.members == 0


def test_a_landlord_who_is_a_member_is_not_counted_in_what_it_lets(street: Street) -> None:
    with street.world.inside() as session:
        ids = furnished(street, session)
        street.member(session, ids["corporation"])
        session.commit()

    assert seen(street, Role.SECRETARY).counts.with_member == 1


def test_a_contract_that_was_taken_out_counts_no_more(street: Street) -> None:
    with street.world.inside() as session:
        ids = furnished(street, session)
        (signed,) = heat_contracts.read_contract_events(
            session, cooperative_id=street.world.home, contract_id=ids["contract"]
        )
        heat_contracts.add_contract_event(
            session, None, cooperative_id=street.world.home, contract_id=ids["contract"],
            step=ContractStep.CORRECTED, corrects_id=signed.id, valid_from=TODAY, now=NOW,
        )  # fmt: skip
        session.commit()

    found = seen(street, Role.SECRETARY)
    assert (found.counts.signed, [line.contract for line in found.lines]) == (0, [None] * 3)


def test_a_larger_building_costs_no_more_queries(street: Street) -> None:
    with street.world.inside() as session:
        furnished(street, session)
    with counted_queries(street.world.database) as few:
        seen(street, Role.SECRETARY)
    with street.world.inside() as session:
        for number in range(20, 40):
            party = street.party(session, f"Bewoner {number}")
            street.tenure(session, street.dwelling(session, str(number)), party, TenureKind.OWNER)
            street.member(session, party)
        session.commit()
    with counted_queries(street.world.database) as many:
        assert seen(street, Role.SECRETARY).counts.members == 21

    assert len(many) == len(few)


def test_buildings_are_counted_together_for_who_sees_them(street: Street) -> None:
    with street.world.inside() as session:
        furnished(street, session)
    with street.world.reading() as session:

        def counts(actor: Actor) -> set[int]:
            shared = {"cooperative_id": street.world.home, "day": TODAY}
            return set(building_counts.read_building_counts(session, actor, **shared))  # type: ignore[arg-type]

        assert counts(street.acting(Role.CHAIR)) == counts(street.acting(Role.LANDLORD)) == {street.building}
        assert counts(street.acting(Role.LANDLORD, elsewhere=True)) == set()
        with pytest.raises(Forbidden):
            counts(street.acting(Role.MEMBER))


def test_the_story_of_a_dwelling_tells_who_came_and_went_newest_first(street: Street) -> None:
    with street.world.inside() as session:
        ids = furnished(street, session)
    with street.world.reading() as session:
        found = dwelling_views.read_dwelling(
            session, street.acting(Role.BUILDING_AMBASSADOR), cooperative_id=street.world.home,
            dwelling_id=ids["owned"], day=TODAY,
        )  # fmt: skip

    told = {(line.kind.value, line.code, line.name) for line in found.story}
    assert ("tenure_began", "owner", "Otto Bezit") in told
    assert ("contract", "signed", "Otto Bezit") in told
    assert [line.day for line in found.story] == sorted((line.day for line in found.story), reverse=True)


def test_somebody_finds_the_own_dwelling_and_nobody_elses(street: Street) -> None:
    account = street.world.treasurer.account_id
    with street.world.inside() as session:
        home = street.dwelling(session, "1")
        party = street.party(session, "Petra", account_id=account)
        street.tenure(session, home, party, TenureKind.OWNER)
        street.dwelling(session, "2")
        session.commit()
    with street.world.reading() as session:
        shared: dict[str, Any] = {"cooperative_id": street.world.home, "day": TODAY}
        (mine,) = dwelling_views.read_own_dwellings(session, account_id=account, **shared)
        assert (mine.address, mine.building, mine.segment) == ("Kade 1", "Paviljoen", "flat_owner")
        assert dwelling_views.read_own_dwellings(session, party_id=party, **shared) == (mine,)
        assert dwelling_views.read_own_dwellings(session, account_id=street.world.outsider, **shared) == ()
        assert dwelling_views.read_own_dwellings(session, **shared) == ()


def test_a_dwelling_of_a_neighbour_is_not_there(street: Street) -> None:
    with street.world.inside() as session:
        home = street.dwelling(session, "1")
        session.commit()
    chair = Actor(account_id=1, name="B", roles=(HeldRole(role=Role.CHAIR, starts_on=LONG_AGO),))
    with street.world.reading(street.world.neighbour) as session, pytest.raises(NotFound):
        dwelling_views.read_dwelling(session, chair, cooperative_id=street.world.neighbour, dwelling_id=home, day=TODAY)


def test_the_association_that_covers_a_dwelling_is_told_to_all_who_see_it(street: Street) -> None:
    with street.world.inside() as session:
        home = street.dwelling(session, "1")
        vve = street.party(session, "VvE Poort", PartyKind.OWNERS_ASSOCIATION)
        dwellings.record_cover(
            session, None, cooperative_id=street.world.home, party_id=vve, dwelling_ids=[home], valid_from=SINCE,
            now=NOW,
        )  # fmt: skip
        session.commit()
    with street.world.reading() as session:
        found = dwelling_views.read_dwelling(
            session, street.acting(Role.LANDLORD), cooperative_id=street.world.home, dwelling_id=home, day=TODAY
        )

    assert found.associations == ("VvE Poort",)
