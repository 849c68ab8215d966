"""Several files as one: a zip in which the same files always give the same bytes."""

import io
import zipfile
from collections.abc import Mapping

_SAME_DAY = (1980, 1, 1, 0, 0, 0)


def as_zip(files: Mapping[str, bytes]) -> bytes:
    """The files by their names, in order."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name in sorted(files):
            about = zipfile.ZipInfo(name, _SAME_DAY)
            about.compress_type = zipfile.ZIP_DEFLATED
            about.external_attr = 0o600 << 16
            bundle.writestr(about, files[name])
    return stream.getvalue()
