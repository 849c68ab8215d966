"""Cells as people write them: read where that is certain, refused where it is not."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecoop.governance import sheet_values as values
from ecoop.governance.membership import EndReason
from ecoop.governance.sheet_values import CellReason, CellUnreadable
from ecoop.governance.statutes import PartyKind

READERS = (values.read_day, values.read_cents, values.read_number, values.read_yes, values.read_phone,
           values.read_kind, values.read_end_reason, values.read_country, values.read_language)  # fmt: skip


@pytest.mark.parametrize(
    "written",
    ["31-12-2019", "31/12/2019", "31.12.2019", "2019-12-31", "2019-12-31 00:00:00", "31 december 2019", "31 dec. 2019",
     "43830", "20191231", " 31-12-2019 "],
)  # fmt: skip
def test_a_day_is_read_however_it_is_written(written: str) -> None:
    assert values.read_day(written) == date(2019, 12, 31)


def test_the_day_stands_before_the_month() -> None:
    assert values.read_day("3-4-2019") == date(2019, 4, 3)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("31-12-19", CellReason.SHORT_YEAR),
        ("12/31/2019", CellReason.NO_SUCH_DAY),
        ("29-2-2019", CellReason.NO_SUCH_DAY),
        ("vorig jaar", CellReason.NO_DAY),
        ("2019", CellReason.NO_DAY),
    ],
)
def test_a_day_that_is_not_certain_is_refused(written: str, reason: CellReason) -> None:
    with pytest.raises(CellUnreadable) as refused:
        values.read_day(written)

    assert refused.value.reason is reason


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_every_day_written_in_dutch_comes_back(day: date) -> None:
    assert values.read_day(f"{day.day}-{day.month}-{day.year}") == values.read_day(day.isoformat()) == day


@pytest.mark.parametrize(
    ("written", "cents"),
    [("€ 1.234,56", 123456), ("1234,5", 123450), ("50,-", 5000), ("12.50", 1250), ("1.234", 123400), ("-3,00", -300),
     ("(3,00)", -300), ("1,234.56", 123456), ("0", 0)],
)  # fmt: skip
def test_an_amount_is_read_as_it_is_written_in_the_netherlands(written: str, cents: int) -> None:
    assert values.read_cents(written) == cents


@given(st.integers(0, 10**9))
def test_every_amount_written_in_dutch_comes_back(cents: int) -> None:
    written = f"{cents // 100:,}".replace(",", ".") + f",{cents % 100:02d}"

    assert values.read_cents(written) == cents


@pytest.mark.parametrize("written", ["1.23,4", "1,2,3", "tien", "1.2.3"])
def test_an_amount_that_is_not_certain_is_refused(written: str) -> None:
    with pytest.raises(CellUnreadable):
        values.read_cents(written)


@pytest.mark.parametrize(("written", "number"), [("0012", 12), ("nr. 12", 12), ("12,0", 12), ("12", 12)])
def test_a_number_is_read_with_what_stands_around_it(written: str, number: int) -> None:
    assert values.read_number(written) == number


@pytest.mark.parametrize("written", ["0", "-1", "1.5", "twaalf", "1234567890", "²"])
def test_what_is_no_number_is_refused(written: str) -> None:
    with pytest.raises(CellUnreadable):
        values.read_number(written)


@pytest.mark.parametrize(
    ("written", "kept"),
    [("612345678", "0612345678"), ("0031 6 12345678", "+31 6 12345678"), ("31612345678", "+31612345678"),
     ("06-12345678", "06-12345678")],
)  # fmt: skip
def test_a_telephone_number_gets_back_what_a_spreadsheet_took(written: str, kept: str) -> None:
    assert values.read_phone(written) == kept


def test_a_kvk_number_gets_back_its_zero() -> None:
    assert values.read_registration_number("KvK 1234567") == "01234567"


@pytest.mark.parametrize(
    ("read", "written", "found"),
    [
        (values.read_kind, "Vereniging van Eigenaars", PartyKind.OWNERS_ASSOCIATION),
        (values.read_kind, "rechtspersoon", PartyKind.ORGANISATION),
        (values.read_end_reason, "Geroyeerd", EndReason.EXPULSION),
        (values.read_end_reason, "eigen verzoek", EndReason.RESIGNATION),
        (values.read_country, "België", "BE"),
        (values.read_country, "pl", "PL"),
        (values.read_language, "Engels", "en"),
        (values.read_yes, "JA", True),
        (values.read_yes, "nee", False),
    ],
)
def test_things_are_known_by_what_people_call_them(read: Callable[[str], Any], written: str, found: object) -> None:
    assert read(written) == found


def test_a_kind_of_membership_is_known_by_its_code_and_its_names() -> None:
    known = {"tenant": "tenant", "vriend": "friend"}

    assert [values.read_class(one, known) for one in ("Huurder", "tenant", "Vriend")] == ["tenant", "tenant", "friend"]
    with pytest.raises(CellUnreadable):
        values.read_class("eigenaar", known)


@given(st.sampled_from(READERS), st.text(max_size=30))
def test_whatever_is_written_is_read_or_refused(read: Callable[[str], Any], written: str) -> None:
    with suppress(CellUnreadable):
        read(written)
