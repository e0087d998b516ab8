"""What is asked of the planner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from detente.audit.findings.signing import binding
from detente.case.resolved import Clause, ResolvedCase
from detente.case.road_map import RoadMap
from detente.case.stakes import stakes
from detente.incentives.budget.rows import Rows as Errors
from detente.plan.aims import Aim
from detente.plan.conditions import Waived
from detente.plan.search import Search
from detente.results.plan import Objective, Sought


@dataclass(frozen=True)
class Yardstick:
    """The most that each principal could gain, by name, and the share of it that ``robust`` leaves it."""

    most: Mapping[str, float]
    proved: Mapping[str, bool]
    floors: Mapping[str, float]


@dataclass(frozen=True)
class Task:
    """What is asked of the planner."""

    case: ResolvedCase
    objective: Objective | Aim = "robust"
    goal: str | None = None
    floor: float = 0.5
    margin: float = 0.001
    keep: tuple[str, ...] = ()
    time_limit: float | None = 60.0
    work_limit: int | None = None
    least: Mapping[str, float] = field(default_factory=dict)
    """The least U_i - R_i that parties must get, in their own units."""
    waived: frozenset[str] = frozenset()
    """Names of conditions that need not hold (see :mod:`detente.plan.conditions`)."""
    known: tuple[RoadMap, ...] = ()
    """Road maps to begin with; those that do not fit are passed over."""
    errors: Errors | None = None
    """The numbers that may be wrong, and how many of them; None: all are right."""
    yardstick: Yardstick | None = None
    """What shares and floors are measured by, if that is settled beforehand."""

    @property
    def aim(self) -> Sought:
        """What is sought, in a word."""
        return self.objective if isinstance(self.objective, str) else self.objective.name

    def search(self) -> Search:
        """What a search for this task begins with; tasks that differ only in what they aim at may share one."""
        st = stakes(self.case)
        return Search(st, self.margin, binding(self.case, self.keep), Waived.of(st, self.waived), errors=self.errors)


def wishes(task: Task) -> list[Clause]:
    """The ``want`` clauses that count: all but those of proposals that are not to be kept."""
    named = {c.id for c in task.case.clauses if c.kind != "proposal" or c.of in task.keep or c.id in task.keep}
    return [c for c in task.case.clauses if c.strength == "want" and c.id in named]
