"""The command for thresholds: for which values of a number a road map holds, or any does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from detente.cli import answers
from detente.cli.audit_commands import chosen_road_map
from detente.cli.case_options import CaseArgument, OverlayOption, SetOption, open_case
from detente.cli.patience import Patience
from detente.cli.render_errors import FAILS, INTERRUPTED, NONE_EXISTS, OK, UNKNOWN

if TYPE_CHECKING:
    from detente.results.threshold import Threshold

OfOption = Annotated[
    list[str],
    typer.Option(
        "--of",
        metavar="PATH",
        show_default=False,
        help="The number, by the path of a setting (party.US.lag); twice for a map; with commas several get one value.",
    ),
]
RoadMapArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="ROADMAP",
        show_default=False,
        help="Path of a road map or of a plan, or the name of one in the case; without it any certified one will do.",
    ),
]
FromOption = Annotated[
    list[str] | None,
    typer.Option("--from", metavar="VALUE", help="Lowest value, in the unit of the case; once for each --of."),
]
ToOption = Annotated[list[str] | None, typer.Option("--to", metavar="VALUE", help="Highest value, likewise.")]
PointsOption = Annotated[
    list[int] | None,
    typer.Option("--points", metavar="N", min=2, help="Values to begin with: 41; on a map 21; without ROADMAP 11, 7."),
]
ToleranceOption = Annotated[
    list[str] | None,
    typer.Option("--tolerance", metavar="VALUE", help="How far changes between neighbours are narrowed down."),
]
MarginOption = Annotated[float, typer.Option("--margin", min=0, help="Without ROADMAP: margin asked of every breach.")]
AllTimeOption = Annotated[
    float | None,
    typer.Option("--time-limit", metavar="SECONDS", min=0, help="Stop then; without ROADMAP 300."),
]
PlanTimeOption = Annotated[
    float, typer.Option("--plan-limit", metavar="SECONDS", min=0, help="Without ROADMAP: of the planner at each value.")
]
WorkOption = Annotated[int | None, answers.steps("Steps of the planner at each value, instead of time.")]
ChartOption = Annotated[
    Path | None, typer.Option("--chart", metavar="FILE", help="Write the chart: .svg, .png or .pdf.")
]


def register(app: typer.Typer) -> None:
    """Add this command to the application."""
    app.command("threshold", help="For which values of a number a road map holds, or any certified one exists.")(
        threshold
    )


def threshold(
    case: CaseArgument,
    of: OfOption,
    road_map: RoadMapArgument = None,
    settings: SetOption = None,
    overlays: OverlayOption = None,
    low: FromOption = None,
    high: ToOption = None,
    points: PointsOption = None,
    tolerance: ToleranceOption = None,
    keep: answers.KeepOption = None,
    margin: MarginOption = 0.001,
    time_limit: AllTimeOption = None,
    plan_limit: PlanTimeOption = 30.0,
    work_limit: WorkOption = None,
    chart: ChartOption = None,
    as_json: answers.JsonOption = False,
    output: answers.OutputOption = None,
) -> None:
    """Find the threshold; the exit status says whether it holds somewhere, fails everywhere, or neither is known."""
    from detente import api

    loaded = open_case(case, settings, overlays)
    answers.check_writable(output)
    answers.check_chart(chart)
    chosen = None if road_map is None else chosen_road_map(road_map, loaded.resolved)
    with Patience("reading the case") as patience:
        answer = api.threshold(
            loaded, of, chosen, low=low, high=high, points=points, tolerance=tolerance, keep=keep or (), margin=margin,
            time_limit=time_limit, plan_limit=plan_limit, work_limit=work_limit, report=patience,
        )  # fmt: skip
    answers.present(answer, as_json, output)
    if chart is not None:
        from detente.report.charts.threshold import threshold as drawn

        answers.write_chart(drawn(answer, loaded.resolved), chart)
    raise typer.Exit(_status(answer))


def _status(answer: Threshold) -> int:
    if answer.outcome == "holds":
        return OK
    if answer.provenance.run.cut == "interrupted":
        return INTERRUPTED
    if answer.outcome == "unknown":
        return UNKNOWN
    return FAILS if answer.question == "road-map" else NONE_EXISTS
