"""A road map in a world where work takes longer than was thought when it was agreed, and steps are put off.

What was agreed is dates in an order. A step keeps its date unless what it waits for comes later; then it starts as
soon as it may: after its prerequisites, after what it replaces, after what the order clauses that the road map keeps
put before it, and once capacity is free. A step that would no longer come within the case, or that rests on one that
does not, falls away; who was to be paid by it has less reason to stay.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from detente.audit.structure import structural
from detente.case.batch import Batch, column, whole
from detente.case.clauses import AllBeforeAny, Before, Term, evaluate
from detente.case.resolved import ResolvedCase
from detente.case.road_map import RoadMap
from detente.case.stakes import NEVER, Bools, Ints

ROUNDING = 1e-9
"""A capacity exceeded by less than this part of it is not exceeded."""


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


def slipped(b: Batch, plan: Agreed, delays: Ints | None = None) -> Ints:
    """(n, N) the starts of all steps as they come about in each world; ``NEVER`` for what is not done.

    ``delays`` (n, N): by how many periods each step is put off once it is due. What is out of order as agreed already
    is left at its dates.
    """
    slip = _Slip(b, plan, whole(0, b.n)[:, None] if delays is None or plan.fixed else delays)
    if not plan.fixed:
        slip.settle()
        slip.give_up()
    return slip.starts


def completions(b: Batch, starts: Ints) -> Ints:
    """(n, N) periods from which measures are in force in each world: -1 done, ``NEVER`` absent or too late."""
    st = b.like
    c = np.where(starts < NEVER, starts + b.takes, NEVER)
    c[:, st.done] = -1
    for m, members in enumerate(st.members):
        if members:
            c[:, m] = c[:, list(members)].max(axis=1)
    return c


class _Slip:
    """The starts of a road map in many worlds, until all waits and capacities are kept."""

    def __init__(self, b: Batch, plan: Agreed, delays: Ints) -> None:
        self.b, self.st, self.T = b, b.like, b.like.periods
        self.delays = np.broadcast_to(delays, (b.n, len(b.like.measures)))
        place = self.st.measure_index
        self.starts = np.full((b.n, len(place)), NEVER)
        for name, start in plan.road_map.starts.items():
            self.starts[:, place[name]] = start + self.delays[:, place[name]]
        agreed = {place[name]: start for name, start in plan.road_map.starts.items()}
        self.order = sorted(agreed, key=lambda k: (agreed[k], k))
        self.waits = {
            place[name]: [(place[p], b.waits(name)[p] if wait is None else whole(wait, b.n)) for p, wait in waits]
            for name, waits in plan.waits.items()
        }
        resources = b.case.resources.values()
        self.uses = [{place[k]: column(x, b.n) for k, x in r.uses.items() if place[k] in agreed} for r in resources]
        self.capacity = [np.stack([column(x, b.n) for x in r.capacity], axis=1) for r in resources]

    def settle(self) -> None:
        """Move steps to later periods until all waits and capacities are kept."""
        moved = np.ones(self.b.n, dtype=np.bool_)
        while moved.any():
            self._push()
            moved = self._unload()

    def give_up(self) -> None:
        """Drop the steps that do not come within the case, and what waits for them."""
        late = (self.starts < NEVER) & (self.starts + self.b.takes >= self.T)
        while late.any():
            self.starts[late] = NEVER
            late = np.zeros_like(late)
            for k in self.order:
                for p, _ in self.waits[k]:
                    late[:, k] |= (self.starts[:, k] < NEVER) & ~self._there(p)

    def _there(self, p: int) -> Bools:
        """(n,) whether a measure is done or on the road map."""
        if self.st.members[p]:
            members: Bools = np.logical_and.reduce([self._there(x) for x in self.st.members[p]])
            return members
        there: Bools = (self.starts[:, p] < NEVER) | bool(self.st.done[p])
        return there

    def _force(self, p: int) -> Ints:
        """(n,) the period from which a measure is in force, T at the latest."""
        if self.st.members[p]:
            members: Ints = np.maximum.reduce([self._force(x) for x in self.st.members[p]])
            return members
        if self.st.done[p]:
            return np.full(self.b.n, -1)
        when: Ints = np.minimum(np.minimum(self.starts[:, p], self.T) + self.b.takes[:, p], self.T)
        return when

    def _push(self) -> None:
        """Put off whatever waits for something later."""
        moved = True
        while moved:
            moved = False
            for k in self.order:
                for p, wait in self.waits[k]:
                    soonest = np.minimum(self._force(p) + wait + self.delays[:, k], self.T)
                    late = soonest > self.starts[:, k]
                    if late.any():
                        self.starts[late, k], moved = soonest[late], True

    def _unload(self) -> Bools:
        """(n,) where a capacity is exceeded: there a step of the first such period is put off, the one agreed last."""
        moved = np.zeros(self.b.n, dtype=np.bool_)
        t = np.arange(self.T)
        for uses, capacity in zip(self.uses, self.capacity, strict=True):
            users = [k for k in self.order if k in uses]
            if not users:
                continue
            begin = self.starts[:, users][:, :, None]
            needs = np.stack([uses[k] for k in users], axis=1)
            busy = (begin <= t) & (t < begin + self.b.takes[:, users][:, :, None]) & (needs > 0)[:, :, None]
            excess = (busy * needs[:, :, None]).sum(axis=1) > capacity * (1 + ROUNDING)
            over = excess.any(axis=1) & ~moved
            first = excess.argmax(axis=1)
            last = len(users) - 1 - busy[np.arange(self.b.n), :, first][:, ::-1].argmax(axis=1)
            rows = np.flatnonzero(over)
            self.starts[rows, np.array(users)[last[rows]]] = first[rows] + 1
            moved |= over
        return moved
