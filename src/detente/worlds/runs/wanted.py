"""What runs look at of the goals of a case."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from detente.case.clause_terms import ByTime, ShareAtLeast, ShareAtMost, Term
from detente.case.clause_text import term_of
from detente.case.resolved import ResolvedCase
from detente.case.stakes import Ints
from detente.worlds.runs.stage import Atoms

Row = tuple[int, int, float, int]
"""An atom: its kind, which measure or group, the share, and its time (see :class:`Atoms`)."""


class Wanted:
    """The goals of a case, as far as runs look at them."""

    def __init__(self, resolved: ResolvedCase) -> None:
        place, groups = list(resolved.measures), [g for g, x in resolved.groups.items() if x.members]
        self.names, self.owners = list[str](), dict[str, str]()
        self.left_out = dict[str, tuple[str, ...]]()
        rows, first = list[Row](), [0]
        for goal in dict.fromkeys(c.of for c in resolved.clauses if c.kind == "goal"):
            asks = [c for c in resolved.clauses if c.kind == "goal" and c.of == goal and c.strength == "must"]
            terms = [(c, term_of(c, resolved)) for c in asks]
            seen = [row for _, t in terms if (row := _atom(t, place, groups)) is not None]
            if not any(row[0] < 2 for row in seen):
                continue
            rows += seen
            first.append(len(rows))
            self.names.append(goal)
            self.owners[goal] = asks[0].owner
            self.left_out[goal] = tuple(c.text for c, t in terms if _atom(t, place, groups) is None)
        columns = list(zip(*rows, strict=True)) or [()] * 4
        self.atoms = Atoms(
            np.array(first), np.array(columns[0], dtype=np.int64), np.array(columns[1], dtype=np.int64),
            np.array(columns[2], dtype=np.float64), np.array(columns[3], dtype=np.int64),
            _last(rows, first, (0, 1)), _last(rows, first, (2,)),
        )  # fmt: skip


def _last(rows: Sequence[Row], first: Sequence[int], kinds: tuple[int, ...]) -> Ints:
    """(goals,) the last time of the atoms of some kinds; -1: none."""
    goals = (rows[a:b] for a, b in pairwise(first))
    return np.array([max((row[3] for row in goal if row[0] in kinds), default=-1) for goal in goals], dtype=np.int64)


def _atom(term: Term, measures: list[str], groups: list[str]) -> Row | None:
    match term:
        case ByTime(k, t):
            return 0, measures.index(k), 1.0, t
        case ShareAtLeast(g, x, t):
            return 1, groups.index(g), float(x), t
        case ShareAtMost(g, x, t):
            return 2, groups.index(g), float(x), t
        case _:
            return None
