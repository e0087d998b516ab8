"""What binds, on cases in which that is clear."""

from __future__ import annotations

import random
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.api import load_road_map
from detente.audit.grounds import grounds
from detente.audit.margins import Margins
from detente.audit.standing import Moment, weakest_moments
from detente.audit.structure import structural
from detente.case.draws import Draws
from detente.case.interchange import resolved_from_dict
from detente.case.load import load_case
from detente.case.road_map import RoadMap
from detente.case.stakes import NEVER, stakes
from detente.report.binding_words import binding_told
from detente.report.text import Names
from detente.results.audit import Breach
from detente.results.worlds import Binding, Worlds
from detente.worlds.answer import Asked
from detente.worlds.binding import _others_first
from detente.worlds.judged import judged
from detente.worlds.slip import agreed
from detente.worlds.spared import spared
from detente.worlds.tally import Tally
from detente.worlds.verb import worlds
from tests.depth import examples
from tests.oracle.random_cases import random_case, random_road_map

RISING, FALLING = (1, 2, 4), (4, 2, 1)


def _case(own: Any, other: Any, sizes: tuple[float, ...] = (1,), **given: Any) -> dict[str, Any]:
    """A and B each give in steps of such ``sizes``, a year apart; a unit costs ``own`` and is worth ``other``."""
    measures = {}
    for n, size in enumerate(sizes):
        for by, to in (("A", "B"), ("B", "A")):
            value = {by: {"flow": _times(own, -size)}, to: {"flow": _times(other, size)}}
            measures[f"{by.lower()}{n}"] = {"by": by, "takes": 0, "undo": "at once", "value": value} | given
    steps = {k: str(2030 + int(k[1:])) for k in measures}
    return {
        "detente": 1, "period": "year", "periods": 6, "start": "2030", "discount": 0.9,
        "parties": {"A": {"role": "principal"}, "B": {"role": "principal"}},
        "measures": measures, "road_maps": {"deal": steps},
    }  # fmt: skip


def _times(x: Any, size: float) -> str:
    """A number or a range, so many times."""
    low, *rest = (f"{float(v) * size:.6g}" for v in re.split(r"[\[\],\s]+", str(x).strip("]")))
    ends = sorted(rest, key=float)
    return f"{low} [{ends[0]}, {ends[1]}]" if ends else low


def _found(data: dict[str, Any], n: int = 300) -> tuple[Worlds, Binding]:
    case = load_case(data)
    found = worlds(case, load_road_map("deal", case.resolved), Asked(n, larger=0), {})
    return found, found.binding


PUBLIC = {"public": True}
FOR_GOOD = {"public": True, "undo": "never"}


def test_a_partner_that_may_not_mean_it() -> None:
    """B may be one to whom its own steps cost too much: if A knew that it is not, it would have nothing to fear."""
    data = _case("1 [0.8, 1.2]", "3 [2.5, 3.5]", RISING, **PUBLIC)
    cheat = {f"measures.b{n}.value.B.flow": f"-{9 * x}" for n, x in enumerate(RISING)}
    data["parties"]["B"]["types"] = {"sincere": {"name": "Sincere"}, "buys-time": {"chance": 0.4, "set": cheat}}
    found, b = _found(data)
    assert 0.5 < found.holds.value < 0.7
    assert b.regime == "unknown-type"
    assert b.kind == {"B": "Sincere"}
    assert b.kind_share is not None
    assert b.kind_share.value == b.kind_share.high == 1
    assert b.known_share == b.kind_share
    assert b.government_share is None
    assert b.kept_share == 0
    assert b.type_share == 1
    assert b.short is not None
    assert b.short.party == "A"
    assert b.short.needed > 0
    assert [x.front < 0.5 for x in b.shapes] == [True, True]
    told = binding_told(found, Names(load_case(data).resolved))
    assert "B of the type “Sincere”" in told
    assert "small first, as it should be" in told


def test_a_road_map_that_starts_big_where_it_should_start_small() -> None:
    data = _case("1 [0.8, 1.2]", "3 [2.5, 3.5]", FALLING, **PUBLIC)
    cheat = {f"measures.b{n}.value.B.flow": f"-{9 * x}" for n, x in enumerate(FALLING)}
    data["parties"]["B"]["types"] = {"sincere": {}, "buys-time": {"chance": 0.4, "set": cheat}}
    found, b = _found(data)
    assert b.regime == "unknown-type"
    assert "begin big, not small" in binding_told(found, Names(load_case(data).resolved))


def test_steps_that_cannot_be_taken_back() -> None:
    """Each gives for good what costs it 1 and is worth 3 to the other; whoever gives last has nothing to lose by not
    giving. Own cost over the discounted worth of the partner's step: 1 / (0.9 * 3)."""
    found, b = _found(_case("1 [0.99, 1.01]", "3 [2.99, 3.01]", FALLING, **FOR_GOOD))
    assert found.holds.value == 0
    assert b.regime == "irreversibility"
    assert b.kept_share == 1
    assert b.kind_share is None
    assert [x.ratio for x in b.shapes] == [pytest.approx(1 / 2.7)] * 2
    told = binding_told(found, Names(load_case(_case("1", "3", FALLING, **FOR_GOOD)).resolved))
    assert "big first, as it should be" in told


def test_steps_that_cannot_be_taken_back_and_hold_by_a_hair() -> None:
    """The last step costs 10, which is saved by leaving, at an exit cost of 10.1: just enough at the central values.

    In no world would anybody leave could what was given be taken back. Types that differ in nothing do not make it a
    matter of knowing the other.
    """
    data = _case("1 [0.95, 1.02]", "3 [2.9, 3.1]", (2.75, 1), **FOR_GOOD)
    for party in data["parties"].values():
        party["exit_cost"] = 10.1
    data["parties"]["B"]["types"] = {"a": {}, "b": {"chance": 0.5}}
    found, b = _found(data)
    assert 0.1 < found.holds.value < 0.9
    assert b.margin is not None
    assert b.margin > 0
    assert b.regime == "irreversibility"
    assert b.kept_share == 1
    assert b.kind_share is not None
    assert b.kind_share.low <= 0 <= b.kind_share.high < 0.5


def _governed(chance: float) -> dict[str, Any]:
    """A government to which its party's steps cost nine times as much comes to office in A in 2033."""
    data = _case("1 [0.8, 1.2]", "3 [2.5, 3.5]", RISING, **PUBLIC)
    dear = {f"measures.a{n}.value.A.flow": f"-{9 * x}" for n, x in enumerate(RISING)}
    data["parties"]["A"]["governments"] = [
        {"id": "next", "name": "Dearer", "from": "2033", "chance": chance, "set": dear}
    ]
    return data


def test_a_government_that_is_sure_to_come_is_no_matter_of_knowing() -> None:
    """It walks out in every world, and at the central values too: so it is the price of what it is asked for."""
    data = _governed(1)
    found, b = _found(data)
    assert found.holds.value == 0
    assert b.regime == "price"
    assert (b.party, b.period) == ("A", 3)
    assert b.margin is not None
    assert b.margin < 0
    assert b.government_share is None
    assert b.governments == ()
    assert "A would leave (A in 2033" in binding_told(found, Names(load_case(data).resolved))


def test_a_government_that_may_come_is_named() -> None:
    data = _governed(0.4)
    found, b = _found(data)
    assert found.holds.value == pytest.approx(0.6, abs=0.08)
    assert b.regime == "unknown-type"
    assert [(g.party, g.government, g.comes) for g in b.governments] == [("A", "Dearer", False)]
    assert b.government_share is not None
    assert b.government_share.value == 1
    assert b.kind_share is None
    assert b.known_share == b.government_share
    told = binding_told(found, Names(load_case(data).resolved))
    assert "not knowing who will govern. Were “Dearer” (A) sure not to come to office" in told


def test_a_government_that_is_likely_to_come_and_changes_nothing() -> None:
    """What is likeliest is taken where nothing is clearly kept more often, so that many worlds tell of it."""
    data = _governed(0.9)
    data["parties"]["A"]["governments"][0]["set"] = {"measures.a0.value.A.flow": -1}
    data["measures"]["b0"]["value"]["B"]["flow"] = "-1 [-60, -0.5]"
    found, b = _found(data)
    assert 0 < found.holds.value < 1
    assert [g.comes for g in b.governments] == [True]
    told = binding_told(found, Names(load_case(data).resolved))
    assert "ere “Dearer” (A) sure to come to office and every number at its central value" in told


def test_a_government_that_would_keep_what_the_other_would_break() -> None:
    """Today's leaves in 2035 as its last step costs too much; the next one, if it comes before that, does not."""
    data = _case("1 [0.8, 1.2]", "3 [2.5, 3.5]", **PUBLIC)
    series = {"flow": [-1, -1, -1, -1, -1, -90]}
    data["measures"]["a0"]["value"]["A"] = series
    keeps = {"id": "next", "name": "Keeps it", "from": "2032", "chance": 0.5}
    data["parties"]["A"]["governments"] = [{**keeps, "set": {"measures.a0.value.A.flow": [-1] * 6}}]
    found, b = _found(data)
    assert found.holds.value == pytest.approx(0.5, abs=0.08)
    assert b.regime == "unknown-type"
    assert [g.comes for g in b.governments] == [True]
    assert "Were “Keeps it” (A) sure to come to office" in binding_told(found, Names(load_case(data).resolved))


def test_types_that_change_nothing_spare_nothing_but_for_chance() -> None:
    """Of six types alike the best in a sample is the luckiest there; told is what it does in other worlds."""
    data = _case("2 [1, 5]", "3 [2, 4]", **PUBLIC)
    data["parties"]["B"]["types"] = {f"t{n}": {"chance": 1 / 8} if n else {} for n in range(6)}
    case = load_case(data)
    shares = []
    for seed in range(12):
        b = worlds(case, load_road_map("deal", case.resolved), Asked(300, seed, larger=0), {}).binding
        assert b.kind_share is not None
        shares.append(b.kind_share)
    assert sum(x.value for x in shares) / len(shares) < 0.1
    assert sum(x.low <= 0 <= x.high for x in shares) >= 10


@settings(max_examples=examples(25), deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.1, 0.9), st.floats(0, 1), st.floats(0.1, 1))
def test_what_is_spared_lies_in_its_interval(seed: int, part: float, so: float, other: float) -> None:
    """Four standard errors, and the closed form of what is spared."""
    rng = np.random.default_rng(seed)
    known = np.arange(4000) < 4000 * part
    breaks = rng.random(4000) < np.where(known, so, other)
    found = spared(breaks, known)
    assert found is not None
    assert found.low <= found.value <= found.high <= 1
    assert found.value == pytest.approx(1 - breaks[known].mean() / breaks.mean(), abs=1e-9)
    w = known.mean()
    true = 1 - so / (w * so + (1 - w) * other)
    width = max(found.high - found.low, 1e-3)
    assert found.low - width <= true <= found.high + width


def test_worlds_in_which_several_leave_first_are_counted_once() -> None:
    case = load_case(_case("2 [1, 4]", "3 [1, 4]", RISING, **PUBLIC))
    road_map = load_road_map("deal", case.resolved)
    j = judged(Draws(case, 0, "lhs"), agreed(case.resolved, road_map), 0, 300)
    tally = Tally(6, 2)
    tally.add(j, {})
    first = j.leaves.min(axis=1)
    both = int(((j.leaves == first[:, None]).all(axis=1) & (first < NEVER)).sum())
    assert both > 5
    assert tally.together[0, 1] == both
    assert tally.together.total() == tally.n - tally.holds < sum(tally.moments_first.values())
    stakes_ = stakes(case.resolved)
    leaves = Moment("A", 0, -1.0, None, Breach("walk", 0))
    assert _others_first(tally, [(leaves, 0)], stakes_) == tally.together[1,]


def test_weakest_moments_within_some_periods() -> None:
    """Against all margins of the judge, cell by cell."""
    looked = 0
    for seed in range(examples(25)):
        rng = random.Random(seed)
        raw = random_case(rng, measures=(2, 4))
        starts = random_road_map(rng, raw, violating=0.0)["starts"]
        road_map = RoadMap({k: s for k, s in starts.items() if s is not None})
        ground = grounds(resolved_from_dict(raw))
        T = ground.stakes.periods
        begin = rng.randint(0, T)
        within = slice(begin, rng.choice([None, rng.randint(begin + 1, T + 1)]))
        margins = Margins(ground, road_map)
        found = {m.party: m for m in weakest_moments(ground, road_map, within)}
        for i in margins.players:
            told = [margins.counted_cell(i, t) for t in range(T + 1)[within]]
            cells = [float(x) for x in told if x is not None]
            if not cells or structural(ground.case, road_map):
                continue
            m = found[ground.stakes.parties[i]]
            assert m.period in range(T + 1)[within]
            assert m.margin == pytest.approx(min(cells), abs=1e-7), seed
            looked += 1
    assert looked > 20


def test_a_price_that_is_too_high() -> None:
    found, b = _found(_case("3 [2.9, 3.1]", "2 [1.9, 2.1]", **PUBLIC))
    assert found.holds.value == 0
    assert b.regime == "price"
    assert "must be asked for less" in binding_told(found, Names(None))


def test_cheating_that_nobody_sees() -> None:
    found, b = _found(_case("1 [0.9, 1.1]", "3 [2.9, 3.1]", detect={"base": 0}))
    assert found.holds.value == 0
    assert b.regime == "inspection"
    assert "inspectors" in binding_told(found, Names(None))


def test_nothing_binds_where_nobody_leaves() -> None:
    found, b = _found(_case("1 [0.9, 1.1]", "3 [2.9, 3.1]", **PUBLIC))
    assert found.holds.value == 1
    assert b.regime == "nothing"
    assert b.kept_share is None
