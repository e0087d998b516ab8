"""What a search knows: the model, the road maps looked at, the rows learnt from breaches.

The solver's model knows order, capacity, clauses, open breach, and those covert breaches that were found so far. So
its bound is a bound on every certified road map, and a road map that passes the scout is a candidate plan.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from detente.case.resolved import Clause
from detente.case.road_map import RoadMap
from detente.case.stakes import Stakes
from detente.incentives.budget.rows import Rows as Errors
from detente.plan.conditions import Waived, voting
from detente.plan.rules import Rules
from detente.plan.scout import Sighting
from detente.plan.solver import Model
from detente.plan.stage import Progress, Stage

SETS_AT_ONCE = 6
"""Covert breaches of one road map turned into rows at a time, worst first."""


class Search:
    """Model, scout and candidates of one case; ``rules`` it shares with searches under other conditions before it."""

    def __init__(
        self,
        stakes: Stakes,
        margin: float,
        binding: Iterable[Clause],
        waived: Waived,
        rules: Rules | None = None,
        errors: Errors | None = None,
    ) -> None:
        self.stakes, self.margin, self.waived = stakes, margin, waived
        self.must = [c for c in binding if c.id not in waived.clauses]
        self.report: Callable[[Progress], None] | None = None
        self.rules = rules or Rules(stakes, margin, errors)
        self.guard = self.rules.guard
        self.scout, self.schedule = self.rules.scout.under(waived), self.rules.schedule
        self.values, self.clauses = self.rules.values, self.rules.clauses
        self.z, self.most = self.rules.breaches.z, self.rules.breaches.most
        parties = range(len(stakes.parties))
        signing, staying = ([i for i in parties if i not in some] for some in (waived.signing, waived.staying))
        votes = [name for name in voting(stakes.case) if name not in waived.votes]
        self.binding = self.rules.binding(self.must, signing, staying, votes)
        every = self.rules.model
        rows = [*every.rows, *(row for rows in self.binding.values() for row in rows)]
        self.model = Model(every.low, every.high, every.integer, rows)
        self.passed: dict[RoadMap, Sighting] = {}
        self._looked: dict[RoadMap, Sighting] = {}
        self._ruled_out: set[RoadMap] = set()
        self._rejected: set[RoadMap] = set()
        self.breaches = 0
        self.began = time.monotonic()

    @property
    def seen(self) -> tuple[RoadMap, ...]:
        """Every road map looked at."""
        return tuple(self._looked)

    def look(self, road_map: RoadMap, level: float) -> Sighting:
        """The scout's look at a road map, remembered; candidates are kept."""
        known = self._looked.get(road_map)
        if known is None or known.level < min(level, known.least):
            seen = self.scout.look(road_map, level)
            known = self._looked[road_map] = seen if self.guard is None else self.guard.look(seen)
        if known.passes(self.margin) and road_map not in self._rejected:
            self.passed[road_map] = known
        return known

    def least(self, seen: Sighting) -> float:
        """The least relative margin of a road map that was looked at, not overstated."""
        while (known := self._looked[seen.road_map]).level < min(known.least, self.most):
            self.look(seen.road_map, min(known.least, self.most))
        return min(known.least, self.most)

    def reject(self, road_map: RoadMap) -> None:
        """Rule out a candidate that the auditor does not certify."""
        self.passed.pop(road_map, None)
        self._rejected.add(road_map)
        if road_map not in self._ruled_out:
            self._ruled_out.add(road_map)
            self.model.rows.append(self.schedule.exclude(self.stakes.completions(road_map)))

    def is_rejected(self, road_map: RoadMap) -> bool:
        """Whether a road map was ruled out so."""
        return road_map in self._rejected

    def best(self, stage: Stage, allowed: Callable[[Sighting], bool]) -> Sighting | None:
        """The best candidate for a stage."""
        fits = [s for s in self.passed.values() if allowed(s)]
        return max(fits, key=stage.value, default=None)

    def learn(self, stage: Stage, seen: Sighting) -> None:
        """Rows that keep the solver from claiming again what it wrongly claimed of a road map."""
        closer = stage.refine(seen)
        stage.rows.extend(closer)
        if not (closer and seen.passes(self.margin)):
            self._add_rows(seen)

    def _add_rows(self, seen: Sighting) -> None:
        """Rows for the worst breaches of a road map; if they are known already, the road map itself is ruled out.

        A candidate ruled out so stays a candidate: only the solver need not find it again.
        """
        added = 0
        for t in seen.temptations:
            if (t.cheat is None and t.point is None) or added >= SETS_AT_ONCE:
                continue
            rows = self.rules.learn(t, seen.c)
            if rows is not None:
                self.model.rows += rows
                added += 1
        self.breaches += added
        if not added and seen.road_map not in self._ruled_out:
            self._ruled_out.add(seen.road_map)
            self.model.rows.append(self.schedule.exclude(seen.c))

    def tell(self, stage: Stage, best: Sighting | None, bound: float) -> None:
        if self.report is not None:
            value = None if best is None else stage.value(best)
            took = time.monotonic() - self.began
            self.report(Progress(stage.name, value, bound, self.breaches, len(self._looked), took))
