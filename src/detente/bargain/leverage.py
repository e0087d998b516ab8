"""What parties have to give: their measures that are not done yet, and what these are worth to the others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.case.resolved import ResolvedCase
from detente.case.stakes import Floats, Stakes, stakes
from detente.incentives.kept import clusters
from detente.incentives.tables import tables


@dataclass(frozen=True)
class Offer:
    """A party's measures that can still come, and their worth to each other party."""

    measures: tuple[str, ...]
    worth: dict[str, float]


def offers(case: ResolvedCase) -> dict[str, Offer]:
    """For each party that has measures: those not done that no done one excludes.

    Their worth to another is ``Σ max(once + d during + Σ_s δ^s flow(s), 0)`` at the common discount, as if all came at
    once; of measures that exclude or replace each other the largest only, and of one that replaces a done one only what
    it adds.
    """
    st = stakes(case)
    free = _free(st)
    worth = np.where(free, _worth(st), 0.0)
    found = {}
    for i, party in enumerate(st.parties):
        if not (st.owner == i).any():
            continue
        own = free & (st.owner == i)
        to = {q: _sum(st, np.where(own, worth[j], 0.0)) for j, q in enumerate(st.parties) if j != i}
        found[party] = Offer(tuple(np.array(st.measures)[own].tolist()), to)
    return found


def _free(st: Stakes) -> np.typing.NDArray[np.bool_]:
    """(N,) measures that can still come."""
    free = ~st.done & (st.owner >= 0)
    for a, b in st.excludes:
        free[a] &= not st.done[b]
        free[b] &= not st.done[a]
    return free


def _worth(st: Stakes) -> Floats:
    """(P, N) what each measure adds from the start."""
    flows = tables(st, common=True).worth[:, :, 0]
    worth = st.once + st.takes * st.during + flows
    for k in np.flatnonzero(st.replaces >= 0):
        if st.done[st.replaces[k]]:
            worth[:, k] -= flows[:, st.replaces[k]]
    return np.maximum(worth, 0.0)


def _sum(st: Stakes, worth: Floats) -> float:
    """Over measures, of those linked by exclusion or replacement the largest only."""
    return float(sum(worth[list(group)].max() for group in clusters(st)))
