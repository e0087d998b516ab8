"""What runs of a road map that is cheated on bring each party, against closed forms: what is pretended never pays."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pytest

from detente.case.load import load_case
from detente.case.road_map import RoadMap
from detente.results.simulation import Simulation
from detente.worlds.runs.conduct import NOISES
from detente.worlds.runs.runner import Asked
from detente.worlds.runs.simulate import simulate

D, T, N = 0.9, 8, 4096


def _ran(
    measures: dict[str, Any], road_map: dict[str, int], missed: float = 0.0, governments: Sequence[Any] = ()
) -> Simulation:
    """A gives up what costs it much, or pretends to; B sends aid as long as nothing is found. Nothing else happens."""
    aid = {"by": "B", "takes": 0, "undo": "at once", "public": True, "value": {"A": {"flow": 3}, "B": {"flow": -1}}}
    case = load_case(
        {
            "detente": 1, "period": "year", "periods": T, "start": 2030, "discount": D,
            "parties": {"A": {}, "B": {"governments": list(governments)}}, "measures": {**measures, "aid": aid},
            "conduct": {"false_alarm": 0, "clarification": 0, "wrongly_cleared": missed, "trust": False},
        }
    )  # fmt: skip
    without = frozenset(NOISES) - {"alarms"}
    return simulate(case, RoadMap({**road_map, "aid": 0}), Asked(N, 3, without=without))


def unfound(told: Simulation, paid: int) -> float:
    """What runs that are never found add to the mean gain."""
    return told.survival[-1] * paid / (1 - D)


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
    brought, less = [x for x, _ in periods[:-1]], {"A": -17 / (1 - D), "B": 7 / (1 - D) + 4}
    for name, paid in {"A": 3, "B": -1}.items():
        assert all(min(abs(q - paid * x + less[name]) for x in brought) < 1e-9 for q in told.costs[name].quantiles)
        ended = (told.gains[name].mean - unfound(told, paid)) / (1 - told.survival[-1]) - less[name]
        assert told.costs[name].mean == pytest.approx(ended)


def test_what_is_secretly_undone_pays_until_it_is_gone() -> None:
    """Without a deal A undoes it as well; so the aid alone makes the difference, and nobody ever finds out."""
    given = {"by": "A", "done": True, "undo": {"takes": 2, "cost": 1}, "residual": 0.25, "detect": {"base": 0}}
    told = _ran({"kept": {**given, "value": {"A": {"flow": -5}, "B": {"flow": 4}}}}, {})
    assert {w.how for w in told.ways} == {"unfound"}
    assert told.gains["A"].quantiles == pytest.approx([3 / (1 - D)] * 5)
    assert told.gains["B"].quantiles == pytest.approx([-1 / (1 - D)] * 5)


def test_a_government_pays_by_its_own_numbers() -> None:
    """From 2033 on what A pretends to do would be worth 6 to B in place of 4, and B's aid costs it 2 in place of 1."""
    given = {"by": "A", "takes": 0, "undo": "at once", "detect": {"base": 0}}
    given["value"] = {"A": {"flow": -10}, "B": {"flow": 4}}
    sets = {"measures.one.value.B.flow": 6, "measures.aid.value.B.flow": -2}
    told = _ran({"one": given}, {"one": 0}, governments=[{"id": "next", "from": "2033", "chance": 1, "set": sets}])
    assert {w.how for w in told.ways} == {"unfound"}
    assert told.gains["A"].quantiles == pytest.approx([3 / (1 - D)] * 5)
    assert told.gains["B"].quantiles == pytest.approx([-(1 + D**3) / (1 - D)] * 5)


def test_an_end_under_a_government_is_worth_what_its_numbers_say() -> None:
    """The same, and from 2034 on inspectors would see it: A walks out then, and B answers a year later."""
    given = {"by": "A", "takes": 0, "undo": "at once", "detect": {"with": [{"measures": ["inspect"], "detect": 1}]}}
    given["value"] = {"A": {"flow": -10}, "B": {"flow": 4}}
    inspect = {"by": "A", "takes": 0, "undo": "at once", "public": True}
    sets = {"measures.one.value.B.flow": 6, "measures.aid.value.B.flow": -2}
    told = _ran(
        {"one": given, "inspect": inspect}, {"one": 0, "inspect": 4},
        governments=[{"id": "next", "from": "2033", "chance": 1, "set": sets}],
    )  # fmt: skip
    assert {(w.how, w.when) for w in told.ways} == {("walked", (4,) * 5)}
    assert told.gains["A"].quantiles == pytest.approx([3 * (1 - D**5) / (1 - D)] * 5)
    assert told.gains["B"].quantiles == pytest.approx([-(1 - D**3) / (1 - D) - 2 * (D**3 + D**4)] * 5)
    assert told.costs["A"].quantiles == pytest.approx([3 + 7 / (1 - D)] * 5)
    assert told.costs["B"].quantiles == pytest.approx([-2 - 4 / (1 - D)] * 5)
