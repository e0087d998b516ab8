"""A quick look at a road map in floats: is it a road map, what does each party gain, which breach would pay.

The scout guides the search; what it lets pass is certified by the auditor, never by the scout.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass

import numpy as np

from detente.case.road_map import RoadMap
from detente.case.stakes import Bools, Floats, Ints, Stakes
from detente.incentives.budget.points import Point
from detente.incentives.cheat import CheatSet
from detente.incentives.kept import bystanders, kept, reserves, scales
from detente.incentives.steady import felt
from detente.incentives.tables import tables
from detente.incentives.walk import walk
from detente.plan.conditions import Waived, voting
from detente.plan.poll import TINY, Mind, Poll, deciding, fill, paying, units


@dataclass(frozen=True)
class Temptation:
    """A breach that leaves a party less than the margin asked for; ``cheat`` None is walking out.

    With a ``faction``: one that pays the party as that faction sees it, in a period in which its support is missed.
    """

    party: int
    period: int
    cheat: CheatSet | None
    margin: float
    """In units of the party's scale."""
    faction: str | None = None
    point: Point | None = None
    """Where within a budget of errors it pays; None: at central values."""


@dataclass(frozen=True, eq=False)
class Sighting:
    """What the scout saw."""

    road_map: RoadMap
    c: Ints
    gains: Floats
    """(P,) at the common discount, in the parties' own units."""
    unsigned: tuple[int, ...]
    temptations: tuple[Temptation, ...]
    least: float
    """Least relative margin over breaches that are not vacuous; infinite if there is none. Where it lies above
    ``level`` it may be overstated."""
    level: float
    """Covert breaches that leave more than this were not looked for."""
    uncarried: tuple[str, ...] = ()
    """Votes that go against it, by the names of the conditions."""

    def passes(self, margin: float) -> bool:
        """Whether all that can leave sign and nobody gains by leaving, by the margin; what is too close for floats
        passes, and the auditor decides it."""
        tempted = any(t.margin < -TINY for t in self.temptations)
        return not self.unsigned and not self.uncarried and not tempted and self.least >= margin - TINY


class Scout:
    """Constants of a case, and looks at its road maps."""

    def __init__(self, stakes: Stakes) -> None:
        self.stakes, self.waived = stakes, Waived()
        self.tb, self.common = tables(stakes), tables(stakes, common=True)
        fill(self.tb)
        self.K = scales(stakes)
        self.reserve, self.common_reserve = reserves(stakes, self.tb), reserves(stakes, self.common)
        self.unit = units(self.tb, self.K)
        self.minds = {name: Mind.of(stakes.case, name) for name in deciding(stakes.case)}

    def under(self, waived: Waived) -> Scout:
        """The same scout, which passes over what need not hold."""
        other = copy(self)
        other.waived = waived
        return other

    def gains(self, c: Ints) -> Floats:
        """(P,) U_i - R_i."""
        N = len(self.stakes.measures)
        at_start = self.common.kept_table[:, np.arange(N), self.tb.columns(c), 0].sum(axis=1)
        result: Floats = self.common.background[:, 0] + at_start - self.common_reserve
        return result

    def look(self, road_map: RoadMap, level: float, *, nodes: int = 20_000) -> Sighting:
        """Every temptation with a relative margin below ``level`` (the worst covert one for each party and date)."""
        c = self.stakes.completions(road_map)
        V, out = kept(self.tb, c), walk(self.tb, c)
        away = bystanders(self.stakes, c)
        found: list[Temptation] = []
        least = np.inf
        for i in np.flatnonzero(~away):
            if int(i) in self.waived.staying:
                continue
            unit, counted = self.unit[i], self.K[i] > 0
            margin = (V[:, i] - out.W[:, i]) / unit
            felt = self.felt(c, int(i), out.left[i])
            asked = np.where(felt & counted, level, 0.0)
            found += [Temptation(int(i), int(t), None, float(margin[t])) for t in np.flatnonzero(margin < asked - TINY)]
            if counted and felt.any():
                least = min(least, float(margin[felt].min()))
            if margin.min() < -TINY:
                continue  # it walks out; how else it might leave no longer matters
            floor = V[:, i] - max(level if counted else 0.0, 0.0) * unit
            for t, cheat, value in paying(self.tb, c, int(i), floor, nodes):
                size = (V[t, i] - value) / unit
                found.append(Temptation(int(i), t, cheat, float(size)))
                if counted:
                    least = min(least, float(size))
        short = ~away & (V[0] < self.reserve - TINY * self.unit)
        unsigned = tuple(int(i) for i in np.flatnonzero(short) if int(i) not in self.waived.signing)
        found.sort(key=lambda x: x.margin)
        lost, against = self._votes(road_map, c, V[0], nodes)
        return Sighting(road_map, c, self.gains(c), unsigned, (*found, *against), least, level, lost)

    def _votes(self, road_map: RoadMap, c: Ints, worth: Floats, nodes: int) -> tuple[tuple[str, ...], list[Temptation]]:
        """Votes that go against a road map, and the covert breaches by which factions that are against would gain."""
        names = [name for name in voting(self.stakes.case) if name not in self.waived.votes]
        if not names:
            return (), []
        poll = Poll(self.minds, self.stakes, road_map, c, worth, worth >= self.reserve - TINY * self.unit, nodes)
        lost = tuple(name for name in names if not poll.carried(name))
        against = [Temptation(self.minds[f].party, t, s, x, f) for f, t, s, x in poll.opposing(lost)]
        return lost, against

    def felt(self, c: Ints, i: int, left: tuple[tuple[int, ...], ...]) -> Bools:
        """(T+1,) whether i's walking out in t, leaving the milestones ``left`` alone, changes or costs anything."""
        return felt(self.tb, c, i, left)
