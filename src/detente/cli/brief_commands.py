"""The command that writes the brief."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from detente.cli import answers
from detente.cli.case_options import CaseArgument, OverlayOption, SetOption, open_case

STATUS = {"plan": 0, "none-exists": 3, "unknown": 4}


def register(app: typer.Typer) -> None:
    """Add this command to the application."""
    app.command("brief", help="Plan, compare, and write it all up: one HTML file and one PDF.")(brief)


def brief(
    case: CaseArgument,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="DIR", help="Folder to write to; made if need be.")],
    settings: SetOption = None,
    overlays: OverlayOption = None,
    draws: Annotated[int, typer.Option("--draws", min=1, help="Draws of all uncertain numbers.")] = 300,
    seed: Annotated[int, typer.Option("--seed", help="Seed of the draws.")] = 0,
    time_limit: Annotated[
        float | None,
        typer.Option("--time-limit", metavar="SECONDS", min=0, help="Stop the search for a road map then."),
    ] = None,
    date: Annotated[str, typer.Option("--date", help="Date to print on the first page; none where silent.")] = "",
) -> None:
    """Write the brief and print its first page."""
    from detente import briefing

    loaded = open_case(case, settings, overlays)
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise answers.cannot_write(output, str(error.strerror)) from None
    made = briefing.brief(
        loaded, output, draws=draws, seed=seed, time_limit=time_limit, date=date, workers=os.cpu_count() or 1,
        report=lambda text: print(text, file=sys.stderr, flush=True),
    )  # fmt: skip
    typer.echo(made.summary)
    typer.echo(f"The brief: {made.html} and {made.pdf}")
    raise typer.Exit(STATUS[made.outcome])
