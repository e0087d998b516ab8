"""The stage of :class:`Closest`: the least cost of differing from what somebody has in mind."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

import numpy as np

from detente.case.clauses import evaluate, term_of
from detente.case.stakes import Bools
from detente.plan.aims import Closest
from detente.plan.linear import Linear
from detente.plan.schedule_rows import Schedule
from detente.plan.scout import Sighting
from detente.plan.search import Search
from detente.plan.solver import Row
from detente.plan.stage import Stage


def closest(search: Search, aim: Closest, worth: Callable[[Sighting], Callable[[str], Fraction]]) -> Stage:
    """Maximise less the cost; of a road map that is not allowed the value is minus infinity.

    ``worth`` gives each party's continuation value in period 0 on a road map that was looked at.
    """
    schedule, case = search.schedule, search.stakes.case
    costs = (aim.broken, *aim.worst)
    terms = {c.id: term_of(c, case) for c in case.clauses if any(each.get(c.id, 0.0) > 0 for each in costs)}
    off: dict[str, Linear] = {}
    objective = Linear()
    rows: list[Row] = []
    for k in schedule.free:
        rows += _only(schedule, k, np.isfinite(aim.costs[k]))
        cost = np.where(np.isfinite(aim.costs[k]), aim.costs[k], 0.0)
        # by_completion counts from -1 on, and for what does not come it says 0
        objective.add(schedule.by_completion(k, np.append(cost[-1] - cost[:1], cost[-1] - cost[:-1])))
        objective.add(Linear({}, -float(cost[-1])))
    for some in aim.one_of:
        there = Linear()
        for k in some:
            there.add(schedule.x(k, schedule.periods - 1))
        rows.append(there.at_least(1.0))
    for clause in case.clauses:
        if clause.id in terms and math.isinf(aim.broken.get(clause.id, 0.0)):
            rows += search.clauses.rows(clause)
        elif clause.id in terms:
            off[clause.id], more = search.clauses.broken(clause)
            objective.add(off[clause.id], -aim.broken.get(clause.id, 0.0))
            rows += more
    rows += _worst(search, aim, objective, off)

    def value(s: Sighting) -> float:
        held = worth(s)
        broken = [id for id, x in terms.items() if not evaluate(x, case, s.road_map.starts, held)[0]]
        each, *worst = (sum(of.get(id, 0.0) for id in broken) for of in costs)
        return -aim.at(schedule.free, s.c) - each - max(worst, default=0.0)

    return Stage("closest", objective, rows, value, gap=aim.gap)


def _worst(search: Search, aim: Closest, objective: Linear, off: Mapping[str, Linear]) -> Iterator[Row]:
    """Rows by which what is taken from the objective is no less than any of the sums in ``worst``."""
    if not aim.worst:
        return
    most = search.model.variable(0.0, max(sum(costs.values()) for costs in aim.worst))
    objective.plus(most, -1.0)
    for costs in aim.worst:
        above = Linear({most: 1.0})
        for id, cost in costs.items():
            if id in off:
                above.add(off[id], -cost)
        yield above.at_least(0.0)


def _only(schedule: Schedule, k: int, allowed: Bools) -> Iterator[Row]:
    """Rows by which a measure comes into force only in periods that are ``allowed`` (T+1,), last: not at all."""
    for t in np.flatnonzero(~allowed[:-1]):
        row = schedule.comes(k, int(t)).at_most(0.0)
        if row.terms:
            yield row
    if not allowed[-1]:
        yield schedule.x(k, schedule.periods - 1).at_least(1.0)
