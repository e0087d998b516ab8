"""Where everything on the timeline lies: lanes, rows, bars, arrows. No drawing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from detente.case.resolved import ResolvedCase
from detente.case.road_map import RoadMap
from detente.report.charts.theme import wrap

LABEL_WIDTH = 292.0
LABEL_SIZE = 10.5
LINE = 12.0
ROW = 14.4
LANE_HEAD = 21.0
MILESTONES = ""
"""Key of the lane of milestones whose members have more than one owner, or none."""


@dataclass(frozen=True)
class Row:
    """One measure: its label in lines, where its middle lies, and its dates."""

    measure: str
    lane: str
    label: tuple[str, ...]
    y: float
    height: float
    start: int | None
    """First period of work; None for done measures and milestones."""
    in_force: int
    """First period in force; -1 if done."""
    replaced: int | None
    """First period in which it is replaced."""
    milestone: bool


@dataclass(frozen=True)
class Lane:
    """A party's rows, or the milestones'."""

    key: str
    title: str
    top: float
    bottom: float


@dataclass(frozen=True)
class Arrow:
    """From one measure's coming into force to another's row: a prerequisite, or verification by access."""

    source: str
    target: str
    verifies: bool


@dataclass(frozen=True)
class Layout:
    """Everything placed; lengths in pixels, times in periods."""

    lanes: tuple[Lane, ...]
    rows: tuple[Row, ...]
    arrows: tuple[Arrow, ...]
    height: float

    def row(self, measure: str) -> Row:
        """The row of a measure."""
        return next(r for r in self.rows if r.measure == measure)


def in_force_dates(case: ResolvedCase, road_map: RoadMap) -> dict[str, int]:
    """First period in force of every measure that is done, on the road map, or a milestone all of whose members are."""
    dates = {k: -1 for k, m in case.measures.items() if m.done}
    for k, start in road_map.starts.items():
        dates[k] = start + case.measures[k].takes
    for k, m in case.measures.items():
        if m.members is not None and all(member in dates for member in m.members):
            dates[k] = max(dates[member] for member in m.members)
    return dates


def layout(case: ResolvedCase, road_map: RoadMap, label_width: float = LABEL_WIDTH) -> Layout:
    """Group by party, sort by start, and leave each label the room it needs."""
    dates = in_force_dates(case, road_map)
    replaced = {m.replaces.measure: dates[k] for k, m in case.measures.items() if m.replaces and k in dates}
    lanes: list[Lane] = []
    rows: list[Row] = []
    y = 0.0
    for key, members in _lanes(case, dates).items():
        top = y
        y += LANE_HEAD
        for k in sorted(members, key=lambda k: (road_map.starts.get(k, dates[k]), dates[k])):
            label = tuple(wrap(case.title(k), label_width - 12, LABEL_SIZE))
            height = ROW + LINE * (len(label) - 1)
            milestone = case.measures[k].members is not None
            start = road_map.starts.get(k)
            rows.append(Row(k, key, label, y + height / 2, height, start, dates[k], replaced.get(k), milestone))
            y += height
        y += 4
        lanes.append(Lane(key, case.title(key) if key else "Milestones", top, y))
    return Layout(tuple(lanes), tuple(rows), tuple(_arrows(case, dates)), y)


def prerequisites(case: ResolvedCase, dates: Mapping[str, int]) -> dict[str, set[str]]:
    """For each measure with a date, those with one that must come before it (done ones left out)."""
    out: dict[str, set[str]] = {}
    for k in dates:
        m = case.measures[k]
        before = {a.measure for a in m.after} | ({m.replaces.measure} if m.replaces else set())
        out[k] = {p for p in before if dates.get(p, -1) >= 0}
    return out


def _lanes(case: ResolvedCase, dates: Mapping[str, int]) -> dict[str, list[str]]:
    lanes: dict[str, list[str]] = {party: [] for party in case.parties}
    lanes[MILESTONES] = []
    for k in dates:
        lanes[_lane_of(case, k)].append(k)
    return {key: members for key, members in lanes.items() if members}


def _lane_of(case: ResolvedCase, measure: str) -> str:
    m = case.measures[measure]
    return m.by if m.by is not None else MILESTONES


def _arrows(case: ResolvedCase, dates: Mapping[str, int]) -> Iterable[Arrow]:
    direct = prerequisites(case, dates)
    for k, before in direct.items():
        for p in sorted(before):
            if not any(p in _ancestors(direct, other) for other in before - {p}):
                yield Arrow(p, k, verifies=False)
    for k in dates:
        seen: set[str] = set()
        for rule in case.measures[k].detect.with_:
            if not all(a in dates for a in rule.measures) or not rule.measures:
                continue
            last = max(rule.measures, key=lambda a: dates[a])
            if dates[last] >= 0 and last not in seen:
                seen.add(last)
                yield Arrow(last, k, verifies=True)


def _ancestors(direct: Mapping[str, set[str]], k: str) -> set[str]:
    found: set[str] = set()
    todo = list(direct.get(k, ()))
    while todo:
        p = todo.pop()
        if p not in found:
            found.add(p)
            todo.extend(direct.get(p, ()))
    return found
