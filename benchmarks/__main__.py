"""Measure the goals of the engine, the trail and the register, and fail when one is missed: `python -m benchmarks`."""

import statistics
import sys
import time
import tomllib
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks import naive, register, trail
from ecoop.finance import evaluate, evaluate_scenarios, read_case
from ecoop.finance.indices import Floats
from ecoop.finance.inputs import CaseInputs

SCENARIOS = 100_000
ROUNDS = 5
CASES_AT_ONCE = 20
MOST_MILLISECONDS = 5.0
LEAST_RATIO = 3.0
MOST_MEGABYTES = 64.0
CASE = Path(__file__).parent.parent / "ecoop" / "demo" / "ketelhuiswg.toml"


def median_seconds(task: Callable[[], object]) -> float:
    """Median of several runs, after one to warm up."""
    task()
    times = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        task()
        times.append(time.perf_counter() - begin)
    return statistics.median(times)


def draws(count: int) -> dict[str, Floats]:
    """Values for every uncertain input, as wide as in the demo case."""
    random = np.random.default_rng(20250501)
    return {
        "capex_factor": 0.97 * np.exp(0.06 * random.standard_normal(count)),
        "delay_months": random.triangular(0.0, 1.0, 12.0, count),
        "uptake": random.triangular(0.85, 0.98, 1.0, count),
        "demand_factor": 1.0 + 0.06 * random.standard_normal(count),
        "scop": random.triangular(2.9, 3.5, 4.0, count),
        "elec_factor": np.exp(0.2 * random.standard_normal(count)),
        "opex_factor": 1.0 + 0.08 * random.standard_normal(count),
        "rate_shift": 0.005 * random.standard_normal(count),
    }


def same_answers(inputs: CaseInputs, drawn: dict[str, Floats]) -> None:
    """Stop unless both engines agree to a billionth."""
    slow, fast = naive.evaluate(inputs, drawn), evaluate_scenarios(inputs, drawn)
    for name, answer in slow.items():
        np.testing.assert_allclose(getattr(fast, name), answer, rtol=1e-9, atol=1e-6, err_msg=name)


def extra_megabytes(task: Callable[[], object]) -> float:
    """Most memory in use at one time while a task runs, beyond what was in use before; its answer included."""
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    tracemalloc.reset_peak()
    task()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return (peak - before) / 1e6


def main() -> int:
    """Measure, print one table, and return 1 when a goal is missed."""
    inputs = read_case(tomllib.loads(CASE.read_text(encoding="utf-8")))
    drawn = draws(SCENARIOS)
    same_answers(inputs, drawn)
    single = 1000.0 / CASES_AT_ONCE * median_seconds(lambda: [evaluate(inputs) for _ in range(CASES_AT_ONCE)])
    fast = median_seconds(lambda: evaluate_scenarios(inputs, drawn))
    slow = median_seconds(lambda: naive.evaluate(inputs, drawn))
    megabytes = extra_megabytes(lambda: evaluate_scenarios(inputs, drawn))
    rows = [
        ("one case, three references [ms]", single, f"< {MOST_MILLISECONDS:g}", single < MOST_MILLISECONDS),
        (f"{SCENARIOS} x {len(evaluate(inputs).years)} years, engine [s]", fast, "", True),
        ("the same, plain NumPy by year [s]", slow, "", True),
        ("plain / engine [ratio]", slow / fast, f">= {LEAST_RATIO:g}", slow / fast >= LEAST_RATIO),
        ("extra memory of the engine [MB]", megabytes, f"<= {MOST_MEGABYTES:g}", megabytes <= MOST_MEGABYTES),
    ]
    rows += trail.measure()
    rows += register.measure()
    for name, value, goal, reached in rows:
        print(f"{name:<62} {value:>10.3f}  {goal:<8} {'' if reached else 'MISSED'}".rstrip())
    return 0 if all(reached for *_, reached in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
