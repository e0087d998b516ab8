"""Numbers and times as people write them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.case.calendar import Calendar
from detente.case.problems import Problem
from detente.case.quantities import Kind, parse_duration, parse_number, rounded

QUARTERS = Calendar("quarter", date(2019, 4, 1), 40)


@pytest.mark.parametrize(
    ("text", "central", "low", "high", "rate"),
    [
        ("1.2", "1.2", "1.2", "1.2", None),
        ("1.2 [0.8, 1.8]", "1.2", "0.8", "1.8", None),
        ("0.12 a year [0.05, 0.2]", "0.12", "0.05", "0.2", "year"),
        ("0.12 [0.05,0.2] per quarter", "0.12", "0.05", "0.2", "quarter"),
        ("-3e2", "-300", "-300", "-300", None),
    ],
)
def test_numbers(text: str, central: str, low: str, high: str, rate: str | None) -> None:
    x = parse_number(text, "amount")
    assert (x.central, x.low, x.high, x.rate) == (Decimal(central), Decimal(low), Decimal(high), rate)


def test_a_number_is_read_from_its_text() -> None:
    assert str(parse_number(Decimal("0.1000000000000000000000001"), "sum").central) == "0.1000000000000000000000001"


@pytest.mark.parametrize(
    ("value", "kind", "code"),
    [
        ("abc", "sum", "DET107"),
        ("1,5", "sum", "DET107"),
        ("1_000", "sum", "DET107"),
        ("nan", "sum", "DET106"),
        (".inf", "amount", "DET106"),
        ("2 [3, 4]", "sum", "DET108"),
        ("2 [4, 1]", "sum", "DET108"),
        ("1e30", "sum", "DET109"),
        (True, "sum", "DET103"),
        (None, "sum", "DET103"),
        ([1], "sum", "DET103"),
        ("1 a year", "sum", "DET112"),
        ("1 a fortnight", "amount", "DET110"),
        ("1", "discount", "DET204"),
        ("0", "discount", "DET204"),
        ("0.9 [0.8, 1]", "discount", "DET204"),
        ("1.01", "chance", "DET206"),
        ("1", "hazard", "DET206"),
        ("9" * 300, "sum", "DET107"),
    ],
)
def test_what_is_no_number(value: object, kind: Kind, code: str) -> None:
    with pytest.raises(Problem) as caught:
        parse_number(value, kind)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("value", "code"),
    [("-1", "DET208"), ("1.5", "DET110"), ("3 mnths", "DET110"), ("3 months 2 days", "DET110"), ("soon", "DET110")],
)
def test_what_is_no_length_of_time(value: str, code: str) -> None:
    with pytest.raises(Problem) as caught:
        parse_duration(value)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("text", "kind", "a_quarter"),
    [
        ("4 a year", "amount", "1"),
        ("0.8145062499999999 a year", "discount", "0.95"),
        ("0.3439 a year", "hazard", "0.1"),
        ("0.3439 a year", "chance", "0.1"),
        ("1 a year", "chance", "1"),
        ("0.5 a quarter", "amount", "0.5"),
    ],
)
def test_rates_become_rates_a_period(text: str, kind: Kind, a_quarter: str) -> None:
    x = parse_number(text, kind)
    assert abs(x.per_period(x.central, QUARTERS) - Decimal(a_quarter)) < Decimal("1e-12")


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15))
def test_rounding_once_is_rounding_for_good(x: Decimal) -> None:
    once = rounded(x)
    assert rounded(once) == once
    assert len(once.as_tuple().digits) <= 12
    assert abs(once - x) <= abs(x) * Decimal("5e-12")


def test_rounding_is_half_even() -> None:
    assert rounded(Decimal("1.000000000005")) == Decimal("1")
    assert rounded(Decimal("1.000000000015")) == Decimal("1.00000000002")
    assert str(rounded(Decimal("-0"))) == "0"
