"""Possible worlds: one draw of everything that is uncertain in a case (model §8).

Numbers are drawn in the shapes of their ranges; times are drawn, then rounded to periods. A resolved case has no
ranges: every world is the case itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import numpy as np
import numpy.typing as npt

from detente.case.check_more import figures, numbers_in
from detente.case.correlations import Linked, linked
from detente.case.load import Case
from detente.case.quantities import Duration, Number
from detente.case.resolved import ResolvedCase
from detente.case.sampling import CHUNK, Method, points
from detente.case.shapes import Floats, Shape, drawn
from detente.case.variants import Cases, Variant, governments_of, types_of, variants


@dataclass(frozen=True)
class Uncertain:
    """One uncertain number: its path in the case, its central value and the ends of its range, as written."""

    path: str
    central: Decimal
    low: Decimal
    high: Decimal
    shape: Shape = "triangular"


@dataclass(frozen=True)
class Drawn:
    """A chunk of worlds: row ``r`` is world ``index * CHUNK + r``."""

    index: int
    u: Floats
    """(CHUNK, column): the quantile at which each number is drawn, in (0, 1)."""
    variant: npt.NDArray[np.intp]
    """(CHUNK,): which of the variants the world is."""


@dataclass(frozen=True)
class _Columns:
    """Where the columns of the draws lead in one case: its ranges (low = high where it has none; nan where it has no
    such number), and the column of each of its numbers."""

    shapes: npt.NDArray[np.str_]
    low: Floats
    mode: Floats
    high: Floats
    places: dict[int, int]


class Draws:
    """The possible worlds of a case, in chunks; the same for the same ``seed`` and ``method``, in whatever order.

    ``method``: ``lhs`` (Latin hypercube), ``sobol`` (scrambled) or ``random``.
    """

    def __init__(self, case: Case, seed: int, method: Method = "lhs") -> None:
        self.case, self.seed, self.method = case, seed, method
        self._cases = Cases(case)
        self._known: dict[int, tuple[Case, _Columns]] = {}

    def __reduce__(self) -> tuple[type[Draws], tuple[Case, int, Method]]:
        return Draws, (self.case, self.seed, self.method)

    @cached_property
    def variants(self) -> tuple[Variant, ...]:
        """What the case may be besides its numbers: the combinations of types and governments, with their chances."""
        return variants(self.case, self._cases)

    @cached_property
    def numbers(self) -> tuple[Uncertain, ...]:
        """The uncertain numbers of all variants, in the order of the columns; a number that a variant sets differently
        keeps its column, so that it is drawn at the same quantile."""
        alone = [option for options in types_of(self.case).values() for option in options]
        others = [self._cases([option]) for option in (*alone, *governments_of(self.case))]
        return columns_of([self.case, *others])

    @cached_property
    def _linked(self) -> Linked | None:
        document = self.case.document
        given = document.uncertainty.correlations if document is not None else ()
        return linked(given, [x.path for x in self.numbers])

    def chunk(self, index: int) -> Drawn:
        """The worlds ``index * CHUNK`` … ``(index + 1) * CHUNK - 1``."""
        return self.at(points(self.method, self.seed, index, 1 + len(self.numbers)), index)

    def at(self, u: Floats, index: int = 0) -> Drawn:
        """The worlds at some independent uniform numbers (world, 1 + column): the first picks the variant."""
        shares = np.cumsum([v.chance for v in self.variants])
        variant = np.searchsorted(shares / shares[-1], u[:, 0], side="right")
        numbers = u[:, 1:]
        return Drawn(index, numbers if self._linked is None else self._linked.apply(numbers), variant)

    def values(self, case: Case, u: Floats) -> Floats:
        """The drawn numbers (rows, columns) of a regime's case, in the units in which they are written.

        A column is constant where the case has no range, and nan where it has no such number.
        """
        c = self._columns(case)
        return drawn(c.shapes, c.low, c.mode, c.high, u)

    def places(self, case: Case) -> Callable[[Number | Duration], int | None]:
        """For each number of a regime's case its column; None for those that are not drawn."""
        c = self._columns(case)
        return lambda x: c.places.get(id(x))

    def resolved(self, drawn: Drawn, row: int, regime: int = 0) -> ResolvedCase:
        """One world as a resolved case, in one of its regimes."""
        case = self.variants[drawn.variant[row]].case(regime)
        if case.resolver is None:
            given: ResolvedCase = case.resolved
            return given
        values = [Decimal(f"{x:.11e}") for x in self.values(case, drawn.u[row : row + 1])[0].tolist()]
        place = self.places(case)

        def pick(x: Number | Duration) -> Decimal:
            column = place(x)
            return x.central if column is None else min(max(values[column], x.low), x.high)

        world: ResolvedCase = case.resolver.resolve(pick)
        return world

    def worlds(self, n: int, first: int = 0) -> Iterator[ResolvedCase]:
        """The worlds ``first`` … ``n - 1`` as resolved cases, with today's governments."""
        for index in range(first // CHUNK, -(-n // CHUNK)):
            chunk = self.chunk(index)
            for row in range(max(first - index * CHUNK, 0), min(n - index * CHUNK, CHUNK)):
                yield self.resolved(chunk, row)

    def _columns(self, case: Case) -> _Columns:
        if id(case) not in self._known:
            self._known[id(case)] = (case, self._find(case))
        return self._known[id(case)][1]

    def _find(self, case: Case) -> _Columns:
        column = {x.path: n for n, x in enumerate(self.numbers)}
        shapes = np.full(len(column), "", dtype="<U10")
        low, mode, high = (np.full(len(column), np.nan) for _ in range(3))
        places = dict[int, int]()
        for path, x in numbers_of(case):
            c = column.get(path)
            if c is None:
                continue
            low[c], mode[c], high[c] = float(x.low), float(x.central), float(x.high)
            if x.ranged:
                shapes[c], places[id(x)] = shape_of(case, x), c
        return _Columns(shapes, low, mode, high, places)


def uncertain_numbers(case: Case) -> tuple[Uncertain, ...]:
    """The numbers of a case that have a range, in the order of the schema."""
    return columns_of([case])


def columns_of(cases: Iterable[Case]) -> tuple[Uncertain, ...]:
    """The numbers that have a range in any of some cases, those of the first case first."""
    found: dict[str, Uncertain] = {}
    for case in cases:
        for path, x in numbers_of(case):
            if x.ranged and path not in found:
                found[path] = Uncertain(path, x.central, x.low, x.high, shape_of(case, x))
    return tuple(found.values())


def shape_of(case: Case, x: Number | Duration) -> Shape:
    """How a number of a case is spread over its range."""
    return x.shape or (case.document.uncertainty.shape if case.document is not None else "triangular")


def numbers_of(case: Case) -> Iterator[tuple[str, Number | Duration]]:
    """Every number of a case with its path."""
    if case.document is None:
        return
    hidden = (place for thing in case.hidden for place in figures(thing.written, thing.loc))
    for loc, figure in (*figures(case.document), *hidden):
        numbers, path = numbers_in(figure), ".".join(str(p) for p in loc)
        yield from ((path if len(numbers) == 1 else f"{path}.{n}", x) for n, x in enumerate(numbers))
