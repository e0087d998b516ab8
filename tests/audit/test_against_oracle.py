"""Whole audits against the independent checker, on random cases with every feature on."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from detente.audit.exact import Exact
from detente.audit.judge import audit
from detente.case.interchange import resolved_from_dict
from detente.case.road_map import RoadMap
from detente.results.audit import Audit
from tests.audit.test_exact import steady_sticks
from tests.making import Raw
from tests.oracle.judge import Oracle
from tests.oracle.random_cases import random_case, random_road_map

REMARKS = ("would-not-sign", "hollow-stick", "delay-prone", "pocketing", "power-shift")


def check(raw: Raw, road_map: Raw) -> None:
    """Verdict, margins, witnesses and findings."""
    oracle = Oracle(raw, road_map)
    wanted = oracle.audit()
    got = audit(resolved_from_dict(raw), RoadMap(oracle.schedule.starts), exact=True, cures=False)
    for key in ("verdict", "signed", "clauses_kept", "certified"):
        assert getattr(got, key) == wanted[key], key
    late = Exact(resolved_from_dict(raw)).road_map(oracle.schedule.starts).course.broken()
    for key in ("V", "W", "exposure", *(() if late else ("trust_needed",))):
        _near(getattr(got, key), wanted[key])
    if not late:
        _margins(got, oracle, wanted)
    assert {c.id: c.holds for c in got.clauses} == {c["id"]: c["holds"] for c in wanted["clauses"]}
    if not late:
        distances = {c["id"]: pytest.approx(float(c["distance"])) for c in wanted["clauses"]}
        assert {c.id: c.distance for c in got.clauses} == distances
    _findings(got, wanted, late)


def _near(got: dict[str, tuple[float, ...]], wanted: dict[str, list[Fraction]]) -> None:
    for name, series in wanted.items():
        assert got[name] == pytest.approx([float(x) for x in series], rel=1e-9, abs=1e-7)


def _margins(got: Audit, oracle: Oracle, wanted: Raw) -> None:
    assert got.exact_margin == {i: tuple(series) for i, series in wanted["margin"].items()}
    for i, each in wanted["best_breach"].items():
        for t, ways in enumerate(each):
            told = got.best_breach[i][t].to_dict()
            told = {k: sorted(v) if isinstance(v, list) else v for k, v in told.items()}
            assert told in ways
    least, counted = wanted["least_margin"], wanted["least_relative_margin"]
    if least is None:
        assert got.least_margin is None
    else:
        assert got.least_margin is not None
        assert (got.least_margin.party, got.least_margin.period) == (least["party"], least["period"])
        assert got.least_margin.value == float(least["value"])
    assert (got.least_counted is None) == (counted is None)
    if got.least_counted is not None:
        assert got.least_counted.relative == pytest.approx(float(counted))
    for i, each in wanted["vacuous"].items():
        assert got.vacuous[i] == tuple(v and not any(oracle.candidates(i, t)) for t, v in enumerate(each))


def _findings(got: Audit, wanted: Raw, late: bool) -> None:
    kinds = {f["kind"] for f in wanted["findings"]}
    for kind in (*REMARKS, "past-horizon", "over-capacity", *(() if late else ("tempted",))):
        assert (kind in kinds) == bool(got.finding(kind)), kind
    order = {tuple(f["measures"]) for f in wanted["findings"] if f["kind"] == "out-of-order"}
    assert {tuple(sorted(f.measures)) for f in got.finding("out-of-order")} == {tuple(sorted(o)) for o in order}
    tempted = [f for f in wanted["findings"] if f["kind"] == "tempted"]
    if not late:
        periods = {(f["party"], f["period"]) for f in tempted}
        assert periods == {(i, t) for i, m in got.exact_margin.items() for t, x in enumerate(m) if x < 0}
        for f in got.finding("tempted"):
            same = next(x for x in tempted if (x["party"], x["period"]) == (f.party, f.period))
            assert f.gain == pytest.approx(float(same["gain"]))
            if same["losses"] is not None and f.breach.how == "walk":
                assert f.losses == pytest.approx({j: float(x) for j, x in same["losses"].items()}, abs=1e-9)


def draw(seed: int, **sizes: tuple[int, int]) -> tuple[Raw, Raw]:
    """A random case and a road map for it."""
    rng = random.Random(seed)
    raw = steady_sticks(random_case(rng, **sizes))
    return raw, random_road_map(rng, raw)


@pytest.mark.parametrize("seed", range(200))
def test_audits_agree(seed: int) -> None:
    check(*draw(seed, measures=(2, 5)))


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(5000, 8000))
def test_audits_agree_at_length(seed: int) -> None:
    check(*draw(seed))
