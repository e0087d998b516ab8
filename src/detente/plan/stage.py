"""What a search is asked, what it may use, and what it answers."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from detente.plan.linear import Linear
from detente.plan.scout import Sighting
from detente.plan.solver import Row, Status


@dataclass(frozen=True)
class Progress:
    """Where a search stands."""

    stage: str
    best: float | None
    bound: float
    breaches: int
    seen: int
    seconds: float


@dataclass
class Budget:
    """What a search may use: a moment of the clock, or work (solver nodes and road maps looked at), or neither."""

    deadline: float | None = None
    work: int | None = None
    used: int = 0
    stop: threading.Event = field(default_factory=threading.Event)

    def spent(self) -> bool:
        """Whether nothing is left."""
        late = self.deadline is not None and time.monotonic() >= self.deadline
        return late or (self.work is not None and self.used >= self.work) or self.stop.is_set()

    def part(self, share: float) -> Budget:
        """A budget of a share of what is left; work used there counts here through :meth:`charge`."""
        now = time.monotonic()
        deadline = None if self.deadline is None else now + share * max(0.0, self.deadline - now)
        work = None if self.work is None else int(share * max(0, self.work - self.used))
        return Budget(deadline, work, 0, self.stop)

    def seconds(self) -> float | None:
        """Seconds left; None without a limit."""
        return None if self.deadline is None else max(0.0, self.deadline - time.monotonic())

    def left(self) -> int | None:
        """Work left; None without a limit."""
        return None if self.work is None else max(0, self.work - self.used)

    def step(self, seconds: float, share: float) -> Budget:
        """A small part: so many seconds where the clock is the limit, a share of what is left where work is.

        Work used there counts here through :meth:`charge`.
        """
        deadline = None if self.deadline is None else self.within(seconds)
        left = self.left()
        return Budget(deadline, None if left is None else int(share * left), 0, self.stop)

    def within(self, seconds: float) -> float | None:
        """A deadline so many seconds from now, or the budget's own if that is earlier."""
        soon = time.monotonic() + seconds
        return soon if self.deadline is None else min(soon, self.deadline)

    def charge(self, part: Budget) -> None:
        """Count what a part has used."""
        self.used += part.used


@dataclass(frozen=True)
class Stage:
    """One question to the solver: maximise ``objective`` subject to ``rows``.

    ``value`` reads the objective off a sighting. With ``by_margin`` the objective is the margin z itself, and every
    breach that leaves less counts; otherwise those do that leave less than the margin asked for."""

    name: str
    objective: Linear
    rows: list[Row]
    value: Callable[[Sighting], float]
    by_margin: bool = False
    gap: float = 1e-7
    refine: Callable[[Sighting], list[Row]] = lambda s: []
    """Rows that bring an objective known by bounds only closer to its value at a road map."""
    guides: Sequence[Linear] = ()
    """Where any road map will do: what the solver maximises, in turn, to find one soon; nothing is claimed of it."""


@dataclass(frozen=True)
class Result:
    """The best candidate of a stage, and a proven bound. ``status`` infeasible: no certified road map satisfies it."""

    best: Sighting | None
    value: float
    bound: float
    status: Status
