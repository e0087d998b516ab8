"""The case as one faction sees it: its values stand in for its party's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from detente.case.resolved import Clause, ResolvedCase

V = TypeVar("V")


def as_faction(case: ResolvedCase, name: str) -> ResolvedCase:
    """What the case would be if a faction had its way in its party.

    Its values, discount and status quo stand in for its party's, and so does its reserve if it states one. Lag, exit
    cost and grace stay. There are no factions, bodies and consents in it.
    """
    faction = case.factions[name]
    party = case.parties[faction.party]
    party = replace(
        party, discount=faction.discount, status_quo=faction.status_quo,
        reserve=party.reserve if faction.reserve is None else faction.reserve,
    )  # fmt: skip
    measures = {
        k: replace(m, value=_standing_in(m.value, case, name), consent=()) for k, m in case.measures.items()
    }  # fmt: skip
    return replace(
        case, parties={**case.parties, faction.party: party}, measures=measures,
        sticks=tuple(replace(s, value=_standing_in(s.value, case, name)) for s in case.sticks),
        factions={}, bodies={},
    )  # fmt: skip


def _standing_in(value: Mapping[str, V], case: ResolvedCase, name: str) -> dict[str, V]:
    """Values of the parties, the faction's in place of its party's."""
    party = case.factions[name].party
    found = {p: v for p, v in value.items() if p != party and p not in case.factions}
    return {**found, party: value[name]} if name in value else found


def demands(case: ResolvedCase, name: str) -> list[Clause]:
    """The clauses that a faction must see kept to support a road map."""
    return [c for c in case.clauses if c.owner == name and c.kind == "position" and c.strength == "must"]
