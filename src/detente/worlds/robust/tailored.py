"""Towards a road map that stands in one world: from the known one that comes nearest, some steps at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np

from detente.case.road_map import RoadMap
from detente.case.stakes import Bools, Floats, Stakes
from detente.incentives.kept import scales
from detente.plan.stage import Budget
from detente.worlds.robust.ascent import Ascent, Rules
from detente.worlds.robust.moves import Moves
from detente.worlds.robust.screen import Screen
from detente.worlds.robust.trial import Alike, Trial, has_votes
from detente.worlds.slip import Agreed

ROUNDING = 1e-4
"""Where no more than this is lacking to anybody, in its scale, it is looked at exactly."""


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
        self._votes = has_votes(st.case)
        self._moves = Moves(st, 0)
        self._allowed = allowed
        self._rules = Rules(agreed, allowed, lambda x: 0.0, lambda x: True, -np.inf)

    def learn(self, road_maps: Iterable[RoadMap]) -> None:
        """Look at road maps where none stands yet; those known already, and doing nothing, are passed over."""
        for road_map in road_maps:
            if road_map.starts and road_map not in self.known:
                self.known.append(road_map)
                self._spare.append(self._looked(self._rules.agreed(road_map), told=self._allowed(road_map)))

    def _looked(self, plan: Agreed, *, told: bool) -> Floats:
        """(n,) the least that anybody with a step has to spare, in its scale; ``told``: say where it stands."""
        least = np.full(self.trial.n, np.inf)
        for alike in self._unseen():
            seen = alike.outlook(plan)
            spare = np.minimum(seen.margin.min(axis=1), seen.signing) / self._scale
            least[alike.rows] = spare = np.where(seen.players, spare, np.inf).min(axis=1)
            hopeful = np.ones(len(spare), dtype=np.bool_) if self._votes else spare > -ROUNDING
            if told and hopeful.any():
                some = alike if hopeful.all() else alike.only(hopeful)
                self.seen[some.rows] |= some.stands(plan)
        return least

    def _unseen(self) -> Iterator[Alike]:
        for alike in self.trial.alike:
            keep = ~self.seen[alike.rows]
            if keep.any():
                yield alike if self._votes or keep.all() else alike.only(keep)

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
