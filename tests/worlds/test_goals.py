"""Goals in possible worlds: what comes before those who do it stop, and what is reached on paper only."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from detente.case.draws import Draws
from detente.case.interchange import resolved_from_dict
from detente.case.load import load_case
from detente.case.road_map import RoadMap
from detente.case.stakes import NEVER, Stakes, stakes
from detente.worlds.answer import Asked
from detente.worlds.goals import done_before
from detente.worlds.judged import Judged, judged
from detente.worlds.runs.conduct import NOISES
from detente.worlds.runs.runner import Asked as AskedRuns
from detente.worlds.runs.simulate import simulate
from detente.worlds.slip import agreed
from detente.worlds.verb import worlds
from tests.depth import examples
from tests.oracle.random_cases import random_case

ROWS = 20


def _left(rng: np.random.Generator, st: Stakes) -> Judged:
    """Worlds in which parties leave, often in the same period or within another's response lag."""
    n, P, N, T = ROWS, len(st.parties), len(st.measures), st.periods
    leaves = np.where(rng.random((n, P)) < 0.6, rng.integers(0, min(T, 3), (n, P)), NEVER)
    c = np.where(rng.random((n, N)) < 0.8, rng.integers(0, T, (n, N)), NEVER)
    c[:, st.done] = -1
    nothing = np.zeros((n, 0))
    return Judged(
        leaves, np.full((n, P, 2), -1), nothing, nothing, nothing, nothing.astype(bool),
        nothing.astype(bool), nothing, c, c,
        rng.integers(1, 4, (n, P)), nothing.astype(bool), nothing,
    )  # fmt: skip


def test_nobody_does_anything_once_it_left_or_answers_another() -> None:
    """Period by period: who is still there does what is due, until its lag after any other's leaving is over."""
    ties = 0
    for seed in range(examples(40)):
        st = stakes(resolved_from_dict(random_case(random.Random(seed))))
        j = _left(np.random.default_rng(seed), st)
        done = done_before(st, j)
        for row in range(ROWS):
            left = {i: int(t) for i, t in enumerate(j.leaves[row]) if t < NEVER}
            expected = {k: -1 for k in range(len(st.measures)) if st.done[k]}
            for t in range(st.periods):
                stopped = {
                    i for i in range(len(st.parties))
                    if any(t >= when + (0 if who == i else j.lag[row, i]) for who, when in left.items())
                }  # fmt: skip
                due = [k for k in range(len(st.measures)) if j.c[row, k] == t]
                expected |= {k: t for k in due if st.owner[k] < 0 or int(st.owner[k]) not in stopped}
            assert {k: int(t) for k, t in enumerate(done[row]) if t < NEVER} == expected, f"seed {seed}, world {row}"
            ties += len(left) > len(set(left.values()))
    assert ties > 50


def _stock(*, chance: float, declared: bool, must: str = "pays by 2031") -> dict[str, Any]:
    """North gives up its stock and South pays, neither of which can be taken back; North may hide some more."""
    steps = {"gives-up": 1, "pays": 1, **({"declares": 0} if declared else {})}
    hidden = {"what": "more of it", "left_out_of": "declares", "facts": {"size": "4 [2, 6]"}, "price": {"South": 1}}
    measure = {"takes": 0, "undo": "never", "public": True}
    return {
        "detente": 1, "period": "year", "periods": 6, "start": "2030", "discount": 0.9,
        "attributes": {"size": "points"},
        "parties": {
            "North": {"types": {"plain": {}, "hides": {"chance": chance, "hidden": [hidden]}}},
            "South": {},
        },
        "measures": {
            "declares": {**measure, "by": "North", "value": {"South": {"flow": 1}}},
            "gives-up": {**measure, "by": "North", "facts": {"size": 8}, "value": {"South": {"flow": 2}}},
            "pays": {**measure, "by": "South", "value": {"North": {"flow": 1}}},
        },
        "groups": {"stock": {"members": ["gives-up"], "by": "size"}},
        "goals": {"gone": {"party": "South", "clauses": [{"id": "g", "must": must}]}},
        "road_maps": {"all": steps},
    }  # fmt: skip


@pytest.mark.parametrize("declared", [False, True])
@pytest.mark.parametrize(
    ("must", "on_paper"),
    [
        ("share of stock at least 1 by 2033", 0.35),
        ("share of stock at least 0.5 by 2033", 0),
        ("share of stock at least 0.7 by 2033", None),
        ("pays by 2031", 0),
        ("declares by 2031", 0.35),
    ],
)
def test_what_is_hidden_is_there_whether_it_is_declared_or_not(
    must: str, on_paper: float | None, *, declared: bool
) -> None:  # fmt: skip
    n = 256
    case = load_case(_stock(chance=0.35, declared=declared, must=must))
    road_map = RoadMap(dict(case.resolved.road_maps["all"]), name="all")
    found = worlds(case, road_map, Asked(n, 3, larger=0), {})
    (goal,) = found.goals
    assert found.holds.value == 1
    comes = declared or "declares" not in must
    assert goal.reached.value == comes
    if on_paper is not None:
        assert goal.paper == pytest.approx(on_paper if comes else 0, abs=0.06)
    else:
        assert 0.05 < goal.paper < 0.3
    assert found.deceived == pytest.approx(0.35 if declared else 0, abs=0.06)
    told = simulate(case, road_map, AskedRuns(n, 3, without=frozenset(NOISES)))
    assert told.goals[0].in_time.value == pytest.approx(goal.reached.value - goal.paper)
    assert told.goals[0].share.value == pytest.approx(goal.reached.value - goal.paper)


def test_who_hides_something_is_no_party_of_which_nothing_is_hidden() -> None:
    """Without a declaration on the road map all types keep it alike; the kind to rely on is the one that hides
    nothing, however rare."""
    case = load_case(_stock(chance=0.9, declared=False, must="pays by 2031"))
    found = worlds(case, RoadMap(dict(case.resolved.road_maps["all"])), Asked(256, 3, larger=0), {})
    assert dict(found.binding.kind) == {"North": "plain"}


@pytest.mark.parametrize("no_deal", ["collapse", "as-is"])
@pytest.mark.parametrize("undo", ["never", {"takes": 1, "cost": 0}])
@pytest.mark.parametrize("when", ["done", "due", "not at all"])
def test_runs_without_noise_bring_what_worlds_say(when: str, undo: Any, no_deal: str) -> None:
    """Also where what is hidden costs the South without a deal as well, and where the North undoes its declaration."""
    n = 256
    raw = _stock(chance=0.35, declared=when == "due") | {"no_deal": no_deal}
    raw["measures"]["declares"] |= {"undo": undo, "done": when == "done"}
    raw["measures"]["declares"]["value"]["North"] = {"flow": -0.05}
    case = load_case(raw)
    road_map = RoadMap(dict(case.resolved.road_maps["all"]))
    j = judged(Draws(case, 3), agreed(case.resolved, road_map), 0, n)
    told = simulate(case, road_map, AskedRuns(n, 3, without=frozenset(NOISES)))
    for i, party in enumerate(("North", "South")):
        assert told.gains[party].mean == pytest.approx(j.gains[:, i].mean(), abs=1e-9)
    if undo == "never":
        assert j.holds.all()
        costs = j.gains[~j.hides, 1].mean() - j.gains[j.hides, 1]
        np.testing.assert_allclose(costs, 10.0 if when == "due" else 0.0, atol=1e-9)
