"""The case as an argument, with ``--set`` and ``--overlay``: shared by every command that takes one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from detente.case.load import Case

CaseArgument = Annotated[
    str,
    typer.Argument(
        metavar="CASE", help="Path of a case, name of a shipped case, or a resolved-case JSON.", show_default=False
    ),
]
SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="Change one value, e.g. weight.US.programme=0.5; repeatable."),
]
OverlayOption = Annotated[
    list[str] | None,
    typer.Option(
        "--overlay",
        metavar="FILE",
        help="Lay another analyst's file, or a shipped one (dprk-2019/factions), over the case; repeatable.",
    ),
]


def open_case(case: str, settings: list[str] | None, overlays: list[str] | None) -> Case:
    """Load a case as the options say; every problem is raised as one :class:`InputError`."""
    from detente.case.load import load_case

    return load_case(case, overlays=overlays or (), settings=settings or ())
