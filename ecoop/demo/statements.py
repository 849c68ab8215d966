"""What public sources say about KetelhuisWG. They contradict each other, and so they stand side by side."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ecoop.governance.evidence import Bound, Subject
from ecoop.governance.figures import Basis, SourcedFigure, Status, Unit

FOUNDING_TEXT = "Oprichtingstekst van het project"
WATER_BOARD = ("Waterschap AGV, maart 2025", "https://agv.nl/nieuws/2025/maart/verder-met-vernieuwend-warmtenet")
WESTKRANT = ("De Westkrant", "https://dewestkrant.nl/miljoenen-gevraagd-voor-aardgasvrij-wg-terrein")
NL_TODAY = ("NL Today", "https://nltoday.news/?p=58338")
EXCURSION = ("Vrouwen Bouwen Wonen, excursie", "https://vrouwenbouwenwonen.nl/excursie-ketelhuis-wg")
CLIMATE_SITE = (
    "Nieuw Amsterdams Klimaat",
    "https://nieuwamsterdamsklimaat.nl/actueel/kunt-u-ook-wel-wat-ketelhuiswarmte-gebruiken",
)
FRONTRUNNERS = ("Koplopers 02025, digitaal tijdschrift 2", "https://issuu.com/koplopers02025")
NEIGHBOURS = ("Warmereus, november 2022", "https://warmereus.eco/2022/11/10")
MINUTES_2019 = (
    "Verslag van de ledenvergadering, 12 december 2019: aanwezig",
    "https://ketelhuiswg.nl/verslag-algemene-leden-vergadering-12-12-2019-ketelhuiswg",
)

MILLION = 1_000_000
Source = tuple[str, str] | str


def _figure(
    subject: Subject,
    value: str | None,
    unit: Unit,
    source: Source,
    *,
    bound: Bound = Bound.EXACT,
    basis: Basis = Basis.NONE,
    as_at: date | None = None,
    period: tuple[date, date] | None = None,
    note: str = "",
) -> SourcedFigure:
    name, url = (source, None) if isinstance(source, str) else source
    return SourcedFigure(
        subject=subject.value,
        value=None if value is None else Decimal(value),
        bound=bound,
        unit=unit,
        basis=basis,
        status=Status.REPORTED,
        as_at=as_at,
        period_start=period[0] if period else None,
        period_end=period[1] if period else None,
        source=name + note,
        source_url=url,
    )


def _euros(
    subject: Subject,
    millions: str,
    source: Source = FOUNDING_TEXT,
    bound: Bound = Bound.EXACT,
    basis: Basis = Basis.NONE,
) -> SourcedFigure:
    return _figure(subject, str(Decimal(millions) * MILLION), Unit.EUR, source, bound=bound, basis=basis)


FIGURES = (
    _euros(Subject.TOTAL, "30"),
    _euros(Subject.WATER_BOARD, "2.5"),
    _euros(Subject.WATER_BOARD, "2.6", WATER_BOARD, basis=Basis.EX_VAT),
    _euros(Subject.COOPERATIVE, "27.5"),
    _euros(Subject.SUBSIDIES, "13", bound=Bound.OVER),
    _euros(Subject.CONNECTION_FEES, "7", bound=Bound.ALMOST),
    _euros(Subject.LOAN, "7.8"),
    _figure(
        Subject.SITE_SIZE,
        "1500",
        Unit.DWELLING_EQUIVALENTS,
        FOUNDING_TEXT,
        bound=Bound.ABOUT,
        basis=Basis.DWELLING_EQUIVALENTS,
    ),
    _figure(
        Subject.SITE_SIZE, "1000", Unit.CONNECTIONS, FOUNDING_TEXT, bound=Bound.ABOUT, note=", woningen en bedrijven"
    ),
    _figure(Subject.SITE_SIZE, "1270", Unit.DWELLINGS, WATER_BOARD, basis=Basis.DWELLINGS),
    _figure(Subject.SITE_SIZE, "1500", Unit.DWELLINGS, NL_TODAY, bound=Bound.ABOUT, basis=Basis.DWELLINGS),
    _figure(Subject.SITE_SIZE, "2500", Unit.CONNECTIONS, WESTKRANT, note=": woningen, werkplekken en ateliers samen"),
    _figure(Subject.BUILDINGS, "25", Unit.BUILDINGS, WESTKRANT),
    _figure(Subject.BUILDINGS, "28", Unit.BUILDINGS, NL_TODAY, note=": alleen woongebouwen"),
    _figure(Subject.BUILDINGS, "29", Unit.BUILDINGS, FRONTRUNNERS),
    _figure(Subject.BUILDINGS, "30", Unit.BUILDINGS, EXCURSION),
    _figure(Subject.CORPORATION_SHARE, "60", Unit.PERCENT, FOUNDING_TEXT, note=": van het vastgoed"),
    _figure(
        Subject.CORPORATION_SHARE,
        "67",
        Unit.PERCENT,
        EXCURSION,
        bound=Bound.ABOUT,
        note=": twee derde van de woningen",
    ),
    _figure(Subject.FIRST_HEAT, "2026", Unit.YEAR, WATER_BOARD),
    _figure(Subject.COMPLETION, "2027", Unit.YEAR, FOUNDING_TEXT, note=": augustus"),
    _figure(Subject.COMPLETION, "2028", Unit.YEAR, WATER_BOARD),
    _figure(Subject.CLIMATE_NEUTRAL, "2028", Unit.YEAR, WATER_BOARD),
    _figure(Subject.CLIMATE_NEUTRAL, "2030", Unit.YEAR, CLIMATE_SITE),
    _figure(Subject.MEMBERS, "45", Unit.MEMBERS, MINUTES_2019, bound=Bound.OVER, as_at=date(2019, 12, 12)),
    _figure(Subject.MEMBERS, None, Unit.MEMBERS, "Geen openbare telling gevonden", bound=Bound.UNKNOWN),
    _figure(
        Subject.CONNECTIONS,
        "600",
        Unit.CONNECTIONS,
        NEIGHBOURS,
        bound=Bound.ABOUT,
        period=(date(2022, 11, 1), date(2022, 12, 1)),
        note=": contracten en intenties",
    ),
)
"""In the order in which the treasurer of the demo put them in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoChoice:
    """Which figure of a subject the cooperative of the demo uses: the one with this value and unit, and why."""

    subject: Subject
    value: str
    unit: Unit
    reason: str


CHOICES = (
    DemoChoice(
        subject=Subject.SITE_SIZE,
        value="1500",
        unit=Unit.DWELLING_EQUIVALENTS,
        reason="De businesscase rekent in woningequivalenten. De andere bronnen tellen woningen of aansluitingen.",
    ),
    DemoChoice(
        subject=Subject.WATER_BOARD,
        value="2600000",
        unit=Unit.EUR,
        reason="Van het waterschap zelf, jonger, en het zegt erbij dat de btw er niet in zit.",
    ),
    DemoChoice(
        subject=Subject.COMPLETION,
        value="2028",
        unit=Unit.YEAR,
        reason="Het jongste bericht van de partner die de bron bouwt.",
    ),
)
