"""The columns of a case's worlds are what the worlds are, and a design's rows lead to worlds."""

from __future__ import annotations

import numpy as np
import pytest

from detente.case.draws import Drawn, Draws
from detente.case.load import load_case
from detente.report.from_case import number_words
from detente.worlds.columns import Column, Worlds
from detente.worlds.inputs import VARIANT, columns_of, design_of, linked_columns, table
from detente.worlds.matters import drivers, influences


@pytest.fixture(scope="module")
def draws() -> Draws:
    return Draws(load_case("dprk-2019"), 1, "lhs")


@pytest.fixture(scope="module")
def columns(draws: Draws) -> tuple[Column, ...]:
    return columns_of(draws, number_words(draws.case))


@pytest.fixture(scope="module")
def chunk(draws: Draws) -> Drawn:
    return draws.chunk(0)


def of(columns: tuple[Column, ...], x: Worlds, path: str) -> Worlds:
    return x[:, [c.path for c in columns].index(path)]


def test_columns_hold_the_numbers_types_and_governments_of_each_world(
    draws: Draws, columns: tuple[Column, ...], chunk: Drawn
) -> None:
    x = table(draws, chunk)
    assert x.shape == (len(chunk.u), len(columns))
    assert np.isfinite(x).all()
    types = [c for c in columns if c.path.endswith(".types")]
    assert types
    for row in range(0, len(x), 97):
        variant = draws.variants[chunk.variant[row]]
        own = draws.values(variant.case(), chunk.u[row : row + 1])[0]
        known = ~np.isnan(own)
        assert (x[row, : len(own)][known] == own[known]).all()
        for party, kind in variant.types.items():
            names = list(draws.case.document.parties[party].types) if draws.case.document else []
            assert names[int(of(columns, x, f"parties.{party}.types")[row])] == kind
        come = {
            c.path.split(".")[-1] for c in columns if ".governments." in c.path and of(columns, x, c.path)[row] == 1
        }
        assert come == set(variant.governments)


def test_every_column_has_words(columns: tuple[Column, ...]) -> None:
    assert [c.path for c in columns if not c.name] == []


def test_correlated_numbers_are_blocks_of_their_own(draws: Draws) -> None:
    assert draws.case.document is not None
    blocks = linked_columns(draws)
    paths = [{draws.numbers[c].path for c in b} for b in blocks]
    for correlation in draws.case.document.uncertainty.correlations:
        assert sum(set(correlation.between) <= p for p in paths) == 1
    assert len({c for b in blocks for c in b}) == sum(len(b) for b in blocks)


def test_a_design_over_a_case_finds_what_was_put_in(draws: Draws, columns: tuple[Column, ...], chunk: Drawn) -> None:
    """Something that happens where North Korea hides a plant, or its exit cost is high."""
    kinds = len(next(c for c in columns if c.path == "parties.DPRK.types").levels)

    def happens(x: Worlds) -> Worlds:
        cost = of(columns, x, "parties.DPRK.exit_cost")
        return np.asarray((of(columns, x, "parties.DPRK.types") == kinds - 1) | (cost > 2), dtype=np.float64)

    x = table(draws, chunk)
    cost = of(columns, x, "parties.DPRK.exit_cost")
    assert cost.min() < 2 < cost.max()
    found = drivers(x, happens(x), columns)
    assert {d.path for d in found[:2]} == {"parties.DPRK.types", "parties.DPRK.exit_cost"}
    asked = design_of(draws, found[:2], {}, most=2, n=128, replicates=4)
    y = np.array([[happens(table(draws, draws.at(b))) for b in asked.rows(r)] for r in range(4)])
    *single, rest = influences(asked, y)
    assert {i.paths for i in single} == {(VARIANT.path,), ("parties.DPRK.exit_cost",)}
    assert rest.rest
    assert rest.total.value == rest.total.high == 0
    assert all(i.total.low > 0.1 for i in single)
