"""Peeling a box of worlds, and fitting its sides: the search of :mod:`detente.worlds.boxes`.

Each column is cut into cells, its kinds or ranges with as many worlds in each; a box keeps some cells of some columns.
Counts of each cell are kept up to date as worlds are peeled off, so that a whole peeling looks at each number of each
world twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from detente.worlds.columns import Column, Worlds, edges

Mask = npt.NDArray[np.bool_]
Limits = Mapping[int, Mask]
"""For each limited column the cells (cell,) that are kept."""
MOST_CELLS = 200
PATIENCE = 0.05
"""The share of a box's worlds that is peeled off at a time, where its cells allow."""


@dataclass(frozen=True)
class Cells:
    """Worlds in cells: the cell of each world and column, and the cells' ends."""

    cell: npt.NDArray[np.intp]
    """(world, column)."""
    ends: tuple[npt.NDArray[np.float64], ...]
    """For each number the inner ends of its cells, each belonging to the cell below it; for kinds nothing."""
    many: tuple[int, ...]
    """Cells of each column."""
    kinds: tuple[bool, ...]
    """Whether a column's cells are kinds, in no order."""

    @classmethod
    def of(cls, x: Worlds, columns: Sequence[Column]) -> Cells:
        """The cells of worlds (world, column)."""
        ends = tuple(np.empty(0) if k.levels else edges(v, MOST_CELLS) for k, v in zip(columns, x.T, strict=True))
        cell = np.empty(x.shape, dtype=np.intp)
        for c, column in enumerate(columns):
            cell[:, c] = x[:, c] if column.levels else np.searchsorted(ends[c], x[:, c], side="left")
        many = tuple(len(k.levels) or len(e) + 1 for k, e in zip(columns, ends, strict=True))
        return cls(cell, ends, many, tuple(bool(k.levels) for k in columns))

    def only(self, columns: Sequence[int]) -> Cells:
        """Some of the columns."""
        ends, many, kinds = self.ends, self.many, self.kinds
        return Cells(
            self.cell[:, columns],
            tuple(ends[c] for c in columns),
            tuple(many[c] for c in columns),
            tuple(kinds[c] for c in columns),
        )

    def inside(self, limits: Limits) -> Mask:
        """Which worlds (world,) are in the box."""
        held = np.ones(len(self.cell), dtype=np.bool_)
        for c, kept in limits.items():
            held &= kept[self.cell[:, c]]
        return held

    def counts(self, rows: npt.NDArray[np.intp], y: Mask) -> npt.NDArray[np.float64]:
        """For some worlds, in each cell of each column: how many, and in how many it happens. (2, column, cell)."""
        wide, most = len(self.many), max(self.many)
        place = (self.cell[rows] + most * np.arange(wide)).ravel()
        happening = np.repeat(y[rows].astype(np.float64), wide)
        both = (np.bincount(place, minlength=wide * most), np.bincount(place, happening, wide * most))
        return np.stack(both).reshape(2, wide, most).astype(np.float64)

    def telling(self, y: Mask) -> npt.NDArray[np.float64]:
        """How far each column (column,) by itself tells what happens, between 0 and 1.

        The largest difference that any of its ranges, or choice of its kinds, makes (:func:`difference`; Kuiper's
        statistic).
        """
        worlds, hits = self.counts(np.arange(len(y)), y)
        apart = hits / max(y.sum(), 1) - (worlds - hits) / max((~y).sum(), 1)
        course = np.pad(apart.cumsum(axis=1), ((0, 0), (1, 0)))
        of_ranges = course.max(axis=1) - course.min(axis=1)
        found: npt.NDArray[np.float64] = np.where(self.kinds, np.maximum(apart, 0).sum(axis=1), of_ranges)
        return found

    def fitted(self, limits: Limits, y: Mask, least: float) -> Limits:
        """The box with its sides moved, one after another, to where they tell best what happens.

        Numbers keep the ends they have. At least ``least`` worlds stay in the box.
        """
        best, value = dict(limits), difference(self.inside(limits), y)
        moving = True
        while moving:
            moving = False
            for c in best:
                tried = {**best, c: self._best(c, best, y)}
                box = self.inside(tried)
                now = difference(box, y)
                if now > value and box.sum() >= least:
                    best, value, moving = tried, now, True
        return {c: kept for c, kept in best.items() if not kept.all()}

    def _best(self, c: int, limits: Limits, y: Mask) -> Mask:
        """The cells of a column that tell best what happens, given the other sides."""
        rest = self.inside({k: kept for k, kept in limits.items() if k != c})
        count = [np.bincount(self.cell[rows, c], minlength=self.many[c]) for rows in (rest & y, rest & ~y)]
        gain = count[0] / max(y.sum(), 1) - count[1] / max((~y).sum(), 1)
        if self.kinds[c]:
            better: Mask = gain > 0
            return better
        course = np.concatenate([[0.0], gain.cumsum()])
        low, high = not limits[c][0], not limits[c][-1]
        lowest = np.minimum.accumulate(course[:-1]) if low else np.zeros(len(gain))
        end = int((course[1:] - lowest).argmax()) + 1 if high else len(gain)
        start = int(course[:end].argmin()) if low else 0
        at = np.arange(len(gain))
        return (at >= start) & (at < end)

    def ends_of(self, c: int, kept: Mask) -> Iterator[Mask]:
        """Of a number with two ends: its cells with the one end taken away, and with the other."""
        if not (self.kinds[c] or kept[0] or kept[-1]):
            at = np.arange(len(kept))
            yield at <= at[kept][-1]
            yield at >= at[kept][0]


def difference(box: Mask, y: Mask) -> float:
    """The box's share of the worlds in which it happens, less its share of the others."""
    return float((box & y).sum() / max(y.sum(), 1) - (box & ~y).sum() / max((~y).sum(), 1))


def peeled(grid: Cells, y: Mask, least: float, columns: Sequence[int]) -> Limits:
    """The box, of those that come about by peeling, that tells best what happens; at least ``least`` worlds in it.

    Only some ``columns`` are peeled. Columns that the box does not limit are left out of the answer.
    """
    rows = np.arange(len(y))
    grid = grid.only(columns)
    counts = grid.counts(rows, y)
    limits: dict[int, Mask] = {}
    best: dict[int, Mask] = {}
    value = 0.0
    happening, others = max(int(y.sum()), 1), max(int((~y).sum()), 1)
    while True:
        worlds, hits = counts[:, 0].sum(axis=1)
        step = _step(grid, counts, worlds, hits, least) if 0 < hits < worlds else None
        if step is None:
            return {columns[c]: kept for c, kept in best.items()}
        c, lost = step
        gone = np.isin(grid.cell[rows, c], lost)
        counts = counts - grid.counts(rows[gone], y)
        rows = rows[~gone]
        kept = limits.get(c, np.ones(grid.many[c], dtype=np.bool_)).copy()
        kept[lost] = False
        limits = {**limits, c: kept}
        worlds, hits = counts[:, 0].sum(axis=1)
        now = float(hits / happening - (worlds - hits) / others)
        if now > value:
            best, value = limits, now


def _step(
    grid: Cells, counts: npt.NDArray[np.float64], worlds: float, hits: float, least: float
) -> tuple[int, npt.NDArray[np.intp]] | None:
    """What to peel off: a column and its cells; None if nothing can be without leaving too few."""
    best: tuple[float, int, npt.NDArray[np.intp]] | None = None
    for c, lost in _peels(grid, counts, worlds):
        n, s = counts[:, c, lost].sum(axis=1)
        if n == 0 or worlds - n < max(least, 1.0):
            continue
        gain = ((hits - s) / (worlds - n) - hits / worlds) * worlds / n
        if best is None or gain > best[0]:
            best = gain, c, lost
    return best[1:] if best is not None else None


def _peels(grid: Cells, counts: npt.NDArray[np.float64], worlds: float) -> Iterator[tuple[int, npt.NDArray[np.intp]]]:
    """Each way of peeling: of numbers about ``PATIENCE`` of the box's worlds at either end, of kinds each by itself."""
    for c, kinds in enumerate(grid.kinds):
        if kinds:
            yield from ((c, np.array([k])) for k in range(grid.many[c]))
            continue
        count = counts[0, c, : grid.many[c]]
        up = int(np.searchsorted(count.cumsum(), PATIENCE * worlds)) + 1
        down = int(np.searchsorted(count[::-1].cumsum(), PATIENCE * worlds)) + 1
        yield c, np.arange(up)
        yield c, np.arange(grid.many[c] - down, grid.many[c])
