"""What is in force in a run: what comes, what those who stop undo, and what is done again when talks succeed."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from detente.case.stakes import Bools, Floats, Ints
from detente.incentives.many.compiled import inlined, inner, part, shared
from detente.worlds.runs.conduct import TALKS
from detente.worlds.runs.stage import AGES, COMES, PUT_OFF, UNDONE, Atoms, Stage, Told, note, numbered

M, REGIME, GOING, HOLDUP, ACCUSED, SIGNS, BROKE, UNTIL, CHANGED, NEXT, CHEATERS = numbered(11)
"""Places of a run's state: the period of the road map; the regime; whether it is going on; for how many periods it
stands still; who is suspected (-1: nobody) and for how many of its cheats (0: of none); since when its dates go by the
calendar because it broke; until when, besides the steps of the road
map, something may come or be undone; whether something just did; which date of the road map is next; how many cheat."""
SINCE, ON_A, ON_B, BEGUN = numbered(4)
"""Of a party's cheat: since when on the road map, on what, and since when by the calendar."""
PAID, FACTOR, STAKE = numbered(3)
"""Of a party: what it has been paid so far, discounted; the discount; what going on is worth to it."""


class State(NamedTuple):
    """Where a run stands."""

    at: Ints
    """(11,) see the places above"""
    on: Bools
    """(N,) truly in force; a milestone with all its members"""
    off: Ints
    """(N,) from when on it is undone"""
    again: Ints
    """(N,) when it comes back"""
    false: Bools
    """(N,) pretended, or secretly being undone"""
    stop: Ints
    """(P,) from when on a party performs nothing"""
    cheats: Ints
    """(P, 4)"""
    paid: Floats
    """(P, 2) see above"""
    before: Floats
    """(P, P, 3) the same of every party (second) when one (first) began to cheat"""
    share: Floats
    """(G,) of each group in force"""
    high: Floats
    """(G,) the largest so far"""
    bins: Ints
    """(G,) in which bin the share is"""


@shared
def fresh(p: Stage) -> State:
    """The state before period 0."""
    P, N, G = len(p.players), len(p.measures), len(p.total)
    s = State(
        np.zeros(11, dtype=np.int64), np.zeros(N, dtype=np.bool_), np.full(N, AGES), np.full(N, AGES),
        np.zeros(N, dtype=np.bool_), np.full(P, AGES), np.full((P, 4), AGES), np.zeros((P, 2)), np.zeros((P, P, 3)),
        np.zeros(G), np.zeros(G), np.zeros(G, dtype=np.int64),
    )  # fmt: skip
    s.at[GOING], s.at[ACCUSED], s.at[BROKE], s.at[UNTIL], s.at[CHANGED] = 1, -1, AGES, -1, 1
    s.paid[:, FACTOR] = 1.0
    for k in range(N):
        s.on[k] = p.measures[k].done and p.measures[k].owner >= 0
    return s


@inlined
def take_effect(p: Stage, s: State, t: int, moves: bool, rng: np.random.Generator, out: Told, r: int) -> None:
    """What comes into force and what is undone in this period."""
    if moves or not s.at[GOING]:
        keep_dates(p, s, t, out, r)
    if t <= s.at[UNTIL]:
        for k in range(len(p.measures)):
            if s.again[k] == t and t < s.stop[p.measures[k].owner]:
                comes(p, s, t, k, out, r)
        undo(p, s, t, rng, out, r)


@part
def keep_dates(p: Stage, s: State, t: int, out: Told, r: int) -> None:
    """What is put off and what comes; after a break, what those who still perform have under way."""
    going = s.at[GOING] == 1
    m = s.at[M] if going else s.at[M] + t - s.at[BROKE]
    while s.at[NEXT] < len(p.dates) and p.dates[s.at[NEXT]].period <= m:
        date = p.dates[s.at[NEXT]]
        k, step = date.step, p.steps[date.step]
        s.at[NEXT] += 1
        if date.period < m or s.false[k] or s.on[k]:
            continue
        if step.c > m:
            if going:
                note(out, r, t, PUT_OFF, p.measures[k].owner, k)
        elif t < s.stop[p.measures[k].owner]:
            comes(p, s, t, k, out, r)
            if out.runs[r].breaks == 0:
                out.runs[r].late = max(out.runs[r].late, t - p.measures[k].agreed)


@part
def comes(p: Stage, s: State, t: int, k: int, out: Told, r: int) -> None:
    """A measure comes into force, or back."""
    if not s.false[k] and not s.on[k]:
        s.on[k], s.off[k], s.at[CHANGED] = True, AGES, 1
        note(out, r, t, COMES, p.measures[k].owner, k)


@shared
def undo(p: Stage, s: State, t: int, rng: np.random.Generator, out: Told, r: int) -> None:
    """What is no longer in force, and what those who stop begin to undo."""
    at = s.at[M] if s.at[GOING] else min(s.at[M] + t - s.at[BROKE], p.undone.shape[1] - 1)
    for k in range(len(p.measures)):
        i = p.measures[k].owner
        stops = i >= 0 and s.on[k] and not s.at[GOING] and s.stop[i] == t and s.off[k] == AGES
        undoes = stops and p.undone[s.at[REGIME], at, k] and not replaced(p, s, k)
        if undoes and rng.random() < p.steps[k].undo_chance:
            goes(p, s, k, t)
        if s.on[k] and s.off[k] <= t:
            s.on[k], s.at[CHANGED] = False, 1
            note(out, r, t, UNDONE, i, k)
            old = p.measures[k].replaces
            while old >= 0:
                s.on[old] = False
                old = p.measures[old].replaces


@part
def goes(p: Stage, s: State, k: int, t: int) -> None:
    """A measure begins to be undone."""
    s.off[k] = t + p.steps[k].undo_takes
    s.at[UNTIL] = max(s.at[UNTIL], s.off[k])


@part
def replaced(p: Stage, s: State, k: int) -> bool:
    """Whether another measure has taken the place of ``k``."""
    found = False
    for new in range(len(p.measures)):
        found = found or (p.measures[new].replaces == k and s.on[new])
    return found


@inlined
def resumes(p: Stage, s: State, t: int, rng: np.random.Generator) -> bool:
    """Whether the road map is taken up again: talks begin once all have stopped, and nobody would leave at once."""
    if p.rates[TALKS] <= 0 or rng.random() >= p.rates[TALKS]:
        return False
    willing = True
    for i in range(len(p.players)):
        now = p.moments[s.at[REGIME], s.at[M], i]
        willing = willing and t > s.stop[i] and not now.leaves and not now.distrusts
    return willing


@part
def take_up(p: Stage, s: State, t: int) -> None:
    """Go on where the road map was left, after what is no longer in force has been done again."""
    longest = 0
    for k in range(len(p.measures)):
        s.off[k], s.false[k] = AGES, False
        if p.measures[k].owner >= 0 and p.steps[k].c < s.at[M] and not s.on[k] and not replaced(p, s, k):
            s.again[k] = t + p.steps[k].takes
            longest = max(longest, p.steps[k].takes)
    for i in range(len(p.players)):
        s.stop[i] = s.cheats[i, SINCE] = AGES
    s.at[GOING], s.at[HOLDUP], s.at[UNTIL], s.at[CHEATERS] = 1, longest, t + longest, 0
    while s.at[NEXT] > 0 and p.dates[s.at[NEXT] - 1].period >= s.at[M]:
        s.at[NEXT] -= 1


@part
def record(p: Stage, s: State, t: int, atoms: Atoms, out: Told, r: int) -> None:
    """Shares in force, and goals reached."""
    changed = s.at[CHANGED] == 1
    if changed:
        count(p, s, t, out.shares)
    for goal in range(len(atoms.first) - 1):
        wanting = out.goals[r, goal] == AGES
        if wanting and t > atoms.due[goal]:
            out.late[r, goal] = True
        if (wanting and (changed or t <= max(atoms.due[goal], atoms.until[goal] + 1))) or t <= atoms.until[goal]:
            reached = True
            for a in range(atoms.first[goal], atoms.first[goal + 1]):
                if not there(p, s, t, atoms, a):
                    reached = False
                    if atoms.kind[a] == 2 or (wanting and t == atoms.time[a]):
                        out.late[r, goal] = True
            if wanting and reached:
                out.goals[r, goal] = t


@part
def count(p: Stage, s: State, t: int, shares: Ints) -> None:
    """How much of each group is in force."""
    s.at[CHANGED] = 0
    for g in range(len(s.share)):
        s.share[g] = 0.0
    for pair in range(len(p.members)):
        s.on[p.members[pair, 0]] = True
    for pair in range(len(p.members)):
        s.on[p.members[pair, 0]] &= s.on[p.members[pair, 1]]
    for n in range(len(p.parts)):
        if s.on[p.parts[n].member]:
            s.share[p.parts[n].group] += p.parts[n].size
    for g in range(len(s.share)):
        s.share[g] /= p.total[g]
        if t:
            shares[g, t, s.bins[g]] -= 1
        s.bins[g] = round(min(max(s.share[g], 0.0), 1.0) * (shares.shape[2] - 1))
        shares[g, t, s.bins[g]] += 1
        s.high[g] = max(s.high[g], s.share[g]) if t else s.share[g]


@inner
def there(p: Stage, s: State, t: int, atoms: Atoms, a: int) -> bool:
    """Whether what an atom asks is there."""
    of, share = atoms.of[a], atoms.share[a]
    if atoms.kind[a] == 0:
        return bool(s.on[of] and not p.steps[of].partial)
    if atoms.kind[a] == 1:
        return bool(s.share[of] >= share - 1e-9)
    return bool(t > atoms.time[a] or s.high[of] <= share + 1e-9)
