"""Cells of a sheet as people in the Netherlands write them: days, amounts, numbers, yes or no, names of things.

A cell is text. What cannot be read for certain is refused with a reason, never guessed: a wrong day of entry would
stay in the register for ever.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import TypeVar

from ecoop.governance.membership import EndReason
from ecoop.governance.statutes import PartyKind

Value = TypeVar("Value")


class CellReason(StrEnum):
    """Why a cell cannot be read."""

    NO_DAY = "cell_no_day"
    SHORT_YEAR = "cell_short_year"
    NO_SUCH_DAY = "cell_no_such_day"
    NO_AMOUNT = "cell_no_amount"
    NO_NUMBER = "cell_no_number"
    NO_YES_OR_NO = "cell_no_yes_or_no"
    NO_PHONE = "cell_no_phone"
    NO_KIND = "cell_no_kind"
    NO_END_REASON = "cell_no_end_reason"
    NO_COUNTRY = "cell_no_country"
    NO_LANGUAGE = "cell_no_language"
    NO_CLASS = "cell_no_class"


class CellUnreadable(Exception):
    """The cell does not say what it should; `reason` says how."""

    def __init__(self, reason: CellReason) -> None:
        super().__init__(reason.value)
        self.reason = reason


def tidy(text: str) -> str:
    """Small letters without accents, marks as spaces, one space between words: what names of things are compared by."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(" " if not one.isalnum() else one for one in letters if not unicodedata.combining(one))
    return " ".join(kept.split())


# days

_MONTHS = ("januari jan january", "februari feb february", "maart mrt mar march", "april apr", "mei may",
           "juni jun june", "juli jul july", "augustus aug august", "september sep sept", "oktober okt oct october",
           "november nov", "december dec")  # fmt: skip
_MONTH = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names.split()}
_TIME = re.compile(r"[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?$")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_DUTCH = re.compile(r"(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{2}|\d{4})")
_NAMED = re.compile(r"(\d{1,2})[\s.-]+([^\W\d_]+)\.?[\s.-]+(\d{2}|\d{4})")
_SERIAL = re.compile(r"\d{5}")
_SERIAL_START = date(1899, 12, 30)
"""What spreadsheets count days from."""


def read_day(text: str) -> date:
    """A day, as 31-12-2019, 31/12/2019, 31.12.2019, 2019-12-31, 31 december 2019, or the number of a spreadsheet.

    Day before month, as one writes in the Netherlands. A year of two digits is refused: 31-12-19 may be 1919.
    """
    plain = _TIME.sub("", " ".join(text.split()))
    if found := _ISO.fullmatch(plain):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := _DUTCH.fullmatch(plain):
        return _day(_year(found[3]), int(found[2]), int(found[1]))
    if found := _NAMED.fullmatch(plain):
        month = _MONTH.get(tidy(found[2]))
        if month is not None:
            return _day(_year(found[3]), month, int(found[1]))
    if _SERIAL.fullmatch(plain):
        return _SERIAL_START + timedelta(days=int(plain))
    if re.fullmatch(r"(?:19|20)\d{6}", plain):
        return _day(int(plain[:4]), int(plain[4:6]), int(plain[6:]))
    raise CellUnreadable(CellReason.NO_DAY)


def _year(text: str) -> int:
    if len(text) == 2:
        raise CellUnreadable(CellReason.SHORT_YEAR)
    return int(text)


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise CellUnreadable(CellReason.NO_SUCH_DAY) from error


# numbers


def read_cents(text: str) -> int:
    """An amount in cents, as € 1.234,56, 1234,56, 50,- or 12.50. A point before three digits parts thousands."""
    plain = re.sub(r"^(?:€|eur|euro)|(?:€|eur|euro)$", "", text.casefold().replace(" ", "").replace("\xa0", ""))
    negative = plain.startswith("-") or (plain.startswith("(") and plain.endswith(")"))
    plain = re.sub(r"^[-+(]|[)]$", "", plain)
    plain = re.sub(r"[,.](?:-+|=+|–)$", "", plain).removeprefix("€")
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?|\d{1,12}(?:,\d{1,2})?", plain):
        whole, _, part = plain.replace(".", "").partition(",")
    elif re.fullmatch(r"\d{1,3}(?:,\d{3})+\.\d{1,2}|\d{1,12}\.\d{1,2}", plain):
        whole, _, part = plain.replace(",", "").partition(".")
    else:
        raise CellUnreadable(CellReason.NO_AMOUNT)
    if len(whole) > 12:
        raise CellUnreadable(CellReason.NO_AMOUNT)
    cents = int(whole) * 100 + int(part.ljust(2, "0") or 0)
    return -cents if negative else cents


def read_number(text: str) -> int:
    """A whole number above zero, as 12, 0012, "nr. 12" or 12,0."""
    plain = re.sub(r"^(?:nr|no|nummer|lid|lidnr|lidnummer)?[.:#\s]*", "", text.strip().casefold())
    plain = re.sub(r"[,.]0+$", "", plain)
    if not re.fullmatch(r"[0-9]{1,9}", plain) or int(plain) == 0:
        raise CellUnreadable(CellReason.NO_NUMBER)
    return int(plain)


_YES = frozenset({"ja", "j", "yes", "y", "x", "1", "waar", "true", "akkoord", "v"})
_NO = frozenset({"nee", "neen", "n", "no", "0", "onwaar", "false", "niet akkoord", "geen"})


def read_yes(text: str) -> bool:
    """Ja or nee, also as x, 1 and waar."""
    word = tidy(text)
    if word in _YES or text.strip() in {"✓", "✔"}:
        return True
    if word in _NO:
        return False
    raise CellUnreadable(CellReason.NO_YES_OR_NO)


def read_phone(text: str) -> str:
    """A telephone number with its zero in front, which spreadsheets lose, and +31 for 0031."""
    plain = " ".join(text.split())
    digits = re.sub(r"\D", "", plain)
    if not 8 <= len(digits) <= 15 or not re.fullmatch(r"[+(]?[\d\s().+/-]+", plain):
        raise CellUnreadable(CellReason.NO_PHONE)
    if plain.startswith("00"):
        return "+" + plain[2:].lstrip()
    if plain == digits and len(digits) == 9 and digits[0] != "0":
        return "0" + digits
    if plain == digits and len(digits) == 11 and digits.startswith("31"):
        return "+" + digits
    return plain


def read_registration_number(text: str) -> str:
    """A KvK number; spreadsheets lose the zero in front. What has other than eight digits is refused later."""
    digits = re.sub(r"(?i)^kvk[-.:\s]*", "", text.strip()).replace(" ", "").replace(".", "")
    return "0" + digits if re.fullmatch(r"\d{7}", digits) else digits


# names of things

KINDS: Mapping[str, PartyKind] = {
    word: kind
    for kind, words in {
        PartyKind.PERSON: "person persoon natuurlijk_persoon particulier individu mens bewoner np m v man vrouw",
        PartyKind.ORGANISATION: "organisation organisatie rechtspersoon bedrijf zakelijk onderneming stichting"
        " vereniging bv cooperatie niet_natuurlijk_persoon rp instelling winkel company",
        PartyKind.OWNERS_ASSOCIATION: "owners_association vve vereniging_van_eigenaars vereniging_van_eigenaren",
        PartyKind.CORPORATION: "corporation woningcorporatie corporatie woningbouwvereniging woningstichting"
        " housing_corporation",
        PartyKind.HOUSEHOLD: "household huishouden gezin stel echtpaar huishouding",
    }.items()
    for word in (one.replace("_", " ") for one in words.split())
}
END_REASONS: Mapping[str, EndReason] = {
    word: reason
    for reason, words in {
        EndReason.RESIGNATION: "resignation opzegging opgezegd eigen_verzoek opzegging_lid opzegging_door_lid"
        " opzegging_door_het_lid verhuizing verhuisd uitgeschreven beeindigd resigned moved",
        EndReason.RESIGNATION_BY_COOPERATIVE: "resignation_by_cooperative opzegging_door_de_cooperatie"
        " opzegging_cooperatie opgezegd_door_bestuur opzegging_door_bestuur wanbetaling",
        EndReason.EXPULSION: "expulsion royement geroyeerd ontzetting ontzet",
        EndReason.DEATH: "death overlijden overleden dood deceased",
        EndReason.DISSOLUTION: "dissolution opgeheven ontbinding ontbonden faillissement opheffing fusie",
        EndReason.TRANSFER: "transfer overdracht overgedragen transferred",
    }.items()
    for word in (one.replace("_", " ") for one in words.split())
}
CLASSES: Mapping[str, str] = {
    word: code
    for code, words in {
        "owner_occupier": "owner_occupier eigenaar_bewoner eigenaar koper koop koopwoning huiseigenaar owner"
        " woningeigenaar",
        "tenant": "tenant huurder huur huurwoning bewoner_huurder",
        "business": "business bedrijf zakelijk ondernemer bedrijfslid organisatie zakelijk_lid",
    }.items()
    for word in (one.replace("_", " ") for one in words.split())
}
"""What people call the kinds of membership that a cooperative begins with."""
COUNTRIES: Mapping[str, str] = {
    word: code
    for code, words in {
        "NL": "nl nederland netherlands holland nld the_netherlands",
        "BE": "be belgie belgium bel",
        "DE": "de duitsland germany deu",
        "FR": "fr frankrijk france",
        "GB": "gb uk engeland groot_brittannie verenigd_koninkrijk united_kingdom",
        "LU": "lu luxemburg luxembourg",
        "ES": "es spanje spain",
        "IT": "it italie italy",
        "US": "us usa verenigde_staten united_states",
    }.items()
    for word in (one.replace("_", " ") for one in words.split())
}
LANGUAGES: Mapping[str, str] = {"nl": "nl", "nederlands": "nl", "dutch": "nl", "en": "en", "engels": "en",
                                "english": "en", "nld": "nl", "eng": "en"}  # fmt: skip


def read_kind(text: str) -> PartyKind:
    """What a party is."""
    return _named(text, KINDS, CellReason.NO_KIND)


def read_end_reason(text: str) -> EndReason:
    """Why a membership ended."""
    return _named(text, END_REASONS, CellReason.NO_END_REASON)


def read_country(text: str) -> str:
    """A country by its two letters."""
    word = tidy(text)
    if word not in COUNTRIES and re.fullmatch(r"[A-Za-z]{2}", text.strip()):
        return text.strip().upper()
    return _named(text, COUNTRIES, CellReason.NO_COUNTRY)


def read_language(text: str) -> str:
    """The language in which somebody gets letters."""
    return _named(text, LANGUAGES, CellReason.NO_LANGUAGE)


def read_class(text: str, known: Mapping[str, str]) -> str:
    """The code of a kind of membership; `known` maps codes and names, as `tidy` gives them, to codes."""
    word = tidy(text)
    code = known.get(word) or (CLASSES.get(word) if CLASSES.get(word) in known.values() else None)
    if code is None:
        raise CellUnreadable(CellReason.NO_CLASS)
    return code


def _named(text: str, names: Mapping[str, Value], reason: CellReason) -> Value:
    found = names.get(tidy(text))
    if found is None:
        raise CellUnreadable(reason)
    return found
