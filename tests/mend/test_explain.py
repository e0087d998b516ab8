"""Explaining: what cannot all be had and what is enough to give up, against trying all; limits, words, places."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

import detente as dt
from detente.case.load import Case, load_case
from detente.case.read import shipped
from detente.cli.main import run
from detente.mend.explain import Asked, explain
from detente.results.conflict import Miss, Stated
from detente.results.explain import Explanation
from tests.depth import examples
from tests.making import Raw
from tests.oracle.clauses import clause_holds
from tests.oracle.constants import reserve
from tests.oracle.enumeration import BruteForce
from tests.oracle.judge import Oracle
from tests.plan.test_conflict import MOST_CONDITIONS, Tried, drawn

Capture = pytest.CaptureFixture[str]
KEEP = ("offer",)


def certified(raw: Raw, starts: dict[str, int], waived: frozenset[str]) -> bool:
    """Whether a road map is certified but for what is waived, by the other checker."""
    force = BruteForce(raw, keep=frozenset(KEEP), waived=waived)
    return force.certified(tuple(starts.get(name) for name in force.fast.names))


def missed(raw: Raw, starts: dict[str, int], one: Stated) -> float:
    """By how much a road map misses a condition, by the other checker."""
    oracle = Oracle(raw, {"starts": starts})
    if one.kind == "clause":
        return float(clause_holds(oracle.schedule, one.text)[1])
    if one.kind == "signs":
        return max(0.0, float(reserve(oracle.case)[one.party] - oracle.kept[one.party][0]))
    return max(0.0, float(-min(oracle.margins[one.party])))


def check(seed: int) -> Explanation | None:
    raw, _ = drawn(seed)
    case = load_case(raw)
    answer = explain(case, Asked(KEEP, objective="welfare", most=20, time_limit=None))
    names = frozenset(_names(case))
    if len(names) > MOST_CONDITIONS:
        return None
    tried = Tried(raw, names)
    assert answer.outcome == ("plan" if tried.possible(names) else "conflict")
    assert json.loads(answer.to_json()) == answer.to_dict()
    if answer.audit is not None:
        assert certified(raw, dict(answer.audit.road_map.starts), frozenset())
        return answer
    assert answer.conflict is not None
    members = frozenset(m.name for m in answer.conflict.members)
    assert not tried.possible(members)
    assert answer.conflict.minimal
    assert answer.conflict.smallest
    assert len(members) == tried.smallest_conflict()
    for name, road_map in answer.conflict.without.items():
        assert certified(raw, dict(road_map.starts), names - members | {name})
    assert answer.every
    assert {frozenset(w.name for w in r.waived) for r in answer.relaxations} == tried.corrections()
    for one in answer.found:
        assert one.road_map is not None
        starts = dict(one.road_map.starts)
        assert certified(raw, starts, frozenset(w.name for w in one.waived))
        for waived, miss in zip(one.waived, one.misses, strict=True):
            assert _close(miss, missed(raw, starts, waived)), (waived.name, miss)
    return answer


def _names(case: Case) -> list[str]:
    from detente.plan.conditions import conditions

    return [c.name for c in conditions(case.resolved, KEEP)]


def _close(miss: Miss, found: float) -> bool:
    return miss.amount == pytest.approx(found, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("batch", range(examples(3)))
def test_explanations_agree_with_trying_all(batch: int) -> None:
    seen = []
    for seed in range(80_000 + 8 * batch, 80_000 + 8 * batch + 8):
        try:
            seen.append(check(seed))
        except AssertionError as error:
            raise AssertionError(f"seed {seed}: {error}") from error
    assert any(one is not None and one.outcome == "conflict" for one in seen)


@pytest.fixture(scope="module")
def river() -> Explanation:
    return dt.explain("two-steps", keep=["plains-says", "hills-says"], time_limit=None)


def test_what_the_two_of_the_river_cannot_both_have(river: Explanation) -> None:
    """Power in 2030 and no power before the weir is gone, which takes until 2031: no interest needs to be asked."""
    assert river.conflict is not None
    assert [m.name for m in river.conflict.members] == ["plains-1", "hills-2"]
    assert river.conflict.smallest
    assert [w.name for w in river.found[0].waived] == ["plains-1"]
    assert river.every
    assert river.provenance.run.cut is None


def test_places_lead_to_the_clauses(river: Explanation) -> None:
    lines = shipped()["two-steps"].read_text(encoding="utf-8").splitlines()
    assert river.conflict is not None
    for one in (*river.conflict.members, *(w for r in river.relaxations for w in r.waived)):
        file, _, line = one.where.rpartition(":")
        assert file == "two-steps/case.yaml"
        sought = f"id: {one.name}," if one.kind == "clause" else f"  {one.party}: {{name"
        assert sought in lines[int(line) - 1]


def test_what_an_overlay_changes_is_placed_there(tmp_path: Path) -> None:
    over = tmp_path / "mine.yaml"
    lines = ["detente: 1", "overlay: true", "positions:", "  hills-says:", "    clauses:"]
    over.write_text("\n".join([*lines, "      - {id: hills-2, must: power by 2031}"]))
    case = dt.load("two-steps", overlays=over)
    told = explain(case, Asked(("plains-says", "hills-2"), time_limit=None))
    assert told.conflict is not None
    places = {m.name: m.where for m in told.conflict.members}
    assert places == {"plains-1": "two-steps/case.yaml:69", "hills-2": f"{over}:6"}


def test_nothing_to_explain(capsys: Capture) -> None:
    assert run(["explain", "two-steps", "--keep", "green-fields"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("NOTHING TO EXPLAIN: there is a certified road map")
    assert "Take the weir down" in told


def test_a_conflict_is_told_with_words_and_places(capsys: Capture) -> None:
    assert run(["explain", "two-steps", "--keep", "plains-says", "--keep", "hills-says"]) == 3
    told = capsys.readouterr().out
    assert told.startswith("NO ROAD MAP that keeps “First the weir” and “The weir stays” is signed and holds")
    assert "    - “Send electricity” by 2030 (hills-2, two-steps/case.yaml:74)\n" in told
    assert "No conflict has fewer conditions.\n" in told
    assert "  1  “Take the weir down” before “Send electricity” (plains-1).\n     Buys a road map of 3 measures" in told
    assert max(len(line) for line in told.split("\n")) <= 100


def test_a_limit_is_never_a_no(capsys: Capture) -> None:
    assert run(["explain", "two-steps", "--keep", "plains-says", "--work-limit", "0"]) == 4
    told = capsys.readouterr().out
    assert told.startswith("NOT KNOWN whether a road map that keeps “First the weir” is signed and holds")
    assert "NO ROAD MAP" not in told
    assert "roved" not in told
    answer = dt.explain("two-steps", keep="plains-says", work_limit=0)
    assert (answer.outcome, answer.conflict, answer.provenance.run.cut) == ("unknown", None, "work-limit")


@pytest.mark.parametrize("work", [1, 2, 3, 5, 8, 13, 30, 100])
def test_what_a_work_limit_leaves_open_is_said(work: int) -> None:
    """However little work is allowed, what is said to be needed, smallest, minimal or enough is so; twice the same."""
    answer = dt.explain("two-steps", keep="plains-says", work_limit=work)
    again = dt.explain("two-steps", keep="plains-says", work_limit=work)
    assert {**answer.to_dict(), "run": None} == {**again.to_dict(), "run": None}
    if answer.conflict is None:
        assert answer.outcome == "unknown"
        return
    names = {m.name for m in answer.conflict.members}
    assert {"plains-1", "plains-2", "signs:Hills"} <= names or "stays:Hills" in names
    assert answer.conflict.at_least <= 3
    if answer.conflict.smallest:
        assert len(names) == 3
    for one in answer.found:
        assert one.minimal
        assert one.road_map is not None


@pytest.mark.parametrize("after", [2, 3, 4])
def test_an_interrupt_gives_what_is_known(after: int) -> None:
    """The first thing told is that the search begins; from then on there is something to give."""
    heard: list[str] = []

    def stop(text: str) -> None:
        heard.append(text)
        if len(heard) == after:
            raise KeyboardInterrupt

    answer = explain(dt.load("two-steps"), Asked(("plains-says",), time_limit=None), stop)
    assert answer.provenance.run.cut == "interrupted"
    assert answer.outcome == "conflict"
    assert answer.conflict is not None


def test_what_was_stopped_before_it_began_is_unknown() -> None:
    ended = threading.Event()
    ended.set()
    answer = explain(dt.load("two-steps"), Asked(("plains-says",)), stop=ended)
    assert (answer.outcome, answer.provenance.run.cut) == ("unknown", "interrupted")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (["--keep", "plain-says"], 'did you mean "plains-says"'),
        (["--objective", "fast"], "error[DET709]"),
        (["--margin", "-1"], "error: "),
        (["-o", "no-such-folder/x.json"], "error[DET711]"),
    ],
)
def test_what_cannot_be_asked(asked: list[str], told: str, capsys: Capture) -> None:
    assert run(["explain", "two-steps", *asked]) == 2
    printed = capsys.readouterr()
    assert told in printed.err
    assert "Traceback" not in printed.err


def test_json_only(tmp_path: Path, capsys: Capture) -> None:
    file = tmp_path / "why.json"
    assert run(["explain", "two-steps", "--keep", "plains-says", "--json", "-o", str(file)]) == 3
    printed = json.loads(capsys.readouterr().out)
    assert printed == json.loads(file.read_text(encoding="utf-8"))
    assert printed["format"] == "detente/explain/1"
    assert {"outcome", "keep", "margin_required", "starts", "conflict", "relaxations", "every"} <= set(printed)
    assert set(printed["conflict"]) == {"members", "without", "minimal", "smallest", "at_least"}


def test_in_a_notebook(river: Explanation) -> None:
    html = river._repr_html_()  # type: ignore[attr-defined]
    assert "Take the weir down" in html
    assert "two-steps/case.yaml:69" in html
