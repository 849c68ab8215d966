"""The only place that asks what time it is. Everybody else is told."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def now() -> datetime:
    """This instant, in UTC with its zone."""
    return datetime.now(UTC)


def legal_day(instant: datetime) -> date:
    """The calendar day in Amsterdam on which `instant` falls: terms in law and statutes count these days."""
    return instant.astimezone(AMSTERDAM).date()


def as_local(instant: datetime) -> datetime:
    """The same instant on an Amsterdam clock, for showing."""
    return instant.astimezone(AMSTERDAM)
