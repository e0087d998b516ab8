"""Values where a road map may end without anybody leaving it, from the definitions alone.

In each period in which the road map still stands, for one party: its own inspected measures, those it cheats on apart,
may each raise a false alarm that is believed: then it is treated as found out. Else an incident, or a false alarm on a
measure of another, may end it: then everybody stops in the next period by the rule, nobody pays an exit cost and no
stick fires. The others act on a true alarm only if they believe it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from tests.oracle.judge import Courses, Oracle
from tests.oracle.reading import ONE, ZERO, Case, Measure, Raw
from tests.oracle.worlds import Breach, Cheat, World


@dataclass(frozen=True)
class Chances:
    """Each period: that a false alarm on one measure is believed, that an incident ends it, that a true alarm is not
    believed."""

    believed: Fraction
    stops: Fraction
    missed: Fraction


def half_blind(case: Case, missed: Fraction) -> Case:
    """The case with detection as far as it is believed."""

    def seen(one: Measure) -> Measure:
        rules = tuple((access, chance * (1 - missed)) for access, chance in one.detect)
        return replace(one, base=one.base * (1 - missed), detect=rules)

    return replace(case, measures={name: seen(one) for name, one in case.measures.items()})


class Noisy(Oracle):
    """One road map of one case amid noise; ``raw`` as for :class:`Oracle`."""

    def __init__(self, raw: Raw, road_map: Raw, chances: Chances) -> None:
        self.chances = chances
        self.plain = Oracle(raw, road_map)
        super().__init__(half_blind(self.plain.case, chances.missed), road_map)

    def inspected(self, name: str, period: int) -> bool:
        """It is in force and there is a chance that a cheat on it would be found."""
        measure, date = self.plain.case.measures[name], self.plain.schedule.comes.get(name)
        if measure.is_milestone or measure.public or date is None or date > period:
            return False
        return self.plain._found_one(self.plain.kept_world, name, period) > 0

    def alarmed(self, names: list[str], period: int) -> Fraction:
        """The chance that a false alarm on one of some measures is believed."""
        quiet = ONE
        for name in names:
            if self.inspected(name, period):
                quiet *= ONE - self.chances.believed
        return ONE - quiet

    def ends(self, i: str, period: int, cheat: Cheat | None = None) -> tuple[Fraction, Fraction]:
        """(chance that i is blamed for nothing, chance that it else ends for all) in a period."""
        members = cheat.members if cheat else frozenset()
        own = [one.name for one in self.case.works if one.by == i and one.name not in members]
        others = [one.name for one in self.case.works if one.by != i]
        stopped = ONE - (ONE - self.chances.stops) * (ONE - self.alarmed(others, period))
        return self.alarmed(own, period), stopped

    def over(self, i: str, t: int, cheat: Cheat | None = None) -> Fraction:
        """Worth to i from t on when everybody stops then."""
        return World(self.schedule, Breach(dict.fromkeys(self.case.parties, t), (), ()), cheat).worth(i, t)

    def period(self, i: str, t: int, cheat: Cheat | None = None) -> tuple[Fraction, Fraction]:
        """(payoff of a period and what comes of its end, weight of the next one)."""
        party = self.case.parties[i]
        blamed, stopped = self.ends(i, t, cheat)
        world = self.kept_world if cheat is None else self._cheating(cheat)
        h = ZERO if cheat is None else self.found(cheat, t)
        out = h + (1 - h) * blamed
        now = world.pay(i, t) - out * party.exit_cost
        if out:
            now += party.discount * out * self.left(i, t + 1, seen=t, cheat=cheat)[0]
        if stopped and out < 1:
            now += party.discount * (1 - out) * stopped * self.over(i, t + 1, cheat)
        return now, party.discount * (1 - out) * (1 - stopped)

    @cached_property
    def going_on(self) -> Courses:
        """What keeping the road map is worth while it stands."""
        found: Courses = {}
        for i in self.case.parties:
            now, goes_on = self.period(i, self.case.periods)
            worth = [now / (1 - goes_on)]
            for t in range(self.case.periods - 1, -1, -1):
                now, goes_on = self.period(i, t)
                worth.insert(0, now + goes_on * worth[0])
            found[i] = worth
        return found

    def covert(self, cheat: Cheat) -> Fraction:
        """C_i(S, t0) amid noise."""
        last = max(self.case.periods, cheat.begun + self.case.longest_undoing) + 1
        now, goes_on = self.period(cheat.party, last, cheat)
        walk = self.left(cheat.party, last + 1, seen=last + 1, cheat=cheat)[0]
        value = max(now / (1 - goes_on), now + goes_on * walk)
        for t in range(last - 1, cheat.begun - 1, -1):
            now, goes_on = self.period(cheat.party, t, cheat)
            walk = self.left(cheat.party, t + 1, seen=t + 1, cheat=cheat)[0]
            value = now + goes_on * max(value, walk)
        return value
