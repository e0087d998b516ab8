"""The plan that stands in most worlds, against all road maps in each world by itself."""

from __future__ import annotations

import random
from itertools import product
from typing import Any

import pytest

from detente.audit.judge import audit
from detente.audit.structure import structural
from detente.case.draws import Draws
from detente.case.load import Case, load_case
from detente.case.road_map import RoadMap
from detente.case.sampling import CHUNK
from detente.plan.planner import Task
from detente.results.in_worlds import InWorlds
from detente.results.plan import NoPlan, Plan
from detente.worlds.robust import Sample, robust_worlds
from detente.worlds.slip import agreed
from tests.depth import examples
from tests.oracle import slip as alone

PERIODS = 4
SAMPLE = Sample(seed=3, blocks=(6, 10), fresh=96)


def _number(rng: random.Random, sign: int, *, ranged: bool) -> str:
    central = rng.choice((1, 2, 3))
    low, high = (sign * central * x for x in ((0.4, 2.0) if ranged else (1, 1)))
    return f"{sign * central} [{min(low, high)}, {max(low, high)}]" if ranged else str(sign * central)


def _case(seed: int, *, ranged: bool = True) -> Case:
    """Two parties that each may give the other two things, hard to see and worth nobody knows how much."""
    rng = random.Random(seed)
    measures: dict[str, Any] = {}
    for n in range(rng.choice((3, 4))):
        by, other = ("A", "B") if n % 2 else ("B", "A")
        cost, worth = (_number(rng, sign, ranged=ranged) for sign in (-1, 1))
        detection = {"base": rng.choice((0.3, 0.6))} if rng.random() < 0.5 else None
        measures[f"m{n}"] = {
            "by": by, "takes": rng.choice((0, 0, 1)), "undo": rng.choice(("never", {"cost": 0})),
            "value": {by: {"flow": cost}, other: {"flow": worth}},
            **({"detect": detection} if detection else {}),
        }  # fmt: skip
    if rng.random() < 0.5:
        measures["m2"]["after"] = [{"measure": "m0", "wait": 1}]
    return load_case(
        {
            "detente": 1, "period": "year", "periods": PERIODS, "start": "2020", "discount": 0.8,
            "parties": {"A": {"exit_cost": rng.choice((0, 1))}, "B": {}}, "measures": measures,
        }
    )  # fmt: skip


def _planned(case: Case, **options: Any) -> Plan | NoPlan:
    return robust_worlds(case, Task(case.resolved, time_limit=None, **options), SAMPLE)


def _all(case: Case) -> list[RoadMap]:
    names = list(case.resolved.measures)
    every = (
        RoadMap({k: s for k, s in zip(names, starts, strict=True) if s is not None})
        for starts in product((None, *range(PERIODS)), repeat=len(names))
    )
    return [x for x in every if not structural(case.resolved, x)]


def _stands(case: Case, road_map: RoadMap, index: int, rows: range) -> float:
    """The share of worlds in which the auditor says that it is signed and holds."""
    draws = Draws(case, SAMPLE.seed, "lhs")
    drawn, plan = draws.chunk(index), agreed(case.resolved, road_map)
    worlds = [draws.resolved(drawn, row) for row in rows]
    found = [audit(world, alone.slipped(world, plan), cures=False) for world in worlds]
    return sum(a.verdict == "holds" and a.signed for a in found) / len(found)


def _allowed(case: Case, plan: Plan) -> list[RoadMap]:
    """Every road map that is certified and leaves the principals the floors."""
    floors, most = plan.details.get("floors", {}), plan.details["most_gain"]
    found = []
    for road_map in _all(case):
        a = audit(case.resolved, road_map, cures=False)
        least = a.least_counted
        enough = least is None or least.relative is None or least.relative >= plan.margin_required
        if a.certified and enough and all(a.gains[p] / most[p]["value"] >= v - 1e-6 for p, v in floors.items()):
            found.append(road_map)
    return found


def test_no_road_map_stands_in_more_of_the_worlds_it_was_chosen_on() -> None:
    for seed in range(examples(5)):
        case = _case(seed)
        plan = _planned(case)
        assert isinstance(plan, Plan)
        assert isinstance(plan.worlds, InWorlds)
        assert plan.audit.certified
        allowed = _allowed(case, plan)
        assert plan.road_map in allowed
        shares = {x: _stands(case, x, 0, range(sum(SAMPLE.blocks))) for x in allowed}
        assert plan.worlds.complete
        assert plan.worlds.training == pytest.approx(shares[plan.road_map])
        assert plan.worlds.training == pytest.approx(max(shares.values())), f"seed {seed}"
        assert plan.worlds.both.value == pytest.approx(_stands(case, plan.road_map, 1, range(SAMPLE.fresh)))
        assert plan.value == plan.worlds.both.value <= plan.bound


def test_share_of_fresh_worlds_lies_within_its_interval_of_many_more() -> None:
    inside = 0
    for seed in range(examples(5)):
        case = _case(seed)
        plan = _planned(case)
        assert isinstance(plan, Plan)
        assert plan.worlds is not None
        wide = robust_worlds(case, Task(case.resolved, time_limit=None), Sample(SAMPLE.seed, SAMPLE.blocks, CHUNK))
        assert isinstance(wide, Plan)
        assert wide.road_map == plan.road_map
        inside += plan.worlds.both.low - 0.02 <= wide.value <= plan.worlds.both.high + 0.02
    assert inside >= 0.8 * examples(5)


def test_without_ranges_every_world_is_the_case() -> None:
    case = _case(1, ranged=False)
    plan = _planned(case)
    assert isinstance(plan, Plan)
    assert plan.worlds is not None
    assert (plan.value, plan.worlds.training, plan.worlds.ordinary.value) == (1.0, 1.0, 1.0)
    assert plan.provenance.run.cut is None


def test_bound_is_no_lower_than_any_road_map_reaches() -> None:
    """The share of worlds in which some road map with a step stands, tried one by one."""
    case = _case(2)
    plan = _planned(case)
    assert isinstance(plan, Plan)
    assert plan.worlds is not None
    found = plan.worlds.anything
    draws = Draws(case, SAMPLE.seed, "lhs")
    drawn, every = draws.chunk(0), [x for x in _all(case) if x.starts]
    worlds = [draws.resolved(drawn, row) for row in range(found.looked)]
    some = [any((a := audit(w, x, cures=False)).verdict == "holds" and a.signed for x in every) for w in worlds]
    assert found.looked == sum(SAMPLE.blocks)
    assert found.unknown == 0
    assert found.looked - found.none == sum(some)


def test_no_plan_is_proved_as_for_robust() -> None:
    raw = {
        "detente": 1, "period": "year", "periods": 3, "start": "2020", "discount": 0.8, "parties": {"A": {}, "B": {}},
        "measures": {"give": {"by": "A", "takes": 0, "undo": "never", "value": {"A": {"flow": "-1 [-2, -0.5]"}}}},
        "red_lines": [{"id": "b", "owner": "B", "must": "give by 2020"}],
    }  # fmt: skip
    answer = _planned(load_case(raw))
    assert isinstance(answer, NoPlan)
    assert (answer.outcome, answer.objective) == ("none-exists", "robust-worlds")
