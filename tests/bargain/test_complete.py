"""Completing proposals: the best for a party, and what all completions keep, against trying every road map."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from detente.case.load import load_case
from detente.plan.complete import Completer, Completion, NoCompletion
from detente.plan.negations import between
from tests.bargain.making import clause, random_clause
from tests.making import Raw, case, measure
from tests.oracle.clauses import clause_holds
from tests.oracle.enumeration import BruteForce
from tests.oracle.random_cases import random_case
from tests.oracle.reading import Schedule
from tests.oracle.worlds import World

CLOSE = Fraction(1, 10**6)
"""Part of the largest worth up to which the best is promised."""
MOST = 4000


def _case(seed: int) -> tuple[Raw, BruteForce, list[Schedule]] | None:
    """A random case with a proposal of up to three clauses, and all its road maps; None if they are too many."""
    rng = random.Random(seed)
    raw = random_case(rng, parties=(2, 3), measures=(2, 4), periods=(3, 4))
    texts = [random_clause(rng, raw) for _ in range(rng.randrange(1, 4))]
    asked = [random_clause(rng, raw) for _ in range(6)]
    raw["clauses"] = [clause(f"c{n}", text) for n, text in enumerate(texts)]
    raw["clauses"] += [clause(f"a{n}", text, "ask", "goal") for n, text in enumerate(asked)]
    force = BruteForce(raw)
    found = []
    for starts in force.road_maps():
        found.append(force.schedule(starts))
        if len(found) > MOST:
            return None
    return raw, force, found


def _key(force: BruteForce, schedule: Schedule, N: int) -> int:
    return sum((schedule.starts[k] + force.case.measures[k].takes) * (N + 1) + 1 for k in schedule.starts)


@pytest.mark.parametrize("part", range(10))
def test_completions_and_standings_agree_with_trying_everything(part: int) -> None:
    tried = 0
    for seed in range(100 * part, 100 * part + 14):
        made = _case(seed)
        if made is None:
            continue
        raw, force, every = made
        tried += 1
        resolved = load_case(raw).resolved
        must = [c for c in resolved.clauses if c.kind == "proposal"]
        fits = [s for s in every if all(clause_holds(s, c.text)[0] for c in must)]
        completer = Completer(resolved, must)
        for party in resolved.parties:
            _check_best(completer, party, force, fits, seed)
        if fits:
            for c in resolved.clauses:
                kept = {clause_holds(s, c.text)[0] for s in fits}
                wanted = "depends" if len(kept) == 2 else "always" if True in kept else "never"
                assert completer.standing(c) == wanted, (seed, c.text)
    assert tried >= 10


def _check_best(completer: Completer, party: str, force: BruteForce, fits: list[Schedule], seed: int) -> None:
    found = completer.best_for(party)
    if not fits:
        assert isinstance(found, NoCompletion), seed
        assert found.reason == "contradiction"
        return
    assert isinstance(found, Completion), seed
    assert found.proved
    worth = {id(s): World(s).worth(party, 0, force.case.common) for s in fits}
    best = max(worth.values())
    mine = Schedule(force.case, dict(found.road_map.starts))
    assert any(mine.starts == s.starts for s in fits), (seed, party)
    close = CLOSE * max(1, *(abs(w) for w in worth.values()))
    own = World(mine).worth(party, 0, force.case.common)
    assert own >= best - close, (seed, party)
    assert found.value == pytest.approx(float(own - force.reserve_common[party]), rel=1e-9, abs=1e-9), (seed, party)
    N = len(force.fast.names)
    even = [s for s in fits if worth[id(s)] == best]
    assert _key(force, mine, N) <= min(_key(force, s, N) for s in even), (seed, party)


def test_a_limit_is_no_contradiction() -> None:
    raw = case({k: measure("A", {"B": 1}) for k in "xyz"}, clauses=[clause("c", "x by 1") | {"owner": "A"}])
    resolved = load_case(raw).resolved
    found = Completer(resolved, resolved.clauses, deadline=0.0).best_for("A")
    assert isinstance(found, NoCompletion)
    assert found.reason == "limit"


def test_an_unsettled_question_is_unknown() -> None:
    raw = case({k: measure("A", {"B": 1}) for k in "xyz"}, clauses=[clause("c", "x by 1") | {"owner": "A"}])
    resolved = load_case(raw).resolved
    assert Completer(resolved, (), deadline=0.0).standing(resolved.clauses[0]) == "unknown"


@pytest.mark.parametrize(
    ("share", "below", "wanted"),
    [("0.5", True, 3 / 8), ("0.5", False, 5 / 8), ("0", True, -1 / 8), ("1", False, 9 / 8), ("0.6", True, 0.55)],
)
def test_half_way_to_the_next_share(share: str, below: bool, wanted: float) -> None:
    quarter = [Fraction(1, 4)] * 4
    assert between(quarter, Fraction(share), below=below) == pytest.approx(wanted)
