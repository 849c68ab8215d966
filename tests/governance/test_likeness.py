"""Who is likely the same, and why."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecoop.governance.likeness import AlikeReason, Features, is_likely, reasons_alike

PETRA = Features(
    name="berg petra van den", family_name="berg", birth_date=date(1960, 5, 1), email="petra@example.org",
    postcode="1054 AB", house_number="12-3",
)  # fmt: skip
OTTO = Features(
    name="vos otto", family_name="vos", birth_date=date(1971, 1, 1), email="otto@example.org", postcode="1054 AB",
    house_number="9",
)  # fmt: skip


def test_somebody_else_at_another_address_is_not_alike() -> None:
    assert reasons_alike(PETRA, OTTO) == ()


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (replace(OTTO, name="berg p.", family_name="berg", birth_date=PETRA.birth_date), "NAME_AND_BIRTH_DATE"),
        (replace(OTTO, email=PETRA.email), "EMAIL"),
        (replace(OTTO, name=PETRA.name, birth_date=None, postcode=None), "NAME"),
        (
            replace(OTTO, name="berg p.", family_name="berg", birth_date=None, house_number="12-3"),
            "ADDRESS_AND_FAMILY_NAME",
        ),
        (replace(OTTO, name="bergh petra van den", family_name="bergh", birth_date=None), "SIMILAR_NAME"),
        (replace(OTTO, house_number="12-3"), "ADDRESS"),
    ],
)
def test_each_likeness_has_its_reason(other: Features, reason: str) -> None:
    assert reasons_alike(PETRA, other) == (AlikeReason[reason],)


def test_the_same_kvk_number_is_the_same_organisation() -> None:
    one = Features(name="bakkerij bos", registration_number="12345678")

    assert reasons_alike(one, Features(name="bos brood bv", registration_number="12345678")) == (
        AlikeReason.REGISTRATION_NUMBER,
    )


def test_a_partner_with_the_same_name_and_another_birth_date_is_a_household() -> None:
    partner = replace(PETRA, name="berg piet van den", birth_date=date(1958, 2, 3), email="piet@example.org")

    reasons = reasons_alike(PETRA, partner)

    assert reasons == (AlikeReason.ADDRESS,)
    assert not is_likely(reasons)


def test_a_namesake_who_was_born_on_another_day_is_somebody_else() -> None:
    namesake = replace(PETRA, birth_date=date(1999, 1, 1), email=None, postcode="9999 ZZ")

    assert reasons_alike(PETRA, namesake) == ()


def test_what_is_unknown_on_both_sides_speaks_for_nothing() -> None:
    assert reasons_alike(Features(name="vos otto"), Features(name="berg petra")) == ()


names = st.text("abcde ", min_size=1, max_size=12)
some = st.builds(
    Features, name=names, family_name=st.none() | names, birth_date=st.none() | st.sampled_from([date(1960, 5, 1),
    date(1970, 1, 1)]), email=st.none() | st.sampled_from(["a", "b"]), postcode=st.none() | st.sampled_from("xy"),
    house_number=st.none() | st.sampled_from("12"), registration_number=st.none() | st.sampled_from("78"),
)  # fmt: skip


@given(some, some)
def test_it_does_not_matter_who_is_compared_with_whom(one: Features, other: Features) -> None:
    assert reasons_alike(one, other) == reasons_alike(other, one)


@given(some)
def test_everybody_is_alike_to_themselves(one: Features) -> None:
    assert is_likely(reasons_alike(one, one))
