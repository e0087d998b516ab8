"""The certified road map that stands in most possible worlds (model §10, objective ``robust-worlds``).

It is sought among certified road maps that leave each principal the floor of ``robust``: those that the planner comes
by, and their neighbours, tried in a sample of worlds. What it is worth is told of other worlds than those.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Literal

import numpy as np

from detente.audit.findings.signing import binding
from detente.audit.grounds import Grounds
from detente.audit.judge import audit
from detente.audit.origin import origin
from detente.audit.standing import moments
from detente.case.clause_text import term_of
from detente.case.draws import Draws
from detente.case.load import Case
from detente.case.road_map import RoadMap
from detente.case.sampling import CHUNK
from detente.case.stakes import Bools
from detente.plan.conditions import Waived, enough
from detente.plan.planner import Task
from detente.plan.search import Search
from detente.plan.stage import Budget, Progress
from detente.plan.verb import plan as find
from detente.results.in_worlds import InWorlds
from detente.results.plan import NoPlan, Objective, Plan
from detente.results.provenance import Provenance
from detente.worlds.anything import Anywhere
from detente.worlds.climb import Climb
from detente.worlds.judged import Judged, joined, judged
from detente.worlds.learnt import learnt
from detente.worlds.moves import Moves
from detente.worlds.slip import Agreed, agreed
from detente.worlds.tally import share
from detente.worlds.trial import Trial

Report = Callable[[Progress], None]
NAME: Literal["robust-worlds"] = "robust-worlds"
BLOCKS = (32, 32, 64, 128)
"""Worlds in which road maps are tried, block after block: only the best so far go on to the next."""
FRESH = CHUNK
"""Worlds in which the answer is judged: those of chunk 1, while it is chosen on the first of chunk 0."""
OTHERS: tuple[Objective, ...] = ("fair", "welfare", "nash")
"""Objectives whose plans are tried too."""
SHARES = {"robust": 0.25, "others": 0.1, "offered": 0.25, "anything": 0.3, "climb": 0.7}
"""The part that each stage has of what is then left of the limits; the rest is for judging the answer."""
PORTION = 256
"""Worlds of those that are judged at once."""
NEAR = 2e-7
"""A floor counts as kept if a share of the most that a principal could gain falls short of it by no more."""


@dataclass(frozen=True)
class Sample:
    """How many worlds; ``seed`` of their draws and of the search."""

    seed: int = 0
    blocks: tuple[int, ...] = BLOCKS
    """Worlds in which road maps are tried; together no more than a chunk."""
    fresh: int = FRESH


def robust_worlds(
    case: Case,
    task: Task,
    sample: Sample | None = None,
    report: Report | None = None,
    stop: threading.Event | None = None,
) -> Plan | NoPlan:
    """The certified road map that stands in most worlds, or none with the reason.

    Of ``task`` the objective is not looked at; the other terms are as for ``robust``.
    """
    return _Quest(case, task, sample or Sample(), report, stop or threading.Event()).answer()


@dataclass(eq=False)
class _Quest:
    case: Case
    task: Task
    sample: Sample
    report: Report | None
    stop: threading.Event
    began: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        limit = self.task.time_limit
        deadline = None if limit is None else self.began + limit
        self.budget = Budget(deadline, self.task.work_limit, 0, self.stop)
        self.search: Search = self.task.search()
        self.ground = Grounds(self.task.case, self.search.stakes)
        self.must = binding(self.task.case, self.task.keep)
        self.order = [term_of(c, self.task.case) for c in self.must]
        self.draws = Draws(self.case, self.sample.seed, "lhs")

    def answer(self) -> Plan | NoPlan:
        """All stages, one after the other."""
        ordinary = self._plan("robust", self.budget.part(SHARES["robust"]))
        if isinstance(ordinary, NoPlan):
            return replace(ordinary, objective=NAME, bound=None)
        self.floors = self._floors(ordinary)
        offered = [ordinary.road_map, *self._others(), *self._passed()]
        ends = np.cumsum([0, *self.sample.blocks]).tolist()
        trials = [Trial(self.draws, 0, a, b) for a, b in pairwise(ends)]
        moves = Moves(self.search.stakes, self.sample.seed)
        self.climb = Climb(trials, self._judge, lambda trial, x: trial.stands(self.agreed(x)), moves)
        self.anywhere = Anywhere(self.draws, self.task, sum(self.sample.blocks[:2]))
        self.climb.offer(offered)
        try:
            self._search()
        except KeyboardInterrupt:
            self.stop.set()
        best = self.climb.best
        return self._told(best.road_map if best is not None else ordinary.road_map, ordinary)

    def _search(self) -> None:
        self._stage("offered", lambda part: self.climb.go(part, self._tell, only_offered=True))
        self._stage("anything", self._look)
        self.climb.offer(self.anywhere.found)
        self._stage("climb", lambda part: self.climb.go(part, self._tell))

    def _stage(self, name: str, work: Callable[[Budget], None]) -> None:
        part = self.budget.part(SHARES[name])
        try:
            work(part)
        finally:
            self.budget.charge(part)

    def _look(self, budget: Budget) -> None:
        seen = np.zeros(self.anywhere.n, dtype=np.bool_)
        for tried in self.climb.witnesses:
            for trial, stands in zip((0, 1), tried.stands, strict=False):
                if tried.road_map.starts:
                    first = sum(self.sample.blocks[:trial])
                    seen[first : first + len(stands)] |= stands
        self.anywhere.look(seen, budget)

    def _plan(self, objective: Objective, part: Budget) -> Plan | NoPlan:
        task = replace(self.task, objective=objective, time_limit=part.seconds(), work_limit=part.left())
        found = find(task, report=self.report, stop=self.stop, search=self.search)
        part.used += int(found.provenance.run.limits["work_used"])
        self.budget.charge(part)
        if found.provenance.run.cut == "interrupted":
            self.stop.set()
        return found

    def _floors(self, ordinary: Plan) -> dict[int, tuple[float, float]]:
        """For each principal with a floor the most it could gain, and the share of it that it must get."""
        at, most = self.search.stakes.party_index, ordinary.details.get("most_gain", {})
        return {at[p]: (most[p]["value"], v) for p, v in ordinary.details.get("floors", {}).items()}

    def _others(self) -> Iterator[RoadMap]:
        for n, objective in enumerate(OTHERS):
            if self.budget.spent():
                return
            found = self._plan(objective, self.budget.part(SHARES["others"] / (len(OTHERS) - n)))
            if isinstance(found, Plan):
                yield found.road_map

    def _passed(self) -> list[RoadMap]:
        """What else the planner came by, those with the largest least margin first."""
        seen = sorted(self.search.passed.values(), key=lambda s: -s.least)
        return [s.road_map for s in seen]

    def agreed(self, road_map: RoadMap) -> Agreed:
        """With the order that binding clauses keep in every world."""
        return agreed(self.task.case, road_map, self.order)

    def _judge(self, road_map: RoadMap) -> float | None:
        """The least relative margin, of a road map that is certified as asked and keeps the floors."""
        gains = self.search.scout.gains(self.search.stakes.completions(road_map))
        if any(gains[i] / most < v - NEAR for i, (most, v) in self.floors.items()):
            return None
        seen = moments(self.ground, road_map, self.must)
        if not seen.certified:
            return None
        least = min((m.relative for m in seen.moments if m.relative is not None), default=np.inf)
        if least >= self.task.margin:
            return float(least)
        told = audit(self.task.case, road_map, stakes=self.search.stakes, keep=self.task.keep, cures=False)
        if not enough(told, self.task.margin, self.search.stakes, Waived(), self.must):
            return None
        return float(least)

    def _tell(self, climb: Climb) -> None:
        if self.report is not None:
            best = None if climb.best is None else climb.best.share
            self.report(
                Progress(NAME, best, 1.0, self.search.breaches, climb.tried, time.monotonic() - self.began)
            )  # fmt: skip

    # ------------------------------------------------------------------ the answer

    def _told(self, road_map: RoadMap, ordinary: Plan) -> Plan:
        certified = audit(self.task.case, road_map, stakes=self.search.stakes, keep=self.task.keep, cures=False)
        found = self._in_worlds(road_map, ordinary.road_map)
        most = max(found.anything.share.value, found.both.value)
        gains = self.search.scout.gains(self.search.stakes.completions(road_map))
        shares = {self.search.stakes.parties[i]: float(gains[i]) / most for i, (most, _) in self.floors.items()}
        return Plan(
            road_map=RoadMap(road_map.starts, f"plan:{NAME}"), objective=NAME, value=found.both.value, bound=most,
            gap=most - found.both.value, margin_required=self.task.margin, audit=certified,
            breaches_added=self.search.breaches, provenance=self._provenance(),
            details={**ordinary.details, "shares": shares}, worlds=found,
        )  # fmt: skip

    def _in_worlds(self, road_map: RoadMap, ordinary: RoadMap) -> InWorlds:
        climb, best = self.climb, self.climb.best
        j, usual = self._fresh(road_map, ordinary)
        n, stands = len(usual), j.holds & j.signed
        return InWorlds(
            n=n,
            both=share(int(stands.sum()), n),
            holds=share(int(j.holds.sum()), n),
            signed=share(int(j.signed.sum()), n),
            ordinary=share(int(usual.sum()), n),
            trained=sum(self.sample.blocks) if best is not None else 0,
            training=best.share if best is not None else float("nan"),
            tried=climb.tried,
            complete=climb.complete,
            anything=self.anywhere.answer(),
            screening=learnt(self.task.case, self.draws, road_map, j, 1),
        )

    def _fresh(self, road_map: RoadMap, ordinary: RoadMap) -> tuple[Judged, Bools]:
        """The answer judged in worlds of chunk 1, and in which of them the ordinary plan stands: as many portions as
        the limits allow, but at least one."""
        found, usual = list[Judged](), list[Bools]()
        for first in range(0, self.sample.fresh, PORTION):
            if found and self.budget.spent():
                break
            last = min(first + PORTION, self.sample.fresh)
            found.append(judged(self.draws, self.agreed(road_map), 1, last, first=first))
            stands = found[-1].holds & found[-1].signed
            same = ordinary == road_map
            usual.append(stands if same else Trial(self.draws, 1, first, last).stands(self.agreed(ordinary)))
            self.budget.used += 1
        return joined(found), np.concatenate(usual)

    def _provenance(self) -> Provenance:
        limits = {
            "time_limit": self.task.time_limit, "work_limit": self.task.work_limit, "work_used": self.budget.used,
            "worlds": sum(self.sample.blocks), "fresh": self.sample.fresh,
        }  # fmt: skip
        cut = None
        if not self.climb.complete:
            cut = "work-limit" if self.task.time_limit is None else "clock"
        cut = "interrupted" if self.stop.is_set() else cut
        seconds = time.monotonic() - self.began
        return origin(self.task.case, limits, seconds=seconds, cut=cut, seed=self.sample.seed)
