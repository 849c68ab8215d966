"""The bank file on the page: put in, looked at, confirmed, booked; nothing of it is kept and no number is shown."""

import io

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet

from ecoop.errors import Refused
from ecoop.models import LedgerEntryRow, Membership, PartyRecord
from ecoop.services import balances
from ecoop.web.membership_money import bank_pages
from tests.support.bank_file import a_statement, an_entry
from tests.support.money import an_iban
from tests.support.web import KETELHUIS, NOON, Page, PageClient, Site

BANK = f"/cooperatives/{KETELHUIS}/money/bank-file"


@pytest.fixture
def petra(demo: Site) -> PageClient:
    """The treasurer."""
    return demo.signed_in("Petra Prijspeil")


def owing(site: Site) -> tuple[int, str, int]:
    """A member of the demo who owes: number, name, and the cents of the oldest charge."""
    with site.inside(KETELHUIS) as session:
        home = session.scalars(sa.select(Membership.cooperative_id)).first()
        assert home is not None
        charges = balances.read_open_charges(session, cooperative_id=home, day=NOON.date())
        query = sa.select(Membership.number, PartyRecord.name).join(
            PartyRecord, PartyRecord.party_id == Membership.party_id
        )
        number, name = session.execute(query.where(Membership.id == charges[0].membership_id)).first() or (0, "")
    return number, name, charges[0].cents


def count_entries(site: Site) -> int:
    with site.inside(KETELHUIS) as session:
        return session.scalar(sa.select(sa.func.count()).select_from(LedgerEntryRow)) or 0


def put_in(client: PageClient, content: bytes) -> Page:
    return client.post(f"{BANK}/", {"file": (io.BytesIO(content), "afschrift.xml")}, content_type="multipart/form-data")


def filled(page: Page) -> dict[str, str]:
    """The form as the page proposes it."""
    found = {"sealed": page.all("input", name="sealed")[0].get("value") or ""}
    for select in page.tree.iter("select"):
        name = select.get("name") or ""
        if name.startswith("choice-"):
            taken = [one.get("value") or "" for one in select.iter("option") if "selected" in one.attrib]
            found[name] = taken[0] if taken else ""
    return found


def test_a_file_is_looked_at_confirmed_and_booked_once(petra: PageClient, demo: Site) -> None:
    number, name, cents = owing(demo)
    content = a_statement([an_entry(cents, name=name, text=f"lidnummer {number}", iban=an_iban(4711)),
                           an_entry(700, name="Bakker Bol")])  # fmt: skip
    before = count_entries(demo)
    looked = put_in(petra, content)
    assert "1 van 2 regels zijn duidelijk" in looked.words()
    assert name in looked.words()
    assert an_iban(4711) not in looked.text

    asked = petra.post(f"{BANK}/choose", filled(looked))
    assert "1 ontvangst wordt geboekt" in asked.words()
    assert count_entries(demo) == before
    again = filled(asked)
    done = petra.follow(petra.post(f"{BANK}/book", again))

    assert "1 ontvangst is geboekt" in done.words()
    assert count_entries(demo) == before + 1
    assert petra.post(f"{BANK}/book", again).says("It was booked meanwhile.")
    assert "Al geboekt: 1" in put_in(petra, content).words()
    assert count_entries(demo) == before + 1


def test_no_account_number_of_a_stranger_is_kept(petra: PageClient, demo: Site) -> None:
    number, _name, cents = owing(demo)
    content = a_statement([an_entry(cents, text=f"lid {number}", iban=an_iban(4711), reference="R1")])
    asked = petra.post(f"{BANK}/choose", filled(put_in(petra, content)))
    petra.post(f"{BANK}/book", filled(asked))

    assert an_iban(4711) not in str(demo.contents())


def test_a_line_can_be_left_out_and_nothing_chosen_is_told(petra: PageClient, demo: Site) -> None:
    number, _name, cents = owing(demo)
    looked = filled(put_in(petra, a_statement([an_entry(cents, text=f"lid {number}")])))
    page = petra.post(f"{BANK}/choose", {"sealed": looked["sealed"], "choice-0": ""})

    assert page.status == 400
    assert page.says("Choose at least one line to book, from what is offered.")


@pytest.mark.parametrize("content", [b"", b"nothing", b"<!DOCTYPE a><a/>", a_statement([])])
def test_a_file_that_cannot_be_used_is_told_beside_the_field(petra: PageClient, content: bytes) -> None:
    page = put_in(petra, content)

    assert page.status == 400
    assert page.all("p", id="file-errors")


def test_lines_that_were_sealed_for_somebody_else_or_nobody_are_refused(petra: PageClient, demo: Site) -> None:
    before = count_entries(demo)
    for text in ("", "x", "gAAAAA"):
        for step in ("choose", "book"):
            assert petra.post(f"{BANK}/{step}", {"sealed": text}).status == 303
    told = {"cooperative_id": 1, "account_id": 2, "key": Fernet.generate_key().decode()}
    sealed = bank_pages.carry(bank_pages.Carried(lines=(), digest="", accepted={}), **told)
    with pytest.raises(Refused):
        bank_pages.carried_from(sealed, **(told | {"account_id": 3}))
    with pytest.raises(Refused):
        bank_pages.carried_from(sealed, **(told | {"cooperative_id": 3}))

    assert bank_pages.carried_from(sealed, **told).lines == ()
    assert count_entries(demo) == before


def test_promised_received_and_open_stand_on_the_page(petra: PageClient) -> None:
    rows = petra.get(f"{BANK}/").table("Toegezegd, ontvangen, open")

    assert [row[0] for row in rows[1:]][:2] == ["Contributie", "Inleg"]
