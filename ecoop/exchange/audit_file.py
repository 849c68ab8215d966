"""The ledger as an audit file: XML Auditfile Financieel (XAF) 3.2, which Dutch bookkeeping programs read.

Written after the public description of version 3.2 (namespace http://www.auditfiles.nl/XAF/3.2, 2014, revised 2017).
The official schema was not at hand, so the file is not validated against it, and the page says so. Left out is what
that description calls optional and this ledger does not know: addresses, bank accounts and contact details of
members, VAT, sub-ledgers, currencies, cost centres, taxonomy and histories.

The ledger of members has one side; here each entry gets the other side that its kind implies (a payment: the bank).
What was only promised is no booking and is left out. It is the money of membership, not the books of a cooperative.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from xml.etree import ElementTree as ET
from xml.etree.ElementTree import Element, SubElement

from ecoop import __version__
from ecoop.governance.holdings import EntryKind, LedgerAccount
from ecoop.money import to_euros

NAMESPACE = "http://www.auditfiles.nl/XAF/3.2"
VERSION = "3.2"

CAPITAL, LOANS, RESULT, BANK, DEBTORS, TRANSIT, WAIVED, CONTRIBUTION, FORGIVEN = (
    "0500", "0700", "0900", "1000", "1300", "2900", "4900", "8000", "8900",
)  # fmt: skip
LEDGER_ACCOUNTS = (
    (CAPITAL, "Ledenkapitaal", "B"),
    (LOANS, "Ledenleningen", "B"),
    (RESULT, "Resultaat voorgaande jaren", "B"),
    (BANK, "Bank", "B"),
    (DEBTORS, "Te ontvangen contributie", "B"),
    (TRANSIT, "Overdracht tussen leden", "B"),
    (WAIVED, "Kwijtgescholden contributie", "P"),
    (CONTRIBUTION, "Contributie", "P"),
    (FORGIVEN, "Afgeboekte inleg en leningen", "P"),
)
"""The accounts of the file: code, Dutch name, balance sheet (B) or profit and loss (P)."""

_OWN = {LedgerAccount.CONTRIBUTION: DEBTORS, LedgerAccount.CAPITAL: CAPITAL, LedgerAccount.LOAN: LOANS}
_OTHER = {
    EntryKind.CHARGED: CONTRIBUTION,
    EntryKind.RECEIVED: BANK,
    EntryKind.RETURNED: BANK,
    EntryKind.REFUNDED: BANK,
    EntryKind.PAID_OUT: BANK,
    EntryKind.TRANSFERRED_OUT: TRANSIT,
    EntryKind.TRANSFERRED_IN: TRANSIT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One entry of the ledger. `kind` is that of what it takes back where it is a counter entry."""

    number: int
    booked_on: date
    account: LedgerAccount
    kind: EntryKind
    cents: int
    member: str
    """The number of the member."""
    reference: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFile:
    """What the file is about: whose ledger, of which year, with every entry up to the end of that year."""

    company: str
    company_code: str
    year: int
    made_on: date
    members: tuple[tuple[str, str], ...]
    """Number and name of everybody who occurs in it."""
    entries: tuple[AuditEntry, ...]


def sides_of(entry: AuditEntry) -> tuple[tuple[str, int], tuple[str, int]]:
    """An entry as two lines [account, cents; above zero is credit], which are nothing together."""
    other = _OTHER.get(entry.kind)
    if entry.kind is EntryKind.WRITTEN_OFF:
        other = WAIVED if entry.account is LedgerAccount.CONTRIBUTION else FORGIVEN
    if other is None:
        raise ValueError(f"{entry.kind} is no booking.")
    return (_OWN[entry.account], entry.cents), (other, -entry.cents)


def write_audit_file(told: AuditFile) -> bytes:
    """The file of a year: accounts, members, the opening balance and every booking, debit equal to credit."""
    root = Element("auditfile", {"xmlns": NAMESPACE})
    first, last = date(told.year, 1, 1), date(told.year, 12, 31)
    _texts(
        SubElement(root, "header"),
        fiscalYear=told.year, startDate=first, endDate=last, curCode="EUR", dateCreated=told.made_on,
        softwareDesc="ecoop", softwareVersion=__version__[:20],
    )  # fmt: skip
    company = SubElement(root, "company")
    _texts(
        company, companyIdent=told.company_code[:35], companyName=told.company, taxRegistrationCountry="NL",
        taxRegIdent="onbekend",
    )  # fmt: skip
    customers = SubElement(company, "customersSuppliers")
    for number, name in told.members:
        _texts(SubElement(customers, "customerSupplier"), custSupID=number, custSupName=name[:50], custSupTp="C")
    accounts = SubElement(company, "generalLedger")
    for code, name, kind in LEDGER_ACCOUNTS:
        _texts(SubElement(accounts, "ledgerAccount"), accID=code, accDesc=name, accTp=kind)
    _periods(company, told.year)
    _opening(company, [one for one in told.entries if one.booked_on < first], first)
    _transactions(company, [one for one in told.entries if first <= one.booked_on <= last])
    written: bytes = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
    return written


def _texts(parent: Element, **texts: object) -> None:
    for name, text in texts.items():
        SubElement(parent, name).text = text.isoformat() if isinstance(text, date) else str(text)


def _periods(company: Element, year: int) -> None:
    periods = SubElement(company, "periods")
    for month in range(1, 13):
        first = date(year, month, 1)
        last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        _texts(SubElement(periods, "period"), periodNumber=month, startDatePeriod=first, endDatePeriod=last)


def _opening(company: Element, before: Iterable[AuditEntry], first: date) -> None:
    """What every account holds at the beginning; what earlier years earned and lost stands on one account."""
    of_result = {code for code, _name, kind in LEDGER_ACCOUNTS if kind == "P"}
    sums: defaultdict[str, int] = defaultdict(int)
    for entry in before:
        for account, cents in sides_of(entry):
            sums[RESULT if account in of_result else account] += cents
    lines = [(account, cents) for account, cents in sorted(sums.items()) if cents]
    opening = SubElement(company, "openingBalance")
    _texts(opening, opBalDate=first, opBalDesc="Beginbalans")
    _totals(opening, lines)
    for place, (account, cents) in enumerate(lines, start=1):
        _texts(SubElement(opening, "obLine"), nr=place, accID=account, **_amount(cents))


def _transactions(company: Element, entries: Sequence[AuditEntry]) -> None:
    transactions = SubElement(company, "transactions")
    _totals(transactions, [side for entry in entries for side in sides_of(entry)])
    journal = SubElement(transactions, "journal")
    _texts(journal, jrnID="LEDEN", desc="Geld van leden", jrnTp="M")
    for entry in entries:
        transaction = SubElement(journal, "transaction")
        _texts(
            transaction, nr=entry.number, desc=entry.description, periodNumber=entry.booked_on.month,
            trDt=entry.booked_on,
        )  # fmt: skip
        for place, (account, cents) in enumerate(sides_of(entry), start=1):
            line = SubElement(transaction, "trLine")
            _texts(
                line, nr=place, accID=account, docRef=entry.reference or entry.number, effDate=entry.booked_on,
                desc=entry.description, **_amount(cents), custSupID=entry.member,
            )  # fmt: skip


def _totals(parent: Element, lines: Sequence[tuple[str, int]]) -> None:
    _texts(
        parent,
        linesCount=len(lines),
        totalDebit=to_euros(sum(-cents for _account, cents in lines if cents < 0)),
        totalCredit=to_euros(sum(cents for _account, cents in lines if cents > 0)),
    )


def _amount(cents: int) -> dict[str, object]:
    return {"amnt": to_euros(abs(cents)), "amntTp": "C" if cents > 0 else "D"}
