"""The loan: drawing during construction, repayment after it. A balance never passes the limit nor zero."""

import numpy as np

from ecoop.finance.indices import Floats

NOTHING_EUR = 1e-9
"""A billionth of a euro is rounding, no debt."""


def draw_with_capitalised_interest(
    need: Floats, balance: Floats, rate: Floats, limit: float, years_left: int
) -> tuple[Floats, Floats]:
    """Draw what is needed so that the balance, grown by its own interest, stays under the limit.

    Parameters
    ----------
    need : Floats
        Money short this year [EUR]; negative means there is enough. Shape (scenarios,).
    balance : Floats
        Loan balance at the start of the year [EUR].
    rate : Floats
        Yearly interest including guarantee premium [share/year], >= -0.5 and < 1.
    limit : float
        The most the balance may ever be, capitalised interest included [EUR].
    years_left : int
        Availability years after this one, in which interest still adds up.

    Returns
    -------
    draw, interest : Floats
        Drawn [EUR] and interest added to the balance [EUR], shape (scenarios,).

    Notes
    -----
    Draws come evenly over the year and bear half a year's interest:
    D = clip(need, 0, max(0, (F / (1+r)^left - B (1+r)) / (1 + r/2))), interest = r (B + D/2). A negative rate, which
    only a shift can bring, will shrink the balance later but may not lift it above the limit now.
    """
    room = (limit / (1.0 + np.maximum(rate, 0.0)) ** years_left - balance * (1.0 + rate)) / (1.0 + rate / 2.0)
    draw = np.clip(need, 0.0, np.maximum(room, 0.0))
    return draw, rate * (balance + draw / 2.0)


def draw_with_paid_interest(need: Floats, balance: Floats, rate: Floats, limit: float) -> tuple[Floats, Floats]:
    """Draw what is needed including the interest itself, which is paid in cash.

    Parameters and returns as in `draw_with_capitalised_interest`; the interest does not join the balance.

    Notes
    -----
    D = clip((need + r B) / (1 - r/2), 0, F - B), interest = r (B + D/2).
    """
    wanted = (need + rate * balance) / (1.0 - rate / 2.0)
    draw = np.clip(wanted, 0.0, np.maximum(limit - balance, 0.0))
    return draw, rate * (balance + draw / 2.0)


def annuity(balance: Floats, rate: Floats, years: int) -> Floats:
    """Equal yearly payment that repays a balance.

    Parameters
    ----------
    balance : Floats
        [EUR], >= 0, shape (scenarios,).
    rate : Floats
        [share/year], > -1; 0 gives balance / years.
    years : int
        Number of payments, >= 1.

    Returns
    -------
    Floats
        Payment [EUR/year].

    Notes
    -----
    A = B r / (1 - (1+r)^-n), written with expm1 and log1p so that tiny rates keep their digits.
    """
    grown = -np.expm1(-years * np.log1p(rate))
    return np.asarray(balance * np.divide(rate, grown, out=np.full_like(rate, 1.0 / years), where=rate != 0.0))


def cover(available: Floats, service: Floats) -> Floats:
    """Debt service cover ratio [-]: available / service, infinite where there is no debt service."""
    if service.min() > NOTHING_EUR:
        return np.asarray(available / service)
    return np.divide(available, service, out=np.full_like(available, np.inf), where=service > NOTHING_EUR)
