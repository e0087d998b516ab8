"""Which goals are reached by what is done before those who do it stop."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from detente.case.clause_text import term_of
from detente.case.clauses import ByTime, ShareAtLeast, Term, ValueAtLeast
from detente.case.resolved import ResolvedCase
from detente.case.stakes import NEVER, Bools, Floats, Ints, Stakes
from detente.worlds.judged import Judged
from detente.worlds.keeping import keeping

Goals = dict[str, tuple[Term, ...]]
"""The binding clauses of each goal."""
ROUNDING = 1e-9
"""A share that is less by this is not."""


def goals_of(case: ResolvedCase) -> Goals:
    """The goals of a case with what they ask; wishes apart."""
    found: Goals = {}
    for c in case.clauses:
        if c.kind == "goal" and c.strength == "must":
            found[c.of] = (*found.get(c.of, ()), term_of(c, case))
    return found


class Reached(NamedTuple):
    """In which of ``n`` worlds a goal is reached."""

    told: Bools
    """(n,) by what is declared"""
    paper: Bools
    """(n,) by what is declared alone: not if what is hidden counts, or by a measure that leaves something out"""


def reached(case: ResolvedCase, st: Stakes, goals: Goals, j: Judged) -> dict[str, Reached]:
    """For each goal in which worlds it is reached by what comes before those who do it stop.

    Shares are counted with the central sizes of what is done, values as they are if everybody goes on.
    """
    done = done_before(st, j)
    starts = np.where(done < NEVER, j.starts, NEVER)
    found = {}
    for goal, terms in goals.items():
        told = keeping(case, st, terms, starts, done, j.value)
        if any(isinstance(t, ValueAtLeast) for t in terms):
            told &= j.holds
        found[goal] = Reached(told, told & _untrue(case, st, terms, done, j))
    return found


def _untrue(case: ResolvedCase, st: Stakes, terms: Sequence[Term], done: Ints, j: Judged) -> Bools:
    """(n,) whether what is hidden belies a clause: a share is less with it, or a measure that is asked for leaves
    it out."""
    out = np.zeros(len(done), dtype=np.bool_)
    for term in terms:
        if isinstance(term, ByTime):
            k = st.measure_index[term.measure]
            out |= j.left_out[:, list(st.members[k] or (k,))].any(axis=1)
        elif isinstance(term, ShareAtLeast):
            hidden = j.unlisted[:, list(case.groups).index(term.group)]
            share = _share(case, st, term, done, hidden)
            out |= (hidden > 0) & (share < float(term.share) - ROUNDING)
    return out


def _share(case: ResolvedCase, st: Stakes, term: ShareAtLeast, done: Ints, hidden: Floats) -> Floats:
    """(n,) of a group that is so much larger than it seems."""
    group = case.groups[term.group]
    weights = np.array([float(group.weights.get(k, 1)) for k in group.members])
    places = (st.measure_index[k] for k in group.members)
    force = np.stack([done[:, list(st.members[k] or (k,))].max(axis=1) for k in places], axis=1)
    result: Floats = (force <= term.time) @ weights / (weights.sum() + hidden)
    return result


def done_before(st: Stakes, j: Judged) -> Ints:
    """(n, N) from when on measures are in force that come before their owner stops; ``NEVER`` for the others.

    A party stops when it leaves itself, or its response lag after the first that leaves.
    """
    stop = np.full(j.c.shape, NEVER)
    owned = st.owner >= 0
    stop[:, owned] = np.minimum(j.leaves, j.first[:, None] + j.lag)[:, st.owner[owned]]
    return np.where((j.c < stop) & (j.c < st.periods), j.c, NEVER)
