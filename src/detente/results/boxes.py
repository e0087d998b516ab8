"""Under which circumstances together something happens: boxes of possible worlds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from detente.results.estimates import Estimate
from detente.results.read_only import Answer


@dataclass(frozen=True)
class Side(Answer):
    """One circumstance of a box: a number lies above ``above`` and at or below ``upto``, or a type is one of some."""

    path: str
    name: str
    """In plain words; empty where the case has none."""
    unit: str
    above: float | None = None
    upto: float | None = None
    levels: tuple[str, ...] = ()
    """Of a party's type, or a government: the kinds of it. Empty for numbers."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "path": self.path, "name": self.name, "unit": self.unit, "above": self.above, "upto": self.upto,
            "levels": list(self.levels),
        }  # fmt: skip


@dataclass(frozen=True)
class Box(Answer):
    """The worlds in which all of some circumstances are so; its shares are of worlds that had no part in finding it."""

    sides: tuple[Side, ...]
    """The one first without which the box would tell least."""
    density: Estimate
    """Share of its worlds in which it happens."""
    mass: Estimate
    """Its share of all worlds."""
    coverage: Estimate
    """Share of all worlds in which it happens that are in the box."""
    chance: float
    """The chance that a box with no meaning shows such a density in worlds that it was not found on."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "sides": [s.to_dict() for s in self.sides], "density": self.density.to_dict(), "mass": self.mass.to_dict(),
            "coverage": self.coverage.to_dict(), "chance": self.chance,
        }  # fmt: skip


@dataclass(frozen=True)
class Boxes(Answer):
    """Boxes that stood their test, the one that tells most first."""

    boxes: tuple[Box, ...]
    found_on: int
    """Worlds on which they were sought."""
    tested_on: int
    """Worlds on which they were tested."""
    share: float
    """Share of the worlds tested on in which it happens."""
    together: float
    """Share of the worlds tested on in which it happens that are in any of the boxes."""
    failed: bool
    """Whether the search ended with a box that did not stand its test, and is therefore not told."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "boxes": [b.to_dict() for b in self.boxes], "found_on": self.found_on, "tested_on": self.tested_on,
            "share": self.share, "together": self.together, "failed": self.failed,
        }  # fmt: skip
