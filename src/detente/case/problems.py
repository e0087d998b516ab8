"""Collecting what is wrong: every problem of a file in one go, each told so that its reader can mend it."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from detente.errors import Diagnostic, InputError, Where

Loc = tuple[str | int, ...]
"""A way down a tree of mappings and lists: keys and positions."""


MOST_SPELLINGS = 100
UNKNOWN = "?"
"""Stands in for a name that is missing or malformed; it can be nobody's own."""
INCOMPLETE = ("DET102", "DET217")
"""Codes of what lacks a part."""


class Problem(Exception):
    """One thing wrong with a value; whoever knows where the value stands turns it into a diagnostic.

    ``name`` is the name that stands for nothing, and ``what`` the kind of thing it should stand for, if that is wrong.
    """

    def __init__(
        self,
        code: str,
        problem: str,
        why: str = "",
        fix: str = "",
        column: int | None = None,
        name: str = "",
        what: str = "",
    ) -> None:
        self.code, self.problem, self.why, self.fix, self.column = code, problem, why, fix, column
        self.name, self.what = name, what
        super().__init__(problem)


class Cuts:
    """What was cut out of a file, or is missing in it, so that what is left leads back to the file."""

    def __init__(self) -> None:
        self._entries: list[Loc] = []
        self._gone: set[Loc] = set()
        self._around: set[Loc] = set()

    def entry(self, path: Loc) -> None:
        """Note that an entry of a list was cut out."""
        self._entries.append(path)

    def original(self, loc: Loc) -> Loc:
        """The location, as it was before entries of lists were cut out."""
        for path in reversed(self._entries):
            n = len(path) - 1
            index, cut = loc[n] if len(loc) > n else None, path[n]
            if loc[:n] == path[:n] and isinstance(index, int) and isinstance(cut, int) and index >= cut:
                loc = (*loc[:n], index + 1, *loc[n + 1 :])
        return loc

    def lose(self, loc: Loc) -> None:
        """Note that what stands at a location is missing or malformed."""
        original = self.original(loc)
        self._gone.add(original)
        self._around |= {original[:n] for n in range(len(original))}

    def lost(self, loc: Loc) -> bool:
        """Whether a location, or something around it, is missing or malformed."""
        original = self.original(loc)
        return any(original[: n + 1] in self._gone for n in range(len(original)))

    def touched(self, loc: Loc) -> bool:
        """Whether a location, or something around it or in it, is missing or malformed."""
        return self.original(loc) in self._around or self.lost(loc)


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


def shown(value: Any) -> str:
    """An offending value, short."""
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)
    return f'"{text[:60]}…"' if len(text) > 60 else f'"{text}"'


def closest(word: object, known: Iterable[str]) -> list[str]:
    """The close spellings among the names there are, at most three, the closest first."""
    lowered = {n.lower(): n for n in known}
    return [lowered[c] for c in difflib.get_close_matches(str(word).lower(), lowered, n=3, cutoff=0.6)]


def did_you_mean(word: object, known: Iterable[str]) -> str:
    """A sentence with the close spellings, or the names there are, or nothing when there are none."""
    names = list(dict.fromkeys(known))
    close = closest(word, names)
    if close:
        return "did you mean " + " or ".join(f'"{c}"' for c in close) + "?"
    if not names:
        return ""
    if len(names) <= 12:
        return "known names: " + ", ".join(names)
    return f"known names: {', '.join(names[:12])} and {len(names) - 12} more"


@dataclass
class Problems:
    """A list of diagnostics that grows; ``locate`` says where in the user's files a location is written.

    What stands in for something missing or malformed (``cuts``) is never complained of. ``strangers`` are the things
    that an overlay adds under names close to those of the case: one that is incomplete is a misspelling.
    """

    locate: Callable[[Loc], Where | None]
    cuts: Cuts = field(default_factory=Cuts)
    found: list[Diagnostic] = field(default_factory=list)
    known: set[Diagnostic] = field(default_factory=set)
    strangers: Mapping[Loc, Diagnostic] = field(default_factory=dict)

    def add(
        self, code: str, problem: str, loc: Loc = (), *, why: str = "", fix: str = "", rests_on: Iterable[Loc] = ()
    ) -> None:
        """Note one error at a location, unless it, or what it rests on, was not written or was malformed."""
        if self.cuts.lost(loc) or any(self.cuts.touched(x) for x in rests_on):
            return
        stranger = self.stranger(self.cuts.original(loc)) if code in INCOMPLETE else None
        self.note(stranger or Diagnostic(code, problem, self.locate(self.cuts.original(loc)), why, fix))

    def stranger(self, loc: Loc) -> Diagnostic | None:
        """What to say of something incomplete that an overlay adds under a name close to one of the case."""
        return next((d for n in range(len(loc), 0, -1) if (d := self.strangers.get(loc[:n])) is not None), None)

    def warn(self, code: str, problem: str, loc: Loc = (), *, why: str = "", fix: str = "") -> None:
        """Note one warning at a location; a warning makes nothing fail."""
        self.note(Diagnostic(code, problem, self.locate(self.cuts.original(loc)), why, fix, "warning"))

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
