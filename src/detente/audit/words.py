"""Numbers, periods and lists of names as people write them; every message of the judge uses these."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from detente.case import clause_terms as terms
from detente.case.calendar import Calendar
from detente.case.resolved import ResolvedCase
from detente.case.road_map import RoadMap
from detente.results.audit import Breach


def calendar(case: ResolvedCase) -> Calendar:
    """The calendar of a case."""
    return Calendar(case.period, date.fromisoformat(case.start), case.periods)


def moment(case: ResolvedCase, t: int) -> str:
    """What people call period ``t``; the time after the last period is named after it."""
    if t >= case.periods:
        return f"after {calendar(case).label(case.periods - 1)}"
    return calendar(case).label(t)


def at(case: ResolvedCase, t: int) -> str:
    """``in 2020-Q4``, or ``after 2028-Q4``."""
    return moment(case, t) if t >= case.periods else f"in {moment(case, t)}"


def stretch(case: ResolvedCase, first: int, last: int) -> str:
    """``in 2020-Q4`` or ``from 2020-Q4 to 2021-Q2``."""
    if first == last:
        return at(case, first)
    if last >= case.periods:
        return f"from {moment(case, first)} on"
    return f"from {moment(case, first)} to {moment(case, last)}"


def amount(x: float) -> str:
    """A number to three significant digits, never as a power of ten unless it is tiny."""
    if x == 0:
        return "0"
    if abs(x) >= 100:
        return f"{x:,.0f}"
    if abs(x) >= 0.001:
        digits = max(0, 2 - len(str(int(abs(x)))) + 1) if abs(x) >= 1 else 3 + _leading_zeros(abs(x))
        text = f"{x:.{digits}f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return f"{x:.2g}"


def _leading_zeros(x: float) -> int:
    zeros = 0
    while x < 0.1:
        x, zeros = x * 10, zeros + 1
    return zeros


def listing(names: Iterable[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    items = list(names)
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def titles(case: ResolvedCase, ids: Iterable[str]) -> str:
    """Several measures by their plain names."""
    return listing(f'"{case.title(k)}"' for k in ids)


def how(case: ResolvedCase, breach: Breach) -> str:
    """``walking out``, or what it pretends to do and what it secretly undoes."""
    if breach.how == "walk":
        return "walking out"
    parts = []
    if breach.fakes:
        parts.append(f"only pretending {titles(case, breach.fakes)}")
    if breach.undoes:
        parts.append(f"secretly undoing {titles(case, breach.undoes)}")
    return " while ".join(parts)


MOST_NAMED = 3
"""Measures of a cheat that are named where there is little room."""


def how_shortly(case: ResolvedCase, breach: Breach) -> str:
    """As :func:`how`, but of many measures only some are named."""

    def some(ids: Sequence[str]) -> list[str]:
        named = [f'"{case.title(k)}"' for k in ids[:MOST_NAMED]]
        return [*named, f"{len(ids) - MOST_NAMED} more"] if len(ids) > MOST_NAMED else named

    if len(breach.fakes) <= MOST_NAMED and len(breach.undoes) <= MOST_NAMED:
        return how(case, breach)
    parts = [("only pretending", breach.fakes), ("secretly undoing", breach.undoes)]
    return " while ".join(f"{word} {listing(some(ids))}" for word, ids in parts if ids)


def stretches(periods: Sequence[int]) -> list[tuple[int, int]]:
    """Ascending periods as runs (first, last) without gaps."""
    runs: list[tuple[int, int]] = []
    for t in periods:
        if runs and t == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], t)
        else:
            runs.append((t, t))
    return runs


def backing(case: ResolvedCase, supports: Sequence[bool | None]) -> str:
    """When a faction supports a road map: ``throughout``, ``never``, ``not in 2020-Q4``; of one entry yes or no."""
    against = [t for t, yes in enumerate(supports) if yes is False]
    open_ = [t for t, yes in enumerate(supports) if yes is None]
    if len(supports) == 1:
        return "not known" if open_ else "no" if against else "yes"
    if not against and not open_:
        return "throughout"
    if len(against) == len(supports):
        return "never"
    told = [f"not {listing(stretch(case, *run) for run in stretches(against))}"] if against else []
    told += [f"not known {listing(stretch(case, *run) for run in stretches(open_))}"] if open_ else []
    return "; ".join(told)


def never_done(case: ResolvedCase, term: terms.Term, road_map: RoadMap) -> tuple[str, ...]:
    """What a clause waits for and the road map leaves out: it is not late, it never happens."""

    def there(k: str) -> bool:
        m = case.measures[k]
        return all(there(x) for x in m.members) if m.members is not None else m.done or k in road_map

    match term:
        case terms.ByTime(measure=k):
            waited: tuple[str, ...] = (k,)
        case terms.Before(first=k, then=then):
            waited = (k,) if there(then) else ()
        case terms.AllBeforeAny(first=group, then=then):
            waited = case.groups[group].members if any(there(k) for k in case.groups[then].members) else ()
        case _:
            waited = ()
    return tuple(k for k in waited if not there(k))
