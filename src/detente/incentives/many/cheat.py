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
from detente.incentives.many.frame import FOUND, LEFT, NOBODY, STAYS, World
from detente.incentives.many.milestones import after_breach, believed, left_alone, spareable, valued
from detente.incentives.many.tables import Table, flow_at
from detente.incentives.many.walk import gaps_of

FAKED = cast(int, np.int64(-1))
"""Period from which a measure that is only pretended is truly gone."""
LONG_AGO = cast(int, np.int64(-2))
"""Period from which a measure secretly undone long ago is truly gone."""
ALWAYS = cast(int, np.int64(-1))
"""When a cheat began that has no past."""


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
    saved: Floats
    """(N, 2, T+1) what a cheat on a measure saves in a period: a pretence (0), a secret undoing once it is done (1)"""
    left: Floats
    """(N, 2, T+1) how much more (or less) the measure is worth to it after leaving, for having cheated so"""
    unseen: Floats
    """(N, 2, T+1) chance a period that the cheat is not found, no access being lost"""
    net: Floats
    """(N, T+1) the measure in force from then on, less what it is worth once its owner has left"""
    lost: Floats
    """(N, T+1) the part of what it is worth from then on that undoing ends"""
    ending: Floats
    """(M, 2, R+1, T+1) what a milestone adds to leaving (0) and to being found (1) if it is truly gone so many periods
    later; not a number where not yet worked out"""


@compiled
def cheater(w: World, tb: Table, i: int, base: Floats, plain: Floats) -> Cheater:
    """What all cheats of party ``i`` have in common."""
    T, N = w.periods, len(w.measures)
    saved, left, unseen = np.zeros((N, 2, T + 1)), np.zeros((N, 2, T + 1)), np.ones((N, 2, T + 1))
    net, lost, longest = np.zeros((N, T + 1)), np.zeros((N, T + 1)), 0
    for k in candidates(w, i):
        m, value, rest = w.measures[k], w.values[i, k], w.measures[k].residual
        longest = max(longest, m.undo_takes)
        for t in range(T + 1):
            flow, worth = flow_at(w, i, k, t), tb.of[i, k, t].worth
            own = tb.of[i, k, t].post if m.c < t else 0.0
            if t >= m.c:
                saved[k, 0, t] = -flow - (value.once if t == m.c else 0.0)
            elif t >= m.c - m.takes:
                saved[k, 0, t] = -value.during
            saved[k, 1, t] = -(1 - rest) * flow
            left[k, 0, t], left[k, 1, t] = -own, rest * worth - own
            net[k, t], lost[k, t] = worth - own, (1 - rest) * worth
            unseen[k, 1, t] = clear(w, k, t, NOBODY, STAYS, NOBODY, STAYS)
            unseen[k, 0, t] = unseen[k, 1, t] if t >= m.c else 1.0
    ending = np.full((len(w.milestones), 2, longest + 1, T + 1), np.nan)
    return Cheater(i, base, plain, valued(w, i), spareable(w, tb, i), saved, left, unseen, net, lost, ending)


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
    if not s.touches and not len(ch.choice):
        return ch.plain[early, min(t, w.periods)]
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


class Course(NamedTuple):
    """A cheat that has no past (pretended, or undone long ago), period by period: (T+1,) each."""

    now: Floats
    """Payoffs"""
    h: Floats
    """Chances to be found"""
    W: Floats
    """What walking out yields"""
    F: Floats
    """What having been found a period before yields"""
    C: Floats
    """What going on with it is worth"""


@compiled
def course(w: World, tb: Table, ch: Cheater, s: Cheat, out: Course) -> None:
    """Enter the course of a cheat."""
    T, delta, cost = w.periods, w.parties[ch.i].discount, w.parties[ch.i].exit_cost
    a, b, ka, kb = s.a, s.b, 0 if s.gone_a == FAKED else 1, 0 if s.gone_b == FAKED else 1
    for t in range(T + 1):
        now, unseen, left = tb.series[ch.i, t].u + ch.saved[a, ka, t], ch.unseen[a, ka, t], ch.left[a, ka, t]
        if b >= 0:
            now, left = now + ch.saved[b, kb, t], left + ch.left[b, kb, t]
            unseen *= ch.unseen[b, kb, t]
        if s.blinds:
            unseen = unseen_of(w, s, t)
        out.h[t] = 1 - unseen
        out.now[t] = now - (1 - unseen) * cost
        out.W[t] = ch.base[0, t] + left + ch.plain[0, t]
        out.F[t] = ch.base[1, t] + left + ch.plain[1, t]
    if s.touches or len(ch.choice):
        for t in range(T + 1):
            out.now[t] += believed_in(w, ch, s, t)
            out.W[t] += milestones_left(w, tb, ch, s, t, LEFT) - ch.plain[0, t]
            out.F[t] += milestones_left(w, tb, ch, s, t, FOUND) - ch.plain[1, t]
    now, h, W, F = out.now[T], out.h[T], out.W[T], out.F[T]
    hold = (now + delta * h * F) / (1 - delta * (1 - h))
    out.C[T] = hold if hold >= W else now + delta * ((1 - h) * W + h * F)
    for t in range(T - 1, -1, -1):
        ahead = max(out.C[t + 1], out.W[t + 1])
        out.C[t] = out.now[t] + delta * ((1 - out.h[t]) * ahead + out.h[t] * out.F[t + 1])


@compiled
def unseen_of(w: World, s: Cheat, t: int) -> float:
    """Chance that a cheat that closes access is not found in ``t``."""
    out = 1.0
    if t >= (w.measures[s.a].c if s.gone_a == FAKED else s.t0):
        out *= clear(w, s.a, t, s.a, s.gone_a, s.b, s.gone_b)
    if s.b >= 0 and t >= (w.measures[s.b].c if s.gone_b == FAKED else s.t0):
        out *= clear(w, s.b, t, s.a, s.gone_a, s.b, s.gone_b)
    return out


@compiled
def believed_in(w: World, ch: Cheater, s: Cheat, t: int) -> float:
    """What the cheater saves in ``t`` while milestones are believed in that are not truly there."""
    out = 0.0
    for x in range(len(ch.mine)):
        if ch.mine[x]:
            gone = member_gone(w, x, s.a, s.gone_a, s.b, s.gone_b)
            if gone != STAYS:
                out += believed(w, ch.i, x, t, gone)
    return out


@inlined
def left_with(tb: Table, ch: Cheater, k: int, t: int, gone: int) -> float:
    """How much more (or less) k is worth to its owner once it has left in ``t``, for having cheated on it."""
    T = ch.left.shape[2] - 1
    at = min(t, T)
    if gone == FAKED:
        return ch.left[k, 0, at]
    if t >= gone:
        return ch.left[k, 1, at]
    return ch.net[k, at] - tb.power[ch.i, gone - t] * ch.lost[k, min(gone, T)]


@inlined
def saved_by(w: World, ch: Cheater, s: Cheat, k: int, gone: int, t: int) -> float:
    """What cheating on k, truly gone from ``gone`` on, saves the cheater in ``t``."""
    at = min(t, w.periods)
    if gone == FAKED:
        return ch.saved[k, 0, at]
    out = ch.saved[k, 1, at] if t >= gone else 0.0
    return out - w.measures[k].undo_cost if t == s.t0 and gone != LONG_AGO else out


@compiled
def step(w: World, tb: Table, ch: Cheater, s: Cheat, t: int) -> tuple[float, float]:
    """(payoff, chance to be found) of the cheater in ``t``."""
    now = tb.series[ch.i, min(t, w.periods)].u + saved_by(w, ch, s, s.a, s.gone_a, t)
    if s.b >= 0:
        now += saved_by(w, ch, s, s.b, s.gone_b, t)
    if s.touches:
        now += believed_in(w, ch, s, t)
    h = 1 - unseen_of(w, s, t)
    return now - h * w.parties[ch.i].exit_cost, h


@compiled
def after(w: World, tb: Table, ch: Cheater, s: Cheat, t: int, early: int) -> float:
    """W_i(t|S), or F_i(t|S) with ``early`` 1."""
    value = ch.base[early, min(t, w.periods)] + left_with(tb, ch, s.a, t, s.gone_a)
    if s.b >= 0:
        value += left_with(tb, ch, s.b, t, s.gone_b)
    return value + milestones_left(w, tb, ch, s, t, early)


@inlined
def begun(w: World, tb: Table, ch: Cheater, s: Cheat, c: Course) -> float:
    """C_i(S, t0) of a cheat that secretly undoes at least one measure; ``c``: its course once that is done."""
    T, delta = w.periods, w.parties[ch.i].discount
    end, slow = max(s.gone_a, s.t0 + 1), s.touches or s.blinds or len(ch.choice) > 0
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
        C = now + delta * ((1 - h) * max(C, W) + h * F)
        if t > s.t0 and slow:
            W, F = after(w, tb, ch, s, t, LEFT), after(w, tb, ch, s, t, FOUND)
        elif t > s.t0:
            more = left_with(tb, ch, s.a, t, s.gone_a) - ch.left[s.a, 0 if s.gone_a == FAKED else 1, at]
            if s.b >= 0:
                more += left_with(tb, ch, s.b, t, s.gone_b) - ch.left[s.b, 0 if s.gone_b == FAKED else 1, at]
            W, F = c.W[at] + more, c.F[at] + more
    return C


@inlined
def not_done(w: World, ch: Cheater, s: Cheat, k: int, gone: int, t: int) -> float:
    """What a secret undoing pays less in ``t``, or costs, for not being done yet."""
    if gone == FAKED:
        return 0.0
    out = -ch.saved[k, 1, min(t, w.periods)] if t < gone else 0.0
    return out - w.measures[k].undo_cost if t == s.t0 else out


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
    T = w.periods
    best, which = np.full(T + 1, -np.inf), np.full((T + 1, 2), -1)
    ks = candidates(w, i)
    if not len(ks):
        return best, which
    ch = cheater(w, tb, i, base, plain)
    out = Course(np.empty(T + 1), np.empty(T + 1), np.empty(T + 1), np.empty(T + 1), np.empty(T + 1))
    for n in range(len(ks)):
        for m in range(n, len(ks) if pairs else n + 1):
            consider(w, tb, ch, ks[n], ks[m] if m > n else NOBODY, out, best, which)
    return best, which


@compiled
def consider(w: World, tb: Table, ch: Cheater, a: int, b: int, out: Course, best: Floats, which: Ints) -> None:
    """Enter what one set yields at every date."""
    known, blind, touch = -1, blinds(w, a, b), touches(w, ch, a, b)
    for t0 in range(w.periods, -1, -1):
        fakes_a, fakes_b = w.measures[a].c >= t0, b >= 0 and w.measures[b].c >= t0
        if not (fakes_a or w.measures[a].undoable) or not (b < 0 or fakes_b or w.measures[b].undoable):
            continue
        if 2 * fakes_a + fakes_b != known:
            known = 2 * fakes_a + fakes_b
            gone_a, gone_b = FAKED if fakes_a else LONG_AGO, FAKED if fakes_b else LONG_AGO
            course(w, tb, ch, Cheat(ALWAYS, a, gone_a, b, gone_b, blind, touch), out)
        value = out.C[t0]
        if not (fakes_a and (b < 0 or fakes_b)):
            value = begun(w, tb, ch, cheat(w, a, b, t0, blind, touch), out)
        if value > best[t0]:
            best[t0] = value
            which[t0, 0], which[t0, 1] = a, b


@inlined
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
