"""What it costs the others that a declaration leaves something out, given who leaves a road map first, and when.

A price is due as long as the others take the declaration to be in force. Its owner goes on performing until the breach
of whoever leaves first is seen, and then for the owner's response lag; the declaration lasts on from then unless it is
undone. One that is cheated on is believed in until that is seen.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.case.batch import Batch
from detente.case.concealed import Deceit
from detente.case.stakes import NEVER, Bools, Floats, Ints
from detente.incentives.many.frame import portions, worlds
from detente.incentives.many.tables import tables


@dataclass(frozen=True, eq=False)
class First:
    """Who leaves first in ``n`` worlds."""

    who: Ints
    """(n,)"""
    which: Ints
    """(n, 2) on what it cheats; -1: nothing"""
    unseen: Floats
    """(n, T+2) chance that it has not been seen to leave before a period; 1 where nobody leaves"""


def deceived(b: Batch, c: Ints, of: Deceit, first: First) -> Floats:
    """(n, P) what each party loses in all by what is hidden; at its own discount, in period 0.

    ``c`` (n, N): from when on measures are in force if nobody leaves.
    """
    lost = np.zeros((b.n, len(b.like.parties)))
    if not of.price.any():
        return lost
    undone = np.concatenate([tables(some).undone for _, some in portions(worlds(b, c))])
    for d, k in enumerate(of.declarations.tolist()):
        for new in np.flatnonzero(b.like.replaces == k):
            undone[:, k] &= c[:, new, None] >= np.arange(undone.shape[2])
        lost += of.price[:, d] * np.stack(_Declaration(b, c[:, k], undone[:, k], k).lasts(first), axis=1)
    return lost


def without_deal(b: Batch, of: Deceit) -> Floats:
    """(n, P) the same where there is no deal: by declarations that are done before the beginning."""
    lost = np.zeros((b.n, len(b.like.parties)))
    unseen = np.ones((b.n, b.like.periods + 2))
    if b.like.case.no_deal == "collapse":
        unseen[:, 1:] = 0.0
    c = np.broadcast_to(np.where(b.like.done, -1, NEVER), (b.n, len(b.like.measures)))
    for owner in {int(b.like.owner[k]) for k in of.declarations if b.like.done[k]}:
        own = Deceit(of.declarations, of.price * (b.like.owner[of.declarations] == owner)[:, None])
        lost += deceived(b, c, own, First(np.full(b.n, owner), np.full((b.n, 2), -1), unseen))
    return lost


class _Declaration:
    """One declaration in all worlds: how long it is believed in, in discounted periods of each party."""

    def __init__(self, b: Batch, c: Ints, undone: Bools, k: int) -> None:
        self.b, self.c, self.undone, self.k = b, c, undone, k
        self.owner, self.T = int(b.like.owner[k]), b.like.periods

    def lasts(self, first: First) -> list[Floats]:
        """(n,) for each party, where a road map ends so."""
        openly = first.which[:, 0] < 0
        mine = first.who == self.owner
        shift = np.where(mine, np.where(openly, -1, 0), self.b.lag[:, self.owner] - 1)
        cheated = mine & (first.which == self.k).any(axis=1)
        shed = np.where(cheated, 1.0, self.b.undo_chance[:, self.k] * (1 - self.b.residual[:, self.k]))
        takes = np.where(cheated, 0, self.b.undo_takes[:, self.k])
        return self._worth(first.unseen, shift, cheated[:, None] | self.undone, shed, takes)

    def _worth(self, unseen: Floats, shift: Ints, undone: Bools, shed: Floats, takes: Ints) -> list[Floats]:
        """``shift``: by how much later than the breach is seen its owner stops; ``takes``: how long undoing takes."""
        T, n = self.T, self.b.n
        H = T + 3 + int(shift.max()) + int(takes.max())
        ratio = np.divide(unseen[:, T + 1], unseen[:, T], out=np.zeros(n), where=unseen[:, T] > 0)
        longer = unseen[:, -1:] * ratio[:, None] ** np.arange(1, H + 1)
        unseen = np.concatenate([unseen, longer], axis=1)
        s = np.arange(-1, H + 1)
        performs = np.take_along_axis(unseen, np.maximum(s[None] - shift[:, None], 0), axis=1)
        performs[:, 0] = 1.0
        stops = np.zeros_like(performs)
        stops[:, 1:] = performs[:, :-1] - performs[:, 1:]
        stops[s[None] <= self.c[:, None]] = 0.0
        gone = np.cumsum(stops * undone[:, np.minimum(np.maximum(s, 0), T)], axis=1)
        comes = np.take_along_axis(performs, np.clip(self.c, -1, H)[:, None] + 1, axis=1)[:, 0]
        ended = np.take_along_axis(gone, np.maximum(s[None] - takes[:, None], -1) + 1, axis=1)
        begun = (s[None] >= self.c[:, None]) & (self.c[:, None] < T)
        there = np.where(begun, comes[:, None] - shed[:, None] * ended, 0.0)
        rest = np.take_along_axis(performs, H - takes[:, None] + 1, axis=1)[:, 0] * undone[:, T] * shed
        for_good = np.where(self.c < T, there[:, -1] - rest, 0.0)
        there = there[:, 1:]
        found = []
        for delta in self.b.discount.T:
            power = delta[:, None] ** np.arange(H + 1)
            tail = for_good / (1 - delta) + (there[:, -1] - for_good) / (1 - delta * ratio)
            found.append((power[:, :-1] * there[:, :-1]).sum(axis=1) + power[:, -1] * tail)
        return found
