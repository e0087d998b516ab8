"""Open breach: W, and what the others are left with, S and B (model §4); exposure and trust (§8)."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from detente.case.stakes import Bools, Floats, Ints, StickTerms, Withdrawing
from detente.incentives.milestones import STAYS, after_breach, holders, present_milestones, valued_milestones
from detente.incentives.tables import Tables, owner_lags, stopped_terms

MOST_MILESTONES = 10
"""All subsets of milestones to leave alone are tried up to this many."""

TIE = 1e-12
"""Relative difference below which two choices count as equally good; exact arithmetic decides what rests on it."""


@dataclass(frozen=True)
class Stopped:
    """Terms of a road map by owner: (P, P, T+1), party valued × owner of the measures."""

    at_once: Floats
    after_lag: Floats


@dataclass(frozen=True)
class Walk:
    """``W`` (T+1, P); ``left[i]`` for each period the milestones i leaves alone; ``exhausted`` False past the limit;
    ``parts``, of which ``W`` is the sum."""

    W: Floats
    left: tuple[tuple[tuple[int, ...], ...], ...]
    exhausted: bool
    parts: Stopped = field(repr=False)


def stopped(tb: Tables, c: Ints) -> Stopped:
    """What each owner's measures are worth to each party when it stops at once, and after its response lag."""
    stakes = tb.stakes
    N, P = len(stakes.measures), len(stakes.parties)
    if "stopped_after_lag" in vars(tb):
        index = tb.columns(c)
        at_once = tb.stopped_at_once[:, np.arange(N), index]
        lagged = tb.stopped_after_lag[:, np.arange(N), index]
    else:
        at_once = stopped_terms(tb, c, np.zeros(N, dtype=np.int64))
        lagged = stopped_terms(tb, c, owner_lags(stakes))
    owns = (stakes.owner[:, None] == np.arange(P)).astype(np.float64)
    return Stopped(np.einsum("pkt,ko->pot", at_once, owns), np.einsum("pkt,ko->pot", lagged, owns))


def stick_worth(tb: Tables, against: tuple[int, ...], early: int = 0) -> Floats:
    """(P,) worth of the sticks against the given breachers, seen in t (``early``: seen that many periods before t)."""
    total = np.zeros(len(tb.stakes.parties))
    for s in tb.stakes.sticks:
        if s.counts and s.against in against:
            total += _stick(tb, s, early)
    return total


def _stick(tb: Tables, s: StickTerms, early: int) -> Floats:
    begin = int(tb.stakes.lag[s.by]) + s.delay - early
    delta = tb.discount
    length = 1 / (1 - delta) if s.lasts is None else (1 - delta**s.lasts) / (1 - delta)
    result: Floats = delta**begin * (s.once + s.flow * length)
    return result


def offsets(tb: Tables, breachers: tuple[int, ...], early: int = 0) -> Ints:
    """(P,) how long after t each party stops: breachers at once, the others after their lag (less ``early``)."""
    gap = tb.stakes.lag - early
    gap = gap.copy()
    gap[list(breachers)] = 0
    return gap


def walk(tb: Tables, c: Ints) -> Walk:
    """W_i(t) for every party and period, with the best choice of milestones left alone."""
    parts = stopped(tb, c)
    P, T = len(tb.stakes.parties), tb.stakes.periods
    W = np.empty((T + 1, P))
    left = []
    exhausted = True
    for i in range(P):
        base = tb.background[i] + parts.after_lag[i].sum(axis=0) - parts.after_lag[i, i] + parts.at_once[i, i]
        base = base + stick_worth(tb, (i,))[i] - tb.stakes.exit_cost[i]
        extra, choice, complete = best_left_alone(tb, c, i, offsets(tb, (i,)))
        W[:, i] = base + extra
        left.append(choice)
        exhausted &= complete
    return Walk(W, tuple(left), exhausted, parts)


def spare_mask(tb: Tables, c: Ints, i: int, chosen: tuple[int, ...]) -> Bools:
    """(N,) measures of party i left alone with the chosen milestones: members, or what stands for them."""
    spared = np.zeros(len(tb.stakes.measures), dtype=np.bool_)
    for m in chosen:
        for x, chain in holders(tb, c, m):
            if tb.stakes.owner[x] == i:
                for h in (x, *chain):
                    spared[h] = tb.stakes.withdrawal[h] != Withdrawing.AUTOMATIC
    return spared


def best_left_alone(
    tb: Tables, c: Ints, i: int, offset: Ints, *, gone: Ints | None = None, t: Ints | None = None
) -> tuple[Floats, tuple[tuple[int, ...], ...], bool]:
    """(T+1,) most that milestones add to what i gets after leaving in t, which it leaves alone for it, all tried?

    The gain from milestones in force less what sparing their members costs i, over subsets of milestones; of equally
    good subsets one with the fewest. Only subsets that can gain are tried: some milestone must be worth having to i.
    """
    t = np.arange(tb.stakes.periods + 1) if t is None else t
    milestones = valued_milestones(tb, c, i)
    best = sum((after_breach(tb, c, m, offset, gone=gone, t=t)[i] for m in milestones), np.zeros(len(t)))
    choice: list[tuple[int, ...]] = [()] * len(t)
    spareable = worth_sparing(tb, c, i)
    if not spareable:
        return best, tuple(choice), True
    complete = len(spareable) <= MOST_MILESTONES
    sizes = range(1, len(spareable) + 1) if complete else (1, len(spareable))
    for size in sizes:
        for chosen in combinations(spareable, size):
            value = spared_worth(tb, c, i, offset, chosen, gone=gone, t=t)
            better = value > best + TIE * np.abs(best)
            best = np.where(better, value, best)
            for n in np.flatnonzero(better):
                choice[n] = chosen
    return best, tuple(choice), complete


def worth_sparing(tb: Tables, c: Ints, i: int) -> list[int]:
    """Milestones with members that i could leave alone; none where no milestone at all is worth having to i."""
    milestones = tuple(present_milestones(tb, c))
    if not any((tb.stakes.flow[:, i, m] > 0).any() or tb.stakes.once[i, m] > 0 for m in milestones):
        return []
    return [m for m in milestones if _can_spare(tb, c, i, m)]


def _can_spare(tb: Tables, c: Ints, i: int, m: int) -> bool:
    """Whether i would undo some member of m (or what stands for it) by the rule and may leave it alone."""
    mask = spare_mask(tb, c, i, (m,))
    return bool((mask & tb.undone.any(axis=1)).any())


def spared_worth(
    tb: Tables, c: Ints, i: int, offset: Ints, chosen: tuple[int, ...], *, gone: Ints | None, t: Ints
) -> Floats:
    """(n,) milestones' worth to i less what it loses by sparing the members of the chosen ones."""
    spared = spare_mask(tb, c, i, chosen)
    value = np.zeros(len(t))
    for m in valued_milestones(tb, c, i):
        value += after_breach(tb, c, m, offset, spared=spared, gone=gone, t=t)[i]
    at = np.minimum(t, tb.stakes.periods)
    for k in np.flatnonzero(spared):
        if gone is None or gone[k] == STAYS:
            value += np.where(_holds_alone(tb, c, int(k), t), (tb.worth[i, k] - tb.post[i, k])[at], 0.0)
    return value


def _holds_alone(tb: Tables, c: Ints, k: int, t: Ints) -> Bools:
    """Whether measure k is in force before t and not yet replaced."""
    there = c[k] < t
    for new in np.flatnonzero(tb.stakes.replaces == k):
        if c[new] < tb.stakes.periods:
            there &= ~(c[new] < t)
    return np.asarray(there, dtype=np.bool_)


@dataclass(frozen=True)
class Others:
    """Values after i's breach in t: ``S[t, j, i]`` to j going on until it acts, ``B[t, j, i]`` to j breaching too."""

    S: Floats
    B: Floats


def others(tb: Tables, c: Ints, out: Walk) -> Others:
    """S and B of model §4, (T+1, P, P) each; diagonals NaN. ``out``: from :func:`walk` of the same road map."""
    parts, left = out.parts, out.left
    P, T = len(tb.stakes.parties), tb.stakes.periods
    S, B = np.full((T + 1, P, P), np.nan), np.full((T + 1, P, P), np.nan)
    milestones = tuple(present_milestones(tb, c))
    lagged = parts.after_lag.sum(axis=1)
    for i in range(P):
        left_i = lagged - parts.after_lag[:, i] + parts.at_once[:, i] + tb.background
        left_i = left_i + stick_worth(tb, (i,))[:, None] + _milestones_left(tb, c, i, left[i], milestones)
        for j in range(P):
            if j == i:
                continue
            S[:, j, i] = left_i[j]
            both = lagged[j] - parts.after_lag[j, i] - parts.after_lag[j, j]
            both = both + parts.at_once[j, i] + parts.at_once[j, j] + tb.background[j]
            both = both + stick_worth(tb, (i, j))[j] - tb.stakes.exit_cost[j]
            for m in milestones:
                both = both + after_breach(tb, c, m, offsets(tb, (i, j)))[j]
            B[:, j, i] = both
    return Others(S, B)


def _milestones_left(
    tb: Tables, c: Ints, i: int, left: tuple[tuple[int, ...], ...], milestones: tuple[int, ...]
) -> Floats:
    """(P, T+1) what milestones, and measures i leaves alone for them, add for each party."""
    T = tb.stakes.periods
    t = np.arange(T + 1)
    total = np.zeros((len(tb.stakes.parties), T + 1))
    for chosen in dict.fromkeys(left):
        mask = np.array([x == chosen for x in left])
        spared = spare_mask(tb, c, i, chosen)
        value = np.zeros_like(total)
        for m in milestones:
            value += after_breach(tb, c, m, offsets(tb, (i,)), spared=spared)
        for k in np.flatnonzero(spared):
            value += np.where(_holds_alone(tb, c, int(k), t), tb.worth[:, k] - tb.post[:, k], 0.0)
        total[:, mask] = value[:, mask]
    return total


def exposure(both: Others) -> Floats:
    """(T+1, P) E_j(t) = max_i ( B_ji(t) - S_ji(t) ), not below 0 (model §8)."""
    difference = both.B - both.S
    difference = np.where(np.isnan(difference), 0.0, difference)
    result: Floats = np.maximum(difference.max(axis=2), 0.0)
    return result


def trust_needed(margin: Floats, exposed: Floats) -> Floats:
    """p* = E / (margin + E) where the margin is positive; else 1, or 0 if margin and E are both 0 (model §8)."""
    total = np.where(margin > 0, margin + exposed, 1.0)
    result: Floats = np.where(margin > 0, exposed / total, np.where((margin == 0) & (exposed == 0), 0.0, 1.0))
    return result
