"""What each principal gets as a share of the most that it could get, and rows that raise the least shares."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from detente.case.stakes import Floats
from detente.plan.linear import Linear
from detente.plan.scout import Sighting
from detente.plan.search import Search
from detente.plan.solver import Row
from detente.plan.stage import Stage


class Shares:
    """Shares of the principals that are ``counted``: those with something to gain."""

    def __init__(self, search: Search, counted: Sequence[int]) -> None:
        self.search, self.counted = search, counted
        self.best: dict[int, float] = {}
        """U*_i - R_i of each principal, in its own units, or a bound for it."""
        self.proved: dict[int, bool] = {}
        """Whether that is the most, not only a bound."""

    def of(self, s: Sighting) -> Floats:
        """Each principal's gain as a share of the best it could get, lowest first; those that cannot gain left out."""
        return np.sort([s.gains[i] / self.best[i] for i in self.sharing()])

    def bounded(self) -> bool:
        """Whether anything is known of what each could get at most."""
        return all(math.isfinite(best) for best in self.best.values())

    def sharing(self) -> list[int]:
        """Principals that can gain."""
        return [i for i in self.counted if self.best.get(i, 0.0) > 0]

    def most(self, i: int) -> Stage:
        """The stage that seeks the most that a principal can get, as a part of its K."""
        values, unit = self.search.values, float(self.search.values.K[i])
        return Stage(
            f"most for {self.search.stakes.parties[i]}", values.gains[i].times(1 / unit), [],
            lambda s: float(s.gains[i]) / unit,
        )  # fmt: skip

    def least_sum(self, n: int, rows: list[Row]) -> Stage:
        """Maximise the sum of the n least shares: n·r - Σ d_i with d_i >= r - share_i, d_i >= 0."""
        expression, own = self._theta(n)
        return Stage(
            "fair" if n == 1 else f"fair, {n} least", expression, [*rows, *own], lambda s: float(self.of(s)[:n].sum())
        )

    def least_sum_rows(self, n: int, value: float) -> list[Row]:
        """Rows that hold the sum of the n least shares at a value or above."""
        expression, own = self._theta(n)
        return [*own, expression.at_least(value)]

    def _theta(self, n: int) -> tuple[Linear, list[Row]]:
        model, values = self.search.model, self.search.values
        r = model.variable(-1e3, 1e3)
        expression, rows = Linear({r: float(n)}), []
        for i in self.sharing():
            d = model.variable(0.0, 2e3)
            expression.plus(d, -1.0)
            short = values.gains[i].times(1 / self.best[i]).plus(r, -1.0).plus(d, 1.0)
            rows.append(short.at_least(0.0))
        return expression, rows
