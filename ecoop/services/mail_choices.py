"""Which letters about waiting work somebody wants to get."""

from dataclasses import dataclass
from datetime import datetime

from ecoop.db import ScopedSession
from ecoop.governance.audit import Action
from ecoop.models import MailChoice
from ecoop.services import audit


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceView:
    """What an account wants: a letter on the day that something comes to wait for it, and one every Monday."""

    same_day: bool = True
    digest: bool = True


def read_choice(session: ScopedSession, account_id: int) -> ChoiceView:
    """What the account chose; both letters where it chose nothing."""
    row = session.get(MailChoice, account_id)
    return ChoiceView() if row is None else ChoiceView(same_day=row.same_day, digest=row.digest)


def choose(session: ScopedSession, account_id: int, choice: ChoiceView, *, now: datetime) -> None:
    """Remember what the account wants."""
    row = session.get(MailChoice, account_id)
    if row is None:
        session.add(MailChoice(account_id=account_id, same_day=choice.same_day, digest=choice.digest))
    else:
        row.same_day, row.digest = choice.same_day, choice.digest
    session.flush()
    audit.record_for_installation(session, account_id, Action.MAIL_CHOSEN, subject=f"account:{account_id}", now=now)
