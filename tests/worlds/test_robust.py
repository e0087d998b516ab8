"""The plan that stands in most worlds, against all road maps in each world by itself."""

from __future__ import annotations

import copy
import random
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import product
from typing import Any

import numpy as np
import pytest

from detente.audit.grounds import Grounds
from detente.audit.judge import audit
from detente.audit.standing import standing
from detente.audit.structure import structural
from detente.case.clauses import evaluate
from detente.case.draws import Draws
from detente.case.load import Case, load_case
from detente.case.road_map import RoadMap
from detente.case.sampling import CHUNK
from detente.case.stakes import Bools, stakes
from detente.plan.stage import Budget, Progress
from detente.plan.task import Task
from detente.results.in_worlds import InWorlds
from detente.results.plan import NoPlan, Plan
from detente.worlds.judged import judged
from detente.worlds.robust.anything import Anywhere
from detente.worlds.robust.robust import FEWEST, NAME, Sample, robust_worlds
from detente.worlds.robust.screen import deciding
from detente.worlds.robust.tailored import Tailor
from detente.worlds.robust.trial import Trial
from detente.worlds.slip import agreed
from tests.depth import examples
from tests.oracle import slip as alone

PERIODS = 4
SAMPLE = Sample(seed=3, blocks=(6, 10), fresh=64)
SEEDS = [4, 9, 26, *range(100, 100 + examples(1) - 1)]


def _number(rng: random.Random, sign: int, *, ranged: bool) -> str:
    central = abs(sign) * rng.choice((1, 1.5, 2))
    sign = 1 if sign > 0 else -1
    low, high = (sign * central * x for x in ((0.4, 2.0) if ranged else (1, 1)))
    return f"{sign * central} [{min(low, high)}, {max(low, high)}]" if ranged else str(sign * central)


def _case(seed: int, *, ranged: bool = True) -> Case:
    return load_case(_raw(seed, ranged=ranged))


def _raw(seed: int, *, ranged: bool) -> dict[str, Any]:
    """Two parties that each may give the other two things, hard to see and worth nobody knows how much."""
    rng = random.Random(seed)
    measures: dict[str, Any] = {}
    for n in range(rng.choice((3, 4))):
        by, other = ("A", "B") if n % 2 else ("B", "A")
        cost, worth = (_number(rng, sign, ranged=ranged) for sign in (-1, 2))
        detection = {"base": rng.choice((0.3, 0.6))} if n > 1 and rng.random() < 0.7 else None
        measures[f"m{n}"] = {
            "by": by, "takes": rng.choice((0, 0, 1)),
            "undo": {"cost": 0} if n < 2 else rng.choice(("never", {"cost": 0})),
            "value": {by: {"flow": cost}, other: {"flow": worth}}, "public": n < 2,
            **({"detect": detection} if detection else {}),
        }  # fmt: skip
    if rng.random() < 0.5:
        measures["m2"]["after"] = [{"measure": "m0", "wait": 1}]
    return {
        "detente": 1, "period": "year", "periods": PERIODS, "start": "2020", "discount": 0.9,
        "parties": {"A": {"exit_cost": rng.choice((0, 1))}, "B": {"exit_cost": rng.choice((0, 1))}},
        "measures": measures,
        "red_lines": [{"id": "do", "owner": "A", "must": "m0 by 2023"}],
    }  # fmt: skip


def _planned(case: Case, **options: Any) -> Plan | NoPlan:
    return robust_worlds(case, Task(case.resolved, time_limit=None, **options), SAMPLE)


def _all(case: Case) -> list[RoadMap]:
    names = list(case.resolved.measures)
    every = (
        RoadMap({k: s for k, s in zip(names, starts, strict=True) if s is not None})
        for starts in product((None, *range(PERIODS)), repeat=len(names))
    )
    return [x for x in every if not structural(case.resolved, x)]


def _stands(case: Case, road_map: RoadMap, index: int, rows: range) -> float:
    """The share of worlds in which the judge of one world says that it is signed and holds."""
    draws = Draws(case, SAMPLE.seed, "lhs")
    drawn, plan = draws.chunk(index), agreed(case.resolved, road_map)
    worlds = [draws.resolved(drawn, row) for row in rows]
    found = [standing(Grounds(world, stakes(world)), alone.slipped(world, plan)) for world in worlds]
    return sum(a.holds and a.signed for a in found) / len(found)


def _allowed(case: Case, plan: Plan) -> list[RoadMap]:
    """Every road map that is certified and leaves the principals the floors."""
    floors, most = plan.details.get("floors", {}), plan.details["most_gain"]
    found = []
    for road_map in _all(case):
        a = audit(case.resolved, road_map, cures=False)
        least = a.least_counted
        enough = least is None or least.relative is None or least.relative >= plan.margin_required
        if a.certified and enough and all(a.gains[p] / most[p]["value"] >= v - 1e-6 for p, v in floors.items()):
            found.append(road_map)
    return found


def test_no_road_map_stands_in_more_of_the_worlds_it_was_chosen_on() -> None:
    between = 0
    for seed in SEEDS:
        case = _case(seed)
        plan = _planned(case, floor=0.0)
        if isinstance(plan, NoPlan):
            continue
        assert isinstance(plan.worlds, InWorlds)
        assert plan.audit.certified
        allowed = _allowed(case, plan)
        assert plan.road_map in allowed
        trial = Trial.drawn(Draws(case, SAMPLE.seed, "lhs"), 0, 0, sum(SAMPLE.blocks))
        shares = {x: float(trial.stands(agreed(case.resolved, x)).mean()) for x in allowed}
        assert plan.worlds.complete
        assert plan.worlds.training == pytest.approx(max(shares.values())), f"seed {seed}"
        for x in {plan.road_map, *sorted(shares, key=lambda x: -shares[x])[:3]}:
            assert _stands(case, x, 0, range(sum(SAMPLE.blocks))) == pytest.approx(shares[x])
        assert plan.worlds.training == pytest.approx(shares[plan.road_map])
        assert plan.worlds.both.value == pytest.approx(_stands(case, plan.road_map, 1, range(SAMPLE.fresh)))
        assert plan.value == plan.worlds.both.value <= plan.bound
        between += min(shares.values()) < plan.worlds.training < 1
    assert between >= 2


@pytest.mark.parametrize("seed", SEEDS[:3])
def test_share_of_fresh_worlds_and_the_comparison_are_those_of_many_more(seed: int) -> None:
    case = _case(seed)
    plan = _planned(case)
    assert isinstance(plan, Plan)
    assert plan.worlds is not None
    wide = robust_worlds(case, Task(case.resolved, time_limit=None), Sample(SAMPLE.seed, SAMPLE.blocks, CHUNK))
    assert isinstance(wide, Plan)
    assert wide.road_map == plan.road_map
    assert plan.worlds.both.low - 0.02 <= wide.value <= plan.worlds.both.high + 0.02
    gained = plan.worlds.gained
    assert gained.value == pytest.approx(plan.worlds.both.value - plan.worlds.ordinary.value)
    assert gained.low <= gained.value <= gained.high


def test_without_ranges_every_world_is_the_case() -> None:
    case = _case(1, ranged=False)
    plan = _planned(case)
    assert isinstance(plan, Plan)
    assert plan.worlds is not None
    assert (plan.value, plan.worlds.training, plan.worlds.ordinary.value) == (1.0, 1.0, 1.0)
    assert plan.provenance.run.cut is None


def _keeps(case: Case, road_map: RoadMap) -> bool:
    return all(evaluate(c, case.resolved, road_map.starts)[0] for c in case.resolved.clauses)


def _somewhere(case: Case, trial: Trial) -> tuple[Bools, Bools]:
    """(n,) in which worlds any road map with a step stands, and any that keeps the clauses, all of them tried."""
    every = [x for x in _all(case) if x.starts]
    stands = {x: trial.stands(agreed(case.resolved, x)) for x in every}
    some = np.logical_or.reduce(list(stands.values()))
    return some, np.logical_or.reduce([np.zeros_like(some), *(v for x, v in stands.items() if _keeps(case, x))])


@pytest.mark.parametrize("seed", SEEDS)
def test_bound_is_the_share_of_worlds_in_which_some_road_map_stands(seed: int) -> None:
    """All of them tried one by one in each world."""
    case = _case(seed)
    plan = _planned(case)
    if isinstance(plan, NoPlan):
        pytest.skip("there is none to begin with")
    assert plan.worlds is not None
    found = plan.worlds.anything
    _, some = _somewhere(case, Trial.drawn(Draws(case, SAMPLE.seed, "lhs"), 0, 0, found.looked))
    assert found.looked == sum(SAMPLE.blocks)
    assert (found.unknown, found.none) == (0, int((~some).sum()))
    assert found.seen == sum(some)
    assert found.share.value == found.least.value == pytest.approx(np.mean(some))
    assert found.least.low <= found.share.low <= found.share.value <= found.share.high


@pytest.mark.parametrize(("seed", "work"), list(product(SEEDS, (0, 3, 12, 40))))
def test_what_is_found_and_what_is_proved_agree_with_trying_all_road_maps(seed: int, work: int) -> None:
    """In each world by itself, from nothing and with little work too; what is left is told as not known."""
    case = _case(seed)
    draws = Draws(case, SAMPLE.seed, "lhs")
    trial = Trial.drawn(draws, 0, 0, sum(SAMPLE.blocks))
    _, some = _somewhere(case, trial)
    anywhere = Anywhere(draws, Task(case.resolved, time_limit=None), trial)
    known = [x for x in _all(case) if _keeps(case, x)][:: max(1, work)][:3]
    anywhere.look(np.zeros(trial.n, dtype=np.bool_), known, Budget(work=work or None))
    told = anywhere.answer()
    assert not (anywhere.seen & ~some).any()
    assert not (anywhere.none & some).any()
    assert told.seen == anywhere.seen.sum()
    assert told.least.value <= np.mean(some)
    assert told.none + told.unknown <= told.searched <= trial.n
    if not work:
        assert (anywhere.seen == some).all()
        assert told.unknown == 0


def test_where_more_road_maps_were_tried_does_not_matter_for_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """In half of all worlds there is none; of the first ones it is known in which there is one, of the others not."""
    rng, n, told = np.random.default_rng(5), 64, []
    case = _case(SEEDS[0])
    trial = Trial.drawn(Draws(case, 0, "lhs"), 0, 0, n)
    monkeypatch.setattr(Anywhere, "_fit", lambda *_: None)
    monkeypatch.setattr("detente.worlds.robust.anything.MOST", n // 8)
    for seed in range(200):
        none = rng.random(n) < 0.5

        def asked(self: Anywhere, row: int, _: Budget, none: Bools = none) -> bool:
            self._none[row] = none[row]
            return True

        monkeypatch.setattr(Anywhere, "_asked", asked)
        anywhere = Anywhere(Draws(case, seed, "lhs"), Task(case.resolved, time_limit=None), trial)
        anywhere.look(~none & (np.arange(n) < n // 8), [], Budget())
        told.append(anywhere.answer().share.value)
    assert np.mean(told) == pytest.approx(0.5, abs=0.03)


def test_floors_that_are_not_known_are_no_end_of_the_search() -> None:
    plan = _planned(load_case({**_raw(SEEDS[0], ranged=True), "red_lines": []}), work_limit=5)
    assert isinstance(plan, Plan)
    assert plan.details["floors_open"]
    assert plan.provenance.run.cut == "work-limit"


def test_a_road_map_is_made_to_fit_a_world_in_which_none_that_is_known_stands() -> None:
    """Without the planner: from road maps that stand in other worlds."""
    fitted, tried = 0, 0
    for seed in SEEDS:
        case = _case(seed)
        draws = Draws(case, SAMPLE.seed, "lhs")
        trial = Trial.drawn(draws, 0, 0, 48)
        _, some = _somewhere(case, trial)
        st = stakes(case.resolved)
        tailor = Tailor(trial, st, deciding(st), partial(agreed, case.resolved), _keeps_of(case))
        tailor.learn([x for x in _all(case) if _keeps(case, x)][:1])
        for row in np.flatnonzero(some & ~tailor.seen).tolist():
            before, tried = tailor.seen[row], tried + 1
            assert tailor.fit(row, Budget()) == tailor.seen[row] or before
            fitted += bool(tailor.seen[row])
        assert not (tailor.seen & ~some).any()
    assert fitted > 0.5 * tried > 0


def _keeps_of(case: Case) -> Callable[[RoadMap], bool]:
    return lambda x: bool(x.starts) and not structural(case.resolved, x) and _keeps(case, x)


@pytest.mark.parametrize("seed", SEEDS)
def test_bound_reckons_with_governments_that_come_later(seed: int) -> None:
    """What today's government would not keep to another may: such worlds are not counted as hopeless."""
    raw = copy.deepcopy(_raw(seed, ranged=True))
    keep = {f"measures.{k}.value.A.flow": 1 for k in raw["measures"] if "A" in raw["measures"][k]["value"]}
    raw["parties"]["A"]["governments"] = [{"id": "next", "from": "2021", "chance": 0.6, "set": keep}]
    case = load_case(raw)
    draws = Draws(case, SAMPLE.seed, "lhs")
    trial = Trial.drawn(draws, 0, 0, sum(SAMPLE.blocks))
    anywhere = Anywhere(draws, Task(case.resolved, time_limit=None), trial)
    anywhere.look(np.zeros(trial.n, dtype=np.bool_), [], Budget())
    _, some = _somewhere(case, trial)
    told = anywhere.answer()
    assert told.searched == trial.n
    assert not (anywhere.seen & ~some).any()
    assert not (anywhere.none & some).any()
    assert told.none + told.seen + told.unknown == trial.n


def test_where_work_may_be_late_a_date_that_must_be_kept_rules_nothing_out() -> None:
    """What was agreed kept the date; the world in which it comes later, and all stay, is not one without any."""
    raw = _raw(SEEDS[0], ranged=True)
    raw["measures"]["m0"]["takes"] = "1 [0, 2]"
    raw["red_lines"] = [{"id": "do", "owner": "A", "must": "m0 by 2021"}]
    case = load_case(raw)
    draws = Draws(case, SAMPLE.seed, "lhs")
    trial = Trial.drawn(draws, 0, 0, 32)
    takes = np.array([draws.resolved(draws.chunk(0), n).measures["m0"].takes for n in range(trial.n)])
    assert {1, 2} <= set(takes.tolist())
    anywhere = Anywhere(draws, Task(case.resolved, time_limit=None), trial)
    anywhere.look(np.zeros(trial.n, dtype=np.bool_), [], Budget())
    _, some = _somewhere(case, trial)
    assert some[takes == 2].any()
    assert not (anywhere.none & some).any()
    assert not (anywhere.seen & ~some).any()


def test_no_plan_is_proved_as_for_robust() -> None:
    raw = {
        "detente": 1, "period": "year", "periods": 3, "start": "2020", "discount": 0.8, "parties": {"A": {}, "B": {}},
        "measures": {"give": {"by": "A", "takes": 0, "undo": "never", "value": {"A": {"flow": "-1 [-2, -0.5]"}}}},
        "red_lines": [{"id": "b", "owner": "B", "must": "give by 2020"}],
    }  # fmt: skip
    answer = _planned(load_case(raw))
    assert isinstance(answer, NoPlan)
    assert (answer.outcome, answer.objective) == ("none-exists", "robust-worlds")


def test_trials_count_votes_as_the_judge_of_many_worlds_does() -> None:
    """Hawks in A who want more than their government does."""
    voted = 0
    for seed in SEEDS:
        raw = _raw(seed, ranged=True)
        paid = [k for k, m in raw["measures"].items() if m["by"] == "B"]
        for k in paid:
            raw["measures"][k]["value"]["hawks"] = {"flow": "0.6 [0, 2]"}
        raw["parties"]["A"]["factions"] = {"doves": {"weight": 1}, "hawks": {"weight": 1, "veto": True}}
        case = load_case(raw)
        draws = Draws(case, SAMPLE.seed, "lhs")
        trial = Trial.drawn(draws, 0, 0, 24)
        for road_map in [x for x in _all(case) if x.starts][::9]:
            mine = agreed(case.resolved, road_map)
            told = judged(draws, mine, 0, 24)
            stands = trial.stands(mine)
            assert stands.tolist() == (told.holds & told.signed).tolist()
            assert trial.part(6, 20).stands(mine).tolist() == stands[6:20].tolist()
            voted += int(stands.sum()) not in (0, 24)
    assert voted > 5


def test_work_limits_can_be_repeated_and_are_kept() -> None:
    case = _case(SEEDS[0])
    one, two = (robust_worlds(case, Task(case.resolved, time_limit=None, work_limit=40), SAMPLE) for _ in range(2))
    assert isinstance(one, Plan)
    assert isinstance(two, Plan)
    assert one.worlds == two.worlds
    assert one.road_map == two.road_map
    assert one.provenance.run.limits["work_used"] <= 60


@pytest.mark.parametrize("way", ["interrupt", "stop"])
def test_an_interrupt_gives_the_best_so_far_judged_in_fewer_worlds(way: str) -> None:
    case, stop = _case(SEEDS[0]), threading.Event()

    def heard(p: Progress) -> None:
        if p.stage == NAME and p.seen >= 2:
            stop.set()
            if way == "interrupt":
                raise KeyboardInterrupt

    sample = replace(SAMPLE, fresh=1024)
    plan = robust_worlds(case, Task(case.resolved, time_limit=None), sample, heard, stop)
    assert isinstance(plan, Plan)
    assert plan.audit.certified
    assert plan.worlds is not None
    assert (plan.worlds.n, plan.worlds.tried, plan.worlds.complete) == (FEWEST, 2, False)
    assert plan.provenance.run.cut == "interrupted"
    assert plan.worlds.both.value == pytest.approx(_stands(case, plan.road_map, 1, range(FEWEST)))


def test_the_time_limit_ends_the_search_and_leaves_time_for_judging() -> None:
    """With a clock that ends at once, the plan of robust is still judged, in few worlds."""
    case = _case(SEEDS[0])
    began = time.monotonic()
    plan = robust_worlds(case, Task(case.resolved, time_limit=2.0), replace(SAMPLE, fresh=1024))
    assert isinstance(plan, Plan)
    assert plan.worlds is not None
    assert plan.worlds.n >= FEWEST
    assert time.monotonic() - began < 20
