"""Goals in runs: reached once all is there, in time if each part is there at its own date."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from detente.case.draws import Draws
from detente.case.load import Case, load_case
from detente.case.road_map import RoadMap
from detente.case.sampling import CHUNK
from detente.worlds.kinds import kinds
from detente.worlds.runs.conduct import Rates
from detente.worlds.runs.played import cast
from detente.worlds.runs.run import run_all
from detente.worlds.runs.runner import Asked, Runner
from detente.worlds.runs.stage import AGES, BINS, Told, empty
from detente.worlds.runs.wanted import Wanted
from detente.worlds.slip import agreed
from tests.depth import examples
from tests.oracle.random_cases import FEATURES, random_case, random_road_map

RUNS = 8
PLAYED = FEATURES - {"clauses", "groups", "awkward", "sticks", "comparable"}
Clause = tuple[str, str, float, int]


def _goals(rng: random.Random, raw: dict[str, Any]) -> dict[str, list[Clause]]:
    """Up to three clauses for each goal: kind, measure or group, share, date; written into the case."""
    plain = [k for k, m in raw["measures"].items() if not m.get("members")]
    raw["groups"] = {f"only-{k}": {"members": [k], "by": "count"} for k in plain}
    raw["groups"]["all"] = {"members": plain, "by": "count"}
    goals, raw["clauses"] = dict[str, list[Clause]](), list[dict[str, Any]]()
    for n in range(3):
        goals[f"g{n}"] = [("by", rng.choice(plain), 1.0, rng.randrange(raw["periods"]))]
        for _ in range(rng.randint(0, 2)):
            kind, t = rng.choice(("by", "least", "most")), rng.randrange(raw["periods"])
            of, p = (rng.choice(plain), 1.0) if kind == "by" else ("all", rng.choice((0.25, 0.5, 0.75)))
            goals[f"g{n}"].append((kind, of, p, t))
        for m, (kind, of, p, t) in enumerate(goals[f"g{n}"]):
            text = f"{of} by {t}" if kind == "by" else f"share of all at {kind} {p} by {t}"
            clause = {"owner": next(iter(raw["parties"])), "kind": "goal", "of": f"g{n}", "strength": "must"}
            raw["clauses"].append({**clause, "id": f"g{n}-{m}", "text": text, "weight": "1"})
    return goals


def _ran(case: Case, road_map: RoadMap, seed: int) -> Told:
    """A run in the one world of a case."""
    groups = [g for g in case.resolved.groups.values() if g.members]
    draws = Draws(case, seed)
    acts = cast(draws, next(iter(kinds(draws, 0, 0, 1))), agreed(case.resolved, road_map), Rates(case), groups)
    wanted = Wanted(case.resolved)
    told = empty(1, case.resolved.periods, len(case.resolved.parties), len(wanted.names), len(groups), 0)
    once = np.array([0])
    run_all(acts.world, acts.stage, acts.purse, wanted.atoms, once, once, np.random.default_rng(seed), told)
    return told


def _expected(clauses: list[Clause], on: dict[str, list[bool]], share: list[float]) -> tuple[int, bool]:
    """When all is there at once (``AGES``: never), and whether each clause is kept by its own date."""

    def there(clause: Clause, t: int) -> bool:
        kind, of, p, date = clause
        if kind == "by":
            return on[of][t]
        return share[t] >= p - 1e-9 if kind == "least" else t > date or max(share[: t + 1]) <= p + 1e-9

    when = next((t for t in range(len(share)) if all(there(c, t) for c in clauses)), int(AGES))
    dated = [c for c in clauses if c[0] != "most"]
    in_time = when <= max(c[3] for c in dated) and all(there(c, c[3]) for c in dated if c[3] < when)
    return when, in_time and all(there(c, c[3]) for c in clauses if c[0] == "most")


def test_each_part_of_a_goal_has_its_own_date() -> None:
    seen = dict.fromkeys(("in time", "late", "never", "part late", "too much"), 0)
    for seed in range(examples(60)):
        rng = random.Random(seed)
        raw = random_case(rng, features=[f for f in sorted(PLAYED) if rng.random() < 0.7])
        goals = _goals(rng, raw)
        case = load_case(raw)
        road_map = RoadMap(random_road_map(rng, raw, violating=0.0)["starts"])
        names = list(case.resolved.groups)
        for run in range(RUNS):
            told = _ran(case, road_map, RUNS * seed + run)
            below = told.shares.cumsum(axis=1)
            on = {k.removeprefix("only-"): (below[g, :, BINS] == 1).tolist() for g, k in enumerate(names)}
            on.pop("all")
            share = np.mean(list(on.values()), axis=0).tolist()
            for n, clauses in enumerate(goals.values()):
                when, in_time = _expected(clauses, on, share)
                assert told.goals[0, n] == when, f"seed {seed}, run {run}, {clauses}"
                assert (when < AGES and not told.late[0, n]) == in_time, f"seed {seed}, run {run}, {clauses}"
                seen["in time" if in_time else "late" if when < AGES else "never"] += 1
                last = max(c[3] for c in clauses if c[0] != "most")
                seen["part late"] += when <= last and not in_time
                seen["too much"] += when < AGES and any(
                    c[0] == "most" and max(share[: c[3] + 1]) > c[2] + 1e-9 for c in clauses
                )
    assert all(many >= 5 for many in seen.values()), seen


@pytest.mark.parametrize(("n", "worlds"), [(5000, 100), (70, 100), (3000, CHUNK + 5), (CHUNK, CHUNK), (2500, 2050)])
def test_runs_go_over_no_more_worlds_than_asked(n: int, worlds: int) -> None:
    asked = Asked(n, worlds=worlds)
    often = [asked.often(index) for index in range(asked.chunks)]
    assert sum(len(x) for x in often) == min(n, worlds)
    assert sum(int(x.sum()) for x in often) == n
    assert max(int(x.max()) for x in often) - min(int(x.min()) for x in often) <= 1
    assert all(len(a) == CHUNK for a, _ in pairwise(often))


def test_the_answer_says_over_how_many_worlds_it_went() -> None:
    case = load_case("two-steps")
    runner = Runner(case, RoadMap({}), Asked(230, worlds=100))
    part = runner.part(0)
    assert part.endings.n == 230
    assert part.endings.worlds == 100
    assert part.worlds is not None
    assert len(np.unique(part.worlds)) == 100
