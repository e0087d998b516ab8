"""The readings of one proposal: as written, as each principal would like it, and the best that holds."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from detente.audit.judge import audit
from detente.case.resolved import Clause, ResolvedCase
from detente.case.road_map import RoadMap
from detente.errors import Diagnostic, InputError
from detente.plan.complete import Completer, Completion, NoCompletion
from detente.plan.task import Task
from detente.plan.verb import plan
from detente.results.audit import Audit
from detente.results.compare import Row
from detente.results.plan import NoPlan, Objective, Plan

AS_WRITTEN, BEST_CERTIFIED = "as-written", "best-certified"
BEST_FOR = "best-for:"
CONTRADICTION = "proved: no road map satisfies all its clauses"


@dataclass(frozen=True)
class Question:
    """One proposal of a case, and how long its readings may take to find."""

    case: ResolvedCase
    proposal: str
    objective: Objective = "robust"
    goal: str | None = None
    margin: float = 0.001
    keep: tuple[str, ...] = ()
    completion_limit: float | None = 30.0
    """Seconds for the readings in general terms."""
    time_limit: float | None = 10.0
    """Seconds for the best certified one."""
    work_limit: int | None = None


@dataclass(frozen=True)
class Readings:
    """The rows of a proposal, and whether each clause of the case holds always, never, or depends on the reading."""

    rows: tuple[Row, ...]
    general_terms: Mapping[str, str]
    cut: str | None = None


def proposal_clauses(case: ResolvedCase, proposal: str) -> list[Clause]:
    """What a proposal asks of every road map that it stands for."""
    return [c for c in case.clauses if c.kind == "proposal" and c.of == proposal and c.strength == "must"]


def readings(question: Question) -> Readings:
    """Every reading of a proposal, judged; a proposal without clauses that must hold has only the one written."""
    case, name = question.case, question.proposal
    rows: list[Row] = []
    if name in case.road_maps:
        rows.append(judged(case, name, AS_WRITTEN, RoadMap(case.road_maps[name], name)))
    clauses = proposal_clauses(case, name)
    if not clauses:
        return Readings(tuple(rows), {})
    deadline = None if question.completion_limit is None else time.monotonic() + question.completion_limit
    completer = Completer(case, clauses, deadline=deadline)
    for row in rows:
        if row.road_map is not None:
            completer.note(row.road_map)
    best = [best_for(case, name, completer, party) for party in case.principals]
    rows += [row for row, _ in best]
    reasons = {found.reason for _, found in best if isinstance(found, NoCompletion)}
    if "contradiction" in reasons:
        rows.append(without(name, BEST_CERTIFIED, CONTRADICTION))
        return Readings(tuple(rows), {})
    terms = {c.id: completer.standing(c) for c in case.clauses if c not in clauses}
    terms |= dict.fromkeys((c.id for c in clauses), "always")
    certified, cut = _certified(question)
    if "unknown" in terms.values() or reasons:
        cut = "clock"
    return Readings((*rows, certified), {c.id: terms[c.id] for c in case.clauses}, cut)


def best_for(case: ResolvedCase, name: str, completer: Completer, party: str) -> tuple[Row, Completion | NoCompletion]:
    """A text as a party would read it: the completion that is best for it, judged."""
    found = completer.best_for(party)
    if isinstance(found, Completion):
        note = "" if found.proved else "a better one may exist: a limit was reached"
        return judged(case, name, BEST_FOR + party, RoadMap(found.road_map.starts, f"{name}, {party}"), note), found
    told = CONTRADICTION if found.reason == "contradiction" else "not known: none was found before a limit"
    return without(name, BEST_FOR + party, told), found


def _certified(question: Question) -> tuple[Row, str | None]:
    case, name = question.case, question.proposal
    found = certified_completion(question)
    if isinstance(found, Plan):
        exact = found.gap <= 1e-6 * max(1.0, abs(found.value))
        note = "" if exact else "a better one may exist: a limit was reached"
        row = row_of(case, name, BEST_CERTIFIED, RoadMap(found.starts, f"{name}, certified"), found.audit, note)
    elif found.outcome == "none-exists":
        row = without(name, BEST_CERTIFIED, "proved: no road map that keeps it is certified")
    else:
        row = without(name, BEST_CERTIFIED, "not known: none was found before a limit was reached")
    return row, found.provenance.run.cut


def certified_completion(question: Question) -> Plan | NoPlan:
    """The best certified road map that keeps a proposal's clauses, and the red lines."""
    return plan(
        Task(
            question.case, question.objective, question.goal, margin=question.margin,
            keep=(question.proposal, *question.keep), time_limit=question.time_limit, work_limit=question.work_limit,
        )
    )  # fmt: skip


def completion(case: ResolvedCase, proposal: str, time_limit: float | None = 30.0) -> RoadMap:
    """One road map for a proposal in general terms: the best certified one, else the best for its owner.

    Its name says which. Raises :class:`InputError` if there is none, or none was found within the limit.
    """
    question = Question(case, proposal, time_limit=time_limit, completion_limit=time_limit)
    found = certified_completion(question)
    if isinstance(found, Plan):
        return RoadMap(found.starts, f"{proposal}, best certified completion")
    clauses = proposal_clauses(case, proposal)
    owner = clauses[0].owner if clauses else ""
    party = owner if owner in case.parties else next(iter(case.principals or case.parties))
    deadline = None if time_limit is None else time.monotonic() + time_limit
    best = Completer(case, clauses, deadline=deadline).best_for(party)
    if isinstance(best, NoCompletion):
        raise InputError([Diagnostic("DET407", f'the proposal "{proposal}" {best.message}',
                                     why="there is no road map of it to judge",
                                     fix="detente compare tells more of each proposal")])  # fmt: skip
    why = "no completion is certified" if found.outcome == "none-exists" else "no certified one was found"
    return RoadMap(best.road_map.starts, f"{proposal}, best completion for {party}: {why}")


def judged(case: ResolvedCase, name: str, completion: str, road_map: RoadMap, note: str = "") -> Row:
    """A row with its road map audited."""
    return row_of(case, name, completion, road_map, audit(case, road_map, cures=False), note)


def row_of(case: ResolvedCase, name: str, completion: str, road_map: RoadMap, judgment: Audit, note: str = "") -> Row:
    """A row of a road map that was audited."""
    could = (k for k, m in case.measures.items() if m.members is None and not m.done)
    undone = tuple(k for k in could if k not in road_map)
    return Row(name, completion, road_map, judgment, group_shares(case, road_map), undone, None, note)


def without(name: str, completion: str, note: str) -> Row:
    """A row without a road map."""
    return Row(name, completion, None, None, {}, (), None, note)


def group_shares(case: ResolvedCase, road_map: RoadMap) -> dict[str, tuple[float, ...]]:
    """For each group the share in force in each period, and for ever after."""
    found = {}
    for name, group in case.groups.items():
        weights = {k: float(group.weights.get(k, 1)) for k in group.members}
        whole = sum(weights.values())
        dates = {k: _force(case, road_map, k) for k in group.members}
        periods = [min(t, case.periods - 1) for t in range(case.periods + 1)]
        done = (sum(w for k, w in weights.items() if dates[k] <= t) for t in periods)
        found[name] = tuple(min(x / whole, 1.0) if whole else 0.0 for x in done)
    return found


def _force(case: ResolvedCase, road_map: RoadMap, k: str) -> int:
    m = case.measures[k]
    if m.members is not None:
        return max((_force(case, road_map, x) for x in m.members), default=case.periods)
    if m.done:
        return -1
    return road_map.starts[k] + m.takes if k in road_map else case.periods


def proposals(case: ResolvedCase, written: Iterable[str] = ()) -> tuple[str, ...]:
    """The proposals of a case: those with clauses, and those ``written`` without any, in order."""
    named = [c.of for c in case.clauses if c.kind == "proposal"]
    return tuple(dict.fromkeys([*(w for w in written if w in case.road_maps or w in named), *named]))
