"""``tempted``: a party gains by leaving. One finding for each party and run of periods, told at its worst."""

from __future__ import annotations

from contextlib import suppress

from detente.audit import losses
from detente.audit.exact import TooManyMilestones
from detente.audit.margins import Margins, as_cheat
from detente.audit.words import amount, at, how, listing, moment, stretch, stretches
from detente.incentives.cheat import CheatSet
from detente.results.audit import Breach, Finding


def tempted(margins: Margins) -> list[Finding]:
    """Every run of tempted periods of every party; margins show each period by itself."""
    found = []
    for i in margins.players:
        periods = [t for t in range(len(margins.V)) if margins.sign(i, t) == -1]
        for first, last in stretches(periods):
            worst = min(range(first, last + 1), key=lambda t: margins.value(i, t))
            found.append(_finding(margins, i, worst, (first, last)))
    return found


def _finding(margins: Margins, i: int, t: int, run: tuple[int, int]) -> Finding:
    case, stakes = margins.grounds.case, margins.grounds.stakes
    with suppress(TooManyMilestones):
        margins.cell(i, t)
    breach, gain = margins.best(i, t), -margins.value(i, t)
    lost: dict[str, float] = {}
    with suppress(TooManyMilestones):
        lost = losses_of(margins, i, breach)
    when = at(case, t) if breach.how == "walk" else f"from {moment(case, t)} on"
    told = f"{case.title(stakes.parties[i])} would gain {amount(gain)} by {how(case, breach)} {when}"
    if run[0] != run[1]:
        told += f" (it is tempted {stretch(case, *run)}, most by this)"
    hurt = [f"{case.title(j)} {amount(x)}" for j, x in lost.items() if x > 0]
    told += f"; lost by it: {listing(hurt)}." if hurt else "."
    return Finding("tempted", told, stakes.parties[i], t, gain, breach.fakes + breach.undoes, breach, lost)


def losses_of(margins: Margins, i: int, breach: Breach) -> dict[str, float]:
    """What each other party loses by a breach of ``i``."""
    stakes = margins.grounds.stakes
    if breach.how == "walk":
        lost = losses.of_walking(margins.exact, i, breach.start)
    else:
        at_index = stakes.measure_index
        sets = CheatSet(tuple(at_index[k] for k in breach.fakes), tuple(at_index[k] for k in breach.undoes))
        lost = losses.of_cheating(margins.exact, i, as_cheat(sets, breach.start))
    return {stakes.parties[j]: x for j, x in lost.items()}
