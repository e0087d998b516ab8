"""Road maps tried in the same worlds, which are drawn and prepared once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from detente.case.batch import Batch
from detente.case.draws import Draws
from detente.case.stakes import Bools, Floats, Ints
from detente.incentives.many.prospects import leaving, prospects, reserves, values
from detente.worlds.judged import all_sign
from detente.worlds.kinds import kinds
from detente.worlds.slip import Agreed, completions, slipped

CLEARLY = 1e-6
"""Differences above this share of what is compared are no rounding."""


@dataclass(frozen=True, eq=False)
class _Alike:
    """The worlds of a trial with the same types and governments."""

    rows: Ints
    """(n,) which worlds of the trial they are."""
    regimes: tuple[tuple[int, Batch], ...]
    """From each period on the worlds as they are then, the first from period 0 on."""
    reserve: Floats
    """(n, P)"""

    def stands(self, plan: Agreed) -> Bools:
        """(n,) whether everybody signs and nobody ever leaves. Pairs are tried where single cheats do not pay."""
        now = self.regimes[0][1]
        c = completions(now, slipped(now, plan))
        stands = self._maybe_signed(now, c)
        for pairs in (False, True):
            for begin, end, b in self._terms():
                rows = np.flatnonzero(stands)
                if rows.size:
                    found = prospects(_part(b, rows), c[rows], pairs=pairs)
                    leaves, _ = leaving(found, b.discount[rows])
                    stands[rows[leaves[:, begin:end].any(axis=(1, 2))]] = False
                    if b is now:
                        stands[rows[~all_sign(found, found.V[:, 0] - self.reserve[rows])]] = False
        return stands

    def _maybe_signed(self, b: Batch, c: Ints) -> Bools:
        """(n,) everybody with a step gets at least what no deal is worth to it, but for a little."""
        V, owner = values(b, c), b.like.owner
        acts = np.stack([((c < b.like.periods) & (owner == i)).any(axis=1) for i in range(V.shape[1])], axis=1)
        less = V - self.reserve < -CLEARLY * (1 + np.abs(V) + np.abs(self.reserve))
        result: Bools = np.logical_not(np.logical_or.reduce(acts & less, axis=1))
        return result

    def _terms(self) -> Iterator[tuple[int, int | None, Batch]]:
        """Each regime with its first period, and the first after it."""
        begins = [begin for begin, _ in self.regimes]
        for (begin, b), end in zip(self.regimes, [*begins[1:], None], strict=True):
            yield begin, end, b


def _part(b: Batch, rows: Ints) -> Batch:
    """Some of the worlds of a batch, for what is worked out from its arrays."""
    numbers = {f.name: getattr(b, f.name) for f in fields(b)}
    arrays: dict[str, Any] = {k: x[rows] for k, x in numbers.items() if isinstance(x, np.ndarray)}
    return replace(b, n=len(rows), **arrays)


class Trial:
    """Worlds ``first`` … ``last - 1`` of a chunk."""

    def __init__(self, draws: Draws, index: int, first: int, last: int) -> None:
        self.n = last - first
        self._alike = [
            _Alike(
                kind.rows - first,
                tuple((begin, kind.batch(m)) for m, (begin, _) in enumerate(kind.variant.options)),
                reserves(kind.batch()),
            )
            for kind in kinds(draws, index, first, last)
        ]

    def stands(self, plan: Agreed) -> Bools:
        """(n,) in which worlds a road map is signed and nobody ever leaves it."""
        out = np.zeros(self.n, dtype=np.bool_)
        for alike in self._alike:
            out[alike.rows] = alike.stands(plan)
        return out


def shares(found: Sequence[Bools]) -> float:
    """The share of worlds in which it stands, over several trials."""
    return float(np.concatenate(found).mean()) if found else 0.0
