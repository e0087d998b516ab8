"""Covert breach by one party on one set of its own measures (model §5)."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from detente.case.stakes import Floats, Ints
from detente.incentives.kept import per_period
from detente.incentives.milestones import STAYS, present_milestones
from detente.incentives.tables import Tables, owner_lags, stopped_terms
from detente.incentives.walk import best_left_alone, offsets, stick_worth


@dataclass(frozen=True)
class CheatSet:
    """Measures (indices) on which a party cheats: those it pretends to do, and those it secretly undoes."""

    fakes: tuple[int, ...] = ()
    undoes: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class Setting:
    """What covert breaches by party i on one road map have in common. Series run over 0 … T + 1 + longest undoing;
    from the last entry on nothing changes any more."""

    tb: Tables
    c: Ints
    i: int
    u: Floats
    """Payoffs while the road map is kept."""
    own_left: Floats
    """(N, n) what i's own measures are worth to it once it has left in t."""
    walk_base: Floats
    """W without milestones."""
    found_base: Floats
    """F without milestones."""
    in_force: Floats = field(repr=False)
    """(N, n) 1 where the others believe the measure in force."""

    @property
    def length(self) -> int:
        """Number of periods in every series."""
        return len(self.u)


def setting(tb: Tables, c: Ints, i: int, u: Floats | None = None) -> Setting:
    """What covert breaches by ``i`` have in common; ``u`` (T+1, P) payoffs if known already."""
    stakes, T = tb.stakes, tb.stakes.periods
    N = len(stakes.measures)
    horizon = T + int(stakes.undo_takes.max(initial=0)) + 2
    at = np.minimum(np.arange(horizon), T)
    u = per_period(tb, c) if u is None else u
    k = np.arange(N)
    if "stopped_when_found" in vars(tb):
        index = tb.columns(c)
        at_once, lagged, early = (
            table[i, k, index] for table in (tb.stopped_at_once, tb.stopped_after_lag, tb.stopped_when_found)
        )
    else:
        at_once = stopped_terms(tb, c, np.zeros(N, dtype=np.int64))[i]
        lagged = stopped_terms(tb, c, owner_lags(stakes))[i]
        early = stopped_terms(tb, c, owner_lags(stakes) - 1)[i]
    own = stakes.owner == i
    mine = tb.background[i] + at_once[own].sum(axis=0)
    walk_base = mine + lagged[~own].sum(axis=0) + stick_worth(tb, (i,))[i] - stakes.exit_cost[i]
    found_base = mine + early[~own].sum(axis=0) + stick_worth(tb, (i,), early=1)[i]
    in_force = (c[:, None] <= np.arange(horizon)[None, :]) & (c < T)[:, None]
    return Setting(tb, c, i, u[at, i], at_once[:, at], walk_base[at], found_base[at], in_force.astype(np.float64))


def candidates(tb: Tables, c: Ints, i: int, t0: int) -> CheatSet:
    """Every measure on which i can begin to cheat in ``t0``: what it can fake, what it can secretly undo."""
    stakes = tb.stakes
    open_to = (stakes.owner == i) & ~stakes.public & (c < stakes.periods)
    fakes = np.flatnonzero(open_to & (c >= t0))
    undoes = np.flatnonzero(open_to & (c < t0) & stakes.undoable)
    return CheatSet(tuple(int(k) for k in fakes), tuple(int(k) for k in undoes))


def saved(s: Setting, k: int, t0: int, fake: bool) -> Floats:
    """(n,) what cheating on k from t0 on saves i in each period until it is seen, milestones apart."""
    stakes = s.tb.stakes
    t = np.arange(s.length)
    flow = stakes.flow[np.minimum(t, stakes.periods - 1), s.i, k]
    if fake:
        c, begin = s.c[k], max(t0, int(s.c[k] - stakes.takes[k]))
        out: Floats = -np.where(t >= c, flow, 0.0)
        out[c] -= stakes.once[s.i, k]
        out[begin:c] -= stakes.during[s.i, k]
        return out
    out = -np.where(t >= t0 + stakes.undo_takes[k], (1 - stakes.residual[k]) * flow, 0.0)
    out[t0] -= stakes.undo_cost[k]
    return out


def still_to_come(saved: Floats, delta: float) -> Floats:
    """(n, H) discounted savings from each period on; the last entry lasts for ever."""
    out: Floats = saved / (1 - delta)
    for t in range(saved.shape[1] - 2, -1, -1):
        out[:, t] = saved[:, t] + delta * out[:, t + 1]
    return out


def left_with(s: Setting, k: int, t0: int, fake: bool) -> Floats:
    """(n,) how much more (or less) k is worth to i after it has left in t, for having cheated on it since t0."""
    if fake:
        nothing: Floats = np.negative(s.own_left[k])
        return nothing
    stakes, tb = s.tb.stakes, s.tb
    t = np.arange(s.length)
    at, gone = np.minimum(t, stakes.periods), t0 + int(stakes.undo_takes[k])
    worth = tb.worth[s.i, k]
    rest = worth[at] - (1 - stakes.residual[k]) * tb.power[s.i, np.maximum(gone - t, 0)] * np.where(
        t < gone, worth[min(gone, stakes.periods)], worth[at]
    )
    result: Floats = rest - s.own_left[k]
    return result


def gone_periods(s: Setting, cheat: CheatSet, t0: int) -> Ints:
    """(N,) period from which each measure is truly gone: -1 faked, t0 + r_k secretly undone, else ``STAYS``."""
    gone = np.full(len(s.tb.stakes.measures), STAYS, dtype=np.int64)
    gone[list(cheat.fakes)] = -1
    for k in cheat.undoes:
        gone[k] = t0 + s.tb.stakes.undo_takes[k]
    return gone


def detection(s: Setting, k: int, t0: int, fake: bool, gone: Ints) -> Floats:
    """(n,) chance per period that the cheat on k is found: 0 before there is something to find (model §5).

    Access that rests on a measure cheated on (``gone``) ends with it.
    """
    stakes = s.tb.stakes
    t = np.arange(s.length)
    h = np.full(s.length, stakes.detect_base[k])
    for rule in stakes.access[k]:
        open_ = np.ones(s.length, dtype=np.bool_)
        for a in rule.measures:
            open_ &= s.in_force[a] > 0
            for x in stakes.members[a] or (a,):
                open_ &= t < gone[x]
        h = np.where(open_, np.maximum(h, rule.detect), h)
    begin = int(s.c[k]) if fake else t0
    result: Floats = np.where(t >= begin, h, 0.0)
    return result


def believed_savings(s: Setting, m: int, gone_at: int) -> Floats:
    """(n,) what i saves while a milestone truly gone from ``gone_at`` on is believed in: its negative numbers."""
    stakes = s.tb.stakes
    t = np.arange(s.length)
    flow = stakes.flow[np.minimum(t, stakes.periods - 1), s.i, m]
    out: Floats = np.where((t >= s.c[m]) & (t >= gone_at), np.maximum(-flow, 0.0), 0.0)
    if gone_at <= s.c[m]:
        out[s.c[m]] += max(-stakes.once[s.i, m], 0.0)
    return out


@dataclass(frozen=True, eq=False)
class CheatPath:
    """A covert breach period by period; series start in period 0, entries before ``t0`` mean nothing."""

    t0: int
    u: Floats
    saved: Floats
    h: Floats
    W: Floats
    F: Floats
    C: Floats

    @property
    def value(self) -> float:
        """C_i(S, t0)."""
        return float(self.C[self.t0])


def cheat_path(s: Setting, cheat: CheatSet, t0: int) -> CheatPath:
    """C_i(S, t0; t) of model §5 with all its parts."""
    gone = gone_periods(s, cheat, t0)
    kinds = [(k, True) for k in cheat.fakes] + [(k, False) for k in cheat.undoes]
    gains: Floats = sum((saved(s, k, t0, fake) for k, fake in kinds), np.zeros(s.length))
    shift = sum((left_with(s, k, t0, fake) for k, fake in kinds), np.zeros(s.length))
    unseen = np.ones(s.length)
    for k, fake in kinds:
        unseen *= 1 - detection(s, k, t0, fake, gone)
    for m in present_milestones(s.tb, s.c):
        gone_at = int(gone[list(s.tb.stakes.members[m])].min())
        if gone_at != STAYS:
            gains = gains + believed_savings(s, m, gone_at)
    t = np.arange(s.length)
    W: Floats = s.walk_base + shift + best_left_alone(s.tb, s.c, s.i, offsets(s.tb, (s.i,)), gone=gone, t=t)[0]
    F: Floats = s.found_base + shift + best_left_alone(s.tb, s.c, s.i, offsets(s.tb, (s.i,), 1), gone=gone, t=t)[0]
    C = cheat_values(s, t0, gains, 1 - unseen, W, F)
    return CheatPath(t0, s.u, gains, 1 - unseen, W, F, C)


def cheat_values(s: Setting, t0: int, gains: Floats, h: Floats, W: Floats, F: Floats) -> Floats:
    """(…, n) the recursion C(t) = u + saved - h D + δ [ (1-h) max(C(t+1), W(t+1)) + h F(t+1) ] down to ``t0``.

    Series are constant from the last entry on, where the fixed point is taken in closed form.
    """
    delta, cost = float(s.tb.discount[s.i]), float(s.tb.stakes.exit_cost[s.i])
    now = s.u + gains - h * cost
    C = np.empty(np.broadcast_shapes(now.shape, W.shape))
    hold = (now[..., -1] + delta * h[..., -1] * F[..., -1]) / (1 - delta * (1 - h[..., -1]))
    quit_ = now[..., -1] + delta * ((1 - h[..., -1]) * W[..., -1] + h[..., -1] * F[..., -1])
    C[..., -1] = np.where(hold >= W[..., -1], hold, quit_)
    for t in range(s.length - 2, t0 - 1, -1):
        ahead = np.maximum(C[..., t + 1], W[..., t + 1])
        C[..., t] = now[..., t] + delta * ((1 - h[..., t]) * ahead + h[..., t] * F[..., t + 1])
    return C
