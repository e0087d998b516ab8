"""The command that mends a text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from detente.cli.case_options import CaseArgument, OverlayOption, SetOption, open_case
from detente.cli.patience import Patience
from detente.cli.plan_commands import KeepOption, OutputOption, TimeLimitOption, check_writable, write_json
from detente.cli.render_errors import INTERRUPTED, NONE_EXISTS, OK, UNKNOWN

if TYPE_CHECKING:
    from detente.case.resolved import ResolvedCase
    from detente.results.repair import Repair


def register(app: typer.Typer) -> None:
    """Add this command to the application."""
    app.command("repair", help="Mend a proposal: the fewest changes with which all sign it and nobody leaves.")(repair)


def repair(
    context: typer.Context,
    case: CaseArgument,
    proposal: Annotated[
        str,
        typer.Argument(
            metavar="PROPOSAL", help="A proposal or road map of the case, or a file with one.", show_default=False
        ),
    ],
    settings: SetOption = None,
    overlays: OverlayOption = None,
    allow: Annotated[
        list[str] | None,
        typer.Option(
            "--allow",
            metavar="KINDS",
            help="Only changes of these kinds, with commas between or repeated: dates, measures, suspension, access, "
            "escrow, stick, automatic.",
        ),
    ] = None,
    fix: Annotated[
        list[str] | None, typer.Option("--fix", metavar="MEASURE", help="This one stays as it is; repeatable.")
    ] = None,
    keep: KeepOption = None,
    margin: Annotated[
        float, typer.Option("--margin", min=0, help="Margin asked of every breach, as a part of each party's scale.")
    ] = 0.001,
    time_limit: TimeLimitOption = 60.0,
    work_limit: Annotated[
        int | None,
        typer.Option("--work-limit", metavar="N", min=0, help="Stop after N steps of the search, for all kinds."),
    ] = None,
    road_map: Annotated[
        Path | None, typer.Option("--road-map", metavar="FILE", help="Write the mended text as a road map to a file.")
    ] = None,
    alternative: Annotated[
        int, typer.Option("--alternative", metavar="N", min=1, help="Which of those found --road-map writes.")
    ] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON only.")] = False,
    output: OutputOption = None,
) -> None:
    """Mend; the exit status says whether a repair was found, proved absent, or neither."""
    from detente import api

    loaded = open_case(case, settings, overlays)
    for file in (output, road_map):
        check_writable(file)
    source = context.get_parameter_source("time_limit")
    given = source is not None and source.name != "DEFAULT"
    with Patience("judging the text as tabled") as patience:
        answer = api.repair(
            loaded, proposal, allow=kinds(allow or ()), fix=fix or (), keep=keep or (), margin=margin, report=patience,
            time_limit=None if work_limit is not None and not given else time_limit, work_limit=work_limit,
        )  # fmt: skip
    typer.echo(answer.to_json() if as_json else str(answer))
    if output is not None:
        write_json(answer.to_json(), output)
    if road_map is not None and len(answer.alternatives) >= alternative:
        write_json(_road_map(loaded.resolved, answer, alternative), road_map)
    if not as_json:
        _next_step(answer, case, road_map if len(answer.alternatives) >= alternative else None)
    raise typer.Exit(_status(answer))


def kinds(given: list[str] | tuple[str, ...]) -> list[str]:
    """Kinds with commas between them, one by one."""
    return [kind.strip() for part in given for kind in part.split(",") if kind.strip()]


def _road_map(case: ResolvedCase, answer: Repair, alternative: int) -> str:
    from detente.case.road_maps import road_map_to_dict

    found = answer.alternatives[alternative - 1].road_map
    return json.dumps(road_map_to_dict(found, case), ensure_ascii=False, indent=1)


def _next_step(answer: Repair, case: str, road_map: Path | None) -> None:
    if answer.provenance.run.cut == "interrupted" and answer.alternatives:
        typer.echo("\nInterrupted: these are the repairs found so far.")
    if not answer.alternatives:
        return
    terms = "".join(f" --set {s}" for s in answer.alternatives[0].settings)
    if road_map is None:
        written = f"detente repair {case} {answer.name or '…'} --road-map mended.json"
        typer.echo(f"\nTo judge the first: {written}; detente audit {case} mended.json{terms}")
    else:
        typer.echo(f"\nWritten to {road_map}. To judge it: detente audit {case} {road_map}{terms}")


def _status(answer: Repair) -> int:
    if answer.outcome in ("holds", "repaired"):
        return OK
    if answer.outcome == "none-exists":
        return NONE_EXISTS
    return INTERRUPTED if answer.provenance.run.cut == "interrupted" else UNKNOWN
