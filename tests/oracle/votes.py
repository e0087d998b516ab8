"""Factions, bodies and consents of one road map (model.md §9): who is for it in each period, and what that decides.

Readings:

* A faction's margin in t is its party's margin in the case in which the faction's values, discount, status quo and,
  if it has one, reserve stand in for its party's. It is for the road map in t iff that is not negative, its must
  clauses in positions are kept and, in period 0, V is at least its own reserve, if it has one.
* The factions of a party that is a bystander are asked in period 0 only, and are for it iff V is at least R there.
* A party whose factions weigh nothing together is ratified and sustained unless a veto stands against it.
* A party consents iff V is at least R and, if it has factions, these ratify. What is done needs no consent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from tests.oracle.clauses import clause_holds
from tests.oracle.constants import reserve
from tests.oracle.judge import Oracle
from tests.oracle.reading import Case, Raw, Schedule, Value, read_case

For = Callable[[str, int], bool]


def seen_by(case: Case, faction: str) -> Case:
    """The case in which a faction has its way in its party."""
    own = case.factions[faction]
    party = case.parties[own.party]
    party = replace(
        party,
        discount=own.discount,
        status_quo=own.status_quo,
        reserve=party.reserve if own.reserve is None else own.reserve,
    )

    def values(all_of_them: Mapping[str, Value]) -> dict[str, Value]:
        others = {name: one for name, one in all_of_them.items() if name in case.parties and name != own.party}
        return others | ({own.party: all_of_them[faction]} if faction in all_of_them else {})

    return replace(
        case,
        parties={**case.parties, own.party: party},
        measures={name: replace(one, value=values(one.value)) for name, one in case.measures.items()},
        sticks=tuple(replace(one, value=values(one.value)) for one in case.sticks),
        factions={},
        bodies={},
    )


def keeps_demands(schedule: Schedule, faction: str) -> bool:
    """The faction's must clauses in positions hold."""
    own = (c for c in schedule.case.clauses if (c.owner, c.kind, c.strength) == (faction, "position", "must"))
    return all(clause_holds(schedule, c.text)[0] for c in own)


class Votes:
    """What the voices for a road map decide: `backs(f, t)` of factions, `gains(p)`: V at least R for a party."""

    def __init__(self, case: Case, on: Iterable[str], players: Iterable[str], backs: For, gains: Callable[[str], bool]):
        self.case, self.players, self.backs, self.gains = case, tuple(players), backs, gains
        self.on = set(on)

    def carried(self, party: str, t: int) -> bool:
        """Its factions ratify (t = 0) or sustain the road map."""
        own = {name: one for name, one in self.case.factions.items() if one.party == party}
        backing = {name: self.backs(name, t) for name in own}
        if any(one.veto and not backing[name] for name, one in own.items()):
            return False
        share = self.case.parties[party].ratify if t == 0 else self.case.parties[party].sustain
        favour = sum((one.weight for name, one in own.items() if backing[name]), Fraction(0))
        return bool(favour >= share * sum(one.weight for one in own.values()))

    def consents(self, name: str) -> bool:
        """A party, or a body."""
        body = self.case.bodies.get(name)
        if body is None:
            return self.gains(name) and self.carried(name, 0)
        ayes = [member for member in body.votes if self.consents(member)]
        return set(body.vetoes) <= set(ayes) and sum(body.votes[one] for one in ayes) >= body.quota

    def divided(self) -> list[str]:
        """Parties with a part in it and factions."""
        own = {one.party for one in self.case.factions.values()}
        return [name for name in self.players if name in own]

    def asked(self) -> list[str]:
        """Whose consent it needs."""
        works = (one for one in self.case.works if one.name in self.on)
        return list(dict.fromkeys(name for one in works for name in one.consent))

    def lost(self) -> dict[str, list[int]]:
        """For each party the later periods in which its factions do not carry it."""
        span = range(1, self.case.periods + 1)
        found = {party: [t for t in span if not self.carried(party, t)] for party in self.divided()}
        return {party: periods for party, periods in found.items() if periods}


def votes(raw: Raw | Case, starts: Any) -> Votes:
    """The votes on a road map, by the exact judge."""
    case = read_case(raw)
    schedule = Schedule(case, starts)
    judges = {name: Oracle(seen_by(case, name), schedule.starts) for name in case.factions}
    plain = Oracle(case, schedule.starts)

    def backs(name: str, t: int) -> bool:
        own, oracle = case.factions[name], judges[name]
        if not keeps_demands(schedule, name):
            return False
        enough = oracle.kept[own.party][0] >= reserve(oracle.case)[own.party]
        if own.party not in schedule.players:
            return bool(enough)
        if t == 0 and own.reserve is not None and not enough:
            return False
        return bool(oracle.margins[own.party][t] >= 0)

    low = reserve(case)
    return Votes(case, schedule.starts, schedule.players, backs, lambda p: plain.kept[p][0] >= low[p])
