"""What a run truly pays everybody, period by period, while the road map stands.

As long as nobody cheats, that is what everybody reckons with. What is pretended, or secretly undone, pays nobody; a
cheater goes on being paid for milestones that the others believe in. What a declaration leaves out costs those who are
deceived its price.
"""

from __future__ import annotations

from detente.incentives.many.cheat import FAKED, member_gone
from detente.incentives.many.compiled import inner, part
from detente.incentives.many.frame import FOUND, STAYS, World
from detente.incentives.many.milestones import Breach, gap
from detente.incentives.many.tables import flow_at
from detente.worlds.runs.in_force import CHEATERS, ON_A, ON_B, REGIME, SINCE, M, State
from detente.worlds.runs.stage import AGES, Stage


@part
def pays(w: World, p: Stage, s: State, j: int, t: int, moves: bool) -> float:
    """What period ``t`` pays party ``j``, in which the road map goes on (``moves``) or stands still."""
    now = p.moments[s.at[REGIME], s.at[M], j]
    value = now.pays if moves else now.stands
    for d in range(len(p.deceits)):
        c = p.steps[p.deceits[d]].c
        if c < s.at[M] or (moves and c == s.at[M]):
            value -= p.price[d, j]
    return value - lost(w, s, j, t, 0, moves) if s.at[CHEATERS] else value


@part
def lost(w: World, s: State, j: int, t: int, later: int, moves: bool) -> float:
    """What ``j`` gets less (below 0: more) than all believe for the cheats that go on, as of ``t``, so many periods
    later."""
    m, value = s.at[M] + later, 0.0
    for i in range(len(w.parties)):
        if s.cheats[i, SINCE] < AGES:
            for n in (ON_A, ON_B):
                k = s.cheats[i, n]
                if k >= 0:
                    value += missing(w, j, k, m, gone_from(w, s, i, k, s.at[M] - t), moves)
    for x in range(len(w.milestones)):
        value += missing_whole(w, s, j, x, s.at[M] - t, m, moves)
    return value


@inner
def gone_from(w: World, s: State, i: int, k: int, ahead: int) -> int:
    """From which period of the road map on ``k`` is truly gone by the cheat of ``i``; ``ahead``: of the calendar."""
    return FAKED if w.measures[k].c >= s.cheats[i, SINCE] else max(s.off[k] + ahead, 0)


@part
def gone_whole(w: World, s: State, i: int, x: int, ahead: int) -> int:
    """The same of milestone ``x``; ``STAYS``: it is not."""
    a, b = s.cheats[i, ON_A], s.cheats[i, ON_B]
    if s.cheats[i, SINCE] == AGES:
        return STAYS
    gone_b = gone_from(w, s, i, b, ahead) if b >= 0 else STAYS
    return member_gone(w, x, a, gone_from(w, s, i, a, ahead), b, gone_b)


@part
def missing(w: World, j: int, k: int, m: int, gone: int, moves: bool) -> float:
    """What ``j`` does not get in period ``m`` of the road map of a measure that is gone from ``gone`` on."""
    of = w.measures[k]
    if gone != FAKED:
        return (1 - of.residual) * flow_at(w, j, k, m) if m >= gone else 0.0
    if m > of.c:
        return flow_at(w, j, k, m)
    if not moves:
        return 0.0
    if m == of.c:
        return flow_at(w, j, k, m) + w.values[j, k].once
    return w.values[j, k].during if m >= of.c - of.takes else 0.0


@part
def missing_whole(w: World, s: State, j: int, x: int, ahead: int, m: int, moves: bool) -> float:
    """The same of a milestone. Who cheats on a member only saves what it would cost: it is believed in (model §5)."""
    k = w.milestones[x].measure
    c = w.measures[k].c
    if c >= w.periods or m < c or (m == c and not moves):
        return 0.0
    own = others = STAYS
    for i in range(len(w.parties)):
        gone = gone_whole(w, s, i, x, ahead)
        if i == j:
            own = gone
        else:
            others = min(others, gone)
    flow, once = flow_at(w, j, k, m), w.values[j, k].once if m == c else 0.0
    if others <= m:
        return flow + once
    return min(flow, 0.0) + min(once, 0.0) if own <= m else 0.0


@part
def for_ever(w: World, p: Stage, s: State, j: int, t: int) -> float:
    """Worth to ``j`` from ``t`` on of the road map with the cheats that go on then and are never found, less what all
    believe."""
    last, delta = len(p.moments[0]) - 1 - s.at[M], p.players[j].discount
    for k in range(len(s.off)):
        if s.false[k] and s.off[k] < AGES:
            last = max(last, s.off[k] - t)
    value = -lost(w, s, j, t, last, True) / (1 - delta)
    for later in range(last - 1, -1, -1):
        value = delta * value - lost(w, s, j, t, later, True)
    return value


@part
def deceived(p: Stage, j: int, m: int) -> float:
    """What declarations that leave something out cost ``j`` from period ``m`` of the road map on, if all go on."""
    value, delta = 0.0, p.players[j].discount
    for d in range(len(p.deceits)):
        c = p.steps[p.deceits[d]].c
        if c < len(p.moments[0]) - 1:
            value += p.price[d, j] * delta ** max(c - m, 0) / (1 - delta)
    return value


@part
def deceived_after(w: World, p: Stage, s: State, j: int, t: int, e: Breach) -> float:
    """The same once the road map has ended in period ``t`` of it; undoing what has been declared ends it, and so does
    finding that it was not done."""
    value, delta = 0.0, p.players[j].discount
    for d in range(len(p.deceits)):
        k = p.deceits[d]
        of, step = p.measures[k], p.steps[k]
        stop, first = t + gap(w, e, of.owner), max(step.c, t)
        seen = e.how == FOUND and of.owner == e.by and s.false[k]
        if p.price[d, j] <= 0 or seen or step.c >= min(stop, w.periods):
            continue
        share = delta ** (first - t)
        if p.undone[s.at[REGIME], min(stop, w.periods), k] and not s.false[k] and not replaced_by(w, k, stop):
            sheds = step.undo_chance * (1 - w.measures[k].residual)
            share -= sheds * delta ** (max(stop + step.undo_takes, first) - t)
        value += p.price[d, j] * share / (1 - delta)
    return value


@part
def replaced_by(w: World, k: int, t: int) -> bool:
    """Whether another measure takes the place of ``k`` before ``t``."""
    found = False
    for new in range(len(w.measures)):
        found = found or (w.measures[new].replaces == k and w.measures[new].c < t)
    return found
