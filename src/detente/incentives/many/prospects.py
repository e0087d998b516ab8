"""What each party gains by leaving, and when it would, in many worlds at once (model §4, §5, §8).

Walking out, and cheating on every one and every two measures, are tried in every world; larger sets are not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from detente.case.batch import Batch
from detente.case.stakes import NEVER, Bools, Floats, Ints
from detente.incentives.many.cheat import best_cheats, clear_until
from detente.incentives.many.compiled import compiled, translated
from detente.incentives.many.frame import FOUND, LEFT, World, world, worlds
from detente.incentives.many.tables import table
from detente.incentives.many.walk import exposures, milestone_part, no_deal, walk_base

SURE = 1e-9
"""Gains below this share of all that a party may be paid are rounding."""


class Found(NamedTuple):
    """What is worked out for each world; see :class:`Prospects`."""

    kept: Floats
    walk: Floats
    cheat: Floats
    which: Ints
    exposure: Floats
    left: Floats
    sure: Floats
    players: Bools


@dataclass(frozen=True, eq=False)
class Prospects:
    """``n`` worlds, T periods (the last entry of a series stands for ever), P parties. In each party's own units."""

    V: Floats
    """(n, T+1, P) continuation values"""
    W: Floats
    """(n, T+1, P) what walking out yields"""
    C: Floats
    """(n, T+1, P) what the best cheat on one or two measures yields; -inf where there is nothing to cheat on"""
    which: Ints
    """(n, T+1, P, 2) the measures of that cheat, -1 for none"""
    exposure: Floats
    """(n, T+1, P)"""
    S: Floats
    """(n, T+1, P, P) what a party (first) is left with when another (second) leaves openly; 0 on the diagonal"""
    sure: Floats
    """(n, P) differences below this are rounding"""
    players: Bools
    """(n, P) False: bystanders"""

    @property
    def margin(self) -> Floats:
        """(n, T+1, P) what leaving costs; bystanders have nothing to leave."""
        return self.V - np.maximum(self.W, self.C)

    def needed(self) -> Floats:
        """(n, T+1, P) the least chance that the others go on at which a party goes on too (model §8)."""
        E, margin = self.exposure, self.margin
        margin = np.where(np.abs(margin) <= self.sure[:, None], 0.0, margin)
        E = np.where(self.sure[:, None] >= E, 0.0, E)
        with np.errstate(invalid="ignore", divide="ignore"):
            share = np.where(margin > 0, E / (margin + E), np.where((margin == 0) & (E == 0), 0.0, 1.0))
        result: Floats = np.where(self.players[:, None], share, 0.0)
        return result


def prospects(b: Batch, c: Ints, *, pairs: bool = True) -> Prospects:
    """What everybody gains by leaving one road map in every world of a batch.

    ``c`` (n, N): the periods from which its measures are in force in each world, -1 done, ``NEVER`` absent.
    ``pairs`` False: only walking out and cheats on one measure.
    """
    found = _all_worlds(worlds(b, c), pairs)
    return Prospects(
        V=found.kept.transpose(0, 2, 1),
        W=found.walk.transpose(0, 2, 1),
        C=found.cheat.transpose(0, 2, 1),
        which=found.which.transpose(0, 2, 1, 3),
        exposure=found.exposure.transpose(0, 2, 1),
        S=found.left.transpose(0, 3, 1, 2),
        sure=found.sure,
        players=found.players,
    )


def at_hand() -> bool:
    """Whether :func:`prospects` can start at once; else it is first translated into machine code."""
    return translated(_all_worlds)


def values(b: Batch, c: Ints, *, common: bool = False) -> Floats:
    """(n, P) what a road map is worth to each party from period 0 on, at its own or at the common discount."""
    return _values(worlds(b, c, common=common), False)


def reserves(b: Batch, *, common: bool = False) -> Floats:
    """(n, P) what no deal is worth, stated or computed, at each party's own or at the common discount."""
    st = b.like
    c = np.where(st.done, -1, NEVER)
    for m, members in enumerate(st.members):
        if members:
            c[m] = c[list(members)].max()
    found = _values(worlds(b, np.broadcast_to(c, (b.n, len(c))), common=common), True)
    for i, stated in enumerate(b.reserve):
        if stated is not None:
            found[:, i] = stated * (1 - b.discount[:, i]) / (1 - b.common) if common else stated
    return found


@compiled
def _values(x: World, nothing: bool) -> Floats:
    """(n, P) of all worlds: the road map kept, or with ``nothing`` everybody stopping in period 0."""
    out = np.empty(x.parties.shape)
    for m in range(len(out)):
        w = world(x, m)
        tb = table(w)
        if nothing:
            out[m] = no_deal(w, tb)
        else:
            for i in range(out.shape[1]):
                out[m, i] = tb.series[i, 0].kept
    return out


@compiled
def _all_worlds(x: World, pairs: bool) -> Found:
    n, T, P = len(x.parties), x.periods, x.parties.shape[1]
    out = Found(
        np.empty((n, P, T + 1)), np.empty((n, P, T + 1)), np.full((n, P, T + 1), -np.inf),
        np.full((n, P, T + 1, 2), -1), np.empty((n, P, T + 1)), np.empty((n, P, P, T + 1)), np.empty((n, P)),
        np.zeros((n, P), dtype=np.bool_),
    )  # fmt: skip
    for m in range(n):
        _one_world(world(x, m), pairs, m, out)
    return out


@compiled
def _one_world(w: World, pairs: bool, m: int, out: Found) -> None:
    T, P = w.periods, len(w.parties)
    tb = table(w)
    chosen = np.zeros((P, T + 1), dtype=np.int64)
    for k in range(len(w.measures)):
        if w.measures[k].owner >= 0 and w.measures[k].c < T:
            out.players[m, w.measures[k].owner] = True
    out.sure[m] = tb.size * SURE
    for i in range(P):
        for t in range(T + 1):
            out.kept[m, i, t] = tb.series[i, t].kept
        base, plain = np.empty((2, T + 1)), np.empty((2, T + 1))
        for early in (LEFT, FOUND):
            base[early] = walk_base(w, tb, i, early)
            plain[early], bits = milestone_part(w, tb, i, early)
            if early == LEFT:
                chosen[i] = bits
        out.walk[m, i] = base[0] + plain[0]
        if out.players[m, i]:
            best, which = best_cheats(w, tb, i, base, plain, pairs)
            out.cheat[m, i], out.which[m, i] = best, which
    out.exposure[m], out.left[m] = exposures(w, tb, chosen)


def leaving(found: Prospects, discount: Floats) -> tuple[Bools, Floats]:
    """(n, T+1, P) whether a party leaves in a period if it is still there, and Z of model §8.

    ``discount`` (n, P), or (n, T+1, P) where it changes. A party stops at its best moment; going on while that is as
    good counts as going on.
    """
    T = found.V.shape[1] - 1
    ahead = np.broadcast_to(discount if discount.ndim == 3 else discount[:, None], found.V.shape)
    best = np.where(found.players[:, None], np.maximum(found.W, found.C), -np.inf)
    Z, leaves = np.empty_like(found.V), np.empty(found.V.shape, dtype=np.bool_)
    for t in range(T, -1, -1):
        going = found.V[:, T]
        if t < T:
            going = found.V[:, t] + ahead[:, t] * (Z[:, t + 1] - found.V[:, t + 1])
        Z[:, t] = np.maximum(best[:, t], going)
        leaves[:, t] = best[:, t] > going + found.sure
    return leaves, Z


def first_moments(leaves: Bools) -> Ints:
    """(n, P) the first period in which each party leaves, ``NEVER`` if it goes on for ever."""
    return np.where(leaves.any(axis=1), leaves.argmax(axis=1), NEVER)


@compiled
def unseen_before(x: World, begins: Ints, which: Ints) -> Floats:
    """(n, P, T+2) chance that each party's breach has not been seen before t.

    ``begins`` (n, P): when it begins (above T: never); ``which`` (n, P, 2): on what it cheats; -1: it walks out.
    """
    n, P = begins.shape
    T = x.periods
    out = np.ones((n, P, T + 2))
    for m in range(n):
        w = world(x, m)
        for i in range(P):
            t0 = begins[m, i]
            if t0 > T:
                continue
            if which[m, i, 0] < 0:
                out[m, i, t0 + 1 :] = 0.0
            else:
                out[m, i] = clear_until(w, which[m, i, 0], which[m, i, 1], t0)
    return out
