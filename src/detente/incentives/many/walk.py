"""Leaving openly in one world, and what it costs the others (model §3, §4, §8)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from detente.case.stakes import Floats, Ints
from detente.incentives.many.compiled import entry, inner, part
from detente.incentives.many.frame import ALL, FOUND, LEFT, NOBODY, STAYS, World, world
from detente.incentives.many.milestones import Breach, after_breach, left_alone, not_undone, spare_all
from detente.incentives.many.tables import Table, table


class Walks(NamedTuple):
    """What parties have from a period on, by how the road map ends in it: ``LEFT``, ``FOUND`` (in the period before),
    ``ALL`` (all stop, nobody pays an exit cost and no stick fires); many worlds."""

    base: Floats
    """(n, P, 3, T+1) without milestones"""
    extra: Floats
    """(n, P, 3, T+1) most that milestones add to it"""
    alone: Ints
    """(n, P, T+1) which milestones it leaves alone when it leaves openly (bits)"""

    def worth(self, how: int) -> Floats:
        """(n, P, T+1)"""
        result: Floats = self.base[:, :, how] + self.extra[:, :, how]
        return result


def walks(x: World, tb: Table, *, only: int | None = None) -> Walks:
    """For all worlds; ``only``: one way to end, in period 0."""
    shape = (*x.parties.shape, 3, 1 if only is not None else x.periods + 1)
    out = Walks(np.zeros(shape), np.zeros(shape), np.zeros((*x.parties.shape, shape[-1]), dtype=np.int64))
    _walk(x, tb, LEFT if only is None else only, ALL if only is None else only, out)
    return out


def no_deal(x: World, tb: Table) -> Floats:
    """(n, P) what it is worth if all stop in period 0, or go on as they are if the case says so; of the empty road map:
    what no deal is worth."""
    return walks(x, tb, only=ALL).worth(ALL)[:, :, 0] if x.collapses else tb.series["kept"][:, :, 0].copy()


def exposures(x: World, tb: Table, out: Walks) -> tuple[Floats, Floats]:
    """(n, P, T+1) exposure, and S (n, P, P, T+1): what party j (first) is left with when i (second) leaves in t."""
    exposure, S = np.zeros(out.alone.shape), np.zeros((*x.parties.shape, *out.alone.shape[1:]))
    _expose(x, tb, out.alone, exposure, S)
    return exposure, S


@entry
def _walk(x: World, every: Table, first: int, last: int, out: Walks) -> None:
    for n in range(len(x.parties)):
        w, tb = world(x, n), table(every, n)
        for i in range(len(w.parties)):
            for how in range(first, last + 1):
                fixed = stick_worth(w, tb, i, i, NOBODY, how)
                if how == LEFT:
                    fixed -= w.parties[i].exit_cost
                for t in range(out.base.shape[3]):
                    out.base[n, i, how, t] = breach_base(w, tb, i, t, how) + fixed
                if touched(tb, i):
                    for t in range(out.base.shape[3]):
                        more, bits = left_alone(w, tb, t, Breach(i, NOBODY, how), tb.stays, NOBODY, NOBODY)
                        out.extra[n, i, how, t] = more
                        if how == LEFT:
                            out.alone[n, i, t] = bits


@part
def touched(tb: Table, i: int) -> bool:
    """Whether milestones matter to a party when it leaves."""
    found = False
    for x in range(len(tb.stays)):
        found = found or tb.interest[i, x].counts or tb.interest[i, x].bit >= 0
    return found


@inner
def breach_base(w: World, tb: Table, i: int, t: int, how: int) -> float:
    """What ending it yields without milestones, sticks and exit costs."""
    value = tb.series[i, t].quo + tb.between[i, i, t].left
    for o in range(len(w.parties)):
        if o != i:
            of = tb.between[i, o, t]
            value += of.late if how == LEFT else (of.early if how == FOUND else of.left)
    return value


@part
def stick_worth(w: World, tb: Table, i: int, a: int, b: int, how: int) -> float:
    """Worth to ``i`` of the sticks against ``a`` and ``b`` (or -1)."""
    total = 0.0
    for s in range(len(w.sticks) if how != ALL else 0):
        against, by = w.sticks[s].against, w.sticks[s].by
        counts = w.sticks[s].committed or (w.harms[s, by].flow >= 0 and w.harms[s, by].once >= 0)
        if not counts or (against != a and against != b):
            continue
        begin, lasts, delta = w.parties[by].lag + w.sticks[s].delay - how, w.sticks[s].lasts, w.parties[i].discount
        length = 1 / (1 - delta) if lasts < 0 else (1 - tb.power[i, lasts]) / (1 - delta)
        total += tb.power[i, begin] * (w.harms[s, i].once + w.harms[s, i].flow * length)
    return total


@entry
def _expose(x: World, every: Table, alone: Ints, exposure: Floats, S: Floats) -> None:
    for n in range(len(x.parties)):
        w, tb = world(x, n), table(every, n)
        for i in range(len(w.parties)):
            for j in range(len(w.parties)):
                if j != i:
                    expose(w, tb, j, i, alone[n, i], exposure[n, j], S[n, j, i])


@part
def expose(w: World, tb: Table, j: int, i: int, alone: Ints, exposure: Floats, S: Floats) -> None:
    """Enter what ``j`` is left with when ``i`` leaves, and what that costs it."""
    one = stick_worth(w, tb, j, i, NOBODY, LEFT)
    two = stick_worth(w, tb, j, i, j, LEFT) - w.parties[j].exit_cost
    for t in range(w.periods + 1):
        going = tb.series[j, t].quo + tb.between[j, i, t].left + one
        leaving = tb.series[j, t].quo + tb.between[j, i, t].left + tb.between[j, j, t].left + two
        for o in range(len(w.parties)):
            if o != i:
                going += tb.between[j, o, t].late
                if o != j:
                    leaving += tb.between[j, o, t].late
        spared = tb.nothing
        if alone[t]:
            spare_all(w, tb, i, alone[t])
            spared = tb.spared
            going += not_undone(w, tb, j, t, spared)
        for x in range(len(tb.stays)):
            if tb.interest[j, x].counts:
                going += after_breach(w, tb, x, j, t, Breach(i, NOBODY, LEFT), spared, STAYS)
                leaving += after_breach(w, tb, x, j, t, Breach(i, j, LEFT), tb.nothing, STAYS)
        S[t] = going
        exposure[t] = max(exposure[t], leaving - going)
