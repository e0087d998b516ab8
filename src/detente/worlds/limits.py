"""When work on many worlds ends before it is done."""

from __future__ import annotations

import threading
import time


class Limits:
    """Says when to end, and remembers why."""

    def __init__(self, time_limit: float | None, stop: threading.Event | None) -> None:
        self.began, self.time_limit, self.stop = time.monotonic(), time_limit, stop or threading.Event()
        self.cut: str | None = None

    @property
    def seconds(self) -> float:
        """Since the beginning."""
        return time.monotonic() - self.began

    def over(self) -> bool:
        """Whether to end."""
        if self.stop.is_set():
            self.cut = "interrupted"
        elif self.time_limit is not None and self.seconds >= self.time_limit:
            self.cut = "clock"
        return self.cut is not None
