"""Who owns, rents or lets a dwelling: what may stand beside each other, and who lives there."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecoop.governance.tenures import (
    HeldTenure,
    Occupancy,
    TenureKind,
    TenureReason,
    doubt_tenure,
    occupancy_on,
)

DAY = date(2026, 3, 2)
OWNER, TENANT, LANDLORD = TenureKind.OWNER, TenureKind.TENANT, TenureKind.LANDLORD


def held(party: int, kind: TenureKind, starts: date = date(2020, 1, 1), ends: date | None = None) -> HeldTenure:
    return HeldTenure(party_id=party, kind=kind, starts_on=starts, ends_on=ends)


TENURES = st.builds(
    lambda party, kind, start, length: held(party, kind, start, start + timedelta(days=length) if length else None),
    st.integers(1, 3), st.sampled_from(TenureKind), st.dates(date(2020, 1, 1), date(2021, 1, 1)),
    st.integers(0, 400),
)  # fmt: skip


def test_two_owners_may_have_one_dwelling() -> None:
    assert doubt_tenure([held(1, OWNER)], held(2, OWNER)) == ()


@pytest.mark.parametrize(
    ("kind", "reason"), [(TENANT, TenureReason.TENANT_ALREADY), (LANDLORD, TenureReason.LANDLORD_ALREADY)]
)
def test_one_party_rents_and_one_lets(kind: TenureKind, reason: TenureReason) -> None:
    assert doubt_tenure([held(1, kind)], held(2, kind)) == (reason,)


def test_the_next_tenant_begins_on_the_day_on_which_the_last_is_gone() -> None:
    before = held(1, TENANT, ends=DAY)

    assert doubt_tenure([before], held(2, TENANT, DAY)) == ()
    assert doubt_tenure([before], held(2, TENANT, DAY - timedelta(days=1))) == (TenureReason.TENANT_ALREADY,)


def test_nobody_is_recorded_twice_by_one_right() -> None:
    assert doubt_tenure([held(1, OWNER)], held(1, OWNER)) == (TenureReason.SAME_TWICE,)


@pytest.mark.parametrize("kind", [OWNER, LANDLORD])
def test_nobody_rents_from_themselves(kind: TenureKind) -> None:
    assert doubt_tenure([held(1, kind)], held(1, TENANT)) == (TenureReason.RENTS_FROM_ITSELF,)


def test_an_owner_may_also_be_recorded_as_who_lets() -> None:
    assert doubt_tenure([held(1, OWNER)], held(1, LANDLORD)) == ()


def test_what_ends_before_it_begins_is_refused() -> None:
    assert doubt_tenure([], held(1, OWNER, DAY, DAY)) == (TenureReason.ENDS_BEFORE_IT_BEGINS,)


@pytest.mark.parametrize(
    ("tenures", "expected"),
    [
        ([held(1, OWNER)], Occupancy.OWNER_OCCUPIED),
        ([held(1, OWNER), held(2, TENANT)], Occupancy.RENTED),
        ([held(1, LANDLORD), held(2, TENANT)], Occupancy.RENTED),
        ([held(1, LANDLORD)], Occupancy.LET_TENANT_UNKNOWN),
        ([held(1, TENANT, ends=DAY)], Occupancy.UNKNOWN),
        ([], Occupancy.UNKNOWN),
    ],
)
def test_who_lives_there_follows_from_the_tenures(tenures: list[HeldTenure], expected: Occupancy) -> None:
    assert occupancy_on(tenures, DAY) is expected


@given(st.lists(TENURES, max_size=5), TENURES)
def test_what_raises_no_doubt_leaves_one_tenant_and_one_landlord_on_every_day(
    before: list[HeldTenure], new: HeldTenure
) -> None:
    kept: list[HeldTenure] = []
    for one in [*before, new]:
        if not doubt_tenure(kept, one):
            kept.append(one)

    for day in {one.starts_on for one in kept}:
        running = [one for one in kept if one.runs_on(day)]
        assert sum(one.kind is TENANT for one in running) <= 1
        assert sum(one.kind is LANDLORD for one in running) <= 1


@given(TENURES, TENURES)
def test_whether_two_meet_does_not_depend_on_their_order(one: HeldTenure, other: HeldTenure) -> None:
    assert one.meets(other) == other.meets(one)
