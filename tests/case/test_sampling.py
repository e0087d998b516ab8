"""Drawn numbers have the distributions and the rank correlations that the case states."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.case.correlations import contradiction
from detente.case.draws import Draws
from detente.case.load import load_case
from detente.case.sampling import CHUNK, METHODS, Method, points
from detente.case.schema_uncertain import Correlation
from detente.case.shapes import QUANTILES, Shape
from detente.errors import InputError
from tests.depth import examples

Floats = npt.NDArray[np.float64]


def _case(numbers: Mapping[str, str], **uncertainty: Any) -> dict[str, Any]:
    return {
        "detente": 1, "period": "year", "periods": 4, "start": 2030, "discount": 0.9,
        "attributes": dict.fromkeys(numbers, "points"), "uncertainty": uncertainty,
        "parties": {"A": {"weights": dict(numbers)}, "B": {}},
        "measures": {"a": {"by": "A", "takes": 1, "undo": "never", "facts": dict.fromkeys(numbers, 1)}},
    }  # fmt: skip


def _density(shape: Shape, low: float, mode: float, high: float, x: Floats) -> Floats:
    """The density written down anew, up to a factor."""
    if shape == "uniform":
        return np.ones_like(x)
    if shape == "pert":
        a, b = 4 * (mode - low) / (high - low), 4 * (high - mode) / (high - low)
        return np.asarray((x - low) ** a * (high - x) ** b)
    rise = np.where(x < mode, (x - low) / max(mode - low, 1e-300), (high - x) / max(high - mode, 1e-300))
    return np.asarray(rise)


def _distance(shape: Shape, low: float, mode: float, high: float, drawn: Floats) -> float:
    """Kolmogorov-Smirnov distance of draws from their distribution, which is integrated by the midpoint rule."""
    edges = np.linspace(low, high, 40_001)
    mass = np.cumsum(_density(shape, low, mode, high, (edges[1:] + edges[:-1]) / 2))
    cdf = np.interp(np.sort(drawn), edges, np.concatenate([[0.0], mass / mass[-1]]))
    n = len(drawn)
    return float(max((np.arange(1, n + 1) / n - cdf).max(), (cdf - np.arange(n) / n).max()))


@settings(max_examples=examples(40))
@given(
    shape=st.sampled_from(sorted(QUANTILES)),
    method=st.sampled_from(METHODS),
    low=st.floats(-3, 3),
    left=st.floats(0, 5),
    right=st.floats(0.01, 5),
    seed=st.integers(0, 10_000),
)
def test_numbers_have_their_distribution(
    shape: Shape, method: Method, low: float, left: float, right: float, seed: int
) -> None:
    mode, high = low + left, low + left + right
    draws = Draws(load_case(_case({"x": f"{mode:.9f} [{low:.9f}, {high:.9f}] {shape}"})), seed, method)
    number = draws.numbers[0]
    assert number.shape == shape
    drawn = draws.values(draws.case, draws.chunk(0).u)[:, 0]
    bound = 1.95 / CHUNK**0.5 if method == "random" else 0.006
    ends = float(number.low), float(number.central), float(number.high)
    assert _distance(shape, *ends, drawn) < bound + 1e-4
    assert ((drawn >= ends[0]) & (drawn <= ends[2])).all()


def test_the_distance_tells_shapes_apart() -> None:
    u = points("lhs", 0, 0, 1)[:, 0]
    ends = [np.array(x) for x in (0.0, 1.0, 4.0)]
    for shape, quantile in QUANTILES.items():
        for other in QUANTILES:
            distance = _distance(other, 0.0, 1.0, 4.0, quantile(*ends, u))
            assert distance < 0.006 if shape == other else distance > 0.03


def test_ranges_without_a_shape_have_that_of_the_case() -> None:
    numbers = {"x": "1 [0, 4]", "y": "1 [0, 4] uniform", "z": "2 a year [0, 4] pert"}
    shapes = {x.path.rpartition(".")[2]: x.shape for x in Draws(load_case(_case(numbers, shape="pert")), 0).numbers}
    assert shapes == {"x": "pert", "y": "uniform", "z": "pert"}
    assert {x.shape for x in Draws(load_case(_case({"x": "1 [0, 4]"})), 0).numbers} == {"triangular"}


def test_a_shape_stands_in_lengths_of_time_too() -> None:
    case = load_case(_case({"x": "1"}), settings=["measure.a.takes=12 months [6, 30] uniform"])
    assert [x.shape for x in Draws(case, 0).numbers] == ["uniform"]


@pytest.mark.parametrize("text", ["1 pert", "1 [0, 2] normal", "1 pert [0, 2]"])
def test_a_shape_without_a_range_is_an_error(text: str) -> None:
    with pytest.raises(InputError, match="DET1"):
        load_case(_case({"x": text}))


# ---------------------------------------------------------------- rank correlations


def _ranks(column: Floats) -> Floats:
    return np.argsort(np.argsort(column)).astype(float)


def _path(name: str) -> str:
    return f"parties.A.weights.{name}"


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("ranks", [(0.6, 0.3, -0.2), (-0.8, 0.0, 0.5), (1.0, 0.4, 0.4), (-1.0, 0.0, 0.0)])
def test_rank_correlations_are_those_stated(method: Method, ranks: tuple[float, float, float]) -> None:
    pairs = [("x", "y"), ("y", "z"), ("x", "z")]
    numbers = {"x": "1 [0, 4]", "y": "3 [0, 4] pert", "z": "2 [1, 9] uniform", "free": "1 [0, 2]"}
    told = [{"between": [_path(p) for p in pair], "rank": r} for pair, r in zip(pairs, ranks, strict=True) if r]
    draws = Draws(load_case(_case(numbers, correlations=told)), 3, method)
    values = np.concatenate([draws.values(draws.case, draws.chunk(k).u) for k in range(8)])
    column = {x.path.rpartition(".")[2]: _ranks(values[:, n]) for n, x in enumerate(draws.numbers)}
    error = 4 / len(values) ** 0.5
    for (a, b), r in zip(pairs, ranks, strict=True):
        assert np.corrcoef(column[a], column[b])[0, 1] == pytest.approx(r, abs=error)
        assert abs(np.corrcoef(column[a], column["free"])[0, 1]) < error
    free = [n for n, x in enumerate(draws.numbers) if x.path == _path("free")]
    alone = Draws(load_case(_case(numbers)), 3, method)
    assert (alone.chunk(0).u[:, free] == draws.chunk(0).u[:, free]).all()


def _told(*correlations: Any, **changes: Any) -> str:
    numbers = {"x": "1 [0, 4]", "y": "3 [0, 4]", "z": "2 [1, 9]", "sure": "2"} | changes
    with pytest.raises(InputError) as caught:
        load_case(_case(numbers, correlations=list(correlations)))
    return str(caught.value)


def _between(a: str, b: str, rank: Any = 0.9) -> dict[str, Any]:
    return {"between": [_path(a), _path(b)], "rank": rank}


def test_correlations_that_cannot_all_be_are_named_and_no_others() -> None:
    told = _told(_between("x", "y"), _between("y", "z"), _between("x", "z", -0.9))
    assert "DET228" in told
    assert "these rank correlations cannot all be" in told
    assert all(_path(p) in told for p in "xyz")
    numbers = {"w": "1 [0, 2]", "v": "1 [0, 2]"}
    told = _told(_between("w", "v"), _between("x", "y"), _between("y", "z"), _between("x", "z", -0.9), **numbers)
    assert _path("w") not in told


@settings(max_examples=examples(60))
@given(st.lists(st.floats(-1, 1), min_size=6, max_size=6))
def test_what_is_named_cannot_be_and_could_without_any_one_of_them(ranks: list[float]) -> None:
    names = [(a, b) for n, a in enumerate("abcd") for b in "abcd"[n + 1 :]]
    stated = [
        Correlation.model_validate({"between": [*pair], "rank": f"{r:.6f}"})
        for pair, r in zip(names, ranks, strict=True)
    ]

    def least(kept: list[int]) -> float:
        matrix = np.eye(4)
        for n in kept:
            a, b = ("abcd".index(x) for x in names[n])
            matrix[a, b] = matrix[b, a] = 2 * np.sin(np.pi / 6 * float(stated[n].rank.value.central))
        return float(np.linalg.eigvalsh(matrix).min())

    conflict = contradiction(stated)
    if not conflict:
        assert least(list(range(6))) > -1e-8
        return
    assert least(conflict) < 0
    assert all(least([k for k in conflict if k != n]) > -1e-8 for n in conflict)


@pytest.mark.parametrize(
    ("given_", "said"),
    [
        (_between("x", "yy"), 'did you mean "parties.A.weights.y"'),
        (_between("x", "x"), "name two different numbers"),
        ({"between": [_path("x")], "rank": 0.5}, "name two different numbers"),
        (_between("x", "y", 1.5), "write one number from -1 to 1"),
        (_between("x", "y", "0.5 [0, 0.9]"), "write one number from -1 to 1"),
    ],
)
def test_correlations_that_say_nothing_are_errors(given_: dict[str, Any], said: str) -> None:
    assert said in _told(given_)


def test_a_pair_said_twice_is_an_error() -> None:
    assert "says again what number 1 says" in _told(_between("x", "y"), _between("y", "x"))


def test_a_number_that_is_set_goes_along_with_nothing() -> None:
    numbers = {"x": "1 [0, 4]", "y": "3 [0, 4]", "z": "2 [1, 9]"}
    told = [_between("x", "y", 0.5), _between("y", "z", 0.5)]
    case = load_case(_case(numbers, correlations=told), settings=[f"{_path('x')}=2"])
    draws = Draws(case, 0)
    assert [x.path for x in draws.numbers] == [_path("y"), _path("z")]
    drawn = draws.values(case, draws.chunk(0).u)
    ranks = drawn.argsort(axis=0).argsort(axis=0)
    assert np.corrcoef(ranks[:, 0], ranks[:, 1])[0, 1] == pytest.approx(0.5, abs=0.05)
