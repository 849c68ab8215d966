"""The letters to who applies for membership: put in the outbox in the same piece of work as what they tell."""

from datetime import datetime

from ecoop import language
from ecoop.db import ScopedSession
from ecoop.language import Language
from ecoop.language.admission import refusal_name
from ecoop.language.register import class_name
from ecoop.mail import Written, render_letter
from ecoop.services.admission import Admitted, Declined, Questioned, Reader
from ecoop.services.joining import Submitted
from ecoop.services.letters import write_letter

CONFIRM, ADMISSION, REFUSAL, QUESTION = "application", "admission", "refusal", "question"
"""Kinds of letters; their words stand in `language/jobs.py`."""


def write_confirmation(
    session: ScopedSession, one: Submitted, *, cooperative_id: int, cooperative: str, link: str, now: datetime
) -> None:
    """Ask at the address that was filled in whether it is right. The link in it does something, so it is secret."""
    spoken = _spoken(one.language)
    subject, body = render_letter(
        "application_confirm", spoken, name=one.name, cooperative=cooperative, link=link, until=one.until
    )
    write_letter(
        session, account_id=None, recipient=one.email, name=one.name, subject=subject, body=body, kind=CONFIRM,
        spoken=spoken, cooperative_id=cooperative_id, is_secret=True, expires_at=one.until, now=now,
    )  # fmt: skip


def write_admission(
    session: ScopedSession, one: Admitted, *, cooperative_id: int, cooperative: str, now: datetime
) -> None:
    """Tell somebody who was admitted from when on they are a member, and under which number."""
    with language.speaking(_spoken(one.reader.language)):
        kind = class_name(one.class_code)
    _write(
        session, one.reader, "application_admitted", ADMISSION, cooperative_id=cooperative_id,
        key=f"admission:{cooperative_id}:{one.application_id}", now=now, cooperative=cooperative, number=one.number,
        class_name=kind, valid_from=one.valid_from, is_return=one.is_return, decision=one.decision or "",
    )  # fmt: skip


def write_refusal(
    session: ScopedSession, one: Declined, *, cooperative_id: int, cooperative: str, now: datetime
) -> None:
    """Tell somebody that the application was refused, why, and how to appeal as far as the cooperative says that."""
    with language.speaking(_spoken(one.reader.language)):
        reason = refusal_name(one.reason)
    _write(
        session, one.reader, "application_refused", REFUSAL, cooperative_id=cooperative_id,
        key=f"refusal:{cooperative_id}:{one.application_id}", now=now, cooperative=cooperative, reason=reason,
        words=Written(one.words or ""), appeal=Written(one.appeal.text if one.appeal else ""),
    )  # fmt: skip


def write_question(
    session: ScopedSession, one: Questioned, *, cooperative_id: int, cooperative: str, link: str, now: datetime
) -> None:
    """Put a question to somebody who applied, with the link where it is answered."""
    _write(
        session, one.reader, "application_question", QUESTION, cooperative_id=cooperative_id, is_secret=True,
        expires_at=one.until, now=now, cooperative=cooperative, text=Written(one.text), link=link, until=one.until,
    )  # fmt: skip


def _write(
    session: ScopedSession,
    reader: Reader,
    template: str,
    kind: str,
    *,
    cooperative_id: int,
    now: datetime,
    key: str | None = None,
    is_secret: bool = False,
    expires_at: datetime | None = None,
    **values: object,
) -> None:
    spoken = _spoken(reader.language)
    subject, body = render_letter(template, spoken, name=reader.name, **values)
    write_letter(
        session, account_id=None, recipient=reader.email, name=reader.name, subject=subject, body=body, kind=kind,
        spoken=spoken, cooperative_id=cooperative_id, postal_address=reader.postal_address, key=key,
        is_secret=is_secret, expires_at=expires_at, now=now,
    )  # fmt: skip


def _spoken(code: str) -> Language:
    return language.parse_language(code) or language.DEFAULT
