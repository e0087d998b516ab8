"""The command that sets two positions or proposals side by side and names the crux."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from detente.cli import answers
from detente.cli.case_options import CaseArgument, OverlayOption, SetOption, open_case
from detente.cli.patience import Patience
from detente.cli.render_errors import OK

if TYPE_CHECKING:
    from detente.results.gap import Gap


def register(app: typer.Typer) -> None:
    """Add this command to the application."""
    app.command("gap", help="How far two texts lie apart: dates, orders, worth to each side, and the crux.")(gap)


def gap(
    context: typer.Context,
    case: CaseArgument,
    texts: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="A B",
            help="Two positions or proposals; where silent the latest of the two principals.",
            show_default=False,
        ),
    ] = None,
    settings: SetOption = None,
    overlays: OverlayOption = None,
    margin: answers.MarginOption = 0.001,
    time_limit: answers.TimeLimitOption = 60.0,
    work_limit: Annotated[
        int | None, answers.steps("Stop after N steps of all searches; such a run can be repeated.")
    ] = None,
    chart: Annotated[
        Path | None, typer.Option("--chart", metavar="FILE", help="Draw the dates to a file: .svg, .png or .pdf.")
    ] = None,
    as_json: answers.JsonOption = False,
    output: answers.OutputOption = None,
) -> None:
    """Measure the gap; the exit status says whether it is known what cannot all stand."""
    from detente import api

    loaded = open_case(case, settings, overlays)
    answers.check_writable(output)
    answers.check_chart(chart)
    with Patience("can both texts be kept?") as patience:
        answer = api.gap(
            loaded, texts or (), margin=margin, report=patience, work_limit=work_limit,
            time_limit=answers.seconds(context, time_limit, work_limit),
        )  # fmt: skip
    answers.present(answer, as_json, output)
    if chart is not None:
        from detente.report.charts.gap import gap as drawn

        answers.write_chart(drawn(answer, loaded.resolved), chart)
    raise typer.Exit(_status(answer))


def _status(answer: Gap) -> int:
    if answer.together != "unknown":
        return OK
    return answers.undecided(answer)
