"""Which goals are reached by what is done before anybody leaves."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from detente.case.clause_text import term_of
from detente.case.clauses import Dates, Term, ValueAtLeast, kept
from detente.case.resolved import ResolvedCase
from detente.case.stakes import NEVER, Bools, Ints, Stakes
from detente.worlds.judged import Judged

Goals = dict[str, tuple[Term, ...]]
"""The binding clauses of each goal."""


def goals_of(case: ResolvedCase) -> Goals:
    """The goals of a case with what they ask; wishes apart."""
    found: Goals = {}
    for c in case.clauses:
        if c.kind == "goal" and c.strength == "must":
            found[c.of] = (*found.get(c.of, ()), term_of(c, case))
    return found


class _Came(Dates):
    """When what was done came into force; the rest never did."""

    def __init__(self, case: ResolvedCase, force: Mapping[str, int], starts: Mapping[str, int]) -> None:
        super().__init__(case, starts)
        self._force = force

    def force(self, k: str) -> int:
        m = self.case.measures[k]
        if m.members is not None or m.done or not self.present(k):
            return super().force(k)
        return self._force[k]


def reached(case: ResolvedCase, st: Stakes, goals: Goals, j: Judged) -> dict[str, Bools]:
    """For each goal (n,) whether it is reached by what comes before anybody leaves.

    Shares are counted with the central sizes of what is done, values as they are if everybody goes on.
    """
    names, done = list(case.measures), done_before(st, j)
    found = {}
    for goal, terms in goals.items():
        found[goal] = np.ones(len(done), dtype=np.bool_)
        for t in (t for t in terms if isinstance(t, ValueAtLeast)):
            found[goal] &= (j.holds) & (j.value[:, st.party_index[t.party]] >= float(t.value))
    plain = {goal: [t for t in terms if not isinstance(t, ValueAtLeast)] for goal, terms in goals.items()}
    rows, which = np.unique(
        np.concatenate([done, np.where(done < NEVER, j.starts, NEVER)], axis=1), axis=0, return_inverse=True
    )
    kept_by = {goal: np.empty(len(rows), dtype=np.bool_) for goal in goals}
    for n, row in enumerate(rows.tolist()):
        force = {k: c for k, c in zip(names, row[: len(names)], strict=True) if c < NEVER}
        starts = {k: s for k, s in zip(names, row[len(names) :], strict=True) if s < NEVER}
        dates = _Came(case, force, starts)
        for goal, asked in plain.items():
            kept_by[goal][n] = all(kept(t, dates)[0] for t in asked)
    return {goal: found[goal] & kept_by[goal][which.ravel()] for goal in goals}


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
