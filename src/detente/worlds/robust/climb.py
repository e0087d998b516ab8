"""The search for the road map that stands in most of some worlds.

Road maps wait in a queue, those first that stand in the largest share of the worlds in which they were tried. One that
comes up is tried in further worlds; once it was tried in all, its neighbours join the queue. Those that may not be the
answer are passed through last of all. Where nothing was left out and the queue runs empty, every road map was looked
at.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import count

from detente.case.road_map import RoadMap
from detente.case.stakes import Bools
from detente.plan.stage import Budget
from detente.worlds.robust.moves import Moves
from detente.worlds.robust.trial import Trial, shares

Judge = Callable[[RoadMap], float | None]
"""The least relative margin of a road map that may be the answer; None for others."""
UNLIKELY, LAST = -0.5, -1.0
"""In place of a share: neighbours of what cannot be the answer, and what cannot be the answer itself."""


@dataclass(eq=False)
class Tried:
    """A road map with the worlds in which it was tried so far."""

    road_map: RoadMap
    margin: float
    stands: list[Bools]

    @property
    def share(self) -> float:
        """Share of those worlds in which it stands."""
        return shares(self.stands)


class Climb:
    """Searches until its budget is spent, or nothing is left to look at."""

    def __init__(
        self, trials: Sequence[Trial], judge: Judge, stands: Callable[[Trial, RoadMap], Bools], moves: Moves
    ) -> None:
        self.trials, self.moves = trials, moves
        self._judge, self._stands = judge, stands
        self._queue: list[tuple[float, int, RoadMap, Tried | None]] = []
        self._order, self._known = count(), set[RoadMap]()
        self.best: Tried | None = None
        self.tried = 0
        """Road maps tried in at least some worlds."""
        self.witnesses: list[Tried] = []

    @property
    def complete(self) -> bool:
        """Whether no road map does better: every one was looked at, or the best stands in all worlds."""
        certain = self.best is not None and self.best.share == 1.0
        return certain or (self.moves.all and not self._queue)

    def offer(self, road_maps: Iterable[RoadMap], share: float = 1.0) -> None:
        """Let road maps join the queue as if they stood in so large a share of worlds."""
        for road_map in road_maps:
            if road_map not in self._known:
                self._known.add(road_map)
                self._wait(share, road_map, None)

    def _wait(self, share: float, road_map: RoadMap, tried: Tried | None) -> None:
        heapq.heappush(self._queue, (-share, next(self._order), road_map, tried))

    def go(self, budget: Budget, told: Callable[[Climb], None], *, only_offered: bool = False) -> None:
        """Look at what waits; ``only_offered``: without going on to neighbours."""
        left = []
        while self._queue and not self.complete and not budget.spent():
            key, _, road_map, tried = heapq.heappop(self._queue)
            if only_offered and (key >= 0 or (tried is not None and len(tried.stands) == len(self.trials))):
                left.append((key, next(self._order), road_map, tried))
                continue
            budget.used += 1
            self._next(key, road_map, tried)
            told(self)
        for entry in left:
            heapq.heappush(self._queue, entry)

    def _next(self, key: float, road_map: RoadMap, tried: Tried | None) -> None:
        if key == -LAST:
            self._spread(road_map, UNLIKELY)
            return
        if tried is None:
            margin = self._judge(road_map)
            if margin is None:
                self._wait(LAST, road_map, None)
                return
            self.tried += 1
            tried = Tried(road_map, margin, [])
            self.witnesses.append(tried)
        if len(tried.stands) == len(self.trials):
            self._spread(road_map, tried.share)
            return
        tried.stands.append(self._stands(self.trials[len(tried.stands)], road_map))
        if len(tried.stands) == len(self.trials):
            self._compare(tried)
        self._wait(tried.share, road_map, tried)

    def _compare(self, tried: Tried) -> None:
        best = self.best
        if best is None or (tried.share, tried.margin) > (best.share, best.margin):
            self.best = tried

    def _spread(self, road_map: RoadMap, share: float) -> None:
        self.offer(self.moves.of(road_map), share)
