"""The program as a whole: its languages, its exit codes, and what it loads."""

import subprocess
import sys
from pathlib import Path

import pytest

from ecoop.cli import program
from tests.cli.conftest import Run

HEAVY = ("pandas", "numpy", "scipy", "plotly", "sqlalchemy", "alembic", "flask", "waitress")


def test_starting_loads_nothing_heavy() -> None:
    code = f"import sys, ecoop.cli; print([name for name in {HEAVY!r} if name in sys.modules])"

    answer = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert answer.stdout.strip() == "[]"


def test_dutch_is_spoken_by_default(run: Run) -> None:
    answer = run("--help", spoken="")

    assert "Gebruik: main [OPTIONS]" in answer.stdout
    assert "Toon deze uitleg en stop." in answer.stdout


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        ({"LANG": "en_GB.UTF-8"}, "Usage:"),
        ({"LANG": "nl_NL.UTF-8"}, "Gebruik:"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "nl_NL"}, "Gebruik:"),
        ({"LANG": "fr_FR.UTF-8"}, "Gebruik:"),
        ({"LANG": "C.UTF-8"}, "Gebruik:"),
    ],
)
def test_the_language_of_the_terminal_is_spoken(run: Run, settings: dict[str, str], word: str) -> None:
    assert run("--help", spoken="", settings=settings).stdout.startswith(word)


def test_the_language_can_be_chosen(run: Run) -> None:
    assert run("db", "--help", spoken="en").stdout.startswith("Usage:")


def test_what_click_says_is_translated_too(run: Run) -> None:
    answer = run("serve", "--prot", "3", spoken="nl")

    assert answer.exit_code == 2
    assert "Fout: De optie '--prot' bestaat niet." in answer.stderr


def test_an_unknown_command_is_bad_input(run: Run) -> None:
    answer = run("sing")

    assert answer.exit_code == 2
    assert "No such command 'sing'." in answer.stderr


def test_without_compiled_translations_it_speaks_english(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(program, "CATALOGUES", tmp_path)

    answer = run("db", "state", spoken="nl")

    assert "The database is empty." in answer.stdout
    assert "ecoop i18n compile" in answer.stderr


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("ECOOP_DATABSE_URL", "x", "Unknown setting ECOOP_DATABSE_URL. Known are: "),
        ("ECOOP_SECRET", "short", "ECOOP_SECRET must be at least 32 characters long."),
        ("ECOOP_SMTP_PORT", "mail", "ECOOP_SMTP_PORT must be a port between 1 and 65535, and is mail."),
        ("ECOOP_SMTP_PORT", "70000", "ECOOP_SMTP_PORT must be a port between 1 and 65535, and is 70000."),
        ("ECOOP_SMTP_STARTTLS", "yes", "ECOOP_SMTP_STARTTLS must be 0 or 1, and is yes."),
        ("ECOOP_INSECURE_COOKIES", "maybe", "ECOOP_INSECURE_COOKIES must be 0 or 1, and is maybe."),
        ("ECOOP_MAIL_FROM", "the board", "ECOOP_MAIL_FROM is not an e-mail address: the board."),
    ],
)
def test_a_wrong_setting_is_told_in_one_line(run: Run, name: str, value: str, sentence: str) -> None:
    answer = run("db", "state", settings={name: value})

    assert answer.exit_code == 2
    assert answer.stderr.startswith(sentence)
    assert answer.stderr.count("\n") == 1


def test_a_wrong_setting_is_told_in_dutch(run: Run) -> None:
    answer = run("db", "state", spoken="nl", settings={"ECOOP_SECRET": "kort"})

    assert answer.stderr == "ECOOP_SECRET moet minstens 32 tekens lang zijn.\n"


def test_a_damaged_secret_is_told(run: Run, workplace: Path) -> None:
    (workplace / "var").mkdir()
    (workplace / "var" / "secret").write_text("", encoding="ascii")

    answer = run("db", "state")

    assert answer.exit_code == 2
    assert answer.stderr.startswith("The secret in ")


def test_a_data_folder_that_is_a_file_is_told(run: Run, workplace: Path) -> None:
    (workplace / "var").write_text("no folder", encoding="ascii")

    answer = run("db", "state")

    assert answer.exit_code == 1
    assert "var cannot be used" in answer.stderr
