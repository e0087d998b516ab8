"""A single text for the mediator: the certified road map closest to the last offer of each side.

Every must clause of an offer counts the same, and all of one offer together count 1. Of all certified road maps those
come first for which the side that loses the larger share of its clauses loses least; of these those for which both
together lose least. Among road maps that keep the same clauses the one that misses the others by least is taken: by
periods as parts of the horizon, by shares of groups, and by wishes as parts of each side's wishes.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from detente.audit.judge import audit
from detente.case.clauses import ByTime, Never, NotBefore, ShareAtLeast, ShareAtMost, Term, term_of
from detente.case.resolved import Clause, ResolvedCase
from detente.case.road_map import RoadMap
from detente.case.rounds import Round
from detente.case.stakes import Floats
from detente.plan.aims import Closest
from detente.plan.planner import Task
from detente.plan.search import Search
from detente.plan.stage import Progress
from detente.plan.verb import plan
from detente.results.plan import NoPlan, Plan
from detente.results.rounds import OfferClause, SingleText, TextClause

FIRST_SHARE = 0.8
"""Share of the time for the clauses that are kept; the rest is for how far the others are missed."""


@dataclass(frozen=True)
class Sought:
    """What is sought, and how long that may take; the work limit is for each of the two searches."""

    offers: tuple[Round, ...]
    margin: float = 0.001
    time_limit: float | None = 60.0
    work_limit: int | None = None
    own_offer: Mapping[str, float] = field(default_factory=dict)
    """What each side's own offer is worth to it."""
    report: Callable[[Progress], None] | None = None
    stop: threading.Event | None = None


def single_text(case: ResolvedCase, sought: Sought) -> tuple[SingleText, str | None]:
    """The text, and what cut its search short if anything did."""
    began = time.monotonic()
    with_offers = replace(case, clauses=(*case.clauses, *(c for r in sought.offers for c in r.clauses)))
    keeping = _Keeping.of(sought.offers)
    share = None if sought.time_limit is None else FIRST_SHARE * sought.time_limit
    task = Task(with_offers, keeping.aim(with_offers), margin=sought.margin, time_limit=share,
                work_limit=sought.work_limit)  # fmt: skip
    search = task.search()
    found = plan(task, report=sought.report, stop=sought.stop, search=search)
    names = tuple(r.name for r in sought.offers)
    if isinstance(found, NoPlan):
        text = SingleText(found.outcome, names, {}, None, (), {}, None, False, False, sought.own_offer, found.reason)
        return text, found.provenance.run.cut
    cut = found.provenance.run.cut
    nearest = None
    if cut != "interrupted":
        left = None if sought.time_limit is None else max(0.0, sought.time_limit - (time.monotonic() - began))
        nearest = _nearest(replace(task, time_limit=left), search, sought, found)
        cut = cut or (nearest.provenance.run.cut if nearest is not None else "interrupted")
    return _text(case, sought, keeping, found, nearest), cut


@dataclass(frozen=True)
class _Keeping:
    """The first aim, in whole numbers: each clause of an offer counts ``unit`` of its owner, each offer ``whole``."""

    unit: Mapping[str, int]
    whole: int
    clauses: Mapping[str, str]
    """The owner of each must clause, by its id."""

    @classmethod
    def of(cls, offers: Sequence[Round]) -> _Keeping:
        counts = {r.by: max(len(r.must), 1) for r in offers}
        whole = math.lcm(*counts.values())
        return cls({p: whole // n for p, n in counts.items()}, whole, {c.id: r.by for r in offers for c in r.must})

    @property
    def second(self) -> float:
        """What the sum of both losses counts beside the larger: so little that it only decides between equals."""
        return 1.0 / (len(self.unit) * self.whole + 1)

    def aim(self, case: ResolvedCase) -> Closest:
        """Least: the larger loss, then the sum of both."""
        worst = [{c: float(self.unit[p]) for c, by in self.clauses.items() if by == p} for p in self.unit]
        broken = {c: self.second * self.unit[by] for c, by in self.clauses.items()}
        costs = np.zeros((len(case.measures), case.periods + 1))
        return Closest(costs, broken, worst=worst, gap=self.second / 8)

    def least_share(self, bound: float) -> float:
        """The share that some side loses at least, if larger loss and sum together are no less than ``bound``."""
        return math.ceil(max(bound, 0.0) / (1 + len(self.unit) * self.second) - 1e-6) / self.whole

    def proved(self, found: Plan) -> bool:
        """Whether bound and value are closer than two different losses can be."""
        return found.gap <= self.second / 2


def _nearest(task: Task, search: Search, sought: Sought, found: Plan) -> Plan | None:
    """Of the certified road maps that keep the same clauses one that misses the others by least; None if none was."""
    case = task.case
    broken: dict[str, float] = {}
    costs = np.zeros((len(case.measures), case.periods + 1))
    held = {c.id: c.holds for c in found.audit.clauses}
    for offer in sought.offers:
        wishes = sum(float(c.weight) for c in offer.clauses if c.strength == "want")
        for clause in offer.clauses:
            if clause.strength == "want":
                broken[clause.id] = float(clause.weight) / wishes if wishes else 0.0
            elif held[clause.id]:
                broken[clause.id] = math.inf
            else:
                costs += _miss(case, clause) / len(offer.must)
    nearest = replace(task, objective=Closest(costs, broken), known=(found.road_map,))
    answer = plan(nearest, report=sought.report, stop=sought.stop, search=search)
    return answer if isinstance(answer, Plan) else None


def _miss(case: ResolvedCase, clause: Clause) -> Floats:
    """(N, T+1) by how much a broken clause is missed, measure by measure; nothing for orders and values."""
    at, T = {k: n for n, k in enumerate(case.measures)}, case.periods
    miss = np.zeros((len(at), T + 1))
    comes = np.arange(T + 1)
    term: Term = term_of(clause, case)
    match term:
        case ByTime(k, t):
            for x in case.measures[k].members or (k,):
                miss[at[x]] = np.maximum(comes - t, 0) / T
        case NotBefore(k, t):
            for x in case.measures[k].members or (k,):
                miss[at[x], :T] = np.maximum(t - (comes[:T] - case.measures[x].takes), 0) / T
        case Never(k):
            for x in case.measures[k].members or (k,):
                miss[at[x], :T] = (T - comes[:T]) / T
        case ShareAtLeast(g, _, t) | ShareAtMost(g, _, t):
            late = comes > t if isinstance(term, ShareAtLeast) else comes <= t
            group = case.groups[g]
            whole = sum(float(group.weights.get(k, 1)) for k in group.members)
            for k in group.members:
                miss[at[k]] = late * (float(group.weights.get(k, 1)) / whole if whole else 0.0)
    return miss


def _text(case: ResolvedCase, sought: Sought, keeping: _Keeping, found: Plan, nearest: Plan | None) -> SingleText:
    best = nearest if nearest is not None else found
    judged = audit(case, RoadMap(best.starts, "single text"), cures=False)
    clauses = tuple(_clause(r, c, best) for r in sought.offers for c in r.clauses)
    musts = [c for c in clauses if c.clause.strength == "must"]
    lost = {p: sum(not c.kept for c in musts if c.clause.owner == p) * unit for p, unit in keeping.unit.items()}
    return SingleText(
        outcome="found",
        offers=tuple(r.name for r in sought.offers),
        starts=dict(best.starts),
        audit=judged,
        clauses=clauses,
        broken={p: n / keeping.whole for p, n in lost.items()},
        bound=keeping.least_share(found.bound),
        proved=keeping.proved(found),
        nearest=nearest is not None and nearest.gap <= NEAR,
        own_offer=sought.own_offer,
    )


NEAR = 1e-5
"""Misses that differ by less count as the same."""


def _clause(offer: Round, clause: Clause, best: Plan) -> TextClause:
    told = next(c for c in best.audit.clauses if c.id == clause.id)
    words = OfferClause(clause.id, clause.owner, clause.strength, clause.text, float(clause.weight))
    return TextClause(words, offer.name, told.holds, float(told.distance))
