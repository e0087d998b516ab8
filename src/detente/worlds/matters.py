"""Which assumption matters: first-order and total indices of an outcome (Sobol' 1993).

First-order index of an input: ``Var(E[y | x]) / Var(y)``, the part of the outcome's variance that is expected to go
once the input is known. Total index: ``E[Var(y | all others)] / Var(y)``, the part that is expected to stay while it
alone is unknown. The total is the larger one where an input matters through others; both are the same where effects add
up.

In a sample worlds must be drawn independently or by a Latin hypercube (``lhs``). Sobol' points of many columns have
patterns between columns, which a few thousand worlds show as effects that are not there, in both halves of a split too.

First-order indices are read off any sample (:func:`drivers`). Totals need rows laid out for them (:class:`Design`,
:func:`influences`): ``n * replicates * (inputs + 2)`` worlds, for which the strongest numbers are looked at one by one
and all the rest together, so that nothing is left out unseen.

Numbers that are drawn with a correlation: in a sample an index counts what comes along with a number, as finding it out
would tell of the others too. A design lays out the independent uniform numbers behind the correlated ones; what is
linked is one input there, as its parts' own effects would depend on the order in which they are drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit
from scipy.stats import qmc

from detente.results.drivers import Driver, Influence
from detente.results.estimates import Estimate
from detente.worlds.columns import Column, Outcome, Worlds, cells, shuffled, varied

GROUPS = 32
"""Into which worlds are put for the error: each is left out once."""
MOST_CELLS = 256
_OPEN = 2.0**-40
"""How close to 0 and 1 a uniform number comes."""


def drivers(worlds: Worlds, outcome: Outcome, columns: Sequence[Column], seed: int = 0) -> tuple[Driver, ...]:
    """What an outcome hangs on, strongest first, from any sample; none where the outcome is the same in all worlds.

    At least 64 worlds; of fewer nothing is said. ``worlds``: (world, column); ``outcome``: (world,), 0 and 1 or real.
    Columns that do not vary are left out. The index is the adjusted share of variance between ``sqrt(worlds)`` cells of
    a number with as many worlds in each, or between kinds; a jump inside of a cell lowers it by at most one part in as
    many cells. Its interval comes from leaving out each of 32 groups of worlds in turn.
    """
    if len(outcome) < 2 * GROUPS or np.ptp(outcome) == 0:
        return ()
    order = shuffled(worlds, outcome, seed)
    x, y = worlds[order], outcome[order].astype(np.float64)
    found = [_driver(x[:, c], y, columns[c]) for c in varied(worlds, columns)]
    return tuple(sorted(found, key=lambda d: (-d.first.value if d.first else 0.0, d.path)))


def _driver(x: npt.NDArray[np.float64], y: Outcome, column: Column) -> Driver:
    first = _first_order(cells(x, column, min(MOST_CELLS, int(len(y) ** 0.5))), y - y.mean())
    if column.levels:
        levels = {name: float(y[x == k].mean()) for k, name in enumerate(column.levels) if (x == k).any()}
        return Driver(column.path, min(levels.values()), max(levels.values()), column.name, first, levels)
    low = x <= np.median(x)
    low = low if not low.all() else x < x.max()
    return Driver(column.path, float(y[low].mean()), float(y[~low].mean()), column.name, first)


def _first_order(cell: npt.NDArray[np.intp], y: Outcome) -> Estimate:
    """``1 - (variance within cells) / (variance)``, both unbiased; ``y`` has mean 0, rows are in random order."""
    many = int(cell.max()) + 1
    group = np.arange(len(y)) % GROUPS
    place = group * many + cell
    n = np.bincount(place, minlength=GROUPS * many).reshape(GROUPS, many).astype(np.float64)
    s = np.bincount(place, y, minlength=GROUPS * many).reshape(GROUPS, many)
    q = np.bincount(group, y * y, minlength=GROUPS)
    whole = _adjusted(n.sum(axis=0), s.sum(axis=0), q.sum())
    without = _adjusted(n.sum(axis=0) - n, s.sum(axis=0) - s, q.sum() - q)
    return _jackknifed(whole, without)


def _adjusted(n: Worlds, s: Worlds, q: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """From counts and sums of each cell (…, cell) and the sum of squares (…)."""
    worlds, used = n.sum(axis=-1), (n > 0).sum(axis=-1)
    within = q - np.divide(s**2, n, out=np.zeros_like(s), where=n > 0).sum(axis=-1)
    about = q - s.sum(axis=-1) ** 2 / worlds
    unbiased = within / np.maximum(worlds - used, 1), about / (worlds - 1)
    ratio: npt.NDArray[np.float64] = 1 - np.divide(*unbiased, out=np.ones_like(about), where=about > 0)
    return ratio


def _jackknifed(whole: npt.NDArray[np.float64], without: npt.NDArray[np.float64]) -> Estimate:
    """``without`` (group,): the same with each group left out. A share: between 0 and 1."""
    groups = len(without)
    error = np.sqrt((groups - 1) / groups * ((without - without.mean()) ** 2).sum())
    half = float(stdtrit(groups - 1, 0.975) * error)
    value = min(max(float(whole), 0.0), 1.0)
    return Estimate(value, max(value - half, 0.0), min(value + half, 1.0))


# ------------------------------------------------------------------ a design, for totals


@dataclass(frozen=True)
class Design:
    """Rows that tell what each input does by itself and through others (Saltelli 2010; Jansen 1999).

    Two independent blocks A and B of ``n`` rows, and for each input A with the input's columns from B; all of that
    ``replicates`` times with independent scrambled Sobol' points.
    """

    columns: tuple[Column, ...]
    inputs: tuple[tuple[int, ...], ...]
    """The columns of each; together all columns, each once."""
    rest: bool
    """Whether the last input is all that is not looked at one by one."""
    n: int
    replicates: int
    seed: int

    @property
    def worlds(self) -> int:
        """How many worlds it takes."""
        return self.replicates * (len(self.inputs) + 2) * self.n

    def rows(self, replicate: int) -> npt.NDArray[np.float64]:
        """Independent uniform numbers in (0, 1): (block, row, column), blocks A, B, then one for each input."""
        wide = len(self.columns)
        stream = np.random.SeedSequence(self.seed, spawn_key=(replicate,))
        points = qmc.Sobol(2 * wide, rng=np.random.Generator(np.random.PCG64(stream)))
        drawn = np.clip(points.random_base2(self.n.bit_length() - 1), _OPEN, 1 - _OPEN)
        a, b = drawn[:, :wide], drawn[:, wide:]
        blocks = np.repeat(a[np.newaxis], len(self.inputs) + 2, axis=0)
        blocks[1] = b
        for block, own in zip(blocks[2:], self.inputs, strict=True):
            block[:, own] = b[:, own]
        return blocks


def design(
    columns: Sequence[Column],
    single: Sequence[Sequence[int]] | None = None,
    n: int = 1024,
    replicates: int = 16,
    seed: int = 0,
) -> Design:
    """A design that looks at each of ``single`` by itself and at all other columns together.

    ``single``: the columns of each input, by number; by default every column is an input. ``n``: rows of a block, a
    power of 2. ``replicates``: at least 2.
    """
    if n < 2 or n & (n - 1) or replicates < 2:
        raise ValueError("n must be a power of 2, and replicates at least 2")
    inputs = tuple(tuple(s) for s in (single if single is not None else [[c] for c in range(len(columns))]))
    named = [c for one in inputs for c in one]
    if len(set(named)) < len(named) or not all(one for one in inputs):
        raise ValueError("each input must have columns of its own")
    others = tuple(sorted(set(range(len(columns))) - set(named)))
    return Design(tuple(columns), (*inputs, others) if others else inputs, bool(others), n, replicates, seed)


def strongest(
    found: Sequence[Driver], columns: Sequence[Column], most: int = 8, linked: Sequence[Sequence[int]] = ()
) -> tuple[tuple[int, ...], ...]:
    """The inputs worth looking at one by one, strongest first: at most ``most`` whose effect in a sample is clear.

    ``linked``: columns that are correlated with one another; each such set is one input.
    """
    place = {column.path: c for c, column in enumerate(columns)}
    together = {c: tuple(sorted(block)) for block in linked for c in block}
    inputs: dict[tuple[int, ...], None] = {}
    for driver in found:
        if driver.clear and len(inputs) < most:
            column = place[driver.path]
            inputs[together.get(column, (column,))] = None
    return tuple(inputs)


def influences(asked: Design, outcome: npt.NDArray[np.float64]) -> tuple[Influence, ...]:
    """What each input of a design does, the largest total first, the rest last; none if the outcome never differs.

    ``outcome``: (replicate, block, row), of the rows of :meth:`Design.rows`. With y centred: first order ``mean(y_B
    (y_AB - y_A)) / Var(y)``, total ``mean((y_A - y_AB)²) / 2 Var(y)``. The interval comes from leaving out each
    replicate in turn.
    """
    y = outcome - outcome[:, :2].mean()
    base = y[:, :2].reshape(len(y), -1)
    variance = (base**2).mean(axis=1)
    if not variance.sum() > 0:
        return ()
    moved = y[:, 2:] - y[:, :1]
    first = (y[:, 1:2] * moved).mean(axis=2)
    total = (moved**2).mean(axis=2) / 2
    found = [_influence(asked, k, variance, first[:, k], total[:, k]) for k in range(len(asked.inputs))]
    return tuple(sorted(found, key=lambda i: (i.rest, -i.total.value, i.paths)))


def _influence(
    asked: Design,
    k: int,
    variance: npt.NDArray[np.float64],
    first: npt.NDArray[np.float64],
    total: npt.NDArray[np.float64],
) -> Influence:
    own = [asked.columns[c] for c in asked.inputs[k]]
    rest = asked.rest and k == len(asked.inputs) - 1
    return Influence(
        tuple(c.path for c in own), tuple(c.name for c in own), _ratio(first, variance), _ratio(total, variance), rest
    )


def _ratio(part: npt.NDArray[np.float64], whole: npt.NDArray[np.float64]) -> Estimate:
    """The ratio of the sums over replicates."""
    others = np.maximum(whole.sum() - whole, np.finfo(np.float64).tiny)
    return _jackknifed(part.sum() / whole.sum(), (part.sum() - part) / others)
