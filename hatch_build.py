"""Compile the translations while the package is built, so that wheels carry .mo and the repository does not."""

import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CatalogueHook(BuildHookInterface[Any]):
    """Run by hatchling before wheels, sdists and editable installs."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        package = Path(self.root) / "ecoop"
        compiling = runpy.run_path(str(package / "language" / "catalogue.py"))  # the package cannot be imported yet
        compiling["compile_catalogues"](package / "translations")
