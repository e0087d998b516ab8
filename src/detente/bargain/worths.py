"""What each of two texts may mean, what that is worth to each side, and what of it the other text rules out.

A text stands for every road map that keeps its clauses. As its owner reads it, it is the one best for the owner; its
best form is the best certified one. Judged as the auditor judges, with the goals that each reaches or misses.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from detente.bargain.readings import AS_WRITTEN, BEST_CERTIFIED, best_for, judged, without
from detente.case.clauses import ByTime, ShareAtLeast, term_of
from detente.case.resolved import Clause, ResolvedCase
from detente.case.road_map import RoadMap
from detente.plan.complete import Completer
from detente.plan.inquiry import Inquiry
from detente.plan.stage import Budget
from detente.plan.task import Task
from detente.plan.verb import plan
from detente.results.compare import Row
from detente.results.gap import Against, GoalResult, Reading, Side
from detente.results.plan import Plan


def musts(case: ResolvedCase, side: Side) -> list[Clause]:
    """What a text asks of every road map that it stands for."""
    return [c for c in case.clauses if c.of == side.name and c.kind == side.kind and c.strength == "must"]


def readings(inquiry: Inquiry, side: Side, completer: Completer, budget: Budget) -> Iterator[Reading]:
    """A text as written, where it names dates, as its owner reads it, and in its best form that holds."""
    case = inquiry.case
    if side.name in case.road_maps:
        written = RoadMap(case.road_maps[side.name], side.name)
        completer.note(written)
        yield reading(case, judged(case, side.name, AS_WRITTEN, written))
    owners = (side.party,) if side.party in case.parties else case.principals
    for party in owners:
        yield reading(case, best_for(case, side.name, completer, party)[0])
    yield reading(case, _best_form(inquiry, side, budget))


def reading(case: ResolvedCase, row: Row) -> Reading:
    """A row with the goals of all parties that it reaches or misses."""
    if row.audit is None:
        return Reading(row, ())
    held = {c.id: c for c in row.audit.clauses}
    goals: dict[tuple[str, str], list[Clause]] = {}
    for c in case.clauses:
        if c.kind == "goal" and c.strength == "must":
            goals.setdefault((c.of, c.owner), []).append(c)
    results = []
    for (goal, party), clauses in goals.items():
        missed = tuple(held[c.id] for c in clauses if not held[c.id].holds)
        results.append(GoalResult(goal, party, not missed, missed))
    return Reading(row, tuple(results))


def _best_form(inquiry: Inquiry, side: Side, budget: Budget) -> Row:
    """The certified road map that keeps a text's clauses and the red lines, the most robust found in time."""
    case = inquiry.case
    others = frozenset(
        c.name for c in inquiry.conditions if c.clause is not None and c.clause.of not in ("", side.name)
    )
    names = inquiry.every - others
    part = budget.part(0.7)
    reply = inquiry.ask(names, part)
    budget.charge(part)
    if reply.outcome == "none":
        return without(side.name, BEST_CERTIFIED, "proved: no road map that keeps it is certified")
    if reply.road_map is None:
        return without(side.name, BEST_CERTIFIED, "not known: none was found before a limit was reached")
    task = Task(
        case, margin=inquiry.margin, keep=inquiry.keep, waived=others, time_limit=budget.seconds(),
        work_limit=budget.left(), known=(reply.road_map,),
    )  # fmt: skip
    found = plan(task, search=inquiry.search(names), stop=budget.stop)
    budget.used += int(found.provenance.run.limits["work_used"])
    best = found.road_map if isinstance(found, Plan) else reply.road_map
    settled = isinstance(found, Plan) and found.gap <= 1e-6 * max(1.0, abs(found.value))
    note = "" if settled else "a better one may exist: a limit was reached"
    return judged(case, side.name, BEST_CERTIFIED, RoadMap(best.starts, f"{side.name}, certified"), note)


def against(case: ResolvedCase, sides: Sequence[Side], completers: Sequence[Completer]) -> tuple[Against, ...]:
    """Each must clause of either side beside the other's text; none where that contradicts itself."""
    found: list[Against] = []
    for n, side in enumerate(sides):
        other = completers[1 - n]
        for clause in musts(case, side) if not other.contradictory else ():
            standing = other.standing(clause)
            term = term_of(clause, case)
            soonest = late = None
            if standing == "never" and isinstance(term, ByTime | ShareAtLeast):
                soonest = other.soonest(term)
                late = soonest - term.time if soonest is not None and soonest < case.periods else None
            found.append(Against(clause.id, n, standing, soonest, late))  # type: ignore[arg-type]
    return tuple(found)
