"""Bounds on what covert breaches yield, for all dates at once: to exclude most dates without a search (model §5).

As in :mod:`detente.incentives.covert` a node fixes some candidates in or out; its bound grants, for each number of
others that could be added, in each period the largest savings that many could bring and the chance to be found that
suits the cheat best. Here nodes of many dates are bounded together, and milestones are granted their best in any case;
so what cannot be excluded here is no breach yet.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.case.stakes import Bools, Floats, Ints
from detente.incentives import cheat as one
from detente.incentives.cheat import CheatSet, Setting
from detente.incentives.coupled import welcome
from detente.incentives.milestones import STAYS, after_breach, holders, present_milestones
from detente.incentives.walk import offsets, worth_sparing

MOST_NODES = 4_000
"""Nodes bounded together before the dates still open are given up."""


@dataclass(frozen=True, eq=False)
class Candidates:
    """What a party can cheat on at each date, earliest savings first; what it cannot comes last and counts for
    nothing. Series (T+1, n, H) run over all periods; entries before the date mean nothing."""

    s: Setting
    many: Ints
    """(T+1,) how many there are."""
    ks: Ints
    """(T+1, n) which measures they are."""
    saved: Floats
    ahead: Floats
    """Savings still to come from each period on, if never found."""
    left: Floats
    unseen: Floats
    """Chance per period not to be found, with all access open that is on the road map."""
    blind: Floats
    """The same with no access that rests on what itself could be cheated on."""
    extra: Floats
    """(T+1, 1, H) most that milestones add to savings."""
    walk: Floats
    """(T+1, 1, H) what leaving yields, milestones at their best."""
    found: Floats

    @staticmethod
    def of(s: Setting) -> Candidates | None:
        """None if the party can cheat on nothing."""
        stakes, T = s.tb.stakes, s.tb.stakes.periods
        ks = np.flatnonzero((stakes.owner == s.i) & ~stakes.public & (s.c < T))
        if not len(ks):
            return None
        fake = s.c[ks][None, :] >= np.arange(T + 1)[:, None]
        member = fake | stakes.undoable[ks][None, :]
        saved, left = _saved(s, ks, fake), _left(s, ks, fake)
        unseen, blind = _unseen(s, ks, fake)
        out = ~member[:, :, None]
        saved, left = np.where(out, 0.0, saved), np.where(out, 0.0, left)
        unseen, blind = np.where(out, 1.0, unseen), np.where(out, 1.0, blind)
        begins = np.where(saved.any(axis=2), (saved != 0).argmax(axis=2), s.length)
        order = np.lexsort((begins, ~member), axis=1)
        which, order = ks[order], order[:, :, None]
        saved, left, unseen, blind = (np.take_along_axis(x, order, axis=1) for x in (saved, left, unseen, blind))
        ahead = one.still_to_come(saved.reshape(-1, s.length), float(s.tb.discount[s.i])).reshape(saved.shape)
        extra, walk, found = _milestones(s, set(ks.tolist()))
        many = member.sum(axis=1)
        return Candidates(
            s, many, which, saved, ahead, left, unseen, blind, extra, s.walk_base + walk, s.found_base + found
        )  # fmt: skip

    def grown(self, asked: Bools) -> dict[int, CheatSet]:
        """A good set for each date asked for: the best single cheat, then whatever adds most, until nothing adds."""
        dates, n = np.flatnonzero(asked), self.saved.shape[1]
        masks, values = np.zeros((len(dates), n), dtype=np.bool_), np.full(len(dates), -np.inf)
        rows = np.arange(len(dates))
        while len(rows):
            at, here = dates[rows], masks[rows]
            more = self._with_one_more(at, here)
            more[here | (np.arange(n) >= self.many[at][:, None])] = -np.inf
            which = more.argmax(axis=1)
            gain = more[np.arange(len(rows)), which] > values[rows]
            rows, which, more = rows[gain], which[gain], more[gain]
            masks[rows, which], values[rows] = True, more[np.arange(len(rows)), which]
        return {int(t): self._set(int(t), mask) for t, mask in zip(dates, masks, strict=True)}

    def _with_one_more(self, dates: Ints, masks: Bools) -> Floats:
        """(B, n) no more than this comes of each set with each candidate added."""
        member = masks[:, None, :].astype(np.float64)
        saved, left = (member @ x[dates] + x[dates] for x in (self.saved, self.left))
        seen, blind = (
            np.where(masks[:, :, None], x[dates], 1.0).prod(axis=1)[:, None] * x[dates]
            for x in (self.unseen, self.blind)
        )
        return self._recursion(dates, saved + self.extra[dates], np.minimum(1 - blind, 1 - seen), 1 - seen, left)

    def _set(self, t: int, mask: Bools) -> CheatSet:
        chosen = self.ks[t][mask]
        fake = self.s.c[chosen] >= t
        return CheatSet(tuple(sorted(chosen[fake].tolist())), tuple(sorted(chosen[~fake].tolist())))

    def excluded(self, line: Floats, most_nodes: int = MOST_NODES) -> Bools:
        """(T+1,) dates at which no set of covert breaches yields more than ``line`` (T+1,)."""
        open_ = (self.many > 0) & (self._bound(*self._root(), 0) > line)
        dates, masks = self._root()
        dates, masks = dates[open_], masks[open_]
        given_up = np.zeros(len(line), dtype=np.bool_)
        for depth in range(self.saved.shape[1]):
            dates, masks = dates[depth < self.many[dates]], masks[depth < self.many[dates]]
            if not len(dates):
                break
            with_ = masks.copy()
            with_[:, depth] = True
            given_up[dates[self._value(dates, with_) > line[dates]]] = True
            dates, masks = np.concatenate([dates, dates]), np.concatenate([with_, masks])
            more = ~given_up[dates] & (depth + 1 < self.many[dates])
            dates, masks = dates[more], masks[more]
            if not len(dates):
                break
            more = self._bound(dates, masks, depth + 1) > line[dates]
            dates, masks = dates[more], masks[more]
            if len(dates) > most_nodes:
                given_up[dates] = True
                break
        return ~given_up

    def _root(self) -> tuple[Ints, Bools]:
        n = self.saved.shape[1]
        return np.arange(len(self.many)), np.zeros((len(self.many), n), dtype=np.bool_)

    def _value(self, dates: Ints, masks: Bools) -> Floats:
        """(B,) no more than this comes of exactly these sets."""
        member = masks[:, None, :].astype(np.float64)
        saved, left = (member @ x[dates] for x in (self.saved, self.left))
        low, high = (1 - np.where(masks[:, :, None], x[dates], 1.0).prod(axis=1) for x in (self.blind, self.unseen))
        low, high = np.minimum(low, high)[:, None], high[:, None]
        return self._recursion(dates, saved + self.extra[dates], low, high, left)[:, 0]

    def _bound(self, dates: Ints, masks: Bools, depth: int) -> Floats:
        """(B,) no set that agrees with the mask on the first ``depth`` candidates and adds others yields more."""
        member = masks[:, None, :].astype(np.float64)
        which, place = np.unique(dates, return_inverse=True)
        out = np.arange(depth, self.saved.shape[1])[None, :] >= self.many[which][:, None]
        saved, left, ahead = (member @ x[dates] for x in (self.saved, self.left, self.ahead))
        more = [_largest(x[which, depth:], out)[place] for x in (self.saved, self.left, self.left - self.ahead)]
        now = self.ahead[which[:, None], np.arange(depth, self.saved.shape[1])[None, :], which[:, None]]
        add_ahead = _largest(now[:, :, None], out)[place, :, 0]
        seen = np.where(masks[:, :, None], self.unseen[dates], 1.0).prod(axis=1)[:, None]
        blind = np.where(masks[:, :, None], self.blind[dates], 1.0).prod(axis=1)[:, None]
        some = np.where(out[:, :, None], 0.0, self.blind[which, depth:])
        low = 1 - blind * np.cumprod(-np.sort(-some, axis=1), axis=1)[place]
        every = np.where(out[:, :, None], 1.0, self.unseen[which, depth:])
        high = 1 - seen * np.cumprod(np.sort(every, axis=1), axis=1)[place]
        first = self._recursion(dates, saved + more[0] + self.extra[dates], low, high, left + more[1])
        second = self._recursion(dates, self.extra[dates], low, high, left - ahead + more[2])
        second = second + add_ahead + np.take_along_axis(ahead[:, 0], dates[:, None], axis=1)
        enough = np.arange(1, out.shape[1] + 1)[None, :] <= (~out).sum(axis=1)[place][:, None]
        result: Floats = np.where(enough, np.minimum(first, second), -np.inf).max(axis=1, initial=-np.inf)
        return result

    def _recursion(self, dates: Ints, saved: Floats, low: Floats, high: Floats, left: Floats) -> Floats:
        """(B, m) C at each node's date, with the chance to be found in [low, high] chosen in each period as suits
        the cheat best."""
        s = self.s
        delta, cost = float(s.tb.discount[s.i]), float(s.tb.stakes.exit_cost[s.i])
        now, walk, found = s.u + saved, self.walk[dates] + left, self.found[dates] + left
        C = np.full(walk.shape[:2], -np.inf)
        for h in (low[..., -1], high[..., -1]):
            a = now[..., -1] - h * cost
            hold = (a + delta * h * found[..., -1]) / (1 - delta * (1 - h))
            quit_ = a + delta * ((1 - h) * walk[..., -1] + h * found[..., -1])
            C = np.maximum(C, np.where(hold >= walk[..., -1], hold, quit_))
        result = np.full_like(C, -np.inf)
        for t in range(s.length - 2, int(dates.min(initial=s.length)) - 1, -1):
            ahead = delta * np.maximum(C, walk[..., t + 1])
            caught = delta * found[..., t + 1] - cost
            h = np.where(ahead >= caught, low[..., t], high[..., t])
            C = now[..., t] + (1 - h) * ahead + h * caught
            here = dates == t
            if here.any():
                result[here] = C[here]
        return result


def _largest(series: Floats, out: Bools) -> Floats:
    """(D, n, H) the sums of the 1, 2, … n largest in each period, of those that can be cheated on."""
    ordered = -np.sort(np.where(out[:, :, None], np.inf, -series), axis=1)
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
    """(T+1, 1, H) most that milestones add to savings, to walking out and to being found, whatever is cheated on."""
    tb, st, t = s.tb, s.tb.stakes, np.arange(s.length)
    saved, walk, found = (np.zeros((st.periods + 1, 1, s.length)) for _ in range(3))
    sparing = bool(worth_sparing(tb, s.c, s.i))
    free = (st.owner == s.i) & (st.withdrawal != 1)
    for m in present_milestones(tb, s.c):
        flow, once = st.flow[:, s.i, m], st.once[s.i, m]
        if not flow.any() and not once:
            continue
        tied = own & set(st.members[m])
        wanted = bool((flow >= 0).all() and once >= 0)
        unwanted = bool((flow <= 0).all() and once <= 0)
        ends = _ends(s, tied)
        if tied and not wanted:
            saved += _disbelieved(s, m, ends)
        for total, way in ((walk, offsets(tb, (s.i,))), (found, offsets(tb, (s.i,), 1))):
            plain = sparing or not (wanted or unwanted or not tied)
            most = welcome(s, m, way, free, t) if plain else after_breach(tb, s.c, m, way, t=t)[s.i]
            if tied and not wanted:
                total += np.maximum(most, _lasting(s, m, ends, way) if unwanted else 0.0)
            else:
                total += most
    return saved, walk, found


def _ends(s: Setting, members: set[int]) -> Ints:
    """(T+1,) from when on a milestone may be gone by cheats on these members begun at each date; -1: never there."""
    st, t0 = s.tb.stakes, np.arange(s.tb.stakes.periods + 1)
    ends: Ints = np.full(len(t0), STAYS)
    for k in members:
        behind = t0 + st.undo_takes[k] if st.undoable[k] else STAYS
        ends = np.minimum(ends, np.where(s.c[k] >= t0, -1, behind))
    return ends


def _disbelieved(s: Setting, m: int, ends: Ints) -> Floats:
    """(T+1, 1, H) as :func:`detente.incentives.cheat.believed_savings` for each date."""
    t, gone = np.arange(s.length), ends[:, None, None]
    st = s.tb.stakes
    harm = np.maximum(-st.flow[np.minimum(t, st.periods - 1), s.i, m], 0.0)
    once = max(-float(st.once[s.i, m]), 0.0)
    result: Floats = np.where((t >= s.c[m]) & (t >= gone), harm, 0.0) + np.where((t == s.c[m]) & (gone <= t), once, 0.0)
    return result


def _lasting(s: Setting, m: int, ends: Ints, way: Ints) -> Floats:
    """(T+1, 1, H) what an unwelcome milestone in force when i leaves at least costs it: until it can first be gone."""
    st, T, t = s.tb.stakes, s.tb.stakes.periods, np.arange(s.length)
    standing = [(x, h) for x, chain in holders(s.tb, s.c, m) for h in (x, *chain)]
    soonest = min(int(way[st.owner[x]] + st.undo_takes[h]) for x, h in standing)
    span = np.maximum(np.minimum(ends[:, None, None] - t, soonest), 0)
    worth = s.tb.worth[s.i, m]
    kept = worth[np.minimum(t, T)] - s.tb.power[s.i, span] * worth[np.minimum(t + span, T)]
    return np.where(t > s.c[m], kept, 0.0)
