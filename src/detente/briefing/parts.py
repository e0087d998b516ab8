"""The parts of a brief besides plan and comparison: what each asks and needs, how long it may take, how it is shown.

A part is one entry of :data:`PARTS`. To add what another verb answers, write how it is asked (from :class:`Asked` and
limits; :class:`NothingToSay` where the case does not give what it needs) and name the section that shows the answer, a
function from answer and resolved case to blocks. What is left out or cut short, the brief tells by the part's title.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from detente import api
from detente.case.draws import Draws
from detente.case.load import Case
from detente.errors import InputError
from detente.incentives.many.prospects import at_hand
from detente.report.content import Beyond, Place, Section, Shown
from detente.report.sections.afterwards import afterwards
from detente.report.sections.explain import explain_section
from detente.report.sections.frontier import frontier
from detente.report.sections.gap import gap_section
from detente.report.sections.repair import repair_section
from detente.report.sections.rounds import rounds_section
from detente.report.sections.threshold import thresholds
from detente.report.sections.worlds import worlds_section
from detente.results.compare import Comparison
from detente.results.plan import NoPlan, Plan
from detente.results.threshold import Threshold

Needs = Literal["case", "plan", "no-plan"]
"""What a part asks about: the case alone, a road map that was found, or that none was."""

Limits = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """What a part may ask about; of parts that need the case alone only that is there."""

    case: Case
    plan: Plan | NoPlan | None = None
    comparison: Comparison | None = None


@dataclass(frozen=True)
class Part:
    """One part of a brief."""

    name: str
    title: str
    """What it is, in plain words, as it is called where it is left out or cut short."""
    place: Place
    ask: Callable[[Asked, Limits], Any]
    section: Section
    seconds: float
    """The most that it may take, unless less is given to the road map."""
    needs: Needs = "case"


class NothingToSay(Exception):
    """The case does not give what a part asks about; the text says why."""


def _gap(asked: Asked, limits: Limits) -> Any:
    return api.gap(asked.case, **limits)


def _repair(asked: Asked, limits: Limits) -> Any:
    return api.repair(asked.case, offer(asked.case), **limits)


def _afterwards(asked: Asked, limits: Limits) -> Any:
    return api.afterwards(asked.case, offer(asked.case), **limits)


def _explain(asked: Asked, limits: Limits) -> Any:
    if isinstance(asked.plan, NoPlan) and asked.plan.outcome == "unknown":
        raise NothingToSay("whether there is one is not known")
    return api.explain(asked.case, **limits)


def _thresholds(asked: Asked, limits: Limits) -> Any:
    """How far the numbers that decide most may move before the road map no longer holds."""
    assert isinstance(asked.plan, Plan)
    drivers = asked.comparison.drivers if asked.comparison is not None else ()
    found: list[Threshold] = []
    for driver in drivers[:3]:
        try:
            found.append(api.threshold(asked.case, driver.path, asked.plan.road_map, points=15, **limits))
        except InputError:
            continue
    if not found:
        raise NothingToSay("no number of the case stands out as deciding whether the road map holds")
    return tuple(found)


def _worlds(asked: Asked, limits: Limits) -> Any:
    """In possible worlds; the time in which the code that judges them is translated, once, is not counted."""
    assert isinstance(asked.plan, Plan)
    draws = Draws(asked.case, 0)
    if not draws.numbers and len(draws.variants) == 1:
        raise NothingToSay("nothing in the case is uncertain")
    if not at_hand():
        api.worlds(asked.case, asked.plan.road_map, 1, larger=0)
    return api.worlds(asked.case, asked.plan.road_map, 1024, larger=20, time_limit=limits["time_limit"])


def _frontier(asked: Asked, limits: Limits) -> Any:
    return api.frontier(asked.case, points=6, **limits)


def _rounds(asked: Asked, limits: Limits) -> Any:
    return api.rounds(asked.case, **limits)


PARTS: tuple[Part, ...] = (
    Part("gap", "the gap between the two sides", "talks", _gap, partial(gap_section, heading=True), 20.0),
    Part("repair", "an offer mended", "talks", _repair, repair_section, 25.0),
    Part("afterwards", "what is left after an offer", "talks", _afterwards, afterwards, 20.0),
    Part("explain", "why there is no road map", "road-map", _explain, partial(explain_section, heading=True), 30.0,
         "no-plan"),
    Part("worlds", "how it fares in possible worlds", "beyond", _worlds, worlds_section, 20.0, "plan"),
    Part("threshold", "how far the numbers may move", "beyond", _thresholds, thresholds, 10.0, "plan"),
    Part("frontier", "what can be traded", "beyond", _frontier, frontier, 25.0),
    Part("rounds", "the offers so far", "beyond", _rounds, rounds_section, 15.0),
)  # fmt: skip
"""In reading order, which is also the order in which they are asked."""


@dataclass(frozen=True)
class Budget:
    """What was given to the search for a road map: no part may take more."""

    time_limit: float | None
    work_limit: int | None

    def of(self, part: Part) -> Limits:
        """A part's limits."""
        if self.work_limit is not None:
            return {"time_limit": None, "work_limit": self.work_limit}
        return {"time_limit": part.seconds if self.time_limit is None else min(part.seconds, self.time_limit)}


Answers = Mapping[str, Any]
"""By name what each part that was asked answered, or a :class:`NothingToSay`."""


def answers(asked: Asked, budget: Budget, needs: Needs) -> Answers:
    """Ask the parts that need the same."""
    return dict(_answers(asked, budget, needs))


def _answers(asked: Asked, budget: Budget, needs: Needs) -> Iterator[tuple[str, Any]]:
    for part in PARTS:
        if part.needs == needs:
            try:
                yield part.name, part.ask(asked, budget.of(part))
            except InputError as error:
                yield part.name, NothingToSay(error.diagnostics[0].problem)
            except NothingToSay as nothing:
                yield part.name, nothing


def beyond(found: Answers) -> Beyond:
    """What the brief shows and what it leaves out. Why there is no road map is not missed where there is one."""
    shown, missing = [], []
    for part in PARTS:
        answer = found.get(part.name)
        if isinstance(answer, NothingToSay):
            missing.append((part.title, str(answer)))
        elif answer is not None:
            shown.append(Shown(part.title, part.place, answer, part.section))
        elif part.needs == "plan":
            missing.append((part.title, "there is no road map to ask it of"))
    return Beyond(tuple(shown), tuple(missing))


def offer(case: Case) -> str:
    """The proposal to mend: of those that a principal has made with dates and that fail, the one nearest to holding.

    If there is none such, the first that a principal has made. Raises :class:`NothingToSay` where there is none either.
    """
    resolved, document = case.resolved, case.document
    made = [] if document is None else [n for n, p in document.proposals.items() if p.by in resolved.principals]
    if not made:
        raise NothingToSay("no principal has made a proposal")
    judged = {n: api.audit(case, n, cures=False) for n in made if n in resolved.road_maps}
    short = {n: a.least_counted.relative or 0.0 for n, a in judged.items() if a.verdict == "fails" and a.least_counted}
    return max(short, key=lambda n: short[n]) if short else made[0]
