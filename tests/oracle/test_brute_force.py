"""Trying all road maps: the quick sums agree with the literal checker, objectives with sums by hand."""

from __future__ import annotations

import random
from fractions import Fraction as F
from typing import Any

import pytest
from hypothesis import assume, given, settings

from tests.making import Raw, case, measure, milestone, road_map
from tests.oracle.brute_force import solve
from tests.oracle.enumeration import BruteForce
from tests.oracle.judge import Oracle
from tests.oracle.random_cases import FEATURES, RARE, cases_with_road_maps, random_case
from tests.oracle.tables import Tables
from tests.oracle.valued import Valued

SMALL: dict[str, Any] = {"parties": (2, 3), "measures": (2, 4), "periods": (3, 5)}
ALL: dict[str, Any] = SMALL | {"features": FEATURES | RARE}


def _valued(judge: Oracle, exact: bool) -> Valued:
    tables = Tables(judge.case, exact)
    return Valued(tables, tuple(judge.schedule.starts.get(name) for name in tables.names))


def _agree(judge: Oracle) -> None:
    """Values of every party, and of every breach of it, in every period (if nothing is due after T-1)."""
    assume(all(date < judge.case.periods for date in judge.schedule.due.values()))
    valued = _valued(judge, exact=True)
    assert valued.players == judge.schedule.players
    for i in judge.case.parties:
        assert list(valued.kept(i)[: len(judge.span)]) == judge.kept[i]
    for i in valued.players:
        assert list(valued.left(i, False)[: len(judge.span)]) == judge.W[i]
        for t in judge.span:
            assert valued.vacuous(i, t) in (None, judge.vacuous(i, t))
            slow = {way.cheat.members: way.value for way in judge.all_ways[i][t] if way.cheat}
            assert {some: valued.covert(i, t, some) for some in valued.cheats(i, t)} == slow


@settings(max_examples=25, deadline=None)
@given(cases_with_road_maps(**SMALL))
def test_quick_sums_are_the_literal_values(pair: tuple[Raw, Raw]) -> None:
    _agree(Oracle(*pair))


@settings(max_examples=25, deadline=None)
@given(cases_with_road_maps(**ALL))
def test_quick_sums_are_the_literal_values_with_every_feature(pair: tuple[Raw, Raw]) -> None:
    _agree(Oracle(*pair))


@pytest.mark.parametrize("seed", range(12))
def test_the_certified_road_maps_are_those_of_the_literal_checker(seed: int) -> None:
    raw = random_case(random.Random(seed), parties=(2, 3), measures=(2, 3), periods=(3, 4))
    force = BruteForce(raw)
    every = list(force.road_maps())
    assert len(set(every)) == len(every)
    slow = [starts for starts in every if _certified(Oracle(force.case, force.schedule(starts)))]
    assert force.all_certified() == slow


def _certified(judge: Oracle) -> bool:
    told, least = judge.audit(), judge.least_relative_margin()
    return told["certified"] and (least is None or least >= F(1, 1000))


@pytest.mark.parametrize("seed", range(6))
def test_all_structurally_feasible_road_maps_are_tried(seed: int) -> None:
    raw = random_case(random.Random(seed), measures=(2, 3), periods=(3, 3))
    force = BruteForce(raw)
    last = range(force.case.periods)
    free = [k.name for k in force.case.works if not k.done]
    feasible = 0
    for code in range((len(last) + 1) ** len(free)):
        digits = [code // (len(last) + 1) ** n % (len(last) + 1) for n in range(len(free))]
        starts = {name: one - 1 for name, one in zip(free, digits, strict=True) if one}
        feasible += not Oracle(force.case, road_map(**starts)).structural()
    assert feasible == len(list(force.road_maps()))


def swap(**given: Any) -> Raw:
    """A may give a (cost 1, worth 3), B may give b (cost 1, worth 5): flows, undone at no cost."""
    a = measure("A", {"A": -1, "B": 3})
    return case({"a": a, "b": measure("B", {"B": -1, "A": 5})}, periods=2, **given)


def test_objectives_by_hand() -> None:
    """Worth of a in s: -2 / 2^s to A, 6 / 2^s to B; of b: 10 / 2^s to A, -2 / 2^s to B. No deal is worth 0.

    a and b together in s: gains 8 and 4 (s = 0), 4 and 2 (s = 1).
    a in 0, b in 1: A gets -2 + 5 = 3, B 6 - 1 = 5. Margins of A: in 0: 3 - 0, in 1: 8 - 5; of B: in 0: 5 - 3
    (a pays 3 once), in 1: 4 - 3. It holds.
    b in 0, a in 1: A gets 10 - 1 = 9, B -2 + 3 = 1. B in 0: 1 - 0; A in 0: 9 - 5. It holds.
    K_A = 10, K_B = 6; U* = 9 and 5.
    """
    answer = solve(swap())
    assert answer.tried == 9
    assert len(answer.certified) == 5
    assert answer.best_gains == {"A": 9, "B": 5}
    best = {name: (one.value, one.starts) for name, one in answer.objectives.items() if one}
    # shares: together in 0: 8/9, 4/5; a first: 3/9, 1; b first: 1, 1/5
    assert best["fair"] == ((F(4, 5), F(8, 9)), {"a": 0, "b": 0})
    assert best["nash"] == (F(8, 10) * F(4, 6), {"a": 0, "b": 0})
    assert best["welfare"] == (F(8, 10) + F(4, 6), {"a": 0, "b": 0})
    # together: in 0 the margin of B is 4 - 3, of A 8 - 5: 1/6 is the least; it stays so for ever
    assert best["robust"] == (F(1, 6), {"a": 0, "b": 0})


def test_the_floor_of_robust() -> None:
    """Without a floor the safest deal is none: no breach of it changes anything."""
    best = {floor: solve(swap(), floor=floor).objectives["robust"] for floor in ("0", "0.5", "1")}
    found = {floor: (one.value, one.starts) for floor, one in best.items() if one}
    assert found == {
        "0": (None, {}),
        "0.5": (F(1, 6), {"a": 0, "b": 0}),
        "1": (F(1, 6), {"a": 0, "b": 0}),
    }


def test_red_lines_bind_and_goals_are_dated() -> None:
    line = {"id": "r", "owner": "A", "kind": "red-line", "of": "", "strength": "must", "weight": "1"}
    goal = line | {"id": "g", "kind": "goal", "of": "win", "text": "m by 1"}
    raw = swap(clauses=[line | {"text": "a not before 1"}, goal])
    raw["measures"]["m"] = milestone(["a", "b"], {})
    answer = solve(raw, goal="win")
    assert {one.get("a") for one in answer.certified} == {None, 1}
    fast = answer.objectives["fast"]
    assert fast is not None
    assert fast.value == -1
    # b in 0 gives A 9 and B 1, b in 1 gives 4 and 2: shares 1 and 1/2, or 4/9 and 1
    assert fast.starts == {"a": 1, "b": 0}


def test_none_is_certified_if_not_even_doing_nothing_keeps_the_red_lines() -> None:
    line = {"id": "r", "owner": "A", "kind": "red-line", "of": "", "strength": "must", "weight": "1"}
    answer = solve(swap(clauses=[line | {"text": "a by 0"}, line | {"id": "q", "text": "never b"}]))
    assert not answer.exists
    assert set(answer.objectives.values()) == {None}
    assert answer.tried == 9


def test_the_margin_asked_for_is_relative() -> None:
    """The least relative margin of the swap is 1/6 at best."""
    assert len(solve(swap(), epsilon="0.166").certified) > 1
    assert solve(swap(), epsilon="0.167").certified == [{}]
