"""Possible worlds are drawn once, in order, within the ranges."""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from detente.case.draws import draw_cases, draw_values, uncertain_numbers
from detente.case.interchange import resolved_to_dict
from detente.case.load import load_case


def test_the_same_seed_gives_the_same_worlds_however_many_are_asked_for() -> None:
    case = load_case("dprk-2019")
    assert list(draw_cases(case, 3, seed=5)) == list(draw_cases(case, 6, seed=5))[:3]
    assert next(draw_cases(case, 1, seed=5)) != next(draw_cases(case, 1, seed=6))


def test_draws_are_triangular_between_the_ends() -> None:
    case = load_case("dprk-2019")
    numbers = uncertain_numbers(case)
    drawn = draw_values(case, 4000, seed=1)
    assert drawn.shape == (4000, len(numbers))
    low, mode, high = (np.array([float(getattr(x, k)) for x in numbers]) for k in ("low", "central", "high"))
    assert (drawn >= low).all()
    assert (drawn <= high).all()
    spread = high - low
    assert np.abs((drawn.mean(axis=0) - (low + mode + high) / 3) / spread).max() < 0.03
    variance = (low**2 + mode**2 + high**2 - low * mode - low * high - mode * high) / 18
    assert np.abs(drawn.var(axis=0) / variance - 1).max() < 0.2


def test_one_weight_moves_every_measure_that_rests_on_it() -> None:
    data = {
        "detente": 1, "period": "year", "periods": 3, "start": 2030, "discount": 0.5, "attributes": {"p": "points"},
        "parties": {"A": {"weights": {"p": "1 [0, 2]"}}, "B": {}},
        "measures": {
            "a": {"by": "A", "takes": "1 [0, 9]", "undo": "never", "facts": {"p": 1}},
            "b": {"by": "B", "takes": 0, "undo": "never", "facts": {"p": 3}},
        },
    }  # fmt: skip
    worlds = list(draw_cases(load_case(data), 50, seed=2))
    for world in worlds:
        a, b = (world.measures[k].value["A"].flow[0] for k in "ab")
        assert abs(3 * a - b) <= Decimal("1e-11")
    assert {w.measures["a"].takes for w in worlds} >= {2, 3, 4, 5}


def test_a_resolved_case_has_nothing_to_draw() -> None:
    case = load_case(resolved_to_dict(load_case("two-steps").resolved))
    assert uncertain_numbers(case) == ()
    assert list(draw_cases(case, 2, seed=1)) == [case.resolved] * 2
