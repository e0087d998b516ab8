"""Constants of a case, and what each measure adds to continuation values as a function of when it comes into force.

Everything in the model is a sum over measures of terms that depend on one completion period ``c`` each (milestones
apart, see :mod:`detente.incentives.milestones`). This module computes those terms for any array of completion periods,
and once for all of them as tables that planner and auditor look up.

Notation: ``A[i, k, s]`` = Σ_{x ≥ s} δ_i^{x-s} flow_ik(x), the worth to party i of measure k being in force from s on;
``post[i, k, s]`` its worth from s on when its owner stops in s and undoes it if that pays (model §4).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from detente.case.stakes import NEVER, Bools, Floats, Ints, Stakes
from detente.incentives.undoing import undone


@dataclass(frozen=True, eq=False)
class Tables:
    """Constants of a case. ``T`` periods, ``P`` parties, ``N`` measures; see the module for ``A`` and ``post``."""

    stakes: Stakes
    discount: Floats
    """(P,) the discount factors in use: each party's own, or the common one."""
    power: Floats
    """(P, n) powers of the discount factors, long enough for every lag and undoing after the horizon."""
    worth: Floats
    """(P, N, T+1) ``A``; the last entry stands for every later period."""
    undone: Bools
    """(N, T+1) whether the owner undoes the measure when it stops in that period."""
    post: Floats
    """(P, N, T+1)"""
    background: Floats
    """(P, T+1) discounted status quo from each period on."""

    @property
    def shape(self) -> tuple[int, int, int]:
        """(P, N, T)"""
        p, n, t = self.worth.shape
        return p, n, t - 1

    @cached_property
    def grid(self) -> Ints:
        """Completion periods of the tables' axis: -1 … T-1+longest work, then ``NEVER``."""
        top = self.stakes.periods + int(self.stakes.takes.max(initial=0))
        return np.append(np.arange(-1, top), NEVER)

    @cached_property
    def kept_table(self) -> Floats:
        """(P, N, C, T+1) what each measure adds to V by completion period (``grid``)."""
        return kept_terms(self, self._grid_of_measures)

    @cached_property
    def stopped_at_once(self) -> Floats:
        """(P, N, C, T+1) what it adds after a breach in t when its owner stops in t."""
        return stopped_terms(self, self._grid_of_measures, np.zeros(len(self.stakes.measures), dtype=np.int64))

    @cached_property
    def stopped_after_lag(self) -> Floats:
        """(P, N, C, T+1) what it adds when its owner stops in t + its response lag."""
        return stopped_terms(self, self._grid_of_measures, owner_lags(self.stakes))

    @cached_property
    def stopped_when_found(self) -> Floats:
        """(P, N, C, T+1) what it adds when its owner has seen the breach a period before t."""
        return stopped_terms(self, self._grid_of_measures, owner_lags(self.stakes) - 1)

    @property
    def _grid_of_measures(self) -> Ints:
        return np.broadcast_to(self.grid, (len(self.stakes.measures), len(self.grid)))

    def columns(self, c: Ints) -> Ints:
        """Where completion periods (N,) stand on the tables' axis."""
        return np.minimum(c + 1, len(self.grid) - 1)


def owner_lags(stakes: Stakes) -> Ints:
    """(N,) response lag of each measure's owner; 1 for milestones, which have no owner."""
    return np.where(stakes.owner >= 0, stakes.lag[stakes.owner], 1)


def tables(stakes: Stakes, *, common: bool = False) -> Tables:
    """Constants of a case at each party's own discount factor, or at the ``common`` one."""
    discount = np.full(len(stakes.parties), stakes.common) if common else stakes.discount
    T = stakes.periods
    longest = T + int(stakes.lag.max(initial=1)) + int(stakes.undo_takes.max(initial=0)) + 2
    longest += max((s.delay + (s.lasts or 0) for s in stakes.sticks), default=0) + int(stakes.takes.max(initial=0))
    power = discount[:, None] ** np.arange(2 * longest)
    worth = suffix_sums(np.moveaxis(stakes.flow, 0, -1), discount)
    background = suffix_sums(stakes.status_quo.T[:, None, :], discount)[:, 0]
    # what the owner decides, it decides at its own discount factor, whoever's values are computed
    own = worth if not common else suffix_sums(np.moveaxis(stakes.flow, 0, -1), stakes.discount)
    decisions = undone(stakes, own)
    post = _post(stakes, worth, power, decisions)
    return Tables(stakes, discount, power, worth, decisions, post, background)


def suffix_sums(flow: Floats, discount: Floats) -> Floats:
    """(P, N, T) flows to (P, N, T+1) discounted sums from each period on; the last flow lasts for ever."""
    out = np.empty((*flow.shape[:2], flow.shape[2] + 1))
    delta = discount[:, None]
    out[:, :, -1] = flow[:, :, -1] / (1 - delta)
    out[:, :, -2] = out[:, :, -1]
    for t in range(flow.shape[2] - 2, -1, -1):
        out[:, :, t] = flow[:, :, t] + delta * out[:, :, t + 1]
    return out


def _post(stakes: Stakes, worth: Floats, power: Floats, decisions: Bools) -> Floats:
    """(P, N, T+1) worth from s on of a measure in force whose owner stops in s (model §4)."""
    P, N, width = worth.shape
    when = np.minimum(np.arange(width)[None, :] + stakes.undo_takes[:, None], width - 1)
    later = worth[:, np.arange(N)[:, None], when] * power[:, stakes.undo_takes][:, :, None]
    shed = (stakes.undo_chance * (1 - stakes.residual))[None, :, None] * later
    owns = np.arange(P)[:, None] == stakes.owner[None, :]
    cost = np.where(owns, stakes.undo_cost[None, :], 0.0)[:, :, None]
    result: Floats = worth - np.where(decisions[None], shed + cost, 0.0)
    return result


def _span(tb: Tables, first: Ints, last: Ints, base: Ints) -> Floats:
    """(P, …) Σ_{x=first}^{last-1} δ^{x-base}, 0 where the span is empty."""
    n = tb.power.shape[1] - 1
    open_ = last > first
    a = np.clip(np.where(open_, first - base, 0), 0, n)
    b = np.clip(np.where(open_, last - base, 0), 0, n)
    delta = tb.discount.reshape(-1, *([1] * first.ndim))
    result: Floats = (tb.power[:, a] - tb.power[:, b]) / (1 - delta)
    return result


def _at(series: Floats, k: Ints, s: Ints) -> Floats:
    """``series[:, k, s]`` with periods after the last standing for the last."""
    result: Floats = series[:, k, np.minimum(s, series.shape[2] - 1)]
    return result


def _frame(tb: Tables, c: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """Completion periods, t, measure index and start of work, broadcast against each other: (N, …, T+1)."""
    T = tb.stakes.periods
    t = np.arange(T + 1)
    c1 = np.asarray(c)[..., None]
    k = np.arange(len(tb.stakes.measures)).reshape(-1, *([1] * (c1.ndim - 1)))
    start = c1 - tb.stakes.takes.reshape(k.shape)
    shape = np.broadcast_shapes(c1.shape, t.shape)
    return (np.broadcast_to(c1, shape), np.broadcast_to(t, shape), np.broadcast_to(k, shape),
            np.broadcast_to(start, shape))  # fmt: skip


def _per_measure(tb: Tables, values: Floats, like: Ints) -> Floats:
    """(P, N) numbers shaped to multiply (P, N, …, T+1) arrays."""
    return values.reshape(*values.shape, *([1] * (like.ndim - 1)))


def kept_terms(tb: Tables, c: Ints) -> Floats:
    """(P, N, …, T+1) what each measure adds to V_i(t) while all go on, for completion periods ``c`` of shape (N, …).

    V_i(t) = Σ_k [ during under way in s ≥ t ] + δ^{c-t} once [c ≥ t] + Σ_{s ≥ max(c, t)} δ^{s-t} flow(s)   (model §3).
    A measure that replaces another also ends the other's flow from ``c`` on.
    """
    stakes, T = tb.stakes, tb.stakes.periods
    c, t, k, start = _frame(tb, c)
    comes = c < T
    m = np.where(comes, np.maximum(c, t), t)
    lead = tb.power[:, np.where(comes, m - t, 0)]
    worth = _at(tb.worth, k, m)
    old = stakes.replaces
    if (old >= 0).any():
        worth = worth - np.where(old[k] >= 0, _at(tb.worth, np.maximum(old[k], 0), m), 0.0)
    result = np.where(comes, lead * worth, 0.0)
    if stakes.once.any():
        result += np.where(comes & (c >= t), lead, 0.0) * _per_measure(tb, stakes.once, c)
    if stakes.during.any():
        result += _per_measure(tb, stakes.during, c) * _span(tb, np.maximum(start, t), np.minimum(c, T), t)
    return result


def stopped_terms(tb: Tables, c: Ints, offset: Ints) -> Floats:
    """(P, N, …, T+1) what each measure adds from t on when its owner stops in t + ``offset`` (model §4).

    ``offset``: (N,). What is due at the stop or later does not come; what is in force then is worth ``post``.
    """
    stakes, T = tb.stakes, tb.stakes.periods
    c, t, k, start = _frame(tb, c)
    gap = np.broadcast_to(offset.reshape(-1, *([1] * (c.ndim - 1))), c.shape)
    stop = t + gap
    comes = (c < stop) & (c < T) & (stakes.owner[k] >= 0)
    m = np.where(comes, np.maximum(c, t), t)
    lead, end = tb.power[:, np.where(comes, m - t, 0)], tb.power[:, gap]

    def until(kk: Ints) -> Floats:
        return lead * _at(tb.worth, kk, m) - end * (_at(tb.worth, kk, stop) - _at(tb.post, kk, stop))

    old = stakes.replaces
    flows = until(k)
    if (old >= 0).any():
        flows = flows - np.where(old[k] >= 0, until(np.maximum(old[k], 0)), 0.0)
    result = np.where(comes, flows, 0.0)
    if stakes.once.any():
        result += np.where(comes & (c >= t), lead, 0.0) * _per_measure(tb, stakes.once, c)
    if stakes.during.any():
        work_ends = np.minimum(np.minimum(c, stop), T)
        result += _per_measure(tb, stakes.during, c) * _span(tb, np.maximum(start, t), work_ends, t)
    return result
