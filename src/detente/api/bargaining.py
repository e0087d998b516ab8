"""Verbs of bargaining: proposals compared, the frontier, the gap between positions, what is left afterwards."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from types import NoneType

from detente.api.arguments import FRONTIER_SECONDS, PLAN_SECONDS, Arguments, clock, listed
from detente.api.reading import CaseLike, RoadMapLike, load, load_road_map, resolve
from detente.results.afterwards import Afterwards
from detente.results.compare import Comparison
from detente.results.frontier import Frontier
from detente.results.gap import Gap
from detente.results.plan import NoPlan, Objective, Plan


def compare(
    case: CaseLike,
    *,
    proposals: str | Sequence[str] | None = None,
    plan: Plan | NoPlan | None = None,
    draws: int = 300,
    seed: int = 0,
    time_limit: float | None = 10.0,
    plan_limit: float | None = 60.0,
    work_limit: int | None = None,
    workers: int = 1,
    report: Callable[[str], None] | None = None,
) -> Comparison:
    """All proposals (or those named) in every reading, judged, beside the planner's road map (``plan``, or a new one).

    Each is also judged in ``draws`` possible worlds. ``time_limit`` (seconds) and ``work_limit`` are for the best
    certified reading of each proposal, ``plan_limit`` for a new plan. With several ``workers`` processes are started;
    in a script that needs the usual ``if __name__ == "__main__"``. ``report`` hears what has been done.
    """
    from detente.bargain.compare import Asked
    from detente.bargain.compare import compare as work
    from detente.report.from_case import named

    given = Arguments()
    given.names("proposals", () if proposals is None else proposals, "names of proposals, or None for all")
    given.kind("plan", plan, (Plan, NoPlan, NoneType), "what plan returned, or None for a new one")
    given.drawing(draws, seed, workers, time_limit=time_limit, plan_limit=plan_limit, work_limit=work_limit)
    given.check()
    loaded = load(case)
    resolve(loaded)
    chosen = None if proposals is None else listed(proposals)
    asked = Asked(chosen, draws, seed, time_limit, plan_limit, work_limit, workers=workers)
    return named(work(loaded, plan, asked, report), loaded)


def frontier(
    case: CaseLike,
    parties: str | Sequence[str] = (),
    *,
    points: int | None = None,
    margin: float = 0.001,
    keep: str | Sequence[str] = (),
    time_limit: float | None = FRONTIER_SECONDS,
    work_limit: int | None = None,
    report: Callable[[str], None] | None = None,
    stop: threading.Event | None = None,
) -> Frontier:
    """All trade-offs between parties: certified road maps of which none gives all of them more, and what they offer.

    Between two parties (all principals with something at stake, if none is named) points are sought until it is
    proved that there are no others, or there are so many ``points``, or a limit is reached; between more than two they
    are a sample. Gains are U - R at the common discount, in each party's own units. ``margin`` and ``keep`` as in
    :func:`plan`; ``time_limit`` (seconds) and ``work_limit`` are for all of it. ``report`` hears what is being done;
    setting ``stop`` ends the search with what was found so far.
    """
    from detente.bargain.frontier import Asked
    from detente.bargain.frontier import frontier as work

    given = Arguments()
    given.names("parties", parties, "names of parties")
    given.number("points", points, 1, whole=True, none=True)
    given.number("margin", margin)
    given.names("keep", keep, "names of clauses, positions, goals or proposals")
    given.number("time_limit", time_limit, none=True)
    given.number("work_limit", work_limit, whole=True, none=True)
    given.check()
    loaded = load(case)
    resolve(loaded)
    time_limit = clock(time_limit, work_limit, FRONTIER_SECONDS)
    asked = Asked(listed(parties), points, margin, listed(keep), time_limit, work_limit)
    return work(loaded, asked, report, stop)


def gap(
    case: CaseLike,
    between: Sequence[str] = (),
    *,
    margin: float = 0.001,
    time_limit: float | None = PLAN_SECONDS,
    work_limit: int | None = None,
    report: Callable[[str], None] | None = None,
    stop: threading.Event | None = None,
) -> Gap:
    """How far two positions or proposals lie apart, what each is worth to each side, and what cannot all stand.

    ``between`` names them; where silent they are the latest positions of the two principals, or the latest proposals
    of those without one. The limits (60 seconds unless a work limit is given) are for all searches together;
    ``report`` hears what is being done; setting ``stop`` ends it with what is known by then.
    """
    from detente.bargain.gap import Asked
    from detente.bargain.gap import gap as work

    given = Arguments()
    given.names("between", between, "names of two positions or proposals")
    given.searching(margin, time_limit, work_limit)
    given.check()
    loaded = load(case)
    resolve(loaded)
    time_limit = clock(time_limit, work_limit, PLAN_SECONDS)
    return work(loaded, Asked(listed(between), margin, time_limit, work_limit), report, stop)


def afterwards(
    case: CaseLike,
    road_map: RoadMapLike,
    *,
    objective: Objective = "robust",
    margin: float = 0.001,
    time_limit: float | None = PLAN_SECONDS,
    work_limit: int | None = None,
    report: Callable[[str], None] | None = None,
    stop: threading.Event | None = None,
) -> Afterwards:
    """What is left once a road map has been carried out: does it open the way to more, or use up the leverage?

    For each principal: the most that certified road maps can still give it from the end on, beside the most it could
    get from the beginning, both with proven bounds; what each side still has to give; and a road map to go on with, for
    ``objective``. The limits, in seconds and in steps of the search, are for all of it. ``report`` hears what is being
    done; setting ``stop`` ends the search with what was found so far.
    """
    from detente.bargain.afterwards import Asked
    from detente.bargain.afterwards import afterwards as work
    from detente.plan.asked import check
    from detente.plan.task import Task

    given = Arguments()
    given.kind("objective", objective, str, "the name of an objective")
    given.searching(margin, time_limit, work_limit)
    given.check()
    resolved = resolve(case)
    time_limit = clock(time_limit, work_limit, PLAN_SECONDS)
    check(Task(resolved, objective, margin=margin))
    told = work(resolved, load_road_map(road_map, case), Asked(objective, margin, time_limit, work_limit), report, stop)
    resolve(told.to_dict()["case"])
    return told
