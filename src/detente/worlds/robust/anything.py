"""In how many worlds is there any road map at all that does something, is signed and holds?

No road map can stand in more of them, so that their share bounds what a plan can reach. Worlds in which one was found
bound that share from below: road maps that are known, and what can be made of them for one world at a time. Worlds in
which the planner proves that there is none bound it from above. It asks for less than a plan does, so that the bound
is one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from fractions import Fraction

import numpy as np

from detente.audit.findings.signing import binding
from detente.audit.structure import structural
from detente.case.clauses import evaluate, term_of
from detente.case.draws import Draws
from detente.case.road_map import RoadMap
from detente.case.stakes import Bools, Floats, Ints, stakes
from detente.incentives.kept import kept
from detente.incentives.tables import tables
from detente.plan.stage import Budget
from detente.plan.task import Task
from detente.plan.verb import plan
from detente.results.estimates import Estimate
from detente.results.in_worlds import Anything
from detente.results.plan import Plan
from detente.worlds.robust.less import less
from detente.worlds.robust.screen import deciding
from detente.worlds.robust.tailored import Tailor
from detente.worlds.robust.trial import Trial
from detente.worlds.slip import Agreed, agreed
from detente.worlds.tally import share

ROUNDS = 4
"""Times that a road map is made to fit a world, as long as that comes to nothing; each begins with another one."""
BEGINNING, FITTING = 0.3, 0.85
"""The part of what is left for looking at what is known, then for making it fit; the planner has the rest."""
SECONDS, PART = 2.0, 1 / 16
"""What the planner may take in one world: seconds, or a part of the work that is left where that is the limit."""
MOST = 96
"""Worlds that the planner is asked of at most."""
_ORDER = 2
"""Sets the seed of that order apart from those of draws."""
SURE_OF_BOTH = 2.2414
"""Each of two shares lies beyond its interval in 1 of 40 samples, so their product in no more than 1 of 20."""


class Anywhere:
    """Worlds ``trial`` of chunk 0, and what was found of each."""

    def __init__(self, draws: Draws, task: Task, trial: Trial) -> None:
        self.draws, self.task = draws, task
        self._stakes = stakes(task.case)
        self._order = [term_of(c, task.case) for c in binding(task.case, task.keep)]
        self._tables = tables(self._stakes)
        self._tailor = Tailor(trial, self._stakes, deciding(self._stakes), self._agreed, self._keeps)
        self._first: Bools = np.zeros(trial.n, dtype=np.bool_)
        """(n,) in which worlds a road map stands that was known beforehand"""
        self._none: Bools = np.zeros(trial.n, dtype=np.bool_)
        self._order_of_worlds = _shuffled(draws.seed, trial.n)
        self._gone_through = 0
        """So many of the worlds, in that order, were gone through one by one where that was needed."""

    @property
    def seen(self) -> Bools:
        """(n,) in which worlds some road map is known that stands."""
        return self._tailor.seen

    @property
    def none(self) -> Bools:
        """(n,) in which it is proved that there is none."""
        return self._none & ~self.seen

    @property
    def known(self) -> list[RoadMap]:
        """Road maps that were looked at, those found for one world among them."""
        return self._tailor.known

    def look(
        self, seen: Bools, known: Iterable[RoadMap], budget: Budget, told: Callable[[], None] = lambda: None
    ) -> None:
        """``seen`` (n,): in which worlds a road map was seen to stand; ``known``: where to begin."""
        self._tailor.seen |= seen
        part = budget.part(BEGINNING)
        for road_map in known:
            if not part.spent():
                part.used += 1
                self._tailor.learn([road_map])
        budget.charge(part)
        self._first = self.seen.copy()
        part = budget.part(FITTING)
        self._fit(part, told)
        budget.charge(part)
        self._ask(budget, told)

    def _fit(self, budget: Budget, told: Callable[[], None]) -> None:
        for _ in range(ROUNDS):
            for row in np.flatnonzero(~self.seen).tolist():
                if budget.spent():
                    return
                if not self.seen[row]:
                    self._tailor.fit(row, budget)
                    told()

    def _ask(self, budget: Budget, told: Callable[[], None]) -> None:
        """Ask the planner, world after world, at random: in which more road maps were tried must not matter."""
        asked = 0
        for n, row in enumerate(self._order_of_worlds.tolist()):
            if not self.seen[row]:
                asked += 1
                if asked > MOST or budget.spent() or not self._asked(row, budget):
                    return
                told()
            self._gone_through = n + 1

    def _asked(self, row: int, budget: Budget) -> bool:
        """Ask the planner for a road map that stands in one world; False: that was interrupted."""
        part = budget.step(SECONDS, PART)
        task = replace(
            less(self.task, self.draws, 0, row), known=tuple(self.known[-3:]), time_limit=part.seconds(),
            work_limit=part.left(),
        )  # fmt: skip
        answer = plan(task, stop=budget.stop)
        budget.used += int(answer.provenance.run.limits["work_used"])
        if answer.provenance.run.cut == "interrupted":
            budget.stop.set()
            return False
        if isinstance(answer, Plan):
            self._tailor.learn([answer.road_map])
        self._none[row] = not isinstance(answer, Plan) and answer.outcome == "none-exists"
        return True

    def _agreed(self, road_map: RoadMap) -> Agreed:
        return agreed(self.task.case, road_map, self._order)

    def _keeps(self, road_map: RoadMap) -> bool:
        """Whether a road map does something, is in order, and keeps what must be kept at central values."""
        case, st = self.task.case, self._stakes
        if not road_map.starts or structural(case, road_map):
            return False
        values = kept(self._tables, st.completions(road_map))[0]
        return all(evaluate(x, case, road_map.starts, lambda p: self._worth(values, p))[0] for x in self._order)

    def _worth(self, values: Floats, party: str) -> Fraction:
        return Fraction(float(values[self._stakes.party_index[party]]))

    def answer(self) -> Anything:
        """What was found so far."""
        n = len(self.seen)
        gone = np.zeros(n, dtype=np.bool_)
        gone[self._order_of_worlds[: self._gone_through]] = True
        gone &= ~self._first
        none, seen = self.none & gone, self.seen & gone
        least = share(int(self.seen.sum()), n)
        counts = int(gone.sum()), int(none.sum()), int((gone & ~none & ~seen).sum())
        return Anything(self._most(least, *counts[:2]), least, n, int(self.seen.sum()), *counts)

    def _most(self, least: Estimate, searched: int, none: int) -> Estimate:
        """The share of worlds in which there may be one."""
        n, left = len(self._first), int((~self._first).sum())
        if self._gone_through == n:
            return share(n - none, n)
        if not searched:
            return Estimate(1.0, least.low, 1.0)
        unseen, without = share(left, n, SURE_OF_BOTH), share(none, searched, SURE_OF_BOTH)
        low, value, high = (1 - a * b for a, b in zip(_ends(unseen), _ends(without), strict=True))
        return Estimate(max(value, least.value), max(high, least.low), max(low, least.value))


def _shuffled(seed: int, n: int) -> Ints:
    """The numbers below ``n`` in random order."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(_ORDER, 0, 0)))).permutation(n)


def _ends(x: Estimate) -> tuple[float, float, float]:
    return x.low, x.value, x.high
