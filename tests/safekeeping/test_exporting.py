"""The export of a cooperative: open, harmless in a spreadsheet, and loaded again without losing a byte."""

import csv
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from ecoop.db import Database, Scope
from ecoop.errors import Refused
from ecoop.governance.audit import Verdict
from ecoop.models import Account, Cooperative, Party, PartyRecord
from ecoop.safekeeping.exporting import SUMS, files_in, write_export
from ecoop.safekeeping.loading import load_export
from ecoop.safekeeping.open_tables import QUOTED, cell_of, read_table, value_of, write_table
from ecoop.services import audit_reading, parties
from ecoop.services.parties import PartyFacts
from ecoop.vault import Vault
from tests.support.databases import furnishing
from tests.support.factories import NOW, TODAY, a_cooperative, an_account


@pytest.fixture
def demo_vault(demo_file: Path) -> Vault:
    return Vault(demo_file.parent / "papers")


@pytest.fixture
def demo_export(demo_database: Database, demo_vault: Vault, tmp_path: Path) -> Path:
    write_export(demo_database, demo_vault, cooperative_id=1, folder=tmp_path / "first")
    return tmp_path / "first"


def contents(folder: Path) -> dict[str, bytes]:
    return {name: file.read_bytes() for name, file in files_in(folder).items()} | {SUMS: (folder / SUMS).read_bytes()}


def test_what_was_exported_and_loaded_gives_the_same_export(
    demo_export: Path, demo_vault: Vault, database: Database, vault: Vault, tmp_path: Path
) -> None:
    loaded = load_export(database, vault, demo_export)
    again = write_export(database, vault, cooperative_id=loaded.cooperative_id, folder=tmp_path / "second")

    assert contents(again.folder) == contents(demo_export)
    assert loaded.rows > 500


def test_a_loaded_register_can_be_worked_in(demo_export: Path, database: Database, vault: Vault) -> None:
    loaded = load_export(database, vault, demo_export)
    scope = Scope(cooperative_ids=frozenset({loaded.cooperative_id}), may_write=True)
    with database.work(scope) as session:
        parties.record_party(
            session, None, cooperative_id=loaded.cooperative_id, kind="person", facts=PartyFacts(name="Nieuw"),
            valid_from=TODAY, now=NOW,
        )  # fmt: skip
        an_account(session)
        verdict = audit_reading.verify_trail(session, cooperative_id=loaded.cooperative_id)

    assert isinstance(verdict, Verdict)
    assert verdict.holds


def test_the_other_way_round_gives_the_same_bytes_too(
    demo_export: Path, database: Database, sqlite_database: Database, vault: Vault, tmp_path: Path
) -> None:
    first = load_export(database, vault, demo_export)
    middle = write_export(database, vault, cooperative_id=first.cooperative_id, folder=tmp_path / "middle").folder
    second = load_export(sqlite_database, vault, middle)
    last = write_export(sqlite_database, vault, cooperative_id=second.cooperative_id, folder=tmp_path / "last").folder

    assert contents(last) == contents(demo_export)


def test_nothing_of_another_cooperative_and_no_secret_leaves(demo_export: Path, demo_database: Database) -> None:
    with demo_database.reader.connect() as connection:
        account = Account.__table__
        keys = connection.scalars(sa.select(account.c.session_key)).all()
        neighbours = connection.scalars(sa.select(Cooperative.__table__.c.slug)).all()[1:]
    text = b"".join(contents(demo_export).values()).decode("utf-8", "replace")

    assert [one for one in (*keys, *neighbours) if one in text] == []
    assert "Zonnedak" not in (demo_export / "data" / "cooperative.csv").read_text(encoding="utf-8")


def test_every_table_is_described_with_its_columns(demo_export: Path) -> None:
    told = json.loads((demo_export / "datapackage.json").read_bytes())

    for resource in told["resources"]:
        with (demo_export / resource["path"]).open(encoding="utf-8", newline="") as stream:
            rows = list(csv.reader(stream))
        assert rows[0] == [field["name"] for field in resource["schema"]["fields"]]
        assert len(rows) - 1 == resource["rows"]
    names = {one["name"] for one in told["resources"]}
    assert {"party", "party_record", "membership", "membership_event", "consent_event", "audit_entry"} <= names


def test_every_table_of_a_cooperative_is_in_it_or_stays_for_a_reason(demo_export: Path) -> None:
    from ecoop.models import Base
    from ecoop.safekeeping.exporting import STAYS

    owned = {table.name for table in Base.metadata.tables.values() if "cooperative_id" in table.c}
    told = {one["name"] for one in json.loads((demo_export / "datapackage.json").read_bytes())["resources"]}

    assert owned - told == STAYS


def test_the_sums_are_those_that_everybody_can_check(demo_export: Path) -> None:
    import shutil
    import subprocess

    tool = shutil.which("sha256sum")
    if tool is None:
        pytest.skip("sha256sum is not on this machine")
    done = subprocess.run([tool, "--quiet", "-c", SUMS], cwd=demo_export, capture_output=True, check=False)

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("how", ["changed", "missing", "added"])
def test_a_damaged_export_changes_nothing(demo_export: Path, sqlite_database: Database, vault: Vault, how: str) -> None:
    file = demo_export / "data" / "party_record.csv"
    if how == "changed":
        file.write_bytes(file.read_bytes().replace(b"Amsterdam", b"Rotterdam", 1))
    elif how == "missing":
        file.unlink()
    else:
        (demo_export / "data" / "extra.csv").write_text("a\r\n", encoding="utf-8")

    with pytest.raises(Refused, match="export_damaged"):
        load_export(sqlite_database, vault, demo_export)
    with sqlite_database.work(Scope()) as session:
        assert session.scalars(sa.select(Cooperative)).all() == []


def test_an_export_is_loaded_only_where_there_is_nothing_yet(
    demo_export: Path, database: Database, vault: Vault
) -> None:
    with furnishing(database) as session:
        a_cooperative(session)

    with pytest.raises(Refused, match="installation_not_empty"):
        load_export(database, vault, demo_export)


def test_a_folder_with_something_in_it_is_left_alone(demo_database: Database, vault: Vault, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("mine", encoding="utf-8")

    with pytest.raises(Refused, match="folder_not_empty"):
        write_export(demo_database, vault, cooperative_id=1, folder=tmp_path)


def test_a_name_that_looks_like_a_formula_is_harmless_and_comes_back(
    database: Database, sqlite_database: Database, vault: Vault, tmp_path: Path
) -> None:
    nasty = '=HYPERLINK("http://x","y")'
    with furnishing(database) as session:
        home = a_cooperative(session).id
        parties.record_party(
            session, None, cooperative_id=home, kind="person", facts=PartyFacts(name=nasty, city="'s-Gravenhage"),
            valid_from=TODAY, now=NOW,
        )  # fmt: skip
    made = write_export(database, vault, cooperative_id=home, folder=tmp_path / "out")
    with (made.folder / "data" / "party_record.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    load_export(sqlite_database, vault, made.folder)
    with sqlite_database.work(Scope(cooperative_ids=frozenset({home}))) as session:
        found = session.execute(sa.select(PartyRecord.name, PartyRecord.city)).one()

    assert [cell for row in rows for cell in row if cell.startswith(("=", "+", "@"))] == []
    assert tuple(found) == (nasty, "'s-Gravenhage")


VALUES: dict[str, st.SearchStrategy[Any]] = {
    "text": st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")),
    "number": st.integers(-(2**63), 2**63 - 1),
    "switch": st.booleans(),
    "day": st.dates(),
    "instant": st.datetimes(timezones=st.just(UTC)),
    "bytes": st.binary(min_size=1),
    "float": st.floats(allow_nan=False),
}


@given(row=st.fixed_dictionaries({kind: st.none() | values for kind, values in VALUES.items()}))
def test_whatever_stands_in_a_row_comes_back(row: dict[str, Any]) -> None:
    import io

    columns = {kind: kind for kind in VALUES}
    stream = io.StringIO(newline="")
    write_table(stream, columns, [[row[kind] for kind in columns]])
    stream.seek(0)

    assert list(read_table(stream, columns)) == [row]


@given(text=VALUES["text"])
def test_no_spreadsheet_takes_a_text_for_a_formula(text: str) -> None:
    cell = cell_of(text, "text")

    assert not cell.startswith(tuple(one for one in QUOTED if one != "'"))
    assert cell != ""
    assert value_of(cell, "text") == text


def test_what_is_unknown_is_an_empty_cell() -> None:
    assert cell_of(None, "day") == ""
    assert value_of("", "text") is None
    assert cell_of(date(2026, 3, 2), "day") == "2026-03-02"
    assert cell_of(datetime(2026, 3, 2, 9, 30, tzinfo=UTC), "instant") == "2026-03-02T09:30:00.000000Z"


def test_a_party_that_was_never_exported_is_not_there(database: Database, vault: Vault, tmp_path: Path) -> None:
    with furnishing(database) as session:
        home, neighbour = a_cooperative(session).id, a_cooperative(session).id
        parties.record_party(
            session, None, cooperative_id=neighbour, kind="person", facts=PartyFacts(name="Buur"), valid_from=TODAY,
            now=NOW,
        )  # fmt: skip
    made = write_export(database, vault, cooperative_id=home, folder=tmp_path / "out")

    assert "Buur" not in (made.folder / "data" / "party_record.csv").read_text(encoding="utf-8")
    assert Party.__tablename__ in {file.stem for file in (made.folder / "data").iterdir()}
