"""Which conditions a road map satisfies by itself, exactly: with just these asked for it is certified."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from detente.audit.findings.signing import judge_clauses, would_not_sign
from detente.audit.grounds import Grounds
from detente.audit.margins import Margins
from detente.audit.structure import structural
from detente.audit.support import Support
from detente.case.road_map import RoadMap
from detente.incentives.weakest import Weakest, weakest
from detente.plan.conditions import Condition


def held(ground: Grounds, road_map: RoadMap, margin: float, asked: Sequence[Condition]) -> frozenset[str]:
    """Names of the conditions that a road map satisfies, as the auditor judges; none if it is out of order.

    Where the auditor passed a limit a condition does not count.
    """
    if structural(ground.case, road_map):
        return frozenset()
    margins = Margins(ground, road_map)
    clauses = judge_clauses(margins)
    least = weakest(ground.tables, margins.completions, ground.error, V=margins.V)
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
        return _stays(margins, str(one.party), margin, least)

    return frozenset(one.name for one in asked if holds(one))


def _supported(support: Support, party: str) -> bool:
    """Whether a party's factions surely carry a road map in every period."""
    return all(support.tally(party, t).passes is True for t in range(support.last + 1))


def _stays(margins: Margins, party: str, margin: float, least: Mapping[int, Weakest]) -> bool:
    """Whether no breach of a party gains, and all that count leave the margin asked for; ``least``: by floats."""
    ground = margins.grounds
    i = ground.stakes.party_index[party]
    sure = 2 * float(ground.error[i])
    if i in least and least[i].margin < -sure:
        return False
    if i in least and least[i].proved and least[i].margin > sure + margin * float(ground.scale[i]):
        return True
    return _stays_exactly(margins, party, margin)


def _stays_exactly(margins: Margins, party: str, margin: float) -> bool:
    others = frozenset(p for p in margins.grounds.stakes.parties if p != party)
    own = replace(margins, free_to_leave=others)
    if any(own.sign(i, t) in (-1, None) for i in own.staying for t in range(len(own.V))):
        return False
    found = own.least_counted()
    return found is None or found[2] / float(own.grounds.scale[found[0]]) >= margin
