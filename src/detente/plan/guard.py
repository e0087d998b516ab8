"""What a road map must still stand when some numbers are wrong: looks at it within a budget of errors.

A quantity that falls short is told with the point at which it does; rows that hold at that point keep the solver from
claiming it again (see :mod:`detente.plan.point_rows`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from detente.incentives.budget.points import Point, tables_at, worst_point
from detente.incentives.budget.rows import Rows
from detente.incentives.budget.staying import Quantity, Staying, no_deal
from detente.incentives.kept import kept
from detente.incentives.tables import Tables
from detente.incentives.walk import walk
from detente.plan.poll import TINY, paying
from detente.plan.scout import Scout, Sighting, Temptation

POINTS_AT_ONCE = 3
"""Points of one party told of one road map, worst first."""

NODES = 20_000
"""Nodes of the search for cheats on more than two measures at a point."""


@dataclass(eq=False)
class Guard:
    """Looks at road maps within one budget of errors; ``scout`` for what is constant."""

    rows: Rows
    scout: Scout
    _tables: dict[Point, Tables] = field(default_factory=dict)

    def tables(self, point: Point) -> Tables:
        """Tables at a point, as its party is paid."""
        if point not in self._tables:
            self._tables[point] = tables_at(self.rows, point)
        return self._tables[point]

    def reserve(self, point: Point) -> float:
        """What no deal is worth to the party of a point there."""
        steps = dict(point.steps)
        values, mine = no_deal(self.rows, point.party), self.rows.number[self.rows.of(point.party)]
        return float(values[0]) + sum(
            float(v) * steps.get(int(n), 0.0) for v, n in zip(values[1:], mine[1:], strict=True)
        )

    def look(self, seen: Sighting) -> Sighting:
        """The same look with what falls short within the budget, if nothing does at central values."""
        if seen.unsigned or seen.uncarried or any(t.margin < -TINY for t in seen.temptations):
            return seen
        road, found, least = Staying(self.rows, seen.c), list(seen.temptations), seen.least
        for i in road.players:
            some = list(self._walking(road, i, seen))
            least = min(least, *(m for _, m, counts in some if counts), np.inf)
            found += self._told(some, i, seen.level)
        signing = [road.signing(i) for i in road.players]
        found += [self._unsigned(q) for q in signing if q.least < -TINY * self.scout.unit[q.party]]
        if all(t.margin >= -TINY for t in found):
            for i in road.players:
                some = [(q, self._relative(q), True) for q in road.cheating(i)]
                least = min(least, *(m for _, m, _ in some if self.scout.K[i] > 0), np.inf)
                told = self._told(some, i, seen.level)
                found += told or self._larger(road, i, some, seen)
        found.sort(key=lambda t: t.margin)
        return replace(seen, temptations=tuple(found), least=least)

    def _relative(self, q: Quantity) -> float:
        return q.least / float(self.scout.unit[q.party])

    def _walking(self, road: Staying, i: int, seen: Sighting) -> Iterator[tuple[Quantity, float, bool]]:
        """Each period's way of walking out that can gain most, what staying gains in i's scale, and if that counts."""
        felt = self.scout.felt(seen.c, i, walk(self.scout.tb, seen.c).left[i])
        for q in road.walking(i):
            yield q, self._relative(q), bool(felt[q.period] and self.scout.K[i] > 0)

    def weakest(self, seen: Sighting) -> list[Quantity]:
        """For each party that can leave what comes nearest to being short: of staying, and of signing."""
        road, found = Staying(self.rows, seen.c), []
        for i in road.players:
            counting = [q for q, _, counts in self._walking(road, i, seen) if counts]
            found += sorted([*counting, *road.cheating(i)], key=lambda q: q.least)[:1]
            found.append(road.signing(i))
        return sorted(found, key=self._relative)

    def _told(self, some: list[tuple[Quantity, float, bool]], i: int, level: float) -> list[Temptation]:
        """The worst of what falls short, at different points."""
        told: dict[tuple[Point, object], Temptation] = {}
        for q, m, counts in sorted(some, key=lambda x: x[1]):
            asked = level if counts and self.scout.K[i] > 0 else 0.0
            if m >= asked - TINY or len(told) >= POINTS_AT_ONCE:
                continue
            point = worst_point(self.rows, i, q.values)
            told.setdefault((point, q.cheat), Temptation(i, q.period, q.cheat, m, point=point))
        return list(told.values())

    def _unsigned(self, q: Quantity) -> Temptation:
        return Temptation(q.party, 0, None, self._relative(q), point=worst_point(self.rows, q.party, q.values))

    def _larger(
        self, road: Staying, i: int, some: list[tuple[Quantity, float, bool]], seen: Sighting
    ) -> list[Temptation]:
        """Cheats on any number of measures that gain at the point that is worst for the tightest cheat on few."""
        if not some:
            return []
        q = min(some, key=lambda x: x[1])[0]
        point = worst_point(self.rows, i, q.values)
        tb, unit = self.tables(point), float(self.scout.unit[i])
        V = kept(tb, seen.c)[:, i]
        level = seen.level if self.scout.K[i] > 0 else 0.0
        pays = paying(tb, seen.c, i, V - (level - TINY) * unit, NODES)
        return [Temptation(i, t, cheat, float(V[t] - y) / unit, point=point) for t, cheat, y in pays]
