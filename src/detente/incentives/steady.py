"""Does anybody gain by leaving one road map? Only that, fast: for judging it in many possible worlds (model §7, §12).

Nothing is tabulated for other road maps, and no best breach is sought. Walking out is tried first, then breaches that
pay elsewhere (``suspects``); then a bound on what any covert breach yields, for all dates at once, excludes most
dates; the rest are searched. Floats decide where they can; cells too close to call are named.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from detente.case.stakes import Bools, Floats, Ints
from detente.incentives import cheat as one
from detente.incentives.cheat import CheatSet, Setting
from detente.incentives.cheat_bounds import Candidates
from detente.incentives.covert import search_date
from detente.incentives.kept import bystanders, kept
from detente.incentives.tables import Tables, owner_lags, stopped_terms
from detente.incentives.walk import MOST_MILESTONES, best_left_alone, offsets, spare_mask, stick_worth, worth_sparing

NODES = 20_000
"""Nodes of the search for covert breaches allowed for each party and date."""

Suspect = tuple[int, int, tuple[int, ...]]
"""A party, a date, and measures to cheat on then (none: walk out)."""


@dataclass(frozen=True)
class Steadiness:
    """``tempted``: somebody gains, beyond doubt. ``close``: (party, date) that floats cannot decide; ``proved``: no
    limit was reached."""

    tempted: bool
    close: tuple[tuple[int, int], ...] = ()
    proved: bool = True


def steadiness(
    tb: Tables, c: Ints, error: Floats, suspects: Sequence[Suspect] = (), *, V: Floats | None = None
) -> Steadiness:
    """Whether any party gains by leaving in any period. ``error`` (P,): bound on the error of any value.

    ``V`` (T+1, P) continuation values if known already. Parties named first among the suspects are tried first.
    """
    V = kept(tb, c) if V is None else V
    players = [int(i) for i in np.flatnonzero(~bystanders(tb.stakes, c))]
    named = list(dict.fromkeys(i for i, _, _ in suspects if i in players))
    order = named + [i for i in players if i not in named]
    close: list[tuple[int, int]] = []
    stopped = Stopped(tb, c)
    for i in order:
        if len(worth_sparing(tb, c, i)) > MOST_MILESTONES:
            return Steadiness(False, (), False)
        extra, left, _ = best_left_alone(tb, c, i, offsets(tb, (i,)))
        margin = V[:, i] - stopped.walk(i) - extra
        if (margin < -2 * error[i]).any():
            return Steadiness(True)
        if (margin <= 2 * error[i]).any():
            close += [(i, int(t)) for t in np.flatnonzero((margin <= 2 * error[i]) & felt(tb, c, i, left))]
    settings = stopped.settings(order, V)
    for i, t, measures in suspects:
        if i in players and measures and _pays(settings[i], V[t, i] + 2 * error[i], t, measures):
            return Steadiness(True)
    return _covert(settings, order, V, error, close)


def _covert(
    settings: dict[int, Setting], order: Sequence[int], V: Floats, error: Floats, close: list[tuple[int, int]]
) -> Steadiness:
    proved = True
    for i in order:
        s, line = settings[i], 2 * float(error[i])
        every = Candidates.of(s)
        if every is None:
            continue
        for t in np.flatnonzero(~every.excluded(V[:, i] - 2 * line)).tolist():
            found = search_date(s, t, float(V[t, i]) - line, 0.0, NODES)
            if found.value > V[t, i] + line:
                return Steadiness(True)
            proved &= found.proved
            if found.best is not None:
                close.append((i, t))
    return Steadiness(False, tuple(dict.fromkeys(close)), proved)


class Stopped:
    """What measures are worth to each party once their owners stop, for all parties at once."""

    def __init__(self, tb: Tables, c: Ints) -> None:
        self.tb, self.c, self.lags = tb, c, owner_lags(tb.stakes)
        self.at_once = stopped_terms(tb, c, np.zeros_like(self.lags))
        self.lagged = stopped_terms(tb, c, self.lags)

    def walk(self, i: int) -> Floats:
        """(T+1,) W without milestones."""
        tb = self.tb
        result: Floats = self._left(i, self.lagged) + stick_worth(tb, (i,))[i] - tb.stakes.exit_cost[i]
        return result

    def _left(self, i: int, others: Floats) -> Floats:
        own = self.tb.stakes.owner == i
        result: Floats = self.tb.background[i] + self.at_once[i, own].sum(axis=0) + others[i, ~own].sum(axis=0)
        return result

    def settings(self, parties: Iterable[int], V: Floats) -> dict[int, Setting]:
        """What covert breaches have in common, as :func:`detente.incentives.cheat.setting`."""
        tb, c, stakes, T = self.tb, self.c, self.tb.stakes, self.tb.stakes.periods
        at = np.minimum(np.arange(T + int(stakes.undo_takes.max(initial=0)) + 2), T)
        early = stopped_terms(tb, c, self.lags - 1)
        u = (V - tb.discount * np.vstack([V[1:], V[-1:]]))[at]
        in_force = ((c[:, None] <= np.arange(len(at))[None, :]) & (c < T)[:, None]).astype(np.float64)
        made = {}
        for i in parties:
            found = self._left(i, early) + stick_worth(tb, (i,), early=1)[i]
            own_left = self.at_once[i][:, at]
            made[i] = Setting(tb, c, i, u[:, i], own_left, self.walk(i)[at], found[at], in_force)
        return made


def felt(tb: Tables, c: Ints, i: int, left: Sequence[tuple[int, ...]]) -> Bools:
    """(T+1,) whether i's walking out in t, leaving the milestones ``left[t]`` alone, changes or costs anything."""
    st, T = tb.stakes, tb.stakes.periods
    sticks = any(s.counts and s.against == i and (s.flow.any() or s.once.any()) for s in st.sticks)
    if st.exit_cost[i] or sticks:
        return np.ones(T + 1, dtype=np.bool_)
    t = np.arange(T + 1)
    result = np.zeros(T + 1, dtype=np.bool_)
    for k in np.flatnonzero((c < T) & (st.owner >= 0)):
        stop = t + (0 if st.owner[k] == i else int(st.lag[st.owner[k]]))
        result |= c[k] >= stop
        works = bool(st.undo_chance[k] > 0 or st.undo_cost[k] > 0)
        there = c[k] < stop
        for new in np.flatnonzero(st.replaces == k):
            there &= ~(c[new] < stop)
        spared = np.array([bool(chosen) and bool(spare_mask(tb, c, i, chosen)[k]) for chosen in left])
        result |= there & ~spared & tb.undone[k, np.minimum(stop, T)] & works
    return result


def _pays(s: Setting, line: float, t: int, measures: Sequence[int]) -> bool:
    """Whether cheating from ``t`` on these measures, as far as they can be cheated on then, yields more than that."""
    every = one.candidates(s.tb, s.c, s.i, t)
    some = CheatSet(tuple(k for k in every.fakes if k in measures), tuple(k for k in every.undoes if k in measures))
    if not some.fakes and not some.undoes:
        return False
    return one.cheat_path(s, some, t).value > line
