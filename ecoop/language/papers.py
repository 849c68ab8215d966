"""Papers in words: their kinds, who may read them, how long they are kept, what files they are."""

from collections.abc import Mapping

from ecoop.language import gettext, mark, number
from ecoop.language.names import ROLES

PAPER_KINDS: Mapping[str, str] = {
    "minutes": mark("Minutes"),
    "agenda": mark("Agenda"),
    "statutes": mark("Statutes"),
    "budget": mark("Budget"),
    "contract": mark("Contract"),
    "proposal": mark("Proposal"),
    "other": mark("Other paper"),
}

RETENTIONS: Mapping[str, str] = {
    "permanent": mark("For ever"),
    "books": mark("As long as the books: seven years after the year in which it is withdrawn"),
    "short": mark("Two years after it is withdrawn"),
}

MEDIA_TYPES: Mapping[str, str] = {
    "application/pdf": "PDF",
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "text/plain": mark("Text"),
    "text/csv": "CSV",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "Excel",
    "application/vnd.oasis.opendocument.text": "ODT",
    "application/vnd.oasis.opendocument.spreadsheet": "ODS",
}

KEPT_STATES: Mapping[str, str] = {
    "sound": mark("in order"),
    "missing": mark("missing"),
    "altered": mark("altered"),
}


def paper_kind_name(kind: str) -> str:
    """What sort of paper it is."""
    return gettext(PAPER_KINDS[kind])


def reader_name(reader: str) -> str:
    """Who may read a paper: everybody, everybody inside, or who holds a role."""
    if reader == "public":
        return gettext("Everybody, also outside")
    return gettext("Everybody inside") if reader == "inside" else gettext(ROLES[reader])


def retention_name(code: str) -> str:
    """How long a paper is kept."""
    return gettext(RETENTIONS[code])


def media_type_name(media_type: str) -> str:
    """What a file is called."""
    return gettext(MEDIA_TYPES[media_type])


def kept_state_name(state: str) -> str:
    """How the file stands."""
    return gettext(KEPT_STATES[state])


def file_size(size: int) -> str:
    """How large a file is: 812 bytes, 14 kB, 2.3 MB."""
    if size < 1000:
        return gettext("%(size)s bytes", size=number(size))
    if size < 1_000_000:
        return gettext("%(size)s kB", size=number(size / 1000))
    return gettext("%(size)s MB", size=number(size / 1_000_000, 1))
