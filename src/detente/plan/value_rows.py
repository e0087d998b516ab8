"""Values as variables: V by its recursion, W and F as linear expressions of the road map (model §3-§5).

Values of party i are in units of ``scale[i]`` (its K, or its largest stake where K is 0), so that a row's tolerance
means the same for all.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from detente.case.stakes import NEVER, Floats
from detente.incentives.kept import reserves, scales
from detente.incentives.milestones import STAYS, after_breach
from detente.incentives.tables import Tables
from detente.incentives.walk import offsets, stick_worth
from detente.plan.linear import Linear
from detente.plan.schedule_rows import Schedule
from detente.plan.solver import Model


class Values:
    """Variables ``V[i, t]``, ``u[i, t]`` and expressions for W, F and gains over a schedule, of ``parties`` or all."""

    def __init__(
        self, tb: Tables, common: Tables, schedule: Schedule, model: Model, parties: Sequence[int] | None = None
    ) -> None:
        self.tb, self.common, self.schedule, self.model = tb, common, schedule, model
        self.stakes = tb.stakes
        self.T, self.P = self.stakes.periods, len(self.stakes.parties)
        self.parties = tuple(range(self.P)) if parties is None else tuple(parties)
        self.K = scales(self.stakes)
        self.spread = spread(tb)
        self.scale = np.where(self.K > 0, self.K, np.maximum(self.spread, 1e-9))
        self.big = 4 * self.spread / self.scale + 1
        self.reserve = reserves(self.stakes, tb)
        self.V = self._recursion()

    @cached_property
    def gains(self) -> list[Linear]:
        """U_i - R_i at the common discount, in the party's own units."""
        floor = reserves(self.stakes, self.common)
        result = []
        for i in range(self.P):
            g = Linear({}, float(self.common.background[i, 0] - floor[i]))
            for k in range(len(self.stakes.measures)):
                g.add(self.schedule.by_completion(k, self.common.kept_table[i, k, :, 0]))
            result.append(g)
        return result

    def payoff(self, i: int, t: int) -> Linear:
        """u_i(t) of the road map, scaled; t = T stands for each period after the horizon."""
        st, x, s = self.stakes, self.schedule.x, min(t, self.T - 1)
        u = Linear({}, float(st.status_quo[s, i]))
        for k in range(len(st.measures)):
            flow = st.flow[s, i, k]
            if st.replaces[k] >= 0:
                flow = flow - st.flow[s, i, st.replaces[k]]
            if flow:
                u.add(x(k, s), float(flow))
            if t < self.T:
                if st.once[i, k]:
                    u.add(self.schedule.comes(k, t), float(st.once[i, k]))
                if st.during[i, k] and st.takes[k] > 0 and not st.done[k]:
                    u.add(x(k, t + int(st.takes[k])), float(st.during[i, k])).add(x(k, t), -float(st.during[i, k]))
        return u.times(1.0 / self.scale[i])

    def _recursion(self) -> dict[tuple[int, int], int]:
        V, self.u = {}, {}
        for i in self.parties:
            delta = float(self.tb.discount[i])
            for t in range(self.T, -1, -1):
                V[i, t], self.u[i, t] = self.model.variable(), self.model.variable()
                self.model.rows.append(self.payoff(i, t).plus(self.u[i, t], -1.0).equals(0.0))
            self.model.rows.append(self._for_ever(i, 1 - delta).plus(V[i, self.T], -1.0).equals(0.0))
            for t in range(self.T):
                onward = Linear({self.u[i, t]: 1.0, V[i, t + 1]: delta})
                self.model.rows.append(onward.plus(V[i, t], -1.0).equals(0.0))
        return V

    def _for_ever(self, i: int, fading: float) -> Linear:
        """u_i(T) in each period from T on, each counting ``1 - fading`` times the one before.

        Written out: as a recursion a row's tolerance would be worth 1/fading times as much.
        """
        return self.payoff(i, self.T).times(1 / fading)

    @cached_property
    def _walk(self) -> dict[tuple[int, int], int]:
        return {}

    @cached_property
    def _found(self) -> dict[tuple[int, int], int]:
        return {}

    def walk(self, i: int, t: int) -> int:
        """Variable W_i(t), scaled, with nothing left alone; t may lie beyond T."""
        return self._leaving(i, min(t, self.T), self._walk, early=0)

    def found(self, i: int, t: int) -> int:
        """Variable for i's worth from t on when its cheat was found in t-1, nothing left alone, scaled."""
        return self._leaving(i, min(t, self.T), self._found, early=1)

    @cached_property
    def _cheating(self) -> dict[tuple[int, float, int], int]:
        return {}

    def cheating_on(self, i: int, h: float, t: int) -> int:
        """Variable G(t) = u(t) + δ [ h F(t+1) + (1-h) G(t+1) ]: what i gets from t on, savings apart, while it cheats
        until found with a constant chance ``h`` per period, scaled; ``t <= T``."""
        if (i, h, t) not in self._cheating:
            delta = float(self.tb.discount[i])
            for s in range(self.T, t - 1, -1):
                if (i, h, s) in self._cheating:
                    continue
                self._cheating[i, h, s] = g = self.model.variable()
                if s == self.T:
                    fading = 1 - delta * (1 - h)
                    row = self._for_ever(i, fading).plus(self.found(i, s), delta * h / fading)
                else:
                    row = Linear({self.u[i, s]: 1.0, self._cheating[i, h, s + 1]: delta * (1 - h)})
                    row.plus(self.found(i, s + 1), delta * h)
                self.model.rows.append(row.plus(g, -1.0).equals(0.0))
        return self._cheating[i, h, t]

    def _leaving(self, i: int, t: int, known: dict[tuple[int, int], int], early: int) -> int:
        if (i, t) not in known:
            value = self.own_and_others(i, t, early)
            for m in np.flatnonzero(self.stakes.milestone):
                value.add(self.milestone(i, int(m), t, early))
            known[i, t] = self.model.variable()
            self.model.rows.append(value.plus(known[i, t], -1.0).equals(0.0))
        return known[i, t]

    def own_and_others(self, i: int, t: int, early: int) -> Linear:
        """What i gets after leaving in t, milestones apart, scaled."""
        later = self.tb.stopped_when_found if early else self.tb.stopped_after_lag
        value = Linear({}, float(self.tb.background[i, t] + stick_worth(self.tb, (i,), early)[i]))
        if not early:
            value.constant -= float(self.stakes.exit_cost[i])
        for k in range(len(self.stakes.measures)):
            if self.stakes.owner[k] < 0:
                continue
            table = self.tb.stopped_at_once if self.stakes.owner[k] == i else later
            value.add(self.schedule.by_completion(k, table[i, k, :, t]))
        return value.times(1.0 / self.scale[i])

    @cached_property
    def _milestones(self) -> dict[tuple[int, int, int, int, int], Linear]:
        return {}

    def milestone(self, i: int, m: int, t: int, early: int, gone_at: int = STAYS) -> Linear:
        """What milestone m is worth to i after leaving in t, scaled; a member cheated on is gone from ``gone_at`` on.

        A sum over the periods in which its last member may come. Where replacements may stand for members the least
        worth over the ways they may is taken, which understates what leaving yields; the auditor sees the rest.
        """
        st = self.stakes
        if self.schedule.earliest[m] > self.T - 1 or not (st.flow[:, i, m].any() or st.once[i, m]) or gone_at <= t:
            return Linear()
        key = (i, m, t, early, gone_at)
        if key not in self._milestones:
            self._milestones[key] = self._milestone(*key)
        return self._milestones[key]

    def _milestone(self, i: int, m: int, t: int, early: int, gone_at: int) -> Linear:
        st = self.stakes
        stops = t + offsets(self.tb, (i,), early)
        last = int(max(stops[st.owner[x]] for x in st.members[m])) - 1
        result, before = Linear(), Linear()
        for c in range(t - 1, min(last, self.T - 1) + 1):
            worth = self._complete_in(i, m, t, c, early, gone_at) / self.scale[i]
            parts = [self.schedule.x(x, min(c, int(stops[st.owner[x]]) - 1)) for x in st.members[m]]
            now = self.schedule.all_of(parts)
            if abs(worth) > 1e-15:
                result.add(now, worth).add(before, -worth)
            before = now
        return result

    def _complete_in(self, i: int, m: int, t: int, c: int, early: int, gone_at: int) -> float:
        st = self.stakes
        gap = offsets(self.tb, (i,), early)
        gone = np.full(len(st.measures), STAYS, dtype=np.int64)
        gone[next((x for x in st.members[m] if st.owner[x] == i), st.members[m][0])] = gone_at
        worths = []
        for stand_ins in self._stand_ins(m):
            when = np.full(len(st.measures), NEVER, dtype=np.int64)
            for x in (*st.members[m], *stand_ins):
                when[x] = min(c, t + int(gap[st.owner[x]]) - 1)
            when[m] = max(int(when[x]) for x in st.members[m])
            value = after_breach(self.tb, when, m, gap, gone=gone, t=np.array([t]))
            worths.append(float(value[i, 0]))
        return min(worths)

    def _stand_ins(self, m: int) -> list[tuple[int, ...]]:
        """Ways in which members may have been replaced by measures outside the milestone."""
        ways: list[tuple[int, ...]] = [()]
        for x in self.stakes.members[m]:
            successors = [int(k) for k in np.flatnonzero(self.stakes.replaces == x) if k not in self.stakes.members[m]]
            ways = [w + extra for w in ways for extra in ((), *((k,) for k in successors))]
        return ways


def spread(tb: Tables) -> Floats:
    """(P,) no value of a party, kept or after a breach, lies further than this from its status quo."""
    worst = np.zeros(len(tb.stakes.parties))
    for table in (tb.kept_table, tb.stopped_at_once, tb.stopped_after_lag, tb.stopped_when_found):
        worst = np.maximum(worst, np.abs(table).max(axis=(2, 3)).sum(axis=1))
    worst = worst + np.abs(stick_worth(tb, tuple(range(len(worst))))) + np.abs(tb.background).max(axis=1)
    result: Floats = worst + tb.stakes.exit_cost
    return result
