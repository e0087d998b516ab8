"""Worlds after a breach (model §4): who stops when, what is undone, what a milestone is then worth."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from detente.audit.exact.course import Course
from detente.audit.exact.ledger import Ledger, Ledgers
from detente.audit.exact.terms import NEVER, Terms


@dataclass(frozen=True)
class Cheat:
    """A set of own measures faked or secretly undone, begun in ``begin`` (indices)."""

    fakes: frozenset[int]
    undoes: frozenset[int]
    begin: int

    @property
    def all(self) -> frozenset[int]:
        """Every measure cheated on."""
        return self.fakes | self.undoes


@dataclass(frozen=True)
class World:
    """From ``t`` on: the period in which each party stops, and what is special about it.

    ``seen`` is the period in which the breach was seen (sticks count from it), ``against`` who broke, ``left`` the
    measures left alone although undoing them would pay, ``cheat`` what the breacher had done covertly before.
    """

    t: int
    stops: tuple[int, ...]
    seen: int = 0
    against: tuple[int, ...] = ()
    left: frozenset[int] = frozenset()
    cheat: Cheat | None = None


@dataclass
class Aftermath:
    """Values of worlds after a breach on one road map, in period-0 money of a ledger."""

    terms: Terms
    course: Course
    own: Ledgers
    """Each party's ledger at its own discount factor: undoing is decided by it."""
    _undone: dict[tuple[int, int], bool] = field(default_factory=dict)

    def undone(self, k: int, stop: int) -> bool:
        """Whether the owner of ``k``, in force and stopping in ``stop``, undoes it (the rule of §4)."""
        key = (k, stop)
        if key not in self._undone:
            self._undone[key] = self._rule(k, stop)
        return self._undone[key]

    def _rule(self, k: int, stop: int) -> bool:
        term = self.terms.terms[k]
        if term.undo_takes is None or term.withdrawal == "never":
            return False
        if term.withdrawal == "automatic":
            return True
        ledger = self.own[term.owner]
        if k not in ledger.flow:
            return False
        gain = -ledger.lost_by_vote[k][stop + term.undo_takes]
        return gain > ledger.undo_cost.get(k, 0) * ledger.at[stop]

    def withdrawn(self, k: int, stop: int) -> bool:
        """Whether ``k`` is in force, not replaced, when its owner stops in ``stop``, and the owner undoes it."""
        c = self.course
        return c.force[k] < stop <= c.gone[k] and stop < NEVER and self.undone(k, stop)

    def measure(self, ledger: Ledger, k: int, world: World) -> int:
        """What measure ``k`` (no milestone) pays from ``world.t`` on."""
        if world.cheat is not None and k in world.cheat.all:
            return self._cheated(ledger, k, world)
        term, c, t = self.terms.terms[k], self.course, world.t
        stop = world.stops[term.owner]
        total = 0
        if k in ledger.during:
            first, end = max(c.start[k], t), min(c.finish[k], stop, self.terms.T)
            if first < end:
                total += ledger.during[k] * (ledger.since[first] - ledger.since[end])
        if c.force[k] >= stop:
            return total
        if k in ledger.once and c.force[k] >= t:
            total += ledger.once[k] * ledger.at[c.force[k]]
        first = max(c.force[k], t)
        if c.gone[k] < stop:
            end = max(c.gone[k], t)
            return total + (ledger.flow[k][first] - ledger.flow[k][end] if k in ledger.flow and first < end else 0)
        if k in ledger.flow:
            total += ledger.flow[k][first]
        if stop < NEVER and k not in world.left and self.undone(k, stop):
            if k in ledger.flow:
                total -= ledger.lost_by_vote[k][stop + (term.undo_takes or 0)]
            if k in ledger.undo_cost:
                total -= ledger.undo_cost[k] * ledger.at[stop]
        return total

    def _cheated(self, ledger: Ledger, k: int, world: World) -> int:
        """What is left of a measure that the breacher had cheated on: nothing if faked; undoing goes on."""
        assert world.cheat is not None
        if k in world.cheat.fakes or k not in ledger.flow:
            return 0
        effect = max(world.t, world.cheat.begin + (self.terms.terms[k].undo_takes or 0))
        return ledger.flow[k][world.t] - ledger.lost[k][effect]

    def ends(self, m: int, world: World) -> list[tuple[int, int, int]] | None:
        """When undoing of a member can end milestone ``m``: (period, chance as p, q), sorted; None: never in force."""
        c, cheat, events = self.course, world.cheat, {}
        for x in self.terms.terms[m].members:
            term = self.terms.terms[x]
            if cheat is not None and x in cheat.fakes:
                return None
            if cheat is not None and x in cheat.undoes:
                events[x] = (cheat.begin + (term.undo_takes or 0), 1, 1)
                continue
            stop = world.stops[term.owner]
            if c.force[x] >= stop:
                return None
            e = c.standing(x, stop)
            if e not in world.left and self.withdrawn(e, stop):
                done = self.terms.terms[e]
                events[e] = (stop + (done.undo_takes or 0), done.chance.numerator, done.chance.denominator)
        return sorted(events.values())

    def milestone(self, ledger: Ledger, m: int, world: World) -> int:
        """What milestone ``m`` pays from ``world.t`` on: its flow times the chance that it is in force."""
        if m not in ledger.flow and m not in ledger.once:
            return 0
        ends = self.ends(m, world)
        if ends is None or self.course.force[m] >= NEVER:
            return 0
        since = max(self.course.force[m], world.t)
        p, q, total = 1, 1, 0
        stream = ledger.flow.get(m)
        for end, chance_p, chance_q in ends:
            if stream is not None and end > since:
                total += (stream[since] - stream[end]) * p // q
                since = end
            p, q = p * (chance_q - chance_p), q * chance_q
        if stream is not None:
            total += stream[since] * p // q
        if m in ledger.once and self.course.force[m] >= world.t:
            p, q = 1, 1
            for end, chance_p, chance_q in ends:
                if end <= self.course.force[m]:
                    p, q = p * (chance_q - chance_p), q * chance_q
            total += ledger.once[m] * ledger.at[self.course.force[m]] * p // q
        return total

    def sticks(self, ledger: Ledger, world: World) -> int:
        """What sticks against those who broke pay."""
        return sum(self.stick(ledger, s.id, world) for s in self.terms.sticks)

    def stick(self, ledger: Ledger, stick: str, world: World) -> int:
        """What one stick pays: its once when it begins, its flow while it lasts."""
        if stick not in ledger.sticks:
            return 0
        term = next(s for s in self.terms.sticks if s.id == stick)
        if term.against not in world.against:
            return 0
        flow, once = ledger.sticks[stick]
        first = world.seen + self.terms.lag[term.by] + term.delay
        until = ledger.since[first + term.lasts] if term.lasts is not None else 0
        return flow * (ledger.since[first] - until) + once * ledger.at[first]

    def linear(self, ledger: Ledger, world: World) -> int:
        """Status quo, measures and sticks: all but milestones and exit cost."""
        total = ledger.status_quo[world.t] + self.sticks(ledger, world)
        for k, term in enumerate(self.terms.terms):
            if term.owner >= 0 and (
                k in ledger.flow or k in ledger.once or k in ledger.during or k in ledger.undo_cost
            ):
                total += self.measure(ledger, k, world)
        return total

    def value(self, ledger: Ledger, world: World) -> int:
        """Everything but exit cost."""
        return self.linear(ledger, world) + self.milestones(ledger, world, self.terms.milestones)

    def milestones(self, ledger: Ledger, world: World, which: Iterable[int]) -> int:
        """What several milestones pay together."""
        return sum(self.milestone(ledger, m, world) for m in which)
