"""How a road map fares in possible worlds: who leaves, when, and how much trust there is (``detente/worlds/1``)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from detente.case.road_map import RoadMap
from detente.results.boxes import Boxes
from detente.results.drivers import Driver, Influence
from detente.results.estimates import Estimate
from detente.results.finding_out import FindingOut
from detente.results.provenance import Provenance
from detente.results.read_only import Answer

Series = tuple[float, ...]
"""One number for each period 0 … T-1, and one for ever after."""
Regime = Literal["unknown-type", "irreversibility", "inspection", "price", "nothing"]
OF_SAMPLES = ("drivers", "finding_out", "boxes", "influences")
"""Parts of the answer that take independent worlds or a Latin hypercube: Sobol' points show effects that are not there.
"""
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Quantiles that are told of what differs from world to world."""


@dataclass(frozen=True)
class Leaving(Answer):
    """In what share of worlds a party's best moment to leave is a period, and how it leaves then."""

    party: str
    period: int
    how: str
    """``walk``, or ``covert``: it begins to cheat."""
    measures: tuple[str, ...]
    """Of those that cheat, what most of them cheat on."""
    share: float
    first: float
    """Share of worlds in which it does so and nobody leaves before it: it is the first, or one of several together."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "party": self.party, "period": self.period, "how": self.how, "measures": list(self.measures),
            "share": self.share, "first": self.first,
        }  # fmt: skip


@dataclass(frozen=True)
class Trust(Answer):
    """What a party must and may believe about the others in each period (model §8)."""

    party: str
    needed: tuple[Series, ...]
    """The least trust at which it goes on: quantiles over the worlds (``LEVELS``)."""
    where_enough: tuple[Series, ...]
    """The same over the worlds in which full trust would be enough; 1 where there is none."""
    earned: Series
    """What conduct seen so far tells of the party that it tells the least of."""
    whose: tuple[str | None, ...]
    """Which party that is."""
    credible: Series
    """Share of worlds in which trust earned covers trust needed."""
    beyond: Series
    """Share of worlds in which trust is not what it lacks: leaving brings it no less, however sure it is of the others.
    """

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "party": self.party, "needed": _by_level(self.needed), "where_enough": _by_level(self.where_enough),
            "earned": list(self.earned), "whose": list(self.whose), "credible": list(self.credible),
            "beyond": list(self.beyond),
        }  # fmt: skip


@dataclass(frozen=True)
class GoalShare(Answer):
    """In what share of worlds a goal is reached by what is done before anybody leaves."""

    goal: str
    party: str
    reached: Estimate
    paper: float
    """Share of worlds in which it is reached on paper only: what is hidden belies it."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {"goal": self.goal, "party": self.party, "reached": self.reached.to_dict(), "paper": self.paper}


@dataclass(frozen=True)
class Larger(Answer):
    """What cheating on more than two measures at once changes, in a sub-sample of worlds."""

    worlds: int
    """Worlds looked at, of those in which nobody leaves; all of them where nobody has three measures to cheat on."""
    broken: Estimate
    """Share of them in which a larger cheat pays all the same."""
    undecided: float
    """Share in which a limit was reached before that was known."""
    holds: Estimate
    """Share of all worlds in which nobody leaves by any cheat: the interval covers both samples, and what is undecided.
    """

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "worlds": self.worlds, "broken": self.broken.to_dict(), "undecided": self.undecided,
            "holds": _share(self.holds),
        }  # fmt: skip


@dataclass(frozen=True)
class Shape(Answer):
    """Whether a party's steps start big or small, and what they cost it beside what it gets for them."""

    party: str
    front: float
    """Part of all that its steps cost it that is due by halfway."""
    ratio: float | None
    """What its steps cost it over what the others' steps are worth to it, each as of the date on which it comes; None
    where the latter are worth nothing."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {"party": self.party, "front": self.front, "ratio": self.ratio}


@dataclass(frozen=True)
class Short(Answer):
    """Where trust falls short most in the worlds in which nobody ever leaves."""

    party: str
    period: int
    needed: float
    """In the middle of those worlds."""
    earned: float

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {"party": self.party, "period": self.period, "needed": self.needed, "earned": self.earned}


@dataclass(frozen=True)
class Governing(Answer):
    """Whether a government that may come to office in a party does."""

    party: str
    government: str
    """In plain words."""
    comes: bool

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {"party": self.party, "government": self.government, "comes": self.comes}


@dataclass(frozen=True)
class Binding(Answer):
    """What keeps the road map from holding everywhere, and the figures that decide it.

    ``unknown-type``: it would hold were it known who the others are. ``irreversibility``: it would hold could nobody
    keep what it was given. ``inspection``: cheating is not seen in time. ``price``: it asks for too much, or pays too
    little, whoever the others are and whatever could be taken back.
    """

    regime: Regime
    kind: Mapping[str, str]
    """Of the parties that may be of several types, those with which it is kept most often and nothing is hidden."""
    governments: tuple[Governing, ...]
    """Of the governments that may come to office, whether they do: what is likeliest, unless it is clearly kept more
    often otherwise."""
    party: str | None
    """Who comes closest to leaving if all are of that kind, those governments come and no others but those that are
    certain to, and every number is at its central value; when, and by what margin."""
    period: int | None
    margin: float | None
    type_share: float
    """Part of the worlds that break in which all that leave first, one or several together, would stay there."""
    kind_share: Estimate | None
    """Part of the breaks that go where all are of that kind, all else being as uncertain as ever: of worlds that had no
    part in choosing the kind. Below 0: there are more. None where no party has types, or there are too few worlds."""
    government_share: Estimate | None
    """The same of those governments."""
    known_share: Estimate | None
    """The same of kind and governments together."""
    kept_share: float | None
    """Part of the worlds that break in which nobody would leave if nothing that the others gave outlasted leaving; None
    if time was over."""
    short: Short | None
    halfway: int | None
    """The period halfway between the first and the last step that comes; by then ``front`` is counted."""
    shapes: tuple[Shape, ...]
    """Of the parties whose steps cost them something."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        spared = [(name, getattr(self, name)) for name in ("kind_share", "government_share", "known_share")]
        return {
            "regime": self.regime, "kind": dict(self.kind), "governments": [x.to_dict() for x in self.governments],
            "party": self.party, "period": self.period, "margin": self.margin, "type_share": self.type_share,
            **{name: None if x is None else x.to_dict() for name, x in spared}, "kept_share": self.kept_share,
            "short": None if self.short is None else self.short.to_dict(),
            "halfway": self.halfway, "shapes": [x.to_dict() for x in self.shapes],
        }  # fmt: skip


@dataclass(frozen=True)
class Worlds(Answer):
    """How one road map fares in ``n`` possible worlds.

    Walking out, and cheating on one or two measures, are tried in every world; ``larger`` tells what leaving larger
    cheats out may hide.
    """

    road_map: RoadMap
    n: int
    uncertain: int
    """How many numbers, types and governments are drawn; 0: every world is the case itself."""
    method: str
    holds: Estimate
    """Share of worlds in which nobody ever leaves."""
    signed: Estimate
    """Share in which every party that has a part in it gets at least what no deal is worth to it."""
    both: Estimate
    survival: Series
    """Share of worlds in which nobody has left up to and including each period."""
    leaves: tuple[Leaving, ...]
    """Each party by itself, the most frequent first."""
    trust: tuple[Trust, ...]
    goals: tuple[GoalShare, ...]
    deceived: float
    """Share of worlds in which nobody leaves and a measure comes that leaves something out."""
    larger: Larger | None
    binding: Binding
    drivers: tuple[Driver, ...]
    influences: tuple[Influence, ...]
    boxes: Boxes | None
    finding_out: tuple[FindingOut, ...]
    """For each principal that has a part in it."""
    left_out: tuple[str, ...]
    """Parts of the answer for which there was no time, in whole or in part, or which such worlds do not tell."""
    provenance: Provenance

    def __repr__(self) -> str:
        share, low, high = (round(100 * x) for x in (self.holds.value, self.holds.low, self.holds.high))
        return f"<Worlds: holds in {share} % [{low}, {high}] of {self.n:,} worlds>"

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types; the format is documented in ``docs/reference/json-formats.md``."""
        earned: Mapping[str, Any] = {x.party: list(x.earned) for x in self.trust}
        return {
            "format": "detente/worlds/1", **self.provenance.to_dict(),
            "road_map": {"name": self.road_map.name, "starts": dict(self.road_map.starts)},
            "n": self.n, "uncertain": self.uncertain, "method": self.method,
            "holds": _share(self.holds), "signed": _share(self.signed),
            "both": _share(self.both), "survival": list(self.survival), "leaves": [x.to_dict() for x in self.leaves],
            "earned": earned, "needed": {x.party: x.to_dict()["needed"] for x in self.trust},
            "needed_where_enough": {x.party: x.to_dict()["where_enough"] for x in self.trust},
            "whose": {x.party: list(x.whose) for x in self.trust},
            "credible": {x.party: list(x.credible) for x in self.trust},
            "beyond": {x.party: list(x.beyond) for x in self.trust}, "goals": [x.to_dict() for x in self.goals],
            "deceived": self.deceived, "larger": None if self.larger is None else self.larger.to_dict(),
            "binding": self.binding.to_dict(), "drivers": [x.to_dict() for x in self.drivers],
            "influences": [x.to_dict() for x in self.influences],
            "boxes": None if self.boxes is None else self.boxes.to_dict(),
            "finding_out": [x.to_dict() for x in self.finding_out], "left_out": list(self.left_out),
        }  # fmt: skip

    def to_json(self) -> str:
        """The same as text."""
        return json.dumps(self.to_dict(), indent=2, ensure_ascii=False)


def _by_level(series: tuple[Series, ...]) -> dict[str, list[float]]:
    return {str(q): list(x) for q, x in zip(LEVELS, series, strict=True)}


def _share(x: Estimate) -> dict[str, float]:
    return {"share": x.value, "low": x.low, "high": x.high}
