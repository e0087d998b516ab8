"""The quick judgement is the judge's, and so are the weakest moments that it tells."""

from __future__ import annotations

import random
from typing import Any

import pytest

from detente.audit.findings.signing import binding
from detente.audit.grounds import Grounds
from detente.audit.judge import audit
from detente.audit.standing import moments, standing, suspects
from detente.case.load import load_case
from detente.case.resolved import ResolvedCase
from detente.case.road_map import RoadMap
from detente.case.stakes import stakes
from tests.depth import examples
from tests.making import Raw
from tests.oracle.judge import Oracle, Way
from tests.oracle.random_cases import random_case, random_road_map


@pytest.mark.parametrize("part", range(5))
def test_the_quick_judgement_is_the_judges(part: int) -> None:
    for seed in range(1000 * part, 1000 * part + examples(60)):
        _, resolved, road_map = _drawn(seed)
        true = audit(resolved, road_map, cures=False)
        found = standing(Grounds(resolved, stakes(resolved)), road_map, suspects(true) if seed % 2 else ())
        assert found == (true.signed, true.verdict == "holds", true.verdict == "unknown"), seed


@pytest.mark.parametrize("part", range(5))
def test_weakest_moments_are_the_judges(part: int) -> None:
    for seed in range(1000 * part, 1000 * part + examples(20)):
        _, resolved, road_map = _drawn(seed)
        true = audit(resolved, road_map, cures=False)
        must = binding(resolved, ())
        found = moments(Grounds(resolved, stakes(resolved)), road_map, must, suspects(true) if seed % 2 else ())
        assert found.standing == (true.signed, true.verdict == "holds", true.verdict == "unknown"), seed
        assert (found.clauses_kept, found.certified) == (true.clauses_kept, true.certified), seed
        if true.finding("out-of-order") or true.finding("over-capacity") or true.finding("past-horizon"):
            assert found.wrong, seed
            continue
        assert {m.party for m in found.moments} >= {f.party for f in true.finding("tempted")}


@pytest.mark.parametrize("part", range(4))
def test_weakest_moments_are_the_oracles(part: int) -> None:
    for seed in range(1000 * part, 1000 * part + examples(10)):
        raw, resolved, road_map = _drawn(seed, measures=(2, 5))
        oracle = Oracle(raw, {"format": "detente/road-map/1", "starts": dict(road_map.starts)})
        found = moments(Grounds(resolved, stakes(resolved)), road_map)
        if found.wrong:
            continue
        solid = {i: [m for m in each if m is not None] for i, each in oracle.solid_margins.items()}
        assert {m.party for m in found.moments} == {i for i, each in solid.items() if each}, seed
        for m in found.moments:
            assert m.margin == pytest.approx(float(min(solid[m.party])), abs=1e-7), (seed, m)
            told = m.breach.to_dict()
            ways = [way.value for way in oracle.all_ways[m.party][m.period] if not way.vacuous and _same(way, told)]
            assert ways == [pytest.approx(float(oracle.kept[m.party][m.period]) - m.margin, abs=1e-7)]


def _same(way: Way, told: dict[str, Any]) -> bool:
    if way.cheat is None:
        return told["how"] == "walk"
    cheat = {
        "how": "covert",
        "from": way.cheat.begun,
        "fakes": sorted(way.cheat.fakes),
        "undoes": sorted(way.cheat.undoes),
    }
    return {k: sorted(v) if isinstance(v, list) else v for k, v in told.items()} == cheat


def _drawn(seed: int, **sizes: Any) -> tuple[Raw, ResolvedCase, RoadMap]:
    rng = random.Random(seed)
    raw = random_case(rng, **sizes)
    starts = random_road_map(rng, raw)["starts"]
    return raw, load_case(raw).resolved, RoadMap({k: s for k, s in starts.items() if s is not None})
