"""How a text could be mended so that it is certified (format ``detente/repair/1``)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from detente.case.road_map import RoadMap
from detente.results.audit import Audit
from detente.results.provenance import Provenance
from detente.results.read_only import Answer

RepairKind = Literal["fewest", "dates", "measures", "suspension", "access", "escrow", "stick", "automatic"]
ChangeKind = Literal[
    "moved", "added", "dropped", "instead", "left-at", "given-up", "escrow", "stick", "automatic",
]  # fmt: skip
Outcome = Literal["holds", "repaired", "none-exists", "unknown"]


@dataclass(frozen=True)
class Witness(Answer):
    """What goes wrong when one change is taken back and all others stay."""

    kind: str
    """A kind of finding of an audit, or ``thin`` where it holds with less than the margin asked for."""
    message: str
    party: str | None = None
    period: int | None = None
    gain: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "kind": self.kind, "message": self.message, "party": self.party, "period": self.period, "gain": self.gain,
        }  # fmt: skip


@dataclass(frozen=True)
class Change(Answer):
    """One difference between the text as tabled and as mended.

    ``moved``, ``added`` and ``dropped`` are about the step ``measure``. ``instead``: ``partner``, which excludes it,
    comes in its place. ``left-at``: it was to replace ``partner``, which now stays. ``given-up``: the ``clause`` of a
    text in general terms is not kept. ``escrow``: ``party`` forfeits ``amount`` if it leaves. ``stick``: ``partner``
    commits itself to take ``amount`` a period from ``party``, for good, once that leaves. ``automatic``: ``measure``
    ends by itself when the deal does.
    """

    kind: ChangeKind
    measure: str | None = None
    before: int | None = None
    """Start as tabled; None: not on the road map."""
    after: int | None = None
    """Start as mended, of ``instead`` that of the partner; None: not on the road map."""
    partner: str | None = None
    party: str | None = None
    amount: float | None = None
    clause: str | None = None
    without: Witness | None = None
    """Why it is needed; None where that was not looked into."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "kind": self.kind, "measure": self.measure, "before": self.before, "after": self.after,
            "partner": self.partner, "party": self.party, "amount": self.amount, "clause": self.clause,
            "without": self.without.to_dict() if self.without else None,
        }  # fmt: skip


@dataclass(frozen=True)
class Cost(Answer):
    """What a repair costs: changes first, then hardship."""

    changes: int
    weights: float
    """Of clauses kept as tabled and broken by the repair."""
    periods: int
    """By how much steps move, all together."""
    horizon: int
    """Periods of the calendar."""

    @property
    def hardship(self) -> float:
        """What weighs among as many changes: a step moved across the whole calendar counts like a weight of 1."""
        return self.weights + self.periods / self.horizon

    @property
    def rank(self) -> tuple[int, float]:
        """By which repairs are put in order."""
        return self.changes, self.hardship

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "changes": self.changes, "hardship": self.hardship, "weights": self.weights, "periods": self.periods,
        }  # fmt: skip


@dataclass(frozen=True)
class Toll(Answer):
    """What a repair costs, or brings, one owner of clauses or party."""

    broken: tuple[str, ...]
    """Clauses kept as tabled and broken now."""
    weight: float
    """Of those."""
    kept: tuple[str, ...]
    """Clauses broken as tabled and kept now."""
    before: float | None
    """V - R as tabled, at its own discount; None for an owner of clauses who is no party."""
    after: float | None

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "broken": list(self.broken), "weight": self.weight, "kept": list(self.kept), "before": self.before,
            "after": self.after,
        }  # fmt: skip


@dataclass(frozen=True)
class Alternative(Answer):
    """One way to mend a text, certified."""

    kinds: tuple[RepairKind, ...]
    """The kinds of repair of which it is the best found."""
    changes: tuple[Change, ...]
    road_map: RoadMap
    cost: Cost
    at_least: int
    """Proved: no repair of its first kind needs fewer changes; of ``suspension`` and ``access`` of any other kind."""
    counted: int
    """As many changes as ``at_least`` speaks of it has itself."""
    least: bool
    """Proved that none of its first kind with as few changes costs less."""
    audit: Audit
    """Of the mended text, under the terms as changed."""
    tolls: Mapping[str, Toll]
    settings: tuple[str, ...] = ()
    """The changed terms as settings of the case; those that no setting can express are left out."""

    @property
    def fewest(self) -> bool:
        """Whether it is proved that no repair of its kind needs fewer changes."""
        return self.at_least >= self.counted

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "kinds": list(self.kinds), "changes": [c.to_dict() for c in self.changes],
            "starts": dict(self.road_map.starts), "cost": self.cost.to_dict(), "counted": self.counted,
            "at_least": self.at_least, "fewest": self.fewest, "least": self.least,
            "tolls": {p: t.to_dict() for p, t in self.tolls.items()}, "settings": list(self.settings),
            "audit": self.audit.to_dict(),
        }  # fmt: skip


@dataclass(frozen=True)
class Attempt(Answer):
    """What came of looking for a repair of one kind."""

    kind: RepairKind
    outcome: Literal["found", "none-exists", "unknown", "nothing-to-change", "no-help"]
    """``nothing-to-change``: there is nothing of the kind in text and case. ``no-help``: it saves no other change."""
    at_least: int = 0
    """Proved: so many changes are needed."""
    note: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {"kind": self.kind, "outcome": self.outcome, "at_least": self.at_least, "note": self.note}


@dataclass(frozen=True)
class Repair(Answer):
    """A text as tabled, and the ways to mend it that were found, cheapest first."""

    name: str
    reading: str
    """Of a text in general terms: which reading mending starts from; else empty."""
    tabled: Audit
    outcome: Outcome
    alternatives: tuple[Alternative, ...]
    attempts: tuple[Attempt, ...]
    margin_required: float
    provenance: Provenance

    def __repr__(self) -> str:
        best = f", fewest changes {self.alternatives[0].cost.changes}" if self.alternatives else ""
        return f"<Repair of {self.name!r}: {self.outcome}, {len(self.alternatives)} alternatives{best}>"

    @property
    def best(self) -> Alternative | None:
        """The cheapest alternative."""
        return self.alternatives[0] if self.alternatives else None

    def to_dict(self) -> dict[str, Any]:
        """The format of the reference; ``starts`` are those of the cheapest alternative, of what holds its own."""
        found = self.tabled.road_map if self.outcome == "holds" else self.best.road_map if self.best else None
        starts = found.starts if found else None
        return {
            "format": "detente/repair/1", **self.provenance.to_dict(), "name": self.name, "reading": self.reading,
            "outcome": self.outcome, "starts": dict(starts) if starts is not None else None,
            "tabled": self.tabled.to_dict(), "margin_required": self.margin_required,
            "alternatives": [a.to_dict() for a in self.alternatives], "attempts": [a.to_dict() for a in self.attempts],
        }  # fmt: skip

    def to_json(self) -> str:
        """The format of the reference as text."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=1)
