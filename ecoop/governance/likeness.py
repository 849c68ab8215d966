"""Whether two parties are likely the same: what speaks for it, told in reasons, for a person to decide.

Names are compared with the ratio of Ratcliff and Obershelp as `difflib` of the standard library calculates it. Nothing
here ever decides that two are the same: that stays the work of who knows them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from enum import StrEnum

SIMILAR = 0.85
"""From this ratio on two names differ by about one letter in seven: a slip of the pen."""
SIMILAR_WITH_BIRTH_DATE = 0.7
"""Who was born on the same day needs less: initials instead of given names."""


class AlikeReason(StrEnum):
    """What speaks for two parties being the same."""

    NAME_AND_BIRTH_DATE = "alike_name_and_birth_date"
    REGISTRATION_NUMBER = "alike_registration_number"
    ACCOUNT = "alike_account"
    EMAIL = "alike_email"
    NAME = "alike_name"
    ADDRESS_AND_FAMILY_NAME = "alike_address_and_family_name"
    SIMILAR_NAME = "alike_similar_name"
    ADDRESS = "alike_address"


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """What is compared: everything in small letters without accents. None is unknown, and speaks for nothing."""

    name: str
    """Family name first, as one sorts it."""
    family_name: str | None = None
    birth_date: date | None = None
    email: str | None = None
    registration_number: str | None = None
    postcode: str | None = None
    house_number: str | None = None


def reasons_alike(one: Features, other: Features) -> tuple[AlikeReason, ...]:
    """What speaks for the two being the same, strongest first. It does not matter which comes first."""
    return tuple(_reasons(one, other))


def is_likely(reasons: tuple[AlikeReason, ...]) -> bool:
    """Whether it takes somebody's word that they are two. Only the same address is a household, no likeness."""
    return any(reason is not AlikeReason.ADDRESS for reason in reasons)


def _reasons(one: Features, other: Features) -> Iterator[AlikeReason]:
    ratio = _ratio(one.name, other.name)
    born_apart = _both(one.birth_date, other.birth_date) and one.birth_date != other.birth_date
    if _same(one.birth_date, other.birth_date) and (
        ratio >= SIMILAR_WITH_BIRTH_DATE or _same(one.family_name, other.family_name)
    ):
        yield AlikeReason.NAME_AND_BIRTH_DATE
    if _same(one.registration_number, other.registration_number):
        yield AlikeReason.REGISTRATION_NUMBER
    if _same(one.email, other.email):
        yield AlikeReason.EMAIL
    yield from _by_place(one, other, ratio, born_apart=born_apart)


def _by_place(one: Features, other: Features, ratio: float, *, born_apart: bool) -> Iterator[AlikeReason]:
    same_postcode = _same(one.postcode, other.postcode)
    same_address = same_postcode and _same(one.house_number, other.house_number)
    if ratio == 1 and not born_apart:
        yield AlikeReason.NAME
    if same_address and _same(one.family_name, other.family_name) and not born_apart:
        yield AlikeReason.ADDRESS_AND_FAMILY_NAME
    elif same_postcode and SIMILAR <= ratio < 1 and not born_apart:
        yield AlikeReason.SIMILAR_NAME
    elif same_address:
        yield AlikeReason.ADDRESS


def _ratio(one: str, other: str) -> float:
    """Between 0 and 1; the method itself minds the order, so it is given one."""
    if one == other:
        return 1.0
    first, second = sorted((one, other))
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    if matcher.real_quick_ratio() < SIMILAR_WITH_BIRTH_DATE or matcher.quick_ratio() < SIMILAR_WITH_BIRTH_DATE:
        return 0.0
    return min(matcher.ratio(), 0.999)


def _both(one: object, other: object) -> bool:
    return one is not None and other is not None


def _same(one: object, other: object) -> bool:
    return _both(one, other) and one == other
