"""What milestones are worth after a breach in one world, and what a breacher leaves alone for them (model §3, §4)."""

from __future__ import annotations

import numpy as np

from detente.case.stakes import Bools, Floats, Ints
from detente.incentives.many.compiled import compiled
from detente.incentives.many.frame import STAYS, World
from detente.incentives.many.tables import Table, flow_at

MOST = 10
"""All subsets of milestones to leave alone are tried up to this many; of more, subsets of the first ones."""
TIE = 1e-12
"""Relative difference below which two choices count as equally good."""


@compiled
def after_breach(w: World, tb: Table, x: int, i: int, t: int, gaps: Ints, spared: Bools, gone: int) -> float:
    """Worth to party ``i`` from ``t`` on of milestone number ``x`` when each party stops in t + ``gaps``.

    ``spared`` (N,): what its owner leaves alone. ``gone``: period from which a member is truly gone for having been
    cheated on (-1: never there), ``STAYS`` if none is.
    """
    T, m = w.periods, w.milestones[x].measure
    start = w.measures[m].c
    if start >= T or gone < 0:
        return 0.0
    for n in range(w.milestones[x].members, w.milestones[x].members_end):
        k = w.lists[n]
        if w.measures[k].c >= t + gaps[w.measures[k].owner]:
            return 0.0
    first = max(start, t)
    whens, chances = endings(w, tb, x, t, gaps, spared, gone)
    lead = tb.power[i, first - t]
    value = lead * tb.of[i, m, min(first, T)].worth
    left, at_start = 1.0, 1.0
    for n in range(len(whens)):
        if chances[n] <= 0:
            continue
        u = max(whens[n], first)
        value -= left * chances[n] * tb.power[i, u - t] * tb.of[i, m, min(u, T)].worth
        if whens[n] <= start:
            at_start *= 1 - chances[n]
        left *= 1 - chances[n]
    if start >= t:
        value += w.values[i, m].once * lead * at_start
    return value


@compiled
def endings(w: World, tb: Table, x: int, t: int, gaps: Ints, spared: Bools, gone: int) -> tuple[Ints, Floats]:
    """When the undoing of each member of a milestone takes effect, earliest first, and the chance that it does."""
    T, begin = w.periods, w.milestones[x].holders
    rows = w.milestones[x].holders_end - begin
    whens, chances = np.empty(rows + 1, dtype=np.int64), np.empty(rows + 1)
    for row in range(rows):
        stop = t + gaps[w.measures[w.holders[begin + row].member].owner]
        when, chance = STAYS, 0.0
        for n in range(w.holders[begin + row].chain, w.holders[begin + row].chain_end):
            k = w.lists[n]
            if w.measures[k].c >= stop:
                continue
            if tb.undone[k, min(stop, T)] and not spared[k]:
                when, chance = stop + w.measures[k].undo_takes, w.measures[k].undo_chance
            else:
                when, chance = STAYS, 0.0
        whens[row], chances[row] = when, chance
    whens[rows], chances[rows] = gone, 1.0 if gone != STAYS else 0.0
    for row in range(1, rows + 1):
        when, chance, at = whens[row], chances[row], row
        while at > 0 and whens[at - 1] > when:
            whens[at], chances[at] = whens[at - 1], chances[at - 1]
            at -= 1
        whens[at], chances[at] = when, chance
    return whens, chances


@compiled
def valued(w: World, i: int) -> Bools:
    """(M,) milestones on the road map that are worth something, good or bad, to a party."""
    out = np.zeros(len(w.milestones), dtype=np.bool_)
    for x in range(len(w.milestones)):
        m = w.milestones[x].measure
        out[x] = w.measures[m].c < w.periods and (w.values[i, m].once != 0 or np.abs(w.flow[:, i, m]).max() > 0)
    return out


@compiled
def spare(w: World, i: int, x: int, spared: Bools) -> None:
    """Mark what party ``i`` leaves alone to leave milestone ``x`` alone: its members, and what stands for them."""
    for row in range(w.milestones[x].holders, w.milestones[x].holders_end):
        if w.measures[w.holders[row].member].owner == i:
            for n in range(w.holders[row].chain, w.holders[row].chain_end):
                k = w.lists[n]
                spared[k] = spared[k] or w.measures[k].withdrawal != 1


@compiled
def spareable(w: World, tb: Table, i: int) -> Ints:
    """Milestones with members that party ``i`` could leave alone; none where none is worth having to it."""
    welcome = False
    for x in range(len(w.milestones)):
        m = w.milestones[x].measure
        if w.measures[m].c < w.periods and (w.values[i, m].once > 0 or w.flow[:, i, m].max() > 0):
            welcome = True
    found = np.empty(len(w.milestones), dtype=np.int64)
    n = 0
    for x in range(len(w.milestones)):
        if not welcome or w.measures[w.milestones[x].measure].c >= w.periods:
            continue
        spared = np.zeros(len(w.measures), dtype=np.bool_)
        spare(w, i, x, spared)
        for k in range(len(w.measures)):
            if spared[k] and tb.undone[k].any():
                found[n] = x
                n += 1
                break
    return found[:n]


@compiled
def holds_alone(w: World, k: int, t: int) -> bool:
    """Whether a measure is in force before ``t`` and not yet replaced."""
    if w.measures[k].c >= t:
        return False
    for new in range(len(w.measures)):
        if w.measures[new].replaces == k and w.measures[new].c < w.periods and w.measures[new].c < t:
            return False
    return True


@compiled
def left_alone(
    w: World, tb: Table, i: int, t: int, gaps: Ints, mine: Bools, choice: Ints, gone: Ints, a: int,
    b: int,
) -> tuple[float, int]:  # fmt: skip
    """Most that milestones add to what ``i`` gets after leaving in ``t``, and what it leaves alone (bits).

    ``mine`` (M,): milestones worth something to it. ``a``, ``b``: measures cheated on before (or -1), which it cannot
    leave alone any more; ``gone`` (M,): see :func:`after_breach`.
    """
    none = np.zeros(len(w.measures), dtype=np.bool_)
    best = 0.0
    for x in range(len(mine)):
        if mine[x]:
            best += after_breach(w, tb, x, i, t, gaps, none, gone[x])
    chosen, many = 0, len(choice)
    for size in range(1, many + 1):
        for bits in range(1, 1 << min(many, MOST)):
            if ones(bits) == size:
                value = sparing(w, tb, i, t, gaps, mine, choice, bits, gone, a, b)
                if value > best + TIE * abs(best):
                    best, chosen = value, bits
    return best, chosen


@compiled
def ones(bits: int) -> int:
    """How many bits are set."""
    n = 0
    while bits:
        bits &= bits - 1
        n += 1
    return n


@compiled
def spared_by(w: World, i: int, choice: Ints, bits: int) -> Bools:
    """(N,) what party ``i`` leaves alone with the chosen milestones."""
    spared = np.zeros(len(w.measures), dtype=np.bool_)
    for n in range(len(choice)):
        if bits >> n & 1:
            spare(w, i, choice[n], spared)
    return spared


@compiled
def sparing(
    w: World, tb: Table, i: int, t: int, gaps: Ints, mine: Bools, choice: Ints, bits: int, gone: Ints,
    a: int, b: int,
) -> float:  # fmt: skip
    """What milestones are worth to ``i`` with some left alone, less what sparing their members costs it."""
    spared = spared_by(w, i, choice, bits)
    value = 0.0
    for x in range(len(mine)):
        if mine[x]:
            value += after_breach(w, tb, x, i, t, gaps, spared, gone[x])
    for k in (a, b):
        if k >= 0:
            spared[k] = False
    return value + not_undone(w, tb, i, t, spared)


@compiled
def not_undone(w: World, tb: Table, j: int, t: int, spared: Bools) -> float:
    """What it changes for party ``j`` that spared measures are not undone in ``t``."""
    value = 0.0
    at = min(t, w.periods)
    for k in range(len(w.measures)):
        if spared[k] and holds_alone(w, k, t):
            value += tb.of[j, k, at].worth - tb.of[j, k, at].post
    return value


@compiled
def believed(w: World, i: int, x: int, t: int, gone: int) -> float:
    """What ``i`` saves in ``t`` while a milestone truly gone from ``gone`` on is believed in: its negative numbers."""
    m = w.milestones[x].measure
    start = w.measures[m].c
    if start >= w.periods:
        return 0.0
    out = 0.0
    if t >= start and t >= gone:
        out += max(-flow_at(w, i, m, t), 0.0)
    if t == start and gone <= start:
        out += max(-w.values[i, m].once, 0.0)
    return out
