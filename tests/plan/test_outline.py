"""Bounds from measures done in part, against trying every road map."""

from __future__ import annotations

import math

import pytest

from detente.plan.outline import most_gains
from detente.plan.stage import Budget
from detente.plan.task import Task
from tests.depth import examples
from tests.oracle.enumeration import BruteForce
from tests.plan.test_against_brute_force import drawn


@pytest.mark.parametrize("batch", range(examples(3)))
def test_no_certified_road_map_lies_above_its_bound(batch: int) -> None:
    """Above floors one after the other, in whatever order, and beyond what anything gives."""
    for seed in range(91_000 + 10 * batch, 91_000 + 10 * batch + 10):
        raw, case = drawn(seed)
        force = BruteForce(raw)
        if len(force.counting) < 2:
            continue
        one, other = force.counting[:2]
        have = [(float(g[one]), float(g[other])) for g in map(force.gains, force.all_certified())]
        room = 1e-5 * float(force.scales[other])
        levels = [*[y - room for _, y in have][:6], -1e6, 1e6]
        bounds = most_gains(Task(case).search(), one, [{other: y} for y in levels], Budget())
        again = most_gains(Task(case).search(), one, [{other: y} for y in reversed(levels)], Budget())
        assert bounds == pytest.approx(again[::-1], abs=1e-4 * float(force.scales[one])), seed
        for level, bound in zip(levels, bounds, strict=True):
            most = max((x for x, y in have if y >= level), default=-math.inf)
            assert most <= bound + 1e-5 * float(force.scales[one]), (seed, level)


def test_beyond_what_measures_can_give_there_is_nothing_and_without_time_nothing_is_known() -> None:
    raw, case = next(d for d in map(drawn, range(91_000, 91_100)) if len(BruteForce(d[0]).counting) >= 2)
    one, other = BruteForce(raw).counting[:2]
    search = Task(case).search()
    assert most_gains(search, one, [{other: 1e6}], Budget()) == [-math.inf]
    assert most_gains(search, one, [{other: -1e6}], Budget(deadline=0.0)) == [math.inf]
