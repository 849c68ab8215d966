"""Compile the translations while the package is built, so that wheels carry .mo and the repository does not."""

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


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


class CatalogueHook(BuildHookInterface[Any]):
    """Run by hatchling before wheels, sdists and editable installs."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        compile_catalogues(Path(self.root) / "ecoop" / "translations")
