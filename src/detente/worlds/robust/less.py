"""What the planner is asked in one world: less than a plan must do, so that where there is nothing no plan stands.

No margin, no floors, no votes; of what must be kept, where something is late, only what delays cannot break; and that a
party stays only where later governments change nothing for it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from detente.case.clauses import ByTime, ShareAtLeast, ValueAtLeast, term_of
from detente.case.draws import Draws
from detente.case.resolved import ResolvedCase
from detente.case.stakes import Stakes, stakes
from detente.incentives.tables import tables
from detente.plan.aims import Closest
from detente.plan.conditions import conditions
from detente.plan.task import Task


def less(task: Task, draws: Draws, index: int, row: int) -> Task:
    """The task of world ``row`` of a chunk: any road map with a step."""
    drawn = draws.chunk(index)
    world = draws.resolved(drawn, row)
    later = range(1, len(draws.variants[drawn.variant[row]].options))
    there = stakes(world)
    waived = _waived(task, there) | _unsettled(there, [stakes(draws.resolved(drawn, row, n)) for n in later])
    return Task(world, _something(there), margin=0.0, keep=task.keep, waived=waived)


def _waived(task: Task, there: Stakes) -> frozenset[str]:
    """Conditions that a road map of the case need not have in a world in which it stands."""
    timely = _timed_alike(stakes(task.case), there)
    names = [c.name for c in conditions(task.case, task.keep)]
    return frozenset(name for name in names if not _lasting(task.case, name, timely=timely))


def _unsettled(now: Stakes, later: Sequence[Stakes]) -> set[str]:
    """That those stay for whom a later government changes something."""
    return {f"stays:{p}" for i, p in enumerate(now.parties) if not all(_same(now, x, i) for x in later)}


def _same(a: Stakes, b: Stakes, i: int) -> bool:
    """Whether all that party i's incentives rest on is alike in two cases of the same structure."""
    one, two = tables(a), tables(b)
    mine = [(x.worth[i], x.post[i], x.background[i], x.undone, x.stakes.exit_cost[i]) for x in (one, two)]
    shared: Sequence[str] = (
        "takes",
        "undo_takes",
        "undo_cost",
        "undo_chance",
        "residual",
        "lag",
        "detect_base",
        "withdrawal",
    )
    numbers = [[getattr(s, name) for name in shared] + [s.once[i], s.during[i], s.discount[i]] for s in (a, b)]
    rules = [[(x.by, x.against, x.delay, x.lasts, x.counts, x.flow[i], x.once[i]) for x in s.sticks] for s in (a, b)]
    same = all(np.array_equal(x, y) for x, y in zip((*mine[0], *numbers[0]), (*mine[1], *numbers[1]), strict=True))
    return same and a.access == b.access and rules[0] == rules[1]


def _timed_alike(a: Stakes, b: Stakes) -> bool:
    """Whether every road map has the same dates in two cases of the same structure: nothing is late."""
    numbers = all(np.array_equal(getattr(a, name), getattr(b, name)) for name in ("takes", "uses", "capacity"))
    return numbers and a.after == b.after


def _lasting(case: ResolvedCase, name: str, *, timely: bool) -> bool:
    """Whether a condition is one that a road map of the case has in every world in which it stands.

    ``timely``: where nothing is late.
    """
    kind, _, _ = name.partition(":")
    if kind in ("signs", "stays"):
        return True
    clause = next((c for c in case.clauses if c.id == name), None)
    late = ValueAtLeast if timely else ByTime | ShareAtLeast | ValueAtLeast
    return clause is not None and not isinstance(term_of(clause, case), late)


def _something(st: Stakes) -> Closest:
    """Any road map with a step."""
    free = tuple(int(k) for k in np.flatnonzero((st.owner >= 0) & ~np.asarray(st.done)))
    return Closest(np.zeros((len(st.measures), st.periods + 1)), {}, (free,))
