"""The commands on the record of offers: what it shows, and how an offer is added."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from detente.cli import answers
from detente.cli.case_options import CaseArgument, OverlayOption, SetOption, open_case
from detente.cli.patience import Patience
from detente.cli.render_errors import INTERRUPTED, NONE_EXISTS, OK, UNKNOWN

if TYPE_CHECKING:
    from detente.results.rounds import Rounds

SHOW = "show"
RecordOption = Annotated[
    Path | None, typer.Option("--record", metavar="FILE", help="The record, where it does not lie beside the case.")
]


class ShowsUnlessTold(TyperGroup):
    """``rounds CASE`` is ``rounds show CASE``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the command in where none is named."""
        if args and args[0] not in self.commands and args[0] not in ("-h", "--help"):
            args = [SHOW, *args]
        return super().parse_args(ctx, args)


def register(app: typer.Typer) -> None:
    """Add these commands to the application."""
    group = typer.Typer(
        cls=ShowsUnlessTold,
        help="The record of offers: how far apart, who conceded what, and a single text to table next.",
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    group.command(SHOW, help="Measure the offers made so far, and find a single text to table next.")(show)
    group.command("add", help="Add an offer to the record of a case; nothing in it is ever changed.")(add)
    app.add_typer(group, name="rounds")


def show(
    context: typer.Context,
    case: CaseArgument,
    settings: SetOption = None,
    overlays: OverlayOption = None,
    record: RecordOption = None,
    between: Annotated[
        list[str] | None,
        typer.Option("--between", metavar="PARTY", help="The two sides, where more made offers; give it twice."),
    ] = None,
    head: Annotated[
        str, typer.Option("--head", metavar="HASH", help="A head noted before: whether all before it still stands.")
    ] = "",
    text: Annotated[bool, typer.Option("--text/--no-text", help="Whether a single text is sought.")] = True,
    margin: answers.MarginOption = 0.001,
    time_limit: answers.TimeLimitOption = 60.0,
    work_limit: Annotated[int | None, answers.steps("Steps for each of the three searches for a text.")] = None,
    road_map: Annotated[
        Path | None, typer.Option("--road-map", metavar="FILE", help="Write the single text as a road map to a file.")
    ] = None,
    as_json: answers.JsonOption = False,
    output: answers.OutputOption = None,
) -> None:
    """Measure the record; the exit status is that of the search for a single text."""
    from detente import api

    loaded = open_case(case, settings, overlays)
    answers.check_writable(output, road_map)
    with Patience("reading the record") as patience:
        answer = api.rounds(
            loaded, record=record, between=between or (), head=head, text=text, margin=margin, report=patience,
            time_limit=answers.seconds(context, time_limit, work_limit), work_limit=work_limit,
        )  # fmt: skip
    answers.present(answer, as_json, output)
    found = answer.text
    if road_map is not None and found is not None and found.outcome == "found":
        from detente.case.road_map import RoadMap

        answers.write_road_map(RoadMap(found.starts, "single text"), loaded.resolved, road_map)
    if not as_json:
        _next_step(answer, case, road_map)
    raise typer.Exit(_status(answer))


def _next_step(answer: Rounds, case: str, road_map: Path | None) -> None:
    if answer.provenance.run.cut == "interrupted":
        typer.echo("\nInterrupted: this is the closest certified road map found so far.")
    if answer.text is None or answer.text.outcome != "found":
        return
    if road_map is None:
        typer.echo(f"\nTo judge it: detente rounds {case} --road-map text.json; detente audit {case} text.json")
    else:
        typer.echo(f"\nWritten to {road_map}. To judge it: detente audit {case} {road_map}")


def _status(answer: Rounds) -> int:
    text = answer.text
    if text is None or text.outcome == "found":
        return OK
    if text.reason is not None and text.reason.kind == "interrupted":
        return INTERRUPTED
    return NONE_EXISTS if text.outcome == "none-exists" else UNKNOWN


def add(
    case: CaseArgument,
    by: Annotated[str, typer.Option("--by", metavar="PARTY", help="The party that made the offer.")],
    settings: SetOption = None,
    overlays: OverlayOption = None,
    clause: Annotated[
        list[str] | None,
        typer.Option("--clause", metavar="CLAUSE", help='"must: …" or "{want: …, weight: 2}"; repeatable.'),
    ] = None,
    clauses: Annotated[
        Path | None, typer.Option("--clauses", metavar="FILE", help="A file with a list of clauses, YAML or JSON.")
    ] = None,
    proposal: Annotated[
        str | None,
        typer.Option("--proposal", metavar="NAME", help="Take the clauses of this proposal or position of the case."),
    ] = None,
    date: Annotated[str, typer.Option("--date", metavar="DATE", help="When it was made: 2019-02-28, 2019-02.")] = "",
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="What the round is called.")] = "",
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="What should be remembered of it.")] = "",
    sources: Annotated[
        list[str] | None,
        typer.Option("--source", metavar="NAME", help="A source of the case that reports it; repeatable."),
    ] = None,
    record: RecordOption = None,
) -> None:
    """Add an offer."""
    from detente.case import rounds_writing as writing
    from detente.case.problems import stop
    from detente.case.rounds import places

    if sum(given is not None and given != [] for given in (clause, clauses, proposal)) != 1:
        raise stop("DET503", "the offer needs its clauses in exactly one way",
                   fix="give --clause (repeatable), or --clauses FILE, or --proposal NAME")  # fmt: skip
    loaded = open_case(case, settings, overlays)
    to = places(loaded, record)
    if proposal is not None:
        offer = writing.from_case(loaded, proposal)
    else:
        offer = writing.from_file(clauses) if clauses is not None else writing.from_texts(clause or [])
    begun = to.begins if not to.writes.exists() else None
    added = writing.Added(by, name, date, note, tuple(sources or ()), proposal or "")
    made, whole = writing.add_round(loaded, offer, added, to)
    told = f", begun with the {len(whole.rounds) - 1} offers shipped with the case" if begun is not None else ""
    typer.echo(f'added as offer {len(whole.rounds)}, "{made.name}", to {to.writes}{told}')
    typer.echo(f"head: {whole.head}")
    again = "" if record is None else f" --record {record}"
    typer.echo(f"next: detente rounds {case}{again}")
