"""Papers: what kinds there are, who may read one, how long it is kept, and whether a file is what it should be.

A file is known by what is in it, never by its name or by what the browser says of it.
"""

import csv
import io
import re
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ecoop.governance.roles import RULES, Actor, Permission, Reach, Role, roles_reaching


class PaperKind(StrEnum):
    """What sort of paper it is (Dutch term in the comment)."""

    MINUTES = "minutes"  # notulen
    AGENDA = "agenda"  # agenda
    STATUTES = "statutes"  # statuten
    BUDGET = "budget"  # begroting
    CONTRACT = "contract"  # contract
    PROPOSAL = "proposal"  # voorstel
    OTHER = "other"


class PaperReason(StrEnum):
    """Why a paper or its file is refused."""

    TITLE_MISSING = "paper_title_missing"
    TITLE_UNUSABLE = "paper_title_unusable"
    REMARK_TOO_LONG = "paper_remark_too_long"
    READER_UNKNOWN = "paper_reader_unknown"
    UNTIL_OVER = "paper_until_over"
    WITHDRAWN = "paper_withdrawn"
    SAME_FILE = "paper_same_file"
    EMPTY = "paper_empty"
    TOO_LARGE = "paper_too_large"
    TYPE_UNKNOWN = "paper_type_unknown"
    DAMAGED = "paper_damaged"
    ENCRYPTED = "paper_encrypted"
    MACROS = "paper_macros"
    UNPACKS_TOO_LARGE = "paper_unpacks_too_large"


class MediaType(StrEnum):
    """The kinds of file that are taken."""

    PDF = "application/pdf"
    PNG = "image/png"
    JPEG = "image/jpeg"
    TEXT = "text/plain"
    CSV = "text/csv"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    ODT = "application/vnd.oasis.opendocument.text"
    ODS = "application/vnd.oasis.opendocument.spreadsheet"

    @property
    def extension(self) -> str:
        """How the name of such a file ends."""
        return {MediaType.JPEG: "jpg", MediaType.TEXT: "txt"}.get(self, self.name.lower())


class FileRefused(Exception):
    """The file is not taken; `reason` says why."""

    def __init__(self, reason: PaperReason) -> None:
        super().__init__(str(reason))
        self.reason = reason


# who may read

PUBLIC = "public"
INSIDE = "inside"
READERS = (PUBLIC, INSIDE, *(role.value for role in roles_reaching(Reach.COOPERATIVE)))
"""Who a paper can be opened to: everybody, everybody inside, or who holds a role. The board reads everything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """Who may read a paper, from a day until a day (not included; None: no end is agreed)."""

    reader: str
    starts_on: date
    ends_on: date | None = None

    def runs_on(self, day: date) -> bool:
        """Whether it holds on `day`."""
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)


def readers_on(rights: Iterable[Right], day: date) -> frozenset[str]:
    """Who a paper is open to on `day`."""
    return frozenset(right.reader for right in rights if right.runs_on(day))


def may_read(actor: Actor, readers: frozenset[str]) -> bool:
    """Whether `actor` may read a paper that is open to `readers`; who manages the papers reads them all."""
    if actor.may(Permission.MANAGE_PAPERS):
        return True
    if not actor.may(Permission.SEE_PAPERS):
        return False
    return bool(readers & {PUBLIC, INSIDE}) or any(held.role.value in readers for held in actor.roles)


def is_restricted(readers: frozenset[str]) -> bool:
    """Whether not everybody inside may read it: then the log tells who did."""
    return not readers & {PUBLIC, INSIDE}


def roles_that_read(readers: frozenset[str]) -> tuple[Role, ...]:
    """The roles of a cooperative whose holders may read a paper that is open to `readers`."""
    open_to_all = bool(readers & {PUBLIC, INSIDE})
    return tuple(
        role
        for role in roles_reaching(Reach.COOPERATIVE)
        if Permission.MANAGE_PAPERS in RULES[role].permissions
        or (Permission.SEE_PAPERS in RULES[role].permissions and (open_to_all or role.value in readers))
    )


# how long it is kept


class Retention(StrEnum):
    """How long a paper is kept."""

    PERMANENT = "permanent"
    BOOKS = "books"
    SHORT = "short"


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRule:
    """What a retention says from a day on: years after withdrawal (None: for ever), counted from the end of that
    calendar year or from the day itself, and where that comes from. `verified` is whether somebody looked it up.
    """

    code: Retention
    in_force_from: date
    years: int | None
    from_end_of_year: bool = False
    source: str | None = None
    verified: bool = False


RETENTION_RULES = (
    RetentionRule(code=Retention.PERMANENT, in_force_from=date(2000, 1, 1), years=None),
    RetentionRule(
        code=Retention.BOOKS,
        in_force_from=date(2000, 1, 1),
        years=7,
        from_end_of_year=True,
        source="BW art. 2:10, AWR art. 52",
    ),
    RetentionRule(code=Retention.SHORT, in_force_from=date(2000, 1, 1), years=2),
)
"""The law counts the seven years of the books from the end of the year they are about. Here they begin at the end of
the year in which the paper is withdrawn: never earlier, because a contract that still runs is never withdrawn."""

RETENTION_OF: Mapping[PaperKind, Retention] = {
    PaperKind.MINUTES: Retention.PERMANENT,
    PaperKind.STATUTES: Retention.PERMANENT,
    PaperKind.BUDGET: Retention.BOOKS,
    PaperKind.CONTRACT: Retention.BOOKS,
    PaperKind.AGENDA: Retention.SHORT,
    PaperKind.PROPOSAL: Retention.SHORT,
    PaperKind.OTHER: Retention.SHORT,
}
"""How long a paper of each kind is kept."""


def retention_rule(code: Retention, day: date) -> RetentionRule:
    """The rule that was in force on `day`."""
    known = [rule for rule in RETENTION_RULES if rule.code is code and rule.in_force_from <= day]
    return max(known, key=lambda rule: rule.in_force_from)


def keep_until(code: Retention, withdrawn_on: date) -> date | None:
    """The first day on which a paper withdrawn on `withdrawn_on` may be destroyed; None: never."""
    rule = retention_rule(code, withdrawn_on)
    if rule.years is None:
        return None
    if rule.from_end_of_year:
        return date(withdrawn_on.year + 1 + rule.years, 1, 1)
    try:
        return withdrawn_on.replace(year=withdrawn_on.year + rule.years)
    except ValueError:  # 29 February
        return date(withdrawn_on.year + rule.years, 3, 1)


# what a file is

LONGEST_NAME = 120
MOST_PARTS = 5_000
MOST_UNPACKED = 300 * 1024 * 1024
"""How many bytes an office file may say to unpack to."""
MOST_TIMES = 200
"""How many times its own size an office file may say to unpack to, beyond the first mebibyte."""
_LONGEST_LIST = 1024 * 1024
_ENCRYPTED_PDF = re.compile(rb"/Encrypt(?:\s+\d+\s+\d+\s+R|\s*<<)")
_OFFICE = {
    "word/document.xml": (b"wordprocessingml.document.main+xml", MediaType.DOCX),
    "xl/workbook.xml": (b"spreadsheetml.sheet.main+xml", MediaType.XLSX),
}
_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*]')


def check_file(content: bytes, *, limit_bytes: int) -> MediaType:
    """What kind of file `content` is. Raises FileRefused for what is not taken; runs and unpacks nothing."""
    if not content:
        raise FileRefused(PaperReason.EMPTY)
    if len(content) > limit_bytes:
        raise FileRefused(PaperReason.TOO_LARGE)
    if content.startswith(b"%PDF-"):
        return _check_pdf(content)
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return _check_png(content)
    if content.startswith(b"\xff\xd8\xff"):
        return _check_jpeg(content)
    if content.startswith(b"PK\x03\x04"):
        return _check_office(content)
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):  # old office files, and new ones behind a password
        raise FileRefused(PaperReason.ENCRYPTED if b"E\0n\0c\0r\0y\0p\0t" in content else PaperReason.TYPE_UNKNOWN)
    return _check_text(content)


def _check_pdf(content: bytes) -> MediaType:
    if b"%%EOF" not in content[-1024:]:
        raise FileRefused(PaperReason.DAMAGED)
    if _ENCRYPTED_PDF.search(content):
        raise FileRefused(PaperReason.ENCRYPTED)
    return MediaType.PDF


def _check_png(content: bytes) -> MediaType:
    """Every part of the picture is whole, and nothing stands behind its end."""
    place, first = 8, True
    while place + 12 <= len(content):
        (length,) = struct.unpack_from(">I", content, place)
        name, end = content[place + 4 : place + 8], place + 12 + length
        if end > len(content) or (first and name != b"IHDR"):
            break
        if zlib.crc32(content[place + 4 : end - 4]) != struct.unpack_from(">I", content, end - 4)[0]:
            break
        if name == b"IEND":
            if end != len(content):
                break
            return MediaType.PNG
        place, first = end, False
    raise FileRefused(PaperReason.DAMAGED)


def _check_jpeg(content: bytes) -> MediaType:
    if b"\xff\xd9" not in content[3:]:
        raise FileRefused(PaperReason.DAMAGED)
    return MediaType.JPEG


def _check_office(content: bytes) -> MediaType:
    """A file of Word, Excel or LibreOffice: told by its list of parts, which alone is read."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            _refuse_bombs(parts, len(content))
            if any(part.flag_bits & 0x1 for part in parts):
                raise FileRefused(PaperReason.ENCRYPTED)
            names = {part.filename for part in parts}
            _refuse_macros(names)
            return _office_kind(archive, names)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, struct.error, NotImplementedError) as error:
        raise FileRefused(PaperReason.DAMAGED) from error


def _refuse_bombs(parts: list[zipfile.ZipInfo], size: int) -> None:
    declared = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or declared > MOST_UNPACKED or declared > _LONGEST_LIST + MOST_TIMES * size:
        raise FileRefused(PaperReason.UNPACKS_TOO_LARGE)
    if any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts):
        raise FileRefused(PaperReason.TYPE_UNKNOWN)


def _refuse_macros(names: set[str]) -> None:
    for name in names:
        folder, _, last = name.lower().replace("\\", "/").rpartition("/")
        if last in {"vbaproject.bin", "vbadata.xml"} or folder.split("/")[0] in {"basic", "scripts"}:
            raise FileRefused(PaperReason.MACROS)


def _office_kind(archive: zipfile.ZipFile, names: set[str]) -> MediaType:
    if "[Content_Types].xml" in names:
        types = _part(archive, "[Content_Types].xml")
        if b"macroEnabled" in types:
            raise FileRefused(PaperReason.MACROS)
        for part, (mark, kind) in _OFFICE.items():
            if part in names and mark in types:
                return kind
    if {"mimetype", "content.xml", "META-INF/manifest.xml"} <= names:
        if b"encryption-data" in _part(archive, "META-INF/manifest.xml"):
            raise FileRefused(PaperReason.ENCRYPTED)
        told = _part(archive, "mimetype").strip()
        for kind in (MediaType.ODT, MediaType.ODS):
            if told == kind.value.encode():
                return kind
    raise FileRefused(PaperReason.TYPE_UNKNOWN)


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        read = part.read(_LONGEST_LIST + 1)
    if len(read) > _LONGEST_LIST:
        raise FileRefused(PaperReason.UNPACKS_TOO_LARGE)
    return read


def _check_text(content: bytes) -> MediaType:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileRefused(PaperReason.TYPE_UNKNOWN) from error
    if any(ord(character) < 32 and character not in "\t\n\r\f" for character in set(text)):
        raise FileRefused(PaperReason.TYPE_UNKNOWN)
    return MediaType.CSV if any(_is_table(text, mark) for mark in ";,\t") else MediaType.TEXT


def _is_table(text: str, mark: str) -> bool:
    """Whether every line has the same number of cells, two at least."""
    if mark not in text:
        return False
    try:
        widths = [len(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True) if row]
    except csv.Error:
        return False
    return len(widths) > 1 and len(set(widths)) == 1 and widths[0] > 1


def clean_name(given: str | None, media_type: MediaType) -> str:
    """The name under which a file is given back: its last part, visible characters only, ending as its kind does."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", given or ""))[-1]
    visible = "".join(" " if one.isspace() else one for one in last if one.isspace() or one.isprintable())
    stem = _NOT_IN_NAMES.sub("", visible)
    stem = " ".join(stem.rpartition(".")[0].split() if "." in stem else stem.split()).strip(". ")
    return f"{stem[: LONGEST_NAME - 5].strip() or 'paper'}.{media_type.extension}"
