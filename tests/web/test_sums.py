"""What is shown adds up as it is shown: nobody should find a euro too many with a pocket calculator."""

import re

import pytest

from tests.support.web import KETELHUIS, Site

HOUSEHOLDS = ("flat_small_rent", "flat_medium_rent", "flat_owner", "monument_large", "business_small", "business_large")
MEMBER = "Mo Meterkast"


def _euros(text: str) -> list[int]:
    found = re.findall(r"(-?)€\s([\d.]+)", text)
    return [int(sign + digits.replace(".", "")) for sign, digits in found]


@pytest.mark.parametrize("household", HOUSEHOLDS)
def test_the_difference_is_that_of_the_bills_shown(demo: Site, household: str) -> None:
    page = demo.signed_in(MEMBER).get(f"/cooperatives/{KETELHUIS}/for-you", query={"household": household})
    rows = [_euros(" ".join(row)) for row in page.table("Een huishouden als het jouwe, nu en straks")[1:]]
    then, difference = _euros(page.words())[:2]

    assert [now + change for now, _, change in rows] == [bill for _, bill, _ in rows]
    assert (then, difference) == (rows[0][1], abs(rows[0][2]))


def test_draws_and_interest_make_the_debt_shown(demo: Site) -> None:
    words = demo.signed_in(MEMBER).get(f"/cooperatives/{KETELHUIS}/case/").words()
    sentence = words[words.index("Van de lening wordt") :]

    draws, interest, balance, _limit = _euros(sentence)[:4]

    assert draws + interest == balance
