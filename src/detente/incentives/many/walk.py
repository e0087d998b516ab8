"""Leaving openly in one world: W, what it costs the others, no deal (model §3, §4, §8)."""

from __future__ import annotations

import numpy as np

from detente.case.stakes import Floats, Ints
from detente.incentives.many.compiled import compiled
from detente.incentives.many.frame import LEFT, NOBODY, STAYS, World
from detente.incentives.many.milestones import after_breach, left_alone, not_undone, spareable, spared_by, valued
from detente.incentives.many.tables import Table


@compiled
def gaps_of(w: World, i: int, j: int, early: int) -> Ints:
    """(P,) how long after a breach by ``i`` (and ``j``, or -1) each party stops."""
    out = np.empty(len(w.parties), dtype=np.int64)
    for o in range(len(out)):
        out[o] = w.parties[o].lag - early
    out[i] = 0
    if j >= 0:
        out[j] = 0
    return out


@compiled
def stick_worth(w: World, tb: Table, i: int, a: int, b: int, early: int) -> float:
    """Worth to ``i`` of the sticks against ``a`` and ``b`` (or -1), the breach seen ``early`` periods before t."""
    total = 0.0
    for s in range(len(w.sticks)):
        against, by = w.sticks[s].against, w.sticks[s].by
        counts = w.sticks[s].committed or (w.harms[s, by].flow >= 0 and w.harms[s, by].once >= 0)
        if not counts or (against != a and against != b):
            continue
        begin, lasts, delta = w.parties[by].lag + w.sticks[s].delay - early, w.sticks[s].lasts, w.parties[i].discount
        length = 1 / (1 - delta) if lasts < 0 else (1 - tb.power[i, lasts]) / (1 - delta)
        total += tb.power[i, begin] * (w.harms[s, i].once + w.harms[s, i].flow * length)
    return total


@compiled
def walk_base(w: World, tb: Table, i: int, early: int) -> Floats:
    """(T+1,) what leaving openly yields without milestones; ``early`` 1: what being found does (F)."""
    fixed = stick_worth(w, tb, i, i, NOBODY, early)
    if not early:
        fixed -= w.parties[i].exit_cost
    out = np.empty(w.periods + 1)
    for t in range(len(out)):
        out[t] = tb.series[i, t].quo + tb.between[i, i, t].left + fixed
        for o in range(len(w.parties)):
            if o != i:
                out[t] += tb.between[i, o, t].early if early else tb.between[i, o, t].late
    return out


@compiled
def milestone_part(w: World, tb: Table, i: int, early: int) -> tuple[Floats, Ints]:
    """(T+1,) most that milestones add to it, and which of the spareable ones are left alone (bits)."""
    T = w.periods
    extra, chosen = np.zeros(T + 1), np.zeros(T + 1, dtype=np.int64)
    mine, choice = valued(w, i), spareable(w, tb, i)
    if not mine.any() and not len(choice):
        return extra, chosen
    gaps, stays = gaps_of(w, i, NOBODY, early), np.full(len(mine), STAYS)
    for t in range(T + 1):
        extra[t], chosen[t] = left_alone(w, tb, i, t, gaps, mine, choice, stays, NOBODY, NOBODY)
    return extra, chosen


@compiled
def exposures(w: World, tb: Table, chosen: Ints) -> tuple[Floats, Floats]:
    """(P, T+1) exposure, and S (P, P, T+1): what party j (first) is left with when i (second) leaves in t.

    ``chosen`` (P, T+1): what each leaver leaves alone.
    """
    T, P = w.periods, len(w.parties)
    exposure, S = np.zeros((P, T + 1)), np.zeros((P, P, T + 1))
    none = np.zeros(len(w.measures), dtype=np.bool_)
    for i in range(P):
        gaps, choice = gaps_of(w, i, NOBODY, LEFT), spareable(w, tb, i)
        for j in range(P):
            if j == i:
                continue
            one, two = (
                stick_worth(w, tb, j, i, NOBODY, LEFT),
                stick_worth(w, tb, j, i, j, LEFT) - w.parties[j].exit_cost,
            )
            mine, both = valued(w, j), gaps_of(w, i, j, LEFT)
            for t in range(T + 1):
                going = tb.series[j, t].quo + tb.between[j, i, t].left + one
                leaving = tb.series[j, t].quo + tb.between[j, i, t].left + tb.between[j, j, t].left + two
                for o in range(P):
                    if o != i:
                        going += tb.between[j, o, t].late
                        if o != j:
                            leaving += tb.between[j, o, t].late
                spared = spared_by(w, i, choice, chosen[i, t])
                if chosen[i, t]:
                    going += not_undone(w, tb, j, t, spared)
                for x in range(len(mine)):
                    if mine[x]:
                        going += after_breach(w, tb, x, j, t, gaps, spared, STAYS)
                        leaving += after_breach(w, tb, x, j, t, both, none, STAYS)
                S[j, i, t] = going
                exposure[j, t] = max(exposure[j, t], leaving - going)
    return exposure, S


@compiled
def no_deal(w: World, tb: Table) -> Floats:
    """(P,) what it is worth if all stop in period 0, or go on as they are if the case says so; of the empty road map:
    what no deal is worth."""
    P = len(w.parties)
    out = np.empty(P)
    none, at_once = np.zeros(len(w.measures), dtype=np.bool_), np.zeros(P, dtype=np.int64)
    for i in range(P):
        if not w.collapses:
            out[i] = tb.series[i, 0].kept
            continue
        out[i] = tb.series[i, 0].quo
        for o in range(P):
            out[i] += tb.between[i, o, 0].left
        for x in range(len(w.milestones)):
            out[i] += after_breach(w, tb, x, i, 0, at_once, none, STAYS)
    return out
