"""What happens if a party walks out (format ``detente/walk-out/1``): model §4, written out measure by measure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from detente.case.road_map import RoadMap
from detente.results.audit import Breach, Series
from detente.results.provenance import Provenance
from detente.results.read_only import Answer

State = Literal["absent", "under-way", "in-force", "being-undone", "undone", "replaced"]
"""In one period: not begun, called off or never to come; in work; in force; in force while it is being undone;
no longer in force because it was undone; in force in name only, its flow ended by the measure that replaced it."""

End = Literal["goes-on", "never-begins", "work-stops", "undone", "stays"]
"""What a breach makes of a measure: as if nothing had happened (done in time, by a party that has not stopped yet);
not begun in time; begun, but not finished in time; in force and undone; in force and left as it is."""


@dataclass(frozen=True)
class MeasureAfter(Answer):
    """One measure, if everybody goes on and after the breach; ``periods + 1`` states, the last one for ever."""

    measure: str
    kept: tuple[State, ...]
    after: tuple[State, ...]
    """Where undoing works with a chance below 1: the case in which it works."""
    end: End
    stop: int | None
    """Period from which its owner no longer acts on it; None for milestones."""
    lost: int | None
    """First period in which it is not in force although it had been, or would have been if everybody had gone on."""
    chance: float = 1.0
    """That undoing works (``end`` is *undone*)."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "measure": self.measure,
            "kept": list(self.kept),
            "after": list(self.after),
            "end": self.end,
            "stop": self.stop,
            "lost": self.lost,
            "chance": self.chance,
        }


@dataclass(frozen=True)
class StickUsed(Answer):
    """A stick that counts and fires: from a period on, until before another (None: for ever)."""

    id: str
    by: str
    against: str
    start: int
    until: int | None

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {"id": self.id, "by": self.by, "against": self.against, "start": self.start, "until": self.until}


@dataclass(frozen=True)
class Departure(Answer):
    """One party's open breach in one period, and what everybody then does.

    For the leaver ``value_leave`` is its W(t), for another party j its S_ji(t); ``value_stay`` is V(t) for all.
    """

    party: str
    period: int
    """The party's weakest period: of its least margin over breaches that are not vacuous."""
    best: Breach
    """Its best breach there; if covert, leaving openly is worth less to it than that and is shown all the same."""
    margin: float
    """margin_i(t), against the best breach."""
    stops: Mapping[str, int]
    """For each party that has measures the period from which it no longer acts on the road map."""
    measures: tuple[MeasureAfter, ...]
    """Every measure and milestone that is on the road map or done, in the order of the case."""
    sticks: tuple[StickUsed, ...]
    payoff_stay: Series
    """u_j(s) for each party, s = 0 … T, if everybody goes on."""
    payoff_leave: Series
    """The same after the breach, expected over the chances that undoing works; equal to ``payoff_stay`` before it.

    Discounted from the breach on with the party's own δ, the tail included, it sums to ``value_leave``.
    """
    value_stay: Mapping[str, float]
    value_leave: Mapping[str, float]

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "party": self.party,
            "period": self.period,
            "best": self.best.to_dict(),
            "margin": self.margin,
            "stops": dict(self.stops),
            "measures": [m.to_dict() for m in self.measures],
            "sticks": [s.to_dict() for s in self.sticks],
            "payoff_stay": {j: list(v) for j, v in self.payoff_stay.items()},
            "payoff_leave": {j: list(v) for j, v in self.payoff_leave.items()},
            "value_stay": dict(self.value_stay),
            "value_leave": dict(self.value_leave),
        }


@dataclass(frozen=True)
class WalkOut(Answer):
    """For each party that can leave and has anything to gain or lose by it: its departure in its weakest period."""

    road_map: RoadMap
    departures: tuple[Departure, ...]
    """Principals first, each group in the order of the case."""
    provenance: Provenance

    def __repr__(self) -> str:
        told = ", ".join(f"{d.party} in period {d.period}" for d in self.departures)
        return f"<WalkOut: {told or 'nobody'}>"

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types, with the keys every answer has."""
        return {
            "format": "detente/walk-out/1",
            **self.provenance.to_dict(),
            "starts": dict(self.road_map.starts),
            "departures": [d.to_dict() for d in self.departures],
        }

    def to_json(self) -> str:
        """The same as text."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=1)
