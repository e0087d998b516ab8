"""The command for the trade-offs between parties."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from detente.cli import answers
from detente.cli.case_options import CaseArgument, OverlayOption, SetOption, open_case
from detente.cli.patience import Patience
from detente.cli.render_errors import NONE_EXISTS, OK

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
    margin: answers.MarginOption = 0.001,
    keep: answers.KeepOption = None,
    time_limit: answers.AllTimeOption = 120.0,
    work_limit: Annotated[int | None, answers.steps("Steps of all searches; such a run can be repeated.")] = None,
    point: Annotated[
        list[int] | None,
        typer.Option("--point", min=1, metavar="N", help="Show the dated steps of this point too; repeatable."),
    ] = None,
    page: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write a page with the chart; points lead to steps.")
    ] = None,
    as_json: answers.JsonOption = False,
    output: answers.OutputOption = None,
) -> None:
    """Find the frontier; the exit status says whether there is any certified road map, none, or neither is known."""
    from detente import api

    loaded = open_case(case, settings, overlays)
    answers.check_writable(output, page)
    with Patience("seeking trade-offs") as patience:
        told = api.frontier(
            loaded, [*(parties or ()), *(others or ())], points=points, margin=margin, keep=keep or (),
            time_limit=answers.seconds(context, time_limit, work_limit), work_limit=work_limit, report=patience,
        )  # fmt: skip
    answers.present(told, as_json, output)
    if not as_json:
        _steps(told, loaded.resolved, point or ())
    if page is not None:
        from detente.report.sections.frontier import frontier_page

        answers.write(frontier_page(told, loaded.resolved), page)
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
    return answers.undecided(told)
