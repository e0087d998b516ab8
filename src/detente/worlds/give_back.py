"""Would anybody leave if it could keep nothing that it was given?

For each party in turn: whatever the others have done for it ends as soon as they respond to its leaving, and what was
worth something to it once counts as the same worth spread over all periods. What it has done itself stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from detente.case.batch import Batch, from_resolved
from detente.case.draws import Draws
from detente.case.resolved import ResolvedCase
from detente.case.stakes import NEVER, Bools, Withdrawing
from detente.incentives.many.prospects import leaving, prospects
from detente.worlds.judged import leaves_of
from detente.worlds.kinds import Kind
from detente.worlds.slip import Agreed, completions, slipped


def given_back(b: Batch, i: int) -> Batch:
    """The worlds of a batch, for party ``i`` to leave: all that the others give ends with it."""
    st = b.like
    given = (st.owner >= 0) & (st.owner != i) & ~st.done
    flow, once = b.flow.copy(), b.once.copy()
    flow[:, :, i, given] += (once[:, i, given] * (1 - b.discount[:, i, None]))[:, None, :]
    once[:, i, given] = 0.0
    at_once = np.where(given, Withdrawing.AUTOMATIC, st.withdrawal)
    return replace(
        b, like=replace(st, undoable=st.undoable | given, withdrawal=at_once), flow=flow, once=once,
        undo_takes=np.where(given, 0, b.undo_takes), undo_cost=np.where(given, 0.0, b.undo_cost),
        undo_chance=np.where(given, 1.0, b.undo_chance), residual=np.where(given, 0.0, b.residual),
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class _GivenBack(Kind):
    """Worlds of one variant, for one party to leave."""

    party: int = 0

    def batch(self, regime: int = 0) -> Batch:
        return given_back(super().batch(regime), self.party)


def kept_share(
    draws: Draws, plan: Agreed, broken: Sequence[tuple[int, int]], over: Callable[[], bool]
) -> float | None:  # fmt: skip
    """Of worlds in which somebody leaves, by chunk and row, the part in which nobody would if it could keep nothing.

    None if time is ``over`` first.
    """
    stays = looked = 0
    for index in dict.fromkeys(chunk for chunk, _ in broken):
        drawn = draws.chunk(index)
        rows = np.array([row for chunk, row in broken if chunk == index])
        for v in np.unique(drawn.variant[rows]).tolist():
            if over():
                return None
            own = rows[drawn.variant[rows] == v]
            kind = Kind(draws, drawn, draws.variants[v], own)
            stays += int(_stays(kind, plan).sum())
            looked += len(own)
    return stays / looked if looked else None


def _stays(kind: Kind, plan: Agreed) -> Bools:
    """(n,) whether nobody leaves: only those are asked who leave if they may keep what they have got."""
    b = kind.batch()
    starts = slipped(b, plan)
    c = completions(b, starts)
    leave = leaves_of(kind, starts, c) < NEVER
    for i in np.flatnonzero(leave.any(axis=0)).tolist():
        without = _GivenBack(kind.draws, kind.drawn, kind.variant, kind.rows, i)
        leave[:, i] &= leaves_of(without, starts, c)[:, i] < NEVER
    result: Bools = np.logical_not(np.logical_or.reduce(leave, axis=1))
    return result


def leaves_with_nothing(now: ResolvedCase, then: ResolvedCase, plan: Agreed, i: int, within: slice) -> bool:
    """Whether party ``i`` would leave ``within`` some periods, in which the case is ``then``, could it keep nothing.

    Steps come when they come in the case as it is ``now``.
    """
    at_first = from_resolved(now, 1)
    b = given_back(from_resolved(then, 1), i)
    leaves, _ = leaving(prospects(b, completions(at_first, slipped(at_first, plan))), b.discount)
    return bool(leaves[0, within, i].any())
