"""Runs of a road map, period by period: what happens, not what should.

While the road map stands, a period goes like this. Parties whose best moment it is leave, or begin to cheat; parties
that trust too little leave. Steps come when they come in that world, late ones late. Cheats are found, alarms are
raised and cleared or believed, and while they are looked into the road map stands still; an incident may stop it all.
After a break all stop in turn and undo by the rule; talks may begin anew, and the road map is taken up where it was
left, once nobody would leave it there.
"""

from __future__ import annotations

import numpy as np

from detente.case.stakes import Ints
from detente.incentives.many.cheat import FAKED, cheat, clear
from detente.incentives.many.compiled import compiled, inlined, inner, part, shared
from detente.incentives.many.frame import NOBODY, World, world
from detente.worlds.runs.aftermath import End, Purse, first_break, settle
from detente.worlds.runs.conduct import ALARM, CLARIFIES, INCIDENT, MISSED, STOPS, WRONG
from detente.worlds.runs.in_force import (
    ACCUSED,
    BEGUN,
    BROKE,
    CHEATERS,
    FACTOR,
    GOING,
    HOLDUP,
    ON_A,
    ON_B,
    PAID,
    REGIME,
    SIGNS,
    SINCE,
    STAKE,
    UNTIL,
    M,
    State,
    fresh,
    goes,
    record,
    resumes,
    take_effect,
    take_up,
)
from detente.worlds.runs.payments import deceived, pays
from detente.worlds.runs.stage import (
    AGES,
    ALARMED,
    BLAMED,
    CAUGHT,
    CHEATS,
    CLEARED,
    DISTRUST,
    ENDS,
    HAPPENS,
    KEPT,
    RESUMES,
    STOPPED,
    WALKED,
    Atoms,
    Stage,
    Told,
    note,
    one,
)


@compiled
def run_all(
    x: World, p: Stage, room: Purse, atoms: Atoms, rows: Ints, places: Ints, rng: np.random.Generator, out: Told
) -> None:
    """Run worlds ``rows`` of a kind once each; their answers stand in ``places``."""
    for n in range(len(rows)):
        run(x, rows[n], one(p, rows[n]), room, atoms, rng, out, places[n])


@shared
def run(x: World, row: int, p: Stage, room: Purse, atoms: Atoms, rng: np.random.Generator, out: Told, r: int) -> None:
    """One run in one world; ``row``: which it is in its first regime."""
    s, w, which = fresh(p), world(x, row), row
    for t in range(x.periods + 1):
        if new_office(p, s, t):
            which = row + s.at[REGIME] * (len(x.parties) // len(p.begin))
            w = world(x, which)
        if not s.at[GOING] and resumes(p, s, t, rng):
            take_up(p, s, t)
            note(out, r, t, RESUMES, NOBODY, NOBODY)
        how, who, still, moves = KEPT, NOBODY, s.at[HOLDUP] > 0, False
        if s.at[GOING]:
            if not still and p.stirs[s.at[REGIME], s.at[M]]:
                how, who = decided(w, p, s, t, out, r)
            if how == KEPT:
                moves = not still
                how, who = disturbed(w, p, s, t, rng, out, r)
        if how != KEPT:
            if not out.runs[r].breaks:
                first_break(w, p, s, End(t, how, who, still), which, room, out, r)
            ends(p, s, t, how, who, still, out, r)
        take_effect(p, s, t, moves, rng, out, r)
        record(p, s, t, atoms, out, r)
        account(w, p, s, t, moves, out, r)
        forward(s, moves, x.periods)
    out.runs[r].stands = s.at[GOING] == 1
    if out.runs[r].how == KEPT:
        settle(w, p, s, x.periods + 1, out, r)


@part
def new_office(p: Stage, s: State, t: int) -> bool:
    """Who is in office from ``t`` on, and whether that is new."""
    new = False
    while s.at[REGIME] + 1 < len(p.begin) and p.begin[s.at[REGIME] + 1] <= t:
        s.at[REGIME] += 1
        new = True
    return new


@part
def decided(w: World, p: Stage, s: State, t: int, out: Told, r: int) -> tuple[int, int]:
    """(how, who) ends the road map because it is its best moment, or because it trusts too little."""
    now, P = p.moments[s.at[REGIME], s.at[M]], len(p.players)
    for i in range(P):
        if not now[i].leaves:
            continue
        if now[i].a < 0:
            return WALKED, i
        if s.cheats[i, SINCE] == AGES:
            begin(w, p, s, i, now[i].a, now[i].b, t)
            note(out, r, t, CHEATS, i, now[i].a)
            if now[i].b >= 0:
                note(out, r, t, CHEATS, i, now[i].b)
    for j in range(P):
        if now[j].distrusts and s.cheats[j, SINCE] == AGES:
            return DISTRUST, j
    return KEPT, NOBODY


@part
def begin(w: World, p: Stage, s: State, i: int, a: int, b: int, t: int) -> None:
    """Party ``i`` begins to cheat; what others that begin in the same period pay for it is not paid before."""
    s.at[CHEATERS] += 1
    for j in range(len(p.players)):
        too = s.cheats[j, SINCE] < AGES and s.cheats[j, BEGUN] == t
        s.before[i, j, PAID] = s.before[j, j, PAID] if too else s.paid[j, PAID]
        s.before[i, j, FACTOR] = s.paid[j, FACTOR]
        s.before[i, j, STAKE] = p.moments[s.at[REGIME], s.at[M], j].kept - deceived(p, j, s.at[M])
    s.cheats[i, SINCE], s.cheats[i, ON_A], s.cheats[i, ON_B], s.cheats[i, BEGUN] = s.at[M], a, b, t
    for k in (a, b):
        if k >= 0:
            s.false[k] = True
            if s.on[k]:
                goes(p, s, k, t)
                s.paid[i, PAID] -= s.paid[i, FACTOR] * w.measures[k].undo_cost


@inlined
def disturbed(w: World, p: Stage, s: State, t: int, rng: np.random.Generator, out: Told, r: int) -> tuple[int, int]:
    """(how, who) ends the road map without having meant to."""
    if s.at[ACCUSED] < 0 and not s.at[HOLDUP]:
        raise_alarm(w, p, s, rng)
        if s.at[ACCUSED] >= 0 and p.rates[CLARIFIES] > 0:
            note(out, r, t, ALARMED, s.at[ACCUSED], NOBODY)
            s.at[HOLDUP] = int(p.rates[CLARIFIES]) + 1
    if s.at[ACCUSED] >= 0 and s.at[HOLDUP] <= 1:
        who = s.at[ACCUSED]
        s.at[ACCUSED] = -1
        guilty = s.at[SIGNS] > 0
        if rng.random() < (1 - p.rates[MISSED] ** s.at[SIGNS] if guilty else p.rates[WRONG]):
            return (CAUGHT if guilty else BLAMED), who
        if p.rates[CLARIFIES] > 0:
            note(out, r, t, CLEARED, who, NOBODY)
    if p.rates[INCIDENT] > 0 and rng.random() < p.rates[INCIDENT]:
        note(out, r, t, HAPPENS, NOBODY, NOBODY)
        if rng.random() < p.rates[STOPS]:
            return STOPPED, NOBODY
    return KEPT, NOBODY


@inlined
def raise_alarm(w: World, p: Stage, s: State, rng: np.random.Generator) -> None:
    """Whom inspection suspects in this period, if anybody, and for how many of its cheats."""
    m, chance = s.at[M], p.rates[ALARM]
    for i in range(len(p.players)):
        if s.cheats[i, SINCE] < AGES:
            s.at[SIGNS] = signs(w, s, i, m, rng)
            if s.at[SIGNS]:
                s.at[ACCUSED] = i
                return
    if chance > 0 and p.eyes[m] > 0 and rng.random() >= (1 - chance) ** p.eyes[m]:
        nth = int(rng.random() * p.eyes[m])
        for k in range(len(p.measures)):
            if p.watch[m, k]:
                if nth == 0 and not s.false[k]:
                    s.at[ACCUSED], s.at[SIGNS] = p.measures[k].owner, 0
                nth -= 1


@inlined
def signs(w: World, s: State, i: int, m: int, rng: np.random.Generator) -> int:
    """For how many of the measures that party ``i`` cheats on an alarm is raised in period ``m`` of the road map."""
    c, raised = cheat(w, s.cheats[i, ON_A], s.cheats[i, ON_B], s.cheats[i, SINCE], True, False), 0
    if m >= (w.measures[c.a].c if c.gone_a == FAKED else c.t0):
        raised += rng.random() >= clear(w, c.a, m, c.a, c.gone_a, c.b, c.gone_b)
    if c.b >= 0 and m >= (w.measures[c.b].c if c.gone_b == FAKED else c.t0):
        raised += rng.random() >= clear(w, c.b, m, c.a, c.gone_a, c.b, c.gone_b)
    return raised


@part
def ends(p: Stage, s: State, t: int, how: int, who: int, still: bool, out: Told, r: int) -> None:
    """The road map ends: who stops when. If it stood ``still``, its steps are dated from the next period on."""
    note(out, r, t, ENDS, who, how)
    openly = how in (WALKED, DISTRUST)
    for i in range(len(p.players)):
        s.stop[i] = t + (p.players[i].lag if how != STOPPED else 1)
        if i == who:
            s.stop[i] = t if openly else t + 1
        s.at[UNTIL] = max(s.at[UNTIL], s.stop[i])
    out.runs[r].breaks += 1
    s.at[GOING], s.at[HOLDUP], s.at[ACCUSED], s.at[BROKE] = 0, 0, -1, t + still


@inner
def forward(s: State, moves: bool, T: int) -> None:
    """On to the next period."""
    if s.at[GOING]:
        if s.at[HOLDUP] > 0:
            s.at[HOLDUP] -= 1
        if moves:
            s.at[M] = min(s.at[M] + 1, T)


@part
def account(w: World, p: Stage, s: State, t: int, moves: bool, out: Told, r: int) -> None:
    """What the period paid, as long as the road map has never broken."""
    if out.runs[r].breaks:
        return
    out.runs[r].still += not moves
    for i in range(len(p.players)):
        s.paid[i, PAID] += s.paid[i, FACTOR] * pays(w, p, s, i, t, moves)
        s.paid[i, FACTOR] *= p.players[i].discount
