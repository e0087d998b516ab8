"""An answer that takes several steps, each within its part of the limits, and that an interrupt ends early."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import TypeVar

from detente.audit.origin import origin
from detente.plan.inquiry import Inquiry
from detente.plan.stage import Budget
from detente.results.provenance import Provenance

T = TypeVar("T")


class Steps:
    """``shares``: the part that each step, by its name, has of what is then left of the limits."""

    def __init__(
        self, shares: Mapping[str, float], time_limit: float | None, work_limit: int | None, stop: threading.Event
    ) -> None:
        self.shares, self.stop, self.began = shares, stop, time.monotonic()
        self.limits = {"time_limit": time_limit, "work_limit": work_limit}
        self.budget = Budget(None if time_limit is None else self.began + time_limit, work_limit, 0, stop)

    def take(self, name: str, work: Callable[[Budget], T]) -> T | None:
        """One step within its part of the limits; None where it was interrupted."""
        part = self.budget.part(self.shares[name])
        try:
            return work(part)
        except KeyboardInterrupt:
            self.stop.set()
            return None
        finally:
            self.budget.charge(part)

    def origin(self, inquiry: Inquiry, open_: bool) -> Provenance:
        """Where the answer to an inquiry comes from; ``open_``: whether more time could have told more."""
        cut = None
        if self.stop.is_set():
            cut = "interrupted"
        elif open_:
            cut = "work-limit" if self.limits["time_limit"] is None else "clock"
        limits = {**self.limits, "work_used": self.budget.used, "searches": inquiry.asked}
        return origin(inquiry.case, limits, seconds=time.monotonic() - self.began, cut=cut, seed=0)
