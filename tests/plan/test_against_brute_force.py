"""The planner against trying all road maps: the same best values, and 'none exists' where there is none.

Random cases with every feature on, small enough that all their road maps can be tried in fractions. The planner's
values come from a solver that is content with a distance of `CLOSE`; what it calls a plan is certified exactly.
"""

from __future__ import annotations

import json
import math
import random
from fractions import Fraction as F
from typing import Any

import pytest

from detente.audit.verify import verify
from detente.case.interchange import resolved_from_dict
from detente.case.resolved import ResolvedCase
from detente.errors import InputError
from detente.incentives.kept import LARGEST_MARGIN
from detente.plan.planner import LEAST_GAIN
from detente.plan.task import Task
from detente.plan.verb import plan
from detente.results.plan import NoPlan, Objective, Plan
from tests.depth import examples
from tests.making import Raw
from tests.oracle.brute_force import Answer, solve
from tests.oracle.enumeration import BruteForce
from tests.oracle.judge import Oracle
from tests.oracle.random_cases import random_case

CLOSE = 2e-5
"""Relative distance to which values are proved: the solver's tolerance, and what ties and stages may give away."""

OBJECTIVES: tuple[Objective, ...] = ("welfare", "fair", "nash", "robust", "fast")


def drawn(seed: int) -> tuple[Raw, ResolvedCase]:
    """A small random case with a goal, ``win``: one thing, whichever, that is to come about."""
    rng = random.Random(seed)
    raw = random_case(rng, measures=(3, 4), periods=(4, 5))
    for one in raw["sticks"]:
        for value in one["value"].values():
            if isinstance(value["flow"], list):
                value["flow"] = value["flow"][0]
    wished = rng.choice([name for name, one in raw["measures"].items() if not one["done"]] or list(raw["measures"]))
    goal = {"id": "win-1", "owner": next(iter(raw["parties"])), "kind": "goal", "of": "win", "strength": "must"}
    raw["clauses"].append(goal | {"weight": "1", "text": f"{wished} by {raw['periods'] - 1}"})
    return raw, resolved_from_dict(raw)


def best_value(answer: Answer, objective: str) -> float | None:
    """What trying all gives, in the planner's units; None where no road map has the objective."""
    best = answer.objectives.get(objective)
    if best is None:
        return None
    if best.value is None:
        return math.inf
    if objective == "fair":
        return float(best.value[0]) if best.value else 0.0
    return {"nash": math.log, "fast": _date}.get(objective, float)(best.value)


def _date(value: Any) -> float:
    """The period in which a goal is attained; what is attained before period 0 is so in 0."""
    return max(0.0, -float(value))


def _hardly_gains(raw: Raw, answer: Answer) -> bool:
    """Whether somebody's gain at the Nash point is below what the planner counts as positive."""
    best = answer.objectives["nash"]
    assert best is not None
    force = BruteForce(raw)
    found = force.gains(tuple(best.starts.get(name) for name in force.fast.names))
    return any(gain < 2 * F(LEAST_GAIN) * force.scales[i] for i, gain in found.items())


def compare(raw: Raw, case: ResolvedCase, answer: Answer, objective: Objective) -> None:
    """One objective: outcome, value, bound, and the plan itself before auditor, checker and trial."""
    found = plan(Task(case, objective, goal="win" if objective == "fast" else None, time_limit=60.0))
    wanted = best_value(answer, objective)
    if objective == "nash" and wanted is not None and _hardly_gains(raw, answer):
        return
    if wanted is None:
        assert isinstance(found, NoPlan), f"{objective}: {dict(found.starts)} is said to be a plan"
        assert found.outcome == "none-exists", f"{objective}: {found.reason}"
        return
    assert isinstance(found, Plan), f"{objective}: {found.outcome}, {found.reason}, but there is one worth {wanted}"
    if objective == "robust" and wanted >= LARGEST_MARGIN:
        least = found.audit.least_counted
        assert least is None or least.relative is None or least.relative >= LARGEST_MARGIN
    else:
        assert found.value == pytest.approx(wanted, rel=CLOSE, abs=CLOSE), f"{objective}: {dict(found.starts)}"
        assert found.gap <= CLOSE * (1 + abs(wanted))
    certified(raw, case, found, answer)


def certified(raw: Raw, case: ResolvedCase, found: Plan, answer: Answer) -> None:
    """A plan is certified by the auditor, verifies from scratch, and is one of those that trying all certifies."""
    assert found.audit.certified
    honest = verify(json.loads(found.to_json()), case)
    assert honest.agrees, honest.disagreements
    assert dict(found.starts) in answer.certified
    assert Oracle(raw, {"starts": dict(found.starts)}).audit()["certified"]


@pytest.mark.parametrize("batch", range(examples(14)))
def test_values_and_none_exists_agree(batch: int) -> None:
    for seed in range(10 * batch, 10 * batch + 10):
        raw, case = drawn(seed)
        answer = solve(raw, goal="win")
        for objective in OBJECTIVES:
            try:
                compare(raw, case, answer, objective)
            except AssertionError as error:
                raise AssertionError(f"seed {seed}: {error}") from error


@pytest.mark.parametrize("batch", range(examples(4)))
def test_what_is_asked_besides_is_kept(batch: int) -> None:
    """Margins and clauses that are asked for change which road maps count, in the same way for both."""
    for seed in range(10_000 + 10 * batch, 10_000 + 10 * batch + 10):
        raw, case = drawn(seed)
        rng = random.Random(seed)
        margin, keep = rng.choice(("0.01", "0.05", "0.2")), rng.choice((("x",), ("y",), ("win",)))
        kinds = {one["of"] for one in raw["clauses"]}
        if not set(keep) <= kinds:
            keep = ("win",)
        answer = solve(raw, epsilon=margin, keep=frozenset(keep))
        found = plan(Task(case, "welfare", margin=float(margin), keep=keep, time_limit=60.0))
        wanted = best_value(answer, "welfare")
        if wanted is None:
            assert isinstance(found, NoPlan), f"seed {seed}"
            assert found.outcome == "none-exists", f"seed {seed}"
        else:
            assert isinstance(found, Plan), f"seed {seed}"
            assert found.value == pytest.approx(wanted, rel=CLOSE, abs=CLOSE), f"seed {seed}"
            assert dict(found.starts) in answer.certified, f"seed {seed}"


@pytest.mark.parametrize("seed", range(examples(15)))
def test_a_plan_that_was_tampered_with_is_caught(seed: int) -> None:
    """One start moved, one measure dropped or added: what is written down no longer fits."""
    _, case = drawn(seed)
    found = plan(Task(case, "welfare", time_limit=60.0))
    if not isinstance(found, Plan) or not found.starts:
        return
    rng = random.Random(seed)
    answer = json.loads(found.to_json())
    name = rng.choice(sorted(answer["starts"]))
    if rng.random() < 0.3:
        del answer["starts"][name]
    else:
        answer["starts"][name] += rng.choice((-1, 1, 2))
    try:
        assert not verify(answer, case).agrees
    except InputError:
        assert answer["starts"][name] < 0


def test_trying_all_sees_cases_of_both_kinds() -> None:
    """Cases without any road map, with one, with many: otherwise the comparison above says little."""
    counts = [len(BruteForce(drawn(seed)[0]).all_certified()) for seed in range(60)]
    assert min(counts.count(0), counts.count(1), sum(n > 5 for n in counts)) >= 5


@pytest.mark.parametrize("seed", [1547, 1769, 1831])
def test_cases_that_were_once_wrong(seed: int) -> None:
    """A bystander that would limit the margin of others (two), a value that equals the one asked for (one)."""
    raw, case = drawn(seed)
    answer = solve(raw, goal="win")
    for objective in OBJECTIVES:
        compare(raw, case, answer, objective)
