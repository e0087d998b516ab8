"""How late steps are begun: each party puts off its own, as it happens or because it gains by it, as long as the others
wait. In a possible world it is known how late; what others leave because of it, they leave in their own time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from detente.case.batch import Batch
from detente.case.stakes import Floats, Ints
from detente.incentives.many.frame import worlds
from detente.incentives.many.noise import surroundings
from detente.worlds.kinds import Kind
from detente.worlds.slip import Agreed, completions, slipped

_LATE = 2
"""Sets its seed apart from those of draws and runs."""


def delays(kind: Kind, batches: Sequence[Batch], plan: Agreed, punctual: Floats) -> Ints:
    """(n, N) by how many periods each step's party puts it off once it is due.

    ``batches``: the worlds in each regime; ``punctual`` (n,): chance a period that a step that is due is begun. A party
    that gains by delay (model §6, on the road map as agreed) waits until its grace has run out.
    """
    b = batches[0]
    st, owned = b.like, b.like.owner >= 0
    grace = np.where(owned, b.grace[:, st.owner], 0)
    if not grace.any():
        return grace
    starts = slipped(b, plan)
    regime = np.array([begin for begin, _ in kind.variant.options]).searchsorted(starts, side="right") - 1
    prone = np.stack([_prone(x, completions(x, starts)) for x in batches], axis=1)
    at = np.minimum(starts, st.periods)
    dawdles = prone[np.arange(b.n)[:, None], regime, at, st.owner]
    return np.where(dawdles, grace, np.minimum(_waited(kind, punctual, len(st.owner)), grace))


def _waited(kind: Kind, punctual: Floats, steps: int) -> Ints:
    """(n, N) periods in which a step is not begun, each with the same chance."""
    seed = np.random.SeedSequence(kind.draws.seed, spawn_key=(_LATE, kind.drawn.index))
    u = np.random.Generator(np.random.PCG64(seed)).random((len(kind.drawn.u), steps))[kind.rows]
    with np.errstate(divide="ignore", invalid="ignore"):
        n = np.log1p(-u) / np.log1p(-np.clip(punctual, 0.0, 1.0))[:, None]
    result: Ints = np.minimum(np.nan_to_num(n, nan=0.0), 1e6).astype(np.int64)
    return result


def _prone(b: Batch, c: Ints) -> np.ndarray:
    """(n, T+1, P) whether a party gains by delaying what it still has to perform."""
    told = surroundings(worlds(b, c))
    ahead = told.pays[:, :, -1] / (1 - b.discount)
    V = np.empty_like(told.pays)
    for t in range(V.shape[2] - 1, -1, -1):
        V[:, :, t] = ahead if t == V.shape[2] - 1 else told.pays[:, :, t] + b.discount * V[:, :, t + 1]
    sure = 1e-9 * np.abs(V).max(axis=2)[:, :, None]
    result: np.ndarray = (told.stands / (1 - b.discount)[:, :, None] > V + sure).transpose(0, 2, 1)
    return result
