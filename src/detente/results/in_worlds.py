"""In how many possible worlds a plan stands, and how many more there may be (part of ``detente/plan/1``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from detente.results.estimates import Estimate
from detente.results.read_only import Answer


@dataclass(frozen=True)
class Anything(Answer):
    """In what share of worlds there is any road map at all that does something, is signed and holds."""

    share: Estimate
    """Worlds in which that is not known count as if there were one."""
    looked: int
    """Worlds looked at."""
    none: int
    """In so many it is proved that there is none."""
    unknown: int

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {"share": _share(self.share), "looked": self.looked, "none": self.none, "unknown": self.unknown}


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
    trained: int
    """Worlds on which it was chosen."""
    training: float
    """Share of those in which it is signed and nobody ever leaves: told for comparison, as it flatters."""
    tried: int
    """Road maps tried in them."""
    complete: bool
    """Whether every road map was looked at, so that none does better in the worlds on which it was chosen."""
    anything: Anything
    screening: tuple[Learnt, ...]
    """What the first year tells of each party."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "n": self.n, "both": _share(self.both), "holds": _share(self.holds), "signed": _share(self.signed),
            "ordinary": _share(self.ordinary), "trained": self.trained, "training": self.training,
            "tried": self.tried, "complete": self.complete, "anything": self.anything.to_dict(),
            "screening": [x.to_dict() for x in self.screening],
        }  # fmt: skip


def _share(x: Estimate) -> dict[str, float]:
    return {"share": x.value, "low": x.low, "high": x.high}
