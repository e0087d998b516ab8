"""What is left afterwards: does a road map open the way to more, or use up what could have brought it?

The case is moved to the end of the road map (:mod:`detente.bargain.end_state`), and the most that each principal can
get from there on is set beside the most it could get from the beginning.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from detente.audit.judge import audit
from detente.audit.origin import origin
from detente.bargain.allowance import Allowance
from detente.bargain.certified import Certified, counted
from detente.bargain.end_state import EndState, end_state
from detente.bargain.leverage import offers
from detente.bargain.proofs import most
from detente.case.interchange import resolved_to_dict
from detente.case.resolved import ResolvedCase
from detente.case.road_map import RoadMap
from detente.plan.task import Task
from detente.results.afterwards import Afterwards, Further, Leverage, Outlook, Prospect, SettledClause, Span
from detente.results.audit import Audit
from detente.results.plan import Objective, Plan
from detente.results.provenance import Provenance

SAME, LOST = 1e-3, 0.1
"""A gain is one from this part of a party's scale on; a part of what could be had that it matters to lose."""

FROM_START, GOES_ON = 0.35, 0.5
"""Of the time: for what could be had from the beginning, and of the rest for a road map to go on with."""

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Asked:
    """What is asked about the time after a road map; the limits are for all of it."""

    objective: Objective = "robust"
    """Of the road map to go on with."""
    margin: float = 0.001
    time_limit: float | None = 60.0
    work_limit: int | None = None


@dataclass(frozen=True)
class _Most:
    """The most for one party over no deal, and the road map that gives it."""

    span: Span
    road_map: RoadMap | None


def afterwards(
    case: ResolvedCase,
    road_map: RoadMap,
    asked: Asked | None = None,
    tell: Tell | None = None,
    stop: threading.Event | None = None,
) -> Afterwards:
    """What certified road maps can still give each principal once a road map has been carried out."""
    asked, tell = asked or Asked(), tell or (lambda text: None)
    allowance = Allowance(asked.time_limit, asked.work_limit, stop or threading.Event())
    tell("carrying the road map out")
    end, judged = end_state(case, road_map), audit(case, road_map, cures=False)
    parties = counted(case)
    start = Certified(Task(case, margin=asked.margin), parties, allowance, tell)
    later = Certified(Task(end.case, margin=asked.margin), parties, allowance, tell)
    before = _most(start, FROM_START, "from the beginning")
    goes_on = later.ask(asked.objective, {}, allowance.part(GOES_ON), "a road map to go on with")
    if isinstance(goes_on, Plan):
        later.take(goes_on, goes_on.provenance.run.cut)
    after = _most(later, 1.0, "from the end on")
    prospects = tuple(_prospect(p, case, judged, end, before[p], after[p], start.scale[p]) for p in parties)
    cut = later.cut or start.cut
    return Afterwards(
        road_map, judged, end.period, end.audit, prospects, _leverage(case, end, parties),
        _further(prospects, start.scale), goes_on,
        tuple(SettledClause(s.clause.id, s.clause.kind, s.kept) for s in end.settled), resolved_to_dict(end.case),
        _provenance(case, asked, allowance, cut),
    )  # fmt: skip


def _most(certified: Certified, share: float, label: str) -> dict[str, _Most]:
    """For each party the most over no deal; ``share`` of what is left is for all of them."""
    part = share / (len(certified.parties) + 1)
    if certified.begin(part):
        _ask_each(certified, part, label)
    anything = dict.fromkeys(certified.parties, -math.inf)
    found: dict[str, _Most] = {}
    for party in certified.parties:
        best = max(certified.points, key=lambda p: p.gains[party], default=None)
        span = Span(best.gains[party] if best else None, most(certified.proved, party, anything))
        found[party] = _Most(span, best.road_map if best else None)
    return found


def _ask_each(certified: Certified, part: float, label: str) -> None:
    """The most for each party in turn; ``part`` of what was left before the first question is for each."""
    for n, party in enumerate(certified.parties):
        order = (party, *(p for p in certified.parties if p != party))
        certified.best(order, {}, min(1.0, part / (1 - (n + 1) * part)), label)


def _prospect(
    party: str, case: ResolvedCase, judged: Audit, end: EndState, before: _Most, after: _Most, scale: float
) -> Prospect:
    stays, tabled = end.audit.gains[party], judged.gains[party]
    discount = float(case.discount) ** end.period
    further = _moved(after.span, -stays, 1.0)
    in_all = _moved(further, tabled / discount, discount)
    outlook = _outlook(in_all, before.span, further, SAME * scale)
    return Prospect(party, tabled, further, in_all, before.span, outlook, after.road_map)


def _moved(span: Span, by: float, factor: float) -> Span:
    return Span(None if span.found is None else factor * (span.found + by), factor * (span.bound + by))


def _outlook(in_all: Span, from_start: Span, further: Span, same: float) -> Outlook:
    """What is proved of having the road map first, against what could be had without it.

    *Uses up leverage*: more than ``LOST`` of the most that could be had from the beginning is lost. Otherwise it *opens
    the way* where there is more to come, or is *neutral*.
    """

    def most_of(x: float) -> float:
        return x - LOST * abs(x) - same if math.isfinite(x) else x

    if in_all.bound == -math.inf:
        return "nothing-holds"
    if from_start.found is not None and in_all.bound < most_of(from_start.found):
        return "uses-up-leverage"
    if in_all.found is None or in_all.found < most_of(from_start.bound):
        return "not-known"
    return "opens-the-way" if further.found is not None and further.found > same else "neutral"


def _further(prospects: tuple[Prospect, ...], scale: Mapping[str, float]) -> Further:
    if any(p.further.found is not None and p.further.found > SAME * scale[p.party] for p in prospects):
        return "yes"
    return "no" if all(p.further.bound <= SAME * scale[p.party] for p in prospects) else "unknown"


def _leverage(case: ResolvedCase, end: EndState, parties: tuple[str, ...]) -> tuple[Leverage, ...]:
    """Of every party that had something to give."""
    before, now = offers(case), offers(end.case)
    found = []
    for party, offer in before.items():
        margin = end.audit.margin.get(party)
        worth = {q: now[party].worth[q] for q in parties if q != party}
        at_start = {q: offer.worth[q] for q in parties if q != party}
        found.append(Leverage(party, now[party].measures, worth, at_start, margin[0] if margin else None))
    return tuple(found)


def _provenance(case: ResolvedCase, asked: Asked, allowance: Allowance, cut: str | None) -> Provenance:
    limits = {"time_limit": asked.time_limit, "work_limit": asked.work_limit, "margin": asked.margin}
    return origin(case, limits, seconds=allowance.took, cut=cut)
