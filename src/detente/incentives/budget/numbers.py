"""The uncertain numbers of a case that count against a budget of errors, and which do not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from detente.case.batch import Batch, batch, column
from detente.case.draws import Draws, Uncertain
from detente.case.load import Case
from detente.case.stakes import Bools, Floats, Stakes, stakes

_LINEAR = re.compile(
    r"parties\.[^.]+\.(weights\..+|exit_cost|reserve|status_quo(\..+)?)"
    r"|(measures|milestones)\.[^.]+\.(facts|facts_once|facts_during|value)\..+"
    r"|measures\.[^.]+\.undo\.cost"
    r"|sticks\.\d+\.(facts|facts_once|value)\..+"
)
"""Paths of numbers that payoffs are linear in: not times, discounts, chances, detection, shares of tranches."""

_FACT = re.compile(r".*\.facts(?:_once|_during)?\.([^.]+)(?:\.\d+)?")


@dataclass(frozen=True, eq=False)
class Changes:
    """What one unit more of each number changes. ``n`` numbers, T periods, P parties, N measures, S sticks."""

    flow: Floats
    """(n, T, P, N)"""
    once: Floats
    """(n, P, N)"""
    during: Floats
    """(n, P, N)"""
    status_quo: Floats
    """(n, T, P)"""
    exit_cost: Floats
    """(n, P)"""
    reserve: Floats
    """(n, P) of the stated reservation values"""
    undo_cost: Floats
    """(n, N)"""
    stick_flow: Floats
    """(n, S, P)"""
    stick_once: Floats
    """(n, S, P)"""


@dataclass(frozen=True, eq=False)
class Numbers:
    """The numbers of a case that count, with what they change, and those that stay at their central values."""

    case: Case
    stakes: Stakes
    counted: tuple[Uncertain, ...]
    left_out: tuple[Uncertain, ...]
    """Numbers that payoffs are not linear in; they stay at their central values."""
    changes: Changes
    for_party: Bools
    """(n, P) whether a number counts for a party: it is paid by it, and, if it is a fact, weighs it for certain. (Where
    weight and fact both have a range, only the weight counts: it moves all measures together.)"""

    @cached_property
    def up(self) -> Floats:
        """(n,) how far each may lie above its central value."""
        return np.array([float(x.high - x.central) for x in self.counted])

    @cached_property
    def down(self) -> Floats:
        """(n,) how far each may lie below its central value."""
        return np.array([float(x.central - x.low) for x in self.counted])

    @cached_property
    def facts_left_out(self) -> tuple[tuple[Uncertain, str], ...]:
        """Facts that stay at their central values for a party, since its weight of them counts."""
        weighed = _weighed(self.counted)
        pairs = [(x, p) for x in self.counted for p in self.stakes.parties if (p, _fact(x.path)) in weighed]
        return tuple(pairs)


def numbers_of_budget(case: Case) -> Numbers:
    """Sort the uncertain numbers of a case as it stands (types and governments apart)."""
    draws, st = Draws(case, 0), stakes(case.resolved)
    own = [
        (n, x) for n, x in enumerate(draws.numbers) if not re.match(r"parties\.[^.]+\.(types|governments)\.", x.path)
    ]
    counted = [(n, x) for n, x in own if _LINEAR.fullmatch(x.path)]
    central = np.array([float(x.central) for x in draws.numbers])
    values = np.tile(central, (1 + len(counted), 1))
    for row, (n, x) in enumerate(counted):
        values[1 + row, n] = float(x.high if x.high > x.central else x.low)
    steps = np.array([values[1 + row, n] - central[n] for row, (n, _) in enumerate(counted)])
    changes = _changes(batch(case, values, draws.places(case)), steps, st)
    chosen = [x for _, x in counted]
    told = tuple(x for _, x in own if not _LINEAR.fullmatch(x.path))
    return Numbers(case, st, tuple(chosen), told, changes, _for_party(chosen, changes, st))


def _changes(b: Batch, steps: Floats, st: Stakes) -> Changes:
    def per_unit(x: Floats) -> Floats:
        result: Floats = (x[1:] - x[:1]) / steps.reshape(-1, *([1] * (x.ndim - 1)))
        return result

    flow = per_unit(b.flow)
    stated = [p.reserve for p in b.case.parties.values()]
    reserve = np.stack([np.zeros(b.n) if x is None else column(x, b.n) for x in stated], axis=1)
    return Changes(
        np.broadcast_to(flow, (len(flow), st.periods, *flow.shape[2:])), per_unit(b.once), per_unit(b.during),
        per_unit(b.status_quo), per_unit(b.exit_cost), per_unit(reserve), per_unit(b.undo_cost),
        per_unit(b.stick_flow), per_unit(b.stick_once),
    )  # fmt: skip


def _for_party(counted: Sequence[Uncertain], d: Changes, st: Stakes) -> Bools:
    paid = d.flow.any(axis=(1, 3)) | d.once.any(axis=2) | d.during.any(axis=2) | d.status_quo.any(axis=1)
    paid |= (d.exit_cost != 0) | (d.reserve != 0) | d.stick_flow.any(axis=1) | d.stick_once.any(axis=1)
    for k in np.flatnonzero(st.owner >= 0):
        paid[:, st.owner[k]] |= d.undo_cost[:, k] != 0
    weighed = _weighed(counted)
    certain = [[(p, _fact(x.path)) not in weighed for p in st.parties] for x in counted]
    result: Bools = paid & np.array(certain, dtype=np.bool_).reshape(paid.shape)
    return result


def _fact(path: str) -> str | None:
    """The attribute that a number is a fact of."""
    found = _FACT.fullmatch(path)
    return found[1] if found else None


def _weighed(counted: Sequence[Uncertain]) -> set[tuple[str, str | None]]:
    """Parties and attributes whose weight has a range."""
    parts = [x.path.split(".") for x in counted]
    return {(p[1], p[3]) for p in parts if p[0] == "parties" and p[2] == "weights"}


def protection(worse: Floats, budget: float) -> Floats:
    """The most that up to ``budget`` of some losses (n, …), none negative, add up to; the last counts in part."""
    whole = int(budget)
    if not len(worse) or budget <= 0:
        return np.zeros(worse.shape[1:])
    ordered = -np.sort(-worse, axis=0)
    total: Floats = ordered[:whole].sum(axis=0)
    if whole < len(worse):
        total = total + (budget - whole) * ordered[whole]
    return total
