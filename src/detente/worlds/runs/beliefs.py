"""What conduct tells of the others: how likely each party is to go on in a period, given that no breach of it has been
seen before and who has come to office, over the worlds that may be (Bayes' rule).

Trust needed weighs what it costs to go on while another leaves in that period; so what is asked here is whether it
does, not whether it ever will (as in model §8).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from detente.case.stakes import Floats, Ints
from detente.case.variants import Variant
from detente.incentives.many.prospects import first_moments, unseen_before
from detente.worlds.runs.played import Cast

Office = tuple[tuple[int, tuple[str, ...]], ...]
"""Which governments came so far, and when."""


class Beliefs:
    """Public beliefs, formed on some worlds. They reckon in periods of the road map as agreed."""

    def __init__(self, casts: Sequence[Cast], variants: Sequence[Variant]) -> None:
        self._variants = variants
        self._honest: dict[Office, Floats] = {}
        self._unseen: dict[Office, Floats] = {}
        for c in casts:
            for regime in range(len(c.stage.begin)):
                self._add(c, regime)

    def of(self, variant: int, regimes: int) -> Floats:
        """(R, T+1, P) in each regime of a variant, how likely each party is to go on in a period."""
        return np.stack([self._earned(office(self._variants[variant], g)) for g in range(regimes)])

    def _earned(self, key: Office) -> Floats:
        unseen = self._unseen[key]
        result: Floats = np.where(unseen > 0, self._honest[key] / np.maximum(unseen, 1e-300), 0.0)
        return result

    def _add(self, c: Cast, regime: int) -> None:
        key, p = office(self._variants[c.variant], regime), c.stage
        leaves = p.moments["leaves"][:, 0].copy()
        whose = np.zeros(leaves.shape[1], dtype=np.int64)
        for g in range(1, regime + 1):
            leaves[:, p.begin[g] :] = p.moments["leaves"][:, g, p.begin[g] :]
            whose[p.begin[g] :] = g
        begins = first_moments(leaves)
        honest, unseen = _counts(c, begins, whose)
        self._honest[key] = self._honest.get(key, 0.0) + honest
        self._unseen[key] = self._unseen.get(key, 0.0) + unseen


def _counts(c: Cast, begins: Ints, whose: Ints) -> tuple[Floats, Floats]:
    """(T+1, P) worlds in which a party has not left by a period, and in which nothing was seen before (expected)."""
    n, P = begins.shape
    T = len(whose) - 1
    at = np.minimum(begins, T)
    rows, parties = np.arange(n)[:, None], np.arange(P)
    then = c.stage.moments[rows, whose[at], at, parties]
    which = np.stack([then["a"], then["b"]], axis=-1)
    which = np.ascontiguousarray(np.where((begins <= T)[..., None], which, -1))
    unseen = unseen_before(c.seen, begins, which)[:, :, : T + 1].sum(axis=0).T
    goes_on = (begins[:, None] > np.arange(T + 1)[:, None]).sum(axis=0)
    return goes_on.astype(np.float64), unseen


def office(variant: Variant, regime: int) -> Office:
    """Which governments have come in a variant up to a regime, and when."""
    return tuple(
        (period, tuple(o.name for o in options if o.kind == "government"))
        for period, options in variant.options[: regime + 1]
    )
