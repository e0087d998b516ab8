"""Points in the unit cube: random, Latin hypercube or scrambled Sobol', in chunks that do not know of one another."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

from detente.errors import Diagnostic, InputError

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
    if method == "sobol" and columns > MOST_SOBOL:
        raise too_many_for_sobol(columns)
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


def too_many_for_sobol(columns: int) -> InputError:
    """The error for more numbers than there are Sobol' sequences for."""
    return InputError([
        Diagnostic(
            "DET716",
            f"there are {columns:,} columns of uncertain numbers, and Sobol’ points for {MOST_SOBOL:,} at most",
            why="each number takes a sequence of its own, total indices two of them",
            fix="draw by a Latin hypercube (lhs), and ask for no total indices",
        )
    ])  # fmt: skip
