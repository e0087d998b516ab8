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
from detente.plan.in_parts import InParts, in_parts
from detente.plan.planner import SLACK
from detente.plan.search import Search
from detente.plan.stage import Budget, Progress
from detente.plan.task import Task, Yardstick
from detente.plan.verb import plan
from detente.results.plan import NoPlan, NoPlanReason, Objective, Plan
from detente.results.price import Price, PricePoint
from detente.results.read_only import plain

ORDINARY_SHARE = 0.4
"""Part of the time for the plan that stands no error, which says what shares and floors are measured by."""
IN_PARTS_SHARE = 0.4
"""Part of what is then left for what there would be if measures could be done in part."""


@dataclass(frozen=True)
class Within:
    """What a search within budgets of errors is told, and how it tells where it stands."""

    task: Task
    numbers: Numbers
    report: Callable[[float, Progress], None] | None = None
    stop: threading.Event = field(default_factory=threading.Event)
    names: Mapping[str, str] = field(default_factory=dict)
    """What the numbers are called, by their paths."""

    def ordinary(self, share: float, known: Sequence[RoadMap], first: Plan | None = None) -> Plan | NoPlan:
        """The best that stands no error, in a part of the limits."""
        task = self.task
        asked = replace(
            task, yardstick=None if first is None else _yardstick(first), known=(*task.known, *known),
            time_limit=None if task.time_limit is None else share * task.time_limit,
            work_limit=None if task.work_limit is None else int(share * task.work_limit),
        )  # fmt: skip
        return plan(asked, report=self._telling(0.0), stop=self.stop)

    def looked_into(self, errors: float, first: Plan, budget: Budget) -> Begun:
        """What is left of ``errors`` if measures could be done in part."""
        began, yardstick = time.monotonic(), _yardstick(first)
        asked = replace(self.task, errors=rows(self.numbers, errors), yardstick=yardstick)
        search, tell = asked.search(), self._telling(errors)
        if tell is not None:
            tell(Progress("in parts", None, search.most, 0, 0, 0.0))
        at, gains = search.stakes.party_index, search.values.gains
        floors = yardstick.floors if self.task.objective == "robust" else {}
        least = [gains[at[p]].times(1 / yardstick.most[p]).at_least(v - SLACK) for p, v in floors.items()]
        return Begun(asked, search, in_parts(search, least, budget), time.monotonic() - began)

    def search(self, errors: float, begun: Begun, known: Sequence[RoadMap], budget: Budget) -> Plan | NoPlan:
        """The best that stands ``errors``, going on from what was found of it in parts."""
        asked = replace(
            begun.task, known=(*begun.task.known, *known), time_limit=budget.seconds(), work_limit=budget.left()
        )
        answer = plan(asked, report=self._telling(errors), stop=self.stop, search=begun.search)
        budget.used += int(answer.provenance.run.limits["work_used"])
        if self.task.objective == "robust":
            answer = _no_better(answer, begun.outline.bound)
        return _named(answer, self.names) if isinstance(answer, Plan) else answer

    def nothing(self, begun: Begun) -> NoPlan:
        """That nothing stands the errors, as it was proved in parts."""
        tried = (f"{count_of(begun.outline.rounds)}: nothing is left even if measures could be done in part",)
        binds = tuple(c.id for c in begun.search.must)
        limits = {"time_limit": self.task.time_limit, "work_limit": self.task.work_limit}
        provenance = origin(self.task.case, limits, seconds=begun.seconds, cut=None, seed=0)
        reason, search = NoPlanReason("none-exists", tried, binds), begun.search
        return NoPlan("none-exists", reason, self.task.aim, None, self.task.margin, search.breaches, provenance)

    def not_reached(self, first: Plan) -> NoPlan:
        """That an interrupt came before anything was sought."""
        run = replace(first.provenance.run, cut="interrupted")
        reason = NoPlanReason("interrupted", ("nothing: the search had not come to it",))
        provenance = replace(first.provenance, run=run)
        return NoPlan("unknown", reason, self.task.aim, None, self.task.margin, 0, provenance)

    def _telling(self, errors: float) -> Callable[[Progress], None] | None:
        tell = self.report
        return None if tell is None else lambda p: tell(errors, p)


@dataclass(frozen=True)
class Begun:
    """A search within one budget of errors, with the rows and the bound that came of measures done in part."""

    task: Task
    search: Search
    outline: InParts
    seconds: float


def count_of(rounds: int) -> str:
    """How often the worst points were sought, in words."""
    return f"{rounds} round{'s' * (rounds != 1)} of worst points"


def _no_better(answer: Plan | NoPlan, bound: float) -> Plan | NoPlan:
    """With a bound that is proved otherwise."""
    if isinstance(answer, Plan):
        most = max(min(answer.bound, bound), answer.value)
        return replace(answer, bound=most, gap=most - answer.value)
    if answer.outcome == "unknown":
        return replace(answer, bound=bound if answer.bound is None else min(answer.bound, bound))
    return answer


def _yardstick(ordinary: Plan) -> Yardstick:
    most: Mapping[str, Mapping[str, Any]] = ordinary.details.get("most_gain", {})
    return Yardstick(
        {p: float(x["value"]) for p, x in most.items()},
        {p: x["kind"] == "optimum" for p, x in most.items()},
        dict(ordinary.details.get("floors", {})),
    )


def curve(within: Within, budgets: Sequence[float]) -> dict[float, Plan | NoPlan]:
    """The best plan for each budget of errors, 0 always among them.

    Shares and floors are measured by what is best where no number is wrong, so the plans can be compared. What is left
    if measures could be done in part is looked into by halving: where nothing is, nothing stands more errors either.
    Whatever stands many errors stands fewer, so the plans themselves are sought from the largest budget
    down, each beginning with those found.
    """
    later, task = sorted({b for b in budgets if b > 0}), within.task
    deadline = None if task.time_limit is None else time.monotonic() + task.time_limit
    budget = Budget(deadline, task.work_limit, 0, within.stop)
    first = within.ordinary(ORDINARY_SHARE if later else 1.0, ())
    found: dict[float, Plan | NoPlan] = {0.0: first}
    budget.used += int(first.provenance.run.limits["work_used"])
    if not isinstance(first, Plan):
        return found
    try:
        if first.provenance.run.cut != "interrupted":
            _fill(within, later, first, budget, found)
    except KeyboardInterrupt:
        within.stop.set()
    found |= {errors: within.not_reached(first) for errors in later if errors not in found}
    return _no_worse(within, dict(sorted(found.items())))


def _fill(
    within: Within, later: Sequence[float], first: Plan, budget: Budget, found: dict[float, Plan | NoPlan]
) -> None:
    """The answers for the budgets ``later``, smallest first; into ``found``."""
    part = budget.part(IN_PARTS_SHARE)
    begun, many = _halved(within, later, first, part, found)
    budget.charge(part)
    for n, errors in enumerate(reversed(later[:many])):
        if within.stop.is_set():
            return
        own = budget.part(1 / (many - n))
        if errors not in begun:
            part = own.part(IN_PARTS_SHARE)
            begun[errors] = within.looked_into(errors, first, part)
            own.charge(part)
        known = [x.road_map for x in found.values() if isinstance(x, Plan)]
        here = begun.pop(errors)
        found[errors] = within.nothing(here) if here.outline.none else within.search(errors, here, known, own)
        budget.charge(own)


def _halved(
    within: Within, later: Sequence[float], first: Plan, budget: Budget, found: dict[float, Plan | NoPlan]
) -> tuple[dict[float, Begun], int]:
    """From how many errors on it is proved that nothing is left, by halving; what stands fewer is still to be sought.

    The answers so proved go into ``found``; returned are searches begun on the way, and how many budgets are open.
    """
    begun: dict[float, Begun] = {}
    low, high = 0, len(later)
    while low < high and not budget.spent():
        middle = (low + high) // 2
        part = budget.part(1 / (high - low).bit_length())
        here = within.looked_into(later[middle], first, part)
        budget.charge(part)
        if here.outline.none:
            found |= dict.fromkeys(later[middle:high], within.nothing(here))
            high = middle
        else:
            begun[later[middle]], low = here, middle + 1
    return begun, high


def _no_worse(within: Within, found: dict[float, Plan | NoPlan]) -> dict[float, Plan | NoPlan]:
    """A plan for none that a limit left worse than one found for more errors is sought again from there."""
    first = found[0.0]
    others = [x for b, x in found.items() if b > 0 and isinstance(x, Plan) and not within.stop.is_set()]
    sign = -1 if within.task.objective == "fast" else 1
    if isinstance(first, Plan) and any(sign * x.value > sign * first.value for x in others):
        found[0.0] = within.ordinary(ORDINARY_SHARE, [x.road_map for x in (first, *others)], first)
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
        if isinstance(answer, NoPlan) and answer.outcome == "unknown" and not soon:
            answer = _no_better(answer, math.inf if proved is None else proved)
            proved = answer.bound
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
