"""The words of the business case: kinds of customer, works, sources and uses, references."""

from collections.abc import Mapping

from ecoop.language import gettext, mark

SEGMENTS: Mapping[str, str] = {
    "flat_small_rent": mark("Small flat, rented"),
    "flat_medium_rent": mark("Medium flat, rented"),
    "flat_owner": mark("Flat, owner-occupied"),
    "monument_large": mark("Large monument"),
    "business_small": mark("Small business"),
    "business_large": mark("Large business"),
}

ASSETS: Mapping[str, str] = {
    "heat_pump_stations": mark("Heat pump stations"),
    "ates_wells": mark("Wells for heat storage (ATES)"),
    "source_network": mark("Source network"),
    "distribution_network": mark("Distribution network"),
    "house_connections_and_risers": mark("House connections and risers"),
    "delivery_sets": mark("Delivery sets"),
    "engineering_permits_management": mark("Engineering, permits, management"),
    "contingency": mark("Contingency"),
}

SUBSIDIES: Mapping[str, str] = {
    "paw": mark("PAW subsidy (national)"),
    "wis": mark("WIS subsidy (national)"),
    "klimaatfonds_amsterdam": mark("Climate fund of Amsterdam"),
}

OFFERS: Mapping[str, str] = {
    "municipality_direct": mark("Municipality, directly"),
    "sector_bank_with_guarantee": mark("Sector bank, with a guarantee"),
    "commercial_bank": mark("Commercial bank"),
}

SOURCES: Mapping[str, str] = {
    "connection_fees": mark("Connection contributions"),
    "loan_draws": mark("Draws on the loan"),
    "use_of_opening_cash": mark("Own cash"),
    "operating_result": mark("Income during construction"),
    "shortage": mark("Shortage"),
    "capitalised_interest": mark("Construction interest, added to the loan"),
}

USES: Mapping[str, str] = {
    "capex": mark("Works"),
    "upfront_fee": mark("Upfront fee of the loan"),
    "paid_interest": mark("Interest paid during construction"),
    "replacements": mark("Replacements during construction"),
    "added_to_cash": mark("Added to own cash"),
    "capitalised_interest": mark("Construction interest, added to the loan"),
}

REFERENCES: Mapping[str, str] = {
    "contract": mark("Now: average of four years, as in the contract"),
    "gas_path": mark("Now: if you stayed on gas"),
    "acm": mark("The national maximum (ACM)"),
}

SHORT_REFERENCES: Mapping[str, str] = {
    "contract": mark("by the contract"),
    "gas_path": mark("by the gas forecast"),
    "acm": mark("by the national maximum"),
}

SUBJECTS: Mapping[str, str] = {
    "total": mark("The whole project"),
    "cooperative": mark("Share of the cooperative"),
    "water_board": mark("Share of the water board"),
    "subsidies": mark("Subsidies together"),
    "connection_fees": mark("Connection contributions and avoided boiler costs"),
    "loan": mark("Loan, construction interest included"),
    "site_size": mark("Size of the area"),
    "buildings": mark("Number of buildings"),
    "corporation_share": mark("Share of the housing corporation"),
    "first_heat": mark("First dwellings on heat"),
    "completion": mark("Last connection made"),
    "climate_neutral": mark("Climate neutral in"),
    "members": mark("Number of members"),
    "connections": mark("Number of connections"),
    "yield": mark("Yield"),
}

BOUNDS: Mapping[str, str] = {
    "exact": "%(amount)s",
    "over": mark("over %(amount)s"),
    "almost": mark("almost %(amount)s"),
    "about": mark("about %(amount)s"),
    "unknown": mark("unknown"),
}

FAILURES: Mapping[str, str] = {
    "cash": mark("Cash falls below the minimum at the end of %(year)s."),
    "dscr": mark("The cover ratio falls below what the lender asks in %(year)s."),
}


def name_of(words: Mapping[str, str], code: str) -> str:
    """The words for a code; a name that a cooperative chose itself is shown as it wrote it."""
    return gettext(words[code]) if code in words else code.replace("_", " ")
