"""`ecoop register list`: the same list made again later is the same, byte for byte."""

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.support.web import demo_file

__all__ = ["demo_file"]

COOP = "ketelhuiswg"
ON = ("--on", "2026-03-02")


@pytest.fixture
def settings(demo_file: Path, workplace: Path) -> dict[str, str]:
    """The settings with which a demo is found."""
    shutil.copyfile(demo_file, workplace / "demo.sqlite3")
    return {"ECOOP_DATABASE_URL": f"sqlite:///{workplace / 'demo.sqlite3'}"}


def test_the_members_of_a_day_are_written_in_order_of_number(run: Run, settings: dict[str, str]) -> None:
    lines = run("register", "list", COOP, *ON, settings=settings).stdout.splitlines()

    assert lines[0] == (
        "number,name,street,house_number,postcode,city,class,status,votes,capital_cents,member_since,first_day_without"
    )
    numbers = [int(line.partition(",")[0]) for line in lines[1:]]
    assert numbers == sorted(numbers)
    assert len(numbers) > 40


def test_the_same_list_is_the_same_in_any_language(run: Run, settings: dict[str, str]) -> None:
    first = run("register", "list", COOP, *ON, settings=settings).stdout

    assert run("register", "list", COOP, *ON, spoken="nl", settings=settings).stdout == first


def test_a_list_as_json_carries_its_fingerprint(run: Run, settings: dict[str, str]) -> None:
    found = json.loads(run("register", "list", COOP, *ON, "--format", "json", settings=settings).stdout)

    assert found["on"] == "2026-03-02"
    assert len(found["digest"]) == 64
    assert {one["status"] for one in found["members"]} == {"member", "suspended"}


def test_a_list_as_it_was_known_leaves_out_what_came_later(run: Run, settings: dict[str, str]) -> None:
    known = ("--known", "2020-01-01")
    then = run("register", "list", COOP, "--on", "2020-01-01", *known, settings=settings).stdout
    later = run("register", "list", COOP, *ON, *known, settings=settings).stdout

    assert len(later.splitlines()) == len(then.splitlines())
    assert len(then.splitlines()) < len(run("register", "list", COOP, *ON, settings=settings).stdout.splitlines())


@pytest.mark.parametrize("words", [("nobody", *ON), (COOP, "--on", "gisteren"), (COOP,)])
def test_what_cannot_be_asked_is_bad_input(run: Run, settings: dict[str, str], words: tuple[str, ...]) -> None:
    assert run("register", "list", *words, settings=settings).exit_code == 2


def test_the_roll_of_voters_is_written_byte_for_byte_the_same(run: Run, settings: dict[str, str]) -> None:
    first = run("register", "voters", COOP, *ON, "--json", settings=settings).stdout

    assert run("register", "voters", COOP, *ON, "--json", spoken="nl", settings=settings).stdout == first


def test_the_roll_of_voters_says_who_may_vote_with_how_many_votes_and_why(run: Run, settings: dict[str, str]) -> None:
    found = json.loads(run("register", "voters", COOP, *ON, "--json", settings=settings).stdout)
    by_name = {one["name"]: one for one in found["rights"]}

    assert found["voters"] == sum(one["votes"] != "0" for one in found["rights"])
    assert by_name["VvE Poortgebouw"]["through"] == "Victor Vleugelraam"
    assert by_name["Studio De Warme Oven 462"]["reason"] == "voting_no_representative"


def test_the_fingerprint_of_a_roll_can_be_computed_from_what_is_written(run: Run, settings: dict[str, str]) -> None:
    import hashlib

    found = json.loads(run("register", "voters", COOP, *ON, "--json", settings=settings).stdout)
    keys = ("membership", "number", "votes", "reason", "class", "representative")
    rows = [[one[key] for key in keys] for one in found["rights"]]
    text = json.dumps({"on": found["on"], "rights": rows}, separators=(",", ":"), sort_keys=True)

    assert hashlib.sha256(text.encode()).hexdigest() == found["digest"]


def test_the_roll_of_voters_as_a_sheet_has_a_line_for_everybody(run: Run, settings: dict[str, str]) -> None:
    lines = run("register", "voters", COOP, *ON, settings=settings).stdout.splitlines()

    assert lines[0] == "membership,number,name,class,votes,reason,through,representative"
    assert len(lines) > 55


def test_the_check_has_a_line_for_each_finding_and_ends_with_one(run: Run, settings: dict[str, str]) -> None:
    answer = run("register", "check", COOP, settings=settings)

    assert answer.exit_code == 1
    assert "look at this: Studio De Warme Oven 462 has nobody who votes for it." in answer.stdout.splitlines()


def test_the_check_says_in_its_help_how_it_ends(run: Run) -> None:
    assert "Ends with 1 when something is wrong" in " ".join(run("register", "check", "--help").stdout.split())


@pytest.mark.parametrize("words", [("voters", "nobody", *ON), ("voters", COOP), ("check", "nobody")])
def test_a_roll_or_a_check_that_cannot_be_asked_is_bad_input(
    run: Run, settings: dict[str, str], words: tuple[str, ...]
) -> None:
    assert run("register", *words, settings=settings).exit_code == 2


def test_everything_is_exported_and_loaded_into_an_empty_installation(
    run: Run, settings: dict[str, str], demo_file: Path, workplace: Path
) -> None:
    first = settings | {"ECOOP_DATA": str(demo_file.parent)}
    done = run("register", "export", COOP, "first", settings=first)
    assert done.exit_code == 0, done.stderr

    second = {"ECOOP_DATABASE_URL": f"sqlite:///{workplace / 'fresh.sqlite3'}", "ECOOP_DATA": str(workplace / "data")}
    assert run("db", "upgrade", settings=second).exit_code == 0
    loaded = run("register", "load", "first", settings=second)
    assert loaded.exit_code == 0, loaded.stderr
    assert run("register", "export", COOP, "again", settings=second).exit_code == 0

    told = [(workplace / name / "SHA256SUMS").read_text(encoding="utf-8") for name in ("first", "again")]
    assert told[0] == told[1]


def test_what_cannot_be_exported_or_loaded_is_told(run: Run, settings: dict[str, str], workplace: Path) -> None:
    (workplace / "full").mkdir()
    (workplace / "full" / "note.txt").write_text("mine", encoding="utf-8")

    assert run("register", "export", "nobody", "out", settings=settings).exit_code == 2
    assert "Choose an empty folder." in run("register", "export", COOP, "full", settings=settings).stderr
    assert run("register", "load", "full", settings=settings).exit_code == 1
