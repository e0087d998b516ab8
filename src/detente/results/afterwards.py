"""What is left once a road map has been carried out (format ``detente/afterwards/1``)."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from detente.case.road_map import RoadMap
from detente.results.audit import Audit
from detente.results.plan import NoPlan, Plan
from detente.results.provenance import Provenance
from detente.results.read_only import Answer, plain

Outlook = Literal["opens-the-way", "neutral", "uses-up-leverage", "nothing-holds", "not-known"]
Further = Literal["yes", "no", "unknown"]


@dataclass(frozen=True)
class Span(Answer):
    """The most that certified road maps give somebody: what was found, and what is proved not to be exceeded.

    ``found`` is None where none was found, ``bound`` minus infinity where it is proved that there is none, infinity
    where nothing is proved.
    """

    found: float | None
    bound: float

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "found": self.found, "bound": self.bound if math.isfinite(self.bound) else None,
            "none": self.bound == -math.inf,
        }  # fmt: skip


@dataclass(frozen=True)
class Prospect(Answer):
    """What the road map leaves a principal to hope for, in its own units, at the common discount."""

    party: str
    tabled: float
    """Its gain from the road map itself, over no deal, if everybody keeps it."""
    further: Span
    """The most it can still get from the end on, over leaving things as they then are, counted at the end."""
    in_all: Span
    """Both together, counted at the beginning."""
    from_start: Span
    """The most it could get from the beginning without this road map."""
    outlook: Outlook
    best: RoadMap | None
    """The road map after the end that gives it most, of those found; periods count from the end."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "party": self.party, "tabled": self.tabled, "further": self.further.to_dict(),
            "in_all": self.in_all.to_dict(), "from_start": self.from_start.to_dict(), "outlook": self.outlook,
            "best": dict(self.best.starts) if self.best is not None else None,
        }  # fmt: skip


@dataclass(frozen=True)
class Leverage(Answer):
    """What a party still has to give, and to lose."""

    party: str
    unused: tuple[str, ...]
    """Its measures that are not done and can still come."""
    worth: Mapping[str, float]
    """What these would be worth to each principal if they all came at once, those that hurt it left out."""
    worth_at_start: Mapping[str, float]
    """The same of all its measures, before the road map."""
    stake: float | None
    """By how much staying beats leaving at the end; below 0 it leaves. None: it has nothing to leave."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "party": self.party, "unused": list(self.unused), "worth": dict(self.worth),
            "worth_at_start": dict(self.worth_at_start), "stake": self.stake,
        }  # fmt: skip


@dataclass(frozen=True)
class SettledClause(Answer):
    """A clause that nothing done after the end can keep or break any more."""

    id: str
    kind: str
    kept: bool

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {"id": self.id, "kind": self.kind, "kept": self.kept}


@dataclass(frozen=True)
class Afterwards(Answer):
    """Whether a road map opens the way to more, or uses up what could have brought it."""

    road_map: RoadMap
    audit: Audit
    """Of the road map itself."""
    period: int
    """The first period after its last completion."""
    end: Audit
    """Of the end state with nothing further agreed; periods count from the end."""
    prospects: tuple[Prospect, ...]
    leverage: tuple[Leverage, ...]
    further: Further
    """Whether, from the end on, some certified road map gives a principal more than leaving things as they are."""
    plan: Plan | NoPlan
    """The planner's road map from the end on."""
    settled: tuple[SettledClause, ...]
    case: Mapping[str, Any]
    """The case from the end on, as a resolved case."""
    provenance: Provenance

    def __repr__(self) -> str:
        told = ", ".join(f"{p.party} {p.outlook}" for p in self.prospects)
        return f"<Afterwards: from period {self.period} on; {told}>"

    def prospect(self, party: str) -> Prospect:
        """That of a party."""
        return next(p for p in self.prospects if p.party == party)

    def to_dict(self) -> dict[str, Any]:
        """The format ``detente/afterwards/1``."""
        a, e = self.audit, self.end
        return {
            "format": "detente/afterwards/1", **self.provenance.to_dict(), "name": self.road_map.name,
            "starts": dict(self.road_map.starts), "verdict": a.verdict, "signed": a.signed, "reason": a.reason,
            "period": self.period,
            "end": {"verdict": e.verdict, "reason": e.reason, "case_hash": e.provenance.case_hash},
            "prospects": [p.to_dict() for p in self.prospects], "leverage": [x.to_dict() for x in self.leverage],
            "further": self.further, "plan": self.plan.to_dict(), "settled": [c.to_dict() for c in self.settled],
            "case": plain(self.case),
        }  # fmt: skip

    def to_json(self) -> str:
        """The format ``detente/afterwards/1`` as text."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=1)
