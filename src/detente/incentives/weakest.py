"""The least margin of each party on one road map, and the breach that leaves it: fast, in floats (model §7).

Like :mod:`detente.incentives.steady`, but it goes on until nothing less is left. Breaches known from elsewhere
(``suspects``) say early how low the bar lies; dates at which no covert breach can come below it are not searched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from detente.case.stakes import Bools, Floats, Ints
from detente.incentives import cheat as one
from detente.incentives.cheat import CheatSet, Setting
from detente.incentives.cheat_bounds import Candidates
from detente.incentives.covert import search_date
from detente.incentives.kept import bystanders, kept
from detente.incentives.steady import NODES, Stopped, Suspect, felt
from detente.incentives.tables import Tables
from detente.incentives.walk import best_left_alone, offsets


@dataclass(frozen=True)
class Weakest:
    """A party's least margin over breaches that are not vacuous: how much, when, by which cheat (None: walking out).

    Not ``proved``: a limit was reached, and another breach may leave less.
    """

    margin: float
    period: int
    cheat: CheatSet | None
    proved: bool = True


def weakest(
    tb: Tables, c: Ints, error: Floats, suspects: Sequence[Suspect] = (), *, V: Floats | None = None,
    within: slice = slice(None),
) -> dict[int, Weakest]:  # fmt: skip
    """The weakest moment of every party that can breach, if any breach ``within`` some periods changes anything.

    ``error`` (P,): bound on the error of any value; of breaches closer to one another any may be told. ``V`` (T+1, P)
    continuation values if known already.
    """
    V = kept(tb, c) if V is None else V
    looked = np.zeros(len(V), dtype=np.bool_)
    looked[within] = True
    players = [int(i) for i in np.flatnonzero(~bystanders(tb.stakes, c))]
    stopped = Stopped(tb, c)
    settings = stopped.settings(players, V)
    found = {}
    for i in players:
        extra, left, _ = best_left_alone(tb, c, i, offsets(tb, (i,)))
        margin = np.where(looked & felt(tb, c, i, left), V[:, i] - stopped.walk(i) - extra, np.inf)
        t = int(margin.argmin())
        known = [
            (t, some) for j, t, measures in suspects if j == i and looked[t] for some in _open(settings[i], t, measures)
        ]
        least = _covert(settings[i], V[:, i], Weakest(float(margin[t]), t, None), known, 4 * float(error[i]), looked)
        if np.isfinite(least.margin):
            found[i] = least
    return found


def _open(s: Setting, t: int, measures: Sequence[int]) -> list[CheatSet]:
    """The cheat on these measures from ``t`` on, as far as they can be cheated on then."""
    every = one.candidates(s.tb, s.c, s.i, t)
    some = CheatSet(tuple(k for k in every.fakes if k in measures), tuple(k for k in every.undoes if k in measures))
    return [some] if some.fakes or some.undoes else []


def _covert(
    s: Setting, V: Floats, least: Weakest, known: Sequence[tuple[int, CheatSet]], blur: float, looked: Bools
) -> Weakest:
    """The least of what walking out leaves and of what any covert breach leaves."""
    every = Candidates.of(s)
    if every is None:
        return least
    if not known and not np.isfinite(least.margin):
        known = [(t, some) for t, some in every.grown(looked & (every.many > 0)).items() if some.fakes or some.undoes]
    for t, some in known:
        least = _less(least, float(V[t]) - one.cheat_path(s, some, t).value, t, some)
    proved = True
    for t in np.flatnonzero(looked & ~every.excluded(V - least.margin + blur)).tolist():
        found = search_date(s, t, float(V[t]) - least.margin, -blur, NODES)
        proved &= found.proved
        if found.best is not None:
            least = _less(least, float(V[t]) - found.value, t, found.best)
    return Weakest(least.margin, least.period, least.cheat, proved)


def _less(least: Weakest, margin: float, period: int, some: CheatSet) -> Weakest:
    return Weakest(margin, period, some) if margin < least.margin else least
