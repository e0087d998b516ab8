"""A road map where work takes longer than was thought, one world and one step after another."""

from __future__ import annotations

from collections.abc import Mapping

from detente.case.resolved import ResolvedCase
from detente.case.road_map import RoadMap
from detente.worlds.slip import Agreed


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
