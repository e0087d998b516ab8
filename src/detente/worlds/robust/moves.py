"""Road maps that differ from one another by a step, or by a step with all that waits for it."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import TypeVar

from detente.case.road_map import RoadMap
from detente.case.stakes import Stakes

Way = TypeVar("Way", RoadMap, dict[int, int | None])

SHIFTS = (-2, -1, 1, 2)
FEW = 96
"""Ways to add a step, or pairs to exchange, that are all tried; of more, so many are picked at random."""

Starts = dict[int, int | None]
"""Measures with the periods in which they begin instead; None: not at all."""


class Moves:
    """The neighbours of road maps of a case. ``all``: whether no ways were left out so far."""

    def __init__(self, st: Stakes, seed: int) -> None:
        self.st, self.all = st, True
        self._rng = random.Random(seed)
        self.free = [k for k, name in enumerate(st.measures) if not st.done[k] and st.owner[k] >= 0]
        self.last = {k: st.periods - 1 - int(st.takes[k]) for k in self.free}
        pairs = [(int(a), int(b)) for a, b in st.excludes]
        self._instead = [*pairs, *((b, a) for a, b in pairs)]

    def of(self, road_map: RoadMap) -> list[RoadMap]:
        """Its neighbours in random order; some may be out of order, excluded or over capacity."""
        found = [*self._moved(road_map), *self._some(list(self._added(road_map)))]
        found += [self.changed(road_map, x) for x in self._exchanged(road_map)]
        found += [self.changed(road_map, x) for x in self._some(list(self._swapped(road_map)))]
        self._rng.shuffle(found)
        return found

    def several(self, road_map: RoadMap, waits: Mapping[str, tuple[tuple[str, int | None], ...]]) -> Iterator[Starts]:
        """Changes of more than one step: a step with all that waits for it moved or left out, one step
        instead of another, all from some period on moved. ``waits``: for each step what must be in force before it."""
        for name in road_map.starts:
            line = _resting(name, waits)
            if len(line) > 1:
                yield {self.st.measure_index[x]: None for x in line}
                yield from (self._shifted(road_map, line, d) for d in (2 * SHIFTS[0], *SHIFTS, 2 * SHIFTS[-1]))
        for t in sorted(set(road_map.starts.values()))[1:]:
            later = [name for name, start in road_map.starts.items() if start >= t]
            yield from (self._shifted(road_map, later, d) for d in SHIFTS)
        yield from self._exchanged(road_map)

    def changed(self, road_map: RoadMap, starts: Starts) -> RoadMap:
        """A road map with some measures begun in other periods."""
        for k, start in starts.items():
            road_map = road_map.with_start(self.st.measures[k], start)
        return road_map

    def _shifted(self, road_map: RoadMap, names: list[str], d: int) -> Starts:
        """Some steps ``d`` periods later; one that then lies outside the case is left out."""
        found: Starts = {}
        for name in names:
            k, start = self.st.measure_index[name], road_map.starts[name] + d
            found[k] = start if 0 <= start <= self.last[k] else None
        return found

    def _some(self, ways: list[Way]) -> list[Way]:
        if len(ways) <= FEW:
            return ways
        self.all = False
        return self._rng.sample(ways, FEW)

    def _moved(self, road_map: RoadMap) -> Iterator[RoadMap]:
        for name, start in road_map.starts.items():
            last = self.last[self.st.measure_index[name]]
            yield from (road_map.with_start(name, start + d) for d in SHIFTS if 0 <= start + d <= last)
            yield road_map.with_start(name, None)

    def _added(self, road_map: RoadMap) -> Iterator[RoadMap]:
        for k in self.free:
            name = self.st.measures[k]
            if name not in road_map:
                yield from (road_map.with_start(name, t) for t in range(self.last[k] + 1))

    def _exchanged(self, road_map: RoadMap) -> Iterator[Starts]:
        """One step instead of another that excludes it."""
        for old, new in self._instead:
            start = road_map.starts.get(self.st.measures[old])
            if start is not None and new in self.last and start <= self.last[new]:
                yield {old: None, new: start}

    def _swapped(self, road_map: RoadMap) -> Iterator[Starts]:
        """Two steps with their dates exchanged."""
        at = {self.st.measure_index[name]: start for name, start in road_map.starts.items()}
        for (a, s), (b, t) in combinations(at.items(), 2):
            if s != t and t <= self.last[a] and s <= self.last[b]:
                yield {a: t, b: s}


def _resting(name: str, waits: Mapping[str, tuple[tuple[str, int | None], ...]]) -> list[str]:
    """A step and all that waits for it, directly or not."""
    found = [name]
    for x in found:
        found += [y for y, before in waits.items() if y not in found and any(p == x for p, _ in before)]
    return found
