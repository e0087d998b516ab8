"""What a cheat keeps from everybody, the cheater too: runs count what truly is, values of a road map what is believed.

A measure that is pretended never pays; one that is secretly undone no longer does once it is gone, but for what
outlasts that. Numbers are those under the governments with which the case began.
"""

from __future__ import annotations

from detente.case.stakes import NEVER
from detente.incentives.many.compiled import part
from detente.incentives.many.frame import World
from detente.incentives.many.tables import flow_at
from detente.worlds.runs.in_force import REGIME, SINCE, M, State
from detente.worlds.runs.stage import Stage


@part
def missing(w: World, s: State, j: int, moves: bool) -> float:
    """What this period pays party ``j`` less than is believed; ``moves``: steps come in it."""
    m, total = s.at[M], 0.0
    for k in range(len(w.measures)):
        if not s.false[k] or s.on[k]:
            continue
        one = w.measures[k]
        pretended = one.c >= s.cheats[one.owner, SINCE]
        if moves and pretended and one.c - one.takes <= m < one.c:
            total += w.values[j, k].during
        if one.c < m + moves:
            total += flow_at(w, j, k, m) * (1.0 if pretended else 1 - one.residual)
            total += w.values[j, k].once if one.c == m else 0.0
    return total + milestones_missing(w, s, j, m, moves)


@part
def milestones_missing(w: World, s: State, j: int, m: int, moves: bool) -> float:
    """The same of milestones: who keeps a member from them still has what others, in belief, give it for them."""
    total = 0.0
    for x in range(len(w.milestones)):
        k, gone, own = w.milestones[x].measure, False, False
        for n in range(w.milestones[x].members, w.milestones[x].members_end):
            member = w.lists[n]
            if s.false[member] and not s.on[member]:
                gone, own = True, own or w.measures[member].owner == j
        if gone and w.measures[k].c < m + moves:
            flow, once = flow_at(w, j, k, m), w.values[j, k].once if w.measures[k].c == m else 0.0
            total += min(flow, 0.0) + min(once, 0.0) if own else flow + once
    return total


@part
def missing_after(w: World, p: Stage, s: State, j: int, k: int, t: int, m: int, stop: int) -> float:
    """What measure ``k``, cheated on, pays party ``j`` less than is believed from period ``m`` of the road map on.

    That is ``t`` by the calendar; its owner stops ``stop`` periods later (``NEVER``: it does not).
    """
    one, delta = w.measures[k], p.players[j].discount
    if one.c >= m + stop:
        return 0.0
    pretended = one.c >= s.cheats[one.owner, SINCE]
    undone = stop < NEVER and p.undone[s.at[REGIME], min(m + stop, w.periods), k]
    gone = m if pretended or not s.on[k] else m + s.off[k] - t
    until = m + stop + one.undo_takes if undone else NEVER
    lasts, rest = 1 - one.undo_chance * (1 - one.residual), 0.0 if pretended else one.residual
    total, weight, end = 0.0, 1.0, max(w.periods, gone, until if undone else m)
    for x in range(m, end + 1):
        if x == end:
            weight /= 1 - delta
        if x >= one.c:
            believed, true = 1.0 if x < until else lasts, 1.0 if x < gone else rest
            total += weight * (believed - true) * flow_at(w, j, k, x)
        if x == one.c and pretended:
            total += weight * w.values[j, k].once
        weight *= delta
    if undone and one.owner == j:
        total -= delta**stop * one.undo_cost
    return total
