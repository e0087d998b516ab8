"""What is wrong with a road map before anybody's interest is asked: order, exclusion, capacity, horizon (model §2)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from detente.audit.words import moment
from detente.case.problems import did_you_mean
from detente.case.resolved import ResolvedCase
from detente.case.road_map import RoadMap
from detente.case.stakes import exclusions
from detente.errors import Diagnostic, InputError
from detente.results.audit import Finding


def check_names(case: ResolvedCase, road_map: RoadMap) -> None:
    """Refuse what is no road map of this case; all problems at once."""
    problems = []
    why = "a road map gives starts to measures that can be started"
    for name, start in road_map.starts.items():
        m = case.measures.get(name)
        if m is None:
            known = did_you_mean(name, case.measures)
            problems.append(
                Diagnostic("DET402", f'the road map names a measure "{name}" that does not exist', None, why, known)
            )
        elif m.members is not None or m.done:
            what = "is a milestone" if m.members is not None else "is done already"
            problems.append(
                Diagnostic("DET403", f'"{name}" {what} and has no start of its own', None, why, "leave it out")
            )
        elif start < 0:
            told = f'"{name}" starts in period {start}, before the first'
            problems.append(Diagnostic("DET404", told, None, why, "give a start of 0 or later"))
    if problems:
        raise InputError(problems)


def structural(case: ResolvedCase, road_map: RoadMap) -> list[Finding]:
    """Every violation of order, exclusion, capacity and horizon, with the measures and periods concerned."""
    dates = _Dates(case, road_map)
    return [*_order(dates), *_exclusions(dates), *_capacity(dates), *_horizon(dates)]


class _Dates:
    def __init__(self, case: ResolvedCase, road_map: RoadMap) -> None:
        self.case, self.starts = case, road_map.starts

    def comes(self, name: str) -> int | None:
        """Period from which a measure is in force; None if never."""
        m = self.case.measures[name]
        if m.members is not None:
            dates = [self.comes(x) for x in m.members]
            return max((d for d in dates if d is not None), default=None) if None not in dates else None
        if m.done:
            return -1
        due = self.due(name)
        return due if due is not None and due < self.case.periods else None

    def due(self, name: str) -> int | None:
        """Start plus work."""
        start = self.starts.get(name)
        return None if start is None else start + self.case.measures[name].takes

    def title(self, name: str) -> str:
        return f'"{self.case.title(name)}"'

    def when(self, t: int) -> str:
        return "before the start" if t < 0 else moment(self.case, t)


def _order(d: _Dates) -> Iterator[Finding]:
    for name, start in d.starts.items():
        m = d.case.measures[name]
        for after in (*m.after, *((m.replaces,) if m.replaces else ())):
            comes = d.comes(after.measure)
            if comes is None:
                told = (
                    f"{d.title(name)} starts in {d.when(start)}, but {d.title(after.measure)}, which it needs, never "
                    f"comes into force"
                )
            elif start < comes + after.wait:
                told = (
                    f"{d.title(name)} starts in {d.when(start)}, but {d.title(after.measure)}, in force from "
                    f"{d.when(comes)}, allows it from {d.when(comes + after.wait)} on"
                )
            else:
                continue
            yield Finding("out-of-order", told + ".", m.by, start, measures=(name, after.measure))


def _exclusions(d: _Dates) -> Iterator[Finding]:
    names = list(d.case.measures)
    there = {k for k, m in d.case.measures.items() if m.done or k in d.starts}
    for a, b in exclusions(d.case):
        if names[a] in there and names[b] in there:
            told = f"{d.title(names[a])} and {d.title(names[b])} exclude each other, and both are on the road map."
            yield Finding("out-of-order", told, measures=(names[a], names[b]))


def _capacity(d: _Dates) -> Iterator[Finding]:
    for name, resource in d.case.resources.items():
        for t in range(d.case.periods):
            busy = [
                k for k in resource.uses if k in d.starts and d.starts[k] <= t < d.starts[k] + d.case.measures[k].takes
            ]
            need = sum((Fraction(resource.uses[k]) for k in busy), Fraction(0))
            if need > resource.capacity[t]:
                told = (
                    f"In {d.when(t)} the work needs {float(need):g} of {d.case.title(name)}, of which there are "
                    f"{float(resource.capacity[t]):g}: {', '.join(d.title(k) for k in busy)}."
                )
                yield Finding("over-capacity", told, None, t, float(need - Fraction(resource.capacity[t])), tuple(busy))


def _horizon(d: _Dates) -> Iterator[Finding]:
    for name in d.starts:
        due = d.due(name)
        if due is not None and due >= d.case.periods:
            late = due - d.case.periods + 1
            told = (
                f"{d.title(name)} would be in force {late} period{'s' * (late > 1)} too late: the road map ends with "
                f"{d.when(d.case.periods - 1)}."
            )
            yield Finding("past-horizon", told, d.case.measures[name].by, d.starts[name], float(late), (name,))
