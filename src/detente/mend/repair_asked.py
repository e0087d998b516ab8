"""What is asked of a repair, checked before any work is done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from detente.audit.findings.signing import binding
from detente.case.problems import did_you_mean
from detente.case.resolved import ResolvedCase
from detente.errors import Diagnostic, InputError
from detente.results.repair import RepairKind

STEP_KINDS: tuple[RepairKind, ...] = ("dates", "measures", "suspension", "access")
"""Kinds of changes of steps."""

TERM_KINDS: tuple[RepairKind, ...] = ("escrow", "stick", "automatic")
"""Kinds of changes of what follows a breach."""

KINDS: tuple[RepairKind, ...] = (*STEP_KINDS, *TERM_KINDS)


@dataclass(frozen=True)
class Asked:
    """What is asked of a repair."""

    allow: tuple[str, ...] = KINDS
    """Kinds of changes that are allowed."""
    fix: tuple[str, ...] = ()
    """Measures that stay as they are."""
    keep: tuple[str, ...] = ()
    """Clauses, positions, goals or proposals that bind besides the red lines."""
    margin: float = 0.001
    time_limit: float | None = 60.0
    work_limit: int | None = None


def check(case: ResolvedCase, asked: Asked) -> None:
    """Raise one :class:`InputError` with everything that is wrong."""
    found = [*_kinds(asked), *_measures(case, asked)]
    try:
        binding(case, asked.keep)
    except InputError as unknown:
        found += unknown.diagnostics
    if found:
        raise InputError(found)


def _kinds(asked: Asked) -> Iterator[Diagnostic]:
    for kind in asked.allow:
        if kind not in KINDS:
            yield Diagnostic(
                "DET741", f'there is no kind of change "{kind}"', why="it says what a repair may change",
                fix=did_you_mean(kind, KINDS) or f"the kinds are: {', '.join(KINDS)}",
            )  # fmt: skip


def _measures(case: ResolvedCase, asked: Asked) -> Iterator[Diagnostic]:
    could = [k for k, m in case.measures.items() if m.members is None and not m.done]
    for name in asked.fix:
        if name not in could:
            what = "is done or a milestone" if name in case.measures else "does not exist"
            yield Diagnostic(
                "DET742", f'"{name}" cannot be fixed: it {what}', why="only what could move can be kept where it is",
                fix=did_you_mean(name, could) or "name a measure that has a start, or could have one",
            )  # fmt: skip
