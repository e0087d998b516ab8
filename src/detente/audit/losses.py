"""What a breach takes from the others (model §4), also from a covert one until it is found."""

from __future__ import annotations

from detente.audit.exact import Cheat, ExactRoadMap
from detente.audit.exact.aftermath import World
from detente.audit.exact.ledger import Ledger
from detente.audit.exact.terms import NEVER


def of_walking(rm: ExactRoadMap, i: int, t: int) -> dict[int, float]:
    """V_j(t) - S_ji(t) for every other party."""
    return {j: float(rm.V(j, t) - rm.S(j, i, t)) for j in range(rm.terms.P) if j != i}


def of_cheating(rm: ExactRoadMap, i: int, cheat: Cheat) -> dict[int, float]:
    """What each other party must expect to lose by a cheat that goes on, walks out and is found as suits ``i`` best.

    Others truly get nothing from what is faked or has been undone, whatever they believe.
    """
    return {j: float(rm.V(j, cheat.begin)) - _value(rm, i, j, cheat) for j in range(rm.terms.P) if j != i}


def _value(rm: ExactRoadMap, i: int, j: int, cheat: Cheat) -> float:
    cheating, ledger = rm.cheating(i), rm.exact.ledgers[j]
    steps, walks = list(cheating.steps(cheat)), rm.outcome(i, cheat).walks
    total, still = 0.0, 1.0
    for step in steps:
        h = float(step.found)
        pay = _true_pay(rm, ledger, cheat, step.t)
        if h:
            found = cheating.leaving.exit(step.t + 1, True, cheat).world
            pay += h * (rm.aftermath.value(ledger, found) / ledger.unit)
        if step is steps[-1] and walks is None:
            total += still * pay / (1 - (1 - h) * float(ledger.discount))
            break
        total += still * pay
        still *= 1 - h
        if walks == step.t + 1:
            world = cheating.leaving.exit(walks, False, cheat).world
            total += still * (rm.aftermath.value(ledger, world) / ledger.unit)
            break
    return total / float(ledger.discount) ** cheat.begin


def _true_pay(rm: ExactRoadMap, ledger: Ledger, cheat: Cheat, t: int) -> float:
    """What the party of the ledger truly gets in ``t`` while the cheat goes on, in period-0 money."""
    never = (NEVER,) * rm.terms.P
    pay = rm.aftermath.value(ledger, World(t, never)) - rm.aftermath.value(ledger, World(t + 1, never))
    for k in cheat.all:
        flow = ledger.flow[k][t] - ledger.flow[k][t + 1] if k in ledger.flow else 0
        if k in cheat.undoes:
            if t >= cheat.begin + (rm.terms.terms[k].undo_takes or 0) and k in ledger.flow:
                pay -= ledger.lost[k][t] - ledger.lost[k][t + 1]
            continue
        force, start = rm.course.force[k], rm.course.start[k]
        if max(cheat.begin, start) <= t < min(rm.course.finish[k], rm.terms.T):
            pay -= ledger.during.get(k, 0) * ledger.at[t]
        pay -= flow * (t >= force) + ledger.once.get(k, 0) * ledger.at[t] * (t == force)
    return (pay - _untrue_milestones(rm, ledger, cheat, t)) / ledger.unit


def _untrue_milestones(rm: ExactRoadMap, ledger: Ledger, cheat: Cheat, t: int) -> int:
    """What milestones that are believed in, but are not truly in force, would have paid in ``t``."""
    total = 0
    for m in rm.terms.milestones:
        members, force = cheat.all.intersection(rm.terms.terms[m].members), rm.course.force[m]
        gone = [-1 if k in cheat.fakes else cheat.begin + (rm.terms.terms[k].undo_takes or 0) for k in members]
        if not gone or t < force or t < min(gone):
            continue
        total += ledger.flow[m][t] - ledger.flow[m][t + 1] if m in ledger.flow else 0
        total += ledger.once.get(m, 0) * ledger.at[t] * (t == force)
    return total
