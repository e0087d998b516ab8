"""How long property tests run: `make test-deep` sets DETENTE_DEPTH to 10, and they try ten times as many examples."""

from __future__ import annotations

import os

DEPTH = int(os.environ.get("DETENTE_DEPTH", "1"))


def examples(n: int) -> int:
    """`n` examples, or as many times more as DETENTE_DEPTH says."""
    return n * DEPTH
