"""Differences are followed one by one, and the one that turns the verdict is named."""

from __future__ import annotations

import pytest

from detente.audit.differences import diff
from detente.case.interchange import resolved_from_dict
from detente.case.road_map import RoadMap
from detente.errors import InputError
from tests.audit.test_findings import swap
from tests.making import worth

BOTH = RoadMap({"give": 0, "back": 0})


def test_two_cases() -> None:
    old, new = swap(), swap(lag_of_b=2)
    new["measures"]["give"]["value"]["B"] = worth("3.5")
    answer = diff((resolved_from_dict(old), BOTH), (resolved_from_dict(new), BOTH))
    assert (answer.first.verdict, answer.second.verdict, answer.flipped) == ("holds", "fails", True)
    lag, value = answer.steps
    assert lag.what == "response lag of B from 1 to 2"
    assert (lag.flips_alone, lag.flips_in_order, lag.so_far.verdict) == (True, True, "fails")
    assert value.what == 'what "give" is worth to B'
    assert (value.flips_alone, value.flips_in_order) == (False, False)
    assert answer.largest is lag


def test_two_road_maps() -> None:
    case = resolved_from_dict(swap())
    answer = diff((case, BOTH), (case, RoadMap({"give": 0})))
    (step,) = answer.steps
    assert step.what == '"back" is left out'
    assert step.so_far == answer.second
    assert answer.flipped


def test_nothing_differs() -> None:
    case = resolved_from_dict(swap())
    answer = diff((case, BOTH), (case, BOTH))
    assert not answer.steps
    assert not answer.flipped


def test_two_different_cases_are_refused() -> None:
    other = swap()
    other["measures"]["third"] = other["measures"]["give"]
    with pytest.raises(InputError, match="do not have the same measures: third"):
        diff((resolved_from_dict(swap()), BOTH), (resolved_from_dict(other), BOTH))


def test_what_is_out_of_order_moves_no_margin() -> None:
    raw = swap()
    raw["measures"]["back"]["after"] = [{"measure": "give", "wait": 1}]
    case = resolved_from_dict(raw)
    answer = diff((case, RoadMap({"give": 0, "back": 1})), (case, RoadMap({"give": 1, "back": 2})))
    back, give = answer.steps
    assert give.what == '"give" starts in 2019-Q3 instead of 2019-Q2'
    assert (back.alone.flaw, give.alone.flaw, give.so_far.flaw) == ("", "out-of-order", "")
    assert answer.largest is None or answer.largest is back


def test_nothing_moves_most_if_nothing_moves() -> None:
    old, new = swap(), swap()
    new["parties"]["A"]["reserve"] = "-1"
    answer = diff((resolved_from_dict(old), BOTH), (resolved_from_dict(new), BOTH))
    assert len(answer.steps) == 1
    assert answer.largest is None
    assert answer.to_dict()["largest"] is None
