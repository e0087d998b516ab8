"""Plans that stand a stated number of errors, and what that costs: the price of robustness (Bertsimas & Sim 2004)."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

from detente.audit.origin import origin
from detente.case.road_map import RoadMap
from detente.incentives.budget.numbers import Numbers
from detente.incentives.budget.rows import rows
from detente.plan.planner import Task, Yardstick
from detente.plan.stage import Progress
from detente.plan.verb import plan
from detente.results.plan import NoPlan, Objective, Plan
from detente.results.price import Price, PricePoint
from detente.results.read_only import plain

ORDINARY_SHARE = 0.4
"""Part of the time for the plan that stands no error, which says what shares and floors are measured by."""


@dataclass(frozen=True)
class Within:
    """What a search within budgets of errors is told, and how it tells where it stands."""

    task: Task
    numbers: Numbers
    report: Callable[[float, Progress], None] | None = None
    stop: threading.Event | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    """What the numbers are called, by their paths."""

    def search(self, budget: float, share: float, known: Sequence[RoadMap], ordinary: Plan | None) -> Plan | NoPlan:
        """The best that stands ``budget`` errors, in a part of the time."""
        task, tell = self.task, self.report
        errors = rows(self.numbers, budget) if budget > 0 else None
        asked = replace(
            task, errors=errors, yardstick=None if ordinary is None else _yardstick(ordinary),
            known=(*task.known, *known),
            time_limit=None if task.time_limit is None else share * task.time_limit,
            work_limit=None if task.work_limit is None else int(share * task.work_limit),
        )  # fmt: skip
        answer = plan(asked, report=None if tell is None else lambda p: tell(budget, p), stop=self.stop)
        return _named(answer, self.names) if isinstance(answer, Plan) else answer


def _yardstick(ordinary: Plan) -> Yardstick:
    most: Mapping[str, Mapping[str, Any]] = ordinary.details.get("most_gain", {})
    return Yardstick(
        {p: float(x["value"]) for p, x in most.items()},
        {p: x["kind"] == "optimum" for p, x in most.items()},
        dict(ordinary.details.get("floors", {})),
    )


def curve(within: Within, budgets: Sequence[float]) -> dict[float, Plan | NoPlan]:
    """The best plan for each budget of errors, 0 always among them.

    Shares and floors are measured by what is best where no number is wrong, so the plans can be compared. Whatever
    stands many errors stands fewer: plans are sought from the largest budget down, each beginning with those found.
    """
    later = sorted({b for b in budgets if b > 0}, reverse=True)
    began, found = time.monotonic(), dict[float, Plan | NoPlan]()
    first = within.search(0.0, ORDINARY_SHARE if later else 1.0, (), None)
    found[0.0] = first
    if not isinstance(first, Plan):
        return found
    limit = within.task.time_limit
    for n, budget in enumerate(later):
        left = (
            1 - ORDINARY_SHARE if limit is None else max(0.0, 1 - (time.monotonic() - began) / limit) if limit else 0.0
        )
        if within.stop is not None and within.stop.is_set():
            break
        known = [x.road_map for x in found.values() if isinstance(x, Plan)]
        found[budget] = within.search(budget, left / (len(later) - n), known, first)
        if found[budget].provenance.run.cut == "interrupted":
            break
    return _no_worse(within, dict(sorted(found.items())))


def _no_worse(within: Within, found: dict[float, Plan | NoPlan]) -> dict[float, Plan | NoPlan]:
    """A plan for none that a limit left worse than one found for more errors is sought again from there."""
    first = found[0.0]
    others = [x for b, x in found.items() if b > 0 and isinstance(x, Plan)]
    sign = -1 if within.task.objective == "fast" else 1
    if isinstance(first, Plan) and any(sign * x.value > sign * first.value for x in others):
        found[0.0] = within.search(0.0, ORDINARY_SHARE, [x.road_map for x in (first, *others)], first)
    return found


def _named(answer: Plan, names: Mapping[str, str]) -> Plan:
    """With the numbers that are off where a plan is weakest called by their names."""
    told = plain(answer.details.get("budget"))
    if not told:
        return answer
    for quantity in told["weakest"]:
        for off in quantity["worst"]:
            off["name"] = names.get(off["number"], off["number"])
    return replace(answer, details={**answer.details, "budget": told})


def priced(within: Within, budgets: Sequence[float]) -> Price:
    """The same as an answer, with what is lost against no errors; what is proved of fewer errors holds of more."""
    began, task = time.monotonic(), within.task
    found = curve(within, budgets)
    first = found[0.0]
    soon, points, proved = task.objective == "fast", list[PricePoint](), first.bound
    none: NoPlan | None = None
    for errors, answer in found.items():
        lost = None
        if none is not None and isinstance(answer, NoPlan):
            answer = none  # what does not exist for fewer errors does not for more
        if isinstance(answer, NoPlan) and answer.outcome == "none-exists":
            none = answer
        if isinstance(answer, Plan):
            if proved is not None and math.isfinite(proved):
                bound = max(answer.bound, proved) if soon else min(answer.bound, proved)
                answer = replace(answer, bound=bound, gap=abs(bound - answer.value))
            proved = answer.bound
            if isinstance(first, Plan):
                lost = answer.value - first.value if soon else first.value - answer.value
        points.append(PricePoint(errors, answer, lost))
    cut = next((x.provenance.run.cut for x in found.values() if x.provenance.run.cut), None)
    limits = {"time_limit": task.time_limit, "work_limit": task.work_limit}
    provenance = origin(task.case, limits, seconds=time.monotonic() - began, cut=cut, seed=0)
    numbers, objective = within.numbers, cast(Objective, task.objective)
    return Price(objective, tuple(points), len(numbers.counted), tuple(x.path for x in numbers.left_out), provenance)
