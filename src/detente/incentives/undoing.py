"""Which measures their owners undo once the deal is off: the rule of model §4."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from detente.case.stakes import Bools, Floats, Stakes, Withdrawing

NEAR = 1e-9
"""Relative distance from indifference within which the decision is taken in rationals (a tie means: not undone)."""


def undone(stakes: Stakes, own_worth: Floats) -> Bools:
    """(N, T+1) whether the owner undoes each measure when it stops in s: iff

        π (1-ρ) Σ_{x ≥ s + r} δ^{x-s} (-flow(x)) > cost

    or the withdrawal is automatic; never where it is marked so or irreversible. ``own_worth`` (P, N, T+1): discounted
    flows from each period on. Whatever is too close for floats is decided exactly.
    """
    N, T = len(stakes.measures), stakes.periods
    k = np.arange(N)
    actor = np.maximum(stakes.owner, 0)
    when = np.minimum(np.arange(T + 1)[None, :] + stakes.undo_takes[:, None], T)
    shed = stakes.undo_chance * (1 - stakes.residual) * stakes.discount[actor] ** stakes.undo_takes
    gain = -shed[:, None] * own_worth[actor[:, None], k[:, None], when]
    cost = stakes.undo_cost[:, None]
    credible = gain > cost
    rule = stakes.withdrawal[:, None]
    asks = (rule == Withdrawing.IF_CREDIBLE) & stakes.undoable[:, None]
    size = np.abs(stakes.flow).max(axis=0)[actor, k] / (1 - stakes.discount[actor])
    near = asks & (np.abs(gain - cost) <= NEAR * (size[:, None] + cost)) & (size[:, None] + cost > 0)
    for row in np.flatnonzero(near.any(axis=1)):
        credible[row] = _exactly(stakes, int(row))
    result: Bools = ((credible & asks) | (rule == Withdrawing.AUTOMATIC)) & stakes.undoable[:, None]
    return result


def _exactly(stakes: Stakes, k: int) -> Bools:
    """(T+1,) the rule for one measure in rationals."""
    measure = stakes.case.measures[stakes.measures[k]]
    undo, T = measure.undo, stakes.periods
    if undo is None or measure.by is None or measure.by not in measure.value:
        return np.zeros(T + 1, dtype=np.bool_)
    delta = Fraction(stakes.case.parties[measure.by].discount)
    flow = [Fraction(x) for x in measure.value[measure.by].flow]
    worth = [Fraction(0)] * (T + 1)
    worth[T] = flow[-1] / (1 - delta)
    for t in range(T - 1, -1, -1):
        worth[t] = flow[t] + delta * worth[t + 1]
    share = Fraction(undo.chance) * (1 - Fraction(measure.residual)) * delta**undo.takes
    return np.array([-share * worth[min(s + undo.takes, T)] > Fraction(undo.cost) for s in range(T + 1)])
