"""Certified road maps between parties, found by asking the planner for the most for one while others get so much."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from detente.audit.exact import Exact
from detente.audit.grounds import grounds
from detente.bargain.allowance import Allowance, Limits
from detente.bargain.proofs import excluded, most
from detente.case.resolved import ResolvedCase
from detente.case.road_map import RoadMap
from detente.case.stakes import stakes
from detente.incentives.kept import scales
from detente.plan.aims import Aim, AnyCertified, MostFor
from detente.plan.outline import most_gains
from detente.plan.stage import Budget, Progress
from detente.plan.task import Task
from detente.plan.verb import plan
from detente.results.audit import Audit
from detente.results.frontier import FrontierPoint, Proved
from detente.results.plan import NoPlan, Objective, Plan

RESOLUTION = 1e-5
"""Gains closer than this part of a party's scale are not told apart; the solver's own tolerances lie below it."""

LEEWAY = 1e-6
"""What a party that was given its most may lose again, as a part of its scale, while another's gain is raised."""

FIRST_SHARE = 0.7
"""Of what a point may take: for the party asked first; the rest is for what the others get."""

NEAR = 0.04
"""Points that were only come upon are shown unless they lie closer to another than this part of the range."""

Tell = Callable[[str], None]


def counted(case: ResolvedCase) -> tuple[str, ...]:
    """The principals with something at stake; where none is named, every party with measures may be one."""
    worth = dict(zip(case.parties, scales(stakes(case)).tolist(), strict=True))
    owners = dict.fromkeys(m.by for m in case.measures.values() if m.by is not None)
    return tuple(p for p in case.principals or owners if worth[p] > 0)


@dataclass(frozen=True)
class Found:
    """A certified road map and what it gives the parties, exactly."""

    road_map: RoadMap
    exact: tuple[Fraction, ...]
    gains: Mapping[str, float]
    audit: Audit
    cut: str | None

    def dominates(self, other: Sequence[Fraction]) -> bool:
        """Whether it gives every party as much, and one of them more."""
        return all(x >= y for x, y in zip(self.exact, other, strict=True)) and self.exact != tuple(other)


class Certified:
    """The points found so far and what was proved of all certified road maps; each question adds to both."""

    def __init__(self, task: Task, parties: Sequence[str], allowance: Allowance, tell: Tell | None = None) -> None:
        self.task, self.parties, self.allowance, self.tell = task, tuple(parties), allowance, tell
        self.case: ResolvedCase = task.case
        self.search = task.search()
        known = grounds(self.case, self.search.stakes)
        self.exact: Exact = known.exact
        at = self.search.stakes.party_index
        self.index = [at[p] for p in self.parties]
        self.scale = {p: float(self.search.values.scale[at[p]]) for p in self.parties}
        self.resolution = {p: RESOLUTION * k for p, k in self.scale.items()}
        self.points: list[Found] = []
        self.proved: list[Proved] = []
        self.cut: str | None = None

    # ---------------------------------------------------------------- asking

    def begin(self, share: float) -> bool:
        """Look for any certified road map to go on from; False if it is proved that there is none."""
        answer = self.ask(AnyCertified(), {}, self.allowance.part(share), "to begin with")
        if isinstance(answer, NoPlan) and answer.outcome == "none-exists":
            self.proved += [Proved(p, -math.inf, {}) for p in self.parties]
            return False
        return True

    def best(self, order: Sequence[str], least: Mapping[str, float], share: float, label: str) -> Found | None:
        """The most for the first party of ``order`` while all get at least ``least``, then for the next, and so on.

        It may take ``share`` of the allowance. ``label`` says in progress what is being looked for.
        """
        whole = self.allowance.part(share)
        floors, found, cut = dict(least), None, None
        for n, party in enumerate(order):
            part = FIRST_SHARE if n == 0 else (1 - FIRST_SHARE) / (len(order) - 1)
            answer = self.ask(MostFor(party), floors, whole.times(part), label)
            self._learn(party, floors, answer)
            cut = answer.provenance.run.cut or cut
            if isinstance(answer, NoPlan):
                break
            found = answer
            floors[party] = answer.value - LEEWAY * self.scale[party]
        return None if found is None else self.take(found, cut)

    def _learn(self, party: str, least: Mapping[str, float], answer: Plan | NoPlan) -> None:
        """Keep what an answer proves of all certified road maps."""
        none = isinstance(answer, NoPlan) and answer.outcome == "none-exists"
        bound = -math.inf if none else answer.bound
        if bound is not None and bound < math.inf:
            self.proved.append(Proved(party, bound, dict(least)))

    def ask(self, aim: Aim | Objective, least: Mapping[str, float], limits: Limits, label: str) -> Plan | NoPlan:
        """One question to the planner, which goes on from all that was learnt before."""
        task = replace(self.task, objective=aim, least=dict(least), time_limit=limits.seconds, work_limit=limits.work)
        answer = plan(task, report=self._tell(label), stop=self.allowance.stop, search=self.search)
        run = answer.provenance.run
        self.allowance.charge(int(run.limits.get("work_used", 0)))
        if run.cut == "interrupted":
            self.allowance.stop.set()
        self.cut = "interrupted" if self.allowance.stop.is_set() else run.cut or self.cut
        return answer

    def _tell(self, label: str) -> Callable[[Progress], None] | None:
        tell, many = self.tell, len(self.points)
        return None if tell is None else lambda p: tell(f"points found: {many}; {label}: {p.stage}, {p.seen} tried")

    # ---------------------------------------------------------------- keeping

    def take(self, answer: Plan, cut: str | None) -> Found:
        """Keep a certified road map, unless a point is as good; points that it dominates go."""
        road_map = RoadMap(answer.starts)
        exact = self.worth(road_map)
        gains = dict(zip(self.parties, map(float, exact), strict=True))
        found = Found(road_map, exact, gains, answer.audit, cut)
        self.points = [p for p in self.points if not found.dominates(p.exact)]
        if not any(p.dominates(exact) or self.alike(p.gains, gains) for p in self.points):
            self.points.append(found)
        return found

    def worth(self, road_map: RoadMap) -> tuple[Fraction, ...]:
        """What a road map gives the parties over no deal, at the common discount."""
        kept = self.exact.road_map(road_map.starts)
        return tuple(kept.U(i) - self.exact.reserve_common(i) for i in self.index)

    def alike(self, one: Mapping[str, float], other: Mapping[str, float]) -> bool:
        """Whether gains are the same up to the resolution."""
        return all(abs(one[p] - other[p]) <= self.resolution[p] for p in self.parties)

    def also_seen(self, levels: Sequence[Mapping[str, float]], order: Sequence[str]) -> None:
        """Take the best that any search has seen for each of several least gains, if no point is as good."""
        at = dict(zip(self.parties, self.index, strict=True))
        for least in levels:
            seen = [s.gains for s in self.search.passed.values()]
            fits = [g for g in seen if all(g[at[p]] >= v for p, v in least.items())]
            if not fits:
                continue
            best = max(fits, key=lambda g: [float(g[at[p]]) for p in order])
            gains = {p: float(best[at[p]]) for p in self.parties}
            if self._hardly_new(gains):
                continue
            floors = {p: gains[p] - LEEWAY * self.scale[p] for p in order[1:]}
            answer = self.ask(MostFor(order[0]), floors, self.allowance.part(0.0), "looking over what was seen")
            if isinstance(answer, Plan):
                self.take(answer, answer.provenance.run.cut)

    def _hardly_new(self, gains: Mapping[str, float]) -> bool:
        """Whether a point is as good, or, without being worse, so near that both say the same."""
        spread = {p: max(x.gains[p] for x in self.points) - min(x.gains[p] for x in self.points) for p in self.parties}
        for point in self.points:
            more = {p: gains[p] - point.gains[p] for p in self.parties}
            as_good = all(v <= self.resolution[p] for p, v in more.items())
            near = all(abs(v) <= NEAR * spread[p] for p, v in more.items())
            if as_good or (near and any(v < 0 for v in more.values())):
                return True
        return False

    def bounds(self, party: str, floors: Sequence[Mapping[str, float]]) -> None:
        """Learn what ``party`` could get at most above each of ``floors`` if measures could be done in part."""
        if not floors or self.allowance.over():
            return
        if self.tell is not None:
            self.tell(f"points found: {len(self.points)}; bounds for {self.case.title(party)}")
        budget = Budget(self.allowance.ends, stop=self.allowance.stop)
        for least, bound in zip(floors, most_gains(self.search, party, floors, budget), strict=True):
            if bound < math.inf:
                self.proved.append(Proved(party, bound, dict(least)))

    def bounds_at_points(self) -> None:
        """Learn what else each party could get at most where the others get what they have at a point."""
        for party in self.parties:
            loose = [
                x for x in self.points if most(self.proved, party, x.gains) > x.gains[party] + self.resolution[party]
            ]
            self.bounds(party, [{p: g for p, g in x.gains.items() if p != party} for x in loose])

    # ---------------------------------------------------------------- what is known

    def ordered(self) -> list[Found]:
        """Points by falling gain of the first party."""
        return sorted(self.points, key=lambda p: p.exact, reverse=True)

    def point(self, found: Found) -> FrontierPoint:
        """A point with what is proved of it."""
        limits = {p: max(most(self.proved, p, found.gains), found.gains[p]) for p in self.parties}
        better = [dict(found.gains) | {p: found.gains[p] + self.resolution[p]} for p in self.parties]
        efficient = all(excluded(self.proved, one) for one in better)
        return FrontierPoint(found.road_map, found.gains, limits, efficient, found.audit, found.cut)
