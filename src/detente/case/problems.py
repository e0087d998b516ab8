"""Collecting what is wrong: every problem of a file in one go, each told so that its reader can mend it."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from detente.errors import Diagnostic, InputError, Where

Loc = tuple[str | int, ...]
"""A way down a tree of mappings and lists: keys and positions."""


MOST_SPELLINGS = 100


class Problem(Exception):
    """One thing wrong with a value; whoever knows where the value stands turns it into a diagnostic."""

    def __init__(self, code: str, problem: str, why: str = "", fix: str = "", column: int | None = None) -> None:
        self.code, self.problem, self.why, self.fix, self.column = code, problem, why, fix, column
        super().__init__(problem)


def stop(code: str, problem: str, *, where: Where | None = None, why: str = "", fix: str = "") -> InputError:
    """An :class:`InputError` with a single diagnostic, ready to be raised."""
    return InputError([Diagnostic(code, problem, where, why, fix)])


def about(subject: str, problem: str) -> str:
    """A problem with its subject: a problem that begins with "is" goes on where the subject ends."""
    if not subject:
        return problem
    return f"{subject} {problem}" if problem.startswith("is ") else f"{subject}: {problem}"


def an(noun: str) -> str:
    """A noun with its article."""
    return f"{'an' if noun[:1] in 'aeio' else 'a'} {noun}"


def did_you_mean(word: object, known: Iterable[str]) -> str:
    """A sentence with the close spellings, or the names there are, or nothing when there are none."""
    names = list(dict.fromkeys(known))
    lowered = {n.lower(): n for n in names}
    close = difflib.get_close_matches(str(word).lower(), lowered, n=3, cutoff=0.6)
    if close:
        return "did you mean " + " or ".join(f'"{lowered[c]}"' for c in close) + "?"
    if not names:
        return ""
    if len(names) <= 12:
        return "known names: " + ", ".join(names)
    return f"known names: {', '.join(names[:12])} and {len(names) - 12} more"


@dataclass
class Problems:
    """A list of diagnostics that grows; ``locate`` says where in the user's files a location is written."""

    locate: Callable[[Loc], Where | None]
    found: list[Diagnostic] = field(default_factory=list)
    known: set[Diagnostic] = field(default_factory=set)

    def add(self, code: str, problem: str, loc: Loc = (), *, why: str = "", fix: str = "") -> None:
        """Note one error at a location."""
        self.note(Diagnostic(code, problem, self.locate(loc), why, fix))

    def warn(self, code: str, problem: str, loc: Loc = (), *, why: str = "", fix: str = "") -> None:
        """Note one warning at a location; a warning makes nothing fail."""
        self.note(Diagnostic(code, problem, self.locate(loc), why, fix, "warning"))

    def take(self, problem: Problem, loc: Loc, subject: str = "") -> None:
        """Note a :class:`Problem` raised by a value that stands at a location."""
        self.add(problem.code, about(subject, problem.problem), loc, why=problem.why, fix=problem.fix)

    def note(self, diagnostic: Diagnostic) -> None:
        """Note a diagnostic, once."""
        if diagnostic not in self.known:
            self.known.add(diagnostic)
            self.found.append(diagnostic)

    def spelling(self, word: object, known: Iterable[str]) -> str:
        """Close spellings, for the first many problems: searching them takes time."""
        return did_you_mean(word, known) if len(self.found) < MOST_SPELLINGS else ""

    @property
    def errors(self) -> list[Diagnostic]:
        """The errors, in the order of the file."""
        return sorted((d for d in self.found if d.severity == "error"), key=place_order)

    @property
    def warnings(self) -> list[Diagnostic]:
        """The warnings, in the order of the file."""
        return sorted((d for d in self.found if d.severity != "error"), key=place_order)

    def raise_errors(self) -> None:
        """Raise every error found so far, if any."""
        if self.errors:
            raise InputError(self.errors)


def place_order(diagnostic: Diagnostic) -> tuple[str, int, int, str]:
    """Sorting key: by file, then line, then column, then code."""
    where = diagnostic.where
    if where is None:
        return ("", 0, 0, diagnostic.code)
    return (where.source, where.line or 0, where.column or 0, diagnostic.code)
