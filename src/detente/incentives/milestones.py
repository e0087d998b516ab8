"""What milestones are worth after a breach.

A milestone is in force in s with the product of its members' chances to be (model §3); members stop at different
dates, are undone with chances, and a replaced member stands or falls with its replacement. Its chance is a falling
step function of s, so its worth is a sum over the steps.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from detente.case.stakes import NEVER, Bools, Floats, Ints
from detente.incentives.tables import Tables, _at

STAYS = NEVER
"""Period in which a member that is not secretly undone is gone."""


def successors(tb: Tables, c: Ints, k: int) -> tuple[int, ...]:
    """The measures on the road map that replace ``k``, then what replaces those, in order."""
    chain: list[int] = []
    while True:
        nxt = [x for x in np.flatnonzero(tb.stakes.replaces == (chain[-1] if chain else k)) if c[x] < tb.stakes.periods]
        if not nxt:
            return tuple(chain)
        chain.append(int(nxt[0]))


def present_milestones(tb: Tables, c: Ints) -> Iterator[int]:
    """Milestones all of whose members are on the road map and that are worth something to somebody."""
    for m in np.flatnonzero(tb.stakes.milestone):
        if c[m] < tb.stakes.periods:
            yield int(m)


def valued_milestones(tb: Tables, c: Ints, i: int) -> list[int]:
    """Those of them that are worth something to party i; the others add nothing to any value of its."""
    flow, once = tb.stakes.flow, tb.stakes.once
    return [m for m in present_milestones(tb, c) if once[i, m] or flow[:, i, m].any()]


def holders(tb: Tables, c: Ints, m: int) -> tuple[tuple[int, tuple[int, ...]], ...]:
    """Members of milestone ``m`` that can end it: each with its successors; one event for a chain of members."""
    members = tb.stakes.members[m]
    found = []
    for x in members:
        chain = successors(tb, c, x)
        if not any(y in members for y in chain):
            found.append((x, chain))
    return tuple(found)


def after_breach(
    tb: Tables, c: Ints, m: int, offset: Ints, *, spared: Bools | None = None, gone: Ints | None = None,
    t: Ints | None = None,
) -> Floats:  # fmt: skip
    """(P, T+1) worth of milestone ``m`` from t on when each party stops in t + ``offset`` (P,).

    ``t`` (n,): the periods asked for, 0 … T where silent (then the last axis is n). ``spared`` (N,): measures their
    owner leaves alone. ``gone`` (N,): period from which a member is gone by secret undoing (-1: faked, never there),
    ``STAYS`` otherwise; such a member is not undone a second time.
    """
    stakes = tb.stakes
    t = np.arange(stakes.periods + 1) if t is None else t
    all_come = np.ones(len(t), dtype=np.bool_)
    for x in stakes.members[m]:
        all_come &= c[x] < t + offset[stakes.owner[x]]
        if gone is not None and gone[x] < 0:
            all_come[:] = False
    if not all_come.any():
        return np.zeros((len(stakes.parties), len(t)))
    whens, chances = _endings(tb, c, m, t, offset, spared, gone)
    return _worth_of_steps(tb, int(c[m]), m, t, all_come, whens, chances)


def _endings(
    tb: Tables, c: Ints, m: int, t: Ints, offset: Ints, spared: Bools | None, gone: Ints | None
) -> tuple[Ints, Floats]:
    """(M, n) period in which each holder's undoing takes effect, and the chance that it does."""
    stakes, T = tb.stakes, tb.stakes.periods
    rows = holders(tb, c, m)
    whens = np.full((len(rows), len(t)), STAYS, dtype=np.int64)
    chances = np.zeros((len(rows), len(t)))
    for row, (member, chain) in enumerate(rows):
        stop = t + offset[stakes.owner[member]]
        if gone is not None and gone[member] != STAYS:
            whens[row], chances[row] = gone[member], 1.0
            continue
        for h in (member, *chain):
            here = c[h] < stop
            undone = tb.undone[h, np.minimum(stop, T)] & (spared is None or not spared[h])
            whens[row] = np.where(here, np.where(undone, stop + stakes.undo_takes[h], STAYS), whens[row])
            chances[row] = np.where(here, np.where(undone, stakes.undo_chance[h], 0.0), chances[row])
    return whens, chances


def _worth_of_steps(tb: Tables, start: int, m: int, t: Ints, all_come: Bools, whens: Ints, chances: Floats) -> Floats:
    """(P, n) sum over the steps of the chance to be in force, for flow and once."""
    which = np.full(len(t), m)
    first = np.maximum(start, t)
    order = np.argsort(whens, axis=0, kind="stable")
    whens, chances = np.take_along_axis(whens, order, 0), np.take_along_axis(chances, order, 0)
    lead = tb.power[:, first - t]
    value = lead * _at(tb.worth, which, first)
    left = np.ones(len(t))
    at_start = np.ones(len(t))
    for when, chance in zip(whens, chances, strict=True):
        real = chance > 0
        u = np.where(real, np.maximum(when, first), first)
        value -= (left * chance) * tb.power[:, u - t] * _at(tb.worth, which, u)
        at_start *= np.where(real & (when <= start), 1 - chance, 1.0)
        left = left * (1 - chance)
    once = tb.stakes.once[:, m][:, None] * lead * at_start * (start >= t)
    result: Floats = np.where(all_come, value + once, 0.0)
    return result
