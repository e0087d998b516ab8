"""All proposals of a case beside the planner's road map: each in every reading, judged, and in many possible worlds."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace

import numpy as np

from detente.audit.origin import origin
from detente.audit.standing import suspects
from detente.bargain.draws import Candidate, Outcomes, drivers, outcomes, shares
from detente.bargain.readings import (
    BEST_CERTIFIED,
    Question,
    Readings,
    proposal_clauses,
    proposals,
    readings,
    row_of,
    without,
)
from detente.case.clauses import term_of
from detente.case.load import Case
from detente.case.problems import did_you_mean
from detente.case.resolved import ResolvedCase
from detente.errors import Diagnostic, InputError
from detente.plan.stage import Progress
from detente.plan.task import Task
from detente.plan.verb import plan as find_plan
from detente.results.compare import Comparison, Row
from detente.results.plan import NoPlan, Objective, Plan
from detente.results.provenance import Provenance
from detente.worlds.slip import agreed
from detente.worlds.spread import spread

PLAN = "plan"
"""Name of the last row: the planner's own road map."""

READ_BY: Mapping[str, Objective] = {"fair": "fair", "nash": "nash", "welfare": "welfare"}
"""Objectives of a plan by which proposals are read too: the soonest way to a goal, say, is no way to read one."""

CHUNK = 50
"""Worlds judged in one portion."""


@dataclass(frozen=True)
class Asked:
    """What is asked of a comparison; the limits in seconds are for each proposal."""

    proposals: tuple[str, ...] | None = None
    """Those to compare; None: all."""
    draws: int = 300
    seed: int = 0
    time_limit: float | None = 10.0
    """For the best certified reading of a proposal."""
    plan_limit: float | None = 60.0
    """For the planner's road map, if none is given."""
    work_limit: int | None = None
    completion_limit: float | None = 30.0
    """For the readings that a proposal in general terms allows."""
    workers: int = 1
    """Processes; the answer does not depend on it."""


Tell = Callable[[str], None]


def compare(
    case: Case, plan: Plan | NoPlan | None = None, asked: Asked | None = None, tell: Tell | None = None
) -> Comparison:
    """Compare; without a ``plan`` one is sought (``robust``). ``tell`` hears what has been finished."""
    began, asked = time.monotonic(), asked or Asked()
    resolved, tell = case.resolved, tell or (lambda text: None)
    names = _names(case, asked)
    if plan is None:
        seconds = asked.plan_limit if asked.work_limit is None else None
        plan = find_plan(Task(resolved, time_limit=seconds, work_limit=asked.work_limit), report=stages(tell))
        tell("road map of the planner")
    with spread(asked.workers) as executor:
        found = _readings(resolved, names, plan, asked, executor, tell)
        rows = [*(row for r in found for row in r.rows), _plan_row(resolved, plan)]
        results = _outcomes(case, rows, asked, executor, tell) if asked.draws else None
    cut = next((r.cut for r in found if r.cut), plan.provenance.run.cut)
    provenance = _provenance(resolved, asked, time.monotonic() - began, cut)
    terms = {name: r.general_terms for name, r in zip(names, found, strict=True) if r.general_terms}
    if results is None:
        return Comparison(tuple(rows), terms, provenance)
    drawn = iter(shares(results, asked.seed))
    rows = [row if row.road_map is None else replace(row, draws=next(drawn)) for row in rows]
    moved = drivers(case, results[:, -1, 0] & results[:, -1, 1], asked.draws, asked.seed) if rows[-1].draws else ()
    return Comparison(tuple(rows), terms, provenance, moved)


def stages(tell: Tell) -> Callable[[Progress], None]:
    """Tells each stage of the planner once."""
    last = ""

    def hear(progress: Progress) -> None:
        nonlocal last
        if progress.stage != last:
            last = progress.stage
            tell(f"planning: {last}")

    return hear


def _names(case: Case, asked: Asked) -> tuple[str, ...]:
    """The proposals asked for, or all; raises if one does not exist."""
    known = proposals(case.resolved, case.document.proposals if case.document is not None else ())
    if asked.proposals is None:
        return known
    unknown = [name for name in asked.proposals if name not in known and name not in case.resolved.road_maps]
    if unknown:
        raise InputError([
            Diagnostic("DET712", f'there is no proposal "{name}"', why="it could not be compared",
                       fix=did_you_mean(name, [*known, *case.resolved.road_maps]) or "the case has none")
            for name in unknown
        ])  # fmt: skip
    return asked.proposals


def _readings(
    case: ResolvedCase, names: Sequence[str], plan: Plan | NoPlan, asked: Asked, executor: Executor, tell: Tell
) -> list[Readings]:
    objective = READ_BY.get(plan.objective, "robust")
    questions = [
        Question(
            case, name, objective, margin=plan.margin_required, completion_limit=asked.completion_limit,
            time_limit=None if asked.work_limit is not None else asked.time_limit, work_limit=asked.work_limit,
        )
        for name in names
    ]  # fmt: skip
    found = []
    for name, answer in zip(names, executor.map(readings, questions), strict=True):
        found.append(answer)
        tell(f"readings of {case.title(name)}")
    return found


def _plan_row(case: ResolvedCase, plan: Plan | NoPlan) -> Row:
    if isinstance(plan, Plan):
        return row_of(case, PLAN, BEST_CERTIFIED, plan.road_map, plan.audit)
    if plan.outcome == "none-exists":
        return without(PLAN, BEST_CERTIFIED, "proved: no road map is certified")
    return without(PLAN, BEST_CERTIFIED, "not known: none was found before a limit was reached")


def _outcomes(case: Case, rows: Sequence[Row], asked: Asked, executor: Executor, tell: Tell) -> Outcomes:
    """(world, row with a road map, 3)."""
    candidates = [_candidate(case.resolved, row) for row in rows if row.road_map is not None]
    parts = range(0, asked.draws, CHUNK)
    tasks = [(case, candidates, min(first + CHUNK, asked.draws), asked.seed, first) for first in parts]
    found = []
    for task, part in zip(tasks, executor.map(_part, tasks), strict=True):
        found.append(part)
        tell(f"{task[2]} of {asked.draws} draws")
    return np.concatenate(found)


def _part(task: tuple[Case, list[Candidate], int, int, int]) -> Outcomes:
    return outcomes(*task)


def _candidate(case: ResolvedCase, row: Row) -> Candidate:
    """A road map with the order clauses it keeps: red lines, and those of its proposal."""
    assert row.road_map is not None
    assert row.audit is not None
    red = [c for c in case.clauses if c.kind == "red-line" and c.strength == "must"]
    order = [term_of(c, case) for c in (*red, *proposal_clauses(case, row.name))]
    return Candidate(agreed(case, row.road_map, order), suspects(row.audit))


def _provenance(case: ResolvedCase, asked: Asked, seconds: float, cut: str | None) -> Provenance:
    limits = {
        "time_limit": None if asked.work_limit is not None else asked.time_limit, "work_limit": asked.work_limit,
        "completion_limit": asked.completion_limit, "draws": asked.draws,
    }  # fmt: skip
    return origin(case, limits, seconds=seconds, cut=cut, seed=asked.seed)
