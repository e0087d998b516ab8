"""What it costs to plan against errors: the price of robustness (format ``detente/price/1``)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from detente.results.plan import NoPlan, Objective, Plan
from detente.results.provenance import Provenance
from detente.results.read_only import Answer


@dataclass(frozen=True)
class PricePoint(Answer):
    """The best plan within one budget of errors."""

    errors: float
    """How many of a party's numbers may be wrong at once."""
    answer: Plan | NoPlan
    lost: float | None
    """How much less its value is than where no number is wrong (for ``fast``: periods later); None without a plan."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types; the plan as the format ``detente/plan/1`` has it."""
        return {"errors": self.errors, "lost": self.lost, "plan": self.answer.to_dict()}


@dataclass(frozen=True)
class Price(Answer):
    """The best plans within growing budgets of errors, the first for none."""

    objective: Objective
    points: tuple[PricePoint, ...]
    numbers: int
    """How many numbers of the case may be wrong; the others stay at their central values."""
    left_out: tuple[str, ...]
    """Numbers that payoffs are not linear in (times, discounts, chances, detection)."""
    provenance: Provenance

    def __repr__(self) -> str:
        found = sum(isinstance(x.answer, Plan) for x in self.points)
        return f"<Price ({self.objective}): {len(self.points)} budgets of errors, {found} with a plan>"

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "format": "detente/price/1", **self.provenance.to_dict(), "objective": self.objective,
            "numbers": self.numbers, "left_out": list(self.left_out), "points": [x.to_dict() for x in self.points],
        }  # fmt: skip

    def to_json(self) -> str:
        """The same as text."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=1)
