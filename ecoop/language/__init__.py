"""Words and numbers in the reader's language: gettext and Babel, without any web framework.

English sentences are the source, Dutch is the default. The language of the moment is a context variable that a
shell (a request, a command, a job) sets; everything below asks for it here. Numbers, money, dates and units are
formatted in this module and nowhere else.
"""

import decimal
import gettext as _gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path

from babel import Locale, dates, numbers

from ecoop import clock

DOMAIN = "ecoop"
CATALOGUES = Path(__file__).parent.parent / "translations"
NARROW_SPACE = "\u202f"
NO_BREAK = "\u00a0"


class Language(StrEnum):
    """The languages of the product."""

    DUTCH = "nl"
    ENGLISH = "en"


DEFAULT = Language.DUTCH
_current: ContextVar[Language] = ContextVar("language", default=DEFAULT)


def current() -> Language:
    """The language of the moment."""
    return _current.get()


def choose(language: Language) -> None:
    """Set the language for the rest of this context (one request, one command)."""
    _current.set(language)


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Set the language for one block, for instance a letter to somebody else."""
    token = _current.set(language)
    try:
        yield
    finally:
        _current.reset(token)


def parse_language(text: str | None) -> Language | None:
    """The language called `text` ("nl", "en-GB"), or None where we do not speak it."""
    if not text:
        return None
    try:
        return Language(text.split("-")[0].lower())
    except ValueError:
        return None


@cache
def _catalogue(language: Language) -> _gettext.NullTranslations:
    if language is Language.ENGLISH:
        return _gettext.NullTranslations()
    return _gettext.translation(DOMAIN, CATALOGUES, [language.value])


def gettext(message: str, /, **values: object) -> str:
    """The sentence in the language of the moment, with its named placeholders filled."""
    translated = _catalogue(current()).gettext(message) if message else ""
    return translated % values if values else translated


def ngettext(singular: str, plural: str, count: int, /, **values: object) -> str:
    """The sentence for `count` things; %(count)s is filled with the formatted number."""
    translated = _catalogue(current()).ngettext(singular, plural, count)
    return translated % ({"count": number(count)} | values)


def mark(message: str) -> str:
    """Mark a sentence for translation that is looked up later."""
    return message


@cache
def _locale(language: Language) -> Locale:
    return Locale.parse("nl_NL" if language is Language.DUTCH else "en_GB")


def locale() -> Locale:
    """Babel's locale for the language of the moment."""
    return _locale(current())


def number(value: float | Decimal, decimals: int = 0) -> str:
    """A number with exactly `decimals` decimals: 1.234,5 in Dutch, 1,234.5 in English. Rounds half up."""
    pattern = "#,##0." + "0" * decimals if decimals else "#,##0"
    with decimal.localcontext() as context:
        context.rounding = "ROUND_HALF_UP"
        text = numbers.format_decimal(_exact(value), format=pattern, locale=locale())
    return text if any(digit in text for digit in "123456789") else text.lstrip("-")


def _exact(value: float | Decimal) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(repr(value))


def euros(value: float | Decimal, decimals: int = 0) -> str:
    """An amount with its sign before the symbol: € 1.234, -€ 61.000."""
    text = number(abs(_exact(value)), decimals)
    sign = "-" if value < 0 and any(digit in text for digit in "123456789") else ""
    return f"{sign}€{NO_BREAK}{text}"


def millions(value: float | Decimal, decimals: int = 2) -> str:
    """An amount in millions: € 27,50 mln in Dutch, € 27.50 M in English."""
    return f"{euros(_exact(value) / 1_000_000, decimals)}{NO_BREAK}{million_unit()}"


def million_unit() -> str:
    """What stands behind a number of millions."""
    return "mln" if current() is Language.DUTCH else "M"


def percent(share: float | Decimal, decimals: int = 0) -> str:
    """A share of 1 as a percentage: 0.925 with one decimal is 92,5%."""
    return f"{number(_exact(share) * 100, decimals)}%"


def day(value: date) -> str:
    """A date in words: 1 maart 2026."""
    return dates.format_date(value, format="long", locale=locale())


def day_of_year(value: date) -> str:
    """A day that comes back every year: 31 december."""
    return dates.format_date(value, format="d MMMM", locale=locale())


def moment(value: datetime) -> str:
    """An instant on the Amsterdam clock: 1 maart 2026, 14:05."""
    local = clock.as_local(value)
    return f"{day(local.date())}, {dates.format_time(local, format='HH:mm', locale=locale())}"


def listing(items: list[str]) -> str:
    """Names with commas and a last "and"."""
    if len(items) < 2:
        return "".join(items)
    return gettext("%(first)s and %(last)s", first=", ".join(items[:-1]), last=items[-1])
