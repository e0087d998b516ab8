"""Possible worlds: drawn once, in chunks that do not know of one another, in the shapes and orders that are stated."""

from __future__ import annotations

import pickle
from decimal import Decimal

import pytest

from detente.case.draws import Draws, uncertain_numbers
from detente.case.interchange import resolved_to_dict
from detente.case.load import load_case
from detente.case.sampling import CHUNK, METHODS, Method


@pytest.mark.parametrize("method", METHODS)
def test_the_same_seed_gives_the_same_worlds_however_many_are_asked_for(method: Method) -> None:
    case = load_case("dprk-2019")
    assert list(Draws(case, 5, method).worlds(3)) == list(Draws(case, 5, method).worlds(6))[:3]
    assert next(Draws(case, 5, method).worlds(1)) != next(Draws(case, 6, method).worlds(1))
    assert list(Draws(case, 5, method).worlds(CHUNK + 1, CHUNK - 1)) == [
        next(Draws(case, 5, method).worlds(n + 1, n)) for n in (CHUNK - 1, CHUNK)
    ]


@pytest.mark.parametrize("method", METHODS)
def test_chunks_do_not_know_of_one_another(method: Method) -> None:
    case = load_case("two-steps")
    draws = Draws(case, 7, method)
    later, first = draws.chunk(3), draws.chunk(0)
    other = pickle.loads(pickle.dumps(draws))
    assert (other.chunk(0).u == first.u).all()
    assert (other.chunk(3).u == later.u).all()
    assert (first.u != later.u).any(axis=0).all()
    assert first.u.shape == (CHUNK, len(draws.numbers))
    assert ((first.u > 0) & (first.u < 1)).all()


def test_one_weight_moves_every_measure_that_rests_on_it() -> None:
    data = {
        "detente": 1, "period": "year", "periods": 3, "start": 2030, "discount": 0.5, "attributes": {"p": "points"},
        "parties": {"A": {"weights": {"p": "1 [0, 2]"}}, "B": {}},
        "measures": {
            "a": {"by": "A", "takes": "1 [0, 9]", "undo": "never", "facts": {"p": 1}},
            "b": {"by": "B", "takes": 0, "undo": "never", "facts": {"p": 3}},
        },
    }  # fmt: skip
    worlds = list(Draws(load_case(data), 2).worlds(50))
    for world in worlds:
        a, b = (world.measures[k].value["A"].flow[0] for k in "ab")
        assert abs(3 * a - b) <= Decimal("1e-11")
    assert {w.measures["a"].takes for w in worlds} >= {2, 3, 4, 5}


def test_a_resolved_case_has_nothing_to_draw() -> None:
    case = load_case(resolved_to_dict(load_case("two-steps").resolved))
    assert uncertain_numbers(case) == ()
    assert list(Draws(case, 1).worlds(2)) == [case.resolved] * 2
