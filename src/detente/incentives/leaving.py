"""When one party leaves one road map, all its breaches tried: its best moment, larger cheats included (model §8)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from detente.case.stakes import Bools, Floats, Ints
from detente.incentives.cheat_bounds import Candidates
from detente.incentives.covert import search_date
from detente.incentives.kept import bystanders, kept
from detente.incentives.steady import NODES, Stopped
from detente.incentives.tables import Tables
from detente.incentives.walk import best_left_alone, offsets


class Leaves(NamedTuple):
    """``when`` (T+1, P): whether a party leaves in a period if it is still there; ``proved``: no limit was reached."""

    when: Bools
    proved: bool


def leaves(tb: Tables, c: Ints, error: Floats) -> Leaves:
    """Whether each party leaves in each period, of all sets that it may cheat on the best one taken.

    ``c`` (N,): completion periods. ``error`` (P,): gains below twice that count as none.
    """
    V = kept(tb, c)
    players = [int(i) for i in np.flatnonzero(~bystanders(tb.stakes, c))]
    stopped = Stopped(tb, c)
    settings = stopped.settings(players, V)
    when, proved = np.zeros(V.shape, dtype=np.bool_), True
    for i in players:
        line = 2 * float(error[i])
        extra, _, tried = best_left_alone(tb, c, i, offsets(tb, (i,)))
        gain = stopped.walk(i) + extra - V[:, i]
        every = Candidates.of(settings[i])
        proved &= tried
        dates = [] if every is None else np.flatnonzero(~every.excluded(V[:, i] + line)).tolist()
        for t in dates:
            found = search_date(settings[i], t, float(V[t, i] + max(gain[t], line)), 0.0, NODES)
            proved &= found.proved
            gain[t] = max(gain[t], found.value - V[t, i])
        when[:, i] = best_moments(gain, float(tb.discount[i]), line)
    return Leaves(when, proved)


def best_moments(gain: Floats, discount: float, line: float) -> Bools:
    """(T+1,) whether a party leaves in a period rather than later, ``gain`` being what leaving brings over staying."""
    when, later = np.zeros(len(gain), dtype=np.bool_), 0.0
    for t in range(len(gain) - 1, -1, -1):
        when[t] = gain[t] > discount * later + line
        later = max(float(gain[t]), discount * later, 0.0)
    return when
