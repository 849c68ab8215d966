"""The declaration of roles: complete, said in words, and held for exactly the days that were agreed."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecoop.governance.roles import (
    BOARD_ROLES,
    LONGEST_SUPPORT_HOURS,
    RULES,
    SUPPORT_PERMISSIONS,
    Actor,
    HeldRole,
    Limit,
    Permission,
    Reach,
    Role,
    may_grant,
    roles_reaching,
)
from ecoop.language.names import LIMITS, PERMISSIONS, ROLES

DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))
ROLE = st.sampled_from(list(Role))


def _actor(*roles: Role, supporting: bool = False) -> Actor:
    held = tuple(HeldRole(role=role, starts_on=date(2026, 1, 1)) for role in roles)
    return Actor(account_id=1, name="Noor", roles=held, supporting=supporting)


def test_every_role_has_its_rule() -> None:
    assert set(RULES) == set(Role)


def test_every_permission_is_granted_to_somebody() -> None:
    assert set().union(*(rule.permissions for rule in RULES.values())) == set(Permission)


def test_a_permission_belongs_to_one_reach() -> None:
    reaches = {
        permission: {r.reach for r in RULES.values() if permission in r.permissions} for permission in Permission
    }

    assert {len(found) for found in reaches.values()} == {1}


@pytest.mark.parametrize(
    "words", [(ROLES, Role), (PERMISSIONS, Permission), (LIMITS, Limit)], ids=lambda one: one[1].__name__
)
def test_every_code_has_its_words(words: tuple[dict[str, str], type]) -> None:
    catalogue, codes = words

    assert set(catalogue) == {code.value for code in codes}  # type: ignore[attr-defined]


def test_only_the_board_gives_roles() -> None:
    assert {role for role in Role if may_grant(_actor(role), Role.MEMBER)} == BOARD_ROLES


def test_the_board_gives_every_role_of_a_cooperative_and_no_other() -> None:
    chair = _actor(Role.CHAIR)

    assert {role for role in Role if may_grant(chair, role)} == set(roles_reaching(Reach.COOPERATIVE))


def test_only_the_treasurer_replaces_the_case() -> None:
    assert [role for role in Role if _actor(role).may(Permission.REPLACE_CASE)] == [Role.TREASURER]


def test_an_administrator_may_do_nothing_inside_a_cooperative() -> None:
    inside = set().union(*(RULES[role].permissions for role in roles_reaching(Reach.COOPERATIVE)))

    assert not RULES[Role.ADMINISTRATOR].permissions & inside


def test_everybody_inside_sees_who_may_do_what() -> None:
    assert all(_actor(role).may(Permission.SEE_ROLES) for role in roles_reaching(Reach.COOPERATIVE))


def test_who_looks_in_changes_nothing_and_sees_nobodys_own_page() -> None:
    looks = {Permission.SEE_COOPERATIVE, Permission.SEE_CASE, Permission.SEE_BUILDINGS, Permission.SEE_ROLES}

    assert looks == SUPPORT_PERMISSIONS
    assert LONGEST_SUPPORT_HOURS == 72


def test_nobody_may_do_anything_without_a_role() -> None:
    assert not _actor().permissions


@given(st.sets(ROLE), st.booleans())
def test_roles_together_allow_what_each_allows_and_nothing_more(roles: set[Role], supporting: bool) -> None:
    expected = set().union(*(RULES[role].permissions for role in roles)) | (
        SUPPORT_PERMISSIONS if supporting else set()
    )

    assert _actor(*roles, supporting=supporting).permissions == expected


@given(ROLE, DAYS, st.integers(0, 400), st.integers(-500, 500))
def test_a_role_is_held_from_its_first_day_until_its_last(role: Role, start: date, length: int, offset: int) -> None:
    held = HeldRole(role=role, starts_on=start, ends_on=start + timedelta(days=length))

    assert held.runs_on(start + timedelta(days=offset)) is (0 <= offset < length)


@given(ROLE, DAYS, DAYS)
def test_a_role_without_an_end_is_held_from_its_first_day_on(role: Role, start: date, day: date) -> None:
    assert HeldRole(role=role, starts_on=start).runs_on(day) is (day >= start)


@given(DAYS, st.integers(1, 400), st.integers(1, 400), st.integers(0, 1000))
def test_two_periods_that_touch_are_one_after_the_other(start: date, first: int, second: int, offset: int) -> None:
    middle = start + timedelta(days=first)
    one = HeldRole(role=Role.MEMBER, starts_on=start, ends_on=middle)
    other = HeldRole(role=Role.MEMBER, starts_on=middle, ends_on=middle + timedelta(days=second))
    day = start + timedelta(days=offset)

    assert one.runs_on(day) + other.runs_on(day) == (offset < first + second)


@given(st.lists(st.frozensets(st.integers(1, 9)), max_size=4))
def test_the_own_buildings_are_those_of_all_roles_together(limits: list[frozenset[int]]) -> None:
    held = tuple(
        HeldRole(role=Role.BUILDING_AMBASSADOR, starts_on=date(2026, 1, 1), building_ids=one) for one in limits
    )

    assert Actor(account_id=1, name="Gijs", roles=held).own_building_ids == frozenset().union(*limits)


def test_a_limited_role_counts_in_its_own_buildings_only() -> None:
    held = (
        HeldRole(role=Role.BUILDING_AMBASSADOR, starts_on=date(2026, 1, 1), building_ids=frozenset({1})),
        HeldRole(role=Role.LANDLORD, starts_on=date(2026, 1, 1), building_ids=frozenset({2})),
    )
    actor = Actor(account_id=1, name="Noor", roles=held)

    assert actor.may_in(Permission.SEE_RESIDENTS, 1)
    assert not actor.may_in(Permission.SEE_RESIDENTS, 2)
    assert [actor.may_in(Permission.SEE_DWELLINGS, building) for building in (1, 2, 3)] == [True, True, False]


def test_who_sees_residents_is_on_the_board_audits_or_is_ambassador() -> None:
    seers = {role for role in Role if _actor(role).may(Permission.SEE_RESIDENTS)}

    assert seers == BOARD_ROLES | {Role.AUDIT_COMMITTEE, Role.BUILDING_AMBASSADOR}


def test_an_administrator_who_looks_in_sees_no_dwellings() -> None:
    assert not _actor(supporting=True).may(Permission.SEE_DWELLINGS)
