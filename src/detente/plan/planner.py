"""The objectives of model §10 as stages of a search, one after the other."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from detente.audit.judge import audit
from detente.case.clauses import ByTime, ShareAtLeast, evaluate, term_of
from detente.case.resolved import Clause, ResolvedCase
from detente.incentives.kept import kept
from detente.plan.aims import Aim, AnyCertified, MostFor
from detente.plan.closest import closest
from detente.plan.conditions import enough
from detente.plan.linear import Linear
from detente.plan.outline import least_gains
from detente.plan.scout import Sighting
from detente.plan.search import Search
from detente.plan.shares import Shares
from detente.plan.solver import Row, Status
from detente.plan.stage import Budget, Result, Stage
from detente.plan.task import Task, wishes
from detente.plan.ties import Ties
from detente.plan.trial import solve_stage
from detente.results.audit import Audit

SLACK = 1e-7
"""Earlier objectives may give way by this much, in their own units, while later ones are improved."""

LEAST_GAIN = 1e-6
"""A gain counts as positive from this share of the party's scale on (the Nash product asks for positive gains)."""

MORE_STARS = (0.5, 0.8)
"""Parts of what is left for proving the most that each can get, once ``fair`` is solved with bounds for it."""

TANGENTS = 12
"""Points at which the logarithm of the Nash product is bounded from above to begin with."""


class Planner:
    """Works a task stage by stage; what it has found so far can be asked for at any time."""

    def __init__(self, task: Task, budget: Budget, search: Search) -> None:
        self.task, self.budget, self.search = task, budget, search
        self.stakes = search.stakes
        self.least = {self.stakes.party_index[p]: v for p, v in task.least.items()}
        self.shares = Shares(search, self._counted())
        self.result: Result | None = None
        self.stage: Stage | None = None
        self.allowed: Callable[[Sighting], bool] = lambda s: True
        """What a candidate must satisfy besides passing, once the stage asked for is reached."""
        self.floors: dict[int, float] = {}
        self.floors_open = False
        """Whether the floors rest on the fairest road map found, not proved to be the fairest there is."""
        self.fair_best: Sighting | None = None
        self.fair_rows: list[Row] = []
        self._measured()
        self.unsure = False
        """Whether the auditor could not say of some candidate whether it holds."""

    def _measured(self) -> None:
        """Take over what shares and floors are measured by, where that is settled."""
        given, at = self.task.yardstick, self.stakes.party_index
        if given is not None:
            self.shares.best = {at[p]: v for p, v in given.most.items()}
            self.shares.proved = {at[p]: v for p, v in given.proved.items()}
            self.floors = {at[p]: v for p, v in given.floors.items()}

    def _counted(self) -> list[int]:
        """Principals with something to gain."""
        case = self.task.case
        names = case.principals or tuple({m.by: None for m in case.measures.values() if m.by is not None})
        return [i for i, p in enumerate(self.stakes.parties) if p in names and self.search.values.K[i] > 0]

    def judged(self, s: Sighting) -> tuple[Audit, bool | None]:
        """What the auditor says of a road map, and whether that is enough; None if a limit leaves it open."""
        task, waived = self.task, self.search.waived
        leaving = {self.stakes.parties[i] for i in waived.staying}
        audited = audit(
            task.case, s.road_map, stakes=self.stakes, keep=task.keep, cures=False, free_to_leave=leaving,
            unsupported=waived.whose("supports"), unasked=waived.whose("consents"),
        )  # fmt: skip
        return audited, enough(audited, task.margin, self.stakes, waived, self.search.must)

    # ---------------------------------------------------------------- stages

    def work(self) -> None:
        """Run the stages of the objective asked for, then break ties."""
        if not isinstance(self.task.objective, str):
            self._aim(self.task.objective)
            return
        run = {"robust": self._robust, "fair": self._fair, "nash": self._nash, "fast": self._fast,
               "welfare": self._welfare}[self.task.objective]  # fmt: skip
        run()
        while self.result is not None and self.result.status is Status.OPTIMAL and self.result.best is not None:
            self._break_ties(self.result, self.result.best)
            if self.budget.spent() or not self.search.is_rejected(self.result.best.road_map):
                return
            run()  # what looked best was turned down by the auditor meanwhile

    def _solve(
        self,
        stage: Stage,
        share: float,
        allowed: Callable[[Sighting], bool] = lambda s: True,
        *,
        bound_only: bool = False,
    ) -> Result:
        part = self.budget.part(share)
        stage = replace(stage, rows=[*stage.rows, *least_gains(self.search, self.task.least)])
        result = solve_stage(
            self.search, stage, part, allowed=lambda s: self._gets_least(s) and allowed(s),
            bound_only=bound_only or bool(stage.guides),
        )  # fmt: skip
        self.budget.charge(part)
        return result

    def _main(
        self,
        stage: Stage,
        allowed: Callable[[Sighting], bool] = lambda s: True,
        share: float = 0.9,
    ) -> None:
        self.stage, self.allowed = stage, allowed
        self.result = self._solve(stage, share, allowed)

    def fits(self, s: Sighting) -> bool:
        """Whether a candidate gives each party its least, and what the stage asked for wants once that is reached."""
        return self._gets_least(s) and self.allowed(s)

    def _gets_least(self, s: Sighting) -> bool:
        scale = self.search.values.scale
        return all(s.gains[i] >= v - SLACK * scale[i] for i, v in self.least.items())

    def _aim(self, aim: Aim) -> None:
        """What is asked for besides the objectives of the model."""
        if isinstance(aim, AnyCertified):
            guides = (Linear({self.search.z: 1.0}), self._welfares())
            self._main(Stage("any certified road map", Linear(), [], lambda s: 0.0, guides=guides), share=1.0)
        elif isinstance(aim, MostFor):
            i = self.stakes.party_index[aim.party]
            unit = float(self.search.values.scale[i])
            objective = self.search.values.gains[i].times(1 / unit)
            stage = Stage(f"most for {aim.party}", objective, [], lambda s: float(s.gains[i]) / unit)
            self._main(stage, share=1.0)
        else:
            stage = closest(self.search, aim, self.worth)
            self._main(stage, lambda s: math.isfinite(stage.value(s)), share=1.0)

    def worth(self, s: Sighting) -> Callable[[str], Fraction]:
        """Each party's continuation value in period 0 on a road map that was looked at, not understated."""
        values = kept(self.search.scout.tb, s.c)[0]
        return lambda party: Fraction(float(values[self.stakes.party_index[party]]) + SLACK)

    def _stars(self, share: float) -> None:
        """U*_i - R_i of each principal of whom it is not proved yet: the best certified, or its bound."""
        if self.task.yardstick is not None:
            return
        open_still = [i for i in self.shares.counted if not self.shares.proved.get(i)]
        for n, i in enumerate(open_still):
            stage = self.shares.most(i)
            result = self._solve(stage, share / (len(open_still) - n), bound_only=True)
            while result.status is Status.OPTIMAL and result.best is not None and self.judged(result.best)[1] is False:
                self.search.reject(result.best.road_map)
                result = self._solve(stage, share / (len(open_still) - n), bound_only=True)
            unit = float(self.search.values.K[i])
            done = result.status is Status.OPTIMAL
            self.shares.proved[i] = done
            bound = min(result.bound * unit, self.shares.best.get(i, math.inf))
            self.shares.best[i] = result.value * unit if done else bound
            if result.status is Status.INFEASIBLE:
                self.result, self.stage = result, stage
                return

    def _fair(self) -> None:
        """Leximin of shares; what is left of the time goes to proving of whom it is a share."""
        self._fair_stage()
        for share in MORE_STARS:
            ended = self.result is None or self.result.status is not Status.OPTIMAL
            if ended or all(self.shares.proved.values()) or self.budget.spent():
                return
            self._fair_stage(stars=share)

    def _fair_stage(self, share: float = 0.9, stars: float = 0.15) -> None:
        """Leximin of shares: the least, then the sum of the two least, and so on."""
        self._stars(stars)
        if self.result is not None and self.result.status is Status.INFEASIBLE:
            return
        if not self.shares.bounded():
            self.result = Result(None, -math.inf, math.inf, Status.STOPPED)
            return
        if not self.shares.sharing():
            self._main(Stage("fair", Linear(), [], lambda s: 0.0), share=share)
            return
        rows: list[Row] = []
        fixed: list[float] = []
        for n in range(1, len(self.shares.sharing()) + 1):
            stage = replace(self.shares.least_sum(n, rows), gap=1e-6)
            floors = tuple(fixed)

            def allowed(s: Sighting, floors: tuple[float, ...] = floors) -> bool:
                sums = np.cumsum(self.shares.of(s))
                return all(sums[k] >= v - 2e-6 for k, v in enumerate(floors))

            result = self._solve(stage, share if n == 1 else 0.5, allowed)
            if n == 1:
                self.stage, self.result = stage, result
            if result.best is None or (n > 1 and result.status is Status.STOPPED):
                break
            self.fair_best = result.best
            fixed.append(result.value)
            rows = [*rows, *self.shares.least_sum_rows(n, result.value - 1e-6)]
            if result.status is Status.STOPPED:
                break
        if self.result is not None and self.result.best is not None and fixed:
            self.result = replace(self.result, best=self.fair_best)
        self.fair_rows = rows

    def _robust(self) -> None:
        """The largest least relative margin, each principal getting a part of its share in ``fair``."""
        if self.task.yardstick is None:
            self._set_floors()
            if self.result is not None and self.result.status is Status.INFEASIBLE:
                return
        gains, best = self.search.values.gains, self.shares.best
        rows = [gains[i].times(1 / best[i]).at_least(v - SLACK) for i, v in self.floors.items()]
        stage = Stage("robust", Linear({self.search.z: 1.0}), rows, self.search.least, by_margin=True)
        self._main(stage, self.above_floors)

    def _set_floors(self) -> None:
        """Each principal's floor: a part of its share in ``fair``."""
        self.floors = {}
        self._fair_stage(share=0.15, stars=0.08)
        if self._fairest_is_open() and not self._shared():
            self._fair_stage(share=0.5)
        self.floors_open = self._fairest_is_open()
        if self.result is None or self.result.best is None:
            if self.result is not None and self.result.status is Status.INFEASIBLE:
                return
            self.floors = {}
        else:
            fair = self.result.best
            for i in self.shares.sharing():
                share = float(fair.gains[i]) / self.shares.best[i]
                self.floors[i] = self.task.floor * share if share > 0 else share

    def _fairest_is_open(self) -> bool:
        """Whether a limit ended the search for the fairest road map before it was proved to be that."""
        return self.result is not None and self.result.status is Status.STOPPED

    def _shared(self) -> bool:
        """Whether a road map was found that gives each principal something."""
        best = self.result.best if self.result is not None else None
        return best is not None and all(best.gains[i] > 0 for i in self.shares.sharing())

    def above_floors(self, s: Sighting) -> bool:
        """Whether each principal gets at least the floor."""
        return all(s.gains[i] / self.shares.best[i] >= v - 2 * SLACK for i, v in self.floors.items())

    def _welfare(self) -> None:
        K = self.search.values.K
        value: Callable[[Sighting], float] = lambda s: float(sum(s.gains[i] / K[i] for i in self.shares.counted))  # noqa: E731
        self._main(Stage("welfare", self._welfares(), [], value))

    def _welfares(self) -> Linear:
        """The sum of the principals' gains, each on its own scale."""
        values, total = self.search.values, Linear()
        for i in self.shares.counted:
            total.add(values.gains[i], 1 / float(values.K[i]))
        return total

    def _nash(self) -> None:
        """Σ ln(gain/K): the logarithm bounded from above by tangents, added where solutions come to lie."""
        values = self.search.values
        columns = {i: self.search.model.variable(-50.0, 50.0) for i in self.shares.counted}
        rows: list[Row] = []
        for i in self.shares.counted:
            rows.append(values.gains[i].times(1 / float(values.K[i])).at_least(LEAST_GAIN))
            rows += [self._tangent(i, columns[i], float(x)) for x in np.geomspace(LEAST_GAIN, 3.0, TANGENTS)]

        def closer(s: Sighting) -> list[Row]:
            points = {i: float(s.gains[i] / values.K[i]) for i in self.shares.counted}
            return [self._tangent(i, columns[i], x) for i, x in points.items() if x >= LEAST_GAIN]

        objective = Linear(dict.fromkeys(columns.values(), 1.0))
        stage = Stage("nash", objective, rows, self._log_gains, gap=1e-6, refine=closer)
        self._main(stage, lambda s: all(s.gains[i] >= LEAST_GAIN * values.K[i] for i in self.shares.counted))

    def _tangent(self, i: int, column: int, x: float) -> Row:
        """ln(g) <= ln(x) + (g - x) / x."""
        g = self.search.values.gains[i].times(1 / float(self.search.values.K[i]) / x)
        return g.plus(column, -1.0).at_least(1.0 - math.log(x))

    def _log_gains(self, s: Sighting) -> float:
        K = self.search.values.K
        return float(sum(math.log(max(s.gains[i] / K[i], 1e-300)) for i in self.shares.counted))

    def _fast(self) -> None:
        goal = [
            c for c in self.task.case.clauses if c.kind == "goal" and c.of == self.task.goal and c.strength == "must"
        ]
        stages, rows = self.search.clauses.attained(goal)
        total = Linear()
        for stage in stages:
            total.add(stage)
        T = self.stakes.periods

        def value(s: Sighting) -> float:
            return float(T - attained_in(goal, self.task.case, s.road_map.starts, self.worth(s)))

        self._main(Stage(f"fast: {self.task.goal}", total, rows, value, gap=0.5), lambda s: value(s) > 0)

    def _break_ties(self, result: Result, best: Sighting) -> None:
        """The best road map for the objective, and among equally good ones as :class:`Ties` has it, as time allows."""
        stage, fair = self.stage, self.task.objective == "fair"
        if stage is None or self.budget.spent():
            return
        give = min(max(2 * stage.gap, 2e-6), 0.25)
        rows = [*stage.rows, stage.objective.at_least(result.value - give), *(self.fair_rows if fair else ())]
        tests: list[Callable[[Sighting], bool]] = [
            lambda s: stage.value(s) >= result.value - 1.5 * give,
            self.above_floors,
        ]
        ties = Ties(self.search, self.shares, self._solve, rows, tests)
        if fair:
            ties.as_fair_as(best)
        else:
            if not self.shares.best:
                self._stars(0.3)
            best = ties.fairest() or best
        if not self.budget.spent():
            best = ties.most_wishes(wishes(self.task), self.worth) or best
        self.result = replace(result, best=ties.earliest() or best)


def attained_in(
    goal: Sequence[Clause], case: ResolvedCase, starts: Mapping[str, int], worth: Callable[[str], Fraction]
) -> int:
    """First period in which a goal is attained on a road map; ``periods`` if never.

    A goal is dated by what it asks for ``by`` a time, whatever that time; its other clauses must hold. ``worth``: each
    party's continuation value in period 0.
    """
    terms = [term_of(c, case) for c in goal]
    dated = [x for x in terms if isinstance(x, ByTime | ShareAtLeast)]
    others = [x for x in terms if not isinstance(x, ByTime | ShareAtLeast)]
    if not all(evaluate(x, case, starts, worth)[0] for x in others):
        return case.periods
    for t in range(case.periods):
        if all(evaluate(replace(x, time=t), case, starts)[0] for x in dated):
            return t
    return case.periods
