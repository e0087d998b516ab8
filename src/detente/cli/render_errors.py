"""From exceptions to messages and exit statuses, at one door."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from detente.errors import DetenteError, Diagnostic, InputError, Interrupted, MissingExtra, OutOfTime

OK, FAILS, BAD_INPUT, NONE_EXISTS, UNKNOWN, INTERNAL, INTERRUPTED = 0, 1, 2, 3, 4, 70, 130
DEBUG = "DETENTE_DEBUG"
MOST_SHOWN = 200


def status_of(error: BaseException) -> int:
    """The exit status that an exception stands for."""
    if isinstance(error, InputError | MissingExtra):
        return BAD_INPUT
    if isinstance(error, Interrupted | KeyboardInterrupt):
        return INTERRUPTED
    if isinstance(error, OutOfTime):
        return UNKNOWN
    return INTERNAL


def report(error: BaseException) -> int:
    """Tell an exception on standard error; the exit status."""
    if isinstance(error, InputError):
        tell(error.diagnostics)
    elif isinstance(error, KeyboardInterrupt):
        print("interrupted; nothing is certified", file=sys.stderr)
    elif isinstance(error, DetenteError):
        print(f"error: {error}", file=sys.stderr)
    else:
        _report_internal(error)
    return status_of(error)


def _report_internal(error: BaseException) -> None:
    if os.environ.get(DEBUG):
        import traceback

        traceback.print_exception(error)
    text = str(error).split("\n")[0][:200]
    print(
        f"internal error: {type(error).__name__}{': ' + text if text else ''}\n"
        "  why: this is a fault of the program, not of your input\n"
        f"  fix: run it again with {DEBUG}=1 set, and report what it prints, with the case if you may share it",
        file=sys.stderr,
    )


def tell(diagnostics: Sequence[Diagnostic]) -> None:
    """Print diagnostics on standard error, errors in full, in the order given."""
    from rich.console import Console

    console = Console(stderr=True, highlight=False, soft_wrap=True)
    for d in diagnostics[:MOST_SHOWN]:
        console.print(_styled(d), markup=False)
        console.print()
    if len(diagnostics) > MOST_SHOWN:
        console.print(f"and {len(diagnostics) - MOST_SHOWN} more", markup=False)
    if len(diagnostics) > 1:
        console.print(f"{len(diagnostics)} problems", markup=False)


def _styled(d: Diagnostic) -> object:
    from rich.text import Text

    text = Text()
    style = "bold red" if d.severity == "error" else "yellow"
    for n, line in enumerate(str(d).split("\n")):
        if n:
            text.append("\n")
        head, mark, rest = line.partition(": " if n == 0 else " ")
        if n == 0:
            text.append(head, style=style)
            text.append(mark + rest)
        else:
            text.append(line, style="cyan" if line.startswith("  -->") else "")
    return text
