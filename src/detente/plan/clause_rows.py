"""Clauses as rows of the planner (model §9)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from detente.case import clauses as words
from detente.case.clauses import Term, term_of
from detente.case.resolved import Clause
from detente.plan.linear import Linear
from detente.plan.schedule_rows import Schedule
from detente.plan.solver import INFINITY, Row
from detente.plan.value_rows import Values

SHARE_SLACK = 1e-9
"""Shares are compared with this much slack; the auditor decides exactly."""


class ClauseRows:
    """Turns clauses of the case into rows; those on a value need ``values``."""

    def __init__(self, schedule: Schedule, values: Values | None = None) -> None:
        self.schedule, self.values, self.stakes = schedule, values, schedule.stakes
        self.T = self.stakes.periods

    def rows(self, clause: Clause) -> Iterator[Row]:
        """Rows that hold iff the clause does."""
        yield from self.term_rows(term_of(clause, self.stakes.case))

    def broken(self, clause: Clause) -> tuple[Linear, list[Row]]:
        """An expression that is 1 if the clause is broken (0 or 1 if it is kept), and the rows that say so."""
        off = self.schedule.model.variable(0.0, 1.0, integer=True)
        rows = []
        for row in self.rows(clause):
            slack = self._most(row)
            if row.low > -INFINITY:
                rows.append(Row({**row.terms, off: slack + abs(row.low)}, low=row.low))
            if row.high < INFINITY:
                rows.append(Row({**row.terms, off: -slack - abs(row.high)}, high=row.high))
        return Linear({off: 1.0}), rows

    def _most(self, row: Row) -> float:
        """No left-hand side of a clause's row can be larger: its variables lie between 0 and 1, or are values."""
        low, high = self.schedule.model.low, self.schedule.model.high
        return sum(abs(v) * (1.0 if high[c] - low[c] <= 1 else self._largest()) for c, v in row.terms.items())

    def _largest(self) -> float:
        return float(self.values.big.max()) if self.values is not None else 0.0

    def _k(self, name: str) -> int:
        return self.stakes.measure_index[name]

    def term_rows(self, term: Term) -> Iterator[Row]:
        """The same for a clause that was read already."""
        x = self.schedule.x
        match term:
            case words.ByTime(k, t):
                yield x(self._k(k), t).at_least(1.0)
            case words.NotBefore(k, t):
                if t > 0 or self.stakes.done[self._k(k)]:
                    yield x(self._k(k), t + int(self.stakes.takes[self._k(k)]) - 1).at_most(0.0)
            case words.Never(k):
                yield x(self._k(k), self.T - 1).at_most(0.0)
            case words.Before(first, then, wait):
                yield from self._before(self._k(first), self._k(then), wait)
            case words.ShareAtLeast(g, p, t):
                yield self.share(g, t).at_least(float(p) - SHARE_SLACK)
            case words.ShareAtMost(g, p, t):
                yield self.share(g, t).at_most(float(p) + SHARE_SLACK)
            case words.ValueAtLeast(party, v):
                if self.values is None:
                    raise ValueError("a clause on a value needs the variables of values")
                i = self.stakes.party_index[party]
                yield Linear({self.values.V[i, 0]: 1.0}).at_least(float(v) / float(self.values.scale[i]))
            case words.AllBeforeAny(g, h):
                for first in self.stakes.case.groups[g].members:
                    for then in self.stakes.case.groups[h].members:
                        yield from self._before(self._k(first), self._k(then), 1)

    def _before(self, first: int, then: int, wait: int) -> Iterator[Row]:
        x = self.schedule.x
        if self.schedule.earliest[then] < 0:
            yield x(first, -1 - wait).at_least(1.0)
            return
        for t in range(int(self.schedule.earliest[then]), self.T):
            yield x(then, t).add(x(first, t - int(self.stakes.takes[then]) - wait), -1.0).at_most(0.0)

    def share(self, group: str, t: int) -> Linear:
        """Share of a group in force in t."""
        g = self.stakes.case.groups[group]
        weight = {k: float(g.weights.get(k, 1)) for k in g.members}
        total = sum(weight.values())
        out = Linear()
        for k, w in weight.items():
            out.add(self.schedule.x(self._k(k), t), w / total if total else 0.0)
        return out

    def attained(self, goal: list[Clause]) -> tuple[list[Linear], list[Row]]:
        """For each period an expression that is 1 only if the goal is attained by then, and the rows that say so.

        A goal is dated by what it asks for ``by`` a time; the time asked for does not matter here, its other clauses
        must hold.
        """
        rows: list[Row] = []
        stages = [Linear({self.schedule.model.variable(0.0, 1.0, integer=True): 1.0}) for _ in range(self.T)]
        for clause in goal:
            term = term_of(clause, self.stakes.case)
            for t, stage in enumerate(stages):
                if isinstance(term, words.ByTime):
                    rows.append(self.schedule.x(self._k(term.measure), t).add(stage, -1.0).at_least(0.0))
                elif isinstance(term, words.ShareAtLeast):
                    row = self.share(term.group, t).add(stage, -float(term.share) + SHARE_SLACK)
                    rows.append(row.at_least(0.0))
            if not isinstance(term, words.ByTime | words.ShareAtLeast):
                rows += self.term_rows(term)
        for now, then in pairwise(stages):
            rows.append(then.times(1.0).add(now, -1.0).at_least(0.0))
        rows.append(stages[-1].at_least(1.0))
        return stages, rows
