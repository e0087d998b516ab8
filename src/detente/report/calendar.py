"""Periods as dates that people use."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from detente.case.calendar import Calendar as CaseCalendar
from detente.case.resolved import PeriodName, ResolvedCase

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LENGTH: dict[PeriodName, int] = {"month": 1, "quarter": 3, "year": 12}
FOR_EVER_AFTER = "for ever after"


@dataclass(frozen=True)
class Calendar:
    """Names of the periods of a case; period ``periods`` is the time after the last one."""

    period: PeriodName
    periods: int
    start: date

    @classmethod
    def of(cls, case: ResolvedCase) -> Calendar:
        """The calendar of a case."""
        return cls(case.period, case.periods, date.fromisoformat(case.start))

    def label(self, t: int) -> str:
        """``Q2 2019``, ``Apr 2019`` or ``2019``; before the start and for ever after in words."""
        if t < 0:
            return "already done"
        if t >= self.periods:
            return FOR_EVER_AFTER
        year, month = self._month(t)
        if self.period == "quarter" and month % 3 == 1:
            return f"Q{(month + 2) // 3} {year}"
        if self.period == "year" and month == 1:
            return str(year)
        return f"{_MONTHS[month - 1]} {year}"

    def when(self, t: int) -> str:
        """``in Q2 2019``, or words for the time after the last period."""
        if t < 0:
            return "before the start"
        return "once everything is done" if t >= self.periods else f"in {self.label(t)}"

    def since(self, t: int) -> str:
        """``from Q2 2019``, or words for before the start and after the last period."""
        if t < 0:
            return "from the start"
        return "after the last period" if t >= self.periods else f"from {self.label(t)}"

    def year(self, t: int) -> int:
        """Calendar year in which period ``t`` begins."""
        return self._month(t)[0]

    def year_starts(self) -> list[int]:
        """Period 0 and the first period that begins in each calendar year."""
        return [t for t in range(self.periods) if t == 0 or self.year(t) != self.year(t - 1)]

    def ticks(self, most: int = 12) -> list[int]:
        """Periods to label on an axis: year starts, thinned out until there are at most ``most``."""
        starts = [t for t in self.year_starts() if t == 0 or self._month(t)[1] <= _LENGTH[self.period]]
        if len(starts) > 2 and starts[1] - starts[0] < self.periods / 20:
            starts = starts[1:]
        if len(starts) < 3:
            starts = list(range(self.periods))
        step = -(-len(starts) // most)
        return starts[::step]

    def tick_label(self, t: int) -> str:
        """Short name for an axis: the year alone where the period opens it."""
        year, month = self._month(t)
        by_years = len(self.year_starts()) >= 3
        return str(year) if by_years and (t == 0 or month <= _LENGTH[self.period]) else self.label(t)

    def respelt(self, text: str) -> str:
        """A text with the periods that it names as a case file would (``2020-Q4``) named as here."""
        written = CaseCalendar(self.period, self.start, self.periods)
        names = {written.label(t): self.label(t) for t in range(self.periods)}
        return re.sub(r"(?<![\w-])\d{4}(-\w+)?(?![\w-])", lambda found: names.get(found[0], found[0]), text)

    def span(self, periods: int) -> str:
        """A number of periods in words: ``2 quarters``."""
        return f"{periods} {self.period}{'' if periods == 1 else 's'}"

    def _month(self, t: int) -> tuple[int, int]:
        months = self.start.year * 12 + self.start.month - 1 + t * _LENGTH[self.period]
        return months // 12, months % 12 + 1
