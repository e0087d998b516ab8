"""Runs what a page shows.

A block fenced as ```console holds lines that begin with `$ ` (commands) and, under each, lines of its output in order;
`...` stands for any lines left out, or for the rest of one. `$ echo $?` shows the exit status of the command before;
where it is not shown, it must be 0. A block fenced as ```yaml whose first line is `# NAME.yaml` is written to a file of
that name; one fenced as ```python is run. Everything on a page happens in one folder, in order. Any other block is only
shown.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from detente.cli.main import run

ROOT = Path(__file__).parents[2]
FENCE = re.compile(r"^```(console|yaml|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Step:
    """Something on a page that can be run."""

    kind: str
    text: str
    line: int


@dataclass(frozen=True)
class Shown:
    """A command with the output lines that a page shows under it."""

    command: str
    lines: tuple[str, ...]


def steps(page: Path) -> Iterator[Step]:
    """The runnable blocks of a page, in order."""
    text = page.read_text(encoding="utf-8")
    for found in FENCE.finditer(text):
        yield Step(found[1], found[2], text[: found.start()].count("\n") + 2)


def commands(block: str) -> list[Shown]:
    """The commands of a console block."""
    found: list[tuple[str, list[str]]] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        elif found:
            found[-1][1].append(line.rstrip())
    return [Shown(command, tuple(lines)) for command, lines in found]


def run_page(page: Path, folder: Path) -> None:
    """Run a page from top to bottom; an AssertionError says what differs from what is shown."""
    for step in steps(page):
        where = f"{page.relative_to(ROOT)}:{step.line}"
        if step.kind == "console":
            _console(commands(step.text), folder, where)
        elif step.kind == "python":
            _python(step.text, folder, where)
        elif (name := re.match(r"# (\S+\.yaml)\n", step.text)) is not None:
            (folder / name[1]).write_text(step.text, encoding="utf-8")


def _console(shown: Sequence[Shown], folder: Path, where: str) -> None:
    for n, one in enumerate(shown):
        if one.command == "echo $?":
            continue
        told = next((s.lines[0] for s in shown[n + 1 : n + 2] if s.command == "echo $?"), "0")
        status, printed = _printed(shlex.split(one.command), folder)
        assert status == int(told), f"{where}: `{one.command}` ends with {status}, not {told}:\n{printed}"
        missing = first_missing(one.lines, printed)
        assert missing is None, f"{where}: `{one.command}` no longer prints {missing!r} there; it prints:\n{printed}"


def _printed(words: Sequence[str], folder: Path) -> tuple[int, str]:
    """Run a command in a folder as in a terminal of 80 columns without colours: its exit status and what it prints."""
    assert words[0] == "detente", f"only detente is run, not {words[0]}"
    out, err = io.StringIO(), io.StringIO()
    plain = {key: value for key, value in os.environ.items() if key not in ("LINES", "FORCE_COLOR")}
    terminal = patch.dict(os.environ, plain | {"COLUMNS": "80", "NO_COLOR": "1"}, clear=True)
    with terminal, chdir(folder), redirect_stdout(out), redirect_stderr(err):
        status = run(list(words[1:]))
    return status, out.getvalue() + err.getvalue()


def _python(text: str, folder: Path, where: str) -> None:
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src"), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-c", text], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{where}: it ends with {done.returncode}:\n{done.stdout}{done.stderr}"


def first_missing(shown: Sequence[str], printed: str) -> str | None:
    """The first line shown that is not printed where it is shown; None if all are. A line may end in `...`."""
    lines, at, jump = [line.rstrip() for line in printed.splitlines()], 0, False
    for want in shown:
        if want == "...":
            jump = True
            continue
        here = next((n for n in range(at, len(lines)) if _same(want, lines[n])), None)
        if here is None or (here != at and not jump):
            return want
        at, jump = here + 1, False
    return None


def _same(want: str, line: str) -> bool:
    return line.startswith(want.removesuffix("...")) if want.endswith("...") else line == want
