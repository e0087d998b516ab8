"""After a walk-out: what is paid period by period adds up to the judge's values, and states tell the same story."""

from __future__ import annotations

import random

import pytest

from detente.audit.judge import audit
from detente.audit.structure import structural
from detente.audit.walk_out import walk_out
from detente.case.load import load_case
from detente.case.road_map import RoadMap
from detente.results.walk_out import Departure
from tests.depth import examples
from tests.oracle.random_cases import random_case, random_road_map


def _worth(series: tuple[float, ...], first: int, delta: float) -> float:
    last = len(series) - 1
    near = sum(x * delta ** (t - first) for t, x in enumerate(series[:-1]) if t >= first)
    return near + series[-1] * delta ** (last - first) / (1 - delta)


@pytest.mark.parametrize("part", range(4))
def test_payoffs_add_up_to_the_values_of_staying_and_leaving(part: int) -> None:
    for seed in range(1000 * part, 1000 * part + examples(30)):
        rng = random.Random(seed)
        raw = random_case(rng)
        case = load_case(raw).resolved
        starts = random_road_map(rng, raw, violating=0.0)["starts"]
        road_map = RoadMap({k: s for k, s in starts.items() if s is not None})
        if structural(case, road_map):
            continue
        judged = audit(case, road_map, cures=False)
        for d in walk_out(case, judged).departures:
            assert d.margin == judged.margin[d.party][d.period]
            assert d.value_leave[d.party] == pytest.approx(judged.W[d.party][d.period], rel=1e-9, abs=1e-9)
            for p, party in case.parties.items():
                delta = float(party.discount)
                assert d.value_stay[p] == pytest.approx(judged.V[p][d.period], rel=1e-9, abs=1e-9)
                for series, value in ((d.payoff_stay, d.value_stay), (d.payoff_leave, d.value_leave)):
                    assert _worth(series[p], d.period, delta) == pytest.approx(value[p], rel=1e-7, abs=1e-7), seed
                assert d.payoff_leave[p][: d.period] == d.payoff_stay[p][: d.period]
            _check_states(d, case.periods)


def _check_states(d: Departure, T: int) -> None:
    for m in d.measures:
        assert len(m.kept) == len(m.after) == T + 1
        assert m.after[: d.period] == m.kept[: d.period]
        there = ("in-force", "being-undone", "replaced")
        gone = [t for t in range(T + 1) if m.kept[t] in there and m.after[t] not in there]
        if m.end in ("goes-on", "stays"):
            assert not gone
        if gone:
            assert m.lost == gone[0]


def test_the_weir_and_the_power() -> None:
    case = load_case("two-steps").resolved
    judged = audit(case, RoadMap(case.road_maps["in-turn"]))
    hills, plains = walk_out(case, judged).departures
    assert (hills.party, hills.period, plains.party, plains.period) == ("Hills", 1, "Plains", 2)
    ends = {m.measure: (m.end, m.stop) for m in hills.measures}
    assert ends == {"weir": ("never-begins", 1), "water": ("undone", 1), "power": ("undone", 2), "gauge": ("stays", 2)}
    told = walk_out(case, judged).to_dict()
    assert told["format"] == "detente/walk-out/1"
    assert [d["party"] for d in told["departures"]] == ["Hills", "Plains"]
