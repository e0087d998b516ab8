"""What measures are worth in one world: kept, and once their owners have stopped (model §3, §4)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from detente.case.stakes import Bools, Floats, Ints
from detente.incentives.many.compiled import entry, inner, part
from detente.incentives.many.frame import STAYS, Records, World, world

TIE = 1e-9
"""Relative distance from indifference within which undoing counts as not worth while."""

SERIES = np.dtype([("u", "f8"), ("kept", "f8"), ("quo", "f8")])
WORTH = np.dtype([("worth", "f8"), ("post", "f8")])
BETWEEN = np.dtype([("gives", "f8"), ("left", "f8"), ("late", "f8"), ("early", "f8")])
INTEREST = np.dtype([("counts", "?"), ("bit", "i8")])
ENDING = np.dtype([("when", "i8"), ("chance", "f8")])


class Table(NamedTuple):
    """Constants of one world on one road map, or of many with the world as first axis of all but the last four; T
    periods, P parties, N measures, M milestones. The last period stands for ever. L: T where a flow changes with time;
    else 1, since then what a measure is worth from a period on is the same in all of them."""

    power: Floats
    """(P, n) powers of the discount factors"""
    undoes: Bools
    """(N, L) whether its owner undoes a measure when it stops in s"""
    of: Records
    """(P, N, L) ``worth`` of a measure in force from s on, and ``post``, when its owner stops in s"""
    series: Records
    """(P, T+1) payoff ``u`` and continuation value while the road map is ``kept``; status ``quo`` from then on"""
    between: Records
    """(P, P, T+1) what an owner's (second) measures pay a party (first) in each period (``gives``), and are worth to it
    from t on when the owner stops in t (``left``), a response lag later (``late``), or one period less (``early``)"""
    interest: Records
    """(P, M) whether a milestone ``counts`` for a party, being worth something to it, good or bad; and with which
    ``bit`` of a number the party says that it leaves the milestone alone, -1 if it cannot"""
    nothing: Bools
    """(N,) no measure left alone"""
    stays: Ints
    """(M,) ``STAYS``: no milestone gone"""
    spared: Bools
    """(N,) room to work in"""
    queue: Records
    """Room to work in: when members of a milestone may end, and with which chance"""

    @property
    def undone(self) -> Bools:
        """(n, N, T+1) of many worlds: whether its owner undoes a measure when it stops in s."""
        periods, last = np.arange(self.series.shape[-1]), self.undoes.shape[-1] - 1
        result: Bools = self.undoes[..., np.minimum(periods, last)]
        return result


def tables(x: World) -> Table:
    """The constants of all worlds."""
    out = room(x, len(x.parties))
    _fill(x, out)
    return out


def room(x: World, n: int) -> Table:
    """Room for the constants of ``n`` of the worlds."""
    P, N, M, T, L = x.parties.shape[1], x.measures.shape[1], len(x.milestones), x.periods, x.flow.shape[1]
    return Table(
        np.ones((n, P, _longest(x))),
        np.zeros((n, N, L), dtype=np.bool_),
        np.zeros((n, P, N, L), dtype=WORTH),
        np.zeros((n, P, T + 1), dtype=SERIES),
        np.zeros((n, P, P, T + 1), dtype=BETWEEN),
        np.zeros((n, P, M), dtype=INTEREST),
        np.zeros(N, dtype=np.bool_),
        np.full(M, STAYS),
        np.zeros(N, dtype=np.bool_),
        np.zeros(len(x.holders) + 1, dtype=ENDING),
    )


def _longest(x: World) -> int:
    """How many powers of the discount factors every lag, undoing and stick may need."""
    most = max((x.measures["undo_takes"] + x.measures["takes"]).max(initial=0), x.sticks["delay"].max(initial=0))
    most += x.sticks["lasts"].max(initial=0) + x.parties["lag"].max(initial=0)
    return 2 * (x.periods + 2 + int(most))


def sizes(x: World) -> Floats:
    """(n, P) all payments that a party may see, as if each came for ever: how large rounding errors can be."""
    m, P = x.measures, x.parties.shape[1]
    paid = np.abs(x.flow).max(axis=1) + np.abs(x.values["once"]) + np.abs(x.values["during"]) * m["takes"][:, None]
    paid += np.where(m["owner"][:, None] == np.arange(P)[:, None], m["undo_cost"][:, None], 0.0)
    total = x.parties["exit_cost"] + np.abs(x.quo).max(axis=1)
    total += np.where(m["c"][:, None] < x.periods, paid, 0.0).sum(axis=2)
    total += (np.abs(x.harms["flow"]) + np.abs(x.harms["once"])).sum(axis=1)
    result: Floats = total / (1 - x.parties["discount"])
    return result


@part
def table(tb: Table, n: int) -> Table:
    """Those of world ``n`` of many."""
    return Table(
        tb.power[n], tb.undoes[n], tb.of[n], tb.series[n], tb.between[n], tb.interest[n], tb.nothing, tb.stays,
        tb.spared, tb.queue,
    )  # fmt: skip


@entry
def _fill(x: World, every: Table) -> None:
    for n in range(len(x.parties)):
        fill(world(x, n), table(every, n))


@part
def fill(w: World, tb: Table) -> None:
    """Enter the constants of one world where nothing has been entered."""
    for i in range(len(w.parties)):
        for n in range(1, tb.power.shape[1]):
            tb.power[i, n] = tb.power[i, n - 1] * w.parties[i].discount
    for k in range(len(w.measures)):
        if w.measures[k].c < w.periods:
            set_worth(w, tb, k)
            set_undone(w, tb, k)
            set_post(w, tb, k)
    for k in range(len(w.measures)):
        set_payments(w, tb, k)
        set_left(w, tb, k)
    set_kept(w, tb)
    set_stopping(w, tb)
    set_interest(w, tb)


@inner
def flow_at(w: World, i: int, k: int, t: int) -> float:
    """The flow of a measure to a party in a period."""
    return w.flow[min(t, w.flow.shape[0] - 1), i, k]


@inner
def pays_nothing(w: World, i: int, k: int) -> bool:
    """Whether the flow of a measure to a party is nothing throughout."""
    nothing = True
    for t in range(len(w.flow)):
        nothing = nothing and w.flow[t, i, k] == 0
    return nothing


@inner
def worth_at(tb: Table, i: int, k: int, t: int) -> float:
    """What a measure is worth to a party from a period on."""
    return tb.of[i, k, min(t, tb.of.shape[2] - 1)].worth


@inner
def post_at(tb: Table, i: int, k: int, t: int) -> float:
    """The same if its owner stops then."""
    return tb.of[i, k, min(t, tb.of.shape[2] - 1)].post


@inner
def undone_at(tb: Table, k: int, t: int) -> bool:
    """Whether its owner undoes a measure when it stops then."""
    return tb.undoes[k, min(t, tb.undoes.shape[1] - 1)]


@inner
def set_worth(w: World, tb: Table, k: int) -> None:
    """Σ_{x ≥ s} δ^{x-s} flow(x)."""
    last = len(w.flow) - 1
    for i in range(len(w.parties)):
        delta, of = w.parties[i].discount, tb.of[i, k]
        of[last].worth = w.flow[last, i, k] / (1 - delta)
        for t in range(last - 1, -1, -1):
            of[t].worth = w.flow[t, i, k] + delta * of[t + 1].worth


@inner
def set_undone(w: World, tb: Table, k: int) -> None:
    """The rule of model §4 for undoing, at the discount at which the owner decides; what is too close to call is left
    alone."""
    m, last = w.measures[k], len(w.flow) - 1
    if m.owner < 0 or not m.undoable:
        return
    delta, size = w.parties[m.owner].own, 0.0
    for t in range(len(w.flow)):
        size = max(size, abs(w.flow[t, m.owner, k]))
    shed = m.undo_chance * (1 - m.residual) * delta**m.undo_takes
    near = TIE * (size / (1 - delta) + m.undo_cost)
    own = w.flow[last, m.owner, k] / (1 - delta)
    for s in range(last, -1, -1):
        if s + m.undo_takes < last:
            own = w.flow[s + m.undo_takes, m.owner, k] + delta * own
        pays = -shed * own - m.undo_cost > near
        tb.undoes[k, s] = m.withdrawal == 1 or (m.withdrawal == 0 and pays)


@inner
def set_post(w: World, tb: Table, k: int) -> None:
    """Worth from s on of a measure in force whose owner stops in s."""
    m = w.measures[k]
    shed = m.undo_chance * (1 - m.residual)
    for i in range(len(w.parties)):
        cost, of = m.undo_cost if i == m.owner else 0.0, tb.of[i, k]
        for s in range(len(w.flow)):
            of[s].post = of[s].worth
            if tb.undoes[k, s]:
                of[s].post -= shed * tb.power[i, m.undo_takes] * worth_at(tb, i, k, s + m.undo_takes) + cost


@inner
def set_payments(w: World, tb: Table, k: int) -> None:
    """Add what a measure pays each party in each period: to what its owner gives, or if it has none, to the payoffs."""
    T, m = w.periods, w.measures[k]
    for i in range(len(w.parties)):
        value = w.values[i, k]
        for t in range(min(max(m.c - m.takes, 0), T), min(m.c, T)):
            pay(tb, i, m.owner, t, value.during)
        if m.c >= T:
            continue
        if m.c >= 0:
            pay(tb, i, m.owner, m.c, value.once)
        if m.replaces < 0 and pays_nothing(w, i, k):
            continue
        for t in range(max(m.c, 0), T + 1):
            ended = flow_at(w, i, m.replaces, t) if m.replaces >= 0 else 0.0
            pay(tb, i, m.owner, t, flow_at(w, i, k, t) - ended)


@inner
def pay(tb: Table, i: int, owner: int, t: int, amount: float) -> None:
    """Enter a payment to party ``i``."""
    if owner >= 0:
        tb.between[i, owner, t].gives += amount
    else:
        tb.series[i, t].u += amount


@part
def set_kept(w: World, tb: Table) -> None:
    """Payoffs and continuation values, and the status quo, discounted."""
    T = w.periods
    for i in range(len(w.parties)):
        delta, series = w.parties[i].discount, tb.series[i]
        for t in range(T + 1):
            series[t].u += w.quo[min(t, T - 1), i]
            for o in range(len(w.parties)):
                series[t].u += tb.between[i, o, t].gives
        series[T].kept = series[T].u / (1 - delta)
        series[T].quo = w.quo[T - 1, i] / (1 - delta)
        for t in range(T - 1, -1, -1):
            series[t].kept = series[t].u + delta * series[t + 1].kept
            series[t].quo = w.quo[t, i] + delta * series[t + 1].quo


@inner
def set_left(w: World, tb: Table, k: int) -> None:
    """Add a measure to what is in force of its owner's when that stops."""
    T, m = w.periods, w.measures[k]
    if m.c >= T or m.owner < 0:
        return
    for i in range(len(w.parties)):
        if i != m.owner and m.replaces < 0 and pays_nothing(w, i, k):
            continue
        for s in range(m.c + 1, T + 1):
            ended = post_at(tb, i, m.replaces, s) if m.replaces >= 0 else 0.0
            tb.between[i, m.owner, s].left += post_at(tb, i, k, s) - ended


@part
def set_stopping(w: World, tb: Table) -> None:
    """Worth of an owner's measures from t on when it stops a response lag later, or one period less."""
    T = w.periods
    for i in range(len(w.parties)):
        for o in range(len(w.parties)):
            for t in range(T + 1):
                tb.between[i, o, t].late = stopping(tb, i, o, t, w.parties[o].lag, T)
                tb.between[i, o, t].early = stopping(tb, i, o, t, w.parties[o].lag - 1, T)


@inner
def stopping(tb: Table, i: int, o: int, t: int, gap: int, T: int) -> float:
    """Worth to ``i`` of the measures of ``o`` from t on when ``o`` stops in t + ``gap``."""
    total = tb.power[i, gap] * tb.between[i, o, min(t + gap, T)].left
    for s in range(gap):
        total += tb.power[i, s] * tb.between[i, o, min(t + s, T)].gives
    return total


@part
def set_interest(w: World, tb: Table) -> None:
    """Which milestones count for each party, and which it could leave alone: none where none is worth having to it."""
    for i in range(len(w.parties)):
        welcome, bits = False, 0
        for x in range(len(w.milestones)):
            m = w.milestones[x].measure
            if w.measures[m].c < w.periods:
                least, most = min(w.values[i, m].once, 0.0), max(w.values[i, m].once, 0.0)
                for t in range(len(w.flow)):
                    least, most = min(least, w.flow[t, i, m]), max(most, w.flow[t, i, m])
                tb.interest[i, x].counts = least < 0 or most > 0
                welcome = welcome or most > 0
        for x in range(len(w.milestones)):
            tb.interest[i, x].bit = -1
            if welcome and w.measures[w.milestones[x].measure].c < w.periods and could_spare(w, tb, i, x):
                tb.interest[i, x].bit = bits
                bits += 1


@part
def could_spare(w: World, tb: Table, i: int, x: int) -> bool:
    """Whether there is a member, or one that stands for it, that party ``i`` would undo and need not."""
    found = False
    for row in range(w.milestones[x].holders, w.milestones[x].holders_end):
        if w.measures[w.holders[row].member].owner == i:
            for n in range(w.holders[row].chain, w.holders[row].chain_end):
                k = w.lists[n]
                for t in range(tb.undoes.shape[1]):
                    found = found or (tb.undoes[k, t] and w.measures[k].withdrawal != 1)
    return found
