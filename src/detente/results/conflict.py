"""Conditions that cannot all hold, and what relaxing them buys: parts of other answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from detente.case.road_map import RoadMap
from detente.results.audit import Audit, Breach
from detente.results.read_only import Answer


@dataclass(frozen=True)
class Stated(Answer):
    """A condition on road maps, as the case states it: a clause, or that a party signs, or that it stays."""

    name: str
    """The clause's id, or the kind and the party: ``stays:DPRK``."""
    kind: str
    """``clause``; ``signs``: no deal is not worth more to the party; ``stays``: it gains by no breach; ``supports``:
    its factions do; ``consents``: it, or a body, agrees to the measures that need it."""
    party: str
    """Whose it is."""
    text: str
    """The words of a clause."""
    clause_kind: str
    """``red-line``, ``position``, ``goal`` or ``proposal``; empty where it is no clause."""
    of: str
    """Name of the position, goal or proposal."""
    where: str
    """File and line; empty where there is none."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {"name": self.name, "kind": self.kind, "party": self.party, "text": self.text,
                "clause_kind": self.clause_kind, "of": self.of, "where": self.where}  # fmt: skip


@dataclass(frozen=True)
class Conflict(Answer):
    """Conditions of which it is proved that no road map satisfies all."""

    members: tuple[Stated, ...]
    without: Mapping[str, RoadMap]
    """For a member that is needed a road map that satisfies all the others; of a missing one it is not known."""
    at_least: int
    """Proved: no conflict has fewer members."""

    @property
    def minimal(self) -> bool:
        """Whether it is proved that all but any one of the members can be satisfied."""
        return all(m.name in self.without for m in self.members)

    @property
    def smallest(self) -> bool:
        """Whether it is proved that no conflict has fewer members."""
        return self.at_least >= len(self.members)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""

        def needed(name: str) -> str:
            return "yes" if name in self.without else "unknown"

        return {
            "members": [{**m.to_dict(), "needed": needed(m.name)} for m in self.members],
            "without": {name: dict(road_map.starts) for name, road_map in self.without.items()},
            "minimal": self.minimal, "smallest": self.smallest, "at_least": self.at_least,
        }  # fmt: skip


@dataclass(frozen=True)
class Miss(Answer):
    """By how much a road map misses a condition."""

    name: str
    amount: float
    unit: Literal["periods", "share", "value", "votes"]
    period: int | None = None
    """When a party would leave."""
    breach: Breach | None = None
    """How it would."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {"name": self.name, "amount": self.amount, "unit": self.unit, "period": self.period,
                "breach": self.breach.to_dict() if self.breach else None}  # fmt: skip


@dataclass(frozen=True)
class Relaxation(Answer):
    """Conditions without which there is a road map, and the road map that this buys."""

    waived: tuple[Stated, ...]
    at_least: int
    """Proved: waiving fewer conditions, whichever, is not enough."""
    minimal: bool
    """Whether it is proved that waiving only some of these is not enough."""
    road_map: RoadMap | None = None
    """None: a limit was reached before it was known whether waiving these is enough."""
    audit: Audit | None = None
    """Of the road map; what is waived counts in it as it would."""
    misses: tuple[Miss, ...] = ()
    """By how much the road map misses each condition that was waived."""
    objective: str = ""
    value: float | None = None
    bound: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        a = self.audit
        least = a.least_counted if a else None
        return {
            "waived": [w.to_dict() for w in self.waived], "at_least": self.at_least, "minimal": self.minimal,
            "outcome": "plan" if self.road_map is not None else "unknown",
            "starts": dict(self.road_map.starts) if self.road_map is not None else None,
            "value": {i: v[0] for i, v in a.V.items()} if a else None, "reserve": dict(a.reserve) if a else None,
            "gains": dict(a.gains) if a else None, "least_counted": least.to_dict() if least else None,
            "misses": [m.to_dict() for m in self.misses],
            "objective": {"name": self.objective, "value": self.value, "bound": self.bound} if a else None,
        }  # fmt: skip
