"""The command for possible worlds: who leaves when, how much trust there is, what is reached."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from detente.cli import answers
from detente.cli.audit_commands import RoadMapArgument, chosen_road_map
from detente.cli.case_options import CaseArgument, OverlayOption, SetOption, open_case
from detente.cli.patience import Patience, stoppable

CountOption = Annotated[int, typer.Option("-n", metavar="N", min=1, help="How many worlds to draw.")]
SeedOption = Annotated[int, typer.Option("--seed", metavar="N", min=0, help="The same worlds for the same seed.")]
MethodOption = Annotated[
    str,
    typer.Option("--method", metavar="NAME", help="How to draw: lhs (Latin hypercube), sobol (scrambled) or random."),
]
LargerOption = Annotated[
    int,
    typer.Option(
        "--larger",
        metavar="N",
        min=0,
        help="Of the worlds in which nobody leaves: how many to search for larger cheats.",
    ),
]
WorkersOption = Annotated[int, typer.Option("--workers", min=0, metavar="N", help="Threads; 0: one a core.")]
StopOption = Annotated[
    float | None,
    typer.Option(
        "--time-limit", metavar="SECONDS", min=0,
        help="For all of it: then what is known is told, and what was left out.",
    ),
]  # fmt: skip
TotalsOption = Annotated[
    bool,
    typer.Option("--totals", help="Draw some 8,000 more worlds: what numbers do by themselves and through others."),
]
ChartOption = Annotated[
    Path | None,
    typer.Option("--chart", metavar="FILE", help="Write trust needed against earned: .svg, .png or .pdf."),
]
SurvivalOption = Annotated[
    Path | None,
    typer.Option("--survival-chart", metavar="FILE", help="Write who has left by when: .svg, .png or .pdf."),
]


def register(app: typer.Typer) -> None:
    """Add this command to the application."""
    app.command("worlds", help="Judge a road map in many possible worlds: who leaves when, trust needed and earned.")(
        worlds
    )


def worlds(
    case: CaseArgument,
    road_map: RoadMapArgument,
    settings: SetOption = None,
    overlays: OverlayOption = None,
    n: CountOption = 4096,
    seed: SeedOption = 0,
    method: MethodOption = "lhs",
    larger: LargerOption = 100,
    totals: TotalsOption = False,
    workers: WorkersOption = 0,
    time_limit: StopOption = None,
    chart: ChartOption = None,
    survival_chart: SurvivalOption = None,
    as_json: answers.JsonOption = False,
    output: answers.OutputOption = None,
) -> None:
    """Judge in many worlds; the exit status is 0, or where no world was judged 4 (time was over) or 130 (interrupted).

    A first interrupt ends it with what is known by then; a second one at once.
    """
    from detente import api

    loaded = open_case(case, settings, overlays)
    answers.check_writable(output)
    for file in (chart, survival_chart):
        answers.check_chart(file)
    chosen = chosen_road_map(road_map, loaded.resolved)
    with stoppable() as stop, Patience("reading the case") as patience:
        answer = api.worlds(
            loaded, chosen, n, seed=seed, method=method, larger=larger, totals=totals,  # type: ignore[arg-type]
            workers=workers or os.cpu_count() or 1, time_limit=time_limit, report=patience, stop=stop,
        )  # fmt: skip
    answers.present(answer, as_json, output)
    if chart is not None:
        from detente.report.charts.trust_worlds import trust_worlds

        answers.write_chart(trust_worlds(answer, loaded.resolved), chart)
    if survival_chart is not None:
        from detente.report.charts.survival import survival

        answers.write_chart(survival(answer, loaded.resolved), survival_chart)
