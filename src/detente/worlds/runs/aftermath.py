"""What everybody truly has once a road map has ended: as reckoned beforehand where nobody cheats, else worked out anew
with what is pretended or has been secretly undone."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from detente.case.stakes import Ints
from detente.incentives.many.cheat import FAKED
from detente.incentives.many.compiled import part
from detente.incentives.many.frame import ALL, FOUND, LEFT, NOBODY, STAYS, World
from detente.incentives.many.milestones import Breach, gap, left_alone, sparing
from detente.incentives.many.tables import Table, fill, post_at, room, table, worth_at
from detente.incentives.many.walk import breach_base, stick_worth
from detente.worlds.runs.in_force import (
    BEGUN,
    CHEATERS,
    FACTOR,
    ON_A,
    ON_B,
    PAID,
    REGIME,
    SINCE,
    STAKE,
    M,
    State,
)
from detente.worlds.runs.payments import (
    deceived,
    deceived_after,
    for_ever,
    gone_from,
    gone_whole,
    missing,
    pays,
)
from detente.worlds.runs.stage import AGES, BLAMED, CAUGHT, DISTRUST, KEPT, STOPPED, UNFOUND, WALKED, Stage, Told


class End(NamedTuple):
    """How a road map ends."""

    t: int
    how: int
    who: int
    still: bool
    """Whether it stood still then: its steps are dated on from the next period"""


class Purse(NamedTuple):
    """Room to work in."""

    tables: Table
    """Of one world"""
    of: Ints
    """(1,) which world that is; -1: none"""
    gone: Ints
    """(M,) from when on each milestone is truly gone"""


def purse(x: World) -> Purse:
    """Room to work in for some worlds."""
    return Purse(room(x, 1), np.full(1, -1), np.empty(len(x.milestones), dtype=np.int64))


@part
def first_break(w: World, p: Stage, s: State, end: End, which: int, room: Purse, out: Told, r: int) -> None:
    """What the end of the road map means for everybody; ``which``: where the world stands among all."""
    now, told, m = p.moments[s.at[REGIME], s.at[M]], out.runs[r], s.at[M]
    told.how, told.who, told.when, told.where = end.how, end.who, end.t, m
    openly, cheated = end.how in (WALKED, DISTRUST), s.at[CHEATERS] > 0
    after = m if openly or end.still else m + 1
    by = Breach(end.who, NOBODY, LEFT if openly else FOUND)
    bits = reckon(w, s, after, after - end.t - (not openly), by, which, room) if cheated else 0
    for j in range(len(p.players)):
        e = Breach(NOBODY, NOBODY, ALL) if end.how == STOPPED or (end.how == BLAMED and j != end.who) else by
        if cheated:
            left = truth(w, s, j, after, after - end.t - (not openly), e, bits, room)
        else:
            left = foretold(p, s, j, after, e)
        left -= deceived_after(w, p, s, j, after, e)
        if not openly:
            left = pays(w, p, s, j, end.t, not end.still) + p.players[j].discount * left
            left -= p.players[j].exit_cost if j == end.who else 0.0
        outcome, brought = out.outcomes[r, j], s.paid[j, PAID] + s.paid[j, FACTOR] * left
        outcome.gain, outcome.exposed = brought - p.players[j].reserve, now[j].exposure
        outcome.cost = left - (now[j].kept - deceived(p, j, m))
        if end.how == CAUGHT:
            began = s.before[end.who, j]
            outcome.cost = (brought - began[PAID]) / began[FACTOR] - began[STAKE]
    if end.how == CAUGHT:
        cheat = s.cheats[end.who]
        told.a, told.b, told.begun = cheat[ON_A], cheat[ON_B], cheat[BEGUN]


@part
def settle(w: World, p: Stage, s: State, t: int, out: Told, r: int) -> None:
    """What a road map that never broke brought by ``t``; a cheat that was not found by then is never found."""
    now, told = p.moments[s.at[REGIME], s.at[M]], out.runs[r]
    for j in range(len(p.players)):
        ahead = now[j].kept - deceived(p, j, s.at[M])
        if s.at[CHEATERS]:
            ahead += for_ever(w, p, s, j, t)
        out.outcomes[r, j].gain = s.paid[j, PAID] + s.paid[j, FACTOR] * ahead - p.players[j].reserve
        if told.how == KEPT and s.cheats[j, SINCE] < AGES:
            told.how, told.who, told.begun = UNFOUND, j, s.cheats[j, BEGUN]
            told.a, told.b = s.cheats[j, ON_A], s.cheats[j, ON_B]


@part
def foretold(p: Stage, s: State, j: int, after: int, e: Breach) -> float:
    """What ``j`` has from period ``after`` of the road map on where nobody cheats."""
    of = p.moments[s.at[REGIME]]
    then = of[min(after, len(of) - 1), j]
    if e.how == LEFT:
        return then.walk if j == e.by else p.behind[s.at[REGIME], after, j, e.by]
    return then.found if e.how == FOUND else then.over


@part
def truth(w: World, s: State, j: int, t: int, ahead: int, e: Breach, bits: int, room: Purse) -> float:
    """What ``j`` truly has from period ``t`` of the road map on, by so much ``ahead`` of the calendar; ``bits``: the
    milestones that who ended it leaves alone."""
    tb, at = table(room.tables, 0), min(t, w.periods)
    value = breach_base(w, tb, j, e.by, at, e.how) + stick_worth(w, tb, j, e.by, NOBODY, e.how)
    if e.how == LEFT and j == e.by:
        value -= w.parties[j].exit_cost
    for i in range(len(w.parties)):
        if s.cheats[i, SINCE] < AGES:
            for n in (ON_A, ON_B):
                k = s.cheats[i, n]
                if k >= 0:
                    value += changed(w, tb, j, k, t, t + gap(w, e, i), gone_from(w, s, i, k, ahead))
    a, b = cheated_on(s, e.by)
    return value + sparing(w, tb, j, t, e, bits if e.how != ALL else 0, room.gone, a, b)


@part
def cheated_on(s: State, i: int) -> tuple[int, int]:
    """On what ``i`` cheats."""
    if i < 0 or s.cheats[i, SINCE] == AGES:
        return NOBODY, NOBODY
    return s.cheats[i, ON_A], s.cheats[i, ON_B]


@part
def changed(w: World, tb: Table, j: int, k: int, t: int, stop: int, gone: int) -> float:
    """What ``k``, truly gone from ``gone`` on, is worth to ``j`` from ``t`` on, less what it would be if its owner, who
    stops in ``stop``, did not cheat on it."""
    of, honest = w.measures[k], 0.0
    if of.c < stop:
        honest = tb.power[j, stop - t] * post_at(tb, j, k, stop)
    for u in range(t, stop):
        honest += tb.power[j, u - t] * missing(w, j, k, u, FAKED, True)
    if gone == FAKED:
        return -honest
    until = max(gone, t)
    less = (1 - of.residual) * tb.power[j, until - t] * worth_at(tb, j, k, until)
    return worth_at(tb, j, k, t) - less - honest


@part
def open_tables(w: World, room: Purse, which: int) -> None:
    """Enter the constants of world ``which``, unless they have been."""
    if room.of[0] == which:
        return
    room.of[0], tb = which, table(room.tables, 0)
    for k in range(len(w.measures)):
        for t in range(tb.undoes.shape[1]):
            tb.undoes[k, t] = False
    for i in range(len(w.parties)):
        for t in range(w.periods + 1):
            tb.series[i, t].u = 0.0
        for k in range(len(w.measures)):
            for t in range(tb.of.shape[2]):
                tb.of[i, k, t].worth = tb.of[i, k, t].post = 0.0
        for o in range(len(w.parties)):
            for t in range(w.periods + 1):
                of = tb.between[i, o, t]
                of.gives = of.left = 0.0
        for x in range(len(w.milestones)):
            tb.interest[i, x].counts = False
    fill(w, tb)


@part
def reckon(w: World, s: State, t: int, ahead: int, e: Breach, which: int, room: Purse) -> int:
    """Which milestones (bits) the party that ends the road map leaves alone, knowing of its own cheat only. Enters the
    constants of the world, and from when on each milestone is truly gone by anybody's cheat."""
    open_tables(w, room, which)
    tb, bits = table(room.tables, 0), 0
    if e.by >= 0:
        for x in range(len(room.gone)):
            room.gone[x] = gone_whole(w, s, e.by, x, ahead)
        a, b = cheated_on(s, e.by)
        bits = left_alone(w, tb, t, e, room.gone, a, b)[1]
    for x in range(len(room.gone)):
        room.gone[x] = STAYS
        for i in range(len(w.parties)):
            room.gone[x] = min(room.gone[x], gone_whole(w, s, i, x, ahead))
    return bits
