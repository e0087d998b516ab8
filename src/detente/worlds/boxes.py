"""When it happens, in plain words: boxes of worlds, found by peeling (PRIM, Friedman and Fisher 1999).

Half of the worlds are for finding, half for testing. Each side of a box shows in its column alone, so the dozen columns
that tell most by themselves are taken. The end of a range, or a kind, is peeled off again and again, each time the one
whose loss raises the share most for each world lost, about a twentieth of the worlds at a time. Of the boxes on the way
the one is taken that tells the worlds in which it happens best from the others: the largest difference between its
share of the former and its share of the latter; its sides are then moved as far as that helps. Columns are taken in one
by one as long as no side could be chance (Bryant and Lempert 2010). Worlds in the box are laid aside, and the next is
sought.

All figures of a box are of the other half. A box that could be chance there is not told, and ends the search. Worlds
must be independent or of a Latin hypercube: what Sobol' points of many columns show by their pattern, both halves show.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import betainc

from detente.results.boxes import Box, Boxes, Side
from detente.worlds.columns import Column, Outcome, Worlds, shuffled, varied
from detente.worlds.peeling import Cells, Limits, difference, peeled
from detente.worlds.tally import share

Mask = npt.NDArray[np.bool_]
MOST_BOXES = 3
MOST_SIDES = 3
MOST_SOUGHT = 12
LEAST_MASS = 0.05
CHANCE = 0.01
"""Less likely than this by chance, counted over all that was tried: only then is a side kept, and a box told."""
ROUNDING = 0.02
"""As many worlds, for each in the box, may change sides when the end of a range is rounded."""


def boxes(worlds: Worlds, happens: Outcome, columns: Sequence[Column], seed: int = 0) -> Boxes:
    """Under which circumstances together something happens, in at most three boxes of at most three sides.

    ``worlds``: (world, column), numbers in the unit in which they are written; ``happens``: (world,), 1 or 0. A box
    holds at least a twentieth of the worlds on which it is found.
    """
    order = shuffled(worlds, happens, seed)
    x, y = worlds[order], happens[order] > 0
    half = len(y) // 2
    found: list[Box] = []
    failed = False
    inside, seen = np.zeros(half, dtype=np.bool_), np.zeros(len(y) - half, dtype=np.bool_)
    while len(found) < MOST_BOXES:
        sides = _sought(x[:half][~inside], y[:half][~inside], columns, LEAST_MASS * half)
        if not sides:
            break
        held = _within(x[half:], sides)
        box = _tested(_sides(sides, columns), held, seen, y[half:])
        failed = box is None
        if box is None:
            break
        found.append(box)
        inside |= _within(x[:half], sides)
        seen |= held
    happening = int(y[half:].sum())
    return Boxes(
        boxes=tuple(found),
        found_on=half,
        tested_on=len(y) - half,
        share=happening / max(len(y) - half, 1),
        together=int((seen & y[half:]).sum()) / max(happening, 1),
        failed=failed,
    )


@dataclass(frozen=True)
class _Limit:
    """One side: the column, and between which values, or which kinds."""

    column: int
    above: float | None = None
    upto: float | None = None
    kinds: tuple[int, ...] = ()

    def holds(self, x: Worlds) -> Mask:
        """Which worlds (world,) lie within."""
        own = x[:, self.column]
        if self.kinds:
            return np.isin(own, self.kinds)
        low = np.ones(len(own), dtype=np.bool_) if self.above is None else own > self.above
        return low if self.upto is None else low & (own <= self.upto)


def _within(x: Worlds, sides: Sequence[_Limit]) -> Mask:
    """Which worlds lie within all sides."""
    held = np.ones(len(x), dtype=np.bool_)
    for side in sides:
        held &= side.holds(x)
    return held


# ------------------------------------------------------------------ seeking


def _sought(x: Worlds, y: Mask, columns: Sequence[Column], least: float) -> list[_Limit]:
    """The sides of the best box, the one that tells most first; none if nothing is worth telling.

    One column after another is taken in, the one with which peeling gives the box that tells most, provided that no
    side of it could be chance.
    """
    candidates = varied(x, columns)
    if not candidates or y.all() or not y.any():
        return []
    level = CHANCE / (2 * len(candidates))
    telling = Cells.of(x[:, candidates], [columns[c] for c in candidates]).telling(y)
    candidates = sorted(candidates, key=dict(zip(candidates, -telling, strict=True)).__getitem__)[:MOST_SOUGHT]
    grid = Cells.of(x[:, candidates], [columns[c] for c in candidates])
    best: Limits = {}
    value = 0.0
    while len(best) < MOST_SIDES:
        tried = [_plain(grid, (*best, c), y, least, level) for c in range(len(candidates)) if c not in best]
        real = [one for one in tried if len(one) > len(best) and _clear(grid, one, y, level)]
        values = [difference(grid.inside(one), y) for one in real]
        if not values or max(values) <= value:
            break
        best, value = real[values.index(max(values))], max(values)
    order = sorted(best, key=lambda c: (_by_chance(grid, best, c, y), c))
    return [side for c in order if (side := _limit(grid, best, c, candidates[c], x)) is not None]


def _plain(grid: Cells, columns: Sequence[int], y: Mask, least: float, level: float) -> Limits:
    """The best box along some columns, without the ends of ranges that could be chance."""
    box = grid.fitted(peeled(grid, y, least, columns), y, least)
    while True:
        without = [{**box, c: wider} for c, kept in box.items() for wider in grid.ends_of(c, kept)]
        chances = [_at_random(grid.inside(box), grid.inside(wider), y) for wider in without]
        if not chances or max(chances) <= level:
            return box
        box = grid.fitted(without[chances.index(max(chances))], y, least)


def _clear(grid: Cells, limits: Limits, y: Mask, level: float) -> bool:
    """Whether each side of a box is too telling to be chance."""
    return all(_by_chance(grid, limits, c, y) <= level for c in limits)


def _by_chance(grid: Cells, limits: Limits, side: int, y: Mask) -> float:
    """The chance of a share such as the box's if a side meant nothing."""
    return _at_random(grid.inside(limits), grid.inside({c: kept for c, kept in limits.items() if c != side}), y)


def _at_random(box: Mask, wider: Mask, y: Mask) -> float:
    """The chance that it happens in as many worlds of the box if they were picked at random from a wider one."""
    return _at_least(int((box & y).sum()), int(box.sum()), float(y[wider].mean()) if wider.any() else 0.0)


def _at_least(happening: int, worlds: int, each: float) -> float:
    """The chance of ``happening`` or more of ``worlds`` if ``each`` has such a chance."""
    if happening <= 0:
        return 1.0
    return float(betainc(happening, worlds - happening + 1, each))


def _limit(grid: Cells, limits: Limits, c: int, column: int, x: Worlds) -> _Limit | None:
    """A side in the values of its column, its ends rounded as far as that moves few worlds into the box or out of it.

    None if no world is beyond the rounded ends.
    """
    cells = np.flatnonzero(limits[c])
    if grid.kinds[c]:
        return _Limit(column, kinds=tuple(cells.tolist()))
    ends, first, last = grid.ends[c], int(cells[0]), int(cells[-1])
    near = x[grid.inside({k: kept for k, kept in limits.items() if k != c}), column]
    few = ROUNDING * float(grid.inside(limits).sum())
    above = None if first == 0 else _rounded(float(ends[first - 1]), near, few)
    upto = None if last == len(ends) else _rounded(float(ends[last]), near, few)
    side = _Limit(
        column,
        above if above is not None and above >= near.min() else None,
        upto if upto is not None and upto < near.max() else None,
    )
    return side if (side.above, side.upto) != (None, None) else None


def _rounded(end: float, values: npt.NDArray[np.float64], few: float) -> float:
    """The roundest number between which and ``end`` there are few of the values."""
    places = -int(np.ceil(np.log10(np.ptp(values))))
    for more in range(12):
        near = round(end, places + more)
        if np.count_nonzero((values > min(end, near)) & (values <= max(end, near))) <= few:
            return near
    return end


# ------------------------------------------------------------------ testing


def _tested(sides: tuple[Side, ...], held: Mask, seen: Mask, y: Mask) -> Box | None:
    """The box with its figures, all of worlds on which it was not sought; None if it may be chance.

    ``held``, ``seen``, ``y`` (world,): in the box, in an earlier one, happening.
    """
    fresh = held & ~seen
    left = y[~seen]
    chance = _at_least(int((fresh & y).sum()), int(fresh.sum()), float(left.mean()) if len(left) else 0.0)
    if not fresh.any() or chance > CHANCE / MOST_BOXES:
        return None
    both = int((held & y).sum())
    return Box(sides, share(both, int(held.sum())), share(int(held.sum()), len(y)), share(both, int(y.sum())), chance)


def _sides(limits: Sequence[_Limit], columns: Sequence[Column]) -> tuple[Side, ...]:
    told = []
    for one in limits:
        column = columns[one.column]
        levels = tuple(column.levels[k] for k in one.kinds)
        told.append(Side(column.path, column.name, column.unit, one.above, one.upto, levels))
    return tuple(told)
