"""A covert breach on one or two measures in one world: how far it has got, and how it is found (model §5)."""

from __future__ import annotations

from typing import NamedTuple, cast

import numpy as np

from detente.case.stakes import Bools, Floats, Ints
from detente.incentives.many.compiled import entry, inner, part
from detente.incentives.many.frame import NOBODY, STAYS, World, world

FAKED = cast(int, np.int64(-1))
"""Period from which a measure that is only pretended is truly gone."""
LONG_AGO = cast(int, np.int64(-2))
"""Period from which a measure secretly undone long ago is truly gone."""
ALWAYS = cast(int, np.int64(-1))
"""When a cheat began that has no past."""


class Cheat(NamedTuple):
    """A cheat on measure a, and on b (or -1), begun in t0, and how far it has got."""

    t0: int
    a: int
    gone_a: int
    """Period from which a is truly gone."""
    b: int
    gone_b: int
    blinds: bool
    """Whether access is lost by it."""
    touches: bool
    """Whether a milestone worth something to the cheater is."""


@inner
def cheat(w: World, a: int, b: int, t0: int, blind: bool, touch: bool) -> Cheat:
    """A cheat on a and b (or -1) begun in ``t0``."""
    gone_a = FAKED if w.measures[a].c >= t0 else t0 + w.measures[a].undo_takes
    gone_b = STAYS
    if b >= 0:
        gone_b = FAKED if w.measures[b].c >= t0 else t0 + w.measures[b].undo_takes
    return Cheat(t0, a, gone_a, b, gone_b, blind, touch)


@inner
def set_clear(w: World, k: int, out: Floats) -> None:
    """Enter (T+1,) the chance that a cheat on k is not found in each period, no access being lost by it."""
    for t in range(len(out)):
        out[t] = 1 - w.measures[k].detect
    for r in range(w.measures[k].rules, w.measures[k].rules_end):
        opens, unseen = NOBODY, 1 - w.rules[r].detect
        for n in range(w.rules[r].needs, w.rules[r].needs_end):
            opens = max(opens, w.measures[w.lists[n]].c)
        for t in range(max(opens, 0) if opens < w.periods else len(out), len(out)):
            out[t] = min(out[t], unseen)


@part
def clear(w: World, k: int, t: int, a: int, gone_a: int, b: int, gone_b: int) -> float:
    """Chance that a cheat on k is not found in ``t``; a and b (or -1) give no access once they are gone."""
    h = w.measures[k].detect
    for r in range(w.measures[k].rules, w.measures[k].rules_end):
        if w.rules[r].detect <= h:
            continue
        open_ = True
        for n in range(w.rules[r].needs, w.rules[r].needs_end):
            c = w.measures[w.lists[n]].c
            open_ = open_ and c <= t and c < w.periods
        for n in range(w.rules[r].within, w.rules[r].within_end):
            x = w.lists[n]
            if (x == a and t >= gone_a) or (x == b and t >= gone_b):
                open_ = False
        if open_:
            h = w.rules[r].detect
    return 1 - h


@part
def unseen_of(w: World, s: Cheat, t: int) -> float:
    """Chance that a cheat is not found in ``t``, any access being lost by it."""
    out = 1.0
    if t >= (w.measures[s.a].c if s.gone_a == FAKED else s.t0):
        out *= clear(w, s.a, t, s.a, s.gone_a, s.b, s.gone_b)
    if s.b >= 0 and t >= (w.measures[s.b].c if s.gone_b == FAKED else s.t0):
        out *= clear(w, s.b, t, s.a, s.gone_a, s.b, s.gone_b)
    return out


@inner
def blinds(w: World, a: int, b: int) -> bool:
    """Whether cheating on a and b (or -1) closes access by which cheats on them would be found."""
    return shuts(w, a, a, b) or (b >= 0 and shuts(w, b, a, b))


@inner
def shuts(w: World, k: int, a: int, b: int) -> bool:
    """Whether cheating on a and b (or -1) closes access by which a cheat on k would be found."""
    found = False
    for r in range(w.measures[k].rules, w.measures[k].rules_end):
        for n in range(w.rules[r].within, w.rules[r].within_end):
            found = found or w.lists[n] == a or w.lists[n] == b
    return found


@inner
def member_gone(w: World, x: int, a: int, gone_a: int, b: int, gone_b: int) -> int:
    """Period from which milestone ``x`` is truly gone, ``STAYS`` if neither is a member."""
    out = STAYS
    for n in range(w.milestones[x].members, w.milestones[x].members_end):
        if w.lists[n] == a:
            out = min(out, gone_a)
        if w.lists[n] == b:
            out = min(out, gone_b)
    return out


@entry
def unseen(x: World, begins: Ints, which: Ints, out: Floats) -> None:
    """Enter (n, P, T+2) the chance that breaches have not been seen before t; see
    :func:`~detente.incentives.many.prospects.unseen_before`."""
    for n in range(len(begins)):
        w = world(x, n)
        for i in range(len(w.parties)):
            a, b, t0 = which[n, i, 0], which[n, i, 1], begins[n, i]
            for t in range(t0, w.periods + 1):
                if a < 0:
                    out[n, i, t + 1] = 0.0
                else:
                    out[n, i, t + 1] = out[n, i, t] * unseen_of(w, cheat(w, a, b, t0, True, False), t)


def watched(x: World) -> Bools:
    """(n, N, T+1) whether a measure is in force and inspected."""
    out = np.zeros((*x.measures.shape, x.periods + 1), dtype=np.bool_)
    _watch(x, np.empty(x.periods + 1), out)
    return out


@entry
def _watch(x: World, unseen: Floats, out: Bools) -> None:
    for n in range(len(x.measures)):
        w = world(x, n)
        for k in range(len(w.measures)):
            m = w.measures[k]
            if m.c < w.periods and m.owner >= 0 and not m.public:
                set_clear(w, k, unseen)
                for t in range(max(m.c, 0), w.periods + 1):
                    out[n, k, t] = unseen[t] < 1
