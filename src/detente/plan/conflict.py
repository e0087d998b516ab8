"""Minimal conflicts, conditions that cannot all hold while all but any one of them can, and how least to relax them.

A conflict is found by leaving out what is not needed (deletion filter). Conflicts and corrections, sets of conditions
without which there is a road map, are dual (Reiter 1987): each conflict has something of every correction, and each
correction something of every conflict. So the smallest set that hits all corrections known so far either is a
conflict, and then none is smaller, or the road map that satisfies it gives one more correction to be hit; and the same
the other way round (Ignatiev et al. 2015).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from detente.case.road_map import RoadMap
from detente.plan.conditions import Condition
from detente.plan.hitting import smallest
from detente.plan.inquiry import Inquiry, Names, Reply
from detente.plan.stage import Budget

PASSES = ((2.0, 0.05), (8.0, 0.2), (1e9, 1.0))
"""Seconds, or the share of the work left, for each question; what one pass leaves open the next asks again."""


@dataclass(frozen=True)
class Clash:
    """Conditions proved impossible together."""

    members: Names
    without: Mapping[str, RoadMap]
    """For members that are needed a road map that satisfies all others; of the rest it is not known."""
    at_least: int = 0
    """No conflict has fewer members."""

    @property
    def minimal(self) -> bool:
        """Whether every member is needed."""
        return len(self.without) == len(self.members)


@dataclass(frozen=True)
class Correction:
    """Conditions without which there is a road map."""

    waived: Names
    road_map: RoadMap | None
    """None: a limit was reached before it was known whether waiving these is enough."""
    at_least: int = 0
    """No set of fewer conditions is enough."""


def minimal(inquiry: Inquiry, names: Names, budget: Budget) -> Clash:
    """A minimal conflict among conditions that are proved impossible, as far as the budget allows."""
    order = _least_telling(inquiry)
    names = inquiry.core(names, budget)
    for part in _parts(inquiry):
        if part & names and _ask(inquiry, names - part, budget, 0).outcome == "none":
            names = inquiry.core(names - part, budget)
    for number in range(len(PASSES)):
        for one in order:
            if one not in names or inquiry.witness(names - {one}) is not None or budget.spent():
                continue
            if _ask(inquiry, names - {one}, budget, number).outcome == "none":
                names = inquiry.core(names - {one}, budget)
            inquiry.tell(f"conflict: {len(names)} conditions left, {len(_clash(inquiry, names).without)} surely needed")
    return _clash(inquiry, names)


def least(inquiry: Inquiry, known: Clash, budget: Budget) -> Clash:
    """The smallest conflict; where the budget ends before that is proved the one known, with how small one may be."""
    order = [c.name for c in inquiry.conditions]
    while True:
        kept = set(inquiry.held.values())
        hit = smallest([inquiry.every - some for some in kept], order)
        if hit.names is None or not hit.proved:
            return known
        known = replace(known, at_least=len(hit.names))
        if known.at_least >= len(known.members):
            return known
        inquiry.tell(f"conflict of {len(known.members)} conditions found; is there one of {known.at_least}?")
        reply = _ask(inquiry, hit.names, budget, 1)
        if reply.outcome == "none":
            return replace(_clash(inquiry, hit.names), at_least=len(hit.names))
        if reply.outcome == "unknown":
            return known


def corrections(inquiry: Inquiry, budget: Budget) -> Iterator[Correction]:
    """Minimal sets of conditions without which there is a road map, smallest first, until the budget is spent.

    Minimal: waiving only some of a set is proved not to be enough, unless these are yielded as not known before.
    """
    order = [c.name for c in inquiry.conditions]
    done: list[Names] = []
    open_ = False
    at_least = 0
    while not budget.spent():
        hit = smallest(inquiry.clashes, order, done)
        if hit.names is None or not hit.proved:
            return
        at_least = at_least if open_ else len(hit.names)
        inquiry.tell(f"would it help to waive {len(hit.names)} conditions? {len(done)} ways looked at")
        reply = _ask(inquiry, inquiry.every - hit.names, budget, 1)
        if reply.outcome == "none":
            inquiry.core(inquiry.every - hit.names, budget)
            continue
        done.append(hit.names)
        open_ = open_ or reply.outcome == "unknown"
        yield Correction(hit.names, reply.road_map, at_least)


def _ask(inquiry: Inquiry, names: Names, budget: Budget, number: int) -> Reply:
    part = budget.step(*PASSES[number])
    reply = inquiry.ask(names, part)
    budget.charge(part)
    return reply


def _clash(inquiry: Inquiry, names: Names) -> Clash:
    found = {one: inquiry.witness(names - {one}) for one in names}
    return Clash(names, {one: rm for one, rm in found.items() if rm is not None})


def _least_telling(inquiry: Inquiry) -> list[str]:
    """In this order conditions are left out: those first that say least about what the sides differ over."""

    def key(one: tuple[int, Condition]) -> tuple[int, bool, int]:
        n, c = one
        own = {"signs": 0, "stays": 1}.get(c.kind, 2 if c.clause is not None and c.clause.kind == "red-line" else 3)
        return own, c.party in inquiry.case.principals, -n

    return [c.name for _, c in sorted(enumerate(inquiry.conditions), key=key)]


def _parts(inquiry: Inquiry) -> list[Names]:
    """Conditions that are left out together at first: clauses that contradict each other need no incentives."""

    def named(some: Collection[Condition]) -> Names:
        return frozenset(c.name for c in some)

    own = inquiry.conditions
    incentives = named([c for c in own if c.kind != "clause"])
    others = named([c for c in own if c.kind != "clause" and c.party not in inquiry.case.principals])
    texts = dict.fromkeys((c.clause.kind, c.clause.of) for c in own if c.clause is not None)
    clauses = [named([c for c in own if c.clause is not None and (c.clause.kind, c.clause.of) == t]) for t in texts]
    kinds = [named([c for c in own if c.kind == kind]) for kind in ("signs", "stays")]
    return [incentives, *kinds, others, *clauses]
