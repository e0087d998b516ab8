"""Margins of a road map (model §7): floats first, rationals wherever a float cannot decide.

For each party that can breach and each period 0 … T the margin is ``V - max(W, C)``, ``C`` over all sets of covert
breaches. Floats carry a proven bound on their error; a cell whose sign, or whose place as the least, lies within that
bound is worked out in rationals over every set that the search could not exclude.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

import numpy as np

from detente.audit.exact import Cheat, ExactRoadMap, TooManyMilestones
from detente.audit.grounds import Grounds
from detente.case.road_map import RoadMap
from detente.case.stakes import Bools, Floats, Ints
from detente.incentives.cheat import CheatSet, Setting, setting
from detente.incentives.covert import Covert, covert, search_date
from detente.incentives.kept import kept
from detente.incentives.walk import MOST_MILESTONES, Walk, walk, worth_sparing
from detente.results.audit import Breach

MOST_CLOSE = 2_000
"""Sets of one party and period that are worked out in rationals; more are not, and the cell counts as unproved."""

MOST_TIED = 20_000
"""Nodes of the search for all sets that floats cannot tell from the best."""


@dataclass(frozen=True)
class Limits:
    """Where the judge stops: ``nodes`` of the search for covert breaches, for each party and period."""

    nodes: int = 200_000


@dataclass(frozen=True)
class Cell:
    """A party's margin in a period, exactly, and the best breach (None: walking out)."""

    margin: Fraction
    cheat: CheatSet | None


@dataclass(eq=False)
class Margins:
    """All margins of one road map. Arrays are (T+1, P); entries of bystanders mean nothing."""

    grounds: Grounds
    road_map: RoadMap
    limits: Limits = Limits()
    free_to_leave: frozenset[str] = frozenset()
    """Parties of which it is not asked that they stay."""
    _searched: dict[int, Covert] = field(default_factory=dict)
    _settings: dict[int, Setting] = field(default_factory=dict)
    _closest: dict[tuple[int, int], tuple[tuple[CheatSet, ...], bool]] = field(default_factory=dict)
    _cells: dict[tuple[int, int], Cell] = field(default_factory=dict)

    @cached_property
    def exact(self) -> ExactRoadMap:
        """The road map in rationals."""
        return self.grounds.exact.road_map(self.road_map.starts)

    @cached_property
    def players(self) -> tuple[int, ...]:
        """Parties that are no bystanders."""
        return tuple(sorted(self.exact.course.owners()))

    @cached_property
    def staying(self) -> tuple[int, ...]:
        """Those of whom it is asked that they stay."""
        return tuple(i for i in self.players if self.grounds.stakes.parties[i] not in self.free_to_leave)

    @cached_property
    def broken(self) -> bool:
        """Whether the road map is so far out of order that float tables do not speak of it; it fails in any case."""
        return self.exact.course.broken()

    @cached_property
    def completions(self) -> Ints:
        """(N,) period from which each measure is in force."""
        return self.grounds.stakes.completions(self.road_map)

    @cached_property
    def V(self) -> Floats:
        """Continuation values."""
        if self.broken:
            return self._exactly(self.exact.V)
        return kept(self.grounds.tables, self.completions)

    def _exactly(self, value: Callable[[int, int], Fraction | float]) -> Floats:
        """(T+1, P) exact values, rounded."""
        T, P = self.grounds.stakes.periods, len(self.grounds.stakes.parties)
        return np.array([[float(value(i, t)) for i in range(P)] for t in range(T + 1)])

    def _exact_walk(self, i: int, t: int) -> Fraction | float:
        try:
            return self.exact.W(i, t)
        except TooManyMilestones:
            return float(self.walk.W[t, i])

    @cached_property
    def walk(self) -> Walk:
        """Open breach, in floats."""
        return walk(self.grounds.tables, self.completions)

    @cached_property
    def W(self) -> Floats:
        """Values of walking out; exact ones where floats tried too few milestones to leave alone."""
        if self.broken:
            return self._exactly(self._exact_walk)
        if self.walk.exhausted:
            return self.walk.W
        W = self.walk.W.copy()
        for i in self._crowded_ones & set(self.players):
            for t in range(len(W)):
                with suppress(TooManyMilestones):
                    W[t, i] = float(self.exact.W(i, t))
        return W

    @cached_property
    def _crowded_ones(self) -> set[int]:
        """Parties with more milestones to leave alone than floats try all subsets of."""
        if self.walk.exhausted:
            return set()
        tb, c = self.grounds.tables, self.completions
        return {i for i in range(self.V.shape[1]) if len(worth_sparing(tb, c, i)) > MOST_MILESTONES}

    def crowded(self, i: int) -> bool:
        """Whether a party has more milestones to leave alone than all subsets can be tried of."""
        return i in self._crowded_ones

    @cached_property
    def vacuous(self) -> Bools:
        """Whether walking out changes nothing and costs nobody anything."""
        result = np.zeros(self.V.shape, dtype=np.bool_)
        for i in self.players:
            for t in range(len(self.V)):
                with suppress(TooManyMilestones):
                    result[t, i] = self._nothing_left(i, t) and self.exact.vacuous(i, t)
        return result

    def _nothing_left(self, i: int, t: int) -> bool:
        """Whether nothing would be cut short by walking out (cheap; necessary for being vacuous)."""
        course, lag = self.exact.course, self.grounds.exact.terms.lag
        owners = (term.owner for term in self.grounds.exact.terms.terms)
        return all(
            owner < 0 or course.start[k] >= course.terms.T or course.finish[k] < (t if owner == i else t + lag[owner])
            for k, owner in enumerate(owners)
        )

    def covert(self, i: int) -> Covert:
        """The search for covert breaches of a party; what is worth less than walking out is of no interest."""
        if i not in self._searched:
            self._searched[i] = covert(
                self._setting(i), floor=self._floor(i), slack=2 * self._error(i), node_limit=self.limits.nodes
            )
        return self._searched[i]

    def _setting(self, i: int) -> Setting:
        if i not in self._settings:
            self._settings[i] = setting(self.grounds.tables, self.completions, i)
        return self._settings[i]

    def _floor(self, i: int) -> Floats:
        """(T+1,) what a covert breach must yield to matter: as much as walking out, if that changes anything."""
        result: Floats = np.where(self.vacuous[:, i], -np.inf, self.W[:, i])
        return result

    def _close(self, i: int, t: int) -> tuple[tuple[CheatSet, ...], bool]:
        """Every set that floats cannot tell from the best in this cell, and whether that is proved to be every one."""
        if (i, t) not in self._closest:
            floor, nodes = float(self._floor(i)[t]), min(self.limits.nodes, MOST_TIED)
            found = search_date(self._setting(i), t, floor, 2 * self._error(i), nodes)
            proved = found.proved and len(found.close) <= MOST_CLOSE
            self._closest[i, t] = found.close[:MOST_CLOSE], proved
        return self._closest[i, t]

    def _error(self, i: int) -> float:
        """Bound on the error of a difference of two values."""
        return 2 * float(self.grounds.error[i])

    def _upper(self, i: int, t: int) -> float:
        """No covert breach yields more (up to the error of floats)."""
        if i in self._crowded_ones and any(self.exact.candidates(i, t)):
            return np.inf
        return float(self.covert(i).upper[t])

    def settled(self, i: int, t: int) -> bool:
        """Whether all breaches that could be the best in this cell are known."""
        if self.broken:
            return False
        if i in self._crowded_ones:
            try:
                self.exact.W(i, t)
            except TooManyMilestones:
                return False
            return not any(self.exact.candidates(i, t))
        return self._close(i, t)[1]

    def unsettled(self, i: int, t: int) -> str:
        """The limit because of which the margin of a cell is not known exactly."""
        if self.broken:
            return "the road map is out of order; of covert breaches nothing is known"
        if i in self._crowded_ones:
            return f"more than {MOST_MILESTONES} milestones could be left alone"
        if len(self._close(i, t)[0]) == MOST_CLOSE:
            return f"more than {MOST_CLOSE} covert breaches may be the best"
        return f"the search for all that may be the best passed {min(self.limits.nodes, MOST_TIED)} nodes"

    def cell(self, i: int, t: int) -> Cell:
        """The margin in rationals over every set that may be the best; of equal ones walking out, then the fewest."""
        if (i, t) not in self._cells:
            best, cheat = self.exact.W(i, t), None
            sets = self._close(i, t)[0]
            for s in sorted(sets, key=lambda s: (len(s.fakes) + len(s.undoes), s.fakes, s.undoes)):
                value = self.exact.C(i, as_cheat(s, t))
                if value > best:
                    best, cheat = value, s
            self._cells[i, t] = Cell(self.exact.V(i, t) - best, cheat)
        return self._cells[i, t]

    def counted_cell(self, i: int, t: int) -> Fraction | None:
        """The margin over breaches that are not vacuous; None if there is none."""
        if not self.vacuous[t, i]:
            return self.cell(i, t).margin
        sets = self._close(i, t)[0]
        if not sets:
            return None
        return self.exact.V(i, t) - max(self.exact.C(i, as_cheat(s, t)) for s in sets)

    def interval(self, i: int, t: int) -> tuple[float, float]:
        """Proven lower and upper bound on the margin (of a broken road map, what is known of it)."""
        if self.broken:
            value = float(self.cell(i, t).margin)
            return value, value
        if (i, t) in self._cells and self.settled(i, t):
            value = float(self._cells[i, t].margin)
            return value, value
        seen = max(float(self.covert(i).C[t]), float(self.W[t, i]))
        V, e = float(self.V[t, i]), self._error(i)
        return V - max(seen, self._upper(i, t)) - e, V - seen + e

    def sign(self, i: int, t: int) -> int | None:
        """-1: somebody gains by leaving; 0 or 1: not; None: a limit was reached before that was known."""
        low, high = self.interval(i, t)
        if high < 0:
            return -1
        if low > 0 and not self.broken:
            return 1
        try:
            margin = self.cell(i, t).margin
        except TooManyMilestones:
            return None
        if margin < 0:
            return -1
        return (margin > 0) - (margin < 0) if self.settled(i, t) else None

    def least(self) -> tuple[int, int] | None:
        """Party and period of the least margin; of equal ones the first party's, the earliest.

        Decided in rationals; a cell that a limit left open counts with its proven lower bound.
        """
        spans = {(i, t): self.interval(i, t) for i in self.players for t in range(len(self.V))}
        if not spans:
            return None
        bar = min(high for _, high in spans.values())
        close = [cell for cell, (low, _) in spans.items() if low <= bar]
        return min(close, key=lambda cell: self._least_of(*cell))

    def _least_of(self, i: int, t: int) -> Fraction:
        """The margin, or a proven lower bound where it is not known (below everything where there is none)."""
        if self.settled(i, t):
            return self.cell(i, t).margin
        low = self.interval(i, t)[0]
        return Fraction(low) if np.isfinite(low) else Fraction(-(10**30))

    def least_counted(self) -> tuple[int, int, float] | None:
        """Least margin over breaches that count, in units of K_i: party, period, margin (not divided)."""
        found: dict[tuple[int, int], tuple[float, float]] = {}
        for i in (i for i in self.staying if self.grounds.scale[i] > 0):
            for t in range(len(self.V)):
                if not self.vacuous[t, i]:
                    found[i, t] = self.interval(i, t)
                elif self.covert(i).best[t] is not None:
                    V, e = float(self.V[t, i]), self._error(i)
                    found[i, t] = V - self._upper(i, t) - e, V - float(self.covert(i).C[t]) + e
        bar = min((high / self.grounds.scale[i] for (i, _), (_, high) in found.items()), default=0.0)
        best: tuple[int, int, float] | None = None
        for (i, t), (low, _) in found.items():
            K = float(self.grounds.scale[i])
            if low / K > bar + 1e-12 * abs(bar):
                continue
            exact = self.counted_cell(i, t) if self.settled(i, t) else None
            margin = low if exact is None else float(exact)
            if best is None or margin / K < best[2] / float(self.grounds.scale[best[0]]):
                best = i, t, margin
        return best

    def known(self, i: int, t: int) -> bool:
        """Whether the margin is known up to the error of floats: no limit was reached on the way to it."""
        seen = max(float(self.covert(i).C[t]), float(self.W[t, i]))
        return self.settled(i, t) if self.broken else self._upper(i, t) <= seen + 3 * self._error(i)

    def value(self, i: int, t: int) -> float:
        """The margin as a float: rounded from the exact one where that was worked out, else as floats have it.

        Where a limit left it open: of a breach found to gain the gain, else the proven lower bound.
        """
        if (i, t) in self._cells and (self.broken or self.settled(i, t)):
            return float(self._cells[i, t].margin)
        margin = float(self.V[t, i] - max(self.covert(i).C[t], self.W[t, i]))
        return margin if margin < 0 or self.known(i, t) else self.interval(i, t)[0]

    def best(self, i: int, t: int) -> Breach:
        """The best breach begun in ``t``."""
        C, W = float(self.covert(i).C[t]), float(self.W[t, i])
        chosen = self.covert(i).best[t]
        if (i, t) in self._cells or (chosen is not None and abs(C - W) <= self._error(i)):
            with suppress(TooManyMilestones):
                chosen = self.cell(i, t).cheat
        elif C <= W:
            chosen = None
        if chosen is None:
            return Breach("walk", t)
        names = self.grounds.stakes.measures
        return Breach("covert", t, tuple(names[k] for k in chosen.fakes), tuple(names[k] for k in chosen.undoes))


def as_cheat(s: CheatSet, t: int) -> Cheat:
    """A set found in floats, begun in ``t``, for exact arithmetic."""
    return Cheat(frozenset(s.fakes), frozenset(s.undoes), t)
