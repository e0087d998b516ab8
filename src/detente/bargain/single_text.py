"""A single text for the mediator: the certified road map closest to the last offer of each side.

Every must clause of an offer counts the same, and all of one offer together count 1. Of all certified road maps those
come first for which the side that loses the larger share of its clauses loses least; of these those for which both
together lose least. Among road maps that keep the same clauses the one that misses the others by least is taken: by
periods as parts of the horizon, by shares of groups, and by wishes as parts of each side's wishes. Of those that are
as close in all this the fairest (model §10) is sought in the time that is left.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from detente.audit.judge import audit
from detente.case.clauses import (
    AllBeforeAny,
    Before,
    ByTime,
    Never,
    NotBefore,
    ShareAtLeast,
    ShareAtMost,
    Term,
    ValueAtLeast,
    term_of,
)
from detente.case.resolved import Clause, ResolvedCase
from detente.case.road_map import RoadMap
from detente.case.rounds import Round
from detente.case.stakes import Floats
from detente.plan.aims import Closest
from detente.plan.search import Search
from detente.plan.stage import Progress
from detente.plan.task import Task
from detente.plan.verb import plan
from detente.results.audit import ClauseResult
from detente.results.plan import NoPlan, Plan
from detente.results.rounds import OfferClause, SingleText, TextClause

FIRST_SHARE, NEXT_SHARE = 0.7, 0.5
"""Shares of what is left of the time for the clauses that are kept, then for how far the others are missed."""

AS_CLOSE = "as-close"
"""Name of what binds the search for the fairest of the texts that are as close."""


@dataclass(frozen=True)
class Sought:
    """What is sought, and how long that may take; the work limit is for each of the three searches."""

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
    task = Task(with_offers, keeping.aim(with_offers), margin=sought.margin,
                time_limit=_left(sought, began, FIRST_SHARE), work_limit=sought.work_limit)  # fmt: skip
    search = task.search()
    found = plan(task, report=sought.report, stop=sought.stop, search=search)
    names = tuple(r.name for r in sought.offers)
    if isinstance(found, NoPlan):
        text = SingleText(
            found.outcome, names, {}, None, (), {}, None, False, False, False, sought.own_offer, found.reason
        )
        return text, found.provenance.run.cut
    steps, cut = [found], found.provenance.run.cut
    for share, search_on in ((NEXT_SHARE, _nearest), (1.0, _fairest)):
        if cut != "interrupted":
            answer = search_on(replace(task, time_limit=_left(sought, began, share)), search, sought, steps[-1])
            cut = answer.provenance.run.cut or cut
            steps.append(answer if isinstance(answer, Plan) else steps[-1])
    return _text(case, sought, keeping, steps), cut


def _left(sought: Sought, began: float, share: float) -> float | None:
    """A share of the seconds that are left."""
    return None if sought.time_limit is None else share * max(0.0, sought.time_limit - (time.monotonic() - began))


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


def _nearest(task: Task, search: Search, sought: Sought, found: Plan) -> Plan | NoPlan:
    """Of the certified road maps that keep the same clauses one that misses the others by least."""
    case = task.case
    broken: dict[str, float] = {}
    costs = np.zeros((len(case.measures), case.periods + 1))
    held = {c.id: told.holds for c, told in _judged(sought.offers, found)}
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
    return plan(nearest, report=sought.report, stop=sought.stop, search=search)


def _fairest(task: Task, search: Search, sought: Sought, found: Plan) -> Plan | NoPlan:
    """Of the certified road maps that are as close the fairest."""
    close = [
        _as_close(task.case, c, told) for c, told in _judged(sought.offers, found) if c.strength == "must" or told.holds
    ]
    clauses = tuple(c for c in close if c is not None)
    case = replace(task.case, clauses=(*task.case.clauses, *clauses))
    fair = replace(
        task, case=case, objective="fair", keep=(AS_CLOSE,) if clauses else (), known=(found.road_map,)
    )  # fmt: skip
    return plan(fair, report=sought.report, stop=sought.stop, search=fair.search())


def _as_close(case: ResolvedCase, clause: Clause, told: ClauseResult) -> Clause | None:
    """What keeps a text as close to a clause as one that misses it by a distance; None if nothing need be asked."""
    text: str | None = clause.text
    d, T = round(told.distance), case.periods
    match term_of(clause, case) if not told.holds else None:
        case ByTime(k, t):
            text = f"{k} by {t + d}" if t + d < T else None
        case NotBefore(k, t):
            text = f"{k} not before {t - d}" if t - d > 0 else None
        case Never(k):
            start = T - d - case.measures[k].takes
            text = f"{k} not before {start}" if start > 0 else None
        case ShareAtLeast(g, p, t):
            text = f"share of {g} at least {max(float(p) - told.distance - ROUNDING, 0):.12f} by {t}"
        case ShareAtMost(g, p, t):
            text = f"share of {g} at most {min(float(p) + told.distance + ROUNDING, 1):.12f} by {t}"
        case Before() | AllBeforeAny() | ValueAtLeast():
            text = None
    return (
        None if text is None else replace(clause, id=f"{AS_CLOSE}/{clause.id}", of=AS_CLOSE, strength="must", text=text)
    )


ROUNDING = 1e-9
"""Shares are written down with this much room."""


def _judged(offers: Sequence[Round], found: Plan) -> list[tuple[Clause, ClauseResult]]:
    """Each clause of the offers with what the auditor says of it."""
    told = {c.id: c for c in found.audit.clauses}
    return [(c, told[c.id]) for r in offers for c in r.clauses]


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


def _text(case: ResolvedCase, sought: Sought, keeping: _Keeping, steps: Sequence[Plan]) -> SingleText:
    """The text of the last step that found one, with what each step has proved."""
    found, best = steps[0], steps[-1]
    clauses = tuple(
        TextClause(
            OfferClause(c.id, c.owner, c.strength, c.text, float(c.weight)), c.of, told.holds, float(told.distance)
        )
        for c, told in _judged(sought.offers, best)
    )
    musts = [c for c in clauses if c.clause.strength == "must"]
    lost = {p: sum(not c.kept for c in musts if c.clause.owner == p) * unit for p, unit in keeping.unit.items()}
    return SingleText(
        outcome="found",
        offers=tuple(r.name for r in sought.offers),
        starts=dict(best.starts),
        audit=audit(case, RoadMap(best.starts, "single text"), cures=False),
        clauses=clauses,
        broken={p: n / keeping.whole for p, n in lost.items()},
        bound=keeping.least_share(found.bound),
        proved=_proved(found, keeping.second / 2),
        nearest=any(_proved(step, NEAR) for step in steps[1:2] if step is not found),
        fairest=any(_proved(step, NEAR) for step in steps[2:] if step is not steps[1]),
        own_offer=sought.own_offer,
    )


def _proved(found: Plan, near: float) -> bool:
    """Whether a search came to its end, with value and bound as near as values that count as the same."""
    return found.provenance.run.cut is None and found.gap <= near


NEAR = 1e-5
"""Misses, and shares of gains, that differ by less count as the same."""
