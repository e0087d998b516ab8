"""Road maps that differ from one another by one step: earlier or later, dropped, added, exchanged."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import combinations

from detente.case.road_map import RoadMap
from detente.case.stakes import Stakes

SHIFTS = (-2, -1, 1, 2)
FEW = 96
"""Ways to add a step, or pairs to exchange, that are all tried; of more, so many are picked at random."""


class Moves:
    """The neighbours of road maps of a case. ``all``: whether no ways were left out so far."""

    def __init__(self, st: Stakes, seed: int) -> None:
        self.st, self.all = st, True
        self._rng = random.Random(seed)
        self._free = [k for k, name in enumerate(st.measures) if not st.done[k] and st.owner[k] >= 0]
        self._last = {k: st.periods - 1 - int(st.takes[k]) for k in self._free}
        pairs = [(int(a), int(b)) for a, b in st.excludes]
        self._instead = [*pairs, *((b, a) for a, b in pairs)]

    def of(self, road_map: RoadMap) -> list[RoadMap]:
        """Its neighbours in random order; some may be out of order, excluded or over capacity."""
        found = [*self._moved(road_map), *self._some(list(self._added(road_map)))]
        found += [*self._exchanged(road_map), *self._some(list(self._swapped(road_map)))]
        self._rng.shuffle(found)
        return found

    def _some(self, ways: list[RoadMap]) -> list[RoadMap]:
        if len(ways) <= FEW:
            return ways
        self.all = False
        return self._rng.sample(ways, FEW)

    def _moved(self, road_map: RoadMap) -> Iterator[RoadMap]:
        for name, start in road_map.starts.items():
            last = self._last[self.st.measure_index[name]]
            yield from (road_map.with_start(name, start + d) for d in SHIFTS if 0 <= start + d <= last)
            yield road_map.with_start(name, None)

    def _added(self, road_map: RoadMap) -> Iterator[RoadMap]:
        for k in self._free:
            name = self.st.measures[k]
            if name not in road_map:
                yield from (road_map.with_start(name, t) for t in range(self._last[k] + 1))

    def _exchanged(self, road_map: RoadMap) -> Iterator[RoadMap]:
        """One step instead of another that excludes it."""
        for old, new in self._instead:
            start = road_map.starts.get(self.st.measures[old])
            if start is not None and new in self._last and start <= self._last[new]:
                yield road_map.with_start(self.st.measures[old], None).with_start(self.st.measures[new], start)

    def _swapped(self, road_map: RoadMap) -> Iterator[RoadMap]:
        """Two steps with their dates exchanged."""
        for (a, s), (b, t) in combinations(road_map.starts.items(), 2):
            fits = t <= self._last[self.st.measure_index[a]] and s <= self._last[self.st.measure_index[b]]
            if s != t and fits:
                yield road_map.with_start(a, t).with_start(b, s)
