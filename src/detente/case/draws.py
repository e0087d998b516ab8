"""Possible worlds: every uncertain number of a case drawn at once (model §8).

Numbers are independent and triangular between the ends of their ranges, with the central value as the mode; times are
drawn, then rounded to periods. One generator makes all draws, row by row, so world ``n`` does not depend on how many
worlds are asked for. A resolved case has no ranges: every world is the case itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from detente.case.check_more import figures, numbers_in
from detente.case.load import Case
from detente.case.quantities import Duration, Number
from detente.case.resolved import ResolvedCase


@dataclass(frozen=True)
class Uncertain:
    """One uncertain number: its path in the case, its central value and the ends of its range, as written."""

    path: str
    central: Decimal
    low: Decimal
    high: Decimal


def _uncertain(case: Case) -> list[tuple[str, Number | Duration]]:
    if case.document is None:
        return []
    found = []
    for loc, figure in figures(case.document):
        numbers = [x for x in numbers_in(figure) if x.ranged]
        for n, x in enumerate(numbers):
            path = ".".join(str(p) for p in loc)
            found.append((path if len(numbers) == 1 else f"{path}.{n}", x))
    return found


def uncertain_numbers(case: Case) -> tuple[Uncertain, ...]:
    """The numbers with a range, in the order of the draws' columns."""
    return tuple(Uncertain(path, x.central, x.low, x.high) for path, x in _uncertain(case))


def draw_values(case: Case, n: int, seed: int) -> npt.NDArray[np.float64]:
    """The drawn numbers of ``n`` worlds: (world, uncertain number), in the units in which they are written."""
    found = [x for _, x in _uncertain(case)]
    u = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed))).random((n, len(found)))
    low, mode, high = (np.array([float(getattr(x, k)) for x in found]) for k in ("low", "central", "high"))
    if not found:
        return u
    width = high - low
    cut = (mode - low) / width
    left = low + np.sqrt(u * width * (mode - low))
    right = high - np.sqrt((1 - u) * width * (high - mode))
    drawn: npt.NDArray[np.float64] = np.clip(np.where(u < cut, left, right), low, high)
    return drawn


def draw_cases(case: Case, n: int, seed: int, first: int = 0) -> Iterator[ResolvedCase]:
    """The possible worlds ``first`` … ``n - 1`` as resolved cases."""
    if case.resolver is None:
        for _ in range(first, n):
            yield case.resolved
        return
    found = [x for _, x in _uncertain(case)]
    place = {id(x): column for column, x in enumerate(found)}
    for row in draw_values(case, n, seed)[first:]:
        drawn = [Decimal(f"{x:.11e}") for x in row.tolist()]

        def pick(x: Number | Duration, drawn: list[Decimal] = drawn) -> Decimal:
            column = place.get(id(x))
            return x.central if column is None else min(max(drawn[column], x.low), x.high)

        yield case.resolver.resolve(pick)
