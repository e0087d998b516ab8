"""What went wrong, where, why it matters and what to do.

The tree of exceptions::

    DetenteError
    ├── InputError        something the user wrote cannot be used (exit status 2)
    ├── MissingExtra      an optional part is not installed (exit status 2)
    └── Interrupted       the user stopped a run before anything was certified (exit status 130)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


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


class MissingExtra(DetenteError):
    """An optional part is not installed; the message holds the command that installs it."""


class Interrupted(DetenteError):
    """The user stopped a run before anything was certified."""
