"""For which values of a number a given road map holds, or any certified one exists; of two numbers a map."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from detente.audit.findings.signing import binding
from detente.audit.origin import origin
from detente.audit.structure import check_names
from detente.case.load import Case
from detente.case.parameter import Varied
from detente.case.road_map import RoadMap
from detente.errors import Diagnostic, InputError
from detente.mend.threshold_axes import Range, Span, span
from detente.mend.threshold_points import AnyRoadMap, At, Judge, OnRoadMap
from detente.mend.threshold_scan import Scan
from detente.plan.stage import Progress
from detente.results.provenance import Provenance
from detente.results.threshold import Threshold

POINTS = {("road-map", 1): 41, ("road-map", 2): 21, ("any", 1): 11, ("any", 2): 7}
"""Values of each number to begin with, by what is asked and how many numbers are varied."""

FINENESS = {
    ("road-map", 1): Decimal("1e-5"), ("road-map", 2): Decimal("1e-3"), ("any", 1): Decimal("1e-2"),
    ("any", 2): Decimal(1),
}  # fmt: skip
"""To which part of the range changes are narrowed down."""


@dataclass(frozen=True)
class Asked:
    """What is asked: one or two parameters, a road map or any, the clauses that bind, and the limits."""

    ranges: tuple[Range, ...]
    road_map: RoadMap | None = None
    keep: tuple[str, ...] = ()
    margin: float = 0.001
    """Asked of every breach that is not vacuous, as a part of each party's scale, where any road map would do."""
    time_limit: float | None = None
    """Seconds for all values together."""
    plan_limit: float | None = 30.0
    """Seconds of the planner for each value."""
    work_limit: int | None = None
    """Steps of the planner for each value; then the clock does not count."""

    @property
    def kind(self) -> tuple[str, int]:
        """What the defaults depend on."""
        return ("any" if self.road_map is None else "road-map", len(self.ranges))


def threshold(
    case: Case,
    asked: Asked,
    report: Callable[[str], None] | None = None,
    stop: threading.Event | None = None,
) -> Threshold:
    """Try values, narrow every change down; ``report`` hears what is being done, ``stop`` ends it.

    The verdict at each value is exact (see :mod:`detente.audit.standing`), and so is the value. Of a scan that is
    stopped or runs out of time the answer holds what was looked at until then.
    """
    began = time.monotonic()
    spans = _spans(case, asked)
    binding(case.resolved, asked.keep)
    if asked.road_map is not None:
        check_names(case.resolved, asked.road_map)
    varied = Varied(case, [s.group for s in spans], [(s.axis.low, s.axis.high) for s in spans])
    deadline = None if asked.time_limit is None else began + asked.time_limit
    tell, event = report or (lambda text: None), stop or threading.Event()
    judge = _judge(varied, asked, deadline, event, tell)
    scan = Scan(spans, judge, tell, deadline, event)
    if asked.road_map is None:
        scan.narrow = lambda a, b: {a.state, b.state} == {"certified", "fails"}
    scan.run()
    return Threshold(
        question="any" if asked.road_map is None else "road-map",
        road_map=asked.road_map,
        axes=tuple(s.axis for s in spans),
        points=tuple(scan.points[at] for at in sorted(scan.points)),
        grid=tuple(s.values for s in spans),
        margin_required=asked.margin if asked.road_map is None else None,
        provenance=_provenance(case, asked, scan, began),
    )


def _spans(case: Case, asked: Asked) -> list[Span]:
    """What is varied; everything wrong with it is told at once."""
    if not 1 <= len(asked.ranges) <= 2:
        told = f"{len(asked.ranges)} parameters are to be varied"
        raise InputError([Diagnostic("DET722", told, None, "an answer is a line or a map", "give --of once or twice")])
    found, problems = [], list[Diagnostic]()
    for one in asked.ranges:
        try:
            found.append(span(case, one, POINTS[asked.kind], FINENESS[asked.kind], stated=len(asked.ranges) == 1))
        except InputError as error:
            problems += error.diagnostics
    if problems:
        raise InputError(problems)
    return found


def _judge(
    varied: Varied, asked: Asked, deadline: float | None, stop: threading.Event, tell: Callable[[str], None]
) -> Judge:
    if asked.road_map is not None:
        return OnRoadMap(varied, asked.road_map, asked.keep)

    def seconds() -> float | None:
        if asked.work_limit is not None:
            return None
        left = None if deadline is None else max(0.0, deadline - time.monotonic())
        return min((x for x in (left, asked.plan_limit) if x is not None), default=None)

    def told(at: At, p: Progress | None) -> None:
        found = "" if p is None else f": {p.breaches} ways to leave ruled out, {p.seen} road maps seen"
        tell(f"planning at {', '.join(f'{x:f}' for x in at)}{found}")

    return AnyRoadMap(varied, asked.keep, asked.margin, seconds, asked.work_limit, stop, told)


def _provenance(case: Case, asked: Asked, scan: Scan, began: float) -> Provenance:
    limits: dict[str, object] = {"time_limit": asked.time_limit, "keep": list(asked.keep)}
    cut = scan.cut
    if asked.road_map is None:
        limits |= {"plan_limit": asked.plan_limit, "work_limit": asked.work_limit}
        if cut is None and any(p.state == "unknown" for p in scan.points.values()):
            cut = "clock" if asked.work_limit is None else "work-limit"
    return origin(case.resolved, limits, seconds=time.monotonic() - began, cut=cut)
