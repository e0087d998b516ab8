"""The verb of the planner."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from numbers import Real
from types import NoneType
from typing import TYPE_CHECKING

from detente.api.arguments import PLAN_SECONDS, Arguments, clock, listed
from detente.api.reading import CaseLike, resolve
from detente.results.plan import NoPlan, Objective, Plan

if TYPE_CHECKING:
    from detente.plan.stage import Progress


def plan(
    case: CaseLike,
    objective: Objective = "robust",
    *,
    goal: str | None = None,
    floor: float = 0.5,
    margin: float = 0.001,
    keep: str | Sequence[str] = (),
    time_limit: float | None = PLAN_SECONDS,
    work_limit: int | None = None,
    report: Callable[[Progress], None] | None = None,
    stop: threading.Event | None = None,
) -> Plan | NoPlan:
    """The best certified road map for an objective, or none with the reason.

    ``goal`` names what ``fast`` is to reach; ``floor`` is the part of its fair share that ``robust`` leaves each
    principal; ``margin`` is asked of every breach that is not vacuous, as a part of each party's scale. The limits are
    in seconds of the clock (60 unless a work limit is given) and in steps of the search (None: without limit); only a
    run cut by the latter can be repeated. ``report`` hears of progress; setting ``stop`` ends the search with the best
    found so far.
    """
    from detente.plan.asked import check
    from detente.plan.planner import Task
    from detente.plan.verb import plan as work

    given = Arguments()
    given.kind("objective", objective, str, "the name of an objective")
    given.kind("goal", goal, (str, NoneType), "the name of a goal")
    given.names("keep", keep, "names of clauses, positions, goals or proposals")
    for name, number in (("floor", floor), ("margin", margin)):
        given.kind(name, number, Real, "a number")
    for name, limit in (("time_limit", time_limit), ("work_limit", work_limit)):
        given.kind(name, limit, (Real, NoneType), "a number or None")
    given.check()
    resolved = resolve(case)
    time_limit = clock(time_limit, work_limit, PLAN_SECONDS)
    task = Task(resolved, objective, goal, floor, margin, listed(keep), time_limit, work_limit)
    check(task)
    return work(task, report=report, stop=stop)
