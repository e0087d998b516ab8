"""What runs of a road map that is cheated on bring each party, against closed forms: what is pretended never pays."""

from __future__ import annotations

import math
from typing import Any

import pytest

from detente.case.load import load_case
from detente.case.road_map import RoadMap
from detente.results.simulation import Simulation
from detente.worlds.runs.conduct import NOISES
from detente.worlds.runs.runner import Asked
from detente.worlds.runs.simulate import simulate

D, T, N = 0.9, 8, 4096


def _ran(measures: dict[str, Any], road_map: dict[str, int], missed: float = 0.0) -> Simulation:
    """A gives up what costs it much, or pretends to; B sends aid as long as nothing is found. Nothing else happens."""
    aid = {"by": "B", "takes": 0, "undo": "at once", "public": True, "value": {"A": {"flow": 3}, "B": {"flow": -1}}}
    case = load_case(
        {
            "detente": 1, "period": "year", "periods": T, "start": 2030, "discount": D,
            "parties": {"A": {}, "B": {}}, "measures": {**measures, "aid": aid},
            "conduct": {"false_alarm": 0, "clarification": 0, "wrongly_cleared": missed, "trust": False},
        }
    )  # fmt: skip
    without = frozenset(NOISES) - {"alarms"}
    return simulate(case, RoadMap({**road_map, "aid": 0}), Asked(N, 3, without=without))


@pytest.mark.parametrize(("found", "missed"), [(0.9, 0.5), (0.2, 0.25)])
def test_a_pretence_pays_nobody_and_each_alarm_is_cleared_by_itself(found: float, missed: float) -> None:
    """A gains 3 and B loses 1 a period until it is found; two cheats are each found with chance h(1-m)."""
    given = {"by": "A", "takes": 0, "undo": "at once", "detect": {"base": found}}
    given["value"] = {"A": {"flow": -10}, "B": {"flow": 4, "once": 2}}
    told = _ran({"one": given, "two": given}, {"one": 0, "two": 0}, missed)
    on = (1 - found * (1 - missed)) ** 2
    for t, share in enumerate(told.survival):
        assert abs(share - on ** (t + 1)) < 4.5 * math.sqrt(on ** (t + 1) * (1 - on ** (t + 1)) / N) + 1e-12
    periods = [((1 - D ** (s + 1)) / (1 - D), on**s * (1 - on)) for s in range(T + 1)] + [(1 / (1 - D), on ** (T + 1))]
    mean = sum(x * chance for x, chance in periods)
    error = 4.5 * math.sqrt(sum((x - mean) ** 2 * chance for x, chance in periods) / N)
    assert abs(told.gains["A"].mean - 3 * mean) < 3 * error
    assert abs(told.gains["B"].mean + mean) < error
    assert told.costs["A"].quantiles == pytest.approx([3 + 17 / (1 - D)] * 5)
    assert min(told.costs["B"].quantiles) == pytest.approx(-1 - 7 / (1 - D) - 4)
    assert max(told.costs["B"].quantiles) == pytest.approx(-1 - 7 / (1 - D))


def test_what_is_secretly_undone_pays_until_it_is_gone() -> None:
    """Without a deal A undoes it as well; so the aid alone makes the difference, and nobody ever finds out."""
    given = {"by": "A", "done": True, "undo": {"takes": 2, "cost": 1}, "residual": 0.25, "detect": {"base": 0}}
    told = _ran({"kept": {**given, "value": {"A": {"flow": -5}, "B": {"flow": 4}}}}, {})
    assert {w.how for w in told.ways} == {"unfound"}
    assert told.gains["A"].quantiles == pytest.approx([3 / (1 - D)] * 5)
    assert told.gains["B"].quantiles == pytest.approx([-1 / (1 - D)] * 5)
