"""Which road maps there are: variables for being in force, and the rows of order, capacity and horizon (model §2).

``X[k, t]`` is 1 iff measure k is in force in t. It never falls, so the completion period is where it rises. A milestone
has variables of its own that follow its members'.
"""

from __future__ import annotations

import numpy as np

from detente.case.road_map import RoadMap
from detente.case.stakes import Floats, Ints, Stakes
from detente.plan.linear import Linear
from detente.plan.solver import Model, Row


class Schedule:
    """The variables ``X`` of a case in a model, with the rows that make them a road map."""

    def __init__(self, stakes: Stakes, model: Model) -> None:
        self.stakes, self.model = stakes, model
        self.periods = stakes.periods
        self.earliest = earliest(stakes)
        self.free = [int(k) for k in np.flatnonzero(~stakes.done & (stakes.owner >= 0) & ~stakes.milestone)]
        self.column: dict[tuple[int, int], int] = {}
        self._and: dict[tuple[int, ...], int] = {}
        self._variables()
        self._never_falls()
        self._order()
        self._exclusions()
        self._capacity()
        self._milestones()

    def x(self, k: int, t: int) -> Linear:
        """``X[k, t]`` as an expression; after the last period the state stays, before period 0 only done is done."""
        t = min(t, self.periods - 1)
        if self.earliest[k] < 0:
            return Linear({}, 1.0 if t >= -1 else 0.0)
        if t < self.earliest[k]:
            return Linear()
        return Linear({self.column[k, t]: 1.0})

    def comes(self, k: int, t: int) -> Linear:
        """1 iff k comes into force in t."""
        return self.x(k, t).add(self.x(k, t - 1), -1.0)

    def by_completion(self, k: int, worth: Floats) -> Linear:
        """``Σ_c worth[c+1] · [k comes into force in c]`` for c = -1 … T-1."""
        result = Linear()
        first, T = max(int(self.earliest[k]), -1), self.periods
        if first > T - 1:
            return result
        if first == -1:
            return Linear({}, float(worth[0]))
        scale = float(np.abs(worth).max(initial=0.0))
        for c in range(first, T):
            following = float(worth[c + 2]) if c < T - 1 else 0.0
            step = float(worth[c + 1]) - following
            if abs(step) > 1e-12 * scale:
                result.terms[self.column[k, c]] = step
        return result

    def all_of(self, parts: list[Linear]) -> Linear:
        """1 iff all of the given ``X`` are 1."""
        columns = sorted({c for part in parts for c in part.terms})
        if any(not part.terms and part.constant < 0.5 for part in parts):
            return Linear()
        if not columns:
            return Linear({}, 1.0)
        if len(columns) == 1:
            return Linear({columns[0]: 1.0})
        key = tuple(columns)
        if key not in self._and:
            z = self.model.variable(0.0, 1.0)
            self._and[key] = z
            for c in columns:
                self.model.rows.append(Row({z: 1.0, c: -1.0}, high=0.0))
            self.model.rows.append(Row({z: 1.0, **dict.fromkeys(columns, -1.0)}, low=1.0 - len(columns)))
        return Linear({self._and[key]: 1.0})

    def road_map(self, x: Floats) -> RoadMap:
        """The road map that a solution stands for."""
        starts = {}
        for k in self.free:
            for t in range(max(int(self.earliest[k]), 0), self.periods):
                if x[self.column[k, t]] > 0.5:
                    starts[self.stakes.measures[k]] = t - int(self.stakes.takes[k])
                    break
        return RoadMap(starts)

    def point(self, road_map: RoadMap) -> dict[int, float]:
        """Values of the integer variables at a road map, as a start for the solver."""
        c = self.stakes.completions(road_map)
        return {column: float(c[k] <= t) for (k, t), column in self.column.items() if k in self.free_set}

    def exclude(self, c: Ints) -> Row:
        """The row that rules out exactly the road map with completion periods ``c``."""
        differs = Linear()
        for k in self.free:
            if self.earliest[k] > self.periods - 1:
                continue
            if c[k] < self.periods:
                differs.constant += 1.0
                differs.add(self.comes(k, int(c[k])), -1.0)
            else:
                differs.add(self.x(k, self.periods - 1))
        return differs.at_least(1.0)

    def _variables(self) -> None:
        self.free_set = set(self.free)
        for k in range(len(self.stakes.measures)):
            if self.earliest[k] < 0:
                continue
            for t in range(int(self.earliest[k]), self.periods):
                self.column[k, t] = self.model.variable(0.0, 1.0, integer=k in self.free_set)

    def _never_falls(self) -> None:
        for (k, t), column in self.column.items():
            if (k, t - 1) in self.column and k in self.free_set:
                self.model.rows.append(Row({column: 1.0, self.column[k, t - 1]: -1.0}, low=0.0))

    def _order(self) -> None:
        for k in self.free:
            for p, wait in self.stakes.after[k]:
                if self.earliest[p] < 0:
                    continue
                for t in range(int(self.earliest[k]), self.periods):
                    need = self.x(p, t - int(self.stakes.takes[k]) - wait)
                    self.model.rows.append(self.x(k, t).add(need, -1.0).at_most(0.0))

    def _exclusions(self) -> None:
        last = self.periods - 1
        for a, b in self.stakes.excludes:
            row = self.x(a, last).add(self.x(b, last)).at_most(1.0)
            if row.terms:
                self.model.rows.append(row)

    def _capacity(self) -> None:
        for r in range(self.stakes.uses.shape[0]):
            users = [k for k in self.free if self.stakes.uses[r, k] != 0 and self.stakes.takes[k] > 0]
            for t in range(self.periods if users else 0):
                load = Linear()
                for k in users:
                    under_way = self.x(k, t + int(self.stakes.takes[k])).add(self.x(k, t), -1.0)
                    load.add(under_way, float(self.stakes.uses[r, k]))
                row = load.at_most(float(self.stakes.capacity[t, r]))
                if row.terms:
                    self.model.rows.append(row)

    def _milestones(self) -> None:
        for m in np.flatnonzero(self.stakes.milestone):
            members = self.stakes.members[m]
            for t in range(max(int(self.earliest[m]), 0), self.periods):
                if (int(m), t) not in self.column:
                    continue
                z = self.x(int(m), t)
                every = Linear()
                for k in members:
                    self.model.rows.append(z.times(1.0).add(self.x(k, t), -1.0).at_most(0.0))
                    every.add(self.x(k, t))
                self.model.rows.append(z.times(1.0).add(every, -1.0).at_least(1.0 - len(members)))


def earliest(stakes: Stakes) -> Ints:
    """(N,) first period in which each measure can be in force; -1 if done, ``periods`` if it never can."""
    N, T = len(stakes.measures), stakes.periods
    first = np.where(stakes.done, -1, stakes.takes)
    first[stakes.milestone] = 0
    barred = {b if stakes.done[a] else a for a, b in stakes.excludes if stakes.done[a] != stakes.done[b]}
    first[list(barred)] = T
    for _ in range(N + 1):
        before = first.copy()
        for k in range(N):
            if stakes.members[k]:
                first[k] = max(int(first[x]) for x in stakes.members[k])
            elif not stakes.done[k]:
                for p, wait in stakes.after[k]:
                    start = max(int(first[p]) + wait, 0) if first[p] < T else T
                    first[k] = max(int(first[k]), start + int(stakes.takes[k]))
        first = np.minimum(first, T)
        if (first == before).all():
            break
    return first
