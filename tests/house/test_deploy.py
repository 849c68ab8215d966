"""The examples for an operator: they call commands that exist, and let the program do no more than it needs."""

import configparser
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from ecoop.cli import main
from ecoop.config import SETTINGS, read_settings
from tests.support.repository import ROOT

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
SERVICES = [path for path in UNITS if path.suffix == ".service"]
HARDENED = {"NoNewPrivileges": "yes", "ProtectSystem": "strict", "ProtectHome": "yes", "UMask": "0077",
            "StateDirectory": "ecoop", "User": "ecoop", "CapabilityBoundingSet": ""}  # fmt: skip


def read(path: Path) -> configparser.RawConfigParser:
    unit = configparser.RawConfigParser(strict=False)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string(path.read_text(encoding="utf-8"))
    return unit


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_a_service_may_do_no_more_than_it_needs(path: Path) -> None:
    service = read(path)["Service"]

    assert {name: service.get(name) for name in HARDENED} == HARDENED
    assert "/var/lib/ecoop" in service["ReadWritePaths"].split()


def commands_in(path: Path) -> list[list[str]]:
    """The words behind `ecoop` wherever a unit runs it."""
    return [
        shlex.split(found.split(' "/var')[0])
        for found in re.findall(r"/opt/ecoop/bin/ecoop (.+?)'?$", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_a_service_runs_commands_that_exist(path: Path) -> None:
    called = commands_in(path)

    assert called
    for words in called:
        command = main.commands[words[0]]
        if len(words) > 1 and not words[1].startswith("-"):
            command = command.commands[words[1]]  # type: ignore[attr-defined]
        options = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= options


@pytest.mark.parametrize("path", [path for path in UNITS if path.suffix == ".timer"], ids=lambda path: path.name)
def test_a_timer_has_its_service(path: Path) -> None:
    assert path.with_suffix(".service") in UNITS
    assert read(path)["Timer"]["OnCalendar"]


def test_every_setting_in_the_example_can_be_read() -> None:
    lines = (DEPLOY / "ecoop.env").read_text(encoding="utf-8").splitlines()
    given = dict(line.lstrip("# ").split("=", 1) for line in lines if re.match(r"(# )?ECOOP_\w+=", line))

    assert set(given) <= set(SETTINGS)
    keys = {"ECOOP_SECRET": "s" * 32, "ECOOP_ENCRYPTION_KEY": "dGhlIHRlc3RzIHNlYWwgbm90aGluZyByZWFsIGF0IGE="}
    assert read_settings(given | keys).hosts == ("ecoop.example.org",)


@pytest.mark.parametrize("name", ["Caddyfile", "nginx.conf"])
def test_a_proxy_tells_what_ecoop_wants_to_know(name: str) -> None:
    text = (DEPLOY / name).read_text(encoding="utf-8")

    for header in ("X-Forwarded-For", "X-Forwarded-Proto", "X-Request-ID", "Strict-Transport-Security"):
        assert header in text
    assert re.search(r"8\s?MB|8m\b", text)
    assert "127.0.0.1:8000" in text


def test_systemd_understands_the_units(tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    for path in UNITS:
        text = path.read_text(encoding="utf-8").replace("/opt/ecoop/bin/ecoop", "/bin/true")
        (tmp_path / path.name.replace("@", "@8000")).write_text(text, encoding="utf-8")
    if program is None:  # elsewhere the tests above have to do
        return
    done = subprocess.run([program, "verify", "--man=no", *sorted(map(str, tmp_path.iterdir()))], check=False,
                          capture_output=True, text=True)  # fmt: skip

    assert [line for line in done.stderr.splitlines() if "ecoop" in line] == []
