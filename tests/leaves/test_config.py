"""Settings: every one documented, none ignored, and a secret that only its owner can read."""

import ast
import stat
from pathlib import Path

import pytest

from ecoop import config
from ecoop.config import MEBIBYTE, SETTINGS, SettingsError, read_settings
from ecoop.sealing import new_key
from tests.support.repository import code

SECRET = "s" * 32


def named_in_code() -> set[str]:
    """Every name of a setting that occurs in the code as a whole text."""
    return {
        node.value
        for _, tree in code()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("ECOOP_")
        if node.value.replace("_", "").isalnum() and node.value != "ECOOP_"
    }


def test_every_setting_in_the_code_is_documented() -> None:
    assert named_in_code() == set(SETTINGS) | config._OTHERS_READ_THESE


@pytest.mark.parametrize("setting", SETTINGS)
def test_a_setting_is_told_in_a_sentence(setting: str) -> None:
    assert SETTINGS[setting].endswith(".")


def test_an_unknown_setting_is_refused_by_name() -> None:
    with pytest.raises(SettingsError, match="ECOOP_SECERT"):
        read_settings({"ECOOP_SECERT": SECRET})


def test_variables_of_others_are_left_alone() -> None:
    assert read_settings({"ECOOP_SECRET": SECRET, "EDITOR": "vi", "ECOOP_REQUIRE_ALL": "1"}).secret == SECRET


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(SettingsError, match="at least 32"):
        read_settings({"ECOOP_SECRET": "s" * 31})


def test_an_empty_secret_is_refused() -> None:
    with pytest.raises(SettingsError, match="at least 32"):
        read_settings({"ECOOP_SECRET": ""})


def test_a_secret_is_made_once(tmp_path: Path) -> None:
    first = read_settings({"ECOOP_DATA": str(tmp_path)})

    assert read_settings({"ECOOP_DATA": str(tmp_path)}).secret == first.secret


def test_every_installation_makes_its_own_secret(tmp_path: Path) -> None:
    secrets = {read_settings({"ECOOP_DATA": str(tmp_path / name)}).secret for name in ("a", "b")}

    assert len(secrets) == 2
    assert min(map(len, secrets)) >= 32


def test_only_its_owner_can_read_the_secret(tmp_path: Path) -> None:
    read_settings({"ECOOP_DATA": str(tmp_path / "data")})

    assert stat.S_IMODE((tmp_path / "data" / "secret").stat().st_mode) == 0o600


def test_a_given_secret_leaves_nothing_behind(tmp_path: Path) -> None:
    read_settings({"ECOOP_DATA": str(tmp_path / "data"), "ECOOP_SECRET": SECRET, "ECOOP_ENCRYPTION_KEY": new_key()})

    assert list(tmp_path.iterdir()) == []


def test_a_damaged_secret_is_told_with_its_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("short", encoding="ascii")

    with pytest.raises(SettingsError, match="secret"):
        read_settings({"ECOOP_DATA": str(tmp_path)})


def test_the_secret_is_not_shown_with_the_settings() -> None:
    assert SECRET not in repr(read_settings({"ECOOP_SECRET": SECRET}))


def test_the_database_lies_in_the_data_folder(tmp_path: Path) -> None:
    settings = read_settings({"ECOOP_DATA": str(tmp_path), "ECOOP_SECRET": SECRET})

    assert settings.database_url == f"sqlite:///{tmp_path / 'ecoop.sqlite3'}"


def test_a_given_database_is_used() -> None:
    url = "postgresql+psycopg://ecoop@db/ecoop"

    assert read_settings({"ECOOP_DATABASE_URL": url, "ECOOP_SECRET": SECRET}).database_url == url


def test_hosts_are_given_with_commas() -> None:
    settings = read_settings({"ECOOP_HOSTS": "A.example, b.example,", "ECOOP_SECRET": SECRET})

    assert settings.hosts == ("a.example", "b.example")


def test_papers_may_be_as_large_as_the_installation_says() -> None:
    assert read_settings({"ECOOP_SECRET": SECRET}).paper_limit_bytes == 20 * MEBIBYTE
    assert read_settings({"ECOOP_SECRET": SECRET, "ECOOP_PAPER_LIMIT_MB": "50"}).paper_limit_bytes == 50 * MEBIBYTE


def test_papers_lie_in_the_data_folder(tmp_path: Path) -> None:
    assert read_settings({"ECOOP_SECRET": SECRET, "ECOOP_DATA": str(tmp_path)}).papers_folder == tmp_path / "papers"


def test_cookies_need_https_unless_said_otherwise() -> None:
    assert read_settings({"ECOOP_SECRET": SECRET}).secure_cookies
    assert not read_settings({"ECOOP_SECRET": SECRET, "ECOOP_INSECURE_COOKIES": "1"}).secure_cookies


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("ECOOP_INSECURE_COOKIES", "yes"),
        ("ECOOP_SMTP_STARTTLS", "true"),
        ("ECOOP_PAPER_LIMIT_MB", "0"),
        ("ECOOP_PAPER_LIMIT_MB", "201"),
        ("ECOOP_PAPER_LIMIT_MB", "1.5"),
        ("ECOOP_SMTP_PORT", "0"),
        ("ECOOP_SMTP_PORT", "65536"),
        ("ECOOP_SMTP_PORT", "²"),
        ("ECOOP_MAIL_FROM", "nobody"),
        ("ECOOP_MAIL_FROM", "a@example.org\nBcc: b@example.org"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_by_name(setting: str, value: str) -> None:
    with pytest.raises(SettingsError, match=setting):
        read_settings({"ECOOP_SECRET": SECRET, setting: value})


def test_a_damaged_encryption_key_is_told_with_its_file(tmp_path: Path) -> None:
    (tmp_path / "encryption-key").write_text("short", encoding="ascii")

    with pytest.raises(SettingsError, match="encryption-key"):
        read_settings({"ECOOP_DATA": str(tmp_path), "ECOOP_SECRET": SECRET})


def test_a_given_encryption_key_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="ECOOP_ENCRYPTION_KEY"):
        read_settings({"ECOOP_DATA": str(tmp_path), "ECOOP_SECRET": SECRET, "ECOOP_ENCRYPTION_KEY": "short"})
