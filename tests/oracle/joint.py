"""What a milestone adds in one course of events: a part of `tables.py`."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from tests.oracle.reading import Measure, at

if TYPE_CHECKING:
    from tests.oracle.tables import Tables

Number = Any
Vector = Any
Starts = tuple[int | None, ...]


class MilestoneCourse:
    """One milestone for one party, in one course of events."""

    def __init__(
        self,
        tables: Tables,
        m: Measure,
        starts: Starts,
        i: str,
        kind: str,
        alone: frozenset[str],
        cheat: tuple[int, frozenset[str]],
    ) -> None:
        self.tables, self.m, self.i, self.kind, self.alone = tables, m, i, kind, alone
        self.begun, self.cheated = cheat
        measures = tables.case.measures
        chain = tables.chains[m.name]
        self.due = {name: tables.due(measures[name], s) for name, s in zip(chain, starts, strict=True)}
        dates = [self.due[name] for name in m.members or ()]
        known = [date for date in dates if date is not None]
        self.comes = max(known) if known and len(known) == len(dates) else None

    def vector(self) -> Vector:
        """For each t."""
        return self.tables.vector([self._at(t) for t in self.tables.spans])

    def _at(self, t: int) -> Number:
        if self.comes is None or (self.kind == "found" and t == 0):
            return self.tables.num(0)
        if self.kind == "cheat":
            return self.tables.num(self._paid(t, None))
        # constant: all undoing is over `longest_undoing` after the last stop
        lags = max(party.lag for party in self.tables.case.parties.values())
        end = max(t, self.tables.periods) + lags + self.tables.case.longest_undoing + 1
        delta = self.tables.case.parties[self.i].discount
        total = self.tables.num(self._paid(end, t) / (1 - delta))
        for s in range(end - 1, t - 1, -1):
            total = self.tables.num(self._paid(s, t)) + self.tables.num(delta) * total
        return total

    def _paid(self, s: int, t: int | None) -> Fraction:
        """In period s, i having left in t (None: nobody has)."""
        value, total = self.m.to(self.i), Fraction(0)
        flow = at(value.flow, s)
        if flow:
            total += flow * self._weight(flow, s, t)
        if value.once and s == self.comes:
            total += value.once * self._weight(value.once, s, t)
        return total

    def _weight(self, amount: Fraction, s: int, t: int | None) -> Fraction:
        assert self.comes is not None
        if s < self.comes:
            return Fraction(0)
        if self.kind == "kept":
            return Fraction(1)
        if self.kind == "cheat" and amount > 0 and self.cheated & set(self.m.members or ()):
            return Fraction(1)
        chance = Fraction(1)
        for name in {self._stand(name, s, t) for name in self.m.members or ()}:
            chance *= self._chance(name, s, t)
        return chance

    def _stops(self, name: str, t: int | None) -> int | None:
        if t is None or self.kind in ("cheat", "kept"):
            return None
        return self.tables.stop(self.tables.by[name], self.i, t, self.kind == "found")

    def _there(self, name: str, s: int, t: int | None) -> bool:
        due, stop = self.due[name], self._stops(name, t)
        return due is not None and due <= s and (stop is None or due < stop)

    def _stand(self, name: str, s: int, t: int | None) -> str:
        while self._there(name, s, t):
            later = [new for new in self.tables.case.replacers.get(name, ()) if self._there(new, s, t)]
            if not later:
                break
            name = later[0]
        return name

    def _chance(self, name: str, s: int, t: int | None) -> Fraction:
        k, due = self.tables.case.measures[name], self.due[name]
        if not self._there(name, s, t):
            return Fraction(0)
        assert due is not None
        if name in self.cheated:
            assert due >= self.begun or k.undo is not None
            gone = due >= self.begun or (k.undo is not None and s >= self.begun + k.undo.takes)
            return Fraction(0) if gone else Fraction(1)
        stop = self._stops(name, t)
        if stop is None or name in self.alone or not self.tables.undone(k, stop):
            return Fraction(1)
        assert k.undo is not None
        if self._replaced_before(name, stop):
            return Fraction(1)
        return 1 - k.undo.chance if s >= stop + k.undo.takes else Fraction(1)

    def _replaced_before(self, name: str, stop: int) -> bool:
        """Its replacement came before the owner stopped, so it is not undone any more."""
        later = (self.due.get(new) for new in self.tables.case.replacers.get(name, ()))
        return any(date is not None and date < stop for date in later)
