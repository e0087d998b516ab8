"""Values in floats lie within the proven bound of the exact ones, on random cases with every feature on."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction

import numpy as np
import pytest

from detente.case.interchange import resolved_from_dict
from detente.case.road_map import RoadMap
from detente.case.stakes import Floats, Stakes, stakes
from detente.incentives.cheat import Setting, cheat_path, setting
from detente.incentives.cheat_bounds import Candidates
from detente.incentives.covert import covert
from detente.incentives.kept import bystanders, gains, kept, reserves, scales
from detente.incentives.rounding import float_error
from detente.incentives.tables import Tables, tables
from detente.incentives.walk import exposure, others, walk
from tests.depth import examples
from tests.making import Raw
from tests.oracle import constants
from tests.oracle.judge import Oracle
from tests.oracle.random_cases import random_case, random_road_map

NOT_SPOKEN_OF = {"out-of-order", "past-horizon"}
"""Findings on road maps of which float tables do not speak; the auditor works those out in fractions."""


class Compared:
    """One case and road map, in floats and in fractions."""

    def __init__(self, raw: Raw, road_map: Raw, seed: int) -> None:
        self.raw, self.seed, self.oracle = raw, seed, Oracle(raw, road_map)
        self.stakes: Stakes = stakes(resolved_from_dict(raw))
        self.tables: Tables = tables(self.stakes)
        self.c = self.stakes.completions(RoadMap(self.oracle.schedule.starts))
        self.error = float_error(self.stakes)
        outside = bystanders(self.stakes, self.c)
        self.players = [(i, name) for i, name in enumerate(self.stakes.parties) if not outside[i]]
        self.span = range(self.stakes.periods + 1)

    def near(self, what: str, got: float, wanted: Fraction, i: int) -> None:
        """Within the bound of party i, and the bound is of some use."""
        distance = abs(Fraction(float(got)) - wanted)
        assert distance <= self.error[i], f"seed {self.seed}: {what} is off by more than its bound: {got}, {wanted}"
        assert distance <= Fraction(1, 10**9) * (1 + abs(wanted)), f"seed {self.seed}: {what}: {got}, {float(wanted)}"


def drawn(seeds: range) -> Iterator[Compared]:
    """Random cases with random road maps that stay within the horizon and in order."""
    for seed in seeds:
        rng = random.Random(seed)
        raw = random_case(rng, measures=(2, 5))
        for one in raw["sticks"]:
            for value in one["value"].values():
                if isinstance(value["flow"], list):
                    value["flow"] = value["flow"][0]
        road_map = random_road_map(rng, raw)
        kinds = {f["kind"] for f in Oracle(raw, road_map).audit()["findings"]}
        if not kinds & NOT_SPOKEN_OF:
            yield Compared(raw, road_map, seed)


@pytest.mark.parametrize("batch", range(examples(8)))
def test_values_agree_with_the_checker(batch: int) -> None:
    for one in drawn(range(20 * batch, 20 * batch + 20)):
        _constants(one)
        _kept_and_left(one)
        _others(one)
        _margins(one)


def _constants(one: Compared) -> None:
    reserve, scale, gain = constants.reserve(one.raw), constants.scales(one.raw), one.oracle.gains()
    got_reserve, got_scale = reserves(one.stakes, one.tables), scales(one.stakes)
    got_gain = gains(tables(one.stakes, common=True), one.c)
    for i, name in enumerate(one.stakes.parties):
        one.near(f"R of {name}", got_reserve[i], reserve[name], i)
        assert got_scale[i] == pytest.approx(float(scale[name]), rel=1e-12)
        assert got_gain[i] == pytest.approx(float(gain[name]), rel=1e-9, abs=1e-9)


def _kept_and_left(one: Compared) -> None:
    V, W = kept(one.tables, one.c), walk(one.tables, one.c).W
    for i, name in enumerate(one.stakes.parties):
        for t in one.span:
            one.near(f"V of {name} in {t}", V[t, i], one.oracle.kept[name][t], i)
    for i, name in one.players:
        for t in one.span:
            one.near(f"W of {name} in {t}", W[t, i], one.oracle.W[name][t], i)


def _others(one: Compared) -> None:
    both = others(one.tables, one.c, walk(one.tables, one.c))
    for i, leaver in one.players:
        for j, name in one.players:
            if i != j:
                for t in one.span:
                    one.near(
                        f"S of {name} when {leaver} leaves in {t}", both.S[t, j, i], one.oracle.S(name, leaver, t), j
                    )
                    one.near(f"B of {name} and {leaver} in {t}", both.B[t, j, i], one.oracle.B(name, leaver, t), j)
    for i in {i for i, _ in enumerate(one.stakes.parties)} - {i for i, _ in one.players}:
        both.S[:, i], both.B[:, i], both.S[:, :, i], both.B[:, :, i] = (np.nan,) * 4
    exposed = exposure(both)
    told = one.oracle.audit()["exposure"]
    for i, name in one.players:
        assert exposed[:, i] == pytest.approx([float(x) for x in told[name]], abs=2 * one.error[i])


def _margins(one: Compared) -> None:
    """With the pruning that the auditor uses (breaches worse than walking out are not told apart), and without."""
    V, W = kept(one.tables, one.c), walk(one.tables, one.c).W
    for i, name in one.players:
        s = setting(one.tables, one.c, i)
        for found in (covert(s, floor=W[:, i], slack=float(one.error[i])), covert(s)):
            for t in one.span:
                margin = V[t, i] - max(W[t, i], found.C[t])
                distance = abs(Fraction(float(margin)) - one.oracle.margins[name][t])
                assert distance <= 2 * one.error[i], f"seed {one.seed}: margin of {name} in {t}: {margin}"
        _excluded(one, s, covert(s).C, i)


def _excluded(one: Compared, s: Setting, best: Floats, i: int) -> None:
    """The bound for all dates at once excludes none at which a cheat pays more, and knows good cheats."""
    every = Candidates.of(s)
    if every is None:
        assert (best == -np.inf).all()
        return
    assert (every.many > 0).tolist() == np.isfinite(best).tolist()
    assert not (every.excluded(best - 4 * one.error[i]) & np.isfinite(best)).any(), f"seed {one.seed}"
    for t, some in every.grown(every.many > 0).items():
        assert cheat_path(s, some, t).value <= best[t] + 2 * one.error[i], f"seed {one.seed}: {some} in {t}"
