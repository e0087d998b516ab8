"""Completing a proposal in general terms: which road maps satisfy it, and what of the case's clauses they all keep.

A proposal stands for every road map that keeps its ``must`` clauses and is one at all: order, exclusion, capacity,
horizon (model §9). No incentive counts here: what a side thinks it is signing need not hold. Every road map returned
has been checked exactly. That there is none is the solver's proof, up to ``TOLERANCE``.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Literal

import numpy as np

from detente.audit.grounds import grounds
from detente.audit.structure import structural
from detente.case.clauses import ByTime, ShareAtLeast, Term, ValueAtLeast, evaluate, term_of
from detente.case.resolved import Clause, ResolvedCase
from detente.case.road_map import RoadMap
from detente.case.stakes import Stakes
from detente.incentives.kept import reserves
from detente.incentives.tables import Tables
from detente.plan.clause_rows import ClauseRows
from detente.plan.linear import Linear
from detente.plan.negations import negation
from detente.plan.schedule_rows import Schedule
from detente.plan.solver import FEASIBILITY, Limits, Model, Row, Status, maximise

TOLERANCE = FEASIBILITY
"""Values closer than this part of a party's largest stake count as equal; no claim here is finer."""

MOST_REFUSED = 50
"""Road maps that the exact check may turn down in one search before it counts as cut short."""

Standing = Literal["always", "never", "depends", "unknown"]


@dataclass(frozen=True)
class Completion:
    """A road map that satisfies the clauses; ``value`` is the party's gain U - R, ``proved`` that none is better."""

    road_map: RoadMap
    value: float
    proved: bool


@dataclass(frozen=True)
class NoCompletion:
    """No road map was found; ``contradiction``: proved that none satisfies the clauses, ``limit``: not known."""

    reason: Literal["contradiction", "limit"]
    message: str


@dataclass(frozen=True)
class _Found:
    status: Status
    road_map: RoadMap | None
    proved: bool = False


class Completer:
    """All road maps of a case that keep the given clauses, asked one question after the other.

    ``deadline`` is a moment of the monotonic clock, ``nodes`` bounds the solver's search for each question.
    """

    def __init__(
        self,
        case: ResolvedCase,
        clauses: Sequence[Clause],
        *,
        deadline: float | None = None,
        nodes: int | None = 20_000,
        stop: threading.Event | None = None,
    ) -> None:
        self.case, self.grounds = case, grounds(case)
        self.stakes: Stakes = self.grounds.stakes
        self.limits = Limits(deadline, nodes, 1e-9, stop or threading.Event())
        self.model = Model()
        self.model.variable(0.0, 0.0)  # where nothing is left to decide there is still a model to solve
        self.schedule = Schedule(self.stakes, self.model)
        self.clauses = ClauseRows(self.schedule)
        self.terms = [term_of(c, case) for c in clauses]
        for term in self.terms:
            self.model.rows += self._with(term)
        self.known: dict[RoadMap, None] = {}
        """Completions seen so far: each may settle a question without a search."""

    def until(self, deadline: float | None) -> None:
        """Questions asked from now on end at another moment."""
        self.limits = replace(self.limits, deadline=deadline)

    # ---------------------------------------------------------------- questions

    def best_for(self, party: str) -> Completion | NoCompletion:
        """The completion with the largest U_i; of equal ones the earliest dates, then the fewest measures."""
        i = self.stakes.party_index[party]
        gain, unit = self._worth(self.grounds.common, i)
        found = self._search([], gain.times(1 / unit), lambda rm: True)
        if found.road_map is None:
            return _none(found)
        best, proved = found.road_map, found.proved
        floor = gain.times(1 / unit).at_least(self._at(gain, best) / unit - TOLERANCE)
        tidy = self._search([floor], self._dates(), lambda rm: True, gap=0.5, start=best)
        best = best if tidy.road_map is None else tidy.road_map
        reserve = float(reserves(self.stakes, self.grounds.common)[i])
        return Completion(best, self._at(gain, best) - reserve, proved)

    def standing(self, clause: Clause) -> Standing:
        """Whether a clause holds in all completions, in none, or in some only."""
        term = term_of(clause, self.case)
        kept = {self._keeps(term, rm) for rm in self.known}
        if True not in kept:
            found = self._one(term, True)
            if found.status is Status.STOPPED and found.road_map is None:
                return "unknown"
            if found.road_map is None:
                return "never"
        if False not in kept:
            found = self._one(term, False)
            if found.status is Status.STOPPED and found.road_map is None:
                return "unknown"
            if found.road_map is None:
                return "always"
        return "depends"

    @cached_property
    def contradictory(self) -> bool:
        """Whether it is proved that no road map satisfies the clauses."""
        return not self.known and self._search([], Linear(), lambda rm: True).status is Status.INFEASIBLE

    def soonest(self, term: ByTime | ShareAtLeast) -> int | None:
        """The first period by which some completion does what a dated clause asks; T if none ever does.

        None: a limit was reached before it was known.
        """
        first, last = 0, self.stakes.periods
        while first < last:
            t = (first + last) // 2
            found = self._one(replace(term, time=t), True)
            if found.road_map is None and found.status is Status.STOPPED:
                return None
            first, last = (t + 1, last) if found.road_map is None else (first, t)
        return first

    def note(self, road_map: RoadMap) -> bool:
        """Remember a road map if it is a completion."""
        fits = self._fits(road_map)
        if fits:
            self.known[road_map] = None
        return fits

    # ---------------------------------------------------------------- searching

    def _one(self, term: Term, keeps: bool) -> _Found:
        """A completion that keeps a clause, or one that breaks it."""
        wanted: Callable[[RoadMap], bool] = lambda rm: self._keeps(term, rm) is keeps  # noqa: E731
        if isinstance(term, ValueAtLeast):
            worth, unit = self._worth(self.grounds.tables, self.stakes.party_index[term.party])
            sign = 1.0 if keeps else -1.0
            short = worth.times(sign / unit).at_least(sign * float(term.value) / unit - TOLERANCE)
            return self._search([short], worth.times(sign / unit), wanted, settle=True)
        with self._scratch():
            rows = list(self._with(term) if keeps else negation(self.schedule, self.clauses, term))
            return self._search(rows, Linear(), wanted)

    def _search(
        self,
        rows: list[Row],
        objective: Linear,
        wanted: Callable[[RoadMap], bool],
        *,
        gap: float = 1e-9,
        start: RoadMap | None = None,
        settle: bool = False,
    ) -> _Found:
        """The best road map that satisfies the rows, exactly. ``settle``: the best one alone decides the question."""
        limits = Limits(self.limits.deadline, self.limits.nodes, gap, self.limits.stop)
        given = self.schedule.point(start) if start is not None else None
        with self._scratch():
            self.model.rows += rows
            for _ in range(MOST_REFUSED):
                answer = maximise(self.model, objective.terms, limits=limits, start=given)
                if answer.x is None:
                    return _Found(answer.status, None)
                road_map = self.schedule.road_map(answer.x)
                if self.note(road_map) and wanted(road_map):
                    return _Found(answer.status, road_map, answer.status is Status.OPTIMAL)
                if settle and road_map in self.known and answer.status is Status.OPTIMAL:
                    return _Found(Status.INFEASIBLE, None)
                self.model.rows.append(self.schedule.exclude(self.stakes.completions(road_map)))
        return _Found(Status.STOPPED, None)

    @contextmanager
    def _scratch(self) -> Iterator[None]:
        """Whatever is added to the model inside is gone afterwards."""
        model = self.model
        rows, columns, integer = len(model.rows), len(model.low), len(model.integer)
        try:
            yield
        finally:
            del model.rows[rows:], model.low[columns:], model.high[columns:], model.integer[integer:]

    # ---------------------------------------------------------------- judging

    def _fits(self, road_map: RoadMap) -> bool:
        return not structural(self.case, road_map) and all(self._keeps(term, road_map) for term in self.terms)

    def _keeps(self, term: Term, road_map: RoadMap) -> bool:
        def worth(party: str) -> Fraction:
            return self.grounds.exact.road_map(road_map.starts).V(self.stakes.party_index[party], 0)

        return evaluate(term, self.case, road_map.starts, worth)[0]

    # ---------------------------------------------------------------- expressions

    def _with(self, term: Term) -> Iterator[Row]:
        """Rows that hold if the clause does."""
        if isinstance(term, ValueAtLeast):
            worth, unit = self._worth(self.grounds.tables, self.stakes.party_index[term.party])
            yield worth.times(1 / unit).at_least(float(term.value) / unit - TOLERANCE)
        else:
            yield from self.clauses.term_rows(term)

    def _worth(self, tb: Tables, i: int) -> tuple[Linear, float]:
        """What a road map is worth to party i from the start, and the largest stake in it (1 if there is none)."""
        worth = Linear({}, float(tb.background[i, 0]))
        for k in range(len(self.stakes.measures)):
            worth.add(self.schedule.by_completion(k, tb.kept_table[i, k, :, 0]))
        return worth, float(np.abs(tb.kept_table[i, :, :, 0]).max(initial=0.0)) or 1.0

    def _dates(self) -> Linear:
        """Less the sum of the periods from which measures are in force, then less their number."""
        out = Linear()
        for k in self.schedule.free:
            comes = np.arange(-1, self.stakes.periods)
            out.add(self.schedule.by_completion(k, -(np.append(comes, 0) * (len(self.schedule.free) + 1.0) + 1.0)))
        return out

    def _at(self, expression: Linear, road_map: RoadMap) -> float:
        point = dict.fromkeys(expression.terms, 0.0)
        c = self.stakes.completions(road_map)
        for (k, t), column in self.schedule.column.items():
            if column in point:
                point[column] = float(c[k] <= t)
        return expression.value(point)


def _none(found: _Found) -> NoCompletion:
    if found.status is Status.INFEASIBLE:
        return NoCompletion("contradiction", "contradicts itself: no road map satisfies all its clauses")
    return NoCompletion("limit", "no road map that satisfies it was found before a limit was reached")
