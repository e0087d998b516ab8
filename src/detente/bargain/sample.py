"""Some efficient certified road maps between three parties or more: ends, known compromises, and floors spread evenly.

Each point is the most for one party while the others get at least a floor, then the most for the next without loss to
those before: so it is efficient where each of these searches was finished.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from detente.bargain.allowance import share_of
from detente.bargain.certified import Certified
from detente.bargain.spacing import PRIMES, radical_inverse
from detente.results.frontier import SolutionName
from detente.results.plan import Objective, Plan

LOWER = (1.0, 0.5, 0.25)
"""Floors that cannot be had together are lowered so far towards the least that each party gets."""

POINTS = 12
"""Points of a sample where no number is asked for."""

MOST_QUESTIONS = 4
"""Questions for each point asked for, should many floors lead to points known already."""

COMPROMISES: Mapping[SolutionName, Objective] = {"nash": "nash", "kalai-smorodinsky": "fair", "utilitarian": "welfare"}
"""Solutions that the planner has an objective for."""


class Sample:
    """Points between several parties, spread over what they can get."""

    def __init__(self, certified: Certified, all_principals: bool) -> None:
        self.certified, self.all_principals = certified, all_principals
        self.bounds: dict[SolutionName, float] = {}
        """Of solutions that the planner was asked for: what no certified road map exceeds."""

    def fill(self, asked: int | None) -> None:
        """Ends, then compromises (which weigh all principals, so only where these are the parties), then floors."""
        c, asked = self.certified, asked or POINTS
        planned = asked + len(c.parties) + len(COMPROMISES)
        if not c.begin(share_of(planned)):
            return
        for n, party in enumerate(c.parties):
            order = (party, *(p for p in c.parties if p != party))
            if c.best(order, {}, share_of(planned - n), f"most for {c.case.title(party)}") is None:
                return
        if self.all_principals:
            for solution, objective in COMPROMISES.items():
                self._compromise(solution, objective, share_of(asked + len(COMPROMISES)))
        for n in range(MOST_QUESTIONS * asked):
            if c.allowance.spent() or len(c.points) >= asked:
                return
            self._above_floors(n, share_of(asked - len(c.points)))

    def _compromise(self, solution: SolutionName, objective: Objective, share: float) -> None:
        c = self.certified
        answer = c.ask(objective, {}, c.allowance.part(share), "a compromise")
        if not isinstance(answer, Plan):
            return
        found = c.take(answer, answer.provenance.run.cut)
        floors = {p: found.gains[p] - c.resolution[p] / 2 for p in c.parties}
        c.best(c.parties, floors, share, "no less for anybody")
        if solution == "nash":
            self.bounds[solution] = math.exp(answer.bound) * math.prod(c.scale.values())
        elif solution == "utilitarian" or all(m["kind"] == "optimum" for m in answer.details["most_gain"].values()):
            self.bounds[solution] = answer.bound

    def _above_floors(self, n: int, share: float) -> None:
        """A point above the n-th floors, lowered until all can be had."""
        c = self.certified
        first = c.parties[n % len(c.parties)]
        others = [p for p in c.parties if p != first]
        for lower in LOWER:
            if c.best((first, *others), self._floors(others, n, lower), share, f"above floors, {n + 1}") is not None:
                return
            if c.allowance.spent():
                return

    def _floors(self, others: Sequence[str], n: int, lower: float) -> dict[str, float]:
        points = self.certified.points
        low = {p: min(f.gains[p] for f in points) for p in others}
        high = {p: max(f.gains[p] for f in points) for p in others}
        height = {p: lower * radical_inverse(n + 1, base) for p, base in zip(others, PRIMES, strict=False)}
        return {p: low[p] + height[p] * (high[p] - low[p]) for p in others}

    def bound_between(self) -> None:
        """Nothing more: what is proved at the points is all that is told of a sample."""

    def levels(self, asked: int | None) -> list[dict[str, float]]:
        """Floors under all parties but the first, evenly spread."""
        return [self._floors(self.certified.parties[1:], n, 1.0) for n in range(asked or POINTS)]
