"""Checking what is asked of the planner before any work is done: names, and numbers that make sense."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import get_args

from detente.audit.findings.signing import binding
from detente.case.problems import did_you_mean
from detente.errors import Diagnostic, InputError
from detente.plan.task import Task
from detente.results.plan import Objective


def check(task: Task) -> None:
    """Raise one :class:`InputError` with everything that is wrong with a task."""
    found = [*_objective(task), *_goal(task), *_numbers(task)]
    try:
        binding(task.case, task.keep)
    except InputError as unknown:
        found += unknown.diagnostics
    if found:
        raise InputError(found)


def _objective(task: Task) -> Iterator[Diagnostic]:
    known = get_args(Objective)
    if task.objective not in known:
        yield Diagnostic(
            "DET709", f'there is no objective "{task.objective}"', why="it says which certified road map is the best",
            fix=did_you_mean(task.objective, known),
        )  # fmt: skip


def _goal(task: Task) -> Iterator[Diagnostic]:
    goals = sorted({c.of for c in task.case.clauses if c.kind == "goal" and c.strength == "must" and c.of})
    names = f"the case has: {', '.join(goals)}" if goals else "the case has no goals with a clause that must hold"
    if task.objective == "fast" and task.goal is None:
        yield Diagnostic(
            "DET708", "the objective fast needs a goal", why="it seeks the road map that reaches a named goal soonest",
            fix=f"name one with --goal; {names}",
        )  # fmt: skip
    elif task.goal is not None and task.goal not in goals:
        yield Diagnostic(
            "DET708", f'there is no goal "{task.goal}" with a clause that must hold',
            why="the soonest way to a goal can only be sought if the case says what the goal asks for",
            fix=did_you_mean(task.goal, goals) or names,
        )  # fmt: skip
    elif task.goal is not None and task.objective != "fast":
        yield Diagnostic(
            "DET708", f'the goal "{task.goal}" does not count with the objective {task.objective}',
            why="only the objective fast looks at a goal",
            fix=f"add --objective fast to reach it soonest, or --keep {task.goal} to have its clauses kept",
        )  # fmt: skip


def _numbers(task: Task) -> Iterator[Diagnostic]:
    if not 0 <= task.floor <= 1:
        yield _range("floor", task.floor, "a part of the fair share", "give a number from 0 to 1, such as 0.5")
    if not (0 <= task.margin < math.inf):
        yield _range("margin", task.margin, "a part of each party's scale", "give 0 or a little more, such as 0.001")
    if task.time_limit is not None and not task.time_limit >= 0:
        yield _range("time limit", task.time_limit, "a number of seconds", "give 0 or more, such as 60")
    if task.work_limit is not None and task.work_limit < 0:
        yield _range("work limit", task.work_limit, "a number of steps of the search", "give 0 or more, such as 100000")


def _range(name: str, value: float, what: str, fix: str) -> Diagnostic:
    return Diagnostic("DET710", f"the {name} is {value}", why=f"it is {what}", fix=fix)
