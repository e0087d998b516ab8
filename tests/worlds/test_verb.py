"""What many worlds come to agrees with going through them one by one, on small random cases."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Mapping
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from detente.audit.judge import audit
from detente.case.clause_text import term_of
from detente.case.draws import Draws
from detente.case.load import Case, load_case
from detente.case.resolved import ResolvedCase
from detente.case.road_map import RoadMap
from detente.case.stakes import NEVER, stakes
from detente.errors import InputError, Interrupted, OutOfTime
from detente.incentives.cheat import CheatSet, candidates, cheat_path, detection, gone_periods, setting
from detente.incentives.kept import bystanders, kept, reserves
from detente.incentives.tables import tables
from detente.incentives.walk import exposure, others, walk
from detente.report.text import Names
from detente.report.worlds_text import worlds_text
from detente.report.worlds_words import trust_told
from detente.results.worlds import Trust, Worlds
from detente.worlds.answer import Asked
from detente.worlds.judged import judged
from detente.worlds.slip import agreed
from detente.worlds.tally import share
from detente.worlds.verb import worlds
from tests.depth import examples
from tests.oracle import slip as alone

N = 40
SURE = 1e-8


def _case(rng: random.Random) -> dict[str, Any]:
    """Steps in turn, with ranges, two types of B, one of which hides something, and a government that may come."""
    measures: dict[str, Any] = {}
    for n in range(rng.randint(3, 5)):
        own, other = ("A", "B") if n % 2 else ("B", "A")
        gives, costs = rng.uniform(1, 3), rng.uniform(0.05, 0.6)
        measures[f"m{n}"] = {
            "by": own,
            "takes": rng.choice(["1 year [1, 3]", 1]),
            "undo": rng.choice(["never", {"takes": 1, "cost": 0.3}]),
            "detect": {"base": round(rng.uniform(0.2, 0.9), 2)},
            "value": {
                other: {"flow": f"{gives:.3f} [{0.4 * gives:.3f}, {1.6 * gives:.3f}]"},
                own: {"flow": f"-{costs:.3f} [-{2 * costs:.3f}, -{0.3 * costs:.3f}]"},
            },
        }
    hidden = {"what": "a plant", "left_out_of": "m0", "worth": {"B": 0.4}, "price": {"A": 1}}
    types = {
        "sincere": {},
        "buys-time": {"chance": 0.4, "set": {"measures.m0.value.B.flow": "-2.5 [-3, -2]"}},
        "hides": {"chance": 0.2, "hidden": [{**hidden, "facts": {"points": 2}}]},
    }
    government = {"id": "next", "from": "2032", "chance": 0.5, "set": {"measures.m0.value.A.flow": 0.4}}
    return {
        "detente": 1, "period": "year", "periods": 6, "start": "2030", "discount": 0.8,
        "attributes": {"points": "points"},
        "parties": {"A": {"governments": [government]}, "B": {"types": types, "lag": rng.choice([1, 2])}},
        "measures": measures,
        "goals": {"early": {"party": "A", "clauses": [{"id": "e0", "must": "m0 by 2031"}]},
                  "both": {"party": "B", "clauses": [{"id": "b1", "must": "m1 by 2034"},
                                                     {"id": "b2", "must": "m2 by 2035"}]}},
    }  # fmt: skip


def _asked(case: Case) -> RoadMap:
    names = [k for k in case.resolved.measures if case.resolved.measures[k].by]
    return RoadMap({k: n // 2 for n, k in enumerate(names)})


class Lone:
    """One world with the government of one regime, by itself."""

    def __init__(self, world: ResolvedCase, starts: Mapping[str, int], takes: ResolvedCase) -> None:
        self.st = stakes(world)
        self.c = stakes(takes).completions(RoadMap(dict(starts)))
        self.tb = tables(self.st)
        self.V, out = kept(self.tb, self.c), walk(self.tb, self.c)
        both = others(self.tb, self.c, out)
        self.E, self.best, self.players = exposure(both), out.W.copy(), ~bystanders(self.st, self.c)
        self.how: dict[tuple[int, int], CheatSet] = {}
        for i, t in np.ndindex(len(self.st.parties), self.st.periods + 1):
            self._try_cheats(i, t)

    def _try_cheats(self, i: int, t: int) -> None:
        s, every = setting(self.tb, self.c, i), candidates(self.tb, self.c, i, t)
        ks = [(k, True) for k in every.fakes] + [(k, False) for k in every.undoes]
        for S in [(k,) for k in ks] + list(combinations(ks, 2)):
            cheat = CheatSet(tuple(k for k, f in S if f), tuple(k for k, f in S if not f))
            value = cheat_path(s, cheat, t).value
            if value > self.best[t, i] + SURE * (1 + abs(value)):
                self.best[t, i], self.how[t, i] = value, cheat

    def leaves(self) -> np.ndarray:
        """(T+1, P) whether it stops in a period if it is still there."""
        T, Z = self.st.periods, self.V[-1]
        out = np.zeros(self.V.shape, dtype=bool)
        for t in range(T, -1, -1):
            d = self.tb.discount
            going = self.V[T] if t == T else self.V[t] - d * self.V[t + 1] + d * Z
            out[t] = self.players & (self.best[t] > going + 1e-7)
            Z = np.where(self.players, np.maximum(self.best[t], going), going)
        return out

    def needed(self) -> np.ndarray:
        """(T+1, P) by model §8."""
        margin = self.V - self.best
        safe = np.where(margin > 1e-7, margin, 1.0)
        share_ = np.where(margin > 1e-7, self.E / (safe + self.E), 1.0)
        share_[(np.abs(margin) <= 1e-7) & (self.E <= 1e-7)] = 0.0
        return np.where(self.players, share_, 0.0)

    def unseen(self, i: int, t0: int) -> np.ndarray:
        """(T+1,) chance that what party i does from t0 on has not been seen before a period."""
        out = np.ones(self.st.periods + 1)
        cheat = self.how.get((t0, i))
        if cheat is None:
            out[t0 + 1 :] = 0.0
            return out
        s = setting(self.tb, self.c, i)
        gone = gone_periods(s, cheat, t0)
        for k in (*cheat.fakes, *cheat.undoes):
            h = detection(s, k, t0, k in cheat.fakes, gone)
            h[:t0] = 0.0
            out[1:] *= np.cumprod(1 - h)[: self.st.periods]
        return out


class OneByOne:
    """All worlds of a case, one after another."""

    def __init__(self, case: Case, seed: int) -> None:
        draws, resolved = Draws(case, seed, "lhs"), case.resolved
        plan = agreed(resolved, _asked(case), [term_of(c, resolved) for c in resolved.clauses])
        self.T, self.parties = resolved.periods, list(resolved.parties)
        self.tau, self.needed, self.unseen, self.signed, self.goals = [], [], [], [], []
        self.hides, self.deceives = list[bool](), list[bool]()
        self.covert: list[tuple[bool, ...]] = []
        for row in range(N):
            self._world(draws, plan, row)

    def _world(self, draws: Draws, plan: Any, row: int) -> None:
        drawn = draws.chunk(0)
        variant = draws.variants[drawn.variant[row]]
        now = draws.resolved(drawn, row)
        starts = alone.slipped(now, plan).starts
        begins = [t for t, _ in variant.options]
        lone = [Lone(draws.resolved(drawn, row, r), starts, now) for r in range(len(begins))]
        regime = [max(r for r, b in enumerate(begins) if b <= t) for t in range(self.T + 1)]
        leaves = np.stack([lone[regime[t]].leaves()[t] for t in range(self.T + 1)])
        tau = [int(np.argmax(x)) if x.any() else NEVER for x in leaves.T]
        ways = [None if t >= NEVER else lone[regime[t]].how.get((t, i)) for i, t in enumerate(tau)]
        self.tau.append(tau)
        self.covert.append(tuple(w is not None for w in ways))
        self.needed.append(np.stack([lone[regime[t]].needed()[t] for t in range(self.T + 1)]))
        one = np.ones(self.T + 1)
        seen = [one if t >= NEVER else lone[regime[t]].unseen(i, t) for i, t in enumerate(tau)]
        self.unseen.append(np.stack(seen, axis=1))
        gain = lone[0].V[0] - reserves(lone[0].st, lone[0].tb)
        self.signed.append(bool((gain[lone[0].players] >= -1e-7).all()))
        self.hides.append(variant.types["B"] == "hides")
        self.deceives.append(self.hides[-1] and lone[0].c[lone[0].st.measure_index["m0"]] < self.T)
        self.goals.append(self._goals(lone[0], tau))

    def _goals(self, one: Lone, tau: list[int]) -> dict[str, bool]:
        def by(name: str, date: int) -> bool:
            k = one.st.measure_index[name]
            owner = int(one.st.owner[k])
            performs = all(one.c[k] < (t if i == owner else t + int(one.st.lag[owner])) for i, t in enumerate(tau))
            return bool(one.c[k] <= date and performs)

        return {"early": by("m0", 1), "both": by("m1", 4) and by("m2", 5)}


def _agrees(found: Worlds, one: OneByOne) -> None:
    tau, first = np.array(one.tau), np.array(one.tau).min(axis=1)
    holds, signed = first >= NEVER, np.array(one.signed)
    assert found.holds == share(holds.sum(), N)
    assert found.signed == share(signed.sum(), N)
    assert found.both == share((holds & signed).sum(), N)
    np.testing.assert_allclose(found.survival, [(first > t).mean() for t in range(one.T + 1)])
    assert found.deceived == pytest.approx((holds & np.array(one.deceives)).mean())
    for g in found.goals:
        reached = np.array([x[g.goal] for x in one.goals])
        assert g.reached.value == pytest.approx(reached.mean())
        assert g.paper == pytest.approx((reached & np.array(one.hides)).mean() if g.goal == "early" else 0)
    told = {(x.party, x.period, x.how): (x.share, x.first) for x in found.leaves}
    wanted: dict[tuple[str, int, str], list[float]] = {}
    for w, i in np.argwhere(tau < NEVER):
        key = (one.parties[i], int(tau[w, i]), "covert" if one.covert[w][i] else "walk")
        sums = wanted.setdefault(key, [0.0, 0.0])
        sums[0] += 1 / N
        sums[1] += (tau[w, i] == first[w]) / N
    assert told.keys() == wanted.keys()
    for key, pair in wanted.items():
        assert told[key] == pytest.approx(tuple(pair))
    _trust_agrees(found, one, tau)


def _trust_agrees(found: Worlds, one: OneByOne, tau: np.ndarray) -> None:
    needed, unseen = np.array(one.needed), np.array(one.unseen)
    for x in found.trust:
        j = one.parties.index(x.party)
        other = 1 - j
        mass = unseen[:, :, other].sum(axis=0)
        earned = np.divide((tau[:, other] >= NEVER).sum(), mass, out=np.zeros(one.T + 1), where=mass > 1e-12)
        np.testing.assert_allclose(x.earned, earned, atol=1e-9)
        assert set(x.whose) == {one.parties[other]}
        steps = np.ceil(needed[:, :, j] * 1000 - 1e-6) / 1000
        np.testing.assert_allclose(x.credible, (steps <= np.floor(earned * 1000 + 1e-6) / 1000 + 1e-12).mean(axis=0))
        np.testing.assert_allclose(x.needed[2], np.sort(steps, axis=0)[N // 2 - 1], atol=1e-9)
        np.testing.assert_allclose(x.beyond, (needed[:, :, j] >= 1).mean(axis=0))


def test_many_worlds_are_what_they_are_one_by_one() -> None:
    left = covert = stays = 0
    for seed in range(examples(5)):
        case = load_case(_case(random.Random(seed)))
        found = worlds(case, _asked(case), Asked(N, seed, larger=0), {})
        one = OneByOne(case, seed)
        _agrees(found, one)
        left += sum(min(t) < NEVER for t in one.tau)
        covert += sum(any(x) for x in one.covert)
        stays += sum(min(t) >= NEVER for t in one.tau)
    assert left > 10
    assert covert > 5
    assert stays > 10


def test_where_nobody_leaves_the_judge_finds_no_margin_below_zero() -> None:
    """With three steps there is hardly room for larger cheats than on two."""
    both = [0, 0]
    for seed in range(examples(12)):
        data = _case(random.Random((0, 2, 101, 102)[seed % 4] + 1000 * (seed // 100)))
        for party in data["parties"].values():
            party.pop("types", None)
            party.pop("governments", None)
        case = load_case(data)
        draws, resolved = Draws(case, seed, "lhs"), case.resolved
        plan = agreed(resolved, _asked(case), [term_of(c, resolved) for c in resolved.clauses])
        world = draws.resolved(draws.chunk(0), 0)
        starts = alone.slipped(world, plan)
        found = worlds(case, _asked(case), Asked(1, seed, larger=0), {})
        judged = audit(world, starts, cures=False)
        assert bool(found.holds.value) == (judged.verdict == "holds"), f"seed {seed}"
        assert bool(found.signed.value) == judged.signed
        both[judged.verdict == "holds"] += 1
    assert all(both)


def test_nothing_comes_of_a_road_map_that_another_would_not_sign() -> None:
    """Who signs in a world by the judge of single worlds; what is gained where another does not is nothing."""
    n, refused = 64, 0
    for seed in range(examples(3)):
        case = load_case(_case(random.Random(seed)))
        draws, resolved = Draws(case, seed, "lhs"), case.resolved
        plan = agreed(resolved, _asked(case), [term_of(c, resolved) for c in resolved.clauses])
        j, drawn = judged(draws, plan, 0, n), draws.chunk(0)
        gains = dict.fromkeys(resolved.parties, 0.0)
        for row in range(n):
            world = draws.resolved(drawn, row)
            alone_ = audit(world, alone.slipped(world, plan), cures=False)
            signs = {p: alone_.V[p][0] >= alone_.reserve[p] for p in gains}
            for i, p in enumerate(gains):
                if all(willing for q, willing in signs.items() if q != p):
                    gains[p] += j.gains[row, i] / n
                refused += not signs[p]
        found = worlds(case, _asked(case), Asked(n, seed, larger=0), {})
        assert {x.party: x.gains[0] for x in found.finding_out} == pytest.approx(gains)
    assert refused > 10


def test_who_has_no_part_in_it_has_nothing_to_decide() -> None:
    data = _case(random.Random(0))
    data["parties"]["C"] = {}
    for party in data["parties"].values():
        party["role"] = "principal"
    case = load_case(data)
    found = worlds(case, _asked(case), Asked(64, larger=0), {})
    assert [x.party for x in found.finding_out] == ["A", "B"]
    assert worlds(case, RoadMap({}), Asked(64, larger=0), {}).finding_out == ()


def test_a_world_does_not_depend_on_how_many_there_are() -> None:
    case = load_case(_case(random.Random(0)))
    few, many = (worlds(case, _asked(case), Asked(n, 7, larger=0), {}) for n in (300, 1100))
    again = worlds(case, _asked(case), Asked(300, 7, larger=0), {})
    told = [{**x.to_dict(), "run": None} for x in (few, again)]
    assert told[0] == told[1]
    gone = [round((1 - few.survival[-1]) * 300), round((1 - many.survival[-1]) * 1100)]
    assert 0 < gone[0] <= gone[1] <= gone[0] + 800


def test_it_does_not_matter_how_many_threads_judge() -> None:
    case = load_case(_case(random.Random(3)))
    told = []
    for workers in (1, 3):
        answer = worlds(case, _asked(case), Asked(2500, 7, larger=5, workers=workers), {}).to_dict()
        answer["run"] = {**answer["run"], "seconds": 0}
        told.append(json.dumps(answer))
    assert told[0] == told[1]


def test_the_answer_as_json() -> None:
    case = load_case(_case(random.Random(19)))
    found = worlds(case, _asked(case), Asked(100, 7, larger=5), {})
    data = json.loads(found.to_json())
    keys = {"n", "holds", "survival", "leaves", "earned", "needed", "credible", "goals", "drivers"}
    assert data["format"] == "detente/worlds/1"
    assert keys | {"case_hash", "program", "seed", "run"} <= data.keys()
    assert set(data["holds"]) == {"share", "low", "high"}
    assert {"party", "period", "how", "share"} <= set(data["leaves"][0])
    assert len(data["survival"]) == len(data["earned"]["A"]) == len(data["credible"]["B"]) == 7
    assert data["seed"] == 7
    assert found.larger is not None
    assert found.larger.worlds == min(5, round(found.holds.value * 100))


# ------------------------------------------------------------------ limits, and what goes wrong


def test_too_many_numbers_for_sobol_points(monkeypatch: pytest.MonkeyPatch) -> None:
    """Told before any work is done, with what to do instead; a Latin hypercube takes them."""
    case = load_case(_case(random.Random(0)))
    monkeypatch.setattr("detente.case.sampling.MOST_SOBOL", 3)
    monkeypatch.setattr("detente.worlds.verb.MOST_SOBOL", 3)
    for asked in (Asked(10, method="sobol"), Asked(10, totals=True)):
        with pytest.raises(InputError, match=r"DET716(.|\n)*lhs"):
            worlds(case, _asked(case), asked, {})
    assert worlds(case, _asked(case), Asked(10, larger=0), {}).n == 10


def test_one_world_is_one_and_what_is_credible_at_last_is_so_after_the_calendar() -> None:
    case = load_case(_case(random.Random(0)))
    text = worlds_text(worlds(case, _asked(case), Asked(1, 7, larger=0), {}), case.resolved)
    assert " of 1 world (" in " ".join(text.split())
    T, zero = case.resolved.periods, (0.0,) * 7
    trust = Trust("A", (zero,) * 5, (zero,) * 5, zero, (None,) * 7, (*(0.2,) * T, 0.9), zero)
    assert trust_told(trust, Names(case.resolved)).endswith("Credible in most worlds only after 2035.")


def test_what_sobol_points_do_not_tell_is_left_out_and_named() -> None:
    case = load_case(_case(random.Random(0)))
    found = worlds(case, _asked(case), Asked(128, 7, method="sobol", larger=0, totals=True), {})
    assert found.drivers == found.influences == found.finding_out == ()
    assert found.boxes is None
    assert found.left_out == ("drivers", "finding_out", "boxes", "influences")
    text = " ".join(worlds_text(found, case.resolved).split())
    assert "Not told: what it hangs on, what to find out first, when it breaks and what numbers do" in text
    assert "draw by a Latin hypercube (lhs)" in text
    assert "no time" not in text
    assert 0 < found.holds.low < found.holds.value < found.holds.high < 1


def test_once_time_is_over_what_is_known_is_told_and_what_is_not_is_named() -> None:
    case = load_case(_case(random.Random(19)))
    worlds(case, _asked(case), Asked(1, larger=0), {})
    stop = threading.Event()
    stop.set()
    found = worlds(case, _asked(case), Asked(1000, 7, totals=True), {}, stop=stop)
    assert found.n == 256
    assert found.provenance.run.cut == "interrupted"
    assert {"drivers", "boxes", "kept_share", "larger"} <= set(found.left_out)
    text = " ".join(worlds_text(found, case.resolved).split())
    assert "Interrupted after 256 of 1,000 worlds." in text
    assert "There was no time to look at what it hangs on, what to find out first, when it breaks," in text
    whole = worlds(case, _asked(case), Asked(256, 7), {})
    assert whole.left_out == ()
    assert whole.holds == found.holds


def test_a_limit_that_is_over_before_the_first_world(monkeypatch: pytest.MonkeyPatch) -> None:
    """On first use, while what judges worlds is translated: no answer is made up."""
    case = load_case(_case(random.Random(0)))
    monkeypatch.setattr("detente.worlds.verb.at_hand", lambda: False)
    released = threading.Event()
    monkeypatch.setattr("detente.worlds.verb.judged_of", lambda *_, **__: released.wait(20))
    try:
        with pytest.raises(OutOfTime, match="before any world was judged"):
            worlds(case, _asked(case), Asked(10, time_limit=0.1), {})
        stop = threading.Event()
        stop.set()
        with pytest.raises(Interrupted):
            worlds(case, _asked(case), Asked(10), {}, stop=stop)
    finally:
        released.set()
