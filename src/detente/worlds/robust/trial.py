"""Road maps tried in the same worlds, which are drawn and prepared once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from detente.case.batch import Batch
from detente.case.draws import Draws
from detente.case.resolved import ResolvedCase
from detente.case.stakes import Bools, Floats, Ints
from detente.incentives.many.prospects import leaving, prospects, reserves, values
from detente.worlds.judged import all_sign
from detente.worlds.kinds import kinds
from detente.worlds.slip import Agreed, completions, slipped
from detente.worlds.votes import votes

CLEARLY = 1e-6
"""Differences above this share of what is compared are no rounding."""


@dataclass(frozen=True, eq=False)
class Outlook:
    """What everybody gains by staying on one road map and by signing it, in ``n`` worlds; T periods, P parties."""

    c: Ints
    """(n, N) from when on measures are in force if nobody leaves"""
    margin: Floats
    """(n, T+1, P) what leaving costs"""
    signing: Floats
    """(n, P) V(0) - R"""
    covert: Ints
    """(n, T+1, P, 2) the measures of the best cheat where one pays better than walking out; -1 for none"""
    over_walking: Floats
    """(n, T+1, P) how much more it pays"""
    players: Bools
    """(n, P)"""


@dataclass(frozen=True, eq=False)
class Alike:
    """The worlds of a trial with the same types and governments."""

    rows: Ints
    """(n,) which worlds of the trial they are."""
    regimes: tuple[tuple[int, Batch], ...]
    """From each period on the worlds as they are then, the first from period 0 on."""
    reserve: Floats
    """(n, P)"""

    def stands(self, plan: Agreed) -> Bools:
        """(n,) whether everybody signs and nobody ever leaves. Pairs are tried where single cheats do not pay."""
        now = self.regimes[0][1]
        starts = slipped(now, plan)
        c = completions(now, starts)
        stands: Bools = np.logical_not(self._refusing(now, c).any(axis=1))
        for pairs in (False, True):
            for begin, end, b in self.terms():
                rows = np.flatnonzero(stands)
                if rows.size:
                    found = prospects(_some(b, rows), c[rows], pairs=pairs)
                    leaves, _ = leaving(found, b.discount[rows])
                    stands[rows[leaves[:, begin:end].any(axis=(1, 2))]] = False
                    if b is now:
                        stands[rows[~all_sign(found, found.V[:, 0] - self.reserve[rows])]] = False
        if stands.any() and has_votes(now.like.case):
            stands &= ~self._voted_down(starts, c)
        return stands

    def _voted_down(self, starts: Ints, c: Ints) -> Bools:
        """(n,) whether factions or those whose consent is asked are against it, at first or later."""
        against = np.zeros(len(c), dtype=np.bool_)
        for begin, end, b in self.terms():
            polled = votes(b, prospects(b, c), starts, c, pairs=True)
            if polled is not None:
                against |= polled.deserted[:, begin:end].any(axis=(1, 2))
                against |= polled.refused & (begin == 0)
        return against

    def outlook(self, plan: Agreed) -> Outlook:
        """What each gains in each period by the numbers of whoever is in office then."""
        now = self.regimes[0][1]
        c = completions(now, slipped(now, plan))
        parts = [(begin, end, prospects(b, c)) for begin, end, b in self.terms()]
        first = parts[0][2]
        margin, over, covert = first.margin.copy(), np.maximum(first.C - first.W, 0.0), first.which.copy()
        for begin, end, found in parts[1:]:
            margin[:, begin:end] = found.margin[:, begin:end]
            over[:, begin:end] = np.maximum(found.C - found.W, 0.0)[:, begin:end]
            covert[:, begin:end] = found.which[:, begin:end]
        covert[over <= 0] = -1
        return Outlook(c, margin, first.V[:, 0] - self.reserve, covert, over, first.players)

    def refuses(self, plan: Agreed) -> Bools:
        """(n, P) which parties with a step get less than no deal is worth to them, by more than a little."""
        now = self.regimes[0][1]
        return self._refusing(now, completions(now, slipped(now, plan)))

    def _refusing(self, b: Batch, c: Ints) -> Bools:
        V, owner = values(b, c), b.like.owner
        acts = np.stack([((c < b.like.periods) & (owner == i)).any(axis=1) for i in range(V.shape[1])], axis=1)
        less: Bools = V - self.reserve < -CLEARLY * (1 + np.abs(V) + np.abs(self.reserve))
        return acts & less

    def terms(self) -> Iterator[tuple[int, int | None, Batch]]:
        """Each regime with its first period, and the first after it."""
        begins = [begin for begin, _ in self.regimes]
        for (begin, b), end in zip(self.regimes, [*begins[1:], None], strict=True):
            yield begin, end, b

    def part(self, first: int, last: int) -> Alike:
        """Those of the worlds ``first`` … ``last - 1`` of the trial."""
        some = self.only((self.rows >= first) & (self.rows < last))
        return replace(some, rows=some.rows - first)

    def only(self, keep: Bools) -> Alike:
        """Those that ``keep`` (n,) says. (What is asked in votes cannot be cut.)"""
        at = np.flatnonzero(keep)
        regimes = tuple((begin, _some(b, at)) for begin, b in self.regimes)
        return Alike(self.rows[at], regimes, self.reserve[at])


def _some(b: Batch, rows: Ints) -> Batch:
    """Some of the worlds of a batch, for what is worked out from its arrays."""
    numbers = {f.name: getattr(b, f.name) for f in fields(b)}
    arrays: dict[str, Any] = {k: x[rows] for k, x in numbers.items() if isinstance(x, np.ndarray)}
    return replace(b, n=len(rows), **arrays)


def has_votes(case: ResolvedCase) -> bool:
    """Whether anybody votes on road maps of a case."""
    return bool(case.factions or case.asked)


class Trial:
    """Worlds ``first`` … ``last - 1`` of a chunk, for road maps to be tried in."""

    def __init__(self, draws: Draws, index: int, first: int, last: int, alike: Sequence[Alike]) -> None:
        self.draws, self.index, self.first, self.n = draws, index, first, last - first
        self.alike = [x for x in alike if len(x.rows)]

    @classmethod
    def drawn(cls, draws: Draws, index: int, first: int, last: int) -> Trial:
        """The worlds drawn and prepared."""
        return cls(
            draws, index, first, last,
            [
                Alike(
                    kind.rows - first,
                    tuple((begin, kind.batch(m)) for m, (begin, _) in enumerate(kind.variant.options)),
                    reserves(kind.batch()),
                )
                for kind in kinds(draws, index, first, last)
            ],
        )  # fmt: skip

    def part(self, first: int, last: int) -> Trial:
        """Its worlds ``first`` … ``last - 1``. (What is asked in votes cannot be cut: those are drawn anew.)"""
        begin, end = self.first + first, self.first + last
        if has_votes(self.draws.case.resolved):
            return Trial.drawn(self.draws, self.index, begin, end)
        return Trial(self.draws, self.index, begin, end, [x.part(first, last) for x in self.alike])

    def stands(self, plan: Agreed) -> Bools:
        """(n,) in which worlds a road map is signed and nobody ever leaves it."""
        out = np.zeros(self.n, dtype=np.bool_)
        for alike in self.alike:
            out[alike.rows] = alike.stands(plan)
        return out

    def refuses(self, plan: Agreed) -> Bools:
        """(n, P) who would not sign a road map."""
        found = [alike.refuses(plan) for alike in self.alike]
        rows = np.argsort(np.concatenate([alike.rows for alike in self.alike]))
        result: Bools = np.concatenate(found)[rows]
        return result


def shares(found: Sequence[Bools]) -> float:
    """The share of worlds in which it stands, over several trials."""
    return float(np.concatenate(found).mean()) if found else 0.0
