"""How far a sweep is, and how long it will still take."""

from __future__ import annotations

from dataclasses import dataclass, field

BAR = 20


@dataclass
class Progress:
    """Counts finished tasks.

    Points take unequally long, but are done in random order: those still to be done take, on average, as long as those
    that were finished. The first tasks, in which each worker reads the case and its machine code, tell nothing of that.
    """

    total: int
    finished: int
    """Those of an earlier run to begin with."""
    first: int = 1
    """How many tasks are the first of a worker."""
    sample: int = 1
    """How many tasks more it takes until the time left can be told."""
    since: tuple[float, int] | None = field(default=None, init=False)
    """When the first tasks were finished, and how many were by then."""

    def took(self, now: float) -> str:
        """Count one that was finished at a time, in seconds: ``[#####               ] 25 of 100 tasks, 3 min left``."""
        self.finished += 1
        self.first -= 1
        if self.first == 0:
            self.since = now, self.finished
        full = BAR * self.finished // self.total
        return f"[{'#' * full:<{BAR}}] {self.finished:,} of {self.total:,} tasks{self._left(now)}"

    def _left(self, now: float) -> str:
        seconds = self.left(now)
        return "" if seconds is None else f", {duration(seconds)} left"

    def left(self, now: float) -> float | None:
        """Seconds that the rest will take; None as long as that cannot be told."""
        if self.since is None or self.finished < self.since[1] + self.sample:
            return None
        began, before = self.since
        return (self.total - self.finished) * (now - began) / (self.finished - before)


def duration(seconds: float) -> str:
    """In the unit in which one would say it."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
