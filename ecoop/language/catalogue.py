"""Compiling the translations. Also read by the build, which has no ecoop yet: imports nothing of ours."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def compile_catalogues(folder: Path) -> list[Path]:
    """Write a .mo beside each .po below `folder`; stop on a fuzzy entry, which nobody has checked."""
    written = []
    for source in sorted(folder.rglob("*.po")):
        with source.open("rb") as stream:
            catalogue = read_po(stream)
        fuzzy = [message.id for message in catalogue if message.fuzzy and message.id]
        if fuzzy:
            raise ValueError(f"{source} holds unchecked (fuzzy) translations: {fuzzy[:3]}")
        target = source.with_suffix(".mo")
        with target.open("wb") as stream:
            write_mo(stream, catalogue)
        written.append(target)
    return written
