"""Sending interrupts to commands."""

from __future__ import annotations

import signal


def heeds() -> None:
    """What is begun in the background by a shell would ignore interrupts, and so would all that it begins."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
