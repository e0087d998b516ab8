"""Larger cheats in a sample of worlds: against the judge, and under a government that comes later."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from detente.audit.grounds import Grounds
from detente.audit.standing import standing
from detente.case.interchange import resolved_from_dict
from detente.case.load import load_case
from detente.case.road_map import RoadMap
from detente.case.stakes import stakes
from detente.incentives.leaving import best_moments, leaves
from detente.report.worlds_text import worlds_text
from detente.worlds.answer import Asked
from detente.worlds.verb import worlds
from tests.depth import examples
from tests.oracle.random_cases import random_case, random_road_map


def test_somebody_leaves_where_the_judge_finds_that_leaving_pays() -> None:
    both = [0, 0]
    for seed in range(examples(120)):
        rng = random.Random(seed)
        raw = random_case(rng, measures=(2, 5))
        road_map = random_road_map(rng, raw, violating=0.0)
        ground = Grounds(resolved_from_dict(raw), stakes(resolved_from_dict(raw)))
        starts = RoadMap({k: s for k, s in road_map["starts"].items() if s is not None})
        alone = standing(ground, starts, in_order=True)
        if alone.undecided:
            continue
        found = leaves(ground.tables, ground.stakes.completions(starts), ground.error)
        assert found.proved
        assert found.when.any() == (not alone.holds), f"seed {seed}"
        both[alone.holds] += 1
    assert min(both) > 5, both


def test_the_best_moment_is_the_one_that_brings_most_as_of_today() -> None:
    gain = np.array([1.0, 3.0, -1.0, 4.0])
    assert best_moments(gain, 0.5, 0.0).tolist() == [False, True, False, True]
    assert best_moments(gain, 0.9, 0.0).tolist() == [False, False, False, True]
    assert not best_moments(np.array([-1.0, 0.0]), 0.9, 0.0).any()


def _three_works(saved: float) -> dict[str, Any]:
    """Three works that each cost their owner so much a year while the other gives 10 for all of them; seen by half."""
    work = {"by": "B", "takes": 0, "undo": "at once", "detect": {"base": 0.5}}
    works = {f"w{n}": {**work, "value": {"B": {"flow": -saved}, "A": {"flow": 5}}} for n in range(3)}
    aid = {"by": "A", "takes": 0, "undo": "at once", "public": True, "value": {"A": {"flow": -1}, "B": {"flow": 10}}}
    return {
        "detente": 1, "period": "year", "periods": 6, "start": "2030", "discount": 0.6,
        "parties": {"A": {}, "B": {}}, "measures": {**works, "aid": aid},
    }  # fmt: skip


DEAL = RoadMap({"w0": 0, "w1": 0, "w2": 0, "aid": 0})


def test_where_nobody_has_three_things_to_cheat_on_nothing_is_left_out() -> None:
    """Two works under the eyes of all, or two works in all: the share is that of walks and pairs, exactly."""
    for public, exact in ((False, False), (True, True)):
        data = _three_works(0.1)
        data["measures"]["w0"]["public"] = public
        data["measures"]["aid"]["value"]["A"]["flow"] = "-1 [-40, -0.5]"
        found = worlds(load_case(data), DEAL, Asked(64, 3, larger=5), {})
        assert 0 < found.holds.value < 1
        assert found.larger is not None
        assert (found.larger.broken.high == 0) == exact
        assert (found.larger.holds == found.holds) == exact
        assert ("Nobody has three measures" in worlds_text(found)) == exact
        if exact:
            assert found.larger.worlds == round(found.holds.value * 64)
    fewer = RoadMap({k: s for k, s in DEAL.starts.items() if k != "w1"})
    data["measures"]["w0"]["public"] = False
    told = worlds(load_case(data), fewer, Asked(64, 3, larger=5), {}).larger
    assert told is None or told.broken.high == 0


def test_where_nothing_is_uncertain_shares_are_exact() -> None:
    """Also where a government is sure to come: every world is the same."""
    for governments in ([], [{"id": "next", "from": "2032", "chance": 1, "set": {"measures.aid.value.A.flow": -1.5}}]):
        data = _three_works(0.1)
        data["parties"]["A"]["governments"] = governments
        data["goals"] = {"done": {"party": "A", "clauses": [{"id": "g", "must": "w0 by 2031"}]}}
        found = worlds(load_case(data), DEAL, Asked(20, larger=3), {})
        assert found.uncertain == 0
        assert found.larger is not None
        told = (found.holds, found.signed, found.both, found.goals[0].reached, found.larger.broken, found.larger.holds)
        assert [(x.low, x.high) for x in told] == [(x.value, x.value) for x in told]
        assert [x.value for x in told] == [1, 1, 1, 1, 0, 1]
        assert "(100" not in worlds_text(found)


def _least(low: float, high: float, larger: int) -> float:
    """The least saving at which B cheats, if larger cheats are (1) or are not (0) looked for."""
    for _ in range(12):
        middle = (low + high) / 2
        found = worlds(load_case(_three_works(middle)), DEAL, Asked(1, larger=larger), {})
        pays = not found.holds.value or bool(found.larger and found.larger.broken.value)
        low, high = (low, middle) if pays else (middle, high)
    return high


def test_all_three_at_once_under_the_next_government() -> None:
    """Where all three pay at once and no two do: today's government saves less, and stays."""
    alone, pair = _least(0, 6, larger=1), _least(0, 6, larger=0)
    assert alone < pair - 0.01
    data = _three_works(0.1)
    later = {f"measures.w{n}.value.B.flow": -(alone + pair) / 2 for n in range(3)}
    data["parties"]["B"]["governments"] = [{"id": "next", "from": "2032", "chance": 0.5, "set": later}]
    found = worlds(load_case(data), DEAL, Asked(120, 3, larger=120), {})
    assert found.holds.value == 1
    assert found.larger is not None
    assert found.larger.worlds == 120
    assert found.larger.broken.value == pytest.approx(0.5, abs=0.12)
    assert found.larger.holds.low < 0.5 < found.larger.holds.high
    early = dict(data, parties={"A": {}, "B": {}})
    assert worlds(load_case(early), DEAL, Asked(50, 3, larger=50), {}).larger.broken.value == 0  # type: ignore[union-attr]
