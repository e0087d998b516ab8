"""The search that the auditor drives: solve, look at what comes, add rows for the breaches found, solve again.

The solver's model knows order, capacity, clauses, open breach, and those covert breaches that were found so far. So
its bound is a bound on every certified road map, and a road map that passes the scout is a candidate plan.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from detente.case.resolved import Clause
from detente.case.road_map import RoadMap
from detente.case.stakes import Floats, Ints, Stakes
from detente.incentives.cheat import CheatSet
from detente.plan.breach_rows import BreachRows
from detente.plan.clause_rows import ClauseRows
from detente.plan.linear import Linear
from detente.plan.schedule_rows import Schedule
from detente.plan.scout import Scout, Sighting
from detente.plan.solver import INFINITY, Answer, Limits, Model, Row, Status, maximise
from detente.plan.value_rows import Values

SETS_AT_ONCE = 6
"""Covert breaches of one road map turned into rows at a time, worst first."""


@dataclass(frozen=True)
class Progress:
    """Where a search stands."""

    stage: str
    best: float | None
    bound: float
    breaches: int
    seen: int
    seconds: float


@dataclass
class Budget:
    """What a search may use: a moment of the clock, or work (solver nodes and road maps looked at), or neither."""

    deadline: float | None = None
    work: int | None = None
    used: int = 0
    stop: threading.Event = field(default_factory=threading.Event)

    def spent(self) -> bool:
        """Whether nothing is left."""
        late = self.deadline is not None and time.monotonic() >= self.deadline
        return late or (self.work is not None and self.used >= self.work) or self.stop.is_set()

    def part(self, share: float) -> Budget:
        """A budget of a share of what is left; work used there counts here through :meth:`charge`."""
        now = time.monotonic()
        deadline = None if self.deadline is None else now + share * max(0.0, self.deadline - now)
        work = None if self.work is None else int(share * max(0, self.work - self.used))
        return Budget(deadline, work, 0, self.stop)

    def charge(self, part: Budget) -> None:
        """Count what a part has used."""
        self.used += part.used


@dataclass(frozen=True)
class Stage:
    """One question to the solver: maximise ``objective`` subject to ``rows``.

    ``value`` reads the objective off a sighting. With ``by_margin`` the objective is the margin z itself, and every
    breach that leaves less counts; otherwise those do that leave less than the margin asked for."""

    name: str
    objective: Linear
    rows: list[Row]
    value: Callable[[Sighting], float]
    by_margin: bool = False
    gap: float = 1e-7
    refine: Callable[[Sighting], list[Row]] = lambda s: []
    """Rows that bring an objective known by bounds only closer to its value at a road map."""


@dataclass(frozen=True)
class Result:
    """The best candidate of a stage, and a proven bound. ``status`` infeasible: no certified road map satisfies it."""

    best: Sighting | None
    value: float
    bound: float
    status: Status


class Search:
    """Model, scout and candidates of one case."""

    def __init__(
        self, stakes: Stakes, margin: float, binding: Iterable[Clause], report: Callable[[Progress], None] | None = None
    ) -> None:
        self.stakes, self.margin, self.report = stakes, margin, report
        self.scout, self.model = Scout(stakes), Model()
        self.schedule = Schedule(stakes, self.model)
        self.values = Values(self.scout.tb, self.scout.common, self.schedule, self.model)
        self.clauses = ClauseRows(self.schedule, self.values)
        self.most = largest_margin(self.values)
        self.z = self.model.variable(min(margin, self.most), self.most)
        self.breach_rows = BreachRows(self.values, self.z, self.most)
        self.model.rows += self.breach_rows.signing()
        self.model.rows += self.breach_rows.walking()
        for clause in binding:
            self.model.rows += self.clauses.rows(clause)
        self.passed: dict[RoadMap, Sighting] = {}
        self._looked: dict[RoadMap, Sighting] = {}
        self._cut: set[tuple[object, ...]] = set()
        self._ruled_out: set[RoadMap] = set()
        self._rejected: set[RoadMap] = set()
        self.breaches = 0
        self.began = time.monotonic()

    @property
    def seen(self) -> tuple[RoadMap, ...]:
        """Every road map looked at."""
        return tuple(self._looked)

    def look(self, road_map: RoadMap, level: float) -> Sighting:
        """The scout's look at a road map, remembered; candidates are kept."""
        known = self._looked.get(road_map)
        if known is None or known.level < min(level, known.least):
            known = self._looked[road_map] = self.scout.look(road_map, level)
        if known.passes(self.margin) and road_map not in self._rejected:
            self.passed[road_map] = known
        return known

    def least(self, seen: Sighting) -> float:
        """The least relative margin of a road map that was looked at, not overstated."""
        while (known := self._looked[seen.road_map]).level < min(known.least, self.most):
            self.look(seen.road_map, min(known.least, self.most))
        return min(known.least, self.most)

    def reject(self, road_map: RoadMap) -> None:
        """Rule out a candidate that the auditor does not certify."""
        self.passed.pop(road_map, None)
        self._rejected.add(road_map)
        if road_map not in self._ruled_out:
            self._ruled_out.add(road_map)
            self.model.rows.append(self.schedule.exclude(self.stakes.completions(road_map)))

    def run(self, stage: Stage, budget: Budget, *, allowed: Callable[[Sighting], bool] = lambda s: True) -> Result:
        """Solve a stage: the best candidate that is ``allowed`` (satisfies the stage's rows) and a bound."""
        best = self._best(stage, allowed)
        bound = INFINITY
        while True:
            false: list[Sighting] = []

            def on_solution(x: Floats, running: float, false: list[Sighting] = false, bound: float = bound) -> bool:
                budget.used += 1
                level = max(float(x[self.z]), self.margin) if stage.by_margin else self.margin
                seen = self.look(self.schedule.road_map(x), level)
                claimed = stage.objective.constant + sum(v * x[c] for c, v in stage.objective.terms.items())
                honest = seen.passes(self.margin) and stage.value(seen) >= claimed - max(stage.gap, 1e-6)
                if not honest:
                    false.append(seen)
                self._tell(stage, self._best(stage, allowed), min(bound, running + stage.objective.constant))
                return not honest

            answer = self._solve(stage, best, budget, on_solution)
            budget.used += answer.nodes
            best = self._best(stage, allowed)
            if answer.status is Status.INFEASIBLE:
                ended = Status.INFEASIBLE if best is None else Status.OPTIMAL
                return Result(best, _value(stage, best), _value(stage, best), ended)
            bound = min(bound, answer.bound + stage.objective.constant)
            if answer.status is Status.OPTIMAL and not false and answer.x is not None:
                seen = self.look(self.schedule.road_map(answer.x), self._level(stage, answer.x))
                if seen.passes(self.margin) and stage.value(seen) >= bound - max(stage.gap, 1e-6) * 2:
                    best = self._best(stage, allowed)
                    return Result(best, _value(stage, best), max(bound, _value(stage, best)), Status.OPTIMAL)
                false.append(seen)
            if best is not None and _value(stage, best) >= bound - stage.gap:
                return Result(best, _value(stage, best), max(bound, _value(stage, best)), Status.OPTIMAL)
            if budget.spent():
                return Result(best, _value(stage, best), bound, Status.STOPPED)
            for seen in false:
                closer = stage.refine(seen)
                stage.rows.extend(closer)
                if not (closer and seen.passes(self.margin)):
                    self._add_rows(seen)

    def _level(self, stage: Stage, x: Floats) -> float:
        return max(float(x[self.z]), self.margin) if stage.by_margin else self.margin

    def _solve(
        self, stage: Stage, best: Sighting | None, budget: Budget, on_solution: Callable[[Floats, float], bool]
    ) -> Answer:
        left = None if budget.work is None else max(0, budget.work - budget.used)
        limits = Limits(budget.deadline, left, stage.gap, budget.stop)
        fixed = len(self.model.rows)
        self.model.rows += stage.rows
        try:
            start = self.schedule.point(best.road_map) if best is not None else None
            return maximise(self.model, stage.objective.terms, limits=limits, start=start, on_solution=on_solution)
        finally:
            del self.model.rows[fixed:]

    def _best(self, stage: Stage, allowed: Callable[[Sighting], bool]) -> Sighting | None:
        fits = [s for s in self.passed.values() if allowed(s)]
        return max(fits, key=stage.value, default=None)

    def _add_rows(self, seen: Sighting) -> None:
        """Rows for the worst breaches of a road map; if they are known already, the road map itself is ruled out.

        A candidate ruled out so stays a candidate: only the solver need not find it again.
        """
        added = 0
        for t in seen.temptations:
            if t.cheat is None or added >= SETS_AT_ONCE:
                continue
            key = (t.party, t.cheat, *self._pattern(t.cheat, t.period, seen.c))
            if key not in self._cut:
                self._cut.add(key)
                self.model.rows += self.breach_rows.cheating(t.party, t.cheat, t.period, seen.c)
                added += 1
        self.breaches += added
        if not added and seen.road_map not in self._ruled_out:
            self._ruled_out.add(seen.road_map)
            self.model.rows.append(self.schedule.exclude(seen.c))

    def _pattern(self, cheat: CheatSet, period: int, c: Ints) -> tuple[int, ...]:
        """When the measures that matter to a breach come, counted from its beginning."""
        ks = (*cheat.fakes, *cheat.undoes)
        opening = {a for k in ks for rule in self.stakes.access[k] for a in rule.measures}
        return (*(int(c[k]) - period for k in cheat.fakes), *(max(int(c[a]) - period, -1) for a in sorted(opening)))

    def _tell(self, stage: Stage, best: Sighting | None, bound: float) -> None:
        if self.report is not None:
            value = None if best is None else stage.value(best)
            took = time.monotonic() - self.began
            self.report(Progress(stage.name, value, bound, self.breaches, len(self._looked), took))


def _value(stage: Stage, best: Sighting | None) -> float:
    return -INFINITY if best is None else stage.value(best)


def largest_margin(values: Values) -> float:
    """No relative margin of a party that counts can exceed this."""
    counted = values.K > 0
    return float((2 * values.spread[counted] / values.K[counted]).min(initial=1e3))
