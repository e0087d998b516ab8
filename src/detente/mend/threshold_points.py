"""How things stand at one value: of a road map, or of all that could be planned."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol

from detente.audit.findings.signing import binding
from detente.audit.grounds import Grounds
from detente.audit.standing import Moment, Moments, Suspicion, moments
from detente.audit.words import amount, at, how_shortly, listing, moment
from detente.case.parameter import Varied
from detente.case.resolved import ResolvedCase
from detente.case.road_map import RoadMap
from detente.case.stakes import stakes
from detente.plan.aims import AnyCertified
from detente.plan.stage import Progress
from detente.plan.task import Task
from detente.plan.verb import plan
from detente.results.plan import NoPlan, Plan
from detente.results.threshold import Point, State, WeakMoment

MOST_SUSPECTS = 24
"""Breaches that were the worst at values looked at lately; they are tried first at the next."""

At = tuple[Decimal, ...]


class Stopped(Exception):
    """The search was stopped before a value was judged."""


class Judge(Protocol):
    """Says how things stand at a value."""

    def at(self, values: At) -> Point:
        """The point at these values; raises :class:`Stopped`."""


@dataclass
class OnRoadMap:
    """Judges one road map at each value, exactly."""

    varied: Varied
    road_map: RoadMap
    keep: Sequence[str]
    suspects: dict[Suspicion, None] = field(default_factory=dict)

    def at(self, values: At) -> Point:
        """The point at these values."""
        case = self.varied.at(values)
        found = judged(case, self.road_map, self.keep, list(self.suspects))
        self._remember(found)
        return _point(values, case, found)

    def _remember(self, found: Moments) -> None:
        new = {(m.party, m.period, (*m.breach.fakes, *m.breach.undoes)): None for m in found.moments}
        older = {s: None for s in self.suspects if s not in new}
        self.suspects = dict(list((new | older).items())[:MOST_SUSPECTS])


def judged(case: ResolvedCase, road_map: RoadMap, keep: Sequence[str], suspects: Sequence[Suspicion] = ()) -> Moments:
    """How a road map stands in a case."""
    return moments(Grounds(case, stakes(case)), road_map, binding(case, keep), suspects)


def _state(found: Moments) -> State:
    if found.certified:
        return "certified"
    if found.standing.undecided:
        return "unknown"
    return "holds" if found.standing.holds else "fails"


def _point(values: At, case: ResolvedCase, found: Moments, road_map: RoadMap | None = None) -> Point:
    weak = tuple(WeakMoment(x.party, x.period, x.margin, x.relative, x.breach) for x in found.moments)
    signed, reason = found.standing.signed, _reason(case, found)
    return Point(values, _state(found), reason, signed, found.clauses_kept, weak, road_map)


def _reason(case: ResolvedCase, found: Moments) -> str:
    """Who is tempted and how, or what else is wrong; else the weakest moment."""
    if found.wrong:
        return found.wrong
    if found.standing.undecided:
        return "A limit was reached before it was known whether it holds; no breach that gains was found."
    least = min(found.moments, key=_weakness, default=None)
    tempted = sorted((m for m in found.moments if m.margin < 0), key=lambda m: m.relative or 0.0)
    if tempted:
        return _temptation(case, tempted)
    if found.deserted:
        return f"The road map loses the factions of {listing(case.title(p) for p in found.deserted)} on the way."
    missing = [
        f"{case.title(p)} {'does not consent' if p in case.bodies else 'would not sign'}" for p in found.refusing
    ]
    missing += ["a binding clause is broken"] * (not found.clauses_kept)
    told = "nobody can leave" if least is None else f"weakest for {_weakest(case, least)}"
    return _upper(f"{listing(missing)}; {told}." if missing else f"{told}.")


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _weakness(m: Moment) -> tuple[bool, float]:
    return m.relative is None, m.margin if m.relative is None else m.relative


def _weakest(case: ResolvedCase, m: Moment) -> str:
    return f"{case.title(m.party)} {at(case, m.period)}, with a margin of {amount(m.margin)}"


def _temptation(case: ResolvedCase, tempted: Sequence[Moment]) -> str:
    worst = tempted[0]
    when = at(case, worst.period) if worst.breach.how == "walk" else f"from {moment(case, worst.period)} on"
    told = f"{case.title(worst.party)} would gain {amount(-worst.margin)} by {how_shortly(case, worst.breach)} {when}"
    others = [case.title(m.party) for m in tempted[1:]]
    return f"{told}; tempted too: {listing(others)}." if others else f"{told}."


@dataclass
class AnyRoadMap:
    """Says whether any road map is certified at a value: one found at another value, or else the planner's."""

    varied: Varied
    keep: tuple[str, ...]
    margin: float
    seconds: Callable[[], float | None]
    """Seconds that the planner may take for the next value."""
    work_limit: int | None
    stop: threading.Event
    tell: Callable[[At, Progress | None], None]
    """Hears what the planner does at a value."""
    known: list[RoadMap] = field(default_factory=list)

    def at(self, values: At) -> Point:
        """The point at these values; raises :class:`Stopped` if the planner was interrupted."""
        case = self.varied.at(values)
        for road_map in self.known:
            found = judged(case, road_map, self.keep)
            if found.certified and all(m.relative is None or m.relative >= self.margin for m in found.moments):
                self.known.remove(road_map)
                self.known.insert(0, road_map)
                return _point(values, case, found, road_map)
        return self._planned(values, case)

    def _planned(self, values: At, case: ResolvedCase) -> Point:
        self.tell(values, None)
        task = Task(
            case, AnyCertified(), margin=self.margin, keep=self.keep, time_limit=self.seconds(),
            work_limit=self.work_limit,
        )  # fmt: skip
        answer = plan(task, report=lambda p: self.tell(values, p), stop=self.stop)
        if answer.provenance.run.cut == "interrupted" or (self.stop.is_set() and isinstance(answer, NoPlan)):
            raise Stopped
        if isinstance(answer, Plan):
            road_map = RoadMap(answer.road_map.starts)
            self.known.insert(0, road_map)
            return _point(values, case, judged(case, road_map, self.keep), road_map)
        if answer.outcome == "none-exists":
            return Point(values, "fails", f"Proved: no road map is certified with a margin of {amount(self.margin)}.")
        return Point(
            values, "unknown", "The planner reached its limit before it found one or proved that there is none."
        )
