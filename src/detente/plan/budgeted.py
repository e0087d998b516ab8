"""Plans that stand a stated number of errors, and what that costs: the price of robustness (Bertsimas & Sim 2004)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from detente.case.road_map import RoadMap
from detente.incentives.budget.numbers import Numbers
from detente.incentives.budget.rows import rows
from detente.plan.planner import Task, Yardstick
from detente.plan.stage import Progress
from detente.plan.verb import plan
from detente.results.plan import NoPlan, Plan

ORDINARY_SHARE = 0.4
"""Part of the time for the plan that stands no error, which says what shares and floors are measured by."""


@dataclass(frozen=True)
class Within:
    """What a search within budgets of errors is told, and how it tells where it stands."""

    task: Task
    numbers: Numbers
    report: Callable[[float, Progress], None] | None = None
    stop: threading.Event | None = None

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
        return plan(asked, report=None if tell is None else lambda p: tell(budget, p), stop=self.stop)


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
    return dict(sorted(found.items()))
