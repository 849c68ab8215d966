"""Units and quantities."""

from decimal import Decimal

from ecoop.units import GJ_PER_MWH, Quantity, Unit


def test_a_quantity_keeps_what_was_given_exactly():
    given = Quantity(value=Decimal("36.150"), unit=Unit.EUR_PER_GJ)
    assert f"{given.value} {given.unit}" == "36.150 EUR/GJ"


def test_a_megawatt_hour_is_three_point_six_gigajoule():
    assert GJ_PER_MWH == 3.6
