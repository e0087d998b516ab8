"""Where an answer comes from: its case, the program and the machine, and what it was allowed to take."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from typing import Any

from detente import __version__
from detente.case.interchange import case_hash
from detente.case.resolved import ResolvedCase
from detente.results.provenance import Provenance, Run


def origin(
    case: ResolvedCase,
    limits: Mapping[str, Any],
    *,
    seconds: float = 0.0,
    cut: str | None = None,
    seed: int | None = None,
) -> Provenance:
    """The provenance of an answer made here and now; see :class:`Run` for what ``cut`` it short."""
    return Provenance(case_hash(case), f"detente {__version__}", seed, Run(seconds, platform.machine(), limits, cut))
