"""What happens to a road map in many runs (format ``detente/simulation/1``)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from detente.case.road_map import RoadMap
from detente.results.estimates import Estimate
from detente.results.provenance import Provenance
from detente.results.read_only import Answer, plain

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
"""The quantiles that are told: of 100 runs 5, 25, 50, 75 and 95 have no more."""

How = Literal["kept", "walked", "caught", "blamed", "stopped", "distrust", "unfound"]
HOWS: tuple[How, ...] = ("kept", "walked", "caught", "blamed", "stopped", "distrust", "unfound")
"""How a run first ends: nobody ever leaves; somebody leaves openly; a cheat is found; a false alarm is believed; an
incident stops it; somebody leaves for want of trust; it stands to the end of the case with a cheat never found."""


@dataclass(frozen=True)
class Spread(Answer):
    """How a number is spread over runs."""

    mean: float
    quantiles: tuple[float, ...]
    """At ``LEVELS``."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {"mean": self.mean, "quantiles": list(self.quantiles)}


@dataclass(frozen=True)
class Way(Answer):
    """One way in which runs end."""

    how: How
    party: str | None
    """Who left, was found or blamed."""
    measures: tuple[str, ...]
    """What was cheated on."""
    share: Estimate
    when: tuple[int, ...]
    """The period in which it ended, at ``LEVELS``; empty for runs that stand."""
    hidden_for: float | None = None
    """Of a cheat that was found: how many periods it had gone on, on average."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "how": self.how, "party": self.party, "measures": list(self.measures), "share": self.share.to_dict(),
            "when": list(self.when), "hidden_for": self.hidden_for,
        }  # fmt: skip


@dataclass(frozen=True)
class Reached(Answer):
    """When a goal is reached in fact."""

    name: str
    owner: str
    share: Estimate
    """Of runs in which it is reached within the case."""
    in_time: Estimate
    """Of runs in which it is by the dates of the goal; None where it has none."""
    when: tuple[int | None, ...]
    """The period in which it is reached, at ``LEVELS`` of all runs; None: later, or never."""
    left_out: tuple[str, ...] = ()
    """Clauses of the goal that runs do not look at."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "name": self.name, "owner": self.owner, "share": self.share.to_dict(),
            "in_time": self.in_time.to_dict(), "when": list(self.when),
            "left_out": list(self.left_out),
        }  # fmt: skip


@dataclass(frozen=True)
class Event(Answer):
    """Something that happens in a run."""

    period: int
    kind: str
    party: str | None = None
    measures: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {"period": self.period, "kind": self.kind, "party": self.party, "measures": list(self.measures)}


@dataclass(frozen=True)
class Story(Answer):
    """One run of the commonest way."""

    run: int
    way: Way
    types: Mapping[str, str]
    """What each party with types is in it."""
    governments: tuple[tuple[int, str, str], ...]
    """Who comes to office: period, party, government."""
    events: tuple[Event, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "run": self.run, "way": self.way.to_dict(), "types": dict(self.types),
            "governments": [{"period": t, "party": p, "government": g} for t, p, g in self.governments],
            "events": [e.to_dict() for e in self.events],
        }  # fmt: skip


@dataclass(frozen=True)
class Rate(Answer):
    """How often something happens in runs, and what that rests on."""

    value: float
    """A chance a period, a share, or for a clarification the number of periods."""
    why: str

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {"value": self.value, "why": self.why}


@dataclass(frozen=True)
class Simulation(Answer):
    """What happens to a road map in ``n`` runs in ``worlds`` possible worlds.

    Intervals reckon with as many independent runs as there are worlds.
    """

    road_map: RoadMap
    n: int
    worlds: int
    kept: Estimate
    """Share of runs in which nobody ever leaves and nothing stops it."""
    stands: Estimate
    """Share in which it stands at the end of the case, taken up again or with a cheat never found included."""
    survival: tuple[float, ...]
    """For each period the share of runs that have not ended before its end."""
    ways: tuple[Way, ...]
    """How runs first end, the commonest first."""
    goals: tuple[Reached, ...]
    shares: Mapping[str, tuple[tuple[float, ...], ...]]
    """For each group, at each of ``LEVELS``, the share in force in each period."""
    gains: Mapping[str, Spread]
    """What the road map brings each party over no deal, cheats counted as they truly are."""
    costs: Mapping[str, Spread]
    """Of runs that end: what the end is truly worth to each party less going on, all keeping to it; counted from when
    it comes, or, where a cheat is found, from when that began."""
    exposed: Mapping[str, Spread]
    """Of runs that end: each party's exposure when it comes."""
    late: Spread
    """By how many periods the step was late that was latest, of those that came before it ended."""
    still: Spread
    """Periods in which the road map stood still before it ended, while an alarm was being cleared up."""
    resumed: float
    """Of runs that end: the share in which it stands again at the end of the case."""
    conduct: Mapping[str, Rate]
    trust: bool
    """Whether parties leave that trust too little."""
    story: Story | None
    provenance: Provenance

    def __repr__(self) -> str:
        first = self.ways[0] if self.ways else None
        told = f"; most often {first.party + ' ' if first.party else ''}{first.how}" if first else ""
        return f"<Simulation: {self.n} runs, {self.kept.value:.0%} kept{told}>"

    def to_dict(self) -> dict[str, Any]:
        """The format of model §11."""
        return {
            "format": "detente/simulation/1", **self.provenance.to_dict(),
            "road_map": {"name": self.road_map.name, "starts": dict(self.road_map.starts)},
            "n": self.n, "worlds": self.worlds, "levels": list(LEVELS),
            "kept": self.kept.to_dict(), "stands": self.stands.to_dict(), "survival": list(self.survival),
            "ways": [w.to_dict() for w in self.ways], "goals": [g.to_dict() for g in self.goals],
            "shares": plain(self.shares), "gains": _each(self.gains), "costs": _each(self.costs),
            "exposed": _each(self.exposed), "late": self.late.to_dict(), "still": self.still.to_dict(),
            "resumed": self.resumed,
            "conduct": _each(self.conduct), "trust": self.trust,
            "story": None if self.story is None else self.story.to_dict(),
        }  # fmt: skip

    def to_json(self) -> str:
        """The format of model §11 as text."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=1)


def _each(of: Mapping[str, Spread] | Mapping[str, Rate]) -> dict[str, Any]:
    return {name: x.to_dict() for name, x in of.items()}
