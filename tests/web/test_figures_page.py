"""Figures on screen: side by side, which one is used and why, added and withdrawn."""

import io
import re
import zipfile
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ecoop.governance.evidence import Bound, Subject
from ecoop.governance.figures import Basis, Status, Unit
from ecoop.models import Figure, FigureChoice
from tests.support.web import KETELHUIS, ZONNEDAK, Page, PageClient, Site, words_of

HOME = f"/cooperatives/{KETELHUIS}/figures/"
FORM = {
    "subject": "members",
    "own_subject": "",
    "bound": "over",
    "value": "1.270",
    "unit": "members",
    "basis": "none",
    "status": "reported",
    "source": "Jaarverslag",
    "source_url": "",
}


@pytest.fixture
def treasurer(demo: Site) -> PageClient:
    """The treasurer's browser."""
    return demo.signed_in("Petra Prijspeil")


def _part(page: Page, name: str) -> str:
    """The words of the section with this heading."""
    for section in page.tree.iter("section"):
        head = section.find("h2")
        if head is not None and words_of(head) == name:
            return words_of(section)
    raise LookupError(name)


def _number(site: Site, **wanted: Any) -> int:
    with site.inside(KETELHUIS) as session:
        query = sa.select(Figure.id).filter_by(**wanted).order_by(Figure.id)
        return session.scalars(query).all()[-1]


def test_what_the_sources_say_stands_side_by_side(demo: Site) -> None:
    told = _part(demo.signed_in("Mo Meterkast").get(HOME), "Aantal gebouwen")

    assert re.search(r"25 gebouwen.*28 gebouwen.*29 gebouwen.*30 gebouwen", told)
    assert "Er is er geen in gebruik." in told


def test_the_figure_in_use_is_marked_with_the_reason(demo: Site) -> None:
    told = _part(demo.signed_in("Mo Meterkast").get(HOME), "Deel van het waterschap")

    assert "In gebruik: € 2.600.000." in told
    assert "Van het waterschap zelf" in told
    assert "exclusief btw" in told
    assert "Niet te vergelijken: de grondslag verschilt." in told


def test_unknown_is_told_and_is_not_zero(demo: Site) -> None:
    told = _part(demo.signed_in("Mo Meterkast").get(HOME), "Aantal leden")

    assert "onbekend" in told
    assert not re.search(r"\b0 leden", told)


def test_a_part_of_a_year_is_marked(demo: Site) -> None:
    told = _part(demo.signed_in("Mo Meterkast").get(HOME), "Aantal aansluitingen")

    assert "1 november 2022 tot en met 30 november 2022, een deel van een jaar" in told


def test_a_member_reads_and_changes_nothing(demo: Site) -> None:
    page = demo.signed_in("Mo Meterkast").get(HOME)

    assert not any("/figures/" in path and path.split("/")[-1] in {"add", "choose"} for path in page.actions())


def test_a_cooperative_without_figures_says_how_to_begin(demo: Site) -> None:
    page = demo.signed_in("Zoë Zonnestraal").get(f"/cooperatives/{ZONNEDAK}/figures/")

    assert page.says("No figures are recorded yet.")


def test_a_figure_is_added_beside_the_others(treasurer: PageClient) -> None:
    page = treasurer.follow(treasurer.post(f"{HOME}add", FORM))

    assert page.says("The figure was added. It stands beside the others.")
    assert re.search(r"meer dan 1.270 leden.*Jaarverslag.*Petra Prijspeil", _part(page, "Aantal leden"))


def test_a_subject_can_be_named_in_own_words(treasurer: PageClient) -> None:
    own = FORM | {"subject": "other", "own_subject": "Bomen op het dak", "unit": "projects"}

    page = treasurer.follow(treasurer.post(f"{HOME}add", own))

    assert "1.270 projecten" in _part(page, "Bomen op het dak")


def test_a_period_is_filled_in_with_its_last_day(treasurer: PageClient) -> None:
    form = FORM | {"period_start": "2025-01-01", "period_end": "2025-12-31"}

    page = treasurer.follow(treasurer.post(f"{HOME}add", form))

    assert "2025 Jaarverslag" in _part(page, "Aantal leden")


WRONG = {
    "no value": ({"value": ""}, "Fill in the value, or choose “Unknown”."),
    "an unknown value": (
        {"bound": "unknown"},
        "An unknown figure has no value. Leave it empty, or choose how exact it is.",
    ),
    "no number": ({"value": "veel"}, "This is not a number we can keep: at most 12 digits, and 6 behind the comma."),
    "no source": ({"source": " "}, "Fill this in."),
    "a day and a period": (
        {"as_at": "2025-01-01", "period_start": "2025-01-01", "period_end": "2025-12-31"},
        "Choose a day or a period, not both.",
    ),
    "half a period": ({"period_end": "2025-12-31"}, "A period has a first and a last day. Fill in both, or neither."),
    "no subject": ({"subject": "other"}, "Say what the figure is about."),
    "an address of a script": (
        {"source_url": "javascript:alert(1)"},
        "This is not a web address. It begins with https:// or http://.",
    ),
}


@pytest.mark.parametrize(("given_values", "sentence"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_added_is_told_and_nothing_is_stored(
    demo: Site, treasurer: PageClient, given_values: dict[str, str], sentence: str
) -> None:
    before = demo.contents()

    page = treasurer.post(f"{HOME}add", FORM | given_values)

    assert page.status == 400
    assert page.says(sentence)
    assert demo.contents() == before


def test_the_last_day_there_is_is_refused(demo: Site, treasurer: PageClient) -> None:
    before = demo.contents()

    page = treasurer.post(f"{HOME}add", FORM | {"period_start": "2025-01-01", "period_end": "9999-12-31"})

    assert page.status == 400
    assert page.says("Is the year right? Choose a day between %(first)s and %(last)s.", first=1800, last=2200)
    assert demo.contents() == before


def test_another_figure_is_chosen_with_a_reason(demo: Site, treasurer: PageClient) -> None:
    number = _number(demo, subject="buildings", value_millionths=28_000_000)

    page = treasurer.follow(treasurer.post(f"{HOME}{number}/choose", {"reason": "Zelf geteld."}))

    told = _part(page, "Aantal gebouwen")
    assert "In gebruik: 28 gebouwen." in told
    assert "“Zelf geteld.” (Petra Prijspeil, 2 maart 2026)" in told
    assert "2 gebouwen meer" in told


def test_without_a_reason_nothing_is_chosen(demo: Site, treasurer: PageClient) -> None:
    before = demo.contents()

    page = treasurer.follow(treasurer.post(f"{HOME}{_number(demo, subject='buildings')}/choose", {"reason": " "}))

    assert page.says("Say why: everybody inside can read it. Nothing was changed.")
    assert demo.contents() == before


def test_a_withdrawn_figure_moves_to_what_counted_before(demo: Site, treasurer: PageClient) -> None:
    number = _number(demo, subject="total")

    page = treasurer.follow(treasurer.post(f"{HOME}{number}/withdraw", {"reason": "Verkeerd overgenomen."}))

    assert "Ingetrokken: € 30.000.000" in _part(page, "Het hele project")
    assert "€ 30,0" not in treasurer.get(f"/cooperatives/{KETELHUIS}/case/").words()


def test_the_table_can_be_taken_along_and_unknown_is_an_empty_cell(treasurer: PageClient) -> None:
    lines = treasurer.get(f"{HOME}figures.csv").response.get_data().decode("utf-8-sig").splitlines()
    book = zipfile.ZipFile(io.BytesIO(treasurer.get(f"{HOME}figures.xlsx").response.get_data()))

    assert any(line.startswith("Aantal leden;;onbekend;") for line in lines)
    assert any(line.startswith("Omvang van het gebied;1270") for line in lines)
    assert "xl/workbook.xml" in book.namelist()
    assert treasurer.get(f"{HOME}figures.exe").status == 404


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def _some(*codes: str) -> st.SearchStrategy[str]:
    return st.one_of(st.sampled_from(codes), TEXTS)


FORMS = st.fixed_dictionaries(
    {
        "subject": _some(*Subject, "other"),
        "bound": _some(*Bound),
        "value": st.one_of(TEXTS, st.decimals(allow_nan=True).map(str), st.integers().map(str)),
        "unit": _some(*Unit),
        "basis": _some(*Basis),
        "status": _some(*Status),
        "source": TEXTS,
    },
    optional={
        "own_subject": TEXTS,
        "as_at": st.one_of(TEXTS, st.dates().map(str)),
        "period_start": st.one_of(TEXTS, st.dates().map(str)),
        "period_end": st.one_of(TEXTS, st.dates().map(str)),
        "source_url": st.one_of(TEXTS, TEXTS.map(lambda text: f"https://{text}")),
        "marked_partial": TEXTS,
    },
)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(form=FORMS)
def test_no_form_makes_the_site_fail_or_stores_half(demo: Site, treasurer: PageClient, form: dict[str, str]) -> None:
    client = treasurer
    before = len(demo.rows("figure", "id")), len(demo.rows("audit_entry", "number"))

    status = client.flask.post(f"{HOME}add", data=form | {"csrf_token": client.token()}).status_code

    more = 1 if status == 303 else 0
    assert status in {303, 400}
    assert (len(demo.rows("figure", "id")), len(demo.rows("audit_entry", "number"))) == (
        before[0] + more,
        before[1] + more,
    )
    assert client.flask.get(HOME).status_code == 200


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(reason=TEXTS, verb=st.sampled_from(["choose", "withdraw"]))
def test_no_reason_makes_the_site_fail(demo: Site, treasurer: PageClient, reason: str, verb: str) -> None:
    client = treasurer
    form = {"reason": reason, "csrf_token": client.token()}

    status = client.flask.post(f"{HOME}{_number(demo)}/{verb}", data=form).status_code

    assert status in {303, 400}
    with demo.inside(KETELHUIS) as session:
        assert all(one.strip() for one in session.scalars(sa.select(FigureChoice.reason)))
