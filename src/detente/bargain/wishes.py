"""What clauses ask of single measures and of pairs of them, and how far two sets of clauses lie apart in that.

Only what a clause says of a measure itself counts, not what follows through order or shares in between.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from detente.case.clauses import (
    AllBeforeAny,
    Before,
    ByTime,
    Never,
    NotBefore,
    ShareAtLeast,
    ShareAtMost,
    Term,
    term_of,
)
from detente.case.resolved import Clause, ResolvedCase


@dataclass(frozen=True)
class Window:
    """The periods in which a measure may come into force, ``first`` to ``last``; T stands for never."""

    first: int
    last: int

    def apart(self, other: Window) -> int:
        """Periods between two windows; 0 if they meet (model §9: what is missing counts as in force from T)."""
        return max(self.first - other.last, other.first - self.last, 0)


def windows(case: ResolvedCase, clauses: Iterable[Clause]) -> dict[str, Window]:
    """The window of each measure that some clause speaks of; none where two clauses leave no period."""
    found: dict[str, Window] = {}
    for clause in clauses:
        for k, asked in _asked(case, term_of(clause, case)):
            known = found.get(k, Window(-1, case.periods))
            found[k] = Window(max(known.first, asked.first), min(known.last, asked.last))
    return {k: w for k, w in found.items() if w.first <= w.last}


def _asked(case: ResolvedCase, term: Term) -> Iterable[tuple[str, Window]]:
    T = case.periods
    match term:
        case ByTime(k, t):
            return [(x, Window(-1, t)) for x in _parts(case, k)]
        case NotBefore(k, t) if case.measures[k].members is None:
            return [(k, Window(min(t + case.measures[k].takes, T), T))]
        case Never(k) if case.measures[k].members is None:
            return [(k, Window(T, T))]
        case ShareAtLeast(g, p, t) if p == 1:
            return [(k, Window(-1, t)) for k in case.groups[g].members]
        case ShareAtMost(g, p, t) if p == 0:
            return [(k, Window(t + 1, T)) for k in case.groups[g].members]
    return []


def _parts(case: ResolvedCase, k: str) -> tuple[str, ...]:
    """A measure, or the members of a milestone."""
    return case.measures[k].members or (k,)


def orders(case: ResolvedCase, clauses: Iterable[Clause]) -> dict[tuple[str, str], str]:
    """Which measure is to come before which, with the id of the clause that says so."""
    found: dict[tuple[str, str], str] = {}
    for clause in clauses:
        match term_of(clause, case):
            case Before(x, y, _):
                found.setdefault((x, y), clause.id)
            case AllBeforeAny(g, h):
                for x in case.groups[g].members:
                    for y in case.groups[h].members:
                        found.setdefault((x, y), clause.id)
    return found


def reversed_orders(
    one: Mapping[tuple[str, str], str], other: Mapping[tuple[str, str], str]
) -> list[tuple[str, str, str, str]]:
    """(x, y, clause, clause) where the first set asks for x before y, and the second for y before x."""
    return [(x, y, clause, other[y, x]) for (x, y), clause in one.items() if (y, x) in other and x != y]
