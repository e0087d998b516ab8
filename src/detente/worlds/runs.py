"""Runs of a road map, period by period: what happens, not what should.

While the road map stands, a period goes like this. Parties whose best moment it is leave, or begin to cheat; parties
that trust too little leave. Steps that are due may be put off: then the whole road map waits. Cheats are found, alarms
are raised and cleared or believed, an incident may stop it all. After a break all stop in turn and undo by the rule;
talks may begin anew, and the road map is taken up where it was left, once nobody would leave it there.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from detente.case.stakes import NEVER, Bools, Floats, Ints
from detente.incentives.many.cheat import FAKED, cheat, clear
from detente.incentives.many.compiled import compiled
from detente.incentives.many.frame import NOBODY, World, world
from detente.worlds.conduct import ALARM, CLARIFIES, INCIDENT, MISSED, PUNCTUAL, STOPS, TALKS, WRONG, numbered
from detente.worlds.played import Played

KEPT, WALKED, CAUGHT, BLAMED, STOPPED, DISTRUST, UNFOUND = numbered(7)
"""How a road map ends: it stands; somebody leaves openly; a cheat is found; a false alarm is believed; an incident
stops it; somebody trusts too little; it stands, and a cheat is never found."""
PUT_OFF, CHEATS, ALARMED, CLEARED, ENDS, HAPPENS, UNDONE, RESUMES, COMES = numbered(9)
"""What is noted: a party puts off what is due; begins to cheat; is suspected; is cleared; the road map ends; an
incident happens; a measure is undone; the road map is taken up again; a measure is in force."""
NOTES = 192
"""Most events noted of a run."""
BINS = 200
"""Shares are counted in steps of half a per cent."""
(AGES,) = numbered(1, NEVER)


class Told(NamedTuple):
    """What came of r runs; H periods of the calendar and one for ever after."""

    how: Ints
    """(r,) how it first ended"""
    who: Ints
    """(r,) by whom; -1: nobody"""
    on: Ints
    """(r, 2) the measures cheated on, -1: none"""
    when: Ints
    """(r,) in which period of the calendar it first ended, ``NEVER``: it did not"""
    where: Ints
    """(r,) and in which of the road map"""
    begun: Ints
    """(r,) since when the cheat that was found had been going on, of the calendar"""
    late: Ints
    """(r,) periods before in which it stood still"""
    breaks: Ints
    """(r,) how often it broke"""
    stands: Bools
    """(r,) whether it stands at the end"""
    gain: Floats
    """(r, P) what it brought each party over no deal, what follows the first break counted as being for good"""
    cost: Floats
    """(r, P) what the first break was worth to each party less going on, at that time"""
    exposed: Floats
    """(r, P) exposure at that time"""
    goals: Ints
    """(r, goals) when each was first reached, ``NEVER``: it was not"""
    shares: Ints
    """(G, H+1, BINS+1) runs by share of each group in force"""
    notes: Ints
    """(r, NOTES, 4) events: period, kind, party, measure"""
    noted: Ints
    """(r,) how many"""


class Atoms(NamedTuple):
    """What goals ask: all atoms of a goal have to be there at once."""

    first: Ints
    """(goals+1,) where each goal's atoms begin"""
    kind: Ints
    """(atoms,) 0: a measure in force; 1: at least a share of a group; 2: at most"""
    of: Ints
    """(atoms,) which measure or group"""
    share: Floats
    """(atoms,)"""
    until: Ints
    """(atoms,) until when it has to stay at most so much"""


class Rules(NamedTuple):
    """What holds for all runs of a kind."""

    belief: Floats
    """(R, T+1, P) how likely each party is to go on in a period, as others see it"""
    trust: bool
    """Whether parties leave that trust too little"""
    atoms: Atoms


class State(NamedTuple):
    """Where a run stands."""

    at: Ints
    """(8,) see the columns below"""
    on: Bools
    """(N,) truly in force"""
    off: Ints
    """(N,) from when on it is undone"""
    again: Ints
    """(N,) when it comes back"""
    false: Bools
    """(N,) pretended, or secretly being undone"""
    stop: Ints
    """(P,) from when on a party performs nothing"""
    waited: Ints
    """(P,) how long what is due has been put off"""
    cheats: Ints
    """(P, 4) since when a party cheats on the road map, on what, and since when by the calendar"""
    paid: Floats
    """(P, 4) payments so far, discounted; the discount; both as they were when it began to cheat"""
    high: Floats
    """(G,) the largest share of each group so far"""


M, REGIME, GOING, HOLDUP, ACCUSED, HONEST, FRESH, BROKE = numbered(8)


@compiled
def run_all(x: World, p: Played, rules: Rules, rows: Ints, places: Ints, rng: np.random.Generator, out: Told) -> None:
    """Run worlds ``rows`` of a kind once each; their answers stand in ``places``."""
    for n in range(len(rows)):
        run(world(x, rows[n]), p, rows[n], rules, rng, out, places[n])


@compiled
def run(w: World, p: Played, n: int, rules: Rules, rng: np.random.Generator, out: Told, r: int) -> None:
    """One run in world ``n``."""
    s = fresh(p, n)
    for t in range(w.periods + 1):
        new_office(p, s, t)
        if not s.at[GOING] and resumes(p, n, s, t, rng):
            take_up(p, n, s, t)
            note(out, r, t, RESUMES, NOBODY, NOBODY)
        how, who, moves = KEPT, NOBODY, False
        if s.at[GOING]:
            if s.at[FRESH] and not s.at[HOLDUP]:
                how, who = decided(p, n, s, t, rules, out, r)
            if how == KEPT:
                moves = not s.at[HOLDUP] and not put_off(p, n, s, t, rng, out, r)
                how, who = disturbed(w, p, n, s, t, rng, out, r)
        if how != KEPT:
            ends(p, n, s, t, how, who, out, r)
        perform(p, n, s, t, moves, out, r)
        undo(p, n, s, t, rng, out, r)
        record(p, n, s, t, rules.atoms, out, r)
        account(p, n, s, moves, out, r)
        forward(s, moves, w.periods)
    out.stands[r] = s.at[GOING] == 1
    if out.how[r] == KEPT:
        settle(p, n, s, out, r)


@compiled
def fresh(p: Played, n: int) -> State:
    """The state before period 0."""
    P, N, G = p.lag.shape[1], len(p.owner), p.total.shape[1]
    s = State(
        np.zeros(8, dtype=np.int64), np.zeros(N, dtype=np.bool_), np.full(N, AGES), np.full(N, AGES),
        np.zeros(N, dtype=np.bool_), np.full(P, AGES), np.zeros(P, dtype=np.int64), np.full((P, 4), AGES),
        np.zeros((P, 4)), np.zeros(G),
    )  # fmt: skip
    s.at[GOING], s.at[FRESH], s.at[ACCUSED], s.at[BROKE] = 1, 1, -1, AGES
    s.paid[:, 1] = 1.0
    for k in range(N):
        s.on[k] = p.done[k] and p.owner[k] >= 0
    return s


@compiled
def note(out: Told, r: int, t: int, kind: int, i: int, k: int) -> None:
    """Note an event."""
    at = out.noted[r]
    if at < out.notes.shape[1]:
        out.notes[r, at, 0], out.notes[r, at, 1], out.notes[r, at, 2], out.notes[r, at, 3] = t, kind, i, k
        out.noted[r] = at + 1


@compiled
def new_office(p: Played, s: State, t: int) -> None:
    """Who is in office from ``t`` on."""
    while s.at[REGIME] + 1 < len(p.begin) and p.begin[s.at[REGIME] + 1] <= t:
        s.at[REGIME] += 1
        s.at[FRESH] = 1


@compiled
def decided(p: Played, n: int, s: State, t: int, rules: Rules, out: Told, r: int) -> tuple[int, int]:
    """(how, who) ends the road map because it is its best moment, or because it trusts too little."""
    m, g, P = s.at[M], s.at[REGIME], p.lag.shape[1]
    for i in range(P):
        if not p.leaves[n, g, m, i]:
            continue
        a, b = p.cheat[n, g, m, i, 0], p.cheat[n, g, m, i, 1]
        if a < 0:
            return WALKED, i
        if s.cheats[i, 0] == AGES:
            begin(p, n, s, i, a, b, t)
            note(out, r, t, CHEATS, i, a)
            if b >= 0:
                note(out, r, t, CHEATS, i, b)
    if rules.trust:
        for j in range(P):
            if p.players[n, j] and s.cheats[j, 0] == AGES:
                earned = 1.0
                for i in range(P):
                    if i != j and p.players[n, i]:
                        earned = min(earned, rules.belief[g, m, i])
                if earned < p.needed[n, g, m, j]:
                    return DISTRUST, j
    return KEPT, NOBODY


@compiled
def begin(p: Played, n: int, s: State, i: int, a: int, b: int, t: int) -> None:
    """Party ``i`` begins to cheat."""
    s.cheats[i, 0], s.cheats[i, 1], s.cheats[i, 2], s.cheats[i, 3] = s.at[M], a, b, t
    s.paid[i, 2], s.paid[i, 3] = s.paid[i, 0], s.paid[i, 1]
    for k in (a, b):
        if k >= 0:
            s.false[k] = True
            if s.on[k]:
                s.off[k] = t + p.undo_takes[n, k]


@compiled
def put_off(p: Played, n: int, s: State, t: int, rng: np.random.Generator, out: Told, r: int) -> bool:
    """Whether somebody puts off what is due, so that the road map waits."""
    late, punctual = False, p.rates[n, PUNCTUAL]
    if punctual >= 1:
        return late
    for i in range(p.lag.shape[1]):
        waits = p.due[n, s.at[M], i] and s.waited[i] < p.grace[n, i]
        if waits and (p.prone[n, s.at[REGIME], s.at[M], i] or rng.random() >= punctual):
            if s.waited[i] == 0:
                note(out, r, t, PUT_OFF, i, NOBODY)
            s.waited[i] += 1
            late = True
    return late


@compiled
def disturbed(
    w: World, p: Played, n: int, s: State, t: int, rng: np.random.Generator, out: Told, r: int
) -> tuple[int, int]:
    """(how, who) ends the road map without having meant to."""
    if s.at[ACCUSED] < 0 and not s.at[HOLDUP]:
        raise_alarm(w, p, n, s, rng)
        if s.at[ACCUSED] >= 0 and p.rates[n, CLARIFIES] > 0:
            note(out, r, t, ALARMED, s.at[ACCUSED], NOBODY)
            s.at[HOLDUP] = int(p.rates[n, CLARIFIES]) + 1
    if s.at[ACCUSED] >= 0 and s.at[HOLDUP] <= 1:
        who = s.at[ACCUSED]
        s.at[ACCUSED] = -1
        believed = p.rates[n, WRONG] if s.at[HONEST] else 1 - p.rates[n, MISSED]
        if rng.random() < believed:
            return (BLAMED if s.at[HONEST] else CAUGHT), who
        if p.rates[n, CLARIFIES] > 0:
            note(out, r, t, CLEARED, who, NOBODY)
    if p.rates[n, INCIDENT] > 0 and rng.random() < p.rates[n, INCIDENT]:
        note(out, r, t, HAPPENS, NOBODY, NOBODY)
        if rng.random() < p.rates[n, STOPS]:
            return STOPPED, NOBODY
    return KEPT, NOBODY


@compiled
def raise_alarm(w: World, p: Played, n: int, s: State, rng: np.random.Generator) -> None:
    """Whom inspection suspects in this period, if anybody, and whether it is honest."""
    m, false = s.at[M], p.rates[n, ALARM]
    for i in range(p.lag.shape[1]):
        if s.cheats[i, 0] < AGES and rng.random() < detected(w, s, i, m):
            s.at[ACCUSED], s.at[HONEST] = i, 0
            return
    if false <= 0:
        return
    for i in range(p.lag.shape[1]):
        many = p.eyes[n, m, i]
        if s.cheats[i, 0] < AGES:
            for c in (1, 2):
                many -= s.cheats[i, c] >= 0 and p.watch[n, m, s.cheats[i, c]]
        if many > 0 and rng.random() >= (1 - false) ** many:
            s.at[ACCUSED], s.at[HONEST] = i, 1
            return


@compiled
def detected(w: World, s: State, i: int, m: int) -> float:
    """Chance that the cheat of party ``i`` raises an alarm in period ``m`` of the road map."""
    c = cheat(w, s.cheats[i, 1], s.cheats[i, 2], s.cheats[i, 0], True, False)
    unseen = 1.0
    if m >= (w.measures[c.a].c if c.gone_a == FAKED else c.t0):
        unseen *= clear(w, c.a, m, c.a, c.gone_a, c.b, c.gone_b)
    if c.b >= 0 and m >= (w.measures[c.b].c if c.gone_b == FAKED else c.t0):
        unseen *= clear(w, c.b, m, c.a, c.gone_a, c.b, c.gone_b)
    return 1 - unseen


@compiled
def ends(p: Played, n: int, s: State, t: int, how: int, who: int, out: Told, r: int) -> None:
    """The road map ends: who stops when."""
    note(out, r, t, ENDS, who, how)
    out.breaks[r] += 1
    if out.breaks[r] == 1:
        first_break(p, n, s, t, how, who, out, r)
    openly = how in (WALKED, DISTRUST)
    for i in range(p.lag.shape[1]):
        s.stop[i] = t + (p.lag[n, i] if how != STOPPED else 1)
    if who >= 0:
        s.stop[who] = t if openly else t + 1
    s.at[GOING], s.at[HOLDUP], s.at[ACCUSED], s.at[BROKE] = 0, 0, -1, t


@compiled
def first_break(p: Played, n: int, s: State, t: int, how: int, who: int, out: Told, r: int) -> None:
    """What the end of the road map means for everybody."""
    m, g = s.at[M], s.at[REGIME]
    then = min(m + 1, p.kept.shape[2] - 1)
    out.how[r], out.who[r], out.when[r], out.where[r] = how, who, t, m
    for i in range(p.lag.shape[1]):
        kept, delta = p.kept[n, g, m, i], p.discount[n, i]
        if how in (WALKED, DISTRUST):
            left = p.walk[n, g, m, i] if i == who else p.behind[n, g, m, i, who]
        elif i != who:
            left = p.pays[n, g, m, i] + delta * p.over[n, g, then, i]
        else:
            left = p.pays[n, g, m, i] - p.exit_cost[n, i] + delta * p.found[n, g, then, i]
        out.cost[r, i], out.exposed[r, i] = left - kept, p.exposure[n, g, m, i]
        out.gain[r, i] = s.paid[i, 0] + s.paid[i, 1] * left - p.reserve[n, i]
    if how == CAUGHT:
        since = s.cheats[who, 0]
        out.on[r, 0], out.on[r, 1], out.begun[r] = s.cheats[who, 1], s.cheats[who, 2], s.cheats[who, 3]
        out.cost[r, who] = p.covert[n, g, since, who] - p.kept[n, g, since, who]
        out.gain[r, who] = s.paid[who, 2] + s.paid[who, 3] * p.covert[n, g, since, who] - p.reserve[n, who]


@compiled
def settle(p: Played, n: int, s: State, out: Told, r: int) -> None:
    """What a road map that never broke brought."""
    g = s.at[REGIME]
    for i in range(p.lag.shape[1]):
        since = s.cheats[i, 0]
        if since < AGES:
            if out.how[r] == KEPT:
                out.how[r], out.who[r], out.begun[r] = UNFOUND, i, s.cheats[i, 3]
                out.on[r, 0], out.on[r, 1] = s.cheats[i, 1], s.cheats[i, 2]
            out.gain[r, i] = s.paid[i, 2] + s.paid[i, 3] * p.covert[n, g, since, i] - p.reserve[n, i]
        else:
            out.gain[r, i] = s.paid[i, 0] + s.paid[i, 1] * p.kept[n, g, s.at[M], i] - p.reserve[n, i]


@compiled
def perform(p: Played, n: int, s: State, t: int, moves: bool, out: Told, r: int) -> None:
    """What comes into force in this period."""
    after = 0 if s.at[GOING] else t - s.at[BROKE]
    for k in range(len(p.owner)):
        i = p.owner[k]
        if i < 0 or s.false[k] or s.on[k]:
            continue
        due = p.c[n, k] == s.at[M] + after and (moves or not s.at[GOING]) and t < s.stop[i]
        if due or s.again[k] == t:
            s.on[k], s.off[k] = True, AGES
            note(out, r, t, COMES, i, k)


@compiled
def undo(p: Played, n: int, s: State, t: int, rng: np.random.Generator, out: Told, r: int) -> None:
    """What is no longer in force, and what those who stop begin to undo."""
    at = s.at[M] if s.at[GOING] else min(s.at[M] + t - s.at[BROKE], p.undone.shape[2] - 1)
    for k in range(len(p.owner)):
        i = p.owner[k]
        stops = i >= 0 and s.on[k] and not s.at[GOING] and s.stop[i] == t and s.off[k] == AGES
        undoes = stops and p.undone[n, s.at[REGIME], at, k] and not replaced(p, s, k)
        if undoes and rng.random() < p.undo_chance[n, k]:
            s.off[k] = t + p.undo_takes[n, k]
        if s.on[k] and s.off[k] <= t:
            s.on[k] = False
            note(out, r, t, UNDONE, i, k)
            old = p.replaces[k]
            while old >= 0:
                s.on[old] = False
                old = p.replaces[old]


@compiled
def replaced(p: Played, s: State, k: int) -> bool:
    """Whether another measure has taken the place of ``k``."""
    found = False
    for new in range(len(p.owner)):
        found = found or (p.replaces[new] == k and s.on[new])
    return found


@compiled
def resumes(p: Played, n: int, s: State, t: int, rng: np.random.Generator) -> bool:
    """Whether the road map is taken up again: talks begin, and nobody would leave at once."""
    if p.rates[n, TALKS] <= 0 or rng.random() >= p.rates[n, TALKS]:
        return False
    willing = True
    for i in range(p.lag.shape[1]):
        willing = willing and t > s.stop[i] and not p.leaves[n, s.at[REGIME], s.at[M], i]
    return willing


@compiled
def take_up(p: Played, n: int, s: State, t: int) -> None:
    """Go on where the road map was left, after what is no longer in force has been done again."""
    longest = 0
    for k in range(len(p.owner)):
        s.off[k], s.false[k] = AGES, False
        if p.owner[k] >= 0 and p.c[n, k] < s.at[M] and not s.on[k] and not replaced(p, s, k):
            s.again[k] = t + p.takes[n, k]
            longest = max(longest, p.takes[n, k])
    s.stop[:], s.cheats[:, 0], s.waited[:] = AGES, AGES, 0
    s.at[GOING], s.at[FRESH], s.at[HOLDUP] = 1, 1, longest


@compiled
def forward(s: State, moves: bool, T: int) -> None:
    """On to the next period."""
    if s.at[GOING]:
        s.at[FRESH] = 0
        if s.at[HOLDUP] > 0:
            s.at[HOLDUP] -= 1
            s.at[FRESH] = 1 if s.at[HOLDUP] == 0 else 0
        if moves:
            s.at[M] = min(s.at[M] + 1, T)
            s.at[FRESH] = 1
            s.waited[:] = 0


@compiled
def account(p: Played, n: int, s: State, moves: bool, out: Told, r: int) -> None:
    """What the period paid, as long as the road map has never broken."""
    if out.breaks[r]:
        return
    m, g = s.at[M], s.at[REGIME]
    if not moves:
        out.late[r] += 1
    for i in range(p.lag.shape[1]):
        s.paid[i, 0] += s.paid[i, 1] * (p.pays[n, g, m, i] if moves else p.stands[n, g, m, i])
        s.paid[i, 1] *= p.discount[n, i]


@compiled
def record(p: Played, n: int, s: State, t: int, atoms: Atoms, out: Told, r: int) -> None:
    """Shares in force, and goals reached."""
    now = np.zeros(p.total.shape[1])
    for pair in range(len(p.sizes)):
        if in_force(p, s, p.pairs[pair, 1]):
            now[p.pairs[pair, 0]] += p.sizes[pair]
    for g in range(len(now)):
        now[g] /= p.total[n, g]
        out.shares[g, t, round(min(max(now[g], 0.0), 1.0) * (out.shares.shape[2] - 1))] += 1
        s.high[g] = max(s.high[g], now[g]) if t else now[g]
    for goal in range(len(atoms.first) - 1):
        reached = out.goals[r, goal] == AGES
        for a in range(atoms.first[goal], atoms.first[goal + 1]):
            if not reached:
                break
            of, share = atoms.of[a], atoms.share[a]
            if atoms.kind[a] == 0:
                reached = in_force(p, s, of)
            elif atoms.kind[a] == 1:
                reached = now[of] >= share - 1e-9
            else:
                reached = t > atoms.until[a] or s.high[of] <= share + 1e-9
        if reached:
            out.goals[r, goal] = t


@compiled
def in_force(p: Played, s: State, k: int) -> bool:
    """Whether a measure, or every member of a milestone, is truly in force."""
    if p.owner[k] >= 0:
        return bool(s.on[k])
    whole = True
    for member in range(len(p.owner)):
        whole = whole and (s.on[member] or not p.members[k, member])
    return whole
