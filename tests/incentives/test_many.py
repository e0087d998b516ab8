"""Many worlds at once agree with one world by itself, on random cases with every feature on."""

from __future__ import annotations

import random
from itertools import combinations

import numpy as np
import pytest

from detente.case.batch import from_resolved
from detente.case.interchange import resolved_from_dict
from detente.case.road_map import RoadMap
from detente.case.stakes import NEVER, stakes
from detente.incentives.cheat import CheatSet, candidates, cheat_path, detection, gone_periods, setting
from detente.incentives.kept import bystanders, gains, kept, reserves
from detente.incentives.many.frame import worlds
from detente.incentives.many.prospects import first_moments, leaving, prospects, unseen_before
from detente.incentives.many.prospects import reserves as many_reserves
from detente.incentives.many.prospects import values as many_values
from detente.incentives.tables import tables
from detente.incentives.walk import exposure, others, walk
from tests.depth import examples
from tests.oracle.judge import Oracle
from tests.oracle.random_cases import FEATURES, RARE, random_case, random_road_map


class Lone:
    """One random case and road map, by itself and as two worlds of a batch."""

    def __init__(self, seed: int) -> None:
        rng = random.Random(seed)
        raw = random_case(rng, measures=(2, 6), features=None if seed % 3 else frozenset(FEATURES | RARE))
        road_map = random_road_map(rng, raw, violating=0)
        starts = Oracle(raw, road_map).schedule.starts
        self.case = resolved_from_dict(raw)
        self.st = stakes(self.case)
        self.tb = tables(self.st)
        self.c = self.st.completions(RoadMap(starts))
        self.batch = from_resolved(self.case, 2)
        self.many = prospects(self.batch, np.tile(self.c, (2, 1)))

    def best_cheat(self, i: int, t0: int) -> float:
        """The most that cheating on one or two measures from ``t0`` on yields, one set after another."""
        s = setting(self.tb, self.c, i)
        every = candidates(self.tb, self.c, i, t0)
        ks = [(k, True) for k in every.fakes] + [(k, False) for k in every.undoes]
        sets = [(k,) for k in ks] + list(combinations(ks, 2))
        return max(
            (
                cheat_path(s, CheatSet(tuple(k for k, f in S if f), tuple(k for k, f in S if not f)), t0).value
                for S in sets
            ),
            default=-np.inf,
        )


@pytest.mark.parametrize("part", range(examples(6)))
def test_a_world_is_what_it_is_by_itself(part: int) -> None:
    for seed in range(1000 + 15 * part, 1015 + 15 * part):
        one = Lone(seed)
        near = {"rtol": 1e-9, "atol": 1e-9, "err_msg": f"seed {seed}"}
        V, out = kept(one.tb, one.c), walk(one.tb, one.c)
        for world in range(2):
            np.testing.assert_allclose(one.many.V[world], V, **near)
            np.testing.assert_allclose(one.many.W[world], out.W, **near)
            np.testing.assert_allclose(one.many.exposure[world], exposure(others(one.tb, one.c, out)), **near)
            S = others(one.tb, one.c, out).S
            apart = ~np.eye(S.shape[1], dtype=bool)
            np.testing.assert_allclose(one.many.S[world][:, apart], S[:, apart], **near)
            np.testing.assert_array_equal(one.many.S[world][:, ~apart], 0)
            np.testing.assert_array_equal(one.many.players[world], ~bystanders(one.st, one.c))
        common = tables(one.st, common=True)
        np.testing.assert_allclose(many_reserves(one.batch)[1], reserves(one.st, one.tb), **near)
        got = many_values(one.batch, np.tile(one.c, (2, 1)), common=True) - many_reserves(one.batch, common=True)
        np.testing.assert_allclose(got[0], gains(common, one.c), **near)


@pytest.mark.parametrize("part", range(examples(6)))
def test_single_and_paired_cheats_are_found(part: int) -> None:
    for seed in range(2000 + 10 * part, 2010 + 10 * part):
        one = Lone(seed)
        for i in range(len(one.st.parties)):
            for t0 in range(one.st.periods + 1):
                wanted = one.best_cheat(i, t0)
                assert one.many.C[0, t0, i] == pytest.approx(wanted, rel=1e-9, abs=1e-9), f"seed {seed}: {i}, {t0}"


def test_a_party_leaves_at_its_best_moment() -> None:
    """By trying every moment: leaving in t is worth what was paid until then, and the breach."""
    left = 0
    for seed in range(3000, 3000 + examples(60)):
        one = Lone(seed)
        leaves = first_moments(leaving(one.many, one.batch.discount)[0])
        V, best = one.many.V[0], np.maximum(one.many.W[0], one.many.C[0])
        for i in np.flatnonzero(one.many.players[0]):
            delta = one.batch.discount[0, i]
            u = V[:-1, i] - delta * V[1:, i]
            paid = np.concatenate([[0.0], np.cumsum(u * delta ** np.arange(len(u)))])
            worth = paid + delta ** np.arange(len(V)) * best[:, i]
            sure = float(one.many.sure[0, i])
            if worth.max() <= V[0, i] + sure:
                continue  # nothing beyond doubt is better than going on for ever; later dates may still tempt
            assert leaves[0, i] < NEVER, f"seed {seed}: {i}"
            assert worth[leaves[0, i]] == pytest.approx(worth.max(), rel=1e-7, abs=1e-7 + 2 * sure)
            left += 1
    assert left > 5


def test_a_cheat_is_unseen_as_long_as_it_is() -> None:
    seen = 0
    for seed in range(4000, 4000 + examples(60)):
        one = Lone(seed)
        x = worlds(one.batch, np.tile(one.c, (2, 1)))
        for i in range(len(one.st.parties)):
            for t0 in range(one.st.periods + 1):
                ks = one.many.which[0, t0, i]
                if ks[0] < 0:
                    continue
                begins = np.full((2, len(one.st.parties)), NEVER)
                begins[:, i] = t0
                which = np.full((2, len(one.st.parties), 2), -1)
                which[:, i] = ks
                got = unseen_before(x, begins, which)[0, i]
                s, chosen = setting(one.tb, one.c, i), [int(k) for k in ks if k >= 0]
                fakes = tuple(k for k in chosen if one.c[k] >= t0)
                S = CheatSet(fakes, tuple(k for k in chosen if k not in fakes))
                gone, clear = gone_periods(s, S, t0), 1.0
                for t in range(one.st.periods + 1):
                    assert got[t] == pytest.approx(clear, abs=1e-12)
                    for k in chosen:
                        clear *= 1 - detection(s, k, t0, k in fakes, gone)[t] if t >= t0 else 1.0
                seen += clear < 1
    assert seen > 5
