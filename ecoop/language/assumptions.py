"""The words of the assumptions: a title per part of a case, a label per value, and what a unit is called.

A label belongs to a key path from which the name of the item is left out (`segment.gas_m3`); where several items
have the same value, `label_of` puts the item's name before it. Labels hold no unit: that stands beside the value.
"""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from ecoop.language import euros, gettext, mark, number, percent
from ecoop.language.cases import ASSETS, OFFERS, SEGMENTS, SUBSIDIES, name_of

GROUPS: Mapping[str, str] = {
    "time": mark("Years and dates"),
    "index": mark("Yearly price rises"),
    "tax": mark("Taxes"),
    "capex": mark("Works"),
    "funding": mark("Money for the works"),
    "cash": mark("Cash"),
    "appraisal": mark("Comparing money over time"),
    "covenants": mark("What the lender asks"),
    "connections": mark("Uptake and heat demand"),
    "reference_gas": mark("What gas costs"),
    "acm_maximum": mark("National maximum for heat (ACM)"),
    "tariff": mark("Heat tariff"),
    "segment": mark("Kinds of connection"),
    "production": mark("Making heat"),
    "electricity": mark("Electricity"),
    "opex": mark("Management and fixed costs"),
    "liquidity": mark("Money during construction, month by month"),
    "monte_carlo": mark("What may turn out differently"),
    "offer": mark("Offers of lenders"),
    "stress": mark("Stress test"),
}
"""A title for each top-level table of a case."""

FIELDS: Mapping[str, str] = {
    "schema": mark("Form of the case file"),
    "name": mark("Name of the case"),
    # years and dates
    "time.first_year": mark("First year"),
    "time.last_year": mark("Last year"),
    "time.price_base_year": mark("Year of the price level"),
    "time.construction_start": mark("Start of construction"),
    "time.last_connection": mark("Last connection"),
    "time.first_heat": mark("First heat delivered"),
    "time.first_repayment_year": mark("First year of repayment"),
    # yearly price rises
    "index.cpi": mark("Consumer prices (CPI)"),
    "index.heat_tariff": mark("Heat tariff"),
    "index.wages": mark("Wages"),
    "index.maintenance": mark("Maintenance"),
    "index.reinvestment": mark("Replacement of parts"),
    "index.elec_commodity": mark("Electricity: price of the energy"),
    "index.elec_grid": mark("Electricity: grid charges"),
    "index.elec_tax": mark("Electricity: energy tax"),
    "index.gas_commodity": mark("Gas: price of the energy"),
    "index.gas_grid": mark("Gas: grid charges"),
    "index.gas_tax": mark("Gas: energy tax"),
    # taxes
    "tax.vat": mark("VAT"),
    "tax.vpb_low_rate": mark("Corporate tax: low rate"),
    "tax.vpb_low_limit": mark("Corporate tax: profit up to which the low rate holds"),
    "tax.vpb_high_rate": mark("Corporate tax: high rate"),
    "tax.loss_offset_free": mark("Profit that old losses may cancel in full"),
    "tax.loss_offset_share_above": mark("Part of the profit above it that old losses may cancel"),
    "tax.member_profit_deduction_share": mark("Part of the profit that is untaxed because members made it"),
    # works
    "capex.total": mark("Works of the cooperative, together"),
    "capex.teo_by_waterboard": mark("Heat from the canal, by the water board"),
    "capex.yearly_share": mark("How the payments are spread over the years"),
    "capex.asset.name": mark("Name"),
    "capex.asset.per_connection": mark("Grows with the number of connections"),
    "capex.asset.amount": mark("Amount"),
    "capex.asset.life_years": mark("Life"),
    "capex.asset.om_share": mark("Yearly upkeep, as part of the amount"),
    "capex.asset.replace_share": mark("Part that is replaced at the end of its life"),
    # money for the works
    "funding.subsidies": mark("Amount"),
    "funding.subsidies.yearly_share": mark("Subsidies: how they are spread over the years"),
    "funding.connection_fees.total": mark("Connection contributions and avoided boiler costs, together"),
    "funding.connection_fees.timing": mark("Connection contributions: when they come in"),
    "funding.loan.limit": mark("Loan: most that may be owed, construction interest included"),
    "funding.loan.rate": mark("Loan: interest"),
    "funding.loan.repayment_years": mark("Loan: term of repayment"),
    "funding.loan.profile": mark("Loan: way of repaying"),
    "funding.loan.availability_years": mark("Loan: years in which it is drawn"),
    "funding.loan.capitalise_interest": mark("Loan: construction interest is added to the debt"),
    "funding.loan.upfront_fee_share": mark("Loan: upfront fee"),
    "funding.loan.guarantee_premium": mark("Loan: premium for a guarantee"),
    # cash
    "cash.opening": mark("Own cash at the start"),
    "cash.minimum": mark("Least cash to keep"),
    "cash.interest_on_positive": mark("Interest that cash earns"),
    # weighing later money
    "appraisal.discount_rate": mark("Discount rate"),
    # what the lender asks
    "covenants.min_dscr": mark("Lowest cover ratio that is allowed"),
    "covenants.reserve_mode": mark("How money is put aside for replacements"),
    # uptake and heat demand
    "connections.anchors": mark("Part that is connected, by month"),
    "connections.uptake": mark("Part of the planned connections that joins"),
    "connections.heat_weight_month": mark("How heat use is spread over the months"),
    "connections.demand_trend": mark("Yearly change of heat demand"),
    # what gas costs
    "reference_gas.years": mark("Years of the average"),
    "reference_gas.variable_price_incl": mark("Gas price in each of those years, including VAT"),
    "reference_gas.fixed_per_year_incl": mark("Fixed costs in each of those years, including VAT"),
    "reference_gas.fixed_grid_incl_2025": mark("Fixed costs in 2025: the grid, including VAT"),
    "reference_gas.fixed_supplier_incl_2025": mark("Fixed costs in 2025: the supplier, including VAT"),
    "reference_gas.energy_tax_m3_2025": mark("Energy tax in 2025"),
    "reference_gas.cooking_m3": mark("Gas for cooking"),
    "reference_gas.cooking_elec_kwh": mark("Electricity for cooking"),
    "reference_gas.household_elec_price_incl": mark("Price of electricity for a household, including VAT"),
    "reference_gas.lhv_mj_per_m3": mark("Heat in gas, lower value"),
    "reference_gas.hhv_mj_per_m3": mark("Heat in gas, upper value"),
    "reference_gas.acm_useful_gj_per_m3": mark("Useful heat from gas, as the ACM reckons"),
    "reference_gas.boiler_maintenance_per_year_incl": mark("Boiler: upkeep, including VAT"),
    "reference_gas.boiler_replacement_incl": mark("Boiler: price of a new one, including VAT"),
    "reference_gas.boiler_life_years": mark("Boiler: life"),
    # national maximum for heat
    "acm_maximum.year": mark("Years of the maximum"),
    "acm_maximum.eur_per_gj_incl": mark("Highest price per GJ in each of those years, including VAT"),
    "acm_maximum.fixed_total_incl": mark("Highest fixed charges in each of those years, including VAT"),
    "acm_maximum.price_cap_2023_gj_incl": mark("Price cap per GJ in 2023, including VAT"),
    # heat tariff
    "tariff.regime": mark("Rule by which the tariff is set"),
    "tariff.fixed_per_connection": mark("Fixed charge"),
    "tariff.per_gj": mark("Variable tariff"),
    "tariff.per_kw": mark("Charge for the size of a large connection"),
    "tariff.bad_debt_share": mark("Part of the bills that stays unpaid"),
    # kinds of connection
    "segment.name": mark("Name"),
    "segment.count": mark("Connections"),
    "segment.gas_m3": mark("Gas use now, cooking included"),
    "segment.cooks_on_gas": mark("Cooks on gas now"),
    "segment.useful_gj_per_m3": mark("Useful heat from gas"),
    "segment.payer": mark("Who pays the bill"),
    "segment.kw": mark("Size of the connection"),
    "segment.pays_vat": mark("Pays VAT"),
    "segment.sigma_log": mark("Spread of gas use between households"),
    "segment.now_fixed_incl": mark("Fixed costs now, including VAT"),
    # making heat
    "production.network_loss_share": mark("Heat lost on the way"),
    "production.scop_heat_pump": mark("Heat per unit of electricity, heat pump (SCOP)"),
    "production.peak_share": mark("Part of the heat that comes from the electric boiler"),
    "production.peak_efficiency": mark("Efficiency of the electric boiler"),
    "production.aux_share": mark("Electricity for pumps and source, per unit of heat"),
    # electricity
    "electricity.meters": mark("Electricity meters"),
    "electricity.commodity_per_mwh": mark("Price of the energy"),
    "electricity.grid_per_mwh": mark("Grid charge for use"),
    "electricity.grid_fixed_per_meter": mark("Fixed grid charge per meter"),
    "electricity.tax_bracket_upper_kwh": mark("Energy tax: upper ends of the brackets"),
    "electricity.tax_bracket_eur_per_kwh": mark("Energy tax: rate in each bracket"),
    # management and fixed costs
    "opex.management_and_billing": mark("Management and billing"),
    "opex.insurance_share_of_capex": mark("Insurance, as part of the price of the works"),
    "opex.waterboard_fee_capital": mark("Water board: its investment paid back"),
    "opex.waterboard_fee_om": mark("Water board: upkeep"),
    "opex.fixed_cost_share_2026": mark("Part of the fixed costs due in 2026"),
    "opex.fixed_cost_share_2027": mark("Part of the fixed costs due in 2027"),
    # money during construction
    "liquidity.phases": mark("Parts in which the pre-financing is paid"),
    "liquidity.tranche_amount": mark("Amount of a tranche"),
    "liquidity.work_months": mark("Work that a tranche pays for"),
    "liquidity.gap_months": mark("Waiting for the next tranche"),
    "liquidity.standing_cost_per_month": mark("Costs that go on while work stands still"),
    "liquidity.remobilisation_per_stall": mark("Costs of starting again after a stop"),
    "liquidity.construction_inflation": mark("Price rise of work not yet done"),
    "liquidity.milestone_check_months": mark("Milestones: waiting for a check"),
    "liquidity.milestone_cost_margin": mark("Milestones: tolerance margin for cost"),
    "liquidity.milestone_time_margin": mark("Milestones: tolerance margin for time"),
    "liquidity.bridge_limit": mark("Bridge loan: limit"),
    "liquidity.bridge_rate": mark("Bridge loan: interest"),
    "liquidity.vat_return": mark("How often VAT is reclaimed"),
    "liquidity.renegotiation_months": mark("Milestones: stop after a check that failed"),
    "liquidity.capex_active_months": mark("Months of construction"),
    "liquidity.subsidy_months": mark("Months in which subsidies come in"),
    "liquidity.uncertain.work_months": mark("Chance: work that a tranche pays for"),
    "liquidity.uncertain.gap_months": mark("Chance: waiting for the next tranche"),
    "liquidity.uncertain.cost_factor": mark("Chance: cost of a part beside its budget"),
    # what may turn out differently
    "monte_carlo.seed": mark("Start number of the chance draws"),
    "monte_carlo.n": mark("Number of chance draws"),
    "monte_carlo.capex_factor": mark("Cost of the works"),
    "monte_carlo.delay_months": mark("Delay of the connections"),
    "monte_carlo.uptake": mark("Part of the planned connections that joins"),
    "monte_carlo.demand_factor": mark("Heat demand"),
    "monte_carlo.scop": mark("Heat per unit of electricity, heat pump (SCOP)"),
    "monte_carlo.elec_factor": mark("Price of electricity"),
    "monte_carlo.opex_factor": mark("Upkeep and management"),
    "monte_carlo.rate_shift": mark("Shift of the loan's interest"),
    "monte_carlo.correlation": mark("Which of these move together"),
    # offers of lenders
    "offer.name": mark("Name"),
    "offer.rate": mark("Interest"),
    "offer.repayment_years": mark("Term of repayment"),
    "offer.profile": mark("Way of repaying"),
    "offer.upfront_fee_share": mark("Upfront fee"),
    "offer.guarantee_premium": mark("Premium for a guarantee"),
    # stress test
    "stress.capex_factor": mark("Cost of the works"),
    "stress.demand_factor": mark("Heat demand"),
    "stress.elec_factor": mark("Price of electricity"),
    "stress.opex_factor": mark("Upkeep and management"),
    "stress.tariff_scale": mark("Heat tariff"),
    "stress.delay_months": mark("Delay of the connections"),
    "stress.rate_shift": mark("Shift of the loan's interest"),
}
"""A label for every value of a case."""

UNITS: Mapping[str, str] = {
    "": "",
    "EUR": "€",
    "EUR/year": mark("€ per year"),
    "EUR/month": mark("€ per month"),
    "EUR/GJ": mark("€ per GJ"),
    "EUR/kW/year": mark("€ per kW per year"),
    "EUR/kWh": mark("€ per kWh"),
    "EUR/MWh": mark("€ per MWh"),
    "EUR/m3": mark("€ per m³"),
    "share": mark("share of 1"),
    "share/year": mark("share of 1 per year"),
    "factor": mark("factor"),
    "ratio": mark("ratio"),
    "count": mark("count"),
    "year": mark("calendar year"),
    "years": mark("years"),
    "month": mark("calendar month"),
    "months": mark("months"),
    "m3": "m³",
    "GJ": "GJ",
    "GJ/m3": mark("GJ per m³"),
    "MJ/m3": mark("MJ per m³"),
    "kW": "kW",
    "kWh": "kWh",
    "MWh": "MWh",
}
"""The words for each code of a unit."""

CHOICES: Mapping[str, str] = {
    "true": mark("yes"),
    "false": mark("no"),
    # ways of repaying a loan
    "annuity": mark("annuity"),
    "linear": mark("equal repayments"),
    "bullet": mark("all at the end"),
    "sculpted": mark("in step with what comes in"),
    # rules for a tariff
    "acm_nmda": mark("not more than otherwise, the national maximum"),
    "cost_based": mark("what heat costs"),
    "contract_nmdn": mark("Niet Meer Dan Nu, as in the contract"),
    # who pays the bill
    "tenant": mark("tenant"),
    "owner": mark("owner"),
    # the rest
    "with_connections": mark("as connections are made"),
    "straight_line": mark("in equal parts, year by year"),
    "quarter": mark("every quarter"),
    "month": mark("every month"),
}
"""The words for each value that is chosen from a few."""

_SPEAK_FOR_THEMSELVES = frozenset({"year", "month", "count", "ratio", "factor"})
"""Units that need no word beside the value: nobody writes "2028 calendar year"."""

_ITEMS: Mapping[str, Mapping[str, str]] = {
    "capex.asset": ASSETS,
    "segment": SEGMENTS,
    "offer": OFFERS,
    "funding.subsidies": SUBSIDIES,
}
"""Where a case holds things with a name of their own, and the words for the names we know."""


def group_title(group: str) -> str:
    """The title of a top-level table of a case; an unknown one is shown as it is written."""
    return name_of(GROUPS, group)


def label_of(key_path: str) -> str:
    """What the value behind a key path is, in words: "Heat pump stations: life"; an unknown path is shown as it is."""
    if key_path in FIELDS:
        return gettext(FIELDS[key_path])
    for place, words in _ITEMS.items():
        if key_path.startswith(f"{place}."):
            item, _dot, field = key_path[len(place) + 1 :].partition(".")
            label = FIELDS.get(f"{place}.{field}" if field else place)
            if label is not None:
                return gettext("%(item)s: %(label)s", item=name_of(words, item), label=_inside(gettext(label)))
    return key_path


def unit_words(unit: str) -> str:
    """What a reader calls a unit: "EUR/GJ" is "€ per GJ"; an unknown code is shown as it is."""
    return gettext(UNITS[unit]) if unit in UNITS else unit


def choice_words(written: str) -> str:
    """What a reader calls a value that is chosen from a few; other text is shown as it was written."""
    return gettext(CHOICES[written]) if written in CHOICES else written


def value_words(written: str, unit: str) -> tuple[str, str]:
    """A written value and what stands behind it on a page: ("€ 320", "per year"), ("3%", ""), ("annuity", "").

    A plain number is put in the reader's format; a list, a table or other text stays as it was written.
    """
    text = written.strip('"')
    behind = "" if unit in _SPEAK_FOR_THEMSELVES else unit_words(unit)
    value = _plain_number(text)
    if value is None or unit in ("", "year"):
        return choice_words(text), behind
    if unit in ("share", "share/year"):
        return percent(value, _decimals(value * 100)), "" if unit == "share" else gettext("per year")
    if behind.startswith("€"):
        decimals = _decimals(value)
        return euros(value, max(2, decimals) if decimals else 0), behind.removeprefix("€").strip()
    return number(value, _decimals(value)), behind


def _plain_number(text: str) -> Decimal | None:
    try:
        value = Decimal(text.replace("_", ""))
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def _decimals(value: Decimal) -> int:
    return max(0, -int(value.normalize().as_tuple().exponent))


def _inside(label: str) -> str:
    """A label with a small first letter, for after a colon; an abbreviation such as VAT keeps its capitals."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]
