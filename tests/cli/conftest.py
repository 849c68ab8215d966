"""Running commands inside the test, in a folder of their own and in English unless the test says otherwise."""

import gettext as standard_gettext
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ecoop import language
from ecoop.cli import main
from ecoop.config import SETTINGS

Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def _speech(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a command sets for its process ends with the test."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE"):
        monkeypatch.setenv(name, "")
    domain = standard_gettext.textdomain()
    with language.speaking(language.Language.DUTCH):
        yield
    standard_gettext.textdomain(domain)


@pytest.fixture(autouse=True)
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory of the command: empty, and no settings of this machine reach it."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
def run() -> Run:
    """Run `ecoop …` in English with the given settings; a traceback fails the test."""

    def call(*arguments: object, spoken: str = "en", settings: dict[str, str] | None = None, typed: str = "") -> Result:
        words = ["--language", spoken] if spoken else []
        result = CliRunner().invoke(main, [*words, *map(str, arguments)], input=typed, env=settings or {})
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return call
