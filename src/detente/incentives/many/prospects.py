"""What each party gains by leaving, and when it would, in many worlds at once (model §4, §5, §8).

Walking out, and cheating on every one and every two measures, are tried in every world; larger sets are not.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from detente.case.batch import Batch
from detente.case.stakes import NEVER, Bools, Floats, Ints
from detente.incentives.many.cheat import unseen
from detente.incentives.many.compiled import translated
from detente.incentives.many.covert import Unrest, best_cheats, cheats, undisturbed
from detente.incentives.many.frame import ALL, FOUND, LEFT, World, portions, worlds
from detente.incentives.many.tables import Table, sizes, tables
from detente.incentives.many.walk import Walks, exposures, no_deal, walks

SURE = 1e-9
"""Gains below this share of all that a party may be paid are rounding."""


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
    return prospects_amid(worlds(b, c), undisturbed(b.n), pairs=pairs)[0]


def prospects_amid(x: World, unrest: Unrest, *, pairs: bool = True) -> tuple[Prospects, Floats]:
    """The same where the road map may also end otherwise, and (n, T+1, P) the chance that it does not in a period."""
    parts = [_of_some(some, unrest.of(rows), pairs) for rows, some in portions(x)]
    found = (np.concatenate([getattr(p, f.name) for p, _ in parts]) for f in fields(Prospects))
    return Prospects(*found), np.concatenate([lasts for _, lasts in parts])


def _of_some(x: World, unrest: Unrest, pairs: bool) -> tuple[Prospects, Floats]:
    tb = tables(x)
    out = walks(x, tb)
    V, lasts = _kept(x, tb, out, unrest)
    due = (x.measures["c"] < x.periods)[:, :, None]
    players: Bools = (due & (x.measures["owner"][:, :, None] == np.arange(V.shape[1]))).any(axis=1)
    C, which = best_cheats(x, tb, out, unrest, players, pairs)
    exposure, S = exposures(x, tb, out)
    found = Prospects(
        V=V.transpose(0, 2, 1),
        W=out.worth(LEFT).transpose(0, 2, 1),
        C=C.transpose(0, 2, 1),
        which=which.transpose(0, 2, 1, 3),
        exposure=exposure.transpose(0, 2, 1),
        S=S.transpose(0, 3, 1, 2),
        sure=sizes(x) * SURE,
        players=players,
    )
    return found, lasts.transpose(0, 2, 1)


def _kept(x: World, tb: Table, out: Walks, unrest: Unrest) -> tuple[Floats, Floats]:
    """(n, P, T+1) the worth of going on, and the chance that the road map does not end in a period."""
    V: Floats = tb.series["kept"].copy()
    if not unrest.stirs:
        return V, np.ones(V.shape)
    T, delta, cost = x.periods, x.parties["discount"], x.parties["exit_cost"]
    blamed = 1 - np.take_along_axis(unrest.quiet[:, None], unrest.own, axis=2)
    lasts = (1 - blamed) * (1 - unrest.ends)
    found, over = out.worth(FOUND), out.worth(ALL)
    for t in range(T, -1, -1):
        a, e, then = blamed[:, :, t], unrest.ends[:, :, t], min(t + 1, T)
        V[:, :, t] = tb.series["u"][:, :, t] - a * cost
        V[:, :, t] += delta * (a * found[:, :, then] + (1 - a) * e * over[:, :, then])
        if t == T:
            V[:, :, t] /= 1 - delta * lasts[:, :, t]
        else:
            V[:, :, t] += delta * lasts[:, :, t] * V[:, :, t + 1]
    return V, lasts


def at_hand() -> bool:
    """Whether :func:`prospects` can start at once; else it is first translated into machine code."""
    return translated(cheats)


def values(b: Batch, c: Ints, *, common: bool = False) -> Floats:
    """(n, P) what a road map is worth to each party from period 0 on, at its own or at the common discount."""
    x = worlds(b, c, common=common)
    return np.concatenate([tables(some).series["kept"][:, :, 0] for _, some in portions(x)])


def reserves(b: Batch, *, common: bool = False) -> Floats:
    """(n, P) what no deal is worth, stated or computed, at each party's own or at the common discount."""
    st = b.like
    c = np.where(st.done, -1, NEVER)
    for m, members in enumerate(st.members):
        if members:
            c[m] = c[list(members)].max()
    x = worlds(b, np.broadcast_to(c, (b.n, len(c))), common=common)
    found = np.concatenate([no_deal(some, tables(some)) for _, some in portions(x)])
    for i, stated in enumerate(b.reserve):
        if stated is not None:
            found[:, i] = stated * (1 - b.discount[:, i]) / (1 - b.common) if common else stated
    return found


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


def unseen_before(x: World, begins: Ints, which: Ints) -> Floats:
    """(n, P, T+2) chance that each party's breach has not been seen before t.

    ``begins`` (n, P): when it begins (above T: never); ``which`` (n, P, 2): on what it cheats; -1: it walks out.
    """
    out = np.ones((*begins.shape, x.periods + 2))
    unseen(x, np.ascontiguousarray(begins), np.ascontiguousarray(which), out)
    return out
