"""The choice among equally good road maps: the fairest, then the one that keeps most wishes, then the earliest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from detente.case.resolved import Clause
from detente.plan.aims import Closest
from detente.plan.closest import closest
from detente.plan.linear import Linear
from detente.plan.scout import Sighting
from detente.plan.search import Search
from detente.plan.shares import Shares
from detente.plan.solver import Row
from detente.plan.stage import Result, Stage

Test = Callable[[Sighting], bool]
Solve = Callable[[Stage, float, Test], Result]
"""Solves a stage within a share of what is left of the limits, among candidates that pass a test."""


class Ties:
    """What is fixed so far, in ``rows`` for the solver and ``tests`` of candidates; each choice adds its own."""

    def __init__(self, search: Search, shares: Shares, solve: Solve, rows: list[Row], tests: list[Test]) -> None:
        self.search, self.shares, self.solve = search, shares, solve
        self.rows, self.tests = rows, tests

    def as_fair_as(self, best: Sighting) -> None:
        """No later choice lowers the sums of the least shares."""
        sums = np.cumsum(self.shares.of(best))
        self.tests.append(lambda s: bool((np.cumsum(self.shares.of(s)) >= sums - 3e-6).all()))

    def fairest(self) -> Sighting | None:
        """The road map with the largest least share."""
        if not self.shares.sharing():
            return None
        found = self._solved(replace(self.shares.least_sum(1, self.rows), gap=1e-6), 0.4)
        if found.best is None:
            return None
        least = found.value
        self.rows += self.shares.least_sum_rows(1, least - 2e-6)
        self.tests.append(lambda s: float(self.shares.of(s)[0]) >= least - 3e-6)
        return found.best

    def most_wishes(
        self, wishes: Sequence[Clause], worth: Callable[[Sighting], Callable[[str], Fraction]]
    ) -> Sighting | None:
        """The road map that keeps most wishes by weight; ``worth`` as :func:`closest` takes it."""
        weights = {c.id: float(c.weight) for c in wishes if c.weight > 0}
        if not weights:
            return None
        stakes = self.search.stakes
        nowhere = np.zeros((len(stakes.measures), stakes.periods + 1))
        stage = closest(self.search, Closest(nowhere, weights), worth)
        found = self._solved(replace(stage, name="wishes", rows=[*self.rows, *stage.rows]), 0.4)
        if found.best is None:
            return None
        most = found.value
        self.rows += [*stage.rows, stage.objective.at_least(most - 1e-6)]
        self.tests.append(lambda s: stage.value(s) >= most - 2e-6)
        return found.best

    def earliest(self) -> Sighting | None:
        """The road map with the earliest dates; what is missing counts as the end."""
        schedule, T = self.search.schedule, self.search.stakes.periods
        early = Linear()
        for k in schedule.free:
            for t in range(T):
                early.add(schedule.x(k, t))

        def value(s: Sighting) -> float:
            return float(sum(max(0, T - s.c[k]) for k in schedule.free))

        return self._solved(Stage("earliest dates", early, self.rows, value, gap=0.5), 0.9).best

    def _solved(self, stage: Stage, share: float) -> Result:
        tests = tuple(self.tests)
        return self.solve(stage, share, lambda s: all(test(s) for test in tests))
