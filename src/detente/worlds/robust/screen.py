"""How a change of some steps would fare in many worlds, to first order, before it is tried.

Along a road map that was looked at exactly, each step adds terms of its own to what staying is worth and to what
walking out is (model §3-§4). Moving a step exchanges its terms; all else (cheats, milestones, steps that slip) is left
as it was. That ranks hundreds of changes in the time in which one is tried.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from detente.case.batch import Batch, from_resolved
from detente.case.stakes import NEVER, Floats, Ints, Stakes
from detente.incentives.kept import scales
from detente.incentives.many.prospects import reserves
from detente.incentives.tables import Tables, kept_terms, owner_lags, stopped_terms, suffix_sums, tables
from detente.worlds.robust.trial import Alike, Trial
from detente.worlds.slip import Agreed

Singles = npt.NDArray[np.float32]

MOST_ENTRIES = 12_000_000
"""Numbers kept at most; of more worlds only the first are looked at."""


class Screen:
    """Terms of all measures that may be on a road map, in the first worlds of a trial and in the case itself."""

    def __init__(self, trial: Trial, st: Stakes, free: Sequence[int], who: Sequence[int]) -> None:
        self.st, self.free, self.who = st, tuple(free), tuple(who)
        each = len(self.who) * len(self.free) * (st.periods + 1) ** 2
        self.n = min(trial.n, max(1, MOST_ENTRIES // max(each, 1)))
        itself = from_resolved(st.case, 1)
        self.alike = [*trial.part(0, self.n).alike, Alike(np.array([self.n]), ((0, itself),), reserves(itself))]
        self.scale = np.maximum(scales(st)[list(self.who)], 1e-9)
        self.place = {k: n for n, k in enumerate(self.free)}
        terms = (self.n + 1, len(self.who), len(self.free), st.periods + 1)
        self.stay: Singles = np.empty((*terms, st.periods + 1), dtype=np.float32)
        """(n+1, I, N, C, T+1) what a measure in force from c on adds to staying in t, less to walking out then"""
        self.sign: Singles = np.empty(terms, dtype=np.float32)
        """(n+1, I, N, C) what it adds to signing"""
        self.takes = np.empty((self.n + 1, len(st.measures)), dtype=np.int64)
        for alike in self.alike:
            self._fill(alike)

    def _fill(self, alike: Alike) -> None:
        """Terms of the worlds of one kind, in each period by the numbers of whoever is in office then."""
        self.takes[alike.rows] = alike.regimes[0][1].takes
        for begin, end, b in alike.terms():
            for n, i in enumerate(self.who):
                stay, sign = _terms(b, i, self.free)
                self.stay[alike.rows, n, :, :, begin:end] = stay[..., begin:end] / self.scale[n]
                if not begin:
                    self.sign[alike.rows, n] = sign / self.scale[n]

    def view(self, plan: Agreed) -> View:
        """A road map looked at exactly."""
        seen = [alike.outlook(plan) for alike in self.alike]
        order = np.argsort(np.concatenate([alike.rows for alike in self.alike]))
        c, signing, covert, over, players, margin = (
            np.concatenate([getattr(x, name) for x in seen])[order]
            for name in ("c", "signing", "covert", "over_walking", "players", "margin")
        )
        margin = np.where(players[:, None], margin, np.inf)
        signing = np.where(players, signing, np.inf)
        who = list(self.who)
        others = np.delete(margin, who, axis=2).min(axis=(1, 2), initial=np.inf)
        others = np.minimum(others, np.delete(signing, who, axis=1).min(axis=1, initial=np.inf))
        return View(
            self, np.minimum(c, self.st.periods),
            (np.moveaxis(margin[:, :, who], 1, 2) / self.scale[:, None]).astype(np.float32),
            (signing[:, who] / self.scale).astype(np.float32), np.moveaxis(covert[:, :, who], 1, 2),
            (np.moveaxis(over[:, :, who], 1, 2) / self.scale[:, None]).astype(np.float32), others,
        )  # fmt: skip


def deciding(st: Stakes) -> tuple[int, ...]:
    """Principals, or all that have measures: a road map is rated by what each of them has to spare."""
    owners = dict.fromkeys(m.by for m in st.case.measures.values() if m.by is not None)
    return tuple(st.party_index[p] for p in st.case.principals or tuple(owners))


@dataclass(frozen=True, eq=False)
class View:
    """A road map in the worlds of a screen; the last row is the case itself. ``I`` parties, each in its scale."""

    screen: Screen
    c: Ints
    """(n+1, N) completion periods, T: absent or too late"""
    margin: Singles
    """(n+1, I, T+1)"""
    signing: Singles
    """(n+1, I)"""
    covert: Ints
    """(n+1, I, T+1, 2)"""
    over: Singles
    """(n+1, I, T+1)"""
    others: Floats
    """(n+1,) the least that the other parties have to spare"""

    @property
    def spare(self) -> Floats:
        """(n+1,) the least that anybody has to spare, in its scale."""
        least = np.minimum(self.margin.min(axis=(1, 2)), self.signing.min(axis=1))
        result: Floats = np.minimum(least, self.others)
        return result

    def dates(self, k: int) -> Floats:
        """(n+1, C) about what anybody would have to spare if measure k began in another period (the last: never)."""
        x, n, w = self.screen, self.screen.place[k], np.arange(len(self.c))
        T, before = x.st.periods, self.c[:, k]
        begin = np.append(np.arange(T), T)
        after = np.minimum(begin[None, :] + np.where(begin < T, x.takes[:, k, None], 0), T)
        stay = x.stay[w[:, None], :, n, after] - x.stay[w, :, n, before][:, None]
        sign = x.sign[w[:, None], :, n, after] - x.sign[w, :, n, before][:, None]
        margin = self.margin[:, None] + stay
        margin[:, -1] += (self.covert == k).any(axis=3) * self.over
        least = np.minimum(margin.min(axis=(2, 3)), (self.signing[:, None] + sign).min(axis=2))
        result: Floats = np.minimum(least, self.others[:, None])
        return result

    def moved(self, starts: Mapping[int, int | None]) -> View:
        """About the same view with some measures begun in other periods (None: never)."""
        x, w, T = self.screen, np.arange(len(self.c)), self.screen.st.periods
        c, margin, signing = self.c.copy(), self.margin.copy(), self.signing.copy()
        for k, start in starts.items():
            n = x.place[k]
            before, after = c[:, k], np.full(len(c), T) if start is None else np.minimum(start + x.takes[:, k], T)
            margin += x.stay[w, :, n, after] - x.stay[w, :, n, before]
            signing += x.sign[w, :, n, after] - x.sign[w, :, n, before]
            c[:, k] = after
        left_out = [k for k, start in starts.items() if start is None]
        found = np.isin(self.covert, left_out).any(axis=3)
        margin += found * self.over
        return replace(self, c=c, margin=margin, signing=signing, over=~found * self.over)


def _terms(b: Batch, i: int, free: Sequence[int]) -> tuple[Floats, Floats]:
    """What each measure adds for party i, by the period from which it is in force (the last: absent): (n, N, C, T+1)
    to staying less walking out in each period, (n, N, C) to signing.

    Who undoes what, response lags and work are as in the case at its central values.
    """
    st, n = b.like, b.n
    steady = np.broadcast_to(b.flow[:, :, i], (n, st.periods, b.flow.shape[3]))
    rows = replace(
        st, parties=tuple(str(x) for x in range(n)), discount=b.discount[:, i], exit_cost=b.exit_cost[:, i],
        status_quo=np.zeros((st.periods, n)), flow=np.moveaxis(steady, 0, 1), once=b.once[:, i],
        during=b.during[:, i], sticks=(), owner=np.where(st.owner >= 0, st.owner, -1),
    )  # fmt: skip
    like = tables(st)
    power = b.discount[:, i, None] ** np.arange(like.power.shape[1])
    worth = suffix_sums(np.moveaxis(rows.flow, 0, -1), rows.discount)
    cost = np.where(st.owner[None] == i, b.undo_cost, 0.0)[:, :, None]
    N, width = worth.shape[1:]
    when = np.minimum(np.arange(width)[None, :] + st.undo_takes[:, None], width - 1)
    later = worth[:, np.arange(N)[:, None], when] * power[:, st.undo_takes][:, :, None]
    shed = (st.undo_chance * (1 - st.residual))[None, :, None] * later + cost
    post = worth - np.where(like.undone[None], shed, 0.0)
    tb = Tables(rows, rows.discount, power, worth, like.undone, post, np.zeros((n, width)))
    c = np.broadcast_to(np.append(np.arange(st.periods), NEVER), (N, st.periods + 1))
    kept = kept_terms(tb, c)
    offset = np.where(st.owner == i, 0, owner_lags(st))
    some = list(free)
    return (kept - stopped_terms(tb, c, offset))[:, some], kept[:, some][..., 0]
