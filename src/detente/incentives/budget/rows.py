"""Constants of a case row by row: what its parties are paid, and how each uncertain number changes that.

The first rows are the parties at central values, one each; every other row is one party and one number, and holds what
one unit more of that number changes. All is linear, so the same tables serve for both. What a measure's owner does
once the deal is off is settled beforehand: where the errors allowed could turn its decision, the party whose row it is
is paid whatever suits it best when it leaves (``slack``), so that breach is never made to look worse than it may be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from detente.case.stakes import Bools, Floats, Ints, Stakes, StickTerms, Withdrawing
from detente.incentives.budget.numbers import Numbers, protection
from detente.incentives.kept import scales
from detente.incentives.tables import Tables, suffix_sums, tables


@dataclass(frozen=True, eq=False)
class Rows:
    """``R`` rows over the measures of a case, at one budget of errors."""

    numbers: Numbers
    budget: float
    central: Tables
    """The case at its central values."""
    party: Ints
    """(R,) whose row it is"""
    number: Ints
    """(R,) the number that changes; -1: the party at central values"""
    tb: Tables
    """Its parties are the rows; decisions are those of the case."""
    open: Bools
    """(N, T+1) where the errors allowed could turn whether a measure is undone"""
    slack: Floats
    """(P, N, T+1) the most that a party may be paid beyond ``post`` where that is so"""

    def of(self, i: int) -> Ints:
        """Rows of a party: itself, then its numbers."""
        return np.flatnonzero(self.party == i)

    @cached_property
    def K(self) -> Floats:
        """(P,) scales at central values: margins are measured in these."""
        return scales(self.central.stakes)

    def loss(self, i: int, values: Floats) -> Floats:
        """(n, …) how much a quantity (rows of i, …) can fall by each of i's numbers alone."""
        shape = (-1, *([1] * (values.ndim - 1)))
        mine = self.number[self.of(i)[1:]]
        up, down = self.numbers.up[mine].reshape(shape), self.numbers.down[mine].reshape(shape)
        worst: Floats = np.maximum(np.maximum(-values[1:] * up, values[1:] * down), 0.0)
        return worst

    def least(self, i: int, values: Floats) -> Floats:
        """(…) the least that a quantity of party i (rows of i, …) can be within the budget."""
        result: Floats = values[0] - protection(self.loss(i, values), self.budget)
        return result


def rows(numbers: Numbers, budget: float) -> Rows:
    """The rows of a case at a budget of errors."""
    st, counted = numbers.stakes, numbers.for_party.copy()
    central = tables(st)
    n, i = np.nonzero(counted)
    party = np.concatenate([np.arange(len(st.parties)), i])
    number = np.concatenate([np.full(len(st.parties), -1), n])
    each = _stakes(numbers, party, number, budget)
    worth = suffix_sums(np.moveaxis(each.flow, 0, -1), each.discount)
    background = suffix_sums(each.status_quo.T[:, None, :], each.discount)[:, 0]
    shed = _shed(each, worth, central.power[party], _own_cost(numbers, party, number))
    tb = Tables(each, each.discount, central.power[party], worth, central.undone, worth, background)
    found = Rows(numbers, budget, central, party, number, tb, np.zeros(0, dtype=np.bool_), np.zeros(0))
    turned = _open(found, shed)
    favoured = np.where(turned[None], shed[: len(st.parties)] < 0, central.undone[None])
    post = worth - np.where(favoured[party], shed, 0.0)
    slack = _slack(found, shed, favoured, turned)
    post[: len(st.parties)] += slack
    return replace(found, tb=replace(tb, post=post), open=turned, slack=slack)


def _stakes(numbers: Numbers, party: Ints, number: Ints, budget: float) -> Stakes:
    """The stakes with rows in the place of parties that are paid; owners stay who they are."""
    st, d = numbers.stakes, numbers.changes
    many = len(st.parties)
    n, i = number[many:], party[many:]
    sticks = [_stick(numbers, s, n, i, budget) for s in range(len(st.sticks))]
    return replace(
        st,
        parties=tuple(str(r) for r in range(len(party))),
        discount=st.discount[party],
        exit_cost=np.concatenate([st.exit_cost, d.exit_cost[n, i]]),
        status_quo=np.concatenate([st.status_quo, d.status_quo[n, :, i].T], axis=1),
        flow=np.concatenate([st.flow, np.moveaxis(d.flow[n, :, i], 0, 1)], axis=1),
        once=np.concatenate([st.once, d.once[n, i]]),
        during=np.concatenate([st.during, d.during[n, i]]),
        sticks=tuple(sticks),
    )


def _stick(numbers: Numbers, s: int, n: Ints, i: Ints, budget: float) -> StickTerms:
    """A stick in rows; one that the errors allowed could make hollow does not count."""
    st, d, stick = numbers.stakes, numbers.changes, numbers.stakes.sticks[s]
    committed = st.case.sticks[s].committed
    counts = stick.counts
    for central, change in ((stick.flow, d.stick_flow), (stick.once, d.stick_once)):
        own = change[:, s, stick.by]
        falls = np.maximum(np.maximum(-own * numbers.up, own * numbers.down), 0.0)
        counts &= committed or bool(central[stick.by] >= protection(falls, budget))
    return replace(
        stick, counts=counts,
        flow=np.concatenate([stick.flow, d.stick_flow[n, s, i]]),
        once=np.concatenate([stick.once, d.stick_once[n, s, i]]),
    )  # fmt: skip


def _own_cost(numbers: Numbers, party: Ints, number: Ints) -> Floats:
    """(R, N) what undoing costs the party of a row, or one unit more of the number does; 0 for what is not its own."""
    st = numbers.stakes
    cost = np.vstack([st.undo_cost, numbers.changes.undo_cost])[number + 1]
    result: Floats = np.where(party[:, None] == st.owner[None, :], cost, 0.0)
    return result


def _shed(st: Stakes, worth: Floats, power: Floats, cost: Floats) -> Floats:
    """(R, N, T+1) what is lost from s on when a measure in force is undone in s, the cost of undoing included."""
    width, N = worth.shape[2], worth.shape[1]
    when = np.minimum(np.arange(width)[None, :] + st.undo_takes[:, None], width - 1)
    later = worth[:, np.arange(N)[:, None], when] * power[:, st.undo_takes][:, :, None]
    result: Floats = (st.undo_chance * (1 - st.residual))[None, :, None] * later + cost[:, :, None]
    return result


def _open(x: Rows, shed: Floats) -> Bools:
    """(N, T+1) whether within the budget an owner could decide otherwise on undoing a measure than at central values.

    A cost that not its whole is paid for by the chance stays as it is: the rule compares what is gained with it.
    """
    st = x.numbers.stakes
    result = np.zeros(shed.shape[1:], dtype=np.bool_)
    for k in np.flatnonzero((st.withdrawal == Withdrawing.IF_CREDIBLE) & st.undoable & (st.owner >= 0)):
        i = int(st.owner[k])
        mine = shed[x.of(i), k]
        turns = np.where(x.central.undone[k], x.least(i, -mine), x.least(i, mine))
        moves = x.loss(i, mine).max(axis=0, initial=0.0) + x.loss(i, -mine).max(axis=0, initial=0.0) > 0
        result[k] = moves & (turns <= 0) & (x.budget > 0)
    return result


def _slack(x: Rows, shed: Floats, favoured: Bools, turned: Bools) -> Floats:
    """(P, N, T+1) how much more than what is assumed the other decision may be worth to each party."""
    result = np.zeros(favoured.shape)
    for i in range(len(favoured)):
        sign = np.where(favoured[i], 1.0, -1.0)
        otherwise = x.least(i, -shed[x.of(i)] * sign)
        result[i] = np.where(turned, np.maximum(-otherwise, 0.0), 0.0)
    return result


def sticks_against(x: Rows, i: int, early: int) -> Floats:
    """(rows of i,) worth of the sticks against i, its breach seen in t (``early``: that many periods before t)."""
    st, delta = x.tb.stakes, float(x.numbers.stakes.discount[i])
    mine = x.of(i)
    total = np.zeros(len(mine))
    for s in st.sticks:
        if s.counts and s.against == i:
            length = 1 / (1 - delta) if s.lasts is None else (1 - delta**s.lasts) / (1 - delta)
            total += delta ** (int(st.lag[s.by]) + s.delay - early) * (s.once + s.flow * length)[mine]
    return total


def milestones_of(st: Stakes, rows_of: Ints, present: Sequence[int]) -> list[int]:
    """Milestones on a road map that are worth something in any of some rows."""
    return [m for m in present if st.once[rows_of, m].any() or st.flow[:, rows_of, m].any()]
