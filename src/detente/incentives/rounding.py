"""How far floats may lie from exact values."""

from __future__ import annotations

import numpy as np

from detente.case.stakes import Floats, Stakes


def float_error(stakes: Stakes, discount: Floats | None = None) -> Floats:
    """(P,) bound on |float - exact| of any V, W, S, B, C or F of each party.

    Every such value is a sum of discounted terms whose absolute values add up to at most
    M_i = Σ |payments| / (1-δ_i). Each elementary operation is off by at most one part in 2^53 of its result, a power
    δ^n by n parts, the sum to infinity 1/(1-δ_i) by 2/(1-δ_i) parts (δ_i itself is rounded), and no value takes more
    than ``ops`` operations in a row; recursions C contract by δ_i (1-h) and so gather at most 1/(1-δ_i) times the
    error of a step. Hence |error| ≤ 2^-52 · ops · M_i / (1-δ_i), taken with a factor of 4 in hand.
    """
    delta = stakes.discount if discount is None else discount
    payments = np.abs(stakes.flow).max(axis=0).sum(axis=1) + np.abs(stakes.once).sum(axis=1)
    payments = payments + (np.abs(stakes.during) * stakes.takes).sum(axis=1)
    payments = payments + np.abs(stakes.status_quo).max(axis=0) + stakes.exit_cost
    for i in range(len(delta)):
        payments[i] += stakes.undo_cost[stakes.owner == i].sum()
        payments[i] += sum(abs(s.flow[i]) + abs(s.once[i]) for s in stakes.sticks)
        stated = stakes.case.parties[stakes.parties[i]].reserve
        payments[i] += abs(float(stated)) * (1 - delta[i]) if stated is not None else 0.0
    members = sum(len(m) for m in stakes.members)
    ops = 4 * (len(stakes.measures) + members + stakes.periods + int(stakes.undo_takes.max(initial=0)) + 16)
    result: Floats = np.finfo(np.float64).eps * ops * payments / (1 - delta) ** 2 * 4
    return result
