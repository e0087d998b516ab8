"""Comparing what is written in an answer with what was found, leaf by leaf."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, TypeGuard

from detente.case.resolved import ResolvedCase
from detente.results.verification import Disagreement

CLOSE = 1e-9
"""Floats agree if they differ by no more than this, in their own units or relative to the larger."""


@dataclass
class Check:
    """A check under way: what differs, what was looked at, what was not and why."""

    case: ResolvedCase
    found: list[Disagreement] = field(default_factory=list)
    checked: list[str] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)

    def same(self, where: str, written: Any, true: Any) -> None:
        """Note every leaf at which two JSON values differ."""
        self.found.extend(differences(where, written, true))

    def differs(self, where: str, written: Any, true: str) -> None:
        """Note that something is not as written."""
        self.found.append(Disagreement(where, written if isinstance(written, str) else shown(written), true))


def differences(where: str, written: Any, found: Any) -> Iterator[Disagreement]:
    """Every leaf at which two JSON values differ."""
    if isinstance(written, Mapping) and isinstance(found, Mapping):
        for key in dict.fromkeys((*found, *written)):
            yield from differences(f"{where}.{key}", written.get(key, "(missing)"), found.get(key, "(nothing)"))
    elif isinstance(written, list | tuple) and isinstance(found, list | tuple) and len(written) == len(found):
        for n, (a, b) in enumerate(zip(written, found, strict=True)):
            yield from differences(f"{where}[{n}]", a, b)
    elif not equal(written, found):
        yield Disagreement(where, shown(written), shown(found))


def is_number(x: Any) -> TypeGuard[float]:
    """Whether a JSON value is a finite number; a truth value is none."""
    return isinstance(x, int | float) and not isinstance(x, bool) and isfinite(x)


def equal(a: Any, b: Any) -> bool:
    """Equal, or numbers that agree within ``CLOSE``."""
    if not (is_number(a) and is_number(b)):
        return type(a) is type(b) and bool(a == b) and a == a
    return bool(abs(a - b) <= CLOSE * max(1.0, abs(a), abs(b)))


def shown(x: Any) -> str:
    """A JSON value in a line."""
    text = repr(x)
    return text if len(text) <= 160 else text[:157] + "..."
