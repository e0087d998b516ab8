"""What a party changed from one of its offers to the next, clause by clause, and whom each change favours.

A clause *asks* if what it calls for is worth something to its owner, and *gives* if it costs it. To ask for less or
give more favours the other side. Orders and shares in which both occur tell nothing by themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from detente.audit.grounds import Grounds
from detente.case.clauses import (
    AllBeforeAny,
    Before,
    ByTime,
    Never,
    NotBefore,
    ShareAtLeast,
    ShareAtMost,
    Term,
    ValueAtLeast,
    term_of,
)
from detente.case.resolved import Clause, ResolvedCase
from detente.results.rounds import Change

Unit = Literal["periods", "share", "value", ""]
Towards = Literal["other", "own", "open"]


@dataclass(frozen=True)
class Aspect:
    """A clause as something that can move: what it is about, where it stands, and which way it gets stricter."""

    about: tuple[str, ...]
    at: float
    unit: Unit
    strict: int
    """1 if a larger ``at`` is stricter, -1 if a smaller one is."""


def aspect(term: Term, case: ResolvedCase) -> Aspect:
    """Of clauses about the same thing one can say by how much they differ."""
    match term:
        case ByTime(k, t):
            return Aspect(("by", k), t, "periods", -1)
        case NotBefore(k, t):
            return Aspect(("not before", k), t, "periods", 1)
        case Never(k):
            return Aspect(("not before", k), case.periods, "periods", 1)
        case Before(x, y, n):
            return Aspect(("before", x, y), n, "periods", 1)
        case ShareAtLeast(g, p, t):
            return Aspect(("at least", g, str(t)), float(p), "share", 1)
        case ShareAtMost(g, p, t):
            return Aspect(("at most", g, str(t)), float(p), "share", -1)
        case ValueAtLeast(i, v):
            return Aspect(("value", i), float(v), "value", 1)
        case AllBeforeAny(g, h):
            return Aspect(("all before any", g, h), 0.0, "", 1)


def _dated(term: Term) -> Aspect | None:
    """A share as something whose date can move."""
    match term:
        case ShareAtLeast(g, p, t):
            return Aspect(("at least, by", g, str(p)), t, "periods", -1)
        case ShareAtMost(g, p, t):
            return Aspect(("at most, until", g, str(p)), t, "periods", 1)
    return None


def changes(grounds: Grounds, before: Sequence[Clause], after: Sequence[Clause]) -> tuple[Change, ...]:
    """Every clause that is not the same in both, those that moved beside what they were."""
    case = grounds.case
    old, new = list(before), list(after)
    for clause in before:
        same = next((c for c in new if _same(c, clause, case)), None)
        if same is not None:
            old.remove(clause)
            new.remove(same)
    found = []
    for clause in tuple(old):
        partner = next((c for c in new if _moved(clause, c, case) is not None), None)
        if partner is not None:
            found.append(_change(grounds, clause, partner))
            old.remove(clause)
            new.remove(partner)
    found += [_change(grounds, c, None) for c in old]
    return (*found, *(_change(grounds, None, c) for c in new))


def _same(one: Clause, other: Clause, case: ResolvedCase) -> bool:
    weights = one.strength == "must" or one.weight == other.weight
    return one.strength == other.strength and weights and term_of(one, case) == term_of(other, case)


def _moved(one: Clause, other: Clause, case: ResolvedCase) -> tuple[Aspect, Aspect] | None:
    """Both clauses as the same thing moved; None if they are about different things."""
    a, b = term_of(one, case), term_of(other, case)
    for x, y in ((aspect(a, case), aspect(b, case)), (_dated(a), _dated(b))):
        if x is not None and y is not None and x.about == y.about:
            return x, y
    return None


def _change(grounds: Grounds, old: Clause | None, new: Clause | None) -> Change:
    clause = old if old is not None else new
    assert clause is not None
    case = grounds.case
    asks = _asks(grounds, clause.owner, term_of(clause, case))
    if old is None or new is None:
        kind: Literal["dropped", "added"] = "added" if old is None else "dropped"
        stricter = 1 if old is None else -1
        before, after = (None if c is None else c.text for c in (old, new))
        return Change(kind, before, after, None, "", _towards(asks * stricter))
    pair = _moved(old, new, case)
    assert pair is not None
    amount = pair[1].at - pair[0].at
    stricter = pair[0].strict * (1 if amount > 0 else -1 if amount < 0 else 0)
    if old.strength != new.strength:
        wish = new.strength == "want"
        return Change("now a wish" if wish else "now a must", old.text, new.text, amount, pair[0].unit,
                      _towards(asks * (-1 if wish else 1)))  # fmt: skip
    if amount == 0:
        stricter = 1 if new.weight > old.weight else -1
    return Change("moved", old.text, new.text, amount, pair[0].unit, _towards(asks * stricter))


def _towards(stricter: int) -> Towards:
    """Asking for more, or giving less, is one's own."""
    return "own" if stricter > 0 else "other" if stricter < 0 else "open"


def _asks(grounds: Grounds, owner: str, term: Term) -> int:
    """1 if a clause asks, -1 if it gives, 0 if that cannot be told."""
    groups = grounds.case.groups
    match term:
        case ByTime(k, _):
            return _worth(grounds, owner, [k])
        case NotBefore(k, _) | Never(k):
            return -_worth(grounds, owner, [k])
        case ShareAtLeast(g, _, _):
            return _worth(grounds, owner, groups[g].members)
        case ShareAtMost(g, _, _):
            return -_worth(grounds, owner, groups[g].members)
        case Before(x, y, _):
            return _order(_worth(grounds, owner, [x]), _worth(grounds, owner, [y]))
        case AllBeforeAny(g, h):
            return _order(_worth(grounds, owner, groups[g].members), _worth(grounds, owner, groups[h].members))
        case ValueAtLeast(i, _):
            return 1 if i == owner else 0


def _order(first: int, then: int) -> int:
    """To have first what one gains by and then what one pays is to ask."""
    return 1 if first > 0 >= then or first >= 0 > then else -1 if first < 0 <= then or first <= 0 < then else 0


def _worth(grounds: Grounds, owner: str, measures: Iterable[str]) -> int:
    """The sign of what measures in force from the start would be worth to a party (N of model §10)."""
    st = grounds.stakes
    i = st.party_index.get(owner)
    if i is None:
        return 0
    total, size = 0.0, 0.0
    for name in measures:
        for part in grounds.case.measures[name].members or (name,):
            k = st.measure_index[part]
            worth = float(st.once[i, k] + st.takes[k] * st.during[i, k] + grounds.common.worth[i, k, 0])
            total, size = total + worth, size + abs(worth)
    return 0 if abs(total) <= 1e-9 * size else 1 if total > 0 else -1
