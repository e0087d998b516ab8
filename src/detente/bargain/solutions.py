"""Bargaining solutions over a finite set of outcomes: Nash, Kalai-Smorodinsky, egalitarian, utilitarian.

An outcome is what it is worth to each party, one that all of them could agree on. Gains are counted from the
reservation values, wherever these lie. Of equally good outcomes the first counts.

Sources: Nash, Econometrica 18 (1950) 155-162; Kalai and Smorodinsky, Econometrica 43 (1975) 513-518; Kalai,
Econometrica 45 (1977) 1623-1630; for finite sets the least gain is refined to leximin, as in Imai, Econometrica 51
(1983) 389-401.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from detente.case.stakes import Floats

ROUNDING = 1e-9
"""Shares closer than this, relative to their size, count as equal."""

Worths = Sequence[Sequence[float]]
"""For each outcome what it is worth to each party."""


@dataclass(frozen=True)
class Chosen:
    """The outcome that a solution picks, by its place in the list, and what it maximises there."""

    index: int
    value: float


def gains(outcomes: Worths, reservation: Sequence[float]) -> Floats:
    """(n, m) what each of n outcomes gives each of m parties over its reservation value."""
    worth = np.asarray(outcomes, dtype=np.float64).reshape(-1, len(reservation))
    return worth - np.asarray(reservation, dtype=np.float64)


def nash(outcomes: Worths, reservation: Sequence[float]) -> Chosen | None:
    """The largest product of gains, ``max Π_i (u_i - r_i)``; None if no outcome gives everybody a gain."""
    g = gains(outcomes, reservation)
    products = np.where(np.all(g > 0, axis=1, keepdims=True), g, 0.0).prod(axis=1)
    return _largest(products) if products.any() else None


def utilitarian(outcomes: Worths, reservation: Sequence[float], scale: Sequence[float]) -> Chosen | None:
    """The largest sum of gains, each in units of its party's ``scale``: ``max Σ_i (u_i - r_i) / K_i``."""
    return _largest((gains(outcomes, reservation) / np.asarray(scale)).sum(axis=1))


def egalitarian(outcomes: Worths, reservation: Sequence[float], scale: Sequence[float]) -> Chosen | None:
    """The largest least gain, in units of each party's ``scale``; of these the largest next to least, and so on."""
    return _leximin(gains(outcomes, reservation) / np.asarray(scale))


def kalai_smorodinsky(outcomes: Worths, reservation: Sequence[float]) -> Chosen | None:
    """The largest least share of what each party could get at best: ``leximin (u_i - r_i) / (u_i* - r_i)``.

    ``u_i*`` is the most that any of the outcomes gives to i; a party that can gain nothing is left out.
    """
    g = gains(outcomes, reservation)
    most = g.max(axis=0, initial=0.0)
    return _leximin(g[:, most > 0] / most[most > 0])


def _largest(values: Floats) -> Chosen | None:
    if not len(values):
        return None
    best = int(np.argmax(values))
    return Chosen(best, float(values[best]))


def _leximin(shares: Floats) -> Chosen | None:
    """The row whose entries, sorted, come last in the order of dictionaries."""
    left = np.arange(len(shares))
    if not len(left):
        return None
    ordered = np.sort(shares, axis=1)
    for column in range(shares.shape[1]):
        best = ordered[left, column].max()
        left = left[ordered[left, column] >= best - ROUNDING * max(1.0, abs(best))]
    return Chosen(int(left[0]), float(ordered[left[0], 0]) if shares.shape[1] else 0.0)
