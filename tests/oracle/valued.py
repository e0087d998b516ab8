"""One road map, in the arithmetic of given tables: V, W, C, and which breaches are vacuous."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from tests.oracle.reading import Measure
from tests.oracle.tables import NO_CHEAT, Number, Starts, Tables, Vector


class Valued:
    """One road map, with nothing due after T-1, in these tables."""

    def __init__(self, tables: Tables, starts: Starts) -> None:
        self.tables, self.case, self.starts = tables, tables.case, starts
        self.measures = tables.case.works
        self.due = {k.name: tables.due(k, s) for k, s in zip(self.measures, starts, strict=True)}
        self.new = {k.name: self._replaced_in(k.name) for k in self.measures}
        self.on = [(k, s) for k, s in zip(self.measures, starts, strict=True) if s is not None or k.done]
        acting = {k.by for k, _ in self.on}
        self.players = tuple(i for i in self.case.parties if i in acting)

    def _replaced_in(self, name: str) -> int | None:
        dates = [self.due[new] for new in self.case.replacers.get(name, ())]
        return min((date for date in dates if date is not None), default=None)

    def kept(self, i: str) -> Vector:
        """V_i, t = 0 ... last."""
        total = self.tables.base_kept(i)
        for k, start in self.on:
            total = total + self.tables.kept_vector(k, start, self.new[k.name], i)
        return self._plus_milestones(total, i, "kept", frozenset(), NO_CHEAT)

    def _plus_milestones(
        self, total: Vector, i: str, kind: str, alone: frozenset[str], cheat: tuple[int, frozenset[str]]
    ) -> Vector:
        for m in self.case.milestones:
            if not m.to(i).is_nothing:
                total = total + self.tables.milestone_value(m, self.starts, i, kind, alone, cheat)
        return total

    def left(self, i: str, found: bool, cheat: tuple[int, frozenset[str]] = NO_CHEAT) -> Vector:
        """W_i(.|S), or F_i(.|S) if `found`: the best over all sets of milestones left alone."""
        best = None
        for alone in self.ways_alone(i):
            total = self._left(i, found, alone, cheat)
            best = total if best is None else np.maximum(best, total)
        return best

    def ways_alone(self, i: str) -> Iterator[frozenset[str]]:
        """Sets of i's measures it may leave alone, for all sets of milestones."""
        spared = {frozenset(self._spareable(m, i)) for m in self.case.milestones} - {frozenset()}
        ordered = sorted(spared, key=sorted)
        for size in range(len(ordered) + 1):
            for some in combinations(ordered, size):
                yield frozenset().union(*some)

    def _spareable(self, m: Measure, i: str) -> Iterator[str]:
        for name in self.tables.chains[m.name]:
            k = self.case.measures[name]
            if k.by == i and k.undo is not None and k.withdrawal == "if-credible":
                yield name

    def _left(self, i: str, found: bool, alone: frozenset[str], cheat: tuple[int, frozenset[str]]) -> Vector:
        begun, members = cheat
        total = self.tables.base_left(i, found)
        for k, start in self.on:
            if k.name not in members:
                part = self.tables.left_vector(k, start, self.new[k.name], i, found, k.name in alone)
            elif self._faked(k.name, begun):
                continue
            else:
                part = self.tables.secret_vector(k, i, begun)
            total = total + part
        return self._plus_milestones(total, i, "found" if found else "walk", alone, cheat)

    def _faked(self, name: str, begun: int) -> bool:
        due = self.due[name]
        return due is None or due >= begun

    # covert

    def cheats(self, i: str, t0: int) -> Iterator[frozenset[str]]:
        """All sets on which i can begin to cheat in t0."""
        every = [k.name for k, _ in self.on if k.by == i and not k.public]
        every = [name for name in every if self._faked(name, t0) or self.case.measures[name].undo is not None]
        for size in range(1, len(every) + 1):
            for some in combinations(every, size):
                yield frozenset(some)

    def covert(self, i: str, t0: int, members: frozenset[str]) -> Number:
        """C_i(S,t0)."""
        cheat, party = (t0, members), self.case.parties[i]
        h = self._found(t0, members)
        delta, leaving = self.tables.num(party.discount), self.tables.num(party.exit_cost)
        now = self._cheating_pay(i, cheat).tolist()
        walk, found = self.left(i, False, cheat).tolist(), self.left(i, True, cheat).tolist()
        last = self.tables.last - 1
        a = now[last] - h[last] * leaving + delta * h[last] * found[last + 1]
        goes_on = delta * (1 - h[last])
        value = max(a / (1 - goes_on), a + goes_on * walk[last + 1])
        for t in range(last - 1, t0 - 1, -1):
            value = now[t] - h[t] * leaving + delta * ((1 - h[t]) * max(value, walk[t + 1]) + h[t] * found[t + 1])
        return value

    def _cheating_pay(self, i: str, cheat: tuple[int, frozenset[str]]) -> Vector:
        begun, members = cheat
        total = self.tables.base_pay(i)
        for k, start in self.on:
            if k.name not in members:
                total = total + self.tables.pay_vector(k, start, self.new[k.name], i)
            elif not self._faked(k.name, begun):
                total = total + self.tables.secret_pay(k, i, begun)
        return self._plus_milestones(total, i, "cheat", frozenset(), cheat)

    def _found(self, t0: int, members: frozenset[str]) -> list[Number]:
        """h in each period."""
        found = []
        for t in self.tables.spans:
            missed = self.tables.num(1)
            for name in members:
                if self._shows(name, t0, t):
                    missed *= 1 - self._found_one(name, t0, members, t)
            found.append(1 - missed)
        return found

    def _shows(self, name: str, t0: int, t: int) -> bool:
        due = self.due[name]
        return due is not None and t >= (due if due >= t0 else t0)

    def _found_one(self, name: str, t0: int, members: frozenset[str], t: int) -> Number:
        k = self.case.measures[name]
        best = k.base
        for access, chance in k.detect:
            if chance > best and all(self._gives_access(one, t0, members, t) for one in access):
                best = chance
        return self.tables.num(best)

    def _gives_access(self, name: str, t0: int, members: frozenset[str], t: int) -> bool:
        own = self.case.measures[name].members
        if own is not None:
            return all(self._gives_access(one, t0, members, t) for one in own)
        due = self.due[name]
        if due is None or due > t:
            return False
        if name not in members:
            return True
        undo = self.case.measures[name].undo
        return due < t0 and undo is not None and t < t0 + undo.takes

    # breaches that change nothing

    def vacuous(self, i: str, t: int) -> bool | None:
        """Is i's open breach in t vacuous? None: it depends on what i leaves alone."""
        if self.case.parties[i].exit_cost or self._hurts(i):
            return False
        depends = False
        for k, _ in self.on:
            due, stop = self.due[k.name], self.tables.stop(k.by, i, t, False)
            if due is None or due >= stop:
                return False
            new = self.new[k.name]
            if (new is not None and new < stop) or not self.tables.undone(k, stop):
                continue
            assert k.undo is not None
            if not k.undo.cost and not k.undo.chance:
                continue
            if k.by != i or not any(k.name in self._spareable(m, i) for m in self.case.milestones):
                return False
            depends = True
        return None if depends else True

    def _hurts(self, i: str) -> bool:
        fired = (one for one in self.case.sticks if one.against == i and not one.is_hollow)
        return any(not value.is_nothing for one in fired for value in one.value.values())
