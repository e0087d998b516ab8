"""Which uncertain numbers an outcome hangs on, read off possible worlds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from detente.results.estimates import Estimate
from detente.results.read_only import Answer


@dataclass(frozen=True)
class Driver(Answer):
    """One uncertain number: how often the road map is signed and holds when it was drawn low, and when drawn high.

    Of a party's type, or whether a government comes: in the worlds of the kind in which it is the least often so, and
    of the kind in which it is the most often so.
    """

    path: str
    """As in the draws: ``parties.DPRK.weights.programme``."""
    low_half: float
    """Share of the draws with this number at or below its median in which the road map is signed and holds."""
    high_half: float
    """The same for the draws above it."""
    name: str = ""
    """In plain words; empty where the case has none."""
    first: Estimate | None = None
    """First-order index: the part of the outcome's variance that is expected to go once this alone is known. None
    where only halves were compared.
    """
    levels: Mapping[str, float] = field(default_factory=dict)
    """Of a party's type, or a government: the share for each of its kinds. Empty for numbers."""

    @property
    def effect(self) -> float:
        """By how much the share differs."""
        return self.high_half - self.low_half

    @property
    def clear(self) -> bool:
        """Whether the difference is more than chance makes it: the index is above 0 by twice the half of its interval.

        So that of 200 numbers hardly any is called clear by chance. Where only halves were compared: the difference is
        over 0.15, two and a half times its standard error with 300 draws.
        """
        return abs(self.effect) > 0.15 if self.first is None else self.first.low > self.first.value / 2

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "path": self.path, "name": self.name, "low_half": self.low_half, "high_half": self.high_half,
            "effect": self.effect, "first": None if self.first is None else self.first.to_dict(),
            "levels": dict(self.levels),
        }  # fmt: skip


@dataclass(frozen=True)
class Influence(Answer):
    """One input of a design - a number, several that go together, or all the rest - and what its variation does."""

    paths: tuple[str, ...]
    names: tuple[str, ...]
    """In plain words, in the same order; empty words where the case has none."""
    first: Estimate
    """The part of the outcome's variance that is expected to go once this alone is known."""
    total: Estimate
    """The part that is expected to stay while this alone is unknown and all else is known."""
    rest: bool = False
    """Whether these are all the numbers that were not looked at one by one."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "paths": list(self.paths), "names": list(self.names), "first": self.first.to_dict(),
            "total": self.total.to_dict(), "rest": self.rest,
        }  # fmt: skip
