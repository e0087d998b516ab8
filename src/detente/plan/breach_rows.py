"""Rows that no breach may pay: open breach always, covert ones as the auditor finds them (model §4-§5, §10).

Each row says ``V_i(t) - (what a particular breach yields) >= z``, with ``z`` the margin asked for, and is switched off
where that breach is not open to the party or would be found sooner than the row assumes. So no row ever rules out a
road map that the auditor would certify; rows that are missing are added when the auditor finds a breach.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from detente.case.stakes import Bools, Withdrawing
from detente.incentives.kept import LARGEST_MARGIN
from detente.plan.cheat_rows import CheatRows
from detente.plan.linear import Linear, total
from detente.plan.solver import Row
from detente.plan.value_rows import Values


class BreachRows(CheatRows):
    """Builds the rows; ``z`` is the variable for the least relative margin, at most ``most`` and not below ``margin``.

    ``own[i]`` is the least margin of party i, which limits ``z`` only where i has a breach that is not vacuous.
    """

    def __init__(self, values: Values, margin: float) -> None:
        super().__init__(values)
        self.counted = [i for i in range(values.P) if values.K[i] > 0]
        self.most_of = {i: float(min(2 * values.spread[i] / values.K[i], LARGEST_MARGIN)) for i in self.counted}
        self.most = max(self.most_of.values(), default=LARGEST_MARGIN)
        self.z = values.model.variable(min(margin, self.most), self.most)
        self.own = {i: values.model.variable(min(margin, m), m) for i, m in self.most_of.items()}
        self.active = [self._active(i) for i in range(values.P)]
        self._vacuous: dict[tuple[int, int], Linear] = {}
        self.felt = {i: self._felt(i) for i in self.counted}

    def rows(self, i: int, t: int, gain: Linear, switch: Linear) -> list[Row]:
        """``gain >= z`` unless ``switch`` (0 where the breach is open, at least 1 where not) is positive."""
        off = switch.times(1.0).add(self.inactive(i))
        row = gain.times(1.0).add(off, float(self.values.big[i]) + self.most_of.get(i, 0.0))
        if i in self.own:
            row.plus(self.own[i], -1.0)
        return [row.at_least(0.0)]

    def signing(self, i: int) -> Iterator[Row]:
        """V_i(0) >= R_i unless party i is a bystander."""
        if not self.active[i].terms and self.active[i].constant < 0.5:
            return
        reserve = float(self.values.reserve[i] / self.values.scale[i])
        gain = Linear({self.values.V[i, 0]: 1.0}, -reserve)
        yield gain.add(self.inactive(i), float(self.values.big[i]) + abs(reserve)).at_least(0.0)

    def staying(self, i: int) -> Iterator[Row]:
        """V_i(t) >= W_i(t), and by z where walking out is not vacuous; z no more than i's own least margin, if i has a
        breach that counts."""
        for t in range(self.values.T + 1):
            gain = Linear({self.values.V[i, t]: 1.0, self.values.walk(i, t): -1.0})
            yield gain.times(1.0).add(self.inactive(i), float(self.values.big[i])).at_least(0.0)
            if i in self.own:
                yield from self.rows(i, t, gain, self.vacuous(i, t))
        if i in self.own:
            vacuous = self.inactive(i).add(Linear({}, 1.0)).add(self.felt[i], -1.0)
            yield Linear({self.own[i]: 1.0, self.z: -1.0}).add(vacuous, self.most - self.most_of[i]).at_least(0.0)

    def inactive(self, i: int) -> Linear:
        """1 if party i is a bystander."""
        return Linear({}, 1.0).add(self.active[i], -1.0)

    def _active(self, i: int) -> Linear:
        """1 if party i has a measure done or on the road map: else it is a bystander."""
        st = self.stakes
        own = np.flatnonzero(st.owner == i)
        if st.done[own].any():
            return Linear({}, 1.0)
        last = [self.schedule.x(int(k), self.values.T - 1) for k in own]
        if not any(x.terms for x in last):
            return Linear()
        a = self.values.model.variable(0.0, 1.0)
        for x in last:
            if x.terms:
                self.values.model.rows.append(Linear({a: 1.0}).add(x, -1.0).at_least(0.0))
        self.values.model.rows.append(Linear({a: 1.0}).add(total(last), -1.0).at_most(0.0))
        return Linear({a: 1.0})

    def _felt(self, i: int) -> Linear:
        """1 if party i, not being a bystander, has a breach that is not vacuous."""
        st = self.stakes
        covert = st.done & (st.owner == i) & ~st.public & st.undoable
        if covert.any() or self._always_felt(i):
            return Linear({}, 1.0)
        return Linear({self.values.model.variable(0.0, 1.0): 1.0})

    def _always_felt(self, i: int) -> bool:
        """Whether walking out is never vacuous: it costs an exit cost or a stick, or ends something done."""
        st = self.stakes
        if st.exit_cost[i] or any(s.counts and s.against == i and (s.flow.any() or s.once.any()) for s in st.sticks):
            return True
        replaced = {int(k) for k in st.replaces if k >= 0}
        return any(int(k) not in replaced and self._ends(i, int(k)).all() for k in np.flatnonzero(st.done))

    def _ends(self, i: int, k: int) -> Bools:
        """(T+1,) whether measure k, if in force, is undone for sure after i walks out in t."""
        st, T = self.stakes, self.values.T
        stop = np.arange(T + 1) + (0 if st.owner[k] == i else int(st.lag[st.owner[k]]))
        ends = self.tb.undone[k, np.minimum(stop, T)] & (st.undo_chance[k] > 0)
        if st.owner[k] == i and st.withdrawal[k] != Withdrawing.AUTOMATIC and self._in_milestone(k):
            ends = np.zeros_like(ends)
        return np.asarray(ends, dtype=np.bool_)

    def _in_milestone(self, k: int) -> bool:
        line, x = {k}, k
        while self.stakes.replaces[x] >= 0:
            x = int(self.stakes.replaces[x])
            line.add(x)
        return any(line & set(members) for members in self.stakes.members)

    def vacuous(self, i: int, t: int) -> Linear:
        """1 only where nothing would come to an end, or no longer come, if i walked out in t."""
        if (i, t) not in self._vacuous:
            always = self._always_felt(i)
            self._vacuous[i, t] = Linear() if always else Linear({self._felt_in(i, t): -1.0}, 1.0)
        return self._vacuous[i, t]

    def _felt_in(self, i: int, t: int) -> int:
        """Variable: 1 where i's walking out in t ends something, or keeps it from coming."""
        st, x, T = self.stakes, self.schedule.x, self.values.T
        felt = self.values.model.variable(0.0, 1.0)
        add = self.values.model.rows.append
        if self.felt[i].terms:
            add(self.felt[i].times(1.0).plus(felt, -1.0).at_least(0.0))
        for k in range(len(st.measures)):
            if st.owner[k] < 0 or self.schedule.earliest[k] > T - 1:
                continue
            stop = t + (0 if st.owner[k] == i else int(st.lag[st.owner[k]]))
            pending = x(k, T - 1).add(x(k, stop - 1), -1.0)
            if pending.terms:
                add(Linear({felt: 1.0}).add(pending, -1.0).at_least(0.0))
            if self._ends(i, k)[t]:
                ended = x(k, stop - 1)
                for new in np.flatnonzero(st.replaces == k):
                    ended.add(x(int(new), stop - 1), -1.0)
                add(Linear({felt: 1.0}).add(ended, -1.0).at_least(0.0))
        return felt
