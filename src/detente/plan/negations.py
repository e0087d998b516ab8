"""The opposite of a clause as rows of the planner: what a road map must be like to break it (model §9).

Shares are compared half-way to the next share that the group can have, so that no tolerance of the solver blurs them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import gcd, lcm

from detente.case.clauses import (
    AllBeforeAny,
    Before,
    ByTime,
    Never,
    NotBefore,
    ShareAtLeast,
    ShareAtMost,
    Term,
)
from detente.plan.clause_rows import ClauseRows
from detente.plan.linear import Linear, total
from detente.plan.schedule_rows import Schedule
from detente.plan.solver import Row

MOST_SUMS = 50_000
"""Different sums of a group's weights worked out at most; beyond that, their common divisor parts shares."""


def negation(schedule: Schedule, clauses: ClauseRows, term: Term) -> Iterator[Row]:
    """Rows that hold iff the clause does not; clauses on a value are no matter of rows."""
    x, st = schedule.x, schedule.stakes
    k = st.measure_index
    match term:
        case ByTime(name, t):
            yield x(k[name], t).at_most(0.0)
        case NotBefore(name, t):
            yield x(k[name], t + int(st.takes[k[name]]) - 1).at_least(1.0)
        case Never(name):
            yield x(k[name], schedule.periods - 1).at_least(1.0)
        case Before(first, then, wait):
            yield from _too_early(schedule, [k[first]], [k[then]], wait)
        case AllBeforeAny(g, h):
            groups = st.case.groups
            first_of, then_of = ([k[m] for m in groups[name].members] for name in (g, h))
            yield from _too_early(schedule, first_of, then_of, 1)
        case ShareAtLeast(g, p, t):
            yield clauses.share(g, t).at_most(between(_weights(schedule, g), Fraction(p), below=True))
        case ShareAtMost(g, p, t):
            yield clauses.share(g, t).at_least(between(_weights(schedule, g), Fraction(p), below=False))
        case _:
            raise ValueError(f"no rows negate {term}")


def _too_early(schedule: Schedule, first: Sequence[int], then: Sequence[int], wait: int) -> Iterator[Row]:
    """Some of ``then`` starts before all of ``first`` have been in force for ``wait`` periods, or without them."""
    chosen: list[Linear] = []
    for y in then:
        begin = max(int(schedule.earliest[y]), -1)
        for t in range(begin, schedule.periods):
            comes = Linear({}, 1.0) if t < 0 else schedule.comes(y, t)
            if not comes.terms and comes.constant < 0.5:
                continue
            seen = -1 - wait if t < 0 else t - int(schedule.stakes.takes[y]) - wait
            pick = Linear({schedule.model.variable(0.0, 1.0, integer=True): 1.0})
            chosen.append(pick)
            yield comes.add(pick, -1.0).at_least(0.0)
            yield total([schedule.x(g, seen) for g in first]).add(pick).at_most(float(len(first)))
            if t < 0:
                break
    yield total(chosen).at_least(1.0)


def _weights(schedule: Schedule, group: str) -> list[Fraction]:
    g = schedule.stakes.case.groups[group]
    return [Fraction(g.weights.get(k, 1)) for k in g.members]


def between(weights: Sequence[Fraction], share: Fraction, *, below: bool) -> float:
    """Half-way between a share and the next one below (or above) it that the weights can sum up to.

    Outside of what sums can be where there is none: a row with it cannot be met.
    """
    unit = lcm(*(w.denominator for w in weights))
    whole = [int(w * unit) for w in weights]
    everything = sum(whole)
    line = share * everything
    sums = _sums(whole)
    if sums is not None:
        beyond = [s for s in sums if (s < line if below else s > line)]
        outside = -1 if below else everything + 1
        near = max(beyond, default=outside) if below else min(beyond, default=outside)
    else:
        step = gcd(*whole) or 1
        near = (-(-line // step) - 1) * step if below else (line // step + 1) * step
    return float((near + line) / 2 / everything) if everything else float(share)


def _sums(whole: Sequence[int]) -> set[int] | None:
    """Every sum of some of the numbers; None if they are too many."""
    sums = {0}
    for w in whole:
        sums |= {s + w for s in sums}
        if len(sums) > MOST_SUMS:
            return None
    return sums
