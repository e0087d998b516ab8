"""Incentives where a road map may end without anybody leaving it: false alarms that are believed, and incidents.

A false alarm on a measure that is believed ends the road map as if its owner had been found out; an incident ends it
for all at once: everybody stops in the next period, nobody pays an exit cost and no stick fires. Going on is then
worth less, and so is cheating, but for what is cheated on there is nothing to raise a false alarm about.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from detente.case.batch import Batch
from detente.case.stakes import Bools, Floats, Ints
from detente.incentives.many.cheat import (
    ALWAYS,
    FAKED,
    LONG_AGO,
    Cheat,
    Cheater,
    Course,
    after,
    blinds,
    candidates,
    cheat,
    cheater,
    clear,
    course,
    left_with,
    member_gone,
    not_done,
    step,
    touches,
)
from detente.incentives.many.compiled import compiled
from detente.incentives.many.frame import FOUND, LEFT, NOBODY, STAYS, World, world, worlds
from detente.incentives.many.milestones import after_breach
from detente.incentives.many.prospects import Prospects, prospects
from detente.incentives.many.tables import Table, flow_at, table
from detente.incentives.many.walk import milestone_part, walk_base


@dataclass(frozen=True, eq=False)
class Noise:
    """How often it happens, by world (n,); chances a period."""

    believed: Floats
    """that a false alarm on one inspected measure is raised and believed"""
    stops: Floats
    """that an incident ends the road map"""
    missed: Floats
    """share of true alarms that are not believed"""

    def seen(self, b: Batch) -> Batch:
        """The worlds with detection as far as it is believed."""
        seen = (1 - self.missed)[:, None]
        return replace(b, detect_base=b.detect_base * seen, access=b.access * seen)


def amid(b: Batch, c: Ints, noise: Noise) -> tuple[Prospects, Floats]:
    """What everybody gains by leaving where the road map may end of itself (see :func:`prospects`), and (n, T+1, P) the
    discount of each party times the chance that it does not end in a period."""
    seen = noise.seen(b)
    found = prospects(seen, c)
    if not noise.believed.any() and not noise.stops.any():
        return found, np.broadcast_to(b.discount[:, None], found.V.shape)
    V, C, which, lasts = _noisy(worlds(seen, c), noise.believed, noise.stops, found.players)
    amended = replace(
        found,
        V=np.ascontiguousarray(V.transpose(0, 2, 1)),
        C=np.ascontiguousarray(C.transpose(0, 2, 1)),
        which=np.ascontiguousarray(which.transpose(0, 2, 1, 3)),
    )
    return amended, lasts.transpose(0, 2, 1) * b.discount[:, None]


class Surroundings(NamedTuple):
    """What runs need of each world besides: (n, P or N, T+1)."""

    pays: Floats
    """what a period of the road map pays each party"""
    stands: Floats
    """what it pays while the road map stands still"""
    over: Floats
    """what each party has from then on if everybody stops"""
    found: Floats
    """what it has from then on having been found out, its exit cost apart"""
    undone: Bools
    """whether a measure's owner undoes it when it stops then"""
    watch: Bools
    """whether a measure is in force and inspected"""


@compiled
def surroundings(x: World) -> Surroundings:
    """What runs need of each world besides its incentives."""
    n, P, N, T = len(x.parties), x.parties.shape[1], x.measures.shape[1], x.periods
    out = Surroundings(
        np.empty((n, P, T + 1)), np.empty((n, P, T + 1)), np.empty((n, P, T + 1)), np.empty((n, P, T + 1)),
        np.zeros((n, N, T + 1), dtype=np.bool_), np.zeros((n, N, T + 1), dtype=np.bool_),
    )  # fmt: skip
    for m in range(n):
        w = world(x, m)
        tb = table(w)
        out.undone[m] = tb.undone
        watched(w, out.watch[m])
        for i in range(P):
            out.found[m, i] = walk_base(w, tb, i, FOUND) + milestone_part(w, tb, i, FOUND)[0]
            for t in range(T + 1):
                out.pays[m, i, t] = tb.series[i, t].u
                out.over[m, i, t] = everybody_stops(w, tb, i, t)
                out.stands[m, i, t] = w.quo[min(t, T - 1), i]
            for k in range(N):
                c = w.measures[k].c
                for t in range(c + 1, T + 1):
                    ended = w.measures[k].replaces
                    out.stands[m, i, t] += flow_at(w, i, k, t) - (flow_at(w, i, ended, t) if ended >= 0 else 0.0)
    return out


@compiled
def watched(w: World, watch: Bools) -> None:
    """Mark the measures (N, T+1) that are in force and inspected."""
    for k in range(len(w.measures)):
        m = w.measures[k]
        if m.owner >= 0 and not m.public:
            for t in range(max(m.c, 0), w.periods + 1):
                watch[k, t] = clear(w, k, t, NOBODY, STAYS, NOBODY, STAYS) < 1


@compiled
def everybody_stops(w: World, tb: Table, i: int, t: int) -> float:
    """Worth to ``i`` from ``t`` on if everybody stops then."""
    value = tb.series[i, t].quo
    none, at_once = np.zeros(len(w.measures), dtype=np.bool_), np.zeros(len(w.parties), dtype=np.int64)
    for o in range(len(w.parties)):
        value += tb.between[i, o, t].left
    for x in range(len(w.milestones)):
        value += after_breach(w, tb, x, i, t, at_once, none, STAYS)
    return value


class Calm(NamedTuple):
    """What may end the road map around one party."""

    quiet: Floats
    """(N+1,) chance that no false alarm on so many measures is believed"""
    watch: Bools
    """(N, T+1)"""
    mine: Ints
    """(T+1,) how many of its own measures are inspected"""
    ends: Floats
    """(T+1,) chance that an incident, or a false alarm on another's measure, ends it"""
    over: Floats
    """(T+1,) what the party has if everybody stops"""


@compiled
def _noisy(x: World, believed: Floats, stops: Floats, players: Bools) -> tuple[Floats, Floats, Ints, Floats]:
    n, P, T = len(x.parties), x.parties.shape[1], x.periods
    V, C = np.empty((n, P, T + 1)), np.full((n, P, T + 1), -np.inf)
    which, lasts = np.full((n, P, T + 1, 2), -1), np.empty((n, P, T + 1))
    for m in range(n):
        w = world(x, m)
        tb = table(w)
        watch = np.zeros((len(w.measures), T + 1), dtype=np.bool_)
        watched(w, watch)
        for i in range(P):
            calm = calm_of(w, tb, i, believed[m], stops[m], watch)
            base, plain = np.empty((2, T + 1)), np.empty((2, T + 1))
            for early in (LEFT, FOUND):
                base[early] = walk_base(w, tb, i, early)
                plain[early], _ = milestone_part(w, tb, i, early)
            kept(w, tb, i, calm, base[1] + plain[1], V[m, i], lasts[m, i])
            if players[m, i]:
                best_cheats_amid(w, tb, cheater(w, tb, i, base, plain), calm, C[m, i], which[m, i])
    return V, C, which, lasts


@compiled
def calm_of(w: World, tb: Table, i: int, believed: float, stops: float, watch: Bools) -> Calm:
    """What may end the road map around party ``i``."""
    T, N = w.periods, len(w.measures)
    quiet, mine, ends, over = np.ones(N + 1), np.zeros(T + 1, dtype=np.int64), np.empty(T + 1), np.empty(T + 1)
    for n in range(N):
        quiet[n + 1] = quiet[n] * (1 - believed)
    for t in range(T + 1):
        others = 0
        for k in range(N):
            if watch[k, t]:
                own = w.measures[k].owner == i
                mine[t] += own
                others += not own
        ends[t], over[t] = 1 - (1 - stops) * quiet[others], everybody_stops(w, tb, i, t)
    return Calm(quiet, watch, mine, ends, over)


@compiled
def blamed(calm: Calm, t: int, a: int, b: int) -> float:
    """Chance that a false alarm on its measures, those cheated on apart, is believed in ``t``."""
    many = calm.mine[t]
    if a >= 0 and calm.watch[a, t]:
        many -= 1
    if b >= 0 and calm.watch[b, t]:
        many -= 1
    return 1 - calm.quiet[many]


@compiled
def kept(w: World, tb: Table, i: int, calm: Calm, found: Floats, V: Floats, lasts: Floats) -> None:
    """Enter (T+1,) the worth of going on, and the chance that it may; ``found`` (T+1,): worth of being found out."""
    T, delta, cost = w.periods, w.parties[i].discount, w.parties[i].exit_cost
    for t in range(T, -1, -1):
        a, e, then = blamed(calm, t, NOBODY, NOBODY), calm.ends[t], min(t + 1, T)
        now = tb.series[i, t].u - a * cost + delta * (a * found[then] + (1 - a) * e * calm.over[then])
        lasts[t] = (1 - a) * (1 - e)
        V[t] = now / (1 - delta * lasts[t]) if t == T else now + delta * lasts[t] * V[t + 1]


@compiled
def over_having_cheated(w: World, tb: Table, ch: Cheater, s: Cheat, calm: Calm, t: int) -> float:
    """What the cheater has from ``t`` on if everybody stops then."""
    value = calm.over[min(t, w.periods)] + left_with(tb, ch, s.a, t, s.gone_a)
    if s.b >= 0:
        value += left_with(tb, ch, s.b, t, s.gone_b)
    if s.touches:
        none, at_once = np.zeros(len(w.measures), dtype=np.bool_), np.zeros(len(w.parties), dtype=np.int64)
        for x in range(len(ch.mine)):
            gone = member_gone(w, x, s.a, s.gone_a, s.b, s.gone_b)
            if ch.mine[x] and gone != STAYS:
                value += after_breach(w, tb, x, ch.i, t, at_once, none, gone)
                value -= after_breach(w, tb, x, ch.i, t, at_once, none, STAYS)
    return value


class Moment(NamedTuple):
    """One period of a cheat."""

    now: float
    """Payoff"""
    h: float
    """Chance to be found"""
    F: float
    """Worth of having been found, from the next period on"""
    over: float
    """Worth of everybody stopping, from the next period on"""


@compiled
def worth(w: World, ch: Cheater, calm: Calm, t: int, s: Cheat, x: Moment, ahead: float, for_ever: bool) -> float:
    """Worth of a cheat in ``t`` if it goes on with what is worth ``ahead`` (with ``for_ever``: with itself)."""
    at, delta, cost = min(t, w.periods), w.parties[ch.i].discount, w.parties[ch.i].exit_cost
    a, e = blamed(calm, at, s.a, s.b), calm.ends[at]
    seen = x.h + (1 - x.h) * a
    now = x.now - (1 - x.h) * a * cost + delta * (seen * x.F + (1 - seen) * e * x.over)
    on = delta * (1 - seen) * (1 - e)
    return now / (1 - on) if for_ever else now + on * ahead


@compiled
def settled_amid(w: World, tb: Table, ch: Cheater, s: Cheat, calm: Calm, out: Course) -> None:
    """Enter the course of a cheat that has no past."""
    T = w.periods
    course(w, tb, ch, s, out)
    for t in range(T, -1, -1):
        then = min(t + 1, T)
        x = Moment(out.now[t], out.h[t], out.F[then], over_having_cheated(w, tb, ch, s, calm, then))
        if t < T:
            out.C[t] = worth(w, ch, calm, t, s, x, max(out.C[then], out.W[then]), False)
        else:
            hold = worth(w, ch, calm, t, s, x, 0.0, True)
            out.C[t] = hold if hold >= out.W[t] else worth(w, ch, calm, t, s, x, out.W[t], False)


@compiled
def begun_amid(w: World, tb: Table, ch: Cheater, s: Cheat, calm: Calm, c: Course) -> float:
    """Worth of a cheat that secretly undoes at least one measure; ``c``: its course once that is done."""
    T, slow = w.periods, s.touches or s.blinds or len(ch.choice) > 0
    end = max(s.gone_a, s.t0 + 1)
    if s.b >= 0:
        end = max(end, s.gone_b)
    C, W, F = c.C[min(end, T)], c.W[min(end, T)], c.F[min(end, T)]
    for t in range(end - 1, s.t0 - 1, -1):
        at = min(t, T)
        if slow:
            now, h = step(w, tb, ch, s, t)
        else:
            now, h = c.now[at] + not_done(w, ch, s, s.a, s.gone_a, t), c.h[at]
            if s.b >= 0:
                now += not_done(w, ch, s, s.b, s.gone_b, t)
        over = over_having_cheated(w, tb, ch, s, calm, t + 1)
        C = worth(w, ch, calm, t, s, Moment(now, h, F, over), max(C, W), False)
        if t > s.t0 and slow:
            W, F = after(w, tb, ch, s, t, LEFT), after(w, tb, ch, s, t, FOUND)
        elif t > s.t0:
            more = left_with(tb, ch, s.a, t, s.gone_a) - ch.left[s.a, 0 if s.gone_a == FAKED else 1, at]
            if s.b >= 0:
                more += left_with(tb, ch, s.b, t, s.gone_b) - ch.left[s.b, 0 if s.gone_b == FAKED else 1, at]
            W, F = c.W[at] + more, c.F[at] + more
    return C


@compiled
def best_cheats_amid(w: World, tb: Table, ch: Cheater, calm: Calm, best: Floats, which: Ints) -> None:
    """Enter (T+1,) most that cheating on one measure, or two, yields when begun in t, and (T+1, 2) which."""
    ks, T = candidates(w, ch.i), w.periods
    out = Course(np.empty(T + 1), np.empty(T + 1), np.empty(T + 1), np.empty(T + 1), np.empty(T + 1))
    for n in range(len(ks)):
        for m in range(n, len(ks)):
            consider_amid(w, tb, ch, calm, ks[n], ks[m] if m > n else NOBODY, out, best, which)


@compiled
def consider_amid(
    w: World, tb: Table, ch: Cheater, calm: Calm, a: int, b: int, out: Course, best: Floats, which: Ints
) -> None:
    """Enter what one set yields at every date."""
    known, blind, touch = -1, blinds(w, a, b), touches(w, ch, a, b)
    for t0 in range(w.periods, -1, -1):
        fakes_a, fakes_b = w.measures[a].c >= t0, b >= 0 and w.measures[b].c >= t0
        if not (fakes_a or w.measures[a].undoable) or not (b < 0 or fakes_b or w.measures[b].undoable):
            continue
        if 2 * fakes_a + fakes_b != known:
            known = 2 * fakes_a + fakes_b
            gone_a, gone_b = FAKED if fakes_a else LONG_AGO, FAKED if fakes_b else LONG_AGO
            settled_amid(w, tb, ch, Cheat(ALWAYS, a, gone_a, b, gone_b, blind, touch), calm, out)
        value = out.C[t0]
        if not (fakes_a and (b < 0 or fakes_b)):
            value = begun_amid(w, tb, ch, cheat(w, a, b, t0, blind, touch), calm, out)
        if value > best[t0]:
            best[t0] = value
            which[t0, 0], which[t0, 1] = a, b
