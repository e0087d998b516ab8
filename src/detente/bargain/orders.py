"""Where two texts want things in opposite orders: directly, through a chain of clauses, or by their dates.

What a text wants before what is carried on along its own clauses and what the case prescribes (prerequisites, what
replaces what, members before their milestone). A conflict needs a clause of each side; nobody differs from the other
where only the case stands against a wish.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence

from detente.bargain.wishes import orders
from detente.case.resolved import Clause, ResolvedCase
from detente.results.gap import OrderConflict, SubjectGap

Chains = dict[tuple[str, str], tuple[str, ...]]
"""For each pair the clauses from which it follows that the first comes before the second."""


def conflicts(
    case: ResolvedCase, one: Sequence[Clause], other: Sequence[Clause], subjects: Sequence[SubjectGap]
) -> tuple[OrderConflict, ...]:
    """Every pair that the texts want in opposite orders, with the fewest clauses from which that follows."""
    mine, theirs = (implied(case, clauses, subjects, n) for n, clauses in enumerate((one, other)))
    found = [OrderConflict(x, y, (chain, theirs[y, x])) for (x, y), chain in mine.items() if (y, x) in theirs]
    place = {k: n for n, k in enumerate(case.measures)}
    return tuple(sorted(found, key=lambda c: (sum(map(len, c.chains)), place[c.first], place[c.then])))


def implied(case: ResolvedCase, clauses: Iterable[Clause], subjects: Sequence[SubjectGap], side: int) -> Chains:
    """Which measures a side wants before which."""
    links: dict[str, dict[str, tuple[str, ...]]] = {k: {} for k in case.measures}
    for (x, y), clause in orders(case, clauses).items():
        links[x][y] = (clause,)
    for (x, y), pair in _dated(subjects, side).items():
        links[x].setdefault(y, pair)
    for x, y in _prescribed(case):
        links[x].setdefault(y, ())
    return {(x, y): chain for x in links for y, chain in _reached(links, x).items() if chain and x != y}


def _dated(subjects: Sequence[SubjectGap], side: int) -> Chains:
    """What must be in force before something else may begin to be, by the dates of a side's clauses."""
    due: dict[str, tuple[int, str]] = {}
    held_back: dict[str, tuple[int, str]] = {}
    for s in subjects:
        for ask in s.asks[side]:
            if s.members or ask.window is None or ask.strength != "must":
                continue
            first, last = ask.window
            if first < 0 and last < due.get(s.subject, (last + 1, ""))[0]:
                due[s.subject] = last, ask.clause
            if ask.form == "not before" and ask.time is not None:
                held_back[s.subject] = max(held_back.get(s.subject, (-1, "")), (ask.time, ask.clause))
    return {
        (x, y): (by, until)
        for x, (last, by) in due.items() for y, (start, until) in held_back.items() if x != y and last < start
    }  # fmt: skip


def _prescribed(case: ResolvedCase) -> Iterable[tuple[str, str]]:
    for k, m in case.measures.items():
        yield from ((a.measure, k) for a in m.after)
        if m.replaces:
            yield m.replaces.measure, k
        yield from ((x, k) for x in m.members or ())


def _reached(links: Mapping[str, Mapping[str, tuple[str, ...]]], start: str) -> dict[str, tuple[str, ...]]:
    """Everything that comes after ``start``, by a chain with the fewest clauses but at least one."""
    best: dict[tuple[str, bool], tuple[str, ...]] = {(start, False): ()}
    open_ = deque([(start, False)])
    while open_:
        at = open_.popleft()
        for after, clauses in links[at[0]].items():
            chain = (*best[at], *(c for c in clauses if c not in best[at]))
            to = (after, at[1] or bool(clauses))
            if to not in best or len(chain) < len(best[to]):
                best[to] = chain
                open_.append(to)
    return {k: chain for (k, told), chain in best.items() if told and k != start}
