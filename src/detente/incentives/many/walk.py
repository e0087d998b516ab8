"""Leaving openly in one world, and what it costs the others (model §3, §4, §8)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from detente.case.stakes import Floats, Ints
from detente.incentives.many.compiled import entry, inner, part
from detente.incentives.many.frame import ALL, FOUND, LEFT, NOBODY, STAYS, World, world
from detente.incentives.many.milestones import (
    Breach,
    after_breach,
    comes,
    having,
    left_alone,
    not_undone,
    queue_up,
    spare_all,
)
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
    _expose(x, tb, out.alone, exposure, S, np.empty(S.shape[1:]), np.empty(S.shape[1], dtype=np.int64))
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
                    out.base[n, i, how, t] = breach_base(w, tb, i, i, t, how) + fixed
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
def breach_base(w: World, tb: Table, j: int, i: int, t: int, how: int) -> float:
    """What party ``j`` has once ``i`` (-1: nobody) ends it, without milestones, sticks and exit costs."""
    value = tb.series[j, t].quo + (tb.between[j, i, t].left if i >= 0 else 0.0)
    for o in range(len(w.parties)):
        if o != i:
            of = tb.between[j, o, t]
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
def _expose(x: World, every: Table, alone: Ints, exposure: Floats, S: Floats, leaving: Floats, part: Ints) -> None:
    P = x.parties.shape[1]
    for n in range(len(x.parties)):
        w, tb = world(x, n), table(every, n)
        for i in range(P):
            for j in range(P):
                if j != i:
                    stay_or_leave(w, tb, j, i, alone[n, i], S[n, j, i], leaving[j, i])
        for m in range(len(w.milestones)):
            add_milestone(w, tb, m, alone[n], part, S[n], leaving)
        for i in range(P):
            for j in range(P):
                for t in range(w.periods + 1 if j != i else 0):
                    exposure[n, j, t] = max(exposure[n, j, t], leaving[j, i, t] - S[n, j, i, t])


@inner
def stay_or_leave(w: World, tb: Table, j: int, i: int, alone: Ints, S: Floats, leaves: Floats) -> None:
    """Enter what ``j`` is left with when ``i`` leaves, and when it leaves at the same time, without the milestones for
    which nothing is left alone."""
    one = stick_worth(w, tb, j, i, NOBODY, LEFT)
    two = stick_worth(w, tb, j, i, j, LEFT) - w.parties[j].exit_cost
    for t in range(w.periods + 1):
        common = tb.series[j, t].quo + tb.between[j, i, t].left
        for o in range(len(w.parties)):
            if o != i and o != j:
                common += tb.between[j, o, t].late
        S[t] = common + tb.between[j, j, t].late + one
        leaves[t] = common + tb.between[j, j, t].left + two
        if alone[t]:
            spare_all(w, tb, i, alone[t])
            S[t] += not_undone(w, tb, j, t, tb.spared)
            for x in range(len(tb.stays)):
                if tb.interest[j, x].counts:
                    S[t] += after_breach(w, tb, x, j, t, Breach(i, NOBODY, LEFT), tb.spared, STAYS)


@inner
def add_milestone(w: World, tb: Table, x: int, alone: Ints, part: Ints, S: Floats, leaving: Floats) -> None:
    """Add what milestone ``x`` is worth where nothing is left alone for it.

    It hangs only on which parties with members of it break off: two at most, ``a`` and ``b`` (or -1).
    """
    P = len(w.parties)
    for i in range(P):
        part[i] = NOBODY
    for n in range(w.milestones[x].members, w.milestones[x].members_end):
        owner = w.measures[w.lists[n]].owner
        if owner >= 0:
            part[owner] = owner
    for a in range(-1, P):
        for b in range(-1, max(a, 0)):
            if (a >= 0 and part[a] < 0) or (b >= 0 and part[b] < 0):
                continue
            for t in range(w.periods + 1):
                e = Breach(a, b, LEFT)
                if not comes(w, x, t, e):
                    continue
                endings = queue_up(w, tb, x, t, e, tb.nothing, STAYS)
                for j in range(P):
                    worth = having(w, tb, x, j, t, endings) if tb.interest[j, x].counts else 0.0
                    for i in range(P):
                        if i == j:
                            continue
                        if b < 0 and part[i] == a and not alone[i, t]:
                            S[j, i, t] += worth
                        if max(part[i], part[j]) == a and min(part[i], part[j]) == b:
                            leaving[j, i, t] += worth
