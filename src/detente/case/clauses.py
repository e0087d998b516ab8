"""One language for positions, red lines, goals and proposals (model §9): judging a road map by a clause.

Distances are exact: periods for clauses about dates, a share for shares, the party's units for values. A measure that
is missing counts as in force from ``T`` (the number of periods), and so does one whose work would end after the last
period. ``never X`` is missed by the periods from X's start to the end. A clause that holds has distance 0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction

from detente.case.clause_terms import (
    AllBeforeAny,
    Before,
    ByTime,
    Never,
    NotBefore,
    ShareAtLeast,
    ShareAtMost,
    Term,
    ValueAtLeast,
)
from detente.case.clause_text import Names, Read, names_of, read_clause, term_of
from detente.case.resolved import Clause, ResolvedCase

__all__ = [
    "AllBeforeAny",
    "Before",
    "ByTime",
    "Names",
    "Never",
    "NotBefore",
    "Read",
    "ShareAtLeast",
    "ShareAtMost",
    "Term",
    "ValueAtLeast",
    "evaluate",
    "names_of",
    "read_clause",
    "term_of",
]


def evaluate(
    term: Term | Clause,
    case: ResolvedCase,
    starts: Mapping[str, int],
    value: Callable[[str], Decimal | Fraction] | None = None,
) -> tuple[bool, Fraction]:
    """Whether a road map keeps a clause, and by how much it misses it (0 if kept).

    ``value`` gives a party's continuation value in period 0; only :class:`ValueAtLeast` needs it.
    """
    if isinstance(term, Clause):
        term = term_of(term, case)
    miss = _miss(term, _Dates(case, starts), value)
    return miss <= 0, max(miss, Fraction(0))


class _Dates:
    """When measures start and come into force on a road map; a milestone with its last member."""

    def __init__(self, case: ResolvedCase, starts: Mapping[str, int]) -> None:
        self.case, self.starts, self.T = case, starts, case.periods

    def start(self, k: str) -> int | None:
        """Start of work; of a done measure -1, of a milestone when it comes into force; None if absent."""
        m = self.case.measures[k]
        if m.members is not None:
            c = self.force(k)
            return c if c < self.T else None
        return -1 if m.done else self.starts.get(k)

    def force(self, k: str) -> int:
        """First period in force; T if missing or after the horizon."""
        m = self.case.measures[k]
        if m.members is not None:
            return max((self.force(x) for x in m.members), default=self.T)
        if m.done:
            return -1
        start = self.starts.get(k)
        return self.T if start is None else min(start + m.takes, self.T)

    def share(self, group: str, t: int) -> Fraction:
        """Share of a group in force in a period."""
        g = self.case.groups[group]
        weight = {k: Fraction(g.weights.get(k, 1)) for k in g.members}
        total = sum(weight.values(), Fraction(0))
        return sum((weight[k] for k in g.members if self.force(k) <= t), Fraction(0)) / total


def _miss(term: Term, dates: _Dates, value: Callable[[str], Decimal | Fraction] | None) -> Fraction:
    """By how much the clause is missed; at most 0 if it is kept."""
    match term:
        case ByTime(k, t):
            return Fraction(dates.force(k) - t)
        case NotBefore(k, t):
            start = dates.start(k)
            return Fraction(0 if start is None else t - start)
        case Never(k):
            start = dates.start(k)
            return Fraction(0 if start is None else max(dates.T - start, 1))
        case Before(x, y, n):
            start = dates.start(y)
            return Fraction(0 if start is None else dates.force(x) + n - start)
        case ShareAtLeast(g, p, t):
            return Fraction(p) - dates.share(g, t)
        case ShareAtMost(g, p, t):
            return dates.share(g, t) - Fraction(p)
        case ValueAtLeast(i, v):
            if value is None:
                raise ValueError("a clause on a value needs the continuation values")
            return Fraction(v) - Fraction(value(i))
        case AllBeforeAny(g, h):
            present = [s for s in (dates.start(k) for k in dates.case.groups[h].members) if s is not None]
            if not present:
                return Fraction(0)
            last = max(dates.force(k) for k in dates.case.groups[g].members)
            return Fraction(last + 1 - min(present))
