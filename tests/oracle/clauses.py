"""Clauses (model.md §9): is one true of a road map, and how far is it from true."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import cache

from tests.oracle.reading import ONE, ZERO, Case, Schedule, number
from tests.oracle.worlds import World

Finding = tuple[bool, Fraction]

_NAME = r"(?P<{}>\S+)"
_X, _Y, _T, _G, _H = (_NAME.format(letter) for letter in "xytgh")
FORMS: tuple[tuple[str, str], ...] = (
    ("all_before_any", rf"all of {_G} before any of {_H}"),
    ("share", rf"share of {_G} at (?P<bound>least|most) (?P<p>\S+) by {_T}"),
    ("value", rf"value of {_X} at least (?P<p>\S+)"),
    ("never", rf"never {_X}"),
    ("not_before", rf"{_X} not before {_T}"),
    ("before", rf"{_X} before {_Y}(?: by (?P<n>\d+))?"),
    ("by", rf"{_X} by {_T}"),
)


@cache
def parse(text: str) -> tuple[str, dict[str, str | None]]:
    """The form of a clause and its parts."""
    words = " ".join(text.split())
    for form, pattern in FORMS:
        if found := re.fullmatch(pattern, words):
            return form, found.groupdict()
    raise ValueError(f"not a clause: {text!r}")


def clause_holds(schedule: Schedule, text: str) -> Finding:
    """(true or false, distance: 0 when true)."""
    form, parts = parse(text)
    rules: dict[str, Callable[..., Finding]] = {
        "all_before_any": _all_before_any,
        "share": _share,
        "value": _value,
        "never": _never,
        "not_before": _not_before,
        "before": _before,
        "by": _by,
    }
    return rules[form](schedule, **parts)


def _verdict(holds: bool, distance: Fraction | int) -> Finding:
    return (True, ZERO) if holds else (False, Fraction(distance))


def _date(schedule: Schedule, name: str) -> int:
    """When it comes; a missing one counts as T."""
    date = schedule.comes[name]
    return schedule.case.periods if date is None else date


def _present(schedule: Schedule, name: str) -> bool:
    """It is on the road map or done; of a milestone, all its members are."""
    members = schedule.case.measures[name].members
    if members is None:
        return name in schedule.due
    return bool(members) and all(member in schedule.due for member in members)


def _due(schedule: Schedule, name: str) -> int:
    """As scheduled, also after the last period; a missing one counts as T."""
    if not _present(schedule, name):
        return schedule.case.periods
    members = schedule.case.measures[name].members
    return max(schedule.due[one] for one in members) if members else schedule.due[name]


def _start(schedule: Schedule, name: str) -> int:
    return schedule.starts.get(name, _due(schedule, name))


def _by(schedule: Schedule, x: str, t: str) -> Finding:
    last = period_of(schedule.case, t, late=True)
    return _verdict(_present(schedule, x) and _due(schedule, x) <= last, _due(schedule, x) - last)


def _not_before(schedule: Schedule, x: str, t: str) -> Finding:
    first = period_of(schedule.case, t, late=False)
    holds = not _present(schedule, x) or _start(schedule, x) >= first
    return _verdict(holds, first - _start(schedule, x))


def _before(schedule: Schedule, x: str, y: str, n: str | None) -> Finding:
    if not _present(schedule, y):
        return _verdict(True, 0)
    late = _due(schedule, x) + int(n if n is not None else 1) - _start(schedule, y)
    return _verdict(_present(schedule, x) and late <= 0, late)


def _never(schedule: Schedule, x: str) -> Finding:
    return _verdict(not _present(schedule, x), schedule.case.periods - _due(schedule, x))


def _value(schedule: Schedule, x: str, p: str) -> Finding:
    short = number(p) - World(schedule).worth(x, 0)
    return _verdict(short <= 0, short)


def _share(schedule: Schedule, g: str, bound: str, p: str, t: str) -> Finding:
    last, wanted = period_of(schedule.case, t, late=True), number(p)
    if bound == "least":
        short = wanted - share(schedule, g, last)
        return _verdict(short <= 0, short)
    over = max(share(schedule, g, period) - wanted for period in range(last + 1))
    return _verdict(over <= 0, over)


def share(schedule: Schedule, group: str, period: int) -> Fraction:
    """The part of a group, by its attribute or by count, that counts as in force in a period."""
    members, by = schedule.case.groups[group]
    weight = {name: _weight(schedule.case, name, by) for name in members}
    whole = sum(weight.values(), ZERO)
    there = [name for name in members if _begun(schedule, name, period)]
    return sum((weight[name] for name in there), ZERO) / whole if whole else ZERO


def _begun(schedule: Schedule, name: str, period: int) -> bool:
    date = schedule.comes[name]
    return date is not None and date <= period


def _weight(case: Case, name: str, by: str) -> Fraction:
    return ONE if by == "count" else case.measures[name].attributes.get(by, ZERO)


def _all_before_any(schedule: Schedule, g: str, h: str) -> Finding:
    first, then = _group(schedule.case, g), _group(schedule.case, h)
    any_of = [_start(schedule, name) for name in then if _present(schedule, name)]
    if not any_of:
        return _verdict(True, 0)
    late = max((_due(schedule, name) for name in first), default=-1) + 1 - min(any_of)
    return _verdict(all(_present(schedule, name) for name in first) and late <= 0, late)


def _group(case: Case, name: str) -> Iterable[str]:
    return case.groups[name][0] if name in case.groups else (name,)


_MONTHS = {"month": 1, "quarter": 3, "year": 12}


def period_of(case: Case, text: str, *, late: bool) -> int:
    """The period of an index, a quarter `2020-Q4`, a month `2020-05`, or a date.

    Where a quarter holds several periods, the last of them if `late`, else the first.
    """
    if re.fullmatch(r"-?\d+", text):
        return int(text)
    first, months, day = _calendar(text)
    if case.start is None:
        raise ValueError(f"a date needs the start of the case: {text!r}")
    origin, _, start_day = _calendar(case.start)
    passed = first - origin + (months - 1 if late else 0)
    if day is not None and start_day is not None and day < start_day:
        passed -= 1
    return passed // _MONTHS[case.period]


def _calendar(text: str) -> tuple[int, int, int | None]:
    """(months since year 0, months covered, day of the month if it is a date)."""
    if found := re.fullmatch(r"(\d{4})-Q([1-4])", text):
        return int(found[1]) * 12 + (int(found[2]) - 1) * 3, 3, None
    if found := re.fullmatch(r"(\d{4})-(\d{2})(?:-(\d{2}))?", text):
        day = int(found[3]) if found[3] else None
        return int(found[1]) * 12 + int(found[2]) - 1, 1, day
    raise ValueError(f"not a time: {text!r}")
