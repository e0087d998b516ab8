"""The stakes of many worlds at once: what :mod:`detente.case.stakes` is for one case.

The worlds of a batch are draws of one case, so they share its structure (who owns what, what may be undone, what gives
access to what) and differ in numbers. Numbers have the world as their first axis, then period, party and measure.
Everything is contiguous, for compiled code.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import cast

import numpy as np

from detente.case.load import Case
from detente.case.many import Many
from detente.case.quantities import Duration, Number
from detente.case.resolved import Measure, ResolvedCase
from detente.case.stakes import Floats, Ints, Stakes, stakes

Real = Many | Decimal | float
Whole = Ints | int


@dataclass(frozen=True, eq=False)
class Batch:
    """``n`` worlds of one case, as arrays. ``like``: the stakes of the case at its central values, for structure."""

    like: Stakes
    case: ResolvedCase
    """The resolved case with columns of numbers (:class:`~detente.case.many.Many`, or whole numbers by world) where
    the worlds differ; for what is asked seldom."""
    n: int
    discount: Floats
    """(n, P)"""
    common: Floats
    """(n,)"""
    lag: Ints
    """(n, P)"""
    exit_cost: Floats
    """(n, P)"""
    grace: Ints
    """(n, P)"""
    status_quo: Floats
    """(n, T, P)"""
    takes: Ints
    """(n, N)"""
    undo_takes: Ints
    """(n, N)"""
    undo_cost: Floats
    """(n, N)"""
    undo_chance: Floats
    """(n, N)"""
    residual: Floats
    """(n, N)"""
    flow: Floats
    """(n, T, P, N); (n, 1, P, N) where no flow changes over time"""
    once: Floats
    """(n, P, N)"""
    during: Floats
    """(n, P, N)"""
    detect_base: Floats
    """(n, N)"""
    access: Floats
    """(n, A) what detection rises to by each access rule, in the order of the measures and their rules."""
    stick_flow: Floats
    """(n, S, P)"""
    stick_once: Floats
    """(n, S, P)"""
    stick_delay: Ints
    """(n, S)"""
    stick_lasts: Ints
    """(n, S); -1: for ever"""

    @cached_property
    def reserve(self) -> tuple[Floats | None, ...]:
        """For each party its stated reservation value (n,); None where it is what no deal is worth."""
        stated = (p.reserve for p in self.case.parties.values())
        return tuple(None if x is None else column(x, self.n) for x in stated)

    def waits(self, name: str) -> dict[str, Ints]:
        """For each measure that ``name`` waits for, or replaces, how long after it (n,)."""
        m = self.case.measures[name]
        found: dict[str, Ints] = {}
        for link in (*m.after, *((m.replaces,) if m.replaces else ())):
            wait = whole(link.wait, self.n)
            found[link.measure] = np.maximum(found[link.measure], wait) if link.measure in found else wait
        return found


def column(x: Real, n: int) -> Floats:
    """A number by world: (n,)."""
    result: Floats = np.ascontiguousarray(np.broadcast_to(x.values if isinstance(x, Many) else float(x), (n,)))
    return result


def whole(x: Whole, n: int) -> Ints:
    """A whole number by world: (n,)."""
    result: Ints = np.ascontiguousarray(np.broadcast_to(np.asarray(x, dtype=np.int64), (n,)))
    return result


def batch(case: Case, values: Floats, place: Callable[[Number | Duration], int | None]) -> Batch:
    """The worlds in which the uncertain numbers of a case have the given values.

    ``values`` (n, columns) in the units in which they are written; ``place``: the column of each number of the case,
    None for those that are not drawn.
    """
    if case.resolver is None:
        return from_resolved(case.resolved, len(values))
    known = dict[int, Decimal]()

    def pick(x: Number | Duration) -> Decimal:
        if id(x) not in known:
            at = place(x)
            drawn = x.central if at is None else Many(np.clip(values[:, at], float(x.low), float(x.high)))
            known[id(x)] = cast(Decimal, drawn)
        return known[id(x)]

    return from_resolved(case.resolver.resolve(pick), len(values), stakes(case.resolved))


def from_resolved(case: ResolvedCase, n: int, like: Stakes | None = None) -> Batch:
    """The arrays of a resolved case, some of whose numbers may be columns of ``n`` worlds."""
    ms, ps = list(case.measures.values()), list(case.parties.values())
    undo = [m.undo for m in ms]
    rules = [rule.detect for m in ms for rule in m.detect.with_]
    flow, once, during = _values(case, ms, n)
    return Batch(
        like=stakes(case) if like is None else like,
        case=case,
        n=n,
        discount=_floats([p.discount for p in ps], n),
        common=column(case.discount, n),
        lag=_ints([p.response_lag for p in ps], n),
        exit_cost=_floats([p.exit_cost for p in ps], n),
        grace=_ints([p.grace for p in ps], n),
        status_quo=np.stack([_floats(list(p.status_quo), n) for p in ps], axis=2),
        takes=_ints([m.takes for m in ms], n),
        undo_takes=_ints([u.takes if u else 0 for u in undo], n),
        undo_cost=_floats([u.cost if u else 0.0 for u in undo], n),
        undo_chance=_floats([u.chance if u else 0.0 for u in undo], n),
        residual=_floats([m.residual for m in ms], n),
        flow=flow,
        once=once,
        during=during,
        detect_base=_floats([m.detect.base for m in ms], n),
        access=_floats(rules, n),
        stick_flow=_sticks(case, n, "flow"),
        stick_once=_sticks(case, n, "once"),
        stick_delay=_ints([s.delay for s in case.sticks], n),
        stick_lasts=_ints([-1 if s.lasts is None else s.lasts for s in case.sticks], n),
    )


def _floats(numbers: Sequence[Real], n: int) -> Floats:
    """(n, len(numbers))"""
    out = np.empty((n, len(numbers)))
    for k, x in enumerate(numbers):
        out[:, k] = x.values if isinstance(x, Many) else float(x)
    return out


def _ints(numbers: Sequence[Whole], n: int) -> Ints:
    """(n, len(numbers))"""
    out = np.empty((n, len(numbers)), dtype=np.int64)
    for k, x in enumerate(numbers):
        out[:, k] = x
    return out


def _values(case: ResolvedCase, ms: list[Measure], n: int) -> tuple[Floats, Floats, Floats]:
    """What measures are worth: flow (n, T or 1, P, N), once and during (n, P, N)."""
    steady = all(v.flow.count(v.flow[0]) == len(v.flow) for m in ms for v in m.value.values())
    P, N = len(case.parties), len(ms)
    flow = np.zeros((n, 1 if steady else case.periods, P, N))
    once, during = np.zeros((n, P, N)), np.zeros((n, P, N))
    for k, m in enumerate(ms):
        for i, party in enumerate(case.parties):
            value = m.value.get(party)
            if value is None:
                continue
            flow[:, :, i, k] = _floats(value.flow[: flow.shape[1]], n)
            once[:, i, k], during[:, i, k] = column(value.once, n), column(value.during, n)
    return flow, once, during


def _sticks(case: ResolvedCase, n: int, part: str) -> Floats:
    """(n, S, P)"""
    out = np.zeros((n, len(case.sticks), len(case.parties)))
    places: Mapping[str, int] = {party: i for i, party in enumerate(case.parties)}
    for s, stick in enumerate(case.sticks):
        for party, value in stick.value.items():
            if party in places:
                out[:, s, places[party]] = column(getattr(value, part), n)
    return out
