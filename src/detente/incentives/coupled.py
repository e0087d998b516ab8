"""Milestones of which members are cheated on: what they add to a cheat, by what is cheated on (model §5)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.case.stakes import Bools, Floats, Ints
from detente.incentives import cheat as one
from detente.incentives.cheat import Setting
from detente.incentives.milestones import STAYS, after_breach, valued_milestones
from detente.incentives.walk import best_left_alone, offsets, worth_sparing


@dataclass(frozen=True, eq=False)
class Coupled:
    """A milestone some of whose members can be cheated on: what it adds by the period from which it is truly gone."""

    members: frozenset[int]
    ends: tuple[int, ...]
    """Periods from which it may be gone, earliest first; the last is ``STAYS``."""
    end_of: dict[int, int]
    """For each candidate member the position in ``ends`` to which cheating on it leads."""
    saved: Floats
    """(E, H)"""
    walk: Floats
    found: Floats

    def most(self, ks: Ints, least: Bools, most: Bools) -> tuple[Floats, Floats, Floats]:
        """(B, H) each: the largest contributions when cheated sets lie between ``least`` and ``most``."""
        first = np.full(len(least), len(self.ends) - 1)
        last = first.copy()
        for column, k in enumerate(ks):
            if int(k) in self.members:
                last = np.where(least[:, column], np.minimum(last, self.end_of[int(k)]), last)
                first = np.where(most[:, column], np.minimum(first, self.end_of[int(k)]), first)
        out = []
        for series in (self.saved, self.walk, self.found):
            rows = np.empty((len(least), series.shape[1]))
            for a, b in set(zip(first.tolist(), last.tolist(), strict=True)):
                rows[(first == a) & (last == b)] = series[a : b + 1].max(axis=0)
            out.append(rows)
        return out[0], out[1], out[2]


def split_milestones(s: Setting, t0: int, ks: set[int]) -> tuple[tuple[Coupled, ...], Floats, Floats, bool]:
    """Milestones that the set can end, and what all others add to walking out and to being found."""
    tb, i = s.tb, s.i
    t = np.arange(t0, s.length)
    ways = (offsets(tb, (i,)), offsets(tb, (i,), 1))
    present = valued_milestones(tb, s.c, i)
    tied = [m for m in present if ks & set(tb.stakes.members[m])]
    sparing = bool(worth_sparing(tb, s.c, i))
    if not tied:
        walk, found = (best_left_alone(tb, s.c, i, way, t=t)[0] for way in ways)
        return (), walk, found, True
    walk, found = np.zeros(len(t)), np.zeros(len(t))
    if sparing:
        # an upper bound: everything that could be left alone is, at no cost, and only welcome numbers count
        free = (tb.stakes.owner == i) & (tb.stakes.withdrawal != 1)
        for m in present:
            if m not in tied:
                walk, found = (x + welcome(s, m, way, free, t) for x, way in ((walk, ways[0]), (found, ways[1])))
        coupled = tuple(_coupled(s, t0, m, ks, ways, free) for m in tied)
        return coupled, walk, found, False
    for m in present:
        if m not in tied:
            walk, found = (x + after_breach(tb, s.c, m, way, t=t)[i] for x, way in ((walk, ways[0]), (found, ways[1])))
    return tuple(_coupled(s, t0, m, ks, ways, None) for m in tied), walk, found, True


def welcome(s: Setting, m: int, way: Ints, free: Bools, t: Ints, gone: Ints | None = None) -> Floats:
    """(n,) no choice of what to leave alone makes milestone m worth more than this to i."""
    spared: Floats = after_breach(s.tb, s.c, m, way, spared=free, gone=gone, t=t)[s.i]
    plain: Floats = after_breach(s.tb, s.c, m, way, gone=gone, t=t)[s.i]
    if (s.tb.stakes.flow[:, s.i, m] >= 0).all() and s.tb.stakes.once[s.i, m] >= 0:
        return spared
    if (s.tb.stakes.flow[:, s.i, m] <= 0).all() and s.tb.stakes.once[s.i, m] <= 0:
        larger: Floats = np.maximum(plain, spared)
        return larger
    at = np.minimum(t, s.tb.stakes.periods - 1)
    flow = np.maximum(s.tb.stakes.flow[:, s.i, m], 0.0).max() + 0.0 * at
    bound: Floats = flow / (1 - s.tb.discount[s.i]) + max(s.tb.stakes.once[s.i, m], 0.0)
    return bound


def _coupled(s: Setting, t0: int, m: int, ks: set[int], ways: tuple[Ints, Ints], free: Bools | None) -> Coupled:
    tb = s.tb
    t = np.arange(t0, s.length)
    members = frozenset(ks & set(tb.stakes.members[m]))
    when = {k: -1 if s.c[k] >= t0 else t0 + int(tb.stakes.undo_takes[k]) for k in members}
    ends = (*sorted(set(when.values())), STAYS)
    saved: list[Floats] = []
    walk: list[Floats] = []
    found: list[Floats] = []
    for end in ends:
        gone = np.full(len(tb.stakes.measures), STAYS, dtype=np.int64)
        gone[next((k for k in members if when[k] == end), 0)] = end
        saved.append(np.zeros(len(t)) if end == STAYS else one.believed_savings(s, m, end)[t0:])
        for way, rows in ((ways[0], walk), (ways[1], found)):
            if free is not None:
                rows.append(welcome(s, m, way, free, t, gone))
            else:
                rows.append(after_breach(tb, s.c, m, way, gone=gone, t=t)[s.i])
    return Coupled(
        members, ends, {k: ends.index(when[k]) for k in members}, np.array(saved), np.array(walk), np.array(found)
    )
