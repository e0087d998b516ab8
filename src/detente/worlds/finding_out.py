"""What to find out first: what knowing a number before one signs is worth (value of information).

A party may sign one of some road maps, or none. Signing ``d`` brings it ``g_d(x)`` over its reserve value in world
``x``: nothing where another whose signature is needed would not sign, as nothing comes of it then. None brings 0.
Without knowing more it gets ``max(0, max_d E[g_d])``; knowing all, ``E[max(0, max_d g_d)]``; knowing the number ``x_j``
alone, ``E[max(0, max_d E[g_d | x_j])]``. The differences are what knowing is worth.

``E[g_d | x_j]`` is the mean over a cell of worlds in which ``x_j`` is nearly the same. Taking the largest of such means
would count luck as knowledge, so worlds are put into ten folds: what to do in a fold is decided on the other nine, and
what that brings is counted in the fold itself. What is told is what somebody who has only these worlds to learn from
would gain: on average no more than the true worth, and the closer the more worlds. The interval ends above where luck
is left in. Of two hundred numbers a few seem to be worth something by luck even so: clear are those with which the
gains themselves differ, in rank, by more than chance makes any of so many differ.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.stats import kruskal

from detente.results.estimates import Estimate
from detente.results.finding_out import FindingOut, Knowing
from detente.worlds.columns import Column, Worlds, cells, shuffled, varied
from detente.worlds.tally import SURE_OF

FOLDS = 10
MOST_CELLS = 64
UNCLEAR = 0.01
"""The chance that any of all inputs is called clear though none has a meaning."""
Gains = npt.NDArray[np.float64]
"""(world, decision): what signing brings the party over its reserve value; the last column, for none, is 0."""


def finding_out(
    worlds: Worlds,
    gains: npt.NDArray[np.float64],
    columns: Sequence[Column],
    party: str,
    decisions: Sequence[str],
    seed: int = 0,
    comes: npt.NDArray[np.bool_] | None = None,
) -> FindingOut:
    """What knowing each number, or all, is worth to a party that may sign one of some road maps or none.

    ``worlds``: (world, column), at least 10 worlds; ``gains``: (world, road map), what each brings the party over its
    reserve value in its own units; ``decisions``: the road maps' names; ``comes``: (world, road map), whether all
    others would sign it (None: always).
    """
    if gains.shape != (len(worlds), len(decisions)) or len(worlds) < FOLDS:
        raise ValueError("gains must have a row for each world, at least 10, and a column for each road map")
    comes = np.ones(gains.shape, dtype=np.bool_) if comes is None else comes
    gains = np.where(comes, gains, 0.0)
    order = shuffled(worlds, gains, seed)
    x = worlds[order]
    g = np.column_stack([gains[order].astype(np.float64), np.zeros(len(order))])
    mean = g.mean(axis=0)
    best = int(_best(mean))
    everything = _estimate(g.max(axis=1) - g[:, best], np.inf)
    tried = varied(worlds, columns)
    chance = UNCLEAR / max(1, len(tried) * len(decisions))
    items = [_knowing(x[:, c], g, columns[c], best, everything.value, chance) for c in tried]
    items.sort(key=lambda k: (-k.worth.value, k.path))
    chosen = decisions[best] if best < len(decisions) else None
    refused = tuple((1 - comes.mean(axis=0)).tolist())
    return FindingOut(party, tuple(decisions), tuple(mean[:-1].tolist()), refused, chosen, everything, tuple(items))


def _knowing(
    x: npt.NDArray[np.float64], g: Gains, column: Column, without: int, most: float, chance: float
) -> Knowing:  # fmt: skip
    """Decided on nine folds of ten, counted in the tenth; rows are in random order.

    ``without``: what is decided without knowing it; ``most``: what knowing everything is worth; ``chance``: by which a
    number without meaning may be called clear.
    """
    cell = cells(x, column, min(MOST_CELLS, max(4, round(len(x) ** (1 / 3)))))
    many, row = int(cell.max()) + 1, np.arange(len(x))
    fold = row % FOLDS
    counted = np.column_stack([g, np.ones(len(x))])
    sums = np.stack([np.bincount(fold * many + cell, one, FOLDS * many) for one in counted.T], axis=1)
    sums = sums.reshape(FOLDS, many, counted.shape[1])
    others = sums.sum(axis=0) - sums
    informed = np.where(others[:, :, -1] > 0, _best(others[:, :, :-1]), without)
    with_it = informed[fold, cell]
    in_sample = sums[:, :, :-1].sum(axis=0)
    lucky = (in_sample.max(axis=1).sum() - in_sample.sum(axis=0).max()) / len(x)
    worth = _estimate(g[row, with_it] - g[:, without], most, lucky)
    clear = worth.low > 0 and any(_luck(cell, gain, many) < chance for gain in g[:, :-1].T)
    return Knowing(column.path, column.name, worth, float((with_it != without).mean()), clear)


def _luck(cell: npt.NDArray[np.intp], gain: npt.NDArray[np.float64], many: int) -> float:
    """The chance that gains in the cells of a number without meaning differ so much in rank (Kruskal-Wallis)."""
    groups = [x for k in range(many) if len(x := gain[cell == k])]
    return float(kruskal(*groups).pvalue) if len(groups) > 1 and np.ptp(gain) > 0 else 1.0


def _best(expected: npt.NDArray[np.float64]) -> npt.NDArray[np.intp]:
    """The decision (…) that is expected to bring most, of (…, decision); of equal ones none, then the first."""
    none = expected.shape[-1] - 1
    order = np.r_[none, 0:none]
    best: npt.NDArray[np.intp] = order[expected[..., order].argmax(axis=-1)]
    return best


def _estimate(gained: npt.NDArray[np.float64], most: float, lucky: float = 0.0) -> Estimate:
    """The mean of what each world adds (world,), between 0 and ``most``; ``lucky``: the same with luck left in."""
    half = SURE_OF * float(gained.std(ddof=1)) / len(gained) ** 0.5
    mean = float(gained.mean())
    value = min(max(mean, 0.0), most)
    return Estimate(value, max(mean - half, 0.0), min(max(value, lucky) + half, most))
