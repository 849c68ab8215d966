"""Statements of a bank that does not exist, for tests."""

from collections.abc import Iterable
from typing import Any
from xml.sax.saxutils import escape


def an_entry(
    cents: int, *, day: str = "2026-02-20", name: str = "", iban: str = "", text: str = "", reference: str = "",
    end_to_end: str = "", mandate: str = "", code: str = "", status: str = "<Sts><Cd>BOOK</Cd></Sts>",
    version: str = "08", currency: str = "EUR",
) -> str:  # fmt: skip
    """One movement as the bank writes it."""
    side = "Dbtr" if cents > 0 else "Cdtr"
    amount = f'<Amt Ccy="{currency}">{abs(cents) // 100}.{abs(cents) % 100:02}</Amt>'
    who = f"<Nm>{escape(name)}</Nm>" if version == "02" else f"<Pty><Nm>{escape(name)}</Nm></Pty>"
    parts = [
        "<Refs>", f"<EndToEndId>{end_to_end}</EndToEndId>" if end_to_end else "",
        f"<MndtId>{mandate}</MndtId>" if mandate else "", "</Refs><RltdPties>",
        f"<{side}>{who}</{side}>" if name else "",
        f"<{side}Acct><Id><IBAN>{iban}</IBAN></Id></{side}Acct>" if iban else "", "</RltdPties>",
        f"<RmtInf><Ustrd>{escape(text)}</Ustrd></RmtInf>" if text else "",
        f"<RtrInf><Rsn><Cd>{code}</Cd></Rsn></RtrInf>" if code else "",
    ]  # fmt: skip
    own = f"<AcctSvcrRef>{reference}</AcctSvcrRef>" if reference else ""
    return (
        f"<Ntry>{amount}<CdtDbtInd>{'CRDT' if cents > 0 else 'DBIT'}</CdtDbtInd>{status}"
        f"<BookgDt><Dt>{day}</Dt></BookgDt>{own}<NtryDtls><TxDtls>{''.join(parts)}</TxDtls></NtryDtls></Ntry>"
    )


def a_statement(entries: Iterable[str], *, version: str = "08", **given: Any) -> bytes:
    """A whole file with these movements."""
    space = given.get("space", f"urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}")
    account = "<Acct><Id><IBAN>NL13TEST0123456789</IBAN></Id></Acct>"
    body = f"<BkToCstmrStmt><Stmt><Id>1</Id>{account}{''.join(entries)}</Stmt></BkToCstmrStmt>"
    return f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="{space}">{body}</Document>'.encode()
