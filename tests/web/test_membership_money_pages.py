"""The money of members on the page: what is open, what a run comes to, who sees a number, and files that are noted."""

import io
import zipfile
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import sqlalchemy as sa

from ecoop.db import Scope
from ecoop.exchange.sepa import check_schema
from ecoop.governance.roles import RULES, Permission, Reach, Role, roles_reaching
from ecoop.models import BankAccount, DirectDebit, LedgerEntryRow, Membership, SecondFactorRule
from ecoop.web.membership_money.forms import read_cents
from tests.support.web import KETELHUIS, PageClient, Site, only

MONEY = f"/cooperatives/{KETELHUIS}/money"
CHARGE = {"class_code": "tenant", "year": "2027", "amount": "12,50", "booked_on": "2026-03-02"}


@pytest.fixture
def petra(demo: Site) -> PageClient:
    """The treasurer."""
    return demo.signed_in("Petra Prijspeil")


def with_account(site: Site) -> tuple[int, int, str]:
    """A member with a bank account in use: membership, account, and the last four characters of its number."""
    with site.inside(KETELHUIS) as session:
        query = (
            sa.select(Membership.id, BankAccount.id, BankAccount.masked_iban)
            .join(BankAccount, BankAccount.party_id == Membership.party_id)
            .order_by(BankAccount.id)
        )
        found = session.execute(query).first()
    assert found is not None
    return found[0], found[1], found[2][-4:]


def batch_id(site: Site) -> int:
    with site.inside(KETELHUIS) as session:
        return session.scalars(sa.select(DirectDebit.id)).one()


def count_entries(site: Site) -> int:
    with site.inside(KETELHUIS) as session:
        return session.scalar(sa.select(sa.func.count()).select_from(LedgerEntryRow)) or 0


@pytest.mark.parametrize(
    ("text", "cents"),
    [("20", 2000), ("12,50", 1250), ("12.5", 1250), ("€ 1.234,50", 123450), ("1,234.50", 123450), ("1.234", 123400),
     ("0,05", 5), ("12,505", None), ("-3", None), ("", None), ("1.23.4", None), ("twee", None)],
)  # fmt: skip
def test_an_amount_is_read_as_one_writes_it(text: str, cents: int | None) -> None:
    assert read_cents(text) == cents


def test_the_first_page_says_what_members_hold_and_what_is_open(petra: PageClient) -> None:
    words = petra.get(f"{MONEY}/").words()

    assert "inleg van" in words
    assert "contributies staan open" in words


def test_a_run_is_shown_before_it_is_charged_and_charges_nobody_twice(petra: PageClient, demo: Site) -> None:
    before = count_entries(demo)
    shown = petra.get(f"{MONEY}/charge", query=CHARGE)
    assert "€ 12,50 voor 2027" in shown.words().replace("\u00a0", " ")
    assert count_entries(demo) == before

    assert petra.follow(petra.post(f"{MONEY}/charge", CHARGE)).status == 200
    charged = count_entries(demo)
    again = petra.post(f"{MONEY}/charge", CHARGE)

    assert charged > before
    assert again.status == 400
    assert count_entries(demo) == charged


def test_an_amount_that_is_none_is_told_beside_its_field(petra: PageClient, demo: Site) -> None:
    number, _account, _last = with_account(demo)
    wrong = {"account": "contribution", "kind": "received", "amount": "twee", "booked_on": "2026-03-02"}

    page = petra.post(f"{MONEY}/members/{number}/book", wrong)

    assert page.status == 400
    assert page.says("This is not an amount. Write it as 12,50.")


def test_a_receipt_is_booked_and_taken_back(petra: PageClient, demo: Site) -> None:
    number, _account, _last = with_account(demo)
    new = {"account": "capital", "kind": "received", "amount": "75", "booked_on": "2026-03-02", "reference": "B-1"}

    assert "B-1" in petra.follow(petra.post(f"{MONEY}/members/{number}/book", new)).words()
    assert petra.post(f"{MONEY}/members/{number}/book", new).says("%(reference)s was booked already.", reference="B-1")
    with demo.inside(KETELHUIS) as session:
        entry = session.scalars(sa.select(LedgerEntryRow.id).where(LedgerEntryRow.reference == "B-1")).one()
    back = petra.follow(
        petra.post(f"{MONEY}/members/{number}/entries/{entry}/correct", {"why": "Verkeerd lid."})
    )  # fmt: skip

    assert "Inleg: tegenboeking" in back.words()
    assert "Verkeerd lid." in back.words()


def test_capital_passes_to_another_member_by_number(petra: PageClient, demo: Site) -> None:
    number, _account, _last = with_account(demo)
    given = {"to-to_number": "1", "to-amount": "10", "to-booked_on": "2026-03-02"}

    assert petra.post(f"{MONEY}/members/{number}/transfer", given | {"to-to_number": "9999"}).says(
        "There is no member with this number."
    )
    answer = petra.follow(petra.post(f"{MONEY}/members/{number}/transfer", given | {"to-to_number": "4"}))
    assert "overgedragen aan een ander lid" in answer.words()


def test_a_number_is_masked_and_shown_whole_once_with_a_reason(petra: PageClient, demo: Site) -> None:
    number, account, last = with_account(demo)
    page = f"{MONEY}/members/{number}/"
    assert f"NL** **** **** {last}" in petra.get(page).words()
    assert "TEST" not in petra.get(page).words()

    refused = petra.post(f"{page}bank-accounts/{account}/reveal", {"why": " "})
    assert refused.status == 400
    assert "TEST" not in refused.words()
    shown = petra.post(f"{page}bank-accounts/{account}/reveal", {"why": "De bank belde."})

    assert "TEST" in shown.words()
    assert shown.response.headers["Cache-Control"] == "no-store"
    assert "TEST" not in petra.get(page).words()
    assert "iban" in demo.rows("access_entry", "kind")


@pytest.mark.parametrize("role", roles_reaching(Reach.COOPERATIVE))
def test_no_page_shows_a_whole_number_to_anybody_but_the_treasurer_who_asked(staffed: Site, role: Role) -> None:
    number, account, last = with_account(staffed)
    client = staffed.signed_in(only(role))
    may = RULES[role].permissions

    member = client.get(f"/cooperatives/{KETELHUIS}/members/{number}/")
    own = client.get(f"{MONEY}/members/{number}/")
    shown = client.post(f"{MONEY}/members/{number}/bank-accounts/{account}/reveal", {"why": "Zomaar."})

    assert member.status == (200 if Permission.SEE_REGISTER in may else 403)
    assert own.status == (200 if Permission.SEE_MONEY in may else 403)
    assert shown.status == (200 if Permission.KEEP_MONEY in may else 403)
    assert (last in member.words()) == (Permission.SEE_REGISTER in may)
    assert "TEST" not in member.words() + own.words()
    assert ("TEST" in shown.words()) == (role is Role.TREASURER)


def test_an_account_is_added_with_a_mandate_and_ended(petra: PageClient, demo: Site) -> None:
    number, account, _last = with_account(demo)
    page = f"{MONEY}/members/{number}/"
    petra.post(f"{page}bank-accounts/{account}/end", {})
    wrong = petra.post(
        f"{page}bank-accounts", {"bank-iban": "NL00", "bank-holder": "X", "bank-valid_from": "2026-03-02"}
    )
    assert wrong.says("This account number (IBAN) is not right. Check it with the bank card or a statement.")

    new = {"bank-iban": "NL91 ABNA 0417 1643 00", "bank-holder": "A. Lid", "bank-valid_from": "2026-03-02"}
    assert "NL** **** **** 4300" in petra.follow(petra.post(f"{page}bank-accounts", new)).words()
    with demo.inside(KETELHUIS) as session:
        added = session.scalars(sa.select(BankAccount.id).where(BankAccount.masked_iban.endswith("4300"))).one()
    signed = {"signed_on": "2026-03-02", "signing": "on_paper", "scheme": "CORE", "reference": ""}
    answer = petra.follow(petra.post(f"{page}bank-accounts/{added}/sign", signed))

    assert "in gebruik" in answer.words()
    assert "beëindigd" in answer.words()


def test_a_direct_debit_goes_from_draft_to_booked(petra: PageClient, demo: Site) -> None:
    page = f"{MONEY}/debits/{batch_id(demo)}/"
    assert "klaargezet" in petra.get(page).words()
    assert petra.follow(petra.post(f"{page}file", {})).says("This is not the next step.")
    petra.post(f"{page}announce", {})
    made = petra.follow(petra.post(f"{page}file", {}))
    assert made.says("The file is made, and passes the schema of pain.008.001.08.")

    taken = petra.post(f"{page}take", {})
    check_schema(taken.response.data)
    assert taken.response.headers["Cache-Control"] == "no-store"

    with demo.database.work(Scope(cooperative_ids=frozenset({1}), may_write=True)) as session:
        session.execute(sa.delete(SecondFactorRule))  # it would ask a second step of the treasurer from next month on
    demo.clock.move(days=31)
    assert petra.post(f"{page}results", {"returns": "onzin"}).says("This could not be read: %(rows)s", rows="onzin")
    assert petra.post(f"{page}results", {"returns": "1 X"}).status == 400
    booked = petra.follow(petra.post(f"{page}results", {"returns": "1 AM04"}))
    assert "te weinig geld op de rekening" in booked.words()
    later = petra.follow(petra.post(f"{page}results", {"returns": "2 MD06"}))
    assert "de betaler vroeg het geld terug" in later.words()


def test_a_year_is_closed_once_it_was_asked_for(petra: PageClient, demo: Site) -> None:
    assert petra.follow(petra.post(f"{MONEY}/years/close", {"year": "2026"})).says(
        "The year %(year)s is not over yet.", year="2026"
    )
    closed = petra.follow(petra.post(f"{MONEY}/years/close", {"year": "2025"}))

    assert closed.says("Closed through %(year)s. Nothing is booked in those years any more.", year="2025")
    assert "zegt nog wat het toen zei" in closed.words()


def test_statements_are_asked_of_a_closed_year_only(petra: PageClient, demo: Site) -> None:
    refused = petra.follow(petra.post(f"{MONEY}/years/2026/statements/send", {}))
    assert refused.says(
        "Close the year %(year)s first: then what a statement says cannot change any more.", year="2026"
    )
    petra.post(f"{MONEY}/years/2024/statements/make", {})

    assert "money.statements" in demo.rows("job", "kind")


@pytest.mark.parametrize("kind", ["csv", "xlsx", "xaf"])
def test_the_ledger_leaves_as_a_file_and_that_is_noted(petra: PageClient, demo: Site, kind: str) -> None:
    answer = petra.get(f"{MONEY}/ledger/2025.{kind}")
    content = answer.response.data

    assert answer.status == 200
    assert demo.rows("access_entry", "subject") == ["ledger:2025"]
    if kind == "csv":
        assert content.decode("utf-8-sig").startswith("Boeking;Dag;")
    elif kind == "xlsx":
        assert zipfile.is_zipfile(io.BytesIO(content))
    else:
        assert ET.fromstring(content).tag.endswith("auditfile")


def test_a_balance_list_of_any_day_leaves_with_its_totals_and_fingerprint(petra: PageClient) -> None:
    text = petra.get(f"{MONEY}/balance.csv", query={"on": "2025-12-31"}).response.data.decode("utf-8-sig")

    assert "vingerafdruk" in text
    assert petra.get(f"{MONEY}/balance", query={"on": "2025-12-31"}).status == 200
    assert petra.get(f"{MONEY}/balance.exe").status == 404


def test_how_we_collect_can_be_changed(petra: PageClient, demo: Site) -> None:
    given: dict[str, Any] = {
        "identifier": "NL69ZZZ123456780000", "name": "KetelhuisWG", "iban": "NL91 ABNA 0417 1643 00",
        "announce_days": "5", "lapse_months": "36", "valid_from": "2026-03-02",
    }  # fmt: skip
    assert petra.post(f"{MONEY}/collecting", given | {"identifier": "NL00ZZZ1"}).says(
        "This creditor identifier is not right. The bank gave it with the contract."
    )
    assert "Minstens 5 dagen" in petra.follow(petra.post(f"{MONEY}/collecting", given)).words()


def test_who_sees_money_and_does_not_keep_it_finds_no_buttons(staffed: Site) -> None:
    number, _account, _last = with_account(staffed)
    client = staffed.signed_in(only(Role.AUDIT_COMMITTEE))

    for path in ("", "years", "debits/", f"debits/{batch_id(staffed)}/", f"members/{number}/"):
        page = client.get(f"{MONEY}/{path}")
        posts = [one.get("action") for one in page.tree.iter("form") if (one.get("method") or "").lower() == "post"]
        assert [one for one in posts if "/money" in (one or "")] == [], path
