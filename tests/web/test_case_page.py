"""The business case on screen and as files: the same numbers everywhere, and replaced as a whole or not at all."""

import csv
import io
import re
import tomllib
import zipfile
from dataclasses import dataclass
from functools import cache
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from ecoop import language
from ecoop.demo.building import case_text
from ecoop.exchange.tables import Column, Kind, Table, as_csv, as_xlsx
from ecoop.finance import as_document, evaluate
from ecoop.finance.nmdn import Reference
from ecoop.finance.reading import read_case
from ecoop.finance.results import CaseResult
from ecoop.language import Language, gettext
from ecoop.language.cases import REFERENCES
from ecoop.services.case_files import read_text
from ecoop.web.cases.tables import LABELS
from tests.support.web import KETELHUIS, ZONNEDAK, Page, PageClient, Site
from tests.web.addresses import fill

CASE = f"/cooperatives/{KETELHUIS}/case/"
REPLACE = f"{CASE}replace"
TABLES = ("bills", "shares", "sources", "uses", "years", "assumptions")


@cache
def result() -> CaseResult:
    """The shipped case, computed without the platform."""
    return evaluate(read_case(tomllib.loads(case_text())))


@cache
def document() -> dict[str, Any]:
    """The same as a document."""
    return as_document(result())


def _spoken(code: str, text: str, **values: object) -> str:
    with language.speaking(Language(code)):
        return gettext(text, **values)


@dataclass(frozen=True)
class Download:
    """A table as it was downloaded."""

    head: list[str]
    rows: list[list[str]]


def _download(client: PageClient, name: str, code: str = "nl", **query: str) -> Download:
    body = client.get(f"{CASE}tables/{name}.csv", query=query).response.get_data()
    assert body.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(body.decode("utf-8-sig")), delimiter=";" if code == "nl" else ","))
    return Download(lines[0], lines[1:])


def _number(text: str) -> float:
    return float(text.replace(",", "."))


@pytest.fixture
def treasurer(demo: Site) -> PageClient:
    """The treasurer's browser."""
    return demo.signed_in("Petra Prijspeil")


@pytest.fixture
def member(demo: Site) -> PageClient:
    """A member's browser."""
    return demo.signed_in("Mo Meterkast")


# what the page says


def test_the_page_answers_in_a_sentence_with_the_figures_of_the_engine(member: PageClient) -> None:
    year = result().first_full_year
    assert year is not None
    count = result().nmdn[Reference.CONTRACT].connections
    share = result().share_not_paying_more(Reference.CONTRACT, year)
    assert share is not None
    page = member.get(CASE)

    fine = round(share * count)
    with language.speaking(Language.DUTCH):
        told = language.number(fine), language.number(count), str(year)
    answer = next(one for one in page.tree.iter("p") if one.get("class") == "answer")
    assert all(figure in "".join(answer.itertext()) for figure in told if fine != count or figure != told[0])


def test_the_digest_on_the_page_is_that_of_the_inputs(member: PageClient) -> None:
    assert result().digest in member.get(CASE).words()


@pytest.mark.parametrize("name", ["Petra Prijspeil", "Mo Meterkast", "Gijs Gevelgroen", "Fenna Fondsberg"])
def test_everybody_sees_the_same_case(demo: Site, name: str) -> None:
    tables = [demo.signed_in(who).get(CASE).all("table", class_="data") for who in (name, "Vera Vastrecht")]

    assert [ET.tostring(one) for one in tables[0]] == [ET.tostring(one) for one in tables[1]]


def test_only_the_treasurer_is_offered_to_replace_the_case(demo: Site) -> None:
    assert REPLACE in demo.signed_in("Petra Prijspeil").get(CASE).actions()
    assert REPLACE not in demo.signed_in("Vera Vastrecht").get(CASE).actions()


def test_every_chart_stands_above_the_table_with_its_numbers(member: PageClient) -> None:
    page = member.get(CASE)
    charts = [one for one in page.tree.iter("div") if one.get("data-chart")]

    assert len(charts) == 5
    assert len(list(page.tree.iter("table"))) >= 5


@pytest.mark.parametrize("code", ["nl", "en"])
def test_the_numbers_of_the_page_are_written_in_its_language(member: PageClient, code: str) -> None:
    member.speak(code)
    table = member.get(CASE).table(_spoken(code, "Where the money comes from"))

    assert table[-1][1] == ("€ 30.000.000" if code == "nl" else "€ 30,000,000")


@pytest.mark.parametrize("name", ["sources", "uses"])
def test_the_plan_adds_up_to_the_euro(member: PageClient, name: str) -> None:
    rows = {row[0]: int(row[1]) for row in _download(member, name).rows}
    parts, sums = list(rows.values())[:-3], list(rows.values())[-3:]

    assert sum(parts) == sums[0] == 27_500_000
    assert sums[1:] == [2_500_000, 30_000_000]


def test_the_sources_are_those_of_the_engine(member: PageClient) -> None:
    shown = [int(row[1]) for row in _download(member, "sources").rows[:-3]]
    plan = document()["sources_uses"]["sources"]
    computed = [value for name, value in plan.items() if name != "capitalised_interest" and abs(value) >= 0.5]

    assert shown == pytest.approx(computed, abs=1)


def test_the_years_are_those_of_the_engine(member: PageClient) -> None:
    found = _download(member, "years")
    series = document()["series"]

    assert [int(row[0]) for row in found.rows] == document()["years"]
    assert [_number(row[1]) for row in found.rows] == series["revenue_eur"]
    assert [_number(row[9]) for row in found.rows] == series["cash_eur"]
    assert [_number(row[11]) if row[11] else None for row in found.rows] == series["dscr"]


def test_the_shares_are_those_of_the_engine(member: PageClient) -> None:
    rows = _download(member, "shares").rows
    shares = document()["nmdn"]["contract"]["share_ok"]

    assert [_number(row[1]) if row[1] else None for row in rows] == shares


def test_every_assumption_of_the_file_is_on_the_page(member: PageClient) -> None:
    page = member.get(CASE)
    _mapping, written = read_text(case_text())
    keys = [value.key for value in written if value.key.rpartition(".")[2] not in LABELS]

    assert len(_download(member, "assumptions").rows) == len(keys)
    assert len([one for one in page.tree.iter("table") if one.get("class") == "data assumptions"]) >= 5


def test_the_whole_result_is_what_the_engine_says(member: PageClient) -> None:
    assert member.get(f"{CASE}result.json").response.get_json() == document()


# the year


@pytest.mark.parametrize("year", ["2040", "2057"])
def test_another_year_shows_other_bills(member: PageClient, year: str) -> None:
    first, other = _download(member, "bills").rows, _download(member, "bills", year=year).rows

    assert first != other
    assert [row[1] for row in first] == [row[1] for row in other]


@pytest.mark.parametrize("year", ["1999", "2999", "next", "", "-1", "２０３０", "²", "9" * 5000, "2030.5", "2030\0"])
def test_a_year_that_is_not_in_the_case_is_ignored(member: PageClient, year: str) -> None:
    assert _download(member, "bills", year=year) == _download(member, "bills")


# as files


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("code", ["nl", "en"])
def test_a_table_opens_in_the_readers_spreadsheet(member: PageClient, name: str, code: str) -> None:
    member.speak(code)
    found = _download(member, name, code)

    assert {len(row) for row in found.rows} == {len(found.head)}
    assert not any("np." in cell or cell in {"nan", "inf", "None"} for row in found.rows for cell in row)


def test_a_number_has_a_comma_in_dutch_and_a_point_in_english(member: PageClient) -> None:
    dutch = _download(member, "years").rows[5][1]
    member.speak("en")
    english = _download(member, "years", "en").rows[5][1]

    assert re.fullmatch(r"\d+,\d+", dutch)
    assert english == dutch.replace(",", ".")


def test_a_number_among_the_assumptions_is_a_number_for_a_dutch_spreadsheet(member: PageClient) -> None:
    values = {row[1]: row[2] for row in _download(member, "assumptions").rows}

    assert values["funding.loan.rate"] == "0,03"
    assert values["connections.demand_trend"] == "-0,003"
    assert values["time.first_year"] == "2025"


def _sheet(body: bytes) -> list[list[str]]:
    space = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    with zipfile.ZipFile(io.BytesIO(body)) as book:
        assert book.testzip() is None
        shared = ET.fromstring(book.read("xl/sharedStrings.xml")).findall("x:si", space)
        sheet = ET.fromstring(book.read("xl/worksheets/sheet1.xml"))
    texts = ["".join(one.itertext()) for one in shared]
    assert sheet.find(".//x:f", space) is None  # no formula anywhere
    return [
        [
            texts[int(cell.findtext("x:v", "", space))] if cell.get("t") == "s" else cell.findtext("x:v", "", space)
            for cell in row.findall("x:c", space)
        ]
        for row in sheet.findall(".//x:row", space)
    ]


@pytest.mark.parametrize("name", TABLES)
def test_a_workbook_holds_the_same_table(member: PageClient, name: str) -> None:
    answer = member.get(f"{CASE}tables/{name}.xlsx")
    sheet, found = _sheet(answer.response.get_data()), _download(member, name)

    assert answer.response.mimetype.endswith("spreadsheetml.sheet")
    assert sheet[0] == found.head
    assert len(sheet) == len(found.rows) + 1


@pytest.mark.parametrize("path", ["tables/unknown.csv", "tables/bills.pdf", "tables/bills.html", "tables/bills"])
def test_a_table_or_kind_that_is_not_there_is_not_there(member: PageClient, path: str) -> None:
    assert member.get(CASE + path).status == 404


EVIL = ['=HYPERLINK("http://evil.example")', "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"]


def _table(text: str) -> Table:
    columns = (Column(label=text), Column(label="Amount", kind=Kind.EURO))
    return Table(name="x", caption="x", columns=columns, rows=((text, -12.5), ("plain", None)))


@pytest.mark.parametrize("text", EVIL)
def test_a_text_never_becomes_a_formula_in_csv(text: str) -> None:
    with language.speaking(Language.DUTCH):
        body = as_csv(_table(text)).decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(body, newline=""), delimiter=";"))

    assert lines[0][0] == lines[1][0] == "'" + text
    assert lines[1][1] == "-12,5"


@pytest.mark.parametrize("text", EVIL)
def test_a_text_never_becomes_a_formula_in_a_workbook(text: str) -> None:
    sheet = _sheet(as_xlsx(_table(text)))

    assert sheet[1][0].endswith(text.strip())


# before there is a case


def test_a_cooperative_without_a_case_is_told_so(demo: Site) -> None:
    page = demo.signed_in("Zoë Zonnestraal").get(f"/cooperatives/{ZONNEDAK}/case/")

    assert page.says("%(name)s has no business case here yet.", name="Zonnedak De Dageraad")
    assert page.says("The treasurer can put one in.")


def test_its_treasurer_is_shown_how_to_begin(demo: Site) -> None:
    page = demo.signed_in("Pim Paneel").get(f"/cooperatives/{ZONNEDAK}/case/")

    assert f"/cooperatives/{ZONNEDAK}/case/replace" in page.actions()


@pytest.mark.parametrize("path", ["tables/bills.csv", "result.json"])
def test_without_a_case_there_are_no_files(demo: Site, path: str) -> None:
    assert demo.signed_in("Pim Paneel").get(f"/cooperatives/{ZONNEDAK}/case/{path}").status == 404


@pytest.mark.parametrize("path", ["", "for-you", "buildings", "people/"])
def test_the_other_pages_stand_without_a_case(demo: Site, path: str) -> None:
    assert demo.signed_in("Zoë Zonnestraal").get(f"/cooperatives/{ZONNEDAK}/{path}").status == 200


# replacing


def _replace(client: PageClient, content: bytes, path: str = REPLACE) -> Page:
    return client.post(path, {"file": (io.BytesIO(content), "case.toml")})


def _changed(old: str, new: str) -> bytes:
    assert old in case_text()
    return case_text().replace(old, new, 1).encode()


def test_a_good_file_takes_the_place_of_the_case(demo: Site, treasurer: PageClient) -> None:
    content = _changed("cpi = 0.02 ", "cpi = 0.021 ")

    answer = _replace(treasurer, content)

    assert answer.location == CASE
    assert evaluate(read_case(tomllib.loads(content.decode()))).digest in treasurer.get(CASE).words()


def test_the_case_before_stays_in_the_records(demo: Site, treasurer: PageClient) -> None:
    before = demo.counts()

    _replace(treasurer, case_text().encode())

    after = demo.counts()
    assert after["business_case"] == before["business_case"] + 1
    assert after["assumption"] == 2 * before["assumption"]


def test_the_page_says_who_recorded_the_case_and_when(treasurer: PageClient) -> None:
    _replace(treasurer, case_text().encode())

    assert treasurer.get(CASE).says("Recorded on %(day)s by %(name)s.", day="2 maart 2026", name="Petra Prijspeil")


def test_a_case_recorded_after_midnight_in_amsterdam_is_of_that_day(demo: Site, treasurer: PageClient) -> None:
    demo.clock.move(hours=12, minutes=30)  # half past eleven at night in UTC, half past midnight in Amsterdam

    _replace(treasurer, case_text().encode())

    assert treasurer.get(CASE).says("Recorded on %(day)s by %(name)s.", day="3 maart 2026", name="Petra Prijspeil")


def test_a_file_with_a_byte_order_mark_is_a_file(treasurer: PageClient) -> None:
    assert _replace(treasurer, b"\xef\xbb\xbf" + case_text().encode()).status == 303


def test_a_file_with_windows_line_ends_is_a_file(treasurer: PageClient) -> None:
    assert _replace(treasurer, case_text().replace("\n", "\r\n").encode()).status == 303
    assert result().digest in treasurer.get(CASE).words()


BAD = {
    "not TOML": b"vat = = 21",
    "not UTF-8": b'name = "caf\xe9"',
    "a picture": b"\x89PNG\r\n\x1a\n\x00\x00",
    "empty": b" \n",
    "unknown keys only": b"[hello]\nworld = 1\n",
    "one wrong value": _changed("vat = 0.21 ", "vat = 21.0 "),
    "a key twice": case_text().encode() + b"\n[tax]\n",
    "deeply nested": b"a = " + b"[" * 5000,
    "a number out of reach": _changed("vat = 0.21 ", "vat = 1e999 "),
    "a name without end": _changed('name = "KetelhuisWG-like base case"', f'name = "{"x" * 5000}"'),
    "a name with a NUL": _changed('name = "KetelhuisWG-like base case"', 'name = "a\\u0000b"'),
    "an empty name": _changed('name = "KetelhuisWG-like base case"', 'name = ""'),
}


@pytest.mark.parametrize("content", BAD.values(), ids=BAD)
def test_a_file_that_cannot_be_used_stores_nothing(demo: Site, treasurer: PageClient, content: bytes) -> None:
    before = demo.contents()

    answer = _replace(treasurer, content)

    assert answer.status == 400
    assert answer.says("This file cannot be used. Nothing was stored.")
    assert demo.contents() == before


def test_everything_that_is_wrong_is_told_at_once(demo: Site, treasurer: PageClient) -> None:
    lines = case_text().splitlines()
    wrong = [number for number, line in enumerate(lines) if re.match(r"(om_share|life_years|count|gas_m3) = ", line)][
        :20
    ]
    for number in wrong:
        lines[number] = re.sub(r"= \S+", "= -1", lines[number])
    before = demo.counts()

    answer = _replace(treasurer, "\n".join(lines).encode())

    alert = answer.all("div", role="alert")[0]
    assert len(wrong) == 20
    assert len(list(alert.iter("li"))) >= 20
    assert demo.counts() == before


def test_each_problem_names_the_place_of_what_is_wrong(treasurer: PageClient) -> None:
    answer = _replace(treasurer, _changed("vat = 0.21 ", "vat = 21.0 "))

    assert "tax.vat" in answer.words()


@pytest.mark.parametrize("data", [{}, {"file": (io.BytesIO(b""), "")}, {"file": "not a file"}], ids=["no", "", "text"])
def test_without_a_file_one_is_asked_for(demo: Site, treasurer: PageClient, data: dict[str, Any]) -> None:
    before = demo.contents()

    answer = treasurer.post(REPLACE, data, content_type="multipart/form-data")

    assert answer.status == 400
    assert answer.says("Choose a file first.")
    assert demo.contents() == before


def test_a_replacement_of_one_cooperative_leaves_the_other_alone(demo: Site) -> None:
    pim = demo.signed_in("Pim Paneel")

    _replace(pim, _changed("cpi = 0.02 ", "cpi = 0.03 "), f"/cooperatives/{ZONNEDAK}/case/replace")

    assert result().digest in demo.signed_in("Mo Meterkast").get(CASE).words()


# the own household


def test_a_member_chooses_the_own_kind_of_household(member: PageClient) -> None:
    path = fill(member.site, "home.own_page")
    codes = [one.get("value") for one in member.get(path).tree.iter("option")]
    answers = {str(code): member.get(path, query={"household": str(code)}).words() for code in codes}

    assert len(set(answers.values())) == len(codes)


def test_the_household_has_the_figures_of_the_case(member: PageClient) -> None:
    page = member.get(fill(member.site, "home.own_page"), query={"household": "flat_owner"})
    with language.speaking(Language.DUTCH):
        year = result().first_full_year
        assert year is not None
        bills = result().nmdn[Reference.CONTRACT].segments["flat_owner"]
        position = result().position(year)
        now, then = language.euros(float(bills.now_eur[position])), language.euros(float(bills.then_eur[position]))
        row = [REFERENCES["contract"], now, then]
        caption = gettext("A household like yours, now and later")
        name = gettext(row[0])

    table = page.table(caption)
    assert table[1][:3] == [name, now.replace("\xa0", " "), then.replace("\xa0", " ")]


@pytest.mark.parametrize("household", ["", "castle", "\0", "x" * 5000])
def test_a_household_that_is_not_in_the_case_is_ignored(member: PageClient, household: str) -> None:
    path = fill(member.site, "home.own_page")

    assert member.get(path, query={"household": household}).words() == member.get(path).words()
