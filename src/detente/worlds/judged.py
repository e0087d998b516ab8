"""One road map in the worlds of one chunk: who leaves when and how, what is needed of trust, what is reached.

Of a world with several governments in turn each is judged by its own numbers while it is in office; nobody foresees
who comes. A party that its factions do not sustain walks out. Steps slip as work takes longer
(:mod:`detente.worlds.slip`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from detente.case.batch import Batch
from detente.case.concealed import concealed, deceit, left_out, unlisted
from detente.case.draws import Drawn, Draws
from detente.case.sampling import CHUNK
from detente.case.stakes import NEVER, Bools, Floats, Ints
from detente.incentives.many.frame import worlds
from detente.incentives.many.prospects import Prospects, first_moments, leaving, prospects, reserves, unseen_before
from detente.worlds.deceived import First, deceived, without_deal
from detente.worlds.kinds import Kind, kinds_of
from detente.worlds.slip import Agreed, completions, slipped
from detente.worlds.votes import votes


@dataclass(frozen=True, eq=False)
class Judged:
    """``n`` worlds of a chunk, T periods (the last entry of a series stands for ever), P parties, N measures."""

    leaves: Ints
    """(n, P) each party's best moment to leave, or when its factions no longer sustain it; ``NEVER`` if it goes on"""
    which: Ints
    """(n, P, 2) on what it cheats then; -1: nothing, it walks out"""
    unseen: Floats
    """(n, T+1, P) chance that no breach of a party has been seen before a period"""
    needed: Floats
    """(n, T+1, P) trust needed"""
    gains: Floats
    """(n, P) what the road map brings each party over no deal, given who leaves when: what the others then lose is
    counted as if the breach were open; what is hidden costs them its price as long as they are deceived"""
    signed: Bools
    """(n,)"""
    others_sign: Bools
    """(n, P) whether all others whose signature or consent is needed give it, so that it comes about if this one signs
    """
    value: Floats
    """(n, P) what the road map is worth to each party if everybody keeps it, at its own discount"""
    starts: Ints
    """(n, N) when steps start if nobody leaves, ``NEVER`` where they are not done"""
    c: Ints
    """(n, N) from when on measures are in force if nobody leaves"""
    lag: Ints
    """(n, P)"""
    left_out: Bools
    """(n, N) whether a measure leaves out something that is there, whether the measure comes or not"""
    unlisted: Floats
    """(n, G) by how much the groups of the case are larger than they seem"""

    @property
    def first(self) -> Ints:
        """(n,) when the first party leaves."""
        result: Ints = self.leaves.min(axis=1)
        return result

    @property
    def hides(self) -> Bools:
        """(n,) whether a party has something that it would leave out, declared or not."""
        result: Bools = np.logical_or.reduce(self.left_out, axis=1)
        return result

    @property
    def deceives(self) -> Bools:
        """(n,) whether a measure comes, if nobody leaves, that leaves something out."""
        T = self.unseen.shape[1] - 1
        result: Bools = np.logical_or.reduce(self.left_out & (self.c < T), axis=1)
        return result

    @property
    def holds(self) -> Bools:
        """(n,) whether nobody ever leaves."""
        return self.first >= NEVER


def judged(draws: Draws, plan: Agreed, index: int, last: int = CHUNK, *, first: int = 0, pairs: bool = True) -> Judged:
    """The worlds of chunk ``index`` from row ``first`` up to row ``last``."""
    return judged_of(draws, plan, draws.chunk(index), last, first=first, pairs=pairs)


def judged_of(
    draws: Draws, plan: Agreed, drawn: Drawn, last: int, *, first: int = 0, pairs: bool = True
) -> Judged:  # fmt: skip
    """The worlds of what was drawn, from row ``first`` up to row ``last``."""
    parts = [(kind.rows, _of_kind(draws, kind, plan, pairs=pairs)) for kind in kinds_of(draws, drawn, first, last)]
    rows = np.argsort(np.concatenate([r for r, _ in parts]), kind="stable")
    return joined([j for _, j in parts], rows)


def joined(parts: Sequence[Judged], rows: Ints | slice = slice(None)) -> Judged:
    """The worlds of several parts, one after the other, or in the order of ``rows``."""
    return Judged(*(np.concatenate([getattr(p, field.name) for p in parts])[rows] for field in fields(Judged)))


def _of_kind(draws: Draws, kind: Kind, plan: Agreed, *, pairs: bool) -> Judged:
    b = kind.batch()
    starts = slipped(b, plan)
    c = completions(b, starts)
    dates = [begin for begin, _ in kind.variant.options]
    regimes = [_Regime(kind.batch(n) if n else b, starts, c, begin, pairs=pairs) for n, begin in enumerate(dates)]
    merged = _Merged(regimes)
    now = regimes[0]
    value, R = now.found.V[:, 0], reserves(b)
    refuses = refusing(now.found, value - R)
    things = concealed(draws, kind.variant.case(), kind.drawn.u[kind.rows])
    untold = deceit(things, b.like, b.n)
    return Judged(
        leaves=merged.leaves,
        which=merged.which,
        unseen=merged.unseen,
        needed=merged.needed,
        gains=merged.gains(R - without_deal(b, untold)) - deceived(b, c, untold, merged.first),
        signed=~refuses.any(axis=1) & ~now.refused,
        others_sign=(refuses.sum(axis=1, keepdims=True) == refuses) & ~now.refused[:, None],
        value=value,
        starts=starts,
        c=c,
        lag=b.lag,
        left_out=left_out(things, b.like, b.n),
        unlisted=unlisted(things, list(b.like.case.groups.values()), b.like, b.n),
    )


def leaves_of(kind: Kind, starts: Ints, c: Ints) -> Ints:
    """(n, P) when each party leaves worlds of one variant; ``starts`` and ``c`` (n, N) as in :class:`Judged`."""
    dates = [begin for begin, _ in kind.variant.options]
    return _Merged([_Regime(kind.batch(n), starts, c, begin, pairs=True) for n, begin in enumerate(dates)]).leaves


def all_sign(found: Prospects, gain: Floats) -> Bools:
    """(n,) whether every party that has a part in it gets at least what no deal is worth to it."""
    result: Bools = np.logical_not(np.logical_or.reduce(refusing(found, gain), axis=1))
    return result


def refusing(found: Prospects, gain: Floats) -> Bools:
    """(n, P) whether a party has a part in it and gets less than what no deal is worth to it."""
    result: Bools = found.players & (gain < -found.sure)
    return result


class _Regime:
    """The worlds as they are from period ``begin`` on."""

    def __init__(self, b: Batch, starts: Ints, c: Ints, begin: int, *, pairs: bool) -> None:
        self.b, self.c, self.begin = b, c, begin
        self.found: Prospects = prospects(b, c, pairs=pairs)
        self.leaves, _ = leaving(self.found, b.discount)
        polled = votes(b, self.found, starts, c, pairs=pairs)
        self.refused = np.zeros(b.n, dtype=np.bool_) if polled is None else polled.refused
        self.deserted = np.zeros_like(self.leaves) if polled is None else polled.deserted & ~self.leaves
        self.leaves |= self.deserted


class _Merged:
    """Worlds through all their regimes."""

    def __init__(self, regimes: Sequence[_Regime]) -> None:
        self.regimes = regimes
        leaves = regimes[0].leaves.copy()
        self.needed = regimes[0].found.needed()
        for r in regimes[1:]:
            leaves[:, r.begin :] = r.leaves[:, r.begin :]
            self.needed[:, r.begin :] = r.found.needed()[:, r.begin :]
        self.leaves = first_moments(leaves)
        self.office = np.zeros_like(self.leaves)
        for n, r in enumerate(regimes):
            self.office[self.leaves >= r.begin] = n
        self.which = self._which()
        self.unseen, self.first = self._unseen()

    def _which(self) -> Ints:
        T = self.regimes[0].found.V.shape[1] - 1
        out = np.full((*self.leaves.shape, 2), -1)
        for n, r in enumerate(self.regimes):
            w, i = np.nonzero((self.office == n) & (self.leaves <= T))
            t = self.leaves[w, i]
            cheats = (r.found.C[w, t, i] > r.found.W[w, t, i] + r.found.sure[w, i]) & ~r.deserted[w, t, i]
            out[w, i] = np.where(cheats[:, None], r.found.which[w, t, i], -1)
        return out

    def _unseen(self) -> tuple[Floats, First]:
        """(n, T+1, P) of all, and the same of who leaves first."""
        n, width, P = self.regimes[0].found.V.shape
        out = np.ones((n, P, width + 1))
        for m, r in enumerate(self.regimes):
            begins = np.where(self.office == m, self.leaves, NEVER)
            out *= unseen_before(worlds(r.b, r.c), begins, self.which)
        who, rows = self.leaves.argmin(axis=1), np.arange(n)
        return out[:, :, :width].transpose(0, 2, 1), First(who, self.which[rows, who], out[rows, who])

    def gains(self, R: Floats) -> Floats:
        """(n, P) value at each party's own discount in period 0, less what no deal is worth."""
        now = self.regimes[0]
        V, delta = now.found.V, now.b.discount
        first, who = self.leaves.min(axis=1), self.leaves.argmin(axis=1)
        at = np.minimum(first, V.shape[1] - 1)
        w = np.arange(len(V))
        left = now.found.S[w, at, :, who]
        walks = self.which[w, who, 0] < 0
        walk, cheat = now.found.W[w, at, who], now.found.C[w, at, who]
        left[w, who] = np.where(walks, walk, np.maximum(walk, cheat))
        kept = V[w, at]
        gain = np.where((first < NEVER)[:, None], delta ** at[:, None] * (left - kept), 0.0)
        result: Floats = V[:, 0] + gain - R
        return result
