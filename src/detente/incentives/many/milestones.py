"""What milestones are worth after a breach in one world, and what a breacher leaves alone for them (model §3, §4)."""

from __future__ import annotations

from typing import NamedTuple

from detente.case.stakes import Bools, Ints
from detente.incentives.many.compiled import inner, part
from detente.incentives.many.frame import ALL, STAYS, World
from detente.incentives.many.tables import Table, flow_at, post_at, undone_at, worth_at

MOST = 10
"""All subsets of milestones to leave alone are tried up to this many; of more, subsets of the first ones."""
TIE = 1e-12
"""Relative difference below which two choices count as equally good."""


class Breach(NamedTuple):
    """Who breaks off, and how the others come to know."""

    by: int
    also: int
    """or -1"""
    how: int
    """``LEFT``, ``FOUND``, ``ALL``"""


@inner
def gap(w: World, e: Breach, o: int) -> int:
    """How long after a breach a party stops."""
    if e.how == ALL or o == e.by or o == e.also:
        return 0
    return w.parties[o].lag - e.how


@part
def after_breach(w: World, tb: Table, x: int, i: int, t: int, e: Breach, spared: Bools, gone: int) -> float:
    """Worth to party ``i`` from ``t`` on of milestone number ``x`` after a breach in t.

    ``spared`` (N,): what its owner leaves alone. ``gone``: period from which a member is truly gone for having been
    cheated on (-1: never there), ``STAYS`` if none is.
    """
    if gone < 0 or not comes(w, x, t, e):
        return 0.0
    return having(w, tb, x, i, t, queue_up(w, tb, x, t, e, spared, gone))


@inner
def comes(w: World, x: int, t: int, e: Breach) -> bool:
    """Whether milestone ``x`` is reached all the same: its members come before their owners stop."""
    found = w.measures[w.milestones[x].measure].c < w.periods
    for n in range(w.milestones[x].members, w.milestones[x].members_end if found else 0):
        k = w.lists[n]
        found = found and w.measures[k].c < t + gap(w, e, w.measures[k].owner)
    return found


@inner
def having(w: World, tb: Table, x: int, i: int, t: int, endings: int) -> float:
    """Worth to party ``i`` from ``t`` on of milestone ``x`` that is reached, with so many endings in ``tb.queue``."""
    m = w.milestones[x].measure
    start = w.measures[m].c
    first = max(start, t)
    lead = tb.power[i, first - t]
    value = lead * worth_at(tb, i, m, first)
    left, at_start = 1.0, 1.0
    for n in range(endings):
        when, chance = tb.queue[n].when, tb.queue[n].chance
        if chance <= 0:
            continue
        u = max(when, first)
        value -= left * chance * tb.power[i, u - t] * worth_at(tb, i, m, u)
        if when <= start:
            at_start *= 1 - chance
        left *= 1 - chance
    if start >= t:
        value += w.values[i, m].once * lead * at_start
    return value


@inner
def queue_up(w: World, tb: Table, x: int, t: int, e: Breach, spared: Bools, gone: int) -> int:
    """Enter when the undoing of each member of a milestone takes effect, earliest first, and the chance that it does;
    how many there are."""
    begin = w.milestones[x].holders
    rows = w.milestones[x].holders_end - begin
    for row in range(rows):
        stop = t + gap(w, e, w.measures[w.holders[begin + row].member].owner)
        when, chance = STAYS, 0.0
        for n in range(w.holders[begin + row].chain, w.holders[begin + row].chain_end):
            k = w.lists[n]
            if w.measures[k].c >= stop:
                continue
            if undone_at(tb, k, stop) and not spared[k]:
                when, chance = stop + w.measures[k].undo_takes, w.measures[k].undo_chance
            else:
                when, chance = STAYS, 0.0
        stand_in_line(tb, row, when, chance)
    stand_in_line(tb, rows, gone, 1.0 if gone != STAYS else 0.0)
    return rows + 1


@inner
def stand_in_line(tb: Table, at: int, when: int, chance: float) -> None:
    """Enter an ending behind those before place ``at`` that come no later."""
    while at > 0 and tb.queue[at - 1].when > when:
        tb.queue[at].when, tb.queue[at].chance = tb.queue[at - 1].when, tb.queue[at - 1].chance
        at -= 1
    tb.queue[at].when, tb.queue[at].chance = when, chance


@part
def spare(w: World, i: int, x: int, spared: Bools) -> None:
    """Mark what party ``i`` leaves alone to leave milestone ``x`` alone: its members, and what stands for them."""
    for row in range(w.milestones[x].holders, w.milestones[x].holders_end):
        if w.measures[w.holders[row].member].owner == i:
            for n in range(w.holders[row].chain, w.holders[row].chain_end):
                k = w.lists[n]
                spared[k] = spared[k] or w.measures[k].withdrawal != 1


@part
def holds_alone(w: World, k: int, t: int) -> bool:
    """Whether a measure is in force before ``t`` and not yet replaced."""
    if w.measures[k].c >= t:
        return False
    for new in range(len(w.measures)):
        if w.measures[new].replaces == k and w.measures[new].c < w.periods and w.measures[new].c < t:
            return False
    return True


@part
def left_alone(w: World, tb: Table, t: int, e: Breach, gone: Ints, a: int, b: int) -> tuple[float, int]:
    """Most that milestones add to what the breaker gets after a breach in ``t``, and what it leaves alone (bits).

    ``a``, ``b``: measures cheated on before (or -1), which it cannot leave alone any more; ``gone`` (M,): see
    :func:`after_breach`. If all stop at once, nobody leaves anything alone, as where there is no deal.
    """
    best, many = 0.0, 0
    for x in range(len(gone)):
        many = max(many, tb.interest[e.by, x].bit + 1)
        if tb.interest[e.by, x].counts:
            best += after_breach(w, tb, x, e.by, t, e, tb.nothing, gone[x])
    chosen = 0
    for size in range(1, many + 1 if e.how != ALL else 0):
        for bits in range(1, 1 << min(many, MOST)):
            if ones(bits) == size:
                value = sparing(w, tb, e.by, t, e, bits, gone, a, b)
                if value > best + TIE * abs(best):
                    best, chosen = value, bits
    return best, chosen


@inner
def ones(bits: int) -> int:
    """How many bits are set."""
    n = 0
    while bits:
        bits &= bits - 1
        n += 1
    return n


@part
def spare_all(w: World, tb: Table, i: int, bits: int) -> None:
    """Mark in ``tb.spared`` what party ``i`` leaves alone with the chosen milestones."""
    for k in range(len(tb.spared)):
        tb.spared[k] = False
    for x in range(len(w.milestones)):
        bit = tb.interest[i, x].bit
        if bit >= 0 and bits >> bit & 1:
            spare(w, i, x, tb.spared)


@part
def sparing(w: World, tb: Table, j: int, t: int, e: Breach, bits: int, gone: Ints, a: int, b: int) -> float:
    """What milestones are worth to party ``j`` with some left alone by the breaker, and what it changes for it that
    their members are spared."""
    spare_all(w, tb, e.by, bits)
    value = 0.0
    for x in range(len(gone)):
        if tb.interest[j, x].counts:
            value += after_breach(w, tb, x, j, t, e, tb.spared, gone[x])
    if a >= 0:
        tb.spared[a] = False
    if b >= 0:
        tb.spared[b] = False
    return value + not_undone(w, tb, j, t, tb.spared)


@part
def not_undone(w: World, tb: Table, j: int, t: int, spared: Bools) -> float:
    """What it changes for party ``j`` that spared measures are not undone in ``t``."""
    value = 0.0
    for k in range(len(w.measures)):
        if spared[k] and holds_alone(w, k, t):
            value += worth_at(tb, j, k, t) - post_at(tb, j, k, t)
    return value


@part
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
