"""Statements of the bank: ISO 20022 camt.053.001.02 and .08, as banks let one download them.

A file of a stranger: what declares a document type or entities is refused before it is parsed, and what cannot be
read is told in problems. Only what is booked is read (status BOOK). What a bank leaves out differs from bank to bank
and was not verified with files of theirs.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import NoReturn
from xml.etree import ElementTree as ET
from xml.parsers import expat

from ecoop.errors import InvalidInput, Problem
from ecoop.governance.matching import BankFileReason, BankLine

NAMESPACES = tuple(f"urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}" for version in ("02", "08"))
MOST_BYTES = 4 * 1024 * 1024
MOST_LINES = 400
"""As many choices as one page can hold."""
MOST_TOLD = 20
_LARGEST = Decimal(10) ** 10
_AMOUNT = re.compile(r"\d{1,13}(\.\d{1,5})?")


class _Unusable(Exception):
    """An entry of the statement that cannot be read."""

    def __init__(self, reason: BankFileReason) -> None:
        self.reason = reason


def read_bank_file(content: bytes, *, limit_bytes: int = MOST_BYTES) -> tuple[BankLine, ...]:
    """The booked lines of a statement in their order; each has a reference of its own.

    Raises InvalidInput, with a problem for every entry that cannot be read.
    """
    root = _root(content, limit_bytes)
    space = root.tag[: root.tag.index("}") + 1]
    seen: Counter[str] = Counter()
    lines: list[BankLine] = []
    problems: list[Problem] = []
    for place, (account, entry) in enumerate(_entries(root, space), start=1):
        try:
            lines += _lines(entry, space, account, seen)
        except _Unusable as error:
            problems.append(Problem(key="file", reason=error.reason, details={"place": place}))
        if len(lines) > MOST_LINES:
            _refuse(BankFileReason.TOO_MANY, maximum=MOST_LINES)
    if problems:
        raise InvalidInput(tuple(problems[:MOST_TOLD]))
    if not lines:
        _refuse(BankFileReason.NO_LINES)
    return tuple(lines)


def _refuse(reason: BankFileReason, **details: int) -> NoReturn:
    raise InvalidInput((Problem(key="file", reason=reason, details=details),))


def _root(content: bytes, limit_bytes: int) -> ET.Element:
    if len(content) > min(limit_bytes, MOST_BYTES):
        _refuse(BankFileReason.TOO_LARGE, maximum=min(limit_bytes, MOST_BYTES) // 1024 // 1024)
    try:
        _refuse_declarations(content)
        root = ET.fromstring(content)  # noqa: S314  no document type, no entities, and not large
    except (ET.ParseError, expat.ExpatError, ValueError, LookupError):
        _refuse(BankFileReason.NOT_XML)
    if root.tag not in {f"{{{space}}}Document" for space in NAMESPACES}:
        _refuse(BankFileReason.NOT_CAMT)
    return root


def _refuse_declarations(content: bytes) -> None:
    """Refuse a document type, in whatever letters it is written, before a tree is built or an entity is told."""

    def refuse(*_told: object) -> None:
        _refuse(BankFileReason.DECLARES)

    plain = content.upper()
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        _refuse(BankFileReason.DECLARES)
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.Parse(content, True)


def _entries(root: ET.Element, space: str) -> Iterator[tuple[str, ET.Element]]:
    for statement in root.iter(f"{space}Stmt"):
        account = _text(statement, space, "Acct/Id/IBAN")
        for entry in statement.findall(f"{space}Ntry"):
            status = _text(entry, space, "Sts/Cd") or _text(entry, space, "Sts")
            if status == "BOOK":
                yield account, entry


def _text(element: ET.Element, space: str, path: str) -> str:
    """The text at a path without line ends and what cannot be printed; nothing where there is none."""
    found = element.find("/".join(space + part for part in path.split("/")))
    return _plain(found.text if found is not None and found.text else "")


def _plain(text: str) -> str:
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())[:500]


def _lines(entry: ET.Element, space: str, account: str, seen: Counter[str]) -> list[BankLine]:
    day = _day(_text(entry, space, "BookgDt/Dt") or _text(entry, space, "BookgDt/DtTm")[:10])
    sign = _sign(entry, space)
    whole = sign * _cents(entry.find(f"{space}Amt"))
    parts = entry.findall(f"{space}NtryDtls/{space}TxDtls")
    own = _text(entry, space, "AcctSvcrRef")
    if len(parts) <= 1:
        return [_line(parts[0] if parts else entry, space, account, seen, day=day, cents=whole, reference=own)]
    amounts = [_part_cents(one, space, sign) for one in parts]
    if sum(amounts) != whole:
        raise _Unusable(BankFileReason.ENTRY_UNUSABLE)
    return [
        _line(part, space, account, seen, day=day, cents=cents,
              reference=_text(part, space, "Refs/AcctSvcrRef") or own)
        for part, cents in zip(parts, amounts, strict=True)
    ]  # fmt: skip


def _line(
    part: ET.Element, space: str, account: str, seen: Counter[str], *, day: date, cents: int, reference: str
) -> BankLine:
    side = "Dbtr" if cents > 0 else "Cdtr"
    name = _text(part, space, f"RltdPties/{side}/Nm") or _text(part, space, f"RltdPties/{side}/Pty/Nm")
    iban = _text(part, space, f"RltdPties/{side}Acct/Id/IBAN").replace(" ", "").upper()
    told = [_plain(one.text or "") for one in part.findall(f"{space}RmtInf/{space}Ustrd")]
    told.append(_text(part, space, "RmtInf/Strd/CdtrRefInf/Ref"))
    end_to_end = _text(part, space, "Refs/EndToEndId")
    description = " ".join(one for one in told if one)[:500]
    content = (account, day.isoformat(), str(cents), name, iban, description, end_to_end)
    return BankLine(
        reference=_reference(seen, reference, content),
        booked_on=day, cents=cents, name=name[:140], iban=iban[:34] or None, description=description,
        end_to_end_id=None if end_to_end in {"", "NOTPROVIDED"} else end_to_end[:35],
        mandate_id=_text(part, space, "Refs/MndtId")[:35] or None,
        return_code=_text(part, space, "RtrInf/Rsn/Cd")[:4] or None,
    )  # fmt: skip


def _reference(seen: Counter[str], given: str, content: tuple[str, ...]) -> str:
    """What the bank calls it, or a fingerprint of what it says; what is called the same again gets its place."""
    name = given[:50] or "camt-" + hashlib.sha256("\n".join(content).encode()).hexdigest()[:40]
    while True:
        seen[name] += 1
        found = name if seen[name] == 1 else f"{name}/{seen[name]}"
        if found == name or not seen[found]:
            seen[found] += found != name
            return found


def _sign(entry: ET.Element, space: str) -> int:
    found = {"CRDT": 1, "DBIT": -1}.get(_text(entry, space, "CdtDbtInd"))
    if found is None:
        raise _Unusable(BankFileReason.ENTRY_UNUSABLE)
    return found


def _part_cents(part: ET.Element, space: str, sign: int) -> int:
    amount = part.find(f"{space}Amt")
    if amount is None:
        amount = part.find(f"{space}AmtDtls/{space}TxAmt/{space}Amt")
    own = {"CRDT": 1, "DBIT": -1}.get(_text(part, space, "CdtDbtInd"), sign)
    return own * _cents(amount)


def _cents(amount: ET.Element | None) -> int:
    text = "" if amount is None else (amount.text or "").strip()
    if amount is None or not _AMOUNT.fullmatch(text) or not text.isascii():
        raise _Unusable(BankFileReason.ENTRY_UNUSABLE)
    if amount.get("Ccy") != "EUR":
        raise _Unusable(BankFileReason.NOT_EUROS)
    try:
        cents = Decimal(text) * 100
    except InvalidOperation as error:
        raise _Unusable(BankFileReason.ENTRY_UNUSABLE) from error
    if cents != int(cents) or cents > _LARGEST:
        raise _Unusable(BankFileReason.ENTRY_UNUSABLE)
    return int(cents)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text[:10])
    except ValueError as error:
        raise _Unusable(BankFileReason.ENTRY_UNUSABLE) from error
