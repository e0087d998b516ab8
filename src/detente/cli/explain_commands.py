"""The command that says why there is no road map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from detente.cli.case_options import CaseArgument, OverlayOption, SetOption, open_case
from detente.cli.patience import Patience
from detente.cli.plan_commands import KeepOption, OutputOption, TimeLimitOption, check_writable, write_json
from detente.cli.render_errors import INTERRUPTED, NONE_EXISTS, OK, UNKNOWN

if TYPE_CHECKING:
    from detente.results.explain import Explanation


def register(app: typer.Typer) -> None:
    """Add this command to the application."""
    app.command("explain", help="Say why no road map exists: what cannot all be had, and what would have to give.")(
        explain
    )


def explain(
    context: typer.Context,
    case: CaseArgument,
    settings: SetOption = None,
    overlays: OverlayOption = None,
    keep: KeepOption = None,
    margin: Annotated[
        float, typer.Option("--margin", min=0, help="Margin asked of every breach, as a part of each party's scale.")
    ] = 0.001,
    objective: Annotated[
        str, typer.Option("--objective", metavar="NAME", help="Of what relaxing buys: robust, fair, nash or welfare.")
    ] = "robust",
    ways: Annotated[int, typer.Option("--ways", min=0, metavar="N", help="Ways to relax that are looked for.")] = 5,
    time_limit: TimeLimitOption = 60.0,
    work_limit: Annotated[
        int | None,
        typer.Option(
            "--work-limit", metavar="N", min=0, help="Stop after N steps of all searches; such a run can be repeated."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON only.")] = False,
    output: OutputOption = None,
) -> None:
    """Explain; the exit status says whether a conflict is proved, there is none, or neither."""
    from detente import api

    loaded = open_case(case, settings, overlays)
    check_writable(output)
    source = context.get_parameter_source("time_limit")
    given = source is not None and source.name != "DEFAULT"
    with Patience("is there a road map that keeps everything?") as patience:
        answer = api.explain(
            loaded, keep=keep or (), margin=margin, objective=objective, ways=ways,  # type: ignore[arg-type]
            time_limit=None if work_limit is not None and not given else time_limit, work_limit=work_limit,
            report=patience,
        )  # fmt: skip
    typer.echo(answer.to_json() if as_json else str(answer))
    if output is not None:
        write_json(answer.to_json(), output)
    raise typer.Exit(_status(answer))


def _status(answer: Explanation) -> int:
    if answer.outcome == "unknown":
        return INTERRUPTED if answer.provenance.run.cut == "interrupted" else UNKNOWN
    return OK if answer.outcome == "plan" else NONE_EXISTS
