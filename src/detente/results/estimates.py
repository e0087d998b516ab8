"""A number known from a sample, with how closely."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from detente.results.read_only import Answer


@dataclass(frozen=True)
class Estimate(Answer):
    """A number, and the interval that holds the true one in 95 of 100 samples."""

    value: float
    low: float
    high: float

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {"value": self.value, "low": self.low, "high": self.high}
