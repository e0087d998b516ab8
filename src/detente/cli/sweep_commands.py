"""The command for sweeps: road maps over a design of parameters."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from detente.cli import answers
from detente.cli.case_options import CaseArgument, OverlayOption, SetOption, open_case
from detente.cli.patience import Patience
from detente.cli.render_errors import OK, tell

ChartOption = Annotated[
    Path | None,
    typer.Option("--chart", metavar="FILE", help="Write how each fares over what is varied first: .svg, .png or .pdf."),
]


def register(app: typer.Typer) -> None:
    """Add this command to the application."""
    app.command(
        "sweep", help="Judge or play road maps over a design of parameters, on all cores or a cluster; resumable."
    )(sweep)


def sweep(
    case: CaseArgument,
    over: Annotated[
        str, typer.Option("--over", metavar="FILE", help="The design: what is varied, for which road maps.")
    ],
    into: Annotated[
        Path | None,
        typer.Option("--into", metavar="FOLDER", help="Where what is finished is kept; FILE with .sweep where silent."),
    ] = None,
    settings: SetOption = None,
    overlays: OverlayOption = None,
    seed: Annotated[int, typer.Option("--seed", metavar="N", min=0, help="Seed of the draws.")] = 0,
    workers: Annotated[int, typer.Option("--workers", min=0, metavar="N", help="Processes; 0: one a core.")] = 0,
    cluster: Annotated[
        str | None, typer.Option("--cluster", metavar="ADDRESS", help="A Dask scheduler, as tcp://127.0.0.1:8786.")
    ] = None,
    time_limit: answers.AllTimeOption = None,
    chart: ChartOption = None,
    as_json: answers.JsonOption = False,
    output: answers.OutputOption = None,
) -> None:
    """Do what is missing; the exit status says whether all is finished."""
    from detente import api

    loaded = open_case(case, settings, overlays)
    answers.check_writable(output)
    answers.check_chart(chart)
    with Patience("reading the design") as patience:
        told = api.sweep(
            loaded, over, into or f"{Path(over).stem}.sweep", seed=seed,
            workers=workers or os.cpu_count() or 1, cluster=cluster, time_limit=time_limit, report=patience,
            tell=lambda warning: tell([warning]),
        )  # fmt: skip
    answers.present(told, as_json, output)
    if chart is not None:
        from detente.report.charts.sweep import sweep as drawn

        answers.write_chart(drawn(told, loaded.resolved), chart)
    raise typer.Exit(OK if told.complete else answers.undecided(told))
