"""What measures are worth in one world: kept, and once their owners have stopped (model §3, §4)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from detente.case.stakes import Bools, Floats
from detente.incentives.many.compiled import compiled, inlined
from detente.incentives.many.frame import Records, World

TIE = 1e-9
"""Relative distance from indifference within which undoing counts as not worth while."""

SERIES = np.dtype([("u", "f8"), ("kept", "f8"), ("quo", "f8")])
WORTH = np.dtype([("worth", "f8"), ("post", "f8")])
BETWEEN = np.dtype([("gives", "f8"), ("left", "f8"), ("late", "f8"), ("early", "f8")])


class Table(NamedTuple):
    """Constants of one world on one road map; T periods, P parties, N measures. The last period stands for ever."""

    power: Floats
    """(P, n) powers of the discount factors"""
    undone: Bools
    """(N, T+1) whether its owner undoes a measure when it stops in s"""
    of: Records
    """(P, N, T+1) ``worth`` of a measure in force from s on, and ``post``, when its owner stops in s"""
    series: Records
    """(P, T+1) payoff ``u`` and continuation value while the road map is ``kept``; status ``quo`` from then on"""
    between: Records
    """(P, P, T+1) what an owner's (second) measures pay a party (first) in each period (``gives``), and are worth to it
    from t on when the owner stops in t (``left``), a response lag later (``late``), or one period less (``early``)"""
    size: Floats
    """(P,) all payments that a party may see, as if each came for ever: how large rounding errors can be"""


@compiled
def table(w: World) -> Table:
    """The constants of one world."""
    T, P, N = w.periods, len(w.parties), len(w.measures)
    tb = Table(
        powers(w),
        np.zeros((N, T + 1), dtype=np.bool_),
        np.zeros((P, N, T + 1), dtype=WORTH),
        np.zeros((P, T + 1), dtype=SERIES),
        np.zeros((P, P, T + 1), dtype=BETWEEN),
        sizes(w),
    )
    for k in range(N):
        if w.measures[k].c < T:
            set_worth(w, tb, k)
            set_undone(w, tb, k)
            set_post(w, tb, k)
    set_payments(w, tb)
    set_kept(w, tb)
    set_left(w, tb)
    set_stopping(w, tb)
    return tb


@compiled
def powers(w: World) -> Floats:
    """(P, n) powers of the discount factors, long enough for every lag, undoing and stick."""
    longest = w.periods + 2
    for i in range(len(w.parties)):
        longest = max(longest, w.periods + 2 + w.parties[i].lag)
    most = 0
    for k in range(len(w.measures)):
        most = max(most, w.measures[k].undo_takes + w.measures[k].takes)
    for s in range(len(w.sticks)):
        most = max(most, w.sticks[s].delay + max(w.sticks[s].lasts, 0))
    longest += most
    out = np.ones((len(w.parties), 2 * longest))
    for i in range(len(w.parties)):
        for n in range(1, 2 * longest):
            out[i, n] = out[i, n - 1] * w.parties[i].discount
    return out


@inlined
def flow_at(w: World, i: int, k: int, t: int) -> float:
    """The flow of a measure to a party in a period."""
    return w.flow[min(t, w.flow.shape[0] - 1), i, k]


@compiled
def set_worth(w: World, tb: Table, k: int) -> None:
    """Σ_{x ≥ s} δ^{x-s} flow(x)."""
    T = w.periods
    for i in range(len(w.parties)):
        delta, of = w.parties[i].discount, tb.of[i, k]
        of[T].worth = flow_at(w, i, k, T) / (1 - delta)
        of[T - 1].worth = of[T].worth
        for t in range(T - 2, -1, -1):
            of[t].worth = flow_at(w, i, k, t) + delta * of[t + 1].worth


@compiled
def set_undone(w: World, tb: Table, k: int) -> None:
    """The rule of model §4 for undoing; what is too close to call is left alone."""
    m, T = w.measures[k], w.periods
    if m.owner < 0 or not m.undoable:
        return
    delta, own = w.parties[m.owner].own, np.empty(T + 1)
    own[T] = flow_at(w, m.owner, k, T) / (1 - delta)
    for t in range(T - 1, -1, -1):
        own[t] = flow_at(w, m.owner, k, t) + delta * own[t + 1]
    shed = m.undo_chance * (1 - m.residual) * delta**m.undo_takes
    size = np.abs(w.flow[:, m.owner, k]).max() / (1 - delta)
    near = TIE * (size + m.undo_cost)
    for s in range(T + 1):
        pays = -shed * own[min(s + m.undo_takes, T)] - m.undo_cost > near
        tb.undone[k, s] = m.withdrawal == 1 or (m.withdrawal == 0 and pays)


@compiled
def set_post(w: World, tb: Table, k: int) -> None:
    """Worth from s on of a measure in force whose owner stops in s."""
    m, T = w.measures[k], w.periods
    shed = m.undo_chance * (1 - m.residual)
    for i in range(len(w.parties)):
        cost, of = m.undo_cost if i == m.owner else 0.0, tb.of[i, k]
        for s in range(T + 1):
            of[s].post = of[s].worth
            if tb.undone[k, s]:
                of[s].post -= shed * tb.power[i, m.undo_takes] * of[min(s + m.undo_takes, T)].worth + cost


@compiled
def set_payments(w: World, tb: Table) -> None:
    """What the measures of each owner pay each party in each period, and all payoffs."""
    T = w.periods
    for i in range(len(w.parties)):
        for t in range(T + 1):
            tb.series[i, t].u = w.quo[min(t, T - 1), i]
    for k in range(len(w.measures)):
        m = w.measures[k]
        for i in range(len(w.parties)):
            value = w.values[i, k]
            for t in range(min(max(m.c - m.takes, 0), T), min(m.c, T)):
                pay(tb, i, m.owner, t, value.during)
            if m.c >= T:
                continue
            if m.c >= 0:
                pay(tb, i, m.owner, m.c, value.once)
            for t in range(max(m.c, 0), T + 1):
                ended = flow_at(w, i, m.replaces, t) if m.replaces >= 0 else 0.0
                pay(tb, i, m.owner, t, flow_at(w, i, k, t) - ended)


@inlined
def pay(tb: Table, i: int, owner: int, t: int, amount: float) -> None:
    """Enter a payment to party ``i``."""
    tb.series[i, t].u += amount
    if owner >= 0:
        tb.between[i, owner, t].gives += amount


@compiled
def set_kept(w: World, tb: Table) -> None:
    """Continuation values, and the status quo, discounted."""
    T = w.periods
    for i in range(len(w.parties)):
        delta, series = w.parties[i].discount, tb.series[i]
        series[T].kept = series[T].u / (1 - delta)
        series[T].quo = w.quo[T - 1, i] / (1 - delta)
        for t in range(T - 1, -1, -1):
            series[t].kept = series[t].u + delta * series[t + 1].kept
            series[t].quo = w.quo[t, i] + delta * series[t + 1].quo


@compiled
def set_left(w: World, tb: Table) -> None:
    """What is in force of each owner's measures when it stops."""
    T = w.periods
    for k in range(len(w.measures)):
        m = w.measures[k]
        if m.c >= T or m.owner < 0:
            continue
        for i in range(len(w.parties)):
            for s in range(m.c + 1, T + 1):
                ended = tb.of[i, m.replaces, s].post if m.replaces >= 0 else 0.0
                tb.between[i, m.owner, s].left += tb.of[i, k, s].post - ended


@compiled
def set_stopping(w: World, tb: Table) -> None:
    """Worth of an owner's measures from t on when it stops a response lag later, or one period less."""
    T = w.periods
    for i in range(len(w.parties)):
        for o in range(len(w.parties)):
            for t in range(T + 1):
                tb.between[i, o, t].late = stopping(tb, i, o, t, w.parties[o].lag, T)
                tb.between[i, o, t].early = stopping(tb, i, o, t, w.parties[o].lag - 1, T)


@inlined
def stopping(tb: Table, i: int, o: int, t: int, gap: int, T: int) -> float:
    """Worth to ``i`` of the measures of ``o`` from t on when ``o`` stops in t + ``gap``."""
    total = tb.power[i, gap] * tb.between[i, o, min(t + gap, T)].left
    for s in range(gap):
        total += tb.power[i, s] * tb.between[i, o, min(t + s, T)].gives
    return total


@compiled
def sizes(w: World) -> Floats:
    """(P,) all payments that a party may see, as if each came for ever."""
    P = len(w.parties)
    out = np.empty(P)
    for i in range(P):
        total = w.parties[i].exit_cost + np.abs(w.quo[:, i]).max()
        for k in range(len(w.measures)):
            m = w.measures[k]
            if m.c < w.periods:
                once, during = w.values[i, k].once, w.values[i, k].during
                total += np.abs(w.flow[:, i, k]).max() + abs(once) + abs(during) * m.takes
                total += m.undo_cost if m.owner == i else 0.0
        for s in range(len(w.sticks)):
            total += abs(w.harms[s, i].flow) + abs(w.harms[s, i].once)
        out[i] = total / (1 - w.parties[i].discount)
    return out
