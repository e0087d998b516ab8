"""What many runs come to: sums that add up chunk by chunk, so that memory does not grow with their number."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from detente.case.stakes import NEVER, Floats, Ints
from detente.worlds.runs import KEPT, UNFOUND, Told

SAMPLE = 65536
"""Runs from which quantiles of gains, costs and exposure are told; of more, the first ones."""

Key = tuple[int, int, int, int]
"""How a run first ended, by whom, and on what it was cheated."""


@dataclass(eq=False)
class Endings:
    """Counts over runs; H+1 periods of the calendar, G groups, P parties."""

    n: int = 0
    stands: int = 0
    ended: int = 0
    taken_up: int = 0
    ways: Counter[Key] = field(default_factory=Counter)
    when: Counter[tuple[Key, int]] = field(default_factory=Counter)
    hidden: Counter[Key] = field(default_factory=Counter)
    """Periods for which cheats that were found had gone on."""
    goals: Ints | int = 0
    """(goals, H+2) runs by when each goal is reached; the last: never"""
    shares: Ints | int = 0
    late: Counter[int] = field(default_factory=Counter)
    sums: Floats | float = 0.0
    """(3, P) of gains, costs, exposure"""
    sample: list[Floats] = field(default_factory=list)
    """(runs, 3, P) of them; costs and exposure are not numbers where nothing ended"""

    def add(self, told: Told) -> None:
        """Count some runs."""
        how = told.how
        ends = (how != KEPT) & (how != UNFOUND)
        self.n += len(how)
        self.stands += int(told.stands.sum())
        self.ended += int(ends.sum())
        self.taken_up += int((told.stands & ends).sum())
        keys = np.column_stack([how, told.who, np.sort(told.on, axis=1)[:, ::-1], np.minimum(told.when, NEVER)])
        for row, many in zip(*np.unique(keys, axis=0, return_counts=True), strict=True):
            key: Key = tuple(int(x) for x in row[:4])  # type: ignore[assignment]
            self.ways[key] += int(many)
            self.when[key, int(row[4])] += int(many)
        for row, periods in zip(keys[told.begun >= 0], (told.when - told.begun)[told.begun >= 0].tolist(), strict=True):
            self.hidden[tuple(int(x) for x in row[:4])] += periods if periods < NEVER // 2 else 0  # type: ignore[index]
        self.late.update(told.late.tolist())
        width = told.shares.shape[1] + 1
        reached = np.minimum(told.goals, width - 1)
        self.goals = self.goals + np.array([np.bincount(x, minlength=width) for x in reached.T]).reshape(-1, width)
        self.shares = self.shares + told.shares
        numbers = np.stack([told.gain, told.cost, told.exposed], axis=1)
        self.sums = self.sums + np.where((ends[:, None] | np.array([True, False, False]))[..., None], numbers, 0).sum(0)
        numbers[~ends, 1:] = np.nan
        if sum(map(len, self.sample)) < SAMPLE:
            self.sample.append(numbers)

    def merge(self, other: Endings) -> None:
        """Add the counts of others."""
        for name in ("n", "stands", "ended", "taken_up"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in ("ways", "when", "hidden", "late"):
            getattr(self, name).update(getattr(other, name))
        self.goals, self.shares = self.goals + other.goals, self.shares + other.shares
        self.sums = self.sums + other.sums
        if sum(map(len, self.sample)) < SAMPLE:
            self.sample += other.sample
