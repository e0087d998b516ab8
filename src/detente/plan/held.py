"""Which conditions a road map satisfies by itself, exactly: with just these asked for it is certified."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from detente.audit.findings.signing import judge_clauses, would_not_sign
from detente.audit.grounds import Grounds
from detente.audit.margins import Margins
from detente.audit.structure import structural
from detente.audit.support import Support
from detente.case.road_map import RoadMap
from detente.plan.conditions import Condition


def held(ground: Grounds, road_map: RoadMap, margin: float, asked: Sequence[Condition]) -> frozenset[str]:
    """Names of the conditions that a road map satisfies, as the auditor judges; none if it is out of order.

    Where the auditor passed a limit a condition does not count.
    """
    if structural(ground.case, road_map):
        return frozenset()
    margins = Margins(ground, road_map)
    clauses = judge_clauses(margins)
    refusing = {f.party for f in would_not_sign(margins)}
    support = Support(margins)

    def holds(one: Condition) -> bool:
        if one.kind == "clause":
            return clauses[one.name][0]
        if one.kind == "signs":
            return one.party not in refusing
        if one.kind == "supports":
            return one.party not in support.divided or _supported(support, str(one.party))
        if one.kind == "consents":
            whose = one.name.removeprefix("consents:")
            return whose not in support.asked or support.consents(whose) is True
        return _stays(margins, str(one.party), margin)

    return frozenset(one.name for one in asked if holds(one))


def _supported(support: Support, party: str) -> bool:
    """Whether a party's factions surely carry a road map in every period."""
    return all(support.tally(party, t).passes is True for t in range(support.last + 1))


def _stays(margins: Margins, party: str, margin: float) -> bool:
    """Whether no breach of a party gains, and all that count leave the margin asked for."""
    others = frozenset(p for p in margins.grounds.stakes.parties if p != party)
    own = replace(margins, free_to_leave=others)
    if any(own.sign(i, t) in (-1, None) for i in own.staying for t in range(len(own.V))):
        return False
    least = own.least_counted()
    return least is None or least[2] / float(own.grounds.scale[least[0]]) >= margin
