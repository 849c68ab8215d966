"""Corporate tax (vennootschapsbelasting) with losses carried forward."""

import numpy as np

from ecoop.finance.indices import Floats
from ecoop.finance.inputs import Tax


def corporate_tax(profit: Floats, losses: Floats, rules: Tax) -> tuple[Floats, Floats]:
    """Tax of one year, paid in the same year.

    Parameters
    ----------
    profit : Floats
        Taxable profit before losses of earlier years [EUR]; a loss is negative. Shape (scenarios,).
    losses : Floats
        Losses of earlier years not yet used [EUR], >= 0, shape (scenarios,).
    rules : Tax
        Rates, limit, loss rule, share of member profit that may be deducted.

    Returns
    -------
    tax : Floats
        [EUR], >= 0, shape (scenarios,).
    losses : Floats
        Losses left for later years [EUR], >= 0.

    Notes
    -----
    A loss adds to the losses. Else use = min(losses, min(P, free) + share_above max(0, P - free)),
    base = (P - use)(1 - member share), tax = low rate up to the limit and high rate above it.

    References
    ----------
    Wet op de vennootschapsbelasting 1969, art. 9 (member profit), art. 20 (losses), art. 22 (rates).
    """
    gain = np.maximum(profit, 0.0)
    left = losses - np.minimum(profit, 0.0)
    most = gain
    if gain.max() > rules.loss_offset_free:
        above = np.maximum(gain - rules.loss_offset_free, 0.0)
        most = np.minimum(gain, rules.loss_offset_free) + rules.loss_offset_share_above * above
    used = np.minimum(left, most)
    left -= used
    base = np.subtract(gain, used, out=used)
    if rules.member_profit_deduction_share > 0.0:
        base *= 1.0 - rules.member_profit_deduction_share
    above = np.maximum(base - rules.vpb_low_limit, 0.0)
    above *= rules.vpb_high_rate - rules.vpb_low_rate
    base *= rules.vpb_low_rate
    base += above
    return base, left
