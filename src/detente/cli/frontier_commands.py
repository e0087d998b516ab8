"""The command for the trade-offs between parties."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from detente.cli.case_options import CaseArgument, OverlayOption, SetOption, open_case
from detente.cli.patience import Patience
from detente.cli.plan_commands import KeepOption, OutputOption, check_writable, write_json
from detente.cli.render_errors import INTERRUPTED, NONE_EXISTS, OK, UNKNOWN

if TYPE_CHECKING:
    from detente.case.resolved import ResolvedCase
    from detente.results.frontier import Frontier


def register(app: typer.Typer) -> None:
    """Add this command to the application."""
    app.command("frontier", help="All trade-offs between parties, and where bargaining and the proposals lie.")(
        frontier
    )


def frontier(
    context: typer.Context,
    case: CaseArgument,
    others: Annotated[
        list[str] | None,
        typer.Argument(metavar="PARTY...", help="Between whom; the principals if none is named.", show_default=False),
    ] = None,
    settings: SetOption = None,
    overlays: OverlayOption = None,
    parties: Annotated[
        list[str] | None,
        typer.Option("--parties", metavar="PARTY", help="Between whom; more may follow, as in --parties US DPRK."),
    ] = None,
    points: Annotated[
        int | None,
        typer.Option("--points", min=1, metavar="N", help="No more points than this; all there are where silent."),
    ] = None,
    margin: Annotated[
        float, typer.Option("--margin", min=0, help="Margin asked of every breach, as a part of each party's scale.")
    ] = 0.001,
    keep: KeepOption = None,
    time_limit: Annotated[
        float | None,
        typer.Option("--time-limit", metavar="SECONDS", min=0, help="Stop then, with what was found so far."),
    ] = 120.0,
    work_limit: Annotated[
        int | None,
        typer.Option("--work-limit", metavar="N", min=0, help="Steps of all searches; such a run can be repeated."),
    ] = None,
    point: Annotated[
        list[int] | None,
        typer.Option("--point", min=1, metavar="N", help="Show the dated steps of this point too; repeatable."),
    ] = None,
    page: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write a page with the chart; points lead to steps.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON only.")] = False,
    output: OutputOption = None,
) -> None:
    """Find the frontier; the exit status says whether there is any certified road map, none, or neither is known."""
    from detente import api

    loaded = open_case(case, settings, overlays)
    for file in (output, page):
        check_writable(file)
    source = context.get_parameter_source("time_limit")
    clock = work_limit is None or (source is not None and source.name != "DEFAULT")
    with Patience("seeking trade-offs") as patience:
        told = api.frontier(
            loaded, [*(parties or ()), *(others or ())], points=points, margin=margin, keep=keep or (),
            time_limit=time_limit if clock else None, work_limit=work_limit, report=patience,
        )  # fmt: skip
    typer.echo(told.to_json() if as_json else str(told))
    if not as_json:
        _steps(told, loaded.resolved, point or ())
    if output is not None:
        write_json(told.to_json(), output)
    if page is not None:
        from detente.report.sections.frontier import frontier_page

        write_json(frontier_page(told, loaded.resolved), page)
    raise typer.Exit(_status(told))


def _steps(told: Frontier, case: ResolvedCase, wanted: list[int] | tuple[int, ...]) -> None:
    from detente.report.frontier_text import point_text

    for number in wanted:
        if number <= len(told.points):
            typer.echo(f"\n{point_text(told, number, case)}")
        else:
            typer.echo(f"\nThere is no point {number}.")


def _status(told: Frontier) -> int:
    if told.points:
        return OK
    if told.kind == "none-exists":
        return NONE_EXISTS
    return INTERRUPTED if told.provenance.run.cut == "interrupted" else UNKNOWN
