"""Covert breach on one or two measures in one world (model §5).

What a cheat saves, how it is found and what is left of it depends, period by period, only on how far it has got. A
pretence has no past: from one pass over the periods its worth is known for all dates on which it may begin. A secret
undoing is *gone* once its time has passed, and from then on has no past either; only the periods until then are
worked out for each date.
"""

from __future__ import annotations

from typing import NamedTuple, cast

import numpy as np

from detente.case.stakes import Bools, Floats, Ints
from detente.incentives.many.compiled import compiled, inlined
from detente.incentives.many.frame import FOUND, LEFT, NOBODY, STAYS, Records, World
from detente.incentives.many.milestones import after_breach, believed, left_alone, spareable, valued
from detente.incentives.many.tables import Table, flow_at
from detente.incentives.many.walk import gaps_of

FAKED = cast(int, np.int64(-1))
"""Period from which a measure that is only pretended is truly gone."""
LONG_AGO = cast(int, np.int64(-2))
"""Period from which a measure secretly undone long ago is truly gone."""
ALWAYS = cast(int, np.int64(-1))
"""When a cheat began that has no past."""


COURSE = np.dtype([("saved", "f8"), ("left", "f8")])


@compiled
def faked(w: World, tb: Table, i: int, k: int, course: Records) -> None:
    """Enter for each period what pretending to do k saves its owner, and how much more (or less) k is worth to it
    once it has left."""
    m, value = w.measures[k], w.values[i, k]
    for t in range(w.periods + 1):
        if t >= m.c - m.takes:
            course[t].saved = -value.during
        if t >= m.c:
            course[t].saved = -flow_at(w, i, k, t) - (value.once if t == m.c else 0.0)
        course[t].left = -tb.of[i, k, t].post if m.c < t else 0.0


@compiled
def undone_secretly(w: World, tb: Table, i: int, k: int, course: Records) -> None:
    """Enter the same for k secretly undone, once it is."""
    rest = w.measures[k].residual
    for t in range(w.periods + 1):
        own = tb.of[i, k, t].post if w.measures[k].c < t else 0.0
        course[t].saved = -(1 - rest) * flow_at(w, i, k, t)
        course[t].left = rest * tb.of[i, k, t].worth - own


class Cheater(NamedTuple):
    """What all cheats of one party have in common in one world."""

    i: int
    base: Floats
    """(2, T+1) what leaving (0) and being found (1) yield without milestones"""
    plain: Floats
    """(2, T+1) what milestones add, as long as no member is cheated on"""
    mine: Bools
    """(M,) milestones worth something to it"""
    choice: Ints
    """milestones that it could leave alone"""
    courses: Records
    """(N, 2, T+1) what a cheat has ``saved`` in a period, and more ``left`` of it after leaving: a pretence (0), and a
    secret undoing once it is done (1)"""
    unseen: Floats
    """(N, T+1) chance a period that a cheat on a measure is not found, no access being lost"""
    ending: Floats
    """(M, 2, R+1, T+1) what a milestone adds to leaving (0) and to being found (1) if it is truly gone so many periods
    later; not a number where not yet worked out"""


@compiled
def cheater(w: World, tb: Table, i: int, base: Floats, plain: Floats) -> Cheater:
    """What all cheats of party ``i`` have in common."""
    T, N = w.periods, len(w.measures)
    unseen, longest = np.ones((N, T + 1)), 0
    courses = np.zeros((N, 2, T + 1), dtype=COURSE)
    for k in candidates(w, i):
        faked(w, tb, i, k, courses[k, 0])
        undone_secretly(w, tb, i, k, courses[k, 1])
        longest = max(longest, w.measures[k].undo_takes)
        for t in range(T + 1):
            unseen[k, t] = clear(w, k, t, NOBODY, STAYS, NOBODY, STAYS)
    ending = np.full((len(w.milestones), 2, longest + 1, T + 1), np.nan)
    return Cheater(i, base, plain, valued(w, i), spareable(w, tb, i), courses, unseen, ending)


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


@compiled
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


@inlined
def unseen(w: World, ch: Cheater, s: Cheat, k: int, t: int) -> float:
    """Chance that the cheat on k, which is a or b, is not found in ``t``."""
    gone = s.gone_a if k == s.a else s.gone_b
    if t < (w.measures[k].c if gone == FAKED else s.t0):
        return 1.0
    if s.blinds:
        return clear(w, k, t, s.a, s.gone_a, s.b, s.gone_b)
    return ch.unseen[k, min(t, w.periods)]


@compiled
def blinds(w: World, a: int, b: int) -> bool:
    """Whether cheating on a and b (or -1) closes access by which cheats on them would be found."""
    for k in (a, b):
        if k < 0:
            continue
        for r in range(w.measures[k].rules, w.measures[k].rules_end):
            for n in range(w.rules[r].within, w.rules[r].within_end):
                if w.lists[n] == a or w.lists[n] == b:
                    return True
    return False


@compiled
def touches(w: World, ch: Cheater, a: int, b: int) -> bool:
    """Whether a or b is a member of a milestone worth something to the cheater."""
    found = False
    for x in range(len(ch.mine)):
        found = found or (ch.mine[x] and member_gone(w, x, a, FAKED, b, FAKED) != STAYS)
    return found


@inlined
def member_gone(w: World, x: int, a: int, gone_a: int, b: int, gone_b: int) -> int:
    """Period from which milestone ``x`` is truly gone, ``STAYS`` if neither is a member."""
    out = STAYS
    for n in range(w.milestones[x].members, w.milestones[x].members_end):
        if w.lists[n] == a:
            out = min(out, gone_a)
        if w.lists[n] == b:
            out = min(out, gone_b)
    return out


@compiled
def milestones_left(w: World, tb: Table, ch: Cheater, s: Cheat, t: int, early: int) -> float:
    """What milestones add to walking out in ``t`` (``early`` 1: to being found) for having cheated."""
    if not len(ch.choice):
        value = 0.0
        for x in range(len(ch.mine)):
            if ch.mine[x]:
                value += ending(w, tb, ch, x, t, early, member_gone(w, x, s.a, s.gone_a, s.b, s.gone_b))
        return value
    gone = np.full(len(ch.mine), STAYS)
    for x in range(len(ch.mine)):
        if ch.mine[x]:
            gone[x] = max(member_gone(w, x, s.a, s.gone_a, s.b, s.gone_b), FAKED)
    gaps = gaps_of(w, ch.i, NOBODY, early)
    return left_alone(w, tb, ch.i, t, gaps, ch.mine, ch.choice, gone, s.a, s.b)[0]


@compiled
def ending(w: World, tb: Table, ch: Cheater, x: int, t: int, early: int, gone: int) -> float:
    """What milestone ``x`` adds to leaving in ``t`` if it is truly gone from ``gone`` on; remembered."""
    if gone <= t:
        return 0.0
    at = min(t, w.periods)
    later = 0 if gone == STAYS else gone - t
    known = ch.ending[x, early, later, at]
    if np.isnan(known):
        none = np.zeros(len(w.measures), dtype=np.bool_)
        known = after_breach(w, tb, x, ch.i, t, gaps_of(w, ch.i, NOBODY, early), none, gone)
        ch.ending[x, early, later, at] = known
    return known


@inlined
def saved(w: World, ch: Cheater, s: Cheat, k: int, t: int) -> float:
    """What the cheat on k, which is a or b, saves the cheater in ``t``."""
    gone, at = s.gone_a if k == s.a else s.gone_b, min(t, w.periods)
    if gone == FAKED:
        return ch.courses[k, 0, at].saved
    out = ch.courses[k, 1, at].saved if t >= gone else 0.0
    return out - w.measures[k].undo_cost if t == s.t0 and gone != LONG_AGO else out


@inlined
def left_with(w: World, tb: Table, ch: Cheater, k: int, t: int, gone: int) -> float:
    """How much more k is worth to its owner once it has left in ``t``, for having cheated on it."""
    at = min(t, w.periods)
    if gone == FAKED:
        return ch.courses[k, 0, at].left
    if t >= gone:
        return ch.courses[k, 1, at].left
    of, rest = tb.of[ch.i, k], w.measures[k].residual
    own = of[at].post if w.measures[k].c < t else 0.0
    return of[at].worth - (1 - rest) * tb.power[ch.i, gone - t] * of[min(gone, w.periods)].worth - own


@inlined
def step(w: World, tb: Table, ch: Cheater, s: Cheat, t: int) -> tuple[float, float]:
    """(payoff, chance to be found) of the cheater in ``t``."""
    now = tb.series[ch.i, min(t, w.periods)].u + saved(w, ch, s, s.a, t)
    clear_ = unseen(w, ch, s, s.a, t)
    if s.b >= 0:
        now += saved(w, ch, s, s.b, t)
        clear_ *= unseen(w, ch, s, s.b, t)
    if s.touches:
        for x in range(len(ch.mine)):
            if ch.mine[x]:
                gone = member_gone(w, x, s.a, s.gone_a, s.b, s.gone_b)
                if gone != STAYS:
                    now += believed(w, ch.i, x, t, gone)
    return now - (1 - clear_) * w.parties[ch.i].exit_cost, 1 - clear_


@inlined
def after(w: World, tb: Table, ch: Cheater, s: Cheat, t: int, early: int) -> float:
    """W_i(t|S), or F_i(t|S) with ``early`` 1."""
    value = ch.base[early, min(t, w.periods)] + left_with(w, tb, ch, s.a, t, s.gone_a)
    if s.b >= 0:
        value += left_with(w, tb, ch, s.b, t, s.gone_b)
    if s.touches or len(ch.choice):
        return value + milestones_left(w, tb, ch, s, t, early)
    return value + ch.plain[early, min(t, w.periods)]


@compiled
def settled(w: World, tb: Table, ch: Cheater, s: Cheat) -> tuple[Floats, Floats]:
    """(T+1,) worth of going on with a cheat that has no past (pretended, or undone long ago), and of walking out."""
    T, delta = w.periods, w.parties[ch.i].discount
    C, W = np.empty(T + 1), np.empty(T + 1)
    now, h = step(w, tb, ch, s, T)
    W[T], F = after(w, tb, ch, s, T, LEFT), after(w, tb, ch, s, T, FOUND)
    hold = (now + delta * h * F) / (1 - delta * (1 - h))
    C[T] = hold if hold >= W[T] else now + delta * ((1 - h) * W[T] + h * F)
    for t in range(T - 1, -1, -1):
        now, h = step(w, tb, ch, s, t)
        C[t] = now + delta * ((1 - h) * max(C[t + 1], W[t + 1]) + h * F)
        W[t], F = after(w, tb, ch, s, t, LEFT), after(w, tb, ch, s, t, FOUND)
    return C, W


@compiled
def begun(w: World, tb: Table, ch: Cheater, s: Cheat, tail: Floats, tail_W: Floats) -> float:
    """C_i(S, t0) of a cheat that secretly undoes at least one measure; ``tail``: what follows once it is done."""
    T, delta = w.periods, w.parties[ch.i].discount
    end = max(s.gone_a, s.t0 + 1)
    if s.b >= 0:
        end = max(end, s.gone_b)
    C, W = tail[min(end, T)], tail_W[min(end, T)]
    F = after(w, tb, ch, s, end, FOUND)
    for t in range(end - 1, s.t0 - 1, -1):
        now, h = step(w, tb, ch, s, t)
        C = now + delta * ((1 - h) * max(C, W) + h * F)
        if t > s.t0:
            W, F = after(w, tb, ch, s, t, LEFT), after(w, tb, ch, s, t, FOUND)
    return C


@compiled
def candidates(w: World, i: int) -> Ints:
    """Measures on which party ``i`` could ever cheat."""
    found = np.empty(len(w.measures), dtype=np.int64)
    n = 0
    for k in range(len(w.measures)):
        m = w.measures[k]
        if m.owner == i and not m.public and m.c < w.periods:
            found[n] = k
            n += 1
    return found[:n]


@compiled
def best_cheats(w: World, tb: Table, i: int, base: Floats, plain: Floats, pairs: bool) -> tuple[Floats, Ints]:
    """(T+1,) most that cheating on one measure, or two, yields when begun in t, and (T+1, 2) which (-1: none)."""
    best, which = np.full(w.periods + 1, -np.inf), np.full((w.periods + 1, 2), -1)
    ks = candidates(w, i)
    if not len(ks):
        return best, which
    ch = cheater(w, tb, i, base, plain)
    for n in range(len(ks)):
        for m in range(n, len(ks) if pairs else n + 1):
            consider(w, tb, ch, ks[n], ks[m] if m > n else NOBODY, best, which)
    return best, which


@compiled
def consider(w: World, tb: Table, ch: Cheater, a: int, b: int, best: Floats, which: Ints) -> None:
    """Enter what one set yields at every date."""
    known, blind, touch = -1, blinds(w, a, b), touches(w, ch, a, b)
    tail, tail_W = np.empty(0), np.empty(0)
    for t0 in range(w.periods, -1, -1):
        fakes_a, fakes_b = w.measures[a].c >= t0, b >= 0 and w.measures[b].c >= t0
        if not (fakes_a or w.measures[a].undoable) or not (b < 0 or fakes_b or w.measures[b].undoable):
            continue
        if 2 * fakes_a + fakes_b != known:
            known = 2 * fakes_a + fakes_b
            ago = Cheat(ALWAYS, a, FAKED if fakes_a else LONG_AGO, b, FAKED if fakes_b else LONG_AGO, blind, touch)
            tail, tail_W = settled(w, tb, ch, ago)
        if fakes_a and (b < 0 or fakes_b):
            value = tail[t0]
        else:
            value = begun(w, tb, ch, cheat(w, a, b, t0, blind, touch), tail, tail_W)
        if value > best[t0]:
            best[t0] = value
            which[t0, 0], which[t0, 1] = a, b


@compiled
def cheat(w: World, a: int, b: int, t0: int, blind: bool, touch: bool) -> Cheat:
    """A cheat on a and b (or -1) begun in ``t0``."""
    gone_a = FAKED if w.measures[a].c >= t0 else t0 + w.measures[a].undo_takes
    gone_b = STAYS
    if b >= 0:
        gone_b = FAKED if w.measures[b].c >= t0 else t0 + w.measures[b].undo_takes
    return Cheat(t0, a, gone_a, b, gone_b, blind, touch)


@compiled
def clear_until(w: World, a: int, b: int, t0: int) -> Floats:
    """(T+2,) chance that a cheat on a and b (or -1) begun in ``t0`` has not been found before t."""
    out = np.ones(w.periods + 2)
    s = cheat(w, a, b, t0, True, False)
    for t in range(t0, w.periods + 1):
        out[t + 1] = out[t]
        if t >= (w.measures[a].c if s.gone_a == FAKED else t0):
            out[t + 1] *= clear(w, a, t, a, s.gone_a, b, s.gone_b)
        if b >= 0 and t >= (w.measures[b].c if s.gone_b == FAKED else t0):
            out[t + 1] *= clear(w, b, t, a, s.gone_a, b, s.gone_b)
    return out
