"""Units in which people give numbers and in which we show them: data, not comments."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

GJ_PER_MWH = 3.6
"""Gigajoule in one megawatt-hour, by definition."""

KWH_PER_MWH = 1000.0
"""Kilowatt-hour in one megawatt-hour, by definition."""

MONTHS_PER_YEAR = 12


class Unit(StrEnum):
    """Every unit the platform knows; the value is how it is written."""

    EUR = "EUR"
    EUR_PER_YEAR = "EUR/year"
    EUR_PER_MONTH = "EUR/month"
    EUR_PER_GJ = "EUR/GJ"
    EUR_PER_KW_YEAR = "EUR/kW/year"
    EUR_PER_KWH = "EUR/kWh"
    EUR_PER_MWH = "EUR/MWh"
    EUR_PER_M3 = "EUR/m3"
    SHARE = "share"
    SHARE_PER_YEAR = "share/year"
    FACTOR = "factor"
    RATIO = "ratio"
    COUNT = "count"
    YEAR = "year"
    YEARS = "years"
    MONTH = "month"
    MONTHS = "months"
    M3 = "m3"
    GJ = "GJ"
    GJ_PER_M3 = "GJ/m3"
    MJ_PER_M3 = "MJ/m3"
    KW = "kW"
    KWH = "kWh"
    MWH = "MWh"
    NONE = ""
    """Text, choices and switches have no unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number as a person gave it, exactly, together with its unit."""

    value: Decimal
    unit: Unit
