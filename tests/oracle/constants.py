"""What depends on the case alone, and what a road map's dates alone show (model.md §2, §3, §10)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations
from typing import Any

from tests.oracle.reading import ZERO, Case, Raw, Schedule, at, read_case
from tests.oracle.worlds import Breach, World


def reserve(case: Raw | Case, common: bool = False) -> dict[str, Fraction]:
    """R_i at the party's own discount, or (for gains) at the common one."""
    read = read_case(case)
    return {name: _reserve_of(read, name, common) for name in read.parties}


def _reserve_of(case: Case, name: str, common: bool) -> Fraction:
    party = case.parties[name]
    delta = case.common if common else party.discount
    if party.reserve is not None:
        return party.reserve * (1 - party.discount) / (1 - delta)
    stops = dict.fromkeys(case.parties, 0) if case.no_deal == "collapse" else {}
    return World(Schedule(case, {"starts": {}}), Breach(stops, (), ())).worth(name, 0, delta)


def scales(case: Raw | Case) -> dict[str, Fraction]:
    """K_i: what all measures that are worth something to i would be worth in force from the start."""
    read = read_case(case)
    families = _families(read)
    return {
        i: sum((max([ZERO] + [_full_worth(read, name, i) for name in family]) for family in families), ZERO)
        for i in read.parties
    }


def _full_worth(case: Case, name: str, i: str) -> Fraction:
    """N_ik."""
    measure = case.measures[name]
    value = measure.to(i)
    last = max(case.periods, len(value.flow))
    tail = at(value.flow, last) / (1 - case.common)
    for period in range(last - 1, -1, -1):
        tail = at(value.flow, period) + case.common * tail
    return value.once + measure.takes * value.during + tail


def _families(case: Case) -> list[set[str]]:
    """Measures joined by excluding or replacing each other, or the same one."""
    families = [{name} for name in case.measures]
    for one in case.measures.values():
        tied = {one.name, *one.excludes, *([one.replaces[0]] if one.replaces else [])}
        touched = [family for family in families if family & tied]
        families = [family for family in families if not family & tied] + [set().union(*touched)]
    return families


def structural(schedule: Schedule) -> list[dict[str, Any]]:
    """Out-of-order (also what excludes what), over-capacity and past-horizon findings."""
    found = [*_out_of_order(schedule), *_excluded(schedule), *_over_capacity(schedule)]
    late = [name for name in schedule.starts if schedule.due[name] >= schedule.case.periods]
    return found + [{"kind": "past-horizon", "measures": [name]} for name in late]


def _out_of_order(schedule: Schedule) -> Iterator[dict[str, Any]]:
    for name, start in schedule.starts.items():
        measure = schedule.case.measures[name]
        before = [*measure.after, *([measure.replaces] if measure.replaces else [])]
        for other, wait in before:
            date = schedule.comes[other]
            if date is None or start < date + wait:
                yield {"kind": "out-of-order", "why": "too early", "measures": [name, other]}
        if start < 0:
            yield {"kind": "out-of-order", "why": "before the start", "measures": [name]}


def _excluded(schedule: Schedule) -> Iterator[dict[str, Any]]:
    measures = schedule.case.measures
    for one, other in combinations([name for name in measures if name in schedule.due], 2):
        a, b = measures[one], measures[other]
        same = a.replaces and b.replaces and a.replaces[0] == b.replaces[0]
        if other in a.excludes or one in b.excludes or same:
            yield {"kind": "out-of-order", "why": "excluded", "measures": [one, other]}


def _over_capacity(schedule: Schedule) -> Iterator[dict[str, Any]]:
    for resource in schedule.case.resources:
        for period in range(schedule.case.periods):
            used = [name for name in resource.uses if schedule.under_way(name, period)]
            if sum((resource.uses[name] for name in used), ZERO) > at(resource.capacity, period):
                yield {"kind": "over-capacity", "resource": resource.name, "period": period, "measures": used}
