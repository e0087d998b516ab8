"""A road map in a world where work takes longer than was thought when it was agreed.

What was agreed is dates in an order. A step keeps its date unless what it waits for comes later; then it starts as
soon as it may: after its prerequisites, after what it replaces, after what the order clauses that the road map keeps
put before it, and once capacity is free. A step that would no longer come within the case, or that rests on one that
does not, falls away; who was to be paid by it has less reason to stay.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from detente.audit.structure import structural
from detente.case.clauses import AllBeforeAny, Before, Term, evaluate
from detente.case.resolved import ResolvedCase
from detente.case.road_map import RoadMap


@dataclass(frozen=True)
class Agreed:
    """A road map as agreed, with the order in which its steps wait for each other."""

    road_map: RoadMap
    waits: Mapping[str, tuple[tuple[str, int | None], ...]]
    """For each step what must be in force before, and for how long (None: as the case at hand says)."""
    fixed: bool = False
    """It is out of order or over capacity as agreed already: nothing is mended, it is judged as it is."""


def agreed(case: ResolvedCase, road_map: RoadMap, order: Sequence[Term] = ()) -> Agreed:
    """The road map with its waits: those of its measures, and those of the ``order`` clauses that it keeps."""
    waits: dict[str, list[tuple[str, int | None]]] = {k: [] for k in road_map.starts}
    for k in road_map.starts:
        m = case.measures[k]
        waits[k] += [(a.measure, None) for a in m.after]
        waits[k] += [(m.replaces.measure, None)] if m.replaces else []
    for first, then, wait in _pairs(case, road_map, order):
        waits[then].append((first, wait))
    fixed = bool(structural(case, road_map))
    return Agreed(road_map, {k: tuple(dict.fromkeys(w)) for k, w in waits.items()}, fixed)


def _pairs(case: ResolvedCase, road_map: RoadMap, order: Sequence[Term]) -> Iterator[tuple[str, str, int]]:
    there = {k for k, m in case.measures.items() if m.done or m.members is not None} | set(road_map.starts)
    for term in order:
        if not isinstance(term, Before | AllBeforeAny) or not evaluate(term, case, road_map.starts)[0]:
            continue
        if isinstance(term, Before):
            pairs = [(term.first, term.then, term.wait)]
        else:
            groups = case.groups
            pairs = [(a, b, 1) for a in groups[term.first].members for b in groups[term.then].members]
        yield from ((a, b, n) for a, b, n in pairs if b in road_map.starts and a in there)


def slipped(world: ResolvedCase, plan: Agreed) -> RoadMap:
    """The road map as it comes about in a world."""
    if plan.fixed:
        return plan.road_map
    slip = _Slip(world, plan)
    slip.settle()
    return RoadMap(slip.kept(), plan.road_map.name)


class _Slip:
    def __init__(self, world: ResolvedCase, plan: Agreed) -> None:
        self.world, self.plan, self.T = world, plan, world.periods
        self.starts = dict(plan.road_map.starts)
        places = {k: n for n, k in enumerate(world.measures)}
        self.order = sorted(self.starts, key=lambda k: (plan.road_map.starts[k], places[k]))

    def settle(self) -> None:
        """Move steps to later periods until all waits and capacities are kept."""
        while self._push() or self._unload():
            pass

    def kept(self) -> dict[str, int]:
        """Starts of the steps that come within the case."""
        kept = {k: s for k, s in self.starts.items() if s + self.world.measures[k].takes < self.T}
        while True:
            lost = [k for k in kept if any(not self._there(p, kept) for p, _ in self.plan.waits[k])]
            if not lost:
                return kept
            for k in lost:
                del kept[k]

    def _there(self, name: str, kept: Mapping[str, int]) -> bool:
        m = self.world.measures[name]
        if m.members is not None:
            return all(self._there(x, kept) for x in m.members)
        return m.done or name in kept

    def _force(self, name: str) -> int:
        m = self.world.measures[name]
        if m.members is not None:
            return max(self._force(x) for x in m.members)
        if m.done:
            return -1
        return min(self.starts.get(name, self.T) + m.takes, self.T)

    def _push(self) -> bool:
        moved = False
        for k in self.order:
            soonest = max((self._force(p) + self._wait(k, p, w) for p, w in self.plan.waits[k]), default=0)
            if min(soonest, self.T) > self.starts[k]:
                self.starts[k], moved = min(soonest, self.T), True
        return moved

    def _wait(self, k: str, before: str, wait: int | None) -> int:
        if wait is not None:
            return wait
        m = self.world.measures[k]
        links = [*m.after, *([m.replaces] if m.replaces else [])]
        return max(a.wait for a in links if a.measure == before)

    def _unload(self) -> bool:
        """Put off one step of the first period in which a capacity is exceeded: the one agreed for the latest date."""
        for resource in self.world.resources.values():
            users = [k for k in self.order if resource.uses.get(k)]
            for t in range(self.T):
                busy = [k for k in users if self.starts[k] <= t < self.starts[k] + self.world.measures[k].takes]
                if sum(resource.uses[k] for k in busy) > resource.capacity[t]:
                    self.starts[busy[-1]] = t + 1
                    return True
        return False
