"""A statement of the bank is read whole or refused in words, whatever bytes come in."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ecoop.errors import InvalidInput
from ecoop.exchange.bank_files import MOST_LINES, read_bank_file
from ecoop.governance.matching import BankFileReason, BankLine
from tests.support.bank_file import a_statement, an_entry
from tests.support.money import an_iban


def reasons(content: bytes) -> list[str]:
    with pytest.raises(InvalidInput) as refused:
        read_bank_file(content)
    return [problem.reason for problem in refused.value.problems]


@pytest.mark.parametrize("version", ["02", "08"])
def test_a_line_is_read_whole_in_both_versions(version: str) -> None:
    status = "<Sts>BOOK</Sts>" if version == "02" else "<Sts><Cd>BOOK</Cd></Sts>"
    entry = an_entry(
        2050, name="P. Petra", iban=an_iban(1), text="lid 12", reference="B1", end_to_end="E1", mandate="M1",
        status=status, version=version,
    )  # fmt: skip

    assert read_bank_file(a_statement([entry], version=version)) == (
        BankLine(
            reference="B1", booked_on=date(2026, 2, 20), cents=2050, name="P. Petra", iban=an_iban(1),
            description="lid 12", end_to_end_id="E1", mandate_id="M1",
        ),
    )  # fmt: skip


def test_money_that_went_out_stands_below_zero_with_the_reason_of_a_return() -> None:
    (line,) = read_bank_file(a_statement([an_entry(-2000, end_to_end="E1", code="AM04")]))

    assert (line.cents, line.return_code) == (-2000, "AM04")


def test_what_is_not_booked_yet_is_not_read() -> None:
    pending = an_entry(100, status="<Sts><Cd>PDNG</Cd></Sts>")

    assert reasons(a_statement([pending])) == [BankFileReason.NO_LINES]


def test_without_a_reference_of_the_bank_the_same_file_gives_the_same_ones_and_no_two_are_alike() -> None:
    content = a_statement([an_entry(100), an_entry(100), an_entry(200, reference="B"), an_entry(300, reference="B")])
    lines = read_bank_file(content)

    assert len({line.reference for line in lines}) == 4
    assert lines == read_bank_file(content)


def test_a_file_that_declares_anything_is_not_opened() -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b "c">]>' + a_statement([an_entry(1)]).split(b"?>")[1]

    assert reasons(bomb) == [BankFileReason.DECLARES]
    assert reasons(bomb.decode().encode("utf-16")) == [BankFileReason.DECLARES]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", BankFileReason.NOT_XML),
        (b"PK\x03\x04", BankFileReason.NOT_XML),
        (b'<?xml version="1.0" encoding="nonsense"?><a/>', BankFileReason.NOT_XML),
        (b"<html/>", BankFileReason.NOT_CAMT),
        (a_statement([an_entry(1)], space="urn:iso:std:iso:20022:tech:xsd:camt.052.001.02"), BankFileReason.NOT_CAMT),
        (a_statement([an_entry(1, currency="USD")]), BankFileReason.NOT_EUROS),
        (a_statement([an_entry(1, day="2026-02-30")]), BankFileReason.ENTRY_UNUSABLE),
        (a_statement([an_entry(1)] * (MOST_LINES + 1)), BankFileReason.TOO_MANY),
    ],
)
def test_what_cannot_be_used_is_told(content: bytes, reason: BankFileReason) -> None:
    assert reasons(content) == [reason]


def test_every_entry_that_cannot_be_read_is_told_at_once() -> None:
    content = a_statement([an_entry(1, currency="USD"), an_entry(1), an_entry(1, day="no day")])

    assert reasons(content) == [BankFileReason.NOT_EUROS, BankFileReason.ENTRY_UNUSABLE]


WHOLE = a_statement([an_entry(2050, name="P. Petra", iban=an_iban(1), text="lid 12", reference="B1")])


@given(st.binary(max_size=200), st.integers(0, len(WHOLE)), st.integers(0, 40))
@example(b"\xff\xfe", 0, 0)
@example(b"Infinity", WHOLE.index(b"20.50"), 5)
def test_no_bytes_make_it_fall(noise: bytes, place: int, cut: int) -> None:
    for content in (noise, WHOLE[:place] + noise + WHOLE[place + cut :]):
        with suppress(InvalidInput):
            lines = read_bank_file(content)
            assert all(line.reference for line in lines)
