"""Votes as rows: factions that must support a road map, and those whose consent its measures need (model §9).

``y[f, t]`` may be 1 only if faction f supports the road map in t; what its margin is made of are variables of the case
as it sees it. A faction without which its party's share cannot be reached, or that has a veto, has to support it; if
all of these reach the share, the others have no say and no rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from detente.case.factions import demands
from detente.case.resolved import ResolvedCase
from detente.case.stakes import Ints
from detente.incentives.cheat import CheatSet
from detente.plan.breach_rows import BreachRows
from detente.plan.cheat_rows import CheatRows
from detente.plan.clause_rows import ClauseRows
from detente.plan.linear import Linear, total
from detente.plan.poll import Mind
from detente.plan.solver import Row
from detente.plan.value_rows import Values
from detente.plan.votes import WEIGHT_SLACK, say_in, say_of


class _Mind(CheatRows):
    """Rows by which one faction supports a road map where its ``y`` is 1."""

    def __init__(self, votes: FactionRows, name: str) -> None:
        self.votes, self.name = votes, name
        mind, everyone = votes.minds[name], votes.breaches
        self.i = mind.party
        super().__init__(Values(mind.tb, mind.tb, everyone.schedule, everyone.values.model, [self.i]))
        self.big = float(self.values.big[self.i])
        self.bystander = Linear({}, 1.0).add(everyone.active[self.i], -1.0)
        self.broken = [votes.broken(clause.id) for clause in demands(votes.case, name)]

    def y(self, t: int) -> Linear:
        return self.votes.y(self.name, t)

    def rows(self, i: int, t: int, gain: Linear, switch: Linear) -> list[Row]:
        """``gain >= 0`` unless ``switch`` is positive, its support in t is not needed, or its party has no part."""
        off = Linear({}, 1.0).add(self.y(t), -1.0).add(switch).add(self.bystander)
        return [gain.times(1.0).add(off, self.big).at_least(0.0)]

    def supporting(self, t: int) -> Iterator[Row]:
        """What ``y`` in a period means, covert breach apart."""
        i, V = self.i, self.values.V
        yield from self.rows(i, t, Linear({V[i, t]: 1.0, self.values.walk(i, t): -1.0}), Linear())
        for off in self.broken:
            yield self.y(t).add(off).at_most(1.0)
        if t == 0:
            stated = self.votes.case.factions[self.name].reserve is not None
            gain = Linear({V[i, 0]: 1.0}, -float(self.values.reserve[i] / self.values.scale[i]))
            off = Linear({}, 1.0).add(self.y(0), -1.0)
            # without a reserve of its own only the faction of a bystander asks what no deal would be worth
            off = off if stated else off.add(Linear({}, 1.0)).add(self.bystander, -1.0)
            yield gain.add(off, self.big).at_least(0.0)


class FactionRows:
    """Votes of factions, parties and bodies. What is true of every road map is added to the model as it is needed."""

    def __init__(self, breaches: BreachRows, clauses: ClauseRows, minds: Mapping[str, Mind]) -> None:
        self.breaches, self.clauses, self.minds, self.stakes = breaches, clauses, minds, breaches.stakes
        self.case: ResolvedCase = breaches.stakes.case
        self.model = breaches.values.model
        self._minds: dict[str, _Mind] = {}
        self._y: dict[tuple[str, int], Linear] = {}
        self._broken: dict[str, Linear] = {}
        self._agrees: dict[str, Linear] = {}

    def supports(self, party: str) -> Iterator[Row]:
        """A party with a part in the road map is ratified and sustained by its factions."""
        active = self.breaches.active[self.stakes.party_index[party]]
        for t in range(self.stakes.periods + 1):
            yield from self._carried(party, t, active)

    def consents(self, name: str) -> Iterator[Row]:
        """Measures that need the consent of a party or body are on the road map only if it is given."""
        agrees = self.agrees(name)
        for k in self.case.asked[name]:
            there = self.breaches.schedule.x(self.stakes.measure_index[k], self.stakes.periods - 1)
            if there.terms:
                yield there.add(agrees, -1.0).at_most(0.0)

    def cheating(self, faction: str, cheat: CheatSet, period: int, c: Ints) -> Iterator[Row]:
        """The rows of a covert breach that a faction would gain by."""
        mind = self._mind(faction)
        return mind.cheating(mind.i, cheat, period, c)

    def y(self, faction: str, t: int) -> Linear:
        """May be 1 only if the faction supports the road map in t."""
        if (faction, t) not in self._y:
            free = faction not in say_of(self.case, self.case.factions[faction].party, t).needed
            self._y[faction, t] = Linear({self.model.variable(0.0, 1.0, integer=free): 1.0})
            self.model.rows += self._mind(faction).supporting(t)
        return self._y[faction, t].times(1.0)

    def broken(self, clause: str) -> Linear:
        """1 if a clause is broken."""
        if clause not in self._broken:
            one = next(c for c in self.case.clauses if c.id == clause)
            self._broken[clause], rows = self.clauses.broken(one)
            self.model.rows += rows
        return self._broken[clause]

    def agrees(self, name: str) -> Linear:
        """May be 1 only if a party or body consents to the road map."""
        if name not in self._agrees:
            self._agrees[name] = Linear({self.model.variable(0.0, 1.0, integer=name in self.case.parties): 1.0})
            rows = self._body(name) if name in self.case.bodies else self._party(name)
            self.model.rows += list(rows)
        return self._agrees[name].times(1.0)

    def _mind(self, faction: str) -> _Mind:
        if faction not in self._minds:
            self._minds[faction] = _Mind(self, faction)
        return self._minds[faction]

    def _carried(self, party: str, t: int, where: Linear) -> Iterator[Row]:
        """Its factions carry the road map in t if ``where`` is 1."""
        vote = say_of(self.case, party, t)
        for name in vote.needed:
            yield self.y(name, t).add(where, -1.0).at_least(0.0)
        if vote.rest > 0:
            voices = total([self.y(name, t).times(w / vote.rest) for name, w in vote.others.items()])
            yield voices.add(where, -1.0).at_least(-WEIGHT_SLACK)

    def _party(self, name: str) -> Iterator[Row]:
        values, i = self.breaches.values, self.stakes.party_index[name]
        gain = Linear({values.V[i, 0]: 1.0}, -float(values.reserve[i] / values.scale[i]))
        yield gain.add(Linear({}, 1.0).add(self.agrees(name), -1.0), float(values.big[i])).at_least(0.0)
        if self.case.factions_of(name):
            yield from self._carried(name, 0, self.agrees(name))

    def _body(self, name: str) -> Iterator[Row]:
        vote = say_in(self.case, name)
        for member in vote.needed:
            yield self.agrees(member).add(self.agrees(name), -1.0).at_least(0.0)
        if vote.rest > 0:
            voices = total([self.agrees(member).times(w / vote.rest) for member, w in vote.others.items()])
            yield voices.add(self.agrees(name), -1.0).at_least(-WEIGHT_SLACK)
