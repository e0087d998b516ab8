"""Cheats on one or two measures within a budget of errors (model §5): every date, every date of walking out, or never.

Chances to be found and discount factors stay as they are, so what a cheat yields is linear in a party's numbers once
it is said on what and from when it cheats, and when it walks out.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from detente.case.stakes import Floats, Ints
from detente.incentives import cheat as one
from detente.incentives.budget.rows import Rows
from detente.incentives.cheat import CheatSet, Setting
from detente.incentives.milestones import STAYS, after_breach
from detente.incentives.walk import offsets

if TYPE_CHECKING:
    from detente.incentives.budget.staying import Staying

Found = tuple[float, Floats, CheatSet]
"""The least gain of staying within the budget, its parts by row, and the cheat."""


@dataclass(eq=False)
class Covert:
    """What one party may cheat on along a road map. Series run as in :class:`~detente.incentives.cheat.Setting`."""

    road: Staying
    i: int
    s: Setting
    """At central values; for detection."""
    V: Floats
    """(D, T+1) with the party's rows first, as everywhere here"""
    u: Floats
    """(D, H)"""
    own: Floats
    """(D, N, H) what i's own measures are worth to it once it has left"""
    walk: Floats
    """(D, H) W without milestones"""
    found: Floats
    """(D, H) F without milestones"""
    milestones: dict[tuple[int, int], Floats]
    """(D, H) by milestone, and 0 for walking out, 1 for being found"""

    @staticmethod
    def of(road: Staying, i: int) -> Covert | None:
        """None where nothing can be cheated on."""
        x = road.rows
        st, mine = x.numbers.stakes, x.of(i)
        if not ((st.owner == i) & ~st.public & (road.c < st.periods)).any():
            return None
        H = st.periods + int(st.undo_takes.max(initial=0)) + 2
        at = np.minimum(np.arange(H), st.periods)
        V = road.V[mine]
        u = V - x.tb.discount[mine, None] * np.hstack([V[:, 1:], V[:, -1:]])
        nothing = np.zeros(H)
        in_force = ((road.c[:, None] <= np.arange(H)[None, :]) & (road.c < st.periods)[:, None]).astype(np.float64)
        s = Setting(x.central, road.c, i, nothing, road.at_once[i][:, at], nothing, nothing, in_force)
        marks = {}
        for m in road.valued(i):
            for early in (0, 1):
                gap = offsets(x.central, (i,), early)
                marks[m, early] = after_breach(x.tb, road.c, m, gap, t=np.arange(H))[mine]
                marks[m, early][0] += road.turning(i, m)
        return Covert(
            road, i, s, V, u[:, at], road.at_once[mine][:, :, at], road.left(i, 0)[:, at], road.left(i, 1)[:, at], marks
        )

    @property
    def rows(self) -> Rows:
        return self.road.rows

    def worst(self, t0: int) -> Found | None:
        """The cheat from ``t0`` on that can gain most."""
        every = one.candidates(self.rows.central, self.s.c, self.i, t0)
        parts = {CheatSet((k,), ()): self._alone(k, t0, True) for k in every.fakes}
        parts |= {CheatSet((), (k,)): self._alone(k, t0, False) for k in every.undoes}
        pairs = [CheatSet(a.fakes + b.fakes, a.undoes + b.undoes) for a, b in combinations(parts, 2)]
        best: Found | None = None
        for cheat in (*parts, *pairs):
            values = self.V[:, t0, None] - self._yields(cheat, t0, parts)
            least = self.rows.least(self.i, values)
            n = int(least.argmin())
            if best is None or least[n] < best[0]:
                best = float(least[n]), values[:, n], cheat
        return best

    def _alone(self, k: int, t0: int, fake: bool) -> tuple[Floats, Floats]:
        """(D, H) what cheating on k saves in each period, and how much less it is worth to have left then."""
        st, tb, mine = self.rows.tb.stakes, self.rows.tb, self.rows.of(self.i)
        H, c = self.u.shape[1], int(self.s.c[k])
        t = np.arange(H)
        flow = st.flow[np.minimum(t, st.periods - 1)][:, mine, k].T
        if fake:
            out = -np.where(t >= c, flow, 0.0)
            out[:, c] -= st.once[mine, k]
            out[:, max(t0, c - int(st.takes[k])) : c] -= st.during[mine, k][:, None]
            return out, -self.own[:, k]
        gone, at = t0 + int(st.undo_takes[k]), np.minimum(t, st.periods)
        out = -np.where(t >= gone, (1 - st.residual[k]) * flow, 0.0)
        out[:, t0] -= self._cost(k)
        worth = tb.worth[mine, k]
        ahead = tb.power[mine][:, np.maximum(gone - t, 0)]
        lost = ahead * np.where(t < gone, worth[:, [min(gone, st.periods)]], worth[:, at])
        return out, worth[:, at] - (1 - st.residual[k]) * lost - self.own[:, k]

    def _cost(self, k: int) -> Floats:
        """(D,) what undoing k costs."""
        numbers = self.rows.numbers
        mine = self.rows.number[self.rows.of(self.i)[1:]]
        return np.concatenate([[numbers.stakes.undo_cost[k]], numbers.changes.undo_cost[mine, k]])

    def _yields(self, cheat: CheatSet, t0: int, parts: dict[CheatSet, tuple[Floats, Floats]]) -> Floats:
        """(D, n) what it yields if i walks out in ``t0 + 1``, ``t0 + 2``, …, or never (last)."""
        gone = one.gone_periods(self.s, cheat, t0)
        ks = [CheatSet((k,), ()) for k in cheat.fakes] + [CheatSet((), (k,)) for k in cheat.undoes]
        saved = self.u + sum(parts[k][0] for k in ks)
        left = sum(parts[k][1] for k in ks)
        unseen = np.ones(self.u.shape[1])
        for k in cheat.fakes:
            unseen *= 1 - one.detection(self.s, k, t0, True, gone)
        for k in cheat.undoes:
            unseen *= 1 - one.detection(self.s, k, t0, False, gone)
        walk, found = self.walk + left, self.found + left
        for m in {m for m, _ in self.milestones}:
            saved = saved + self._believed(m, gone)
            walk, found = walk + self._mark(m, 0, gone), found + self._mark(m, 1, gone)
        return self._summed(t0, saved, 1 - unseen, walk, found)

    def _summed(self, t0: int, now: Floats, h: Floats, walk: Floats, found: Floats) -> Floats:
        tb, mine = self.rows.tb, self.rows.of(self.i)
        delta, fines = float(tb.discount[mine[0]]), tb.stakes.exit_cost[mine][:, None]
        weight = np.concatenate([[1.0], np.cumprod(delta * (1 - h[t0:-1]))])
        ahead = np.hstack([found[:, t0 + 1 :], found[:, -1:]])
        stay = (now[:, t0:] - h[t0:] * fines + delta * h[t0:] * ahead) * weight
        total = np.cumsum(stay, axis=1)
        quitting = total[:, :-1] + weight[1:] * walk[:, t0 + 1 :]
        last = stay[:, -1:] / (1 - delta * (1 - h[-1]))
        return np.hstack([quitting, total[:, -2:-1] + last if total.shape[1] > 1 else last])

    def _believed(self, m: int, gone: Ints) -> Floats:
        """(D, H) what i saves while a milestone is believed in but truly gone: its negative numbers."""
        st, mine = self.rows.tb.stakes, self.rows.of(self.i)
        gone_at, c = int(gone[list(st.members[m])].min()), int(self.s.c[m])
        t = np.arange(self.u.shape[1])
        out = np.zeros(self.u.shape)
        if gone_at == STAYS:
            return out
        flow = st.flow[np.minimum(t, st.periods - 1)][:, mine, m].T
        out += np.where((t >= c) & (t >= gone_at), self._negative(flow), 0.0)
        if gone_at <= c:
            out[:, c] += self._negative(st.once[mine, m][:, None])[:, 0]
        return out

    def _negative(self, paid: Floats) -> Floats:
        """What it saves not to be paid something where that is negative; if errors could turn the sign, the most."""
        least, most = self.rows.least(self.i, paid), -self.rows.least(self.i, -paid)
        out = np.where(paid[0] < 0, -paid, 0.0)
        out[0] += np.where(paid[0] < 0, np.maximum(most, 0.0), np.maximum(-least, 0.0))
        return out

    def _mark(self, m: int, early: int, gone: Ints) -> Floats:
        """(D, H) what a milestone adds once i has left."""
        st = self.rows.numbers.stakes
        gone_at = int(gone[list(st.members[m])].min())
        if gone_at == STAYS:
            return self.milestones[m, early]
        if gone_at < 0:
            return np.zeros(self.u.shape)
        mine, gap = self.rows.of(self.i), offsets(self.rows.central, (self.i,), early)
        value = after_breach(self.rows.tb, self.s.c, m, gap, gone=gone, t=np.arange(self.u.shape[1]))[mine]
        value[0] += self.road.turning(self.i, m)
        return value
