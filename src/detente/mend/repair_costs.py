"""What it costs to depart from a text: changes first, then what clauses lose and how far dates move.

A step moved, added or dropped is one change; so is one that gives way to another which excludes it, or one that is left
at the step it was to replace (a ban suspended instead of lifted). Among as many changes the *hardship* counts:

    weights of clauses kept as tabled and broken now + (periods by which steps move) / (periods of the calendar)

A missing step counts as in force at the end of the calendar. A clause that must hold weighs its own weight and that of
the heaviest wish of the case besides. Of a text in general terms a clause given up is a change; a step that differs
from the reading is none, and costs the periods by which it moves. A text of which no step is left is no repair.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

import numpy as np

from detente.case.resolved import Clause
from detente.case.road_map import RoadMap
from detente.case.stakes import Floats, Ints, stakes
from detente.mend.repair_text import Text
from detente.plan.aims import Closest
from detente.results.audit import Audit
from detente.results.repair import Change, ChangeKind, Cost

HALF = 0.245
"""Counts of changes are settled when best and bound lie within twice this, which is less than half a change."""

RARELY = 0.25
"""What all changes of a favoured kind together count at most, so that any other change outweighs them."""

NEAR = 0.1
"""Costs are settled when best and bound lie within twice this, in periods."""


class How(IntEnum):
    """How a step stands to the text."""

    TABLED = 0
    MOVED = 1
    EARLIER = 2
    """It gives access and comes earlier."""
    ADDED = 3
    OPENED = 4
    """It gives access and is added."""
    DROPPED = 5
    LEFT = 6
    """It was to replace another, which stays as it is."""
    FREED = 7
    """It is gone; another that it excludes may come."""
    INSTEAD = 8
    """It comes where one that it excludes is gone."""


@dataclass(frozen=True)
class Units:
    """What one change of a kind counts; infinite where it is not allowed."""

    dates: float = math.inf
    measures: float = math.inf
    suspension: float = math.inf
    access: float = math.inf

    @property
    def counts(self) -> Floats:
        """For each way to stand to the text what it counts; a step freed and one instead of it together one change."""
        either = min(self.measures, self.suspension)
        freed = self.measures if math.isfinite(self.measures) else self.suspension
        found = {
            How.TABLED: 0.0, How.MOVED: self.dates, How.EARLIER: min(self.dates, self.access),
            How.ADDED: self.measures, How.OPENED: min(self.measures, self.access), How.DROPPED: self.measures,
            How.LEFT: either, How.FREED: freed,
            How.INSTEAD: either - freed if math.isfinite(freed) else math.inf,
        }  # fmt: skip
        return np.array([found[how] for how in How])

    @property
    def swaps_only(self) -> bool:
        """Whether a step may go only if another comes in its place."""
        return math.isinf(self.measures) and math.isfinite(self.suspension)


EACH = Units(1.0, 1.0, 1.0, 1.0)


class Costs:
    """Costs of departing from a text: as matrices for the search, and as numbers of a road map."""

    def __init__(self, text: Text, judged: Audit, fixed: Collection[str] = ()) -> None:
        """``judged``: the road map of the text; ``fixed``: measures that stay as they are."""
        self.text, self.stakes = text, stakes(text.case)
        self.N, self.T = len(self.stakes.measures), self.stakes.periods
        self.c = self._at(text.road_map)
        self.tabled = np.array([k in text.road_map for k in self.stakes.measures])
        self.free = [k for k in range(self.N) if not self.stakes.done[k] and not self.stakes.members[k]]
        held = {c.id: c.holds for c in judged.clauses}
        self.weights = {c.id: weight(text, c) for c in text.counted if held[c.id]}
        """What breaking each clause that is kept as tabled costs its owner."""
        self.allowed = self.how == How.TABLED
        self.allowed[[k for k, name in enumerate(self.stakes.measures) if name not in fixed]] = True

    # ---------------------------------------------------------------- for the search

    def fewest(self, units: Units, *, add: bool = True) -> Closest:
        """The fewest changes, each at what its kind counts; of a text in general terms the fewest clauses given up.

        ``add`` False: without steps that the text has not, which is soon looked through.
        """
        counts = self._counts(units)
        if not add:
            counts = np.where(np.isin(self.how, (How.ADDED, How.OPENED)), math.inf, counts)
        if not self.text.general:
            return Closest(counts, one_of=self._one_of(units), gap=HALF)
        given_up = dict.fromkeys((c.id for c in self.text.own), 1.0)
        return Closest(counts * self.little, given_up, one_of=self._one_of(units), gap=HALF)

    def least(self, units: Units, within: RoadMap | None = None) -> Closest:
        """The least cost in periods; with ``within`` only what differs there may differ, each in the same way."""
        allowed = np.isfinite(self._counts(units))
        if within is not None:
            there = self.how[np.arange(self.N), self._at(within)]
            allowed &= (self.how == there[:, None]) | (self.how == How.TABLED)
        costs = self._periods.astype(np.float64)
        broken = {id: self.T * w for id, w in self.weights.items()}
        if self.text.general:
            broken |= {c.id: self.change + broken.get(c.id, 0.0) for c in self.text.own}
        else:
            costs += self.change * self._counts(EACH)
        return Closest(np.where(allowed, costs, math.inf), broken, one_of=self._one_of(units), gap=NEAR)

    @cached_property
    def change(self) -> float:
        """What a change costs in the search, in periods: more than any hardship."""
        return self.T * (self.N + sum(self.weights.values())) + 1

    @cached_property
    def little(self) -> float:
        """What one change of a favoured kind counts."""
        return RARELY / (self.N + 1)

    def _counts(self, units: Units) -> Floats:
        """(N, T+1) what each date of each step counts, last: not at all."""
        return np.where(self.allowed, units.counts[self.how], math.inf)

    def _one_of(self, units: Units) -> tuple[tuple[int, ...], ...]:
        """Steps of which one must come: of the text, or it is no repair; of those that may only give way to another."""
        text = tuple(self.free) if self.text.general else (*np.flatnonzero(self.tabled).tolist(), *self.stands_in)
        groups = {k: (k, *(o for o, old in self.stands_in.items() if old == k)) for k in self.stands_in.values()}
        return (*((text,) if text else ()), *(groups.values() if units.swaps_only else ()))

    @cached_property
    def _periods(self) -> Ints:
        """(N, T+1) by how many periods each step moves; one that stands in moves from where the other was."""
        dates = np.arange(self.T + 1)
        moved: Ints = np.abs(dates[None, :] - self.c[:, None])
        for other, old in self.stands_in.items():
            moved[other, :-1] = np.abs(dates[:-1] - self.c[old]) - (self.T - self.c[old])
        return moved

    # ---------------------------------------------------------------- how steps stand to the text

    @cached_property
    def how(self) -> Ints:
        """(N, T+1) how a step stands to the text if it comes into force in a period, last: not at all."""
        found = np.zeros((self.N, self.T + 1), dtype=np.int64)
        for k in self.free:
            opens = k in self.access
            if not self.tabled[k]:
                found[k, :-1] = How.INSTEAD if k in self.stands_in else How.OPENED if opens else How.ADDED
                continue
            found[k, :] = How.MOVED
            found[k, : self.c[k]] = How.EARLIER if opens else How.MOVED
            found[k, -1] = How.LEFT if self.stakes.replaces[k] >= 0 else How.DROPPED
            if k in self.stands_in.values():
                found[k, -1] = How.FREED
            if self.c[k] < self.T:
                found[k, self.c[k]] = How.TABLED
        return found

    @cached_property
    def stands_in(self) -> dict[int, int]:
        """Steps that could stand in for a tabled one, because these all exclude it and each other, and no other."""
        pairs = {frozenset(pair) for pair in self.stakes.excludes}
        found: dict[int, int] = {}
        for k in (k for k in self.free if self.tabled[k]):
            rivals = [o for o in self.free if frozenset((k, o)) in pairs]
            family = {k, *rivals}
            closed = all({*pair} <= family for pair in pairs if pair & family)
            if closed and all(frozenset((a, b)) in pairs for a in rivals for b in rivals if a != b):
                found |= {} if self.tabled[rivals].any() else dict.fromkeys(rivals, k)
        return found

    @cached_property
    def access(self) -> set[int]:
        """Steps that give access to what the text tables."""
        rules = (rule for k in range(self.N) if self.tabled[k] for rule in self.stakes.access[k])
        return {a for rule in rules for a in rule.measures if a in self.free}

    def _at(self, road_map: RoadMap) -> Ints:
        """(N,) when each step comes into force, ``T``: not at all, or after the end."""
        result: Ints = np.minimum(self.stakes.completions(road_map), self.T)
        return result

    # ---------------------------------------------------------------- of a road map

    def changes(self, road_map: RoadMap) -> tuple[Change, ...]:
        """What differs from the text, step by step in the order of the case."""
        names, before, after = self.stakes.measures, self.text.road_map.starts, road_map.starts
        at = self._at(road_map)
        instead = {old: o for o, old in self.stands_in.items() if at[o] < self.T}
        found = []
        for k in self.free:
            how, partner = How(int(self.how[k, at[k]])), None
            if before.get(names[k]) == after.get(names[k]) or how is How.INSTEAD:
                continue
            kind: ChangeKind = KINDS[how]
            if how is How.FREED and k in instead:
                kind, partner = "instead", names[instead[k]]
            if how is How.LEFT and names[self.stakes.replaces[k]] in after:
                kind, partner = "left-at", names[self.stakes.replaces[k]]
            start = after.get(partner if kind == "instead" and partner else names[k])
            found.append(Change(kind, names[k], before.get(names[k]), start, partner))
        return tuple(found)

    def count(self, units: Units, road_map: RoadMap) -> int:
        """How many changes there are of kinds that count one."""
        if self.text.general:
            return 0
        counts = self._counts(units)[np.arange(self.N), self._at(road_map)]
        return int(counts.sum() + 1e-9)

    def uses(self, kind: str, road_map: RoadMap) -> bool:
        """Whether a road map departs from the text by a change of a kind that may save others."""
        ways = {"suspension": {How.LEFT, How.INSTEAD}, "access": {How.EARLIER, How.OPENED}}[kind]
        return bool(ways & {How(int(how)) for how in self.how[np.arange(self.N), self._at(road_map)]})

    def cost(self, road_map: RoadMap, judged: Audit) -> Cost:
        """What a road map costs; ``judged``: its audit."""
        broken = [c.id for c in judged.clauses if not c.holds]
        weights = sum(self.weights.get(id, 0.0) for id in broken)
        moved = int(self._periods[np.arange(self.N), self._at(road_map)][self.free].sum())
        given_up = [c.id for c in self.text.own if c.id in broken] if self.text.general else []
        count = len(given_up) if self.text.general else len(self.changes(road_map))
        return Cost(count, weights, moved, self.T)

    def undone(self, road_map: RoadMap, change: Change) -> RoadMap:
        """The road map with one change of its steps taken back."""
        if change.measure is None:
            return road_map
        if change.kind == "instead" and change.partner is not None:
            road_map = road_map.with_start(change.partner, None)
        return road_map.with_start(change.measure, change.before)


KINDS: dict[How, ChangeKind] = {
    How.TABLED: "moved", How.MOVED: "moved", How.EARLIER: "moved", How.ADDED: "added", How.OPENED: "added",
    How.DROPPED: "dropped", How.LEFT: "dropped", How.FREED: "dropped",
}  # fmt: skip
"""What a change is called."""


def weight(text: Text, clause: Clause) -> float:
    """What breaking a clause costs its owner."""
    heaviest = max((c.weight for c in text.case.clauses if c.strength == "want"), default=0)
    return float(clause.weight + (heaviest if clause.strength == "must" else 0))
