"""The gap between two texts: dates, orders, what each rules out, goals and the crux, against trying every road map."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

import detente as dt
from detente.bargain.gap import Asked, gap
from detente.bargain.sides import sides
from detente.case.load import Case, load_case
from detente.cli.main import run
from detente.report.charts.gap import gap as chart
from detente.report.gap_text import gap_text
from detente.results.gap import Gap, OrderConflict, SubjectGap
from tests.bargain.making import clause, random_clause
from tests.depth import examples
from tests.making import Raw, case, measure
from tests.oracle.clauses import clause_holds
from tests.oracle.enumeration import BruteForce
from tests.oracle.random_cases import random_case
from tests.oracle.reading import Schedule

Capture = pytest.CaptureFixture[str]
TEXTS = ("one", "other")


def drawn(seed: int) -> tuple[Raw, Case, BruteForce, list[Schedule]]:
    """A small random case with two positions and a goal, and all its road maps."""
    rng = random.Random(seed)
    raw = random_case(rng, parties=(2, 2), measures=(3, 4), periods=(3, 4))
    clauses = []
    for text in TEXTS:
        for n in range(rng.randrange(1, 4)):
            strength = "want" if n and rng.random() < 0.25 else "must"
            clauses.append(clause(f"{text}-{n}", random_clause(rng, raw), text, "position") | {"strength": strength})
    clauses.append(clause("goal-0", random_clause(rng, raw), "win", "goal"))
    raw["clauses"] = clauses
    force = BruteForce(raw, keep=frozenset(TEXTS))
    return raw, load_case(raw), force, [force.schedule(s) for s in force.road_maps()]


class Tried:
    """What both texts allow."""

    def __init__(self, raw: Raw, every: list[Schedule]) -> None:
        self.raw, self.every, self.T = raw, every, raw["periods"]
        self.allowed = [[s for s in every if self.keeps(s, text)] for text in TEXTS]

    def keeps(self, s: Schedule, text: str) -> bool:
        return all(clause_holds(s, c["text"])[0] for c in self.raw["clauses"] if c["of"] == text and self.must(c))

    @staticmethod
    def must(c: Raw) -> bool:
        return bool(c["strength"] == "must")

    def comes(self, s: Schedule, k: str) -> int:
        date = s.comes[k]
        return self.T if date is None else date

    def check_dates(self, one: SubjectGap) -> None:
        """A side's window holds in all road maps that its text allows; what no date suits nothing suits."""
        for n, wish in enumerate(one.wishes):
            if wish is not None and wish.strength == "must":
                for s in self.allowed[n]:
                    assert wish.window[0] <= self.comes(s, one.subject) <= wish.window[1], (one.subject, n)
        if one.relation in ("presence", "apart") and all(w is not None and w.strength == "must" for w in one.wishes):
            assert not [s for s in self.allowed[0] if s in self.allowed[1]], one.subject

    def check_order(self, one: OrderConflict, strengths: dict[str, str]) -> None:
        """Where only musts are concerned no road map that a text allows has the two the other way round."""
        for n, (x, y) in enumerate(((one.first, one.then), (one.then, one.first))):
            if all(strengths[c] == "must" for c in one.chains[n]):
                for s in self.allowed[n]:
                    if s.comes[y] is not None:
                        assert s.comes[x] is not None
                        start = s.starts.get(y, self.comes(s, y))
                        assert self.comes(s, x) <= start, (one.first, one.then)


def check(seed: int) -> Gap:
    raw, loaded, force, every = drawn(seed)
    found = gap(loaded, Asked(TEXTS, time_limit=None))
    tried = Tried(raw, every)
    assert json.loads(found.to_json()) == found.to_dict()
    for one in found.subjects:
        tried.check_dates(one)
    for order in found.orders:
        tried.check_order(order, {c["id"]: c["strength"] for c in raw["clauses"]})
    _check_against(found, tried)
    _check_crux(found, raw, force)
    for reading in found.readings:
        if reading.row.road_map is not None:
            schedule = Schedule(raw, dict(reading.row.road_map.starts))
            goal = next(c for c in raw["clauses"] if c["of"] == "win")
            holds, distance = clause_holds(schedule, goal["text"])
            (told,) = reading.goals
            assert told.reached is holds
            assert [c.distance for c in told.missed] == ([] if holds else [pytest.approx(float(distance))])
    return found


def _check_against(found: Gap, tried: Tried) -> None:
    T, texts = tried.T, {c["id"]: c["text"] for c in tried.raw["clauses"]}
    for told in found.against:
        other = tried.allowed[1 - told.side]
        kept = {clause_holds(s, texts[told.clause])[0] for s in other}
        assert told.standing == ("depends" if len(kept) == 2 else "always" if True in kept else "never"), told.clause
        if told.soonest is not None:
            words = texts[told.clause].rpartition(" ")
            at = [t for t in range(T) if any(clause_holds(s, f"{words[0]} {t}")[0] for s in other)]
            assert told.soonest == min(at, default=T), told.clause
            assert told.late == (told.soonest - int(words[2]) if at else None)
    asked = {c["id"] for c in tried.raw["clauses"] if c["of"] in TEXTS and tried.must(c)}
    consistent = {f"{text}" for n, text in enumerate(TEXTS) if tried.allowed[1 - n]}
    assert {a.clause for a in found.against} == {id for id in asked if id.rpartition("-")[0] in consistent}


def _check_crux(found: Gap, raw: Raw, force: BruteForce) -> None:
    possible = any(force.certified(s) for s in force.road_maps())
    assert found.together == ("possible" if possible else "impossible")
    assert (found.crux is None) is possible
    owners = [p for p in raw["parties"] if any(m["by"] == p for m in raw["measures"].values())]
    every = {c["id"] for c in raw["clauses"] if c["of"] in TEXTS and c["strength"] == "must"}
    every |= {f"{kind}:{p}" for p in owners for kind in ("signs", "stays")}

    def can(names: set[str]) -> bool:
        less = BruteForce(raw, keep=frozenset(TEXTS), waived=frozenset(every - names))
        return any(less.certified(s) for s in less.road_maps())

    left = set(every)
    for n, one in enumerate((found.crux, *found.further) if found.crux else ()):
        assert one is not None
        members = {m.name for m in one.members}
        assert members <= left
        assert not can(members)
        assert all(can(members - {name}) for name in members)
        assert one.minimal
        assert one.smallest or n
        left -= members
    if found.crux is not None and len(found.further) < 3:
        assert can(left)


@pytest.mark.parametrize("batch", range(examples(4)))
def test_gaps_agree_with_trying_all(batch: int) -> None:
    seen = []
    for seed in range(90_000 + 6 * batch, 90_000 + 6 * batch + 6):
        try:
            seen.append(check(seed))
        except AssertionError as error:
            raise AssertionError(f"seed {seed}: {error}") from error
    assert any(one.together == "impossible" for one in seen)


def _measures(names: str) -> Raw:
    return {k: measure("A", {"B": 1}) for k in names}


def _text(text: str, of: str, n: int, strength: str = "must") -> Raw:
    return clause(f"{of}-{n}", text, of, "position") | {"owner": of, "strength": strength}


def _gap(one: list[str], other: list[str], **given: object) -> Gap:
    raw = case(_measures("wxyz"), periods=8, **given)
    raw["clauses"] = [_text(t, of, n) for of, texts in (("A", one), ("B", other)) for n, t in enumerate(texts)]
    return gap(load_case(raw), Asked(("A", "B"), time_limit=None))


@pytest.mark.parametrize(
    ("one", "other", "relation", "distance"),
    [
        ("x by 3", "never x", "presence", None),
        ("x by 3", "x not before 5", "apart", 2),
        ("x by 3", "x by 6", "differ", 3),
        ("x by 3", "x by 3", "agree", 0),
        ("x by 5", "x not before 3", "compatible", None),
        ("x by 5", "y by 5", "one-sided", None),
        ("x before y", "y by 5", "order", None),
        ("share of g at least 1 by 3", "never x", "presence", None),
        ("share of g at most 0 by 4", "x by 2", "apart", 3),
        ("share of g at least 0.5 by 3", "never x", "one-sided", None),
    ],
)
def test_how_wishes_for_a_measure_relate(one: str, other: str, relation: str, distance: float | None) -> None:
    found = _gap([one], [other], groups={"g": {"members": ["x", "y"], "by": "count"}})
    told = next(s for s in found.subjects if s.subject == "x")
    assert (told.relation, told.distance) == (relation, distance)


@pytest.mark.parametrize(
    ("one", "other", "relation", "distance", "unit"),
    [
        ("share of g at least 0.5 by 3", "share of g at most 0.25 by 5", "apart", 0.25, "share"),
        ("share of g at least 0.5 by 6", "share of g at most 0.25 by 5", "compatible", None, ""),
        ("share of g at least 0.5 by 3", "share of g at least 1 by 3", "differ", 0.5, "share"),
        ("share of g at least 0.5 by 3", "share of g at least 0.5 by 5", "differ", 2, "periods"),
        ("share of g at least 0.5 by 3", "share of g at least 0.5 by 3", "agree", 0, "periods"),
        ("share of g at least 0.5 by 3", "x by 3", "one-sided", None, ""),
    ],
)
def test_how_shares_of_a_group_relate(one: str, other: str, relation: str, distance: float, unit: str) -> None:
    found = _gap([one], [other], groups={"g": {"members": ["x", "y"], "by": "count"}})
    told = next(s for s in found.subjects if s.subject == "g")
    assert (told.relation, told.distance, told.unit) == (relation, distance, unit)


def _pairs(found: Gap) -> set[tuple[str, str, tuple[str, ...], tuple[str, ...]]]:
    return {(o.first, o.then, *o.chains) for o in found.orders}


def test_orders_that_are_opposite() -> None:
    assert _pairs(_gap(["x before y"], ["y before x"])) == {("x", "y", ("A-0",), ("B-0",))}
    assert not _gap(["x before y"], ["x before y", "y before z"]).orders


def test_texts_of_opposite_orders_that_are_kept_by_leaving_steps_out() -> None:
    raw = case(_measures("xy"), periods=8)
    raw["clauses"] = [_text("x before y", "A", 0), _text("y before x", "B", 0)]
    loaded = load_case(raw)
    found = gap(loaded, Asked(("A", "B"), time_limit=None))
    assert found.audit is not None
    gone = [k for k in "xy" if k not in found.audit.road_map]
    told = " ".join(gap_text(found, loaded.resolved).split())
    assert gone
    assert f"without steps whose order is disputed: {' and '.join(f'“{k}”' for k in gone)}." in told


def test_orders_that_follow_through_a_chain() -> None:
    found = _gap(["x before y", "y before z"], ["z before x"])
    assert _pairs(found) == {("x", "z", ("A-0", "A-1"), ("B-0",))}


def test_orders_of_groups_and_by_dates() -> None:
    groups = {"g": {"members": ["w", "x"], "by": "count"}, "h": {"members": ["y", "z"], "by": "count"}}
    found = _gap(["all of g before any of h"], ["y before x"], groups=groups)
    assert _pairs(found) == {("x", "y", ("A-0",), ("B-0",))}
    found = _gap(["x before y"], ["y by 2", "x not before 5"])
    assert _pairs(found) == {("x", "y", ("A-0",), ("B-0", "B-1"))}
    assert not _gap(["x before y"], ["y by 5", "x not before 5"]).orders


def test_what_the_case_prescribes_is_nobodys_wish() -> None:
    raw = case(_measures("xy") | {"z": measure("A", {"B": 1}, after=[{"measure": "y", "wait": 1}])}, periods=8)
    raw["clauses"] = [_text("z before x", "A", 0), _text("x before y", "B", 0), _text("y by 7", "B", 1)]
    found = gap(load_case(raw), Asked(("A", "B"), time_limit=None))
    assert _pairs(found) == {("y", "x", ("A-0",), ("B-0",)), ("z", "x", ("A-0",), ("B-0",))}
    raw["clauses"] = [_text("z before y", "A", 0), _text("x by 7", "B", 0)]
    assert not gap(load_case(raw), Asked(("A", "B"), time_limit=None)).orders


# ---------------------------------------------------------------- which texts


def test_the_latest_positions_are_taken() -> None:
    one, other = sides(dt.load("dprk-2019"))
    assert (one.name, other.name) == ("us-before-stockholm", "dprk-april")
    assert one.why == "the latest position of its owner"
    assert (one.date, other.date) == ("2019-10", "2019-04-12")


def test_proposals_stand_in_for_positions() -> None:
    raw = case(_measures("x") | {"y": measure("B", {"A": 1})}, periods=8)
    raw["clauses"] = [_text("x by 2", "A", 0), clause("b-0", "y by 3", "offer") | {"owner": "B"}]
    one, other = sides(load_case(raw))
    assert (one.kind, other.kind, other.name) == ("position", "proposal", "offer")
    assert other.why == "the last proposal of its owner, who has no position, as the case has them"


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["hills-say", "plains-says"], 'did you mean "hills-says"'),
        (["hills-says"], "two different texts"),
        (["hills-says", "hills-says"], "two different texts"),
        (["hills-says", "plains-says", "hills-draft"], "two different texts"),
        (["green-fields", "plains-says"], "DET751"),
    ],
)
def test_texts_that_cannot_be_taken(names: list[str], told: str, capsys: Capture) -> None:
    assert run(["gap", "two-steps", *names]) == 2
    printed = capsys.readouterr()
    assert told in printed.err
    assert "Traceback" not in printed.err


def test_a_case_without_texts() -> None:
    with pytest.raises(dt.InputError, match="DET751"):
        dt.gap(case(_measures("xy")))


# ---------------------------------------------------------------- what is told


def test_the_river(tmp_path: Path, capsys: Capture) -> None:
    file, drawing = tmp_path / "gap.json", tmp_path / "gap.svg"
    assert run(["gap", "two-steps", "-o", str(file), "--chart", str(drawing)]) == 0
    told = capsys.readouterr().out
    assert max(len(line) for line in told.split("\n")) <= 100
    assert "Both cannot be kept: it is proved" in told
    assert "    - “Send electricity” by 2030 (hills-2, two-steps/case.yaml:74)\n" in told
    assert "“Send electricity” by 2030 (hills-2): not before 2032\n" in told
    assert "  best form that holds        proved: no road map that keeps it is certified\n" in told
    assert "Let the summer water through" in drawing.read_text(encoding="utf-8")
    answer = json.loads(file.read_text(encoding="utf-8"))
    assert answer["format"] == "detente/gap/1"
    assert answer["order_conflicts"] == len(answer["orders"]) == 0
    assert [m["name"] for m in answer["crux"]["members"]] == ["plains-1", "hills-2"]


def test_two_proposals_that_can_both_be_kept(capsys: Capture) -> None:
    assert run(["gap", "two-steps", "hills-draft", "hills-says", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["together"] == "possible"
    assert answer["crux"] is None
    assert answer["audit"]["certified"]
    assert answer["starts"]["power"] == 0


def test_a_limit_is_never_a_no(capsys: Capture) -> None:
    assert run(["gap", "two-steps", "--work-limit", "0"]) == 4
    told = capsys.readouterr().out
    assert "Whether both can be kept is not known" in told
    assert "cannot be kept" not in told
    assert "The crux" not in told
    found = dt.gap("two-steps", work_limit=0)
    assert (found.together, found.crux, found.provenance.run.cut) == ("unknown", None, "work-limit")
    assert {**found.to_dict(), "run": None} == {**dt.gap("two-steps", work_limit=0).to_dict(), "run": None}


def test_an_interrupt_gives_what_is_known() -> None:
    def stop(text: str) -> None:
        heard.append(text)
        if text.startswith("reading"):
            raise KeyboardInterrupt

    heard: list[str] = []
    found = gap(dt.load("two-steps"), Asked(time_limit=None), stop)
    assert found.provenance.run.cut == "interrupted"
    assert found.crux is not None
    assert found.readings == ()


def test_a_chart_that_is_told_apart_without_colour() -> None:
    found = dt.gap("two-steps", work_limit=50_000)
    spec = chart(found, dt.resolve("two-steps"))
    marks = [x["mark"] for x in spec["layer"] if x["mark"]["type"] == "point" and "x" in x["data"]["values"][0]]
    assert {m["fill"] == "white" for m in marks if "fill" in m and m.get("shape") != "stroke"} == {True, False}


def test_in_a_notebook() -> None:
    found = dt.gap("two-steps", work_limit=50_000)
    html = found._repr_html_()  # type: ignore[attr-defined]
    assert "<svg" in html
    assert "The crux" in html
    assert "Let the summer water through" in html
