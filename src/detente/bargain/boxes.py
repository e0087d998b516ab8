"""All trade-offs between two parties, by closing the boxes between neighbouring points one after the other.

Between two neighbours another efficient point can only lie in the box that they span. A box is halved by asking for the
most for the first party in its upper part, then for the most for the second in what is left below; it is closed when
that is proved to give nothing new. With every box closed the frontier is complete; stopped before, the points found are
spread over it (the balanced box method: Boland, Charkhgard and Savelsbergh, INFORMS Journal on Computing 27 (2015)
735-754).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from detente.bargain.allowance import share_of
from detente.bargain.certified import Certified, Found
from detente.bargain.proofs import excluded, most
from detente.bargain.spacing import radical_inverse
from detente.case.road_map import RoadMap

MOST_TRIES = 6
"""Questions about a box before it is left as it is, should each be answered without making it smaller."""


SHARED, MOST = 8, 60
"""Points among which time is shared, and points that are enough in any case, where no number is asked for."""

END_SHARE = 0.15
"""Of all that the search may take: for each end; how far the frontier is bounded rests on them."""

LEVELS = 12
"""Gains of one party for which the other's are bounded, where the search was cut short."""


@dataclass(frozen=True)
class Box:
    """What may lie between two neighbours: gains of the first party in ``x``, of the second in ``y``."""

    left: Found
    right: Found
    x: tuple[float, float]
    y: tuple[float, float]
    cut: bool
    """Whether the upper part has been taken off already."""

    @property
    def between(self) -> tuple[RoadMap, RoadMap]:
        """What tells it from other boxes."""
        return self.left.road_map, self.right.road_map

    @property
    def area(self) -> float:
        """In units of nothing in particular: only boxes of one frontier are compared."""
        return (self.x[1] - self.x[0]) * (self.y[1] - self.y[0])


class Boxes:
    """The search for points between two ends."""

    def __init__(self, certified: Certified) -> None:
        self.certified = certified
        self.first, self.second = certified.parties
        self.tries: Counter[tuple[RoadMap, RoadMap]] = Counter()
        self.again: Counter[str] = Counter()
        """How often each end was sought anew, because its search had been cut short."""

    def fill(self, asked: int | None) -> None:
        """Find the ends, then points between them, until there are ``asked``, nothing is open, or time is up.

        Without a number all are sought while every question is answered in full, else as many as time is shared among.
        """
        c = self.certified
        if not c.begin(END_SHARE) or self._ends(END_SHARE) is None:
            return
        while not c.allowance.spent() and len(c.points) < self._enough(asked):
            share = share_of(max((asked or SHARED) - len(c.points), 1))
            boxes = [b for b in self.open() if self.tries[b.between] < MOST_TRIES]
            ends = [p for p in c.parties if not self._reached(p) and self.again[p] < MOST_TRIES]
            if boxes:
                self._ask(min(boxes, key=lambda b: (self.tries[b.between], -b.area)), share)
            elif ends:
                self._end(min(ends, key=self.again.__getitem__), share)
            else:
                return

    def _enough(self, asked: int | None) -> int:
        return asked or (SHARED if self.certified.cut else MOST)

    def _ends(self, share: float) -> Found | None:
        one = self._end(self.first, share)
        if one is not None:
            self._end(self.second, share)
        return one

    def _end(self, party: str, share: float) -> Found | None:
        self.again[party] += 1
        other = self.second if party == self.first else self.first
        return self.certified.best((party, other), {}, share, f"most for {self.certified.case.title(party)}")

    def _reached(self, party: str) -> bool:
        """Whether it is proved that the party can get no more than at its end."""
        c = self.certified
        return most(c.proved, party, _nothing(c)) <= max(p.gains[party] for p in c.points) + c.resolution[party]

    def open(self) -> Iterator[Box]:
        """The boxes between neighbours in which a point may still lie."""
        for left, right in pairwise(self.certified.ordered()):
            box = self._box(left, right)
            if box is not None:
                yield box

    def _box(self, left: Found, right: Found) -> Box | None:
        c, a, b = self.certified, self.first, self.second
        low = {a: right.gains[a] + c.resolution[a], b: left.gains[b] + c.resolution[b]}
        if excluded(c.proved, low):
            return None
        high_a = min(most(c.proved, a, low), left.gains[a])
        high_b = min(most(c.proved, b, low), right.gains[b])
        if high_a <= low[a] or high_b <= low[b]:
            return None
        return Box(left, right, (low[a], high_a), (low[b], high_b), high_b < right.gains[b] - c.resolution[b])

    def _ask(self, box: Box, share: float) -> None:
        n = self.tries[box.between]
        self.tries[box.between] += 1
        label = "between two of them"
        if box.cut and n % 2 == 0:
            self.certified.best((self.second, self.first), {self.first: box.x[0]}, share, label)
        else:
            level = box.y[0] + radical_inverse(n + 1) * (box.y[1] - box.y[0])
            self.certified.best((self.first, self.second), {self.second: level}, share, label)

    def bound_between(self) -> None:
        """Bounds for both parties at levels spread over what the other could get."""
        c, points = self.certified, self.certified.ordered()
        for party in c.parties:
            if points and most(c.proved, party, _nothing(c)) == float("inf"):
                c.bounds(party, [{}])
        for party, other in ((self.first, self.second), (self.second, self.first)):
            top = most(c.proved, other, _nothing(c))
            if points and top < float("inf"):
                low = min(p.gains[other] for p in points)
                c.bounds(party, [{other: low + (top - low) * n / LEVELS} for n in range(LEVELS)])

    def complete(self) -> bool:
        """Whether it is proved that there are no further points."""
        c, points = self.certified, self.certified.ordered()
        if not points:
            return False
        ends = all(self._reached(p) for p in c.parties)
        return ends and not any(True for _ in self.open()) and all(c.point(p).efficient for p in points)

    def levels(self, asked: int | None) -> list[dict[str, float]]:
        """Least gains of the second party, evenly spread between the ends."""
        count = asked or SHARED
        points = self.certified.ordered()
        low, high = points[0].gains[self.second], points[-1].gains[self.second]
        return [{self.second: low + (high - low) * n / max(1, count - 1)} for n in range(count)]


def _nothing(c: Certified) -> dict[str, float]:
    return dict.fromkeys(c.parties, float("-inf"))
