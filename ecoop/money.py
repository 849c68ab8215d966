"""Cents: rounding once, on leaving, and splitting so that the parts make the whole."""

from collections.abc import Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from fractions import Fraction


def to_cents(euros: Decimal | float) -> int:
    """Whole cents nearest to `euros`, half away from zero (1.005 as Decimal gives 101).

    A float is read by its shortest decimal text, so that 0.145 means 0.145 and not the binary number below it.
    """
    exact = euros if isinstance(euros, Decimal) else Decimal(repr(euros))
    return int((exact * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def to_euros(cents: int) -> Decimal:
    """The exact amount in EUR of whole `cents`."""
    return Decimal(cents).scaleb(-2)


def whole_euros(amount: Decimal | float) -> int:
    """The amount as it is shown without cents, half away from zero; differences of what is shown are then right."""
    exact = amount if isinstance(amount, Decimal) else Decimal(repr(amount))
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def round_together(amounts: Sequence[float]) -> tuple[int, ...]:
    """Whole numbers beside `amounts` whose sum is the rounded sum: what is shown in parts still adds up.

    Each part lies within 1 of its amount; the largest remainders go up, equal ones to the earlier part.
    """
    exact = [Decimal(repr(float(amount))) for amount in amounts]
    whole = int(sum(exact, Decimal(0)).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    parts = [int(amount.to_integral_value(rounding=ROUND_FLOOR)) for amount in exact]
    by_remainder = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for index in by_remainder[: whole - sum(parts)]:
        parts[index] += 1
    return tuple(parts)


def split(cents: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Divide `cents` in proportion to `weights` by largest remainder: the parts always sum to the whole.

    Equal remainders go to the earlier part. Weights are whole, not negative and not all zero (else ValueError).
    """
    total = sum(weights)
    if total <= 0 or min(weights) < 0:
        raise ValueError("weights must be whole numbers of at least 0 with a positive sum")
    exact = [Fraction(cents * weight, total) for weight in weights]
    parts = [share.numerator // share.denominator for share in exact]
    by_remainder = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for index in by_remainder[: cents - sum(parts)]:
        parts[index] += 1
    return tuple(parts)
