"""Writes docs/reference/command-line.md from the commands themselves: `make reference`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer.main

from detente.cli.main import build_app
from detente.cli.rounds_commands import SHOW
from tests.docs.pages import ROOT

PAGE = ROOT / "docs" / "reference" / "command-line.md"

HEAD = """# The command line

Written by `make reference` from the program; do not edit.

A CASE is a path, the name of a shipped case or overlay (`detente cases`), or a resolved case as JSON. A ROADMAP is a
YAML or JSON file, or the name of a road map or of a proposal in the case. With `--json` only JSON goes to standard
output; progress goes to standard error.

| exit status | meaning |
|---|---|
| 0 | an answer was found; or the road map holds |
| 1 | the road map fails; or what was verified does not agree |
| 2 | bad input or usage |
| 3 | proved that no road map exists |
| 4 | unknown: a limit was reached and nothing is certified |
| 70 | an error of the program itself |
| 130 | interrupted with nothing certified |
"""


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *("\n".join(_command(name, command)) for name, command in sorted(commands().items()))])


def commands() -> dict[str, Any]:
    """Every command by its name; ``rounds show`` goes without saying, and so is called ``rounds``."""
    group: Any = typer.main.get_command(build_app())
    found: dict[str, Any] = {}
    for name, command in group.commands.items():
        for part, sub in getattr(command, "commands", {"": command}).items():
            found[name if part in ("", SHOW) else f"{name} {part}"] = sub
    return found


def _command(name: str, command: Any) -> Iterator[str]:
    arguments = [one for one in command.params if one.param_type_name == "argument"]
    options = [one for one in command.params if one.param_type_name == "option"]
    usage = " ".join(_metavar(one) if one.required else f"[{_metavar(one)}]" for one in arguments)
    yield f"## `detente {name}`\n"
    yield f"{command.help}\n"
    yield f"    detente {name} [OPTIONS] {usage}".rstrip() + "\n"
    for one in arguments:
        yield f"- `{_metavar(one)}`: {one.help or ''}".rstrip()
    for one in options:
        yield f"- {_spelled(one)}: {one.help or ''}{_default(one)}{' Required.' if one.required else ''}".rstrip()
    yield ""


def _metavar(one: Any) -> str:
    return str(one.metavar or one.name).upper().strip("{}[]")


def _spelled(one: Any) -> str:
    names = ", ".join(f"`{name}`" for name in (*one.opts, *one.secondary_opts))
    if one.is_flag:
        return names
    kind = one.metavar or (
        "N" if isinstance(one.default, int) else "X" if isinstance(one.default, float) else one.name.upper()
    )
    return f"{names} `{kind}`"


def _default(one: Any) -> str:
    silent = one.default is None or one.default in ("", ()) or callable(one.default)
    if silent or (one.is_flag and not one.secondary_opts):
        return ""
    shown = one.opts[0] if one.is_flag and one.default else one.default
    return f" Default: {shown}."


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE.relative_to(ROOT))
