"""Where a road map may end without anybody leaving it: false alarms that are believed, and incidents.

A false alarm on a measure that is believed ends the road map as if its owner had been found out. For the others, and
after an incident for all, everybody stops in the next period, nobody pays an exit cost, no stick fires, and nobody
leaves anything alone that it would undo by the rule. Going on is then worth less, and so is cheating, but for what is
cheated on there is nothing to raise a false alarm about.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from detente.case.batch import Batch
from detente.case.stakes import Bools, Floats, Ints
from detente.incentives.many.cheat import watched
from detente.incentives.many.covert import Unrest
from detente.incentives.many.frame import ALL, FOUND, World, portions, worlds
from detente.incentives.many.prospects import Prospects, prospects_amid
from detente.incentives.many.tables import tables
from detente.incentives.many.walk import walks


@dataclass(frozen=True, eq=False)
class Noise:
    """How often it happens, by world (n,); chances a period."""

    believed: Floats
    """that a false alarm on one inspected measure is raised and believed"""
    stops: Floats
    """that an incident ends the road map"""
    missed: Floats
    """share of true alarms that are not believed"""

    def seen(self, b: Batch) -> Batch:
        """The worlds with detection as far as it is believed."""
        seen = (1 - self.missed)[:, None]
        return replace(b, detect_base=b.detect_base * seen, access=b.access * seen)

    def unrest(self, watch: Bools, owner: Ints, P: int) -> Unrest:
        """What it does to each party; ``watch`` (n, N, T+1): what may raise an alarm, ``owner`` (N,) whose it is."""
        quiet = np.ones((len(watch), len(owner) + 1))
        quiet[:, 1:] = 1 - self.believed[:, None]
        np.cumprod(quiet, axis=1, out=quiet)
        own = np.stack([watch[:, owner == i].sum(axis=1) for i in range(P)], axis=1)
        others = own.sum(axis=1, keepdims=True) - own
        calm = np.take_along_axis(quiet[:, None], others, axis=2)
        stirs = bool(self.believed.any() or self.stops.any())
        return Unrest(stirs, quiet, watch, own, 1 - (1 - self.stops[:, None, None]) * calm)


def amid(b: Batch, c: Ints, noise: Noise) -> tuple[Prospects, Floats]:
    """What everybody gains by leaving where the road map may end of itself (see
    :func:`~detente.incentives.many.prospects.prospects`), and (n, T+1, P) the discount of each party times the chance
    that it does not end in a period."""
    unrest = noise.unrest(watched(worlds(b, c)), b.like.owner, len(b.like.parties))
    found, lasts = prospects_amid(worlds(noise.seen(b), c), unrest)
    return found, lasts * b.discount[:, None]


class Surroundings(NamedTuple):
    """What runs need of each world besides: (n, P or N, T+1)."""

    pays: Floats
    """what a period of the road map pays each party"""
    stands: Floats
    """what it pays while the road map stands still"""
    over: Floats
    """what each party has from then on if everybody stops"""
    found: Floats
    """what it has from then on having been found out, its exit cost apart"""
    undone: Bools
    """whether a measure's owner undoes it when it stops then"""
    watch: Bools
    """whether a measure is in force and inspected"""


def surroundings(x: World) -> Surroundings:
    """What runs need of each world besides its incentives."""
    found = []
    for _, some in portions(x):
        tb = tables(some)
        out = walks(some, tb)
        pays = tb.series["u"].copy()
        found.append((pays, _stands(some), out.worth(ALL), out.worth(FOUND), tb.undone, watched(some)))
    return Surroundings(*(np.concatenate(each) for each in zip(*found, strict=True)))


def _stands(x: World) -> Floats:
    """(n, P, T+1)"""
    T, replaces = x.periods, x.measures["replaces"][0]
    counts = (x.measures["c"][:, :, None] < np.arange(T + 1)).astype(np.float64)
    for new in np.flatnonzero(replaces >= 0):
        counts[:, replaces[new]] -= counts[:, new]
    out = np.empty((*x.parties.shape, T + 1))
    for t in range(T + 1):
        flow = x.flow[:, min(t, x.flow.shape[1] - 1)]
        out[:, :, t] = x.quo[:, min(t, T - 1)] + np.einsum("npk,nk->np", flow, counts[:, :, t])
    return out
