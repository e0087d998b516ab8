"""The conditions of a case as rows of one model, each under its name.

Searches of one case that differ in what is waived share these rules, one search after the other: what one learns of
covert breaches every later one knows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from detente.case.resolved import Clause
from detente.case.stakes import Ints, Stakes
from detente.incentives.budget.points import Point
from detente.incentives.budget.rows import Rows as Errors
from detente.plan.breach_rows import BreachRows
from detente.plan.cheat_rows import CheatRows
from detente.plan.clause_rows import ClauseRows
from detente.plan.faction_rows import FactionRows
from detente.plan.guard import Guard
from detente.plan.point_rows import PointRows
from detente.plan.schedule_rows import Schedule
from detente.plan.scout import Scout, Temptation
from detente.plan.solver import Model, Row
from detente.plan.value_rows import Values


class Rules:
    """Model, constants and rows of a case at a margin. ``model`` holds what is true of every road map."""

    def __init__(self, stakes: Stakes, margin: float, errors: Errors | None = None) -> None:
        self.stakes, self.margin = stakes, margin
        self.scout, self.model = Scout(stakes), Model()
        self.schedule = Schedule(stakes, self.model)
        self.values = Values(self.scout.tb, self.scout.common, self.schedule, self.model)
        self.clauses = ClauseRows(self.schedule, self.values)
        self.breaches = BreachRows(self.values, margin)
        self.votes = FactionRows(self.breaches, self.clauses, self.scout.minds)
        self.guard = None if errors is None else Guard(errors, self.scout)
        self._rows: dict[str, list[Row]] = {}
        self._points: dict[Point, PointRows] = {}
        self._cut: set[tuple[object, ...]] = set()

    def binding(
        self, clauses: Iterable[Clause], signing: Iterable[int], staying: Iterable[int], votes: Iterable[str] = ()
    ) -> dict[str, list[Row]]:
        """The rows of clauses, of parties that sign and that stay, and of votes, by the names of the conditions."""
        found: dict[str, list[Row]] = {}
        for i in signing:
            name = f"signs:{self.stakes.parties[i]}"
            found[name] = self._under(name, partial(self.breaches.signing, i))
        for i in staying:
            name = f"stays:{self.stakes.parties[i]}"
            found[name] = self._under(name, partial(self.breaches.staying, i))
        for clause in clauses:
            found[clause.id] = self._under(clause.id, partial(self.clauses.rows, clause))
        for name in votes:
            kind, _, whose = name.partition(":")
            rows = self.votes.supports if kind == "supports" else self.votes.consents
            found[name] = self._under(name, partial(rows, whose))
        return found

    def _under(self, name: str, rows: Callable[[], Iterable[Row]]) -> list[Row]:
        """The rows of a condition, made when it is first asked for."""
        if name not in self._rows:
            self._rows[name] = list(rows())
        return self._rows[name]

    def learn(self, breach: Temptation, c: Ints) -> list[Row] | None:
        """Rows against a covert breach found on the road map with completion periods ``c``; None if they are known.

        What they need to be true of every road map is among them.
        """
        if breach.cheat is None:
            return self._at(breach.point) if breach.point is not None else None
        key = (breach.party, breach.faction, breach.point, breach.cheat, *self._pattern(breach, c))
        if key in self._cut:
            return None
        self._cut.add(key)
        before = len(self.model.rows)
        if breach.faction is not None:
            self.model.rows += self.votes.cheating(breach.faction, breach.cheat, breach.period, c)
            return self.model.rows[before:]
        there: CheatRows = self.breaches
        if breach.point is not None:
            self._at(breach.point)
            there = self._points[breach.point]
        rows = list(there.cheating(breach.party, breach.cheat, breach.period, c))
        self._rows[f"stays:{self.stakes.parties[breach.party]}"] += rows
        return [*self.model.rows[before:], *rows]

    def _at(self, point: Point) -> list[Row] | None:
        """Rows of signing and staying at a point within the budget of errors; None if they are known."""
        if point in self._points or self.guard is None:
            return None
        before = len(self.model.rows)
        reserve = self.guard.reserve(point)
        self._points[point] = there = PointRows(self.breaches, point, self.guard.tables(point), reserve)
        self.model.rows += there.always()
        return self.model.rows[before:]

    def _pattern(self, breach: Temptation, c: Ints) -> tuple[int, ...]:
        """When the measures that matter to a breach come, counted from its beginning."""
        cheat, period = breach.cheat, breach.period
        assert cheat is not None
        ks = (*cheat.fakes, *cheat.undoes)
        opening = {a for k in ks for rule in self.stakes.access[k] for a in rule.measures}
        return (*(int(c[k]) - period for k in cheat.fakes), *(max(int(c[a]) - period, -1) for a in sorted(opening)))
