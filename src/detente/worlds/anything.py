"""In how many worlds is there any road map at all that does something, is signed and holds?

No road map can stand in more of them, so that their share bounds what a plan can reach. A world in which some road map
was seen to stand needs no search; in the others the planner looks for one. It asks for less than a plan does, so that
the bound is one: no margin, no votes, and of what must be kept only what delays cannot break.
"""

from __future__ import annotations

import numpy as np

from detente.case.clauses import ByTime, ShareAtLeast, ValueAtLeast, term_of
from detente.case.draws import Draws
from detente.case.resolved import ResolvedCase
from detente.case.road_map import RoadMap
from detente.case.stakes import Bools, stakes
from detente.plan.aims import Closest
from detente.plan.conditions import conditions
from detente.plan.planner import Task
from detente.plan.stage import Budget
from detente.plan.verb import plan
from detente.results.in_worlds import Anything
from detente.results.plan import Plan
from detente.worlds.tally import share

SECONDS, PART = 4.0, 1 / 16
"""What the search in one world may take: seconds, or a part of the work that is left where that is the limit."""


class Anywhere:
    """Looks at the first worlds of chunk 0, one after the other."""

    def __init__(self, draws: Draws, task: Task, n: int) -> None:
        self.draws, self.task, self.n = draws, task, n
        self._drawn = draws.chunk(0)
        self._waived = frozenset(c.name for c in conditions(task.case, task.keep) if not _lasting(task.case, c.name))
        self.found: list[RoadMap] = []
        """Road maps that stand in some world."""
        self.looked = self.none = self.unknown = 0

    def look(self, seen: Bools, budget: Budget) -> None:
        """``seen`` (n,): in which worlds some road map was seen to stand."""
        for row in range(self.looked, self.n):
            if budget.stop.is_set() or (budget.spent() and not seen[row]):
                return
            if not seen[row]:
                self._search(row, budget)
            self.looked += 1

    def _search(self, row: int, budget: Budget) -> None:
        world = self.draws.resolved(self._drawn, row)
        part = budget.step(SECONDS, PART)
        task = Task(
            world, _something(world), margin=0.0, keep=self.task.keep, waived=self._waived,
            known=tuple(self.found[-3:]), time_limit=part.seconds(), work_limit=part.left(),
        )  # fmt: skip
        answer = plan(task, stop=budget.stop)
        budget.used += int(answer.provenance.run.limits["work_used"])
        if answer.provenance.run.cut == "interrupted":
            budget.stop.set()
        if isinstance(answer, Plan):
            self.found.append(answer.road_map)
        elif answer.outcome == "none-exists":
            self.none += 1
        else:
            self.unknown += 1

    def answer(self) -> Anything:
        """What was found so far."""
        n = max(self.looked, 1)
        return Anything(share(n - self.none, n), self.looked, self.none, self.unknown)


def _lasting(case: ResolvedCase, name: str) -> bool:
    """Whether a condition is one that a road map of the case has in every world in which it stands."""
    kind, _, _ = name.partition(":")
    if kind in ("signs", "stays"):
        return True
    clause = next((c for c in case.clauses if c.id == name), None)
    return clause is not None and not isinstance(term_of(clause, case), ByTime | ShareAtLeast | ValueAtLeast)


def _something(case: ResolvedCase) -> Closest:
    """Any road map with a step."""
    st = stakes(case)
    free = tuple(int(k) for k in np.flatnonzero((st.owner >= 0) & ~np.asarray(st.done)))
    return Closest(np.zeros((len(st.measures), st.periods + 1)), {}, (free,))
