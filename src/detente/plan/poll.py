"""Votes on one road map in floats: what factions, parties that are asked and bodies would say of it (model §9).

Like the scout this guides the search; the auditor decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from detente.case.clauses import evaluate
from detente.case.factions import as_faction, demands
from detente.case.resolved import ResolvedCase
from detente.case.road_map import RoadMap
from detente.case.stakes import Bools, Floats, Ints, Stakes, stakes
from detente.incentives.cheat import CheatSet, setting
from detente.incentives.covert import covert
from detente.incentives.kept import bystanders, kept, reserves, scales
from detente.incentives.tables import Tables, tables
from detente.incentives.walk import walk
from detente.plan.votes import say_in, say_of

TINY = 1e-9
"""Relative amounts below this are left to the auditor."""


@dataclass(frozen=True, eq=False)
class Mind:
    """The case as one faction sees it: its party's index, and what the party's numbers are then."""

    party: int
    tb: Tables
    unit: float
    reserve: float

    @classmethod
    def of(cls, case: ResolvedCase, name: str) -> Mind:
        """A faction's mind."""
        own = stakes(as_faction(case, name))
        tb, i = tables(own), own.party_index[case.factions[name].party]
        fill(tb)
        return cls(i, tb, float(units(tb, scales(own))[i]), float(reserves(own, tb)[i]))


def deciding(case: ResolvedCase) -> list[str]:
    """Factions that have a say in some vote."""
    parties = dict.fromkeys(f.party for f in case.factions.values())
    return list(dict.fromkeys(name for p in parties for t in (0, 1) for name in say_of(case, p, t).deciding))


def fill(tb: Tables) -> None:
    """Fill the tables now, so that every look uses them."""
    _ = tb.kept_table, tb.stopped_at_once, tb.stopped_after_lag, tb.stopped_when_found


def units(tb: Tables, K: Floats) -> Floats:
    """(P,) what margins are measured in: K, or the largest stake where that is 0."""
    largest = np.abs(tb.kept_table).max(axis=(1, 2, 3)) if len(tb.stakes.measures) else np.ones(len(K))
    result: Floats = np.where(K > 0, K, np.maximum(largest, 1e-9))
    return result


def paying(tb: Tables, c: Ints, i: int, floor: Floats, nodes: int) -> list[tuple[int, CheatSet, float]]:
    """For each date the covert breach of party i that yields most, and what it yields, if that is above ``floor``."""
    result = covert(setting(tb, c, i), floor=floor, node_limit=nodes)
    seen = [(t, b, float(result.C[t])) for t, b in enumerate(result.best) if b is not None]
    return [(t, cheat, value) for t, cheat, value in seen if value > floor[t]]


class Poll:
    """Votes on one road map. ``worth`` (P,): V in period 0; ``gains`` (P,): whether that is no less than no deal is."""

    def __init__(
        self, minds: Mapping[str, Mind], st: Stakes, road_map: RoadMap, c: Ints, worth: Floats, gains: Bools, nodes: int
    ) -> None:
        self.minds, self.st, self.road_map, self.c, self.nodes = minds, st, road_map, c, nodes
        self.case, self.worth, self.gains = st.case, worth, gains
        self.away = bystanders(st, c)
        self._views: dict[str, Bools] = {}
        self._cheats: dict[str, list[tuple[int, CheatSet, float]]] = {}

    def carried(self, name: str) -> bool:
        """Whether a vote, by the name of its condition, is carried."""
        kind, _, whose = name.partition(":")
        if kind == "consents":
            return self.consents(whose) if any(k in self.road_map for k in self.case.asked[whose]) else True
        if self.away[self.st.party_index[whose]]:
            return True
        return not self.lost(whose)

    def consents(self, name: str) -> bool:
        """Whether a party or body gives its consent."""
        if name in self.case.bodies:
            vote = say_in(self.case, name)
            return vote.carried({member: self.consents(member) for member in vote.deciding})
        return bool(self.gains[self.st.party_index[name]]) and self._votes(name, 0)

    def lost(self, party: str) -> list[int]:
        """Periods in which a party's factions do not carry it."""
        return [t for t in range(self.st.periods + 1) if not self._votes(party, t)]

    def _votes(self, party: str, t: int) -> bool:
        vote = say_of(self.case, party, t)
        return vote.carried({name: bool(self.supports(name)[t]) for name in vote.deciding})

    def supports(self, name: str) -> Bools:
        """(T+1,) whether a faction supports it; of a bystander's only the first entry means anything."""
        if name not in self._views:
            self._views[name] = self._supports(name)
        return self._views[name]

    def _supports(self, name: str) -> Bools:
        mind, T = self.minds[name], self.st.periods
        i = mind.party
        if not all(self._kept(name)):
            return np.zeros(T + 1, dtype=np.bool_)
        V = kept(mind.tb, self.c)[:, i]
        enough = V[0] >= mind.reserve - TINY * mind.unit
        if self.away[i]:
            return np.full(T + 1, enough)
        yes: Bools = (V - walk(mind.tb, self.c).W[:, i]) / mind.unit >= -TINY
        if yes.any():
            floor = np.where(yes, V + TINY * mind.unit, np.inf)
            found = paying(mind.tb, self.c, i, floor, self.nodes)
            self._cheats[name] = [(t, cheat, float(V[t] - value) / mind.unit) for t, cheat, value in found]
            yes[[t for t, _, _ in found]] = False
        if self.case.factions[name].reserve is not None:
            yes[0] &= enough
        return yes

    def _kept(self, name: str) -> Iterator[bool]:
        for clause in demands(self.case, name):
            yield evaluate(clause, self.case, self.road_map.starts, self._worth)[0]

    def _worth(self, party: str) -> Fraction:
        i = self.st.party_index[party]
        return Fraction(float(self.worth[i]) + TINY * max(1.0, abs(float(self.worth[i]))))

    def opposing(self, lost: Sequence[str]) -> Iterator[tuple[str, int, CheatSet, float]]:
        """Covert breaches for which factions would leave, in periods in which one of the ``lost`` votes needs them."""
        for name in lost:
            kind, _, whose = name.partition(":")
            body = self.case.bodies.get(whose)
            for party in (whose,) if body is None else body.votes:
                periods = set(self.lost(party)) if kind == "supports" else {0}
                for faction in self.case.factions_of(party):
                    for t, cheat, margin in self._cheats.get(faction, ()):
                        if t in periods:
                            yield faction, t, cheat, margin
