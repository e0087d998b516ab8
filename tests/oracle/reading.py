"""Reads a `detente/resolved-case/1` dict and a road map into exact numbers.

Every number becomes a `Fraction` of its decimal text. `load` keeps the text of JSON numbers; a case
that comes as a dict may hold decimal strings, integers, `Decimal`, or floats (read by their shortest text).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any

Raw = Mapping[str, Any]
ZERO = Fraction(0)
ONE = Fraction(1)


def load(path: str | Path) -> dict[str, Any]:
    """A JSON file as a dict in which real numbers are still text."""
    loaded: dict[str, Any] = json.loads(Path(path).read_text(encoding="utf-8"), parse_float=str)
    return loaded


def number(raw: Any) -> Fraction:
    """The exact value of a decimal string or a number."""
    if isinstance(raw, bool):
        raise TypeError(f"not a number: {raw!r}")
    if isinstance(raw, float):
        return Fraction(repr(raw))
    if isinstance(raw, int | str | Decimal | Fraction):
        return Fraction(raw)
    raise TypeError(f"not a number: {raw!r}")


def course(raw: Any) -> tuple[Fraction, ...]:
    """One number, or one a period: the last one lasts."""
    if isinstance(raw, Sequence) and not isinstance(raw, str):
        return tuple(number(one) for one in raw) or (ZERO,)
    return (number(raw),)


def at(numbers: tuple[Fraction, ...], period: int) -> Fraction:
    """The number of a period of a course."""
    return numbers[min(period, len(numbers) - 1)]


@dataclass(frozen=True)
class Value:
    """What a measure, or a stick, is to one party."""

    flow: tuple[Fraction, ...] = (ZERO,)
    once: Fraction = ZERO
    during: Fraction = ZERO

    @staticmethod
    def read(raw: Raw) -> Value:
        """From `{"flow": ..., "once": ..., "during": ...}`."""
        return Value(course(raw.get("flow", 0)), number(raw.get("once", 0)), number(raw.get("during", 0)))

    @property
    def is_nothing(self) -> bool:
        """All its numbers are 0."""
        return not self.once and not self.during and not any(self.flow)


NOTHING = Value()


@dataclass(frozen=True)
class Party:
    """A party: how it discounts, when it answers, what leaving costs it."""

    name: str
    discount: Fraction
    reserve: Fraction | None
    lag: int
    status_quo: tuple[Fraction, ...]
    exit_cost: Fraction
    grace: int
    ratify: Fraction
    sustain: Fraction


@dataclass(frozen=True)
class Faction:
    """A part of a party; what measures are to it stands among their values."""

    party: str
    weight: Fraction
    veto: bool
    discount: Fraction
    reserve: Fraction | None
    status_quo: tuple[Fraction, ...]


@dataclass(frozen=True)
class Body:
    """What decides by votes of parties."""

    votes: Mapping[str, Fraction]
    quota: Fraction
    vetoes: tuple[str, ...]


@dataclass(frozen=True)
class Undo:
    """How a measure is undone."""

    takes: int
    cost: Fraction
    chance: Fraction


@dataclass(frozen=True)
class Measure:
    """One thing that one party can do, or a milestone (`members` is then a tuple)."""

    name: str
    by: str
    takes: int
    after: tuple[tuple[str, int], ...]
    undo: Undo | None
    withdrawal: str
    residual: Fraction
    public: bool
    done: bool
    excludes: tuple[str, ...]
    replaces: tuple[str, int] | None
    value: Mapping[str, Value]
    base: Fraction
    detect: tuple[tuple[tuple[str, ...], Fraction], ...]
    members: tuple[str, ...] | None
    attributes: Mapping[str, Fraction]
    consent: tuple[str, ...]

    @property
    def is_milestone(self) -> bool:
        """It is in force when its members are."""
        return self.members is not None

    def to(self, party: str) -> Value:
        """What it is to a party (0 where silent)."""
        return self.value.get(party, NOTHING)


@dataclass(frozen=True)
class Stick:
    """A harm by one party on another, once the other's breach is seen."""

    name: str
    by: str
    against: str
    delay: int
    lasts: int | None
    committed: bool
    value: Mapping[str, Value]

    @property
    def is_hollow(self) -> bool:
        """Its owner would rather not use it, and is not committed to."""
        own = self.value.get(self.by, NOTHING)
        return not self.committed and (own.once < 0 or any(one < 0 for one in own.flow))

    def to(self, party: str) -> Value:
        """What it is to a party (0 where silent)."""
        return self.value.get(party, NOTHING)


@dataclass(frozen=True)
class Resource:
    """A capacity per period, and what each measure under way uses of it."""

    name: str
    capacity: tuple[Fraction, ...]
    uses: Mapping[str, Fraction]


@dataclass(frozen=True)
class Clause:
    """One requirement on a road map."""

    name: str
    owner: str
    kind: str
    of: str
    strength: str
    weight: Fraction
    text: str

    @property
    def binds(self) -> bool:
        """Only red lines that are not mere wants bind."""
        return self.kind == "red-line" and self.strength == "must"


@dataclass(frozen=True)
class Case:
    """Everything that is known before a deal."""

    periods: int
    period: str
    start: str | None
    common: Fraction
    no_deal: str
    parties: Mapping[str, Party]
    measures: Mapping[str, Measure]
    sticks: tuple[Stick, ...]
    resources: tuple[Resource, ...]
    principals: tuple[str, ...]
    groups: Mapping[str, tuple[tuple[str, ...], str]]
    clauses: tuple[Clause, ...]
    comparable: bool
    pocketing_share: Fraction
    factions: Mapping[str, Faction]
    bodies: Mapping[str, Body]

    @cached_property
    def works(self) -> tuple[Measure, ...]:
        """The measures that are no milestones."""
        return tuple(one for one in self.measures.values() if not one.is_milestone)

    @cached_property
    def milestones(self) -> tuple[Measure, ...]:
        """The milestones."""
        return tuple(one for one in self.measures.values() if one.is_milestone)

    @cached_property
    def replacers(self) -> Mapping[str, tuple[str, ...]]:
        """For each measure, those that would replace it."""
        found: dict[str, tuple[str, ...]] = {}
        for one in self.works:
            if one.replaces:
                found[one.replaces[0]] = (*found.get(one.replaces[0], ()), one.name)
        return found

    @cached_property
    def longest_undoing(self) -> int:
        """The most periods that undoing any measure takes."""
        return max((one.undo.takes for one in self.works if one.undo), default=0)


def read_case(raw: Raw | Case) -> Case:
    """A resolved case in exact numbers; a `Case` is handed through."""
    if isinstance(raw, Case):
        return raw
    common = _common_discount(raw)
    measures = {name: _measure(name, one) for name, one in raw["measures"].items()}
    owners = {one.by for one in measures.values() if not one.is_milestone}
    parties = {name: _party(name, one, common) for name, one in raw["parties"].items()}
    return Case(
        periods=int(raw["periods"]),
        period=raw.get("period", "period"),
        start=raw.get("start"),
        common=common,
        no_deal=raw.get("no_deal") or "collapse",
        parties=parties,
        measures=measures,
        sticks=tuple(_stick(one) for one in raw.get("sticks") or ()),
        resources=tuple(_resource(name, one) for name, one in (raw.get("resources") or {}).items()),
        principals=tuple(raw.get("principals") or [name for name in parties if name in owners]),
        groups={name: _group(one) for name, one in (raw.get("groups") or {}).items()},
        clauses=tuple(_clause(one) for one in raw.get("clauses") or ()),
        comparable=bool(raw.get("comparable", False)),
        pocketing_share=number(raw.get("pocketing_share", "0.1")),
        factions={name: _faction(one) for name, one in (raw.get("factions") or {}).items()},
        bodies={name: _body(one) for name, one in (raw.get("bodies") or {}).items()},
    )


def _common_discount(raw: Raw) -> Fraction:
    if raw.get("discount") is not None:
        return number(raw["discount"])
    own = {number(one["discount"]) for one in raw["parties"].values()}
    if len(own) != 1:
        raise ValueError("a common discount is required where the parties' discounts differ")
    return own.pop()


def _party(name: str, raw: Raw, common: Fraction) -> Party:
    reserve = raw.get("reserve")
    return Party(
        name=name,
        discount=common if raw.get("discount") is None else number(raw["discount"]),
        reserve=None if reserve is None else number(reserve),
        lag=int(raw.get("response_lag", 1)),
        status_quo=course(raw.get("status_quo", 0)),
        exit_cost=number(raw.get("exit_cost", 0)),
        grace=int(raw.get("grace", 0)),
        ratify=number(raw.get("ratify", "0.5")),
        sustain=number(raw.get("sustain", "0.5")),
    )


def _faction(raw: Raw) -> Faction:
    reserve = raw.get("reserve")
    return Faction(
        party=raw["party"],
        weight=number(raw.get("weight", 1)),
        veto=bool(raw.get("veto", False)),
        discount=number(raw["discount"]),
        reserve=None if reserve is None else number(reserve),
        status_quo=course(raw.get("status_quo", 0)),
    )


def _body(raw: Raw) -> Body:
    votes = {member: number(one) for member, one in raw["votes"].items()}
    return Body(votes, number(raw["quota"]), tuple(raw.get("vetoes") or ()))


def _measure(name: str, raw: Raw) -> Measure:
    undo, replaces = raw.get("undo"), raw.get("replaces")
    members, detect = raw.get("members"), raw.get("detect") or {}
    return Measure(
        name=name,
        by=raw.get("by") or "",
        takes=int(raw.get("takes") or 0),
        after=tuple((one["measure"], int(one.get("wait", 1))) for one in raw.get("after") or ()),
        undo=_undo(undo) if undo is not None else None,
        withdrawal=raw.get("withdrawal") or "if-credible",
        residual=number(raw.get("residual", 0)),
        public=bool(raw.get("public", False)),
        done=bool(raw.get("done", False)),
        excludes=tuple(raw.get("excludes") or ()),
        replaces=(replaces["measure"], int(replaces.get("wait", 1))) if replaces else None,
        value={party: Value.read(one) for party, one in (raw.get("value") or {}).items()},
        base=number(detect.get("base", 0)),
        detect=tuple((tuple(one["measures"]), number(one["detect"])) for one in detect.get("with") or ()),
        members=tuple(members) if members is not None else None,
        attributes={key: number(one) for key, one in (raw.get("attributes") or {}).items()},
        consent=tuple(raw.get("consent") or ()),
    )


def _undo(raw: Raw) -> Undo:
    return Undo(int(raw.get("takes", 0)), number(raw.get("cost", 0)), number(raw.get("chance", 1)))


def _stick(raw: Raw) -> Stick:
    lasts = raw.get("lasts")
    return Stick(
        name=raw["id"],
        by=raw["by"],
        against=raw["against"],
        delay=int(raw.get("delay", 0)),
        lasts=None if lasts is None else int(lasts),
        committed=bool(raw.get("committed", False)),
        value={party: Value.read(one) for party, one in (raw.get("value") or {}).items()},
    )


def _resource(name: str, raw: Raw) -> Resource:
    uses = {measure: number(one) for measure, one in (raw.get("uses") or {}).items()}
    return Resource(name, course(raw["capacity"]), uses)


def _group(raw: Raw) -> tuple[tuple[str, ...], str]:
    return tuple(raw["members"]), raw.get("by") or "count"


def _clause(raw: Raw) -> Clause:
    return Clause(
        name=raw["id"],
        owner=raw.get("owner") or "",
        kind=raw.get("kind") or "position",
        of=raw.get("of") or "",
        strength=raw.get("strength") or "must",
        weight=number(raw.get("weight", 1)),
        text=raw["text"],
    )


class Schedule:
    """A road map laid on a case: when each measure starts and comes into force.

    `due` is start plus work; `comes` is the same, but `None` for what is missing or would be due after
    the last period (it then never comes into force).
    """

    def __init__(self, case: Raw | Case, road_map: Raw | Schedule) -> None:
        self.case = read_case(case)
        self.starts = _starts(self.case, road_map)
        self.due: dict[str, int] = {name: start + self._takes(name) for name, start in self.starts.items()}
        self.due |= {one.name: -1 for one in self.case.works if one.done}
        self.comes: dict[str, int | None] = {one.name: self._comes(one.name) for one in self.case.works}
        self.comes |= {one.name: self._milestone_comes(one) for one in self.case.milestones}

    def _takes(self, name: str) -> int:
        return self.case.measures[name].takes

    def _comes(self, name: str) -> int | None:
        due = self.due.get(name)
        return due if due is not None and due < self.case.periods else None

    def _milestone_comes(self, milestone: Measure) -> int | None:
        dates = [self.comes[member] for member in milestone.members or ()]
        known = [date for date in dates if date is not None]
        return max(known) if known and len(known) == len(dates) else None

    def start(self, name: str) -> int | None:
        """The start of a measure on the road map; of what is done or a milestone, its `comes`."""
        if name in self.starts:
            return self.starts[name]
        return self.comes[name]

    def under_way(self, name: str, period: int) -> bool:
        """Work on it is scheduled in a period of the horizon."""
        start = self.starts.get(name)
        return start is not None and start <= period < min(self.due[name], self.case.periods)

    @cached_property
    def players(self) -> tuple[str, ...]:
        """The parties that are no bystanders, in the order of the case."""
        acting = {one.by for one in self.case.works if one.done or one.name in self.starts}
        return tuple(name for name in self.case.parties if name in acting)


def _starts(case: Case, road_map: Raw | Schedule) -> dict[str, int]:
    if isinstance(road_map, Schedule):
        return dict(road_map.starts)
    given = road_map["starts"] if isinstance(road_map.get("starts"), Mapping) else road_map
    for name in given:
        if name not in case.measures:
            raise KeyError(f"unknown measure on the road map: {name}")
        if case.measures[name].done or case.measures[name].is_milestone:
            raise ValueError(f"a measure that is done, or a milestone, has no start: {name}")
    return {name: int(start) for name, start in given.items() if start is not None}
