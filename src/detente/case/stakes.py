"""From a resolved case to arrays: what the mathematics works on.

Axes are always in the order (period, party, measure), absent ones dropped. Measures include milestones, in the order
of the case. Everything is float64 here; exact arithmetic reads the :class:`ResolvedCase` itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

import numpy as np
import numpy.typing as npt

from detente.case.resolved import Measure, ResolvedCase
from detente.case.road_map import RoadMap

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

NEVER = 1 << 20
"""Completion period of a measure that is not on the road map (later than any horizon)."""


class Withdrawing(IntEnum):
    """Whether a measure's owner undoes it once the deal is off."""

    IF_CREDIBLE = 0
    AUTOMATIC = 1
    NEVER = 2


@dataclass(frozen=True)
class AccessRule:
    """Detection ``detect`` while all ``measures`` (indices) are in force."""

    measures: tuple[int, ...]
    detect: float


@dataclass(frozen=True)
class StickTerms:
    """A stick in indices; ``delay`` counts from the period in which its owner acts, ``lasts`` None is for ever."""

    id: str
    by: int
    against: int
    delay: int
    lasts: int | None
    counts: bool
    """False: hollow (its use hurts its owner and nothing commits it)."""
    flow: Floats
    """(party,)"""
    once: Floats
    """(party,)"""


@dataclass(frozen=True)
class Stakes:
    """A resolved case as frozen arrays. ``T`` periods, ``P`` parties, ``N`` measures and milestones."""

    case: ResolvedCase
    parties: tuple[str, ...]
    measures: tuple[str, ...]
    periods: int
    discount: Floats
    """(P,) per period, of the present government."""
    common: float
    """Common discount a period."""
    lag: Ints
    """(P,) response lags, >= 1."""
    exit_cost: Floats
    """(P,)"""
    grace: Ints
    """(P,) periods."""
    status_quo: Floats
    """(T, P)"""
    owner: Ints
    """(N,) party index; -1 for a milestone."""
    takes: Ints
    """(N,) periods of work; 0 for a milestone."""
    done: Bools
    """(N,)"""
    public: Bools
    """(N,)"""
    undoable: Bools
    """(N,) False: irreversible, or a milestone."""
    undo_takes: Ints
    """(N,)"""
    undo_cost: Floats
    """(N,)"""
    undo_chance: Floats
    """(N,)"""
    withdrawal: Ints
    """(N,) of :class:`Withdrawing`."""
    residual: Floats
    """(N,)"""
    flow: Floats
    """(T, P, N); the last period's flow lasts for ever."""
    once: Floats
    """(P, N)"""
    during: Floats
    """(P, N)"""
    after: tuple[tuple[tuple[int, int], ...], ...]
    """for each measure its (prerequisite, wait) pairs, that of ``replaces`` included."""
    excludes: tuple[tuple[int, int], ...]
    """pairs (a < b) of which at most one may be on a road map, those that replace the same measure included."""
    replaces: Ints
    """(N,) index of the measure replaced, or -1."""
    members: tuple[tuple[int, ...], ...]
    """for each measure the members if it is a milestone, else ()."""
    detect_base: Floats
    """(N,)"""
    access: tuple[tuple[AccessRule, ...], ...]
    """for each measure its access rules."""
    sticks: tuple[StickTerms, ...]
    capacity: Floats
    """(T, R)"""
    uses: Floats
    """(R, N)"""

    @cached_property
    def milestone(self) -> Bools:
        """(N,) True for milestones."""
        return np.array([bool(m) for m in self.members], dtype=np.bool_)

    @cached_property
    def party_index(self) -> dict[str, int]:
        """Index of each party by name."""
        return {name: i for i, name in enumerate(self.parties)}

    @cached_property
    def measure_index(self) -> dict[str, int]:
        """Index of each measure by name."""
        return {name: k for k, name in enumerate(self.measures)}

    def completions(self, road_map: RoadMap) -> Ints:
        """Period from which each measure is in force: (N,); -1 if done, ``NEVER`` if absent.

        One that would come at ``periods`` or later is past the horizon and never comes into force. A milestone comes
        with the last of its members.
        """
        c = np.full(len(self.measures), NEVER, dtype=np.int64)
        c[self.done] = -1
        for name, start in road_map.starts.items():
            k = self.measure_index[name]
            c[k] = start + self.takes[k]
        for k, members in enumerate(self.members):
            if members:
                c[k] = c[list(members)].max()
        return c


def _frozen(array: npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
    array.setflags(write=False)
    return array


def stakes(case: ResolvedCase) -> Stakes:
    """The arrays of a resolved case (see :class:`Stakes` for axes and units)."""
    parties, measures = tuple(case.parties), tuple(case.measures)
    p_of = {name: i for i, name in enumerate(parties)}
    k_of = {name: k for k, name in enumerate(measures)}
    T, ms = case.periods, [case.measures[k] for k in measures]
    flow, once, during = _values(case, p_of)
    capacity, uses = _resources(case, k_of)
    undo_takes, undo_cost, undo_chance = _undoing(ms)
    ps = [case.parties[name] for name in parties]

    result = Stakes(
        case=case,
        parties=parties,
        measures=measures,
        periods=T,
        discount=_f64([float(p.discount) for p in ps]),
        common=float(case.discount),
        lag=_i64([p.response_lag for p in ps]),
        exit_cost=_f64([float(p.exit_cost) for p in ps]),
        grace=_i64([p.grace for p in ps]),
        status_quo=np.array([[float(p.status_quo[t]) for p in ps] for t in range(T)]),
        owner=_i64([-1 if m.members is not None or m.by is None else p_of[m.by] for m in ms]),
        takes=_i64([m.takes for m in ms]),
        done=np.array([m.done for m in ms], dtype=np.bool_),
        public=np.array([m.public for m in ms], dtype=np.bool_),
        undoable=np.array([m.undo is not None for m in ms], dtype=np.bool_),
        undo_takes=undo_takes,
        undo_cost=undo_cost,
        undo_chance=undo_chance,
        withdrawal=_i64([int(Withdrawing[m.withdrawal.upper().replace("-", "_")]) for m in ms]),
        residual=_f64([float(m.residual) for m in ms]),
        flow=flow,
        once=once,
        during=during,
        after=tuple(_prerequisites(m, k_of) for m in ms),
        excludes=exclusions(case),
        replaces=_i64([k_of[m.replaces.measure] if m.replaces else -1 for m in ms]),
        members=tuple(tuple(k_of[x] for x in m.members or ()) for m in ms),
        detect_base=_f64([float(m.detect.base) for m in ms]),
        access=tuple(_access(m, k_of) for m in ms),
        sticks=tuple(_stick_terms(case, p_of)),
        capacity=capacity,
        uses=uses,
    )
    for value in vars(result).values():
        if isinstance(value, np.ndarray):
            _frozen(value)
    return result


def _f64(values: Iterable[float]) -> Floats:
    return np.array(list(values), dtype=np.float64)


def _i64(values: Iterable[int]) -> Ints:
    return np.array(list(values), dtype=np.int64)


def _undoing(measures: list[Measure]) -> tuple[Ints, Floats, Floats]:
    """Time, cost and chance of undoing (N,); 0 for what cannot be undone."""
    undo = [m.undo for m in measures]
    return (
        _i64([u.takes if u else 0 for u in undo]),
        _f64([float(u.cost) if u else 0.0 for u in undo]),
        _f64([float(u.chance) if u else 0.0 for u in undo]),
    )


def _prerequisites(m: Measure, k_of: dict[str, int]) -> tuple[tuple[int, int], ...]:
    return tuple((k_of[a.measure], a.wait) for a in (*m.after, *((m.replaces,) if m.replaces else ())))


def _access(m: Measure, k_of: dict[str, int]) -> tuple[AccessRule, ...]:
    return tuple(AccessRule(tuple(k_of[x] for x in a.measures), float(a.detect)) for a in m.detect.with_)


def _values(case: ResolvedCase, p_of: dict[str, int]) -> tuple[Floats, Floats, Floats]:
    """What measures are worth: flow (T, P, N), once and during (P, N)."""
    P, N = len(p_of), len(case.measures)
    flow, once, during = np.zeros((case.periods, P, N)), np.zeros((P, N)), np.zeros((P, N))
    for k, m in enumerate(case.measures.values()):
        for party, i in p_of.items():
            if (value := m.value.get(party)) is None:
                continue
            flow[:, i, k] = [float(x) for x in value.flow]
            once[i, k], during[i, k] = float(value.once), float(value.during)
    return flow, once, during


def _resources(case: ResolvedCase, k_of: dict[str, int]) -> tuple[Floats, Floats]:
    """Capacity (T, R) and uses (R, N)."""
    resources = list(case.resources.values())
    capacity = np.array([[float(r.capacity[t]) for r in resources] for t in range(case.periods)])
    uses = np.zeros((len(resources), len(k_of)))
    for r, resource in enumerate(resources):
        for name, amount in resource.uses.items():
            uses[r, k_of[name]] = float(amount)
    return capacity.reshape(case.periods, len(resources)), uses


def exclusions(case: ResolvedCase) -> tuple[tuple[int, int], ...]:
    """Pairs of measures (a < b) of which at most one may be on a road map: stated, or replacing the same measure."""
    names = list(case.measures)
    k_of = {name: k for k, name in enumerate(names)}
    pairs = set()
    for name, m in case.measures.items():
        pairs |= {tuple(sorted((k_of[name], k_of[other]))) for other in m.excludes}
        for other in names:
            theirs = case.measures[other].replaces
            if other != name and m.replaces and theirs and theirs.measure == m.replaces.measure:
                pairs.add(tuple(sorted((k_of[name], k_of[other]))))
    return tuple(sorted((a, b) for a, b in pairs))


def _stick_terms(case: ResolvedCase, p_of: dict[str, int]) -> list[StickTerms]:
    terms = []
    for s in case.sticks:
        flow, once = np.zeros(len(p_of)), np.zeros(len(p_of))
        for party, value in s.value.items():
            if party in p_of:
                flow[p_of[party]], once[p_of[party]] = float(value.flow), float(value.once)
        terms.append(
            StickTerms(
                id=s.id, by=p_of[s.by], against=p_of[s.against], delay=s.delay, lasts=s.lasts,
                counts=stick_counts(case, s.id), flow=_floats(flow), once=_floats(once),
            )
        )  # fmt: skip
    return terms


def _floats(array: Floats) -> Floats:
    array.setflags(write=False)
    return array


def stick_counts(case: ResolvedCase, stick: str) -> bool:
    """Whether a stick counts: committed, or neither its flow nor its once is negative for its owner (model §4)."""
    s = next(s for s in case.sticks if s.id == stick)
    own = s.value.get(s.by)
    return s.committed or own is None or (own.flow >= 0 and own.once >= 0)
