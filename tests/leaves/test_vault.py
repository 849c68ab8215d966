"""Files under their digest: whole or not at all, and a change is noticed."""

from pathlib import Path

import pytest

from ecoop.vault import KeptState, NotKept, Vault


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "papers")


def test_what_was_put_in_comes_out(vault: Vault) -> None:
    digest = vault.put(b"minutes")

    assert vault.read(digest) == b"minutes"
    assert list(vault.digests()) == [digest]


def test_equal_files_are_kept_once(vault: Vault) -> None:
    assert vault.put(b"minutes") == vault.put(b"minutes")
    assert len(list(vault.folder.rglob("*"))) == 2


def test_an_altered_file_is_not_given(vault: Vault) -> None:
    digest = vault.put(b"minutes")
    vault.path(digest).write_bytes(b"minuter")

    assert vault.state(digest) is KeptState.ALTERED
    with pytest.raises(NotKept):
        vault.read(digest)


def test_a_missing_file_is_told(vault: Vault) -> None:
    digest = vault.put(b"minutes")
    vault.remove(digest)

    assert vault.state(digest) is KeptState.MISSING
    with pytest.raises(NotKept):
        vault.read(digest)


def test_an_altered_file_is_mended_when_it_is_put_in_again(vault: Vault) -> None:
    digest = vault.put(b"minutes")
    vault.path(digest).write_bytes(b"")

    vault.put(b"minutes")

    assert vault.state(digest) is KeptState.SOUND


@pytest.mark.parametrize("digest", ["", "../secret", "A" * 64, "0" * 63])
def test_only_digests_name_a_file(vault: Vault, digest: str) -> None:
    with pytest.raises(ValueError, match="digest"):
        vault.read(digest)
