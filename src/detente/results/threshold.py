"""For which values of a number a road map holds, or any certified one exists (format ``detente/threshold/1``)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby, pairwise, product
from typing import Any, Literal

from detente.case.quantities import written
from detente.case.road_map import RoadMap
from detente.results.audit import Breach
from detente.results.provenance import Provenance
from detente.results.read_only import Answer

State = Literal["certified", "holds", "fails", "unknown"]
"""Of a road map: certified; holds, but is not signed by all or breaks a binding clause; fails; not known. Asked for any
road map: a certified one exists; proved that none does (``fails``); not known."""

Question = Literal["road-map", "any"]
HOLDING: tuple[State, ...] = ("certified", "holds")


@dataclass(frozen=True)
class Axis(Answer):
    """A number that was varied, or several that were given one value, and how closely."""

    paths: tuple[str, ...]
    """As settings have them."""
    title: str
    """What it is, in words."""
    unit: str
    """``a year``, ``quarters``, or nothing."""
    whole: bool
    """Whether it is a whole number; then every one between the ends was tried."""
    low: Decimal
    high: Decimal
    step: Decimal
    """Between neighbours of the grid; a change narrower than this may have been missed (not where ``whole``)."""
    tolerance: Decimal
    """To which changes between neighbours were narrowed down."""
    stated: Decimal | None = None
    """Its central value in the case; None if the case is silent, or has several."""
    stated_range: tuple[Decimal, Decimal] | None = None
    """Its range in the case."""

    def settings(self, value: Decimal) -> tuple[str, ...]:
        """The settings that give it a value."""
        rate = f" {self.unit}" if self.unit.startswith("a ") else ""
        return tuple(f"{path}={written(value)}{rate}" for path in self.paths)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types; values as decimal strings."""
        return {
            "paths": list(self.paths), "title": self.title, "unit": self.unit, "whole": self.whole,
            "low": written(self.low), "high": written(self.high), "step": written(self.step),
            "tolerance": written(self.tolerance), "stated": _text(self.stated),
            "range": None if self.stated_range is None else _texts(self.stated_range),
        }  # fmt: skip


@dataclass(frozen=True)
class WeakMoment(Answer):
    """A party's least margin over breaches that are not vacuous, when that is, and the breach that leaves it."""

    party: str
    period: int
    margin: float
    """In the party's own units; negative: it is tempted."""
    relative: float | None
    """As a part of the party's scale; None where that is 0."""
    breach: Breach

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {"party": self.party, "period": self.period, "margin": self.margin, "relative": self.relative,
                "breach": self.breach.to_dict()}  # fmt: skip


@dataclass(frozen=True)
class Point(Answer):
    """One value tried (of two numbers, one pair), and how it stands there."""

    at: tuple[Decimal, ...]
    state: State
    reason: str
    """For *fails* who is tempted and how, or what else is wrong; else the weakest moment, or the limit reached."""
    signed: bool | None = None
    clauses_kept: bool | None = None
    weakest: tuple[WeakMoment, ...] = ()
    """Of each party that can breach."""
    road_map: RoadMap | None = None
    """The certified road map found there, where any would do."""

    @property
    def margin(self) -> float | None:
        """The least relative margin of all parties; None where there is none."""
        return min((w.relative for w in self.weakest if w.relative is not None), default=None)

    @property
    def tempted(self) -> tuple[WeakMoment, ...]:
        """Who is tempted, and how; by relative gain, largest first."""
        found = [w for w in self.weakest if w.margin < 0]
        return tuple(sorted(found, key=lambda w: w.relative if w.relative is not None else 0.0))

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types; values as decimal strings."""
        return {
            "at": _texts(self.at), "state": self.state, "reason": self.reason, "signed": self.signed,
            "clauses_kept": self.clauses_kept, "margin": self.margin, "weakest": [w.to_dict() for w in self.weakest],
            "starts": None if self.road_map is None else dict(self.road_map.starts),
        }  # fmt: skip


Bracket = tuple[Decimal, Decimal]
"""Neighbouring values tried, of which one is in an interval and the other not."""


@dataclass(frozen=True)
class Interval(Answer):
    """Neighbouring values of one number at all of which the same was found.

    Where it ``begins`` and ``ends`` is known up to a bracket: the last value outside and the first inside, the last
    inside and the first outside. None where the values that were tried begin or end.
    """

    states: tuple[State, ...]
    first: Decimal
    last: Decimal
    begins: Bracket | None
    ends: Bracket | None

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types; values as decimal strings."""
        begins, ends = (None if b is None else _texts(b) for b in (self.begins, self.ends))
        return {"states": list(self.states), "first": written(self.first), "last": written(self.last),
                "begins": begins, "ends": ends}  # fmt: skip


@dataclass(frozen=True)
class Crossing(Answer):
    """A change on a map: along one of its two numbers (``axis``), the other being ``beside``."""

    axis: int
    beside: Decimal
    below: Decimal
    above: Decimal
    before: State
    after: State

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types; values as decimal strings."""
        return {"axis": self.axis, "beside": written(self.beside), "between": _texts((self.below, self.above)),
                "states": [self.before, self.after]}  # fmt: skip


@dataclass(frozen=True)
class Threshold(Answer):
    """For which values of one number, or pairs of two, a road map holds, or any certified one exists."""

    question: Question
    road_map: RoadMap | None
    """The road map asked about; None where any would do."""
    axes: tuple[Axis, ...]
    points: tuple[Point, ...]
    """Every value looked at, in order."""
    grid: tuple[tuple[Decimal, ...], ...]
    """For each number the values to begin with; those without a point were not come to before the scan was cut."""
    margin_required: float | None
    """Where any road map would do: the margin asked of every breach that is not vacuous."""
    provenance: Provenance

    def __repr__(self) -> str:
        of = " and ".join(", ".join(a.paths) for a in self.axes)
        found = ", ".join(f"{state} at {n}" for state, n in self.tally().items())
        return f"<Threshold of {of}: {found} of {len(self.points)} values tried>"

    def tally(self) -> dict[State, int]:
        """How many of the values tried are in each state."""
        order: tuple[State, ...] = ("certified", "holds", "fails", "unknown")
        counted = {state: sum(p.state == state for p in self.points) for state in order}
        return {state: n for state, n in counted.items() if n}

    @property
    def outcome(self) -> Literal["holds", "fails", "unknown"]:
        """*holds* if it does somewhere, *fails* if it does nowhere that was tried, *unknown* if that is not known."""
        states = self.tally()
        if any(state in states for state in HOLDING):
            return "holds"
        return "unknown" if "unknown" in states or not states else "fails"

    def intervals(self) -> tuple[Interval, ...]:
        """Of one number: neighbouring values in the same state, in order."""
        return tuple(_runs(self.points, lambda p: p.state))

    def holding(self) -> tuple[Interval, ...]:
        """Of one number: where it holds, certified or not."""
        runs = _runs(self.points, lambda p: p.state in HOLDING)
        return tuple(r for r in runs if r.states[0] in HOLDING)

    def crossings(self) -> tuple[Crossing, ...]:
        """Of two numbers: every change between neighbours on the lines of the grid."""
        if len(self.axes) != 2:
            return ()
        return tuple(
            Crossing(axis, beside, a.at[axis], b.at[axis], a.state, b.state)
            for axis in (0, 1)
            for beside in self.grid[1 - axis]
            for a, b in pairwise(self.line(axis, beside))
            if a.state != b.state
        )

    def line(self, axis: int, beside: Decimal) -> list[Point]:
        """Of two numbers: the points along one of them, the other being ``beside``, in order."""
        return sorted((p for p in self.points if p.at[1 - axis] == beside), key=lambda p: p.at[axis])

    def along(self, axis: int, beside: Decimal) -> list[tuple[Decimal, State]]:
        """Of two numbers: as :meth:`line`, the values of the grid that were not come to among them, as *unknown*."""
        found: dict[Decimal, State] = dict.fromkeys(self.grid[axis], "unknown")
        found |= {p.at[axis]: p.state for p in self.line(axis, beside)}
        return sorted(found.items())

    @property
    def left_out(self) -> int:
        """How many values of the grid were not come to before the scan was cut."""
        seen = {p.at for p in self.points}
        return sum(at not in seen for at in product(*self.grid))

    def to_dict(self) -> dict[str, Any]:
        """The format ``detente/threshold/1``."""
        one = len(self.axes) == 1
        return {
            "format": "detente/threshold/1", **self.provenance.to_dict(), "question": self.question,
            "road_map": None if self.road_map is None else self.road_map.name,
            "starts": None if self.road_map is None else dict(self.road_map.starts),
            "margin_required": self.margin_required, "outcome": self.outcome,
            "parameters": [a.to_dict() for a in self.axes], "grid": [_texts(g) for g in self.grid],
            "intervals": [i.to_dict() for i in self.intervals()] if one else [],
            "holding": [i.to_dict() for i in self.holding()] if one else [],
            "crossings": [c.to_dict() for c in self.crossings()], "points": [p.to_dict() for p in self.points],
        }  # fmt: skip

    def to_json(self) -> str:
        """The same as text."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=1)


def _runs(points: Sequence[Point], key: Callable[[Point], object]) -> Iterator[Interval]:
    """Neighbours with the same key."""
    runs = [list(run) for _, run in groupby(points, key)]
    for n, run in enumerate(runs):
        first, last = run[0].at[0], run[-1].at[0]
        begins = (runs[n - 1][-1].at[0], first) if n else None
        ends = (last, runs[n + 1][0].at[0]) if n + 1 < len(runs) else None
        yield Interval(tuple(dict.fromkeys(p.state for p in run)), first, last, begins, ends)


def _text(x: Decimal | None) -> str | None:
    return None if x is None else written(x)


def _texts(values: Iterable[Decimal]) -> list[str]:
    return [written(x) for x in values]
