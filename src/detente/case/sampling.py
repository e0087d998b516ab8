"""Points in the unit cube: random, Latin hypercube or scrambled Sobol', in chunks that do not know of one another."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

CHUNK = 1024
"""Worlds drawn together. Each chunk has a seed of its own, so a world depends neither on how many are asked for nor on
who draws them."""

Method = Literal["sobol", "lhs", "random"]
METHODS: tuple[Method, ...] = ("sobol", "lhs", "random")
MOST_SOBOL = 21_201
"""Columns for which there are Sobol' numbers."""
_EDGE = 2.0**-40

Floats = npt.NDArray[np.float64]


def points(method: Method, seed: int, chunk: int, columns: int) -> Floats:
    """The points of a chunk: (CHUNK, columns), each uniform in (0, 1).

    ``sobol``: the first points of a Sobol' sequence, scrambled anew in each chunk; ``lhs``: each column has one point
    in each of CHUNK slices of equal width; ``random``: independent points.
    """
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(chunk,))))
    if columns == 0:
        return np.empty((CHUNK, 0))
    if method == "random":
        u = rng.random((CHUNK, columns))
    elif method == "lhs":
        slices = rng.permuted(np.tile(np.arange(CHUNK)[:, None], columns), axis=0)
        u = (slices + rng.random((CHUNK, columns))) / CHUNK
    else:
        from scipy.stats import qmc

        u = qmc.Sobol(columns, scramble=True, rng=rng).random(CHUNK)
    return np.clip(u, _EDGE, 1 - _EDGE)


def correlated(u: Floats, mix: Floats) -> Floats:
    """Uniform columns with the rank correlations of a Gaussian copula; ``mix @ mix.T``: the matrix of that copula."""
    from scipy.special import ndtr, ndtri

    joined: Floats = np.clip(ndtr(ndtri(u) @ mix.T), _EDGE, 1 - _EDGE)
    return joined


def copula(ranks: Floats) -> Floats:
    """The correlations of the Gaussian copula with these rank correlations: r = 2 sin(πρ/6)."""
    return 2 * np.sin(np.pi * ranks / 6)


def root(matrix: Floats) -> Floats | None:
    """The symmetric root of a correlation matrix; None if it is not positive semidefinite."""
    values, vectors = np.linalg.eigh(matrix)
    if values.min(initial=0.0) < -1e-9:
        return None
    return (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
