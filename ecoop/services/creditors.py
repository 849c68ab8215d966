"""As whom the cooperative collects: its creditor identifier, its account, and its terms, from a day on."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from stdnum.eu import at_02
from stdnum.exceptions import ValidationError

from ecoop import sealing
from ecoop.db import ScopedSession
from ecoop.errors import InvalidInput, Problem, Refused
from ecoop.governance.audit import Action
from ecoop.governance.direct_debits import ANNOUNCE_DAYS, DirectDebitReason
from ecoop.governance.mandates import LAPSE_MONTHS
from ecoop.governance.roles import Actor
from ecoop.models import Creditor
from ecoop.services import audit
from ecoop.services.bank_accounts import BankAccountReason, masked, normal_iban
from ecoop.services.ledger import require_keeper, require_reader

LONGEST_NAME = 70
MOST_ANNOUNCE_DAYS = 60
MOST_LAPSE_MONTHS = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCreditor:
    """As whom is collected, and on which terms."""

    identifier: str
    name: str
    iban: str
    valid_from: date
    announce_days: int = ANNOUNCE_DAYS
    lapse_months: int = LAPSE_MONTHS


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditorView:
    """As whom is collected, with a masked account number."""

    id: int
    identifier: str
    name: str
    masked_iban: str
    announce_days: int
    lapse_months: int
    valid_from: date


def set_creditor(
    session: ScopedSession, actor: Actor | None, *, cooperative_id: int, new: NewCreditor, key: str, now: datetime
) -> int:
    """From a day on it is collected as this creditor. Raises InvalidInput naming everything that is wrong."""
    require_keeper(actor)
    identifier, name, iban = _checked(new)
    row = Creditor(
        cooperative_id=cooperative_id, identifier=identifier, name=name, sealed_iban=sealing.seal(iban, key),
        masked_iban=masked(iban), announce_days=new.announce_days, lapse_months=new.lapse_months,
        valid_from=new.valid_from, recorded_at=now, recorded_by_id=actor.account_id if actor else None,
    )  # fmt: skip
    session.add(row)
    session.flush()
    audit.record(
        session, actor, Action.CREDITOR_SET, cooperative_id=cooperative_id, subject=f"creditor:{row.id}",
        details={
            "starts_on": new.valid_from.isoformat(), "announce_days": new.announce_days,
            "lapse_months": new.lapse_months,
        },
        now=now,
    )  # fmt: skip
    return row.id


def _checked(new: NewCreditor) -> tuple[str, str, str]:
    problems: list[Problem] = []
    identifier, iban, name = "", "", " ".join(new.name.split())
    try:
        identifier = str(at_02.validate(new.identifier))
    except ValidationError:
        problems.append(Problem(key="identifier", reason=DirectDebitReason.CREDITOR_UNUSABLE))
    try:
        iban = normal_iban(new.iban)
    except InvalidInput as invalid:
        problems += invalid.problems
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        details = {"maximum": LONGEST_NAME}
        problems.append(Problem(key="name", reason=BankAccountReason.HOLDER_UNUSABLE, details=details))
    if not 0 <= new.announce_days <= MOST_ANNOUNCE_DAYS:
        details = {"maximum": MOST_ANNOUNCE_DAYS}
        problems.append(Problem(key="announce_days", reason=DirectDebitReason.DAYS_UNUSABLE, details=details))
    if not 1 <= new.lapse_months <= MOST_LAPSE_MONTHS:
        details = {"maximum": MOST_LAPSE_MONTHS}
        problems.append(Problem(key="lapse_months", reason=DirectDebitReason.MONTHS_UNUSABLE, details=details))
    if problems:
        raise InvalidInput(tuple(problems))
    return identifier, name, iban


def find_creditor(session: ScopedSession, *, cooperative_id: int, day: date) -> Creditor | None:
    """The row that counts on a day: the newest of those that began by then."""
    return session.scalar(
        select(Creditor)
        .where(Creditor.cooperative_id == cooperative_id, Creditor.valid_from <= day)
        .order_by(Creditor.valid_from.desc(), Creditor.recorded_at.desc(), Creditor.id.desc())
        .limit(1)
    )


def read_creditor(
    session: ScopedSession, actor: Actor | None, *, cooperative_id: int, day: date
) -> CreditorView | None:
    """As whom is collected on a day; None while nobody has said."""
    require_reader(actor)
    row = find_creditor(session, cooperative_id=cooperative_id, day=day)
    return None if row is None else view_of(row)


def view_of(row: Creditor) -> CreditorView:
    """A creditor as people see it."""
    return CreditorView(
        id=row.id, identifier=row.identifier, name=row.name, masked_iban=row.masked_iban,
        announce_days=row.announce_days, lapse_months=row.lapse_months, valid_from=row.valid_from,
    )  # fmt: skip


def unsealed_iban(row: Creditor, key: str) -> str:
    """The account to which is collected. Raises Refused where the key is gone."""
    try:
        return sealing.unseal(row.sealed_iban, key)
    except sealing.Unreadable as error:
        raise Refused(BankAccountReason.UNREADABLE) from error
