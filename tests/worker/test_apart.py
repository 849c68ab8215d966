"""Calculations in a process of their own."""

import math
import os
import time

import pytest

from ecoop.worker import Stopped, run_apart
from ecoop.worker.work import CalculationFailed


def test_the_result_comes_back_from_another_process() -> None:
    assert run_apart(math.factorial, 20) == math.factorial(20)
    assert run_apart(os.getpid) != os.getpid()


def test_what_goes_wrong_is_told_by_name() -> None:
    with pytest.raises(CalculationFailed, match="ValueError"):
        run_apart(math.sqrt, -1.0)


def test_a_process_that_dies_is_told() -> None:
    with pytest.raises(CalculationFailed, match="process_ended"):
        run_apart(os._exit, 3)


@pytest.mark.slow
def test_what_is_no_longer_wanted_is_ended() -> None:
    before = time.monotonic()

    with pytest.raises(Stopped):
        run_apart(time.sleep, 60, unwanted=lambda: True)

    assert time.monotonic() - before < 20
