"""Rows that hold at one point within a budget of errors: nobody gains by leaving, and all sign, there too."""

from __future__ import annotations

from collections.abc import Iterator

from detente.incentives.budget.points import Point
from detente.incentives.tables import Tables
from detente.plan.breach_rows import BreachRows
from detente.plan.cheat_rows import CheatRows
from detente.plan.linear import Linear
from detente.plan.solver import Row
from detente.plan.value_rows import Values


class PointRows(CheatRows):
    """Builds the rows of the party of a point, as it is paid there; margins count in its scale at central values."""

    def __init__(self, everyone: BreachRows, point: Point, tb: Tables, reserve: float) -> None:
        self.everyone, self.i, self.reserve = everyone, point.party, reserve
        model = everyone.values.model
        super().__init__(Values(tb, tb, everyone.schedule, model, [self.i]))
        self.unit = float(self.values.scale[self.i] / everyone.values.scale[self.i])

    def rows(self, i: int, t: int, gain: Linear, switch: Linear) -> list[Row]:
        """``gain >= z`` at the point unless ``switch`` is positive; ``gain`` in the scale at the point."""
        own = self.everyone.own.get(i)
        off = switch.times(1.0).add(self.everyone.inactive(i))
        most = self.everyone.most_of.get(i, 0.0)
        row = gain.times(self.unit).add(off, float(self.values.big[i]) * self.unit + most)
        if own is not None:
            row.plus(own, -1.0)
        return [row.at_least(0.0)]

    def always(self) -> Iterator[Row]:
        """Signing, and staying rather than walking out in any period."""
        i, V, off = self.i, self.values.V, self.everyone.inactive(self.i)
        big = float(self.values.big[i]) * self.unit
        scale = float(self.everyone.values.scale[i])
        signs = Linear({V[i, 0]: self.unit}, -self.reserve / scale)
        yield signs.add(off, big + abs(self.reserve) / scale).at_least(0.0)
        for t in range(self.values.T + 1):
            gain = Linear({V[i, t]: 1.0, self.values.walk(i, t): -1.0})
            yield gain.times(self.unit).add(off, big).at_least(0.0)
            if i in self.everyone.own:
                yield from self.rows(i, t, gain, self.everyone.vacuous(i, t))
