"""The log of who looked, in words."""

from collections.abc import Mapping

from ecoop.language import gettext, mark

ACCESS_KINDS: Mapping[str, str] = {
    "support_visit": mark("Looked in as administrator"),
    "trail": mark("Read the audit trail"),
}


def access_name(kind: str) -> str:
    """What somebody looked at."""
    return gettext(ACCESS_KINDS[kind]) if kind in ACCESS_KINDS else kind
