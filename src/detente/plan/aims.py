"""What a search may be asked for besides the objectives of model §10, by the rooms that mend and bargain."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from detente.case.stakes import Floats, Ints


@dataclass(frozen=True)
class AnyCertified:
    """Any certified road map will do."""

    name: ClassVar[Literal["any"]] = "any"


@dataclass(frozen=True)
class MostFor:
    """The largest U_i - R_i of one party, in its own units."""

    party: str
    name: ClassVar[Literal["most-for"]] = "most-for"


@dataclass(frozen=True, eq=False)
class Closest:
    """The least cost of differing from what somebody has in mind.

    ``costs``: (N, T+1), what it costs that a measure comes into force in each period, last that it does not come at
    all; rows of milestones and of what is done are not looked at. ``broken``: what each clause costs if it is not kept.
    A cost may be infinite: that is not allowed. ``one_of``: of each of these sets of measures one at least must come.
    ``worst``: what broken clauses cost each of several readers, of whom only the one that bears most counts. ``gap``:
    what is closer by no more than this need not be found.
    """

    costs: Floats
    broken: Mapping[str, float] = field(default_factory=dict)
    one_of: tuple[tuple[int, ...], ...] = ()
    worst: Sequence[Mapping[str, float]] = ()
    gap: float = 1e-7
    name: ClassVar[Literal["closest"]] = "closest"

    def at(self, free: Sequence[int], c: Ints) -> float:
        """Of the measures ``free`` with completion periods ``c`` (N,), clauses apart."""
        last = self.costs.shape[1] - 1
        if not all(any(c[k] < last for k in some) for some in self.one_of):
            return math.inf
        return float(sum(self.costs[k, min(int(c[k]), last)] for k in free))


Aim = AnyCertified | MostFor | Closest
