"""Commands on cases: check, show, schema, new, cases."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from detente.cli.case_options import CaseArgument, OverlayOption, SetOption, open_case
from detente.cli.render_errors import BAD_INPUT

if TYPE_CHECKING:
    from detente.case.load import Case


def register(app: typer.Typer) -> None:
    """Add these commands to the application."""
    app.command("check", help="Check a case: every problem in one go, with what to do about it.")(check)
    app.command("show", help="Show a case as resolved: parties, measures, values, clauses.")(show)
    app.command("schema", help="Print the JSON Schema of the case language, for editors.")(schema)
    app.command("new", help="Start a case from a commented template.")(new)
    app.command("cases", help="List the shipped cases.")(cases)


def check(
    case: Annotated[
        str | None, typer.Argument(metavar="CASE", help=CaseArgument.__metadata__[0].help, show_default=False)
    ] = None,
    settings: SetOption = None,
    overlays: OverlayOption = None,
    sources: Annotated[bool, typer.Option("--sources", help="List the numbers that rest on no source.")] = False,
    explain: Annotated[
        str | None, typer.Option("--explain", metavar="CODE", help="Say more on a code, such as DET204, or on all.")
    ] = None,
) -> None:
    """Check a case, or explain a code."""
    if explain is not None:
        from detente.errors import explanation

        typer.echo(explanation(explain))
        return
    if case is None:
        print("error: name a case to check, or a code to --explain", file=sys.stderr)
        raise typer.Exit(BAD_INPUT)
    from detente.case.variants import governments_of, types_of

    loaded = open_case(case, settings, overlays)
    _tell_warnings(loaded)
    r = loaded.resolved
    milestones = sum(m.members is not None for m in r.measures.values())
    counts = [
        (len(r.parties), "party", "parties"),
        (len(r.measures) - milestones, "measure", "measures"),
        (milestones, "milestone", "milestones"),
        (len(r.clauses), "clause", "clauses"),
        (len(r.road_maps), "road map", "road maps"),
        (sum(map(len, types_of(loaded).values())), "type", "types"),
        (len(governments_of(loaded)), "government that may come", "governments that may come"),
        (len(loaded.warnings), "warning", "warnings"),
    ]
    told = ", ".join(f"{n} {one if n == 1 else many}" for n, one, many in counts if n)
    typer.echo(f"{case} is in order: {told}")
    if sources:
        _list_unsourced(loaded)


def _tell_warnings(case: Case) -> None:
    for w in case.warnings:
        print(f"warning[{w.code}]: {w.where}: {w.problem}", file=sys.stderr)


def _list_unsourced(case: Case) -> None:
    if case.document is None:
        typer.echo("a resolved case carries no sources")
        return
    from detente.case.check_more import unsourced
    from detente.case.validate import describe, shown

    missing = unsourced(case.document)
    typer.echo(f"{len(missing)} numbers rest on no source" if missing else "every number rests on a source")
    for loc in missing:
        path = case.tree.path(loc)
        typer.echo(f"{case.tree.where(loc)}: {describe(path, case.tree)} = {shown(case.tree.get(path))}")


def show(
    case: CaseArgument,
    settings: SetOption = None,
    overlays: OverlayOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the resolved case as JSON only.")] = False,
) -> None:
    """Show a resolved case."""
    loaded = open_case(case, settings, overlays)
    if as_json:
        from detente.case.interchange import resolved_to_dict

        typer.echo(json.dumps(resolved_to_dict(loaded.resolved), ensure_ascii=False, indent=1))
        return
    from detente.cli.case_tables import print_case

    print_case(loaded)


def schema() -> None:
    """Print the JSON Schema."""
    from detente.case.json_schema import case_schema

    typer.echo(json.dumps(case_schema(), ensure_ascii=False, indent=1))


def new(
    name: Annotated[str, typer.Argument(help="Name of the case, or path of the file to write.", show_default=False)],
) -> None:
    """Write a commented template."""
    from detente.case.template import write_template

    typer.echo(
        f"wrote {write_template(Path(name))}; next: detente check {name if name.endswith('.yaml') else name + '.yaml'}"
    )


def cases() -> None:
    """List the shipped cases, and what can be laid over them."""
    from detente.case.read import read_text, shipped, shipped_overlays, tree_of

    files = {**shipped(), **shipped_overlays()}
    width = max(map(len, files), default=0)
    for name in sorted(files):
        title = tree_of(read_text(files[name], name), name).data.get("title", "")
        laid = "" if name in shipped() else f", laid over {name.partition('/')[0]}"
        typer.echo(f"{name:<{width}}  {title}{laid}")
