"""What commands with an answer share: their options, and how an answer is shown, written and turned into a status."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Protocol

import typer

from detente.cli.render_errors import INTERRUPTED, UNKNOWN
from detente.errors import Diagnostic, InputError

if TYPE_CHECKING:
    from detente.case.resolved import ResolvedCase
    from detente.case.road_map import RoadMap
    from detente.results.provenance import Provenance

DRAWN = (".svg", ".png", ".pdf")
"""The kinds of files that a chart can be written to."""

KeepOption = Annotated[
    list[str] | None,
    typer.Option("--keep", metavar="NAME", help="Clauses of this position, goal or proposal bind too; repeatable."),
]
MarginOption = Annotated[
    float, typer.Option("--margin", min=0, help="Margin asked of every breach, as a part of each party's scale.")
]
TimeLimitOption = Annotated[
    float | None, typer.Option("--time-limit", metavar="SECONDS", help="Stop then, with the best found so far.")
]
AllTimeOption = Annotated[
    float | None,
    typer.Option("--time-limit", metavar="SECONDS", min=0, help="Stop then, with what was found so far."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the answer as JSON only.")]
OutputOption = Annotated[
    Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write the answer as JSON to a file.")
]


class Answer(Protocol):
    """What every answer has that a command gives."""

    @property
    def provenance(self) -> Provenance: ...

    def to_json(self) -> str: ...


def steps(told: str) -> Any:
    """The option ``--work-limit``, with what its steps are counted of."""
    return typer.Option("--work-limit", metavar="N", min=0, help=told)


def seconds(context: typer.Context, time_limit: float | None, work_limit: int | None) -> float | None:
    """The time limit of a search: with a work limit that of the command line alone, not the one it has by default."""
    source = context.get_parameter_source("time_limit")
    given = source is not None and source.name != "DEFAULT"
    return time_limit if given or work_limit is None else None


def present(answer: Answer, as_json: bool, output: Path | None) -> None:
    """Print an answer, for people or as JSON, and write it to a file if one is named."""
    typer.echo(answer.to_json() if as_json else str(answer))
    if output is not None:
        write(answer.to_json(), output)


def undecided(answer: Answer) -> int:
    """The exit status of an answer that leaves its question open: a limit was reached, or the user stopped it."""
    return INTERRUPTED if answer.provenance.run.cut == "interrupted" else UNKNOWN


def check_writable(*paths: Path | None) -> None:
    """Refuse places that cannot be written to before the work begins, not after."""
    for path in paths:
        if path is None:
            continue
        if path.is_dir():
            raise cannot_write(path, "it is a folder")
        if not path.absolute().parent.is_dir():
            raise cannot_write(path, f"there is no folder {path.parent}")
        if not os.access(path if path.exists() else path.absolute().parent, os.W_OK):
            raise cannot_write(path, "not allowed")


def check_chart(path: Path | None) -> None:
    """Refuse a place for a chart that cannot be written to, or is no drawing by its name."""
    check_writable(path)
    if path is not None and path.suffix.lower() not in DRAWN:
        raise cannot_write(path, f"charts are drawn as {', '.join(DRAWN)}")


def cannot_write(path: Path, why: str) -> InputError:
    """The error for a place that cannot be written to."""
    fix = "name a file in a folder that exists and may be written to"
    return InputError([Diagnostic("DET711", f"{path} cannot be written: {why}", fix=fix)])


def write(content: str | bytes, path: Path) -> None:
    """Write a file; a text ends with a new line."""
    try:
        path.write_bytes(content if isinstance(content, bytes) else f"{content}\n".encode())
    except OSError as error:
        raise cannot_write(path, str(error.strerror)) from None


def write_road_map(road_map: RoadMap, case: ResolvedCase, path: Path) -> None:
    """Write a road map to a file that every command takes."""
    from detente.case.road_maps import road_map_to_dict

    write(json.dumps(road_map_to_dict(road_map, case), ensure_ascii=False, indent=1), path)


def write_chart(spec: Mapping[str, Any], path: Path) -> None:
    """Draw a chart to a file of one of the kinds that there are."""
    from detente.report import draw

    kind = path.suffix.lower()
    write(draw.svg(spec) if kind == ".svg" else draw.png(spec) if kind == ".png" else draw.pdf(spec), path)
