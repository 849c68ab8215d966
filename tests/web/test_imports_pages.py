"""The way of a sheet in the browser: put in, choose, look, take over, undo; and who may, and what is noted."""

import io
import re
from pathlib import Path

import pytest

from ecoop.exchange.sheets import read_sheet
from ecoop.governance.roles import RULES, Permission
from ecoop.models import AccessEntry
from ecoop.worker import Worker
from tests.support.web import KETELHUIS, Page, PageClient, Site
from tests.worker.conftest import work_it_off

IMPORTS = f"/cooperatives/{KETELHUIS}/imports"
HEAD = "Lidnr;Naam;Adres;Postcode;Plaats;Lid sinds;Soort;Opmerking\r\n"
JAN = "901;Jan de Vries;Kade 12;1054AB;Amsterdam;31-12-2019;huurder;x\r\n"
PIET = "902;Piet Ketel;Kade 13;1054AB;Amsterdam;01-01-2020;eigenaar;\r\n"
WRONG = "903;Olga Pomp;Kade 14;1054;Amsterdam;31-2-2019;vip;\r\n"


@pytest.fixture
def silvia(demo: Site) -> PageClient:
    """The secretary."""
    return demo.signed_in("Silvia Schrijfgraag")


def put_in(client: PageClient, *rows: str, name: str = "leden.csv", head: str = HEAD) -> Page:
    content = (head + "".join(rows)).encode("cp1252")
    data = {"file": (io.BytesIO(content), name)}
    return client.post(f"{IMPORTS}/put-in", data, content_type="multipart/form-data")


def columns(page: Page) -> dict[str, str]:
    """What the form for the columns says."""
    return {
        select.get("name") or "": next((one.get("value") or "" for one in select.iter("option")
                                        if one.get("selected") is not None), "")
        for select in page.all("select")
    }  # fmt: skip


def previewed(client: PageClient, *rows: str) -> Page:
    asked = client.follow(put_in(client, *rows))
    return client.follow(client.post(asked.path, columns(asked)))


def agree(client: PageClient, preview: Page, **given: str) -> Page:
    digest = next(one.get("value") for one in preview.all("input") if one.get("name") == "digest")
    return client.post(f"{preview.path}take-over", {"digest": digest} | given)


def work(site: Site) -> None:
    work_it_off(Worker(site.database, site.settings, site.clock, planned=()))


def register_names(client: PageClient) -> str:
    return client.get(f"/cooperatives/{KETELHUIS}/members/", query={"text": "Kade"}).words()


def test_the_columns_are_guessed_and_shown_with_examples(silvia: PageClient) -> None:
    page = silvia.follow(put_in(silvia, JAN, PIET))

    assert columns(page)["column-0"] == "number"
    assert columns(page)["column-7"] == ""
    assert "Jan de Vries" in page.words()
    assert page.says("%(chosen)s of %(all)s columns are recognised. Change what is not right.", chosen=7, all=8)


def test_a_choice_of_columns_without_a_name_is_told(silvia: PageClient) -> None:
    asked = silvia.follow(put_in(silvia, JAN))

    answer = silvia.post(asked.path, columns(asked) | {"column-1": ""})

    assert answer.status == 400
    assert answer.says("No column holds a name. Choose which one does.")


def test_a_choice_that_was_kept_is_offered_for_the_next_sheet(silvia: PageClient) -> None:
    asked = silvia.follow(put_in(silvia, JAN))
    silvia.post(asked.path, columns(asked) | {"column-7": "city", "column-4": "", "name": "Oude lijst"})

    again = silvia.follow(put_in(silvia, JAN))
    number = next(one.get("value") for one in again.all("option") if (one.text or "") == "Oude lijst")
    chosen = columns(silvia.get(again.path, query={"mapping": number or ""}))

    assert (chosen["column-7"], chosen["column-4"]) == ("city", "")


def test_the_preview_tells_each_problem_with_its_row_column_and_value(silvia: PageClient) -> None:
    page = previewed(silvia, JAN, WRONG)

    assert page.says("%(new)s new, %(changed)s changed, %(same)s the same, %(count)s row with a problem.",
                     new=1, changed=0, same=0, count=1)  # fmt: skip
    assert ["Rij 3", "Lid sinds", "31-2-2019"] in [row[:3] for row in page.table("Waar je naar moet kijken")]
    assert "Jan de Vries" not in register_names(silvia)


def test_rows_with_a_problem_stop_all_unless_they_are_left_out(demo: Site, silvia: PageClient) -> None:
    preview = previewed(silvia, JAN, WRONG)
    refused = agree(silvia, preview)
    assert refused.status == 400
    assert refused.says("The sheet cannot be taken over like this. Nothing was stored.")

    silvia.follow(agree(silvia, preview, good_rows_only="y"))
    work(demo)

    assert "Jan de Vries" in register_names(silvia)
    assert "Olga Pomp" not in register_names(silvia)


def test_what_was_agreed_to_is_taken_over_and_undone_as_a_whole(demo: Site, silvia: PageClient) -> None:
    preview = previewed(silvia, JAN, PIET)
    assert silvia.follow(agree(silvia, preview)).says("The sheet is being taken over.")
    work(demo)
    assert silvia.get(preview.path).says("%(count)s rows of this sheet were taken over.", count=2) or "2 rijen" in (
        silvia.get(preview.path).words()
    )
    assert "Jan de Vries" in register_names(silvia)

    demo.clock.move(minutes=5)
    asked = silvia.get(f"{preview.path}undo")
    assert asked.says("Yes, undo the whole import")
    silvia.follow(silvia.post(f"{preview.path}undo"))
    work(demo)

    assert silvia.get(preview.path).says("This import was undone. The register is what it was before.")
    assert "Jan de Vries" not in register_names(silvia)


def test_the_same_sheet_again_has_nothing_to_take_over(demo: Site, silvia: PageClient) -> None:
    silvia.follow(agree(silvia, previewed(silvia, JAN)))
    work(demo)

    page = previewed(silvia, JAN)

    assert page.says("Everything in this sheet is in the register already.")
    assert page.says("There is nothing to take over.")


def test_differences_are_shown_field_by_field(demo: Site, silvia: PageClient) -> None:
    silvia.follow(agree(silvia, previewed(silvia, JAN)))
    work(demo)

    page = previewed(silvia, JAN.replace("Kade", "Gracht"))

    assert ["Jan de VriesRij 2", "Straat", "Kade", "Gracht"] in page.table("Wat er verandert")


def test_a_preview_that_is_out_of_date_is_looked_at_again(demo: Site, silvia: PageClient) -> None:
    preview = previewed(silvia, JAN)
    silvia.follow(agree(silvia, previewed(silvia, JAN)))
    work(demo)

    answer = agree(silvia, preview)

    assert answer.status == 400
    assert answer.says("The register changed after the preview. Look at it again before you take it over.")


def test_a_register_that_moves_before_the_job_stops_it(demo: Site, silvia: PageClient) -> None:
    first, second = previewed(silvia, JAN), previewed(silvia, JAN)
    silvia.follow(agree(silvia, first))
    silvia.follow(agree(silvia, second))
    work(demo)

    assert silvia.get(first.path).says("%(count)s row of this sheet was taken over.", count=1)
    assert silvia.get(second.path).says("Everything in this sheet is in the register already.")


def test_an_import_that_was_built_upon_says_on_which_rows(demo: Site, silvia: PageClient) -> None:
    preview = previewed(silvia, JAN)
    silvia.follow(agree(silvia, preview))
    work(demo)
    demo.clock.move(minutes=5)
    found = silvia.get(f"/cooperatives/{KETELHUIS}/members/", query={"text": "901"})
    member = next(path for path in found.actions() if re.search(r"/members/\d+/$", path))
    silvia.post(f"{member}events", {"kind": "suspended", "valid_from": "2026-03-02"})

    page = silvia.get(f"{preview.path}undo")

    assert page.says("This import cannot be undone: something was built upon it.")
    assert "Jan de Vries" in page.words()
    assert silvia.post(f"{preview.path}undo").status == 400


def test_a_sheet_can_be_put_aside(silvia: PageClient) -> None:
    preview = previewed(silvia, JAN)

    page = silvia.follow(silvia.post(f"{preview.path}discard"))

    assert page.says("The sheet was put aside. Nothing of it is in the register.")
    assert silvia.get(preview.path).says("Nothing of this sheet is in the register.")


@pytest.mark.parametrize("content", ["", "\x00", "Nr;Naam\n"])
def test_what_is_no_sheet_is_told_beside_the_field(silvia: PageClient, content: str) -> None:
    assert put_in(silvia, content, head="").status == 400


def test_the_file_comes_back_as_it_was_put_in_and_that_is_noted(demo: Site, silvia: PageClient) -> None:
    preview = previewed(silvia, JAN)

    answer = silvia.get(f"{preview.path}file")

    assert answer.response.get_data() == (HEAD + JAN).encode("cp1252")
    with demo.inside() as session:
        subjects = {row.subject for row in session.query(AccessEntry)}
    assert any(subject.startswith("sheet_import:") for subject in subjects)


def test_the_problems_and_the_example_can_be_downloaded(silvia: PageClient) -> None:
    preview = previewed(silvia, JAN, WRONG)

    told = silvia.get(f"{preview.path}problems.csv").response.get_data().decode("utf-8-sig")
    example = read_sheet(silvia.get(f"{IMPORTS}/example.xlsx").response.get_data(), limit_bytes=10**6)

    assert "31-2-2019" in told
    assert len(example.header) > 40


def test_the_example_comes_in_without_a_problem(demo: Site, silvia: PageClient) -> None:
    content = silvia.get(f"{IMPORTS}/example.xlsx").response.get_data()
    data = {"file": (io.BytesIO(content), "voorbeeld.xlsx")}
    asked = silvia.follow(silvia.post(f"{IMPORTS}/put-in", data, content_type="multipart/form-data"))
    page = silvia.follow(silvia.post(asked.path, columns(asked)))

    assert "7" not in {row[1] for row in page.table("Wie erbij komt")}
    assert "row with a problem" not in page.words()


def test_only_who_keeps_the_register_gets_here(demo: Site) -> None:
    assert {role for role, rule in RULES.items() if Permission.KEEP_REGISTER in rule.permissions} == {
        "chair", "secretary",
    }  # fmt: skip
    assert demo.signed_in("Petra Prijspeil").get(f"{IMPORTS}/").status == 403
    assert demo.signed_in("Mo Meterkast").get(f"{IMPORTS}/").status == 403


def test_the_folder_of_papers_holds_the_file(demo: Site, silvia: PageClient) -> None:
    before = set(Path(demo.settings.papers_folder).glob("??/*"))
    put_in(silvia, JAN)

    assert len(set(Path(demo.settings.papers_folder).glob("??/*")) - before) == 1
