"""Going over the values: a grid, the ends first, then every change between neighbours narrowed down.

Verdicts need not be monotone, so the whole grid is gone over; what changes twice between two of its values is missed.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise, product

from detente.mend.threshold_axes import Span
from detente.mend.threshold_points import At, Judge, Stopped
from detente.results.threshold import Point

Line = tuple[int, Decimal | None]
"""A line on which changes are narrowed down: along one number, the other (if there is one) being so much."""


@dataclass
class Scan:
    """What has been looked at, and what ended the scan before its time: ``clock``, ``interrupted`` or nothing."""

    spans: Sequence[Span]
    judge: Judge
    tell: Callable[[str], None]
    deadline: float | None = None
    stop: threading.Event = field(default_factory=threading.Event)
    narrow: Callable[[Point, Point], bool] = lambda a, b: a.state != b.state
    """Whether the change between two neighbours is to be narrowed down."""
    points: dict[At, Point] = field(default_factory=dict)
    cut: str | None = None

    def run(self) -> None:
        """Go over the grid, then narrow the changes down; what was found stays if it is stopped."""
        try:
            self._grid()
            self._narrow_all()
        except KeyboardInterrupt:
            self.cut = "interrupted"
        except Stopped:
            self.cut = self.cut or "interrupted"

    def _grid(self) -> None:
        every = [tuple(at) for at in product(*(_ends_first(s.values) for s in self.spans))]
        for n, at in enumerate(every):
            self.tell(f"{n} of {len(every)} values")
            self._look(at)

    def _look(self, at: At) -> Point:
        if at not in self.points:
            if self.stop.is_set():
                raise Stopped
            if self.deadline is not None and time.monotonic() >= self.deadline:
                self.cut = "clock"
                raise Stopped
            self.points[at] = self.judge.at(at)
        return self.points[at]

    def _narrow_all(self) -> None:
        """Halve the widest of all brackets, again and again, until each is as narrow as asked."""
        lines = list(self._lines())
        while True:
            wide = [x for line in lines for x in self._wide(*line)]
            if not wide:
                return
            self.tell(f"narrowing {len(wide)} change{'s' * (len(wide) > 1)} down, {len(self.points)} values so far")
            for at in wide:
                self._look(at)

    def _lines(self) -> Iterator[Line]:
        if len(self.spans) == 1:
            yield 0, None
            return
        for axis in (0, 1):
            yield from ((axis, beside) for beside in self.spans[1 - axis].values)

    def _wide(self, axis: int, beside: Decimal | None) -> Iterator[At]:
        """Where to look next on a line: in the middle of every change that is not narrow enough."""
        span = self.spans[axis]
        on = [p for p in self.points.values() if beside is None or p.at[1 - axis] == beside]
        for a, b in pairwise(sorted(on, key=lambda p: p.at[axis])):
            middle = span.middle(a.at[axis], b.at[axis]) if self.narrow(a, b) else None
            if middle is not None:
                yield (middle,) if beside is None else (middle, beside) if axis == 0 else (beside, middle)


def _ends_first(values: Sequence[Decimal]) -> list[Decimal]:
    """The ends, then the middle, then the quarters, …: what is known early is spread over the whole."""
    order, queue = [0, len(values) - 1], [(0, len(values) - 1)]
    while queue:
        low, high = queue.pop(0)
        middle = (low + high) // 2
        if middle not in (low, high):
            order.append(middle)
            queue += [(low, middle), (middle, high)]
    return [values[n] for n in dict.fromkeys(order)]
