"""Where an answer comes from: enough to compute it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from detente.results.read_only import Answer, plain


@dataclass(frozen=True)
class Run(Answer):
    """What this particular run took; outside any hash."""

    seconds: float = 0.0
    machine: str = ""
    limits: Mapping[str, Any] = field(default_factory=dict)
    cut: str | None = None
    """``None``; ``"clock"`` (not reproducible) or ``"work-limit"`` (reproducible) or ``"interrupted"``."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {"seconds": self.seconds, "machine": self.machine, "limits": plain(self.limits), "cut": self.cut,
                "reproducible": self.cut in (None, "work-limit")}  # fmt: skip


@dataclass(frozen=True)
class Provenance(Answer):
    """What every answer carries."""

    case_hash: str
    program: str
    seed: int | None = None
    run: Run = field(default_factory=Run)

    def to_dict(self) -> dict[str, Any]:
        """The keys every answer has besides its ``format``."""
        return {"case_hash": self.case_hash, "program": self.program, "seed": self.seed, "run": self.run.to_dict()}
