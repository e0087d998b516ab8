"""The work bench of a repair: what is asked, what is left of the limits, and planner and judge at hand."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from detente.audit.findings.signing import binding
from detente.audit.grounds import grounds
from detente.audit.judge import audit
from detente.audit.standing import moments
from detente.case.resolved import ResolvedCase
from detente.case.road_map import RoadMap
from detente.case.stakes import Stakes, stakes
from detente.plan.aims import Closest
from detente.plan.conditions import Waived, enough
from detente.plan.rules import Rules
from detente.plan.search import Search
from detente.plan.stage import Progress
from detente.plan.task import Task
from detente.plan.verb import plan
from detente.results.audit import Audit
from detente.results.plan import NoPlan, Plan

Tell = Callable[[str], None]


class Allotment:
    """What is left of the limits, shared between stages by weight; what a stage leaves over later ones have."""

    def __init__(self, weights: Mapping[str, float], seconds: float | None, work: int | None) -> None:
        """``seconds`` of the clock, ``work`` in steps of the search; None: without limit."""
        self.weights = dict(weights)
        self.deadline = None if seconds is None else time.monotonic() + seconds
        self.work = work
        self.until, self.portion = self.deadline, work

    def begin(self, stage: str) -> None:
        """Give a stage its part of what is left."""
        own = self.weights.pop(stage)
        share = own / (own + sum(self.weights.values()))
        if self.deadline is not None:
            now = time.monotonic()
            self.until = now + share * max(0.0, self.deadline - now)
        if self.work is not None:
            self.portion = int(share * self.work)

    def seconds(self, part: float) -> float | None:
        """A part of what the stage has left."""
        return None if self.until is None else part * max(0.0, self.until - time.monotonic())

    def steps(self, part: float) -> int | None:
        """A part of what the stage has left."""
        return None if self.portion is None else int(part * self.portion)

    def charge(self, steps: int) -> None:
        """Count what was used."""
        if self.work is not None and self.portion is not None:
            self.work, self.portion = max(0, self.work - steps), max(0, self.portion - steps)

    @property
    def spent(self) -> bool:
        """Whether the stage has nothing left."""
        return (self.until is not None and time.monotonic() >= self.until) or self.portion == 0

    @property
    def late(self) -> bool:
        """Whether nothing is left for any stage."""
        return (self.deadline is not None and time.monotonic() >= self.deadline) or self.work == 0


@dataclass(frozen=True, eq=False)
class Terms:
    """A case, perhaps under changed terms, and what the planner learns of it."""

    case: ResolvedCase
    keep: tuple[str, ...]
    margin: float
    leaving: frozenset[str] = frozenset()
    """Parties of which it is not asked that they stay, nor that their factions support them."""
    rules: Rules | None = None
    """What is known of the case from other searches."""

    def free_to_leave(self, parties: Iterable[str]) -> Terms:
        """The same case with parties of which it is not asked that they stay."""
        return replace(self, leaving=frozenset(parties), rules=self.search.rules)

    @cached_property
    def stakes(self) -> Stakes:
        """Its arrays."""
        return stakes(self.case)

    @cached_property
    def search(self) -> Search:
        """What all searches under these terms share."""
        waived = Waived.of(
            self.stakes, (f"{condition}:{p}" for condition in ("stays", "supports") for p in self.leaving)
        )
        return Search(self.stakes, self.margin, binding(self.case, self.keep), waived, self.rules)


class Bench:
    """Planner and judge for one repair."""

    def __init__(
        self, keep: Sequence[str], margin: float, allotment: Allotment, tell: Tell, stop: threading.Event
    ) -> None:
        self.keep, self.margin, self.allotment = tuple(keep), margin, allotment
        self.tell, self.stop = tell, stop
        self.cut: str | None = None
        """Why the last search that was cut short was."""

    def terms(self, case: ResolvedCase) -> Terms:
        """A case to work on."""
        return Terms(case, self.keep, self.margin)

    @property
    def spent(self) -> bool:
        """Whether the stage has nothing left, or somebody wants to stop."""
        return self.stop.is_set() or self.allotment.spent

    @property
    def late(self) -> bool:
        """Whether nothing is left for any stage, or somebody wants to stop."""
        return self.stop.is_set() or self.allotment.late

    def over(self, part: float) -> Callable[[], bool]:
        """Says whether a part of what the stage has left now is over, or somebody wants to stop."""
        seconds = self.allotment.seconds(part)
        until = None if seconds is None else time.monotonic() + seconds
        return lambda: self.stop.is_set() or (until is not None and time.monotonic() >= until)

    def closest(
        self, terms: Terms, aim: Closest, part: float, known: Sequence[RoadMap], told: Callable[[Progress], str]
    ) -> Plan | NoPlan:
        """The closest certified road map, within a part of what the stage has left."""
        task = Task(
            terms.case, aim, margin=self.margin, keep=self.keep, known=tuple(known),
            time_limit=self.allotment.seconds(part), work_limit=self.allotment.steps(part),
        )  # fmt: skip
        found = plan(task, report=lambda p: self.tell(told(p)), stop=self.stop, search=terms.search)
        run = found.provenance.run
        self.allotment.charge(int(run.limits["work_used"]))
        self.cut = run.cut or self.cut
        if run.cut == "interrupted":
            self.stop.set()
        return found

    def audit(self, terms: Terms, road_map: RoadMap) -> Audit:
        """What the judge says of a road map, no cures sought."""
        return audit(terms.case, road_map, stakes=terms.stakes, keep=self.keep, cures=False)

    def certifies(self, terms: Terms, judged: Audit) -> bool:
        """Whether a road map is certified with the margin asked for."""
        must = binding(terms.case, self.keep)
        return enough(judged, self.margin, terms.stakes, Waived(), must) is True

    def certified(self, terms: Terms, road_map: RoadMap) -> bool:
        """Whether the judge certifies a road map with the margin asked for: by a quick look where that can tell."""
        return self.weighed(terms, road_map)[0]

    def weighed(self, terms: Terms, road_map: RoadMap) -> tuple[bool, Mapping[str, float]]:
        """Whether the judge certifies a road map, and by how much of its scale each party's least margin exceeds
        the one asked for."""
        seen = moments(grounds(terms.case, terms.stakes), road_map, binding(terms.case, self.keep))
        spare = {m.party: m.relative - self.margin for m in seen.moments if m.relative is not None}
        if seen.certified and any(x < 0 for x in spare.values()):
            return self.certifies(terms, self.audit(terms, road_map)), spare
        return seen.certified, spare
