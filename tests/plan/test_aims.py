"""What other rooms ask of the planner, against trying every road map: anything, the most for one, the closest."""

from __future__ import annotations

import math
import random
from itertools import pairwise

import numpy as np
import pytest

from detente.plan.aims import Aim, AnyCertified, Closest, MostFor
from detente.plan.conditions import conditions
from detente.plan.task import Task
from detente.plan.verb import plan
from detente.results.plan import NoPlan, Plan
from tests.depth import examples
from tests.oracle.clauses import clause_holds
from tests.oracle.enumeration import BruteForce
from tests.oracle.reading import number
from tests.oracle.tables import Starts
from tests.plan.test_against_brute_force import drawn

CLOSE = 2e-5


class Tried:
    """All road maps of a random case under random conditions, and what each is worth to somebody."""

    def __init__(self, seed: int) -> None:
        self.raw, self.case = drawn(seed)
        rng = random.Random(seed)
        keep = ("win",) if rng.random() < 0.5 else ()
        names = [c.name for c in conditions(self.case, keep)]
        waived = frozenset(name for name in names if rng.random() < 0.3)
        self.force = BruteForce(self.raw, keep=frozenset(keep), waived=waived)
        self.found = self.force.all_certified()
        self.gains = {starts: self.force.gains(starts) for starts in self.found}
        self.least = self._least(rng)
        self.allowed = [s for s in self.found if all(self.gains[s][p] >= number(str(v)) for p, v in self.least.items())]
        self.strict = rng.choice((0.0, 0.15))
        self.costs = np.array([[self._cost(rng) for _ in range(self.case.periods + 1)] for _ in self.case.measures])
        free = [k for k, m in enumerate(self.case.measures.values()) if not m.done and m.members is None]
        self.one_of = (tuple(rng.sample(free, 2)),) if len(free) > 1 and rng.random() < 0.3 else ()
        musts = [c for c in self.case.clauses if c.strength == "must"]
        self.broken = {c.id: self._cost(rng) for c in musts if not c.text.startswith("value")}
        self.readers = [{c: float(rng.randint(0, 9)) for c in self.broken if rng.random() < 0.6} for _ in range(2)]
        self.options = {"keep": keep, "waived": waived, "least": self.least, "time_limit": 60.0}

    def _cost(self, rng: random.Random) -> float:
        """What a date or a broken clause costs; now and then it is not allowed."""
        return math.inf if rng.random() < self.strict else float(rng.randint(0, 9))

    def _least(self, rng: random.Random) -> dict[str, float]:
        """Least gains for somebody or for several, not too near to any that can be had; now and then more than can."""
        if not self.force.counting or not self.found or rng.random() < 0.5:
            return {}
        some = rng.sample(self.force.counting, rng.randint(1, len(self.force.counting)))
        return {party: rng.choice(self._between(party)) for party in some}

    def _between(self, party: str) -> list[float]:
        """Gains that no road map has: below all, between two, above all."""
        have = sorted(float(g[party]) for g in self.gains.values())
        room = 1e-5 * float(self.force.scales[party])
        between = [(low + high) / 2 for low, high in pairwise(have) if high - low > room]
        return [have[0] - 1.0, *between, have[-1] + 1.0]

    def cost(self, starts: Starts) -> float:
        """What a road map costs by dates and broken clauses; infinite if none comes of which one must."""
        schedule, total = self.force.schedule(starts), 0.0
        names = list(self.case.measures)
        if any(all(schedule.comes[names[k]] is None for k in some) for some in self.one_of):
            return math.inf
        for k, (name, measure) in enumerate(self.case.measures.items()):
            if not measure.done and measure.members is None:
                comes = schedule.comes[name]
                total += self.costs[k, self.case.periods if comes is None else comes]
        return total + self.lost(starts, self.broken)

    def lost(self, starts: Starts, costs: dict[str, float]) -> float:
        """What broken clauses cost."""
        schedule, texts = self.force.schedule(starts), {c.id: c.text for c in self.case.clauses}
        return sum(v for id, v in costs.items() if not clause_holds(schedule, texts[id])[0])

    def worst(self, starts: Starts) -> float:
        """The same, with what broken clauses cost the reader who bears most."""
        return self.cost(starts) + max(self.lost(starts, costs) for costs in self.readers)

    def ask(self, aim: Aim) -> Plan | NoPlan:
        """What the planner says."""
        return plan(Task(self.case, aim, **self.options))  # type: ignore[arg-type]


def _named(tried: Tried, starts: Starts) -> dict[str, int]:
    return {name: s for name, s in zip(tried.force.fast.names, starts, strict=True) if s is not None}


def check(seed: int) -> None:
    tried = Tried(seed)
    aims: list[Aim] = [AnyCertified(), Closest(tried.costs, tried.broken, tried.one_of)]
    aims.append(Closest(tried.costs, tried.broken, tried.one_of, tried.readers))
    aims += [MostFor(p) for p in tried.force.counting]
    for aim in aims:
        found = tried.ask(aim)
        fit = [s for s in tried.allowed if not isinstance(aim, Closest) or math.isfinite(tried.cost(s))]
        allowed = [_named(tried, s) for s in fit]
        if not allowed:
            assert isinstance(found, NoPlan), aim.name
            assert found.outcome == "none-exists", (aim.name, found.reason)
            continue
        assert isinstance(found, Plan), (aim.name, found.reason)
        assert dict(found.starts) in allowed, aim.name
        if isinstance(aim, MostFor):
            best = max(float(tried.gains[s][aim.party]) for s in tried.allowed)
        elif isinstance(aim, Closest):
            best = min(map(tried.worst if aim.worst else tried.cost, fit))
        else:
            continue
        assert found.value == pytest.approx(best, rel=CLOSE, abs=CLOSE * _unit(tried, aim)), aim.name
        assert found.gap <= CLOSE * (_unit(tried, aim) + abs(best)), aim.name


def _unit(tried: Tried, aim: Aim) -> float:
    return float(tried.force.scales[aim.party]) if isinstance(aim, MostFor) else 1.0


@pytest.mark.parametrize("batch", range(examples(8)))
def test_aims_agree_with_trying_all(batch: int) -> None:
    for seed in range(30_000 + 10 * batch, 30_000 + 10 * batch + 10):
        try:
            check(seed)
        except AssertionError as error:
            raise AssertionError(f"seed {seed}: {error}") from error
