"""What can be traded between parties: certified road maps none of which gives all more (format ``detente/frontier/1``).

Gains are U - R at the common discount, each in its party's own units.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from detente.case.road_map import RoadMap
from detente.results.audit import Audit, LeastMargin
from detente.results.provenance import Provenance
from detente.results.read_only import Answer

Kind = Literal["complete", "partial", "sample", "none-exists", "unknown"]
SolutionName = Literal["nash", "kalai-smorodinsky", "egalitarian", "utilitarian"]


@dataclass(frozen=True)
class Proved(Answer):
    """No certified road map gives ``party`` more than ``bound`` and each other party at least ``least``.

    ``bound`` is minus infinity where none at all gives the others so much.
    """

    party: str
    bound: float
    least: Mapping[str, float]

    def excludes(self, gains: Mapping[str, float]) -> bool:
        """Whether it says that no certified road map gives so much."""
        return gains[self.party] > self.bound and all(gains[p] >= v for p, v in self.least.items())

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types; ``bound`` null: none at all."""
        return {"party": self.party, "bound": _finite(self.bound), "least": dict(self.least)}


@dataclass(frozen=True)
class FrontierPoint(Answer):
    """A certified road map, and how much better than it another could be."""

    road_map: RoadMap
    gains: Mapping[str, float]
    """Of the frontier's parties."""
    most: Mapping[str, float]
    """For each party: proved, no certified road map gives it more than this and no other party less than here.

    Infinite where nothing is proved."""
    efficient: bool
    """Proved that no certified road map gives anybody more and nobody less, up to the frontier's resolution."""
    audit: Audit
    cut: str | None
    """The limit that ended a search for it, as in the run; None if each was finished."""

    @property
    def gap(self) -> Mapping[str, float]:
        """For each party how much more is not excluded."""
        return {p: max(0.0, self.most[p] - g) for p, g in self.gains.items()}

    @property
    def weakest(self) -> LeastMargin | None:
        """The weakest moment of the road map."""
        return self.audit.least_counted or self.audit.least_margin

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types; ``most`` and ``gap`` null: nothing is proved."""
        a = self.audit
        return {
            "starts": dict(self.road_map.starts), "gains": dict(self.gains),
            "most": {p: _finite(v) for p, v in self.most.items()}, "gap": {p: _finite(v) for p, v in self.gap.items()},
            "efficient": self.efficient, "cut": self.cut, "verdict": a.verdict, "certified": a.certified,
            "value": {p: v[0] for p, v in a.V.items()}, "all_gains": dict(a.gains),
            "least_margin": self.weakest.to_dict() if self.weakest else None,
        }  # fmt: skip


@dataclass(frozen=True)
class BargainingPoint(Answer):
    """What a bargaining solution picks among the points that were found."""

    name: SolutionName
    point: int
    """Its place among the points, from 0."""
    value: float
    """What the solution maximises: a product of gains, a share, or a sum in units of each party's scale."""
    bound: float | None
    """Proved: no certified road map reaches more; None where nothing is proved."""
    exact: bool
    """Proved to be the solution over all certified road maps, up to the resolution; else over the points found."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        bound = None if self.bound is None else _finite(self.bound)
        return {"name": self.name, "point": self.point, "value": self.value, "bound": bound, "exact": self.exact}


@dataclass(frozen=True)
class Placed(Answer):
    """Where a proposal lies, as written or in the completion that is best for a party."""

    name: str
    completion: str
    """``as-written`` or ``best-for:PARTY``."""
    road_map: RoadMap | None
    """None where there is no such completion; ``note`` then says why."""
    gains: Mapping[str, float]
    audit: Audit | None
    dominated_by: int | None
    """A point that gives every party at least as much and one of them more; None if none of those found does."""
    out_of_reach: bool
    """Proved: no certified road map gives every party as much as this one does if all keep it."""
    note: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        a = self.audit
        return {
            "name": self.name, "completion": self.completion,
            "starts": dict(self.road_map.starts) if self.road_map is not None else None, "gains": dict(self.gains),
            "verdict": a.verdict if a else None, "signed": a.signed if a else None,
            "certified": a.certified if a else None, "dominated_by": self.dominated_by,
            "out_of_reach": self.out_of_reach, "note": self.note,
        }  # fmt: skip


@dataclass(frozen=True)
class Frontier(Answer):
    """The efficient certified road maps between parties, or as many of them as were found."""

    parties: tuple[str, ...]
    kind: Kind
    """``complete``: proved that there are no others; ``partial``: there may be; ``sample``: of three parties or more,
    some points that show the range; ``none-exists`` (proved) and ``unknown``: there are no points."""
    points: tuple[FrontierPoint, ...]
    """By falling gain of the first party; none gives every party as much as another does (compared in fractions)."""
    solutions: tuple[BargainingPoint, ...]
    proposals: tuple[Placed, ...]
    proved: tuple[Proved, ...]
    """What was proved of all certified road maps."""
    corners: tuple[tuple[float, float], ...]
    """Of two parties: the corners of the region in which nothing is excluded; none if it has no end."""
    within: float | None
    """Of two parties: whatever a certified road map gives them, one of the points gives each as much, but for this part
    of its scale. None: not bounded."""
    resolution: Mapping[str, float]
    """Gains closer than this are not told apart: a hundred-thousandth of each party's scale."""
    scale: Mapping[str, float]
    """K of each party: what sums and equal gains are counted in."""
    asked: int | None
    """How many points were asked for; None: all there are."""
    margin_required: float
    provenance: Provenance

    def __repr__(self) -> str:
        between = " and ".join(self.parties)
        return f"<Frontier between {between}: {len(self.points)} points, {self.kind}>"

    def to_dict(self) -> dict[str, Any]:
        """The format ``detente/frontier/1``."""
        return {
            "format": "detente/frontier/1", **self.provenance.to_dict(), "parties": list(self.parties),
            "kind": self.kind, "points": [p.to_dict() for p in self.points],
            "solutions": [s.to_dict() for s in self.solutions], "proposals": [p.to_dict() for p in self.proposals],
            "proved": [p.to_dict() for p in self.proved], "corners": [list(c) for c in self.corners],
            "resolution": dict(self.resolution), "scale": dict(self.scale), "asked": self.asked,
            "within": self.within,
            "margin_required": self.margin_required,
        }  # fmt: skip

    def to_json(self) -> str:
        """The format ``detente/frontier/1`` as text."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=1)


def _finite(x: float) -> float | None:
    return x if math.isfinite(x) else None
