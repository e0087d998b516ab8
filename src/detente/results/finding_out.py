"""What it is worth to find something out before one signs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from detente.results.estimates import Estimate
from detente.results.read_only import Answer


@dataclass(frozen=True)
class Knowing(Answer):
    """What knowing one number, or a party's type, beforehand is worth to the party that decides."""

    path: str
    name: str
    """In plain words; empty where the case has none."""
    worth: Estimate
    """Expected gain over deciding without knowing it, in the party's own units."""
    otherwise: float
    """Share of worlds in which it would then decide otherwise."""
    clear: bool
    """Whether what signing brings differs with it by more than chance makes it, all inputs being tried alike."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "path": self.path, "name": self.name, "worth": self.worth.to_dict(), "otherwise": self.otherwise,
            "clear": self.clear,
        }  # fmt: skip


@dataclass(frozen=True)
class FindingOut(Answer):
    """A party's decision which road map to sign, if any, and what it is worth to know more before."""

    party: str
    decisions: tuple[str, ...]
    """The road maps it may sign. It may also sign none."""
    gains: tuple[float, ...]
    """What each is expected to bring it over its reserve value, in its own units; nothing where another would not sign
    it."""
    refused: tuple[float, ...]
    """Share of worlds in which another would not sign each, so that nothing comes of it."""
    chosen: str | None
    """What it does best to sign as things are known; None: nothing."""
    everything: Estimate
    """What knowing everything beforehand would be worth: no inquiry is worth more."""
    items: tuple[Knowing, ...]
    """What knowing one number alone would be worth, the most first."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "party": self.party, "decisions": list(self.decisions), "gains": list(self.gains),
            "refused": list(self.refused), "chosen": self.chosen, "everything": self.everything.to_dict(),
            "items": [i.to_dict() for i in self.items],
        }  # fmt: skip
