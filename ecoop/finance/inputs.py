"""Everything a case holds, validated: one frozen data class per table, unit and range declared with each field.

Amounts are EUR, nominal unless the docstring says "price level of the base year"; excluding VAT unless the name
holds `_incl`. Years are calendar years. `reading.read_case` is the way to make a `CaseInputs`.
"""

# ruff: noqa: RUF009 - the calls in the class bodies declare fields, they are no shared defaults

from dataclasses import dataclass

from ecoop.finance.choices import NO_GRANTS, LoanProfile, Payer, TariffRegime
from ecoop.finance.schema import (
    Anchors,
    ByYear,
    Chance,
    Correlations,
    Flag,
    MonthsByYear,
    Name,
    NamedAmounts,
    Number,
    Numbers,
    Table,
    Tables,
    Text,
    YearMonth,
    amount,
    declared,
    growth,
    positive,
    share,
    whole,
)
from ecoop.units import Unit

SCHEMA = "heatcoop-case/1"
"""The one form of case file this version reads."""

YEAR = Number(unit=Unit.YEAR, low=1900, high=2300, whole=True)
SHARE = Number(unit=Unit.SHARE, high=1.0)
RATE_OF_INTEREST = Number(unit=Unit.SHARE_PER_YEAR, low=-0.5, high=1.0)
"""Rates that may fall below zero: over the longest horizon a rate near -100 % makes numbers no float can hold."""
LOWEST_EFFICIENCY = 0.01
"""Below this the electricity that heat asks has no bounds."""

ByYearNumbers = tuple[tuple[int, float], ...]
YearAndMonth = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Time:
    """The horizon and its milestones."""

    first_year: int = declared(YEAR)
    last_year: int = declared(YEAR)
    price_base_year: int = declared(YEAR)
    construction_start: YearAndMonth = declared(YearMonth())
    last_connection: YearAndMonth = declared(YearMonth())
    first_heat: YearAndMonth = declared(YearMonth())
    first_repayment_year: int = declared(YEAR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """Yearly growth per stream, from the second year on: one number or one number per year."""

    cpi: float | ByYearNumbers = growth()
    heat_tariff: float | ByYearNumbers = growth()
    wages: float | ByYearNumbers = growth()
    maintenance: float | ByYearNumbers = growth()
    reinvestment: float | ByYearNumbers = growth()
    elec_commodity: float | ByYearNumbers = growth()
    elec_grid: float | ByYearNumbers = growth()
    elec_tax: float | ByYearNumbers = growth()
    gas_commodity: float | ByYearNumbers = growth()
    gas_grid: float | ByYearNumbers = growth()
    gas_tax: float | ByYearNumbers = growth()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tax:
    """VAT and corporate tax (vennootschapsbelasting) with its rules for losses and member profit."""

    vat: float = share()
    vpb_low_rate: float = share()
    vpb_low_limit: float = amount()
    vpb_high_rate: float = share()
    loss_offset_free: float = amount()
    loss_offset_share_above: float = share()
    member_profit_deduction_share: float = share()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """One part of the works; `per_connection` assets scale with uptake."""

    name: str = declared(Name())
    per_connection: bool = declared(Flag(), default=False)
    amount: float = amount()
    life_years: int = whole(Unit.YEARS, high=200)
    om_share: float = share()
    replace_share: float = share()


@dataclass(frozen=True, slots=True, kw_only=True)
class Capex:
    """Nominal contract sums and when they are paid."""

    total: float = amount()
    teo_by_waterboard: float = amount()
    yearly_share: ByYearNumbers = declared(ByYear(item=SHARE, sums_to_one=True))
    asset: tuple[Asset, ...] = declared(Tables(shape=Asset))


@dataclass(frozen=True, slots=True, kw_only=True)
class Subsidies:
    """Grants by name, and the share of their total received each year."""

    grants: tuple[tuple[str, float], ...] = declared(NamedAmounts(item=Number(unit=Unit.EUR), reserved=NO_GRANTS))
    yearly_share: ByYearNumbers = declared(ByYear(item=SHARE, sums_to_one=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionFees:
    """Connection fees and bought-off boiler costs, received as connections are made."""

    total: float = amount()
    timing: str = declared(Text(choices=("with_connections",)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Loan:
    """The loan facility: `limit` is the most the balance may ever be, capitalised interest included."""

    limit: float = amount()
    rate: float = share()
    repayment_years: int = whole(Unit.YEARS, high=200)
    profile: LoanProfile = declared(Text(choices=tuple(LoanProfile)))
    availability_years: tuple[int, ...] = declared(Numbers(item=YEAR, increasing=True))
    capitalise_interest: bool = declared(Flag())
    upfront_fee_share: float = share()
    guarantee_premium: float = share(default=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Funding:
    """Where the money for construction comes from."""

    subsidies: Subsidies = declared(Table(shape=Subsidies))
    connection_fees: ConnectionFees = declared(Table(shape=ConnectionFees))
    loan: Loan = declared(Table(shape=Loan))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cash:
    """Cash at the start, the least to keep, and the interest it earns."""

    opening: float = amount()
    minimum: float = amount()
    interest_on_positive: float = share()


@dataclass(frozen=True, slots=True, kw_only=True)
class Appraisal:
    """The rate by which later money is compared with earlier money."""

    discount_rate: float = declared(RATE_OF_INTEREST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Covenants:
    """What the lender asks besides repayment."""

    min_dscr: float = amount(Unit.RATIO)
    reserve_mode: str = declared(Text(choices=("straight_line",)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Connections:
    """How the share of connected customers grows, and how heat demand is spread over the months."""

    anchors: tuple[tuple[YearAndMonth, float], ...] = declared(Anchors())
    uptake: float = share()
    heat_weight_month: tuple[float, ...] = declared(Numbers(item=SHARE, length=12, sums_to_one=True))
    demand_trend: float = declared(Number(unit=Unit.SHARE_PER_YEAR, low=-1.0, high=1.0, open_low=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceGas:
    """What customers pay now, with gas; year by year, including VAT."""

    years: tuple[int, ...] = declared(Numbers(item=YEAR, increasing=True))
    variable_price_incl: tuple[float, ...] = declared(Numbers(item=Number(unit=Unit.EUR_PER_M3)))
    fixed_per_year_incl: tuple[float, ...] = declared(Numbers(item=Number(unit=Unit.EUR_PER_YEAR)))
    fixed_grid_incl_2025: float = amount(Unit.EUR_PER_YEAR)
    fixed_supplier_incl_2025: float = amount(Unit.EUR_PER_YEAR)
    energy_tax_m3_2025: float = amount(Unit.EUR_PER_M3)
    cooking_m3: float = amount(Unit.M3)
    cooking_elec_kwh: float = amount(Unit.KWH)
    household_elec_price_incl: float = amount(Unit.EUR_PER_KWH)
    lhv_mj_per_m3: float = positive(Unit.MJ_PER_M3)
    hhv_mj_per_m3: float = positive(Unit.MJ_PER_M3)
    acm_useful_gj_per_m3: float = positive(Unit.GJ_PER_M3)
    boiler_maintenance_per_year_incl: float = amount(Unit.EUR_PER_YEAR)
    boiler_replacement_incl: float = amount()
    boiler_life_years: int = whole(Unit.YEARS, high=200)


@dataclass(frozen=True, slots=True, kw_only=True)
class AcmMaximum:
    """The maxima for small users by year, including VAT; 0 means not collected."""

    year: tuple[int, ...] = declared(Numbers(item=YEAR, increasing=True))
    eur_per_gj_incl: tuple[float, ...] = declared(Numbers(item=Number(unit=Unit.EUR_PER_GJ)))
    fixed_total_incl: tuple[float, ...] = declared(Numbers(item=Number(unit=Unit.EUR_PER_YEAR)))
    price_cap_2023_gj_incl: float = amount(Unit.EUR_PER_GJ)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """The tariff in the price level of the base year; `per_kw` is for those who pay no fixed charge."""

    regime: TariffRegime = declared(Text(choices=tuple(TariffRegime)), default=TariffRegime.CONTRACT_NMDN)
    fixed_per_connection: float = amount(Unit.EUR_PER_YEAR)
    per_gj: float = amount(Unit.EUR_PER_GJ)
    per_kw: float = amount(Unit.EUR_PER_KW_YEAR)
    bad_debt_share: float = share()


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Customers that are alike: how many, how much gas now (cooking included), who pays."""

    name: str = declared(Name())
    count: int = whole(Unit.COUNT, low=0, high=100_000)
    gas_m3: float = amount(Unit.M3)
    cooks_on_gas: bool = declared(Flag())
    useful_gj_per_m3: float = positive(Unit.GJ_PER_M3)
    payer: Payer = declared(Text(choices=tuple(Payer)))
    kw: float = amount(Unit.KW)
    pays_vat: bool = declared(Flag())
    sigma_log: float = declared(Number(unit=Unit.FACTOR, high=3.0))
    now_fixed_incl: float | None = amount(Unit.EUR_PER_YEAR, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Production:
    """How heat is made and how much is lost on the way."""

    network_loss_share: float = share(open_high=True)
    scop_heat_pump: float = declared(Number(unit=Unit.RATIO, low=LOWEST_EFFICIENCY, high=100.0))
    peak_share: float = share()
    peak_efficiency: float = declared(Number(unit=Unit.RATIO, low=LOWEST_EFFICIENCY, high=1.0))
    aux_share: float = share()


@dataclass(frozen=True, slots=True, kw_only=True)
class Electricity:
    """What electricity costs, in the price level of the base year."""

    meters: int = whole(Unit.COUNT, high=100_000)
    commodity_per_mwh: float = amount(Unit.EUR_PER_MWH)
    grid_per_mwh: float = amount(Unit.EUR_PER_MWH)
    grid_fixed_per_meter: float = amount(Unit.EUR_PER_YEAR)
    tax_bracket_upper_kwh: tuple[float, ...] = declared(
        Numbers(item=Number(unit=Unit.KWH, open_low=True), increasing=True)
    )
    tax_bracket_eur_per_kwh: tuple[float, ...] = declared(Numbers(item=Number(unit=Unit.EUR_PER_KWH)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Opex:
    """Yearly costs besides electricity, in the price level of the base year."""

    management_and_billing: float = amount(Unit.EUR_PER_YEAR)
    insurance_share_of_capex: float = share()
    waterboard_fee_capital: float = amount(Unit.EUR_PER_YEAR)
    waterboard_fee_om: float = amount(Unit.EUR_PER_YEAR)
    fixed_cost_share_2026: float = share()
    fixed_cost_share_2027: float = share()


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """The chance of a value: `dist` names the family, `parameters` its numbers by name."""

    dist: str
    parameters: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncertain:
    """What is uncertain when the two ways of paying out a phased facility are compared."""

    work_months: Distribution = declared(Chance(unit=Unit.MONTHS))
    gap_months: Distribution = declared(Chance(unit=Unit.MONTHS))
    cost_factor: Distribution = declared(Chance(unit=Unit.FACTOR))


@dataclass(frozen=True, slots=True, kw_only=True)
class Liquidity:
    """Money by the month during construction: phases, stalls, bridge loan and VAT."""

    phases: int = whole(Unit.COUNT, high=1000)
    tranche_amount: float = amount()
    work_months: float = positive(Unit.MONTHS, high=1200)
    gap_months: float = amount(Unit.MONTHS)
    standing_cost_per_month: float = amount(Unit.EUR_PER_MONTH)
    remobilisation_per_stall: float = amount()
    construction_inflation: float = declared(Number(unit=Unit.SHARE_PER_YEAR, low=-1.0, high=1.0, open_low=True))
    milestone_check_months: float = amount(Unit.MONTHS)
    milestone_cost_margin: float = share()
    milestone_time_margin: float = share()
    bridge_limit: float = amount()
    bridge_rate: float = share()
    vat_return: str = declared(Text(choices=("quarter", "month")))
    renegotiation_months: float = amount(Unit.MONTHS)
    capex_active_months: tuple[tuple[int, tuple[int, ...]], ...] = declared(MonthsByYear(span=True))
    subsidy_months: tuple[tuple[int, tuple[int, ...]], ...] = declared(MonthsByYear())
    uncertain: Uncertain | None = declared(Table(shape=Uncertain, optional=True), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class MonteCarlo:
    """Which inputs are uncertain and how."""

    seed: int = whole(Unit.NONE, low=0, high=2**63)
    n: int = whole(Unit.COUNT, high=2**24)
    capex_factor: Distribution = declared(Chance(unit=Unit.FACTOR))
    delay_months: Distribution = declared(Chance(unit=Unit.MONTHS))
    uptake: Distribution = declared(Chance(unit=Unit.SHARE))
    demand_factor: Distribution = declared(Chance(unit=Unit.FACTOR))
    scop: Distribution = declared(Chance(unit=Unit.RATIO))
    elec_factor: Distribution = declared(Chance(unit=Unit.FACTOR))
    opex_factor: Distribution = declared(Chance(unit=Unit.FACTOR))
    rate_shift: Distribution = declared(Chance(unit=Unit.SHARE_PER_YEAR))
    correlation: tuple[tuple[str, str, float], ...] = declared(Correlations(), default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a lender offers."""

    name: str = declared(Name())
    rate: float = share()
    repayment_years: int = whole(Unit.YEARS, high=200)
    profile: LoanProfile = declared(Text(choices=tuple(LoanProfile)))
    upfront_fee_share: float = share()
    guarantee_premium: float = share()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stress:
    """What to change for a stress test; without it nothing changes."""

    capex_factor: float = declared(Number(unit=Unit.FACTOR, high=1000.0), default=1.0)
    demand_factor: float = declared(Number(unit=Unit.FACTOR, high=1000.0), default=1.0)
    elec_factor: float = declared(Number(unit=Unit.FACTOR, high=1000.0), default=1.0)
    opex_factor: float = declared(Number(unit=Unit.FACTOR, high=1000.0), default=1.0)
    tariff_scale: float = declared(Number(unit=Unit.FACTOR, high=1000.0), default=1.0)
    delay_months: float = declared(Number(unit=Unit.MONTHS, high=1200.0), default=0.0)
    rate_shift: float = declared(RATE_OF_INTEREST, default=0.0)


NEUTRAL_STRESS = Stress()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseInputs:
    """A whole case, validated. Equal files give equal values, and values can be hashed."""

    schema: str = declared(Text(choices=(SCHEMA,)))
    name: str = declared(Text())
    time: Time = declared(Table(shape=Time))
    index: Index = declared(Table(shape=Index))
    tax: Tax = declared(Table(shape=Tax))
    capex: Capex = declared(Table(shape=Capex))
    funding: Funding = declared(Table(shape=Funding))
    cash: Cash = declared(Table(shape=Cash))
    appraisal: Appraisal = declared(Table(shape=Appraisal))
    covenants: Covenants = declared(Table(shape=Covenants))
    connections: Connections = declared(Table(shape=Connections))
    reference_gas: ReferenceGas = declared(Table(shape=ReferenceGas))
    acm_maximum: AcmMaximum = declared(Table(shape=AcmMaximum))
    tariff: Tariff = declared(Table(shape=Tariff))
    segment: tuple[Segment, ...] = declared(Tables(shape=Segment))
    production: Production = declared(Table(shape=Production))
    electricity: Electricity = declared(Table(shape=Electricity))
    opex: Opex = declared(Table(shape=Opex))
    liquidity: Liquidity = declared(Table(shape=Liquidity))
    monte_carlo: MonteCarlo = declared(Table(shape=MonteCarlo))
    offer: tuple[Offer, ...] = declared(Tables(shape=Offer, optional=True), default=())
    stress: Stress = declared(Table(shape=Stress, optional=True), default=NEUTRAL_STRESS)
