"""The least that each party gains by staying on a road map, and by signing it, within a budget of errors.

Every way of walking out, and every cheat on one or two measures with walking out at any later date or never, is one
quantity that is linear in the numbers of the party; how far it can fall is found by sorting.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np

from detente.case.stakes import Floats, Ints
from detente.incentives.budget.cheats import Covert
from detente.incentives.budget.rows import Rows, milestones_of, sticks_against
from detente.incentives.cheat import CheatSet
from detente.incentives.kept import bystanders
from detente.incentives.milestones import after_breach, present_milestones
from detente.incentives.tables import kept_terms, owner_lags, stopped_terms
from detente.incentives.walk import MOST_MILESTONES, offsets, spare_mask, worth_sparing


@dataclass(frozen=True, eq=False)
class Quantity:
    """One thing that must not be negative: what a party gains by not leaving in one way, or by signing."""

    party: int
    period: int
    least: float
    """Within the budget, in the party's units."""
    values: Floats
    """(rows of the party,) at central values, and what one unit more of each number changes."""
    cheat: CheatSet | None = None
    signs: bool = False
    """Whether it is V(0) - R rather than a margin."""


@dataclass(eq=False)
class Staying:
    """One road map; ``c`` (N,) completion periods."""

    rows: Rows
    c: Ints

    @cached_property
    def players(self) -> list[int]:
        """Parties that are no bystanders."""
        return [int(i) for i in np.flatnonzero(~bystanders(self.rows.numbers.stakes, self.c))]

    @cached_property
    def V(self) -> Floats:
        """(R, T+1)"""
        result: Floats = self.rows.tb.background + kept_terms(self.rows.tb, self.c).sum(axis=1)
        return result

    @cached_property
    def at_once(self) -> Floats:
        """(R, N, T+1)"""
        return stopped_terms(self.rows.tb, self.c, np.zeros(len(self.c), dtype=np.int64))

    def later(self, early: int) -> Floats:
        """(R, N, T+1)"""
        return stopped_terms(self.rows.tb, self.c, owner_lags(self.rows.numbers.stakes) - early)

    @cached_property
    def _later(self) -> tuple[Floats, Floats]:
        return self.later(0), self.later(1)

    def left(self, i: int, early: int) -> Floats:
        """(rows of i, T+1) what leaving yields, milestones apart (``early``: having been found)."""
        st, mine = self.rows.numbers.stakes, self.rows.of(i)
        own = st.owner == i
        value = self.rows.tb.background[mine] + self.at_once[mine][:, own].sum(axis=1)
        value = value + self._later[early][mine][:, ~own].sum(axis=1) + sticks_against(self.rows, i, early)[:, None]
        if not early:
            value = value - self.rows.tb.stakes.exit_cost[mine][:, None]
        result: Floats = value
        return result

    def milestones(self, i: int, early: int, chosen: tuple[int, ...] = ()) -> Floats:
        """(rows of i, T+1) what milestones add to it, those ``chosen`` left alone with what that costs i."""
        x, st, mine = self.rows, self.rows.numbers.stakes, self.rows.of(i)
        spared = spare_mask(x.central, self.c, i, chosen)
        total = np.zeros((len(mine), st.periods + 1))
        for m in self.valued(i):
            gap = offsets(x.central, (i,), early)
            total += after_breach(x.tb, self.c, m, gap, spared=spared)[mine]
            total[0] += self.turning(i, m)
        for k in np.flatnonzero(spared):
            there = np.arange(st.periods + 1) > self.c[k]
            for new in np.flatnonzero((st.replaces == k) & (self.c < st.periods)):
                there &= np.arange(st.periods + 1) <= self.c[new]
            total += np.where(there, (x.tb.worth - x.tb.post)[mine, k], 0.0)
        return total

    def valued(self, i: int) -> list[int]:
        """Milestones on the road map that are worth something to i, or could be."""
        present = list(present_milestones(self.rows.central, self.c))
        return milestones_of(self.rows.tb.stakes, self.rows.of(i), present)

    def turning(self, i: int, m: int) -> float:
        """The most that a milestone can be worth to i if the errors allowed could turn who undoes a member of it."""
        members = [m]
        for x in self.rows.numbers.stakes.members[m]:
            members += [x, *np.flatnonzero(self.rows.numbers.stakes.replaces == x).tolist()]
        if not self.rows.open[members].any():
            return 0.0
        mine, tb = self.rows.of(i), self.rows.tb
        size = np.abs(tb.worth[mine, m]).max(axis=1) + np.abs(tb.stakes.once[mine, m])
        return float(size[0] - self.rows.least(i, -size) + size[0])

    def ways_out(self, i: int) -> list[tuple[int, ...]]:
        """Sets of milestones that i may leave alone when it walks out."""
        spareable = worth_sparing(self.rows.central, self.c, i)
        sizes = range(1, len(spareable) + 1) if len(spareable) <= MOST_MILESTONES else (1, len(spareable))
        return [(), *(chosen for size in sizes for chosen in combinations(spareable, size))]

    def walking(self, i: int) -> Iterator[Quantity]:
        """For each period the way of walking out that can gain most."""
        V, base, mine = self.V[self.rows.of(i)], self.left(i, 0), []
        for chosen in self.ways_out(i):
            values = V - base - self.milestones(i, 0, chosen)
            mine.append((self.rows.least(i, values), values))
        for t in range(V.shape[1]):
            least, values = min(mine, key=lambda x: float(x[0][t]))
            yield Quantity(i, t, float(least[t]), values[:, t])

    def cheating(self, i: int) -> Iterator[Quantity]:
        """For each period the cheat on one or two measures that can gain most."""
        covert = Covert.of(self, i)
        for t in range(self.V.shape[1]) if covert is not None else ():
            found = covert.worst(t) if covert is not None else None
            if found is not None:
                least, values, cheat = found
                yield Quantity(i, t, least, values, cheat)

    def signing(self, i: int) -> Quantity:
        """V(0) - R."""
        values = self.V[self.rows.of(i), 0] - no_deal(self.rows, i)
        return Quantity(i, 0, float(self.rows.least(i, values)), values, signs=True)


def no_deal(x: Rows, i: int) -> Floats:
    """(rows of i,) what no deal is worth (model §3), stated or computed."""
    st, mine, tb = x.numbers.stakes, x.of(i), x.tb
    stated = st.case.parties[st.parties[i]].reserve
    if stated is not None:
        return np.concatenate([[float(stated)], x.numbers.changes.reserve[x.number[mine[1:]], i]])
    done = st.done & (st.owner >= 0)
    done[st.replaces[st.done & (st.replaces >= 0)]] = False
    milestones = [int(m) for m in np.flatnonzero(st.milestone) if st.done[list(st.members[m])].all()]
    value = tb.background[mine, 0]
    if st.case.no_deal == "as-is":
        result: Floats = value + tb.worth[mine][:, np.flatnonzero(done).tolist() + milestones, 0].sum(axis=1)
        return result
    c = np.where(st.done, -1, st.periods)
    c[milestones] = -1
    value = value + tb.post[mine][:, done, 0].sum(axis=1)
    for m in milestones:
        value = value + after_breach(tb, c, m, np.zeros(len(st.parties), dtype=np.int64))[mine, 0]
        value[0] += Staying(x, c).turning(i, m)
    no_deal_worth: Floats = value
    return no_deal_worth
