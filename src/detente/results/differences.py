"""What differs between two cases or road maps, and what of it moved the verdict (format ``detente/diff/1``)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from detente.results.audit import LeastMargin, Verdict
from detente.results.provenance import Provenance
from detente.results.read_only import Answer


@dataclass(frozen=True)
class Standing(Answer):
    """How a road map stands: verdict, signed or not, weakest moment."""

    verdict: Verdict
    signed: bool
    clauses_kept: bool
    least: LeastMargin | None
    reason: str
    flaw: str = ""
    """What is wrong with it before anybody's interest is asked: ``out-of-order``, ``over-capacity``, ``past-horizon``.

    Its margins then mean little.
    """

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "verdict": self.verdict, "signed": self.signed, "clauses_kept": self.clauses_kept,
            "least_margin": self.least.to_dict() if self.least else None, "reason": self.reason, "flaw": self.flaw,
        }  # fmt: skip


@dataclass(frozen=True)
class Step(Answer):
    """One difference, tried by itself on the first, and with all before it."""

    what: str
    alone: Standing
    so_far: Standing
    flips_alone: bool
    """Verdict or signing changes if nothing but this does."""
    flips_in_order: bool
    """Verdict or signing changes when this is added to what stands before it in the list."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "what": self.what, "alone": self.alone.to_dict(), "so_far": self.so_far.to_dict(),
            "flips_alone": self.flips_alone, "flips_in_order": self.flips_in_order,
        }  # fmt: skip


@dataclass(frozen=True)
class Differences(Answer):
    """From the first to the second, difference by difference."""

    first: Standing
    second: Standing
    steps: tuple[Step, ...]
    provenance: Provenance

    def __repr__(self) -> str:
        return f"<Differences: {len(self.steps)}, from {self.first.verdict} to {self.second.verdict}>"

    @property
    def flipped(self) -> bool:
        """Whether the two stand differently."""
        return (self.first.verdict, self.first.signed) != (self.second.verdict, self.second.signed)

    @property
    def largest(self) -> Step | None:
        """The step that moves the least margin most when tried alone; None if none moves it."""
        moved = {n: self._moved(step) for n, step in enumerate(self.steps)}
        most = max(moved, key=lambda n: moved[n], default=None)
        return None if most is None or moved[most] <= 0 else self.steps[most]

    def _moved(self, step: Step) -> float:
        first, alone = self.first, step.alone
        if alone.least is None or first.least is None or alone.flaw or first.flaw:
            return 0.0
        return abs(alone.least.value - first.least.value)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "format": "detente/diff/1", **self.provenance.to_dict(), "first": self.first.to_dict(),
            "second": self.second.to_dict(), "flipped": self.flipped, "steps": [s.to_dict() for s in self.steps],
            "largest": self.largest.what if self.largest else None,
        }  # fmt: skip

    def to_json(self) -> str:
        """The same as text."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=1)
