"""The quick judgement is the judge's."""

from __future__ import annotations

import random

import pytest

from detente.audit.grounds import Grounds
from detente.audit.judge import audit
from detente.audit.standing import standing, suspects
from detente.case.load import load_case
from detente.case.road_map import RoadMap
from detente.case.stakes import stakes
from tests.depth import examples
from tests.oracle.random_cases import random_case, random_road_map


@pytest.mark.parametrize("part", range(5))
def test_the_quick_judgement_is_the_judges(part: int) -> None:
    for seed in range(1000 * part, 1000 * part + examples(60)):
        rng = random.Random(seed)
        raw = random_case(rng)
        resolved = load_case(raw).resolved
        starts = random_road_map(rng, raw)["starts"]
        road_map = RoadMap({k: s for k, s in starts.items() if s is not None})
        true = audit(resolved, road_map, cures=False)
        found = standing(Grounds(resolved, stakes(resolved)), road_map, suspects(true) if seed % 2 else ())
        assert found == (true.signed, true.verdict == "holds", true.verdict == "unknown"), seed
