"""Towards a road map that stands in more worlds: some steps at a time, each foreseen, then looked at exactly.

Shares of a few worlds say little of small changes. So a road map is rated by how much anybody has to spare in each
world, or lacks, blurred: a world in which it nearly stands counts for nearly as much as one in which it just does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from detente.case.road_map import RoadMap
from detente.case.stakes import Floats
from detente.plan.stage import Budget
from detente.worlds.robust.moves import Moves, Starts
from detente.worlds.robust.screen import Screen, View
from detente.worlds.slip import Agreed

BLUR = 0.5
"""The width of the blur, as a part of what is usually to spare or lacking at the beginning."""
LEAP = 8
"""Changes that are foreseen one after the other before the result is looked at exactly."""
FORESEEING = 0.5
"""The part of what is left that may be spent on foreseeing changes, before what was found is looked at."""
LEAST = 1e-4
"""Less than this is no gain."""
FAR = 3.0
"""What lacking a principal's floor costs: so much of the share of worlds for each part of the most it could gain."""
MOST_FAILED = 12
"""Leaps from one road map that come to nothing, before it is given up."""
MOST = 80
"""Changes of which, best first, it is asked whether they keep the rules, before a step is given up."""


Change = frozenset[tuple[int, int | None]]
"""Measures with the periods in which they begin instead, to be remembered."""


@dataclass(frozen=True, eq=False)
class Rules:
    """What a road map must keep besides standing: of one that is to be the answer."""

    agreed: Callable[[RoadMap], Agreed]
    fits: Callable[[RoadMap], bool]
    """In order, within capacity, binding clauses kept."""
    lacks: Callable[[RoadMap], float]
    """How far it falls short of a principal's floor, as a part of the most that it could gain."""
    certified: Callable[[RoadMap], bool]
    margin: float


class Ascent:
    """From one road map on; ``found``: the best so far that keeps all rules, if any does."""

    def __init__(self, screen: Screen, moves: Moves, rules: Rules, start: RoadMap) -> None:
        self.screen, self.moves, self.rules = screen, moves, rules
        self.view = screen.view(rules.agreed(start))
        usual = np.abs(self.view.spare[:-1])
        self.blur = max(BLUR * float(np.median(usual[np.isfinite(usual)])) if np.isfinite(usual).any() else 1.0, 1e-6)
        self.road_map, self.rating = start, self._rated(self.view.spare[:-1], start)
        self._failed = set[Change]()

    def go(self, budget: Budget) -> bool:
        """One leap; False: nothing better is foreseen from here, or the budget is spent."""
        while len(self._failed) < MOST_FAILED and not budget.spent():
            part = budget.part(FORESEEING)
            path = list(self._path(part))
            budget.charge(part)
            if not path:
                return False
            if any(self._better(path[n][1], budget) for n in _ends(len(path))):
                self._failed.clear()
                return True
            self._failed.add(path[0][0])
        return False

    def _better(self, road_map: RoadMap, budget: Budget) -> bool:
        """Look at a road map exactly; take it over if it is better."""
        if budget.spent() or not self.rules.certified(road_map):
            return False
        budget.used += 1
        view = self.screen.view(self.rules.agreed(road_map))
        rating = self._rated(view.spare[:-1], road_map)
        better = rating > self.rating + LEAST
        if better:
            self.view, self.road_map, self.rating = view, road_map, rating
        return better

    def _rated(self, spare: Floats, road_map: RoadMap) -> float:
        return float(self._soft(spare).mean()) - FAR * self.rules.lacks(road_map)

    def _soft(self, spare: Floats) -> Floats:
        """From 0 to 1: how nearly a road map stands where anybody has at least ``spare``."""
        result: Floats = 0.5 * (1 + np.tanh(spare / self.blur))
        return result

    def _path(self, budget: Budget) -> Iterator[tuple[Change, RoadMap]]:
        """Change after change, each the best that is foreseen; not one that came to nothing to begin with."""
        road_map, view, rating = self.road_map, self.view, self.rating
        for n in range(LEAP):
            if budget.spent():
                return
            budget.used += 1
            found = self._best(road_map, view, rating, set() if n else self._failed)
            if found is None:
                return
            starts, road_map, rating = found
            view = view.moved(starts)
            yield frozenset(starts.items()), road_map

    def _best(
        self, road_map: RoadMap, view: View, rating: float, failed: set[Change]
    ) -> tuple[Starts, RoadMap, float] | None:
        """The change that is foreseen to bring most, of those that keep the rules."""
        tried = 0
        lacking = FAR * self.rules.lacks(road_map)
        for about, starts in sorted(self._foreseen(road_map, view), key=lambda x: -x[0]):
            if about <= rating + LEAST and not lacking:
                return None
            if about + lacking <= rating + LEAST or tried >= MOST or frozenset(starts.items()) in failed:
                continue
            other = self.moves.changed(road_map, starts)
            if not self.rules.fits(other):
                continue
            tried += 1
            value = about - FAR * self.rules.lacks(other)
            if value > rating + LEAST:
                return starts, other, value
        return None

    def _foreseen(self, road_map: RoadMap, view: View) -> Iterator[tuple[float, Starts]]:
        """Changes that leave the case itself its margin, each with about the share of worlds."""
        for k in self.moves.free:
            spare = view.dates(k)
            shares = self._soft(spare[:-1]).mean(axis=0)
            now = road_map.starts.get(self.screen.st.measures[k])
            for start in (*range(self.moves.last[k] + 1), None):
                at = -1 if start is None else start
                if start != now and spare[-1, at] >= self.rules.margin:
                    yield float(shares[at]), {k: start}
        for starts in self.moves.several(road_map, self.rules.agreed(road_map).waits):
            spare = view.moved(starts).spare
            if spare[-1] >= self.rules.margin:
                yield float(self._soft(spare[:-1]).mean()), starts


def _ends(n: int) -> list[int]:
    """Where on a path of ``n`` changes to look: at its end, half-way, at its beginning."""
    return sorted({n - 1, (n + 1) // 2 - 1, 0}, reverse=True)
