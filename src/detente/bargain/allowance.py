"""What several questions to the planner may take together: seconds, or steps of the search, or neither."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

LEAST_SHARE = 0.05
"""What one question may take of all that is left, however many are to come."""


def share_of(questions: int) -> float:
    """What the next question may take where so many are still to be asked after it."""
    return max(1 / (questions + 1), LEAST_SHARE)


@dataclass(frozen=True)
class Limits:
    """What one question may take; None: without limit."""

    seconds: float | None
    work: int | None

    def times(self, share: float) -> Limits:
        """A share of it."""
        seconds = None if self.seconds is None else share * self.seconds
        return Limits(seconds, None if self.work is None else int(share * self.work))


@dataclass
class Allowance:
    """What is left, and whether somebody asked to stop."""

    seconds: float | None
    work: int | None
    stop: threading.Event = field(default_factory=threading.Event)
    held: float = 0.0
    """A share of the seconds that is not given out yet."""
    began: float = field(default_factory=time.monotonic)

    def part(self, share: float) -> Limits:
        """A share of what is left."""
        left = None if self.ends is None else max(0.0, self.ends - time.monotonic())
        return Limits(left, None if self.work is None else max(0, self.work)).times(share)

    @property
    def ends(self) -> float | None:
        """The moment of the monotonic clock at which it is spent."""
        return None if self.seconds is None else self.began + (1 - self.held) * self.seconds

    def charge(self, steps: int) -> None:
        """Count what a question has used."""
        if self.work is not None:
            self.work -= steps

    def spent(self) -> bool:
        """Whether nothing is left."""
        return self.over() or (self.work is not None and self.work <= 0)

    def over(self) -> bool:
        """Whether time is up, or somebody asked to stop; what does not count as work may go on else."""
        return self.stop.is_set() or (self.ends is not None and time.monotonic() >= self.ends)

    @property
    def took(self) -> float:
        """Seconds since the beginning."""
        return time.monotonic() - self.began
