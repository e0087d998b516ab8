"""Many runs of one world in which one party cheats and nothing else happens bring on average what the exact audit says:
the cheater the worth of its cheat, each of the others what that leaves it."""

from __future__ import annotations

import math
import random
from collections import Counter
from typing import Any

import numpy as np
import pytest

from detente.audit.exact import Cheat
from detente.audit.exact.road_map import Exact, ExactRoadMap
from detente.audit.losses import of_cheating
from detente.case.draws import Draws
from detente.case.load import Case, load_case
from detente.case.road_map import RoadMap
from detente.case.stakes import Floats
from detente.incentives.many.frame import Records
from detente.worlds.kinds import kinds
from detente.worlds.runs.conduct import NOISES, Rates
from detente.worlds.runs.played import cast
from detente.worlds.runs.run import run_all
from detente.worlds.runs.stage import CAUGHT, empty
from detente.worlds.runs.wanted import Wanted
from detente.worlds.slip import agreed
from tests.depth import examples
from tests.oracle.random_cases import FEATURES, random_case, random_road_map

N = 800
FOUND = ("0", "0.5", "0.8", "1")
PLAYED = sorted(FEATURES - {"clauses", "awkward", "comparable", "grace"})
SURE = 0.002
"""Runs in which a cheat that would be found one day is not found within the case: too few to count."""


def _often_found(rng: random.Random) -> dict[str, Any]:
    features = [f for f in PLAYED if f in ("private", "milestone", "detect") or rng.random() < 0.6]
    raw = random_case(rng, periods=(6, 8), measures=(3, 6), features=features)
    for m in raw["measures"].values():
        m["detect"]["base"] = rng.choice(FOUND)
        for rule in m["detect"].get("with", []):
            rule["detect"] = rng.choice(FOUND)
    return raw


def _cheat(rng: random.Random, rm: ExactRoadMap) -> tuple[int, Cheat] | None:
    """Somebody's cheat on one or two measures that goes on until found, sooner or later within the case or never."""
    i, begin = rng.randrange(rm.terms.P), rng.choice((0, 0, 1, 2))
    fakes, undoes = rm.candidates(i, begin)
    on = rng.sample(fakes + undoes, min(len(fakes + undoes), rng.choice((1, 2))))
    cheat = Cheat(frozenset(on) & frozenset(fakes), frozenset(on) & frozenset(undoes), begin)
    if not on or rm.outcome(i, cheat).walks is not None:
        return None
    steps = list(rm.cheating(i).steps(cheat))
    unfound = math.prod(1 - float(step.found) for step in steps[: rm.terms.T + 1 - begin])
    return (i, cheat) if unfound < SURE or not steps[-1].found else None


def _runs(loaded: Case, road_map: RoadMap, i: int, cheat: Cheat) -> tuple[Floats, Floats, Records]:
    """(N, P) gains and costs, and the runs."""
    case, draws = loaded.resolved, Draws(loaded, 0)
    kind = next(iter(kinds(draws, 0, 0, 1)))
    acts = cast(draws, kind, agreed(case, road_map), Rates(loaded, frozenset(NOISES)), [])
    now, wanted = acts.stage.moments, Wanted(case)
    now["leaves"], now["distrusts"], now["a"], now["b"] = False, False, -1, -1
    a, b, *_ = *sorted(cheat.all), -1, -1
    now["leaves"][0, :, cheat.begin, i], now["a"][0, :, cheat.begin, i] = True, a
    now["b"][0, :, cheat.begin, i] = b
    acts.stage.stirs[...] = now["leaves"].any(axis=-1)
    acts.stage.rates[...] = 0
    told = empty(N, case.periods, len(case.parties), len(wanted.names), 0, 0)
    rng = np.random.default_rng(cheat.begin)
    once = np.zeros(N, dtype=np.int64)
    run_all(acts.world, acts.stage, acts.purse, wanted.atoms, once, np.arange(N), rng, told)
    return told.outcomes["gain"], told.outcomes["cost"], told.runs


def test_on_average_a_cheat_pays_what_the_audit_says() -> None:
    seen = Counter[str]()
    for seed in range(examples(400)):
        rng = random.Random(seed)
        raw = _often_found(rng)
        loaded = load_case(raw)
        road_map = RoadMap(random_road_map(rng, raw, violating=0.0)["starts"])
        rm = Exact(loaded.resolved).road_map(road_map.starts)
        found = _cheat(rng, rm)
        if found is None:
            continue
        i, cheat = found
        gains, costs, runs = _runs(loaded, road_map, i, cheat)
        losses = of_cheating(rm, i, cheat) | {i: float(rm.V(i, cheat.begin) - rm.C(i, cheat))}
        caught = (runs["how"] == CAUGHT).all()
        for j in range(rm.terms.P):
            later = float(rm.terms.discount[j]) ** cheat.begin
            expected = float(rm.V(j, 0) - rm.exact.reserve(j)) - later * losses[j]
            spread = float(np.ptp(gains[:, j]))
            sure = 4.5 * float(gains[:, j].std()) / math.sqrt(N) + 2 * SURE * spread + 1e-9 * (1 + abs(expected))
            where = f"seed {seed}, party {j}, {i} cheats: {cheat}"
            assert gains[:, j].mean() == pytest.approx(expected, abs=sure), where
            if caught:
                assert costs[:, j].mean() == pytest.approx(-losses[j], abs=sure / later), where
        seen["spread"] += bool(np.ptp(gains) > 0)
        seen.update({"caught": caught, "unfound": not (runs["how"] == CAUGHT).any(), "undone": bool(cheat.undoes)})
        seen["whole"] += any(cheat.all & set(rm.terms.terms[m].members) for m in rm.terms.milestones)
    assert min(seen[what] for what in ("spread", "caught", "unfound", "undone", "whole")) >= 8, seen


@pytest.mark.parametrize("found", [0.2, 1.0])
def test_a_cheat_that_is_found_is_a_cost_to_the_victim(found: float) -> None:
    """A pretends to dismantle; what B never got from it counts as lost from the first day on."""
    value = {"a1": {"A": {"once": -8}, "B": {"flow": 4}}, "b1": {"A": {"flow": 3}, "B": {"flow": -1}}}
    raw = {
        "detente": 1, "period": "year", "periods": 20, "start": 2030, "discount": 0.8, "parties": {"A": {}, "B": {}},
        "measures": {
            "a1": {"by": "A", "takes": 0, "undo": "never", "detect": {"base": found}, "value": value["a1"]},
            "b1": {"by": "B", "takes": 0, "undo": "at once", "public": True, "value": value["b1"]},
        },
    }  # fmt: skip
    loaded = load_case(raw)
    road_map = RoadMap({"a1": 0, "b1": 0})
    gains, costs, runs = _runs(loaded, road_map, 0, Cheat(frozenset([0]), frozenset(), 0))
    caught = runs["how"] == CAUGHT
    assert caught.mean() > 0.95
    assert (gains[:, 1] < 0).all()
    periods = runs["when"][caught] + 1
    paid = (1 - 0.8**periods) / 0.2
    assert gains[caught, 1] == pytest.approx(-paid)
    assert costs[caught, 1] == pytest.approx(-paid - 15)
    assert costs[caught, 0] == pytest.approx(3 * paid - 7)
