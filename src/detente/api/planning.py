"""The verb of the planner."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from numbers import Real
from types import NoneType
from typing import TYPE_CHECKING, Literal

from detente.api.arguments import PLAN_SECONDS, PRICE_SECONDS, Arguments, clock, listed
from detente.api.reading import CaseLike, load, resolve
from detente.errors import Diagnostic
from detente.results.plan import NoPlan, Objective, Plan
from detente.results.price import Price

if TYPE_CHECKING:
    from detente.case.load import Case
    from detente.plan.stage import Progress
    from detente.plan.task import Task


def plan(
    case: CaseLike,
    objective: Objective | Literal["robust-worlds"] = "robust",
    *,
    goal: str | None = None,
    floor: float = 0.5,
    margin: float = 0.001,
    keep: str | Sequence[str] = (),
    time_limit: float | None = PLAN_SECONDS,
    work_limit: int | None = None,
    report: Callable[[Progress], None] | None = None,
    stop: threading.Event | None = None,
    budget: float = 0,
    seed: int = 0,
) -> Plan | NoPlan:
    """The best certified road map for an objective, or none with the reason.

    ``goal`` names what ``fast`` is to reach; ``floor`` is the part of its fair share that ``robust`` leaves each
    principal; ``margin`` is asked of every breach that is not vacuous, as a part of each party's scale. The limits are
    in seconds of the clock (60 unless a work limit is given) and in steps of the search (None: without limit); only a
    run cut by the latter can be repeated. ``report`` hears of progress; setting ``stop`` ends the search with the best
    found so far.

    ``budget``: every sum that says that somebody signs, or does not gain by leaving, must still come out right where up
    to so many of that party's uncertain numbers lie at the worse ends of their ranges (and one more a part of the way,
    if it is no whole number). What the plan stands and where it is weakest is in ``details["budget"]``; 2/5 of the
    limits go to the plan without errors, by which shares and floors are measured.

    The objective ``robust-worlds`` seeks the road map that is signed and holds in most possible worlds, drawn by
    ``seed``, with the floors of ``robust``; how it fares in worlds that had no part in choosing it is in ``worlds``.
    """
    from detente.plan.asked import check
    from detente.plan.task import Task
    from detente.plan.verb import plan as work

    _check_plan(objective, goal, (("floor", floor), ("margin", margin)), keep, time_limit, work_limit, budget, seed)
    resolved = resolve(case)
    time_limit = clock(time_limit, work_limit, PLAN_SECONDS)
    plain: Objective = "robust" if objective == "robust-worlds" else objective
    task = Task(resolved, plain, goal, floor, margin, listed(keep), time_limit, work_limit)
    check(task)
    if objective == "robust-worlds":
        from detente.worlds.robust.robust import Sample, robust_worlds

        return robust_worlds(load(case), task, Sample(seed), report, stop)
    if not budget:
        return work(task, report=report, stop=stop)
    tell = None if report is None else lambda errors, progress: report(progress)
    priced = _price(load(case), task, (float(budget),), tell, stop)
    return priced.points[-1].answer


def _check_plan(
    objective: object, goal: object, numbers: Sequence[tuple[str, object]], keep: object, time_limit: object,
    work_limit: object, budget: float, seed: int,
) -> None:  # fmt: skip
    given = Arguments()
    given.kind("objective", objective, str, "the name of an objective")
    given.kind("goal", goal, (str, NoneType), "the name of a goal")
    given.names("keep", keep, "names of clauses, positions, goals or proposals")
    for name, number in numbers:
        given.kind(name, number, Real, "a number")
    for name, limit in (("time_limit", time_limit), ("work_limit", work_limit)):
        given.kind(name, limit, (Real, NoneType), "a number or None")
    given.number("budget", budget)
    given.number("seed", seed, whole=True)
    if objective == "robust-worlds" and budget:
        fix = "leave one of them out: both are ways to reckon with numbers that are not known"
        given.problems.append(Diagnostic("DET715", "a budget of errors does not go with robust-worlds", fix=fix))
    given.check()


def price(
    case: CaseLike,
    objective: Objective = "robust",
    *,
    budgets: Sequence[float] = tuple(range(7)),
    goal: str | None = None,
    floor: float = 0.5,
    margin: float = 0.001,
    keep: str | Sequence[str] = (),
    time_limit: float | None = PRICE_SECONDS,
    work_limit: int | None = None,
    report: Callable[[float, Progress], None] | None = None,
    stop: threading.Event | None = None,
) -> Price:
    """The price of robustness: how good a plan can still be when it must stand more and more errors.

    For each of the ``budgets`` (see :func:`plan`), and for none, the best certified road map. Shares and floors are
    those of the plan without errors throughout, so values can be compared, and a larger budget never has a better one.
    The limits (seconds, 180 unless a work limit is given; steps) are for all plans together. ``report`` hears of
    progress, with the budget it is made with; setting ``stop`` ends the search with what was found so far.
    """
    from detente.plan.asked import check
    from detente.plan.task import Task

    given = Arguments()
    given.kind("objective", objective, str, "the name of an objective")
    given.kind("goal", goal, (str, NoneType), "the name of a goal")
    given.names("keep", keep, "names of clauses, positions, goals or proposals")
    given.kind("floor", floor, Real, "a number")
    given.searching(margin, time_limit, work_limit)
    if given.kind("budgets", budgets, Sequence, "numbers of errors, such as range(7)"):
        for n, budget in enumerate(budgets):
            given.number(f"budgets[{n}]", budget)
    given.check()
    time_limit = clock(time_limit, work_limit, PRICE_SECONDS)
    task = Task(resolve(case), objective, goal, floor, margin, listed(keep), time_limit, work_limit)
    check(task)
    return _price(load(case), task, tuple(float(b) for b in budgets), report, stop)


def _price(
    case: Case,
    task: Task,
    budgets: tuple[float, ...],
    report: Callable[[float, Progress], None] | None,
    stop: threading.Event | None,
) -> Price:
    from detente.incentives.budget.numbers import numbers_of_budget
    from detente.plan.budgeted import Within, priced
    from detente.report.from_case import number_words

    numbers = numbers_of_budget(case)
    names = {path: words for path, (words, _) in number_words(case).items()} if case.document is not None else {}
    return priced(Within(task, numbers, report, stop or threading.Event(), names), budgets)
