"""Runs what a page shows.

A block fenced as ```console holds lines that begin with `$ ` (commands) and, under each, lines of its output in order;
`...` stands for any lines left out, or for the rest of one. `$ echo $?` shows the exit status of the command before;
where it is not shown, it must be 0. A block fenced as ```yaml whose first line is `# NAME.yaml` is written to a file of
that name; one fenced as ```python is run. Everything on a page happens in one folder, in order. Any other block is only
shown.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
FENCE = re.compile(r"^```(console|yaml|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SECONDS = 300


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
            _check(_run([sys.executable, "-c", step.text], folder), 0, "python", where)
        elif (name := re.match(r"# (\S+\.yaml)\n", step.text)) is not None:
            (folder / name[1]).write_text(step.text, encoding="utf-8")


def _console(shown: Sequence[Shown], folder: Path, where: str) -> None:
    for n, one in enumerate(shown):
        if one.command == "echo $?":
            continue
        told = next((s.lines[0] for s in shown[n + 1 : n + 2] if s.command == "echo $?"), "0")
        found = _run(_arguments(one.command), folder)
        _check(found, int(told), one.command, where)
        missing = first_missing(one.lines, found.stdout + found.stderr)
        assert missing is None, (
            f"{where}: `{one.command}` no longer prints {missing!r} there; it prints:\n{found.stdout}{found.stderr}"
        )


def _arguments(command: str) -> list[str]:
    words = shlex.split(command)
    assert words[0] == "detente", f"only detente is run, not {words[0]}"
    return [sys.executable, "-m", "detente", *words[1:]]


def _run(arguments: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    plain = {key: value for key, value in os.environ.items() if key not in ("COLUMNS", "LINES", "FORCE_COLOR")}
    environment = plain | {"PYTHONPATH": str(ROOT / "src"), "PYTHONIOENCODING": "utf-8", "NO_COLOR": "1"}
    return subprocess.run(
        arguments, cwd=folder, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False
    )


def _check(found: subprocess.CompletedProcess[str], status: int, command: str, where: str) -> None:
    assert found.returncode == status, (
        f"{where}: `{command}` ends with {found.returncode}, not {status}:\n{found.stdout}{found.stderr}"
    )


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
