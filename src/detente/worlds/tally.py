"""What many worlds come to: sums that are added up chunk by chunk, so that memory does not grow with their number."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from detente.case.stakes import NEVER, Floats
from detente.results.estimates import Estimate
from detente.worlds.goals import Reached
from detente.worlds.judged import Judged

BINS = 1000
"""Trust needed is counted in steps of a thousandth."""
SURE_OF = 1.959963984540054
"""Standard errors to each side of a 95 % interval."""


def share(part: float, n: int, sure_of: float = SURE_OF) -> Estimate:
    """A share of ``n`` worlds with its interval of so many standard errors (Wilson 1927)."""
    p, z2 = part / n, sure_of**2
    middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = sure_of * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return Estimate(p, max(0.0, middle - half) if part else 0.0, min(1.0, middle + half) if part < n else 1.0)


def exactly(value: float) -> Estimate:
    """A share that is no sample's."""
    return Estimate(value, value, value)


@dataclass(eq=False)
class Tally:
    """Counts over worlds; T periods and one for ever after, P parties."""

    periods: int
    parties: int
    n: int = 0
    holds: int = 0
    signed: int = 0
    both: int = 0
    deceived: int = 0
    first: Floats = field(init=False)
    """(T+1,) worlds in which somebody leaves first in a period"""
    stays: Floats = field(init=False)
    """(P,) worlds in which a party never leaves"""
    unseen: Floats = field(init=False)
    """(T+1, P) expected number of worlds in which no breach of a party has been seen before a period"""
    needed: Floats = field(init=False)
    """(T+1, P, BINS+1) worlds by trust needed, rounded up"""
    needed_kept: Floats = field(init=False)
    """The same of the worlds in which nobody ever leaves"""
    beyond: Floats = field(init=False)
    """(T+1, P) worlds in which going on is worth no more than leaving, whatever the others do"""
    goals: Counter[str] = field(default_factory=Counter)
    paper: Counter[str] = field(default_factory=Counter)
    moments: Counter[tuple[int, int, bool]] = field(default_factory=Counter)
    """How often a party leaves in a period, and whether by cheating."""
    moments_first: Counter[tuple[int, int, bool]] = field(default_factory=Counter)
    """The same of those that leave first, or together with another."""
    together: Counter[tuple[int, ...]] = field(default_factory=Counter)
    """Worlds that break, by the parties that leave first."""
    cheats: Counter[tuple[int, int, tuple[int, ...]]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.first, self.stays = np.zeros(self.periods + 1), np.zeros(self.parties)
        self.unseen = np.zeros((self.periods + 1, self.parties))
        self.needed = np.zeros((self.periods + 1, self.parties, BINS + 1))
        self.needed_kept = np.zeros_like(self.needed)
        self.beyond = np.zeros((self.periods + 1, self.parties))

    def add(self, j: Judged, goals: Mapping[str, Reached]) -> None:
        """Count the worlds of a chunk, and in which of them each goal is reached."""
        holds = j.holds
        self.n += len(holds)
        self.holds += int(holds.sum())
        self.signed += int(j.signed.sum())
        self.both += int((holds & j.signed).sum())
        self.deceived += int((holds & j.deceives).sum())
        leave = j.first[~holds]
        self.first += np.bincount(leave, minlength=self.periods + 1)
        self.stays += (j.leaves >= NEVER).sum(axis=0)
        self.unseen += j.unseen.sum(axis=0)
        self.beyond += (j.needed >= 1).sum(axis=0)
        steps = np.ceil(j.needed * BINS - 1e-9).astype(np.int64)
        for t, i in np.ndindex(self.periods + 1, self.parties):
            self.needed[t, i] += np.bincount(steps[:, t, i], minlength=BINS + 1)
            self.needed_kept[t, i] += np.bincount(steps[holds, t, i], minlength=BINS + 1)
        for name, reached in goals.items():
            self.goals[name] += int(reached.told.sum())
            self.paper[name] += int(reached.paper.sum())
        for w, i in zip(*np.nonzero(j.leaves < NEVER), strict=True):
            t, ks = int(j.leaves[w, i]), tuple(sorted(int(k) for k in j.which[w, i] if k >= 0))
            key = (int(i), t, bool(ks))
            self.moments[key] += 1
            self.moments_first[key] += int(t == j.first[w])
            if ks:
                self.cheats[int(i), t, ks] += 1
        leads = (j.leaves == j.first[:, None])[~holds]
        self.together.update(tuple(np.flatnonzero(one).tolist()) for one in leads)

    @property
    def survival(self) -> tuple[float, ...]:
        """Share of worlds in which nobody has left up to and including each period."""
        return tuple((1 - np.cumsum(self.first) / self.n).tolist())

    def told_of(self) -> Floats:
        """(T+1, P) chance that a party goes on for ever, no breach of its having been seen before a period."""
        with np.errstate(invalid="ignore", divide="ignore"):
            result: Floats = np.where(self.unseen > 0, self.stays / self.unseen, 0.0)
        return result

    def earned(self, j: int, others: Sequence[int]) -> tuple[Floats, list[int | None]]:
        """(T+1,) what party ``j`` learns of the one it learns the least of, and which that is."""
        if not others:
            return np.ones(self.periods + 1), [None] * (self.periods + 1)
        told = self.told_of()[:, list(others)]
        return told.min(axis=1), [others[k] for k in told.argmin(axis=1).tolist()]

    def quantile(self, q: float, i: int) -> tuple[float, ...]:
        """(T+1,) the trust that party ``i`` needs at most in so large a share of worlds."""
        return tuple(_quantile(self.needed[:, i], q).tolist())

    def where_enough(self, q: float, i: int) -> tuple[float, ...]:
        """(T+1,) the same of the worlds in which full trust would be enough; 1 where there is none."""
        return tuple(_quantile(self.needed[:, i, :BINS], q).tolist())

    def needed_where_kept(self, i: int) -> Floats:
        """(T+1,) the same in half of the worlds in which nobody ever leaves."""
        return _quantile(self.needed_kept[:, i], 0.5)

    def credible(self, i: int, earned: Floats) -> tuple[float, ...]:
        """(T+1,) share of worlds in which the trust earned covers the trust that party ``i`` needs."""
        counts = np.cumsum(self.needed[:, i], axis=1) / self.n
        at = np.floor(np.clip(earned, 0, 1) * BINS + 1e-9).astype(np.int64)
        return tuple(counts[np.arange(len(at)), at].tolist())

    def commonest(self) -> Iterator[tuple[int, int, tuple[int, ...] | None, int, int]]:
        """Party, period, measures of its cheat or None, worlds, those in which none leaves before; commonest first."""
        for (i, t, cheats), many in sorted(self.moments.items(), key=lambda x: (-x[1], x[0])):
            sets = [(n, ks) for (a, b, ks), n in self.cheats.items() if (a, b) == (i, t)] if cheats else []
            yield i, t, max(sets)[1] if sets else None, many, self.moments_first[i, t, cheats]


def _quantile(counts: Floats, q: float) -> Floats:
    """(T+1,) of worlds counted by trust needed (T+1, …); 1 where there is none."""
    sums = np.cumsum(counts, axis=1)
    found = np.argmax(sums >= q * sums[:, -1:] - 1e-9, axis=1) / BINS
    result: Floats = np.where(sums[:, -1] > 0, found, 1.0)
    return result
