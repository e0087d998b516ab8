"""Random cases are valid and varied, and on them the checker obeys laws that it does not use."""

from __future__ import annotations

import json
import random
from fractions import Fraction as F
from typing import Any

import pytest
from hypothesis import given, settings

from tests.oracle import oracle
from tests.oracle.clauses import FORMS, parse
from tests.oracle.judge import Oracle
from tests.oracle.random_cases import FEATURES, cases_with_road_maps, random_case, random_road_map
from tests.oracle.reading import read_case

SMALL: dict[str, Any] = {"parties": (2, 3), "measures": (2, 4), "periods": (3, 5)}


def test_the_same_seed_gives_the_same_case() -> None:
    first, second = (random_case(random.Random(7)) for _ in range(2))
    assert json.dumps(first) == json.dumps(second)
    assert json.dumps(first) != json.dumps(random_case(random.Random(8)))


def test_an_unknown_feature_is_refused() -> None:
    with pytest.raises(ValueError, match="teleport"):
        random_case(random.Random(1), features={"teleport"})


def test_without_features_a_case_is_plain() -> None:
    raw = random_case(random.Random(3), features=set())
    assert not raw["sticks"]
    assert all(one["public"] and one["takes"] == 0 for one in raw["measures"].values())


def test_everything_comes_up() -> None:
    """Over 200 cases: every feature of a measure, a party and a case, and every form of clause."""
    cases = [random_case(random.Random(seed)) for seed in range(200)]
    measures = [one for raw in cases for one in raw["measures"].values()]
    works = [one for one in measures if one["members"] is None]
    parties = [one for raw in cases for one in raw["parties"].values()]
    assert all(any(one[key] for one in works) for key in ("done", "after", "excludes", "replaces", "takes"))
    assert {one["withdrawal"] for one in works} == {"if-credible", "automatic", "never"}
    assert any(one["undo"] is None for one in works)
    assert any(one["undo"] and one["undo"]["chance"] != "1" and one["undo"]["takes"] for one in works)
    assert any(one["detect"]["with"] for one in works)
    assert any(one["members"] for one in measures)
    assert all(any(one[key] not in (None, "0", 0) for one in parties) for key in ("reserve", "exit_cost", "grace"))
    assert any(read_case(raw).sticks and read_case(raw).sticks[0].is_hollow for raw in cases)
    assert {raw["no_deal"] for raw in cases} == {"collapse", "as-is"}
    forms = {parse(one["text"])[0] for raw in cases for one in raw["clauses"]}
    assert forms == {form for form, _ in FORMS}


def test_references_are_sound() -> None:
    for seed in range(200):
        raw = random_case(random.Random(seed), features=FEATURES)
        measures = raw["measures"]
        for name, one in measures.items():
            named = [each["measure"] for each in one["after"]] + list(one["members"] or ()) + one["excludes"]
            assert name not in named
            assert set(named) <= set(measures)
            if one["replaces"]:
                old = measures[one["replaces"]["measure"]]
                assert one["by"] == old["by"]
                assert one["public"]
                assert old["public"]


def test_road_maps_are_in_order_unless_they_violate() -> None:
    kinds = set()
    for seed in range(150):
        rng = random.Random(seed)
        raw = random_case(rng)
        told = Oracle(raw, random_road_map(rng, raw, violating=0)).structural()
        assert {one["kind"] for one in told} <= {"over-capacity"}
        kinds |= {one["kind"] for one in Oracle(raw, random_road_map(rng, raw, violating=1)).structural()}
    assert kinds == {"out-of-order", "over-capacity", "past-horizon"}


@settings(max_examples=15, deadline=None)
@given(cases_with_road_maps(**SMALL))
def test_covert_values_are_those_of_the_best_date_to_walk_out(pair: tuple[Any, Any]) -> None:
    """C by recursion is the best, over all dates, of the expected value of cheating until that date."""
    judge = Oracle(*pair)
    for i in judge.schedule.players:
        for t0 in judge.span:
            for cheat in list(judge.cheats(i, t0))[:2]:
                dates = [*range(t0 + 1, t0 + 16), None]
                best = max(_until(judge, cheat, date) for date in dates)
                assert judge.covert(cheat) == best


def _until(judge: Oracle, cheat: Any, date: int | None) -> F:
    """Cheat until `date` (None: until caught), summed forwards over what may happen first."""
    party = judge.case.parties[cheat.party]
    world, total, weight = judge._cheating(cheat), F(0), F(1)
    last = max(judge.case.periods, cheat.begun + judge.case.longest_undoing) + 2
    for t in range(cheat.begun, last if date is None else date):
        h = judge.found(cheat, t)
        total += weight * (world.pay(cheat.party, t) - h * party.exit_cost)
        total += weight * party.discount * h * judge.left(cheat.party, t + 1, seen=t, cheat=cheat)[0]
        weight *= party.discount * (1 - h)
    if date is not None:
        return total + weight * judge.left(cheat.party, date, seen=date, cheat=cheat)[0]
    h = judge.found(cheat, last)
    caught = judge.left(cheat.party, last + 1, seen=last, cheat=cheat)[0]
    a_period = world.pay(cheat.party, last) - h * party.exit_cost + party.discount * h * caught
    return total + weight * a_period / (1 - party.discount * (1 - h))


@settings(max_examples=15, deadline=None)
@given(cases_with_road_maps(**SMALL))
def test_a_gift_for_ever_changes_no_margin(pair: tuple[Any, Any]) -> None:
    raw, rm = pair
    before = oracle.margins(raw, rm)
    for one in raw["parties"].values():
        quo = one["status_quo"]
        one["status_quo"] = [str(F(each) + 3) for each in quo] if isinstance(quo, list) else str(F(quo) + 3)
    assert oracle.margins(raw, rm) == before


@settings(max_examples=15, deadline=None)
@given(cases_with_road_maps(**SMALL))
def test_with_everything_public_the_best_breach_is_to_walk(pair: tuple[Any, Any]) -> None:
    raw, rm = pair
    hidden = Oracle(raw, rm)
    for one in raw["measures"].values():
        one["public"] = True
    public = Oracle(raw, rm)
    for i, margins in public.margins.items():
        assert margins == [kept - walk for kept, walk in zip(public.kept[i], public.W[i], strict=True)]
        assert all(low <= high for low, high in zip(hidden.margins[i], margins, strict=True))


@settings(max_examples=25, deadline=None)
@given(cases_with_road_maps(**SMALL))
def test_a_vacuous_breach_gains_and_loses_nothing(pair: tuple[Any, Any]) -> None:
    judge = Oracle(*pair)
    for i in judge.schedule.players:
        for t in judge.span:
            if judge.vacuous(i, t):
                assert judge.open_breach(i, t) == {j: judge.kept[j][t] for j in judge.case.parties}
