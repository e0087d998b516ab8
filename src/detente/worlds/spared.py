"""What part of the breaks would not be, were something known to be so: with its interval."""

from __future__ import annotations

import math

import numpy as np

from detente.case.stakes import Bools
from detente.results.estimates import Estimate
from detente.worlds.tally import share


def spared(breaks: Bools, known: Bools) -> Estimate | None:
    """``1 - P(breaks | known) / P(breaks)``, below 0 where it breaks more often; None where that cannot be told.

    Of worlds (n,) that had no part in choosing what is known. Breaks and the share ``w`` of worlds in which it is so
    count as ``w θ + 1 - w`` times those of the other worlds, where ``θ`` is how many times as often it breaks; its
    interval is put together from those of both shares (MOVER-R, Newcombe 2016).
    """
    so, others = breaks[known], breaks[~known]
    if not len(so) or not breaks.any():
        return None
    if not len(others):
        return Estimate(0.0, 0.0, 0.0)
    w = len(so) / len(breaks)
    value, low, high = (_part(theta, w) for theta in _ratio(so, others))
    return Estimate(value, high, low)


def _part(theta: float, w: float) -> float:
    """What is spared, if it breaks ``theta`` times as often in a part ``w`` of the worlds as in the others."""
    return 1 - 1 / w if math.isinf(theta) else (1 - w) * (1 - theta) / (w * theta + 1 - w)


def _ratio(first: Bools, second: Bools) -> tuple[float, float, float]:
    """How many times as often it breaks in worlds of the first kind: the ratio and the ends of its interval."""
    a, b = share(int(first.sum()), len(first)), share(int(second.sum()), len(second))
    both = a.value * b.value
    bottom, top = b.high * (2 * b.value - b.high), b.low * (2 * b.value - b.low)
    low = _over(both - _root(both**2 - a.low * (2 * a.value - a.low) * bottom), bottom)
    high = _over(both + _root(both**2 - a.high * (2 * a.value - a.high) * top), top)
    return _over(a.value, b.value), max(low, 0.0), high


def _root(x: float) -> float:
    return float(np.sqrt(max(x, 0.0)))


def _over(x: float, y: float) -> float:
    return x / y if y else math.inf
