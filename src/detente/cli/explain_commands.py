"""The command that says why there is no road map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from detente.cli import answers
from detente.cli.case_options import CaseArgument, OverlayOption, SetOption, open_case
from detente.cli.patience import Patience
from detente.cli.render_errors import NONE_EXISTS, OK

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
    keep: answers.KeepOption = None,
    margin: answers.MarginOption = 0.001,
    objective: Annotated[
        str, typer.Option("--objective", metavar="NAME", help="Of what relaxing buys: robust, fair, nash or welfare.")
    ] = "robust",
    ways: Annotated[int, typer.Option("--ways", min=0, metavar="N", help="Ways to relax that are looked for.")] = 5,
    time_limit: answers.TimeLimitOption = 60.0,
    work_limit: Annotated[
        int | None, answers.steps("Stop after N steps of all searches; such a run can be repeated.")
    ] = None,
    as_json: answers.JsonOption = False,
    output: answers.OutputOption = None,
) -> None:
    """Explain; the exit status says whether a conflict is proved, there is none, or neither."""
    from detente import api

    loaded = open_case(case, settings, overlays)
    answers.check_writable(output)
    with Patience("is there a road map that keeps everything?") as patience:
        answer = api.explain(
            loaded, keep=keep or (), margin=margin, objective=objective, ways=ways,  # type: ignore[arg-type]
            time_limit=answers.seconds(context, time_limit, work_limit), work_limit=work_limit,
            report=patience,
        )  # fmt: skip
    answers.present(answer, as_json, output)
    raise typer.Exit(_status(answer))


def _status(answer: Explanation) -> int:
    if answer.outcome == "unknown":
        return answers.undecided(answer)
    return OK if answer.outcome == "plan" else NONE_EXISTS
