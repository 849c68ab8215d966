"""`ecoop case evaluate`: a case from its file, changed and computed without a database."""

import json
import math
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from subprocess import PIPE
from typing import Any

import pytest

from ecoop.demo.building import case_text
from ecoop.finance import as_document, evaluate, read_case
from ecoop.services.case_files import read_text
from tests.cli.conftest import Run
from tests.cli.processes import PROGRAM


@pytest.fixture
def file(workplace: Path) -> Path:
    """The case of KetelhuisWG in a file."""
    file = workplace / "case.toml"
    file.write_text(case_text(), encoding="utf-8")
    return file


def _numbers(document: object) -> Iterator[float]:
    match document:
        case dict():
            for part in document.values():
                yield from _numbers(part)
        case list():
            for part in document:
                yield from _numbers(part)
        case float():
            yield document


def _document(run: Run, file: Path, *changes: str) -> Any:
    options = [word for change in changes for word in ("--set", change)]
    answer = run("case", "evaluate", file, *options, "--json")
    assert answer.exit_code == 0, answer.stderr
    return json.loads(answer.stdout)


def test_json_is_exactly_the_document_of_the_engine(run: Run, file: Path) -> None:
    mapping, _ = read_text(case_text())

    assert _document(run, file) == as_document(evaluate(read_case(mapping)))


def test_json_holds_finite_numbers_only(run: Run, file: Path) -> None:
    document = _document(run, file, "funding.loan.limit=0", "connections.uptake=0")

    assert all(math.isfinite(number) for number in _numbers(document))


def test_json_does_not_depend_on_the_language(run: Run, file: Path) -> None:
    dutch = run("case", "evaluate", file, "--json", spoken="nl")

    assert dutch.stdout == run("case", "evaluate", file, "--json").stdout


def test_the_summary_answers_in_english(run: Run, file: Path) -> None:
    answer = run("case", "evaluate", file)

    assert answer.exit_code == 0
    assert "pay no more in 2028 than now" in answer.stdout
    assert "€\u00a07,654,914" in answer.stdout
    assert "Small flat, rented" in answer.stdout


def test_the_summary_answers_in_dutch(run: Run, file: Path) -> None:
    answer = run("case", "evaluate", file, spoken="nl")

    assert "Lening als de aflossing begint" in answer.stdout
    assert "€\u00a07.654.914" in answer.stdout


def test_the_summary_tells_what_fails(run: Run, file: Path) -> None:
    answer = run("case", "evaluate", file, "--set", "tariff.per_gj=20")

    assert answer.exit_code == 0
    assert "Cash falls below the minimum" in answer.stdout
    assert "The cover ratio falls below what the lender asks" in answer.stdout


@pytest.mark.parametrize(
    ("change", "places"),
    [
        ("tariff.per_gj=37.5", ("tariff", "per_gj")),
        ("funding.loan.profile=linear", ("funding", "loan", "profile")),
        ('funding.loan.profile="linear"', ("funding", "loan", "profile")),
        ("capex.yearly_share={ 2025 = 0.5, 2026 = 0.5 }", ("capex", "yearly_share")),
    ],
)
def test_a_value_is_changed(run: Run, file: Path, change: str, places: tuple[str, ...]) -> None:
    mapping, _ = read_text(case_text())
    part: Any = mapping
    for name in places[:-1]:
        part = part[name]
    part[places[-1]] = {"37.5": 37.5, "{ 2025 = 0.5, 2026 = 0.5 }": {"2025": 0.5, "2026": 0.5}}.get(
        change.partition("=")[2], "linear"
    )

    assert _document(run, file, change) == as_document(evaluate(read_case(mapping)))


def test_items_of_a_list_are_addressed_by_name(run: Run, file: Path) -> None:
    document = _document(run, file, "segment.flat_owner.count=200", "capex.asset.delivery_sets.life_years=15")

    assert document["nmdn"]["contract"]["segments"]["flat_owner"]["connections"] == 200


def test_stress_is_added_where_the_file_has_none(run: Run, file: Path) -> None:
    assert "[stress]" not in case_text()

    stressed = _document(run, file, "stress.elec_factor=1.5")

    assert stressed["ratios"]["min_dscr"] < _document(run, file)["ratios"]["min_dscr"]


def test_the_last_of_two_changes_counts(run: Run, file: Path) -> None:
    twice = _document(run, file, "tariff.per_gj=10", "tariff.per_gj=40")

    assert twice == _document(run, file, "tariff.per_gj=40")


def test_text_that_looks_like_a_number_stays_text_where_text_is_wanted(run: Run, file: Path) -> None:
    assert _document(run, file, "name=2027")["case"]["name"] == "2027"


def test_every_problem_is_told_at_once(run: Run, file: Path) -> None:
    file.write_text(case_text().replace("uptake = 1.0 ", "uptake = 1.5 "), encoding="utf-8")
    changes = ["tarif.per_gj=20", "tariff.per_gj=dear", "segment.castle.count=1", "funding.loan.rate=-0.01", "oops"]

    answer = run("case", "evaluate", file, *[word for change in changes for word in ("--set", change)])

    assert answer.exit_code == 2
    assert answer.stdout == ""
    assert sorted(answer.stderr.splitlines()) == [
        "--set: Write a change as key=value. This is oops.",
        "connections.uptake: A share lies between 0 and 1, and this is 1.5.",
        "funding.loan.rate: A share lies between 0 and 1, and this is -0.01.",
        "segment.castle.count: No item of this list is called castle.",
        "tarif.per_gj: This key does not exist in a case.",
        "tariff.per_gj: This is the wrong kind of value: a number is wanted and a text was given.",
    ]


def test_problems_are_told_in_dutch(run: Run, file: Path) -> None:
    answer = run("case", "evaluate", file, "--set", "tariff.per_gj=duur", spoken="nl")

    assert answer.stderr == (
        "tariff.per_gj: Dit is een verkeerd soort waarde: hier hoort een getal en er staat een tekst.\n"
    )


def test_a_misspelt_key_brings_the_right_one(run: Run, file: Path) -> None:
    file.write_text(case_text().replace("[covenants]\nmin_dscr", "[covenants]\nmin_dcsr"), encoding="utf-8")

    answer = run("case", "evaluate", file)

    assert answer.exit_code == 2
    assert "covenants.min_dcsr: This key does not exist in a case. Do you mean min_dscr?" in answer.stderr
    assert "covenants.min_dscr: This key is missing." in answer.stderr


@pytest.mark.parametrize("change", ["tariff.per_gj", "=3", "", " =3"])
def test_a_change_without_key_or_value_is_told(run: Run, file: Path, change: str) -> None:
    answer = run("case", "evaluate", file, "--set", change)

    assert answer.exit_code == 2
    assert answer.stderr.startswith("--set: Write a change as key=value.")


@pytest.mark.parametrize("value", ["nan", "inf", "-inf"])
def test_a_number_that_is_none_is_refused(run: Run, file: Path, value: str) -> None:
    answer = run("case", "evaluate", file, "--set", f"tariff.per_gj={value}", "--json")

    assert answer.exit_code == 2
    assert answer.stderr == "tariff.per_gj: This number must be finite.\n"


def test_a_value_cannot_bring_a_second_key(run: Run, file: Path) -> None:
    answer = run("case", "evaluate", file, "--set", "tariff.per_gj=1\nname = 2")

    assert answer.exit_code == 2
    assert answer.stderr.startswith("tariff.per_gj: This is the wrong kind of value")


def test_a_file_that_is_not_there_is_told(run: Run) -> None:
    answer = run("case", "evaluate", "nowhere.toml")

    assert answer.exit_code == 2
    assert answer.stderr == "nowhere.toml cannot be read: No such file or directory.\n"


def test_a_folder_is_told(run: Run, workplace: Path) -> None:
    answer = run("case", "evaluate", workplace)

    assert answer.exit_code == 2
    assert "cannot be read" in answer.stderr


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\xff\xfe\x00", "This file is not text in UTF-8."),
        (b"name = \n", "This file is not TOML: "),
        (b"[a]\nb = 1\n[a]\nb = 2\n", "This file is not TOML: "),
        (b"a = " + b"[" * 5000, "This file is not TOML: "),
        (b"a = " + b"9" * 5000, "This file is not TOML: "),
    ],
)
def test_a_file_that_is_no_case_file_is_told(run: Run, file: Path, content: bytes, sentence: str) -> None:
    file.write_bytes(content)

    answer = run("case", "evaluate", file)

    assert answer.exit_code == 2
    assert answer.stderr.startswith(f"{file}: {sentence}")
    assert answer.stderr.count("\n") == 1


def test_a_file_cannot_command_the_terminal(run: Run, file: Path) -> None:
    file.write_bytes(b"PK\x03\x04\x00\x1b[2J")

    answer = run("case", "evaluate", file)

    assert answer.exit_code == 2
    assert answer.stderr.rstrip("\n").isprintable()


def test_a_mark_of_byte_order_is_no_problem(run: Run, file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbf" + case_text().encode())

    assert run("case", "evaluate", file).exit_code == 0


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("per_gj = 36,15", "per_gj = 36,15"),
        ("vat = 21% # of everything", "vat = 21%"),
        ("per_gj = 36.15\nper_gj = 36.15", "per_gj = 36.15"),
        ("first_heat = 2026-05", "first_heat = 2026-05"),
        (f"name = {'x' * 100}", f"name = {'x' * 73}…"),
    ],
)
def test_a_line_that_is_no_toml_is_quoted_so_that_its_key_is_seen(run: Run, file: Path, line: str, told: str) -> None:
    file.write_text(f"schema = 1\n{line}\n", encoding="utf-8")

    answer = run("case", "evaluate", file)

    assert answer.exit_code == 2
    assert answer.stderr.endswith(f": {told}\n")


@pytest.mark.parametrize("value", ["[" * 5000, "9" * 5000, "{a=" * 3000])
def test_a_value_that_cannot_be_held_is_refused(run: Run, file: Path, value: str) -> None:
    answer = run("case", "evaluate", file, "--set", f"tariff.per_gj={value}")

    assert answer.exit_code == 2
    assert answer.stderr.startswith("tariff.per_gj: This is the wrong kind of value")


@pytest.mark.parametrize("value", ["9" * 400, "-" + "9" * 400, "0x" + "f" * 9000, "1e400"])
def test_a_number_that_is_too_large_is_refused(run: Run, file: Path, value: str) -> None:
    answer = run("case", "evaluate", file, "--set", f"tariff.per_gj={value}")

    assert answer.exit_code == 2
    assert answer.stderr == "tariff.per_gj: This number must be finite.\n"


def test_a_whole_number_of_many_digits_is_told_in_few(run: Run, file: Path) -> None:
    answer = run("case", "evaluate", file, "--set", f"cash.opening=1{'0' * 30}", "--set", f"cash.minimum=-1{'0' * 30}")

    assert answer.exit_code == 2
    assert answer.stderr == (
        "cash.opening: This must lie between 0 and 1e+12, and is 1e+30.\n"
        "cash.minimum: This may not be below zero, and is -1e+30.\n"
    )


def test_shares_of_the_grants_that_do_not_add_up_are_told(run: Run, file: Path) -> None:
    answer = run("case", "evaluate", file, "--set", "funding.subsidies.yearly_share.2027=0.3")

    assert answer.exit_code == 2
    assert answer.stderr == "funding.subsidies.yearly_share: The shares must add up to 1, and they add up to 1.1.\n"


@pytest.mark.parametrize("change", ["name=\udcff", "na\udcffme=5"])
def test_bytes_that_are_no_text_are_refused(run: Run, file: Path, change: str) -> None:
    answer = run("case", "evaluate", file, "--set", change, "--json")

    assert answer.exit_code == 2
    assert answer.stdout == ""
    assert answer.stderr == f"--set: This change is not text in UTF-8: {change!a}.\n"


def test_a_date_is_called_a_date(run: Run, file: Path) -> None:
    answer = run("case", "evaluate", file, "--set", "tariff.per_gj=2026-05-01", spoken="nl")

    assert answer.stderr.endswith("hier hoort een getal en er staat een datum.\n")


def test_a_whole_number_with_a_point_is_told_with_its_point(run: Run, file: Path) -> None:
    answer = run("case", "evaluate", file, "--set", "time.last_year=2057.0")

    assert answer.stderr == "time.last_year: This must be a whole number, and is 2057.0.\n"


def test_a_terminal_without_our_letters_gets_question_marks(file: Path) -> None:
    command = [*PROGRAM, "case", "evaluate", file]
    settings = os.environ | {"PYTHONIOENCODING": "latin-1", "LC_ALL": "nl_NL"}
    answer = subprocess.run(command, env=settings, capture_output=True, check=False)

    assert answer.returncode == 0, answer.stderr
    assert b"?\xa07.654.914" in answer.stdout


def test_json_holds_letters_every_terminal_has(run: Run, file: Path) -> None:
    answer = run("case", "evaluate", file, "--set", "name=Coöperatie", "--json")

    assert answer.stdout.isascii()
    assert json.loads(answer.stdout)["case"]["name"] == "Coöperatie"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
def test_an_answer_that_cannot_be_written_is_told(file: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        command = [*PROGRAM, "--language", "en", "case", "evaluate", file]
        answer = subprocess.run(command, stdout=full, stderr=PIPE, check=False)

    assert answer.returncode == 1
    assert answer.stderr == b"The answer cannot be written: No space left on device.\n"
