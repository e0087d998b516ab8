"""Why there is no road map, and what would have to give (format ``detente/explain/1``)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal

from detente.results.audit import Audit
from detente.results.conflict import Conflict, Relaxation
from detente.results.provenance import Provenance
from detente.results.read_only import Answer


@dataclass(frozen=True)
class Explanation(Answer):
    """What cannot all hold, and the least that would have to be waived for a road map to exist."""

    outcome: Literal["conflict", "plan", "unknown"]
    """``conflict``: proved that there is no road map; ``plan``: there is one; ``unknown``: a limit was reached."""
    keep: tuple[str, ...]
    """Positions, goals and proposals whose clauses had to be kept besides the red lines."""
    margin: float
    """Asked of every breach that is not vacuous, as a part of each party's scale."""
    audit: Audit | None
    """Of a certified road map, if there is one."""
    conflict: Conflict | None
    relaxations: tuple[Relaxation, ...]
    """Smallest first; those of which it is not known whether they are enough come last."""
    every: bool
    """Whether it is proved that no other minimal set of conditions is enough."""
    provenance: Provenance

    def __repr__(self) -> str:
        if self.conflict is None:
            return f"<Explanation: {'there is a road map' if self.outcome == 'plan' else 'unknown'}>"
        n = len(self.conflict.members)
        return f"<Explanation: conflict of {n} conditions, {len(self.found)} ways to relax it>"

    @property
    def found(self) -> tuple[Relaxation, ...]:
        """Ways to relax that are enough."""
        return tuple(r for r in self.relaxations if r.road_map is not None)

    @property
    def open(self) -> tuple[Relaxation, ...]:
        """Ways of which it is not known whether they are enough."""
        return tuple(r for r in self.relaxations if r.road_map is None)

    def to_dict(self) -> dict[str, Any]:
        """The format ``detente/explain/1``."""
        return {
            "format": "detente/explain/1", **self.provenance.to_dict(), "outcome": self.outcome,
            "keep": list(self.keep), "margin_required": self.margin,
            "starts": dict(self.audit.road_map.starts) if self.audit else None,
            "audit": self.audit.to_dict() if self.audit else None,
            "conflict": self.conflict.to_dict() if self.conflict else None,
            "relaxations": [r.to_dict() for r in self.relaxations], "every": self.every,
        }  # fmt: skip

    def to_json(self) -> str:
        """The format ``detente/explain/1`` as text."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=1)
