"""The planner with factions, bodies and consents against trying every road map, whatever is waived."""

from __future__ import annotations

import math
import random

import pytest

from detente.audit.grounds import grounds
from detente.case.interchange import resolved_from_dict
from detente.case.resolved import ResolvedCase
from detente.case.road_map import RoadMap
from detente.plan.aims import AnyCertified
from detente.plan.conditions import conditions
from detente.plan.conflict import minimal
from detente.plan.held import held
from detente.plan.inquiry import Inquiry
from detente.plan.stage import Budget
from detente.plan.task import Task
from detente.plan.verb import plan
from detente.results.plan import NoPlan, Plan
from tests.audit.test_exact import steady_sticks
from tests.depth import examples
from tests.making import Raw
from tests.oracle.brute_force import solve
from tests.oracle.enumeration import BruteForce
from tests.oracle.random_cases import divide, random_case
from tests.plan.test_against_brute_force import OBJECTIVES, compare, drawn
from tests.plan.test_conflict import MOST_CONDITIONS, Tried
from tests.plan.test_conflict import drawn as offered


def divided(seed: int) -> tuple[Raw, ResolvedCase]:
    """A small random case with factions and the goal ``win``."""
    raw, _ = drawn(seed)
    raw = divide(random.Random(seed), steady_sticks(raw))
    return raw, resolved_from_dict(raw)


@pytest.mark.parametrize("batch", range(examples(3)))
def test_every_objective_agrees_with_trying_all(batch: int) -> None:
    for seed in range(70_000 + 4 * batch, 70_000 + 4 * batch + 4):
        raw, case = divided(seed)
        answer = solve(raw, goal="win")
        for objective in OBJECTIVES:
            try:
                compare(raw, case, answer, objective)
            except AssertionError as error:
                raise AssertionError(f"seed {seed}, {objective}: {error}") from error


@pytest.mark.parametrize("batch", range(examples(3)))
def test_whatever_is_waived_there_is_a_plan_where_trying_all_finds_one(batch: int) -> None:
    for seed in range(71_000 + 10 * batch, 71_000 + 10 * batch + 10):
        raw, case = divided(seed)
        rng = random.Random(seed)
        names = [c.name for c in conditions(case)]
        waived = frozenset(name for name in names if rng.random() < 0.4)
        force = BruteForce(raw, waived=waived)
        found = plan(Task(case, AnyCertified(), waived=waived, time_limit=60.0))
        certified = [
            {n: s for n, s in zip(force.fast.names, starts, strict=True) if s is not None}
            for starts in force.all_certified()
        ]
        if certified:
            assert isinstance(found, Plan), f"seed {seed}"
            assert dict(found.starts) in certified, f"seed {seed}"
        else:
            assert isinstance(found, NoPlan), f"seed {seed}"
            assert found.outcome == "none-exists", f"seed {seed}"


def test_the_random_cases_are_decided_by_votes() -> None:
    """Votes leave fewer road maps, or all: otherwise the comparisons above say little."""
    fewer = same = 0
    for seed in range(70_000, 70_016):
        raw, case = divided(seed)
        votes = frozenset(c.name for c in conditions(case) if c.kind in ("supports", "consents"))
        with_, without = len(BruteForce(raw).all_certified()), len(BruteForce(raw, waived=votes).all_certified())
        fewer += with_ < without
        same += 0 < with_ == without
    assert min(fewer, same) >= 2, (fewer, same)


@pytest.mark.parametrize("seed", range(72_000, 72_000 + examples(5)))
def test_what_a_road_map_holds_is_what_trying_all_says(seed: int) -> None:
    """Each vote by itself, with all else waived."""
    raw, case = divided(seed)
    asked = [c for c in conditions(case) if c.kind in ("supports", "consents")]
    others = frozenset(c.name for c in conditions(case)) - {c.name for c in asked}
    for one in asked:
        waived = others | {c.name for c in asked if c is not one}
        force = BruteForce(raw, waived=frozenset(waived))
        kept = set(force.all_certified())
        every = sorted(force.road_maps(), key=str)
        for starts in random.Random(seed).sample(every, k=min(5, len(every))):
            named = {n: s for n, s in zip(force.fast.names, starts, strict=True) if s is not None}
            assert (one.name in held(grounds(case), RoadMap(named), 0.001, [one])) == (starts in kept), one.name


@pytest.mark.parametrize("seed", range(73_000, 73_000 + examples(4)))
def test_factions_without_weight_and_veto_change_no_plan(seed: int) -> None:
    raw, _ = drawn(seed)
    plain = resolved_from_dict(raw)
    divide(random.Random(seed), raw)
    raw["bodies"] = {}
    for one in raw["measures"].values():
        one.pop("consent", None)
    for one in raw["factions"].values():
        one["weight"], one["veto"] = "0", False
    case = resolved_from_dict(raw)
    for objective in ("welfare", "robust"):
        before, after = (plan(Task(x, objective, time_limit=60.0)) for x in (plain, case))
        assert type(before) is type(after)
        if isinstance(before, Plan) and isinstance(after, Plan):
            assert math.isclose(before.value, after.value, abs_tol=1e-9)
            assert before.starts == after.starts


@pytest.mark.parametrize("seed", range(74_000, 74_000 + examples(4)))
def test_single_factions_that_think_as_their_parties_do_change_no_plan(seed: int) -> None:
    raw = steady_sticks(random_case(random.Random(seed), measures=(3, 4), periods=(4, 5)))
    plain = resolved_from_dict(raw)
    raw["factions"] = {}
    for name, one in raw["parties"].items():
        one["ratify"], one["sustain"] = "0.5", "1"
        raw["factions"][f"all-{name}"] = {
            "party": name, "discount": one["discount"], "status_quo": one["status_quo"], "veto": True,
        }  # fmt: skip
        for thing in (*raw["measures"].values(), *raw["sticks"]):
            if name in thing["value"]:
                thing["value"][f"all-{name}"] = thing["value"][name]
    before, after = (plan(Task(x, "welfare", time_limit=60.0)) for x in (plain, resolved_from_dict(raw)))
    assert type(before) is type(after)
    if isinstance(before, Plan) and isinstance(after, Plan):
        assert before.value == pytest.approx(after.value, rel=2e-5, abs=2e-5)


def test_conflicts_in_which_votes_have_a_part_are_minimal() -> None:
    found = 0
    for seed in range(75_000, 75_000 + examples(15)):
        raw, _ = offered(seed)
        raw = divide(random.Random(seed), steady_sticks(raw))
        inquiry = Inquiry(resolved_from_dict(raw), ("offer",))
        if len(inquiry.every) > MOST_CONDITIONS:
            continue
        tried, budget = Tried(raw, inquiry.every), Budget()
        assert (inquiry.ask(inquiry.every, budget).outcome == "plan") == tried.possible(inquiry.every), f"seed {seed}"
        if not tried.possible(inquiry.every):
            clash = minimal(inquiry, inquiry.every, budget)
            assert not tried.possible(clash.members), f"seed {seed}"
            assert all(tried.possible(clash.members - {one}) for one in clash.members), f"seed {seed}"
            found += any(one.startswith(("supports", "consents")) for one in clash.members)
    assert found
