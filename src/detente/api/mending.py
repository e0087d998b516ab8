"""Verbs of mending: why nothing holds, what a text lacks, and for which numbers it would hold."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from numbers import Real
from types import NoneType
from typing import Any

from detente.api.arguments import PLAN_SECONDS, ROAD_MAPS, SOURCES, THRESHOLD_SECONDS, Arguments, clock, listed
from detente.api.reading import CaseLike, RoadMapLike, load, load_road_map, resolve, written
from detente.case.road_map import RoadMap
from detente.case.road_maps import GeneralProposal
from detente.errors import Diagnostic
from detente.results.audit import Audit
from detente.results.explain import Explanation
from detente.results.plan import Objective, Plan
from detente.results.repair import Repair
from detente.results.threshold import Threshold

Value = str | float
"""A value of a number of a case: ``0.1``, ``"0.1 a year"``, ``"6 months"``."""


def explain(
    case: CaseLike,
    *,
    keep: str | Sequence[str] = (),
    margin: float = 0.001,
    objective: Objective = "robust",
    ways: int = 5,
    time_limit: float | None = PLAN_SECONDS,
    work_limit: int | None = None,
    report: Callable[[str], None] | None = None,
    stop: threading.Event | None = None,
) -> Explanation:
    """Why no certified road map keeps what is asked: a minimal conflict, and up to so many ``ways`` to relax it.

    Each way is planned anew for the ``objective``. ``keep`` and ``margin`` as in :func:`plan`; the limits (60 seconds
    unless a work limit is given) are for all searches together. ``report`` hears what is being done; setting ``stop``
    ends it with what is known by then.
    """
    from detente.mend.explain import Asked
    from detente.mend.explain import explain as work

    given = Arguments()
    given.names("keep", keep, "names of clauses, positions, goals or proposals")
    given.kind("objective", objective, str, "the name of an objective")
    given.number("ways", ways, whole=True)
    given.searching(margin, time_limit, work_limit)
    given.check()
    loaded = load(case)
    resolve(loaded)
    time_limit = clock(time_limit, work_limit, PLAN_SECONDS)
    asked = Asked(listed(keep), margin, objective, ways, time_limit, work_limit)
    return work(loaded, asked, report, stop)


def repair(
    case: CaseLike,
    proposal: RoadMapLike,
    *,
    allow: str | Sequence[str] = (),
    fix: str | Sequence[str] = (),
    keep: str | Sequence[str] = (),
    margin: float = 0.001,
    time_limit: float | None = PLAN_SECONDS,
    work_limit: int | None = None,
    report: Callable[[str], None] | None = None,
    stop: threading.Event | None = None,
) -> Repair:
    """The fewest, least costly changes that make a text certified: several ways that differ in kind, cheapest first.

    ``proposal``: a road map, a proposal as written, or one in general terms, of which as few clauses as possible are
    given up. ``allow`` names the kinds of changes allowed (none: all): ``dates``, ``measures``, ``suspension``,
    ``access``, ``escrow``, ``stick``, ``automatic``. ``fix`` names measures that stay as they are. ``margin`` and
    ``keep`` as in :func:`plan`; ``time_limit`` (seconds) and ``work_limit`` (steps) are for all kinds together.
    ``report`` hears what is being done; setting ``stop`` ends the search with what was found so far. Raises
    :class:`InputError`.
    """
    from detente.mend.repair import repair as work
    from detente.mend.repair_asked import KINDS, Asked, check

    given = Arguments()
    given.kind("proposal", proposal, (RoadMap, Plan, Audit, *SOURCES), ROAD_MAPS)
    given.names("allow", allow, "kinds of changes")
    given.names("fix", fix, "names of measures")
    given.names("keep", keep, "names of clauses, positions, goals or proposals")
    given.searching(margin, time_limit, work_limit)
    given.check()
    resolved = resolve(case)
    time_limit = clock(time_limit, work_limit, PLAN_SECONDS)
    asked = Asked(listed(allow) or KINDS, listed(fix), listed(keep), margin, time_limit, work_limit)
    check(resolved, asked)
    try:
        return work(resolved, written(proposal, resolved), asked, report, stop)
    except GeneralProposal as general:
        return work(resolved, general.proposal, asked, report, stop)


def threshold(
    case: CaseLike,
    of: str | Sequence[str],
    road_map: RoadMapLike | None = None,
    *,
    low: Value | Sequence[Value | None] | None = None,
    high: Value | Sequence[Value | None] | None = None,
    points: int | Sequence[int | None] | None = None,
    tolerance: Value | Sequence[Value | None] | None = None,
    keep: str | Sequence[str] = (),
    margin: float = 0.001,
    time_limit: float | None = None,
    plan_limit: float | None = 30.0,
    work_limit: int | None = None,
    report: Callable[[str], None] | None = None,
    stop: threading.Event | None = None,
) -> Threshold:
    """For which values of a number a road map holds, or (without one) any certified road map exists; of two a map.

    ``of``: a path as in settings (``"party.US.lag"``), several with commas between that get one value, or a list of two
    such. From ``low`` to ``high`` in the unit in which the case writes it (in two lists for two numbers) so many
    ``points`` are tried, whole numbers all; each change between neighbours is narrowed down to ``tolerance``. Without a
    road map the planner is asked, with ``margin`` and ``keep`` as in :func:`plan`, for ``plan_limit`` seconds or
    ``work_limit`` steps at each value and ``time_limit`` seconds altogether. ``report`` hears what is being done;
    setting ``stop`` ends it with what was found so far. Raises :class:`InputError`.
    """
    from detente.mend.threshold import Asked
    from detente.mend.threshold import threshold as work
    from detente.mend.threshold_axes import Range

    given = Arguments()
    given.names("of", of, "paths as in settings, such as party.US.lag")
    given.names("keep", keep, "names of clauses, positions, goals or proposals")
    given.number("plan_limit", plan_limit, none=True)
    given.searching(margin, time_limit, work_limit)
    many = len(listed(of)) if isinstance(of, str | Sequence) else 1
    asked = {"low": low, "high": high, "points": points, "tolerance": tolerance}
    each = [_one_each(given, name, values, many) for name, values in asked.items()]
    given.check()
    loaded = load(case)
    resolved = resolve(loaded)
    if road_map is None and time_limit is None and work_limit is None:
        time_limit = THRESHOLD_SECONDS
    ranges = tuple(
        Range(tuple(x.strip() for x in paths.split(",")), a, b, n, fine)
        for paths, a, b, n, fine in zip(listed(of), *each, strict=True)
    )
    chosen = None if road_map is None else load_road_map(road_map, resolved)
    return work(loaded, Asked(ranges, chosen, listed(keep), margin, time_limit, plan_limit, work_limit), report, stop)


def _one_each(given: Arguments, name: str, value: Any, many: int) -> list[Any]:
    """One entry for each of so many numbers: of one value, or of a sequence; numbers but counts as text."""
    values = list(value) if isinstance(value, Sequence) and not isinstance(value, str) else [value]
    values += [None] * (many - len(values))
    if len(values) > many:
        told = f"{name} has {len(values)} entries for {many}"
        given.problems.append(Diagnostic("DET715", told, fix="give one for each number that is varied"))
    for n, x in enumerate(values):
        told = f"{name}[{n}]" if len(values) > 1 else name
        if name == "points":
            given.number(told, x, 2, whole=True, none=True)
        else:
            given.kind(told, x, (str, Real, NoneType), 'a number, or text such as "0.1 a year"')
    return values if name == "points" else [x if x is None else str(x) for x in values]
