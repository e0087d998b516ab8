"""What runs are played on and what is told of them, as compiled code sees it: one record for each party, step and
period of a world."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, cast

import numpy as np

from detente.case.stakes import NEVER, Bools, Floats, Ints
from detente.incentives.many.compiled import part, shared
from detente.incentives.many.frame import Records


def numbered(n: int, first: int = 0) -> Iterator[int]:
    """Whole numbers for compiled code, which would be compiled anew for each plain one."""
    return (cast(int, np.int64(x)) for x in range(first, first + n))


KEPT, WALKED, CAUGHT, BLAMED, STOPPED, DISTRUST, UNFOUND = numbered(7)
"""How a road map ends: it stands; somebody leaves openly; a cheat is found; a false alarm is believed; an incident
stops it; somebody trusts too little; it stands, and a cheat is never found."""
PUT_OFF, CHEATS, ALARMED, CLEARED, ENDS, HAPPENS, UNDONE, RESUMES, COMES = numbered(9)
"""What is noted: a party puts off a step that is due; begins to cheat; is suspected; is cleared; the road map ends; an
incident happens; a measure is undone; the road map is taken up again; a measure is in force."""
NOTES = 192
"""Most events noted of a run."""
BINS = 200
"""Shares are counted in steps of half a per cent."""
(AGES,) = numbered(1, NEVER)

MOMENT = np.dtype(
    [
        ("leaves", "?"),  # whether a party leaves here if it is still here
        ("distrusts", "?"),  # whether it leaves for want of trust
        ("a", "i8"), ("b", "i8"),  # on what it then cheats; -1: nothing, it walks out
        ("needed", "f8"),  # the least chance that nobody leaves now at which it goes on
        ("kept", "f8"), ("walk", "f8"),  # worth of going on, of walking out
        ("found", "f8"),  # worth of having been found out, the exit cost apart
        ("over", "f8"),  # what it has when everybody stops
        ("exposure", "f8"),
        ("pays", "f8"), ("stands", "f8"),  # what a period pays: of the road map; in which it stands still
    ]
)  # fmt: skip
PLAYER = np.dtype(
    [("plays", "?"), ("reserve", "f8"), ("discount", "f8"), ("exit_cost", "f8"), ("lag", "i8")]
)  # reserve: what no deal is worth; a bystander does not play
STEP = np.dtype(
    [
        ("due", "i8"), ("starts", "i8"),  # in which period of the road map; apart where its party puts it off
        ("c", "i8"),  # from when on it is in force; NEVER: it is not done
        ("takes", "i8"), ("undo_takes", "i8"), ("undo_chance", "f8"),
        ("partial", "?"),  # it leaves something out; of a milestone, one of its members does
    ]
)  # fmt: skip
DATE = np.dtype([("period", "i8"), ("step", "i8")])
MEASURE = np.dtype([("owner", "i8"), ("done", "?"), ("replaces", "i8"), ("agreed", "i8")])
"""owner -1: a milestone; replaces -1: nothing; agreed: from when on it is in force as agreed."""
PART = np.dtype([("group", "i8"), ("member", "i8"), ("size", "f8")])


class Stage(NamedTuple):
    """``n`` worlds of one kind (or, without the first axis of what differs between worlds, one world). R regimes, T
    periods of the road map (the last entry stands for ever), P parties, N measures, G groups."""

    moments: Records
    """(n, R, T+1, P)"""
    stirs: Bools
    """(n, R, T+1) whether there is a party that leaves"""
    behind: Floats
    """(n, R, T+1, P, P) what a party (first) has when another (second) leaves openly"""
    undone: Bools
    """(n, R, T+1, N) whether its owner undoes a measure when it stops"""
    watch: Bools
    """(n, T+1, N) whether a measure in force is inspected"""
    eyes: Ints
    """(n, T+1) how many are"""
    dates: Records
    """(n, E) the dates of the road map, the first of them first: when steps come, and when they are put off"""
    players: Records
    """(n, P)"""
    steps: Records
    """(n, N)"""
    rates: Floats
    """(n, rate) see :class:`~detente.worlds.runs.conduct.Rates`"""
    total: Floats
    """(n, G) the size of each group, with what is hidden"""
    begin: Ints
    """(R,) from when on, by the calendar, each regime holds"""
    measures: Records
    """(N,)"""
    members: Ints
    """(pairs, 2) milestones, each with one of its members"""
    parts: Records
    """What each member counts in its group."""
    deceits: Ints
    """(D,) declarations that leave something out"""
    price: Floats
    """(n, D, P) what that costs each party a period"""


@shared
def one(x: Stage, n: int) -> Stage:
    """World ``n`` of many."""
    return Stage(
        x.moments[n], x.stirs[n], x.behind[n], x.undone[n], x.watch[n], x.eyes[n], x.dates[n], x.players[n], x.steps[n],
        x.rates[n], x.total[n], x.begin, x.measures, x.members, x.parts, x.deceits,
        x.price[n],
    )  # fmt: skip


RUN = np.dtype(
    [
        ("how", "i8"), ("who", "i8"),  # how it first ended, and by whom; -1: nobody
        ("a", "i8"), ("b", "i8"),  # the measures cheated on, -1: none
        ("when", "i8"), ("where", "i8"),  # in which period of the calendar, and of the road map; NEVER: it did not
        ("begun", "i8"),  # since when, by the calendar, a cheat that was found or never found had been going on
        ("late", "i8"),  # by how many periods the step was late that was latest before it first ended
        ("still", "i8"),  # periods before in which the road map stood still
        ("breaks", "i8"),  # how often it broke
        ("stands", "?"),  # whether it stands at the end
        ("noted", "i8"),
    ]
)  # fmt: skip
OUTCOME = np.dtype([("gain", "f8"), ("cost", "f8"), ("exposed", "f8")])
"""What a run brought a party over no deal, what follows the first break counted as being for good; what that break was
worth to it less going on, counted from when it comes, or, if a cheat is found, from when that began; its exposure when
it comes."""
NOTE = np.dtype([("t", "i8"), ("kind", "i8"), ("party", "i8"), ("of", "i8")])


class Told(NamedTuple):
    """What came of r runs; H periods of the calendar and one for ever after."""

    runs: Records
    """(r,)"""
    outcomes: Records
    """(r, P)"""
    goals: Ints
    """(r, goals) when each was first reached, ``NEVER``: it was not"""
    late: Bools
    """(r, goals) whether something that it asks for was not there at its date, or there was too much of it before"""
    shares: Ints
    """(G, H+1, BINS+1) runs by share of each group in force: how many more than in the period before"""
    notes: Records
    """(runs of which notes are kept, NOTES)"""


def empty(r: int, H: int, P: int, goals: int, G: int, noted: int) -> Told:
    """Room for the answers of ``r`` runs, and for notes on the first of them."""
    runs = np.zeros(r, dtype=RUN)
    for name in ("who", "a", "b", "begun"):
        runs[name] = -1
    runs["when"] = runs["where"] = AGES
    return Told(
        runs,
        np.zeros((r, P), dtype=OUTCOME),
        np.full((r, goals), int(AGES)),
        np.zeros((r, goals), dtype=np.bool_),
        np.zeros((G, H + 1, BINS + 1), dtype=np.int64),
        np.zeros((noted, NOTES), dtype=NOTE),
    )


@part
def note(out: Told, r: int, t: int, kind: int, i: int, k: int) -> None:
    """Note an event."""
    at = out.runs[r].noted
    if r < out.notes.shape[0] and at < out.notes.shape[1]:
        entry = out.notes[r, at]
        entry.t, entry.kind, entry.party, entry.of = t, kind, i, k
        out.runs[r].noted = at + 1


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
    time: Ints
    """(atoms,) by when it has to be there; until when it has to stay at most so much"""
    due: Ints
    """(goals,) by when the last of them has to be there"""
    until: Ints
    """(goals,) until when any of them has to stay at most so much; -1: none"""
