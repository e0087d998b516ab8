"""Why no road map exists: what cannot all hold, and the least that would have to give, each way planned anew."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from detente.audit.judge import audit
from detente.case.load import Case
from detente.case.problems import did_you_mean
from detente.case.road_map import RoadMap
from detente.errors import Diagnostic, InputError
from detente.plan.conditions import Waived
from detente.plan.conflict import Clash, Correction, Corrections, corrections, known, least, minimal, seen
from detente.plan.inquiry import Inquiry, Names, Reply
from detente.plan.stated import conflict, listed, miss
from detente.plan.steps import Steps
from detente.plan.task import Task
from detente.plan.verb import plan
from detente.results.audit import Audit
from detente.results.conflict import Relaxation
from detente.results.explain import Explanation
from detente.results.plan import Objective, Plan

Tell = Callable[[str], None]

OBJECTIVES: tuple[Objective, ...] = ("robust", "fair", "nash", "welfare")
"""What may be sought once something is given up; how soon a goal is reached says little about a way to relax."""

SHARES = {"whether": 0.4, "conflict": 0.5, "relaxing": 0.5, "smallest": 0.3}
"""Parts of what is left of the limits for each step; the rest is for planning anew."""


@dataclass(frozen=True)
class Asked:
    """What is asked of an explanation."""

    keep: tuple[str, ...] = ()
    """Positions, goals and proposals whose clauses must be kept besides the red lines."""
    margin: float = 0.001
    objective: Objective = "robust"
    """Of the road maps that relaxing buys."""
    most: int = 5
    """Ways to relax that are looked for."""
    time_limit: float | None = 60.0
    work_limit: int | None = None


def explain(case: Case, asked: Asked, tell: Tell | None = None, stop: threading.Event | None = None) -> Explanation:
    """Explain; an interrupt from the keyboard ends it with what is known by then."""
    if asked.objective not in OBJECTIVES:
        raise InputError([
            Diagnostic("DET709", f'relaxing cannot be planned for the objective "{asked.objective}"',
                       why="it says which of the road maps that it buys is the best",
                       fix=did_you_mean(asked.objective, OBJECTIVES) or f"give one of {', '.join(OBJECTIVES)}")
        ])  # fmt: skip
    return _Explaining(case, asked, tell or (lambda text: None), stop or threading.Event()).answer()


class _Explaining:
    def __init__(self, case: Case, asked: Asked, tell: Tell, stop: threading.Event) -> None:
        self.case, self.asked, self.tell, self.stop = case, asked, tell, stop
        self.steps = Steps(SHARES, asked.time_limit, asked.work_limit, stop)
        self.inquiry = Inquiry(case.resolved, asked.keep, margin=asked.margin, tell=tell)

    def answer(self) -> Explanation:
        """Whether there is a road map; if not why, how least to relax, and what that buys."""
        inquiry, every = self.inquiry, self.inquiry.every
        self.tell("is there a road map that keeps everything?")
        reply = self.steps.take("whether", lambda part: inquiry.ask(every, part)) or Reply("unknown")
        if reply.road_map is not None:
            return self._told("plan", audit=self._judged(reply.road_map, frozenset()))
        if reply.outcome == "unknown":
            return self._told("unknown", ways=Corrections(seen(inquiry)[: self.asked.most], False))
        clash = self.steps.take("conflict", lambda part: minimal(inquiry, every, part)) or known(inquiry)
        ways = self.steps.take("relaxing", lambda part: corrections(inquiry, part, self.asked.most))
        clash = self.steps.take("smallest", lambda part: least(inquiry, clash, part)) or clash
        return self._told("conflict", clash=clash, ways=ways or Corrections(seen(inquiry)[: self.asked.most], False))

    def _told(
        self, outcome: Literal["conflict", "plan", "unknown"], audit: Audit | None = None, clash: Clash | None = None,
        ways: Corrections | None = None,
    ) -> Explanation:  # fmt: skip
        ways = ways or Corrections((), True)
        bought = tuple(self._relaxation(one, len(ways.found) - n) for n, one in enumerate(self._sorted(ways)))
        conflicting = None if clash is None else conflict(self.case, self.inquiry, clash)
        open_ = outcome == "unknown" or any(r.road_map is None for r in bought) or self.cut
        if conflicting is not None:
            open_ = open_ or not (conflicting.minimal and conflicting.smallest)
        return Explanation(
            outcome, self.asked.keep, self.asked.margin, audit, conflicting, bought, ways.every,
            self.steps.origin(self.inquiry, bool(open_)),
        )  # fmt: skip

    def _sorted(self, ways: Corrections) -> list[Correction]:
        """Fewest conditions first, of as many those that ask least of incentives; last what is not known."""
        incentives = {c.name for c in self.inquiry.conditions if c.kind != "clause"}
        order = {c.name: n for n, c in enumerate(self.inquiry.conditions)}

        def key(one: Correction) -> tuple[bool, int, int, list[int]]:
            return (one.road_map is None, len(one.waived), len(one.waived & incentives),
                    sorted(order[name] for name in one.waived))  # fmt: skip

        return sorted(ways.found, key=key)

    cut = False
    """Whether planning anew was cut short."""

    def _relaxation(self, one: Correction, left: int) -> Relaxation:
        """What waiving conditions buys: the best road map found in a share of what is left of the limits."""
        waived = listed(self.case, self.inquiry, one.waived)
        if one.road_map is None:
            return Relaxation(waived, one.at_least, one.minimal)
        found = self._planned(one, left)
        judged = self._judged(one.road_map, one.waived) if found is None else found.audit
        misses = tuple(miss(self.case, judged, w) for w in waived)
        value, bound = (None, None) if found is None else (found.value, found.bound)
        return Relaxation(
            waived, one.at_least, one.minimal, judged.road_map, judged, misses, self.asked.objective, value, bound
        )

    def _planned(self, one: Correction, left: int) -> Plan | None:
        part = self.steps.budget.part(1 / left)
        self.tell(f"planning anew with {', '.join(sorted(one.waived))} waived")
        if part.spent() or one.road_map is None:
            self.cut = True
            return None
        task = Task(
            self.case.resolved, self.asked.objective, margin=self.asked.margin, keep=self.asked.keep,
            waived=one.waived, time_limit=part.seconds(), work_limit=part.left(), known=(one.road_map,),
        )  # fmt: skip
        found = plan(task, search=self.inquiry.search(self.inquiry.every - one.waived), stop=self.stop)
        self.steps.budget.used += int(found.provenance.run.limits["work_used"])
        self.cut = self.cut or found.provenance.run.cut is not None
        return found if isinstance(found, Plan) else None

    def _judged(self, road_map: RoadMap, waived: Names) -> Audit:
        """The auditor's answer, with what was waived passed over."""
        stakes = self.inquiry.grounds.stakes
        less = Waived.of(stakes, waived)
        return audit(
            self.case.resolved, road_map, stakes=stakes, cures=False, keep=self.asked.keep,
            free_to_leave=[stakes.parties[i] for i in sorted(less.staying)], unsupported=less.whose("supports"),
            unasked=less.whose("consents"),
        )  # fmt: skip
