"""Road maps slip in many worlds at once as they do in each by itself."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import numpy as np

from detente.audit.structure import structural
from detente.case.draws import Draws
from detente.case.load import load_case
from detente.case.road_map import RoadMap
from detente.case.stakes import NEVER, stakes
from detente.worlds.kinds import kinds
from detente.worlds.slip import agreed, completions, slipped
from tests.depth import examples
from tests.oracle import slip as alone


def _case(rng: random.Random) -> dict[str, Any]:
    """Measures in chains, with work that may take long, teams that are few, and a milestone."""
    names = [f"m{n}" for n in range(rng.randint(3, 7))]
    measures: dict[str, Any] = {}
    for n, name in enumerate(names):
        low = rng.randint(0, 2)
        high = low + rng.randint(0, 6)
        measures[name] = {
            "by": rng.choice("AB"),
            "undo": "never",
            "takes": f"{low} months [{low}, {high}]" if high > low else low,
            "value": {"A": {"flow": 1}},
            "uses": {"teams": 1} if rng.random() < 0.6 else {},
            "after": [{"measure": rng.choice(names[: max(n, 1)]), "wait": rng.randint(0, 2)}]
            if n and rng.random() < 0.7
            else [],
        }
    first = {"after": ["both"], "by": "A", "takes": 1, "undo": "never", "value": {"B": {"flow": 1}}}
    return {
        "detente": 1, "period": "month", "periods": 9, "start": "2020-01", "discount": 0.9,
        "parties": {"A": {}, "B": {"lag": "1 month [1, 3]"}}, "resources": {"teams": {"capacity": [1, 1, 2]}},
        "measures": measures | {"last": first}, "milestones": {"both": {"members": names[:2]}},
    }  # fmt: skip


def test_each_world_slips_as_it_does_by_itself() -> None:
    moved = dropped = 0
    for seed in range(examples(25)):
        rng = random.Random(seed)
        case = load_case(_case(rng))
        names = list(case.resolved.measures)
        at_once = replace(agreed(case.resolved, RoadMap({k: 0 for k in names if k != "both"})), fixed=False)
        road_map = alone.slipped(case.resolved, at_once)
        starts = dict(road_map.starts)
        plan = agreed(case.resolved, road_map)
        assert plan.fixed == bool(structural(case.resolved, road_map))
        draws = Draws(case, seed)
        kind = next(iter(kinds(draws, 0, 0, 40)))
        b = kind.batch()
        got = slipped(b, plan)
        c = completions(b, got)
        for row in range(40):
            world = draws.resolved(kind.drawn, row)
            wanted = alone.slipped(world, plan)
            told = {k: int(s) for k, s in zip(names, got[row], strict=True) if s < NEVER}
            assert told == dict(wanted.starts), f"seed {seed}, world {row}"
            late = stakes(world).completions(wanted)
            np.testing.assert_array_equal(np.minimum(c[row], 9), np.minimum(late, 9))
            moved += told != starts and len(told) == len(starts)
            dropped += len(told) < len(starts)
    assert moved > 50
    assert dropped > 20
