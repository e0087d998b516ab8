"""Periods and dates, both ways."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.case.calendar import Calendar, parse_when, whole_periods
from detente.case.problems import Problem

QUARTERS = Calendar("quarter", date(2019, 4, 1), 40)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [("7", 7, 7), ("2019-Q2", 0, 0), ("2020-q4", 6, 6), ("2020-12", 6, 6), ("2020-12-31", 6, 6), ("2021", 7, 10)],
)
def test_period_of_a_time_in_quarters(text: str, first: int, last: int) -> None:
    assert (QUARTERS.period_of(text), QUARTERS.period_of(text, "last")) == (first, last)


def test_a_quarter_in_months_has_a_first_and_a_last_period() -> None:
    months = Calendar("month", date(2019, 4, 1), 40)
    assert (months.period_of("2019-Q3"), months.period_of("2019-Q3", "last")) == (3, 5)


def test_a_time_before_the_start_is_below_zero() -> None:
    assert QUARTERS.period_of("2019-03-31") == -1


@given(st.sampled_from(["month", "quarter", "year"]), st.integers(1900, 2100), st.integers(1, 12), st.integers(0, 400))
def test_labels_read_back(period: str, year: int, month: int, t: int) -> None:
    calendar = Calendar(period, date(year, month, 1), 401)  # type: ignore[arg-type]
    if calendar.first_day(t).year < 2200:
        assert calendar.period_of(calendar.label(t)) == t


@pytest.mark.parametrize("text", ["", "2019-Q5", "2019-13", "2019-02-30", "1700-01", "spring", "-1", "2019-Q", "٣"])
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(Problem) as caught:
        parse_when(text)
    assert caught.value.code == "DET111"


@pytest.mark.parametrize(
    ("amount", "unit", "exact", "up", "nearest"),
    [
        (3, "month", Fraction(1), 1, 1),
        (4, "month", Fraction(4, 3), 2, 1),
        (1, "year", Fraction(4), 4, 4),
        (2, "period", Fraction(2), 2, 2),
    ],
)
def test_lengths_in_quarters(amount: int, unit: str, exact: Fraction, up: int, nearest: int) -> None:
    found = QUARTERS.in_periods(Fraction(amount), unit)
    assert (found, whole_periods(found, "up"), whole_periods(found, "nearest")) == (exact, up, nearest)


def test_a_half_is_rounded_down_when_undoing() -> None:
    assert whole_periods(Fraction(3, 2), "nearest") == 1
    assert whole_periods(Fraction(1, 2), "nearest") == 0
