"""The command for what is left once a road map has been carried out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from detente.cli import answers
from detente.cli.case_options import CaseArgument, OverlayOption, SetOption, open_case
from detente.cli.patience import Patience
from detente.cli.render_errors import NONE_EXISTS, OK

if TYPE_CHECKING:
    from detente.results.afterwards import Afterwards


def register(app: typer.Typer) -> None:
    """Add this command to the application."""
    app.command("afterwards", help="What is left once a proposal is carried out: more to come, or leverage gone.")(
        afterwards
    )


def afterwards(
    context: typer.Context,
    case: CaseArgument,
    road_map: Annotated[
        str,
        typer.Argument(
            metavar="ROADMAP", help="A file, or the name of a road map or proposal in the case.", show_default=False
        ),
    ],
    settings: SetOption = None,
    overlays: OverlayOption = None,
    objective: Annotated[
        str, typer.Option("--objective", metavar="NAME", help="Of the road map to go on with, as in plan.")
    ] = "robust",
    margin: answers.MarginOption = 0.001,
    time_limit: answers.AllTimeOption = 60.0,
    work_limit: Annotated[int | None, answers.steps("Steps of all searches; such a run can be repeated.")] = None,
    later: Annotated[
        Path | None,
        typer.Option("--case-after", metavar="FILE", help="Write the case from there on, for any other command."),
    ] = None,
    as_json: answers.JsonOption = False,
    output: answers.OutputOption = None,
) -> None:
    """Look past the end; the exit status says whether anything holds from there on."""
    from detente import api

    loaded = open_case(case, settings, overlays)
    answers.check_writable(output, later)
    with Patience("looking past the end") as patience:
        told = api.afterwards(
            loaded, road_map, objective=objective, margin=margin,  # type: ignore[arg-type]
            time_limit=answers.seconds(context, time_limit, work_limit), work_limit=work_limit, report=patience,
        )  # fmt: skip
    answers.present(told, as_json, output)
    if later is not None:
        answers.write(json.dumps(told.to_dict()["case"], ensure_ascii=False, indent=1), later)
    raise typer.Exit(_status(told))


def _status(told: Afterwards) -> int:
    if any(p.further.found is not None for p in told.prospects):
        return OK
    if all(p.outlook == "nothing-holds" for p in told.prospects):
        return NONE_EXISTS
    return answers.undecided(told)
