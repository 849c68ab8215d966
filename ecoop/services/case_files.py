"""A case as a TOML file, taken apart into assumptions with their tags and sources, and put together again."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Item, Table

from ecoop.errors import InvalidInput, Problem
from ecoop.governance.evidence import Tag

LISTS_OF_TABLES = frozenset({"capex.asset", "segment", "offer"})
"""Where a case holds a list of named tables; in a key path the item's name stands for its number."""

_TAG_WORDS = (
    ("founding text", Tag.FOUNDING_TEXT),
    ("public", Tag.PUBLIC),
    ("derived", Tag.DERIVED),
    ("assumption", Tag.ASSUMPTION),
)
_URL = re.compile(r"https?://[^\s;,)\"]+")


class CaseFileReason(StrEnum):
    """Why a file is not a case."""

    NOT_TEXT = "not_text"
    NOT_TOML = "not_toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenValue:
    """One value as it stands in the file."""

    key: str
    text: str
    tag: Tag
    source: str | None
    source_url: str | None


def decode(content: bytes) -> str:
    """The text of an uploaded file; raises InvalidInput where it is not UTF-8."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput((Problem(key="file", reason=CaseFileReason.NOT_TEXT),)) from error


def read_text(text: str) -> tuple[Mapping[str, Any], tuple[WrittenValue, ...]]:
    """The case as a plain mapping, and each of its values with what the comment behind it says.

    Raises InvalidInput where the text is not TOML. A value without a tag is an assumption.
    """
    try:
        document = tomlkit.parse(text)
    except (TOMLKitError, ValueError, RecursionError) as error:
        details = {"message": " ".join(str(error).split())[:200]}
        raise InvalidInput((Problem(key="file", reason=CaseFileReason.NOT_TOML, details=details),)) from error
    return document.unwrap(), tuple(_walk(document, ""))


def _walk(table: Any, prefix: str) -> Iterator[WrittenValue]:
    container = table.value if isinstance(table, Table) else table
    for name in table:
        item = container.item(name)  # indexing would give a plain bool, and its comment would be lost
        key = f"{prefix}{name}"
        if isinstance(item, Table):
            yield from _walk(item, f"{key}.")
        elif isinstance(item, AoT):
            for number, entry in enumerate(item, start=1):
                yield from _walk(entry, f"{key}.{entry.get('name', number)}.")
        elif isinstance(item, Item):
            yield _value(key, item)


def _value(key: str, item: Item) -> WrittenValue:
    comment = item.trivia.comment.lstrip("# ").strip()
    url = _URL.search(comment)
    return WrittenValue(
        key=key,
        text=item.as_string().strip(),
        tag=_tag(comment),
        source=_source(comment),
        source_url=url[0].rstrip(".:") if url else None,
    )


def _tag(comment: str) -> Tag:
    """The first tag word in the comment: what a value is stands before what is said about it."""
    places = [(comment.find(word), tag) for word, tag in _TAG_WORDS if word in comment]
    return min(places)[1] if places else Tag.ASSUMPTION


def _source(comment: str) -> str | None:
    for word, _ in _TAG_WORDS:
        if comment.startswith(word):
            comment = comment[len(word) :]
            break
    if len(_URL.findall(comment)) == 1:  # it is shown as a link beside the text
        comment = re.sub(r"(?:\bpublic\s+)?" + _URL.pattern, "", comment)
    cleaned = " ".join(comment.split()).strip(" ;:.,")
    if cleaned.startswith("(") and cleaned.endswith(")") and cleaned.count("(") == 1:
        cleaned = cleaned[1:-1]
    return cleaned or None


def assemble(rows: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """The plain mapping of a case from its key paths and written values, in their order."""
    case: dict[str, Any] = {}
    for key, text in rows:
        table, name = _place(case, key)
        table[name] = tomlkit.value(text).unwrap()
    return case


def _place(case: dict[str, Any], key: str) -> tuple[dict[str, Any], str]:
    for path in LISTS_OF_TABLES:
        if key.startswith(path + "."):
            owner, _, field = key[len(path) + 1 :].partition(".")
            return _entry(_table(case, path.split(".")[:-1]).setdefault(path.split(".")[-1], []), owner, field), field
    *parents, name = key.split(".")
    return _table(case, parents), name


def _entry(entries: list[dict[str, Any]], owner: str, field: str) -> dict[str, Any]:
    """The table of the list that is called `owner`; its name is always the first of its values."""
    for entry in entries:
        if str(entry.get("name")) == owner and field != "name":
            return entry
    entries.append({})
    return entries[-1]


def _table(case: dict[str, Any], parents: Sequence[str]) -> dict[str, Any]:
    for parent in parents:
        case = case.setdefault(parent, {})
    return case
