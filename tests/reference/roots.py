"""All internal rates of return of a cash flow, by splitting the axis where the value turns."""

from itertools import pairwise


def value_at(flow: list[float], factor: float) -> float:
    """Present value when each later year counts `factor` times the year before it."""
    total = 0.0
    for amount in reversed(flow):
        total = total * factor + amount
    return total


def bisect(flow: list[float], low: float, high: float) -> float:
    """The factor at which the value changes sign between two factors."""
    negative_at_low = value_at(flow, low) < 0
    while True:
        middle = (low + high) / 2
        if middle in (low, high):
            return middle
        if (value_at(flow, middle) < 0) == negative_at_low:
            low = middle
        else:
            high = middle


def positive_roots(flow: list[float], upper: float) -> list[float]:
    """Ascending factors in (0, upper) with value zero: one at most between two turning points."""
    if len(flow) < 2:
        return []
    slope = [power * amount for power, amount in enumerate(flow)][1:]
    edges = [0.0, *positive_roots(slope, upper), upper]
    found = []
    for low, high in pairwise(edges):
        if value_at(flow, low) * value_at(flow, high) < 0:
            found.append(bisect(flow, low, high))
    return found


def internal_rates(flow: list[float]) -> dict:
    """Every rate above -1 at which the flow is worth nothing, ascending, with a status that counts them."""
    trimmed = list(flow)
    while trimmed and trimmed[0] == 0:
        trimmed.pop(0)
    while trimmed and trimmed[-1] == 0:
        trimmed.pop()
    rates = []
    if len(trimmed) > 1:
        # Cauchy's bound holds for the zeros of the slopes as well.
        upper = 1 + max(abs(amount) for amount in trimmed) / abs(trimmed[-1])
        rates = sorted(1 / factor - 1 for factor in positive_roots(trimmed, upper))
    status = "none" if not rates else "single" if len(rates) == 1 else "multiple"
    return {"status": status, "roots": rates}
