"""A party's choice in one period, measure by measure (format ``detente/why/1``)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from detente.case.road_map import RoadMap
from detente.results.audit import Breach, str_fraction
from detente.results.provenance import Provenance
from detente.results.read_only import Answer

PartKind = Literal["status-quo", "measure", "milestone", "stick", "exit-cost"]


@dataclass(frozen=True)
class Part(Answer):
    """What one thing adds, in money of the period asked for, to staying, to walking out, and to the best breach."""

    kind: PartKind
    name: str
    """Id of the measure, milestone or stick; empty for status quo and exit cost."""
    stay: Fraction
    walk: Fraction
    breach: Fraction
    note: str = ""
    """What becomes of it after the breach, in a few words."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "kind": self.kind, "name": self.name, "stay": float(self.stay), "walk": float(self.walk),
            "breach": float(self.breach), "note": self.note,
        }  # fmt: skip


@dataclass(frozen=True)
class Why(Answer):
    """V, W and the best breach of a party in a period; the parts add up to the totals exactly."""

    road_map: RoadMap
    party: str
    period: int
    stay: Fraction
    """V"""
    walk: Fraction
    """W"""
    breach: Fraction
    """The larger of W and C."""
    best: Breach
    walks: int | None
    """The period in which a covert breach turns into walking out if it was not found before; None: never."""
    parts: tuple[Part, ...]
    provenance: Provenance

    def __repr__(self) -> str:
        return f"<Why: {self.party} in period {self.period}, margin {float(self.margin):.3g}>"

    @property
    def margin(self) -> Fraction:
        """What staying is worth more than the best breach."""
        return self.stay - self.breach

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types; totals also as exact fractions."""
        return {
            "format": "detente/why/1", **self.provenance.to_dict(), "starts": dict(self.road_map.starts),
            "party": self.party, "period": self.period, "V": float(self.stay), "W": float(self.walk),
            "breach": float(self.breach), "margin": float(self.margin), "best_breach": self.best.to_dict(),
            "walks_out": self.walks, "parts": [p.to_dict() for p in self.parts],
            "exact": {"V": str_fraction(self.stay), "W": str_fraction(self.walk), "breach": str_fraction(self.breach)},
        }  # fmt: skip

    def to_json(self) -> str:
        """The same as text."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=1)
