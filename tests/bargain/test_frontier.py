"""The frontier against trying every road map: the same points, proved complete; bounds that bound; honest samples."""

from __future__ import annotations

import json
import math
import random
from fractions import Fraction

import pytest

from detente.bargain.frontier import Asked, frontier
from detente.case.interchange import resolved_from_dict
from detente.case.load import Case, load_case
from detente.errors import InputError
from detente.plan.task import Task
from detente.plan.verb import plan
from detente.results.frontier import Frontier
from detente.results.plan import Plan
from tests.depth import examples
from tests.known.cases import barter
from tests.making import Raw, case, measure, party, worth
from tests.oracle.enumeration import BruteForce
from tests.plan.test_against_brute_force import drawn

Gains = tuple[Fraction, ...]


def exchange(seed: int) -> Raw:
    """Some goods of two or three parties, worth something else to each; mostly it costs too much not to hand them over.

    One of them can be had only after another, two exclude each other.
    """
    rng = random.Random(seed)
    who = ["A", "B"] if rng.random() < 0.6 else ["A", "B", "C"]
    measures: dict[str, Raw] = {}
    for n in range(rng.randint(5, 6) if len(who) == 2 else 4):
        giver = who[n % len(who)]
        value = {p: worth(0, -rng.randint(1, 5) if p == giver else rng.randint(0, 9)) for p in who}
        measures[f"m{n}"] = measure(giver, value, undo=None)
    names = list(measures)
    measures[names[1]]["excludes"] = [names[0]]
    measures[names[-1]]["after"] = [{"measure": names[2], "wait": rng.choice((0, 1))}]
    parties = {
        p: party(rng.choice(("0.5", "0.8")), exit_cost=rng.choice((3, 20, 50)), reserve=rng.choice((None, -2)))
        for p in who
    }
    return case(measures, parties, periods=2, discount="0.75")


def efficient(raw: Raw, parties: tuple[str, ...]) -> list[Gains]:
    """The gains of every certified road map that none beats, by trying all."""
    force = BruteForce(raw)
    have = {tuple(force.gains(s)[p] for p in parties) for s in force.all_certified()}
    return sorted((g for g in have if not any(_beats(h, g) for h in have)), reverse=True)


def _beats(one: Gains, other: Gains) -> bool:
    return one != other and all(x >= y for x, y in zip(one, other, strict=True))


def _beats_in_floats(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one != other and all(x >= y for x, y in zip(one, other, strict=True))


def _solved(raw: Raw, **asked: object) -> Frontier:
    loaded = load_case(raw)
    return frontier(loaded, Asked(**{"points": None, "time_limit": 120.0, **asked}))  # type: ignore[arg-type]


def _near(found: Frontier, one: Gains, other: tuple[float, ...]) -> bool:
    close = [2 * found.resolution[p] for p in found.parties]
    return all(abs(float(x) - y) <= r for x, y, r in zip(one, other, close, strict=True))


def check_complete(raw: Raw, found: Frontier) -> int:
    """That a frontier between two parties is the one that trying all gives; the number of its points."""
    wanted = efficient(raw, found.parties)
    have = [tuple(p.gains[q] for q in found.parties) for p in found.points]
    if not wanted:
        assert found.kind == "none-exists"
        assert not have
        return 0
    assert found.kind == "complete", found.provenance.run
    assert found.provenance.run.cut is None
    close = [2 * found.resolution[p] for p in found.parties]
    for one in wanted:
        as_good = any(all(y >= float(x) - r for x, y, r in zip(one, g, close, strict=True)) for g in have)
        assert as_good, f"{tuple(map(float, one))} is missing"
    for g in have:
        assert any(_near(found, one, g) for one in wanted), f"{g} is beaten"
    assert found.within is not None
    assert found.within <= 3e-5
    for p in found.points:
        assert p.efficient
        assert p.audit.certified
        assert all(p.most[q] - p.gains[q] <= found.resolution[q] for q in found.parties)
    assert all(s.exact for s in found.solutions)
    return len(wanted)


def _two(raw: Raw) -> bool:
    return len(BruteForce(raw).counting) == 2


@pytest.mark.parametrize("batch", range(examples(4)))
def test_random_cases_between_two_parties(batch: int) -> None:
    """Every feature of the model on now and then."""
    for seed in range(70_000 + 6 * batch, 70_000 + 6 * batch + 6):
        raw, _ = drawn(seed)
        counting = BruteForce(raw).counting
        if len(counting) >= 2:
            found = _solved(raw, parties=tuple(counting[:2]))
            try:
                check_complete(raw, found)
            except AssertionError as error:
                raise AssertionError(f"seed {seed}: {error}") from error


@pytest.mark.parametrize("seed", range(examples(8)))
def test_exchanges_with_many_points(seed: int) -> None:
    raw = exchange(seed)
    if _two(raw):
        check_complete(raw, _solved(raw))


def test_exchanges_have_many_points() -> None:
    """Otherwise the test before says little."""
    counts = [len(efficient(raw, ("A", "B"))) for raw in map(exchange, range(12)) if _two(raw)]
    assert sum(n >= 4 for n in counts) >= 3, counts


def test_solutions_are_those_of_the_planner() -> None:
    """Nash, Kalai-Smorodinsky and utilitarian points of a complete frontier are what nash, fair and welfare reach."""
    checked = 0
    for seed in (3, 9, 13):
        raw = exchange(seed)
        if not _two(raw):
            continue
        found = _solved(raw)
        values = {s.name: s.value for s in found.solutions}
        for name, objective in (("nash", "nash"), ("kalai-smorodinsky", "fair"), ("utilitarian", "welfare")):
            best = plan(Task(resolved_from_dict(raw), objective, time_limit=60.0))  # type: ignore[arg-type]
            if name not in values:
                assert objective == "nash"
                assert not isinstance(best, Plan)
                continue
            assert isinstance(best, Plan)
            told = math.exp(best.value) * math.prod(found.scale.values()) if name == "nash" else best.value
            assert values[name] == pytest.approx(told, rel=1e-4, abs=1e-4), (seed, name)  # type: ignore[index]
            checked += 1
    assert checked >= 6


def test_barter_of_nash() -> None:
    """Gains 12 and 5, product 60; the whole frontier against all 512 exchanges."""
    raw = barter()
    found = _solved(raw)
    wanted = [(18, 0), (16, 2), (14, 4), (12, 5), (8, 6), (6, 7), (2, 8)]
    assert [tuple(round(g, 6) for g in p.gains.values()) for p in found.points] == wanted
    assert [tuple(map(float, g)) for g in efficient(raw, ("Bill", "Jack"))] == wanted
    assert found.kind == "complete"
    nash = next(s for s in found.solutions if s.name == "nash")
    assert (nash.value, nash.exact) == (pytest.approx(60.0), True)
    chosen = found.points[nash.point]
    assert (chosen.gains["Bill"], chosen.gains["Jack"]) == (12.0, 5.0)
    assert set(chosen.road_map) == {"book", "whip", "ball", "bat", "pen", "toy", "knife"}


@pytest.mark.parametrize("seed", range(examples(8)))
def test_what_is_cut_short_says_so_and_its_bounds_bound(seed: int) -> None:
    """With few steps of work the points are certified, and every certified road map lies below the corners."""
    raw = exchange(seed)
    if not _two(raw):
        return
    work = random.Random(seed).choice((2, 6, 12, 25))
    found = _solved(raw, time_limit=None, work_limit=work)
    again = _solved(raw, time_limit=None, work_limit=work)
    assert [p.road_map for p in found.points] == [p.road_map for p in again.points], "a work limit can be repeated"
    everything = efficient(raw, ("A", "B"))
    if found.kind != "complete":
        assert found.provenance.run.cut == "work-limit"
    slack = [2 * r for r in found.resolution.values()]
    a, b = found.scale.values()
    for one in found.proved:
        for g in everything:
            assert not one.excludes({p: float(x) - r for p, x, r in zip(found.parties, g, slack, strict=True)}), one
    for x, y in everything if found.corners else []:
        assert any(float(x) - slack[0] <= c and float(y) - slack[1] <= d for c, d in found.corners)
    for x, y in everything if found.within is not None else []:
        short = [max((float(x) - g) / a, (float(y) - h) / b) for g, h in (p.gains.values() for p in found.points)]
        assert min(short) <= (found.within or 0.0) + 2e-5
    for point in found.points:
        if point.efficient:
            assert any(_near(found, g, tuple(point.gains.values())) for g in everything)
    values = {
        "nash": max((float(x * y) for x, y in everything if min(x, y) > 0), default=0.0),
        "utilitarian": max((float(x) / a + float(y) / b for x, y in everything), default=0.0),
        "egalitarian": max((min(float(x) / a, float(y) / b) for x, y in everything), default=0.0),
    }
    for solution in found.solutions:
        if solution.bound is not None and solution.name in values:
            assert values[solution.name] <= solution.bound + 1e-4 * (1 + abs(solution.bound)), solution


@pytest.mark.parametrize("seed", range(examples(5)))
def test_samples_between_three_parties(seed: int) -> None:
    raw = exchange(seed)
    parties = tuple(BruteForce(raw).counting)
    if len(parties) < 3:
        return
    found = _solved(raw, points=8)
    wanted = efficient(raw, parties)
    if not wanted:
        assert found.kind == "none-exists"
        return
    assert found.kind == "sample"
    assert len(found.points) >= min(3, len(wanted))
    exact = [tuple(p.gains.values()) for p in found.points]
    assert not any(all(x >= y for x, y in zip(a, b, strict=True)) for a in exact for b in exact if a is not b)
    for point in found.points:
        assert point.audit.certified
        assert point.efficient, "each search was finished, so each point is proved efficient"
        assert any(_near(found, g, tuple(point.gains.values())) for g in wanted)
    for solution in found.solutions:
        if solution.exact and solution.name == "nash":
            assert solution.value == pytest.approx(float(max(math.prod(g) for g in wanted if min(g) > 0)), rel=1e-4)


@pytest.mark.parametrize("work", [1, 4, 15])
def test_a_sample_that_is_cut_short_is_bounded_at_its_points(work: int) -> None:
    raw = exchange(2)
    parties = tuple(BruteForce(raw).counting)
    assert len(parties) == 3
    found = _solved(raw, time_limit=None, work_limit=work)
    assert found.provenance.run.cut == "work-limit"
    assert found.within is None
    have = efficient(raw, parties)
    for point in found.points:
        for n, p in enumerate(parties):
            others = [(m, q) for m, q in enumerate(parties) if q != p]
            room = found.resolution[p]
            most = max(float(g[n]) for g in have if all(g[m] >= point.gains[q] - 1e-9 for m, q in others))
            assert most <= point.most[p] + 2 * room < math.inf


def _two_steps() -> Case:
    return load_case("two-steps")


def test_proposals_lie_where_their_gains_are() -> None:
    found = frontier(_two_steps(), Asked())
    placed = {p.name: p for p in found.proposals}
    draft = placed["hills-draft"]
    assert draft.audit is not None
    assert draft.gains == pytest.approx({p: draft.audit.gains[p] for p in found.parties})
    for one in found.proposals:
        mine = tuple(one.gains.values())
        better = [n for n, p in enumerate(found.points) if _beats_in_floats(tuple(p.gains.values()), mine)]
        assert (one.dominated_by in better) if better else one.dominated_by is None
        if one.out_of_reach:
            assert one.dominated_by is None
            assert one.audit is not None
            assert not one.audit.certified


def test_a_proposal_in_general_terms_is_placed_as_each_would_like_it() -> None:
    data = json.loads(json.dumps(_two_steps().tree.data, default=str))
    never, weir = {"id": "n1", "must": "never weir"}, {"id": "n2", "must": "weir by 2031"}
    data["proposals"] = {
        "talk": {"by": "Plains", "clauses": [{"id": "t1", "must": "water by 2031"}]},
        "no": {"by": "Hills", "clauses": [never, weir]},
    }
    found = frontier(load_case(data), Asked(points=4))
    forms = [(p.name, p.completion, p.road_map is None) for p in found.proposals]
    assert forms == [("talk", "best-for:Hills", False), ("talk", "best-for:Plains", False),
                     ("no", "best-for:Hills", True), ("no", "best-for:Plains", True)]  # fmt: skip
    assert found.proposals[0].gains["Hills"] >= found.proposals[1].gains["Hills"]
    assert found.proposals[1].gains["Plains"] >= found.proposals[0].gains["Plains"]
    assert found.proposals[2].note.startswith("proved")


def test_who_cannot_be_traded_with_is_refused() -> None:
    with pytest.raises(InputError, match="DET731"):
        frontier(_two_steps(), Asked(parties=("Hills", "Plain")))
    with pytest.raises(InputError, match="DET732"):
        frontier(_two_steps(), Asked(parties=("Hills",)))
    idle = case({"a": measure("A", {"A": -1, "B": 2})}, {"A": party(), "B": party()})
    with pytest.raises(InputError, match="nothing on offer is worth anything to A"):
        frontier(load_case(idle), Asked(parties=("A", "B")))
    with pytest.raises(InputError, match="there is nobody"):
        frontier(load_case(idle))
    with pytest.raises(InputError, match="DET701"):
        frontier(_two_steps(), Asked(keep=("nothing",)))


def test_json_says_everything() -> None:
    found = frontier(_two_steps(), Asked())
    told = json.loads(found.to_json())
    assert told["format"] == "detente/frontier/1"
    assert told["kind"] == found.kind == "complete"
    assert [p["starts"] for p in told["points"]] == [dict(p.road_map.starts) for p in found.points]
    assert {s["name"] for s in told["solutions"]} == {"nash", "kalai-smorodinsky", "egalitarian", "utilitarian"}
    assert repr(found).startswith("<Frontier between Hills and Plains: ")
