"""The best covert breach over all sets of measures, by branch and bound with proof (model §5).

For each date a party may begin to cheat on any set of its own measures. Gains add up over the set, chances to be found
do not, so sets must be searched. A node of the search fixes some candidates in or out. Its bound gives the undecided
ones, for each number of them that could be added and in each period, the largest savings and the chance to be found
that suits the cheat best; this can only overstate what any set below the node yields. Sets that a smaller one, or one
that comes first, is certain to match are left out (see :mod:`detente.incentives.bites`), so that ties do not multiply.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.case.stakes import NEVER, Bools, Floats, Ints
from detente.incentives import cheat as one
from detente.incentives.bites import bites, twins
from detente.incentives.cheat import CheatSet, Setting
from detente.incentives.cheat_bounds import Candidates
from detente.incentives.coupled import Coupled, split_milestones
from detente.incentives.milestones import STAYS

NODE_LIMIT = 200_000
"""Nodes allowed for one party and date before the search gives up and says so."""

FEW_NODES = 1_000
"""Nodes allowed for all dates together before the dates still open are searched one by one."""

CHUNK = 2048
"""Nodes worked on at once."""


@dataclass(frozen=True, eq=False)
class Covert:
    """What party i gains at most by covert breach. Series have T+1 entries."""

    C: Floats
    """Largest C_i(S, t) found; -inf where there is nothing to cheat on, or no set reaches the floor."""
    best: tuple[CheatSet | None, ...]
    upper: Floats
    """No set yields more than this (in floats)."""
    proved: bool
    nodes: int


def covert(
    s: Setting,
    *,
    floor: Floats | None = None,
    slack: float = 0.0,
    node_limit: int = NODE_LIMIT,
    dates: Bools | None = None,
) -> Covert:
    """Search all sets for each date 0 … T, or only where ``dates`` (T+1,) says so.

    ``floor`` (T+1,): values below it are of no interest (what walking out yields). ``slack``: how far floats may be
    off. Sets that cannot be told from the best within it are pruned, so ``upper`` lies that much above ``C``. A good
    set is tried at every date first; where a bound for all dates at once excludes any better one, there is no search.
    Raises nothing: a search cut by ``node_limit`` has ``proved`` False and says in ``upper`` what it could not exclude.
    """
    T = s.tb.stakes.periods
    C, upper = np.full(T + 1, -np.inf), np.full(T + 1, -np.inf)
    every = Candidates.of(s)
    if every is None:
        return Covert(C, (None,) * (T + 1), upper, True, 0)
    asked = (every.many > 0) & (True if dates is None else dates)
    low = np.full(T + 1, -np.inf) if floor is None else floor
    best: dict[int, CheatSet | None] = dict(every.grown(asked))
    for t, some in best.items():
        C[t] = one.cheat_path(s, some, t).value if some else -np.inf
    upper[asked] = np.maximum(low, C)[asked] + slack
    C = np.where(low > C, -np.inf, C)
    proved, nodes = True, 0
    for t in np.flatnonzero(~every.excluded(np.where(asked, upper, np.inf), FEW_NODES)).tolist():
        found = search_date(s, t, float(low[t]), -slack, node_limit)
        C[t], upper[t], best[t] = found.value, found.upper, found.best
        proved, nodes = proved & found.proved, nodes + found.nodes
    told = tuple(best.get(t) if C[t] > -np.inf else None for t in range(T + 1))
    return Covert(C, told, upper, proved, nodes)


def _chunks(masks: Bools) -> list[Bools]:
    """Nodes in portions, so that memory stays bounded; at least one, maybe empty."""
    return [masks[n : n + CHUNK] for n in range(0, max(len(masks), 1), CHUNK)]


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
        with_ = pool.added(masks, depth)
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
    """Everything a party can cheat on from ``t0``, what matters earliest first. Series begin in ``t0``: (n, H)."""

    s: Setting
    t0: int
    ks: Ints
    fake: Bools
    bites: Ints
    """(n,) from when on it matters whether each is cheated on, counted from ``t0``."""
    twin: Ints
    """(n,) position of the candidate before each that is like it in all respects, or -1."""
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
    milestones: tuple[Coupled, ...]
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
        begin = bites(s, t0, ks, fake)
        some = (begin < NEVER) | (np.arange(len(ks)) == begin.argmax())
        ks, fake, begin = ks[some], fake[some], begin[some] - t0
        saved = np.array([one.saved(s, int(k), t0, bool(f)) for k, f in zip(ks, fake, strict=True)])[:, t0:]
        # whoever walks out soon gains nothing from later cheats: deciding the early ones first lets bounds see that
        weight = np.maximum(saved, 0) @ s.tb.power[s.i, : saved.shape[1]]
        order = np.lexsort((-weight, begin))
        ks, fake, begin, saved = ks[order], fake[order], begin[order], saved[order]
        left = np.array([one.left_with(s, int(k), t0, bool(f)) for k, f in zip(ks, fake, strict=True)])[:, t0:]
        nobody = np.full(len(s.tb.stakes.measures), STAYS, dtype=np.int64)
        all_of = one.gone_periods(s, every, t0)
        unseen, blind = (
            np.array([1 - one.detection(s, int(k), t0, bool(f), gone) for k, f in zip(ks, fake, strict=True)])[:, t0:]
            for gone in (nobody, all_of)
        )
        coupled, walk, found, simple = split_milestones(s, t0, set(ks.tolist()))
        ahead = one.still_to_come(saved, float(s.tb.discount[s.i]))
        return _Pool(
            s, t0, ks, fake, begin, twins(s, ks, fake), saved, ahead, left, unseen, blind,
            s.u[t0:], s.walk_base[t0:] + walk, s.found_base[t0:] + found, coupled,
            simple and bool((unseen == blind).all()),
        )  # fmt: skip

    def cheat_set(self, mask: Bools) -> CheatSet:
        ks = self.ks[mask]
        fake = self.fake[mask]
        return CheatSet(tuple(sorted(ks[fake].tolist())), tuple(sorted(ks[~fake].tolist())))

    def added(self, masks: Bools, depth: int) -> Bools:
        """Nodes with one candidate more; not where one like it that comes first is left out."""
        first = self.twin[depth]
        with_ = masks[masks[:, first]] if first >= 0 else masks.copy()
        with_[:, depth] = True
        return with_

    def values(self, masks: Bools) -> Floats:
        """(B,) C of each set if it goes on until its last cheat matters; an upper bound where not ``simple``."""
        member = masks.astype(np.float64)
        saved, left = member @ self.saved, member @ self.left
        unseen = np.where(masks[:, :, None], self.unseen[None], 1.0).prod(axis=1)
        blind = unseen if self.simple else np.where(masks[:, :, None], self.unseen_blind[None], 1.0).prod(axis=1)
        saved, walk, found = self._with_milestones(masks, masks, saved, self.walk + left, self.found + left)
        last = np.where(masks, self.bites, -1).max(axis=1)
        until = np.where(masks.sum(axis=1) > 1, last, -1)
        return self._recursion(saved, 1 - blind, 1 - unseen, walk, found, until)

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
        # with one in already, or two to add, it goes on until the last of them matters
        last = np.where(masks, self.bites, -1).max(axis=1)[:, None]
        until = np.maximum(last, np.sort(self.bites[depth:])[None])
        until[:, 0] = np.where(last[:, 0] < 0, -1, until[:, 0])
        left = left[:, None] + add_left[None]
        parts = self._with_milestones(
            masks, widest, saved[:, None] + add_saved[None], self.walk + left, self.found + left
        )
        first: Floats = self._recursion(parts[0], low, high, parts[1], parts[2], until)
        # the same with all future savings granted at once, and lost again on leaving: tighter where savings last
        ahead, rest = member @ self.ahead, member @ (self.left - self.ahead)
        add_ahead = np.cumsum(-np.sort(-self.ahead[depth:, 0]))
        add_rest = np.cumsum(-np.sort(-(self.left - self.ahead)[depth:], axis=0), axis=0)
        rest = rest[:, None] + add_rest[None]
        parts = self._with_milestones(masks, widest, np.zeros((1, 1, 1)), self.walk + rest, self.found + rest)
        second = self._recursion(parts[0], low, high, parts[1], parts[2], until) + ahead[:, :1] + add_ahead[None]
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

    def _recursion(self, saved: Floats, low: Floats, high: Floats, walk: Floats, found: Floats, until: Ints) -> Floats:
        """C(t0) with the chance to be found in [low, high] chosen in each period as suits the cheat best, and no
        walking out up to ``until``; nothing where that is for ever."""
        H = walk.shape[-1]
        walk = np.where(np.arange(H) <= np.minimum(until, H - 2)[..., None], -np.inf, walk)
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
        return np.where(until < H, C, -np.inf)
