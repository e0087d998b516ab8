"""What is uncertain, as columns of an array with a row for each possible world.

A number's column holds its drawn values, in the unit in which it is written. A party's type, or whether a government
comes, is a column of whole numbers: 0 for the first of its kinds, and so on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Worlds = npt.NDArray[np.float64]
"""(world, column): what is uncertain, as drawn."""
Outcome = npt.NDArray[np.float64]
"""(world,): what comes of it; 1 and 0 for yes and no."""


@dataclass(frozen=True)
class Column:
    """What a column holds."""

    path: str
    """As in the draws: ``parties.DPRK.weights.programme``."""
    name: str = ""
    """In plain words."""
    unit: str = ""
    levels: tuple[str, ...] = ()
    """Of a party's type, or a government: its kinds, in the order of their numbers. Empty for numbers."""


def shuffled(worlds: Worlds, outcome: npt.NDArray[np.float64], seed: int) -> npt.NDArray[np.intp]:
    """The rows in a random order that does not depend on the order in which they come. ``outcome``: (world, …)."""
    keys = np.ascontiguousarray(np.column_stack([worlds, outcome]), dtype=np.float64)
    order = np.argsort(keys.view(np.dtype((np.void, keys.itemsize * keys.shape[1]))).ravel(), kind="stable")
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed)))
    return order[rng.permutation(len(order))]


def cells(values: npt.NDArray[np.float64], column: Column, many: int) -> npt.NDArray[np.intp]:
    """The cell of each world (world,): its kind, or one of ``many`` ranges of a number with as many worlds in each.

    Equal values are in the same cell, so that there may be fewer.
    """
    if column.levels:
        return values.astype(np.intp)
    return np.searchsorted(edges(values, many), values, side="left").astype(np.intp)


def edges(values: npt.NDArray[np.float64], many: int) -> npt.NDArray[np.float64]:
    """The inner ends of at most ``many`` ranges with as many worlds in each; an end belongs to the range below it."""
    ends = np.unique(np.quantile(values, np.arange(1, many) / many, method="lower"))
    inner: npt.NDArray[np.float64] = ends[ends < values.max(initial=-np.inf)]
    return inner


def varied(worlds: Worlds, columns: Sequence[Column]) -> list[int]:
    """The columns that differ between worlds."""
    return [c for c in range(len(columns)) if len(worlds) and (worlds[:, c] != worlds[0, c]).any()]
