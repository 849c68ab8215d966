"""The job that writes everything of a cooperative as one zip, and clearing such files away."""

import shutil
import tempfile
import zipfile
from datetime import datetime
from pathlib import Path

from ecoop.errors import Refused
from ecoop.safekeeping.exporting import SUMS, files_in, write_export
from ecoop.services.register_export import export_file
from ecoop.vault import Vault
from ecoop.worker.work import JobFailed, Work


def export_cooperative(work: Work) -> None:
    """Write the export beside its place and put it there whole: a zip that only its owner reads."""
    if work.job.cooperative_id is None:
        raise JobFailed("not_there")
    place = export_file(work.settings.folder, work.job.id)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(prefix="writing-", dir=place.parent) as beside:
        folder = Path(beside) / "export"
        try:
            write_export(
                work.database, Vault(work.settings.papers_folder), cooperative_id=work.job.cooperative_id, folder=folder
            )
        except Refused as error:
            raise JobFailed("not_there") from error
        packed = Path(beside) / "export.zip"
        pack(folder, packed)
        packed.chmod(0o600)
        packed.replace(place)
    work.progress(1, 1)


def pack(folder: Path, file: Path) -> None:
    """Put every file of the folder into a zip."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, found in (files_in(folder) | {SUMS: folder / SUMS}).items():
            bundle.write(found, name)


def remove_exports(folder: Path, *, before: datetime) -> None:
    """Remove every export that was made before a moment, and what an interrupted one left behind."""
    for found in export_file(folder, 0).parent.glob("*"):
        if found.stat().st_mtime < before.timestamp():
            if found.is_dir():
                shutil.rmtree(found, ignore_errors=True)
            else:
                found.unlink(missing_ok=True)
