"""The case from the end of a road map on: it values, judges and asks what the case before does from then on."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import cache

import numpy as np
import pytest

from detente.audit.exact import Exact
from detente.audit.judge import audit
from detente.audit.structure import structural
from detente.bargain.end_state import EndState, end_state
from detente.case.clauses import evaluate
from detente.case.interchange import case_hash, resolved_from_dict, resolved_to_dict
from detente.case.resolved import Clause, ResolvedCase
from detente.case.road_map import RoadMap
from detente.case.stakes import stakes
from detente.errors import InputError
from detente.incentives.kept import reserves
from detente.incentives.tables import tables
from tests.bargain.making import random_clause
from tests.depth import examples
from tests.making import Raw, case, measure, party
from tests.oracle.enumeration import BruteForce
from tests.oracle.random_cases import divide
from tests.plan.test_against_brute_force import drawn


@cache
def carried_out(seed: int) -> tuple[Raw, ResolvedCase, RoadMap, EndState]:
    """A random case, one of its road maps, and the case after it; clauses of every form stand in it."""
    rng = random.Random(seed)
    raw, _ = drawn(seed)
    owner = next(iter(raw["parties"]))
    raw["clauses"] = [
        {"id": f"c{n}", "owner": owner, "kind": "position", "of": "p", "strength": "must", "weight": "1",
         "text": random_clause(rng, raw)}
        for n in range(40)
    ]  # fmt: skip
    before = resolved_from_dict(raw)
    road_map = _one_of(raw, before, rng)
    return raw, before, road_map, end_state(before, road_map)


def _one_of(raw: Raw, case: ResolvedCase, rng: random.Random) -> RoadMap:
    """A road map, some way into the calendar more often than not."""
    force = BruteForce(raw)
    names = force.fast.names
    maps = [RoadMap({k: s for k, s in zip(names, x, strict=True) if s is not None}) for x in force.road_maps()]
    some = [m for m in maps if not structural(case, m)]
    soon = [m for m in some if m.starts and all(s + case.measures[k].takes <= 1 for k, s in m.starts.items())]
    return rng.choice(soon if soon and rng.random() < 0.7 else some)


@pytest.mark.parametrize("seed", range(examples(30)))
def test_values_and_margins_go_on(seed: int) -> None:
    _, before, road_map, end = carried_out(seed)
    old, new = Exact(before).road_map(road_map.starts), Exact(end.case).road_map({})
    then = [min(t + end.period, before.periods) for t in range(before.periods + 1)]
    for i in range(len(before.parties)):
        assert [new.V(i, t) for t in range(len(then))] == [old.V(i, t) for t in then]
    judged, after = (
        audit(before, road_map, exact=True, cures=False),
        audit(end.case, RoadMap(), exact=True, cures=False),
    )
    assert after.bystanders == judged.bystanders
    assert judged.exact_margin is not None
    assert after.exact_margin is not None
    for name, margins in after.exact_margin.items():
        assert list(margins) == [judged.exact_margin[name][t] for t in then]


@pytest.mark.parametrize("seed", range(examples(30)))
def test_what_follows_is_worth_and_keeps_what_both_together_do(seed: int) -> None:
    """A road map after the end, laid on the calendar of before: order, values and clauses agree."""
    _, before, road_map, end = carried_out(seed)
    rng = random.Random(seed)
    for _ in range(25):
        follows = _drawn_road_map(rng, before, end)
        if structural(end.case, follows):
            continue
        both = RoadMap({**road_map.starts, **{k: s + end.period for k, s in follows.starts.items()}})
        assert not structural(before, both)
        old, new = Exact(before).road_map(both.starts), Exact(end.case).road_map(follows.starts)
        for i in range(len(before.parties)):
            assert new.V(i, 0) == old.V(i, end.period)
        _same_clauses(before, both, old, end, follows, new)


def _drawn_road_map(rng: random.Random, before: ResolvedCase, end: EndState) -> RoadMap:
    """Starts that end within the calendar of before."""
    starts = {}
    for k, m in end.case.measures.items():
        room = before.periods - end.period - m.takes
        if m.members is None and not m.done and room > 0 and rng.random() < 0.6:
            starts[k] = rng.randrange(room)
    return RoadMap(starts)


def _same_clauses(
    before: ResolvedCase, both: RoadMap, old: object, end: EndState, follows: RoadMap, new: object
) -> None:
    settled = {s.clause.id: s.kept for s in end.settled}
    asked = {c.id: c for c in end.case.clauses}
    for clause in before.clauses:
        kept = _keeps(before, clause, both, old)
        if clause.id in settled:
            assert settled[clause.id] == kept, clause.text
        else:
            assert _keeps(end.case, asked[clause.id], follows, new) == kept, (clause.text, asked[clause.id].text)


def _keeps(case: ResolvedCase, clause: Clause, road_map: RoadMap, exact: object) -> bool:
    def worth(party: str) -> Fraction:
        value: Fraction = exact.V(list(case.parties).index(party), 0)  # type: ignore[attr-defined]
        return value

    return evaluate(clause, case, road_map.starts, worth)[0]


@pytest.mark.parametrize("seed", range(examples(30)))
def test_it_is_a_case_like_any_other(seed: int) -> None:
    _, _, _, end = carried_out(seed)
    again = resolved_from_dict(resolved_to_dict(end.case))
    assert case_hash(again) == case_hash(end.case)
    held = stakes(end.case)
    exact = Exact(end.case)
    found = reserves(held, tables(held))
    assert found == pytest.approx(np.array([float(exact.reserve(i)) for i in range(len(found))]), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("seed", range(examples(30)))
def test_no_deal_keeps_what_holds_and_refusing_is_never_made_less_attractive(seed: int) -> None:
    _, before, road_map, end = carried_out(seed)
    holds = audit(end.case, RoadMap(), cures=False).verdict != "fails"
    assert end.case.no_deal == ("as-is" if holds else before.no_deal)
    exact, kept = Exact(end.case), Exact(before).road_map(road_map.starts)
    for i, (name, told) in enumerate(before.parties.items()):
        if told.reserve is not None:
            assert exact.reserve(i) >= Fraction(told.reserve)
        if holds:
            assert exact.reserve(i) >= kept.V(i, end.period), f"{name} would rather leave things as they are"


@pytest.mark.parametrize("seed", range(examples(15)))
def test_factions_go_on_to_see_it_as_they_did(seed: int) -> None:
    """What leaving would cost by their numbers, and whether they support it, in every period after the first."""
    rng = random.Random(seed)
    raw = divide(rng, drawn(seed)[0])
    before = resolved_from_dict(raw)
    road_map = _one_of(raw, before, rng)
    end = end_state(before, road_map)
    judged, after = audit(before, road_map, cures=False), audit(end.case, RoadMap(), cures=False)
    for name, view in after.factions.items():
        then = [min(t + end.period, before.periods) for t in range(before.periods + 1)]
        told = judged.factions[name]
        if view.margin:
            assert view.margin == pytest.approx([told.margin[t] for t in then], abs=1e-6)
            assert view.supports[1:] == tuple(told.supports[t] for t in then[1:])


def test_doing_nothing_leads_nowhere() -> None:
    raw = case({"a": measure("A", {"B": [1, 2, 3]})})
    before = resolved_from_dict(raw)
    end = end_state(before, RoadMap())
    assert end.period == 0
    assert replace(end.case, no_deal=before.no_deal) == before


def test_time_goes_on() -> None:
    """Flows, drift, capacity and date of the case after a road map that ends in period 1."""
    raw = case(
        {"a": measure("A", {"A": -1, "B": [1, 2, 3, 4]}, takes=1), "b": measure("B", {"A": [5, 6, 7, 8]})},
        {"A": party(status_quo=[10, 11, 12, 13]), "B": party()},
        periods=4,
        resources={"crew": {"capacity": [1, 2, 3, 4], "uses": {"a": "1"}}},
        road_maps={"one": {"a": 0}},
    )
    end = end_state(resolved_from_dict(raw), RoadMap({"a": 0}))
    assert (end.period, end.case.start, end.case.periods) == (2, "2019-10-01", 4)
    assert [int(x) for x in end.case.parties["A"].status_quo] == [12, 13, 13, 13]
    assert [int(x) for x in end.case.measures["b"].value["A"].flow] == [7, 8, 8, 8]
    assert [int(x) for x in end.case.resources["crew"].capacity] == [3, 4, 4, 4]
    assert [k for k, m in end.case.measures.items() if m.done] == ["a"]
    assert not end.case.road_maps


def test_a_stated_worth_of_no_deal_counts_where_it_is_more() -> None:
    """What is done is worth 2 a period to B, so 4 in all; it refuses what gives it less, or less than it stated."""
    for stated, counts in ((None, None), (3, None), (5, Decimal(5))):
        raw = case({"a": measure("A", {"B": 2}, undo=None), "b": measure("B", {"A": 2}, undo=None)},
                   {"A": party(), "B": party(reserve=stated)})  # fmt: skip
        end = end_state(resolved_from_dict(raw), RoadMap({"a": 0}))
        assert end.case.parties["B"].reserve == counts
        assert Exact(end.case).reserve(1) == max(4, stated or 0)


def test_what_cannot_be_carried_out_is_refused() -> None:
    raw = case({"a": measure("A", {"B": 1}), "b": measure("B", {"A": 1}, after=[{"measure": "a", "wait": 1}])})
    with pytest.raises(InputError, match="DET733"):
        end_state(resolved_from_dict(raw), RoadMap({"a": 1, "b": 0}))
    with pytest.raises(InputError, match="DET402"):
        end_state(resolved_from_dict(raw), RoadMap({"nothing": 1}))


def test_a_replaced_measure_that_is_done_pays_nobody_any_more() -> None:
    """Suspended, later lifted, both before the case begins: without a deal the suspension counts no more."""
    suspended = measure("A", {"A": -1, "B": 3}, done=True)
    lifted = measure("A", {"A": -1, "B": 4}, done=True, undo=None, replaces={"measure": "s", "wait": 0})
    for reading in ("as-is", "collapse"):
        raw = case({"s": suspended, "l": lifted, "b": measure("B", {"A": 1})}, no_deal=reading)
        held = stakes(resolved_from_dict(raw))
        assert reserves(held, tables(held)).tolist() == [-2.0, 8.0]
