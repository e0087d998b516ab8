"""The door: every command is parsed, run, and its outcome turned into an exit status here."""

from __future__ import annotations

import importlib
import os
import pkgutil
import shutil
import sys
import threading
from pathlib import Path

import typer

from detente import __version__
from detente.cli.render_errors import BAD_INPUT, OK, UNKNOWN, report
from detente.report.width import WIDEST, fit

SUFFIX = "_commands"


def command_modules() -> list[str]:
    """The modules beside this one that hold commands; each has ``register(app)`` and imports heavy things inside."""
    folder = str(Path(__file__).parent)
    return sorted(m.name for m in pkgutil.iter_modules([folder]) if m.name.endswith(SUFFIX))


def build_app() -> typer.Typer:
    """The application with all commands."""
    app = typer.Typer(
        name="detente",
        help="Finds, tests and explains road maps that nobody gains by leaving.",
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )

    @app.callback(invoke_without_command=True)
    def _top(
        version: bool = typer.Option(False, "--version", help="Print the version and exit.", is_eager=True),
    ) -> None:
        if version:
            typer.echo(f"detente {__version__}")
            raise typer.Exit

    for name in command_modules():
        importlib.import_module(f"detente.cli.{name}").register(app)
    return app


def run(arguments: list[str]) -> int:
    """Run one command line; the exit status. Nothing but a status ever leaves it."""
    command = typer.main.get_command(build_app())
    try:
        with command.make_context("detente", list(arguments)) as context:
            status = command.invoke(context)
        sys.stdout.flush()
    except typer.Exit as stop:
        return int(stop.exit_code)
    except typer.Abort:
        return report(KeyboardInterrupt())
    except (BrokenPipeError, SystemExit):  # the latter is how tables say it
        # whoever read our output has gone, so that the answer was not taken in full
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return UNKNOWN
    except (Exception, KeyboardInterrupt) as error:
        if isinstance(error, Exception) and hasattr(error, "format_message") and hasattr(error, "exit_code"):
            return _usage(error)
        return report(error)
    return status if isinstance(status, int) else OK


def _usage(error: Exception) -> int:
    """A command line that cannot be understood: say what is wrong and how to get help."""
    context = getattr(error, "ctx", None)
    name = context.command_path if context is not None else "detente"
    message = str(error.format_message())  # type: ignore[attr-defined]
    if type(error).__name__ == "NoArgsIsHelpError":
        print(message)
        return BAD_INPUT
    print(f"error: {message}\n  fix: {name} --help shows what it takes", file=sys.stderr)
    return BAD_INPUT


def main() -> None:
    """Entry point of the ``detente`` command.

    A solver that was interrupted may take a while to notice; the program does not wait for it, nor end around it.
    """
    fit(shutil.get_terminal_size((WIDEST, 24)).columns)
    status = run(sys.argv[1:])
    if any(thread.daemon for thread in threading.enumerate()):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    sys.exit(status)
