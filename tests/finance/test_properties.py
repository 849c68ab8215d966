"""What holds for every case that can be read, shown on cases nobody thought of."""

import json

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ecoop.finance import as_document
from tests.finance.cases import result

share = st.floats(0.0, 1.0)
factor = st.floats(0.0, 3.0)
money = st.floats(0.0, 3e7)
CASES = st.fixed_dictionaries(
    {},
    optional={
        "stress.capex_factor": factor,
        "stress.demand_factor": factor,
        "stress.elec_factor": factor,
        "stress.opex_factor": factor,
        "stress.tariff_scale": factor,
        "stress.delay_months": st.floats(0.0, 500.0),
        "stress.rate_shift": st.floats(-0.2, 0.5),
        "connections.uptake": share,
        "connections.demand_trend": st.floats(-0.5, 0.2),
        "funding.loan.limit": money,
        "funding.loan.rate": st.floats(0.0, 0.4),
        "funding.loan.repayment_years": st.integers(1, 30),
        "funding.loan.profile": st.sampled_from(["annuity", "linear", "bullet", "sculpted"]),
        "funding.loan.capitalise_interest": st.booleans(),
        "funding.loan.upfront_fee_share": share,
        "funding.subsidies.paw": money,
        "funding.connection_fees.total": money,
        "cash.opening": money,
        "cash.minimum": money,
        "cash.interest_on_positive": share,
        "tax.member_profit_deduction_share": share,
        "tax.vpb_low_rate": share,
        "capex.asset.heat_pump_stations.life_years": st.integers(1, 60),
        "capex.asset.delivery_sets.replace_share": share,
        "production.scop_heat_pump": st.floats(0.1, 10.0),
        "production.network_loss_share": st.floats(0.0, 0.9),
        "index.elec_commodity": st.floats(-0.5, 0.5),
        "segment.flat_owner.sigma_log": st.floats(0.0, 3.0),
        "segment.flat_owner.count": st.integers(0, 50),
    },
)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(CASES)
def test_every_case_gives_finite_figures_that_add_up(changes):
    found = result(changes)
    rows, limit = found.series, found.inputs.funding.loan.limit
    scale = max(float(np.abs(row[np.isfinite(row)]).max(initial=1.0)) for row in rows.values())
    assert all(np.isfinite(row).all() for name, row in rows.items() if not name.startswith("dscr"))
    assert not any(np.isnan(row).any() for row in rows.values())
    assert rows["loan_balance_eur"][:3].max() <= limit * (1.0 + 1e-12) + 1e-6
    assert rows["loan_balance_eur"].min() >= -1e-9 * scale
    assert rows["loan_balance_eur"][-1] == 0.0
    assert min(rows[name].min() for name in ("draw_eur", "tax_eur", "reserve_eur", "depreciation_eur")) >= 0.0
    uses = found.sources_uses
    assert abs(uses.total_sources_eur - uses.total_uses_eur) <= 1e-6 + 1e-12 * scale
    json.dumps(as_document(found), allow_nan=False)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(CASES, st.floats(0.0, 2.0))
def test_a_higher_tariff_never_lowers_revenue(changes, more):
    low = result(changes)
    high = result(changes | {"stress.tariff_scale": low.inputs.stress.tariff_scale + more})
    assert (high.series["revenue_eur"] >= low.series["revenue_eur"]).all()
