"""Taking over what an earlier administration kept: many accounts with their mandates at once, told in one entry."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from ecoop import clock, sealing
from ecoop.db import ScopedSession
from ecoop.errors import InvalidInput, NotFound, Problem
from ecoop.governance.audit import Action
from ecoop.governance.mandates import MandateEventKind, MandateReason, MandateScheme, SigningWay
from ecoop.governance.roles import Actor
from ecoop.governance.statutes import PartyKind
from ecoop.models import BankAccount, Mandate, Party
from ecoop.models.types import new_key
from ecoop.services import audit
from ecoop.services.bank_accounts import checked_account, fingerprints, masked
from ecoop.services.ledger import require_keeper
from ecoop.services.mandates import SERIES, event_row, is_reference, numbered
from ecoop.services.number_series import take_numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenOver:
    """One account of a party with the mandate that it gave; without a reference the next one is given out."""

    party_id: int
    iban: str
    holder: str
    valid_from: date
    signed_on: date
    scheme: MandateScheme = MandateScheme.CORE
    reference: str | None = None


def take_over_mandates(
    session: ScopedSession,
    actor: Actor | None,
    *,
    cooperative_id: int,
    taken: Sequence[TakenOver],
    key: str,
    now: datetime,
) -> tuple[int, ...]:
    """Keep all of them or none; the keys of the mandates in their order.

    Raises InvalidInput naming every problem, with the place in `taken` before the name of its field (`3.iban`), and
    NotFound for a party that is not there.
    """
    require_keeper(actor)
    checked = _checked(session, cooperative_id, taken, today=clock.legal_day(now))
    wanting = sum(1 for one in taken if not one.reference)
    numbers = iter(take_numbers(session, cooperative_id=cooperative_id, name=SERIES, count=wanting))
    number = audit.record(
        session, actor, Action.MANDATE_SIGNED, cooperative_id=cooperative_id, subject="mandates",
        details={"count": len(taken)}, now=now,
    )  # fmt: skip
    by = actor.account_id if actor else None
    accounts, mandates = [], []
    for one, (iban, holder) in zip(taken, checked, strict=True):
        account = BankAccount(
            cooperative_id=cooperative_id, id=new_key(), party_id=one.party_id, sealed_iban=sealing.seal(iban, key),
            masked_iban=masked(iban), fingerprint=fingerprints(iban, key)[0], holder=holder,
            valid_from=one.valid_from, known_from=now, recorded_by_id=by,
        )  # fmt: skip
        accounts.append(account)
        mandates.append(
            Mandate(
                cooperative_id=cooperative_id, id=new_key(), party_id=one.party_id, bank_account_id=account.id,
                reference=one.reference or numbered(next(numbers)), scheme=one.scheme, signed_on=one.signed_on,
                signing=SigningWay.TAKEN_OVER, recorded_at=now, recorded_by_id=by,
            )
        )  # fmt: skip
    session.add_all(accounts)
    session.flush()
    session.add_all(mandates)
    session.flush()
    session.add_all(
        event_row(one, kind, one.signed_on, actor, number, now=now)
        for one in mandates
        for kind in (MandateEventKind.SIGNED, MandateEventKind.ACTIVATED)
    )
    session.flush()
    return tuple(one.id for one in mandates)


def _checked(
    session: ScopedSession, cooperative_id: int, taken: Sequence[TakenOver], *, today: date
) -> list[tuple[str, str]]:
    parties = {one.id: one.kind for one in session.scalars(select(Party).where(Party.cooperative_id == cooperative_id))}
    used = set(session.scalars(select(Mandate.reference).where(Mandate.cooperative_id == cooperative_id)))
    problems: list[Problem] = []
    found = []
    for place, one in enumerate(taken):
        if one.party_id not in parties:
            raise NotFound
        try:
            found.append(checked_account(one.iban, one.holder))
        except InvalidInput as invalid:
            problems += [Problem(key=f"{place}.{p.key}", reason=p.reason, details=p.details) for p in invalid.problems]
        if one.signed_on > today:
            problems.append(Problem(key=f"{place}.signed_on", reason=MandateReason.SIGNED_AHEAD))
        if one.reference and not is_reference(one.reference):
            details = {"maximum": 35}
            problems.append(Problem(key=f"{place}.reference", reason=MandateReason.REFERENCE_UNUSABLE, details=details))
        if one.reference and one.reference in used:
            problems.append(Problem(key=f"{place}.reference", reason=MandateReason.REFERENCE_TAKEN))
        if one.scheme is MandateScheme.B2B and parties[one.party_id] in {PartyKind.PERSON, PartyKind.HOUSEHOLD}:
            problems.append(Problem(key=f"{place}.scheme", reason=MandateReason.PERSON_NOT_B2B))
        used.add(one.reference or "")
    if problems:
        raise InvalidInput(tuple(problems))
    return found
