"""The price of what is hidden: what it takes off what a road map brings, date by date at which a breach may be seen."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import numpy as np
import pytest

from detente.case.draws import Draws
from detente.case.load import load_case
from detente.case.resolved import ResolvedCase
from detente.case.road_map import RoadMap
from detente.case.stakes import NEVER, stakes
from detente.incentives.cheat import CheatSet, detection, gone_periods, setting
from detente.incentives.tables import tables
from detente.worlds.judged import Judged, judged
from detente.worlds.slip import agreed
from tests.depth import examples

ROWS = 24
FREE = 1e-9
"""Next to nothing, so that the same worlds are drawn."""
LONG = 300
"""Periods after which nothing counts any more."""


def _case(rng: random.Random, price: float) -> dict[str, Any]:
    """Steps in turn, of which one or two of North's leave something out."""
    measures: dict[str, Any] = {}
    for n in range(rng.randint(3, 5)):
        own, other = ("South", "North") if n % 2 else ("North", "South")
        gives, costs = rng.uniform(1, 3), rng.uniform(0.05, 0.8)
        undo = {"takes": rng.choice([0, 1, 2]), "cost": rng.choice([0, 0.4]), "chance": rng.choice([1, 0.6])}
        measures[f"m{n}"] = {
            "by": own,
            "takes": rng.choice([0, 1]),
            "undo": rng.choice(["never", undo, undo]),
            "withdrawal": rng.choice(["if-credible", "automatic", "never"]),
            "residual": rng.choice([0, 0.3]),
            "detect": {"base": round(rng.uniform(0.05, 0.9), 2)},
            "value": {
                other: {"flow": f"{gives:.3f} [{0.4 * gives:.3f}, {1.6 * gives:.3f}]"},
                own: {"flow": f"-{costs:.3f} [-{2 * costs:.3f}, -{0.3 * costs:.3f}]"},
            },
        }
        if measures[f"m{n}"]["undo"] == "never":
            del measures[f"m{n}"]["withdrawal"]
    measures["m2"]["done"] = rng.random() < 0.3
    hidden = [
        {"what": k, "left_out_of": k, "worth": {"North": 0.3},
         "price": {"South": f"{0.5 * price:.12f} [{0.3 * price:.12f}, {price:.12f}]", "East": 0.2 * price}}
        for k in rng.choice([("m0",), ("m2",), ("m0", "m2")])
    ]  # fmt: skip
    return {
        "detente": 1, "period": "year", "periods": 6, "start": "2030", "discount": 0.8,
        "no_deal": rng.choice(["collapse", "as-is"]),
        "parties": {
            "North": {"lag": rng.choice([1, 2, 3]), "types": {"hides": {"hidden": hidden}}},
            "South": {"lag": rng.choice([1, 2]), "hazard": 0.1}, "East": {"discount": 0.75},
        },
        "measures": measures,
    }  # fmt: skip


def _judged(rng: random.Random, price: float, seed: int) -> tuple[Draws, RoadMap, Judged]:
    case = load_case(_case(rng, price))
    draws = Draws(case, seed, "lhs")
    steps = [k for k, m in case.resolved.measures.items() if not m.done]
    road_map = RoadMap({k: min(n // 2, 3) for n, k in enumerate(steps)})
    return draws, road_map, judged(draws, agreed(case.resolved, road_map), 0, ROWS)


class Told:
    """One world: when the breach of who leaves first may be seen, and for how long a declaration is believed in."""

    def __init__(self, world: ResolvedCase, road_map: RoadMap, leaves: list[int], which: list[list[int]]) -> None:
        self.world, self.st = world, stakes(world)
        self.c = self.st.completions(road_map)
        self.first = min(leaves)
        self.who = leaves.index(self.first)
        self.on = [k for k in which[self.who] if k >= 0] if self.first < NEVER else []

    def seen(self) -> list[tuple[float, int]]:
        """With which chance it is first seen when; ``LONG``: not before nothing counts any more."""
        if self.first >= NEVER:
            return [(1.0, LONG)]
        if not self.on:
            return [(1.0, self.first)]
        s = setting(tables(self.st), self.c, self.who)
        fakes = tuple(k for k in self.on if self.c[k] >= self.first)
        cheat = CheatSet(fakes, tuple(k for k in self.on if k not in fakes))
        gone, still = gone_periods(s, cheat, self.first), np.ones(LONG)
        for k in self.on:
            h = detection(s, k, self.first, k in fakes, gone)
            still[self.first :] *= 1 - h[np.minimum(np.arange(self.first, LONG), len(h) - 1)]
        never = np.cumprod(still)
        return [*((float(a - b), t) for t, (a, b) in enumerate(zip([1.0, *never[:-1]], never, strict=True))),
                (float(never[-1]), LONG)]  # fmt: skip

    def periods(self, name: str, party: str) -> float:
        """Discounted periods for which a party believes in a declaration, less those without a deal."""
        delta, done = float(self.world.parties[party].discount), self.world.measures[name].done
        lasts = sum(chance * self._ended(name, delta, self._stop(name, t)) for chance, t in self.seen())
        if not done:
            return lasts
        return lasts - self._without_deal(name, delta)

    def _stop(self, name: str, seen: int) -> int:
        by = self.world.measures[name].by
        assert by is not None
        if seen < LONG and by == self.st.parties[self.who]:
            return seen + 1 if self.on else seen
        return seen + self.world.parties[by].response_lag

    def _without_deal(self, name: str, delta: float) -> float:
        on, self.on = self.on, []
        result = self._ended(name, delta, 0 if self.world.no_deal == "collapse" else LONG)
        self.on = on
        return result

    def _ended(self, name: str, delta: float, stop: int) -> float:
        """Discounted periods if its owner stops then."""
        k, m = self.st.measure_index[name], self.world.measures[name]
        begins = int(self.c[k])
        if begins >= self.world.periods or begins >= stop:
            return 0.0
        if k in self.on:
            return sum(delta**t for t in range(max(begins, 0), stop))
        ends, left = LONG, 1.0
        if m.undo is not None and self._undoes(name, stop):
            ends, left = stop + m.undo.takes, 1 - float(m.undo.chance) * (1 - float(m.residual))
        return sum((1.0 if t < ends else left) * delta**t for t in range(max(begins, 0), LONG))

    def _undoes(self, name: str, stop: int) -> bool:
        m = self.world.measures[name]
        assert m.undo is not None
        assert m.by is not None
        if m.withdrawal != "if-credible":
            return m.withdrawal == "automatic"
        delta, flow = float(self.world.parties[m.by].discount), [float(x) for x in m.value[m.by].flow]
        loses = sum(delta ** (t - stop) * -flow[min(t, len(flow) - 1)] for t in range(stop + m.undo.takes, stop + LONG))
        return float(m.undo.chance) * (1 - float(m.residual)) * loses > float(m.undo.cost) + 1e-9


def test_those_who_are_deceived_lose_the_price_for_as_long_as_they_are() -> None:
    seen = Counter[str]()
    for seed in range(examples(16)):
        draws, road_map, dear = _judged(random.Random(seed), 2.0, seed)
        _, _, free = _judged(random.Random(seed), FREE, seed)
        for name in ("leaves", "which", "signed", "value", "needed"):
            np.testing.assert_allclose(getattr(dear, name), getattr(free, name))
        drawn = draws.chunk(0)
        things = draws.variants[0].hidden
        for row in range(ROWS):
            world = draws.resolved(drawn, row)
            told = Told(world, road_map, dear.leaves[row].tolist(), dear.which[row].tolist())
            values = draws.values(draws.variants[0].case(), drawn.u[row : row + 1])
            for party in ("South", "East"):
                expected = 0.0
                for thing in things:
                    number = thing.written.price[party].value
                    at = draws.places(draws.variants[0].case())(number)
                    price = float(number.central) if at is None else float(values[0, at])
                    expected += price * told.periods(thing.written.left_out_of, party)
                i = told.st.party_index[party]
                lost = free.gains[row, i] - dear.gains[row, i]
                assert lost == pytest.approx(expected, abs=1e-6), f"seed {seed}, world {row}, {party}"
                seen["lost"] += expected > 0
            north = told.st.party_index["North"]
            assert dear.gains[row, north] == pytest.approx(free.gains[row, north])
            how = "kept" if told.first >= NEVER else "covert" if told.on else "open"
            mine = how != "kept" and told.who == north
            on_it = mine and any(told.st.measure_index[x.written.left_out_of] in told.on for x in things)
            seen.update([how, *(["mine"] if mine else []), *(["cheated on"] if on_it else [])])
            seen["done"] += bool(world.measures["m2"].done)
    assert min(seen[x] for x in ("lost", "kept", "covert", "open", "mine", "cheated on", "done")) > 4, seen


def test_twice_the_price_is_twice_the_loss() -> None:
    free, once, twice = (_judged(random.Random(5), price, 5)[2].gains for price in (FREE, 1.0, 2.0))
    assert (free[:, 1] > once[:, 1] + 0.1).any()
    np.testing.assert_allclose(free - twice, 2 * (free - once), atol=1e-6)
