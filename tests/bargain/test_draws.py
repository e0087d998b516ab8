"""Possible worlds: road maps slip as said, no paying cheat is passed over, how work is spread changes nothing."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from detente.audit.grounds import Grounds
from detente.audit.judge import audit
from detente.audit.structure import structural
from detente.bargain.compare import Asked, _candidate, compare
from detente.bargain.draws import METHOD, Candidate, drivers, outcomes, shares
from detente.bargain.readings import judged
from detente.case.clauses import AllBeforeAny, Before
from detente.case.draws import Draws
from detente.case.load import Case, load_case
from detente.case.resolved import ResolvedCase
from detente.case.road_map import RoadMap
from detente.case.stakes import stakes
from detente.incentives.cheat import setting
from detente.incentives.cheat_bounds import Candidates
from detente.incentives.covert import covert
from detente.incentives.kept import kept
from detente.plan.task import Task
from detente.plan.verb import plan
from detente.worlds.slip import agreed
from tests.depth import examples
from tests.making import case, measure, milestone
from tests.oracle.random_cases import random_case, random_road_map
from tests.oracle.slip import slipped

RANGES = {
    "detente": 1, "period": "quarter", "periods": 8, "start": "2020-01-01", "discount": 0.9,
    "parties": {"A": {"weights": {"gas": "1 [0.2, 2]"}, "exit_cost": "0.5 [0, 1]"}, "B": {"exit_cost": "0.4 [0, 1]"}},
    "attributes": {"gas": {"unit": "points"}},
    "measures": {
        "dig": {"by": "A", "takes": "3 months [3, 12]", "undo": {"takes": 1, "cost": 0}, "withdrawal": "automatic",
                "detect": {"base": "0.3 [0.1, 0.6]"},
                "value": {"A": {"once": "-1 [-2, -0.5]"}, "B": {"flow": "0.5 [0.2, 0.8]"}}},
        "pipe": {"by": "B", "takes": 1, "after": ["dig"], "undo": {"takes": 0, "cost": 0}, "public": True,
                 "facts": {"gas": 0.6}, "value": {"B": {"flow": "-0.2 [-0.4, -0.1]"}}},
    },
    "proposals": {"swap": {"by": "A", "road_map": {"dig": 0, "pipe": 2}, "clauses": [
        {"id": "s1", "must": "dig by 2020-Q4"}, {"id": "s2", "must": "pipe by 4"}]}},
}  # fmt: skip


@pytest.fixture(scope="module")
def ranged() -> Case:
    return load_case(RANGES)


@pytest.mark.parametrize("part", range(4))
def test_no_date_at_which_a_cheat_pays_is_ever_excluded(part: int) -> None:
    for seed in range(1000 * part, 1000 * part + examples(60)):
        rng = random.Random(seed)
        raw = random_case(rng)
        resolved = load_case(raw).resolved
        starts = random_road_map(rng, raw, violating=0.0)["starts"]
        road_map = RoadMap({k: s for k, s in starts.items() if s is not None})
        if structural(resolved, road_map):
            continue
        ground = Grounds(resolved, stakes(resolved))
        c = ground.stakes.completions(road_map)
        V = kept(ground.tables, c)
        for i in range(len(resolved.parties)):
            s = setting(ground.tables, c, i)
            every = Candidates.of(s)
            best = covert(s).C
            if every is None:
                assert np.isneginf(best).all()
                continue
            for line in (V[:, i], best - 1e-6, best + 0.5):
                line = np.where(np.isneginf(line), 0.0, line)
                pays = best > line + 1e-9 * (1 + np.abs(line))
                assert not (every.excluded(line) & pays).any(), (seed, i)


def test_shares_are_those_of_judging_each_draw(ranged: Case) -> None:
    base = ranged.resolved
    row = judged(base, "swap", "as-written", RoadMap(base.road_maps["swap"]))
    candidate = _candidate(base, row)
    found = outcomes(ranged, [candidate], 40, 3)
    true = []
    for world in Draws(ranged, 3, METHOD).worlds(40):
        a = audit(world, slipped(world, candidate.agreed), cures=False)
        true.append((a.signed, a.holds, a.verdict == "unknown"))
    assert found[:, 0].tolist() == [list(x) for x in true]
    assert 0 < found[:, 0, 1].mean() < 1
    told = shares(found, 3)[0]
    assert (told.n, told.seed) == (40, 3)
    assert told.both == pytest.approx(np.mean([s and h for s, h, _ in true]))


def test_a_world_does_not_depend_on_how_many_are_drawn_or_in_which_portions(ranged: Case) -> None:
    base = ranged.resolved
    one = [Candidate(agreed(base, RoadMap(base.road_maps["swap"])))]
    every = outcomes(ranged, one, 20, 1)
    assert (np.concatenate([outcomes(ranged, one, 7, 1), outcomes(ranged, one, 20, 1, 7)]) == every).all()


def test_drivers_split_the_draws_at_each_median(ranged: Case) -> None:
    found = drivers(ranged, outcomes(ranged, [_written(ranged)], 60, 1)[:, 0, 1], 60, 1)
    assert {d.path for d in found} >= {"parties.A.weights.gas", "measures.dig.value.A.once"}
    assert [abs(d.effect) for d in found] == sorted((abs(d.effect) for d in found), reverse=True)


def _written(ranged: Case) -> Candidate:
    return Candidate(agreed(ranged.resolved, RoadMap(ranged.resolved.road_maps["swap"])))


# ---------------------------------------------------------------- slipping


def _world(**takes: int) -> ResolvedCase:
    measures = {
        "a": measure("A", {"B": 1}, takes=takes.get("a", 1)),
        "b": measure("B", {"A": 1}, takes=takes.get("b", 1), after=[{"measure": "a", "wait": 2}]),
        "c": measure("A", {"B": 1}, takes=takes.get("c", 1)),
        "both": milestone(["a", "c"], {"A": 1}),
        "d": measure("B", {"A": 1}, after=[{"measure": "both", "wait": 0}]),
    }
    resources = {"crew": {"capacity": "1", "uses": {"a": "1", "c": "1"}}}
    groups = {"firsts": {"members": ["a"], "by": "count"}, "seconds": {"members": ["c", "b"], "by": "count"}}
    return load_case(case(measures, periods=10, resources=resources, groups=groups)).resolved


PLANNED = RoadMap({"a": 0, "b": 3, "c": 1, "d": 4})


@pytest.mark.parametrize(
    ("takes", "starts"),
    [
        ({}, {"a": 0, "b": 3, "c": 1, "d": 4}),
        ({"a": 3}, {"a": 0, "b": 5, "c": 3, "d": 4}),
        ({"a": 2, "c": 4}, {"a": 0, "b": 4, "c": 2, "d": 6}),
        ({"a": 8}, {"a": 0, "c": 8, "d": 9}),
        ({"a": 9}, {"a": 0}),
        ({"b": 7}, {"a": 0, "c": 1, "d": 4}),
        ({"a": 0}, {"a": 0, "b": 3, "c": 1, "d": 4}),
    ],
)
def test_what_takes_longer_puts_off_what_waits_for_it(takes: dict[str, int], starts: dict[str, int]) -> None:
    world = _world(**takes)
    found = slipped(world, agreed(_world(), PLANNED))
    assert dict(found.starts) == starts
    assert not structural(world, found)


def test_order_clauses_that_were_kept_are_kept() -> None:
    order = [AllBeforeAny("firsts", "seconds"), Before("c", "b", 1), Before("d", "a", 1)]
    base = _world()
    with_clauses = RoadMap({"a": 0, "b": 4, "c": 2, "d": 6})
    found = slipped(_world(a=3, c=2), agreed(base, with_clauses, order))
    assert dict(found.starts) == {"a": 0, "c": 4, "b": 7, "d": 6}


def test_a_road_map_out_of_order_as_agreed_is_not_mended() -> None:
    wrong = RoadMap({"a": 0, "b": 1})
    plan_ = agreed(_world(), wrong)
    assert plan_.fixed
    assert slipped(_world(a=4), plan_) == wrong


# ---------------------------------------------------------------- comparing


def test_spreading_the_work_changes_nothing(ranged: Case) -> None:
    found = plan(Task(ranged.resolved, time_limit=None, work_limit=20_000))

    def told(workers: int) -> dict[str, Any]:
        asked = Asked(draws=12, time_limit=None, work_limit=20_000, workers=workers)
        answer = compare(ranged, found, asked).to_dict()
        del answer["run"]
        return answer

    assert told(1) == told(2)
