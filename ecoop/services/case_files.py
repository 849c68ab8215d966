"""A case as a TOML file, taken apart into assumptions with their tags and sources, and put together again."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import tomlkit
from tomlkit.container import OutOfOrderTableProxy
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Item, Table

from ecoop.errors import InvalidInput, Problem
from ecoop.governance.evidence import Tag

LISTS_OF_TABLES = frozenset({"capex.asset", "segment", "offer"})
"""Where a case holds a list of named tables; in a key path the item's name stands for its number."""

LONGEST_TEXT = 100_000
"""Characters of a file, five times those of a full case. Taking a longer one apart would keep others waiting."""

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
    TOO_LONG = "too_long"
    NAME_UNUSABLE = "name_unusable"


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

    Raises InvalidInput where the text is too long or not TOML. A value without a tag is an assumption.
    """
    if len(text) > LONGEST_TEXT:
        raise InvalidInput((Problem(key="file", reason=CaseFileReason.TOO_LONG, details={"maximum": LONGEST_TEXT}),))
    try:
        document = tomlkit.parse(text)
    except (TOMLKitError, ValueError, RecursionError) as error:
        details = {"message": " ".join(str(error).split())[:200]}
        raise InvalidInput((Problem(key="file", reason=CaseFileReason.NOT_TOML, details=details),)) from error
    mapping = document.unwrap()
    said = {value.key: value for value in _walk(document, "")}
    return mapping, tuple(_every_value(mapping, said, ""))


def _every_value(
    mapping: Mapping[str, Any], said: Mapping[str, WrittenValue], prefix: str, *, nested: bool = True
) -> Iterator[WrittenValue]:
    """Every value of the case as it was written. However the file is laid out, `assemble` gives the case again."""
    for name, value in mapping.items():
        key = f"{prefix}{name}"
        if key in said:
            yield said[key]
        elif nested and isinstance(value, dict) and value:
            yield from _every_value(value, said, f"{key}.")
        elif key in LISTS_OF_TABLES:
            for number, entry in enumerate(value, start=1):
                ordered = sorted(entry, key=lambda field: field != "name")  # by its name the rest of it is found
                owner = entry.get("name", number)
                fields = {field: entry[field] for field in ordered}
                yield from _every_value(fields, said, f"{key}.{owner}.", nested=False)
        else:
            yield WrittenValue(key=key, text=_inline(value), tag=Tag.ASSUMPTION, source=None, source_url=None)


def _inline(value: Any) -> str:
    """A value that was written as tables of its own, on one line."""
    if isinstance(value, dict):
        table = tomlkit.inline_table()
        table.update(value)
        return str(table.as_string())
    return str(tomlkit.item(value).as_string())


def _walk(table: Any, prefix: str) -> Iterator[WrittenValue]:
    container = table.value if isinstance(table, Table) else table
    if isinstance(table, OutOfOrderTableProxy):  # one table, written in several places
        container = table._internal_container
    for name in table:
        item = container.item(name)  # indexing would give a plain bool, and its comment would be lost
        key = f"{prefix}{name}"
        if isinstance(item, Table | OutOfOrderTableProxy):
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
