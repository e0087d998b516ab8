"""Which goals are reached by what is done before anybody leaves."""

from __future__ import annotations

import numpy as np

from detente.case.clause_text import term_of
from detente.case.clauses import Term, ValueAtLeast
from detente.case.resolved import ResolvedCase
from detente.case.stakes import NEVER, Bools, Ints, Stakes
from detente.worlds.judged import Judged
from detente.worlds.keeping import keeping

Goals = dict[str, tuple[Term, ...]]
"""The binding clauses of each goal."""


def goals_of(case: ResolvedCase) -> Goals:
    """The goals of a case with what they ask; wishes apart."""
    found: Goals = {}
    for c in case.clauses:
        if c.kind == "goal" and c.strength == "must":
            found[c.of] = (*found.get(c.of, ()), term_of(c, case))
    return found


def reached(case: ResolvedCase, st: Stakes, goals: Goals, j: Judged) -> dict[str, Bools]:
    """For each goal (n,) whether it is reached by what comes before anybody leaves.

    Shares are counted with the central sizes of what is done, values as they are if everybody goes on.
    """
    done = done_before(st, j)
    starts = np.where(done < NEVER, j.starts, NEVER)
    found = {}
    for goal, terms in goals.items():
        found[goal] = keeping(case, st, terms, starts, done, j.value)
        if any(isinstance(t, ValueAtLeast) for t in terms):
            found[goal] &= j.holds
    return found


def done_before(st: Stakes, j: Judged) -> Ints:
    """(n, N) starts of what comes into force before whoever leaves first stops the rest; ``NEVER`` for the others."""
    stop = np.full(j.c.shape, NEVER)
    first, who = j.first, j.leaves.argmin(axis=1)
    owned = st.owner >= 0
    gap = np.where(st.owner[None, :] == who[:, None], 0, j.lag[:, np.maximum(st.owner, 0)])
    stop[:, owned] = (first[:, None] + gap)[:, owned]
    cheated = np.zeros(j.c.shape, dtype=np.bool_)
    for n in range(2):
        ks = j.which[np.arange(len(first)), who, n]
        rows = np.flatnonzero((ks >= 0) & (first < NEVER))
        cheated[rows, ks[rows]] = j.c[rows, ks[rows]] >= first[rows]
    return np.where((j.c < stop) & ~cheated & (j.c < st.periods), j.c, NEVER)
