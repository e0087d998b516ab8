"""The planner's verb: the best certified road map for an objective, with a proven bound (model §10)."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from typing import Any

from detente.audit.judge import audit
from detente.audit.origin import origin
from detente.audit.structure import structural
from detente.case.clauses import ValueAtLeast, evaluate, term_of
from detente.case.road_map import RoadMap
from detente.incentives.budget.points import resolved_at, worst_point
from detente.plan.aims import Closest, MostFor
from detente.plan.planner import LEAST_GAIN, Planner
from detente.plan.scout import Sighting
from detente.plan.search import Search
from detente.plan.solver import Status
from detente.plan.stage import Budget, Progress
from detente.plan.stands import told
from detente.plan.task import Task, wishes
from detente.results.audit import Audit
from detente.results.plan import NoPlan, NoPlanReason, Plan
from detente.results.provenance import Provenance

MOST_REJECTED = 50
"""Candidates the auditor may turn down before the planner says that a limit was reached."""


def plan(
    task: Task,
    *,
    report: Callable[[Progress], None] | None = None,
    stop: threading.Event | None = None,
    search: Search | None = None,
) -> Plan | NoPlan:
    """The best certified road map, or none with the reason; see :class:`Task` for what can be asked.

    ``report`` is called as the search goes on. Setting ``stop``, or an interrupt from the keyboard, ends it with the
    best certified road map so far. ``search``: what searches for tasks with the same case, margin and conditions have
    learnt (from :meth:`Task.search`), to go on from.
    """
    began = time.monotonic()
    deadline = None if task.time_limit is None else began + task.time_limit
    budget = Budget(deadline, task.work_limit, 0, stop or threading.Event())
    search = search or task.search()
    search.report = report
    planner = Planner(task, budget, search)
    interrupted = False
    try:
        _offer(planner)
        planner.work()
    except KeyboardInterrupt:
        interrupted = True
        budget.stop.set()
    for _ in range(MOST_REJECTED):
        best = _candidate(planner)
        if best is None:
            break
        judged, certified = planner.judged(best)
        planner.unsure = planner.unsure or certified is None
        if certified and _stands(planner, best):
            return _plan(planner, best, judged, _provenance(planner, began, interrupted))
        planner.search.reject(best.road_map)
        if not budget.spent() and not interrupted:
            planner.work()
    return _no_plan(planner, interrupted, _provenance(planner, began, interrupted))


def _offer(planner: Planner) -> None:
    """Let the search begin with what lies at hand: the empty road map, and those of the case that keep the rules."""
    case = planner.task.case
    for road_map in (RoadMap(), *(RoadMap(starts) for starts in case.road_maps.values()), *planner.task.known):
        if not structural(case, road_map) and _keeps(planner, road_map):
            planner.search.look(road_map, planner.task.margin)


def _stands(planner: Planner, best: Sighting) -> bool:
    """Whether the auditor finds that a plan within a budget of errors holds at the worst point of each party too."""
    if planner.search.guard is None:
        return True
    errors = planner.search.guard.rows
    for q in planner.search.guard.weakest(best):
        point = worst_point(errors, q.party, q.values)
        party = planner.stakes.parties[q.party]
        found = audit(resolved_at(errors, point), best.road_map, cures=False).findings if point.steps else ()
        if any(f.party == party and f.kind in ("tempted", "would-not-sign") for f in found):
            return False
    return True


def _keeps(planner: Planner, road_map: RoadMap) -> bool:
    case = planner.task.case
    terms = [term_of(c, case) for c in planner.search.must]
    if any(isinstance(x, ValueAtLeast) for x in terms):
        return False
    return all(evaluate(x, case, road_map.starts)[0] for x in terms)


def _candidate(planner: Planner) -> Sighting | None:
    """The best road map of the stage asked for; before that stage was reached, any that gives each its least."""
    best = planner.result.best if planner.result is not None else None
    if best is not None and best.road_map in planner.search.passed:
        return best
    fits = [s for s in planner.search.passed.values() if planner.fits(s)]
    key = planner.stage.value if planner.stage is not None else lambda s: s.least
    return max(fits, key=key, default=None)


def _plan(planner: Planner, best: Sighting, judged: Audit, provenance: Provenance) -> Plan:
    task, result, stage = planner.task, planner.result, planner.stage
    value = stage.value(best) if stage is not None else float("nan")
    bound = result.bound if result is not None else float("inf")
    if task.objective == "robust":
        counted = judged.least_counted
        most = planner.search.most
        value = min(counted.relative, most) if counted is not None and counted.relative is not None else most
        value = value if planner.search.guard is None else planner.search.least(best)
    if task.objective == "fast" or isinstance(task.objective, Closest):
        most = task.case.periods if task.objective == "fast" else 0.0
        value, bound = most - value, most - bound
        if task.objective == "fast" and math.isfinite(bound):
            bound = float(math.ceil(bound - 1e-6))
        return _made(planner, best, judged, provenance, value, min(bound, value), max(0.0, value - bound))
    if isinstance(task.objective, MostFor):
        unit = _unit(planner, task.objective)
        value, bound = value * unit, bound * unit
    return _made(planner, best, judged, provenance, value, max(bound, value), max(0.0, bound - value))


def _unit(planner: Planner, aim: MostFor) -> float:
    """The scale that the search counts a party's gains in."""
    return float(planner.search.values.scale[planner.stakes.party_index[aim.party]])


def _made(
    planner: Planner, best: Sighting, judged: Audit, provenance: Provenance, value: float, bound: float, gap: float
) -> Plan:
    task = planner.task
    return Plan(
        road_map=RoadMap(best.road_map.starts, f"plan:{task.aim}"),
        objective=task.aim,
        value=value,
        bound=bound,
        gap=gap,
        margin_required=task.margin,
        audit=judged,
        breaches_added=planner.search.breaches,
        provenance=provenance,
        details=_details(planner, best, judged),
    )


def _details(planner: Planner, best: Sighting, judged: Audit) -> dict[str, Any]:
    """What else a reader needs: shares, the most that each could get, and the floors that bound the objective."""
    names = planner.stakes.parties
    most = {i: g for i, g in planner.shares.best.items() if math.isfinite(g)}
    out: dict[str, Any] = {
        "most_gain": {
            names[i]: {"value": g, "kind": "optimum" if planner.shares.proved[i] else "bound"} for i, g in most.items()
        },
        "shares": {names[i]: float(best.gains[i]) / g for i, g in most.items() if g > 0},
    }
    wished = wishes(planner.task)
    if wished:
        held = {c.id: c.holds for c in judged.clauses}
        kept = [c for c in wished if held[c.id]]
        out["wishes"] = {"kept": float(sum(c.weight for c in kept)), "of": float(sum(c.weight for c in wished))}
    if planner.floors:
        out["floors"] = {names[i]: v for i, v in planner.floors.items()}
    if planner.floors_open:
        out["floors_open"] = True
    if planner.search.guard is not None:
        out["budget"] = told(planner.search.guard, best)
    if planner.task.goal:
        out["goal"] = planner.task.goal
    return out


def _no_plan(planner: Planner, interrupted: bool, provenance: Provenance) -> NoPlan:
    task, result = planner.task, planner.result
    proved = result is not None and result.status is Status.INFEASIBLE and not planner.unsure
    tried = (
        f"{len(planner.search.seen)} road maps looked at",
        f"{planner.search.breaches} ways to gain by leaving found on them and ruled out",
        f"{planner.budget.used} units of work",
        *(("a road map of which the auditor could not say whether it holds",) if planner.unsure else ()),
    )
    binds = tuple(c.id for c in planner.search.must)
    if planner.stage is not None and task.objective == "nash":
        binds = (*binds, f"each principal gains at least {LEAST_GAIN:g} of its scale")
    if proved and not interrupted:
        reason = NoPlanReason("none-exists", tried, binds)
        return NoPlan("none-exists", reason, task.aim, None, task.margin, planner.search.breaches, provenance)
    bound = result.bound if result is not None else None
    if bound is not None and isinstance(task.objective, MostFor):
        bound *= _unit(planner, task.objective)
    reason = NoPlanReason("interrupted" if interrupted else "limit", tried)
    return NoPlan("unknown", reason, task.aim, bound, task.margin, planner.search.breaches, provenance)


def _provenance(planner: Planner, began: float, interrupted: bool) -> Provenance:
    task = planner.task
    cut = None
    if planner.result is None or planner.result.status is Status.STOPPED or planner.floors_open:
        cut = "work-limit" if task.work_limit is not None and task.time_limit is None else "clock"
    limits = {"time_limit": task.time_limit, "work_limit": task.work_limit, "work_used": planner.budget.used}
    cut = "interrupted" if interrupted else cut
    return origin(task.case, limits, seconds=time.monotonic() - began, cut=cut, seed=0)
