"""The command for what is left once a road map has been carried out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from detente.cli.case_options import CaseArgument, OverlayOption, SetOption, open_case
from detente.cli.patience import Patience
from detente.cli.plan_commands import OutputOption, check_writable, write_json
from detente.cli.render_errors import INTERRUPTED, NONE_EXISTS, OK, UNKNOWN

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
    margin: Annotated[
        float, typer.Option("--margin", min=0, help="Margin asked of every breach, as a part of each party's scale.")
    ] = 0.001,
    time_limit: Annotated[
        float | None,
        typer.Option("--time-limit", metavar="SECONDS", min=0, help="Stop then, with what was found so far."),
    ] = 60.0,
    work_limit: Annotated[
        int | None,
        typer.Option("--work-limit", metavar="N", min=0, help="Steps of all searches; such a run can be repeated."),
    ] = None,
    later: Annotated[
        Path | None,
        typer.Option("--case-after", metavar="FILE", help="Write the case from there on, for any other command."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON only.")] = False,
    output: OutputOption = None,
) -> None:
    """Look past the end; the exit status says whether anything holds from there on."""
    from detente import api

    loaded = open_case(case, settings, overlays)
    for file in (output, later):
        check_writable(file)
    source = context.get_parameter_source("time_limit")
    clock = work_limit is None or (source is not None and source.name != "DEFAULT")
    with Patience("looking past the end") as patience:
        told = api.afterwards(
            loaded, road_map, objective=objective, margin=margin,  # type: ignore[arg-type]
            time_limit=time_limit if clock else None, work_limit=work_limit, report=patience,
        )  # fmt: skip
    typer.echo(told.to_json() if as_json else str(told))
    if output is not None:
        write_json(told.to_json(), output)
    if later is not None:
        write_json(json.dumps(told.to_dict()["case"], ensure_ascii=False, indent=1), later)
    raise typer.Exit(_status(told))


def _status(told: Afterwards) -> int:
    if any(p.further.found is not None for p in told.prospects):
        return OK
    if all(p.outlook == "nothing-holds" for p in told.prospects):
        return NONE_EXISTS
    return INTERRUPTED if told.provenance.run.cut == "interrupted" else UNKNOWN
