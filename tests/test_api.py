"""The public names, and what each verb takes and gives."""

from __future__ import annotations

import ast
import inspect
import json
import subprocess
import sys
from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import Any

import pytest

import detente as dt

PUBLIC = [
    "Afterwards", "Audit", "BargainingPoint", "Breach", "BriefFiles", "Case", "ClauseResult", "Comparison",
    "Conflict", "Cure", "DetenteError", "Diagnostic", "Differences", "DrawShares", "Driver", "Effect", "Explanation",
    "Finding", "Frontier", "FrontierPoint", "Gap", "InputError", "Interrupted", "LeastMargin", "Leverage", "NoPlan",
    "OutOfTime", "Placed", "Plan", "Price", "PricePoint", "Prospect", "Proved", "Relaxation", "Repair",
    "ResolvedCase", "RoadMap", "Round", "Rounds", "Row", "Simulation", "Sweep", "SweepRefusal", "SweepRow", "Threshold",
    "Verification", "WalkOut", "Why", "Worlds", "__version__", "add_round", "afterwards", "audit", "brief", "compare",
    "diff", "explain", "frontier", "gap", "load", "load_road_map", "plan", "price", "repair", "resolve", "rounds",
    "simulate", "sweep", "threshold", "verify", "why", "worlds",
]  # fmt: skip
WORK: dict[str, Any] = {"time_limit": None, "work_limit": 50_000}


@pytest.fixture(scope="module")
def case() -> dt.Case:
    return dt.load("two-steps")


@pytest.fixture(scope="module")
def plan(case: dt.Case) -> dt.Plan:
    found = dt.plan(case, **WORK)
    assert isinstance(found, dt.Plan)
    return found


def test_the_public_names() -> None:
    assert sorted(dt.__all__) == sorted(PUBLIC)
    assert sorted(dir(dt)) == sorted(PUBLIC)
    for name in PUBLIC:
        assert getattr(dt, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        dt.nothing  # type: ignore[attr-defined]  # noqa: B018


def test_the_stub_says_the_same() -> None:
    tree = ast.parse((Path(str(dt.__file__)).with_suffix(".pyi")).read_text(encoding="utf-8"))
    names = {alias.asname for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert names | {"__version__"} == set(PUBLIC)


def test_importing_costs_nothing() -> None:
    heavy = "('numpy', 'pydantic', 'highspy', 'ruamel', 'rich')"
    code = f"import sys, detente; print([m for m in {heavy} if m in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_a_room_that_bears_the_name_of_a_verb_is_both() -> None:
    import detente.audit.judge as judge

    assert "road_map" in inspect.signature(dt.audit).parameters
    assert dt.audit.judge is judge  # type: ignore[attr-defined]


def test_a_case_may_come_in_any_form(case: dt.Case, tmp_path: Path) -> None:
    resolved = dt.resolve(case)
    from detente.case.interchange import case_hash, resolved_to_dict

    file = tmp_path / "resolved.json"
    file.write_text(json.dumps(resolved_to_dict(resolved)), encoding="utf-8")
    for source in ("two-steps", case, resolved, resolved_to_dict(resolved), file):
        assert case_hash(dt.resolve(source)) == case_hash(resolved)
    changed = dt.load(case, settings=["party.Hills.exit_cost=1"])
    assert changed.name == case.name
    assert changed.resolved.parties["Hills"].exit_cost == 1
    assert case.resolved.parties["Hills"].exit_cost == 0
    assert repr(case) == "<Case Two neighbours and a river: 2 parties, 4 measures, 4 years from 2030-01-01>"


def test_a_road_map_may_come_in_any_form(case: dt.Case, tmp_path: Path) -> None:
    named = dt.load_road_map("in-turn", case)
    file = tmp_path / "map.json"
    file.write_text(json.dumps({"format": "detente/road-map/1", "starts": dict(named.starts)}), encoding="utf-8")
    for given in ("in-turn", named, dict(named.starts), file, {"starts": dict(named.starts)}):
        assert dt.load_road_map(given, case) == named
        assert dt.audit(case, given).verdict == "holds"


def _in_general_terms(clauses: list[str]) -> dict[str, Any]:
    """The shipped case with a proposal that has clauses only."""
    data: dict[str, Any] = json.loads(json.dumps(dt.load("two-steps").tree.data, default=str))
    data["proposals"] = {
        "talk": {"by": "Plains", "clauses": [{"id": f"t{n}", "must": text} for n, text in enumerate(clauses)]}
    }
    return data


def test_a_proposal_in_general_terms_is_completed_and_says_so() -> None:
    good = dt.load(_in_general_terms(["water by 2030", "power by 2031"]))
    assert dt.load_road_map("talk", good).name == "talk, best certified completion"
    assert dt.audit(good, "talk").certified
    bad = dt.load(_in_general_terms(["water by 2030", "weir by 2031", "weir before power", "power by 2032"]))
    name = dt.load_road_map("talk", bad).name
    assert name == "talk, best completion for Plains: no completion is certified"
    assert dt.audit(bad, "talk").verdict == "fails"
    wrong = dt.load(_in_general_terms(["never water", "water by 2031"]))
    with pytest.raises(dt.InputError, match="DET407"):
        dt.audit(wrong, "talk")


def test_answers_are_frozen_and_print_with_names_and_dates(case: dt.Case, plan: dt.Plan) -> None:
    with pytest.raises(FrozenInstanceError):
        plan.value = 0.0  # type: ignore[misc]
    text = str(plan)
    assert text.startswith(
        "PLAN (robust): a certified road map with 3 measures\nWeakest moment: Plains, 2030, margin 1"
    )
    assert "  2030    2030      Let the summer water through" in text
    audit = str(dt.audit(case, "in-turn-on-trust"))
    assert audit.startswith("FAILS: in-turn-on-trust\nHills would gain 2 by only pretending")
    assert "cure: add" in audit
    assert max(len(line) for line in f"{text}\n{audit}".split("\n")) <= 100


def test_answers_show_themselves_in_a_notebook(case: dt.Case, plan: dt.Plan) -> None:
    for answer in (plan, dt.audit(case, "in-turn")):
        html = answer._repr_html_()  # type: ignore[attr-defined]
        assert html.startswith('<div class="detente">')
        assert "Let the summer water through" in html or "Plains" in html
        assert "<svg" in html


def test_plans_verify(case: dt.Case, plan: dt.Plan) -> None:
    assert dt.verify(plan, case).agrees
    assert dt.verify(json.loads(plan.to_json()), case).agrees
    tampered = {**plan.to_dict(), "starts": {**plan.starts, "weir": 2}}
    assert not dt.verify(tampered, case).agrees
    kept = dt.plan(case, keep=["plains-1", "hills-2"], **WORK)
    assert isinstance(kept, dt.NoPlan) or dt.verify(kept, case).agrees


def test_no_plan_is_told_from_none_found(case: dt.Case) -> None:
    none = dt.plan(case, keep=["plains-draft"], **WORK)
    assert isinstance(none, dt.NoPlan)
    assert none.outcome == "none-exists"
    assert str(none).startswith("NO PLAN: it is proved that no road map is certified")
    assert '\n  Plains, proposal "First the weir, then the power": "water by 2030" (pd-1)\n' in str(none)


def test_an_empty_plan_says_that_no_margin_limits_it(case: dt.Case) -> None:
    found = dt.plan(case, time_limit=0)
    assert isinstance(found, dt.Plan)
    assert not found.starts
    assert found.unlimited
    told = " ".join(str(found).split())
    assert told.startswith("PLAN (robust): the empty road map: nobody does anything")
    assert "No margin limits its value: leaving it changes nothing for anybody." in told
    assert "Value" not in told
    assert repr(found) == "<Plan (robust): 0 measures, value without limit>"
    assert "no margin limits its value" in found._repr_html_()  # type: ignore[attr-defined]
    assert any(text.startswith("value:") for text in dt.verify(found, case).unchecked)


def test_why_and_diff(case: dt.Case) -> None:
    assert dt.why(case, "in-turn", "Hills", 0).margin > 0
    moved = dt.diff((case, "in-turn"), (case, "in-turn-on-trust"))
    assert (moved.first.verdict, moved.second.verdict) == ("holds", "fails")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"objective": "fairest"}, 'DET709.*no objective "fairest"(.|\n)*did you mean(.|\n)*"fair"'),
        ({"objective": "fast"}, "DET708.*needs a goal(.|\n)*green-fields, lights-on"),
        ({"objective": "fast", "goal": "light-on"}, 'DET708(.|\n)*did you mean "lights-on"'),
        ({"goal": "lights-on"}, "DET708(.|\n)*add --objective fast"),
        ({"keep": ["plain-says"]}, 'DET701(.|\n)*did you mean "plains-says"'),
        ({"floor": 1.5, "margin": -1, "time_limit": -1.0, "work_limit": -3}, "DET710(.|\n)*DET710(.|\n)*DET710"),
    ],
)
def test_what_cannot_be_asked_of_the_planner(case: dt.Case, asked: dict[str, Any], told: str) -> None:
    with pytest.raises(dt.InputError, match=told):
        dt.plan(case, **asked)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (lambda: dt.load(3), "DET714.*case is 3, of the kind int"),  # type: ignore[arg-type]
        (lambda: dt.load(None), "DET714.*case is None"),  # type: ignore[arg-type]
        (lambda: dt.load("two-steps", settings=[3]), r"DET714.*settings\[0\] is 3"),  # type: ignore[list-item]
        (lambda: dt.load("two-steps", overlays=[3]), r"DET714.*overlays\[0\] is 3"),  # type: ignore[list-item]
        (lambda: dt.audit("two-steps", 3), "DET714.*road_map is 3"),  # type: ignore[arg-type]
        (lambda: dt.audit("two-steps", "in-turn", nodes=0, keep=3), "DET714(.|\n)*DET715.*nodes is 0"),  # type: ignore[arg-type]
        (lambda: dt.why("two-steps", "in-turn", 3, "x"), "DET714.*party is 3(.|\n)*period is 'x'"),  # type: ignore[arg-type]
        (lambda: dt.plan("two-steps", 3), "DET714.*objective is 3"),  # type: ignore[arg-type]
        (lambda: dt.plan("two-steps", floor="x", time_limit="y"), "floor is 'x'(.|\n)*time_limit is 'y'"),  # type: ignore[arg-type]
        (lambda: dt.compare("two-steps", draws=-1, workers=0), "DET715.*draws is -1(.|\n)*workers is 0"),
        (lambda: dt.compare("two-steps", draws=1.5), "DET714.*draws is 1.5"),  # type: ignore[arg-type]
        (lambda: dt.compare("two-steps", time_limit=float("nan")), "DET715.*time_limit is nan"),
        (lambda: dt.compare("two-steps", plan="p"), "DET714.*plan is 'p'"),  # type: ignore[arg-type]
        (lambda: dt.brief("two-steps", 3, seed=-1), "DET714.*directory is 3(.|\n)*DET715.*seed is -1"),  # type: ignore[arg-type]
        (lambda: dt.verify(3, "two-steps"), "DET714.*answer is 3"),  # type: ignore[arg-type]
        (lambda: dt.diff("two-steps", ("two-steps", "in-turn")), "DET714.*first is"),  # type: ignore[arg-type]
    ],
)
def test_arguments_of_the_wrong_kind(asked: Any, told: str) -> None:
    with pytest.raises(dt.InputError, match=told):
        asked()


def test_a_plan_or_audit_is_taken_for_its_road_map(case: dt.Case, plan: dt.Plan) -> None:
    judged = dt.audit(case, plan)
    assert dt.audit(case, judged).road_map == plan.road_map
    assert dt.load_road_map(plan.to_dict(), case) == plan.road_map
    other = dt.load(case, settings="party.Hills.exit_cost=1")
    with pytest.warns(UserWarning, match="DET607"):
        dt.audit(other, plan)
    assert not dt.diff((case, plan), (other, plan)).first.flaw
    with pytest.raises(dt.InputError, match="DET714"):
        dt.audit(case, dt.plan(case, keep=["plains-says"], **WORK))  # type: ignore[arg-type]


def test_comparing(case: dt.Case, plan: dt.Plan) -> None:
    heard: list[str] = []
    found = dt.compare(case, plan=plan, draws=5, time_limit=None, work_limit=50_000, report=heard.append)
    forms = ["as-written", "best-for:Hills", "best-for:Plains", "best-certified"]
    assert [(r.name, r.completion) for r in found.rows] == [
        *(("plains-draft", f) for f in forms), *(("hills-draft", f) for f in forms), ("plan", "best-certified"),
    ]  # fmt: skip
    verdicts = {(r.name, r.completion): r.audit and r.audit.verdict for r in found.rows}
    assert verdicts["plains-draft", "best-certified"] is None
    assert found.rows[3].note == "proved: no road map that keeps it is certified"
    assert verdicts["hills-draft", "best-certified"] == "holds"
    assert found.general_terms["plains-draft"]["goal-plains"] == "always"
    assert found.general_terms["plains-draft"]["hills-1"] == "never"
    assert found.general_terms["hills-draft"]["goal-plains"] == "never"
    assert heard[-1] == "5 of 5 draws"
    assert "Planner's road map" in str(found)
    assert '<div class="detente">' in found._repr_html_()  # type: ignore[attr-defined]
    with pytest.raises(dt.InputError, match=r'DET712(.|\n)*did you mean "hills-draft"'):
        dt.compare(case, plan=plan, proposals=["hill-draft"])


def test_json_has_the_keys_of_the_format(case: dt.Case, plan: dt.Plan) -> None:
    always = {"format", "case_hash", "program", "seed", "run"}
    keys = {
        "outcome",
        "starts",
        "objective",
        "value",
        "bound",
        "gap",
        "margin_required",
        "audit",
        "breaches_added",
        "reason",
    }
    assert set(plan.to_dict()) >= always | keys
    audit = {
        "verdict", "reason", "signed", "clauses_kept", "certified", "V", "W", "margin", "reserve", "least_margin",
        "best_breach", "exposure", "trust_needed", "terminal_stake", "clauses", "findings",
    }  # fmt: skip
    assert set(plan.to_dict()["audit"]) >= always | audit
    none = dt.plan(case, keep=["plains-draft"], **WORK).to_dict()
    assert set(none) >= always | keys
    assert set(none["reason"]) == {"kind", "tried", "conflict"}
    comparison = dt.compare(case, plan=plan, draws=2, time_limit=None, work_limit=50_000).to_dict()
    assert set(comparison) >= always | {"rows"}
    row = {
        "name", "completion", "starts", "verdict", "signed", "least_margin", "value", "reserve", "clauses", "shares",
        "undone", "draws",
    }  # fmt: skip
    assert all(set(r) >= row for r in comparison["rows"])
    assert set(comparison["rows"][0]["draws"]) >= {"n", "seed", "signed", "holds", "both"}
    assert json.loads(json.dumps(comparison)) == comparison


def test_a_brief(case: dt.Case, tmp_path: Path) -> None:
    made = dt.brief(case, tmp_path / "brief", draws=3, work_limit=50_000)
    assert made.outcome == "plan"
    assert made.pdf.read_bytes().startswith(b"%PDF")
    page = made.html.read_text(encoding="utf-8")
    assert "Two neighbours and a river" in page
    assert "A road map that holds was found" in made.summary
