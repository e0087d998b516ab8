"""The search that the auditor drives: solve, look at what comes, add rows for the breaches found, solve again.

One stage of it looks at the whole space with a bound, and at the neighbourhood of what the solver claimed wrongly last
(where a little more or later often holds) or of the best so far.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

import numpy as np

from detente.case.stakes import NEVER, Floats
from detente.plan.scout import Sighting
from detente.plan.search import Search
from detente.plan.solver import INFINITY, Answer, Limits, Model, Status, maximise
from detente.plan.stage import Budget, Result, Stage

ROUNDED_SHARE, FIRST_SHARE, MISSED_SHARE, NEARBY_SHARE = 0.3, 0.15, 0.4, 0.9
"""Shares of what is left: for rounding, for the first search of the whole, for going on with it until something is
claimed wrongly, then for the neighbourhood of that or of the best."""

CONFIRM_SECONDS, CONFIRM_NODES = 0.5, 200
"""Claims of the solver that took no longer than this are confirmed by a second, different run: seconds, or nodes where
the search is limited by work."""

NEAR_SECONDS, NEAR_NODES = 3.0, 40
"""What one look at a neighbourhood may take."""

FREE_AT_FIRST, LEAST_FREE = 6, 3
"""Measures that may move anywhere in a neighbourhood, to begin with and at least; the others by ``STEP`` at most."""

STEP = 2

NEAR_GAP = 0.002
"""A neighbourhood is left when nothing in it is better than this share of the value."""

FREE_IN_ROUNDING = (0, 12)
"""Measures that may move anywhere when the rest is held as it would be if measures could be done in part."""

WHOLE = 1e-6
"""A part of a measure below this counts as none."""

MOST_DRY = 3
"""Neighbourhoods of what was missed in which nothing is found, before it is given up."""

MOST_ROUNDS = 3
"""Times that something to be near to is sought, as long as nothing holds."""


class Trial:
    """Best candidate and bound of one stage, improved by calls of its methods."""

    def __init__(self, search: Search, stage: Stage, allowed: Callable[[Sighting], bool]) -> None:
        self.search, self.stage, self.allowed = search, stage, allowed
        self.bound = INFINITY if stage.objective.terms else stage.objective.constant
        self.runs = 0
        self.ended: Status | None = None
        """None: there may be something better."""
        self.best = search.best(stage, allowed)
        self.missed: Sighting | None = None
        """A road map worth more than the best that was claimed wrongly: of late, and not given up."""
        self._dry = 0
        self._in_parts: Floats | None = None
        """The best that there would be if measures could be done in part."""
        self._false: list[Sighting] = []

    @property
    def value(self) -> float:
        """Of the best candidate; minus infinity if there is none."""
        return -INFINITY if self.best is None else self.stage.value(self.best)

    def result(self) -> Result:
        """What is known now."""
        bound = max(self.bound, self.value) if self.best is not None else self.bound
        return Result(self.best, self.value, bound, self.ended or Status.STOPPED)

    def outline(self, budget: Budget) -> None:
        """A first bound: what there would be if measures could be done in part."""
        if budget.spent() or not self.stage.objective.terms or self.stage.guides:
            return
        every, stage = self.search.model, self.stage
        model = Model(every.low, every.high, [], [*every.rows, *stage.rows])
        answer = maximise(model, stage.objective.terms, limits=Limits(budget.deadline, stop=budget.stop))
        if answer.status is Status.OPTIMAL:
            self.bound = min(self.bound, answer.bound + stage.objective.constant)
            self._in_parts = answer.x

    def rounded(self, budget: Budget) -> None:
        """Look at what the first bound leaves open, all else as it has it; then let more and more measures move."""
        rng = np.random.default_rng(0)
        for free in FREE_IN_ROUNDING:
            if self._in_parts is None or self.missed is not None or budget.spent() or self._closed():
                return
            before = self.value
            self._solve(self._around_parts(self._in_parts, rng, free), budget)
            self.best = self.search.best(self.stage, self.allowed)
            self._learn()
            if self.value > before:
                return

    def _around_parts(self, x: Floats, rng: np.random.Generator, free: int) -> Model:
        """The model with all that ``x`` has at a bound held there, but for some measures."""
        every, schedule = self.search.model, self.search.schedule
        loose = set(rng.permutation(schedule.free)[:free].tolist())
        model = Model(list(every.low), list(every.high), every.integer, list(every.rows))
        for (k, _), column in schedule.column.items():
            if k in schedule.free_set and k not in loose:
                if x[column] < WHOLE:
                    model.high[column] = 0.0
                elif x[column] > 1 - WHOLE:
                    model.low[column] = 1.0
        return model

    def everywhere(self, budget: Budget, *, until_missed: bool = False) -> None:
        """Solve, learn from what the solver claimed wrongly, solve again; ``until_missed``: until that happens."""
        stage = self.stage
        while not budget.spent() and not self._closed() and not (until_missed and self.missed is not None):
            answer = self._solve(self.search.model, budget)
            if answer.status is Status.INFEASIBLE:
                self.ended = Status.INFEASIBLE if self.best is None else Status.OPTIMAL
                self.bound = self.value
                return
            if not stage.guides:
                self.bound = min(self.bound, answer.bound + stage.objective.constant)
            if answer.status is Status.OPTIMAL and not self._false and answer.x is not None:
                seen = self._look(answer.x)
                if not self._true(seen, self.bound - max(stage.gap, 1e-6)):
                    self._false.append(seen)
            self.best = self.search.best(stage, self.allowed)
            if self._closed():
                return
            self._learn()

    def _closed(self) -> bool:
        """Whether best and bound have met; that ends the stage."""
        # less than a whole period between them where dates are sought (a gap of one half)
        if self.best is not None and self.value >= self.bound - max(1.9 * self.stage.gap, 2e-6):
            self.ended = Status.OPTIMAL
        return self.ended is Status.OPTIMAL

    def nearby(self, budget: Budget) -> None:
        """Look close to what was missed last, else to the best: some measures free, the others within a step or two."""
        rng = np.random.default_rng(0)
        free = FREE_AT_FIRST
        while (centre := self._centre()) is not None and not budget.spent() and not self._closed():
            before = self.value
            part = Budget(budget.deadline, NEAR_NODES if budget.work is not None else None, 0, budget.stop)
            if budget.deadline is not None:
                part = Budget(part.within(NEAR_SECONDS), None, 0, budget.stop)
            answer = self._solve(self._neighbourhood(centre, rng, free), part)
            budget.charge(part)
            self.best = self.search.best(self.stage, self.allowed)
            false = bool(self._false)
            self._learn()
            if false:
                continue
            if self.value > before:
                self.missed = None
            else:
                closed = answer.status is not Status.STOPPED
                free = min(free + 2, len(self.search.schedule.free)) if closed else max(free - 1, LEAST_FREE)
                self._dry += 1
                if self._dry >= MOST_DRY:
                    self.missed = None

    def _centre(self) -> Sighting | None:
        """What a neighbourhood is worth looking at of."""
        return self.best if self.missed is None else self.missed

    def _neighbourhood(self, centre: Sighting, rng: np.random.Generator, free: int) -> Model:
        """The model with all measures but some held close to where they are at ``centre``, and nothing that is not
        better than the best."""
        search, schedule = self.search, self.search.schedule
        loose = set(rng.permutation(schedule.free)[:free].tolist())
        model = Model(list(search.model.low), list(search.model.high), search.model.integer, list(search.model.rows))
        if centre is self.missed and self.best is not None:
            model.rows.append(self.stage.objective.at_least(self.value + self._near_gap()))
        for (k, t), column in schedule.column.items():
            if k in loose or k not in schedule.free_set:
                continue
            c = int(centre.c[k])
            if c >= NEVER or t < c - STEP:
                model.high[column] = 0.0
            elif t >= c + STEP:
                model.low[column] = 1.0
        return model

    def _solve(self, model: Model, budget: Budget) -> Answer:
        """One run of the solver; what it claims is looked at as it comes, and the first wrong claim ends the run."""
        stage, search = self.stage, self.search

        def on_solution(x: Floats, running: float) -> bool:
            budget.used += 1
            seen = self._look(x)
            claimed = stage.objective.constant + sum(v * x[c] for c, v in stage.objective.terms.items())
            honest = self._true(seen, claimed - max(stage.gap, 1e-6))
            if not honest:
                self._false.append(seen)
            claim = model is search.model and not stage.guides
            bound = min(self.bound, running + stage.objective.constant) if claim else self.bound
            search.tell(stage, search.best(stage, self.allowed), bound)
            return not honest or bool(stage.guides)

        left = None if budget.work is None else max(0, budget.work - budget.used)
        gap = stage.gap if model is search.model else self._near_gap()
        limits = Limits(budget.deadline, left, gap, budget.stop)
        start = search.schedule.point(self.best.road_map) if self.best is not None else None
        fixed = len(model.rows)
        model.rows += stage.rows
        try:
            terms = (stage.guides[self.runs % len(stage.guides)] if stage.guides else stage.objective).terms
            self.runs += 1
            answer = maximise(model, terms, limits=limits, start=start, on_solution=on_solution)
            budget.used += answer.nodes
            # a search that is limited by work, not by the clock, must come out the same on any machine
            long = answer.nodes > CONFIRM_NODES if budget.work is not None else answer.seconds > CONFIRM_SECONDS
            if answer.status is Status.STOPPED or long or model is not search.model:
                return answer
            # what is claimed of a small model is asked again without presolve; the weaker claim stands
            again = maximise(model, terms, limits=limits, start=start, on_solution=on_solution, presolve=False)
            return again if again.bound >= answer.bound else answer
        finally:
            del model.rows[fixed:]

    def _look(self, x: Floats) -> Sighting:
        search = self.search
        level = max(float(x[search.z]), search.margin) if self.stage.by_margin else search.margin
        return search.look(search.schedule.road_map(x), level)

    def _true(self, seen: Sighting, claimed: float) -> bool:
        """Whether a road map is a candidate and worth what the solver claimed."""
        return seen.passes(self.search.margin) and self.allowed(seen) and self.stage.value(seen) >= claimed

    def _near_gap(self) -> float:
        """Less than this is no gain in a neighbourhood."""
        size = abs(self.bound if self.best is None else self.value)
        return max(self.stage.gap, NEAR_GAP * size if math.isfinite(size) else 0.0)

    def _learn(self) -> None:
        for seen in self._false:
            self.search.learn(self.stage, seen)
            if not seen.unsigned and self.allowed(seen) and self.stage.value(seen) > self.value:
                self.missed, self._dry = seen, 0
        self._false.clear()


def solve_stage(
    search: Search,
    stage: Stage,
    budget: Budget,
    *,
    allowed: Callable[[Sighting], bool] = lambda s: True,
    bound_only: bool = False,
) -> Result:
    """Solve a stage: the best candidate that is ``allowed`` (satisfies the stage's rows) and a bound.

    First what is near to a solution in parts, then the whole, the neighbourhood of what was found or missed, and the
    whole again; with ``bound_only`` just the whole.
    """
    trial = Trial(search, stage, allowed)
    trial.outline(budget)

    def spend(share: float, method: Callable[[Budget], None]) -> None:
        part = budget.part(share)
        if trial.ended is None:
            method(part)
            budget.charge(part)

    if not bound_only:
        spend(ROUNDED_SHARE, trial.rounded)
        spend(FIRST_SHARE, trial.everywhere)
        for _ in range(MOST_ROUNDS):
            spend(MISSED_SHARE, partial(trial.everywhere, until_missed=True))
            spend(NEARBY_SHARE, trial.nearby)
            if trial.best is not None:
                break
    spend(1.0, trial.everywhere)
    return trial.result()
