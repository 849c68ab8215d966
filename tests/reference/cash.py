"""Tax, loan, reserve and cash, year after year in the prescribed order."""

from .operations import asset_amount, replacements, stress_factor, total_assets, years_of

RECORDED = (
    "tax_eur",
    "draw_eur",
    "interest_eur",
    "principal_eur",
    "debt_service_eur",
    "replacement_eur",
    "reserve_eur",
    "loan_balance_eur",
    "cash_eur",
)


def loan_rate(case: dict) -> float:
    """The one rate used everywhere: rate, guarantee premium and rate stress together."""
    loan = case["funding"]["loan"]
    return loan["rate"] + loan.get("guarantee_premium", 0.0) + stress_factor(case, "rate_shift")


def tax_and_loss(case: dict, profit: float, loss: float) -> tuple[float, float]:
    """(corporate tax, losses left): offset in full up to a limit and in part above, then two brackets."""
    rules = case["tax"]
    if profit < 0:
        return 0.0, loss - profit
    free = rules["loss_offset_free"]
    allowed = min(profit, free) + rules["loss_offset_share_above"] * max(0.0, profit - free)
    used = min(loss, allowed)
    base = (profit - used) * (1 - rules["member_profit_deduction_share"])
    low = min(base, rules["vpb_low_limit"])
    return rules["vpb_low_rate"] * low + rules["vpb_high_rate"] * (base - low), loss - used


def depreciation(case: dict, basis: float, year: int) -> float:
    """Straight line: the net basis over the assets from the first repayment year, replacements a year later."""
    start = case["time"]["first_repayment_year"]
    total = 0.0
    for asset in case["capex"]["asset"]:
        life = asset["life_years"]
        if start <= year < start + life:
            total += max(0.0, basis) * asset_amount(case, asset) / total_assets(case) / life
    for bought, amount, life in replacements(case):
        if bought < year <= bought + life:
            total += amount / life
    return total


def reserve_plan(case: dict, year: int) -> float:
    """Equal parts for each replacement, over the years of its life that lie in the repayment period."""
    total = 0.0
    for due, amount, life in replacements(case):
        start = max(case["time"]["first_repayment_year"], due - life + 1)
        if start <= year <= due:
            total += amount / (due - start + 1)
    return total


def draw_and_interest(case: dict, need: float, balance: float, years_left: int) -> tuple[float, float]:
    """(draw, interest of the year) during availability: half a year of interest on what is drawn.

    Capitalised interest must never carry the balance over the limit, also not in the availability years
    still to come; interest paid in cash is itself part of what has to be drawn.
    """
    loan = case["funding"]["loan"]
    rate = loan_rate(case)
    if loan["capitalise_interest"]:
        room = (loan["limit"] / (1 + rate) ** years_left - balance * (1 + rate)) / (1 + rate / 2)
        draw = min(max(need, 0.0), max(0.0, room))
    else:
        wanted = (need + rate * balance) / (1 - rate / 2)
        draw = min(max(wanted, 0.0), loan["limit"] - balance)
    return draw, rate * (balance + draw / 2)


def annuity(balance: float, rate: float, payments: int) -> float:
    """Equal yearly payment that repays a balance with interest; without interest just equal parts."""
    if rate == 0:
        return balance / payments
    return balance * rate / (1 - (1 + rate) ** -payments)


def debt_service(case: dict, start_balance: float, state: dict, cfads: float, cover: float) -> float:
    """Payment of a repayment year under the profile; sculpted is the positive CFADS over the cover."""
    loan = case["funding"]["loan"]
    payments = loan["repayment_years"]
    interest = loan_rate(case) * state["balance"]
    if state["payments_made"] == payments or start_balance == 0:
        return 0.0
    if loan["profile"] == "annuity":
        return annuity(start_balance, loan_rate(case), payments)
    if loan["profile"] == "linear":
        return interest + start_balance / payments
    if loan["profile"] == "bullet":
        last = state["payments_made"] == payments - 1
        return interest + (start_balance if last else 0.0)
    if loan["profile"] == "sculpted":
        return max(0.0, cfads) / cover
    raise ValueError(f"unknown loan profile {loan['profile']!r}")


def cash_flow_before_loan(streams: dict, i: int) -> float:
    """EBITDA, grants and fees less investment of one year."""
    return (
        streams["ebitda_eur"][i]
        + streams["subsidy_eur"][i]
        + streams["connection_fees_eur"][i]
        - streams["capex_eur"][i]
    )


def construction_year(case: dict, streams: dict, state: dict, year: int) -> dict:
    """One availability year: interest on cash, tax, draw, interest; interest and fee are not deducted yet."""
    loan = case["funding"]["loan"]
    i = year - case["time"]["first_year"]
    earned = case["cash"]["interest_on_positive"] * max(state["cash"], 0.0)
    tax, state["loss"] = tax_and_loss(case, streams["ebitda_eur"][i] + earned, state["loss"])
    fee = loan["upfront_fee_share"] * loan["limit"] if year == min(loan["availability_years"]) else 0.0
    before_draw = state["cash"] + earned - tax + cash_flow_before_loan(streams, i) - fee
    need = case["cash"]["minimum"] - before_draw
    years_left = sum(1 for other in loan["availability_years"] if other > year)
    draw, interest = draw_and_interest(case, need, state["balance"], years_left)
    paid = 0.0 if loan["capitalise_interest"] else interest
    state["balance"] += draw + interest - paid
    state["cash"] = before_draw + draw - paid
    state["basis"] += streams["capex_eur"][i] + interest + fee
    return {
        "tax_eur": tax,
        "draw_eur": draw,
        "interest_eur": interest,
        "principal_eur": 0.0,
        "debt_service_eur": paid,
        "replacement_eur": 0.0,
        "reserve_eur": 0.0,
    }


def repayment_year(case: dict, streams: dict, state: dict, year: int, cover: float) -> dict:
    """One repayment year: interest on cash, tax, loan, reserve, close; nothing is drawn any more."""
    i = year - case["time"]["first_year"]
    earned = case["cash"]["interest_on_positive"] * max(state["cash"], 0.0)
    repaying = state["payments_made"] < case["funding"]["loan"]["repayment_years"]
    interest = loan_rate(case) * state["balance"] if repaying else 0.0
    profit = streams["ebitda_eur"][i] + earned - interest - depreciation(case, state["basis"], year)
    tax, state["loss"] = tax_and_loss(case, profit, state["loss"])
    service = debt_service(case, state["start_balance"], state, streams["ebitda_eur"][i] - tax, cover)
    if repaying:
        state["balance"] -= service - interest
        state["payments_made"] += 1
    replaced = sum(amount for due, amount, _ in replacements(case) if due == year)
    before_replacement = state["cash"] + earned - tax + cash_flow_before_loan(streams, i) - service
    spare = before_replacement - state["reserve"] - case["cash"]["minimum"]
    contribution = max(0.0, min(reserve_plan(case, year), spare))
    state["reserve"] = max(0.0, state["reserve"] + contribution - replaced)
    state["cash"] = before_replacement - replaced
    return {
        "tax_eur": tax,
        "draw_eur": 0.0,
        "interest_eur": interest,
        "principal_eur": service - interest,
        "debt_service_eur": service,
        "replacement_eur": replaced,
        "reserve_eur": state["reserve"],
    }


def run_years(case: dict, streams: dict, cover: float) -> tuple[dict, float]:
    """(all recorded series, balance at the start of repayment) for a given sculpting cover."""
    state = {
        "cash": case["cash"]["opening"],
        "balance": 0.0,
        "loss": 0.0,
        "reserve": 0.0,
        "payments_made": 0,
        "basis": -sum(streams["subsidy_eur"]) - sum(streams["connection_fees_eur"]),
    }
    series = {name: [] for name in RECORDED}
    for year in years_of(case):
        if year in case["funding"]["loan"]["availability_years"]:
            row = construction_year(case, streams, state, year)
            state["start_balance"] = state["balance"]
        else:
            row = repayment_year(case, streams, state, year, cover)
        row["loan_balance_eur"] = state["balance"]
        row["cash_eur"] = state["cash"]
        for name in RECORDED:
            series[name].append(row[name])
    return series, state["start_balance"]


def refuse_impossible_loan(case: dict) -> None:
    """The loan must fit the horizon, and repayment must follow availability without a gap."""
    loan, time = case["funding"]["loan"], case["time"]
    if time["first_repayment_year"] + loan["repayment_years"] - 1 > time["last_year"]:
        raise ValueError("the loan has more repayment years than the horizon holds")
    if loan["availability_years"] != list(range(time["first_year"], time["first_repayment_year"])):
        raise ValueError("availability must run from the first year to the year before repayment")


def discounted_cfads(case: dict, streams: dict, series: dict, years: int, *, only_positive: bool) -> float:
    """CFADS of the first repayment years, discounted at the loan rate to the start of repayment."""
    start = case["time"]["first_repayment_year"] - case["time"]["first_year"]
    total = 0.0
    for j in range(1, years + 1):
        cfads = streams["ebitda_eur"][start + j - 1] - series["tax_eur"][start + j - 1]
        total += (max(0.0, cfads) if only_positive else cfads) / (1 + loan_rate(case)) ** j
    return total


def loan_and_cash(case: dict, streams: dict) -> tuple[dict, float]:
    """(all recorded series, start balance); sculpting repeats the run until its cover stands still.

    The cover that closes the loan is the discounted positive CFADS over the start balance. Interest lowers
    tax and so moves CFADS a little, hence the repetition.
    """
    refuse_impossible_loan(case)
    cover = 1.0
    series, start_balance = run_years(case, streams, cover)
    if case["funding"]["loan"]["profile"] != "sculpted" or start_balance == 0:
        return series, start_balance
    payments = case["funding"]["loan"]["repayment_years"]
    for _ in range(500):
        value = discounted_cfads(case, streams, series, payments, only_positive=True)
        if value <= 0:
            raise ValueError("no cash flow to sculpt the loan on")
        settled = abs(value / start_balance - cover) <= 1e-15 * cover
        cover = value / start_balance
        series, start_balance = run_years(case, streams, cover)
        if settled:
            return series, start_balance
    raise ValueError("the sculpting cover does not settle")
