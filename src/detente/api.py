"""The verbs: what can be asked of a case, for programs and notebooks.

A *case* is whatever :func:`load` takes, or what it returned; a *road map* is a :class:`RoadMap`, a plan or an audit, a
mapping of start periods, a file, or the name of a road map or proposal of the case. Nothing here prints or exits.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from importlib import import_module
from numbers import Integral, Real
from pathlib import Path
from types import NoneType
from typing import TYPE_CHECKING, Any

from detente.audit.differences import diff as _diff
from detente.audit.judge import audit as _audit
from detente.audit.margins import Limits
from detente.audit.verify import verify as _verify
from detente.audit.why import why as _why
from detente.case.interchange import case_hash, resolved_to_dict
from detente.case.load import Case, Source, load_case
from detente.case.resolved import ResolvedCase
from detente.case.road_map import RoadMap
from detente.case.road_maps import GeneralProposal, check_origin, warned
from detente.case.road_maps import load_road_map as _load_road_map
from detente.errors import Diagnostic, InputError
from detente.results.afterwards import Afterwards
from detente.results.audit import Audit
from detente.results.compare import Comparison
from detente.results.differences import Differences
from detente.results.explain import Explanation
from detente.results.frontier import Frontier
from detente.results.gap import Gap
from detente.results.plan import NoPlan, Objective, Plan
from detente.results.repair import Repair
from detente.results.rounds import Rounds
from detente.results.threshold import Threshold
from detente.results.verification import Verification
from detente.results.why import Why

if TYPE_CHECKING:
    from detente.case.rounds import Round
    from detente.plan.stage import Progress

CaseLike = Case | ResolvedCase | Source
RoadMapLike = RoadMap | Plan | Audit | str | os.PathLike[str] | Mapping[str, Any]


PLAN_SECONDS, FRONTIER_SECONDS = 60.0, 120.0
"""How long a plan, and a frontier, may take where neither limit is given."""


def _listed(names: str | Sequence[str]) -> tuple[str, ...]:
    """One name or several."""
    return (names,) if isinstance(names, str) else tuple(names)


def load(source: CaseLike, overlays: Source | Sequence[Source] = (), settings: str | Sequence[str] = ()) -> Case:
    """A case, read and checked: from a path, the name of a shipped case, a mapping, or a resolved case.

    ``overlays`` are laid over it in order, then ``settings`` such as ``"weight.US.programme=0.5"`` are applied. Raises
    :class:`InputError` with every problem found.
    """
    given = Arguments()
    given.kind("case", source, (Case, ResolvedCase, *SOURCES), CASES)
    overlays = (overlays,) if isinstance(overlays, SOURCES) else overlays
    given.each("overlays", overlays, SOURCES, "files or mappings")
    given.names("settings", settings, 'settings such as "party.US.exit_cost=1"')
    given.check()
    settings = _listed(settings)
    if isinstance(source, Case):
        if not overlays and not settings:
            return source
        return replace(load_case(deepcopy(source.tree.data), overlays, settings), name=source.name)
    if isinstance(source, ResolvedCase):
        source = resolved_to_dict(source)
    return load_case(source, overlays, settings)


def resolve(case: CaseLike) -> ResolvedCase:
    """The resolved case at central values: nothing left implicit, every number rounded once."""
    return _remembered(case if isinstance(case, ResolvedCase) else load(case).resolved)


def load_road_map(
    road_map: RoadMapLike,
    case: CaseLike,
    *,
    time_limit: float | None = 30.0,
    tell: Callable[[Diagnostic], None] = warned,
) -> RoadMap:
    """A road map of a case; see the module for what it may be given as.

    A proposal in general terms is completed within ``time_limit`` seconds: by the best certified road map that keeps
    its clauses, or if there is none, by the best for its owner. The road map's name says which. Of a plan or an audit
    the road map is taken; ``tell`` hears if it was made for another case (silent: a :class:`DetenteWarning`).
    """
    given = Arguments()
    given.kind("road_map", road_map, (RoadMap, Plan, Audit, *SOURCES), ROAD_MAPS)
    given.number("time_limit", time_limit, none=True)
    given.check()
    if isinstance(road_map, RoadMap):
        return road_map
    resolved = resolve(case)
    try:
        return _written(road_map, resolved, tell)
    except GeneralProposal as general:
        from detente.bargain.readings import completion

        return completion(resolved, general.proposal, time_limit)


def _written(road_map: RoadMapLike, case: ResolvedCase, tell: Callable[[Diagnostic], None] = warned) -> RoadMap:
    """A road map in whatever form; raises :class:`GeneralProposal` for a proposal without start periods."""
    if isinstance(road_map, RoadMap):
        return road_map
    if isinstance(road_map, Plan | Audit):
        check_origin(f"the {type(road_map).__name__.lower()}", road_map.provenance.case_hash, case, tell)
        return road_map.road_map
    return _load_road_map(road_map, case, tell)


def audit(
    case: CaseLike,
    road_map: RoadMapLike,
    *,
    exact: bool = False,
    cures: bool = True,
    keep: str | Sequence[str] = (),
    nodes: int | None = None,
    report: Callable[[str], None] | None = None,
) -> Audit:
    """Does a road map hold; if not, who leaves, when, how, for how much, and what cures it.

    ``exact`` works out every margin as a fraction; ``cures`` False leaves out the search for cures; ``keep`` names
    clauses, positions, goals or proposals that bind besides the red lines; ``nodes`` bounds the search for covert
    breaches of each party and period; ``report`` hears what is being done.
    """
    given = Arguments()
    given.names("keep", keep, "names of clauses, positions, goals or proposals")
    given.number("nodes", nodes, 1, whole=True, none=True)
    given.check()
    resolved = resolve(case)
    limits = Limits() if nodes is None else Limits(nodes)
    judged = load_road_map(road_map, resolved)
    return _audit(resolved, judged, exact=exact, cures=cures, keep=_listed(keep), limits=limits, tell=report)


def why(case: CaseLike, road_map: RoadMapLike, party: str, period: int) -> Why:
    """A party's choice in a period: what staying, walking out and its best breach are worth, measure by measure."""
    given = Arguments()
    given.kind("party", party, str, "the name of a party")
    given.number("period", period, whole=True)
    given.check()
    resolved = resolve(case)
    return _why(resolved, load_road_map(road_map, resolved), party, period)


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
    if work_limit is not None and time_limit == PLAN_SECONDS:
        time_limit = None
    task = Task(resolved, objective, goal, floor, margin, _listed(keep), time_limit, work_limit)
    check(task)
    return work(task, report=report, stop=stop)


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
    chosen = None if proposals is None else _listed(proposals)
    asked = Asked(chosen, draws, seed, time_limit, plan_limit, work_limit, workers=workers)
    return named(work(loaded, plan, asked, report), loaded)


def add_round(
    case: CaseLike,
    by: str,
    clauses: Sequence[Mapping[str, Any]] | str | os.PathLike[str] | None = None,
    *,
    proposal: str | None = None,
    name: str = "",
    date: str = "",
    note: str = "",
    sources: str | Sequence[str] = (),
    record: str | os.PathLike[str] | None = None,
) -> Round:
    """Add an offer of party ``by`` to the record of a case; nothing in the record is ever changed.

    ``clauses`` are mappings such as ``{"must": "declare by 2020-Q4"}`` or a file that holds them; or those of a
    ``proposal`` or position of the case are taken. ``record`` names the file; it lies beside the case where silent, and
    of a shipped case in the working directory. Raises :class:`InputError`, and adds nothing, if anything is wrong.
    """
    from detente.case import rounds_writing as writing
    from detente.case.rounds import places

    given = Arguments()
    given.kind("by", by, str, "the name of a party")
    given.kind("clauses", clauses, (Sequence, os.PathLike, NoneType), "clauses as mappings, or a file")
    given.kind("proposal", proposal, (str, NoneType), "the name of a proposal or position of the case")
    for key, text in (("name", name), ("date", date), ("note", note)):
        given.kind(key, text, str, "text")
    given.names("sources", sources, "names of sources of the case")
    given.kind("record", record, (str, os.PathLike, NoneType), "a file")
    given.check()
    if (clauses is None) == (proposal is None):
        fix = "give either clauses, or the name of a proposal of the case"
        raise InputError([Diagnostic("DET503", "the offer needs its clauses in exactly one way", fix=fix)])
    loaded = load(case)
    if proposal is not None:
        offer = writing.from_case(loaded, proposal)
    elif isinstance(clauses, str | os.PathLike):
        offer = writing.from_file(Path(clauses))
    else:
        offer = writing.from_mappings(clauses or ())
    added = writing.Added(by, name, date, note, _listed(sources), proposal or "")
    return writing.add_round(loaded, offer, added, places(loaded, None if record is None else Path(record)))[0]


def rounds(
    case: CaseLike,
    *,
    record: str | os.PathLike[str] | None = None,
    between: Sequence[str] = (),
    text: bool = True,
    margin: float = 0.001,
    time_limit: float | None = PLAN_SECONDS,
    work_limit: int | None = None,
    report: Callable[[str], None] | None = None,
    stop: threading.Event | None = None,
) -> Rounds:
    """The offers recorded for a case: how far apart, who conceded what, and a single text to table next.

    ``record`` as in :func:`add_round`; ``between`` names two parties where the record holds more than two. With
    ``text`` the certified road map closest to both last offers is sought, by the limits of :func:`plan` (the work limit
    counts for each of three searches). ``report`` hears what is being done; setting ``stop`` ends the search.
    """
    from detente.bargain.rounds import rounds as work
    from detente.bargain.single_text import Sought
    from detente.case.rounds import recorded

    given = Arguments()
    given.kind("record", record, (str, os.PathLike, NoneType), "a file")
    given.names("between", between, "names of two parties")
    given.number("margin", margin)
    given.number("time_limit", time_limit, none=True)
    given.number("work_limit", work_limit, whole=True, none=True)
    given.check()
    loaded = load(case)
    resolve(loaded)
    if work_limit is not None and time_limit == PLAN_SECONDS:
        time_limit = None
    offers = recorded(loaded, None if record is None else Path(record))
    sought = Sought((), margin, time_limit, work_limit, stop=stop) if text else None
    return work(loaded.resolved, offers, between, sought, report)


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
    if work_limit is not None and time_limit == FRONTIER_SECONDS:
        time_limit = None
    asked = Asked(_listed(parties), points, margin, _listed(keep), time_limit, work_limit)
    return work(loaded, asked, report, stop)


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
    from detente.plan.planner import Task

    given = Arguments()
    given.kind("objective", objective, str, "the name of an objective")
    given.number("margin", margin)
    given.number("time_limit", time_limit, none=True)
    given.number("work_limit", work_limit, whole=True, none=True)
    given.check()
    resolved = resolve(case)
    if work_limit is not None and time_limit == PLAN_SECONDS:
        time_limit = None
    check(Task(resolved, objective, margin=margin))
    told = work(resolved, load_road_map(road_map, case), Asked(objective, margin, time_limit, work_limit), report, stop)
    resolve(told.to_dict()["case"])
    return told


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
    given.number("margin", margin)
    given.number("ways", ways, whole=True)
    given.number("time_limit", time_limit, none=True)
    given.number("work_limit", work_limit, whole=True, none=True)
    given.check()
    loaded = load(case)
    resolve(loaded)
    if work_limit is not None and time_limit == PLAN_SECONDS:
        time_limit = None
    asked = Asked(_listed(keep), margin, objective, ways, time_limit, work_limit)
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
    given.number("margin", margin)
    given.number("time_limit", time_limit, none=True)
    given.number("work_limit", work_limit, whole=True, none=True)
    given.check()
    loaded = load(case)
    resolve(loaded)
    if work_limit is not None and time_limit == PLAN_SECONDS:
        time_limit = None
    return work(loaded, Asked(_listed(between), margin, time_limit, work_limit), report, stop)


THRESHOLD_SECONDS = 300.0
"""How long all plans of a threshold may take together where neither limit is given."""

Value = str | float
"""A value of a number of a case: ``0.1``, ``"0.1 a year"``, ``"6 months"``."""


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
    for name, number in (("margin", margin), ("time_limit", time_limit), ("plan_limit", plan_limit)):
        given.number(name, number, none=name != "margin")
    given.number("work_limit", work_limit, whole=True, none=True)
    many = len(_listed(of)) if isinstance(of, str | Sequence) else 1
    asked = {"low": low, "high": high, "points": points, "tolerance": tolerance}
    each = [_one_each(given, name, values, many) for name, values in asked.items()]
    given.check()
    loaded = load(case)
    resolved = resolve(loaded)
    if road_map is None and time_limit is None and work_limit is None:
        time_limit = THRESHOLD_SECONDS
    ranges = tuple(
        Range(tuple(x.strip() for x in paths.split(",")), a, b, n, fine)
        for paths, a, b, n, fine in zip(_listed(of), *each, strict=True)
    )
    chosen = None if road_map is None else load_road_map(road_map, resolved)
    return work(loaded, Asked(ranges, chosen, _listed(keep), margin, time_limit, plan_limit, work_limit), report, stop)


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
    given.number("margin", margin)
    given.number("time_limit", time_limit, none=True)
    given.number("work_limit", work_limit, whole=True, none=True)
    given.check()
    resolved = resolve(case)
    if work_limit is not None and time_limit == PLAN_SECONDS:
        time_limit = None
    asked = Asked(_listed(allow) or KINDS, _listed(fix), _listed(keep), margin, time_limit, work_limit)
    check(resolved, asked)
    try:
        return work(resolved, _written(proposal, resolved), asked, report, stop)
    except GeneralProposal as general:
        return work(resolved, general.proposal, asked, report, stop)


def verify(answer: Mapping[str, Any] | Audit | Plan | NoPlan, case: CaseLike) -> Verification:
    """Check a written audit or plan against its case from scratch."""
    given = Arguments()
    given.kind("answer", answer, (Mapping, Audit, Plan, NoPlan), "an audit or a plan, or its JSON as a mapping")
    given.check()
    written = answer if isinstance(answer, Mapping) else answer.to_dict()
    return _verify(written, resolve(case))


def diff(first: tuple[CaseLike, RoadMapLike], second: tuple[CaseLike, RoadMapLike]) -> Differences:
    """What moved the verdict from one case and road map to another."""
    given = Arguments()
    for name, pair in (("first", first), ("second", second)):
        paired = isinstance(pair, tuple | list) and len(pair) == 2
        given.kind(name, pair if paired else None, (tuple, list), "a pair of a case and a road map")
    given.check()
    (a, x), (b, y) = ((resolve(case), road_map) for case, road_map in (first, second))
    # of one plan by which two cases are compared it is told once at most for which of them it was made
    again = (lambda warning: None) if x is y or x == y else warned
    return _diff((a, load_road_map(x, a)), (b, load_road_map(y, b, tell=again)))


# ------------------------------------------------------------------ what verbs take

SOURCES = (str, os.PathLike, Mapping)
CASES = "a case: a path, the name of a shipped case, a mapping, or what load returned"
ROAD_MAPS = "a road map: a RoadMap, a plan or an audit, a mapping of starts, a file, or a name in the case"


class Arguments:
    """Looks at the arguments of a verb, and tells everything that is wrong with them at once."""

    def __init__(self) -> None:
        self.problems: list[Diagnostic] = []

    def kind(self, name: str, value: object, kinds: type | tuple[type, ...], what: str) -> bool:
        """Whether an argument is of its kind; a truth value is no number."""
        right = isinstance(value, kinds) and not isinstance(value, bool)
        if not right:
            told = "None" if value is None else f"{repr(value)[:60]}, of the kind {type(value).__name__}"
            self.problems.append(Diagnostic("DET714", f"{name} is {told}", fix=f"give {what}"))
        return right

    def each(self, name: str, values: object, kinds: type | tuple[type, ...], what: str) -> None:
        """Whether an argument is a sequence of things of a kind."""
        if self.kind(name, values, Sequence, what):
            for n, value in enumerate(values):  # type: ignore[arg-type, var-annotated]
                self.kind(f"{name}[{n}]", value, kinds, what)

    def names(self, name: str, values: object, what: str) -> None:
        """Whether an argument is a name, or a sequence of names."""
        self.each(name, (values,) if isinstance(values, str) else values, str, what)

    def number(self, name: str, value: object, least: int = 0, *, whole: bool = False, none: bool = False) -> None:
        """Whether an argument is a number from ``least`` on."""
        if value is None and none:
            return
        what = f"a {'whole ' if whole else ''}number from {least} on" + (", or None" if none else "")
        kinds = Integral if whole else Real
        if self.kind(name, value, kinds, what) and not value >= least:  # type: ignore[operator]
            self.problems.append(Diagnostic("DET715", f"{name} is {value}", fix=f"give {what}"))

    def drawing(self, draws: object, seed: object, workers: object, **limits: object) -> None:
        """What comparing and the brief take alike."""
        self.number("draws", draws, whole=True)
        self.number("seed", seed, whole=True)
        self.number("workers", workers, 1, whole=True)
        for name, limit in limits.items():
            self.number(name, limit, whole=name == "work_limit", none=True)

    def check(self) -> None:
        """Raise if anything is wrong."""
        if self.problems:
            raise InputError(self.problems)


# ------------------------------------------------------------------ how answers show themselves

_cases: dict[str, ResolvedCase] = {}
"""The last cases asked about, by hash: an answer carries the hash of its case, and so finds its names and dates."""

MOST_REMEMBERED = 16


def _remembered(case: ResolvedCase) -> ResolvedCase:
    _cases[case_hash(case)] = case
    while len(_cases) > MOST_REMEMBERED:
        del _cases[next(iter(_cases))]
    return case


def _case_of(answer: Any) -> ResolvedCase | None:
    return _cases.get(answer.provenance.case_hash)


def _shown_by(answer: type, text: str, html: str = "") -> None:
    """Let answers of a type print by a function of ``report.text``, and show themselves by one of ``notebook``.

    A function of another module of the report is named with it: ``rounds_text.rounds_text``.
    """

    def by(module: str, function: str) -> Callable[[Any], str]:
        def show(one: Any) -> str:
            home, _, name = function.rpartition(".")
            made: str = getattr(import_module(f"detente.report.{home or module}"), name)(one, _case_of(one))
            return made

        return show

    for name, module, function in (("__str__", "text", text), ("_repr_html_", "notebook", html)):
        if function:
            setattr(answer, name, by(module, function))


_shown_by(Audit, "audit_text", "audit_html")
_shown_by(Plan, "plan_text", "plan_html")
_shown_by(NoPlan, "no_plan_text", "no_plan_html")
_shown_by(Comparison, "comparison_text", "comparison_html")
_shown_by(Gap, "gap_text.gap_text", "gap_text.gap_html")
_shown_by(Explanation, "explain_text.explain_text", "explain_text.explain_html")
_shown_by(Rounds, "rounds_text.rounds_text", "rounds_text.rounds_html")
_shown_by(Frontier, "frontier_text.frontier_text", "frontier_text.frontier_html")
_shown_by(Afterwards, "afterwards_text.afterwards_text", "afterwards_text.afterwards_html")
_shown_by(Threshold, "threshold_text.threshold_text", "threshold_text.threshold_html")
_shown_by(Repair, "repair_text.repair_text", "repair_text.repair_html")
