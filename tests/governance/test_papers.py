"""Papers: what a file is by what is in it, who reads it, how long it is kept."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecoop.governance.papers import (
    INSIDE,
    MOST_PARTS,
    PUBLIC,
    RETENTION_OF,
    RETENTION_RULES,
    FileRefused,
    MediaType,
    PaperKind,
    PaperReason,
    Retention,
    Right,
    check_file,
    clean_name,
    is_restricted,
    keep_until,
    may_read,
    readers_on,
    retention_rule,
    roles_that_read,
)
from ecoop.governance.roles import RULES, Actor, HeldRole, Permission, Reach, Role, roles_reaching
from tests.support import office_files as made

LIMIT = 1_000_000
DAY = date(2026, 3, 2)

TAKEN = {
    "pdf": (made.PDF, MediaType.PDF),
    "png": (made.png(), MediaType.PNG),
    "jpeg": (made.JPEG, MediaType.JPEG),
    "text": (made.TEXT, MediaType.TEXT),
    "text with a mark": (b"\xef\xbb\xbfDag", MediaType.TEXT),
    "csv": (made.CSV, MediaType.CSV),
    "csv with commas": (b"a,b\n1,2\n", MediaType.CSV),
    "text with commas": (b"Dag, allemaal\nHoi\n", MediaType.TEXT),
    "docx": (made.docx(), MediaType.DOCX),
    "xlsx": (made.xlsx(), MediaType.XLSX),
    "odt": (made.opendocument("text"), MediaType.ODT),
    "ods": (made.opendocument("spreadsheet"), MediaType.ODS),
}

REFUSED = {
    "nothing": (b"", PaperReason.EMPTY),
    "too much": (b"a" * (LIMIT + 1), PaperReason.TOO_LARGE),
    "a pdf cut short": (made.PDF[:-8], PaperReason.DAMAGED),
    "a pdf behind a password": (made.LOCKED_PDF, PaperReason.ENCRYPTED),
    "a png cut short": (made.png()[:-5], PaperReason.DAMAGED),
    "a png with something behind it": (made.png() + b"<script>", PaperReason.DAMAGED),
    "a jpeg without an end": (made.JPEG[:-2], PaperReason.DAMAGED),
    "a program": (b"MZ\x90\x00\x03", PaperReason.TYPE_UNKNOWN),
    "a script with a NUL": (b"#!/bin/sh\0", PaperReason.TYPE_UNKNOWN),
    "text that is not UTF-8": (b"caf\xe9", PaperReason.TYPE_UNKNOWN),
    "any zip": (made.packed({"a.txt": b"a"}), PaperReason.TYPE_UNKNOWN),
    "a zip cut short": (made.docx()[:-30], PaperReason.DAMAGED),
    "a word file with macros": (made.docx(**{"word/vbaProject.bin": b"x"}), PaperReason.MACROS),
    "macros under another spelling": (made.xlsx(**{"xl/VBAPROJECT.BIN": b"x"}), PaperReason.MACROS),
    "a file that says it holds macros": (
        made.packed({"[Content_Types].xml": made.MACRO_TYPES, "word/document.xml": b""}),
        PaperReason.MACROS,
    ),
    "a text document with scripts": (
        made.opendocument("text", **{"Basic/Standard/Module1.xml": b"x"}),
        PaperReason.MACROS,
    ),
    "a text document behind a password": (
        made.opendocument("text", manifest=b"<manifest:encryption-data/>"),
        PaperReason.ENCRYPTED,
    ),
    "an old word file": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(64), PaperReason.TYPE_UNKNOWN),
    "a word file behind a password": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptionInfo".encode("utf-16-le"),
        PaperReason.ENCRYPTED,
    ),
    "a bomb": (made.declaring(made.docx(), 4_000_000_000), PaperReason.UNPACKS_TOO_LARGE),
    "a bomb in a small file": (made.declaring(made.docx(), 200_000_000), PaperReason.UNPACKS_TOO_LARGE),
    "a bomb of many parts": (
        made.packed({f"p{number}": b"" for number in range(MOST_PARTS + 1)}),
        PaperReason.UNPACKS_TOO_LARGE,
    ),
    "a presentation": (
        made.packed({"[Content_Types].xml": b"<Types>presentationml</Types>", "ppt/presentation.xml": b""}),
        PaperReason.TYPE_UNKNOWN,
    ),
}


@pytest.mark.parametrize(("content", "kind"), TAKEN.values(), ids=TAKEN)
def test_a_file_is_known_by_what_is_in_it(content: bytes, kind: MediaType) -> None:
    assert check_file(content, limit_bytes=LIMIT) is kind


@pytest.mark.parametrize(("content", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_is_not_a_paper_is_refused_with_a_reason(content: bytes, reason: PaperReason) -> None:
    with pytest.raises(FileRefused) as refused:
        check_file(content, limit_bytes=LIMIT)

    assert refused.value.reason is reason


@given(st.one_of(*(st.just(content) for content, _kind in TAKEN.values())), st.data())
def test_a_file_in_which_bytes_were_changed_is_taken_or_refused_and_nothing_else(
    content: bytes, data: st.DataObject
) -> None:
    broken = bytearray(content)
    for _time in range(data.draw(st.integers(1, 4))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(broken[: data.draw(st.integers(0, len(broken)))])

    for one in (bytes(broken), cut):
        with suppress(FileRefused):
            assert check_file(one, limit_bytes=LIMIT) in set(MediaType)


@given(st.sampled_from([b"%PDF-", b"PK\x03\x04", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b""]), st.binary(max_size=300))
def test_no_bytes_make_the_check_fail(start: bytes, rest: bytes) -> None:
    with suppress(FileRefused):
        assert check_file(start + rest, limit_bytes=LIMIT) in set(MediaType)


NAMES = {
    "C:\\Users\\me\\notulen.pdf": "notulen.pdf",
    "../../etc/passwd": "passwd.pdf",
    "virus.exe": "virus.pdf",
    "verslag\u202efdp.exe": "verslagfdp.pdf",
    "a\r\nSet-Cookie: x=1.pdf": "a Set-Cookie x=1.pdf",
    "één mooi  stuk.PDF": "één mooi stuk.pdf",
    "": "paper.pdf",
    "..": "paper.pdf",
    '"quoted".pdf': "quoted.pdf",
}


@pytest.mark.parametrize(("given_name", "kept"), NAMES.items())
def test_a_file_is_given_back_under_a_harmless_name(given_name: str, kept: str) -> None:
    assert clean_name(given_name, MediaType.PDF) == kept


@given(st.one_of(st.none(), st.text(max_size=400)), st.sampled_from(list(MediaType)))
def test_every_name_becomes_one_visible_line_that_ends_as_its_kind(name: str | None, kind: MediaType) -> None:
    kept = clean_name(name, kind)

    assert kept.isprintable()
    assert kept.endswith("." + kind.extension)
    assert len(kept) <= 120
    assert not set(kept) & set('/\\"<>:|?*')


# who reads


def _somebody(*roles: Role) -> Actor:
    return Actor(account_id=1, name="x", roles=tuple(HeldRole(role=role, starts_on=DAY) for role in roles))


@pytest.mark.parametrize("role", roles_reaching(Reach.COOPERATIVE))
@pytest.mark.parametrize("reader", [PUBLIC, INSIDE, *roles_reaching(Reach.COOPERATIVE)])
def test_a_paper_is_read_by_its_readers_and_by_the_board(role: Role, reader: str) -> None:
    manages = Permission.MANAGE_PAPERS in RULES[role].permissions

    expected = manages or reader in {PUBLIC, INSIDE, role.value}

    assert may_read(_somebody(role), frozenset({reader})) is expected
    assert (role in roles_that_read(frozenset({reader}))) is expected


def test_a_paper_without_readers_is_for_the_board() -> None:
    assert may_read(_somebody(Role.SECRETARY), frozenset())
    assert not may_read(_somebody(Role.MEMBER, Role.AUDIT_COMMITTEE), frozenset())


def test_who_only_looks_in_reads_no_paper() -> None:
    visitor = Actor(account_id=1, name="Ada", supporting=True)

    assert not may_read(visitor, frozenset({PUBLIC, INSIDE}))


def test_a_right_runs_from_its_first_day_until_its_last_which_does_not_count() -> None:
    rights = [Right(reader=INSIDE, starts_on=date(2026, 3, 2), ends_on=date(2026, 3, 4))]

    days = [readers_on(rights, date(2026, 3, day)) for day in (1, 2, 3, 4)]

    assert days == [frozenset(), frozenset({INSIDE}), frozenset({INSIDE}), frozenset()]


def test_what_not_everybody_inside_reads_is_restricted() -> None:
    assert is_restricted(frozenset({"audit_committee"}))
    assert not is_restricted(frozenset({"audit_committee", INSIDE}))


# how long


def test_minutes_and_statutes_are_kept_for_ever() -> None:
    assert keep_until(RETENTION_OF[PaperKind.MINUTES], DAY) is None
    assert keep_until(RETENTION_OF[PaperKind.STATUTES], DAY) is None


def test_the_books_are_kept_seven_years_after_the_year_in_which_they_are_withdrawn() -> None:
    assert keep_until(Retention.BOOKS, date(2026, 1, 1)) == date(2034, 1, 1)
    assert keep_until(Retention.BOOKS, date(2026, 12, 31)) == date(2034, 1, 1)


def test_other_papers_are_kept_two_years() -> None:
    assert keep_until(Retention.SHORT, date(2026, 3, 2)) == date(2028, 3, 2)
    assert keep_until(Retention.SHORT, date(2024, 2, 29)) == date(2026, 3, 1)


def test_every_kind_has_a_retention_and_every_retention_a_rule() -> None:
    assert set(RETENTION_OF) == set(PaperKind)
    assert {rule.code for rule in RETENTION_RULES} == set(Retention)


def test_what_was_not_looked_up_in_the_law_says_so() -> None:
    assert retention_rule(Retention.BOOKS, DAY).source
    assert not retention_rule(Retention.BOOKS, DAY).verified
