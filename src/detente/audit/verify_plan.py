"""A plan as written: its road map, its value, its gap; of a claim that there is none, what can be seen of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from math import log
from typing import Any, TypeGuard, get_args

from detente.audit.exact import Exact
from detente.audit.judge import audit
from detente.audit.structure import structural
from detente.audit.verify_audit import check_audit, clauses_kept_by
from detente.audit.verify_compare import CLOSE, Check, is_number
from detente.case.clauses import ByTime, ShareAtLeast, evaluate, term_of
from detente.case.resolved import Clause, ResolvedCase
from detente.case.road_map import RoadMap
from detente.incentives.kept import LARGEST_MARGIN
from detente.results.audit import Audit
from detente.results.plan import Sought

KNOWN = tuple(name for part in get_args(Sought) for name in get_args(part))
"""Objectives."""

ROUNDED = 1e-6
"""A bound may lie on the wrong side of a value by this much: the solver's tolerance."""

UNLIMITED = (
    "value: leaving this road map changes nothing for anybody, so its least margin has no limit; the number written "
    "stands for that"
)


def check_plan(answer: Mapping[str, Any], check: Check) -> None:
    """A plan with a road map, or one that says there is none."""
    outcome = answer.get("outcome")
    if outcome == "plan":
        _road_map(answer, check)
    elif outcome in ("none-exists", "unknown"):
        if answer.get("starts") is not None or answer.get("audit") is not None:
            check.differs("outcome", outcome, "there is a road map in the answer")
        _none(answer, str(outcome), check)
    else:
        check.differs("outcome", outcome, "one of plan, none-exists, unknown")


def _road_map(answer: Mapping[str, Any], check: Check) -> None:
    inner = answer.get("audit")
    if not isinstance(inner, Mapping):
        check.differs("audit", "missing", "a plan carries its audit")
        return
    check.same("starts", answer.get("starts"), inner.get("starts"))
    inside = Check(check.case)
    inside.same("case_hash", inner.get("case_hash"), answer.get("case_hash"))
    true = check_audit({**inner, "starts": answer.get("starts")}, inside)
    check.found += [replace(d, where=f"audit.{d.where}") for d in inside.found]
    check.checked += inside.checked
    check.unchecked += inside.unchecked
    if not true.certified:
        check.differs("outcome", "plan", f"not certified: {true.reason}")
    check.checked.append("outcome")
    _margin(answer, true, check)
    _value(answer, true, check)
    _gap(answer, check)
    check.unchecked.append(_bound(answer, inner, check.case))


def _bound(answer: Mapping[str, Any], inner: Mapping[str, Any], case: ResolvedCase) -> str:
    """That the bound is not checked, and what to do about it."""
    told = answer.get("bound")
    if not is_number(told):
        return "whether there is a better road map: the plan proves no bound"
    if answer.get("objective") == "robust-worlds":
        return (
            f"the bound (no road map in more than {100 * told:.3g} % of worlds): like the share itself it is known "
            f"from a sample; to draw worlds again: {run_again(answer, case, clauses_kept_by(inner))}"
        )
    claim = f"not before period {told:g}" if answer.get("objective") == "fast" else f"none better than {told:g}"
    return (
        f"the bound ({claim}): that no better road map exists is the planner's own proof, and cannot be seen by "
        f"judging one; to prove it again: {run_again(answer, case, clauses_kept_by(inner))}"
    )


def run_again(answer: Mapping[str, Any], case: ResolvedCase, keep: Sequence[str]) -> str:
    """The command that seeks the same again."""
    details = answer.get("details")
    goal = details.get("goal") if isinstance(details, Mapping) else None
    objective = answer.get("objective")
    parts = [f"detente plan {case.name or 'CASE'}"]
    parts += [] if objective == "robust" else [f"--objective {objective}"]
    parts += [f"--goal {goal or 'GOAL'}"] if objective == "fast" else []
    budget = details.get("budget") if isinstance(details, Mapping) else None
    parts += [f"--budget {budget['errors']:g}"] if _states_errors(budget) else []
    parts += [f"--seed {answer['seed']}"] if objective == "robust-worlds" and answer.get("seed") else []
    parts += [] if answer.get("margin_required") == 0.001 else [f"--margin {answer.get('margin_required')}"]
    parts += [f"--keep {name}" for name in keep]
    return " ".join(parts)


def _states_errors(budget: object) -> TypeGuard[Mapping[str, Any]]:
    """Whether a plan says how many errors it stands."""
    return isinstance(budget, Mapping) and is_number(budget.get("errors"))


def _margin(answer: Mapping[str, Any], true: Audit, check: Check) -> None:
    """The margin that was asked for is there."""
    check.checked.append("margin_required")
    asked, least = answer.get("margin_required"), true.least_counted
    if not is_number(asked):
        check.differs("margin_required", asked, "a number")
    elif least is not None and least.relative is not None and least.relative < asked - CLOSE:
        check.differs("margin_required", asked, f"the least relative margin is {least.relative:g}")


def _value(answer: Mapping[str, Any], true: Audit, check: Check) -> None:
    """The value of the objective, from the road map and the case."""
    objective = answer.get("objective")
    ways: Mapping[Any, Callable[[Mapping[str, Any], Audit, Check], float | str]] = {
        "robust": _robust, "fair": _fair, "nash": _nash, "fast": _fast, "welfare": _welfare,
    }  # fmt: skip
    check.checked.append("objective")
    if objective not in ways:
        if objective in KNOWN:
            check.unchecked.append(f"the value of the objective {objective}")
        else:
            check.differs("objective", objective, f"one of {', '.join(KNOWN)}")
        return
    value = ways[objective](answer, true, check)
    if isinstance(value, str):
        check.unchecked.append(value)
        return
    check.checked.append("value")
    check.same("value", answer.get("value"), value)


WITHIN_A_BUDGET = "value: the least margin within a budget of errors is not worked out again here"


def _robust(answer: Mapping[str, Any], true: Audit, check: Check) -> float | str:
    """The least relative margin."""
    details = answer.get("details")
    if isinstance(details, Mapping) and "budget" in details:
        return WITHIN_A_BUDGET
    counted = true.least_counted
    return UNLIMITED if counted is None or counted.relative is None else min(counted.relative, LARGEST_MARGIN)


def _relative_gains(true: Audit, case: ResolvedCase) -> list[float]:
    """Gains of the principals that have anything at stake, as parts of their scales."""
    exact = Exact(case)
    names = case.principals or tuple({m.by: None for m in case.measures.values() if m.by is not None})
    scales = {p: float(exact.scale(exact.terms.party_index[p])) for p in case.parties if p in names}
    return [true.gains[p] / k for p, k in scales.items() if k > 0]


def _welfare(answer: Mapping[str, Any], true: Audit, check: Check) -> float | str:
    return sum(_relative_gains(true, check.case))


def _nash(answer: Mapping[str, Any], true: Audit, check: Check) -> float | str:
    """The sum of the logarithms of gains."""
    gains = _relative_gains(true, check.case)
    if all(g > 0 for g in gains):
        return sum(log(g) for g in gains)
    check.differs("value", answer.get("value"), "a principal gains nothing, so there is no product of gains")
    return "value: there is no product of gains"


def _fair(answer: Mapping[str, Any], true: Audit, check: Check) -> float | str:
    """The least share of what each could gain at most, taken as written."""
    details = answer.get("details")
    most = details.get("most_gain") if isinstance(details, Mapping) else None
    if not isinstance(most, Mapping):
        return "value: what each principal could gain at most is not written down"
    tops = {p: x.get("value") for p, x in most.items() if p in true.gains and isinstance(x, Mapping)}
    shares = [true.gains[p] / g for p, g in tops.items() if is_number(g) and g > 0]
    check.unchecked.append("details.most_gain: what each principal could gain at most is the planner's own proof")
    return min(shares, default=0.0)


def _fast(answer: Mapping[str, Any], true: Audit, check: Check) -> float | str:
    """The first period in which the goal is attained, whatever time its clauses name."""
    details, case = answer.get("details"), check.case
    goal = details.get("goal") if isinstance(details, Mapping) else None
    clauses = [c for c in case.clauses if c.kind == "goal" and c.of == goal and c.strength == "must"]
    if not clauses:
        return "value: the answer names no goal of the case with a clause that must hold"
    when = _attained(clauses, case, true)
    if when is None:
        check.differs("value", answer.get("value"), f"the goal {goal} is never reached")
        return "value: the goal is never reached"
    return float(when)


def _attained(goal: Sequence[Clause], case: ResolvedCase, true: Audit) -> int | None:
    starts = true.road_map.starts
    terms = [term_of(c, case) for c in goal]
    dated = [x for x in terms if isinstance(x, ByTime | ShareAtLeast)]
    others = [x for x in terms if not isinstance(x, ByTime | ShareAtLeast)]
    if not all(evaluate(x, case, starts, lambda p: Fraction(true.V[p][0] + ROUNDED))[0] for x in others):
        return None
    reached = (t for t in range(case.periods) if all(evaluate(replace(x, time=t), case, starts)[0] for x in dated))
    return next(reached, None)


def _gap(answer: Mapping[str, Any], check: Check) -> None:
    """Bound and gap fit the value; whether the bound is right is another matter."""
    value, bound, gap = (answer.get(key) for key in ("value", "bound", "gap"))
    check.checked.append("gap")
    if bound is None or value is None:
        check.same("gap", gap, None)
    elif not (is_number(value) and is_number(bound)):
        check.differs("bound", bound, "a number")
    else:
        room = value - bound if answer.get("objective") == "fast" else bound - value
        if room < -ROUNDED * max(1.0, abs(value)):
            check.differs("bound", bound, f"the value {value:g} is better than the bound on all values")
        check.same("gap", gap, max(0.0, room))


# ------------------------------------------------------------------ no road map


def _none(answer: Mapping[str, Any], outcome: str, check: Check) -> None:
    """Absence cannot be seen by judging; but one certified road map refutes it, so those at hand are judged."""
    if outcome == "unknown":
        check.unchecked.append("whether there is a road map: the answer does not say, a limit was reached")
        return
    reason = answer.get("reason")
    conflict = reason.get("conflict") if isinstance(reason, Mapping) else None
    told = [str(name) for name in conflict] if isinstance(conflict, list | tuple) else []
    red = {c.id for c in check.case.clauses if c.kind == "red-line"}
    keep = [c.id for c in check.case.clauses if c.id in told and c.id not in red]
    clauses_only = set(told) <= {c.id for c in check.case.clauses}
    plain = answer.get("objective") in ("robust", "fair", "welfare") and clauses_only
    if plain and is_number(answer.get("margin_required")):
        _refuted(float(answer["margin_required"]), keep, check)
    check.unchecked.append(
        "that no road map is certified: this is the planner's own proof over all road maps, and cannot be seen by "
        f"judging a few; to prove it again: {run_again(answer, check.case, keep)}"
    )


def _refuted(margin: float, keep: Sequence[str], check: Check) -> None:
    """Judge the empty road map and those of the case; each that is certified shows that there is one."""
    check.checked.append("outcome, against the empty road map and those of the case")
    for name, starts in {"the empty road map": {}, **check.case.road_maps}.items():
        road_map = RoadMap(starts)
        if structural(check.case, road_map):
            continue
        true = audit(check.case, road_map, cures=False, keep=keep)
        least = true.least_counted
        enough = least is None or least.relative is None or least.relative >= margin
        if true.certified and enough:
            check.differs("outcome", "none-exists", f"{name} is certified with what was asked")
