"""What is being done, on standard error, as soon as it takes longer than one likes to wait in silence."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

SILENT = 2.0
"""Seconds in which nothing is said."""

EVERY = {True: 0.5, False: 10.0}
"""Seconds between two lines, on a terminal (where one line changes) and elsewhere."""


class Patience:
    """While this is open: a line after ``SILENT`` seconds, and again now and then; calling it says what is done now."""

    def __init__(self, text: str) -> None:
        self.text, self.live = text, sys.stderr.isatty()
        self._began, self._told = time.monotonic(), False
        self._over = threading.Event()
        self._clock = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Patience:
        self._clock.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._clock.join()
        if self.live and self._told:
            print("\r\033[K", end="", file=sys.stderr, flush=True)

    def __call__(self, text: str) -> None:
        """Say what is done now."""
        self.text = text

    def _run(self) -> None:
        wait = SILENT
        while not self._over.wait(wait):
            self._told, wait = True, EVERY[self.live]
            line = f"{self.text}, {time.monotonic() - self._began:.0f} s"
            if self.live:
                print(f"\r\033[K{line[:110]}", end="", file=sys.stderr, flush=True)
            else:
                print(line, file=sys.stderr, flush=True)


@contextmanager
def stoppable() -> Iterator[threading.Event]:
    """An event that a first interrupt from the keyboard sets; a second one ends what is being done at once."""
    stop = threading.Event()

    def interrupted(*_: object) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    before = signal.signal(signal.SIGINT, interrupted)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)
