"""What cheating on one or two measures yields in one world (model §5), also where something else may end the road map.

What a cheat saves, how it is found and what is left of it depends, period by period, only on how far it has got. A
pretence has no past: from one pass over the periods its worth is known for all dates on which it may begin. A secret
undoing is *gone* once its time has passed, and from then on has no past either; only the periods until then are
worked out for each date.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from detente.case.stakes import Bools, Floats, Ints
from detente.incentives.many.cheat import (
    ALWAYS,
    FAKED,
    LONG_AGO,
    Cheat,
    blinds,
    cheat,
    member_gone,
    set_clear,
    unseen_of,
)
from detente.incentives.many.compiled import entry, inner, part
from detente.incentives.many.frame import ALL, FOUND, LEFT, NOBODY, STAYS, World, world
from detente.incentives.many.milestones import Breach, after_breach, believed, left_alone
from detente.incentives.many.tables import Table, flow_at, post_at, table, worth_at
from detente.incentives.many.walk import Walks

ROUNDING = 1e-12
"""Cheats that are worth the same but for less than this part of it are the same; the one on fewer measures is told."""


class Unrest(NamedTuple):
    """What may end the road map though nobody leaves it, in one world, or in many with the world as first axis."""

    stirs: bool
    """Whether anything may; if not, the rest is not looked at."""
    quiet: Floats
    """(N+1,) chance that no false alarm on so many measures is believed"""
    watch: Bools
    """(N, T+1) whether a measure may raise one"""
    own: Ints
    """(P, T+1) how many of each party's do"""
    ends: Floats
    """(P, T+1) chance that, for a party, it ends without its doing: everybody stops"""

    def of(self, rows: slice) -> Unrest:
        """In some worlds of many."""
        return Unrest(self.stirs, self.quiet[rows], self.watch[rows], self.own[rows], self.ends[rows])


def undisturbed(n: int) -> Unrest:
    """Nothing ends the road map but leaving, in ``n`` worlds."""
    nothing = np.empty((n, 0, 0))
    return Unrest(False, np.empty((n, 0)), nothing.astype(np.bool_), nothing.astype(np.int64), nothing)


class Cheater(NamedTuple):
    """What all cheats of one party have in common in one world."""

    i: int
    many: int
    """How many measures it could ever cheat on"""
    choices: int
    """How many milestones it could leave alone"""
    base: Floats
    """(3, T+1) what the end of the road map yields without milestones (see :class:`Walks`)"""
    plain: Floats
    """(3, T+1) what milestones add, as long as no member is cheated on"""
    ks: Ints
    """(N,) the measures"""
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
    """(M, 3, R+1, T+1) what a milestone adds to how the road map ends if it is truly gone so many periods later; not a
    number where not yet worked out"""
    gone: Ints
    """(M,) room to work in"""


class Course(NamedTuple):
    """A cheat that has no past (pretended, or undone long ago), period by period."""

    now: Floats
    """(T+1,) payoffs"""
    h: Floats
    """(T+1,) chances to be found out, or believed to be"""
    after: Floats
    """(3, T+1) what the end of the road map yields (see :class:`Walks`); all stopping: 0 where nothing makes them"""
    C: Floats
    """(T+1,) what going on with it is worth"""


def best_cheats(x: World, tb: Table, out: Walks, unrest: Unrest, players: Bools, pairs: bool) -> tuple[Floats, Ints]:
    """(n, P, T+1) most that cheating on one measure, or two, yields when begun in t; (n, P, T+1, 2) which, -1: none."""
    T, N, M, R = x.periods, x.measures.shape[1], len(x.milestones), x.measures["undo_takes"].max(initial=0)
    best, which = np.full(out.alone.shape, -np.inf), np.full((*out.alone.shape, 2), -1)
    room = Cheater(
        NOBODY, NOBODY, NOBODY, np.empty((0, 0)), np.empty((0, 0)), np.empty(N, dtype=np.int64),
        np.empty((N, 2, T + 1)), np.empty((N, 2, T + 1)), np.empty((N, 2, T + 1)), np.empty((N, T + 1)),
        np.empty((N, T + 1)),
        np.empty((M, 3, R + 1, T + 1)), np.empty(M, dtype=np.int64),
    )  # fmt: skip
    course = Course(np.empty(T + 1), np.empty(T + 1), np.zeros((3, T + 1)), np.empty(T + 1))
    cheats(x, tb, out, unrest, players, pairs, room, course, best, which)
    return best, which


@entry
def cheats(
    x: World, every: Table, walks: Walks, unrest: Unrest, players: Bools, pairs: bool, room: Cheater, course: Course,
    best: Floats, which: Ints,
) -> None:  # fmt: skip
    for n in range(len(x.parties)):
        w, tb = world(x, n), table(every, n)
        u = Unrest(unrest.stirs, unrest.quiet[n], unrest.watch[n], unrest.own[n], unrest.ends[n])
        for i in range(len(w.parties)):
            if players[n, i]:
                ch = cheater(w, tb, i, walks.base[n, i], walks.extra[n, i], room)
                for size in range(1, 3 if pairs else 2):
                    for a in range(ch.many):
                        for b in range(a + size - 1, a + 1 if size == 1 else ch.many):
                            second = NOBODY if size == 1 else ch.ks[b]
                            consider(w, tb, ch, u, ch.ks[a], second, course, best[n, i], which[n, i])


@part
def cheater(w: World, tb: Table, i: int, base: Floats, plain: Floats, room: Cheater) -> Cheater:
    """What all cheats of party ``i`` have in common."""
    many, choices = 0, 0
    for k in range(len(w.measures)):
        m = w.measures[k]
        if m.owner == i and not m.public and m.c < w.periods:
            room.ks[many] = k
            many += 1
            set_saved(w, tb, i, k, room)
    for x in range(len(w.milestones)):
        choices = max(choices, tb.interest[i, x].bit + 1)
        for how in range(room.ending.shape[1]):
            for later in range(room.ending.shape[2] if many else 0):
                for t in range(w.periods + 1):
                    room.ending[x, how, later, t] = np.nan
    return Cheater(
        i, many, choices, base, plain, room.ks, room.saved, room.left, room.unseen, room.net, room.lost, room.ending,
        room.gone,
    )  # fmt: skip


@inner
def set_saved(w: World, tb: Table, i: int, k: int, room: Cheater) -> None:
    """Enter what cheats on one measure save and leave, and their chances not to be found."""
    m, value, rest = w.measures[k], w.values[i, k], w.measures[k].residual
    set_clear(w, k, room.unseen[k, 1])
    for t in range(w.periods + 1):
        flow, worth = flow_at(w, i, k, t), worth_at(tb, i, k, t)
        own, pretence = post_at(tb, i, k, t) if m.c < t else 0.0, 0.0
        if t >= m.c:
            pretence = -flow - (value.once if t == m.c else 0.0)
        elif t >= m.c - m.takes:
            pretence = -value.during
        room.saved[k, 0, t], room.saved[k, 1, t] = pretence, -(1 - rest) * flow
        room.left[k, 0, t], room.left[k, 1, t] = -own, rest * worth - own
        room.net[k, t], room.lost[k, t] = worth - own, (1 - rest) * worth
        room.unseen[k, 0, t] = room.unseen[k, 1, t] if t >= m.c else 1.0


@inner
def consider(
    w: World, tb: Table, ch: Cheater, u: Unrest, a: int, b: int, c: Course, best: Floats, which: Ints
) -> None:  # fmt: skip
    """Enter what one set yields at every date, where that is more than rounding better than the sets before it."""
    known, blind, touch = -1, blinds(w, a, b), touches(w, tb, ch, a, b)
    for t0 in range(w.periods, -1, -1):
        fakes_a, fakes_b = w.measures[a].c >= t0, b >= 0 and w.measures[b].c >= t0
        if not (fakes_a or w.measures[a].undoable) or not (b < 0 or fakes_b or w.measures[b].undoable):
            continue
        if 2 * fakes_a + fakes_b != known:
            known = 2 * fakes_a + fakes_b
            gone_a, gone_b = FAKED if fakes_a else LONG_AGO, FAKED if fakes_b else LONG_AGO
            settle(w, tb, ch, u, Cheat(ALWAYS, a, gone_a, b, gone_b, blind, touch), c)
        value = c.C[t0]
        if not (fakes_a and (b < 0 or fakes_b)):
            value = begun(w, tb, ch, u, cheat(w, a, b, t0, blind, touch), c)
        if value > best[t0] + ROUNDING * (1 + abs(value)):
            best[t0] = value
            which[t0, 0], which[t0, 1] = a, b


@inner
def touches(w: World, tb: Table, ch: Cheater, a: int, b: int) -> bool:
    """Whether a or b is a member of a milestone worth something to the cheater."""
    found = False
    for x in range(len(w.milestones)):
        found = found or (tb.interest[ch.i, x].counts and member_gone(w, x, a, FAKED, b, FAKED) != STAYS)
    return found


@inner
def blameless(u: Unrest, i: int, t: int, a: int, b: int) -> float:
    """Chance that no false alarm on its measures, those cheated on (or -1) apart, is believed in ``t``."""
    many = u.own[i, t]
    if a >= 0 and u.watch[a, t]:
        many -= 1
    if b >= 0 and u.watch[b, t]:
        many -= 1
    return u.quiet[many]


@inner
def ends(u: Unrest, i: int, t: int) -> float:
    """Chance that the road map ends in ``t`` without a party's doing."""
    return u.ends[i, t] if u.stirs else 0.0


@inner
def ending_with(now: float, h: float, F: float, e: float, over: float, delta: float) -> float:
    """Worth of a period that pays ``now``; then one is found out (``h``: F), or all stop (``e``), or it goes on, which
    is left out."""
    return now + delta * (h * F + (1 - h) * e * over)


@inner
def going_on(h: float, e: float, delta: float) -> float:
    """What counts of the next period in the one before."""
    return delta * (1 - h) * (1 - e)


@inner
def settle(w: World, tb: Table, ch: Cheater, u: Unrest, s: Cheat, c: Course) -> None:
    """Enter the course of a cheat that has no past."""
    T, delta, cost = w.periods, w.parties[ch.i].discount, w.parties[ch.i].exit_cost
    a, b, ka, kb = s.a, s.b, 0 if s.gone_a == FAKED else 1, 0 if s.gone_b == FAKED else 1
    for t in range(T + 1):
        now, unseen, left = tb.series[ch.i, t].u + ch.saved[a, ka, t], ch.unseen[a, ka, t], ch.left[a, ka, t]
        if b >= 0:
            now, left = now + ch.saved[b, kb, t], left + ch.left[b, kb, t]
            unseen *= ch.unseen[b, kb, t]
        if s.blinds:
            unseen = unseen_of(w, s, t)
        if u.stirs:
            unseen *= blameless(u, ch.i, t, a, b)
            c.after[ALL, t] = ch.base[ALL, t] + left + ch.plain[ALL, t]
        c.h[t] = 1 - unseen
        c.now[t] = now - (1 - unseen) * cost
        c.after[LEFT, t] = ch.base[LEFT, t] + left + ch.plain[LEFT, t]
        c.after[FOUND, t] = ch.base[FOUND, t] + left + ch.plain[FOUND, t]
    if s.touches or ch.choices:
        for t in range(T + 1):
            c.now[t] += believed_in(w, tb, ch, s, t)
            for how in range(3 if u.stirs else 2):
                c.after[how, t] += milestones_left(w, tb, ch, s, t, how) - ch.plain[how, t]
    for t in range(T, -1, -1):
        then, e = min(t + 1, T), ends(u, ch.i, t)
        pays = ending_with(c.now[t], c.h[t], c.after[FOUND, then], e, c.after[ALL, then], delta)
        goes, W = going_on(c.h[t], e, delta), c.after[LEFT, then]
        if t == T:
            c.C[t] = pays / (1 - goes)
        c.C[t] = pays + goes * max(c.C[then], W)


@inner
def begun(w: World, tb: Table, ch: Cheater, u: Unrest, s: Cheat, c: Course) -> float:
    """C_i(S, t0) of a cheat that secretly undoes at least one measure; ``c``: its course once that is done."""
    T, delta = w.periods, w.parties[ch.i].discount
    end, slow = max(s.gone_a, s.t0 + 1), s.touches or s.blinds or ch.choices > 0
    if s.b >= 0:
        end = max(end, s.gone_b)
    at = min(end, T)
    C, W, F, over = c.C[at], c.after[LEFT, at], c.after[FOUND, at], c.after[ALL, at]
    for t in range(end - 1, s.t0 - 1, -1):
        at = min(t, T)
        if slow:
            now, h = step(w, tb, ch, u, s, t)
        else:
            now, h = c.now[at] + not_done(w, ch, s, s.a, s.gone_a, t), c.h[at]
            if s.b >= 0:
                now += not_done(w, ch, s, s.b, s.gone_b, t)
        e = ends(u, ch.i, at)
        C = ending_with(now, h, F, e, over, delta) + going_on(h, e, delta) * max(C, W)
        if t > s.t0 and slow:
            W, F = after(w, tb, ch, s, t, LEFT), after(w, tb, ch, s, t, FOUND)
            over = after(w, tb, ch, s, t, ALL) if u.stirs else 0.0
        elif t > s.t0:
            more = left_with(tb, ch, s.a, t, s.gone_a) - ch.left[s.a, 0 if s.gone_a == FAKED else 1, at]
            if s.b >= 0:
                more += left_with(tb, ch, s.b, t, s.gone_b) - ch.left[s.b, 0 if s.gone_b == FAKED else 1, at]
            W, F, over = c.after[LEFT, at] + more, c.after[FOUND, at] + more, c.after[ALL, at] + more
    return C


@inner
def not_done(w: World, ch: Cheater, s: Cheat, k: int, gone: int, t: int) -> float:
    """What a secret undoing pays less in ``t``, or costs, for not being done yet."""
    if gone == FAKED:
        return 0.0
    out = -ch.saved[k, 1, min(t, w.periods)] if t < gone else 0.0
    return out - w.measures[k].undo_cost if t == s.t0 else out


@part
def step(w: World, tb: Table, ch: Cheater, u: Unrest, s: Cheat, t: int) -> tuple[float, float]:
    """(payoff, chance to be found out, or believed to be) of the cheater in ``t``."""
    at = min(t, w.periods)
    now = tb.series[ch.i, at].u + saved_by(w, ch, s, s.a, s.gone_a, t)
    if s.b >= 0:
        now += saved_by(w, ch, s, s.b, s.gone_b, t)
    if s.touches:
        now += believed_in(w, tb, ch, s, t)
    unseen = unseen_of(w, s, t)
    if u.stirs:
        unseen *= blameless(u, ch.i, at, s.a, s.b)
    return now - (1 - unseen) * w.parties[ch.i].exit_cost, 1 - unseen


@inner
def saved_by(w: World, ch: Cheater, s: Cheat, k: int, gone: int, t: int) -> float:
    """What cheating on k, truly gone from ``gone`` on, saves the cheater in ``t``."""
    at = min(t, w.periods)
    if gone == FAKED:
        return ch.saved[k, 0, at]
    out = ch.saved[k, 1, at] if t >= gone else 0.0
    return out - w.measures[k].undo_cost if t == s.t0 and gone != LONG_AGO else out


@part
def after(w: World, tb: Table, ch: Cheater, s: Cheat, t: int, how: int) -> float:
    """What the end of the road map in ``t`` yields: W_i(t|S), F_i(t|S), or if all stop."""
    value = ch.base[how, min(t, w.periods)] + left_with(tb, ch, s.a, t, s.gone_a)
    if s.b >= 0:
        value += left_with(tb, ch, s.b, t, s.gone_b)
    return value + milestones_left(w, tb, ch, s, t, how)


@inner
def left_with(tb: Table, ch: Cheater, k: int, t: int, gone: int) -> float:
    """How much more (or less) k is worth to its owner once it has left in ``t``, for having cheated on it."""
    T = ch.left.shape[2] - 1
    at = min(t, T)
    if gone == FAKED:
        return ch.left[k, 0, at]
    if t >= gone:
        return ch.left[k, 1, at]
    return ch.net[k, at] - tb.power[ch.i, gone - t] * ch.lost[k, min(gone, T)]


@part
def believed_in(w: World, tb: Table, ch: Cheater, s: Cheat, t: int) -> float:
    """What the cheater saves in ``t`` while milestones are believed in that are not truly there."""
    out = 0.0
    for x in range(len(w.milestones)):
        if tb.interest[ch.i, x].counts:
            gone = member_gone(w, x, s.a, s.gone_a, s.b, s.gone_b)
            if gone != STAYS:
                out += believed(w, ch.i, x, t, gone)
    return out


@part
def milestones_left(w: World, tb: Table, ch: Cheater, s: Cheat, t: int, how: int) -> float:
    """What milestones add to the end of the road map in ``t`` for having cheated."""
    if not s.touches and not ch.choices:
        return ch.plain[how, min(t, w.periods)]
    value = 0.0
    for x in range(len(ch.gone)):
        ch.gone[x] = STAYS
        if tb.interest[ch.i, x].counts:
            ch.gone[x] = max(member_gone(w, x, s.a, s.gone_a, s.b, s.gone_b), FAKED)
            if not ch.choices:
                value += ending(w, tb, ch, x, t, how, ch.gone[x])
    return left_alone(w, tb, t, Breach(ch.i, NOBODY, how), ch.gone, s.a, s.b)[0] if ch.choices else value


@part
def ending(w: World, tb: Table, ch: Cheater, x: int, t: int, how: int, gone: int) -> float:
    """What milestone ``x`` adds to the end in ``t`` if it is truly gone from ``gone`` on; remembered."""
    if gone <= t:
        return 0.0
    at = min(t, w.periods)
    later = 0 if gone == STAYS else gone - t
    known = ch.ending[x, how, later, at]
    if np.isnan(known):
        known = after_breach(w, tb, x, ch.i, t, Breach(ch.i, NOBODY, how), tb.nothing, gone)
        ch.ending[x, how, later, at] = known
    return known
