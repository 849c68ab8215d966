"""How sure a figure is, and what it is about: the words for sourced figures."""

from enum import StrEnum


class Tag(StrEnum):
    """How sure a value is. A value without a source is an assumption."""

    FOUNDING_TEXT = "founding_text"
    PUBLIC = "public"
    DERIVED = "derived"
    ASSUMPTION = "assumption"


class Subject(StrEnum):
    """What a stated amount is about."""

    TOTAL = "total"
    COOPERATIVE = "cooperative"
    WATER_BOARD = "water_board"
    SUBSIDIES = "subsidies"
    CONNECTION_FEES = "connection_fees"
    LOAN = "loan"


class Bound(StrEnum):
    """How exactly it was stated."""

    EXACT = "exact"
    OVER = "over"
    ALMOST = "almost"
    ABOUT = "about"
