"""The command that sets the proposals side by side."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from detente.cli import answers
from detente.cli.case_options import CaseArgument, OverlayOption, SetOption, open_case


def register(app: typer.Typer) -> None:
    """Add this command to the application."""
    app.command("compare", help="Set all proposals beside the best road map: who signs, who stays.")(compare)


def compare(
    case: CaseArgument,
    settings: SetOption = None,
    overlays: OverlayOption = None,
    proposals: Annotated[
        list[str] | None,
        typer.Option("--proposal", metavar="NAME", help="Only this proposal or road map of the case; repeatable."),
    ] = None,
    draws: Annotated[int, typer.Option("--draws", min=0, metavar="N", help="Draws of all ranges; 0 for none.")] = 300,
    seed: Annotated[int, typer.Option("--seed", min=0, metavar="N", help="Seed of the draws.")] = 0,
    time_limit: Annotated[
        float, typer.Option("--time-limit", metavar="SECONDS", min=0, help="For the best certified reading of each.")
    ] = 10.0,
    plan_limit: Annotated[
        float, typer.Option("--plan-limit", metavar="SECONDS", min=0, help="For the planner's own road map.")
    ] = 45.0,
    workers: Annotated[int, typer.Option("--workers", min=0, metavar="N", help="Processes; 0: one a core.")] = 0,
    as_json: answers.JsonOption = False,
    output: answers.OutputOption = None,
) -> None:
    """Compare; progress goes to standard error."""
    from detente import api

    loaded = open_case(case, settings, overlays)
    answers.check_writable(output)
    told = api.compare(
        loaded, proposals=proposals, draws=draws, seed=seed, time_limit=time_limit, plan_limit=plan_limit,
        workers=workers or os.cpu_count() or 1, report=lambda text: print(text, file=sys.stderr, flush=True),
    )  # fmt: skip
    answers.present(told, as_json, output)
