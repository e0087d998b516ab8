"""What was tabled: a road map, or clauses in general terms together with the reading from which mending starts."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

from detente.case.resolved import Clause, ResolvedCase
from detente.case.road_map import RoadMap
from detente.plan.complete import Completer, Completion


@dataclass(frozen=True)
class Text:
    """The text as tabled; ``road_map`` is where mending starts."""

    case: ResolvedCase
    road_map: RoadMap
    proposal: str | None = None
    """The proposal it is, if any: its clauses count among those that a change may break."""
    general: bool = False
    """Tabled as clauses only: then giving up one of ``own`` is a change, and the road map is but a reading."""
    reading: str = ""
    """Which reading the road map is, in words."""

    @property
    def own(self) -> tuple[Clause, ...]:
        """The clauses that must hold of the proposal it is."""
        return own_clauses(self.case, self.proposal)

    @property
    def counted(self) -> tuple[Clause, ...]:
        """Clauses whose owners a change may cost something: positions, goals, and those of the proposal itself."""
        clauses = self.case.clauses
        return tuple(c for c in clauses if c.kind in ("position", "goal") or (c.of and c.of == self.proposal))


def own_clauses(case: ResolvedCase, proposal: str | None) -> tuple[Clause, ...]:
    """What a proposal asks of every road map that it stands for."""
    return tuple(c for c in case.clauses if c.kind == "proposal" and c.of == proposal and c.strength == "must")


def as_written(case: ResolvedCase, road_map: RoadMap) -> Text:
    """A road map; if it bears the name of a proposal it is that proposal as written."""
    named = {c.of for c in case.clauses if c.kind == "proposal"}
    return Text(case, road_map, road_map.name if road_map.name in named else None)


def in_general_terms(
    case: ResolvedCase, proposal: str, seconds: float | None = None, stop: threading.Event | None = None
) -> Text:
    """A proposal without start periods; mending starts from the reading that is best for its owner.

    Where no road map keeps all its clauses, or none was found in time, it starts from nothing at all.
    """
    clauses = own_clauses(case, proposal)
    party = _owner(case, clauses)
    deadline = None if seconds is None else time.monotonic() + seconds
    best = Completer(case, clauses, deadline=deadline, stop=stop).best_for(party)
    if isinstance(best, Completion):
        surely = "" if best.proved else ", as far as the search got"
        told = f"the reading best for {case.title(party)}{surely}"
        return Text(case, RoadMap(best.road_map.starts, proposal), proposal, True, told)
    why = (
        "its clauses contradict each other" if best.reason == "contradiction" else "no reading of it was found in time"
    )
    return Text(case, RoadMap({}, proposal), proposal, True, f"{why}, so mending starts from nothing")


def _owner(case: ResolvedCase, clauses: Sequence[Clause]) -> str:
    """The party that tabled the clauses; of somebody who is no party the first principal stands in."""
    owner = clauses[0].owner if clauses else ""
    return owner if owner in case.parties else next(iter(case.principals or case.parties))
