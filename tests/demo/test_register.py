"""The register of the demo: its dwellings are those of the case, and its people live in them."""

from collections import Counter
from typing import Any

import pytest
import sqlalchemy as sa

from ecoop.db import ScopedSession
from ecoop.demo.building import case_text
from ecoop.demo.members import CORPORATION, MEMBER_ASSOCIATION
from ecoop.demo.people import KETELHUIS
from ecoop.governance.membership import Status
from ecoop.governance.statutes import PartyKind
from ecoop.governance.tenures import DwellingKind, TenureKind
from ecoop.models import (
    AssociationCover,
    Building,
    Connection,
    Cooperative,
    Dwelling,
    HeatContract,
    Membership,
    Party,
    PartyRecord,
    StructuralUnit,
    Tenure,
)
from ecoop.models.buildings import Ownership
from ecoop.services import dwelling_views, register
from ecoop.services.case_files import read_text
from tests.demo.test_building import DAY, demo, look

__all__ = ["demo", "look"]


@pytest.fixture
def home(look: ScopedSession) -> int:
    return look.scalars(sa.select(Cooperative.id).where(Cooperative.slug == KETELHUIS)).one()


def _people(session: ScopedSession) -> dict[str, int]:
    rows = session.execute(sa.select(PartyRecord.name, PartyRecord.party_id))
    return {name: party_id for name, party_id in rows}  # noqa: C416  rows are no pairs to the type checker


def test_the_dwellings_are_the_connections_of_the_case(look: ScopedSession) -> None:
    mapping, _ = read_text(case_text())
    found = Counter(look.scalars(sa.select(Dwelling.segment)))

    assert found == {segment["name"]: segment["count"] for segment in mapping["segment"]}
    assert Counter(look.scalars(sa.select(Dwelling.kind))) == {
        DwellingKind.DWELLING: 1_000,
        DwellingKind.BUSINESS_UNIT: 102,
    }
    assert look.scalar(sa.select(sa.func.count()).select_from(Connection)) == 1_102


def test_each_building_holds_what_it_says_it_holds(look: ScopedSession, home: int) -> None:
    counted: dict[int, Any] = {
        building_id: (count, thousandths)
        for building_id, count, thousandths in look.execute(
            sa.select(Dwelling.building_id, sa.func.count(), sa.func.sum(Dwelling.equivalent_thousandths)).group_by(
                Dwelling.building_id
            )
        )
    }
    for building in look.scalars(sa.select(Building).where(Building.cooperative_id == home)):
        places = building.dwellings + building.business_units
        assert counted[building.id] == (places, (building.dwelling_equivalents or 0) * 1_000), building.name


def test_one_corporation_lets_680_dwellings(look: ScopedSession) -> None:
    lets = Counter(look.scalars(sa.select(Tenure.party_id).where(Tenure.kind == TenureKind.LANDLORD)))

    assert lets == {_people(look)[CORPORATION.name]: 680}


def test_every_building_has_its_structural_units(look: ScopedSession, home: int) -> None:
    per_building = Counter(look.scalars(sa.select(StructuralUnit.building_id)))

    assert len(per_building) == 28
    assert set(per_building.values()) == {1, 2}


def test_associations_cover_their_whole_buildings(look: ScopedSession, home: int) -> None:
    covered = Counter(
        look.scalars(
            sa.select(Dwelling.building_id).join(
                AssociationCover,
                (AssociationCover.dwelling_id == Dwelling.id)
                & (AssociationCover.cooperative_id == Dwelling.cooperative_id),
            )
        )
    )
    kinds = {Ownership.OWNERS_ASSOCIATION, Ownership.MIXED_ASSOCIATION}
    wanted = look.scalars(sa.select(Building).where(Building.cooperative_id == home, Building.ownership.in_(kinds)))

    assert covered == {one.id: one.dwellings + one.business_units for one in wanted}


def test_between_200_and_260_are_or_were_members(look: ScopedSession, home: int) -> None:
    counts = register.read_counts(look, cooperative_id=home, day=DAY)

    assert 200 <= counts[Status.MEMBER] + counts[Status.SUSPENDED] <= 240
    assert (counts[Status.SUSPENDED], counts[Status.APPLICANT]) == (1, 8)
    assert counts[Status.FORMER] >= 15


def test_everybody_with_a_membership_and_an_account_finds_the_own_dwelling(look: ScopedSession, home: int) -> None:
    accounts = look.scalars(sa.select(Party.account_id).where(Party.account_id.is_not(None))).all()

    assert len(accounts) == 14
    for account_id in accounts:
        (mine,) = dwelling_views.read_own_dwellings(look, cooperative_id=home, account_id=account_id, day=DAY)
        assert mine.segment is not None


def test_mo_rents_at_kruidenpad_12(look: ScopedSession, home: int) -> None:
    party_id = _people(look)["Mo Meterkast"]

    (mine,) = dwelling_views.read_own_dwellings(look, cooperative_id=home, party_id=party_id, day=DAY)
    assert (mine.building, mine.address, mine.tenure) == ("Paviljoen 3", "Kruidenpad 12", TenureKind.TENANT)


def test_two_members_of_one_household_own_one_dwelling_together(look: ScopedSession) -> None:
    people = _people(look)
    wanted = [people["Dina Dubbelglas"], people["Daan Dubbelglas"]]

    homes = look.scalars(sa.select(Tenure.dwelling_id).where(Tenure.party_id.in_(wanted))).all()
    assert (len(homes), len(set(homes))) == (2, 1)


def test_an_association_is_a_member_beside_its_owners(look: ScopedSession) -> None:
    kinds = look.scalars(
        sa.select(Party.kind).join(
            Membership,
            (Membership.party_id == Party.id) & (Membership.cooperative_id == Party.cooperative_id),
        )
    ).all()

    assert kinds.count(PartyKind.OWNERS_ASSOCIATION) == 1
    assert f"VvE {MEMBER_ASSOCIATION}" in _people(look)


def test_some_who_are_no_members_hold_contracts_and_some_members_hold_none(look: ScopedSession) -> None:
    holders = set(look.scalars(sa.select(HeatContract.holder_id)))
    members = set(look.scalars(sa.select(Membership.party_id)))

    assert holders - members
    assert members - holders
    assert holders & members
