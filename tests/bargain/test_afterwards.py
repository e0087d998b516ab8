"""What is left afterwards, against trying every road map of the case before and of the case after."""

from __future__ import annotations

import json
import math
import random

import pytest

from detente.bargain.afterwards import LOST, SAME, Asked, afterwards
from detente.case.interchange import case_hash, resolved_from_dict, resolved_to_dict
from detente.case.load import load_case
from detente.case.resolved import ResolvedCase
from detente.case.road_map import RoadMap
from detente.results.afterwards import Afterwards, Outlook, Span
from detente.results.plan import Plan
from tests.bargain.test_end_state import carried_out
from tests.bargain.test_frontier import exchange
from tests.depth import examples
from tests.making import Raw, case, measure, party
from tests.oracle.enumeration import BruteForce

CLOSE = 2e-5


def _asked(raw: Raw, road_map: RoadMap) -> tuple[Afterwards, ResolvedCase]:
    before = resolved_from_dict(raw)
    return afterwards(before, road_map, Asked(time_limit=60.0)), before


def best(raw: Raw, party: str) -> float:
    """The most that any certified road map gives a party, by trying all; minus infinity if there is none."""
    force = BruteForce(raw)
    return max((float(force.gains(starts)[party]) for starts in force.all_certified()), default=-math.inf)


def outlook(in_all: float, from_start: float, further: float, scale: float) -> Outlook:
    """The definition, where everything is known."""
    if in_all == -math.inf:
        return "nothing-holds"
    if from_start > -math.inf and in_all < from_start - LOST * abs(from_start) - SAME * scale:
        return "uses-up-leverage"
    return "opens-the-way" if further > SAME * scale else "neutral"


def check(raw: Raw, road_map: RoadMap) -> Afterwards:
    told, before = _asked(raw, road_map)
    after = resolved_from_dict(dict(told.to_dict()["case"]))
    assert case_hash(after) == told.end.provenance.case_hash
    scale = BruteForce(raw).scales
    for p in told.prospects:
        unit = float(scale[p.party])
        first, then = best(raw, p.party), best(resolved_to_dict(after), p.party)
        _same(p.from_start, first, unit)
        further = then - told.end.gains[p.party]
        _same(p.further, further, unit)
        in_all = p.tabled + float(before.discount) ** told.period * further
        _same(p.in_all, in_all, unit)
        assert p.tabled == pytest.approx(told.audit.gains[p.party])
        near = abs(further - SAME * unit) < 1e-4 * unit or abs(in_all - 0.9 * first) < 2e-3 * (unit + abs(first))
        if math.isfinite(first) and math.isfinite(in_all) and not near:
            assert p.outlook == outlook(in_all, first, further, unit), p
    return told


def _same(span: Span, wanted: float, unit: float) -> None:
    """Found and proved."""
    if wanted == -math.inf:
        assert span.found is None
        assert span.bound == -math.inf
        return
    assert span.found == pytest.approx(wanted, rel=CLOSE, abs=CLOSE * unit)
    assert span.bound == pytest.approx(wanted, rel=CLOSE, abs=2 * CLOSE * unit)


@pytest.mark.parametrize("seed", range(examples(6)))
def test_the_most_is_what_trying_all_gives(seed: int) -> None:
    """Every feature of the model on now and then."""
    raw, _, road_map, _ = carried_out(1000 + seed)
    if BruteForce(raw).counting:
        check(raw, road_map)


@pytest.mark.parametrize("seed", range(examples(5)))
def test_exchanges_of_which_a_part_has_been_carried_out(seed: int) -> None:
    raw = exchange(seed)
    rng = random.Random(seed)
    names = [k for k, m in raw["measures"].items() if not m["after"] and not m["excludes"]]
    told = check(raw, RoadMap(dict.fromkeys(rng.sample(names, 2), 0)))
    if isinstance(told.plan, Plan):
        assert told.plan.provenance.case_hash == told.end.provenance.case_hash
        assert told.plan.audit.certified


def test_all_outlooks_occur() -> None:
    """Otherwise the tests before say little."""
    seen = {p.outlook for seed in (1, 3, 8) for p in check_exchange(seed).prospects}
    assert {"opens-the-way", "uses-up-leverage"} <= seen, seen


def check_exchange(seed: int) -> Afterwards:
    raw = exchange(seed)
    return _asked(raw, RoadMap({next(k for k, m in raw["measures"].items() if not m["after"]): 0}))[0]


def relief() -> Raw:
    """A plant for good, and weapons that could come back, against relief in two parts that can be taken back."""
    return case(
        {
            "plant": measure("North", {"North": -2, "West": 4}, undo=None),
            "weapons": measure("North", {"North": -5, "West": 8}),
            "trade": measure("West", {"West": -1, "North": 5}),
            "loans": measure("West", {"West": -1, "North": 6}),
        },
        {"North": party("0.95", exit_cost=60), "West": party("0.95", exit_cost=60)},
        periods=4,
        discount="0.95",
    )


def test_all_relief_for_the_plant_alone_uses_up_the_leverage() -> None:
    """The dilemma of accepting Yongbyon alone: with all relief given for it, nothing is left that would buy weapons."""
    spent = check(relief(), RoadMap({"plant": 0, "trade": 0, "loans": 0}))
    west = spent.prospect("West")
    assert (west.tabled, west.outlook) == (pytest.approx(40.0), "uses-up-leverage")
    assert west.from_start.found is not None
    assert west.from_start.found > 200.0
    assert west.further.bound == pytest.approx(0.0, abs=1e-3)
    assert spent.further == "no"
    lever = {x.party: x for x in spent.leverage}
    assert lever["West"].unused == ()
    assert lever["West"].worth == {"North": 0.0}
    assert lever["West"].worth_at_start == {"North": pytest.approx(220.0)}
    assert lever["North"].unused == ("weapons",)
    assert lever["North"].worth == {"West": pytest.approx(160.0)}
    assert lever["West"].stake == pytest.approx(60.0 - 40.0)


def test_a_part_of_the_relief_for_the_plant_opens_the_way() -> None:
    """Weapons for loans can follow: 7 a period for the West from the second on."""
    first = check(relief(), RoadMap({"plant": 0, "trade": 0}))
    west = first.prospect("West")
    assert (west.tabled, west.outlook) == (pytest.approx(60.0), "opens-the-way")
    assert west.in_all.found is not None
    assert west.in_all.found >= 60.0 + 0.95 * 140.0 - 1e-3
    assert first.further == "yes"
    assert isinstance(first.plan, Plan)
    assert set(first.plan.starts) == {"weapons", "loans"}


def test_the_case_after_can_be_asked_anything() -> None:
    before = load_case("two-steps").resolved
    told = afterwards(before, RoadMap(before.road_maps["hills-draft"], "hills-draft"))
    after = load_case(json.loads(told.to_json())["case"]).resolved
    assert [k for k, m in after.measures.items() if m.done] == ["water", "power", "gauge"]
    assert after.start == "2031-01-01"
    assert told.prospect("Plains").outlook == "uses-up-leverage"
    assert told.prospect("Hills").outlook == "neutral"
    assert repr(told) == "<Afterwards: from period 1 on; Hills neutral, Plains uses-up-leverage>"
    assert {c.id for c in told.settled if not c.kept} >= {"plains-1"}


def test_what_is_cut_short_is_not_known() -> None:
    raw = relief()
    told = afterwards(resolved_from_dict(raw), RoadMap({"plant": 0}), Asked(time_limit=None, work_limit=1))
    assert told.provenance.run.cut == "work-limit"
    for p in told.prospects:
        assert p.from_start.bound >= best(raw, p.party) - 1e-6
        if p.outlook != "not-known":
            assert p.outlook == check(raw, RoadMap({"plant": 0})).prospect(p.party).outlook
