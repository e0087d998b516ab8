"""``delay-prone``, ``pocketing`` and ``power-shift``: when the timing itself invites trouble (model §6, §7)."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

import numpy as np

from detente.audit.margins import Margins
from detente.audit.words import amount, at, stretch, stretches
from detente.incentives.kept import standing_still
from detente.results.audit import Finding


def delay_prone(margins: Margins) -> list[Finding]:
    """Parties that gain by dragging their feet over their grace period, from each step on."""
    stakes, case, course = margins.grounds.stakes, margins.grounds.case, margins.exact.course
    still = standing_still(margins.grounds.tables, margins.completions)
    found = []
    for i in margins.players:
        grace = int(stakes.grace[i])
        own = [k for k in range(len(stakes.measures)) if stakes.owner[k] == i]
        last = max((course.finish[k] for k in own if course.start[k] < stakes.periods), default=-1)
        gains = np.zeros(stakes.periods)
        for t in range(min(stakes.periods, last + 1) if grace else 0):
            gain = float(still[t, i] - margins.V[t, i])
            if margins.broken or abs(gain) <= 4 * margins.grounds.error[i]:
                gain = float(margins.exact.lateness(i, t) - margins.exact.V(i, t))
            gains[t] = max(0.0, gain * (1 - stakes.discount[i] ** grace))
        for first, end in stretches(np.flatnonzero(gains).tolist()):
            worst = first + int(np.argmax(gains[first : end + 1]))
            told = (
                f"{case.title(stakes.parties[i])} gains by saying it needs more time {stretch(case, first, end)}: up "
                f"to {amount(gains[worst])} over its grace of {grace} period{'s' * (grace > 1)}, {at(case, worst)}."
            )
            due = tuple(stakes.measures[k] for k in own if course.start[k] == worst)
            found.append(Finding("delay-prone", told, stakes.parties[i], worst, float(gains[worst]), due))
    return found


def pocketing(margins: Margins) -> list[Finding]:
    """Principals whose share of the surplus still to come is small (only where units are comparable)."""
    stakes, case = margins.grounds.stakes, margins.grounds.case
    who = [i for i in margins.players if stakes.parties[i] in case.principals]
    if not case.comparable or not who:
        return []
    surplus = (margins.V - margins.W)[:, who]
    total = surplus.sum(axis=1)
    error = 4 * sum(float(margins.grounds.error[i]) for i in who)
    found = []
    for column, i in enumerate(who):
        share = np.divide(surplus[:, column], total, out=np.ones(len(total)), where=total > error)
        low = [
            t
            for t in range(len(total))
            if total[t] > error and _below(margins, i, t, float(share[t]), who, error / total[t])
        ]
        for first, end in stretches(low):
            worst = first + int(np.argmin(share[first : end + 1]))
            told = (
                f"Of the surplus still to come only {max(share[worst], 0):.0%} is {case.title(stakes.parties[i])}'s "
                f"{at(case, worst)} ({stretch(case, first, end)} below {float(case.pocketing_share):.0%}): that "
                f"invites the others to reopen."
            )
            found.append(Finding("pocketing", told, stakes.parties[i], worst, float(share[worst])))
    return found


def _below(margins: Margins, i: int, t: int, share: float, who: Iterable[int], blur: float) -> bool:
    """Whether a share lies below the case's bound; decided in rationals where floats are too close to it."""
    bound = margins.grounds.case.pocketing_share
    if abs(share - float(bound)) > 4 * blur:
        return share < bound
    rm = margins.exact
    surplus = {j: rm.V(j, t) - rm.W(j, t) for j in who}
    total = sum(surplus.values())
    return total > 0 and surplus[i] < total * Fraction(bound)


def power_shift(margins: Margins) -> list[Finding]:
    """Steps after which leaving is worth so much more that the surplus before it does not cover the rise."""
    stakes, case = margins.grounds.stakes, margins.grounds.case
    found = []
    for i in margins.players:
        rise = margins.W[1:, i] - margins.W[:-1, i]
        over = rise - (margins.V - margins.W)[:-1, i]
        periods = [t for t in range(len(over)) if _over(margins, i, t, float(over[t]))]
        for first, end in stretches(periods):
            worst = first + int(np.argmax(over[first : end + 1]))
            k = _mover(margins, i, worst)
            left = float(margins.V[worst, i] - margins.W[worst, i])
            surplus = f"the {amount(left)} it still gains by staying" if left > 0 else "it gains by staying: nothing"
            change = _change(float(rise[worst]))
            told = (
                f"What {case.title(stakes.parties[i])} gets by leaving {change} {at(case, worst)}, "
                f"more than {surplus}" + (f'; "{case.title(k)}" does most of it: split it.' if k else ".")
            )
            found.append(Finding("power-shift", told, stakes.parties[i], worst, float(over[worst]), (k,) if k else ()))
    return found


def _change(rise: float) -> str:
    """``rises by 3``, also where it does not rise (leaving then pays anyway)."""
    if amount(abs(rise)) == "0":
        return "stays the same"
    return f"rises by {amount(rise)}" if rise > 0 else f"falls by only {amount(-rise)}"


def _over(margins: Margins, i: int, t: int, over: float) -> bool:
    if abs(over) > 8 * margins.grounds.error[i]:
        return over > 0
    rm = margins.exact
    return rm.W(i, t + 1) - rm.W(i, t) > rm.V(i, t) - rm.W(i, t)


def _mover(margins: Margins, i: int, t: int) -> str | None:
    """The measure that raises the worth of leaving most between ``t`` and ``t + 1``."""
    rm, ledger = margins.exact, margins.grounds.exact.ledgers[i]
    before, after = rm.walk(i, t).world, rm.walk(i, t + 1).world
    best, name = 0.0, None
    for k, term in enumerate(rm.terms.terms):
        pay = rm.aftermath.milestone if term.owner < 0 else rm.aftermath.measure
        rise = ledger.money(pay(ledger, k, after), t + 1) - ledger.money(pay(ledger, k, before), t)
        if rise > best:
            best, name = float(rise), term.name
    return name
