"""The log of who looked, in words."""

from collections.abc import Mapping

from ecoop.language import gettext, mark

ACCESS_KINDS: Mapping[str, str] = {
    "support_visit": mark("A page, while looking in as administrator"),
    "trail": mark("The audit trail"),
    "paper": mark("A paper that is not for everybody"),
}


def access_kind_name(kind: str) -> str:
    """What somebody looked at; a kind of a later release shows its code."""
    return gettext(ACCESS_KINDS[kind]) if kind in ACCESS_KINDS else kind
