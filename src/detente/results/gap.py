"""How far two positions or proposals lie apart, and what of them cannot all stand (format ``detente/gap/1``)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal

from detente.case.resolved import Strength
from detente.results.audit import Audit, ClauseResult
from detente.results.compare import Row
from detente.results.conflict import Conflict
from detente.results.provenance import Provenance
from detente.results.read_only import Answer

Window = tuple[int, int]
"""First and last period in which a measure may come into force; ``periods`` stands for never."""

Text = Literal["position", "proposal"]
Form = Literal["by", "not before", "never", "at least", "at most", "before", "after"]
Unit = Literal["periods", "share", ""]
Relation = Literal["presence", "apart", "differ", "agree", "compatible", "one-sided", "order"]


@dataclass(frozen=True)
class Side(Answer):
    """One of the two texts."""

    name: str
    kind: Text
    party: str
    """Whose it is: a party, or an author."""
    date: str
    """Since when it is held, or when it was made; empty where the case does not say."""
    why: str
    """Why it was taken."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {"name": self.name, "kind": self.kind, "party": self.party, "date": self.date, "why": self.why}


@dataclass(frozen=True)
class Ask(Answer):
    """What a clause asks of a measure or a group."""

    clause: str
    strength: Strength
    weight: float
    form: Form
    time: int | None = None
    """Period, for a date."""
    share: float | None = None
    other: str = ""
    """The measure or group that comes after, or before."""
    through: str = ""
    """The group, or milestone, of which the measure is a member: that is what the clause names."""
    window: Window | None = None
    """When the measure may come into force if the clause is kept; None if the clause alone does not tell."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "clause": self.clause, "strength": self.strength, "weight": self.weight, "form": self.form,
            "time": self.time, "share": self.share, "other": self.other, "through": self.through,
            "window": list(self.window) if self.window else None,
        }  # fmt: skip


@dataclass(frozen=True)
class Wish(Answer):
    """When a side wants a measure: by its musts, or where these do not tell by its wants."""

    window: Window
    strength: Strength

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {"window": list(self.window), "strength": self.strength}


@dataclass(frozen=True)
class SubjectGap(Answer):
    """What both sides ask of a measure or a group, and how far that lies apart."""

    subject: str
    members: tuple[str, ...]
    """Of a group."""
    asks: tuple[tuple[Ask, ...], tuple[Ask, ...]]
    wishes: tuple[Wish | None, Wish | None]
    """Of a measure; None where a side does not say when it should come."""
    relation: Relation
    """``presence``: one wants it, the other never; ``apart``: no date suits both; ``differ``: a date suits both, but
    they ask for different ones; ``agree``; ``compatible``: different questions that do not clash; ``one-sided``;
    ``order``: only its order is spoken of."""
    distance: float | None = None
    unit: Unit = ""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "subject": self.subject, "members": list(self.members),
            "asks": [[a.to_dict() for a in own] for own in self.asks],
            "wishes": [w.to_dict() if w else None for w in self.wishes], "relation": self.relation,
            "distance": self.distance, "unit": self.unit,
        }  # fmt: skip


@dataclass(frozen=True)
class OrderConflict(Answer):
    """The first side wants ``first`` before ``then``, the second the reverse."""

    first: str
    then: str
    chains: tuple[tuple[str, ...], tuple[str, ...]]
    """For each side the clauses from which it follows, in order; what the case itself prescribes is left out."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {"first": self.first, "then": self.then, "chains": [list(c) for c in self.chains]}


@dataclass(frozen=True)
class Against(Answer):
    """A must clause of one side beside the whole text of the other."""

    clause: str
    side: Literal[0, 1]
    standing: Literal["always", "never", "depends", "unknown"]
    """Whether it holds in all road maps that the other text allows, whatever anybody's interest, or in none."""
    soonest: int | None = None
    """For what is asked by a date and never holds: when the other text allows it at the soonest; ``periods``: never."""
    late: int | None = None
    """Periods from the date asked for to that; None where it never comes."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {"clause": self.clause, "side": self.side, "standing": self.standing, "soonest": self.soonest,
                "late": self.late}  # fmt: skip


@dataclass(frozen=True)
class GoalResult(Answer):
    """Whether a road map reaches a goal; by how much it misses each clause of it."""

    goal: str
    party: str
    reached: bool
    missed: tuple[ClauseResult, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {"goal": self.goal, "party": self.party, "reached": self.reached,
                "missed": [c.to_dict() for c in self.missed]}  # fmt: skip


@dataclass(frozen=True)
class Reading(Answer):
    """A road map that a side's text allows, judged, and the goals that it reaches."""

    row: Row
    """``name`` is the text, ``completion`` which reading it is."""
    goals: tuple[GoalResult, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {**self.row.to_dict(), "goals": [g.to_dict() for g in self.goals]}


@dataclass(frozen=True)
class Gap(Answer):
    """Two texts side by side, and the crux: what of them cannot all stand."""

    sides: tuple[Side, Side]
    parties: tuple[str, ...]
    """To whom the readings' worth is told."""
    subjects: tuple[SubjectGap, ...]
    orders: tuple[OrderConflict, ...]
    against: tuple[Against, ...]
    readings: tuple[Reading, ...]
    together: Literal["possible", "impossible", "unknown"]
    """Whether a certified road map keeps the must clauses of both."""
    audit: Audit | None
    """Of such a road map, if there is one."""
    crux: Conflict | None
    further: tuple[Conflict, ...]
    """Conflicts that would remain if all that is in the crux, and in those before, were given up."""
    margin: float
    provenance: Provenance

    def __repr__(self) -> str:
        crux = {"possible": "both can be kept", "unknown": "crux not known"}.get(self.together)
        crux = crux or f"crux of {len(self.crux.members) if self.crux else 0} conditions"
        a, b = self.sides
        return f"<Gap between {a.name} and {b.name}: {len(self.orders)} order conflicts; {crux}>"

    def to_dict(self) -> dict[str, Any]:
        """The format ``detente/gap/1``."""
        return {
            "format": "detente/gap/1", **self.provenance.to_dict(), "sides": [s.to_dict() for s in self.sides],
            "parties": list(self.parties), "subjects": [s.to_dict() for s in self.subjects],
            "orders": [o.to_dict() for o in self.orders], "order_conflicts": len(self.orders),
            "against": [c.to_dict() for c in self.against],
            "readings": [r.to_dict() for r in self.readings], "together": self.together,
            "starts": dict(self.audit.road_map.starts) if self.audit else None,
            "audit": self.audit.to_dict() if self.audit else None,
            "crux": self.crux.to_dict() if self.crux else None, "further": [c.to_dict() for c in self.further],
            "margin_required": self.margin,
        }  # fmt: skip

    def to_json(self) -> str:
        """The format ``detente/gap/1`` as text."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=1)
