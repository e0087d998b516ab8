"""The command that mends a text."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from detente.cli import answers
from detente.cli.case_options import CaseArgument, OverlayOption, SetOption, open_case
from detente.cli.patience import Patience
from detente.cli.render_errors import NONE_EXISTS, OK

if TYPE_CHECKING:
    from detente.results.repair import Repair

ProposalArgument = Annotated[
    str,
    typer.Argument(
        metavar="PROPOSAL", help="A proposal or road map of the case, or a file with one.", show_default=False
    ),
]
AllowOption = Annotated[
    list[str] | None,
    typer.Option(
        "--allow",
        metavar="KINDS",
        help="Only changes of these kinds, with commas between or repeated: dates, measures, suspension, access, "
        "escrow, stick, automatic.",
    ),
]
FixOption = Annotated[
    list[str] | None, typer.Option("--fix", metavar="MEASURE", help="This one stays as it is; repeatable.")
]
WrittenOption = Annotated[
    Path | None, typer.Option("--road-map", metavar="FILE", help="Write the mended text as a road map to a file.")
]
AlternativeOption = Annotated[
    int, typer.Option("--alternative", metavar="N", min=1, help="Which of those found --road-map writes.")
]


def register(app: typer.Typer) -> None:
    """Add this command to the application."""
    app.command("repair", help="Mend a proposal: the fewest changes with which all sign it and nobody leaves.")(repair)


def repair(
    context: typer.Context,
    case: CaseArgument,
    proposal: ProposalArgument,
    settings: SetOption = None,
    overlays: OverlayOption = None,
    allow: AllowOption = None,
    fix: FixOption = None,
    keep: answers.KeepOption = None,
    margin: answers.MarginOption = 0.001,
    time_limit: answers.TimeLimitOption = 60.0,
    work_limit: Annotated[int | None, answers.steps("Stop after N steps of the search, for all kinds.")] = None,
    road_map: WrittenOption = None,
    alternative: AlternativeOption = 1,
    as_json: answers.JsonOption = False,
    output: answers.OutputOption = None,
) -> None:
    """Mend; the exit status says whether a repair was found, proved absent, or neither."""
    from detente import api

    loaded = open_case(case, settings, overlays)
    answers.check_writable(output, road_map)
    with Patience("judging the text as tabled") as patience:
        answer = api.repair(
            loaded, proposal, allow=kinds(allow or ()), fix=fix or (), keep=keep or (), margin=margin, report=patience,
            time_limit=answers.seconds(context, time_limit, work_limit), work_limit=work_limit,
        )  # fmt: skip
    answers.present(answer, as_json, output)
    written = road_map if len(answer.alternatives) >= alternative else None
    if written is not None:
        answers.write_road_map(answer.alternatives[alternative - 1].road_map, loaded.resolved, written)
    if not as_json:
        _next_step(answer, case, written)
    raise typer.Exit(_status(answer))


def kinds(given: list[str] | tuple[str, ...]) -> list[str]:
    """Kinds with commas between them, one by one."""
    return [kind.strip() for part in given for kind in part.split(",") if kind.strip()]


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
    return answers.undecided(answer)
