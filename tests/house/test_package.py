"""What leaves the house: the sdist, the wheel made from it, and the platform running from that wheel alone."""

import json
import os
import shutil
import subprocess
import sys
import tarfile
import textwrap
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po

from tests.support.repository import ROOT, published_files, relative

pytestmark = pytest.mark.slow

TITLE = "Your energy cooperative, in your own hands"
BARE = {name: text for name, text in os.environ.items() if not name.startswith(("ECOOP_", "PYTHON", "VIRTUAL_ENV"))}

VISIT = """
import json
from pathlib import Path

from ecoop import migrations
from ecoop.app import create_app, find_templates
from ecoop.config import Settings
from ecoop.db import open_database
from ecoop.sealing import new_key

settings = Settings(
    database_url="sqlite:///site.sqlite3", secret="s" * 32, encryption_key=new_key(), folder=Path("data")
)
database = open_database(settings.database_url)
migrations.upgrade(database)
app = create_app(settings, database)
app.config["WTF_CSRF_ENABLED"] = False
dutch = app.test_client()
english = app.test_client()
english.post("/language/en", base_url="https://localhost")
answers = {
    "dutch": dutch.get("/"),
    "english": english.get("/", base_url="https://localhost"),
    "help": dutch.get("/help/getting-started"),
}
with app.test_request_context():
    for name in ("ecoop.css", "bootstrap.css", "plotly.js"):
        answers[name] = dutch.get(app.jinja_env.globals["asset_url"](name))
told = {name: {"status": answer.status_code, "text": answer.text[:20_000]} for name, answer in answers.items()}
print(json.dumps({"answers": told, "templates": str(find_templates())}))
"""


@dataclass(frozen=True, kw_only=True)
class Wheel:
    """A built wheel and the names inside."""

    path: Path
    names: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Site:
    """A virtual environment with nothing but the wheel and what it needs, and a folder to work in."""

    bin: Path
    folder: Path

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a program of the environment, as somebody who never saw the checkout."""
        return subprocess.run(
            [str(self.bin / command[0]), *command[1:]],
            check=False,
            capture_output=True,
            text=True,
            cwd=self.folder,
            env=BARE | {"ECOOP_DATA": str(self.folder / "data"), "LC_ALL": "en_GB.UTF-8"},
        )


def finish(command: Sequence[object], folder: Path) -> None:
    done = subprocess.run([*map(str, command)], cwd=folder, env=BARE, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sdist, built from a copy: building compiles translations, which other tests are reading here."""
    folder = tmp_path_factory.mktemp("checkout")
    for path in published_files():
        target = folder / relative(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    finish((sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", folder / "out"), folder)
    return next((folder / "out").glob("*.tar.gz"))


@pytest.fixture(scope="module")
def wheel(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Wheel:
    """The wheel, built from the unpacked sdist."""
    folder = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(sdist) as archive:
        archive.extraction_filter = getattr(tarfile, "data_filter", None)  # since 3.11.4; Debian 12 has 3.11.2
        archive.extractall(folder)
    (source,) = folder.iterdir()
    finish((sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder / "out"), source)
    path = next((folder / "out").glob("*.whl"))
    with zipfile.ZipFile(path) as archive:
        return Wheel(path=path, names=frozenset(archive.namelist()))


@pytest.fixture(scope="module")
def site(wheel: Wheel, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The wheel in a clean environment, far from the checkout."""
    folder = tmp_path_factory.mktemp("elsewhere")
    environment = folder / "environment"
    locked = ("--quiet", "--require-hashes", "-r", ROOT / "requirements" / "run.txt")
    ours = ("--quiet", "--no-deps", wheel.path)
    uv = ROOT / ".tools" / "bin" / "uv"
    uv_found = str(uv) if uv.exists() else shutil.which("uv")
    if uv_found:
        there = ("--python", environment / "bin" / "python")
        finish((uv_found, "venv", "--quiet", "--python", sys.executable, environment), folder)
        from_cache = subprocess.run(
            [*map(str, (uv_found, "pip", "install", "--offline", *there, *locked))],
            cwd=folder,
            env=BARE,
            check=False,
            capture_output=True,
        )
        if from_cache.returncode:
            finish((uv_found, "pip", "install", *there, *locked), folder)
        finish((uv_found, "pip", "install", "--offline", *there, *ours), folder)
    else:
        finish((sys.executable, "-m", "venv", environment), folder)
        pip = (environment / "bin" / "python", "-m", "pip", "--disable-pip-version-check", "install")
        finish((*pip, *locked), folder)
        finish((*pip, "--no-index", *ours), folder)
    return Site(bin=environment / "bin", folder=folder)


@pytest.fixture(scope="module")
def visit(site: Site) -> dict[str, Any]:
    """What a visitor of the installed platform sees."""
    (site.folder / "visit.py").write_text(textwrap.dedent(VISIT), encoding="utf-8")
    done = site.run("python", "-W", "error", "visit.py")
    assert done.returncode == 0, done.stderr
    seen: dict[str, Any] = json.loads(done.stdout)
    return seen


def published_below(folder: str) -> set[str]:
    return {name for path in published_files() if (name := relative(path)).startswith(f"{folder}/")}


def test_the_wheel_holds_exactly_the_templates(wheel: Wheel) -> None:
    inside = {name.removeprefix("ecoop/") for name in wheel.names if name.startswith("ecoop/templates/")}

    assert inside == published_below("templates")


def test_the_wheel_holds_everything_of_the_package(wheel: Wheel) -> None:
    assert published_below("ecoop") <= wheel.names


@pytest.mark.parametrize("folder", ["static", "help/nl", "help/en", "migrations/versions"])
def test_the_wheel_holds_what_is_not_imported(wheel: Wheel, folder: str) -> None:
    assert any(name.startswith(f"ecoop/{folder}/") for name in wheel.names)


def test_the_wheel_holds_a_catalogue_for_every_translation(wheel: Wheel) -> None:
    sources = {name for name in published_below("ecoop/translations") if name.endswith(".po")}

    assert sources
    assert {name.removesuffix(".po") + ".mo" for name in sources} <= wheel.names


def test_the_wheel_holds_nothing_else(wheel: Wheel) -> None:
    rooms = {name.partition("/")[0] for name in wheel.names}

    assert {room for room in rooms if not room.endswith(".dist-info")} == {"ecoop"}


def test_the_sdist_holds_the_tests(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        inside = {name.partition("/")[2] for name in archive.getnames()}

    assert published_below("tests") <= inside


@pytest.mark.parametrize("name", ["dutch", "english", "help", "ecoop.css", "bootstrap.css", "plotly.js"])
def test_the_installed_platform_answers(visit: dict[str, Any], name: str) -> None:
    assert visit["answers"][name]["status"] == 200


def test_the_installed_platform_speaks_dutch(visit: dict[str, Any]) -> None:
    with (ROOT / "ecoop/translations/nl/LC_MESSAGES/ecoop.po").open("rb") as stream:
        message = read_po(stream).get(TITLE)

    assert message is not None
    assert message.string
    assert message.string in visit["answers"]["dutch"]["text"]


def test_the_installed_platform_speaks_english_when_asked(visit: dict[str, Any]) -> None:
    assert '<html lang="en">' in visit["answers"]["english"]["text"]
    assert TITLE in visit["answers"]["english"]["text"]


def test_the_installed_platform_uses_its_own_templates(visit: dict[str, Any], site: Site) -> None:
    assert Path(visit["templates"]).is_relative_to(site.folder)


def test_the_installed_command_tells_what_it_can_do(site: Site) -> None:
    done = site.run("ecoop", "--help")

    assert (done.returncode, done.stderr) == (0, "")
    assert "db" in done.stdout


def test_the_installed_command_makes_the_tables(site: Site) -> None:
    done = site.run("ecoop", "db", "upgrade")

    assert done.returncode == 0, done.stderr
    assert (site.folder / "data" / "ecoop.sqlite3").exists()
