"""In how many worlds is there any road map at all that does something, is signed and holds?

No road map can stand in more of them, so that their share bounds what a plan can reach. A world in which some road map
was seen to stand needs no search; of the others the first ones are searched by the planner, and tell of the rest. It
asks for less than a plan does, so that the bound is one: no margin, no floors, no votes; of what must be kept only what
delays cannot break; and that a party stays only where later governments change nothing for it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from detente.case.clauses import ByTime, ShareAtLeast, ValueAtLeast, term_of
from detente.case.draws import Draws
from detente.case.resolved import ResolvedCase
from detente.case.road_map import RoadMap
from detente.case.stakes import Bools, Stakes, stakes
from detente.incentives.tables import tables
from detente.plan.aims import Closest
from detente.plan.conditions import conditions
from detente.plan.planner import Task
from detente.plan.stage import Budget
from detente.plan.verb import plan
from detente.results.estimates import Estimate
from detente.results.in_worlds import Anything
from detente.results.plan import Plan
from detente.worlds.tally import share

SECONDS, PART = 5.0, 1 / 16
"""What the search in one world may take: seconds, or a part of the work that is left where that is the limit."""
MOST = 96
"""Worlds that are searched at most."""
SURE_OF_BOTH = 2.2414
"""Each of two shares lies beyond its interval in 1 of 40 samples, so their product in no more than 1 of 20."""


class Anywhere:
    """Searches the first worlds of chunk 0 in which nothing was seen to stand, one after the other."""

    def __init__(self, draws: Draws, task: Task) -> None:
        self.draws, self.task = draws, task
        self._drawn = draws.chunk(0)
        self._waived = frozenset(c.name for c in conditions(task.case, task.keep) if not _lasting(task.case, c.name))
        self.found: list[RoadMap] = []
        """Road maps that stand in some world, were it not for later governments."""
        self.looked = self.seen = self.searched = self.none = self.unknown = 0

    def look(self, seen: Bools, budget: Budget) -> None:
        """``seen`` (n,): in which worlds some road map was seen to stand."""
        self.looked, self.seen = len(seen), int(seen.sum())
        for row in np.flatnonzero(~seen)[:MOST].tolist():
            if budget.spent():
                return
            self._search(row, budget)

    def _search(self, row: int, budget: Budget) -> None:
        world = self.draws.resolved(self._drawn, row)
        part = budget.step(SECONDS, PART)
        task = Task(
            world, _something(world), margin=0.0, keep=self.task.keep, waived=self._waived | self._unsettled(row),
            known=tuple(self.found[-3:]), time_limit=part.seconds(), work_limit=part.left(),
        )  # fmt: skip
        answer = plan(task, stop=budget.stop)
        budget.used += int(answer.provenance.run.limits["work_used"])
        if answer.provenance.run.cut == "interrupted":
            budget.stop.set()
            return
        self.searched += 1
        if isinstance(answer, Plan):
            self.found.append(answer.road_map)
        elif answer.outcome == "none-exists":
            self.none += 1
        else:
            self.unknown += 1

    def _unsettled(self, row: int) -> set[str]:
        """That those stay for whom a later government changes something."""
        first, *later = [
            stakes(self.draws.resolved(self._drawn, row, regime))
            for regime in range(len(self.draws.variants[self._drawn.variant[row]].options))
        ]
        return {f"stays:{p}" for i, p in enumerate(first.parties) if not all(_same(first, x, i) for x in later)}

    def answer(self) -> Anything:
        """What was found so far."""
        return Anything(self._share(), self.looked, self.seen, self.searched, self.none, self.unknown)

    def _share(self) -> Estimate:
        if not self.searched:
            return Estimate(1.0, self.seen / self.looked if self.looked else 0.0, 1.0)
        unseen, without = (
            share(part, of, SURE_OF_BOTH)
            for part, of in ((self.looked - self.seen, self.looked), (self.none, self.searched))
        )
        low, value, high = (a * b for a, b in zip(_ends(unseen), _ends(without), strict=True))
        return Estimate(1 - value, 1 - high, 1 - low)


def _ends(x: Estimate) -> tuple[float, float, float]:
    return x.low, x.value, x.high


def _same(a: Stakes, b: Stakes, i: int) -> bool:
    """Whether all that party i's incentives rest on is alike in two cases of the same structure."""
    one, two = tables(a), tables(b)
    mine = [(x.worth[i], x.post[i], x.background[i], x.undone, x.stakes.exit_cost[i]) for x in (one, two)]
    shared: Sequence[str] = (
        "takes",
        "undo_takes",
        "undo_cost",
        "undo_chance",
        "residual",
        "lag",
        "detect_base",
        "withdrawal",
    )
    numbers = [[getattr(s, name) for name in shared] + [s.once[i], s.during[i], s.discount[i]] for s in (a, b)]
    rules = [[(x.by, x.against, x.delay, x.lasts, x.counts, x.flow[i], x.once[i]) for x in s.sticks] for s in (a, b)]
    same = all(np.array_equal(x, y) for x, y in zip((*mine[0], *numbers[0]), (*mine[1], *numbers[1]), strict=True))
    return same and a.access == b.access and rules[0] == rules[1]


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
