"""The year engine: cash, loan, tax and reserve, year after year, for all scenarios at once.

Inside a year the order is fixed, so that nothing is circular: interest on cash, tax, draw, interest and repayment,
reserve, close. Cash below the minimum is reported and never financed silently.
"""

import dataclasses
from dataclasses import dataclass, field

import numpy as np

from ecoop.finance import debt
from ecoop.finance.choices import LoanProfile
from ecoop.finance.demand import Amount
from ecoop.finance.indices import Floats
from ecoop.finance.operation import Drivers, Ledger, Operation, Plan
from ecoop.finance.tax import corporate_tax

CASH_SERIES = (
    "tax_eur", "capex_eur", "subsidy_eur", "draw_eur", "interest_eur", "principal_eur", "debt_service_eur",
    "replacement_eur", "reserve_eur", "reserve_contribution_eur", "loan_balance_eur", "cash_eur",
    "cash_interest_eur", "upfront_fee_eur", "depreciation_eur", "cfads_eur", "dscr", "dscr_after_reserve",
)  # fmt: skip
RESERVE_SERIES = {"reserve_eur", "reserve_contribution_eur", "dscr_after_reserve"}
ALIKE_EUR = 1e-6
ALIKE_RATIO = 1e-9
SCULPTING_ROUNDS = 200
SCULPTING_TOLERANCE = 1e-14
SCULPTING_ROUNDING = 1e-9


@dataclass(slots=True, kw_only=True)
class Position:
    """Where every scenario stands at the end of a year, each of shape (scenarios,)."""

    cash: Floats
    balance: Floats
    losses: Floats
    reserve: Floats

    def copy(self) -> "Position":
        """A position to walk on from, leaving this one as it is."""
        return Position(
            cash=self.cash.copy(), balance=self.balance.copy(), losses=self.losses.copy(), reserve=self.reserve.copy()
        )


class Lowest:
    """The lowest value so far of every scenario, and when; shape (scenarios,)."""

    def __init__(self, count: int, alike: float) -> None:
        self.value = np.full(count, np.inf)
        self.year = np.zeros(count, dtype=np.int64)
        self._alike = alike
        self._mark = self.value

    def see(self, year: int, value: Floats) -> None:
        """Take note of a value; of values that are alike up to rounding the first year counts."""
        lower = value < self._mark
        if lower.any():
            np.copyto(self.year, year, where=lower)
            self._mark = np.minimum(self.value, value) - self._alike
        np.minimum(self.value, value, out=self.value)

    def then(self, later: "Lowest") -> "Lowest":
        """The lowest of both, `later` having seen the later years."""
        both = Lowest(len(self.value), self._alike)
        both.value = np.minimum(self.value, later.value)
        both.year = np.where(later.value < self.value - self._alike, later.year, self.year)
        return both


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the year engine found for each scenario: the loan and the lowest points."""

    cash_in_construction: Lowest
    """Lowest year-end cash before the first repayment year [EUR]."""
    cash_later: Lowest
    """Lowest year-end cash from the first repayment year on [EUR]."""
    dscr: Lowest
    """Lowest cover ratio [-]; infinite without debt service."""
    start_balance_eur: Floats
    capitalised_interest_eur: Floats
    payment_eur: Floats
    """What an annuity of this balance would pay [EUR/year]; for an annuity, what is paid."""
    sculpting_ratio: Floats
    """The one cover ratio of a sculpted loan; infinite for other profiles and where nothing can be sculpted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """What every step of one run needs."""

    plan: Plan
    drivers: Drivers
    operation: Operation
    rate: Floats
    capex: Floats
    with_reserve: bool
    in_construction: Lowest
    later: Lowest
    cover: Lowest


def loan_rate(plan: Plan, drivers: Drivers) -> Floats:
    """Yearly interest [share/year]: rate + guarantee premium + shift."""
    loan = plan.inputs.funding.loan
    return np.asarray(loan.rate + loan.guarantee_premium + drivers.rate_shift)


def run_years(plan: Plan, drivers: Drivers, operation: Operation, ledger: Ledger) -> Outcome:
    """Walk through all years.

    Parameters
    ----------
    plan, drivers, operation
        The case, the scenarios, and the running business of these scenarios.
    ledger : Ledger
        Where rows out of `CASH_SERIES` are written as far as they are wanted.

    Returns
    -------
    Outcome
        A cover ratio is infinite in a year (or case) without debt service.
    """
    count = len(drivers.uptake)
    cash = plan.inputs.cash
    position = Position(
        cash=np.full(count, cash.opening), balance=np.zeros(count), losses=np.zeros(count), reserve=np.zeros(count)
    )
    run = _Run(
        plan=plan, drivers=drivers, operation=operation, rate=loan_rate(plan, drivers),
        capex=plan.capital.assets_eur(drivers.uptake) * drivers.capex_factor,
        with_reserve=not RESERVE_SERIES.isdisjoint(ledger.series),
        in_construction=Lowest(count, ALIKE_EUR), later=Lowest(count, ALIKE_EUR), cover=Lowest(count, ALIKE_RATIO),
    )  # fmt: skip
    interest = _construct(run, position, ledger)
    start_balance = position.balance.copy()
    per_asset = _basis_per_asset(run, interest)
    loan = _Repayment(
        profile=plan.inputs.funding.loan.profile, payments=plan.inputs.funding.loan.repayment_years,
        start=start_balance, rate=run.rate, part=np.zeros(count),
    )  # fmt: skip
    if loan.profile == LoanProfile.SCULPTED:
        _sculpt(run, loan, position, per_asset)
    _repay(run, loan, position, per_asset, ledger)
    capitalised = interest if plan.inputs.funding.loan.capitalise_interest else np.zeros(count)
    return Outcome(
        cash_in_construction=run.in_construction, cash_later=run.later, dscr=run.cover, start_balance_eur=start_balance,
        capitalised_interest_eur=capitalised, payment_eur=loan.level_payment, sculpting_ratio=loan.ratio(),
    )  # fmt: skip


def _construct(run: _Run, position: Position, ledger: Ledger) -> Floats:
    """Walk through the years before repayment; return the loan interest of these years [EUR]."""
    inputs, capital = run.plan.inputs, run.plan.capital
    loan, minimum = inputs.funding.loan, inputs.cash.minimum
    total_interest = np.zeros_like(position.cash)
    for year in range(run.plan.first_repayment):
        calendar = int(run.plan.years[year])
        earned = inputs.cash.interest_on_positive * np.maximum(position.cash, 0.0)
        ebitda = run.operation.ebitda_eur[year]
        tax, position.losses = corporate_tax(ebitda + earned, position.losses, inputs.tax)
        fee = loan.upfront_fee_share * loan.limit if calendar == loan.availability_years[0] else 0.0
        capex = capital.capex_share[year] * run.capex
        inflow = capital.subsidy_eur[year] + run.operation.connection_fees_eur[year]
        before = position.cash + (ebitda + earned - tax - capex + inflow - fee)
        draw = interest = paid = np.zeros_like(before)
        if calendar in loan.availability_years:
            draw, interest, paid = _draw(run, minimum - before, position, loan.availability_years[-1] - calendar)
        position.balance += draw + interest - paid
        position.cash = before + draw - paid
        total_interest += interest
        run.in_construction.see(year, position.cash)
        ledger.enter(
            year, tax_eur=tax, capex_eur=capex, subsidy_eur=capital.subsidy_eur[year], draw_eur=draw,
            interest_eur=interest, debt_service_eur=paid, loan_balance_eur=position.balance,
            cash_eur=position.cash, cash_interest_eur=earned, upfront_fee_eur=fee, cfads_eur=ebitda - tax,
        )  # fmt: skip
    return total_interest


def _draw(run: _Run, need: Floats, position: Position, years_left: int) -> tuple[Floats, Floats, Floats]:
    """Draw, interest and the part of that interest which is paid in cash [EUR]."""
    loan = run.plan.inputs.funding.loan
    if loan.capitalise_interest:
        draw, interest = debt.draw_with_capitalised_interest(need, position.balance, run.rate, loan.limit, years_left)
        return draw, interest, np.zeros_like(draw)
    draw, interest = debt.draw_with_paid_interest(need, position.balance, run.rate, loan.limit)
    return draw, interest, interest


def _basis_per_asset(run: _Run, interest: Floats) -> Floats:
    """Depreciable basis per euro of assets [-], shape (scenarios,).

    Capex, interest and upfront fee of construction, less grants and all connection fees; never below zero.
    """
    loan, capital = run.plan.inputs.funding.loan, run.plan.capital
    basis = run.capex * capital.capex_share.sum() + interest + loan.upfront_fee_share * loan.limit
    basis -= capital.subsidy_eur.sum() + sum(run.operation.connection_fees_eur)
    assets = capital.assets_eur(run.drivers.uptake)
    per_euro: Floats = np.zeros(len(basis))
    np.divide(np.maximum(basis, 0.0), assets, out=per_euro, where=assets > debt.NOTHING_EUR)
    return per_euro


@dataclass(slots=True, kw_only=True)
class _Repayment:
    """The terms of repayment; `part` is the part of its cash flow that a sculpted loan pays, 1 / x."""

    profile: LoanProfile
    payments: int
    start: Floats
    rate: Floats
    part: Floats
    level_payment: Floats = field(init=False)

    def __post_init__(self) -> None:
        """Work out the level payment of an annuity, which the other profiles report too for comparison."""
        self.level_payment = debt.annuity(self.start, self.rate, self.payments)

    def ratio(self) -> Floats:
        """The one cover ratio of a sculpted loan [-], infinite where it pays nothing."""
        return np.divide(1.0, self.part, out=np.full_like(self.part, np.inf), where=self.part > debt.NOTHING_EUR)

    def service(self, number: int, balance: Floats, interest: Floats, cfads: Floats) -> Floats:
        """Debt service of payment `number` (1 is the first) [EUR]; the last payment closes the loan."""
        if number > self.payments:
            return np.zeros_like(balance)
        if number == self.payments:
            return self._last(interest + balance, cfads)
        match self.profile:
            case LoanProfile.ANNUITY:
                return self.level_payment
            case LoanProfile.LINEAR:
                return np.asarray(self.start / self.payments + interest)
            case LoanProfile.BULLET:
                return interest
            case _:
                return np.asarray(np.maximum(cfads, 0.0) * self.part)

    def _last(self, owed: Floats, cfads: Floats) -> Floats:
        """The last payment: all that is owed. Where sculpting asks nothing, what rounding left of it is no debt."""
        if self.profile != LoanProfile.SCULPTED:
            return owed
        rounding = (cfads <= 0.0) & (self.part > 0.0) & (np.abs(owed) <= SCULPTING_ROUNDING * self.start)
        return np.where(rounding, 0.0, owed)


class _WriteOff:
    """Depreciation year after year; most years are alike, so the last one is remembered."""

    def __init__(self, run: _Run, per_asset: Floats) -> None:
        self._run, self._per_asset = run, per_asset
        self._key: tuple[float, ...] = ()
        self._row = np.zeros_like(per_asset)

    def at(self, year: int) -> Floats:
        """Depreciation of one year (by position) [EUR]."""
        works, again = self._run.plan.capital.write_off, self._run.plan.capital.replacement_write_off
        paths = (works.fixed, works.per_uptake, again.fixed, again.per_uptake)
        key = tuple(float(path[year]) for path in paths)
        if key != self._key:
            uptake = self._run.drivers.uptake
            self._row = self._per_asset * works.at(year, uptake) + again.at(year, uptake)
            self._key = key
        return self._row


def _repay(run: _Run, loan: _Repayment, position: Position, per_asset: Floats, ledger: Ledger) -> None:
    """Walk through the repayment years and those after them."""
    inputs, capital, operation = run.plan.inputs, run.plan.capital, run.operation
    uptake, write_off = run.drivers.uptake, _WriteOff(run, per_asset)
    for year in range(run.plan.first_repayment, len(run.plan.years)):
        number = year - run.plan.first_repayment + 1
        earned = np.maximum(position.cash, 0.0)
        earned *= inputs.cash.interest_on_positive
        interest = run.rate * position.balance
        depreciation = write_off.at(year)
        profit = operation.ebitda_eur[year] + earned
        profit -= interest
        profit -= depreciation
        tax, position.losses = corporate_tax(profit, position.losses, inputs.tax)
        cfads = operation.ebitda_eur[year] - tax
        service = loan.service(number, position.balance, interest, cfads)
        principal = service - interest
        position.balance = position.balance - principal if number < loan.payments else np.zeros_like(principal)
        cash = position.cash + cfads
        cash += earned
        cash -= service
        inflow = capital.subsidy_eur[year] + operation.connection_fees_eur[year]
        if not isinstance(inflow, float) or inflow:
            cash += inflow
        if capital.capex_share[year]:
            cash -= capital.capex_share[year] * run.capex
        replacement = capital.replacement.at(year, uptake)
        dscr = debt.cover(cfads, service)
        if run.with_reserve:
            _save(run, position, cash, replacement, year, cfads=cfads, service=service, ledger=ledger)
        cash -= replacement
        position.cash = cash
        run.later.see(year, cash)
        run.cover.see(year, dscr)
        ledger.enter(
            year, tax_eur=tax, capex_eur=capital.capex_share[year] * run.capex, subsidy_eur=capital.subsidy_eur[year],
            interest_eur=interest, principal_eur=principal, debt_service_eur=service, replacement_eur=replacement,
            loan_balance_eur=position.balance, cash_eur=cash, cash_interest_eur=earned,
            depreciation_eur=depreciation, cfads_eur=cfads, dscr=dscr,
        )  # fmt: skip


def _save(
    run: _Run, position: Position, cash: Floats, replacement: Amount, year: int,
    *, cfads: Floats, service: Floats, ledger: Ledger,
) -> None:  # fmt: skip
    """Set money aside for replacements, inside cash and only as far as cash above the minimum allows."""
    asked = run.plan.capital.reserve_plan.at(year, run.drivers.uptake)
    free = cash - position.reserve - run.plan.inputs.cash.minimum
    contribution = np.maximum(np.minimum(asked, free), 0.0)
    position.reserve = np.maximum(position.reserve + contribution - replacement, 0.0)
    ledger.enter(
        year, reserve_eur=position.reserve, reserve_contribution_eur=contribution,
        dscr_after_reserve=debt.cover(cfads - contribution, service),
    )  # fmt: skip


def _sculpt(run: _Run, loan: _Repayment, position: Position, per_asset: Floats) -> None:
    """Find the one cover ratio with which a sculpted loan closes at zero in its last year.

    Debt service is CFADS / x, and discounted debt service must equal the starting balance, so x is discounted
    CFADS / balance. CFADS itself depends a little on x, through interest and tax: repeating this settles quickly.
    """
    begin, count = run.plan.first_repayment, len(position.cash)
    discount = (1.0 + run.rate) ** -np.arange(1.0, loan.payments + 1.0)[:, np.newaxis]
    trial = dataclasses.replace(
        run, with_reserve=False, later=Lowest(count, ALIKE_EUR), cover=Lowest(count, ALIKE_RATIO)
    )
    for _ in range(SCULPTING_ROUNDS):
        ledger = Ledger(wanted=("cfads_eur",), shape=(len(run.plan.years), count))
        _repay(trial, loan, position.copy(), per_asset, ledger)
        available = np.maximum(ledger.series["cfads_eur"][begin : begin + loan.payments], 0.0)
        worth = np.sum(available * discount, axis=0)
        part = np.divide(loan.start, worth, out=np.zeros(count), where=worth > debt.NOTHING_EUR)
        settled = np.all(np.abs(part - loan.part) <= SCULPTING_TOLERANCE * part)
        loan.part = part
        if settled:
            break
