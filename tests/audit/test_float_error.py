"""Floats lie within their proven bound of the exact values."""

from __future__ import annotations

import random
from fractions import Fraction

import numpy as np
import pytest

from detente.audit.grounds import Grounds
from detente.audit.margins import Margins
from detente.case.interchange import resolved_from_dict
from detente.case.road_map import RoadMap
from detente.case.stakes import stakes
from tests.audit.test_against_oracle import steady_sticks
from tests.making import Raw
from tests.oracle.random_cases import FEATURES, random_case, random_road_map


def check(raw: Raw, road_map: Raw) -> None:
    """V, W and the best C of every party in every period."""
    case = resolved_from_dict(raw)
    starts = {k: v for k, v in road_map["starts"].items() if v is not None}
    m = Margins(Grounds(case, stakes(case)), RoadMap(starts))
    if m.broken:
        return
    for i in range(len(case.parties)):
        bound = Fraction(float(m.grounds.error[i]))
        for t in range(len(m.V)):
            assert abs(Fraction(float(m.V[t, i])) - m.exact.V(i, t)) <= bound
            if i not in m.players:
                continue
            assert abs(Fraction(float(m.W[t, i])) - m.exact.W(i, t)) <= bound
            best = m.covert(i).best[t]
            if best is not None and np.isfinite(m.covert(i).C[t]):
                exact = m.cell(i, t)
                low, high = (Fraction(x) for x in Margins(m.grounds, m.road_map).interval(i, t))
                assert low <= exact.margin <= high


def draw(seed: int, periods: tuple[int, int]) -> tuple[Raw, Raw]:
    """A case with every feature, awkward numbers among them."""
    rng = random.Random(seed)
    features = FEATURES if seed % 2 else None
    raw = steady_sticks(random_case(rng, periods=periods, features=features))
    return raw, random_road_map(rng, raw, violating=0)


@pytest.mark.parametrize("seed", range(120))
def test_floats_keep_their_word(seed: int) -> None:
    check(*draw(seed, (3, 8)))


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(10_000, 11_000))
def test_floats_keep_their_word_at_length(seed: int) -> None:
    check(*draw(seed, (3, 30)))
