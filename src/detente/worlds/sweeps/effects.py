"""What each of the things varied in a sweep does by itself: means over all else."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from detente.case.sweep_design import Dimension, Sweeping
from detente.results.sweep import Effect, SweepRow

GROUPS = 4
"""Ranges of a sampled number over which means are taken."""


def effects(sweeping: Sweeping, rows: Sequence[SweepRow], headline: str) -> tuple[Effect, ...]:
    """For each road map and thing varied the mean headline at each of its values, the largest spread first."""
    found = []
    for name in dict.fromkeys(row.road_map for row in rows):
        own = [row for row in rows if row.road_map == name]
        for n, dimension in enumerate(sweeping.dimensions):
            groups = _groups(dimension, n, own, sampled=sweeping.sample is not None)
            means = tuple((at, float(np.mean([r.found[headline] for r in group]))) for at, group in groups)
            if len(means) > 1:
                found.append(Effect(dimension.paths, name, means))
    return tuple(sorted(found, key=lambda e: (-e.spread, e.of, e.road_map)))


def _groups(
    dimension: Dimension, n: int, rows: Sequence[SweepRow], *, sampled: bool
) -> list[tuple[str, list[SweepRow]]]:
    """Rows by the value of one thing varied; in a sample of a range, neighbouring values together."""
    values = dimension.values or tuple(sorted({row.at[n] for row in rows}, key=_size))
    if not sampled or dimension.values or len(values) <= GROUPS:
        return [(v, own) for v in values if (own := [row for row in rows if row.at[n] == v])]
    order = sorted(rows, key=lambda row: _size(row.at[n]))
    parts = [order[part[0] : part[-1] + 1] for part in np.array_split(np.arange(len(order)), GROUPS)]
    return [(f"{part[0].at[n]} to {part[-1].at[n]}", part) for part in parts]


def _size(text: str) -> float:
    """The number that a value of a range begins with."""
    return float(text.split()[0])
