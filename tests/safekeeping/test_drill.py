"""The restore drill, as the help describes it: backed up under load, put back elsewhere, all as it should be."""

import json
import urllib.request
from contextlib import ExitStack
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ecoop.cli import main
from ecoop.db import Database
from ecoop.vault import Vault
from tests.cli.processes import PROGRAM, serving
from tests.safekeeping.test_under_load import founded, letters_of, require_sound, wait_for_letters, writers

pytestmark = pytest.mark.slow

TO_THE_OTHER = pytest.mark.parametrize(
    ("database_url", "empty_database"),
    [
        pytest.param("sqlite", "postgresql", marks=pytest.mark.postgres),
        pytest.param("postgresql", "sqlite", marks=pytest.mark.postgres),
        ("sqlite", "sqlite"),
    ],
    indirect=True,
    ids=["to-postgresql", "from-postgresql", "sqlite"],
)


@TO_THE_OTHER
def test_the_restore_drill(
    database: Database, empty_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    here, there = ({
        "ECOOP_DATABASE_URL": one.writer.url.render_as_string(hide_password=False),
        "ECOOP_DATA": str(tmp_path / name),
        "ECOOP_HOSTS": "ecoop.example.org",
        "ECOOP_SMTP_HOST": "mail.example.org",
        "ECOOP_MAIL_FROM": "post@example.org",
    } for one, name in ((database, "here"), (empty_database, "there")))  # fmt: skip

    def run(settings: dict[str, str], *words: str) -> Result:
        return CliRunner().invoke(main, ["--language", "en", *words], env=settings, catch_exceptions=False)

    with writers(database, tmp_path / "here" / "papers", founded(database)):
        wait_for_letters(database)
        before = letters_of(database)
        made = run(here, "backup", "b.zip", "--keys", "keys")
    looked = run(there, "restore", "b.zip", "--look")
    restored = run(there, "restore", "b.zip", "--keys", "keys")

    assert [answer.exit_code for answer in (made, looked, restored)] == [0, 0, 0]
    assert require_sound(empty_database, Vault(tmp_path / "there" / "papers")) >= before
    found = json.loads(run(there, "check", "--json").stdout)
    assert [one for one in found if one["severity"] == "wrong"] == []
    assert [one["key"] for one in found] == ["backup"]  # none was made there yet
    verified = run(there, "audit", "verify")
    assert verified.exit_code == 0
    assert verified.stdout.count("whole") >= 2
    _serve(there, tmp_path)


def _serve(settings: dict[str, str], folder: Path) -> None:
    """What was put back can be served."""
    with ExitStack() as stack:
        server = stack.enter_context(serving([*PROGRAM, "serve", "--port", "0"], folder, settings))
        asked = urllib.request.Request(server.address + "/healthz", headers={"Host": "ecoop.example.org"})
        answer = stack.enter_context(urllib.request.urlopen(asked, timeout=10))
        assert answer.read() == b"ok\n"
