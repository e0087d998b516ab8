"""The best covert breach over all sets of measures, by branch and bound with proof (model §5).

For each date a party may begin to cheat on any set of its own measures. Gains add up over the set, chances to be found
do not, so sets must be searched. A node of the search fixes some candidates in or out. Its bound gives the undecided
ones, for each number of them that could be added and in each period, the largest savings and the chance to be found
that suits the cheat best; this can only overstate what any set below the node yields.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.case.stakes import Bools, Floats, Ints
from detente.incentives import cheat as one
from detente.incentives.cheat import CheatSet, Setting
from detente.incentives.milestones import STAYS, after_breach, present_milestones
from detente.incentives.walk import best_left_alone, offsets, worth_sparing

NODE_LIMIT = 200_000
"""Nodes allowed for one party and date before the search gives up and says so."""

CHUNK = 2048
"""Nodes worked on at once."""


@dataclass(frozen=True, eq=False)
class Covert:
    """What party i gains at most by covert breach. Series have T+1 entries."""

    C: Floats
    """Largest C_i(S, t) found; -inf where there is nothing to cheat on, or no set reaches the floor."""
    best: tuple[CheatSet | None, ...]
    close: tuple[tuple[CheatSet, ...], ...]
    """Sets that floats cannot tell from the best; all of them at dates where the best comes close to ``line``."""
    upper: Floats
    """No set yields more than this (in floats)."""
    proved: bool
    nodes: int


def covert(
    s: Setting,
    *,
    floor: Floats | None = None,
    line: Floats | None = None,
    slack: float = 0.0,
    node_limit: int = NODE_LIMIT,
    dates: Bools | None = None,
) -> Covert:
    """Search all sets for each date 0 … T, or only where ``dates`` (T+1,) says so.

    ``floor`` (T+1,): values below it are of no interest (what walking out yields). ``slack``: how far floats may be
    off. Sets that cannot be told from the best within it are pruned, so ``upper`` lies that much above ``C``; at dates
    where the best comes that close to ``line`` (T+1,), what going on is worth, all of them are searched out and kept
    in ``close``. Raises nothing: a search cut by ``node_limit`` has ``proved`` False and says in ``upper`` what it
    could not exclude.
    """
    T = s.tb.stakes.periods
    C, upper = np.full(T + 1, -np.inf), np.full(T + 1, -np.inf)
    best: list[CheatSet | None] = [None] * (T + 1)
    close: list[tuple[CheatSet, ...]] = [()] * (T + 1)
    proved, nodes = True, 0
    for t0 in range(T + 1) if dates is None else np.flatnonzero(dates).tolist():
        low = -np.inf if floor is None else float(floor[t0])
        found = search_date(s, t0, low, -slack, node_limit)
        nodes += found.nodes
        if line is not None and abs(line[t0] - max(found.value, low)) <= 4 * slack:
            found = search_date(s, t0, low, slack, node_limit)
            nodes += found.nodes
        C[t0], upper[t0], best[t0], close[t0] = found.value, found.upper, found.best, found.close
        proved &= found.proved
    return Covert(C, tuple(best), tuple(close), upper, proved, nodes)


def _chunks(masks: Bools) -> list[Bools]:
    """Nodes in portions, so that memory stays bounded."""
    return [masks[n : n + CHUNK] for n in range(0, len(masks), CHUNK)]


@dataclass(frozen=True, eq=False)
class Found:
    """What the search of one date brought; see :class:`Covert`."""

    value: float
    upper: float
    best: CheatSet | None
    close: tuple[CheatSet, ...]
    proved: bool
    nodes: int


def search_date(s: Setting, t0: int, floor: float, slack: float, node_limit: int) -> Found:
    """One date. A node is followed if its bound reaches the best less ``slack`` (negative: only if it could better
    the best by that much)."""
    pool = _Pool.of(s, t0)
    if pool is None:
        return Found(-np.inf, -np.inf, None, (), True, 0)
    masks = np.zeros((1, pool.n), dtype=np.bool_)
    bound = float(pool.bounds(masks, 0)[0])
    if bound < floor - max(slack, 0.0):
        return Found(-np.inf, floor, None, (), True, 1)
    head, value = _grown(pool)
    kept_masks, kept_values = [head[None]], [np.array([value])]
    best, nodes, open_bound = max(floor, value), 0, -np.inf
    for depth in range(pool.n):
        with_ = masks.copy()
        with_[:, depth] = True
        values = np.concatenate([pool.values(part) for part in _chunks(with_)])
        keep = values >= best - slack
        if keep.any():
            exact = pool.refine(with_[keep], values[keep])
            kept_masks.append(with_[keep])
            kept_values.append(exact)
            best = max(best, float(exact.max()))
        masks = np.concatenate([with_, masks])
        nodes += len(masks)
        bounds = np.concatenate([pool.bounds(part, depth + 1) for part in _chunks(masks)])
        masks, bounds = masks[bounds >= best - slack], bounds[bounds >= best - slack]
        if nodes > node_limit:
            open_bound = float(bounds.max(initial=-np.inf))
            break
        if not len(masks):
            break
    values, first = np.concatenate(kept_values), np.concatenate(kept_masks)
    sets, where = np.unique(first, axis=0, return_index=True)
    values = values[where]
    near = np.flatnonzero(values >= best - max(slack, 0.0))
    order = near[np.lexsort((sets[near].sum(axis=1), -values[near]))]
    if not len(order):
        return Found(-np.inf, max(floor, open_bound) + max(-slack, 0.0), None, (), open_bound == -np.inf, nodes)
    close = tuple(pool.cheat_set(sets[n]) for n in order)
    top = float(values[order[0]])
    return Found(top, max(top, open_bound) + max(-slack, 0.0), close[0], close, open_bound == -np.inf, nodes)


def _grown(pool: _Pool) -> tuple[Bools, float]:
    """A good set to begin with: the best single cheat, then whatever adds most, until nothing adds."""
    mask, value = np.zeros(pool.n, dtype=np.bool_), -np.inf
    while not mask.all():
        more = np.repeat(mask[None], int((~mask).sum()), axis=0)
        more[np.arange(len(more)), np.flatnonzero(~mask)] = True
        values = pool.values(more)
        n = int(values.argmax())
        exact = float(pool.refine(more[n : n + 1], values[n : n + 1])[0])
        if exact <= value:
            break
        mask, value = more[n], exact
    return mask, value


@dataclass(frozen=True, eq=False)
class _Pool:
    """Everything a party can cheat on from ``t0``, earliest savings first. Series begin in ``t0``: (n, H)."""

    s: Setting
    t0: int
    ks: Ints
    fake: Bools
    saved: Floats
    ahead: Floats
    """(n, H) savings still to come from each period on, if never found."""
    left: Floats
    unseen: Floats
    """(n, H) chance per period that the cheat is not found, access being as on the road map."""
    unseen_blind: Floats
    """The same without access that itself could be cheated on."""
    now: Floats
    """(H,) u, with walk and found: what does not depend on the set."""
    walk: Floats
    found: Floats
    milestones: tuple[_Coupled, ...]
    simple: bool
    """Whether ``values`` is exact up to rounding; else it is an upper bound, and ``refine`` computes."""

    @property
    def n(self) -> int:
        return len(self.ks)

    @staticmethod
    def of(s: Setting, t0: int) -> _Pool | None:
        every = one.candidates(s.tb, s.c, s.i, t0)
        ks = np.array([*every.fakes, *every.undoes], dtype=np.int64)
        if not len(ks):
            return None
        fake = np.array([True] * len(every.fakes) + [False] * len(every.undoes))
        saved = np.array([one.saved(s, int(k), t0, bool(f)) for k, f in zip(ks, fake, strict=True)])[:, t0:]
        # whoever walks out soon gains nothing from later cheats: deciding the early ones first lets bounds see that
        weight = np.maximum(saved, 0) @ s.tb.power[s.i, : saved.shape[1]]
        order = np.lexsort((-weight, (saved != 0).argmax(axis=1)))
        ks, fake, saved = ks[order], fake[order], saved[order]
        left = np.array([one.left_with(s, int(k), t0, bool(f)) for k, f in zip(ks, fake, strict=True)])[:, t0:]
        nobody = np.full(len(s.tb.stakes.measures), STAYS, dtype=np.int64)
        all_of = one.gone_periods(s, every, t0)
        unseen, blind = (
            np.array([1 - one.detection(s, int(k), t0, bool(f), gone) for k, f in zip(ks, fake, strict=True)])[:, t0:]
            for gone in (nobody, all_of)
        )
        coupled, walk, found, simple = _split_milestones(s, t0, set(ks.tolist()))
        ahead = still_to_come(saved, float(s.tb.discount[s.i]))
        return _Pool(
            s, t0, ks, fake, saved, ahead, left, unseen, blind,
            s.u[t0:], s.walk_base[t0:] + walk, s.found_base[t0:] + found, coupled,
            simple and bool((unseen == blind).all()),
        )  # fmt: skip

    def cheat_set(self, mask: Bools) -> CheatSet:
        ks = self.ks[mask]
        fake = self.fake[mask]
        return CheatSet(tuple(sorted(ks[fake].tolist())), tuple(sorted(ks[~fake].tolist())))

    def values(self, masks: Bools) -> Floats:
        """(B,) C of each set; an upper bound where not ``simple``."""
        member = masks.astype(np.float64)
        saved, left = member @ self.saved, member @ self.left
        unseen = np.where(masks[:, :, None], self.unseen[None], 1.0).prod(axis=1)
        blind = unseen if self.simple else np.where(masks[:, :, None], self.unseen_blind[None], 1.0).prod(axis=1)
        saved, walk, found = self._with_milestones(masks, masks, saved, self.walk + left, self.found + left)
        return self._recursion(saved, 1 - blind, 1 - unseen, walk, found)

    def refine(self, masks: Bools, values: Floats) -> Floats:
        """Exact values (up to rounding) of sets of which ``values`` may only be upper bounds."""
        if self.simple:
            return values
        return np.array([one.cheat_path(self.s, self.cheat_set(mask), self.t0).value for mask in masks])

    def bounds(self, masks: Bools, depth: int) -> Floats:
        """(B,) no set that agrees with the mask on the first ``depth`` candidates and adds others yields more."""
        n_free = self.n - depth
        if not n_free:
            return np.full(len(masks), -np.inf)
        member = masks.astype(np.float64)
        saved, left = member @ self.saved, member @ self.left
        unseen = np.where(masks[:, :, None], self.unseen[None], 1.0).prod(axis=1)
        blind = np.where(masks[:, :, None], self.unseen_blind[None], 1.0).prod(axis=1)
        add_saved = np.cumsum(-np.sort(-self.saved[depth:], axis=0), axis=0)
        add_left = np.cumsum(-np.sort(-self.left[depth:], axis=0), axis=0)
        most_unseen = np.cumprod(-np.sort(-self.unseen_blind[depth:], axis=0), axis=0)
        least_unseen = np.cumprod(np.sort(self.unseen[depth:], axis=0), axis=0)
        widest = masks.copy()
        widest[:, depth:] = True
        low = 1 - blind[:, None] * most_unseen[None]
        high = 1 - unseen[:, None] * least_unseen[None]
        left = left[:, None] + add_left[None]
        parts = self._with_milestones(
            masks, widest, saved[:, None] + add_saved[None], self.walk + left, self.found + left
        )
        first: Floats = self._recursion(parts[0], low, high, parts[1], parts[2])
        # the same with all future savings granted at once, and lost again on leaving: tighter where savings last
        ahead, rest = member @ self.ahead, member @ (self.left - self.ahead)
        add_ahead = np.cumsum(-np.sort(-self.ahead[depth:, 0]))
        add_rest = np.cumsum(-np.sort(-(self.left - self.ahead)[depth:], axis=0), axis=0)
        rest = rest[:, None] + add_rest[None]
        parts = self._with_milestones(masks, widest, np.zeros((1, 1, 1)), self.walk + rest, self.found + rest)
        second = self._recursion(parts[0], low, high, parts[1], parts[2]) + ahead[:, :1] + add_ahead[None]
        value: Floats = np.minimum(first, second).max(axis=1)
        return value

    def _with_milestones(
        self, least: Bools, most: Bools, saved: Floats, walk: Floats, found: Floats
    ) -> tuple[Floats, Floats, Floats]:
        """Add what milestones are worth when at least ``least`` and at most ``most`` are cheated on."""
        for m in self.milestones:
            a, b, d = m.most(self.ks, least, most)
            if saved.ndim == 3:
                a, b, d = a[:, None], b[:, None], d[:, None]
            saved, walk, found = saved + a, walk + b, found + d
        return saved, walk, found

    def _recursion(self, saved: Floats, low: Floats, high: Floats, walk: Floats, found: Floats) -> Floats:
        """C(t0) with the chance to be found in [low, high] chosen in each period as suits the cheat best."""
        delta, cost = float(self.s.tb.discount[self.s.i]), float(self.s.tb.stakes.exit_cost[self.s.i])
        now = self.now + saved
        C = np.full(now.shape[:-1], -np.inf)
        for h in (low[..., -1], high[..., -1]):
            a = now[..., -1] - h * cost
            hold = (a + delta * h * found[..., -1]) / (1 - delta * (1 - h))
            quit_ = a + delta * ((1 - h) * walk[..., -1] + h * found[..., -1])
            C = np.maximum(C, np.where(hold >= walk[..., -1], hold, quit_))
        for t in range(now.shape[-1] - 2, -1, -1):
            ahead = delta * np.maximum(C, walk[..., t + 1])
            caught = delta * found[..., t + 1] - cost
            h = np.where(ahead >= caught, low[..., t], high[..., t])
            C = now[..., t] + (1 - h) * ahead + h * caught
        return C


def still_to_come(saved: Floats, delta: float) -> Floats:
    """(n, H) discounted savings from each period on; the last entry lasts for ever."""
    out = saved / (1 - delta)
    for t in range(saved.shape[1] - 2, -1, -1):
        out[:, t] = saved[:, t] + delta * out[:, t + 1]
    return out


@dataclass(frozen=True, eq=False)
class _Coupled:
    """A milestone some of whose members can be cheated on: what it adds by the period from which it is truly gone."""

    members: frozenset[int]
    ends: tuple[int, ...]
    """Periods from which it may be gone, earliest first; the last is ``STAYS``."""
    end_of: dict[int, int]
    """For each candidate member the position in ``ends`` to which cheating on it leads."""
    saved: Floats
    """(E, H)"""
    walk: Floats
    found: Floats

    def most(self, ks: Ints, least: Bools, most: Bools) -> tuple[Floats, Floats, Floats]:
        """(B, H) each: the largest contributions when cheated sets lie between ``least`` and ``most``."""
        first = np.full(len(least), len(self.ends) - 1)
        last = first.copy()
        for column, k in enumerate(ks):
            if int(k) in self.members:
                last = np.where(least[:, column], np.minimum(last, self.end_of[int(k)]), last)
                first = np.where(most[:, column], np.minimum(first, self.end_of[int(k)]), first)
        out = []
        for series in (self.saved, self.walk, self.found):
            rows = np.empty((len(least), series.shape[1]))
            for a, b in set(zip(first.tolist(), last.tolist(), strict=True)):
                rows[(first == a) & (last == b)] = series[a : b + 1].max(axis=0)
            out.append(rows)
        return out[0], out[1], out[2]


def _split_milestones(s: Setting, t0: int, ks: set[int]) -> tuple[tuple[_Coupled, ...], Floats, Floats, bool]:
    """Milestones that the set can end, and what all others add to walking out and to being found."""
    tb, i = s.tb, s.i
    t = np.arange(t0, s.length)
    ways = (offsets(tb, (i,)), offsets(tb, (i,), 1))
    present = list(present_milestones(tb, s.c))
    tied = [m for m in present if ks & set(tb.stakes.members[m])]
    sparing = bool(worth_sparing(tb, s.c, i))
    if not tied:
        walk, found = (best_left_alone(tb, s.c, i, way, t=t)[0] for way in ways)
        return (), walk, found, True
    walk, found = np.zeros(len(t)), np.zeros(len(t))
    if sparing:
        # an upper bound: everything that could be left alone is, at no cost, and only welcome numbers count
        free = (tb.stakes.owner == i) & (tb.stakes.withdrawal != 1)
        for m in present:
            if m not in tied:
                walk, found = (x + welcome(s, m, way, free, t) for x, way in ((walk, ways[0]), (found, ways[1])))
        coupled = tuple(_coupled(s, t0, m, ks, ways, free) for m in tied)
        return coupled, walk, found, False
    for m in present:
        if m not in tied:
            walk, found = (x + after_breach(tb, s.c, m, way, t=t)[i] for x, way in ((walk, ways[0]), (found, ways[1])))
    return tuple(_coupled(s, t0, m, ks, ways, None) for m in tied), walk, found, True


def welcome(s: Setting, m: int, way: Ints, free: Bools, t: Ints, gone: Ints | None = None) -> Floats:
    """(n,) no choice of what to leave alone makes milestone m worth more than this to i."""
    spared: Floats = after_breach(s.tb, s.c, m, way, spared=free, gone=gone, t=t)[s.i]
    plain: Floats = after_breach(s.tb, s.c, m, way, gone=gone, t=t)[s.i]
    if (s.tb.stakes.flow[:, s.i, m] >= 0).all() and s.tb.stakes.once[s.i, m] >= 0:
        return spared
    if (s.tb.stakes.flow[:, s.i, m] <= 0).all() and s.tb.stakes.once[s.i, m] <= 0:
        larger: Floats = np.maximum(plain, spared)
        return larger
    at = np.minimum(t, s.tb.stakes.periods - 1)
    flow = np.maximum(s.tb.stakes.flow[:, s.i, m], 0.0).max() + 0.0 * at
    bound: Floats = flow / (1 - s.tb.discount[s.i]) + max(s.tb.stakes.once[s.i, m], 0.0)
    return bound


def _coupled(s: Setting, t0: int, m: int, ks: set[int], ways: tuple[Ints, Ints], free: Bools | None) -> _Coupled:
    tb = s.tb
    t = np.arange(t0, s.length)
    members = frozenset(ks & set(tb.stakes.members[m]))
    when = {k: -1 if s.c[k] >= t0 else t0 + int(tb.stakes.undo_takes[k]) for k in members}
    ends = (*sorted(set(when.values())), STAYS)
    saved: list[Floats] = []
    walk: list[Floats] = []
    found: list[Floats] = []
    for end in ends:
        gone = np.full(len(tb.stakes.measures), STAYS, dtype=np.int64)
        gone[next((k for k in members if when[k] == end), 0)] = end
        saved.append(np.zeros(len(t)) if end == STAYS else one.believed_savings(s, m, end)[t0:])
        for way, rows in ((ways[0], walk), (ways[1], found)):
            if free is not None:
                rows.append(welcome(s, m, way, free, t, gone))
            else:
                rows.append(after_breach(tb, s.c, m, way, gone=gone, t=t)[s.i])
    return _Coupled(
        members, ends, {k: ends.index(when[k]) for k in members}, np.array(saved), np.array(walk), np.array(found)
    )
