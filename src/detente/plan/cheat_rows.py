"""Rows that a covert breach found on a road map may not pay (model §5, §10): it, and the same at every other date."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from detente.case.stakes import NEVER, Floats, Ints
from detente.incentives import cheat as covert
from detente.incentives.cheat import CheatSet, Setting
from detente.incentives.milestones import STAYS
from detente.incentives.tables import Tables
from detente.plan.linear import Linear
from detente.plan.solver import Row
from detente.plan.value_rows import Values

MOST_WELCOME = 0.01
"""Rows that hold whenever access opens no earlier than assumed are given up by how welcome being found may be; above
this much, in the party's scale, they would say too little."""


class CheatRows(ABC):
    """Builds the rows over the variables of ``values``; what is asked of a gain :meth:`rows` says."""

    def __init__(self, values: Values) -> None:
        self.values, self.stakes, self.tb, self.schedule = values, values.stakes, values.tb, values.schedule
        self.welcome: Mapping[int, float] = {
            i: found_welcome(values.tb, i, self.schedule.earliest) / float(values.scale[i]) for i in values.parties
        }

    @abstractmethod
    def rows(self, i: int, t: int, gain: Linear, switch: Linear) -> list[Row]:
        """What staying in ``t`` must gain unless ``switch`` (0 where the breach is open, at least 1 where not) is
        positive."""

    def cheating(self, i: int, cheat: CheatSet, t0: int, c: Ints) -> Iterator[Row]:
        """The row of one covert breach found on a road map, and of the same breach at every other date."""
        st, T = self.stakes, self.values.T
        walk_after = _walk_after(self.tb, c, i, cheat, t0)
        for shift in range(-T, T + 1):
            moved = self._moved(c, cheat, shift)
            if 0 <= t0 + shift <= T and moved is not None:
                tau = None if walk_after is None else walk_after + shift
                yield from self._cheat_rows(i, cheat, t0 + shift, moved, tau)
            elif shift == 0:
                raise ValueError(f"breach outside its own road map: {st.parties[i]}, {cheat}, {t0}")

    def _moved(self, c: Ints, cheat: CheatSet, shift: int) -> Ints | None:
        """Completion periods moved by ``shift``; None where a faked measure cannot come then."""
        moved = np.where((c >= 0) & (c < NEVER), np.maximum(c + shift, 0), c)
        moved[self.stakes.done] = -1
        for k in cheat.fakes:
            if not self.schedule.earliest[k] <= c[k] + shift <= self.values.T - 1:
                return None
            moved[k] = c[k] + shift
        return moved

    def _cheat_rows(self, i: int, cheat: CheatSet, t0: int, c: Ints, tau: int | None) -> Iterator[Row]:
        s = _light_setting(self.tb, c, i)
        end = s.length
        if tau is not None and tau >= end:
            tau = None
        gone = covert.gone_periods(s, cheat, t0)
        gone[list(cheat.undoes)] = [t0 + int(self.stakes.undo_takes[k]) for k in cheat.undoes]
        switch = self._open_to(cheat, t0, c)
        if switch is None:
            return
        yields = self._policy(s, i, cheat, t0, gone, tau)
        gain = Linear({self.values.V[i, t0]: 1.0}).add(yields, -1.0)
        welcome = self.welcome[i]
        if welcome < MOST_WELCOME:
            looser = gain.times(1.0).add(Linear({}, welcome))
            yield from self.rows(i, t0, looser, self._watched(switch, cheat, t0, c, either_way=False))
        if welcome > 0:
            yield from self.rows(i, t0, gain, self._watched(switch, cheat, t0, c, either_way=True))

    def _open_to(self, cheat: CheatSet, t0: int, c: Ints) -> Linear | None:
        """0 iff each faked measure comes in exactly that period and each undone one is in force before ``t0``."""
        switch = Linear()
        for k in cheat.fakes:
            switch.constant += 1.0
            switch.add(self.schedule.comes(k, int(c[k])), -1.0)
        for k in cheat.undoes:
            there = self.schedule.x(k, t0 - 1)
            if not there.terms and there.constant < 0.5:
                return None
            switch.constant += 1.0
            switch.add(there, -1.0)
        return switch

    def _watched(self, switch: Linear, cheat: CheatSet, t0: int, c: Ints, *, either_way: bool) -> Linear:
        """``switch``, and at least 1 too where access opens earlier than assumed (``either_way``: or later)."""
        out = switch.times(1.0)
        seen: set[tuple[int, int]] = set()
        for k in (*cheat.fakes, *cheat.undoes):
            begin = int(c[k]) if k in cheat.fakes else t0
            for rule in self.stakes.access[k]:
                for a in rule.measures:
                    if (a, begin) not in seen and self.schedule.earliest[a] >= 0:
                        seen.add((a, begin))
                        self._watch(out, a, begin, int(c[a]), either_way)
        return out

    def _watch(self, switch: Linear, a: int, begin: int, opens: int, either_way: bool) -> None:
        last = self.values.T - 1
        if opens > begin:
            switch.add(self.schedule.x(a, min(opens - 1, last)))
        if either_way and opens <= last:
            switch.constant += 1.0
            switch.add(self.schedule.x(a, max(opens, min(begin, last))), -1.0)

    def _policy(self, s: Setting, i: int, cheat: CheatSet, t0: int, gone: Ints, tau: int | None) -> Linear:
        """What cheating from ``t0`` yields if i walks out in ``tau`` (None: never)."""
        st, values = self.stakes, self.values
        kinds = [(k, True) for k in cheat.fakes] + [(k, False) for k in cheat.undoes]
        saved = sum((covert.saved(s, k, t0, f) for k, f in kinds), np.zeros(s.length))
        left = sum((covert.left_with(s, k, t0, f) for k, f in kinds), np.zeros(s.length))
        h = _detection(s, cheat, t0, gone)
        plan = _weights(s, h, t0, tau)
        constant = float(plan.stay @ saved + plan.found @ left + plan.walk @ left) - plan.fines * st.exit_cost[i]
        out = Linear({}, constant / values.scale[i])
        hit = [m for m in np.flatnonzero(st.milestone).tolist() if self._touched(i, m, gone)]
        seen = min((t for t in range(t0, s.length) if h[t] > 0 or t == tau), default=s.length - 1)
        settled = s.length if tau is not None or hit else _settled(h, seen)
        # nothing is found before `seen`: what is paid until then is what V pays
        if seen > t0:
            out.plus(values.V[i, min(t0, values.T)], 1.0)
            out.plus(values.V[i, min(seen, values.T)], -float(self.tb.power[i, seen - t0]))
        if settled < s.length:
            weight = float(self.tb.power[i, settled - t0] * np.prod(1 - h[t0:settled]))
            out.plus(values.cheating_on(i, float(h[settled]), min(settled, values.T)), weight)
        for t in range(t0, s.length):
            if seen <= t < settled and plan.stay[t]:
                out.plus(values.u[i, min(t, values.T)], float(plan.stay[t]))
            for m in hit if plan.stay[t] else ():
                out.add(self._believed(i, m, t, int(gone[list(st.members[m])].min())), float(plan.stay[t]))
            if plan.walk[t]:
                self._leave(out, i, t, float(plan.walk[t]), hit, gone, early=0)
            if t <= settled and plan.found[t]:
                self._leave(out, i, t, float(plan.found[t]), hit, gone, early=1)
        return out

    def _touched(self, i: int, m: int, gone: Ints) -> bool:
        """Whether the cheat ends a milestone that is worth something to i."""
        st = self.stakes
        counts = bool(st.flow[:, i, m].any() or st.once[i, m])
        return counts and bool(gone[list(st.members[m])].min() != STAYS)

    def _leave(self, out: Linear, i: int, t: int, weight: float, hit: list[int], gone: Ints, early: int) -> None:
        at = min(t, self.values.T)
        variable = self.values.found(i, at) if early else self.values.walk(i, at)
        out.plus(variable, weight)
        for m in hit:
            truly = self.values.milestone(i, m, at, early, int(gone[list(self.stakes.members[m])].min()) - (t - at))
            out.add(truly, weight).add(self.values.milestone(i, m, at, early), -weight)

    def _believed(self, i: int, m: int, t: int, gone_at: int) -> Linear:
        """What i saves in t while milestone m is believed in but truly gone: its negative numbers, scaled."""
        st = self.stakes
        out = Linear()
        if t < gone_at:
            return out
        out.add(self.schedule.x(m, t), max(-float(st.flow[min(t, self.values.T - 1), i, m]), 0.0))
        if t < self.values.T:
            out.add(self.schedule.comes(m, t), max(-float(st.once[i, m]), 0.0))
        return out.times(1.0 / self.values.scale[i])


@dataclass(frozen=True, eq=False)
class _Weights:
    """How much each period counts in what a cheat yields: staying, walking out, being found, exit costs paid."""

    stay: Floats
    walk: Floats
    found: Floats
    fines: float


def _detection(s: Setting, cheat: CheatSet, t0: int, gone: Ints) -> Floats:
    """(n,) joint chance per period that the cheat is found."""
    unseen = np.ones(s.length)
    for k in cheat.fakes:
        unseen *= 1 - covert.detection(s, k, t0, True, gone)
    for k in cheat.undoes:
        unseen *= 1 - covert.detection(s, k, t0, False, gone)
    return 1 - unseen


def _settled(h: Floats, begin: int) -> int:
    """The first period from which the chance to be found no longer changes."""
    changes = np.flatnonzero(h[begin:-1] != h[begin + 1 :])
    return begin + int(changes[-1]) + 1 if len(changes) else begin


def _weights(s: Setting, h: Floats, t0: int, tau: int | None) -> _Weights:
    delta = float(s.tb.discount[s.i])
    stay, walk, found = np.zeros(s.length), np.zeros(s.length), np.zeros(s.length)
    weight, fines = 1.0, 0.0
    for t in range(t0, s.length):
        if t == tau:
            walk[t] += weight
            return _Weights(stay, walk, found, fines)
        here = weight / (1 - delta * (1 - h[t])) if t == s.length - 1 else weight
        stay[t] += here
        fines += here * h[t]
        found[min(t + 1, s.length - 1)] += here * delta * h[t]
        weight *= delta * (1 - h[t])
    return _Weights(stay, walk, found, fines)


def _light_setting(tb: Tables, c: Ints, i: int) -> Setting:
    """What a row needs of a setting; payoffs and values after leaving are variables of the model instead."""
    st, T = tb.stakes, tb.stakes.periods
    horizon = T + int(st.undo_takes.max(initial=0)) + 2
    at = np.minimum(np.arange(horizon), T)
    own_left = tb.stopped_at_once[i, np.arange(len(st.measures)), tb.columns(c)][:, at]
    in_force = ((c[:, None] <= np.arange(horizon)[None, :]) & (c < T)[:, None]).astype(np.float64)
    nothing = np.zeros(horizon)
    return Setting(tb, c, i, nothing, own_left, nothing, nothing, in_force)


def _walk_after(tb: Tables, c: Ints, i: int, cheat: CheatSet, t0: int) -> int | None:
    """The first period in which walking out beats cheating on; None if it never does."""
    path = covert.cheat_path(covert.setting(tb, c, i), cheat, t0)
    better = np.flatnonzero(path.W[t0 + 1 :] > path.C[t0 + 1 :])
    return int(t0 + 1 + better[0]) if len(better) else None


def found_welcome(tb: Tables, i: int, earliest: Ints) -> float:
    """How much better for i, over all periods, being found can at most be than walking out a period later.

    0 where being found is never better, whatever the road map; then more detection never helps a cheat. Summed measure
    by measure over the periods in which each can come; infinite where that does not bound it.
    """
    st, T = tb.stakes, tb.stakes.periods
    for m in np.flatnonzero(st.milestone):
        liked = (st.flow[:, i, m] >= 0).all() and st.once[i, m] >= 0
        if not liked and any(st.owner[x] != i for x in st.members[m]):
            return float("inf")
    if any(s.counts and s.against == i and (s.flow[i] > 0 or s.once[i] > 0) for s in st.sticks):
        return float("inf")
    most = 0.0
    for k in np.flatnonzero((st.owner >= 0) & (st.owner != i) & (earliest < T)):
        first = int(earliest[k]) + 1
        sooner = (tb.stopped_when_found[i, k] - tb.stopped_after_lag[i, k])[first : first + 1 if st.done[k] else T + 1]
        gain = float(sooner.max(initial=0.0))
        most += gain if gain > 1e-9 * np.abs(tb.stopped_after_lag[i, k]).max(initial=1.0) else 0.0
    return most / (1 - float(tb.discount[i]))
