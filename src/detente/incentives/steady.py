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
from detente.incentives.covert import _search, _still_to_come, _welcome
from detente.incentives.kept import bystanders, kept, per_period
from detente.incentives.milestones import after_breach, present_milestones
from detente.incentives.tables import Tables, owner_lags, stopped_terms
from detente.incentives.walk import MOST_MILESTONES, best_left_alone, offsets, stick_worth, worth_sparing

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
    settings = _settings(tb, c, order)
    for i in order:
        if len(worth_sparing(tb, c, i)) > MOST_MILESTONES:
            return Steadiness(False, (), False)
        s = settings[i]
        T = tb.stakes.periods
        walk = s.walk_base[: T + 1] + best_left_alone(tb, c, i, offsets(tb, (i,)))[0]
        margin = V[:, i] - walk
        if (margin < -2 * error[i]).any():
            return Steadiness(True)
        close += [(i, int(t)) for t in np.flatnonzero(margin <= 2 * error[i])]
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
        upper = upper_bound(s)
        open_ = [t for t in np.argsort(V[:, i] - upper) if upper[t] > V[t, i] - 2 * line]
        for t in map(int, open_):
            found = _search(s, t, float(V[t, i]) - line, 0.0, NODES)
            if found.value > V[t, i] + line:
                return Steadiness(True)
            proved &= found.proved
            if found.best is not None:
                close.append((i, t))
    return Steadiness(False, tuple(dict.fromkeys(close)), proved)


def _settings(tb: Tables, c: Ints, parties: Iterable[int]) -> dict[int, Setting]:
    """What covert breaches have in common, for several parties at once."""
    stakes, T = tb.stakes, tb.stakes.periods
    at = np.minimum(np.arange(T + int(stakes.undo_takes.max(initial=0)) + 2), T)
    lags = owner_lags(stakes)
    at_once, lagged, early = (stopped_terms(tb, c, gap) for gap in (np.zeros_like(lags), lags, lags - 1))
    u = per_period(tb, c)[at]
    in_force = ((c[:, None] <= np.arange(len(at))[None, :]) & (c < T)[:, None]).astype(np.float64)
    made = {}
    for i in parties:
        own = stakes.owner == i
        mine = tb.background[i] + at_once[i, own].sum(axis=0)
        walk = mine + lagged[i, ~own].sum(axis=0) + stick_worth(tb, (i,))[i] - stakes.exit_cost[i]
        found = mine + early[i, ~own].sum(axis=0) + stick_worth(tb, (i,), early=1)[i]
        made[i] = Setting(tb, c, i, u[:, i], at_once[i][:, at], walk[at], found[at], in_force)
    return made


def _pays(s: Setting, line: float, t: int, measures: Sequence[int]) -> bool:
    """Whether cheating from ``t`` on these measures, as far as they can be cheated on then, yields more than that."""
    every = one.candidates(s.tb, s.c, s.i, t)
    some = CheatSet(
        tuple(k for k in every.fakes if k in measures), tuple(k for k in every.undoes if k in measures)
    )
    if not some.fakes and not some.undoes:
        return False
    return one.cheat_path(s, some, t).value > line


# ---------------------------------------------------------------- a bound for all dates at once


def upper_bound(s: Setting) -> Floats:
    """(T+1,) no set of covert breaches begun in a period yields more than this; -inf where there is none.

    As the bound at the root of the search: for each number of measures cheated on, in each period the largest savings
    that many could bring, and the chance to be found that suits the cheat best between the lowest and the highest.
    """
    stakes, T = s.tb.stakes, s.tb.stakes.periods
    ks = np.flatnonzero((stakes.owner == s.i) & ~stakes.public & (s.c < T))
    if not len(ks):
        return np.full(T + 1, -np.inf)
    t0 = np.arange(T + 1)
    fake = s.c[ks][None, :] >= t0[:, None]
    member = fake | stakes.undoable[ks][None, :]
    saved, left = _saved(s, ks, fake), _left(s, ks, fake)
    unseen, blind = _unseen(s, ks, fake)
    out = ~member[:, :, None]
    extra, walk, found = _milestones(s, set(ks.tolist()))
    walk, found = s.walk_base + walk, s.found_base + found
    delta = float(s.tb.discount[s.i])
    ahead = _still_to_come(saved.reshape(-1, s.length), delta).reshape(saved.shape)
    least = np.cumprod(np.sort(np.where(out, 1.0, unseen), axis=1), axis=1)
    most = np.cumprod(-np.sort(-np.where(out, 0.0, blind), axis=1), axis=1)
    low, high = 1 - most, 1 - least
    add_left = _largest(left, out)
    first = _recursion(s, _largest(saved, out) + extra, low, high, walk + add_left, found + add_left)
    rest = _largest(left - ahead, out)
    second = _recursion(s, np.broadcast_to(extra, rest.shape), low, high, walk + rest, found + rest)
    second = second + np.take_along_axis(_largest(ahead, out), t0[:, None, None], axis=2)[:, :, 0]
    bound = np.minimum(first, second)
    enough = np.arange(1, len(ks) + 1)[None, :] <= member.sum(axis=1)[:, None]
    result: Floats = np.where(enough, bound, -np.inf).max(axis=1)
    return result


def _largest(series: Floats, out: Bools) -> Floats:
    """(T+1, n, H) the sums of the 1, 2, … n largest in each period, of those that can be cheated on."""
    ordered = -np.sort(np.where(out, np.inf, -series), axis=1)
    result: Floats = np.cumsum(np.where(np.isinf(ordered), 0.0, ordered), axis=1)
    return result


def _saved(s: Setting, ks: Ints, fake: Bools) -> Floats:
    """(T+1, n, H) savings by the date at which the cheat begins (see :func:`detente.incentives.cheat.saved`)."""
    st, T, t = s.tb.stakes, s.tb.stakes.periods, np.arange(s.length)
    t0, c = np.arange(T + 1)[:, None, None], s.c[ks][None, :, None]
    flow = st.flow[np.minimum(t, T - 1), s.i][:, ks].T[None]
    begin = np.maximum(t0, c - st.takes[ks][None, :, None])
    faked = -np.where(t >= c, flow, 0.0) - np.where(t == c, st.once[s.i, ks][None, :, None], 0.0)
    faked = faked - np.where((t >= begin) & (t < c), st.during[s.i, ks][None, :, None], 0.0)
    gone = t0 + st.undo_takes[ks][None, :, None]
    undone = -np.where(t >= gone, (1 - st.residual[ks])[None, :, None] * flow, 0.0)
    undone = undone - np.where(t == t0, st.undo_cost[ks][None, :, None], 0.0)
    result: Floats = np.where(fake[:, :, None], faked, undone)
    return result


def _left(s: Setting, ks: Ints, fake: Bools) -> Floats:
    """(T+1, n, H) as :func:`detente.incentives.cheat.left_with`."""
    st, tb, T, t = s.tb.stakes, s.tb, s.tb.stakes.periods, np.arange(s.length)
    worth = tb.worth[s.i][ks]
    now = worth[:, np.minimum(t, T)][None]
    gone = np.arange(T + 1)[:, None] + st.undo_takes[ks][None, :]
    then = np.take_along_axis(worth, np.minimum(gone, T).T, axis=1).T[:, :, None]
    gone = gone[:, :, None]
    shed = tb.power[s.i, np.maximum(gone - t, 0)] * np.where(t < gone, then, now)
    undone = now - (1 - st.residual[ks])[None, :, None] * shed
    result: Floats = np.where(fake[:, :, None], 0.0, undone) - s.own_left[ks][None]
    return result


def _unseen(s: Setting, ks: Ints, fake: Bools) -> tuple[Floats, Floats]:
    """(T+1, n, H) chances not to be found with all access open that is on the road map, and with none that rests on
    what itself could be cheated on."""
    st, t = s.tb.stakes, np.arange(s.length)
    own = set(ks.tolist())
    best, blind = (np.repeat(st.detect_base[ks][:, None], s.length, axis=1) for _ in range(2))
    for row, k in enumerate(ks.tolist()):
        for rule in st.access[k]:
            open_ = np.all(s.in_force[list(rule.measures)] > 0, axis=0)
            best[row] = np.where(open_, np.maximum(best[row], rule.detect), best[row])
            if not any(own & set(st.members[a] or (a,)) for a in rule.measures):
                blind[row] = np.where(open_, np.maximum(blind[row], rule.detect), blind[row])
    begin = np.where(fake, s.c[ks][None, :], np.arange(len(fake))[:, None])[:, :, None]
    return tuple(np.where(t >= begin, 1 - h[None], 1.0) for h in (best, blind))  # type: ignore[return-value]


def _milestones(s: Setting, own: set[int]) -> tuple[Floats, Floats, Floats]:
    """(H,) most that milestones add to savings, to walking out and to being found, whatever is cheated on."""
    tb, st, t = s.tb, s.tb.stakes, np.arange(s.length)
    saved, walk, found = (np.zeros(s.length) for _ in range(3))
    sparing = bool(worth_sparing(tb, s.c, s.i))
    free = (st.owner == s.i) & (st.withdrawal != 1)
    for m in present_milestones(tb, s.c):
        flow, once = st.flow[:, s.i, m], st.once[s.i, m]
        if not flow.any() and not once:
            continue
        tied = bool(own & set(st.members[m]))
        wanted = bool((flow >= 0).all() and once >= 0)
        mixed = not wanted and not bool((flow <= 0).all() and once <= 0)
        if tied:
            saved += one.believed_savings(s, m, -1)
        for total, way in ((walk, offsets(tb, (s.i,))), (found, offsets(tb, (s.i,), 1))):
            plain = sparing or (mixed and tied)
            most = _welcome(s, m, way, free, t) if plain else after_breach(tb, s.c, m, way, t=t)[s.i]
            total += np.maximum(most, 0.0) if tied and not wanted else most
    return saved, walk, found


def _recursion(s: Setting, saved: Floats, low: Floats, high: Floats, walk: Floats, found: Floats) -> Floats:
    """(T+1, n) C(t0) with the chance to be found in [low, high] chosen in each period as suits the cheat best."""
    delta, cost = float(s.tb.discount[s.i]), float(s.tb.stakes.exit_cost[s.i])
    now = s.u + saved
    C = np.full(now.shape[:2], -np.inf)
    for h in (low[..., -1], high[..., -1]):
        a = now[..., -1] - h * cost
        hold = (a + delta * h * found[..., -1]) / (1 - delta * (1 - h))
        quit_ = a + delta * ((1 - h) * walk[..., -1] + h * found[..., -1])
        C = np.maximum(C, np.where(hold >= walk[..., -1], hold, quit_))
    at_date = np.full_like(C, -np.inf)
    for t in range(s.length - 2, -1, -1):
        ahead = delta * np.maximum(C, walk[..., t + 1])
        caught = delta * found[..., t + 1] - cost
        h = np.where(ahead >= caught, low[..., t], high[..., t])
        C = now[..., t] + (1 - h) * ahead + h * caught
        if t < len(C):
            at_date[t] = C[t]
    return at_date
