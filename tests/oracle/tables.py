"""The same values as `judge.py`, by sums of remembered contributions: fast enough to try every road map.

What a party gets from a period on is a sum over measures, and what one measure adds depends only on its own
start, on when it is replaced, and on who breaks the deal. So each such vector over periods is worked out
once per case, in floats or in fractions (the same code), and a road map only adds vectors. Milestones
couple measures; their vectors are remembered by the starts of all measures they depend on.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from tests.oracle.joint import MilestoneCourse
from tests.oracle.reading import Case, Measure, at
from tests.oracle.worlds import undoes

Vector = Any
Number = Any
Starts = tuple[int | None, ...]
NO_CHEAT: tuple[int, frozenset[str]] = (0, frozenset())


class Tables:
    """Vectors over t = 0 ... `last` of one case; `exact` says in which numbers."""

    def __init__(self, case: Case, exact: bool) -> None:
        self.case, self.exact, self.periods = case, exact, case.periods
        self.last = case.periods + case.longest_undoing + 2
        self.names = tuple(one.name for one in case.works)
        self.position = {name: index for index, name in enumerate(self.names)}
        self.by = {one.name: one.by for one in case.works}
        self.chains = {one.name: self._chain(one) for one in case.milestones}
        self._remembered: dict[Any, Any] = {}
        self._powers = {i: self._powers_of(party.discount) for i, party in case.parties.items()}
        self.spans = range(self.last + 1)

    def num(self, value: Fraction | int) -> Number:
        """A number in the arithmetic of these tables."""
        return Fraction(value) if self.exact else float(value)

    def vector(self, numbers: list[Number]) -> Vector:
        """Numbers as an array that adds quickly."""
        return np.array(numbers, dtype=object if self.exact else np.float64)

    def _powers_of(self, discount: Fraction) -> list[Number]:
        longest = max((stick.lasts or 0 for stick in self.case.sticks), default=0)
        lags = max(one.lag for one in self.case.parties.values())
        delays = max((stick.delay for stick in self.case.sticks), default=0)
        size = 3 * self.last + longest + lags + delays + 5
        powers = [self.num(1)]
        for _ in range(size):
            powers.append(powers[-1] * self.num(discount))
        return powers

    def remember(self, key: Any, make: Any) -> Any:
        """Worked out once."""
        if key not in self._remembered:
            self._remembered[key] = make()
        return self._remembered[key]

    # courses of numbers

    def tails(self, i: str, key: Any, course: tuple[Fraction, ...]) -> list[Number]:
        """Worth from s on of a course, for s = 0 ... T; it is constant from T on."""
        tails: list[Number] = self.remember(("tails", i, key), lambda: self._tails(i, course))
        return tails

    def _tails(self, i: str, course: tuple[Fraction, ...]) -> list[Number]:
        delta = self.case.parties[i].discount
        tail = self.num(at(course, self.periods) / (1 - delta))
        found = [tail]
        for s in range(self.periods - 1, -1, -1):
            tail = self.num(at(course, s)) + self.num(delta) * tail
            found.append(tail)
        return found[::-1]

    def between(self, i: str, tails: list[Number], first: int, end: int | None, t: int) -> Number:
        """Worth in t of a course in the periods first ... end-1 (for ever if end is None), first >= t."""
        powers = self._powers[i]
        if end is not None and end <= first:
            return self.num(0)
        total = powers[first - t] * tails[min(first, self.periods)]
        return total if end is None else total - powers[end - t] * tails[min(end, self.periods)]

    # one measure

    def due(self, k: Measure, start: int | None) -> int | None:
        """When it comes into force."""
        if k.done:
            return -1
        if start is None or start + k.takes >= self.periods:
            return None
        return start + k.takes

    def undone(self, k: Measure, stop: int) -> bool:
        key = ("undone", k.name, min(stop, self.periods))
        return bool(self.remember(key, lambda: undoes(self.case, k, min(stop, self.periods))))

    def part(
        self, k: Measure, start: int | None, new: int | None, i: str, t: int, stop: int | None, alone: bool
    ) -> Number:
        """What one measure is worth to i from t on, if its owner stops in `stop` (None: never).

        `new` is when its replacement comes into force.
        """
        value, powers, total = k.to(i), self._powers[i], self.num(0)
        due = self.due(k, start)
        if value.during and start is not None and not k.done:
            ends = [start + k.takes, self.periods] + ([stop] if stop is not None else [])
            for s in range(max(start, t), min(ends)):
                total += powers[s - t] * self.num(value.during)
        if due is None or (stop is not None and due >= stop):
            return total
        if due >= t and value.once:
            total += powers[due - t] * self.num(value.once)
        tails, first = self.tails(i, k.name, value.flow), max(due, t)
        if new is not None and (stop is None or new < stop):
            return total + self.between(i, tails, first, max(new, first), t)
        if stop is None or alone or not self.undone(k, stop):
            return total + self.between(i, tails, first, None, t)
        return total + self._undone_part(k, i, tails, first, t, stop)

    def _undone_part(self, k: Measure, i: str, tails: list[Number], first: int, t: int, stop: int) -> Number:
        assert k.undo is not None
        end = max(stop + k.undo.takes, first)
        left = 1 - k.undo.chance * (1 - k.residual)
        total = self.between(i, tails, first, end, t)
        total += self.num(left) * self.between(i, tails, end, None, t)
        return total - self._powers[i][stop - t] * self.num(k.undo.cost) if k.by == i else total

    def kept_vector(self, k: Measure, start: int | None, new: int | None, i: str) -> Vector:
        """What it adds to V_i."""
        key = ("kept", k.name, start, new, i)
        return self.remember(
            key, lambda: self.vector([self.part(k, start, new, i, t, None, False) for t in self.spans])
        )

    def stop(self, owner: str, i: str, t: int, found: bool) -> int:
        """When `owner` stops, i performing nothing from t on; `found`: it was seen a period earlier."""
        return t if owner == i else t - found + self.case.parties[owner].lag

    def left_vector(self, k: Measure, start: int | None, new: int | None, i: str, found: bool, alone: bool) -> Vector:
        """What it adds to W_i (or F_i, if `found`), for each t."""
        key = ("left", k.name, start, new, i, found, alone)
        return self.remember(
            key,
            lambda: self.vector(
                [
                    self.part(k, start, new, i, t, self.stop(k.by, i, t, found), alone) if t >= found else self.num(0)
                    for t in self.spans
                ]
            ),
        )

    def secret_vector(self, k: Measure, i: str, t0: int) -> Vector:
        """What it is worth to i from t on (t > t0), secretly undone from t0 on."""
        return self.remember(
            ("secret", k.name, i, t0), lambda: self.vector([self._secret(k, i, t0, t) for t in self.spans])
        )

    def _secret(self, k: Measure, i: str, t0: int, t: int) -> Number:
        assert k.undo is not None
        tails, end = self.tails(i, k.name, k.to(i).flow), max(t0 + k.undo.takes, t)
        rest = self.num(k.residual) * self.between(i, tails, end, None, t)
        return self.between(i, tails, t, end, t) + rest

    def pay_vector(self, k: Measure, start: int | None, new: int | None, i: str) -> Vector:
        """What it pays i in each period, kept."""
        return self.remember(
            ("pay", k.name, start, new, i),
            lambda: self.vector([self.num(self._pay(k, start, new, i, t)) for t in self.spans]),
        )

    def _pay(self, k: Measure, start: int | None, new: int | None, i: str, t: int) -> Fraction:
        value, due, total = k.to(i), self.due(k, start), Fraction(0)
        if start is not None and start <= t < min(start + k.takes, self.periods):
            total += value.during
        if due is not None and due <= t and (new is None or t < new):
            total += at(value.flow, t)
        return total + value.once if due == t else total

    def secret_pay(self, k: Measure, i: str, t0: int) -> Vector:
        """What it pays i in each period from t0 on, secretly undone from t0 on."""
        return self.remember(
            ("secret pay", k.name, i, t0),
            lambda: self.vector([self.num(self._secret_pay(k, i, t0, t)) for t in self.spans]),
        )

    def _secret_pay(self, k: Measure, i: str, t0: int, t: int) -> Fraction:
        assert k.undo is not None
        flow = at(k.to(i).flow, t)
        total = flow * k.residual if t >= t0 + k.undo.takes else flow
        return total - k.undo.cost if t == t0 else total

    # what is there without measures

    def base_kept(self, i: str) -> Vector:
        """The worth of the status quo."""
        tails = self.tails(i, "status quo", self.case.parties[i].status_quo)
        return self.remember(("base", i), lambda: self.vector([tails[min(t, self.periods)] for t in self.spans]))

    def base_pay(self, i: str) -> Vector:
        """The status quo of each period."""
        quo = self.case.parties[i].status_quo
        return self.remember(("base pay", i), lambda: self.vector([self.num(at(quo, t)) for t in self.spans]))

    def base_left(self, i: str, found: bool) -> Vector:
        """Status quo, sticks, and (unless it was found) the exit cost."""
        return self.remember(("base left", i, found), lambda: self._base_left(i, found))

    def _base_left(self, i: str, found: bool) -> Vector:
        blows = [self.num(0) if t < found else self._blows(i, t, found) for t in self.spans]
        exit_cost = self.num(0 if found else self.case.parties[i].exit_cost)
        return self.base_kept(i) + self.vector([one - exit_cost for one in blows])

    def _blows(self, i: str, t: int, found: bool) -> Number:
        total = self.num(0)
        for stick in self.case.sticks:
            if stick.against != i or stick.is_hollow:
                continue
            first = t - found + self.case.parties[stick.by].lag + stick.delay
            value = stick.to(i)
            tails = self.tails(i, ("stick", stick.name), value.flow)
            total += self._powers[i][first - t] * self.num(value.once)
            total += self.between(i, tails, first, None if stick.lasts is None else first + stick.lasts, t)
        return total

    # milestones

    def _chain(self, milestone: Measure) -> tuple[str, ...]:
        """Its members, and all that may stand for them."""
        found = list(milestone.members or ())
        for name in found:
            found += [new for new in self.case.replacers.get(name, ()) if new not in found]
        return tuple(found)

    def milestone_value(
        self,
        m: Measure,
        starts: Starts,
        i: str,
        kind: str,
        alone: frozenset[str],
        cheat: tuple[int, frozenset[str]],
    ) -> Vector:
        """What it adds, by `kind`: `kept` to V_i, `walk` to W_i, `found` to F_i, `cheat` to the pay."""
        chain = self.chains[m.name]
        own = tuple(starts[self.position[name]] for name in chain)
        begun, members = cheat
        relevant = (begun, members & set(chain)) if members & set(chain) else NO_CHEAT
        key = ("milestone", m.name, own, i, kind, alone & set(chain), relevant)
        return self.remember(key, lambda: MilestoneCourse(self, m, own, i, kind, alone, relevant).vector())
