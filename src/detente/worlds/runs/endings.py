"""What many runs come to: sums that add up chunk by chunk, so that memory does not grow with their number."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from detente.case.stakes import NEVER, Floats, Ints
from detente.incentives.many.frame import Records
from detente.worlds.runs.stage import AGES, KEPT, UNFOUND, Told

SAMPLE = 65536
"""Most runs from which quantiles of gains, costs and exposure are told; of more, some over each world."""

Key = tuple[int, int, int, int]
"""How a run first ended, by whom, and on what it was cheated."""


@dataclass(eq=False)
class Endings:
    """Counts over runs; H+1 periods of the calendar, G groups, P parties."""

    room: int = SAMPLE
    """For how many runs numbers are kept."""
    n: int = 0
    worlds: int = 0
    stands: int = 0
    ended: int = 0
    taken_up: int = 0
    ways: Counter[Key] = field(default_factory=Counter)
    when: Counter[tuple[Key, int]] = field(default_factory=Counter)
    hidden: Counter[Key] = field(default_factory=Counter)
    """Periods for which cheats that were found had gone on."""
    goals: Ints | int = 0
    """(goals, H+2) runs by when each goal is reached; the last: never"""
    in_time: Ints | int = 0
    """(goals,) runs that reach each by its dates"""
    shares: Ints | int = 0
    late: Counter[int] = field(default_factory=Counter)
    still: Counter[int] = field(default_factory=Counter)
    sums: Floats | float = 0.0
    """(3, P) of gains, costs, exposure"""
    sample: list[Floats] = field(default_factory=list)
    """(runs, 3, P) of them; costs and exposure are not numbers where nothing ended"""

    def add(self, told: Told) -> None:
        """Count some runs."""
        runs = told.runs
        ends = (runs["how"] != KEPT) & (runs["how"] != UNFOUND)
        self.n += len(runs)
        self.stands += int(runs["stands"].sum())
        self.ended += int(ends.sum())
        self.taken_up += int((runs["stands"] & ends).sum())
        self._ways(runs)
        for name in ("late", "still"):
            _count(getattr(self, name), runs[name])
        width = told.shares.shape[1] + 1
        reached = np.minimum(told.goals, width - 1)
        self.goals = self.goals + np.array([np.bincount(x, minlength=width) for x in reached.T]).reshape(-1, width)
        self.in_time = self.in_time + ((told.goals < AGES) & ~told.late).sum(axis=0)
        self.shares = self.shares + told.shares.cumsum(axis=1)
        numbers = np.stack([told.outcomes[name] for name in ("gain", "cost", "exposed")], axis=1)
        self.sums = self.sums + np.where((ends[:, None] | np.array([True, False, False]))[..., None], numbers, 0).sum(0)
        if self.room > 0:
            numbers[~ends, 1:] = np.nan
            self.sample.append(numbers[:: -(-len(numbers) // self.room)])
            self.room -= len(self.sample[-1])

    def _ways(self, runs: Records) -> None:
        """Count how runs end, by numbers that stand for a way and a date."""
        columns = [*key_columns(runs), np.minimum(runs["when"], NEVER)]
        known, at = [], np.zeros(len(runs), dtype=np.int64)
        for column in columns:
            values, place = np.unique(column, return_inverse=True)
            known.append(values)
            at = at * len(values) + place
        found, which, many = np.unique(at, return_inverse=True, return_counts=True)
        lasted = np.bincount(
            which, np.where(runs["how"] == UNFOUND, 0, np.where(runs["begun"] >= 0, runs["when"] - runs["begun"], 0))
        )
        for x, n, periods in zip(found.tolist(), many.tolist(), lasted.tolist(), strict=True):
            row = []
            for values in reversed(known):
                x, place = divmod(x, len(values))
                row.append(int(values[place]))
            key: Key = tuple(row[:0:-1])  # type: ignore[assignment]
            self.ways[key] += n
            self.when[key, row[0]] += n
            self.hidden[key] += int(periods)

    def merge(self, other: Endings) -> None:
        """Add the counts of others."""
        for name in ("n", "worlds", "stands", "ended", "taken_up"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in ("ways", "when", "hidden", "late", "still"):
            getattr(self, name).update(getattr(other, name))
        for name in ("goals", "in_time", "shares", "sums"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.sample += other.sample


def key_columns(runs: Records) -> tuple[Ints, Ints, Ints, Ints]:
    """Columns of the keys of some runs."""
    return runs["how"], runs["who"], np.maximum(runs["a"], runs["b"]), np.minimum(runs["a"], runs["b"])


def _count(into: Counter[int], numbers: Ints) -> None:
    for value, many in enumerate(np.bincount(numbers).tolist()):
        if many:
            into[value] += many
