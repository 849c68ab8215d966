"""Why an input of a business case, or an option of a command, is refused: a sentence for every code."""

from collections.abc import Mapping

from ecoop.language import mark

INPUT_REASONS: Mapping[str, str] = {
    "unknown_key": mark("This key does not exist in a case."),
    "unknown_key_closest": mark("This key does not exist in a case. Do you mean %(closest)s?"),
    "missing_key": mark("This key is missing."),
    "wrong_type": mark("This is the wrong kind of value: a %(expected)s is wanted and a %(found)s was given."),
    "not_finite": mark("This number must be finite."),
    "not_whole": mark("This must be a whole number, and is %(value)s."),
    "negative": mark("This may not be below zero, and is %(value)s."),
    "not_positive": mark("This must be above zero, and is %(value)s."),
    "not_a_share": mark("A share lies between 0 and 1, and this is %(value)s."),
    "out_of_range": mark("This must lie between %(low)s and %(high)s, and is %(value)s."),
    "empty": mark("This may not be empty."),
    "wrong_length": mark("This list must have %(expected)s items, and has %(found)s."),
    "lengths_differ": mark("This list has %(length)s items and %(other)s has %(other_length)s. They belong together."),
    "not_increasing": mark("The items must increase, and %(item)s does not."),
    "sum_not_one": mark("The shares must add up to 1, and they add up to %(total)s."),
    "sum_not_total": mark("The parts add up to %(parts)s and the total says %(total)s. They must be equal."),
    "not_a_month": mark("A month is written as 2025-05, and this is %(value)s."),
    "not_a_year": mark("A year has four digits, and this is %(value)s."),
    "year_outside_horizon": mark(
        "The year %(year)s lies outside the case, which runs from %(first_year)s to %(last_year)s."
    ),
    "missing_year": mark("The year %(year)s is missing."),
    "wrong_order": mark("This may not come before %(other)s: it is %(value)s, and that is %(other_value)s."),
    "price_base_not_first_year": mark("Prices must be of the first year, %(first_year)s, and this says %(year)s."),
    "first_anchor_not_zero": mark(
        "The first month must say when nobody is connected yet, so 0, and it says %(value)s."
    ),
    "availability_not_until_repayment": mark(
        "The years in which the loan is drawn must follow each other until repayment starts. The year "
        "%(year)s is expected here."
    ),
    "too_many_repayment_years": mark(
        "Repayment takes %(years)s years, and the case has only %(available)s years left for it."
    ),
    "rate_too_high": mark(
        "Interest, guarantee premium and stress together may not reach 100%%, and they are %(rate)s."
    ),
    "cooking_exceeds_use": mark(
        "Cooking takes %(cooking_m3)s m3 of gas, more than the %(gas_m3)s m3 these customers use in all."
    ),
    "unknown_choice": mark("Choose one of %(choices)s. This is %(value)s."),
    "bad_name": mark("A name holds only letters, digits, _ and -, and this is %(name)s."),
    "duplicate_name": mark("The name %(name)s occurs twice."),
    "reserved_name": mark("The name %(name)s has a meaning of its own. Choose another."),
    "unknown_name": mark("No item of this list is called %(name)s."),
    "correlation_impossible": mark("These correlations contradict each other."),
    # options of commands
    "option_missing": mark("This option is missing."),
    "address_incomplete": mark("An address starts with https:// (or http:// on this machine)."),
    "set_without_value": mark("Write a change as key=value. This is %(given)s."),
    "set_not_text": mark("This change is not text in UTF-8: %(given)s."),
}

KINDS: Mapping[str, str] = {
    "number": mark("number"),
    "text": mark("text"),
    "switch": mark("switch (true or false)"),
    "list": mark("list"),
    "table": mark("table"),
    "date": mark("date"),
    "time": mark("time of day"),
    "value": mark("value"),
}
"""Kinds of value, as they stand in the sentence about a wrong kind."""
