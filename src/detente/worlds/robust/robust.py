"""The certified road map that stands in most possible worlds (model §10, objective ``robust-worlds``).

It is sought among certified road maps that leave each principal the floor of ``robust``: those that the planner comes
by, what can be made of them by changes that are foreseen to help in a sample of worlds, and their neighbours. What it
is worth is told of other worlds than those.
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
from detente.audit.structure import structural
from detente.case.clause_text import term_of
from detente.case.clauses import ValueAtLeast, evaluate
from detente.case.draws import Draws
from detente.case.load import Case
from detente.case.road_map import RoadMap
from detente.case.sampling import CHUNK
from detente.incentives.many.prospects import at_hand
from detente.plan.conditions import Waived, enough
from detente.plan.search import Search
from detente.plan.stage import Budget, Progress
from detente.plan.task import Task
from detente.plan.verb import plan as find
from detente.results.in_worlds import UNLOOKED, InWorlds
from detente.results.plan import NoPlan, Objective, Plan
from detente.results.provenance import Provenance
from detente.worlds.robust.anything import Anywhere
from detente.worlds.robust.ascent import Ascent, Rules
from detente.worlds.robust.climb import Climb
from detente.worlds.robust.fresh import INDEX, Fresh, fresh
from detente.worlds.robust.learnt import learnt
from detente.worlds.robust.moves import Moves
from detente.worlds.robust.screen import Screen, deciding
from detente.worlds.robust.trial import Trial
from detente.worlds.slip import Agreed, agreed
from detente.worlds.tally import share

Report = Callable[[Progress], None]
NAME: Literal["robust-worlds"] = "robust-worlds"
BLOCKS = (32, 32, 64, 128)
"""Worlds in which road maps are tried, block after block: only the best so far go on to the next."""
FRESH = CHUNK
"""Worlds in which the answer is judged: those of chunk 1, while it is chosen on the first of chunk 0."""
FEWEST = 128
"""Worlds in which it is judged at least, whatever the limits."""
OTHERS: tuple[Objective, ...] = ("nash",)
"""Objectives whose plans are tried too."""
SHARES = {"robust": 0.25, "others": 0.08, "offered": 0.15, "ascent": 0.65, "anything": 0.7}
"""The part that each stage has of what is then left of the limits; neighbours have the rest."""
BEGUN_WITH = 4
"""Road maps of each origin that are made to fit single worlds."""
STARTS = 3
"""Road maps, the best so far, that are changed step by step."""
JUDGING = 4.0
"""To judge the answer in a world takes so many times as long as to try a road map in it, the comparison included."""
NEAR = 2e-7
"""A floor counts as kept if a share of the most that a principal could gain falls short of it by no more."""


@dataclass(frozen=True)
class Sample:
    """How many worlds; ``seed`` of their draws and of the search."""

    seed: int = 0
    blocks: tuple[int, ...] = BLOCKS
    """Worlds in which road maps are tried; together no more than a chunk."""
    fresh: int = FRESH

    @property
    def n(self) -> int:
        """Worlds in which road maps are tried."""
        return sum(self.blocks)


def robust_worlds(
    case: Case,
    task: Task,
    sample: Sample | None = None,
    report: Report | None = None,
    stop: threading.Event | None = None,
) -> Plan | NoPlan:
    """The certified road map that stands in most worlds, or none with the reason.

    Of ``task`` the objective is not looked at; the other terms are as for ``robust``. Where the mathematics of many
    worlds must be translated into machine code first, the time limit counts from then on.
    """
    draws = Draws(case, (sample or Sample()).seed, "lhs")
    _made_ready(draws, report)
    return _Quest(draws, task, sample or Sample(), report, stop or threading.Event()).answer()


def _made_ready(draws: Draws, report: Report | None) -> None:
    """Translate what is needed into machine code, where that was not done before."""
    if at_hand():
        return
    if report is not None:
        told = "translating into machine code, on first use: a minute or two"
        report(Progress(told, None, float("inf"), 0, 0, 0.0))
    nothing = agreed(draws.case.resolved, RoadMap())
    fresh(draws, nothing, nothing, 1)


@dataclass(eq=False)
class _Quest:
    draws: Draws
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
        self.anywhere: Anywhere | None = None
        self.climb: Climb | None = None
        self.seconds_a_world = 0.0
        self.seconds_to_draw = 0.0

    def answer(self) -> Plan | NoPlan:
        """All stages, one after the other."""
        ordinary = self._plan("robust", self.budget.part(SHARES["robust"]))
        if isinstance(ordinary, NoPlan):
            return replace(ordinary, objective=NAME, bound=None)
        self.floors = self._floors(ordinary)
        self.floors_open = bool(ordinary.details.get("floors_open"))
        try:
            if not self.budget.spent():
                self._seek(ordinary)
        except KeyboardInterrupt:
            self.stop.set()
        best = None if self.climb is None else self.climb.best
        return self._told(best.road_map if best is not None else ordinary.road_map, ordinary)

    def _seek(self, ordinary: Plan) -> None:
        offered = [ordinary.road_map, *self._others(), *self._passed()]
        began = time.monotonic()
        trial = Trial.drawn(self.draws, 0, 0, self.sample.n)
        self.seconds_to_draw = time.monotonic() - began
        ends = np.cumsum([0, *self.sample.blocks]).tolist()
        moves = Moves(self.search.stakes, self.sample.seed)
        blocks = [trial.part(a, b) for a, b in pairwise(ends)]
        self.climb = Climb(blocks, self._judge, lambda some, x: some.stands(self.agreed(x)), moves)
        self.climb.offer(offered)
        began = time.monotonic()
        trial.stands(self.agreed(ordinary.road_map))
        self.seconds_a_world = (time.monotonic() - began) / self.sample.n
        self._search(self.climb, trial, moves)

    def _search(self, climb: Climb, trial: Trial, moves: Moves) -> None:
        self._stage("offered", lambda part: climb.go(part, self._tell, only_offered=True))
        self._stage("ascent", lambda part: self._ascend(climb, trial, moves, part))
        self._stage("offered", lambda part: climb.go(part, self._tell, only_offered=True))
        self._stage("anything", lambda part: self._look(climb, trial, part))
        climb.offer(self.anywhere.known if self.anywhere is not None else ())
        self._stage("", lambda part: climb.go(part, self._tell))

    def _stage(self, name: str, work: Callable[[Budget], None]) -> None:
        """Work in a part of what is left once time is put aside for judging the answer."""
        left = Budget(self.budget.deadline, self.budget.work, self.budget.used, self.stop)
        if left.deadline is not None:
            left.deadline -= self._judging(self.sample.fresh // 2)
        part = left.part(SHARES.get(name, 1.0))
        try:
            work(part)
        finally:
            self.budget.charge(part)

    def _judging(self, n: int) -> float:
        """Seconds that it takes to judge the answer in ``n`` worlds."""
        return 2 * self.seconds_to_draw + JUDGING * self.seconds_a_world * n

    # ------------------------------------------------------------------ stages

    def _ascend(self, climb: Climb, trial: Trial, moves: Moves, budget: Budget) -> None:
        """Change the best road maps so far, step by step; what comes of them joins those that are tried."""
        rules = Rules(self.agreed, self._fits, self._lacks, lambda x: self._judged(x) is not None, self.task.margin)
        starts = sorted(climb.witnesses, key=lambda x: -x.share)[:STARTS]
        if climb.complete or not starts or budget.spent():
            return
        screen = Screen(trial, self.search.stakes, moves.free, deciding(self.search.stakes))
        for n, start in enumerate(starts):
            part = budget.part(0.5 if n + 1 < len(starts) else 1.0)
            ascent = Ascent(screen, moves, rules, start.road_map)
            while ascent.go(part):
                self._tell(climb)
            climb.offer([ascent.road_map])
            budget.charge(part)

    def _look(self, climb: Climb, trial: Trial, budget: Budget) -> None:
        """In which worlds something stands; doing nothing counts only where it may be the answer."""
        self.anywhere = Anywhere(self.draws, self.task, trial)
        seen = np.zeros(trial.n, dtype=np.bool_)
        ends = np.cumsum([0, *self.sample.blocks]).tolist()
        for tried in climb.witnesses:
            for first, stands in zip(ends, tried.stands, strict=False):
                seen[first : first + len(stands)] |= stands
        if self._judge(RoadMap()) is not None:
            seen |= trial.stands(self.agreed(RoadMap()))
        best = sorted(climb.witnesses, key=lambda x: -x.share)[:BEGUN_WITH]
        offered = (RoadMap(starts) for starts in self.task.case.road_maps.values())
        begun = (x for x in offered if not structural(self.task.case, x))
        known = [*(x.road_map for x in best), *self._passed()[:BEGUN_WITH], *begun]
        self.anywhere.look(seen, known, budget, lambda: self._tell(climb))

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

    # ------------------------------------------------------------------ what may be the answer

    def agreed(self, road_map: RoadMap) -> Agreed:
        """With the order that binding clauses keep in every world."""
        return agreed(self.task.case, road_map, self.order)

    def _fits(self, road_map: RoadMap) -> bool:
        """In order, within capacity, and clauses kept (those on values are left to the judge)."""
        case = self.task.case
        kept = (evaluate(x, case, road_map.starts)[0] for x in self.order if not isinstance(x, ValueAtLeast))
        return not structural(case, road_map) and all(kept)

    def _lacks(self, road_map: RoadMap) -> float:
        """How far it falls short of a principal's floor, as a part of the most that it could gain."""
        gains = self.search.scout.gains(self.search.stakes.completions(road_map))
        return max((max(0.0, v - gains[i] / most) for i, (most, v) in self.floors.items()), default=0.0)

    def _judge(self, road_map: RoadMap) -> float | None:
        """The least relative margin, of a road map that is certified as asked and keeps the floors."""
        return self._judged(road_map) if self._fits(road_map) and self._lacks(road_map) <= NEAR else None

    def _judged(self, road_map: RoadMap) -> float | None:
        """The same, whether it keeps the floors or not."""
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
        most = max(found.anything.share.high, found.both.value)
        gains = self.search.scout.gains(self.search.stakes.completions(road_map))
        shares = {self.search.stakes.parties[i]: float(gains[i]) / most for i, (most, _) in self.floors.items()}
        return Plan(
            road_map=RoadMap(road_map.starts, f"plan:{NAME}"), objective=NAME, value=found.both.value, bound=most,
            gap=most - found.both.value, margin_required=self.task.margin, audit=certified,
            breaches_added=self.search.breaches, provenance=self._provenance(),
            details={**ordinary.details, "shares": shares}, worlds=found,
        )  # fmt: skip

    def _in_worlds(self, road_map: RoadMap, ordinary: RoadMap) -> InWorlds:
        best = None if self.climb is None else self.climb.best
        seen = self._fresh(road_map, ordinary)
        n, j = seen.n, seen.mine
        return InWorlds(
            n=n,
            both=share(int(seen.stands.sum()), n),
            holds=share(int(j.holds.sum()), n),
            signed=share(int(j.signed.sum()), n),
            ordinary=share(int(seen.other.sum()), n),
            gained=seen.gained(),
            trained=self.sample.n if best is not None else 0,
            training=best.share if best is not None else float("nan"),
            tried=0 if self.climb is None else self.climb.tried,
            complete=self.climb is not None and self.climb.complete,
            anything=self.anywhere.answer() if self.anywhere is not None else UNLOOKED,
            where=seen.where(),
            fails=seen.fails(),
            screening=learnt(self.task.case, self.draws, road_map, j, INDEX),
        )

    def _fresh(self, road_map: RoadMap, ordinary: RoadMap) -> Fresh:
        """The answer judged in as many fresh worlds as the limits allow, but at least a few."""
        mine, other = self.agreed(road_map), self.agreed(ordinary)
        n = self.sample.fresh
        seconds = self.budget.seconds()
        if seconds is not None and self.seconds_a_world:
            room = (seconds - self._judging(0)) / (JUDGING * self.seconds_a_world)
            n = min(n, max(FEWEST, int(room) // FEWEST * FEWEST))
        few = min(n, FEWEST)
        if self.stop.is_set() or not self.seconds_a_world:
            n = few if self.stop.is_set() or seconds is not None else n
        try:
            return fresh(self.draws, mine, other, n)
        except KeyboardInterrupt:
            self.stop.set()
            return fresh(self.draws, mine, other, few)

    def _provenance(self) -> Provenance:
        limits = {
            "time_limit": self.task.time_limit, "work_limit": self.task.work_limit, "work_used": self.budget.used,
            "worlds": self.sample.n, "fresh": self.sample.fresh,
        }  # fmt: skip
        cut = None
        if self.climb is None or not self.climb.complete or self.floors_open:
            cut = "work-limit" if self.task.time_limit is None else "clock"
        cut = "interrupted" if self.stop.is_set() else cut
        seconds = time.monotonic() - self.began
        return origin(self.task.case, limits, seconds=seconds, cut=cut, seed=self.sample.seed)
