"""The command of the planner."""

from __future__ import annotations

import math
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from detente.cli import answers
from detente.cli.case_options import CaseArgument, OverlayOption, SetOption, open_case
from detente.cli.render_errors import INTERRUPTED, NONE_EXISTS, OK, UNKNOWN
from detente.errors import Diagnostic, InputError

if TYPE_CHECKING:
    from detente.case.load import Case
    from detente.case.resolved import ResolvedCase
    from detente.plan.stage import Progress
    from detente.results.plan import NoPlan, Plan


BudgetOption = Annotated[
    str,
    typer.Option(
        "--budget",
        metavar="N",
        help="Errors in each party's numbers that the plan must stand; 0..6 for the price of each of them.",
    ),
]
ChartOption = Annotated[
    Path | None, typer.Option("--chart", metavar="FILE", help="With 0..6: the price as a chart: .svg, .png or .pdf.")
]
SeedOption = Annotated[
    int, typer.Option("--seed", metavar="N", min=0, help="With robust-worlds: the same worlds for the same seed.")
]


def register(app: typer.Typer) -> None:
    """Add this command to the application."""
    app.command("plan", help="Find the best road map that nobody gains by leaving, and prove it.")(plan)


def plan(
    context: typer.Context,
    case: CaseArgument,
    settings: SetOption = None,
    overlays: OverlayOption = None,
    objective: Annotated[
        str, typer.Option("--objective", metavar="NAME", help="robust, fair, nash, fast, welfare or robust-worlds.")
    ] = "robust",
    goal: Annotated[str | None, typer.Option("--goal", metavar="NAME", help="The goal to reach with fast.")] = None,
    floor: Annotated[
        float, typer.Option("--floor", help="Part of its fair share that robust leaves each principal.")
    ] = 0.5,
    margin: Annotated[
        float, typer.Option("--margin", help="Margin asked of every breach, as a part of each party's scale.")
    ] = 0.001,
    keep: answers.KeepOption = None,
    budget: BudgetOption = "0",
    chart: ChartOption = None,
    seed: SeedOption = 0,
    time_limit: answers.TimeLimitOption = 60.0,
    work_limit: Annotated[
        int | None,
        typer.Option("--work-limit", metavar="N", help="Stop after N steps of the search; such a run can be repeated."),
    ] = None,
    as_json: answers.JsonOption = False,
    output: answers.OutputOption = None,
) -> None:
    """Plan; the exit status says whether a road map was found, proved absent, or neither."""
    from detente import api

    loaded = open_case(case, settings, overlays)
    answers.check_writable(output)
    budgets = budgets_of(budget)
    limit = answers.seconds(context, time_limit, work_limit)
    asked: Any = {"goal": goal, "floor": floor, "margin": margin, "keep": keep or (), "work_limit": work_limit}
    if len(budgets) > 1 or chart is not None:
        source = context.get_parameter_source("time_limit")
        usual = source is None or source.name == "DEFAULT"
        asked["time_limit"] = api.PRICE_SECONDS if usual and limit is not None else limit
        raise typer.Exit(_price(loaded, objective, budgets, asked, chart, as_json, output))
    with Ticker(loaded.resolved) as ticker:
        answer = api.plan(
            loaded, objective, time_limit=limit, report=ticker, budget=budgets[0], seed=seed,  # type: ignore[arg-type]
            **asked,
        )  # fmt: skip
    answers.present(answer, as_json, output)
    if not as_json:
        _next_step(answer, case, output)
    raise typer.Exit(_status(answer))


def budgets_of(text: str) -> list[float]:
    """``3``, ``2.5`` or ``0..6``: numbers of errors; raises :class:`InputError`."""
    first, dots, last = text.partition("..")
    try:
        found = [float(x) for x in range(int(first), int(last) + 1)] if dots else [float(first)]
    except ValueError:
        found = []
    if not found or not all(0 <= x < math.inf for x in found):
        why = "it is how many of a party's numbers may be wrong at once"
        raise InputError([Diagnostic("DET710", f"the budget is {text}", why=why, fix="give for instance 3, or 0..6")])
    return found


def _price(
    case: Case, objective: str, budgets: list[float], asked: Any, chart: Path | None, as_json: bool, output: Path | None
) -> int:
    """The price of robustness; its exit status: none exists only if none does without errors."""
    from detente import api

    if chart is not None:
        answers.check_chart(chart)
    with Ticker(case.resolved) as ticker:
        answer = api.price(case, objective, budgets=budgets, report=ticker.within, **asked)  # type: ignore[arg-type]
    answers.present(answer, as_json, output)
    if chart is not None:
        from detente.report.charts.price import price as drawn

        answers.write_chart(drawn(answer), chart)
    return INTERRUPTED if answer.provenance.run.cut == "interrupted" else _status(answer.points[0].answer)


def _status(answer: Plan | NoPlan) -> int:
    from detente.results.plan import Plan

    if isinstance(answer, Plan):
        return OK
    if answer.reason.kind == "interrupted":
        return INTERRUPTED
    return NONE_EXISTS if answer.outcome == "none-exists" else UNKNOWN


def _next_step(answer: Plan | NoPlan, case: str, output: Path | None) -> None:
    from detente.results.plan import Plan

    if not isinstance(answer, Plan):
        return
    if answer.provenance.run.cut == "interrupted":
        typer.echo("\nInterrupted: this is the best certified road map found so far.")
    if output is None:
        typer.echo(f"\nTo check it from scratch: detente plan {case} … -o plan.json; detente verify plan.json {case}")
    else:
        typer.echo(f"\nWritten to {output}. To check it from scratch: detente verify {output} {case}")


EVERY = {True: 0.1, False: 2.0}
"""Seconds between two lines, on a terminal and elsewhere."""


class Ticker:
    """Where the search stands, on standard error: one changing line on a terminal, elsewhere a line now and then."""

    def __init__(self, case: ResolvedCase) -> None:
        self.case = case
        self.live = sys.stderr.isatty()
        self.last, self.told = 0.0, ""

    def __enter__(self) -> Ticker:
        return self

    def __exit__(self, *_: object) -> None:
        if self.live and self.told:
            print("\r\033[K", end="", file=sys.stderr, flush=True)

    def within(self, errors: float, p: Progress) -> None:
        """The same of a search within a budget of errors."""
        self(p, f"{errors:g} errors: ")

    def __call__(self, p: Progress, begin: str = "") -> None:
        """Tell where the search stands, unless that was told a moment ago."""
        now = time.monotonic()
        text = begin + progress_text(p, self.case.periods)
        news = text.partition(":")[0] != self.told.partition(":")[0]
        if now - self.last < EVERY[self.live] and not news:
            return
        self.last, self.told = now, text
        if self.live:
            print(f"\r\033[K{text[:110]}", end="", file=sys.stderr, flush=True)
        else:
            print(text, file=sys.stderr, flush=True)


def progress_text(p: Progress, periods: int) -> str:
    """``robust: best 0.0123, bound 0.0140, gap 0.0017; 12 ways to leave ruled out, 40 road maps seen, 12 s``."""
    from detente.report.numbers import number

    best, bound = p.best, p.bound
    if best is None and not p.seen and not math.isfinite(bound):
        return p.stage
    if p.stage.startswith("fast:"):
        best, bound = (None if best is None else periods - best), periods - bound
    known = f"bound {number(bound)}" if math.isfinite(bound) else "no bound yet"
    gap = f", gap {number(abs(bound - best))}" if best is not None and math.isfinite(bound) else ""
    return (
        f"{p.stage}: best {number(best)}, {known}{gap}; {p.breaches} ways to leave ruled out, "
        f"{p.seen} road maps seen, {p.seconds:.0f} s"
    )
