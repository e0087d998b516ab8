"""What a run truly pays everybody: added up from what happens period by period, and from the course of events after it.

As long as the road map stands each party is paid for what is truly in force, or under way. Once it ends, the rest is a
course of events like any other, in which what was pretended never came, and what was being undone in secret is gone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from tests.oracle.constants import reserve
from tests.oracle.reading import ONE, ZERO, Measure, Raw, Schedule, at
from tests.oracle.replay import Run
from tests.oracle.worlds import KEPT, Breach, Cheat, Undoing, World

NEVER = 1 << 20


class Cheated(World):
    """A course of events in which several parties cheat."""

    def __init__(
        self, schedule: Schedule, breach: Breach, cheats: Mapping[str, Cheat], alone: frozenset[str] = frozenset()
    ) -> None:
        self.cheats = cheats
        super().__init__(schedule, breach, None, alone)

    def _comes(self, measure: Measure) -> int | None:
        faked = any(measure.name in cheat.fakes for cheat in self.cheats.values())
        return None if faked else super()._comes(measure)

    def _undoing(self, measure: Measure) -> Undoing | None:
        secret = any(measure.name in cheat.undoes for cheat in self.cheats.values())
        return None if secret else super()._undoing(measure)

    def _gone_secretly(self, name: str, period: int) -> bool:
        undo = self.case.measures[name].undo
        began = [cheat.begun for cheat in self.cheats.values() if name in cheat.undoes]
        return undo is not None and any(period >= begun + undo.takes for begun in began)

    def _settled(self) -> int:
        gone = [cheat.begun + 1 + self.case.longest_undoing for cheat in self.cheats.values()]
        return max([super()._settled(), *gone])

    def under_way(self, name: str, period: int) -> bool:
        """Work on it is done in a period."""
        faked = any(name in cheat.fakes for cheat in self.cheats.values())
        return not faked and super().under_way(name, period)

    def _counts(self, milestone: Measure, party: str, period: int, amount: Fraction) -> Fraction:
        """Who cheats on a member is paid what the others believe that it is owed."""
        own, members = self.cheats.get(party), set(milestone.members or ())
        if amount <= 0 or self.breach.stops or own is None or not own.members & members:
            return self.chance(milestone.name, period)
        others = {name: cheat for name, cheat in self.cheats.items() if name != party}
        return Cheated(self.schedule, KEPT, others).chance(milestone.name, period)


@dataclass
class Paid(Run):
    """The same run, with what it brings each party over no deal, and what its end costs it (if it ends)."""

    raw: Raw = field(default_factory=dict)
    prices: Mapping[str, Mapping[str, Fraction]] = field(default_factory=dict)
    """Of declarations that leave something out: what that costs each party a period."""
    paid: dict[str, Fraction] = field(default_factory=dict)
    began: dict[str, tuple[int, int, dict[str, Fraction]]] = field(default_factory=dict)
    """Of who began to cheat: in which period, where on the road map, and what everybody had been paid by then."""
    cheated: dict[str, tuple[int, tuple[str, ...]]] = field(default_factory=dict)
    """The cheats that went on at the first end, or to the end of the case."""
    gains: dict[str, Fraction] = field(default_factory=dict)
    costs: dict[str, Fraction] = field(default_factory=dict)

    def __post_init__(self) -> None:
        takes = {name: self.case.measures[name].takes for name in self.comes}
        self.schedule = Schedule(self.raw, {"starts": {k: c - takes[k] for k, c in self.comes.items()}})
        self.kept = World(self.schedule)
        self.paid = dict.fromkeys(self.case.parties, ZERO)
        self.reserves = reserve(self.schedule.case)

    def factor(self, j: str, t: int) -> Fraction:
        """What a payment in a period counts at the beginning."""
        return self.schedule.case.parties[j].discount ** t

    def _closes(self, t: int) -> None:
        if self.gains:
            return
        self._begin(t)
        self.cheated = dict(self.cheating)
        openly = self.how in ("walked", "distrust")
        if not openly:
            for j in self.paid:
                self.paid[j] += self.factor(j, t) * self._pays(j, t)
        if self.how != "kept":
            self._end(t, t + (not openly))
        elif t == self.case.periods:
            m = self.at + (not self.still)
            truth = Cheated(self.schedule, KEPT, self._cheats(m - t - 1))
            for j in self.paid:
                ahead = truth.worth(j, m) - self._deceived(j, m)
                self.gains[j] = self.paid[j] + self.factor(j, t + 1) * ahead - self.reserves[j]

    def _begin(self, t: int) -> None:
        """Who began to cheat in this period pays for what it secretly begins to undo."""
        new = [i for i in self.cheating if i not in self.began]
        for i in new:
            self.began[i] = t, self.at, dict(self.paid)
        for i in new:
            since, on = self.cheating[i]
            for k in on:
                undo = self.schedule.case.measures[k].undo
                if self._comes(k) < since and undo is not None:
                    self.paid[i] -= self.factor(i, t) * undo.cost

    def _pays(self, j: str, t: int) -> Fraction:
        """What a period truly pays."""
        moves = not self.still
        total = at(self.schedule.case.parties[j].status_quo, self.at)
        for one in self.schedule.case.measures.values():
            value, c = one.to(j), self._dated_for(one)
            there = c < self.at + moves
            if one.is_milestone:
                total += self._milestone(one, j) if there else ZERO
            elif moves and self.at < c and c - one.takes <= self.at and not self._false(one.name):
                total += value.during
            elif there:
                total += value.once if c == self.at and one.name in self.on else ZERO
                if not self._replaced(one.name):
                    share = ONE if one.name in self.on else (ZERO if self._faked(one.name) else one.residual)
                    total += share * at(value.flow, self.at)
        return total - sum(of.get(j, ZERO) for k, of in self.prices.items() if self._comes(k) < self.at + moves)

    def _dated_for(self, one: Measure) -> int:
        return max(self._comes(k) for k in one.members) if one.members else self._comes(one.name)

    def _milestone(self, one: Measure, j: str) -> Fraction:
        members, value = one.members or (), one.to(j)
        parts = [at(value.flow, self.at), value.once if self._dated_for(one) == self.at else ZERO]
        gone = [k for k in members if k not in self.on]
        if all(self._owner(k) == j for k in gone) and gone:
            return sum((max(x, ZERO) for x in parts), ZERO)
        return ZERO if gone else sum(parts, ZERO)

    def _false(self, k: str) -> bool:
        return any(k in on for _, on in self.cheating.values())

    def _faked(self, k: str) -> bool:
        return any(k in on and self._comes(k) >= since for since, on in self.cheating.values())

    def _cheats(self, ahead: int) -> dict[str, Cheat]:
        """The cheats that go on, dated by the road map, which is so much ahead of the calendar."""
        found = {}
        for i, (since, on) in self.cheating.items():
            fakes = frozenset(k for k in on if self._comes(k) >= since)
            found[i] = Cheat(i, fakes, frozenset(on) - fakes, self.began[i][0] + ahead)
        return found

    def _end(self, t: int, then: int) -> None:
        """The rest of it, from period ``then`` on: ``m`` on the road map."""
        parties, who = self.schedule.case.parties, self.who
        m = self.at + (then > t and not self.still)
        openly = then == t
        cheats = self._cheats(m - then)
        if self.how == "stopped":
            world = Cheated(self.schedule, Breach(dict.fromkeys(parties, m), (), ()), cheats)
        else:
            assert who is not None
            seen = m if openly else m - 1
            stops = {j: seen + p.lag for j, p in parties.items()} | {who: m}
            exits = ((who, seen),)
            breach = Breach(stops, exits, exits)
            own = {i: c for i, c in cheats.items() if i == who}
            world = Cheated(self.schedule, breach, cheats, self._alone(who, m, breach, own))
        for j in parties:
            left = world.worth(j, m) - self._deceived(j, m, world.breach)
            here = -parties[j].exit_cost if j == who and not openly else ZERO
            brought = self.paid[j] + self.factor(j, t) * here + self.factor(j, then) * left
            self.gains[j] = brought - self.reserves[j]
            since, where, before = (t, self.at, self.paid)
            if self.how == "caught":
                assert who is not None
                since, where, before = self.began[who]
            elif not openly:
                before = {j: self.paid[j] - self.factor(j, t) * self._pays(j, t)}
            self.costs[j] = (brought - before[j]) / self.factor(j, since)
            self.costs[j] -= self.kept.worth(j, where) - self._deceived(j, where)

    def _deceived(self, j: str, m: int, breach: Breach = KEPT) -> Fraction:
        """What is hidden costs from period ``m`` on, until what should tell of it is seen to be gone."""
        delta, total = self.schedule.case.parties[j].discount, ZERO
        for k, of in self.prices.items():
            one, c = self.schedule.case.measures[k], self._comes(k)
            stop = breach.stops.get(one.by, NEVER)
            seen = self.how == "caught" and one.by == self.who and self._false(k)
            if c >= min(stop, self.case.periods) or (seen and stop < NEVER):
                continue
            lasts = delta ** (max(c, m) - m)
            changed = any(n.replaces and n.replaces[0] == k for n in self._come_before(stop))
            kept = stop == NEVER or changed or self._false(k) or not self.script.undoes(min(stop, self.case.periods), k)
            if one.undo and not kept:
                sheds = one.undo.chance * (1 - one.residual)
                lasts -= sheds * delta ** (max(stop + one.undo.takes, c, m) - m)
            total += of.get(j, ZERO) * lasts / (1 - delta)
        return total

    def _come_before(self, t: int) -> list[Measure]:
        return [one for one in self.schedule.case.works if self._comes(one.name) < t]

    def _alone(self, who: str, m: int, breach: Breach, own: Mapping[str, Cheat]) -> frozenset[str]:
        """What who ends it leaves alone for milestones, knowing of its own cheat: the best choice, of the fewest."""
        plain, best, choice = Cheated(self.schedule, breach, own), None, frozenset[str]()
        sets = [frozenset[str]()]
        for milestone in self.schedule.case.milestones:
            stand = {plain.stands_for(k, plain.settled) for k in milestone.members or ()}
            mine = {k for k in stand if self.schedule.case.measures[k].by == who and k in plain.undoings}
            sets += [s | {k for k in mine if self.schedule.case.measures[k].withdrawal != "automatic"} for s in sets]
        for alone in sorted(dict.fromkeys(sets), key=len):
            worth = Cheated(self.schedule, breach, own, alone).worth(who, m)
            if best is None or worth > best:
                best, choice = worth, alone
        return choice
