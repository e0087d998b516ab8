"""Runs of a road map: what nobody disturbs equals the worlds, what chance alone ends has a closed form."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from detente.api import load_road_map
from detente.case.batch import from_resolved
from detente.case.draws import Draws
from detente.case.interchange import resolved_from_dict
from detente.case.load import load_case
from detente.case.sampling import CHUNK
from detente.case.stakes import stakes
from detente.incentives.many.noise import Noise, amid
from detente.incentives.many.prospects import first_moments, leaving
from detente.results.simulation import Simulation
from detente.worlds.judged import judged
from detente.worlds.runs.conduct import NOISES
from detente.worlds.runs.runner import Asked
from detente.worlds.runs.simulate import simulate
from detente.worlds.slip import agreed
from tests.known import cases

ALL = frozenset(NOISES)


def ran(
    name: str, road_map: str, n: int, *settings: str, seed: int = 1, workers: int = 1, without: Any = ALL
) -> Simulation:
    case = load_case(name, settings=settings)
    return simulate(case, load_road_map(road_map, case), Asked(n, seed, without=frozenset(without), workers=workers))


@pytest.mark.parametrize(("alarms", "expected"), [(0.0, 0.6667), (0.05, 0.7143), (0.1, 0.7692), (0.2, 0.9091)])
def test_patience_that_false_alarms_take(alarms: float, expected: float) -> None:
    """T, R, P = 5, 3, 1; a cheat is found with chance 1/2, an alarm, true or false, ends it for ever:
    V = 3 + d((1-a)V + a/(1-d)), C = 5 + d(C/2 + 1/(2(1-d)))."""
    given, _ = cases.dilemma("0.5", found="0.5")
    given["measures"]["b"]["public"] = True
    case = resolved_from_dict(given)
    discounts = np.linspace(0.5, 0.99, 9801)
    b = from_resolved(case, len(discounts))
    b = replace(b, discount=np.column_stack([discounts] * 2), common=discounts)
    nothing = np.zeros(len(discounts))
    c = np.broadcast_to(stakes(case).completions(load_road_map({}, case)), (len(discounts), 2))
    found, ahead = amid(b, np.ascontiguousarray(c), Noise(np.full(len(discounts), alarms), nothing, nothing))
    leaves = leaving(found, ahead)[0]
    holds = np.array([t > case.periods for t in first_moments(leaves).min(axis=1)])
    first = int(holds.argmax())
    assert holds[first:].all()
    assert discounts[first] == pytest.approx(expected, abs=1e-4)


def test_what_nobody_gains_by_leaving_is_kept_in_every_run() -> None:
    told = ran("two-steps", "in-turn", 300)
    assert told.kept.value == 1
    assert set(told.survival) == {1.0}
    assert [g.when for g in told.goals] == [(2,) * 5, (0,) * 5]
    assert not told.costs


@pytest.mark.parametrize(
    ("settings", "left_in", "a_period"),
    [
        (("conduct.incident=0.05", "conduct.stopped_by_incident=1"), "incidents", 0.05),
        (("conduct.false_alarm=0.1", "conduct.wrongly_confirmed=0.5", "conduct.clarification=0"), "alarms", 0.05),
    ],
)
def test_survival_under_a_constant_chance(settings: tuple[str, ...], left_in: str, a_period: float) -> None:
    n = 6000
    told = ran("two-steps", "in-turn", n, *settings, without=ALL - {left_in})
    for t, share in enumerate(told.survival):
        exact = (1 - a_period) ** (t + 1)
        assert abs(share - exact) < 4.5 * math.sqrt(exact * (1 - exact) / n)
    assert {w.how for w in told.ways} == {"kept", "stopped" if left_in == "incidents" else "blamed"}


def test_without_noise_runs_hold_as_often_as_worlds() -> None:
    case, n = load_case("dprk-2019"), 200
    road_map = load_road_map("step-for-step", case)
    j = judged(Draws(case, 3, "lhs"), agreed(case.resolved, road_map), 0, n)
    told = simulate(case, road_map, Asked(n, 3, without=ALL))
    assert n < CHUNK
    assert round(told.kept.value * n) == int(j.holds.sum())
    gone = [int((j.first == t).sum()) for t in range(case.resolved.periods + 1)]
    walked = sum(w.share.value for w in told.ways if w.how == "walked")
    assert sum(gone) / n >= walked - 1e-9


def test_of_a_case_without_groups_it_is_told_how_much_of_its_steps_each_party_has_done() -> None:
    told = ran("two-steps", "in-turn", 50)
    for party, comes in (("Hills", (0, 2)), ("Plains", (0, 0))):
        done = [sum(c <= t for c in comes) / 2 for t in range(4)]
        assert [list(level) for level in told.shares[party]] == [done] * 5


def test_workers_do_not_matter() -> None:
    one, two = (ran("two-steps", "in-turn", 3 * CHUNK + 5, workers=w, without=()) for w in (1, 2))
    assert {**one.to_dict(), "run": None} == {**two.to_dict(), "run": None}


def test_every_run_ends_in_one_way() -> None:
    told = ran("two-steps", "in-turn", 2000, "conduct.incident=0.3 a year", without=())
    assert sum(w.share.value for w in told.ways) == pytest.approx(1)
    assert told.survival[-1] == pytest.approx(sum(w.share.value for w in told.ways if w.how in ("kept", "unfound")))
    for fan in told.shares.values():
        assert all(low <= high for a, b in pairwise(fan) for low, high in zip(a, b, strict=True))
