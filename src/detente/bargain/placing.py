"""Where the proposals of a case lie: what each gives the parties if all keep it, and which point gives them more."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

from detente.audit.judge import audit
from detente.bargain.certified import Certified
from detente.bargain.proofs import excluded
from detente.bargain.readings import AS_WRITTEN, BEST_FOR, CONTRADICTION, proposal_clauses
from detente.case.road_map import RoadMap
from detente.plan.complete import Completer, Completion
from detente.results.frontier import Placed

NOT_KNOWN = "not known: none was found before a limit was reached"
CUT_SHORT = "a better one may exist: a limit was reached"


def placed(certified: Certified, proposals: Sequence[str], seconds: float | None) -> tuple[Placed, ...]:
    """Every proposal, as written where it has dates, else as each party would like it; ``seconds`` for each to find."""
    return tuple(one for name in proposals for one in _readings(certified, name, seconds))


def _readings(c: Certified, name: str, seconds: float | None) -> Iterator[Placed]:
    if name in c.case.road_maps:
        yield place(c, name, AS_WRITTEN, RoadMap(c.case.road_maps[name], name))
        return
    deadline = None if seconds is None else time.monotonic() + seconds
    completer = Completer(c.case, proposal_clauses(c.case, name), deadline=deadline, stop=c.allowance.stop)
    for party in c.parties:
        found = completer.best_for(party)
        if isinstance(found, Completion):
            road_map = RoadMap(found.road_map.starts, f"{name}, {party}")
            yield place(c, name, BEST_FOR + party, road_map, "" if found.proved else CUT_SHORT)
        else:
            note = CONTRADICTION if found.reason == "contradiction" else NOT_KNOWN
            yield Placed(name, BEST_FOR + party, None, {}, None, None, False, note)


def place(c: Certified, name: str, completion: str, road_map: RoadMap, note: str = "") -> Placed:
    """One road map among the points, as they stand in ``c``."""
    exact = c.worth(road_map)
    gains = dict(zip(c.parties, map(float, exact), strict=True))
    better = next((n for n, p in enumerate(c.ordered()) if p.dominates(exact)), None)
    judged = audit(c.case, road_map, cures=False)
    beyond = not judged.certified and excluded(c.proved, gains)
    return Placed(name, completion, road_map, gains, judged, better, beyond, note)
