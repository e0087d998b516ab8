"""Incentives amid false alarms and incidents: against going through the periods one by one, in exact fractions."""

from __future__ import annotations

import random
from fractions import Fraction

import numpy as np
import pytest

from detente.case.batch import from_resolved
from detente.case.interchange import resolved_from_dict
from detente.case.road_map import RoadMap
from detente.case.stakes import stakes
from detente.incentives.many.noise import Noise, amid
from detente.incentives.many.prospects import Prospects, leaving, prospects
from tests.depth import examples
from tests.oracle.judge import Oracle
from tests.oracle.noise import Chances, Noisy
from tests.oracle.random_cases import FEATURES, RARE, random_case, random_road_map

STILL = Chances(Fraction(0), Fraction(0), Fraction(0))


class Disturbed:
    """One random case and road map, as two worlds: one in which nothing disturbs, one in which something may."""

    def __init__(self, seed: int) -> None:
        rng = random.Random(seed)
        features = frozenset(FEATURES | RARE) if seed % 2 else None
        self.raw = random_case(rng, measures=(2, 5), periods=(2, 5), features=features)
        self.starts = Oracle(self.raw, random_road_map(rng, self.raw, violating=0)).schedule.starts
        tenths = [Fraction(n, 10) for n in range(10)]
        self.chances = Chances(rng.choice(tenths), rng.choice(tenths), rng.choice((*tenths, Fraction(1))))
        case = resolved_from_dict(self.raw)
        self.b = from_resolved(case, 2)
        self.c = np.tile(stakes(case).completions(RoadMap(self.starts)), (2, 1))

    def found(self) -> tuple[Prospects, np.ndarray]:
        """What everybody gains by leaving, and what the future counts."""
        both = (STILL, self.chances)
        each = (np.array([float(getattr(c, name)) for c in both]) for name in ("believed", "stops", "missed"))
        return amid(self.b, self.c, Noise(*each))


@pytest.mark.parametrize("part", range(examples(4)))
def test_every_value_is_that_of_going_through_the_periods(part: int) -> None:
    for seed in range(7000 + 8 * part, 7008 + 8 * part):
        one = Disturbed(seed)
        found, ahead = one.found()
        for world, chances in enumerate((STILL, one.chances)):
            exact = Noisy(one.raw, {"starts": one.starts}, chances)
            for n, i in enumerate(exact.case.parties):
                for t in exact.span:
                    assert found.V[world, t, n] == pytest.approx(float(exact.going_on[i][t]), rel=1e-9, abs=1e-9), (
                        seed,
                        i,
                        t,
                    )
                    assert ahead[world, t, n] == pytest.approx(float(exact.period(i, t)[1]), rel=1e-9, abs=1e-9), (
                        seed,
                        i,
                        t,
                    )
                    few = (s for s in exact.cheats(i, t) if len(s.members) <= 2)
                    best = max((float(exact.covert(s)) for s in few), default=-np.inf)
                    assert found.C[world, t, n] == pytest.approx(best, rel=1e-9, abs=1e-9), (seed, world, i, t)


def test_random_cases_put_milestones_and_cheats_to_the_test() -> None:
    """Cheats on members of milestones, and noise that lowers values, do come up above."""
    members, lower = 0, 0
    for seed in range(7000, 7032):
        one = Disturbed(seed)
        found, _ = one.found()
        names = list(one.raw["measures"])
        within = {names.index(m) for x in one.raw["measures"].values() for m in x["members"] or ()}
        members += bool(within & set(found.which[1].ravel().tolist()))
        lower += bool((found.V[1] < found.V[0] - 1e-6).any())
    assert members >= 5
    assert lower >= 10


def test_where_nothing_disturbs_nothing_changes() -> None:
    for seed in range(7100, 7100 + examples(20)):
        one = Disturbed(seed)
        nothing = np.zeros(2)
        found, ahead = amid(one.b, one.c, Noise(nothing, nothing, nothing))
        plain = prospects(one.b, one.c)
        for name in ("V", "W", "C", "which", "exposure", "S"):
            np.testing.assert_array_equal(getattr(found, name), getattr(plain, name), err_msg=f"seed {seed}: {name}")
        # and a world in which nothing does, beside one in which something may
        beside, weights = one.found()
        for name in ("V", "W", "C"):
            np.testing.assert_allclose(
                getattr(beside, name)[0],
                getattr(plain, name)[0],
                rtol=1e-12,
                atol=1e-12,
                err_msg=f"seed {seed}: {name}",
            )
        np.testing.assert_array_equal(leaving(found, ahead)[0], leaving(plain, one.b.discount)[0])
        np.testing.assert_array_equal(weights[0], ahead[0])
