"""Bank accounts of parties: sealed at rest, shown masked, and whole only to who keeps the money, with a reason."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import and_, select
from stdnum import iban as iban_numbers
from stdnum.exceptions import ValidationError

from ecoop import clock, sealing
from ecoop.db import ScopedSession
from ecoop.errors import Forbidden, InvalidInput, NotFound, Problem, Refused
from ecoop.governance.audit import Action
from ecoop.governance.roles import Actor, Permission
from ecoop.models import BankAccount, Membership, Party
from ecoop.services import access_log, audit, mandates
from ecoop.services.access_log import AccessKind
from ecoop.services.ledger import require_keeper

LONGEST_HOLDER = 70
LONGEST_REASON = 500


class BankAccountReason(StrEnum):
    """Why something cannot be done with a bank account."""

    IBAN_UNUSABLE = "iban_unusable"
    HOLDER_MISSING = "iban_holder_missing"
    HOLDER_UNUSABLE = "iban_holder_unusable"
    IN_USE_ALREADY = "iban_in_use_already"
    REASON_MISSING = "iban_reason_missing"
    ERASED = "iban_erased"
    UNREADABLE = "iban_unreadable"
    ENDED_ALREADY = "iban_ended_already"
    ENDS_BEFORE = "iban_ends_before"
    STILL_IN_USE = "iban_still_in_use"


@dataclass(frozen=True, slots=True, kw_only=True)
class BankAccountView:
    """An account as people see it."""

    id: int
    party_id: int
    masked: str
    holder: str
    valid_from: date
    valid_until: date | None
    """The first day on which it is not used any more."""
    is_erased: bool

    def runs_on(self, day: date) -> bool:
        """Whether it is in use on `day`."""
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)


def normal_iban(text: str) -> str:
    """The account number in one spelling. Raises InvalidInput where its check digits or its length are wrong."""
    tight = "".join(text.split()).upper()
    try:
        return str(iban_numbers.validate(tight, check_country=True))
    except ValidationError as error:
        raise InvalidInput((Problem(key="iban", reason=BankAccountReason.IBAN_UNUSABLE),)) from error


def masked(iban: str) -> str:
    """What people see of an account number: the country, and the last four characters."""
    return f"{iban[:2]}** **** **** {iban[-4:]}"


def fingerprints(iban: str, key: str) -> tuple[str, ...]:
    """By what the same number is found again, without keeping it: one for each key that is known, the newest first."""
    return tuple(
        hmac.new(f"iban:{one.strip()}".encode(), iban.encode(), hashlib.sha256).hexdigest() for one in key.split(",")
    )


def add_bank_account(
    session: ScopedSession,
    actor: Actor | None,
    *,
    cooperative_id: int,
    party_id: int,
    iban: str,
    holder: str,
    valid_from: date,
    key: str,
    now: datetime,
    own: bool = False,
) -> int:
    """Add an account of a party from a day on; its key. `own` is said by whoever gives the own account.

    Raises InvalidInput naming everything that is wrong, also where the party uses this number already.
    """
    if not own:
        require_keeper(actor)
    if session.get(Party, (cooperative_id, party_id)) is None:
        raise NotFound
    number, name = checked_account(iban, holder)
    known = _in_use(session, cooperative_id, party_id, number, key)
    if known is not None:
        raise InvalidInput((Problem(key="iban", reason=BankAccountReason.IN_USE_ALREADY),))
    row = BankAccount(
        cooperative_id=cooperative_id, party_id=party_id, sealed_iban=sealing.seal(number, key),
        masked_iban=masked(number), fingerprint=fingerprints(number, key)[0], holder=name, valid_from=valid_from,
        known_from=now, recorded_by_id=actor.account_id if actor else None,
    )  # fmt: skip
    session.add(row)
    session.flush()
    audit.record(
        session, actor, Action.BANK_ACCOUNT_ADDED, cooperative_id=cooperative_id, subject=f"bank_account:{row.id}",
        details={"starts_on": valid_from.isoformat()}, now=now,
    )  # fmt: skip
    return row.id


def checked_account(iban: str, holder: str) -> tuple[str, str]:
    """Number and holder as they are kept. Raises InvalidInput naming everything that is wrong."""
    problems: list[Problem] = []
    number, name = "", " ".join(holder.split())
    try:
        number = normal_iban(iban)
    except InvalidInput as invalid:
        problems += invalid.problems
    if not name:
        problems.append(Problem(key="holder", reason=BankAccountReason.HOLDER_MISSING))
    elif len(name) > LONGEST_HOLDER or not name.isprintable():
        problems.append(
            Problem(key="holder", reason=BankAccountReason.HOLDER_UNUSABLE, details={"maximum": LONGEST_HOLDER})
        )
    if problems:
        raise InvalidInput(tuple(problems))
    return number, name


def _in_use(session: ScopedSession, cooperative_id: int, party_id: int, iban: str, key: str) -> int | None:
    return session.scalar(
        select(BankAccount.id).where(
            BankAccount.cooperative_id == cooperative_id,
            BankAccount.party_id == party_id,
            BankAccount.fingerprint.in_(fingerprints(iban, key)),
            BankAccount.valid_until.is_(None),
        )
    )


def end_bank_account(
    session: ScopedSession,
    actor: Actor | None,
    *,
    cooperative_id: int,
    bank_account_id: int,
    valid_until: date,
    why: str | None = None,
    now: datetime,
    own: bool = False,
) -> tuple[int, ...]:
    """From a day on the account is not used any more, and its mandates end; the keys of those mandates."""
    if not own:
        require_keeper(actor)
    row = _held(session, cooperative_id, bank_account_id)
    if row.valid_until is not None:
        raise Refused(BankAccountReason.ENDED_ALREADY)
    if valid_until < row.valid_from:
        raise InvalidInput((Problem(key="valid_until", reason=BankAccountReason.ENDS_BEFORE),))
    row.valid_until, row.end_known_from = valid_until, now
    session.flush()
    ended = mandates.end_mandates_of(
        session, actor, cooperative_id=cooperative_id, bank_account_id=row.id, day=valid_until, now=now
    )
    audit.record(
        session, actor, Action.BANK_ACCOUNT_ENDED, cooperative_id=cooperative_id, subject=f"bank_account:{row.id}",
        details={"ends_on": valid_until.isoformat(), "count": len(ended)}, why=why, now=now,
    )  # fmt: skip
    return ended


def change_iban(
    session: ScopedSession,
    actor: Actor | None,
    *,
    cooperative_id: int,
    bank_account_id: int,
    iban: str,
    holder: str,
    valid_from: date,
    key: str,
    now: datetime,
    own: bool = False,
) -> int:
    """Another number takes the place of this one: the old ends with its mandates, and a new mandate must be signed."""
    row = _held(session, cooperative_id, bank_account_id)
    added = add_bank_account(
        session, actor, cooperative_id=cooperative_id, party_id=row.party_id, iban=iban, holder=holder,
        valid_from=valid_from, key=key, now=now, own=own,
    )  # fmt: skip
    end_bank_account(
        session, actor, cooperative_id=cooperative_id, bank_account_id=bank_account_id, valid_until=valid_from,
        now=now, own=own,
    )  # fmt: skip
    return added


def reveal_iban(
    session: ScopedSession,
    actor: Actor,
    *,
    cooperative_id: int,
    bank_account_id: int,
    key: str,
    why: str,
    now: datetime,
) -> str:
    """The whole account number, for who keeps the money and says what for: told in the trail and in the log of who
    looked, where the member can read it."""
    if not actor.may(Permission.KEEP_MONEY):
        raise Forbidden
    row = _held(session, cooperative_id, bank_account_id)
    if not why.strip() or len(why) > LONGEST_REASON:
        details = {"maximum": LONGEST_REASON}
        raise InvalidInput((Problem(key="why", reason=BankAccountReason.REASON_MISSING, details=details),))
    number = unsealed(row, key)
    owner = session.get_one(Party, (cooperative_id, row.party_id))
    access_log.note(
        session, cooperative_id=cooperative_id, account_id=actor.account_id, kind=AccessKind.IBAN,
        subject=f"bank_account:{row.id}", about_account_id=owner.account_id, as_support=actor.looks_in_only, now=now,
    )  # fmt: skip
    audit.record(
        session, actor, Action.BANK_ACCOUNT_REVEALED, cooperative_id=cooperative_id,
        subject=f"bank_account:{row.id}", why=why, now=now,
    )  # fmt: skip
    return number


def unsealed(row: BankAccount, key: str) -> str:
    """The number of an account. Raises Refused where it was erased, or sealed with a key that is gone."""
    if row.sealed_iban is None:
        raise Refused(BankAccountReason.ERASED)
    try:
        return sealing.unseal(row.sealed_iban, key)
    except sealing.Unreadable as error:
        raise Refused(BankAccountReason.UNREADABLE) from error


def erase_iban(
    session: ScopedSession, actor: Actor | None, *, cooperative_id: int, bank_account_id: int, now: datetime
) -> None:
    """Destroy the number of an account that has ended; what remains are its days.

    Called when the time to keep it is over. Raises Refused for one that is still in use.
    """
    require_keeper(actor)
    row = _held(session, cooperative_id, bank_account_id)
    if row.valid_until is None or row.valid_until > clock.legal_day(now):
        raise Refused(BankAccountReason.STILL_IN_USE)
    if row.erased_at is not None:
        return
    row.sealed_iban, row.erased_at = None, now
    row.masked_iban, row.holder, row.fingerprint = "**", "**", "0" * 64
    session.flush()
    audit.record(
        session, actor, Action.BANK_ACCOUNT_ERASED, cooperative_id=cooperative_id, subject=f"bank_account:{row.id}",
        now=now,
    )  # fmt: skip


def find_by_iban(session: ScopedSession, *, cooperative_id: int, iban: str, key: str) -> tuple[int, ...]:
    """The parties that use or used this number: for finding somebody twice in the register."""
    query = select(BankAccount.party_id).where(
        BankAccount.cooperative_id == cooperative_id,
        BankAccount.fingerprint.in_(fingerprints(normal_iban(iban), key)),
    )
    return tuple(sorted(set(session.scalars(query))))


def read_bank_accounts(
    session: ScopedSession, actor: Actor | None, *, cooperative_id: int, party_id: int, own: bool = False
) -> tuple[BankAccountView, ...]:
    """The accounts of a party, newest first, masked: for who may see the register or the money."""
    if actor is not None and not own and not (
        actor.may(Permission.SEE_REGISTER) or actor.may(Permission.SEE_MONEY)
    ):  # fmt: skip
        raise Forbidden
    rows = session.scalars(
        select(BankAccount)
        .where(BankAccount.cooperative_id == cooperative_id, BankAccount.party_id == party_id)
        .order_by(BankAccount.valid_from.desc(), BankAccount.id.desc())
    )
    return tuple(view_of(row) for row in rows)


def party_of(session: ScopedSession, *, cooperative_id: int, membership_id: int) -> int:
    """The party of a membership. Raises NotFound."""
    found = session.scalar(
        select(Membership.party_id).where(
            and_(Membership.cooperative_id == cooperative_id, Membership.id == membership_id)
        )
    )
    if found is None:
        raise NotFound
    return found


def view_of(row: BankAccount) -> BankAccountView:
    """An account as people see it."""
    return BankAccountView(
        id=row.id, party_id=row.party_id, masked=row.masked_iban, holder=row.holder, valid_from=row.valid_from,
        valid_until=row.valid_until, is_erased=row.erased_at is not None,
    )  # fmt: skip


def _held(session: ScopedSession, cooperative_id: int, bank_account_id: int) -> BankAccount:
    row = session.scalar(
        select(BankAccount)
        .where(BankAccount.cooperative_id == cooperative_id, BankAccount.id == bank_account_id)
        .with_for_update()
    )
    if row is None:
        raise NotFound
    return row
