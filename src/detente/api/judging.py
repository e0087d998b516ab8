"""Verbs of the judge: what holds, why, what moved it, and checking what others wrote."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from detente.api.arguments import Arguments, listed
from detente.api.reading import CaseLike, RoadMapLike, load_road_map, resolve
from detente.audit.differences import diff as _diff
from detente.audit.judge import audit as _audit
from detente.audit.margins import Limits
from detente.audit.verify import verify as _verify
from detente.audit.why import why as _why
from detente.case.road_maps import warned
from detente.results.audit import Audit
from detente.results.differences import Differences
from detente.results.plan import NoPlan, Plan
from detente.results.verification import Verification
from detente.results.why import Why


def audit(
    case: CaseLike,
    road_map: RoadMapLike,
    *,
    exact: bool = False,
    cures: bool = True,
    keep: str | Sequence[str] = (),
    nodes: int | None = None,
    report: Callable[[str], None] | None = None,
) -> Audit:
    """Does a road map hold; if not, who leaves, when, how, for how much, and what cures it.

    ``exact`` works out every margin as a fraction; ``cures`` False leaves out the search for cures; ``keep`` names
    clauses, positions, goals or proposals that bind besides the red lines; ``nodes`` bounds the search for covert
    breaches of each party and period; ``report`` hears what is being done.
    """
    given = Arguments()
    given.names("keep", keep, "names of clauses, positions, goals or proposals")
    given.number("nodes", nodes, 1, whole=True, none=True)
    given.check()
    resolved = resolve(case)
    limits = Limits() if nodes is None else Limits(nodes)
    judged = load_road_map(road_map, resolved)
    return _audit(resolved, judged, exact=exact, cures=cures, keep=listed(keep), limits=limits, tell=report)


def why(case: CaseLike, road_map: RoadMapLike, party: str, period: int) -> Why:
    """A party's choice in a period: what staying, walking out and its best breach are worth, measure by measure."""
    given = Arguments()
    given.kind("party", party, str, "the name of a party")
    given.number("period", period, whole=True)
    given.check()
    resolved = resolve(case)
    return _why(resolved, load_road_map(road_map, resolved), party, period)


def verify(answer: Mapping[str, Any] | Audit | Plan | NoPlan, case: CaseLike) -> Verification:
    """Check a written audit or plan against its case from scratch."""
    given = Arguments()
    given.kind("answer", answer, (Mapping, Audit, Plan, NoPlan), "an audit or a plan, or its JSON as a mapping")
    given.check()
    written = answer if isinstance(answer, Mapping) else answer.to_dict()
    return _verify(written, resolve(case))


def diff(first: tuple[CaseLike, RoadMapLike], second: tuple[CaseLike, RoadMapLike]) -> Differences:
    """What moved the verdict from one case and road map to another."""
    given = Arguments()
    for name, pair in (("first", first), ("second", second)):
        paired = isinstance(pair, tuple | list) and len(pair) == 2
        given.kind(name, pair if paired else None, (tuple, list), "a pair of a case and a road map")
    given.check()
    (a, x), (b, y) = ((resolve(case), road_map) for case, road_map in (first, second))
    # of one plan by which two cases are compared it is told once at most for which of them it was made
    again = (lambda warning: None) if x is y or x == y else warned
    return _diff((a, load_road_map(x, a)), (b, load_road_map(y, b, tell=again)))
