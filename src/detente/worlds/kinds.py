"""A chunk of worlds, sorted into kinds: those with the same types and governments can be worked on at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from detente.case.batch import Batch, batch
from detente.case.draws import Drawn, Draws
from detente.case.sampling import CHUNK
from detente.case.stakes import Ints
from detente.case.variants import Variant


@dataclass(frozen=True, eq=False)
class Kind:
    """The worlds of a chunk that are of one variant."""

    draws: Draws
    drawn: Drawn
    variant: Variant
    rows: Ints
    """(n,) which rows of the chunk they are."""

    def batch(self, regime: int = 0) -> Batch:
        """The worlds as they are in one of the variant's regimes (0: as of period 0)."""
        case = self.variant.case(regime)
        return batch(case, self.draws.values(case, self.drawn.u[self.rows]), self.draws.places(case))


def kinds(draws: Draws, index: int, first: int = 0, last: int = CHUNK) -> Iterator[Kind]:
    """The kinds among the rows ``first`` … ``last - 1`` of a chunk."""
    yield from kinds_of(draws, draws.chunk(index), first, last)


def kinds_of(draws: Draws, drawn: Drawn, first: int = 0, last: int = CHUNK) -> Iterator[Kind]:
    """The kinds among those rows of what was drawn."""
    for v in np.unique(drawn.variant[first:last]).tolist():
        rows = np.flatnonzero(drawn.variant == v)
        yield Kind(draws, drawn, draws.variants[v], rows[(rows >= first) & (rows < last)])


def portions(n: int, first: int = 0) -> Iterator[tuple[int, int, int]]:
    """The worlds ``first`` … ``n - 1`` as (chunk, first row, row after the last)."""
    for index in range(first // CHUNK, -(-n // CHUNK)):
        yield index, max(first - index * CHUNK, 0), min(n - index * CHUNK, CHUNK)
