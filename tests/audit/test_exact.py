"""Exact values against the independent checker, on random cases with every feature on."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import combinations

import pytest

from detente.audit.exact import Cheat, Exact, ExactRoadMap
from detente.case.interchange import resolved_from_dict
from tests.making import Raw
from tests.oracle import constants
from tests.oracle.judge import Oracle
from tests.oracle.random_cases import random_case, random_road_map


def steady_sticks(raw: Raw) -> Raw:
    """The same case with sticks whose flow is one number (the format allows no other)."""
    for stick in raw["sticks"]:
        for value in stick["value"].values():
            if isinstance(value["flow"], list):
                value["flow"] = value["flow"][0]
    return raw


def every_cheat(rm: ExactRoadMap, i: int, t: int) -> Iterator[Cheat]:
    """All non-empty sets of candidates."""
    fakes, undoes = rm.candidates(i, t)
    for size in range(1, len(fakes) + len(undoes) + 1):
        for some in combinations(fakes + undoes, size):
            yield Cheat(frozenset(some) & frozenset(fakes), frozenset(some) & frozenset(undoes), t)


def compare(raw: Raw, starts: Raw) -> None:
    """Every value of the model, number by number."""
    oracle = Oracle(raw, starts)
    exact = Exact(resolved_from_dict(raw))
    rm, names = exact.road_map(oracle.schedule.starts), exact.terms.parties
    span = range(raw["periods"] + 1)
    assert {names[i] for i in rm.course.owners()} == set(oracle.schedule.players)
    for i, name in enumerate(names):
        assert [rm.V(i, t) for t in span] == oracle.kept[name]
        assert exact.reserve(i) == constants.reserve(raw)[name]
        assert exact.reserve_common(i) == constants.reserve(raw, common=True)[name]
        assert exact.scale(i) == constants.scales(raw)[name]
        assert rm.U(i) - exact.reserve_common(i) == oracle.gains()[name]
        assert [rm.lateness(i, t) - rm.V(i, t) for t in span[:-1]] == [
            oracle._gain_by_delay(name, t) for t in span[:-1]
        ]
    for name in oracle.schedule.players:
        i = names.index(name)
        assert [rm.W(i, t) for t in span] == oracle.W[name]
        assert [rm.margin(i, t, every_cheat(rm, i, t)) for t in span] == oracle.margins[name]
        assert [rm.vacuous(i, t) for t in span] == [oracle.vacuous(name, t) for t in span]
        for j, other in enumerate(names):
            if j != i:
                assert [rm.B(j, i, t) for t in span] == [oracle.B(other, name, t) for t in span]
                assert [rm.S(j, i, t) for t in span] == [oracle.S(other, name, t) for t in span]


@pytest.mark.parametrize("seed", range(150))
def test_every_value_equals_the_checkers(seed: int) -> None:
    rng = random.Random(seed)
    raw = steady_sticks(random_case(rng, measures=(2, 5)))
    compare(raw, random_road_map(rng, raw))


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(1000, 3000))
def test_every_value_equals_the_checkers_at_length(seed: int) -> None:
    rng = random.Random(seed)
    raw = steady_sticks(random_case(rng))
    compare(raw, random_road_map(rng, raw))
