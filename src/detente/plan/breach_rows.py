"""Rows that no breach may pay: open breach always, covert ones as the auditor finds them (model §4-§5, §10).

Each row says ``V_i(t) - (what a particular breach yields) >= z``, with ``z`` the margin asked for, and is switched off
where that breach is not open to the party or would be found sooner than the row assumes. So no row ever rules out a
road map that the auditor would certify; rows that are missing are added when the auditor finds a breach.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from detente.case.stakes import NEVER, Bools, Floats, Ints, Withdrawing
from detente.incentives import cheat as covert
from detente.incentives.cheat import CheatSet, Setting
from detente.incentives.kept import LARGEST_MARGIN
from detente.incentives.milestones import STAYS
from detente.incentives.tables import Tables
from detente.plan.linear import Linear
from detente.plan.solver import Row
from detente.plan.value_rows import Values

MOST_WELCOME = 0.01
"""Rows that hold whenever access opens no earlier than assumed are given up by how welcome being found may be; above
this much, in the party's scale, they would say too little."""


class BreachRows:
    """Builds the rows; ``z`` is the variable for the least relative margin, at most ``most`` and not below ``margin``.

    ``own[i]`` is the least margin of party i, which limits ``z`` only where i has a breach that is not vacuous.
    """

    def __init__(self, values: Values, margin: float) -> None:
        self.values, self.stakes, self.tb, self.schedule = values, values.stakes, values.tb, values.schedule
        self.counted = [i for i in range(values.P) if values.K[i] > 0]
        self.most_of = {i: float(min(2 * values.spread[i] / values.K[i], LARGEST_MARGIN)) for i in self.counted}
        self.most = max(self.most_of.values(), default=LARGEST_MARGIN)
        self.z = values.model.variable(min(margin, self.most), self.most)
        self.own = {i: values.model.variable(min(margin, m), m) for i, m in self.most_of.items()}
        self.active = [self._active(i) for i in range(values.P)]
        self.felt = {i: self._felt(i) for i in self.counted}
        self.welcome = [found_welcome(values.tb, i, self.schedule.earliest) / values.scale[i] for i in range(values.P)]

    def rows(self, i: int, gain: Linear, switch: Linear) -> list[Row]:
        """``gain >= z`` unless ``switch`` (0 where the breach is open, at least 1 where not) is positive."""
        off = switch.times(1.0).add(self._inactive(i))
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
        yield gain.add(self._inactive(i), float(self.values.big[i]) + abs(reserve)).at_least(0.0)

    def staying(self, i: int) -> Iterator[Row]:
        """V_i(t) >= W_i(t), and by z where walking out is not vacuous; z no more than i's own least margin, if i has a
        breach that counts."""
        always = self._always_felt(i)
        for t in range(self.values.T + 1):
            gain = Linear({self.values.V[i, t]: 1.0, self.values.walk(i, t): -1.0})
            yield gain.times(1.0).add(self._inactive(i), float(self.values.big[i])).at_least(0.0)
            if i not in self.own:
                continue
            if always:
                yield from self.rows(i, gain, Linear())
            else:
                yield from self._if_felt(i, t, gain)
        if i in self.own:
            vacuous = self._inactive(i).add(Linear({}, 1.0)).add(self.felt[i], -1.0)
            yield Linear({self.own[i]: 1.0, self.z: -1.0}).add(vacuous, self.most - self.most_of[i]).at_least(0.0)

    def _inactive(self, i: int) -> Linear:
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
        self.values.model.rows.append(Linear({a: 1.0}).add(_sum(last), -1.0).at_most(0.0))
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

    def _if_felt(self, i: int, t: int, gain: Linear) -> Iterator[Row]:
        """The margin z where something would come to an end, or would no longer come."""
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
        yield from self.rows(i, gain, Linear({felt: -1.0}, 1.0))

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
        welcome = float(self.welcome[i])
        if welcome < MOST_WELCOME:
            looser = gain.times(1.0).add(Linear({}, welcome))
            yield from self.rows(i, looser, self._watched(switch, cheat, t0, c, either_way=False))
        if welcome > 0:
            yield from self.rows(i, gain, self._watched(switch, cheat, t0, c, either_way=True))

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


def _sum(parts: list[Linear]) -> Linear:
    result = Linear()
    for part in parts:
        result.add(part)
    return result


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
