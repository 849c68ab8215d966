"""How sure a figure is, and what it is about: the words for sourced figures."""

from enum import StrEnum


class Tag(StrEnum):
    """How sure a value is. A value without a source is an assumption."""

    FOUNDING_TEXT = "founding_text"
    PUBLIC = "public"
    DERIVED = "derived"
    ASSUMPTION = "assumption"


class Subject(StrEnum):
    """What a figure is about. A cooperative may name other subjects in its own words."""

    TOTAL = "total"
    COOPERATIVE = "cooperative"
    WATER_BOARD = "water_board"
    SUBSIDIES = "subsidies"
    CONNECTION_FEES = "connection_fees"
    LOAN = "loan"
    SITE_SIZE = "site_size"
    BUILDINGS = "buildings"
    CORPORATION_SHARE = "corporation_share"
    FIRST_HEAT = "first_heat"
    COMPLETION = "completion"
    CLIMATE_NEUTRAL = "climate_neutral"
    MEMBERS = "members"
    CONNECTIONS = "connections"
    YIELD = "yield"


class Bound(StrEnum):
    """How exactly it was stated."""

    EXACT = "exact"
    OVER = "over"
    ALMOST = "almost"
    ABOUT = "about"
    UNKNOWN = "unknown"
