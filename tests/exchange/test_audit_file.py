"""The audit file is well formed, and debit is credit in the whole and in every booking."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree as ET
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecoop.exchange.audit_file import NAMESPACE, AuditEntry, AuditFile, sides_of, write_audit_file
from ecoop.governance.holdings import HELD, PROMISES, EntryKind, LedgerAccount, signed

BOOKED = [one for one in EntryKind if one not in PROMISES and one is not EntryKind.CORRECTED]
ONLY_CONTRIBUTION = {EntryKind.CHARGED, EntryKind.REFUNDED}
ONLY_HELD = {EntryKind.PAID_OUT, EntryKind.TRANSFERRED_OUT, EntryKind.TRANSFERRED_IN}


def an_entry(number: int, kind: EntryKind, cents: int, **given_: Any) -> AuditEntry:
    account = given_.pop("account", LedgerAccount.CONTRIBUTION)
    values = {"booked_on": date(2025, 3, 1), "member": "7", "reference": "", "description": "Contributie"} | given_
    return AuditEntry(number=number, account=account, kind=kind, cents=signed(kind, account, cents), **values)


def a_file(*entries: AuditEntry, year: int = 2025) -> Element:
    told = AuditFile(
        company="Coöperatie Ergens & Co", company_code="ergens", year=year, made_on=date(2026, 1, 9),
        members=(("7", "P. van den Berg <lid>"),), entries=entries,
    )  # fmt: skip
    return ET.fromstring(write_audit_file(told))


def found(root: Element, path: str) -> list[Element]:
    return root.findall("/".join(f"{{{NAMESPACE}}}{part}" for part in path.split("/")))


def text(root: Element, path: str) -> str:
    return found(root, path)[0].text or ""


def sums(lines: list[Element]) -> dict[str, Decimal]:
    totals = {"D": Decimal(0), "C": Decimal(0)}
    for line in lines:
        totals[text(line, "amntTp")] += Decimal(text(line, "amnt"))
    return totals


def test_a_payment_stands_on_the_bank_and_with_the_member() -> None:
    root = a_file(an_entry(1, EntryKind.CHARGED, 2000), an_entry(2, EntryKind.RECEIVED, 2000))
    lines = found(root, "company/transactions/journal/transaction/trLine")

    assert [(text(one, "accID"), text(one, "amnt"), text(one, "amntTp")) for one in lines] == [
        ("1300", "20.00", "D"), ("8000", "20.00", "C"), ("1300", "20.00", "C"), ("1000", "20.00", "D"),
    ]  # fmt: skip


def test_a_file_is_of_a_year_and_opens_with_what_was_before() -> None:
    before = an_entry(1, EntryKind.CHARGED, 2000, booked_on=date(2024, 12, 31))
    after = an_entry(2, EntryKind.RECEIVED, 2000, booked_on=date(2026, 1, 1))
    root = a_file(before, after)
    opening = {text(one, "accID"): text(one, "amntTp") for one in found(root, "company/openingBalance/obLine")}

    assert opening == {"1300": "D", "0900": "C"}
    assert text(root, "company/transactions/linesCount") == "0"
    assert text(root, "header/fiscalYear") == "2025"


def test_every_account_and_member_that_is_used_is_named() -> None:
    root = a_file(an_entry(1, EntryKind.RECEIVED, 5000, account=LedgerAccount.CAPITAL))
    accounts = {text(one, "accID") for one in found(root, "company/generalLedger/ledgerAccount")}
    members = {text(one, "custSupID") for one in found(root, "company/customersSuppliers/customerSupplier")}
    lines = found(root, "company/transactions/journal/transaction/trLine")

    assert {text(one, "accID") for one in lines} <= accounts
    assert {text(one, "custSupID") for one in lines} <= members
    assert len(found(root, "company/periods/period")) == 12


@given(
    st.lists(
        st.tuples(
            st.sampled_from(BOOKED), st.sampled_from(list(LedgerAccount)), st.integers(1, 10**9), st.integers(0, 900)
        ),
        max_size=30,
    )
)
def test_debit_is_credit_in_the_opening_in_the_whole_and_in_every_booking(steps: list[Any]) -> None:
    entries = []
    for number, (kind, wanted, cents, day) in enumerate(steps, start=1):
        account = LedgerAccount.CONTRIBUTION if kind in ONLY_CONTRIBUTION else wanted
        account = LedgerAccount.CAPITAL if kind in ONLY_HELD and account not in HELD else account
        booked_on = date(2024, 1, 1) + timedelta(days=day)
        entries.append(an_entry(number, kind, cents, account=account, booked_on=booked_on))
    root = a_file(*entries)

    for whole, lines in (
        ("company/openingBalance", "company/openingBalance/obLine"),
        ("company/transactions", "company/transactions/journal/transaction/trLine"),
    ):
        totals = sums(found(root, lines))
        assert totals["D"] == totals["C"]
        assert Decimal(text(root, f"{whole}/totalDebit")) == totals["D"]
        assert Decimal(text(root, f"{whole}/totalCredit")) == totals["C"]
    for booking in found(root, "company/transactions/journal/transaction"):
        totals = sums(found(booking, "trLine"))
        assert totals["D"] == totals["C"]


def test_what_was_only_promised_is_no_booking() -> None:
    promised = an_entry(1, EntryKind.PROMISED, 100, account=LedgerAccount.CAPITAL)

    with pytest.raises(ValueError, match="no booking"):
        sides_of(promised)
