"""Periods and dates: which period holds a day, what a period is called, how many periods three months are."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from detente.case.problems import Problem
from detente.case.resolved import PeriodName

MONTHS_IN: dict[str, int] = {"month": 1, "quarter": 3, "year": 12}
DAYS_IN_MONTH = Fraction(487, 16)
"""Days in a mean month: 365.25 / 12."""

Edge = Literal["first", "last"]
Rounding = Literal["up", "nearest"]

_YEARS = range(1900, 2200)
_INDEX = re.compile(r"[0-9]{1,6}")
_QUARTER = re.compile(r"([0-9]{4})-?[Qq]([0-9])")
_MONTH = re.compile(r"([0-9]{4})-([0-9]{1,2})")
_DAY = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")


@dataclass(frozen=True)
class When:
    """A moment as written: a period's index, or the months or the day that a calendar word covers."""

    text: str
    index: int | None = None
    first: date | None = None
    last: date | None = None

    def __str__(self) -> str:
        return self.text


def parse_when(text: str) -> When:
    """``8``, ``2020``, ``2020-Q4``, ``2020-12`` or ``2020-12-31``; a number from 1900 to 2199 is a year."""
    text = text.strip()
    if _INDEX.fullmatch(text):
        number = int(text)
        if number in _YEARS:
            return When(text, first=date(number, 1, 1), last=date(number, 12, 31))
        return When(text, index=number)
    if m := _QUARTER.fullmatch(text):
        year, quarter = int(m[1]), int(m[2])
        if year in _YEARS and 1 <= quarter <= 4:
            return _months(text, year, 3 * quarter - 2, 3)
    elif m := _MONTH.fullmatch(text):
        year, month = int(m[1]), int(m[2])
        if year in _YEARS and 1 <= month <= 12:
            return _months(text, year, month, 1)
    elif m := _DAY.fullmatch(text):
        try:
            day = date(int(m[1]), int(m[2]), int(m[3]))
        except ValueError:
            day = date.min
        if day.year in _YEARS:
            return When(text, first=day, last=day)
    raise Problem(
        "DET111",
        f'"{text}" is not a time',
        "times are read as a period's index, a year, a quarter, a month or a day, and as nothing else",
        "write for instance 8, 2020, 2020-Q4, 2020-12 or 2020-12-31",
    )


def _months(text: str, year: int, month: int, count: int) -> When:
    first = date(year, month, 1)
    after = _add_months(first, count)
    return When(text, first=first, last=date.fromordinal(after.toordinal() - 1))


def _add_months(day: date, months: int) -> date:
    n = day.year * 12 + day.month - 1 + months
    return date(n // 12, n % 12 + 1, 1)


@dataclass(frozen=True)
class Calendar:
    """The periods of a case: ``periods`` of equal length from the first day ``start`` on."""

    period: PeriodName
    start: date
    periods: int

    @property
    def months(self) -> int:
        """Months in a period."""
        return MONTHS_IN[self.period]

    def first_day(self, t: int) -> date:
        """First day of period ``t``."""
        return _add_months(self.start, t * self.months)

    def holding(self, day: date) -> int:
        """The period that holds a day (below 0 before the start, ``periods`` or more after the end)."""
        months = (day.year - self.start.year) * 12 + day.month - self.start.month
        return months // self.months

    def period_of(self, when: When | str, edge: Edge = "first") -> int:
        """The period of a time; of a word that covers several periods the first or the last one."""
        when = parse_when(when) if isinstance(when, str) else when
        if when.index is not None:
            return when.index
        day = when.first if edge == "first" else when.last
        assert day is not None
        return self.holding(day)

    def label(self, t: int) -> str:
        """What people call period ``t``: 2020-Q4, 2020-11, 2020; reading it back gives ``t``."""
        day = self.first_day(t)
        if self.period == "quarter" and day.month % 3 == 1:
            return f"{day.year}-Q{(day.month + 2) // 3}"
        if self.period == "year" and day.month == 1:
            return str(day.year)
        return f"{day.year}-{day.month:02d}"

    def in_periods(self, amount: Fraction, unit: str) -> Fraction:
        """A length of time in periods, not rounded; a mean month has 30.4375 days."""
        if unit == "period":
            return amount
        if unit == "day":
            return amount / DAYS_IN_MONTH / self.months
        if unit == "week":
            return amount * 7 / DAYS_IN_MONTH / self.months
        return amount * MONTHS_IN[unit] / self.months


def whole_periods(exact: Fraction, rounding: Rounding) -> int:
    """Rounded up, or to the nearest whole number, a half down (undoing never takes longer for having been rounded)."""
    return math.ceil(exact) if rounding == "up" else math.ceil(exact - Fraction(1, 2))
