"""`ecoop register import`: all of a sheet or nothing, with a line for every problem."""

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.support.web import demo_file

__all__ = ["demo_file"]

COOP = "ketelhuiswg"
HEAD = "Lidnr;Naam;Adres;Postcode;Plaats;Lid sinds;Einddatum;Reden;Soort\r\n"
JAN = "901;Jan de Vries;Kade 12;1054AB;Amsterdam;31-12-2019;;;huurder\r\n"
OLGA = ";Olga Oude Pomp;Kade 13;1054AB;Amsterdam;01-01-2018;31-12-2020;overlijden;eigenaar\r\n"
WRONG = "902;Piet Ketel;Kade 14;1054;Amsterdam;31-2-2019;;;vip\r\n"


@pytest.fixture
def settings(demo_file: Path, workplace: Path) -> dict[str, str]:
    """The settings with which a demo is found."""
    shutil.copyfile(demo_file, workplace / "demo.sqlite3")
    return {"ECOOP_DATABASE_URL": f"sqlite:///{workplace / 'demo.sqlite3'}", "ECOOP_DATA": str(workplace / "data")}


@pytest.fixture
def sheet(workplace: Path) -> Path:
    """A sheet with a member and a leaver."""
    file = workplace / "leden.csv"
    file.write_bytes((HEAD + JAN + OLGA).encode("cp1252"))
    return file


def members(run: Run, settings: dict[str, str], on: str) -> str:
    return run("register", "list", COOP, "--on", on, settings=settings).stdout


def test_a_sheet_is_taken_over_with_its_numbers_and_days(run: Run, settings: dict[str, str], sheet: Path) -> None:
    answer = run("register", "import", COOP, sheet, settings=settings)

    assert (answer.exit_code, answer.stdout.splitlines()[0]) == (0, "2 rows are new.")
    assert "901,Jan de Vries,Kade,12,1054 AB,Amsterdam,tenant,member,1,0,2019-12-31," in members(
        run, settings, "2026-03-02"
    )
    assert "Olga Oude Pomp" in members(run, settings, "2020-12-31")
    assert "Olga Oude Pomp" not in members(run, settings, "2021-01-01")


def test_a_dry_run_stores_nothing(run: Run, settings: dict[str, str], sheet: Path) -> None:
    answer = run("register", "import", COOP, sheet, "--dry-run", settings=settings)

    assert answer.exit_code == 0
    assert "2 rows are new." in answer.stdout
    assert "Jan de Vries" not in members(run, settings, "2026-03-02")


def test_a_second_time_nothing_is_doubled(run: Run, settings: dict[str, str], sheet: Path) -> None:
    run("register", "import", COOP, sheet, settings=settings)
    first = members(run, settings, "2026-03-02")

    answer = run("register", "import", COOP, sheet, settings=settings)

    assert "2 rows are the same." in answer.stdout
    assert members(run, settings, "2026-03-02") == first


def test_every_problem_is_a_line_and_nothing_is_stored(run: Run, settings: dict[str, str], sheet: Path) -> None:
    sheet.write_text(HEAD + JAN + WRONG, encoding="utf-8")

    answer = run("register", "import", COOP, sheet, settings=settings)

    assert answer.exit_code == 2
    assert {line.partition(":")[0] for line in answer.stderr.splitlines()} == {
        "row 3, Postcode", "row 3, Lid sinds", "row 3, Soort",
    }  # fmt: skip
    assert "Jan de Vries" not in members(run, settings, "2026-03-02")


def test_the_good_rows_alone_come_in_when_that_is_asked(run: Run, settings: dict[str, str], sheet: Path) -> None:
    sheet.write_text(HEAD + JAN + WRONG, encoding="utf-8")

    answer = run("register", "import", COOP, sheet, "--good-rows", settings=settings)

    assert (answer.exit_code, answer.stdout.splitlines()[3]) == (0, "1 row is left out.")
    assert "Jan de Vries" in members(run, settings, "2026-03-02")


@pytest.mark.parametrize("kind", ["toml", "json"])
def test_a_mapping_says_what_the_columns_are(run: Run, settings: dict[str, str], workplace: Path, kind: str) -> None:
    sheet, mapping = workplace / "leden.csv", workplace / f"mapping.{kind}"
    sheet.write_text("A;B;C\n901;Jan de Vries;31-12-2019\n", encoding="utf-8")
    columns = {"A": "number", "B": "full_name", "C": "admitted_on"}
    lines = ['class = "tenant"', "[columns]", *(f'{name} = "{field}"' for name, field in columns.items())]
    told = json.dumps({"class": "tenant", "columns": columns}) if kind == "json" else "\n".join(lines)
    mapping.write_text(told, encoding="utf-8")

    answer = run("register", "import", COOP, sheet, "--mapping", mapping, settings=settings)

    assert answer.exit_code == 0
    assert "901,Jan de Vries,,,,,tenant,member,1,0,2019-12-31," in members(run, settings, "2026-03-02")


@pytest.mark.parametrize(
    "mapping", ["{", "[columns]\nFoo = 'number'", "[columns]\nNaam = 'nonsense'", "columns = 1", 'class = "vip"']
)
def test_a_mapping_that_cannot_be_used_is_bad_input(
    run: Run, settings: dict[str, str], sheet: Path, mapping: str
) -> None:
    (sheet.parent / "mapping.toml").write_text(mapping, encoding="utf-8")

    answer = run("register", "import", COOP, sheet, "--mapping", sheet.parent / "mapping.toml", settings=settings)

    assert (answer.exit_code, len(answer.stderr.splitlines())) == (2, 1)


@pytest.mark.parametrize("content", [b"", b"%PDF-", b"\x00\x01", b"Nr;Naam\n"])
def test_what_is_no_sheet_is_bad_input(run: Run, settings: dict[str, str], sheet: Path, content: bytes) -> None:
    sheet.write_bytes(content)

    assert run("register", "import", COOP, sheet, settings=settings).exit_code == 2


def test_a_file_or_cooperative_that_is_not_there_is_bad_input(run: Run, settings: dict[str, str], sheet: Path) -> None:
    assert run("register", "import", COOP, "weg.csv", settings=settings).exit_code == 2
    assert run("register", "import", "nobody", sheet, settings=settings).exit_code == 2
