"""Lays a road map down period by period, kept or broken, and pays everyone (model.md §2-§5).

A `World` is one course of events: who stops when, what is undone from when with which chance, who cheats.
It says of every measure, for every period, what is under way and what is in force, and pays each party
literally, period by period, until nothing changes any more; the rest is a geometric series.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from tests.oracle.reading import ONE, ZERO, Case, Measure, Schedule, Stick, at


@dataclass(frozen=True)
class Cheat:
    """A covert breach: its party, what it fakes, what it secretly undoes, from which period."""

    party: str
    fakes: frozenset[str]
    undoes: frozenset[str]
    begun: int

    @property
    def members(self) -> frozenset[str]:
        """The set S."""
        return self.fakes | self.undoes


@dataclass(frozen=True)
class Breach:
    """Who stops when, who pays an exit cost when, against whom sticks fire, seen when."""

    stops: Mapping[str, int]
    exits: tuple[tuple[str, int], ...]
    seen: tuple[tuple[str, int], ...]


KEPT = Breach({}, (), ())


@dataclass(frozen=True)
class Undoing:
    """An open undoing that was begun at `stop`: from `takes_effect` on it has worked with `chance`."""

    stop: int
    takes_effect: int
    chance: Fraction
    cost: Fraction


class World:
    """One course of events on a schedule.

    `alone` holds measures the breacher leaves alone although the rule would undo them. `alone` has no say
    over what is `automatic`.
    """

    def __init__(
        self,
        schedule: Schedule,
        breach: Breach = KEPT,
        cheat: Cheat | None = None,
        alone: frozenset[str] = frozenset(),
    ) -> None:
        self.schedule = schedule
        self.case: Case = schedule.case
        self.breach = breach
        self.cheat = cheat
        self.comes = {one.name: self._comes(one) for one in self.case.works}
        self.replaced_by = self._replaced_by()
        self.undoings = {
            one.name: undoing
            for one in self.case.works
            if one.name not in alone and (undoing := self._undoing(one)) is not None
        }
        self.settled = self._settled()

    # what happens to one measure

    def _comes(self, measure: Measure) -> int | None:
        """When it truly comes into force, if it does."""
        date = self.schedule.comes[measure.name]
        if date is None or (self.cheat and measure.name in self.cheat.fakes):
            return None
        stop = self.breach.stops.get(measure.by)
        return None if stop is not None and date >= stop else date

    def _replaced_by(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for old, news in self.case.replacers.items():
            come = [new for new in news if self.comes[new] is not None]
            if come:
                found[old] = min(come, key=lambda new: self.comes[new] or 0)
        return found

    def _undoing(self, measure: Measure) -> Undoing | None:
        """What its owner does to it, by the rule of §4, once it has stopped."""
        stop = self.breach.stops.get(measure.by)
        if stop is None or self.comes[measure.name] is None or measure.undo is None:
            return None
        if measure.name in self.replaced_by or (self.cheat and measure.name in self.cheat.undoes):
            return None
        if not undoes(self.case, measure, stop):
            return None
        undo = measure.undo
        return Undoing(stop, stop + undo.takes, undo.chance, undo.cost)

    def _gone_secretly(self, name: str, period: int) -> bool:
        """It was secretly undone, and that has taken effect."""
        if self.cheat is None or name not in self.cheat.undoes:
            return False
        undo = self.case.measures[name].undo
        assert undo is not None
        return period >= self.cheat.begun + undo.takes

    def under_way(self, name: str, period: int) -> bool:
        """Work on it is done in a period."""
        if not self.schedule.under_way(name, period):
            return False
        stop = self.breach.stops.get(self.case.measures[name].by)
        if stop is not None and period >= stop:
            return False
        return not (self.cheat and name in self.cheat.fakes and period >= self.cheat.begun)

    def _begun(self, name: str, period: int) -> bool:
        date = self.comes[name]
        return date is not None and date <= period

    def stands_for(self, name: str, period: int) -> str:
        """The last one in force in its chain of replacements."""
        while name in self.replaced_by and self._begun(name, period):
            if not self._begun(self.replaced_by[name], period):
                break
            name = self.replaced_by[name]
        return name

    def chance_of_one(self, name: str, period: int) -> Fraction:
        """The chance that this very measure is in force in a period."""
        if not self._begun(name, period) or self.stands_for(name, period) != name:
            return ZERO
        if self._gone_secretly(name, period):
            return ZERO
        undoing = self.undoings.get(name)
        return ONE - undoing.chance if undoing and period >= undoing.takes_effect else ONE

    def chance(self, name: str, period: int) -> Fraction:
        """The chance that it counts as in force in a period: itself, what stands for it, or all members."""
        members = self.case.measures[name].members
        if members is None:
            return self.chance_of_one(self.stands_for(name, period), period)
        product = ONE
        for event in {self.stands_for(member, period) for member in members}:
            product *= self.chance_of_one(event, period)
        return product

    def part_of_flow(self, name: str, period: int) -> Fraction:
        """The expected part of its flow that is paid in a period."""
        if not self._begun(name, period) or self.stands_for(name, period) != name:
            return ZERO
        residual = self.case.measures[name].residual
        if self._gone_secretly(name, period):
            return residual
        in_force = self.chance_of_one(name, period)
        return in_force + (ONE - in_force) * residual

    # what it pays

    def pay(self, party: str, period: int) -> Fraction:
        """What a party gets in a period."""
        total = at(self.case.parties[party].status_quo, period)
        for measure in self.case.works:
            total += self._from_work(measure, party, period)
        for milestone in self.case.milestones:
            total += self._from_milestone(milestone, party, period)
        return total - self._costs(party, period) + self._from_sticks(party, period)

    def _from_work(self, measure: Measure, party: str, period: int) -> Fraction:
        value, total = measure.to(party), ZERO
        if self.under_way(measure.name, period):
            total += value.during
        if self.comes[measure.name] == period:
            total += value.once
        flow = at(value.flow, period)
        return total + flow * self.part_of_flow(measure.name, period) if flow else total

    def _from_milestone(self, milestone: Measure, party: str, period: int) -> Fraction:
        value, total = milestone.to(party), ZERO
        flow = at(value.flow, period)
        if flow:
            total += flow * self._counts(milestone, party, period, flow)
        if value.once and self.schedule.comes[milestone.name] == period:
            total += value.once * self._counts(milestone, party, period, value.once)
        return total

    def _counts(self, milestone: Measure, party: str, period: int, amount: Fraction) -> Fraction:
        """The weight of a number of a milestone: its chance, or what is believed of it while nobody sees."""
        if amount > 0 and self._believed(milestone, party):
            date = self.schedule.comes[milestone.name]
            return ONE if date is not None and date <= period else ZERO
        return self.chance(milestone.name, period)

    def _believed(self, milestone: Measure, party: str) -> bool:
        """A member is being cheated on by this party, and nobody has seen it yet."""
        if self.cheat is None or self.breach.stops or self.cheat.party != party:
            return False
        return bool(self.cheat.members & set(milestone.members or ()))

    def _costs(self, party: str, period: int) -> Fraction:
        """Exit costs, and the cost of undoing begun in a period."""
        total = ZERO
        for who, when in self.breach.exits:
            if who == party and when == period:
                total += self.case.parties[party].exit_cost
        for name, undoing in self.undoings.items():
            if undoing.stop == period and self.case.measures[name].by == party:
                total += undoing.cost
        if self.cheat and self.cheat.party == party and self.cheat.begun == period:
            for name in self.cheat.undoes:
                undo = self.case.measures[name].undo
                total += undo.cost if undo else ZERO
        return total

    def _from_sticks(self, party: str, period: int) -> Fraction:
        total = ZERO
        for stick, first in self.blows():
            value = stick.to(party)
            if period == first:
                total += value.once
            if first <= period and (stick.lasts is None or period < first + stick.lasts):
                total += at(value.flow, period)
        return total

    def blows(self) -> Iterator[tuple[Stick, int]]:
        """The sticks that fire, each with its first period."""
        for against, seen in self.breach.seen:
            for stick in self.case.sticks:
                if stick.against == against and not stick.is_hollow:
                    yield stick, seen + self.case.parties[stick.by].lag + stick.delay

    def _settled(self) -> int:
        """A period from which on nothing changes any more."""
        dates = [self.case.periods]
        dates += [undoing.takes_effect for undoing in self.undoings.values()]
        dates += [when + 1 for _, when in self.breach.exits]
        dates += [stop + 1 for stop in self.breach.stops.values()]
        dates += [first + 1 + (stick.lasts or 0) for stick, first in self.blows()]
        if self.cheat:
            dates.append(self.cheat.begun + 1 + self.case.longest_undoing)
        return max(dates)

    def worth(self, party: str, period: int, discount: Fraction | None = None) -> Fraction:
        """The value of this course of events to a party from a period on."""
        delta = self.case.parties[party].discount if discount is None else discount
        last = max(self.settled, period)
        total = self.pay(party, last) / (1 - delta)
        for each in range(last - 1, period - 1, -1):
            total = self.pay(party, each) + delta * total
        return total


def undoes(case: Case, measure: Measure, stop: int) -> bool:
    """The rule of §4: does its owner, who stops in `stop`, undo this measure, if in force?"""
    if measure.undo is None or measure.withdrawal == "never":
        return False
    if measure.withdrawal == "automatic":
        return True
    delta = case.parties[measure.by].discount
    first = stop + measure.undo.takes
    flow = measure.to(measure.by).flow
    last = max(first, case.periods, len(flow))
    saved = delta ** (last - stop) * -at(flow, last) / (1 - delta)
    for period in range(first, last):
        saved += delta ** (period - stop) * -at(flow, period)
    return measure.undo.chance * (1 - measure.residual) * saved > measure.undo.cost
