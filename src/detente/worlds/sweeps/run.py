"""Tasks through an executor: only so many are under way, and those that die with their worker are done again."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from contextlib import AbstractContextManager

from detente.errors import Diagnostic, InputError
from detente.worlds.sweeps.tasks import Finished, Outcome, Task

MOST_DEATHS = 3
"""Times in a row that workers may die without having finished anything."""
LOOKS = 0.2
"""Seconds between two looks at whether to stop."""


class Halted(Exception):
    """The sweep was stopped on its way."""


def through(
    executors: Callable[[], AbstractContextManager[Executor]],
    todo: Sequence[Task],
    room: int,
    start: Callable[[Executor, Task], Future[Finished]],
    take: Callable[[Task, Outcome], None],
    halted: Callable[[], bool],
) -> None:
    """Do tasks, ``room`` of them at a time; each outcome is handed to ``take`` once, in whatever order they come.

    Raises :class:`Halted` as soon as ``halted`` says so. ``executors`` opens an executor, and a new one if its
    processes died.
    """
    left, under_way = deque(todo), dict[Future[Finished], Task]()
    deaths = 0
    while left:
        try:
            with executors() as executor:
                while left or under_way:
                    if halted():
                        raise Halted
                    while left and len(under_way) < room:
                        under_way[start(executor, left[0])] = left[0]
                        left.popleft()
                    done = wait(under_way, LOOKS, FIRST_COMPLETED).done
                    for future in sorted(done, key=_has_failed):
                        outcome = future.result()[1]
                        take(under_way.pop(future), outcome)
                        deaths = 0
        except BrokenExecutor:
            deaths += 1
            left.extendleft(reversed(under_way.values()))
            under_way.clear()
            if deaths >= MOST_DEATHS:
                raise _dying() from None


def _has_failed(future: Future[Finished]) -> bool:
    """Last in order, so that what was finished before its processes died counts."""
    return future.exception() is not None


def _dying() -> InputError:
    return InputError(
        [
            Diagnostic(
                "DET785",
                f"worker processes died {MOST_DEATHS} times in a row",
                why="something ended them, often for want of memory; what was finished before is kept",
                fix="run it again with fewer --workers",
            )
        ]
    )
