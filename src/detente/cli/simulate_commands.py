"""The command for runs: what happens to a road map, not what should."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from detente.cli import answers
from detente.cli.audit_commands import RoadMapArgument, chosen_road_map
from detente.cli.case_options import CaseArgument, OverlayOption, SetOption, open_case
from detente.cli.patience import Patience, stoppable
from detente.cli.worlds_commands import WorkersOption

CountOption = Annotated[int, typer.Option("-n", metavar="N", min=1, help="How many runs.")]
SeedOption = Annotated[int, typer.Option("--seed", metavar="N", min=0, help="The same runs for the same seed.")]
WorldsOption = Annotated[
    int, typer.Option("--worlds", metavar="N", min=1, help="Possible worlds at most; more runs go over them again.")
]
WithoutOption = Annotated[
    list[str] | None,
    typer.Option(
        "--without", metavar="KIND", help="Leave out lateness, alarms, incidents, talks or trust; repeatable."
    ),
]
StopOption = Annotated[
    float | None,
    typer.Option("--time-limit", metavar="SECONDS", min=0, help="Stop then; the runs made by then are told."),
]
ChartOption = Annotated[
    Path | None, typer.Option("--chart", metavar="FILE", help="Write what is in force when: .svg, .png or .pdf.")
]


def register(app: typer.Typer) -> None:
    """Add this command to the application."""
    app.command("simulate", help="What happens to a road map in many runs: how it ends, when, by whom, at what cost.")(
        simulate
    )


def simulate(
    case: CaseArgument,
    road_map: RoadMapArgument,
    settings: SetOption = None,
    overlays: OverlayOption = None,
    n: CountOption = 10_000,
    seed: SeedOption = 0,
    worlds: WorldsOption = 10_240,
    without: WithoutOption = None,
    workers: WorkersOption = 0,
    time_limit: StopOption = None,
    chart: ChartOption = None,
    as_json: answers.JsonOption = False,
    output: answers.OutputOption = None,
) -> None:
    """Run; the exit status is 0, or 130 if it was interrupted before there was an answer.

    A first interrupt, or the time limit, ends it with the runs made by then (at least some 1,000, in as many worlds); a
    second interrupt ends it at once.
    """
    from detente import api

    loaded = open_case(case, settings, overlays)
    answers.check_writable(output)
    answers.check_chart(chart)
    chosen = chosen_road_map(road_map, loaded.resolved)
    with stoppable() as stop, Patience("reading the case") as patience:
        answer = api.simulate(
            loaded, chosen, n, seed=seed, worlds=worlds, without=without or (),
            workers=workers or os.cpu_count() or 1, time_limit=time_limit, report=patience, stop=stop,
        )  # fmt: skip
    answers.present(answer, as_json, output)
    if chart is not None:
        from detente.report.charts.fan import fan

        answers.write_chart(fan(answer, loaded.resolved), chart)
