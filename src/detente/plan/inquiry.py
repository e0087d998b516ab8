"""Which conditions of a case can hold together: asked of the planner again and again, every answer remembered.

What is asked is whether there is a certified road map if only some of the conditions need hold. A road map that is
found, and all that it satisfies, answers many such questions; so does a set of conditions that is proved impossible.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from detente.audit.findings.signing import binding
from detente.audit.grounds import grounds
from detente.case.resolved import ResolvedCase
from detente.case.road_map import RoadMap
from detente.plan.aims import AnyCertified
from detente.plan.conditions import Waived, conditions
from detente.plan.held import held
from detente.plan.rules import Rules
from detente.plan.search import Search
from detente.plan.solver import Limits, contradiction
from detente.plan.stage import Budget
from detente.plan.task import Task
from detente.plan.verb import plan
from detente.results.plan import Plan

Names = frozenset[str]

HINT = (2.0, 0.05)
"""Seconds, or the share of the work left, that the proof of a hint may take."""

FEW = 12
"""Of so many conditions no hint is sought: leaving out one after the other is as quick."""

LATELY = 5
"""As many answers say how long one takes, on this case and on this machine as busy as it is."""


@dataclass(frozen=True)
class Reply:
    """``plan``: a road map that is certified under the conditions; ``none``: it is proved that there is none;
    ``unknown``: a limit was reached."""

    outcome: Literal["plan", "none", "unknown"]
    road_map: RoadMap | None = None


class Inquiry:
    """Questions about one case, the clauses of ``keep`` among what is asked for, at a margin."""

    def __init__(
        self,
        case: ResolvedCase,
        keep: Sequence[str] = (),
        *,
        margin: float = 0.001,
        tell: Callable[[str], None] = lambda text: None,
    ) -> None:
        self.case, self.keep, self.margin, self.tell = case, tuple(keep), margin, tell
        self.conditions = conditions(case, keep)
        self.every: Names = frozenset(c.name for c in self.conditions)
        self.grounds = grounds(case)
        self.rules = Rules(self.grounds.stakes, margin)
        self.held: dict[RoadMap, Names] = {}
        """Road maps seen so far, and the conditions that each satisfies."""
        self.clashes: list[Names] = []
        """Sets of conditions that are proved impossible; none holds another."""
        self.asked = 0
        """Questions that needed a search."""
        self.took: list[float] = []
        """Seconds that each search took that came to an answer."""
        for road_map in (RoadMap(), *(RoadMap(starts) for starts in case.road_maps.values())):
            self.note(road_map)

    def note(self, road_map: RoadMap) -> Names:
        """What a road map satisfies; remembered."""
        if road_map not in self.held:
            self.held[road_map] = held(self.grounds, road_map, self.margin, self.conditions)
        return self.held[road_map]

    def witness(self, names: Names) -> RoadMap | None:
        """A road map seen so far that satisfies all of these."""
        return next((rm for rm, satisfied in self.held.items() if names <= satisfied), None)

    def ask(self, names: Names, budget: Budget) -> Reply:
        """Whether there is a certified road map if only these need hold."""
        known = self.witness(names)
        if known is not None:
            return Reply("plan", known)
        if any(clash <= names for clash in self.clashes):
            return Reply("none")
        return Reply("unknown") if budget.spent() else self._search(names, budget)

    def step(self, budget: Budget, seconds: float, share: float) -> Budget:
        """A small part of a budget for one question; more seconds where answers have lately taken longer."""
        return budget.step(max(seconds, 2 * max(self.took[-LATELY:], default=0.0)), share)

    def _search(self, names: Names, budget: Budget) -> Reply:
        self.asked += 1
        began = time.monotonic()
        task = Task(
            self.case, AnyCertified(), margin=self.margin, keep=self.keep, waived=self.every - names,
            time_limit=budget.seconds(), work_limit=budget.left(),
        )  # fmt: skip
        found = plan(task, search=self.search(names), stop=budget.stop)
        budget.used += int(found.provenance.run.limits["work_used"])
        if isinstance(found, Plan) or found.outcome == "none-exists":
            self.took.append(time.monotonic() - began)
        if isinstance(found, Plan):
            satisfied = self.note(found.road_map)
            return Reply("plan", found.road_map) if names <= satisfied else Reply("unknown")
        if found.outcome == "unknown":
            return Reply("unknown")
        self.clashes = [*(clash for clash in self.clashes if not names <= clash), names]
        return Reply("none")

    def search(self, names: Names) -> Search:
        """What a search begins with if only these conditions need hold."""
        stakes = self.grounds.stakes
        waived = Waived.of(stakes, self.every - names)
        return Search(stakes, self.margin, binding(self.case, self.keep), waived, self.rules)

    def core(self, names: Names, budget: Budget) -> Names:
        """Fewer of these conditions, impossible already, of a set proved impossible; the same where none are found.

        What contradicts itself in the linear relaxation is only a hint: it counts once the planner has proved it.
        """
        while len(names) > FEW and not budget.spent():
            search = self.search(names)
            owner: list[str | None] = [None] * len(self.rules.model.rows)
            owner += [name for name, rows in search.binding.items() for _ in rows]
            named = {owner[row] for row in contradiction(search.model, Limits(budget.deadline, stop=budget.stop))}
            few = frozenset(name for name in named if name is not None)
            part = self.step(budget, *HINT)
            if not named or few == names or self.ask(few, part).outcome != "none":
                break
            budget.charge(part)
            names = few
        return names
