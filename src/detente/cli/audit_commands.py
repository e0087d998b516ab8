"""Commands of the judge: audit, verify, diff."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from detente.cli import answers
from detente.cli.case_options import CaseArgument, OverlayOption, SetOption, open_case
from detente.cli.patience import Patience
from detente.cli.render_errors import FAILS, OK, UNKNOWN, tell
from detente.errors import Diagnostic, InputError

if TYPE_CHECKING:
    from detente.case.resolved import ResolvedCase
    from detente.case.road_map import RoadMap

BY_VERDICT = {"holds": OK, "fails": FAILS, "unknown": UNKNOWN}

RoadMapArgument = Annotated[
    str,
    typer.Argument(
        metavar="ROADMAP",
        help="Path of a road map or of a plan, or the name of a road map or proposal in the case.",
        show_default=False,
    ),
]
NodesOption = Annotated[
    int, typer.Option("--nodes", min=1, help="Nodes of the search for covert breaches, for each party and period.")
]


def register(app: typer.Typer) -> None:
    """Add these commands to the application."""
    app.command("audit", help="Judge a road map: does it hold, who leaves when and how, what cures it.")(audit)
    app.command("verify", help="Check a written audit or plan against its case from scratch.")(verify)
    app.command("diff", help="Compare two cases or two road maps: what moved the verdict.")(diff)


def audit(
    case: CaseArgument,
    road_map: RoadMapArgument,
    settings: SetOption = None,
    overlays: OverlayOption = None,
    as_json: answers.JsonOption = False,
    exact: Annotated[bool, typer.Option("--exact", help="Work out every margin as an exact fraction.")] = False,
    why: Annotated[
        tuple[str, str] | None,
        typer.Option("--why", metavar="PARTY PERIOD", help="Explain a party's choice in a period, measure by measure."),
    ] = None,
    keep: answers.KeepOption = None,
    cures: Annotated[bool, typer.Option("--cures/--no-cures", help="Search for the cheapest cure.")] = True,
    nodes: NodesOption = 200_000,
) -> None:
    """Judge a road map; the exit status is its verdict."""
    from detente.audit.judge import audit as judge
    from detente.audit.margins import Limits

    resolved, limits = open_case(case, settings, overlays).resolved, Limits(nodes)
    chosen = chosen_road_map(road_map, resolved)
    if why is not None:
        _why(resolved, chosen, why, limits, as_json)
        return
    with Patience("judging") as tell:
        answer = judge(resolved, chosen, exact=exact, cures=cures, keep=keep or (), limits=limits, tell=tell)
    if as_json:
        typer.echo(answer.to_json())
    else:
        from detente.cli.audit_tables import print_audit

        print_audit(answer, resolved, cures=cures)
    raise typer.Exit(BY_VERDICT[answer.verdict])


def chosen_road_map(text: str, case: ResolvedCase, *, warn: bool = True) -> RoadMap:
    """The road map named; of a proposal in general terms a completion, and it is said which."""
    from detente.api import load_road_map

    with Patience(f"seeking a road map that keeps {text}"):
        found = load_road_map(text, case, tell=(lambda warning: tell([warning])) if warn else (lambda warning: None))
    if found.name.startswith(f"{text}, "):
        print(f"{text} is in general terms; taken here: {found.name.removeprefix(text + ', ')}", file=sys.stderr)
    return found


def _why(case: ResolvedCase, road_map: RoadMap, asked: tuple[str, str], limits: Any, as_json: bool) -> None:
    from detente.audit.why import why
    from detente.audit.words import calendar

    party, when = asked
    with Patience("working out what staying and leaving are worth"):
        answer = why(case, road_map, party, calendar(case).period_of(when), limits=limits)
    if as_json:
        typer.echo(answer.to_json())
        return
    from detente.cli.audit_tables import print_why

    print_why(answer, case)


def verify(
    answer: Annotated[
        Path, typer.Argument(metavar="ANSWER", help="A JSON file written by audit or plan.", show_default=False)
    ],
    case: Annotated[
        str | None,
        typer.Argument(metavar="CASE", help="The case; found among the shipped ones by its hash if left out."),
    ] = None,
    settings: SetOption = None,
    overlays: OverlayOption = None,
    as_json: answers.JsonOption = False,
) -> None:
    """Check a written answer; status 1 if anything in it differs."""
    from detente.audit.verify import verify as check

    written = _answer(answer)
    resolved = _case_of(written, case, settings, overlays)
    with Patience("judging from scratch"):
        result = check(written, resolved)
    if as_json:
        typer.echo(result.to_json())
    else:
        from detente.cli.audit_tables import print_verification

        print_verification(result, str(answer), case or resolved.name)
    if result.agrees and result.kind == "plan" and written.get("outcome") != "plan":
        raise typer.Exit(UNKNOWN)
    raise typer.Exit(OK if result.agrees else FAILS)


def _answer(path: Path) -> dict[str, Any]:
    """The JSON of an answer, or an error that says why it cannot be read."""
    from detente.case.read import read_text
    from detente.errors import Where

    try:
        written = json.loads(read_text(path))
    except (ValueError, RecursionError) as error:
        where = Where(str(path), getattr(error, "lineno", None), getattr(error, "colno", None))
        problem = f"this is not JSON: {getattr(error, 'msg', error)}"
        raise InputError([Diagnostic("DET704", problem, where, fix="give a file that audit or plan wrote")]) from None
    if not isinstance(written, dict):
        raise InputError([Diagnostic("DET704", "this is no answer of the program", Where(str(path)))])
    return written


def _case_of(
    written: dict[str, Any], case: str | None, settings: list[str] | None, overlays: list[str] | None
) -> ResolvedCase:
    """The case named, or the shipped one with the hash that the answer states."""
    from detente.case.interchange import case_hash
    from detente.case.read import shipped, shipped_overlays

    if case is not None:
        return open_case(case, settings, overlays).resolved
    for name in (*shipped(), *shipped_overlays()):
        found = open_case(name, settings, overlays).resolved
        if case_hash(found) == written.get("case_hash"):
            return found
    raise InputError([
        Diagnostic("DET706", "no shipped case has the hash that this answer states",
                   why="an answer does not carry its case",
                   fix="name the case after the answer: detente verify ANSWER CASE")
    ])  # fmt: skip


def diff(
    first: Annotated[str, typer.Argument(metavar="A", help="A case; or with --case, a road map.", show_default=False)],
    second: Annotated[str, typer.Argument(metavar="B", help="Another version of it.", show_default=False)],
    case: Annotated[
        str | None, typer.Option("--case", metavar="CASE", help="Compare two road maps of this case.")
    ] = None,
    road_map: Annotated[
        str | None, typer.Option("--road-map", metavar="ROADMAP", help="The road map by which two cases are compared.")
    ] = None,
    settings: SetOption = None,
    overlays: OverlayOption = None,
    as_json: answers.JsonOption = False,
) -> None:
    """Compare two cases on one road map, or two road maps of one case. --set and --overlay change the second case."""
    from detente.audit.differences import diff as compare

    if (case is None) == (road_map is None):
        raise _what_is_shared(first, second, neither=case is None)
    if case is not None:
        one = open_case(case, settings, overlays).resolved
        pairs = (one, chosen_road_map(first, one)), (one, chosen_road_map(second, one))
    else:
        assert road_map is not None
        old, new = open_case(first, None, None).resolved, open_case(second, settings, overlays).resolved
        pairs = (old, chosen_road_map(road_map, old)), (new, chosen_road_map(road_map, new, warn=False))
    with Patience("judging each difference"):
        answer = compare(*pairs)
    if as_json:
        typer.echo(answer.to_json())
    else:
        from detente.cli.audit_tables import print_differences

        print_differences(answer, pairs[1][0])


def _what_is_shared(first: str, second: str, *, neither: bool) -> InputError:
    """The error for a comparison of which it is not known what its two sides have in common."""
    problem = (
        f"it is not said by which road map the cases {first} and {second} are compared, or of which case they are "
        "road maps"
        if neither
        else "--case and --road-map are given both"
    )
    why = "two cases are compared by one road map, two road maps by one case"
    fix = (
        f"for two cases: detente diff {first} {second} --road-map NAME; "
        f"for two road maps: detente diff {first} {second} --case CASE"
    )
    return InputError([Diagnostic("DET713", problem, why=why, fix=fix)])
