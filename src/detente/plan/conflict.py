"""Minimal conflicts, conditions that cannot all hold while all but any one of them can, and how least to relax them.

A conflict is found by leaving out what is not needed (deletion filter). Conflicts and corrections, sets of conditions
without which there is a road map, are dual (Reiter 1987): each conflict has something of every correction, and each
correction something of every conflict. So the smallest set that hits all corrections known so far either is a
conflict, and then none is smaller, or the road map that satisfies it gives one more correction to be hit; and the same
the other way round (Ignatiev et al. 2015).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from detente.case.road_map import RoadMap
from detente.plan.conditions import Condition
from detente.plan.hitting import smallest
from detente.plan.inquiry import Inquiry, Names, Reply
from detente.plan.stage import Budget

PASSES = ((2.0, 0.05), (8.0, 0.2), (1e9, 0.5), (1e9, 0.9))
"""Seconds, or share of what is left, for each question at least; what one pass leaves open the next asks again."""


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
    minimal: bool = True
    """Whether waiving only some of them is proved not to be enough."""


@dataclass(frozen=True)
class Corrections:
    """Minimal corrections, smallest first, then what is not known."""

    found: tuple[Correction, ...]
    every: bool
    """Whether it is proved that there are no other minimal ones."""


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


def known(inquiry: Inquiry) -> Clash:
    """The smallest set of conditions that has been proved impossible so far."""
    return _clash(inquiry, min(inquiry.clashes, key=len))


def seen(inquiry: Inquiry) -> tuple[Correction, ...]:
    """What the road maps seen so far show to be enough to waive, smallest first; less may be enough."""
    missed = {inquiry.every - satisfied: road_map for road_map, satisfied in inquiry.held.items()}
    least_missed = [m for m in missed if not any(other < m for other in missed)]
    return tuple(Correction(m, missed[m], 0, minimal=False) for m in sorted(least_missed, key=len))


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
        replies = (_ask(inquiry, hit.names, budget, number) for number in (1, 3))
        reply = next((r for r in replies if r.outcome != "unknown"), None)
        if reply is None:
            return known
        if reply.outcome == "none":
            return replace(_clash(inquiry, hit.names), at_least=len(hit.names))


def corrections(inquiry: Inquiry, budget: Budget, most: int = 1000) -> Corrections:
    """Minimal sets of conditions without which there is a road map, smallest first, up to ``most``.

    Minimal: waiving only some of a set is proved not to be enough, or is among what is not known.
    """
    order = [c.name for c in inquiry.conditions]
    found: list[Correction] = []
    open_: list[Correction] = []
    at_least = 0
    while not budget.spent() and len(found) < most:
        hit = smallest(inquiry.clashes, order, [c.waived for c in (*found, *open_)])
        if hit.names is None or not hit.proved:
            return Corrections((*found, *_again(inquiry, open_, budget)), hit.proved and not open_)
        at_least = at_least if open_ else len(hit.names)
        inquiry.tell(f"{len(found)} ways to relax found; would waiving {len(hit.names)} conditions do, and which?")
        reply = _ask(inquiry, inquiry.every - hit.names, budget, 1)
        if reply.outcome == "none":
            inquiry.core(inquiry.every - hit.names, budget)
        elif reply.outcome == "plan":
            found.append(Correction(hit.names, reply.road_map, at_least))
        else:
            open_.append(Correction(hit.names, None, at_least))
    return Corrections((*found, *open_), False)


def _again(inquiry: Inquiry, open_: Sequence[Correction], budget: Budget) -> Iterator[Correction]:
    """What is not known, asked once more with all the time left; what turns out not to be enough is dropped."""
    for n, one in enumerate(open_):
        part = budget.part(1 / (len(open_) - n))
        reply = inquiry.ask(inquiry.every - one.waived, part)
        budget.charge(part)
        if reply.outcome != "none":
            yield replace(one, road_map=reply.road_map)


def _ask(inquiry: Inquiry, names: Names, budget: Budget, number: int) -> Reply:
    seconds, share = PASSES[number]
    part = inquiry.step(budget, seconds, share) if number < 2 else budget.part(share)
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
