"""Dwellings and who has them: nothing is overwritten, and what cannot be is refused with every problem at once."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from ecoop.errors import Forbidden, InvalidInput, NotFound
from ecoop.governance.roles import Role
from ecoop.governance.statutes import PartyKind
from ecoop.governance.tenures import DwellingKind, TenureKind
from ecoop.models import AuditEntry, Dwelling, Tenure
from ecoop.services import dwellings, tenures
from ecoop.services.dwellings import NewDwelling, NewUnit
from ecoop.services.tenures import NewTenure
from tests.services.dwellings import SINCE, Street, street
from tests.support.factories import NOW, TODAY

__all__ = ["street"]

OWNER, TENANT, LANDLORD = TenureKind.OWNER, TenureKind.TENANT, TenureKind.LANDLORD
MOVED = date(2025, 7, 1)


def fresh(street: Street, number: str = "1", **given: object) -> NewDwelling:
    new = NewDwelling(structural_unit_id=street.unit, kind=DwellingKind.DWELLING, street=" Kade ", house_number=number,
                      postcode="1054ab", valid_from=SINCE)  # fmt: skip
    return replace(new, **given)  # type: ignore[arg-type]


def test_an_address_is_kept_in_one_spelling(street: Street) -> None:
    with street.world.inside() as session:
        key = dwellings.add_dwelling(
            session, None, cooperative_id=street.world.home, new=fresh(street, "12 ", addition=" 3"), now=NOW
        )
        row = session.get_one(Dwelling, (street.world.home, key))

    assert (dwellings.address_of(row), row.postcode, row.building_id) == ("Kade 12-3", "1054 AB", street.building)
    assert (row.floor_area_m2, row.equivalent_thousandths) == (None, None)


def test_everything_that_is_wrong_with_a_dwelling_is_told_at_once(street: Street) -> None:
    wrong = fresh(street, " ", postcode="12", floor_area_m2=0, segment="Flat!", structural_unit_id=4711)

    with street.world.inside() as session, pytest.raises(InvalidInput) as refused:
        dwellings.add_dwelling(session, None, cooperative_id=street.world.home, new=wrong, now=NOW)

    keys = {problem.key for problem in refused.value.problems}
    assert keys == {"house_number", "postcode", "floor_area_m2", "segment", "structural_unit_id"}


def test_two_dwellings_do_not_share_an_address(street: Street) -> None:
    with street.world.inside() as session:
        street.dwelling(session, "1")
        with pytest.raises(InvalidInput) as refused:
            dwellings.add_dwellings(
                session, None, cooperative_id=street.world.home, now=NOW,
                new=[fresh(street, "1"), fresh(street, "2"), fresh(street, "2")],
            )  # fmt: skip

    assert [problem.key for problem in refused.value.problems] == ["0.house_number", "2.house_number"]


def test_many_dwellings_are_one_entry_in_the_trail(street: Street) -> None:
    with street.world.inside() as session:
        before = session.scalar(sa.select(sa.func.count()).select_from(AuditEntry))
        ids = dwellings.add_dwellings(
            session, None, cooperative_id=street.world.home, new=[fresh(street, str(n)) for n in range(1, 31)], now=NOW
        )
        after = session.scalar(sa.select(sa.func.count()).select_from(AuditEntry))

    assert (len(ids), after) == (30, (before or 0) + 1)


@pytest.mark.parametrize("role", list(Role))
def test_dwellings_are_added_by_who_keeps_the_register(street: Street, role: Role) -> None:
    with street.world.inside() as session:
        adding = {"cooperative_id": street.world.home, "new": fresh(street), "now": NOW}
        if role in {Role.CHAIR, Role.SECRETARY}:
            dwellings.add_dwelling(session, street.acting(role), **adding)  # type: ignore[arg-type]
        else:
            with pytest.raises(Forbidden):
                dwellings.add_dwelling(session, street.acting(role), **adding)  # type: ignore[arg-type]


def test_a_building_of_a_neighbour_gets_no_unit(street: Street) -> None:
    with street.world.inside() as session, pytest.raises(NotFound):
        dwellings.add_structural_units(
            session, None, cooperative_id=street.world.neighbour, now=NOW,
            new=[NewUnit(building_id=street.building, name="A")],
        )  # fmt: skip


def test_a_building_has_one_structural_unit_of_a_name(street: Street) -> None:
    new = [NewUnit(building_id=street.building, name=name) for name in ("Geheel", "", "Trap A", " Trap  A ")]
    with street.world.inside() as session, pytest.raises(InvalidInput) as refused:
        dwellings.add_structural_units(session, None, cooperative_id=street.world.home, new=new, now=NOW)

    assert [problem.key for problem in refused.value.problems] == ["0.name", "1.name", "3.name"]


# tenures


def test_a_second_tenant_is_refused(street: Street) -> None:
    with street.world.inside() as session:
        home, first, second = street.dwelling(session, "1"), street.party(session, "A"), street.party(session, "B")
        street.tenure(session, home, first, TENANT)
        with pytest.raises(InvalidInput):
            street.tenure(session, home, second, TENANT, valid_from=MOVED)


def test_many_tenures_are_weighed_against_each_other(street: Street) -> None:
    with street.world.inside() as session:
        home, party = street.dwelling(session, "1"), street.party(session, "A")
        new = NewTenure(dwelling_id=home, party_id=party, kind=TENANT, valid_from=SINCE)
        with pytest.raises(InvalidInput) as refused:
            tenures.record_tenures(
                session, None, cooperative_id=street.world.home, now=NOW,
                new=[new, replace(new, party_id=4711), replace(new, kind=OWNER, valid_from=date(2020, 1, 1))],
            )  # fmt: skip

    keys = {problem.key for problem in refused.value.problems}
    assert keys == {"1.party_id", "1.kind", "2.valid_from", "2.kind"}


def test_who_left_can_still_be_read_for_the_day_before(street: Street) -> None:
    with street.world.inside() as session:
        home, party = street.dwelling(session, "1"), street.party(session, "A")
        key = street.tenure(session, home, party, TENANT)
        tenures.end_tenure(
            session, None, cooperative_id=street.world.home, tenure_id=key, valid_until=MOVED,
            now=NOW + timedelta(days=1),
        )  # fmt: skip

        def held(day: date, **known: object) -> int:
            found = tenures.tenures_of(
                session,
                cooperative_id=street.world.home,
                party_id=party,
                day=day,
                **known,  # type: ignore[arg-type]
            )
            return len(found)

        assert (held(MOVED - timedelta(days=1)), held(MOVED)) == (1, 0)
        assert held(MOVED, known_at=NOW) == 1


def test_a_tenure_that_was_wrong_is_known_no_longer(street: Street) -> None:
    with street.world.inside() as session:
        home, party = street.dwelling(session, "1"), street.party(session, "A")
        key = street.tenure(session, home, party, OWNER)
        tenures.correct_tenure(
            session, None, cooperative_id=street.world.home, tenure_id=key, why="Verkeerd huisnummer.", now=NOW
        )
        shared = {"cooperative_id": street.world.home, "party_id": party, "day": TODAY}
        assert tenures.tenures_of(session, **shared) == ()  # type: ignore[arg-type]
        assert session.scalar(sa.select(sa.func.count()).select_from(Tenure)) == 1
        with pytest.raises(NotFound):
            tenures.end_tenure(
                session, None, cooperative_id=street.world.home, tenure_id=key, valid_until=TODAY, now=NOW
            )


def test_one_association_covers_a_dwelling_at_a_time(street: Street) -> None:
    with street.world.inside() as session:
        homes = [street.dwelling(session, number) for number in ("1", "2")]
        first, second = (street.party(session, name, PartyKind.OWNERS_ASSOCIATION) for name in ("VvE A", "VvE B"))
        shared = {"cooperative_id": street.world.home, "valid_from": SINCE, "now": NOW}
        dwellings.record_cover(session, None, party_id=first, dwelling_ids=homes, **shared)  # type: ignore[arg-type]
        with pytest.raises(InvalidInput):
            dwellings.record_cover(
                session,
                None,
                party_id=second,
                dwelling_ids=homes[1:],
                **shared,  # type: ignore[arg-type]
            )
