"""The command that sets two positions or proposals side by side and names the crux."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from detente.cli.case_options import CaseArgument, OverlayOption, SetOption, open_case
from detente.cli.patience import Patience
from detente.cli.plan_commands import OutputOption, TimeLimitOption, cannot_write, check_writable, write_json
from detente.cli.render_errors import INTERRUPTED, OK, UNKNOWN

if TYPE_CHECKING:
    from detente.case.resolved import ResolvedCase
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
    margin: Annotated[
        float, typer.Option("--margin", min=0, help="Margin asked of every breach, as a part of each party's scale.")
    ] = 0.001,
    time_limit: TimeLimitOption = 60.0,
    work_limit: Annotated[
        int | None,
        typer.Option(
            "--work-limit", metavar="N", min=0, help="Stop after N steps of all searches; such a run can be repeated."
        ),
    ] = None,
    chart: Annotated[
        Path | None, typer.Option("--chart", metavar="FILE", help="Draw the dates to a file: .svg, .png or .pdf.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON only.")] = False,
    output: OutputOption = None,
) -> None:
    """Measure the gap; the exit status says whether it is known what cannot all stand."""
    from detente import api

    loaded = open_case(case, settings, overlays)
    for file in (output, chart):
        check_writable(file)
    source = context.get_parameter_source("time_limit")
    given = source is not None and source.name != "DEFAULT"
    with Patience("can both texts be kept?") as patience:
        answer = api.gap(
            loaded, texts or (), margin=margin, report=patience, work_limit=work_limit,
            time_limit=None if work_limit is not None and not given else time_limit,
        )  # fmt: skip
    typer.echo(answer.to_json() if as_json else str(answer))
    if output is not None:
        write_json(answer.to_json(), output)
    if chart is not None:
        _draw(answer, loaded.resolved, chart)
    raise typer.Exit(_status(answer))


def _draw(answer: Gap, case: ResolvedCase, path: Path) -> None:
    from detente.report import draw
    from detente.report.charts.gap import gap as spec

    kinds = {".svg": lambda s: draw.svg(s).encode(), ".png": draw.png, ".pdf": draw.pdf}
    if path.suffix.lower() not in kinds:
        raise cannot_write(path, "charts are drawn as .svg, .png or .pdf")
    path.write_bytes(kinds[path.suffix.lower()](spec(answer, case)))


def _status(answer: Gap) -> int:
    if answer.together != "unknown":
        return OK
    return INTERRUPTED if answer.provenance.run.cut == "interrupted" else UNKNOWN
