"""Single runs agree with a slow replay in sets of names, on small random cases with invented decisions: what is in
force when, and what it pays whom."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest

from detente.case.draws import Draws
from detente.case.load import load_case
from detente.case.resolved import Group, ResolvedCase
from detente.case.road_map import RoadMap
from detente.case.stakes import NEVER, stakes
from detente.worlds.kinds import kinds
from detente.worlds.runs.conduct import (
    ALARM,
    CLARIFIES,
    INCIDENT,
    MISSED,
    NOISES,
    STOPS,
    TALKS,
    WRONG,
    Rates,
)
from detente.worlds.runs.played import Cast, cast
from detente.worlds.runs.run import run_all
from detente.worlds.runs.stage import BINS, empty
from detente.worlds.runs.wanted import Wanted
from detente.worlds.slip import agreed
from tests.depth import examples
from tests.oracle.paid import Paid
from tests.oracle.random_cases import FEATURES, random_case, random_road_map
from tests.oracle.replay import Run, Script

ROWS = 8
PAID = FEATURES - {"clauses", "awkward", "comparable"}
PLAYED = FEATURES - {"undo_chance", "clauses", "awkward", "sticks", "comparable"}
HOWS = ("kept", "walked", "caught", "blamed", "stopped", "distrust", "unfound")


def _certain(rng: random.Random, raw: dict[str, Any]) -> dict[str, Any]:
    """The same case, in which a cheat is found for sure or not at all."""
    for m in raw["measures"].values():
        for rule in m["detect"].get("with", []):
            rule["detect"] = rng.choice("01")
        m["detect"]["base"] = rng.choice("0001")
    return raw


class Invented:
    """Who would leave where, on what it cheats, what is undone and what happens, drawn for each world."""

    def __init__(self, rng: random.Random, case: ResolvedCase, acts: Cast) -> None:
        self.rng, self.case, self.stage = rng, case, acts.stage
        self.parties, self.measures = stakes(case).parties, stakes(case).measures
        self.now, self.undone, self.rates = acts.stage.moments[:, 0], acts.stage.undone[:, 0], acts.stage.rates
        self._invent()

    def _invent(self) -> None:
        rng, now = self.rng, self.now
        now["leaves"], now["distrusts"], now["a"], now["b"] = False, False, -1, -1
        owners = {m.by for m in self.case.measures.values() if m.members is None}
        for row, t, i in product(range(ROWS), range(self.case.periods + 1), range(len(self.parties))):
            if self.parties[i] in owners and rng.random() < 0.08:
                now[row, t, i]["leaves"] = True
                now[row, t, i]["a"], now[row, t, i]["b"] = self._cheat(row, t, self.parties[i])
            if self.parties[i] in owners and rng.random() < 0.015:
                now[row, t, i]["distrusts"] = True
        self.stage.stirs[:, 0] = (now["leaves"] | now["distrusts"]).any(axis=-1)
        may = [self.case.measures[k].members is None and self.case.measures[k].undo is not None for k in self.measures]
        self.undone[...] = (np.random.default_rng(rng.getrandbits(32)).random(self.undone.shape) < 0.7) & may
        self.rates[:, [ALARM, WRONG]] = 0
        for row in range(ROWS):
            self.rates[row, TALKS] = rng.random() < 0.5
            self.rates[row, MISSED] = rng.random() < 0.3
            self.rates[row, [INCIDENT, STOPS]] = rng.random() < 0.15
            self.rates[row, CLARIFIES] = rng.choice((0, 0, 1, 2))

    def _cheat(self, row: int, t: int, party: str) -> tuple[int, int]:
        """One or two measures to cheat on, in the order of the case, or none."""
        own = []
        for n, k in enumerate(self.measures):
            m, c = self.case.measures[k], int(self.stage.steps[row, n]["c"])
            there = t <= c < NEVER or (c < t and m.undo is not None)
            if m.by == party and m.members is None and not m.public and there:
                own.append(n)
        on = sorted(self.rng.sample(own, min(len(own), self.rng.choice((0, 1, 1, 2)))))
        a, b, *_ = *on, -1, -1
        return a, b

    def script(self, row: int) -> Script:
        """What the replay of a world is told."""
        now, undone, rates = self.now[row], self.undone[row], self.rates[row]

        def cheats(t: int, party: str) -> tuple[str, ...]:
            of = now[t, self.parties.index(party)]
            return tuple(self.measures[k] for k in (of["a"], of["b"]) if k >= 0)

        return Script(
            leaves=lambda t, party: bool(now[t, self.parties.index(party)]["leaves"]),
            distrusts=lambda t, party: bool(now[t, self.parties.index(party)]["distrusts"]),
            cheats=cheats,
            undoes=lambda t, k: bool(undone[t, self.measures.index(k)]),
            talks=bool(rates[TALKS]),
            missed=bool(rates[MISSED]),
            incident=bool(rates[INCIDENT]),
            clarification=int(rates[CLARIFIES]),
        )

    def comes(self, row: int) -> dict[str, int]:
        """From when on each step is in force in a world."""
        c = self.stage.steps[row]["c"].tolist()
        steps = [k for k in self.measures if not self.case.measures[k].done and self.case.measures[k].members is None]
        return {k: c[self.measures.index(k)] for k in steps if c[self.measures.index(k)] < NEVER}


def test_runs_are_those_of_a_slow_replay() -> None:
    seen = Counter[str]()
    for seed in range(examples(60)):
        rng = random.Random(seed)
        raw = _certain(rng, random_case(rng, features=[f for f in sorted(PLAYED) if rng.random() < 0.7]))
        case = load_case(raw)
        road_map = RoadMap(random_road_map(rng, raw, violating=0.0)["starts"])
        draws, rates = Draws(case, seed), Rates(case)
        groups = [Group((k,)) for k in case.resolved.measures]
        acts = cast(draws, next(iter(kinds(draws, 0, 0, ROWS))), agreed(case.resolved, road_map), rates, groups)
        invented, wanted = Invented(rng, case.resolved, acts), Wanted(case.resolved)
        for row in range(ROWS):
            told = empty(1, case.resolved.periods, len(invented.parties), len(wanted.names), len(groups), 0)
            at, once = np.array([row]), np.array([0])
            run_all(acts.world, acts.stage, acts.purse, wanted.atoms, at, once, np.random.default_rng(0), told)
            there = told.shares.cumsum(axis=1)[:, :, BINS]
            replayed = Run(case.resolved, invented.comes(row), invented.script(row))
            expected = replayed.played()
            for n, k in enumerate(case.resolved.measures):
                assert there[n].tolist() == [k in on for on in expected], f"seed {seed}, world {row}, {k}"
            how = HOWS[told.runs[0]["how"]]
            assert how in (replayed.how, "unfound" if replayed.cheating else ""), f"seed {seed}, world {row}"
            seen.update([how, *replayed.events])
    for what, least in {"walked": 60, "distrust": 20, "caught": 5, "stopped": 15, "resumed": 12, "undone": 60}.items():
        assert seen[what] >= least, seen


def _hiding(rng: random.Random, case: ResolvedCase, acts: Cast) -> tuple[Cast, dict[str, dict[str, Fraction]]]:
    """The same in which some measures leave something out, at a price for all but their owners."""
    names, of = stakes(case).measures, stakes(case)
    steps = [k for k, m in case.measures.items() if m.members is None]
    told = sorted(rng.sample(steps, rng.randint(0, min(2, len(steps)))), key=names.index)
    prices = {k: {j: Fraction(rng.randint(1, 8), 4) for j in of.parties if j != case.measures[k].by} for k in told}
    price = np.array([[float(prices[k].get(j, 0)) for j in of.parties] for k in told]).reshape(-1, len(of.parties))
    declared = np.array([names.index(k) for k in told], dtype=np.int64)
    stage = acts.stage._replace(deceits=declared, price=np.tile(price, (ROWS, 1, 1)))
    return replace(acts, stage=stage), prices


TWO_AT_ONCE = 583
"""A seed of which two parties begin to cheat in the same period, one of whom is found."""


def test_runs_pay_what_truly_happens() -> None:
    """Period by period, by events; what follows the end is another course of events, worked out in fractions."""
    seen = Counter[str]()
    for seed in sorted({*range(examples(80)), TWO_AT_ONCE}):
        rng = random.Random(seed)
        features = [f for f in sorted(PAID) if f in ("private", "milestone") or rng.random() < 0.7]
        raw = _certain(rng, random_case(rng, features=features))
        case = load_case(raw)
        road_map = RoadMap(random_road_map(rng, raw, violating=0.0)["starts"])
        draws, rates = Draws(case, seed), Rates(case, frozenset(NOISES) - {"lateness"})
        acts = cast(draws, next(iter(kinds(draws, 0, 0, ROWS))), agreed(case.resolved, road_map), rates, [])
        acts, prices = _hiding(rng, case.resolved, acts)
        invented, wanted = Invented(rng, case.resolved, acts), Wanted(case.resolved)
        for row in range(ROWS):
            told = empty(1, case.resolved.periods, len(invented.parties), len(wanted.names), 0, 0)
            at, once = np.array([row]), np.array([0])
            run_all(acts.world, acts.stage, acts.purse, wanted.atoms, at, once, np.random.default_rng(0), told)
            replayed = Paid(case.resolved, invented.comes(row), invented.script(row), raw=raw, prices=prices)
            replayed.played()
            for i, name in enumerate(invented.parties):
                where = f"seed {seed}, world {row}, {name}: {replayed.how}, cheats: {replayed.began}"
                outcome = told.outcomes[0, i]
                assert outcome["gain"] == pytest.approx(float(replayed.gains[name]), abs=1e-9), where
                if replayed.costs:
                    assert outcome["cost"] == pytest.approx(float(replayed.costs[name]), abs=1e-9), where
            seen.update(f"{replayed.how} amid cheats" for i in replayed.cheated if i != replayed.who)
            on = {k for _, ks in replayed.cheated.values() for k in ks}
            seen["caught"] += replayed.how == "caught"
            seen["whole"] += any(on & set(m.members or ()) for m in case.resolved.measures.values())
    for what in ("kept", "walked", "distrust", "stopped"):
        assert seen[f"{what} amid cheats"] >= 4, seen
    assert min(seen["caught"], seen["whole"]) >= 20, seen
