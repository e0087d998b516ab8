"""What the planner answers: a certified road map, or none with the reason (format ``detente/plan/1``)."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from detente.case.road_map import RoadMap
from detente.results.audit import Audit
from detente.results.in_worlds import InWorlds
from detente.results.provenance import Provenance
from detente.results.read_only import Answer, plain

Objective = Literal["robust", "fair", "nash", "fast", "welfare"]
Sought = Objective | Literal["robust-worlds", "any", "most-for", "closest"]
"""An objective of the planner; the largest share of possible worlds; or what other rooms seek: anything certified, the
most for one party, the closest to something."""


@dataclass(frozen=True)
class Plan(Answer):
    """A certified road map, with a proven bound on the best."""

    road_map: RoadMap
    objective: Sought
    value: float
    """Of the objective (for ``fair`` the least share; for ``fast`` the goal's period)."""
    bound: float
    gap: float
    """Absolute, in the objective's units."""
    margin_required: float
    audit: Audit
    breaches_added: int
    provenance: Provenance
    details: Mapping[str, Any] = field(default_factory=dict)
    """What else a reader needs: shares of each principal, which U* were bounds, wants kept, …"""
    worlds: InWorlds | None = None
    """For ``robust-worlds``: in how many worlds it stands. Value and bound are then shares, known from a sample."""

    def __repr__(self) -> str:
        if self.worlds is not None:
            share, low, high = (round(100 * x) for x in (self.value, self.worlds.both.low, self.worlds.both.high))
            return f"<Plan ({self.objective}): stands in {share} % [{low}, {high}] of {self.worlds.n:,} worlds>"
        steps = f"{len(self.road_map)} measure{'s' * (len(self.road_map) != 1)}"
        value = "without limit" if self.unlimited else f"{self.value:.3g}, bound {self.bound:.3g}"
        return f"<Plan ({self.objective}): {steps}, value {value}>"

    @property
    def unlimited(self) -> bool:
        """Whether no margin limits the objective: leaving changes nothing for anybody, as on an empty road map.

        The number in ``value`` then only stands for more than any margin.
        """
        return self.objective == "robust" and self.audit.least_counted is None

    @property
    def starts(self) -> Mapping[str, int]:
        """Start period of each measure on the road map."""
        return self.road_map.starts

    def to_dict(self) -> dict[str, Any]:
        """The format of model §11."""
        return {
            "format": "detente/plan/1", **self.provenance.to_dict(), "outcome": "plan",
            "starts": dict(self.road_map.starts), "objective": self.objective, "value": _finite(self.value),
            "bound": _finite(self.bound), "gap": _finite(self.gap), "margin_required": self.margin_required,
            "audit": self.audit.to_dict(), "breaches_added": self.breaches_added, "reason": None,
            "details": plain(self.details), **({"worlds": self.worlds.to_dict()} if self.worlds else {}),
        }  # fmt: skip

    def to_json(self) -> str:
        """The format of model §11 as text."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=1)


@dataclass(frozen=True)
class NoPlanReason(Answer):
    """Why there is no plan: ``none-exists`` is proved; ``limit`` and ``interrupted`` are not."""

    kind: Literal["none-exists", "limit", "interrupted"]
    tried: tuple[str, ...]
    """What was tried, in plain words."""
    conflict: tuple[str, ...] = ()
    """Names of clauses and conditions known to clash (may be empty)."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {"kind": self.kind, "tried": list(self.tried), "conflict": list(self.conflict)}


@dataclass(frozen=True)
class NoPlan(Answer):
    """No certified road map was found; ``outcome`` says whether that is proved."""

    outcome: Literal["none-exists", "unknown"]
    reason: NoPlanReason
    objective: Sought
    bound: float | None
    margin_required: float
    breaches_added: int
    provenance: Provenance

    def __repr__(self) -> str:
        return f"<NoPlan ({self.objective}): {self.outcome}>"

    def to_dict(self) -> dict[str, Any]:
        """The format of model §11."""
        return {
            "format": "detente/plan/1", **self.provenance.to_dict(), "outcome": self.outcome, "starts": None,
            "objective": self.objective, "value": None, "bound": _finite(self.bound), "gap": None,
            "margin_required": self.margin_required, "audit": None, "breaches_added": self.breaches_added,
            "reason": self.reason.to_dict(),
        }  # fmt: skip

    def to_json(self) -> str:
        """The format of model §11 as text."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=1)


def _finite(x: float | None) -> float | None:
    """JSON knows no infinity: a value or bound that is not known is null."""
    return x if x is not None and math.isfinite(x) else None
