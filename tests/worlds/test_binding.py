"""What binds, on cases in which that is clear."""

from __future__ import annotations

import re
from typing import Any

import pytest

from detente.api import load_road_map
from detente.case.load import load_case
from detente.report.binding_words import binding_told
from detente.report.text import Names
from detente.results.worlds import Binding, Worlds
from detente.worlds.answer import Asked
from detente.worlds.verb import worlds

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
    assert b.kind_share == 1
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
    assert b.kind_share < 0.5


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
