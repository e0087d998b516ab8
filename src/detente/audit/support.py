"""Who is behind a road map: factions in their parties, parties asked for their consent, bodies that vote (model §9).

A faction's margin is its party's in the case as the faction sees it. It supports the road map in a period in which
that margin is not negative, if what it demands is kept and, at first, no deal is not worth more to it than its own
reservation value, should it state one. What a limit leaves open is neither yes nor no.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from detente.audit.margins import Margins
from detente.case import clauses as language
from detente.case.factions import demands
from detente.case.resolved import Clause, Faction

Vote = bool | None
"""For, against, or not known."""


@dataclass(frozen=True)
class Tally:
    """A vote: what voices for, against and not known weigh, how much is needed, and whose veto stands against."""

    needed: Fraction
    favour: Fraction
    against: Fraction
    open: Fraction
    vetoed: tuple[str, ...] = ()
    veto_open: bool = False

    @property
    def passes(self) -> Vote:
        """Whether it is carried."""
        if self.vetoed or self.favour + self.open < self.needed:
            return False
        return True if self.favour >= self.needed and not self.veto_open else None


def tally(votes: Mapping[str, Vote], weight: Mapping[str, Fraction], needed: Fraction, vetoes: Iterable[str]) -> Tally:
    """Count a vote."""

    def weighing(vote: Vote) -> Fraction:
        return sum((weight[name] for name, v in votes.items() if v is vote), Fraction(0))

    held = [name for name in vetoes if votes[name] is not True]
    vetoed = tuple(name for name in held if votes[name] is False)
    return Tally(needed, weighing(True), weighing(False), weighing(None), vetoed, len(held) > len(vetoed))


class Support:
    """Votes on one road map; what is not asked is not worked out."""

    def __init__(self, margins: Margins) -> None:
        self.margins, self.case = margins, margins.grounds.case
        self._seen: dict[str, Margins] = {}
        self._votes: dict[tuple[str, int], Vote] = {}
        self._broken: dict[str, tuple[str, ...]] = {}

    @property
    def needed(self) -> bool:
        """Whether any vote is taken at all."""
        return bool(self.divided or self.asked)

    def refusing(self) -> tuple[str, ...]:
        """Parties whose factions do not surely ratify it, and those that do not surely give a consent it needs."""
        parties = [p for p in self.divided if self.tally(p, 0).passes is not True]
        return (*parties, *(name for name in self.asked if name not in parties and self.consents(name) is not True))

    def deserted(self) -> dict[str, bool]:
        """Parties whose factions do not surely sustain it: True where it is sure that they do not."""
        periods = range(1, self.last + 1)
        votes = {p: [self.tally(p, t).passes for t in periods] for p in self.divided}
        return {p: False in v for p, v in votes.items() if not all(v)}

    @property
    def last(self) -> int:
        """The period that stands for all after the last."""
        return self.case.periods

    def index(self, faction: str) -> int:
        """Index of a faction's party."""
        return self.margins.grounds.stakes.party_index[self.case.factions[faction].party]

    def seen_by(self, faction: str) -> Margins:
        """The margins in the case as a faction sees it; those of its party are the faction's."""
        if faction not in self._seen:
            ground = self.margins.grounds.seen_by(faction)
            self._seen[faction] = Margins(ground, self.margins.road_map, self.margins.limits)
        return self._seen[faction]

    def broken(self, faction: str) -> tuple[str, ...]:
        """What of a faction's demands is not kept, by the ids of the clauses."""
        if faction not in self._broken:
            asked = demands(self.case, faction)
            self._broken[faction] = tuple(c.id for c in asked if not self._kept(c))
        return self._broken[faction]

    def _kept(self, clause: Clause) -> bool:
        at = self.margins.grounds.stakes.party_index
        starts = self.margins.road_map.starts
        return language.evaluate(clause, self.case, starts, lambda p: self.margins.exact.V(at[p], 0))[0]

    def supports(self, faction: str, t: int) -> Vote:
        """Whether a faction supports the road map in a period; of a party that has no part in it in period 0 only."""
        if (faction, t) not in self._votes:
            self._votes[faction, t] = self._supports(faction, self.case.factions[faction], t)
        return self._votes[faction, t]

    def _supports(self, name: str, faction: Faction, t: int) -> Vote:
        if self.broken(name):
            return False
        i, seen = self.index(name), self.seen_by(name)
        if i not in self.margins.players:
            return short(seen, i) <= 0
        if t == 0 and faction.reserve is not None and short(seen, i) > 0:
            return False
        if not seen.broken and float(seen.V[t, i] - seen.W[t, i]) < -4 * seen.grounds.error[i]:
            return False  # it would walk out; how else it might leave no longer matters
        sign = seen.sign(i, t)
        return None if sign is None else sign >= 0

    def against(self, party: str, t: int) -> list[str]:
        """The factions of a party that are against it in a period and have a say: a weight, or a veto."""
        own = {name: f for name, f in self.case.factions_of(party).items() if f.weight or f.veto}
        return [name for name in own if self.supports(name, t) is False]

    def tally(self, party: str, t: int) -> Tally:
        """The vote of a party's factions in a period."""
        own = self.case.factions_of(party)
        weight = {name: Fraction(f.weight) for name, f in own.items()}
        share = Fraction(self.case.parties[party].ratify if t == 0 else self.case.parties[party].sustain)
        votes = {name: self.supports(name, t) for name in own}
        return tally(votes, weight, share * sum(weight.values()), [name for name, f in own.items() if f.veto])

    @cached_property
    def divided(self) -> tuple[str, ...]:
        """Parties with a part in the road map and with factions."""
        parties = self.margins.grounds.stakes.parties
        return tuple(parties[i] for i in self.margins.players if self.case.factions_of(parties[i]))

    @cached_property
    def asked(self) -> dict[str, tuple[str, ...]]:
        """Whose consent the road map needs, and for which of its measures."""
        found = {name: tuple(k for k in ks if k in self.margins.road_map) for name, ks in self.case.asked.items()}
        return {name: ks for name, ks in found.items() if ks}

    def consents(self, name: str) -> Vote:
        """Whether a party or body gives its consent."""
        if name in self.case.bodies:
            return self.poll(name).passes
        if short(self.margins, self.margins.grounds.stakes.party_index[name]) > 0:
            return False
        return self.tally(name, 0).passes if self.case.factions_of(name) else True

    def poll(self, name: str) -> Tally:
        """The vote of a body's members."""
        body = self.case.bodies[name]
        weight = {member: Fraction(n) for member, n in body.votes.items()}
        votes = {member: self.consents(member) for member in body.votes}
        return tally(votes, weight, Fraction(body.quota), body.vetoes)


def short(margins: Margins, i: int) -> float:
    """By how much the road map is worth less to a party than no deal; not above 0 if it is not."""
    gap = float(margins.grounds.reserve[i] - margins.V[0, i])
    if abs(gap) <= 4 * margins.grounds.error[i]:
        gap = float(margins.grounds.exact.reserve(i) - margins.exact.V(i, 0))
    return gap
