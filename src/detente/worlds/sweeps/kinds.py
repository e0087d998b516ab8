"""What can be done at each point of a sweep: the work on one chunk, and what the chunks together tell.

A kind of work counts what comes of one chunk of worlds, or of the runs in it, in sums and least values, which are put
together in the order of the chunks: so what a point tells depends neither on who did its chunks, nor when.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import ClassVar, Protocol

from detente.case.draws import Draws
from detente.case.road_map import RoadMap
from detente.results.estimates import Estimate


@dataclass(frozen=True)
class Counts:
    """What ``n`` worlds or runs come to, each number under its name."""

    n: int
    sums: Mapping[str, float]
    least: Mapping[str, float]


def together(parts: Sequence[Counts]) -> Counts:
    """The counts of several chunks, which all have the same names, in this order."""
    sums = {k: reduce(operator.add, (p.sums[k] for p in parts)) for k in parts[0].sums}
    return Counts(sum(p.n for p in parts), sums, {k: min(p.least[k] for p in parts) for k in parts[0].least})


Counting = Callable[[int, int], Counts]
"""Counts so many worlds or runs of a chunk."""
Found = dict[str, float]
"""What is told of a point and road map, column by column."""


class Kind(Protocol):
    """A kind of work, with all that a design says of it."""

    headline: ClassVar[str]
    """The column by which points are compared; the higher, the better. ``_low`` and ``_high`` are its 95 % interval."""

    def parts(self) -> Iterator[tuple[int, int]]:
        """Each chunk, and how many worlds or runs there are in it."""
        ...

    def counting(self, draws: Draws, road_map: RoadMap) -> Counting:
        """What counts chunk after chunk of a point and road map."""
        ...

    def told(self, counts: Counts) -> Found:
        """What the counts of all chunks tell."""
        ...


def interval(name: str, x: Estimate) -> Found:
    """A share with the ends of its 95 % interval."""
    return {name: x.value, f"{name}_low": x.low, f"{name}_high": x.high}
