"""Thresholds on random cases: every verdict, bracket and interval against the independent checker."""

from __future__ import annotations

import random
import threading
from collections.abc import Sequence
from decimal import Decimal
from itertools import count, pairwise
from pathlib import Path
from typing import Any

import pytest

import detente as dt
from detente.case.interchange import case_hash
from detente.case.parameter import Varied, parameter
from detente.case.read import GALLERY
from detente.mend.threshold import Asked, threshold
from detente.mend.threshold_axes import Range, Span, span
from detente.mend.threshold_points import At, Stopped
from detente.mend.threshold_scan import Scan
from detente.results.provenance import Provenance, Run
from detente.results.threshold import HOLDING, Axis, Point, State, Threshold
from tests.depth import examples
from tests.making import Raw
from tests.oracle.enumeration import BruteForce
from tests.oracle.judge import Oracle
from tests.oracle.random_cases import random_case, random_road_map

EXCHANGE = Path(__file__).parent / "exchange.yaml"


@pytest.fixture(scope="module")
def dprk() -> dt.Case:
    return dt.load("dprk-2019")


@pytest.fixture(scope="module")
def camps(dprk: dt.Case) -> dt.Case:
    return dt.load(dprk, overlays=GALLERY / "dprk-2019" / "factions.yaml")


def paths_of(raw: Raw, rng: random.Random) -> list[str]:
    """Numbers of a random resolved case that matter to its road maps."""
    found = [f"party.{p}.{key}" for p in raw["parties"] for key in ("exit_cost", "response_lag", "discount")]
    for name, m in raw["measures"].items():
        if m["members"] is None and m["undo"] is not None:
            found += [f"measure.{name}.undo.{key}" for key in ("takes", "cost", "chance")]
        if m["members"] is None and not m["public"]:
            found.append(f"measure.{name}.detect.base")
        found += [f"measure.{name}.value.{p}.flow" for p, v in m["value"].items() if not isinstance(v["flow"], list)]
        found += [f"measure.{name}.detect.with.{n}.detect" for n in range(len(m["detect"]["with"]))]
    found += [f"stick.{s['id']}.value.{s['against']}.flow" for s in raw["sticks"]]
    return rng.sample(found, len(found))


def varied(raw: Raw, path: str, x: Decimal) -> Raw:
    """The raw case with one number changed, by hand."""
    copy: Any = _copied(raw)
    keys = path.split(".")
    section = {"party": "parties", "measure": "measures", "stick": "sticks"}[keys[0]]
    node = copy[section] if section != "sticks" else {s["id"]: s for s in copy[section]}
    for key in keys[1:-1]:
        node = node[int(key) if isinstance(node, list) else key]
    node[keys[-1]] = int(x) if keys[-1] in ("response_lag", "takes") else f"{x:f}"
    return copy  # type: ignore[no-any-return]


def _copied(node: Any) -> Any:
    if isinstance(node, dict):
        return {k: _copied(v) for k, v in node.items()}
    return [_copied(x) for x in node] if isinstance(node, list) else node


def told_by_the_oracle(raw: Raw, road_map: Raw) -> State:
    """How the checker says the road map stands."""
    told = Oracle(raw, road_map).audit()
    if told["certified"]:
        return "certified"
    return "holds" if told["verdict"] == "holds" else "fails"


SPANS = {"response_lag": (1, 4), "takes": (1, 4), "exit_cost": (0, 40), "cost": (0, 40), "flow": (-6, 6)}


def asked_of(raw: Raw, path: str, road_map: Raw, points: int = 5) -> Threshold:
    """A threshold over a range in which something may happen."""
    low, high = SPANS.get(path.rpartition(".")[2], ("0.05", "0.95"))
    return dt.threshold(raw, path, road_map, low=low, high=high, points=points, tolerance="0.01")


@pytest.mark.parametrize("part", range(4))
def test_verdicts_and_brackets_are_the_oracles(part: int) -> None:
    changes, steady = 0, 0
    for seed in count(1000 * part):
        rng = random.Random(seed)
        raw = random_case(rng, parties=(2, 3), measures=(2, 4), periods=(3, 5))
        road_map = random_road_map(rng, raw, violating=0.0)
        found = asked_of(raw, path := paths_of(raw, rng)[0], road_map)
        if len(found.intervals()) > 1:
            changes += 1
        elif steady < examples(2):
            steady += 1
        else:
            continue
        check(found, raw, road_map, path, rng)
        if changes == examples(3):
            break


def check(found: Threshold, raw: Raw, road_map: Raw, path: str, rng: random.Random) -> None:
    """Every interval's ends and a point within, every bracket, and the numbers told, from scratch."""
    axis = found.axes[0]
    runs = found.intervals()
    ends = {x for r in runs for x in (r.first, r.last)}
    inner = [p.at[0] for p in found.points if p.at[0] not in ends]
    for x in [*ends, *rng.sample(inner, min(1, len(inner)))]:
        point = next(p for p in found.points if p.at == (x,))
        assert point.state == told_by_the_oracle(varied(raw, path, x), road_map), (path, x)
    for a, b in pairwise(runs):
        assert a.ends == b.begins == (a.last, b.first)
        assert b.first - a.last <= (1 if axis.whole else axis.tolerance)
        assert a.states != b.states
    assert (runs[0].first, runs[0].begins, runs[-1].last, runs[-1].ends) == (axis.low, None, axis.high, None)
    for r in found.holding():
        states = [p.state for p in found.points if r.first <= p.at[0] <= r.last]
        assert set(states) <= set(HOLDING)
    failing = [p for p in found.points if p.state == "fails"]
    assert all(p.tempted or p.reason for p in failing)


@pytest.mark.parametrize("seed", range(examples(6)))
def test_who_is_tempted_is_so_for_as_much(seed: int) -> None:
    rng = random.Random(7000 + seed)
    raw = random_case(rng, measures=(2, 4), periods=(3, 6))
    road_map = random_road_map(rng, raw, violating=0.0)
    path = paths_of(raw, rng)[0]
    found = asked_of(raw, path, road_map, points=2)
    for p in found.points:
        oracle = Oracle(varied(raw, path, p.at[0]), road_map)
        solid = {i: [m for m in each if m is not None] for i, each in oracle.solid_margins.items()}
        if not p.weakest:
            continue
        assert {w.party: w.margin for w in p.weakest} == {
            i: pytest.approx(float(min(each)), abs=1e-7) for i, each in solid.items() if each
        }
        assert {w.party for w in p.tempted} == {i for i, each in solid.items() if any(m < 0 for m in each)}


@pytest.mark.parametrize("seed", range(examples(8)))
def test_any_certified_road_map_is_brute_forces(seed: int) -> None:
    rng = random.Random(seed)
    raw = random_case(
        rng,
        parties=(2, 2),
        measures=(2, 3),
        periods=(3, 4),
        features={"detect", "once", "private"},
    )
    goal = {"id": "g1", "owner": "P1", "kind": "goal", "of": "g", "strength": "must", "weight": "1"}
    works = sorted(k for k, m in raw["measures"].items() if m["members"] is None and not m["done"])
    raw["clauses"] = [{**goal, "text": f"{works[0]} by {raw['periods'] - 1}"}]
    path = f"party.{rng.choice(sorted(raw['parties']))}.exit_cost"
    found = dt.threshold(raw, path, low=0, high=4, points=3, tolerance=1, keep=["g"], work_limit=20_000)
    for p in found.points:
        brute = BruteForce(
            {**varied(raw, path, p.at[0]), "clauses": [{**raw["clauses"][0], "kind": "red-line"}]}, epsilon=0.001
        )
        assert p.state == ("certified" if brute.all_certified() else "fails"), (seed, p.at)
        if p.road_map is not None:
            assert dt.audit(varied(raw, path, p.at[0]), p.road_map, keep=["g"]).certified


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("faction.us-hawks.weight", "weight of American hawks in United States"),
        ("faction.us-hawks.weights.relief", 'weight of "relief" for American hawks'),
        ("party.US.ratify", "share of its factions that United States needs to ratify"),
    ],
)
def test_numbers_of_factions_have_words(camps: dt.Case, path: str, title: str) -> None:
    assert span(camps, Range((path,)), 5, Decimal("0.01"), stated=False).axis.title == title


# ------------------------------------------------------------------ the scan, on verdicts made up


class _MadeUp:
    """A judge by a rule; remembers what it was asked."""

    def __init__(self, rule: Any, most: int = 10_000) -> None:
        self.rule, self.most, self.asked = rule, most, list[At]()

    def at(self, values: At) -> Point:
        if len(self.asked) == self.most:
            raise Stopped
        self.asked.append(values)
        return Point(values, self.rule(*values), "made up")


def made_span(points: int = 11, tolerance: str = "0.001", whole: bool = False) -> Span:
    """From 0 to 1, or to 10 where whole."""
    high = Decimal(10) if whole else Decimal(1)
    axis = Axis(("x",), "x", "", whole, Decimal(0), high, high / (points - 1), Decimal(tolerance))
    return Span((), axis, tuple(high * n / (points - 1) for n in range(points)))


def test_changes_that_are_not_monotone_are_all_found() -> None:
    stretches = [(Decimal("0.123"), Decimal("0.31")), (Decimal("0.55"), Decimal("0.8512"))]
    scan = Scan([made_span()], _MadeUp(lambda x: "holds" if any(a <= x <= b for a, b in stretches) else "fails"), _hush)
    scan.run()
    found = answer(scan)
    held = found.holding()
    assert len(held) == 2
    for interval, (a, b) in zip(held, stretches, strict=True):
        assert interval.begins is not None
        assert interval.ends is not None
        assert interval.begins[0] < a <= interval.begins[1]
        assert interval.ends[0] <= b < interval.ends[1]
        assert interval.begins[1] - interval.begins[0] <= Decimal("0.001")


def test_a_third_state_between_two_is_found_on_the_way() -> None:
    def rule(x: Decimal) -> State:
        return "fails" if x < Decimal("0.41") else "holds" if x < Decimal("0.43") else "certified"

    scan = Scan([made_span()], _MadeUp(rule), _hush)
    scan.run()
    found = answer(scan)
    assert [i.states for i in found.intervals()] == [("fails",), ("holds",), ("certified",)]
    (held,) = found.holding()
    assert held.states == ("holds", "certified")


def test_whole_numbers_are_all_tried_and_nothing_between() -> None:
    judge = _MadeUp(lambda x: "holds" if x in (3, 7) else "fails")
    scan = Scan([made_span(whole=True)], judge, _hush)
    scan.run()
    assert sorted(judge.asked) == [(Decimal(n),) for n in range(11)]
    assert [(i.first, i.last) for i in answer(scan).holding()] == [(3, 3), (7, 7)]


def test_what_is_not_known_is_never_told_as_failing() -> None:
    scan = Scan([made_span()], _MadeUp(lambda x: "unknown" if x < Decimal("0.35") else "certified"), _hush)
    scan.run()
    found = answer(scan)
    assert found.outcome == "holds"
    assert [i.states for i in found.intervals()] == [("unknown",), ("certified",)]
    assert "not known at 0.34" in str(found)
    assert "not yet" not in str(found)
    nothing = Scan([made_span()], _MadeUp(lambda x: "fails" if x > 0 else "unknown"), _hush)
    nothing.run()
    assert answer(nothing).outcome == "unknown"


def test_a_scan_that_is_stopped_keeps_what_it_has_spread_over_the_whole() -> None:
    scan = Scan([made_span()], _MadeUp(lambda x: "holds" if x > Decimal("0.5") else "fails", most=5), _hush)
    scan.run()
    assert scan.cut == "interrupted"
    found = answer(scan)
    assert [p.at[0] for p in found.points] == [Decimal(x) for x in ("0", "0.2", "0.5", "0.7", "1")]
    assert found.left_out == 6
    (held,) = found.holding()
    assert held.begins == (Decimal("0.5"), Decimal("0.7"))
    assert "6 of 11 values were not looked at" in str(found)
    assert "narrowed down" not in str(found)


def test_a_map_narrows_changes_down_along_both_numbers() -> None:
    scan = Scan(
        [made_span(6), made_span(6)], _MadeUp(lambda x, y: "holds" if x + y > Decimal("0.93") else "fails"), _hush
    )
    scan.run()
    found = answer(scan)
    for c in found.crossings():
        assert c.above - c.below <= Decimal("0.001")
        assert c.beside + c.below <= Decimal("0.93") < c.beside + c.above
    assert len([c for c in found.crossings() if c.axis == 0]) == len([c for c in found.crossings() if c.axis == 1]) == 5


def test_a_map_that_was_stopped_shows_what_is_not_known() -> None:
    scan = Scan([made_span(3), made_span(3)], _MadeUp(lambda x, y: "holds", most=4), _hush)
    scan.run()
    text = str(answer(scan))
    assert "?" in text
    assert "5 of 9 values were not looked at" in text


def _hush(text: str) -> None:
    """Hears nothing."""


def answer(scan: Scan) -> Threshold:
    """What a scan comes to."""
    axes, grid = tuple(s.axis for s in scan.spans), tuple(s.values for s in scan.spans)
    points = tuple(scan.points[at] for at in sorted(scan.points))
    return Threshold("road-map", dt.RoadMap(), axes, points, grid, None, Provenance("", "", None, Run(cut=scan.cut)))


# ------------------------------------------------------------------ what is varied


@pytest.mark.parametrize(
    ("path", "low", "high", "unit", "title"),
    [
        ("party.US.lag", 1, 12, "quarters", "response lag of United States"),
        ("party.US.hazard", 0, "0.999", "a year", "hazard of United States"),
        ("case.discount", "0.001", "0.999", "a year", "common discount factor"),
        ("party.DPRK.exit_cost", 0, 4, "", "exit cost of North Korea"),
        ("weight.US.programme", "0.30", "0.70", "", 'weight of "programme" for United States'),
        ("measure.elwr.takes", 0, 24, "quarters", 'work on "Dismantle the experimental light-water reactor"'),
        ("measure.reactor-dismantle.takes", 0, 39, "quarters", None),
        ("measure.uep-disable.undo.takes", 0, 12, "quarters", None),
        ("measure.uep-disable.undo.chance", 0, 1, "", None),
        ("measure.uep-disable.detect.base", 0, 1, "a quarter", None),
        ("measure.uep-disable.detect.with.inspect-yongbyon.detect", 0, 1, "a quarter", None),
        ("measure.uep-disable.facts.programme", 2, 5, "", '"programme" of "Stop and disable enrichment at Yongbyon"'),
        ("resource.teams.capacity.2020-Q1", 0, 10, "", "resources.teams.capacity.2020-Q1"),
    ],
)
def test_where_a_number_is_varied_if_nothing_is_said(
    dprk: dt.Case, path: str, low: Any, high: Any, unit: str, title: str | None
) -> None:
    found = span(dprk, Range((path,)), 5, Decimal("0.01"), stated=False)
    assert (found.axis.low, found.axis.high, found.axis.unit) == (Decimal(low), Decimal(high), unit)
    assert title in (None, found.axis.title)
    assert (found.values[0], found.values[-1]) == (Decimal(low), Decimal(high))


def test_values_are_counted_as_the_case_writes_them(dprk: dt.Case) -> None:
    case = dprk
    p = parameter(case, "party.US.hazard")
    assert (p.rate, p.stated, p.low, p.high) == ("year", Decimal("0.10"), Decimal("0.05"), Decimal("0.20"))
    assert p.setting(Decimal("0.2")) == "party.US.hazard=0.2 a year"
    varied_one = Varied(case, [[p]], [(Decimal(0), Decimal("0.5"))])
    yearly = dt.load(case, settings="party.US.hazard=0.2 a year")
    assert case_hash(varied_one.at([Decimal("0.2")])) == case_hash(yearly.resolved)
    quarterly = span(case, Range(("party.US.hazard",), "0.01 a quarter", "0.05 a quarter"), 5, Decimal("0.01"), True)
    assert quarterly.axis.unit == "a quarter"
    assert quarterly.axis.settings(Decimal("0.05")) == ("party.US.hazard=0.05 a quarter",)
    lag = span(case, Range(("party.US.lag",), "3 months", "1 year"), 5, Decimal(1), True)
    assert lag.values == (1, 2, 3, 4)


PATHS = (
    "party.US.hazard", "party.US.lag", "party.DPRK.exit_cost", "case.discount", "weight.DPRK.relief", "party.ROK.grace",
    "measure.fuel-plant.detect.base", "measure.fuel-plant.detect.with.inspect-yongbyon.detect",
    "measure.uep-disable.undo.takes", "measure.uep-disable.undo.chance", "measure.uep-disable.undo.cost",
    "measure.uep-disable.facts.programme", "measure.fuel-plant.takes", "resource.teams.capacity.2020-Q1",
    "measure.elwr.after.inspect-yongbyon.wait", "faction.us-hawks.weight", "party.US.ratify", "body.council.quota",
    "faction.us-hawks.weights.relief",
)  # fmt: skip
READ_ANEW = ("proposals.us-big-deal.clauses.big-7.weight", "case.pocketing_share")


def _varied(case: dt.Case, paths: Sequence[str]) -> tuple[Varied, list[Decimal], list[Decimal]]:
    """The case with these numbers varied each by itself, the least value of each, and one in between."""
    found = [parameter(case, path) for path in paths]
    at = [
        [Decimal(n) for n in ((1, 5, 8) if p.whole or "capacity" in p.path else ("0.2", "0.437", "0.9"))] for p in found
    ]
    return (
        Varied(case, [[p] for p in found], [(low, high) for low, _, high in at]),
        [x[0] for x in at],
        [x[1] for x in at],
    )


def test_a_varied_case_is_the_case_with_those_settings(camps: dt.Case, monkeypatch: pytest.MonkeyPatch) -> None:
    one, low, between = _varied(camps, PATHS)
    wanted = case_hash(dt.load(camps, settings=one.settings(between)).resolved)
    monkeypatch.setattr(Varied, "_loaded", None)  # so that nothing can be read anew
    assert case_hash(one.at(between)) == wanted
    for n, path in enumerate(PATHS):
        other = [*between[:n], low[n], *between[n + 1 :]]
        assert case_hash(one.at(other)) != wanted or path == "party.ROK.grace", path


@pytest.mark.parametrize("path", READ_ANEW)
def test_what_is_resolved_only_once_is_read_anew(camps: dt.Case, path: str) -> None:
    one, low, between = _varied(camps, [path])
    wanted = case_hash(dt.load(camps, settings=one.settings(between)).resolved)
    assert case_hash(one.at(between)) == wanted != case_hash(one.at(low))


def test_resolved_cases_are_varied_too() -> None:
    resolved = dt.load(dt.load(EXCHANGE).resolved)
    found = dt.threshold(resolved, "party.A.response_lag", {"starts": {}}, high=12, low=1)
    assert [(i.first, i.last) for i in found.holding()] == [(1, 10)]
    (base,) = dt.threshold(resolved, "measure.a.detect.base", {"starts": {}}, tolerance="0.01").holding()
    assert base.begins is not None
    assert base.begins[0] < Decimal("0.0556") <= base.begins[1] + Decimal("0.0001")
    with pytest.raises(dt.InputError, match=r"DET022(.|\n)*has no weights"):
        dt.threshold(resolved, "weight.A.x", {"starts": {}})
    with pytest.raises(dt.InputError, match=r'DET022(.|\n)*there is no "lag"(.|\n)*response_lag'):
        dt.threshold(resolved, "party.A.lag", {"starts": {}})


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"of": "party.A.lga"}, 'DET022.*there is no "lga"(.|\n)*did you mean "lag"'),
        ({"of": "party.C.lag"}, 'DET022.*there is no "C"'),
        ({"of": "measure.a.public"}, "DET721.*leads to no number"),
        ({"of": "measure.a"}, "DET721"),
        ({"of": "case.periods"}, "DET721"),
        ({"of": ""}, "DET021"),
        ({"of": "party.A.lag", "low": 5, "high": 2}, "DET722.*from 5 to 2"),
        ({"of": "party.A.lag", "low": "1.5"}, "DET110"),
        ({"of": "party.A.lag", "low": 0, "high": 3}, "DET207(.|\n)*--set party.A.lag=0"),
        ({"of": "case.discount", "high": 1}, "DET204"),
        ({"of": "measure.a.detect", "high": 2}, "DET206"),
        ({"of": "measure.a.detect", "points": 3000}, "DET722.*3000 values"),
        ({"of": "measure.a.detect", "tolerance": 0}, "DET722.*tolerance"),
        ({"of": "measure.a.detect", "tolerance": "x"}, "DET722.*tolerance"),
        ({"of": "measure.a.value.A.once"}, "DET722(.|\n)*give --from and --to"),
        ({"of": "party.A.lag,case.discount"}, "DET722.*one value"),
        ({"of": ["party.A.lag", "party.B.lag", "case.discount"]}, "DET722.*3 parameters"),
        ({"of": ["party.A.lga", "measure.a.public"]}, "DET022(.|\n)*DET721"),
        ({"of": 3}, "DET714.*of is 3"),
        ({"of": "party.A.lag", "low": [1, 2]}, "DET715.*low has 2 entries"),
        ({"of": "party.A.lag", "points": 1}, "DET715.*points is 1"),
        ({"of": "party.A.lag", "keep": "nobody"}, "DET701"),
        ({"of": "case.discount", "low": "0.5 a month", "high": "0.9 a year"}, "DET722.*different units"),
    ],
)
def test_what_cannot_be_varied(asked: dict[str, Any], told: str) -> None:
    with pytest.raises(dt.InputError, match=told):
        dt.threshold(EXCHANGE, road_map={"starts": {}}, **asked)


# ------------------------------------------------------------------ the verb


def test_limits_and_stopping() -> None:
    case = dt.load("two-steps")
    stop = threading.Event()
    stop.set()
    asked = Asked((Range(("party.Hills.exit_cost",)),), dt.load_road_map("in-turn", case))
    stopped = threshold(case, asked, stop=stop)
    assert stopped.provenance.run.cut == "interrupted"
    assert stopped.outcome == "unknown"
    late = dt.threshold(case, "party.Hills.exit_cost", "in-turn", time_limit=0)
    assert late.provenance.run.cut == "clock"
    assert not late.provenance.run.to_dict()["reproducible"]
    assert "Nothing was looked at" in str(late)


def test_where_no_road_map_is_given_the_planner_is_asked() -> None:
    found = dt.threshold("two-steps", "measure.power.value.Hills.flow", keep="green-fields", work_limit=50_000)
    (interval,) = found.holding()
    assert interval.begins == (Decimal("3.5"), Decimal("3.6"))
    for p in found.points:
        if p.state == "certified":
            assert p.road_map is not None
            case = dt.load("two-steps", settings=found.axes[0].settings(p.at[0]))
            assert dt.audit(case, p.road_map, keep="green-fields").certified
        else:
            assert p.reason.startswith("Proved")
    none = dt.threshold("two-steps", "party.Plains.lag", keep="plains-says", low=1, high=3, work_limit=50_000)
    assert none.outcome == "fails"
    assert "None exists at any of the 3 values tried" in str(none)


def test_binding_clauses_count_for_certified_only() -> None:
    case = dt.load("two-steps")
    of = "measure.water.detect.with.gauge.detect"
    (free,) = dt.threshold(case, of, "in-turn", tolerance="0.01").holding()
    (kept,) = dt.threshold(case, of, "in-turn", tolerance="0.01", keep="plains-says").holding()
    assert (free.states, kept.states) == (("certified",), ("holds",))
    assert free.begins == kept.begins


def test_an_answer_is_written_with_decimals_as_text_and_found_again() -> None:
    found = dt.threshold("two-steps", "party.Hills.exit_cost", "plains-draft", tolerance="0.01")
    data = found.to_dict()
    assert data["format"] == "detente/threshold/1"
    assert (data["question"], data["outcome"], data["road_map"]) == ("road-map", "holds", "plains-draft")
    assert [i["states"] for i in data["intervals"]] == [["fails"], ["holds"]]
    (held,) = data["holding"]
    low, high = held["begins"]
    for text, verdict in ((low, "fails"), (high, "holds")):
        settings = f"party.Hills.exit_cost={text}"
        assert dt.audit(dt.load("two-steps", settings=settings), "plains-draft", cures=False).verdict == verdict
    text = str(found)
    assert max(len(line) for line in text.split("\n")) <= 100
    assert f"from {high} on, not yet at {low}" in text
    assert "Hills would not sign" in text
    assert repr(found).startswith("<Threshold of party.Hills.exit_cost: holds at")
    assert "<svg" in found._repr_html_()  # type: ignore[attr-defined]
