"""Mandates: signing them, and everything that happens to them afterwards, as events that are only added."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, select

from ecoop import clock
from ecoop.db import ScopedSession
from ecoop.errors import Forbidden, InvalidInput, NotFound, Problem
from ecoop.governance.audit import Action
from ecoop.governance.mandates import (
    LAPSE_MONTHS,
    OVER,
    MandateEvent,
    MandateEventKind,
    MandateReason,
    MandateScheme,
    MandateStanding,
    SigningWay,
    doubt_event,
    lapses_on,
    standing_on,
)
from ecoop.governance.roles import Actor, Permission
from ecoop.governance.statutes import PartyKind
from ecoop.models import BankAccount, Mandate, MandateEventRow, Party
from ecoop.models.types import new_key
from ecoop.services import audit
from ecoop.services.ledger import require_keeper
from ecoop.services.number_series import take_numbers

LONGEST_REFERENCE = 35
SERIES = "mandate"
_ALPHABET = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/-?:().,'+")
"""What a reference may hold: the SEPA character set without the space."""
_ACTION_OF = {kind: Action(f"mandate.{kind.value}") for kind in MandateEventKind}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMandate:
    """A mandate as it was signed. Without a `reference` the next one of the cooperative is given out."""

    bank_account_id: int
    signed_on: date
    signing: SigningWay = SigningWay.ON_PAPER
    scheme: MandateScheme = MandateScheme.CORE
    reference: str | None = None
    paper_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateView:
    """A mandate and how it stands on a day."""

    id: int
    party_id: int
    bank_account_id: int
    masked_iban: str
    reference: str
    scheme: MandateScheme
    signing: SigningWay
    signed_on: date
    standing: MandateStanding
    lapses_on: date | None


def sign_mandate(
    session: ScopedSession,
    actor: Actor | None,
    *,
    cooperative_id: int,
    new: NewMandate,
    now: datetime,
    own: bool = False,
) -> int:
    """Keep a mandate that was signed, and take it into use at once; its key. `own` is said by who signs for itself.

    Raises InvalidInput naming everything that is wrong, and NotFound for an account that is not there.
    """
    if not own:
        require_keeper(actor)
    account = session.get(BankAccount, (cooperative_id, new.bank_account_id))
    if account is None:
        raise NotFound
    party = session.get_one(Party, (cooperative_id, account.party_id))
    problems = [*_doubt(new, account, party, clock.legal_day(now))]
    reference = (new.reference or "").strip() or _next_reference(session, cooperative_id)
    problems += _doubt_reference(session, cooperative_id, reference)
    if _running(session, cooperative_id, account.id, new.signed_on):
        problems.append(Problem(key="bank_account_id", reason=MandateReason.ONE_ALREADY))
    if problems:
        raise InvalidInput(tuple(problems))
    row = Mandate(
        cooperative_id=cooperative_id, party_id=account.party_id, bank_account_id=account.id, reference=reference,
        scheme=new.scheme, signed_on=new.signed_on, signing=new.signing, paper_id=new.paper_id, recorded_at=now,
        recorded_by_id=actor.account_id if actor else None,
    )  # fmt: skip
    session.add(row)
    session.flush()
    for kind in (MandateEventKind.SIGNED, MandateEventKind.ACTIVATED):
        _add(session, actor, row, kind, new.signed_on, now=now)
    return row.id


def _doubt(new: NewMandate, account: BankAccount, party: Party, today: date) -> Iterable[Problem]:
    if account.erased_at is not None:
        yield Problem(key="bank_account_id", reason=MandateReason.ACCOUNT_ERASED)
    elif account.valid_until is not None and account.valid_until <= today:
        yield Problem(key="bank_account_id", reason=MandateReason.ACCOUNT_ENDED)
    if new.signed_on > today:
        yield Problem(key="signed_on", reason=MandateReason.SIGNED_AHEAD)
    if new.scheme is MandateScheme.B2B and party.kind in {PartyKind.PERSON, PartyKind.HOUSEHOLD}:
        yield Problem(key="scheme", reason=MandateReason.PERSON_NOT_B2B)


def _doubt_reference(session: ScopedSession, cooperative_id: int, reference: str) -> list[Problem]:
    if not is_reference(reference):
        details = {"maximum": LONGEST_REFERENCE}
        return [Problem(key="reference", reason=MandateReason.REFERENCE_UNUSABLE, details=details)]
    query = select(Mandate.id).where(Mandate.cooperative_id == cooperative_id, Mandate.reference == reference)
    if session.scalar(query) is not None:
        return [Problem(key="reference", reason=MandateReason.REFERENCE_TAKEN)]
    return []


def _next_reference(session: ScopedSession, cooperative_id: int) -> str:
    (number,) = take_numbers(session, cooperative_id=cooperative_id, name=SERIES, count=1)
    return numbered(number)


def numbered(number: int) -> str:
    """The reference that is given out under a number."""
    return f"M-{number:06}"


def is_reference(text: str) -> bool:
    """Whether a mandate can be called so: at most 35 characters of the SEPA set, without spaces."""
    return 0 < len(text) <= LONGEST_REFERENCE and set(text) <= _ALPHABET


def _running(session: ScopedSession, cooperative_id: int, bank_account_id: int, day: date) -> bool:
    query = select(Mandate.id).where(
        Mandate.cooperative_id == cooperative_id, Mandate.bank_account_id == bank_account_id
    )
    events = _events(session, cooperative_id, session.scalars(query).all())
    return any(standing_on(known, max(day, known[-1].valid_from)).state not in OVER for known in events.values())


def add_mandate_event(
    session: ScopedSession,
    actor: Actor | None,
    *,
    cooperative_id: int,
    mandate_id: int,
    kind: MandateEventKind,
    day: date,
    lapse_months: int = LAPSE_MONTHS,
    direct_debit_id: int | None = None,
    why: str | None = None,
    now: datetime,
    own: bool = False,
) -> None:
    """Add what happened to a mandate: suspended, revoked, lapsed and so on. Raises InvalidInput saying why not."""
    if not own:
        require_keeper(actor)
    row = session.scalar(
        select(Mandate).where(Mandate.cooperative_id == cooperative_id, Mandate.id == mandate_id).with_for_update()
    )
    if row is None:
        raise NotFound
    known = _events(session, cooperative_id, (mandate_id,))[mandate_id]
    event = MandateEvent(id=new_key(), kind=kind, valid_from=day, recorded_at=now)
    problems = doubt_event(known, event, lapse_months=lapse_months)
    if problems:
        raise InvalidInput(tuple(Problem(key="kind", reason=one) for one in problems))
    _add(session, actor, row, kind, day, direct_debit_id=direct_debit_id, why=why, now=now)


def _add(
    session: ScopedSession,
    actor: Actor | None,
    mandate: Mandate,
    kind: MandateEventKind,
    day: date,
    *,
    direct_debit_id: int | None = None,
    why: str | None = None,
    now: datetime,
) -> None:
    number = audit.record(
        session, actor, _ACTION_OF[kind], cooperative_id=mandate.cooperative_id, subject=f"mandate:{mandate.id}",
        details={"starts_on": day.isoformat()}, why=why, now=now,
    )  # fmt: skip
    session.add(event_row(mandate, kind, day, actor, number, now=now, direct_debit_id=direct_debit_id))
    session.flush()


def event_row(
    mandate: Mandate,
    kind: MandateEventKind,
    day: date,
    actor: Actor | None,
    audit_number: int,
    *,
    now: datetime,
    direct_debit_id: int | None = None,
) -> MandateEventRow:
    """An event to be kept, told in the trail under `audit_number`."""
    return MandateEventRow(
        cooperative_id=mandate.cooperative_id, mandate_id=mandate.id, kind=kind, valid_from=day, recorded_at=now,
        actor_id=actor.account_id if actor else None, direct_debit_id=direct_debit_id, audit_number=audit_number,
    )  # fmt: skip


def end_mandates_of(
    session: ScopedSession, actor: Actor | None, *, cooperative_id: int, bank_account_id: int, day: date, now: datetime
) -> tuple[int, ...]:
    """End every mandate on an account that is not used any more; their keys. Whoever asks has asked leave before."""
    rows = session.scalars(
        select(Mandate).where(Mandate.cooperative_id == cooperative_id, Mandate.bank_account_id == bank_account_id)
    ).all()
    ended = []
    for row in rows:
        known = _events(session, cooperative_id, (row.id,))[row.id]
        last = max(day, known[-1].valid_from)
        event = MandateEvent(id=new_key(), kind=MandateEventKind.ENDED, valid_from=last, recorded_at=now)
        if not doubt_event(known, event):
            _add(session, actor, row, MandateEventKind.ENDED, last, now=now)
            ended.append(row.id)
    return tuple(ended)


def lapse_mandates(
    session: ScopedSession, actor: Actor | None, *, cooperative_id: int, months: int, day: date, now: datetime
) -> tuple[int, ...]:
    """Let every mandate lapse that was not used for so many months; their keys."""
    require_keeper(actor)
    rows = {row.id: row for row in session.scalars(select(Mandate).where(Mandate.cooperative_id == cooperative_id))}
    found = []
    for mandate_id, known in _events(session, cooperative_id, rows).items():
        event = MandateEvent(id=new_key(), kind=MandateEventKind.LAPSED, valid_from=day, recorded_at=now)
        if not doubt_event(known, event, lapse_months=months):
            _add(session, actor, rows[mandate_id], MandateEventKind.LAPSED, day, now=now)
            found.append(mandate_id)
    return tuple(found)


def _events(
    session: ScopedSession, cooperative_id: int, mandate_ids: Iterable[int]
) -> defaultdict[int, list[MandateEvent]]:
    """The events of these mandates, oldest first."""
    wanted = set(mandate_ids)
    query = select(MandateEventRow).where(MandateEventRow.cooperative_id == cooperative_id)
    if len(wanted) <= 500:
        query = query.where(MandateEventRow.mandate_id.in_(sorted(wanted)))
    found: defaultdict[int, list[MandateEvent]] = defaultdict(list)
    for row in session.scalars(query.order_by(MandateEventRow.valid_from, MandateEventRow.id)):
        if row.mandate_id in wanted:
            found[row.mandate_id].append(
                MandateEvent(id=row.id, kind=row.kind, valid_from=row.valid_from, recorded_at=row.recorded_at)
            )
    return found


def read_mandates(
    session: ScopedSession,
    actor: Actor | None,
    *,
    cooperative_id: int,
    day: date,
    party_id: int | None = None,
    lapse_months: int = LAPSE_MONTHS,
    own: bool = False,
) -> tuple[MandateView, ...]:
    """The mandates of a party (None: of everybody) and how they stand on a day, newest first; numbers are masked."""
    allowed = own or actor is None or actor.may(Permission.SEE_REGISTER) or actor.may(Permission.SEE_MONEY)
    if not allowed:
        raise Forbidden
    query = (
        select(Mandate, BankAccount.masked_iban)
        .join(
            BankAccount,
            and_(BankAccount.cooperative_id == Mandate.cooperative_id, BankAccount.id == Mandate.bank_account_id),
        )
        .where(Mandate.cooperative_id == cooperative_id)
        .order_by(Mandate.signed_on.desc(), Mandate.id.desc())
    )
    if party_id is not None:
        query = query.where(Mandate.party_id == party_id)
    rows = session.execute(query).all()
    events = _events(session, cooperative_id, [row.id for row, _masked in rows])
    return tuple(_view(row, masked, standing_on(events[row.id], day), lapse_months) for row, masked in rows)


def usable_mandates(views: Iterable[MandateView]) -> Mapping[int, MandateView]:
    """The mandate with which can be collected from each party: the newest of those that may."""
    found: dict[int, MandateView] = {}
    for view in views:
        if view.standing.may_collect:
            found.setdefault(view.party_id, view)
    return found


def _view(row: Mandate, masked: str, standing: MandateStanding, lapse_months: int) -> MandateView:
    return MandateView(
        id=row.id, party_id=row.party_id, bank_account_id=row.bank_account_id, masked_iban=masked,
        reference=row.reference, scheme=row.scheme, signing=row.signing, signed_on=row.signed_on, standing=standing,
        lapses_on=lapses_on(standing, lapse_months),
    )  # fmt: skip
