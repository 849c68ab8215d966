"""Figures in words: the value with its bound and unit, its day or period, its basis, its status, its source."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from ecoop.language import day, euros, gettext, mark, ngettext, number
from ecoop.language.cases import BOUNDS, SUBJECTS, name_of

UNITS: Mapping[str, str] = {
    "eur": mark("euros"),
    "eur_per_gj": mark("euros per GJ"),
    "dwellings": mark("dwellings"),
    "dwelling_equivalents": mark("dwelling equivalents"),
    "connections": mark("connections"),
    "buildings": mark("buildings"),
    "members": mark("members"),
    "projects": mark("projects"),
    "kwp": "kWp",
    "mwh": "MWh",
    "gj": "GJ",
    "percent": mark("per cent"),
    "year": mark("calendar year"),
}

BASES: Mapping[str, str] = {
    "none": mark("not told, or makes no difference"),
    "ex_vat": mark("excluding VAT"),
    "incl_vat": mark("including VAT"),
    "dwellings": mark("counted in dwellings"),
    "dwelling_equivalents": mark("counted in dwelling equivalents"),
}

STATUSES: Mapping[str, str] = {
    "reported": mark("Reported"),
    "computed": mark("Computed"),
    "assumption": mark("Assumption"),
}

BOUND_NAMES: Mapping[str, str] = {
    "exact": mark("Exactly"),
    "over": mark("Over"),
    "almost": mark("Almost"),
    "about": mark("About"),
    "unknown": mark("Unknown"),
}

DIFFERENCES: Mapping[str, str] = {
    "unknown": mark("one of them is unknown"),
    "unit": mark("they count something else"),
    "basis": mark("the basis differs"),
    "bound": mark("they are not equally exact"),
    "time": mark("they are of another day or period"),
    "status": mark("they came about in another way"),
    "source": mark("they come from another source"),
}


def subject_name(subject: str) -> str:
    """What a figure is about; what a cooperative named itself is shown as it wrote it."""
    return name_of(SUBJECTS, subject) if subject in SUBJECTS else subject


def unit_name(unit: str) -> str:
    """What is counted."""
    return gettext(UNITS[unit])


def basis_name(basis: str) -> str:
    """On what it is reckoned; nothing where that makes no difference."""
    return "" if basis == "none" else gettext(BASES[basis])


def status_name(status: str) -> str:
    """How a figure came about."""
    return gettext(STATUSES[status])


def value_words(value: Decimal | None, bound: str, unit: str) -> str:
    """The value with its bound and unit: "over 800 members", "about € 2,500,000", "unknown"."""
    if value is None or bound == "unknown":
        return gettext("unknown")
    return gettext(BOUNDS[bound], amount=_amount(value, unit))


def _amount(value: Decimal, unit: str) -> str:
    decimals = max(0, -int(value.normalize().as_tuple().exponent))
    text = number(value, decimals)
    if unit in {"eur", "eur_per_gj"}:
        amount = euros(value, max(2, decimals) if decimals else 0)
        return amount if unit == "eur" else gettext("%(amount)s per GJ", amount=amount)
    if unit == "year":
        return str(value)
    if unit == "percent":
        return f"{text}%"
    return _counted(unit, text, 1 if value == 1 else 2)


def _counted(unit: str, text: str, count: int) -> str:
    told = {
        "dwellings": ngettext("%(count)s dwelling", "%(count)s dwellings", count, count=text),
        "dwelling_equivalents": ngettext(
            "%(count)s dwelling equivalent", "%(count)s dwelling equivalents", count, count=text
        ),
        "connections": ngettext("%(count)s connection", "%(count)s connections", count, count=text),
        "buildings": ngettext("%(count)s building", "%(count)s buildings", count, count=text),
        "members": ngettext("%(count)s member", "%(count)s members", count, count=text),
        "projects": ngettext("%(count)s project", "%(count)s projects", count, count=text),
    }
    return told.get(unit) or f"{text} {gettext(UNITS[unit])}"


def time_words(as_at: date | None, start: date | None, end: date | None, *, partial: bool = False) -> str:
    """When a figure was true, or what time it is about; a period is told with its last day."""
    if as_at is not None:
        return gettext("as at %(day)s", day=day(as_at))
    if start is None or end is None:
        return gettext("day unknown")
    if (start.month, start.day, end) == (1, 1, date(start.year + 1, 1, 1)):
        told = str(start.year)
    else:
        told = gettext("%(first)s to %(last)s", first=day(start), last=day(end - timedelta(days=1)))
    return gettext("%(period)s, a part of a year", period=told) if partial else told


def figure_sentence(value: str, time: str, basis: str, source: str) -> str:
    """A figure on one line: "over 800 members (day unknown; source: the website)"."""
    told = gettext("%(value)s (%(time)s; source: %(source)s)", value=value, time=time, source=source)
    if not basis:
        return told
    return gettext(
        "%(value)s, %(basis)s (%(time)s; source: %(source)s)", value=value, basis=basis, time=time, source=source
    )
