"""Covert breaches that tie: the exact margin is known however many there are."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pytest

from detente.audit import margins as judge_of_margins
from detente.audit.exact import Cheat
from detente.audit.grounds import Grounds
from detente.audit.judge import audit
from detente.audit.margins import Margins
from detente.case.interchange import resolved_from_dict
from detente.case.load import load_case
from detente.case.road_map import RoadMap
from detente.case.stakes import stakes
from detente.incentives.covert import search_date
from tests.audit.test_exact import steady_sticks
from tests.depth import examples
from tests.making import Raw, case, measure, party
from tests.oracle.random_cases import FEATURES, RARE, random_case, random_road_map

SHIPPED = [(name, each) for name in ("dprk-2019", "two-steps") for each in load_case(name).resolved.road_maps]


@pytest.mark.parametrize(("name", "proposal"), SHIPPED)
def test_every_margin_of_the_shipped_proposals_is_exact(name: str, proposal: str) -> None:
    resolved = load_case(name).resolved
    answer = audit(resolved, RoadMap(resolved.road_maps[proposal]), exact=True, cures=False)
    assert answer.exact_margin is not None
    for party_name, series in answer.exact_margin.items():
        assert all(margin is not None for margin in series)
        assert [float(m) for m in series if m is not None] == pytest.approx(answer.margin[party_name], abs=1e-5)


def parts(n: int, **given: Raw) -> Raw:
    """A gives up n things, which B pays for once; what B gives stays if A leaves, so A had better leave at once."""
    made = {f"part-{k}": measure("A", {"A": "-1", "B": "1"}, public=False, undo=None, **given) for k in range(n)}
    return made | {"pay": measure("B", {"A": {"flow": "0", "once": "5", "during": "0"}, "B": "-0.1"}, undo=None)}


def test_cheats_that_would_begin_after_walking_out_are_no_ties() -> None:
    raw = case(parts(16), periods=6)
    starts = {f"part-{k}": 2 + k % 4 for k in range(16)} | {"pay": 0}
    answer = audit(resolved_from_dict(raw), RoadMap(starts), exact=True, cures=False)
    assert answer.exact_margin is not None
    assert None not in answer.exact_margin["A"]


def test_measures_that_are_alike_count_once() -> None:
    """Each is found with an even chance, and the exit cost makes some but not all of them worth faking."""
    even: Raw = {"base": "0.25", "with": []}
    raw = case(parts(16, detect=even), {"A": party("0.9", exit_cost=20), "B": party("0.9")}, periods=3)
    answer = audit(resolved_from_dict(raw), RoadMap({f"part-{k}": 1 for k in range(16)} | {"pay": 0}), exact=True)
    assert answer.exact_margin is not None
    assert None not in answer.exact_margin["A"]


def test_where_a_limit_is_reached_the_answer_says_which(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = case(parts(3, detect={"base": "0.25", "with": []}), periods=3)
    monkeypatch.setattr(judge_of_margins, "MOST_TIED", 1)
    starts = {f"part-{k}": k for k in range(3)} | {"pay": 0}
    answer = audit(resolved_from_dict(raw), RoadMap(starts), exact=True, cures=False)
    assert answer.exact_margin is not None
    assert None in answer.exact_margin["A"]
    assert answer.provenance.run.limits["left_out"] == (
        "exact margins of A in periods 0, 1: the search for all that may be the best passed 1 nodes",
    )


def with_copies(rng: random.Random, raw: Raw, starts: dict[str, int]) -> None:
    """Copies of measures, some at the same date, some worth nothing, so that many sets tie."""
    for name in [k for k, m in raw["measures"].items() if k in starts and not m["replaces"]]:
        for n in range(rng.choice((0, 1, 1, 2))):
            made = copy.deepcopy(raw["measures"][name]) | {"after": [], "excludes": []}
            if rng.random() < 0.2:
                made["value"], made["detect"] = {}, {"base": "0", "with": []}
            raw["measures"][f"{name}-copy-{n}"] = made
            later = rng.choice((0, 0, 0, 1, 2))
            starts[f"{name}-copy-{n}"] = min(starts[name] + later, raw["periods"] - 1 - made["takes"])


def drawn(seeds: range) -> Iterator[tuple[int, Margins]]:
    """Random cases in which many covert breaches tie."""
    for seed in seeds:
        rng = random.Random(seed)
        features = FEATURES - {"replace", "milestone", "excludes"} if seed % 2 else FEATURES | RARE
        raw = steady_sticks(random_case(rng, measures=(3, 5), periods=(3, 7), features=features))
        starts = {k: v for k, v in random_road_map(rng, raw, violating=0)["starts"].items() if v is not None}
        with_copies(rng, raw, starts)
        resolved = resolved_from_dict(raw)
        margins = Margins(Grounds(resolved, stakes(resolved)), RoadMap(starts))
        if not margins.broken:
            yield seed, margins


@pytest.mark.parametrize("batch", range(examples(4)))
def test_the_best_with_the_fewest_cheats_is_never_spared(batch: int) -> None:
    """Every set is worked out in rationals; of the best with the fewest measures the search must tell one."""
    for seed, m in drawn(range(10 * batch, 10 * batch + 10)):
        for i in m.players:
            for t in range(len(m.V)):
                fakes, undoes = m.exact.candidates(i, t)
                if 0 < len(fakes) + len(undoes) <= 7:
                    _best_told(m, i, t, frozenset(fakes), frozenset(undoes), seed)


def _best_told(m: Margins, i: int, t: int, fakes: frozenset[int], undoes: frozenset[int], seed: int) -> None:
    every = [s for size in range(1, 8) for s in map(frozenset, combinations(sorted(fakes | undoes), size))]
    value = {s: m.exact.C(i, Cheat(s & fakes, s & undoes, t)) for s in every}
    top = max(value.values())
    fewest = min(len(s) for s in every if value[s] == top)
    found = search_date(m._setting(i), t, -np.inf, 2 * m._error(i), 10**6)
    told = [frozenset(c.fakes + c.undoes) for c in found.close]
    assert any(value[s] == top and len(s) == fewest for s in told), f"seed {seed}, party {i}, period {t}"
