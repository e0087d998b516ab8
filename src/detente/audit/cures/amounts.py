"""How much is needed of an exit cost or a stick.

Both lower what every breach yields, each by its own slope, so the amount needed is the largest over breaches of what
each one needs. Known breaches are cheap to work out; a full search then confirms the amount, or adds one to the known.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from math import ceil, floor, log10

import numpy as np

from detente.audit.cures.trial import Known, Trial
from detente.case.resolved import ResolvedCase
from detente.incentives.cheat import cheat_path, setting

DEAREST = 1_000
"""Times the lower bound, up to which an amount is sought."""

ROUNDS = 8
"""Searches for a further breach before giving up."""

FINE = 1e-3
"""Relative precision of an amount."""

Changed = Callable[[Decimal], ResolvedCase]


def least_amount(trial: Trial, party: str, at_least: float, changed: Changed) -> Decimal | None:
    """The least amount that cures, to three digits rounded up; ``at_least`` is a lower bound on it. None: none does."""
    if at_least <= 0:
        return None
    i = trial.margins.grounds.stakes.party_index[party]
    amount = round_up(at_least)
    for _ in range(ROUNDS):
        known = tuple(trial.breaches(party))
        needed = _needed(trial, i, known, float(amount), DEAREST * at_least, changed)
        if needed is None:
            return None
        amount = needed
        margins = trial.under(changed(amount))
        if trial.cured_alone(party, margins):
            return amount
        if trial.exhausted:
            return None
        if len(trial.breaches(party)) == len(known):
            amount = round_up(float(amount) * (1 + FINE))
    return None


def _needed(trial: Trial, i: int, known: Sequence[Known], low: float, most: float, changed: Changed) -> Decimal | None:
    """The least amount, from ``low`` up, at which walking out and the known cheats gain nothing."""

    def works(v: float) -> bool:
        m = trial.under(changed(round_up(v)))
        if ((m.V - m.W)[:, i] < -2 * m.grounds.error[i]).any():
            return False
        s = setting(m.grounds.tables, m.completions, i)
        slack = 2 * float(m.grounds.error[i])
        return all(cheat_path(s, cheat, t).value <= float(m.V[t, i]) + slack for t, cheat in known)

    if works(low):
        return round_up(low)
    high = 2 * low
    while not works(high):
        low, high = high, 2 * high
        if high > most:
            return None
    while high - low > FINE * high:
        middle = (low + high) / 2
        low, high = (low, middle) if works(middle) else (middle, high)
    return round_up(high)


def round_up(x: float) -> Decimal:
    """To three significant digits, never down by more than rounding."""
    step = floor(log10(x)) - 2
    return Decimal(ceil(float(np.round(x / 10.0**step, 9)))).scaleb(step)
