"""One language for positions, red lines, goals and proposals (model §9): judging a road map by a clause.

Distances are exact: periods for clauses about dates, a share for shares, the party's units for values. A measure that
is missing counts as in force from ``T``, the number of periods. ``never X`` is missed by the periods from X in force
to ``T``, so at least by one. A clause that holds has distance 0.
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
    return kept(term, Dates(case, starts), value)


def kept(term: Term, dates: Dates, value: Callable[[str], Decimal | Fraction] | None = None) -> tuple[bool, Fraction]:
    """The same by the dates of what is done."""
    miss = _missed(term, dates, value)
    return miss <= 0, max(miss, Fraction(0))


class Dates:
    """When measures start and come into force on a road map; a milestone with its last member."""

    def __init__(self, case: ResolvedCase, starts: Mapping[str, int]) -> None:
        self.case, self.starts, self.T = case, starts, case.periods

    def present(self, k: str) -> bool:
        """Whether a measure is on the road map or done; of a milestone, whether all members are."""
        m = self.case.measures[k]
        if m.members is not None:
            return bool(m.members) and all(self.present(x) for x in m.members)
        return m.done or k in self.starts

    def force(self, k: str) -> int:
        """First period in force as scheduled, also if that is after the last period; -1 if done, T if missing."""
        m = self.case.measures[k]
        if not self.present(k):
            return self.T
        if m.members is not None:
            return max(self.force(x) for x in m.members)
        return -1 if m.done else self.starts[k] + m.takes

    def start(self, k: str) -> int:
        """Start of work of something present; of a done measure or a milestone when it comes into force."""
        return self.starts[k] if k in self.starts else self.force(k)

    def share(self, group: str, t: int) -> Fraction:
        """Share of a group in force in a period."""
        g = self.case.groups[group]
        weight = {k: Fraction(g.weights.get(k, 1)) for k in g.members}
        total = sum(weight.values(), Fraction(0))
        return sum((weight[k] for k in g.members if self.force(k) <= t), Fraction(0)) / total


def _missed(term: Term, dates: Dates, value: Callable[[str], Decimal | Fraction] | None) -> Fraction:
    """By how much the clause is missed; at most 0 if it is kept."""
    match term:
        case ByTime(k, t):
            return Fraction(dates.force(k) - t)
        case NotBefore(k, t):
            return Fraction(t - dates.start(k)) if dates.present(k) else Fraction(0)
        case Never(k):
            return Fraction(max(dates.T - dates.force(k), 1) if dates.present(k) else 0)
        case Before(x, y, n):
            if not dates.present(y):
                return Fraction(0)
            late = dates.force(x) + n - dates.start(y)
            return Fraction(late if dates.present(x) else max(late, 1))
        case ShareAtLeast(g, p, t):
            return Fraction(p) - dates.share(g, t)
        case ShareAtMost(g, p, t):
            return dates.share(g, t) - Fraction(p)
        case ValueAtLeast(i, v):
            if value is None:
                raise ValueError("a clause on a value needs the continuation values")
            return Fraction(v) - Fraction(value(i))
        case AllBeforeAny(g, h):
            begun = [dates.start(k) for k in dates.case.groups[h].members if dates.present(k)]
            if not begun:
                return Fraction(0)
            first = dates.case.groups[g].members
            late = max(dates.force(k) for k in first) + 1 - min(begun)
            return Fraction(late if all(dates.present(k) for k in first) else max(late, 1))
