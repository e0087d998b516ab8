"""Budgets of errors against trying every road map at every point with so many numbers at the ends of their ranges."""

from __future__ import annotations

import json

import numpy as np
import pytest

import detente as dt
from detente.case.road_map import RoadMap
from detente.incentives.budget.numbers import Numbers, numbers_of_budget, protection
from detente.incentives.budget.points import settings, worst_point
from detente.incentives.budget.rows import rows
from detente.incentives.budget.staying import Quantity, Staying
from detente.plan.in_parts import in_parts
from detente.plan.linear import total
from detente.plan.stage import Budget
from detente.plan.task import Task
from detente.plan.verb import plan
from detente.results.plan import NoPlan, Objective, Plan
from tests.budget_cases import points, ranged_case
from tests.depth import examples
from tests.oracle.enumeration import BruteForce
from tests.oracle.tables import Starts

SEEDS = [0, 1, 6, 7, *range(100, 100 + examples(4))]
NEAR = 1e-9


def _forces(numbers: Numbers, budget: int) -> list[BruteForce]:
    return [BruteForce(raw, epsilon="0") for raw in points(numbers, budget)]


def _named(force: BruteForce, starts: Starts) -> dict[str, int]:
    return {name: s for name, s in zip(force.fast.names, starts, strict=True) if s is not None}


def _quantities(road: Staying) -> list[Quantity]:
    return [q for i in road.players for q in (*road.walking(i), *road.cheating(i), road.signing(i))]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_road_map_stands_the_budget_iff_it_is_certified_at_every_point(seed: int) -> None:
    numbers = numbers_of_budget(ranged_case(seed))
    forces, errors = _forces(numbers, 1), rows(numbers, 1)
    for starts in list(forces[0].road_maps())[:60]:
        everywhere = all(force.certified(starts) for force in forces)
        road = Staying(errors, numbers.stakes.completions(RoadMap(_named(forces[0], starts))))
        stands = min((q.least for q in _quantities(road)), default=0.0) >= -NEAR
        assert stands <= everywhere, starts
        if not errors.open.any():
            assert stands == everywhere, starts


@pytest.mark.parametrize(("seed", "budget"), [(0, 1), (0, 2), (1, 1), (1, 2), (6, 1), (7, 2)])
def test_the_planner_finds_the_best_that_stands_the_budget(seed: int, budget: int) -> None:
    case = ranged_case(seed)
    numbers = numbers_of_budget(case)
    errors, forces = rows(numbers, budget), _forces(numbers, budget)
    assert not errors.open.any()
    standing = [s for s in forces[0].road_maps() if all(force.certified(s) for force in forces)]
    found = plan(Task(case.resolved, "welfare", margin=0.0, errors=errors, time_limit=60.0))
    if not standing:
        assert isinstance(found, NoPlan)
        assert found.outcome == "none-exists"
        return
    assert isinstance(found, Plan)
    assert dict(found.starts) in [_named(forces[0], s) for s in standing]
    force = forces[0]
    welfare = [sum(force.gains(s)[i] / force.scales[i] for i in force.counting) for s in standing]
    assert found.value == pytest.approx(float(max(welfare)), abs=2e-5)
    assert found.gap <= 2e-5


@pytest.mark.parametrize("seed", SEEDS[:4])
def test_the_worst_point_is_where_the_case_itself_says_so(seed: int) -> None:
    case = ranged_case(seed)
    numbers = numbers_of_budget(case)
    errors = rows(numbers, 2)
    if errors.open.any():
        pytest.skip("a decision to undo could turn: then more is granted to the breach than any point does")
    maps = list(BruteForce(next(points(numbers, 0)), epsilon="0").road_maps())
    starts = maps[len(maps) // 2]
    road_map = RoadMap(_named(BruteForce(next(points(numbers, 0))), starts))
    for q in [q for q in _quantities(Staying(errors, numbers.stakes.completions(road_map))) if q.cheat is None]:
        there = dt.load(
            case, settings=[f"{p}={x}" for p, x in settings(errors, worst_point(errors, q.party, q.values)).items()]
        )
        judged = dt.audit(there, road_map)
        party = numbers.stakes.parties[q.party]
        kept, left = judged.V[party][q.period], judged.reserve[party] if q.signs else judged.W[party][q.period]
        assert kept - left == pytest.approx(q.least, abs=1e-9)


def test_what_is_left_in_parts_is_no_less_than_any_road_map_has() -> None:
    """Against all road maps on which every measure is; and the other way round it is proved that none is left."""
    proved = left = 0
    for seed in SEEDS:
        case = ranged_case(seed)
        numbers = numbers_of_budget(case)
        force = BruteForce(next(points(numbers, 0)), epsilon="0")
        maps = [RoadMap(_named(force, s)) for s in force.road_maps()]
        most = max(map(len, maps))
        for budget in (0.5, 1, 3):
            errors = rows(numbers, budget)
            search = Task(case.resolved, margin=0.0, errors=errors).search()
            ends = total([search.schedule.x(k, numbers.stakes.periods - 1) for k in search.schedule.free])
            found = in_parts(search, [ends.at_least(float(most))], Budget())
            roads = (Staying(errors, numbers.stakes.completions(x)) for x in maps if len(x) == most)
            some = any(min((q.least for q in _quantities(road)), default=0.0) >= NEAR for road in roads)
            assert not (found.none and some), (seed, budget)
            proved, left = proved + found.none, left + some
    assert proved > 0
    assert left > 0


def test_protection_takes_the_largest_and_a_part_of_the_next() -> None:
    losses = np.array([[1.0], [5.0], [0.0], [2.0]])
    for budget, most in ((0, 0.0), (1, 5.0), (1.5, 6.0), (2, 7.0), (3, 8.0), (9, 8.0)):
        assert protection(losses, budget)[0] == pytest.approx(most)


def test_facts_stay_where_the_weight_of_them_counts() -> None:
    numbers = numbers_of_budget(ranged_case(2))
    for x, counts in zip(numbers.counted, numbers.for_party, strict=True):
        if ".facts.good" in x.path:
            certain = [p for p in ("A", "B") if f"parties.{p}.weights.good" not in [y.path for y in numbers.counted]]
            assert all(not counts[numbers.stakes.party_index[p]] for p in ("A", "B") if p not in certain)
    assert all("detect" not in x.path and "takes" not in x.path for x in numbers.counted)


@pytest.mark.parametrize("objective", ["welfare", "robust", "fair"])
def test_the_price_grows_with_the_budget(objective: Objective) -> None:
    case = ranged_case(1)
    price = dt.price(case, objective, budgets=range(3), time_limit=60)
    ordinary = dt.plan(case, objective, time_limit=20)
    values = [x.answer.value for x in price.points if isinstance(x.answer, Plan)]
    assert isinstance(ordinary, Plan)
    assert values[0] == pytest.approx(ordinary.value, abs=1e-5)
    assert values == sorted(values, reverse=True)
    assert [isinstance(x.answer, Plan) for x in price.points] == sorted(
        (isinstance(x.answer, Plan) for x in price.points), reverse=True
    )
    assert json.loads(price.to_json())["format"] == "detente/price/1"
    assert "PRICE OF ROBUSTNESS" in str(price)
    assert "<svg" in price._repr_html_()  # type: ignore[attr-defined]


def test_a_plan_tells_what_it_stands() -> None:
    found = dt.plan(ranged_case(1), "welfare", budget=1, time_limit=30)
    assert isinstance(found, Plan)
    told = found.details["budget"]
    assert told["errors"] == 1
    assert all(x["least"] >= -NEAR for x in told["weakest"])
    assert all(len(x["worst"]) <= 1 for x in told["weakest"])
    assert "Stands 1 error in the numbers" in str(found)
    with pytest.raises(dt.InputError, match="budget is -1"):
        dt.plan("two-steps", budget=-1)
