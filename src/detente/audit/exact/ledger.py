"""One party's money in whole numbers.

Every amount is a sum of ``number x chance x δ^s``. With ``δ = p/q`` and everything discounted to period 0 ("period-0
money"), such a sum is a whole number over the one denominator ``unit = M · chance_scale · (q-p) · q^reach``. So
values add up as plain integers, and discounting is a table look-up.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property
from math import lcm

from detente.audit.exact.terms import Terms
from detente.case.resolved import Series


class Ledger:
    """What each measure is worth to one party at one discount factor, in period-0 money.

    ``at[t]`` is one unit paid in ``t``; ``since[t]`` one unit a period from ``t`` on for ever. ``flow[k][t]`` is the
    flow of measure ``k`` from ``t`` on for ever; ``once[k]`` and ``during[k]`` are whole numbers over ``M``, to be
    multiplied by ``at`` or by differences of ``since``. Measures without a value for this party are absent.
    """

    def __init__(self, terms: Terms, party: int, discount: Fraction) -> None:
        self.terms = terms
        self.party = party
        self.discount = discount
        p, q = discount.numerator, discount.denominator
        reach, scale = terms.reach, terms.chance_scale
        case = terms.case
        name = terms.parties[party]
        values = {
            k: case.measures[m].value[name] for k, m in enumerate(terms.measures) if name in case.measures[m].value
        }
        self._M = self._decimals(name)
        self.unit: int = self._M * scale * (q - p) * q**reach
        down: list[int] = [p**t * q ** (reach - t) for t in range(reach + 1)]
        self.at = [scale * (q - p) * d for d in down]
        self.since = [scale * q * d for d in down]
        self.status_quo = self._stream(case.parties[name].status_quo)
        self.flow = {k: self._stream(v.flow) for k, v in values.items() if any(v.flow)}
        self.once = {k: self.whole(Fraction(v.once)) for k, v in values.items() if v.once}
        self.during = {k: self.whole(Fraction(v.during)) for k, v in values.items() if v.during}
        self.exit_cost = self.whole(terms.exit_cost[party])
        own = ((k, t) for k, t in enumerate(terms.terms) if t.owner == party)
        self.undo_cost = {k: self.whole(t.undo_cost) for k, t in own if t.undo_cost}
        self.sticks = {
            s.id: (self.whole(s.value[party][0]), self.whole(s.value[party][1]))
            for s in terms.sticks
            if party in s.value
        }

    def _decimals(self, name: str) -> int:
        """The common denominator of all numbers this party's values are made of."""
        case, found = self.terms.case, {1}

        def add(*numbers: Fraction) -> None:
            found.update(x.denominator for x in numbers)

        party = case.parties[name]
        add(Fraction(party.exit_cost), *map(Fraction, party.status_quo))
        for m in case.measures.values():
            if name in m.value:
                v = m.value[name]
                add(Fraction(v.once), Fraction(v.during), *map(Fraction, v.flow))
            if m.undo and m.by == name:
                add(Fraction(m.undo.cost))
        for s in case.sticks:
            if name in s.value:
                add(Fraction(s.value[name].flow), Fraction(s.value[name].once))
        return lcm(*found)

    def whole(self, x: Fraction) -> int:
        """A number of the case as a whole number over ``M``."""
        return x.numerator * (self._M // x.denominator)

    def _stream(self, series: Series) -> list[int]:
        """The sum from each period on of a series whose last number lasts."""
        last = self.terms.T - 1
        tail = self.whole(Fraction(series[last]))
        out = [tail * s for s in self.since]
        for t in range(last - 1, -1, -1):
            out[t] = out[t + 1] + self.whole(Fraction(series[t])) * self.at[t]
        return out

    @cached_property
    def lost(self) -> dict[int, list[int]]:
        """``(1-ρ)`` of the flow from each period on: what ends when undoing has taken effect there."""
        out = {}
        for k, stream in self.flow.items():
            keep = 1 - self.terms.terms[k].residual
            out[k] = stream if keep == 1 else [x * keep.numerator // keep.denominator for x in stream]
        return out

    @cached_property
    def lost_by_vote(self) -> dict[int, list[int]]:
        """``π (1-ρ)`` of the flow from each period on: as ``lost``, if undoing works with a chance only."""
        out = {}
        for k, stream in self.lost.items():
            chance = self.terms.terms[k].chance
            out[k] = stream if chance == 1 else [x * chance.numerator // chance.denominator for x in stream]
        return out

    def money(self, amount: int, t: int, over: int = 1) -> Fraction:
        """Period-0 money (over a further denominator) as money of period ``t``."""
        return Fraction(amount, self.unit * over) / self.discount**t


class Ledgers:
    """One ledger a party, made when it is first asked for."""

    def __init__(self, terms: Terms, discounts: Sequence[Fraction]) -> None:
        self._terms, self._discounts = terms, discounts
        self._made: dict[int, Ledger] = {}

    def __getitem__(self, party: int) -> Ledger:
        if party not in self._made:
            self._made[party] = Ledger(self._terms, party, self._discounts[party])
        return self._made[party]
