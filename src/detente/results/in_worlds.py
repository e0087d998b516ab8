"""In how many possible worlds a plan stands, and how many more there may be (part of ``detente/plan/1``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from detente.results.estimates import Estimate
from detente.results.read_only import Answer


@dataclass(frozen=True)
class Anything(Answer):
    """In what share of worlds there is any road map at all that is signed and holds, one for each world by itself (with
    a step, unless doing nothing may be the answer): between ``least`` and ``share``."""

    share: Estimate
    """At most: all worlds but those with a proof that there is none, reckoned up from those searched."""
    least: Estimate
    """At least: worlds with a road map that was found to stand there."""
    looked: int
    """Worlds looked at."""
    seen: int
    """In so many of them some road map that was found stands."""
    searched: int
    """So many, the first ones, of those in which none that was known beforehand stands were gone through one by one."""
    none: int
    """In so many of those it is proved that there is none."""
    unknown: int
    """In so many of those one was neither found nor proved not to be."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "share": _share(self.share), "least": _share(self.least), "looked": self.looked, "seen": self.seen,
            "searched": self.searched, "none": self.none, "unknown": self.unknown,
        }  # fmt: skip


UNLOOKED = Anything(Estimate(1.0, 0.0, 1.0), Estimate(0.0, 0.0, 1.0), 0, 0, 0, 0, 0)
"""Nothing is known."""


@dataclass(frozen=True)
class Learnt(Answer):
    """What a party's conduct up to a period tells of it, if no breach of its own was seen."""

    party: str
    period: int
    before: float
    """Chance that it goes on for ever, before anything was seen of it."""
    after: float
    types: Mapping[str, tuple[float, float]]
    """Chance of each of its types, before and after."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "party": self.party, "period": self.period, "before": self.before, "after": self.after,
            "types": {name: {"before": a, "after": b} for name, (a, b) in self.types.items()},
        }  # fmt: skip


@dataclass(frozen=True)
class Where(Answer):
    """The share among worlds in which a party is of one type, or one government comes to office."""

    party: str
    kind: Literal["type", "government"]
    name: str
    title: str
    n: int
    share: Estimate

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "party": self.party, "kind": self.kind, "name": self.name, "title": self.title, "n": self.n,
            "share": _share(self.share),
        }  # fmt: skip


@dataclass(frozen=True)
class Failing(Answer):
    """One way in which a plan fails: a party would not sign, or all sign and it is the first to leave."""

    party: str
    how: Literal["not-signing", "walk", "covert"]
    measures: tuple[str, ...]
    """On what it cheats."""
    share: float
    """Of all worlds."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {"party": self.party, "how": self.how, "measures": list(self.measures), "share": self.share}


@dataclass(frozen=True)
class InWorlds(Answer):
    """How a plan fares in worlds that had no part in choosing it, beside the ordinary ``robust`` plan."""

    n: int
    """Worlds that had no part in choosing it."""
    both: Estimate
    """Share of them in which it is signed and nobody ever leaves."""
    holds: Estimate
    signed: Estimate
    ordinary: Estimate
    """The same as ``both`` of the ``robust`` plan."""
    gained: Estimate
    """``both`` less ``ordinary``, world by world."""
    trained: int
    """Worlds on which it was chosen."""
    training: float
    """Share of those in which it is signed and nobody ever leaves: told for comparison, as it flatters."""
    tried: int
    """Road maps tried in them."""
    complete: bool
    """Whether every road map was looked at, so that none does better in the worlds on which it was chosen."""
    anything: Anything
    where: tuple[Where, ...]
    fails: tuple[Failing, ...]
    """The commonest ways first."""
    screening: tuple[Learnt, ...]
    """What the first year tells of each party."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "n": self.n, "both": _share(self.both), "holds": _share(self.holds), "signed": _share(self.signed),
            "ordinary": _share(self.ordinary), "gained": _share(self.gained), "trained": self.trained,
            "training": self.training, "tried": self.tried, "complete": self.complete,
            "anything": self.anything.to_dict(), "where": [x.to_dict() for x in self.where],
            "fails": [x.to_dict() for x in self.fails], "screening": [x.to_dict() for x in self.screening],
        }  # fmt: skip


def _share(x: Estimate) -> dict[str, float]:
    return {"share": x.value, "low": x.low, "high": x.high}
