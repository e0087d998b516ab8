"""What a set of proofs leaves open: bounds at a point, and the region in which better road maps may lie.

Each :class:`Proved` rules out an orthant of gains: more than its bound for one party, at least so much for others.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise

from detente.results.frontier import Proved

Gains = Mapping[str, float]


def excluded(proved: Sequence[Proved], gains: Gains) -> bool:
    """Whether it is proved that no certified road map gives everybody so much."""
    return any(p.excludes(gains) for p in proved)


def most(proved: Sequence[Proved], party: str, gains: Gains) -> float:
    """The most that ``party`` can get while every other gets at least its part of ``gains``; infinite if not known."""
    bound = math.inf
    for p in proved:
        others = {j: v for j, v in p.least.items() if j != party}
        if any(gains[j] < v for j, v in others.items()):
            continue
        if p.party == party:
            bound = min(bound, p.bound)
        elif gains[p.party] > p.bound:
            bound = min(bound, p.least.get(party, -math.inf))
    return bound


def corners(proved: Sequence[Proved], first: str, second: str) -> tuple[tuple[float, float], ...]:
    """Of two parties: the outer corners of what is not excluded, by falling gain of the first.

    What a certified road map gives lies below and to the left of one of them. Empty where somebody's gain is not
    bounded, or nothing is left.
    """
    steps: list[tuple[float, float]] = []
    for x, y in sorted(_inner(p, first, second) for p in proved):
        if not steps or y < steps[-1][1]:
            steps.append((x, y))
    if not steps or steps[0][0] > -math.inf or steps[-1][1] > -math.inf:
        return ()
    outer = [(right[0], left[1]) for left, right in pairwise(steps)]
    return tuple(reversed(outer))


def within(
    outer: Sequence[tuple[float, float]], points: Sequence[Sequence[float]], scale: Sequence[float]
) -> float | None:
    """By how much, in parts of each party's scale, somebody may get more elsewhere than at the point that suits best.

    Whatever a certified road map gives two parties, one of ``points`` gives each of them as much, but for this. None if
    that is not bounded.
    """
    if not outer or not points:
        return None
    return max(
        0.0,
        max(min(max((a - b) / k for a, b, k in zip(o, p, scale, strict=True)) for p in points) for o in outer),
    )


def _inner(p: Proved, first: str, second: str) -> tuple[float, float]:
    """The corner of the excluded quadrant."""
    if p.party == first:
        return p.bound, p.least.get(second, -math.inf)
    return p.least.get(first, -math.inf), p.bound
