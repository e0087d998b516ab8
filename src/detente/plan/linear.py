"""Linear expressions over the planner's variables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from detente.plan.solver import INFINITY, Row


@dataclass
class Linear:
    """``constant + Σ coefficient · variable``."""

    terms: dict[int, float] = field(default_factory=dict)
    constant: float = 0.0

    def add(self, other: Linear, factor: float = 1.0) -> Linear:
        """Add ``factor · other`` in place."""
        self.constant += factor * other.constant
        for column, value in other.terms.items():
            self.terms[column] = self.terms.get(column, 0.0) + factor * value
        return self

    def plus(self, column: int, factor: float) -> Linear:
        """Add ``factor · variable`` in place."""
        self.terms[column] = self.terms.get(column, 0.0) + factor
        return self

    def times(self, factor: float) -> Linear:
        """A new expression ``factor · self``."""
        return Linear({c: factor * v for c, v in self.terms.items()}, factor * self.constant)

    def at_least(self, low: float) -> Row:
        """``self >= low`` as a row."""
        return Row(_clean(self.terms), low=low - self.constant)

    def at_most(self, high: float) -> Row:
        """``self <= high`` as a row."""
        return Row(_clean(self.terms), high=high - self.constant)

    def equals(self, value: float) -> Row:
        """``self = value`` as a row."""
        return Row(_clean(self.terms), value - self.constant, value - self.constant)

    def value(self, x: Mapping[int, float]) -> float:
        """Its value at a point."""
        return self.constant + sum(v * x[c] for c, v in self.terms.items())


def _clean(terms: dict[int, float]) -> dict[int, float]:
    """Without coefficients that are rounding residue only."""
    largest = max((abs(v) for v in terms.values()), default=0.0)
    return {c: v for c, v in terms.items() if abs(v) > 1e-12 * largest}


def total(parts: list[Linear]) -> Linear:
    """The sum of several expressions."""
    result = Linear()
    for part in parts:
        result.add(part)
    return result


__all__ = ["INFINITY", "Linear", "Row", "total"]
