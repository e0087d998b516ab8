"""How late steps come: chance against closed forms, delay that pays against grace, and chains against recursion."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import pytest

from detente.case.draws import Draws
from detente.case.load import Case, load_case
from detente.case.road_map import RoadMap
from detente.case.stakes import NEVER, Ints
from detente.worlds.kinds import kinds
from detente.worlds.runs.conduct import NOISES, Rates
from detente.worlds.runs.played import cast
from detente.worlds.runs.runner import Asked
from detente.worlds.runs.simulate import simulate
from detente.worlds.slip import Agreed, agreed
from tests.depth import examples
from tests.oracle.random_cases import random_case, random_road_map

P, GRACE, N = 0.4, 3, 4096
ALONE = RoadMap({"first": 0, "then": 3, "other": 5})


def _case(*, worth: float = 1.0, grace: int = GRACE, punctual: float = P) -> Case:
    """A begins, B follows upon it with a period to spare, and does something else besides; B is never late.

    ``worth``: what A's step is worth to A a month; the rest is good for both, so that only A may gain by delay.
    """
    good = {"A": {"flow": 1}, "B": {"flow": 1}}
    return load_case(
        {
            "detente": 1, "period": "month", "periods": 24, "start": "2020-01", "discount": 0.95,
            "parties": {"A": {"grace": grace}, "B": {}},
            "measures": {
                "given": {"by": "B", "done": True, "undo": {"takes": 1}, "value": {"A": {"flow": 5}}},
                "first": {"by": "A", "takes": 1, "undo": "never", "value": {"A": {"flow": worth}, "B": {"flow": 4}}},
                "then": {"by": "B", "takes": 0, "undo": "never", "after": ["first"], "value": good},
                "other": {"by": "B", "takes": 2, "undo": "never", "value": good},
            },
            "conduct": {"punctual": punctual},
        }
    )  # fmt: skip


def _starts(case: Case, road_map: RoadMap, rows: int) -> tuple[dict[str, Ints], dict[str, Ints]]:
    """For each step when it is begun in so many worlds, and by how much its party puts it off."""
    starts: dict[str, list[Ints]] = {k: [] for k in case.resolved.measures}
    late: dict[str, list[Ints]] = {k: [] for k in case.resolved.measures}
    draws, plan = Draws(case, 7), agreed(case.resolved, road_map)
    for index in range(-(-rows // 1024)):
        for kind in kinds(draws, index, 0, min(1024, rows)):
            steps = cast(draws, kind, plan, Rates(case), []).stage.steps
            for n, k in enumerate(case.resolved.measures):
                starts[k].append(steps["starts"][:, n])
                late[k].append(steps["starts"][:, n] - steps["due"][:, n])
    return {k: np.concatenate(x) for k, x in starts.items()}, {k: np.concatenate(x) for k, x in late.items()}


def test_chance_delays_are_geometric_up_to_the_grace_and_move_what_waits() -> None:
    starts, late = _starts(_case(), ALONE, N)
    for d in range(GRACE + 1):
        exact = P * (1 - P) ** d if d < GRACE else (1 - P) ** GRACE
        share = float((starts["first"] == d).mean())
        assert abs(share - exact) < 4.5 * math.sqrt(exact * (1 - exact) / N), d
    assert (late["first"] == starts["first"]).all()
    assert (starts["then"] == np.maximum(3, starts["first"] + 2)).all()
    assert (late["then"] == 0).all()
    assert (starts["other"] == 5).all()


def test_runs_tell_how_late_the_latest_step_was() -> None:
    told = simulate(_case(), ALONE, Asked(N, 3, without=frozenset(NOISES) - {"lateness"}))
    chances = [P * (1 - P) ** d if d < GRACE else (1 - P) ** GRACE for d in range(GRACE + 1)]
    mean = sum(d * x for d, x in enumerate(chances))
    spread = sum((d - mean) ** 2 * x for d, x in enumerate(chances))
    assert told.kept.value == 1
    assert abs(told.late.mean - mean) < 4.5 * math.sqrt(spread / N)
    assert told.still.mean == 0


@pytest.mark.parametrize(("worth", "expected"), [(-1.0, GRACE), (0.0, 0), (1.0, 0)])
def test_who_gains_by_delay_lets_its_grace_run_out(worth: float, expected: int) -> None:
    """With the step A has 5 + worth a month; as long as it waits it has 5."""
    case = _case(worth=worth, punctual=1.0)
    road_map = RoadMap({"first": 0, "other": 0})
    starts, _ = _starts(case, road_map, 64)
    assert set(starts["first"].tolist()) == {expected}
    assert set(starts["other"].tolist()) == {0}


def test_who_is_given_no_grace_is_never_late() -> None:
    starts, _ = _starts(_case(worth=-1.0, grace=0), ALONE, 64)
    assert {k: set(x.tolist()) for k, x in starts.items() if k != "given"} == {"first": {0}, "then": {3}, "other": {5}}


def test_delays_go_down_the_chain_and_nowhere_else() -> None:
    """Against recursion over what each step waits for, on random cases with milestones and replaced measures."""
    moved = kept = 0
    on = (
        "after",
        "done",
        "flows",
        "grace",
        "irreversible",
        "lag",
        "milestone",
        "once",
        "replace",
        "undo_takes",
        "work",
    )
    for seed in range(examples(30)):
        rng = random.Random(seed)
        raw: dict[str, Any] = random_case(rng, features=on, measures=(3, 7), periods=(5, 12))
        case = load_case(raw)
        road_map = RoadMap(random_road_map(rng, raw, violating=0.0)["starts"])
        plan = agreed(case.resolved, road_map)
        starts, late = _starts(case, road_map, 24)
        for row in range(24):
            delays = {k: int(late[k][row]) for k in road_map.starts if starts[k][row] < NEVER}
            told = {k: int(starts[k][row]) for k in delays}
            if len(told) < len(road_map.starts):
                continue
            assert told == _recursion(case, plan, delays), f"seed {seed}, world {row}"
            moved += sum(told[k] > s for k, s in road_map.starts.items() if not delays[k])
            kept += sum(told[k] == s for k, s in road_map.starts.items()) if any(delays.values()) else 0
    assert moved > 50
    assert kept > 200


def _recursion(case: Case, plan: Agreed, delays: Mapping[str, int]) -> dict[str, int]:
    """When each step is begun, from when the steps are in force for which it waits."""
    measures = case.resolved.measures

    @cache
    def start(k: str) -> int:
        links = [*measures[k].after, *([measures[k].replaces] if measures[k].replaces else [])]
        due = [force(a.measure) + a.wait for a in links if a is not None]
        return max([plan.road_map.starts[k], *due]) + delays[k]

    def force(k: str) -> int:
        if measures[k].members is not None:
            return max(force(x) for x in measures[k].members or ())
        return -1 if measures[k].done else start(k) + measures[k].takes

    return {k: start(k) for k in plan.road_map.starts}
