"""Towards a road map that stands in one world: from the known one that comes nearest, some steps at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from detente.case.road_map import RoadMap
from detente.case.stakes import Bools, Floats, Stakes
from detente.incentives.kept import scales
from detente.plan.stage import Budget
from detente.worlds.robust.ascent import Ascent, Rules
from detente.worlds.robust.moves import Moves
from detente.worlds.robust.screen import Screen
from detente.worlds.robust.trial import Trial
from detente.worlds.slip import Agreed


class Tailor:
    """Knows road maps, and how each fares in the worlds of a trial.

    ``allowed``: whether a road map may be told of; whether it stands is asked of the world.
    """

    def __init__(
        self,
        trial: Trial,
        st: Stakes,
        who: Sequence[int],
        agreed: Callable[[RoadMap], Agreed],
        allowed: Callable[[RoadMap], bool],
    ) -> None:
        self.trial, self.st, self.who = trial, st, tuple(who)
        self.known: list[RoadMap] = []
        self.seen: Bools = np.zeros(trial.n, dtype=np.bool_)
        """(n,) in which worlds a road map that is known and allowed stands"""
        self._spare: list[Floats] = []
        self._begun: dict[int, set[int]] = {}
        self._scale = np.maximum(scales(st), 1e-9)
        self._moves = Moves(st, 0)
        self._allowed = allowed
        self._rules = Rules(agreed, allowed, lambda x: 0.0, lambda x: True, -np.inf)

    def learn(self, road_maps: Iterable[RoadMap]) -> None:
        """Look at road maps in all worlds; those known already, and doing nothing, are passed over."""
        for road_map in road_maps:
            if road_map.starts and road_map not in self.known:
                plan = self._rules.agreed(road_map)
                self.known.append(road_map)
                self._spare.append(self._least(plan))
                if self._allowed(road_map):
                    self.seen |= self.trial.stands(plan)

    def fit(self, row: int, budget: Budget) -> bool:
        """Make a road map that stands in one world, from the nearest that was not begun with there before."""
        begun = self._begun.setdefault(row, set())
        left = [n for n in range(len(self.known)) if n not in begun]
        if not left or budget.spent():
            return False
        best = max(left, key=lambda n: self._spare[n][row])
        begun.add(best)
        world = self.trial.part(row, row + 1)
        ascent = Ascent(Screen(world, self.st, self._moves.free, self.who), self._moves, self._rules, self.known[best])
        while not self._stands(ascent, world):
            if not ascent.go(budget):
                return False
        self.learn([ascent.road_map])
        return True

    def _stands(self, ascent: Ascent, world: Trial) -> bool:
        if ascent.view.spare[0] < 0 or not self._allowed(ascent.road_map):
            return False
        return bool(world.stands(self._rules.agreed(ascent.road_map))[0])

    def _least(self, plan: Agreed) -> Floats:
        """(n,) the least that anybody with a step has to spare, in its scale."""
        least = np.empty(self.trial.n)
        for alike in self.trial.alike:
            seen = alike.outlook(plan)
            spare = np.minimum(seen.margin.min(axis=1), seen.signing) / self._scale
            least[alike.rows] = np.where(seen.players, spare, np.inf).min(axis=1)
        return least
