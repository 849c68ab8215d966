"""Direct debits: drafting a batch of what is open, telling the payers, making the file. Nothing is sent to a bank."""

import hashlib
import secrets
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, select

from ecoop import clock, sealing
from ecoop.db import ScopedSession
from ecoop.errors import InvalidInput, NotFound, Problem, Refused
from ecoop.governance.audit import Action, Detail
from ecoop.governance.direct_debits import (
    DebitFile,
    DebitLine,
    DirectDebitReason,
    DirectDebitState,
    LineResult,
    announce_by,
    is_announced_long_enough,
    may_become,
    sequence_of,
)
from ecoop.governance.holdings import OpenCharge
from ecoop.governance.mandates import MandateScheme
from ecoop.governance.roles import Actor
from ecoop.models import BankAccount, Creditor, DirectDebit, DirectDebitLine, Mandate, Membership
from ecoop.models.types import new_key
from ecoop.services import access_log, audit, creditors, jobs
from ecoop.services.access_log import AccessKind
from ecoop.services.balances import read_open_charges
from ecoop.services.bank_accounts import BankAccountReason, unsealed
from ecoop.services.ledger import SERIES, require_keeper
from ecoop.services.mandates import MandateView, read_mandates, usable_mandates
from ecoop.services.number_series import hold_series

ANNOUNCE = "money.announce"
"""The job that writes to the payers of a batch."""
LONGEST_DESCRIPTION = 100
RUNNING = (DirectDebitState.DRAFTED, DirectDebitState.ANNOUNCED, DirectDebitState.FILE_MADE)


def draft_direct_debit(
    session: ScopedSession,
    actor: Actor | None,
    *,
    cooperative_id: int,
    collection_on: date,
    description: str,
    scheme: MandateScheme = MandateScheme.CORE,
    now: datetime,
) -> int:
    """A batch of every open contribution of who has a mandate and is in no other batch that runs; its key.

    Raises InvalidInput where nothing can be collected, the day is too soon, or nobody has said as whom is collected.
    """
    require_keeper(actor)
    today = clock.legal_day(now)
    text = " ".join(description.split())
    hold_series(session, cooperative_id=cooperative_id, name=SERIES)  # who drafts beside it would find the same open
    creditor = creditors.find_creditor(session, cooperative_id=cooperative_id, day=today)
    found = collectable(session, actor, cooperative_id=cooperative_id, day=collection_on, today=today, scheme=scheme)
    problems = []
    if creditor is None:
        problems.append(Problem(key="", reason=DirectDebitReason.NO_CREDITOR))
    if not found:
        problems.append(Problem(key="", reason=DirectDebitReason.NOTHING_TO_COLLECT))
    if not text or len(text) > LONGEST_DESCRIPTION or not text.isprintable():
        details = {"maximum": LONGEST_DESCRIPTION}
        problems.append(Problem(key="description", reason=BankAccountReason.HOLDER_UNUSABLE, details=details))
    if creditor is not None and announce_by(collection_on, creditor.announce_days) < today:
        details = {"days": creditor.announce_days}
        problems.append(Problem(key="collection_on", reason=DirectDebitReason.DAY_TOO_SOON, details=details))
    if problems or creditor is None:
        raise InvalidInput(tuple(problems))
    row = DirectDebit(
        cooperative_id=cooperative_id, creditor_id=creditor.id, scheme=scheme, state=DirectDebitState.DRAFTED,
        collection_on=collection_on, description=text, message_id=f"{collection_on:%Y%m%d}-{secrets.token_hex(6)}",
        drafted_at=now, drafted_by_id=actor.account_id if actor else None,
    )  # fmt: skip
    session.add(row)
    session.flush()
    session.add_all(_lines(row, found))
    session.flush()
    _tell(session, actor, row, Action.DIRECT_DEBIT_DRAFTED, count=len(found), now=now)
    return row.id


def collectable(
    session: ScopedSession,
    actor: Actor | None,
    *,
    cooperative_id: int,
    day: date,
    today: date,
    scheme: MandateScheme | None = None,
) -> list[tuple[OpenCharge, MandateView]]:
    """What is open today and could be collected on a day, each with its mandate; what a batch holds is left out."""
    charges = read_open_charges(session, cooperative_id=cooperative_id, day=today)
    views = read_mandates(session, actor, cooperative_id=cooperative_id, day=max(day, today))
    usable = usable_mandates(one for one in views if scheme in {None, one.scheme})
    members = select(Membership.id, Membership.party_id).where(Membership.cooperative_id == cooperative_id)
    parties = {one: party for one, party in session.execute(members)}  # noqa: C416  rows are no pairs to mypy
    taken = _in_a_batch(session, cooperative_id)
    return [
        (charge, usable[parties[charge.membership_id]])
        for charge in charges
        if charge.entry_id not in taken and parties[charge.membership_id] in usable
    ]


def _in_a_batch(session: ScopedSession, cooperative_id: int) -> set[int]:
    """The charges that stand in a batch that runs."""
    query = (
        select(DirectDebitLine.charge_id)
        .join(DirectDebit, _of_batch())
        .where(
            DirectDebitLine.cooperative_id == cooperative_id,
            DirectDebit.state.in_(RUNNING),
            DirectDebitLine.result == LineResult.OPEN,
        )
    )
    return set(session.scalars(query))


def count_in_batches(session: ScopedSession, *, cooperative_id: int) -> int:
    """How many charges stand in a batch that runs."""
    return len(_in_a_batch(session, cooperative_id))


def _of_batch() -> ColumnElement[bool]:
    return and_(
        DirectDebit.cooperative_id == DirectDebitLine.cooperative_id, DirectDebit.id == DirectDebitLine.direct_debit_id
    )


def _lines(row: DirectDebit, found: list[tuple[OpenCharge, MandateView]]) -> list[DirectDebitLine]:
    lines, uses = [], Counter[int]()
    for place, (charge, mandate) in enumerate(found, start=1):
        lines.append(
            DirectDebitLine(
                cooperative_id=row.cooperative_id, id=new_key(), direct_debit_id=row.id,
                membership_id=charge.membership_id, mandate_id=mandate.id, charge_id=charge.entry_id,
                cents=charge.cents, end_to_end_id=f"{row.message_id}-{place}",
                sequence=sequence_of(mandate.standing.uses + uses[mandate.id]), result=LineResult.OPEN,
            )
        )  # fmt: skip
        uses[mandate.id] += 1
    return lines


def announce(
    session: ScopedSession, actor: Actor | None, *, cooperative_id: int, direct_debit_id: int, now: datetime
) -> int:
    """Have every payer told what is collected and when; the number of the job that writes the letters.

    Raises Refused where it would be too late for the day of collection.
    """
    require_keeper(actor)
    row, creditor = held(session, cooperative_id, direct_debit_id, DirectDebitState.ANNOUNCED)
    if announce_by(row.collection_on, creditor.announce_days) < clock.legal_day(now):
        raise Refused(DirectDebitReason.DAY_TOO_SOON, days=creditor.announce_days)
    row.state, row.announced_at = DirectDebitState.ANNOUNCED, now
    session.flush()
    number = jobs.enqueue(
        session, ANNOUNCE, cooperative_id=cooperative_id, arguments={"direct_debit_id": row.id},
        key=f"announce:{cooperative_id}:{row.id}", created_by_id=actor.account_id if actor else None, now=now,
    )  # fmt: skip
    _tell(session, actor, row, Action.DIRECT_DEBIT_ANNOUNCED, now=now)
    return number or 0


def make_file(
    session: ScopedSession,
    actor: Actor | None,
    *,
    cooperative_id: int,
    direct_debit_id: int,
    key: str,
    write: Callable[[DebitFile], bytes],
    now: datetime,
) -> str:
    """Make the file for the bank and keep it sealed; its fingerprint. `write` puts the lines in the bank's format.

    What was paid meanwhile, or has no mandate any more, is left out and marked so. Raises Refused where the payers
    were not told long enough before.
    """
    require_keeper(actor)
    row, creditor = held(session, cooperative_id, direct_debit_id, DirectDebitState.FILE_MADE)
    announced = clock.legal_day(row.announced_at or now)
    if not is_announced_long_enough(announced, row.collection_on, creditor.announce_days):
        raise Refused(DirectDebitReason.ANNOUNCED_TOO_LATE, days=creditor.announce_days)
    if clock.legal_day(now) > row.collection_on:
        raise Refused(DirectDebitReason.DAY_TOO_SOON, days=0)
    left_out = _leave_out(session, actor, row, today=clock.legal_day(now))
    told = _debit_file(session, row, creditor, key, now)
    if not told.lines:
        raise Refused(DirectDebitReason.NOTHING_TO_COLLECT)
    content = write(told)
    row.state, row.file_made_at = DirectDebitState.FILE_MADE, now
    row.file_digest, row.sealed_file = hashlib.sha256(content).hexdigest(), sealing.seal(content.decode(), key)
    session.flush()
    _tell(
        session, actor, row, Action.DIRECT_DEBIT_FILE_MADE, count=len(told.lines), file_digest=row.file_digest,
        left_out=left_out, now=now,
    )  # fmt: skip
    return row.file_digest


def _leave_out(session: ScopedSession, actor: Actor | None, row: DirectDebit, *, today: date) -> int:
    """Mark what must not be collected any more, and collect no more than is still open; how many were left out."""
    owed = {
        one.entry_id: one.cents
        for one in read_open_charges(session, cooperative_id=row.cooperative_id, day=today)
    }  # fmt: skip
    views = read_mandates(session, actor, cooperative_id=row.cooperative_id, day=row.collection_on)
    usable = {one.id for one in views if one.standing.may_collect}
    count = 0
    for line in session.scalars(_lines_of(row)):
        if line.mandate_id not in usable or line.charge_id not in owed:
            line.result, count = LineResult.LEFT_OUT, count + 1
        else:
            line.cents = min(line.cents, owed[line.charge_id])
    session.flush()
    return count


def _lines_of(row: DirectDebit) -> Select[DirectDebitLine]:
    return (
        select(DirectDebitLine)
        .where(
            DirectDebitLine.cooperative_id == row.cooperative_id,
            DirectDebitLine.direct_debit_id == row.id,
            DirectDebitLine.result != LineResult.LEFT_OUT,
        )
        .order_by(DirectDebitLine.id)
    )


def _debit_file(session: ScopedSession, row: DirectDebit, creditor: Creditor, key: str, now: datetime) -> DebitFile:
    query = (
        _lines_of(row)
        .add_columns(Mandate, BankAccount)
        .join(
            Mandate,
            and_(Mandate.cooperative_id == DirectDebitLine.cooperative_id, Mandate.id == DirectDebitLine.mandate_id),
        )
        .join(
            BankAccount,
            and_(BankAccount.cooperative_id == Mandate.cooperative_id, BankAccount.id == Mandate.bank_account_id),
        )
    )
    lines = tuple(
        DebitLine(
            end_to_end_id=line.end_to_end_id, cents=line.cents, debtor=account.holder, iban=unsealed(account, key),
            mandate_reference=mandate.reference, mandate_signed_on=mandate.signed_on, sequence=line.sequence,
            description=row.description,
        )
        for line, mandate, account in session.execute(query)
    )  # fmt: skip
    return DebitFile(
        message_id=row.message_id, made_at=now, creditor=creditor.name, creditor_identifier=creditor.identifier,
        creditor_iban=creditors.unsealed_iban(creditor, key), scheme=row.scheme.value,
        collection_on=row.collection_on, lines=lines,
    )  # fmt: skip


def take_file(
    session: ScopedSession, actor: Actor, *, cooperative_id: int, direct_debit_id: int, key: str, now: datetime
) -> bytes:
    """The file as it was made, for who keeps the money: told in the trail and in the log of who looked."""
    require_keeper(actor)
    row = session.get(DirectDebit, (cooperative_id, direct_debit_id))
    if row is None:
        raise NotFound
    if row.sealed_file is None:
        raise Refused(DirectDebitReason.WRONG_STEP)
    try:
        content = sealing.unseal(row.sealed_file, key).encode()
    except sealing.Unreadable as error:
        raise Refused(BankAccountReason.UNREADABLE) from error
    access_log.note(
        session, cooperative_id=cooperative_id, account_id=actor.account_id, kind=AccessKind.IBAN,
        subject=f"direct_debit:{row.id}", about_account_id=None, as_support=actor.looks_in_only, now=now,
    )  # fmt: skip
    _tell(session, actor, row, Action.DIRECT_DEBIT_FILE_SENT, file_digest=row.file_digest, now=now)
    return content


def cancel(
    session: ScopedSession,
    actor: Actor | None,
    *,
    cooperative_id: int,
    direct_debit_id: int,
    why: str | None = None,
    now: datetime,
) -> None:
    """Give a batch up; what it held can stand in another. A file that was sent to a bank must be stopped there."""
    require_keeper(actor)
    row, _creditor = held(session, cooperative_id, direct_debit_id, DirectDebitState.CANCELLED)
    row.state, row.cancelled_at = DirectDebitState.CANCELLED, now
    session.flush()
    _tell(session, actor, row, Action.DIRECT_DEBIT_CANCELLED, why=why, now=now)


def held(
    session: ScopedSession, cooperative_id: int, direct_debit_id: int, wanted: DirectDebitState | None = None
) -> tuple[DirectDebit, Creditor]:
    """The batch, held until the work is done, and as whom it collects. Refused where `wanted` is not the next step."""
    row = session.scalar(
        select(DirectDebit)
        .where(DirectDebit.cooperative_id == cooperative_id, DirectDebit.id == direct_debit_id)
        .with_for_update()
    )
    if row is None:
        raise NotFound
    if wanted is not None and not may_become(row.state, wanted):
        raise Refused(DirectDebitReason.WRONG_STEP)
    return row, session.get_one(Creditor, (cooperative_id, row.creditor_id))


def _tell(
    session: ScopedSession,
    actor: Actor | None,
    row: DirectDebit,
    action: Action,
    *,
    why: str | None = None,
    now: datetime,
    **details: Detail,
) -> None:
    told: Mapping[str, Detail] = {"starts_on": row.collection_on.isoformat(), **details}
    audit.record(
        session, actor, action, cooperative_id=row.cooperative_id, subject=f"direct_debit:{row.id}", details=told,
        why=why, now=now,
    )  # fmt: skip
