"""Which uncertain numbers a verdict hangs on, read off the draws of a comparison."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from detente.results.read_only import Answer


@dataclass(frozen=True)
class Driver(Answer):
    """One uncertain number: how often the road map is signed and holds when it was drawn low, and when drawn high."""

    path: str
    """As in the draws: ``parties.DPRK.weights.programme``."""
    low_half: float
    """Share of the draws with this number at or below its median in which the road map is signed and holds."""
    high_half: float
    """The same for the draws above it."""
    name: str = ""
    """In plain words; empty where the case has none."""

    @property
    def effect(self) -> float:
        """By how much the share differs."""
        return self.high_half - self.low_half

    @property
    def clear(self) -> bool:
        """Whether the difference is more than chance makes it: over 0.15, two and a half times its standard error with
        300 draws."""
        return abs(self.effect) > 0.15

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "path": self.path, "name": self.name, "low_half": self.low_half, "high_half": self.high_half,
            "effect": self.effect,
        }  # fmt: skip
