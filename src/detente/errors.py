"""What went wrong, where, why it matters and what to do.

The tree of exceptions::

    DetenteError
    ├── InputError        something the user wrote cannot be used (exit status 2)
    ├── MissingExtra      an optional part is not installed (exit status 2)
    ├── OutOfTime         a limit was reached before there was any answer (exit status 4)
    └── Interrupted       the user stopped a run before anything was certified (exit status 130)

Warnings that Python users get are of the class :class:`DetenteWarning`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Where:
    """A place in something the user wrote: a file, or a named source such as ``--set``; 1-based line and column."""

    source: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        parts = [self.source, *(str(n) for n in (self.line, self.column) if n is not None)]
        return ":".join(parts)


@dataclass(frozen=True)
class Diagnostic:
    """One problem, told so that its reader can mend it."""

    code: str
    problem: str
    where: Where | None = None
    why: str = ""
    fix: str = ""
    severity: str = "error"

    def __str__(self) -> str:
        lines = [f"{self.severity}[{self.code}]: {self.problem}"]
        if self.where is not None:
            lines.append(f"  --> {self.where}")
        if self.why:
            lines.append(f"  why: {self.why}")
        if self.fix:
            lines.append(f"  fix: {self.fix}")
        return "\n".join(lines)


class DetenteError(Exception):
    """Base of everything this program raises on purpose."""


class InputError(DetenteError):
    """Something the user wrote cannot be used; carries every problem found, not the first only."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        if not diagnostics:
            raise ValueError("an InputError needs at least one diagnostic")
        self.diagnostics = tuple(diagnostics)
        super().__init__("\n\n".join(str(d) for d in self.diagnostics))

    def __reduce__(self) -> tuple[type[InputError], tuple[tuple[Diagnostic, ...]]]:
        """So that it comes back whole from another process."""
        return type(self), (self.diagnostics,)


class MissingExtra(DetenteError):
    """An optional part is not installed; the message holds the command that installs it."""


class OutOfTime(DetenteError):
    """A limit was reached before there was any answer."""


class Interrupted(DetenteError):
    """The user stopped a run before anything was certified."""


class DetenteWarning(UserWarning):
    """Something that may not be meant; nothing fails."""


@dataclass(frozen=True)
class Code:
    """What a code of a diagnostic means, with an example of what is wrong and of what is right."""

    code: str
    title: str
    what: str
    wrong: str = ""
    right: str = ""

    def __str__(self) -> str:
        parts = [f"{self.code}: {self.title}", "", self.what]
        for head, example in (("wrong", self.wrong), ("right", self.right)):
            if example:
                parts += ["", f"{head}:", *(f"    {line}" for line in example.split("\n"))]
        return "\n".join(parts)


@cache
def catalogue() -> Mapping[str, Code]:
    """Every code, in order (kept as data in ``codes.toml``)."""
    data = tomllib.loads((Path(__file__).parent / "codes.toml").read_text(encoding="utf-8"))
    return {code: Code(code, **entry) for code, entry in data.items()}


GROUPS = {
    "DET0": "Reading files, settings and commands",
    "DET1": "The shape of a case",
    "DET2": "The meaning of a case",
    "DET3": "Clauses",
    "DET4": "Road maps",
    "DET5": "Records of offers",
    "DET6": "Warnings: nothing fails, but it may not be meant",
    "DET7": "Questions about road maps and answers",
}


def codes_page() -> str:
    """The reference page of all codes, in Markdown."""
    lines = [
        "# Error codes",
        "",
        "Every problem with something you wrote has a code, a place (file, line, column), a reason and a way out;",
        "all problems of a file are told in one go, with exit status 2. `detente check --explain CODE` says on the",
        "terminal what stands here, and `detente check --explain all` prints this page.",
    ]
    group = ""
    for code in catalogue().values():
        if code.code[:4] != group:
            group = code.code[:4]
            lines += ["", f"## {GROUPS[group]}"]
        lines += ["", f"### {code.code}: {code.title}", "", code.what]
        for head, example in (("Wrong", code.wrong), ("Right", code.right)):
            if example:
                lines += ["", f"{head}:", "", "```text", example, "```"]
    return "\n".join(lines) + "\n"


def explanation(code: str) -> str:
    """What a code means, why it matters, an example of wrong and right; "all" is the page of all codes."""
    if code.strip().lower() == "all":
        return codes_page().rstrip("\n")
    wanted = code.strip().upper()
    if re.fullmatch(r"\d{3}", wanted):
        wanted = f"DET{wanted}"
    known = catalogue()
    if wanted not in known:
        near = [c for c in known if c[:4] == wanted[:4]] or list(known)
        raise InputError(
            [Diagnostic("DET025", f'there is no code "{code}"', fix=f"codes near it: {', '.join(near[:12])}")]
        )
    return str(known[wanted])
