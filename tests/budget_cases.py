"""Small random cases with ranges, and all their points with a few numbers at the ends of their ranges."""

from __future__ import annotations

import random
from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations, product
from typing import Any

from detente.case.draws import numbers_of
from detente.case.interchange import resolved_to_dict
from detente.case.load import Case, load_case
from detente.incentives.budget.numbers import Numbers

Raw = dict[str, Any]


def ranged(rng: random.Random, x: float, wide: float = 0.6) -> Any:
    """A number, most often with a range."""
    if rng.random() < 0.35:
        return x
    low, high = (round(x - abs(x) * wide * rng.random(), 2), round(x + abs(x) * wide * rng.random(), 2))
    return f"{x} [{low}, {high}]"


def ranged_case(seed: int) -> Case:
    """Two parties and three or four measures; weights, facts, payoffs, costs with ranges."""
    rng = random.Random(seed)
    parties = {
        name: {"weights": {"good": ranged(rng, good), "sure": sure}, "lag": rng.choice((1, 2)),
               "exit_cost": ranged(rng, rng.choice((0.5, 1, 2)))}
        for name, good, sure in (("A", rng.choice((1.5, 2)), -0.5), ("B", -0.4, rng.choice((1, 2))))
    }  # fmt: skip
    measures: Raw = {}
    for n in range(rng.choice((3, 4))):
        by = "A" if n % 2 else "B"
        undo: Any = "never" if rng.random() < 0.3 else {"takes": rng.choice((0, 1)), "cost": ranged(rng, 0.3)}
        measures[f"m{n}"] = {
            "by": by, "takes": rng.choice((0, 1)), "undo": undo, "public": rng.random() < 0.6,
            "facts": {"good": rng.choice((0.5, 1, 2))} if by == "B" else {"sure": ranged(rng, rng.choice((0.5, 1)))},
            "value": {rng.choice("AB"): {"once": ranged(rng, rng.choice((-0.5, 0.5)))}},
            "detect": {"base": rng.choice((0, 0.3, 0.6))},
        }  # fmt: skip
    measures["m1"]["done"] = rng.random() < 0.3
    case: Raw = {
        "detente": 1, "title": "Ranges", "period": "year", "periods": 4, "start": 2030, "discount": 0.8,
        "attributes": {"good": {"unit": "points"}, "sure": {"unit": "points"}},
        "parties": parties, "measures": measures,
    }  # fmt: skip
    if rng.random() < 0.4:
        case["milestones"] = {"all": {"members": ["m0", "m2"], "value": {"B": {"flow": ranged(rng, 0.5)}}}}
    if rng.random() < 0.4:
        case["sticks"] = [{"id": "s", "by": "A", "against": "B", "committed": True,
                           "value": {"B": {"flow": ranged(rng, -0.5)}}}]  # fmt: skip
    return load_case(case)


def points(numbers: Numbers, most: int) -> Iterator[Raw]:
    """The resolved case with up to ``most`` of the numbers that count at an end of their range each."""
    case = numbers.case
    assert case.resolver is not None
    for size in range(most + 1):
        for some in combinations(numbers.counted, size):
            for ends in product(*((x.low, x.high) for x in some)):
                yield resolved_to_dict(_at(case, {x.path: end for x, end in zip(some, ends, strict=True)}))


def _at(case: Case, chosen: dict[str, Decimal]) -> Any:
    at = {id(x): chosen[path] for path, x in numbers_of(case) if path in chosen}
    assert case.resolver is not None
    return case.resolver.resolve(lambda x: at.get(id(x), x.central))
