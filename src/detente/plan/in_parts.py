"""What errors leave if measures could be done in part: a bound, a proof that nothing is left, and rows for the search.

A linear program is solved; where its answer falls short within the budget of errors, rows that hold at the worst points
are added, and it is solved again. All that a party gains by staying is linear in the road map, milestones apart, so the
worst points of an answer in parts are found by sorting, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from detente.case.stakes import NEVER, Floats
from detente.incentives.budget.points import Point, worst_point
from detente.incentives.budget.rows import Rows, sticks_against
from detente.incentives.budget.staying import no_deal
from detente.incentives.tables import kept_terms, owner_lags, stopped_terms
from detente.plan.scout import Temptation
from detente.plan.search import Search
from detente.plan.solver import Limits, Model, Row, Status, maximise
from detente.plan.stage import Budget

WHOLE = 1e-7
"""A part of a measure below this counts as none."""
CLEARLY = 1e-6
"""What falls short by less, in a party's scale, does not count."""
POINTS = 3
"""Points of one party told of one answer, worst first."""


@dataclass(frozen=True)
class InParts:
    """What came of it: ``bound`` on the least relative margin; ``none``: proved that nothing is left."""

    bound: float
    none: bool
    rounds: int


def in_parts(search: Search, rows: Sequence[Row], budget: Budget) -> InParts:
    """Add rows to a search within a budget of errors until its answer in parts stands all points, or there is none.

    ``rows``: what is asked of the road map besides (floors).
    """
    bound, rounds = search.most, 0
    while not budget.spent():
        every = search.model
        model = Model(every.low, every.high, [], [*every.rows, *rows])
        limits = Limits(budget.deadline, stop=budget.stop)
        answer = maximise(model, {search.z: 1.0}, limits=limits)
        budget.used += 1
        if answer.status is Status.INFEASIBLE:
            again = maximise(model, {search.z: 1.0}, limits=limits, presolve=False)
            return InParts(bound, again.status is Status.INFEASIBLE, rounds)
        if answer.status is not Status.OPTIMAL or answer.x is None:
            break
        bound, rounds = min(bound, answer.bound), rounds + 1
        if not _learn(search, answer.x):
            break
    return InParts(bound, False, rounds)


def _learn(search: Search, x: Floats) -> int:
    """Add rows at the points at which an answer in parts falls short; how many points."""
    guard, added = search.guard, 0
    if guard is None:
        return 0
    parts = _Parts(search, guard.rows, x)
    for i in range(len(search.stakes.parties)):
        for point in parts.points(i, float(x[search.z])):
            found = search.rules.learn(Temptation(i, 0, None, 0.0, point=point), parts.c[:, 0])
            if found is not None:
                search.model.rows += found
                added += 1
    return added


class _Parts:
    """An answer in parts: up to ``m`` completion periods of each measure, with the part that comes in each."""

    def __init__(self, search: Search, errors: Rows, x: Floats) -> None:
        self.search, self.errors = search, errors
        st, schedule = search.stakes, search.schedule
        N, T = len(st.measures), st.periods
        parts = np.zeros((N, T))
        for (k, t), column in schedule.column.items():
            parts[k, t] = x[column]
        parts = np.diff(parts, axis=1, prepend=0.0)
        parts[st.milestone] = 0.0
        m = max(1, int((parts > WHOLE).sum(axis=1).max(initial=1)))
        order = np.argsort(-parts, axis=1)[:, :m]
        self.weight = np.take_along_axis(parts, order, axis=1)
        self.c = np.where(self.weight > WHOLE, order, NEVER)
        done = st.done & (st.owner >= 0)
        self.c[done, 0], self.weight[done, 0] = -1, 1.0
        self.kept = self._summed(kept_terms(errors.tb, self.c))
        self.at_once = self._summed(stopped_terms(errors.tb, self.c, np.zeros(N, dtype=np.int64)))
        self.later = self._summed(stopped_terms(errors.tb, self.c, owner_lags(st)))

    def _summed(self, terms: Floats) -> Floats:
        """(R, N, m, T+1) to (R, N, T+1)"""
        result: Floats = (terms * self.weight[None, :, :, None]).sum(axis=2)
        return result

    def points(self, i: int, level: float) -> Iterator[Point]:
        """The worst points of what party i gains by staying in each period, and by signing, where that falls short."""
        errors, st, mine = self.errors, self.search.stakes, self.errors.of(i)
        own, unit = st.owner == i, float(self.search.scout.unit[i])
        if not own.any():
            return
        left = self.at_once[mine][:, own].sum(axis=1) + self.later[mine][:, ~own].sum(axis=1)
        left += sticks_against(errors, i, 0)[:, None] - errors.tb.stakes.exit_cost[mine][:, None]
        stays = self.kept[mine].sum(axis=1)
        signs = errors.tb.background[mine, 0] + stays[:, 0] - no_deal(errors, i)
        values = np.hstack([stays - left, signs[:, None]])
        spare = errors.least(i, values) / unit
        asked = np.append(np.full(values.shape[1] - 1, level if self.search.scout.K[i] > 0 else 0.0), 0.0)
        short = spare - asked
        found = [int(t) for t in np.argsort(short, kind="stable") if short[t] < -CLEARLY]
        yield from dict.fromkeys(worst_point(errors, i, values[:, t]) for t in _spread(found))


def _spread(found: list[int]) -> list[int]:
    """The worst period, and others of the worst that are not next to it."""
    chosen: list[int] = []
    for t in found:
        if len(chosen) < POINTS and all(abs(t - x) > 1 for x in chosen):
            chosen.append(t)
    return chosen
