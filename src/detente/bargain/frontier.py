"""The frontier: certified road maps between parties of which none gives all of them more, and what they offer."""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from dataclasses import dataclass

from detente.audit.findings.signing import binding
from detente.audit.origin import origin
from detente.bargain import solutions
from detente.bargain.allowance import Allowance
from detente.bargain.boxes import Boxes
from detente.bargain.certified import Certified, Tell, counted
from detente.bargain.placing import placed
from detente.bargain.proofs import corners, within
from detente.bargain.readings import proposals
from detente.bargain.sample import Sample
from detente.bargain.solutions import Chosen
from detente.case.load import Case
from detente.case.problems import did_you_mean
from detente.case.resolved import ResolvedCase
from detente.case.stakes import stakes
from detente.errors import Diagnostic, InputError
from detente.incentives.kept import scales
from detente.plan.task import Task
from detente.results.frontier import BargainingPoint, Frontier, FrontierPoint, Kind, Placed, SolutionName

CLOSE = 1e-4
"""A solution whose bound is no further above its value than this share of it counts as exact."""

HELD_BACK = 0.1
"""Of the seconds: for bounds at the points once they are found."""


@dataclass(frozen=True)
class Asked:
    """What is asked of a frontier."""

    parties: tuple[str, ...] = ()
    """Between whom; none: all principals with something at stake."""
    points: int | None = None
    """None: all there are, or as many as time allows."""
    margin: float = 0.001
    keep: tuple[str, ...] = ()
    time_limit: float | None = 120.0
    """Seconds for all of it, but for the proposals in general terms."""
    work_limit: int | None = None
    completion_limit: float | None = 20.0
    """Seconds for the completions of each proposal in general terms."""


def frontier(
    case: Case, asked: Asked | None = None, tell: Tell | None = None, stop: threading.Event | None = None
) -> Frontier:
    """Find the frontier, or a part of it that is spread over it; see :class:`Frontier` for what is then known."""
    asked = asked or Asked()
    resolved = case.resolved
    parties = between(resolved, asked.parties)
    binding(resolved, asked.keep)
    task = Task(resolved, margin=asked.margin, keep=asked.keep)
    allowance = Allowance(asked.time_limit, asked.work_limit, stop or threading.Event(), HELD_BACK)
    certified = Certified(task, parties, allowance, tell)
    search = Boxes(certified) if len(parties) == 2 else Sample(certified, set(parties) == set(counted(resolved)))
    tabled: tuple[Placed, ...] = ()
    try:
        search.fill(asked.points)
        allowance.held = 0.0
        if certified.cut and certified.points and not certified.allowance.stop.is_set():
            certified.also_seen(search.levels(asked.points), parties)
        if certified.cut:
            certified.bounds_at_points()
            search.bound_between()
        if tell is not None:
            tell("placing the proposals")
        named = proposals(resolved, case.document.proposals if case.document is not None else ())
        tabled = placed(certified, named, asked.completion_limit)
    except KeyboardInterrupt:
        certified.cut = "interrupted"
    return _assembled(certified, search, tabled, asked)


def between(case: ResolvedCase, named: Sequence[str]) -> tuple[str, ...]:
    """The parties asked for, or all principals with something at stake; raises where these are not two or more."""
    worth = dict(zip(case.parties, scales(stakes(case)).tolist(), strict=True))
    problems = [
        Diagnostic("DET731", f'there is no party "{p}"', why="gains can only be traded between parties of the case",
                   fix=did_you_mean(p, case.parties) or f"the case has: {', '.join(case.parties)}")
        for p in named if p not in case.parties
    ]  # fmt: skip
    problems += [
        Diagnostic("DET732", f"nothing on offer is worth anything to {case.title(p)}",
                   why="what it gets can be neither raised nor traded", fix="name other parties")
        for p in named if worth.get(p) == 0.0
    ]  # fmt: skip
    parties = tuple(dict.fromkeys(named or counted(case)))
    if len(parties) < 2 and not problems:
        told = f"only {case.title(parties[0])}" if parties else "nobody"
        problems.append(
            Diagnostic("DET732", f"a frontier lies between two parties or more; there is {told}",
                       why="with one party there is nothing to trade",
                       fix="name two with --parties; of principals those with nothing at stake do not count")
        )  # fmt: skip
    if problems:
        raise InputError(problems)
    return parties


def _assembled(c: Certified, search: Boxes | Sample, tabled: tuple[Placed, ...], asked: Asked) -> Frontier:
    points = tuple(c.point(p) for p in c.ordered())
    kind = _kind(c, search)
    outer = corners(c.proved, *c.parties) if isinstance(search, Boxes) else ()
    limits = {
        "time_limit": asked.time_limit, "work_limit": asked.work_limit, "completion_limit": asked.completion_limit,
        "keep": list(asked.keep),
    }  # fmt: skip
    return Frontier(
        parties=c.parties, kind=kind, points=points, solutions=_solutions(c, search, points, kind, outer),
        proposals=tabled, proved=tuple(c.proved), corners=outer, resolution=c.resolution, scale=c.scale,
        within=within(outer, [tuple(p.gains[q] for q in c.parties) for p in points], [c.scale[q] for q in c.parties]),
        asked=asked.points, margin_required=asked.margin,
        provenance=origin(c.case, limits, seconds=c.allowance.took, cut=None if kind == "complete" else c.cut),
    )  # fmt: skip


def _kind(c: Certified, search: Boxes | Sample) -> Kind:
    if not c.points:
        none = any(p.bound == -math.inf and not p.least for p in c.proved)
        return "none-exists" if none else "unknown"
    if isinstance(search, Sample):
        return "sample"
    return "complete" if search.complete() else "partial"


def _solutions(
    c: Certified,
    search: Boxes | Sample,
    points: tuple[FrontierPoint, ...],
    kind: Kind,
    outer: tuple[tuple[float, float], ...],
) -> tuple[BargainingPoint, ...]:
    """Each solution among the points, and whether it is the solution over all certified road maps."""
    outcomes = [tuple(p.gains[q] for q in c.parties) for p in points]
    nothing, scale = (0.0,) * len(c.parties), tuple(c.scale[p] for p in c.parties)
    picked: dict[SolutionName, tuple[Chosen | None, float | None]] = {
        "nash": (solutions.nash(outcomes, nothing), _most(solutions.nash(outer, nothing))),
        "kalai-smorodinsky": (solutions.kalai_smorodinsky(outcomes, nothing), None),
        "egalitarian": (
            solutions.egalitarian(outcomes, nothing, scale), _most(solutions.egalitarian(outer, nothing, scale)),
        ),
        "utilitarian": (
            solutions.utilitarian(outcomes, nothing, scale), _most(solutions.utilitarian(outer, nothing, scale)),
        ),
    }  # fmt: skip
    told = search.bounds if isinstance(search, Sample) else {}
    found = []
    for name, (chosen, bound) in picked.items():
        if chosen is not None:
            bound = chosen.value if kind == "complete" else told.get(name, bound)
            bound = None if bound is None else max(bound, chosen.value)
            exact = bound is not None and bound - chosen.value <= CLOSE * abs(chosen.value)
            found.append(BargainingPoint(name, chosen.index, chosen.value, bound, exact))
    return tuple(found)


def _most(chosen: Chosen | None) -> float | None:
    return None if chosen is None else chosen.value
