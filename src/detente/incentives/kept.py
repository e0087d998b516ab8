"""Values while the road map is kept: V, gains at the common discount, scales, no deal (model §3, §6, §10)."""

from __future__ import annotations

import numpy as np

from detente.case.stakes import Bools, Floats, Ints, Stakes
from detente.incentives.milestones import after_breach
from detente.incentives.tables import Tables, kept_terms, tables

RESIDUE = 1e-12
"""A sum that comes to less than this share of its terms is rounding, and counts as 0."""


def kept(tb: Tables, c: Ints) -> Floats:
    """(T+1, P) continuation values V_i(t), the last entry for ever after.

    ``c`` (N,) completion periods. Replaced measures must be in force no later than what replaces them.
    """
    N = len(tb.stakes.measures)
    terms = tb.kept_table[:, np.arange(N), tb.columns(c)] if "kept_table" in vars(tb) else kept_terms(tb, c)
    result: Floats = (tb.background + terms.sum(axis=1)).T
    return result


def per_period(tb: Tables, c: Ints) -> Floats:
    """(T+1, P) payoffs u_i(t) while all go on; the last entry for each period after the horizon."""
    V = kept(tb, c)
    result: Floats = V - tb.discount * np.vstack([V[1:], V[-1:]])
    return result


def reserves(stakes: Stakes, tb: Tables) -> Floats:
    """(P,) what no deal is worth at the discount factors of ``tb``: stated, or computed (model §3).

    A stated one is at the party's own discount; at another it is multiplied by (1-δ_i)/(1-δ).
    """
    done = stakes.done & (stakes.owner >= 0)
    done[stakes.replaces[stakes.done & (stakes.replaces >= 0)]] = False  # its flow ended when it was replaced
    milestones = [int(m) for m in np.flatnonzero(stakes.milestone) if stakes.done[list(stakes.members[m])].all()]
    if stakes.case.no_deal == "as-is":
        value = tb.background[:, 0] + tb.worth[:, np.flatnonzero(done).tolist() + milestones, 0].sum(axis=1)
    else:
        at_once = np.zeros(len(stakes.parties), dtype=np.int64)
        c = np.where(stakes.done, -1, stakes.periods)
        c[milestones] = -1
        value = tb.background[:, 0] + tb.post[:, done, 0].sum(axis=1)
        for m in milestones:
            value = value + after_breach(tb, c, m, at_once)[:, 0]
    for i, name in enumerate(stakes.parties):
        stated = stakes.case.parties[name].reserve
        if stated is not None:
            value[i] = float(stated) * (1 - stakes.discount[i]) / (1 - tb.discount[i])
    result: Floats = value
    return result


def gains(common: Tables, c: Ints) -> Floats:
    """(P,) U_i - R_i; ``common`` are the tables at the common discount."""
    result: Floats = kept(common, c)[0] - reserves(common.stakes, common)
    return result


LARGEST_MARGIN = 1e4
"""Relative margins above this count as this: a party with next to nothing at stake does not limit a road map."""


def scales(stakes: Stakes) -> Floats:
    """(P,) K_i = Σ_k max(N_ik, 0), of measures that exclude or replace each other the largest only (model §10).

    N_ik = once + d during + Σ_{s ≥ 0} δ^s flow(s) at the common discount. Measures linked by exclusion or replacement,
    directly or through others, form a cluster that counts once.
    """
    once, during = stakes.once, stakes.takes * stakes.during
    n = once + during + tables(stakes, common=True).worth[:, :, 0]
    size = np.abs(once) + np.abs(during) + np.abs(stakes.flow).max(axis=0) / (1 - stakes.common)
    n = np.where(n > RESIDUE * size, n, 0.0)
    total = np.zeros(len(stakes.parties))
    for cluster in clusters(stakes):
        total += n[:, list(cluster)].max(axis=1)
    return total


def clusters(stakes: Stakes) -> list[tuple[int, ...]]:
    """Measures linked by exclusion or replacement, as disjoint groups; most are groups of one."""
    root = list(range(len(stakes.measures)))

    def find(k: int) -> int:
        while root[k] != k:
            k = root[k]
        return k

    links = [*stakes.excludes, *((k, int(old)) for k, old in enumerate(stakes.replaces) if old >= 0)]
    for a, b in links:
        root[find(a)] = find(b)
    groups: dict[int, list[int]] = {}
    for k in range(len(root)):
        groups.setdefault(find(k), []).append(k)
    return [tuple(g) for g in groups.values()]


def bystanders(stakes: Stakes, c: Ints) -> Bools:
    """(P,) parties none of whose measures is on the road map or done."""
    acts = np.zeros(len(stakes.parties), dtype=np.bool_)
    acts[stakes.owner[(c < stakes.periods) & (stakes.owner >= 0)]] = True
    return ~acts


def standing_still(tb: Tables, c: Ints) -> Floats:
    """(T+1, P) f_i(t-1)/(1-δ_i): worth of the state reached by t-1 kept for ever at the flows of t (model §6)."""
    stakes, T = tb.stakes, tb.stakes.periods
    t = np.arange(T + 1)
    at = np.minimum(t, T - 1)
    there = c[None, :] < t[:, None]
    for k in np.flatnonzero(stakes.replaces >= 0):
        there[:, stakes.replaces[k]] &= ~(c[k] < t)
    flow = np.einsum("tik,tk->ti", stakes.flow[at], there) + stakes.status_quo[at]
    result: Floats = flow / (1 - tb.discount)
    return result
