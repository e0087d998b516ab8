"""A written answer is checked from scratch; whatever was changed in it is named."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from detente.audit.judge import audit
from detente.audit.verify import verify
from detente.case.interchange import resolved_from_dict
from detente.case.road_map import RoadMap
from detente.errors import InputError
from detente.results.plan import Plan
from tests.audit.test_against_oracle import draw
from tests.audit.test_findings import swap

Answer = dict[str, Any]


def written(exact: bool = True) -> Answer:
    """The audit of a road map that fails, as JSON."""
    case = resolved_from_dict(swap(lag_of_b=2))
    answer: Answer = json.loads(audit(case, RoadMap({"give": 0, "back": 0}), exact=exact).to_json())
    return answer


def plan() -> Answer:
    """A plan as JSON."""
    case = resolved_from_dict(swap())
    judged = audit(case, RoadMap({"give": 0, "back": 0}))
    value = judged.least_counted.relative
    made = Plan(judged.road_map, "robust", value, value, 0.0, 0.001, judged, 0, judged.provenance)
    answer: Answer = json.loads(made.to_json())
    return answer


def _set(*path: Any) -> Callable[[Answer], None]:
    def change(answer: Answer) -> None:
        inner: Any = answer
        for key in path[:-2]:
            inner = inner[key]
        inner[path[-2]] = path[-1]

    return change


TAMPERED: dict[str, Callable[[Answer], None]] = {
    "verdict": _set("verdict", "holds"),
    "certified": _set("certified", True),
    "signed": _set("signed", False),
    "case_hash": _set("case_hash", "0" * 64),
    "V": _set("V", "A", 1, 4.001),
    "margin": _set("margin", "A", 0, 0.5),
    "reserve": _set("reserve", "A", -1.0),
    "least_margin": _set("least_margin", "period", 1),
    "exposure": _set("exposure", "B", 0, 0.0),
    "best_breach": _set("best_breach", "A", 0, {"how": "covert", "from": 0, "fakes": ["give"], "undoes": []}),
    "findings": lambda answer: answer["findings"].pop(0),
    "findings.tempted.gain": _set("findings", 0, "gain", 0.4),
    "findings.tempted.cure.amount": _set("findings", 0, "cure", "amount", 0.1),
    "exact.margin": _set("exact", "margin", "A", 0, "-1/3"),
    "findings.tempted.message": _set("findings", 0, "message", "Nobody gains anything."),
    "findings.tempted.cure.message": _set("findings", 0, "cure", "message", "do nothing"),
    "reason": _set("reason", "All is well."),
    "exact": _set("exact", 7),
}


@pytest.mark.parametrize("where", TAMPERED)
def test_tampering_is_named(where: str) -> None:
    case, answer = resolved_from_dict(swap(lag_of_b=2)), written()
    TAMPERED[where](answer)
    result = verify(answer, case)
    assert not result.agrees
    assert any(d.where.startswith(where) for d in result.disagreements), result.disagreements


def test_changed_starts_change_everything() -> None:
    answer = written()
    answer["starts"]["back"] = 1
    assert not verify(answer, resolved_from_dict(swap(lag_of_b=2))).agrees


def test_another_case_is_noticed() -> None:
    where = {d.where for d in verify(written(), resolved_from_dict(swap())).disagreements}
    assert {"case_hash", "verdict"} <= where


@pytest.mark.parametrize("exact", [True, False])
def test_an_honest_answer_agrees(exact: bool) -> None:
    result = verify(written(exact), resolved_from_dict(swap(lag_of_b=2)))
    assert result.agrees, result.disagreements


@pytest.mark.parametrize("seed", range(30))
def test_every_honest_answer_agrees(seed: int) -> None:
    raw, road_map = draw(seed, measures=(2, 4))
    case = resolved_from_dict(raw)
    starts = {k: v for k, v in road_map["starts"].items() if v is not None}
    answer = json.loads(audit(case, RoadMap(starts), exact=True, cures=False).to_json())
    result = verify(answer, case)
    assert result.agrees, result.disagreements


def test_a_plan_is_checked_with_its_audit() -> None:
    case, answer = resolved_from_dict(swap()), plan()
    honest = verify(answer, case)
    assert honest.agrees, honest.disagreements
    assert any("no better road map" in told for told in honest.unchecked)
    for change, where in (
        (_set("starts", "back", 1), "starts"),
        (_set("margin_required", 5.0), "margin_required"),
        (_set("value", 0.9), "value"),
        (_set("gap", 0.1), "gap"),
        (_set("bound", None), "gap"),
        (_set("bound", 0.01), "bound"),
        (_set("bound", "high"), "bound"),
        (_set("objective", "best"), "objective"),
        (_set("objective", "welfare"), "value"),
        (_set("outcome", "perhaps"), "outcome"),
        (_set("audit", "findings", [{"kind": "tempted"}]), "audit.findings"),
        (_set("audit", "margin", "A", 0, 2.0), "audit.margin"),
        (_set("audit", None), "audit"),
    ):
        changed = copy.deepcopy(answer)
        change(changed)
        assert any(d.where.startswith(where) for d in verify(changed, case).disagreements), where


def test_a_plan_that_fails_is_no_plan() -> None:
    answer = plan()
    result = verify(answer, resolved_from_dict(swap(lag_of_b=2)))
    assert any(d.where == "outcome" and "not certified" in d.found for d in result.disagreements)


def test_only_what_was_checked_is_called_checked() -> None:
    case = resolved_from_dict(swap(lag_of_b=2))
    assert "exact" in verify(written(), case).checked
    without = verify(written(exact=False), case)
    assert "exact" not in without.checked
    assert any("exact margins" in told for told in without.unchecked)
    older = {**written(), "program": "detente 0.0.1", "reason": "In other words."}
    told = verify(older, case)
    assert told.agrees
    assert any(x.startswith("wording") for x in told.unchecked)
    extra = verify({**written(), "praise": "very good"}, case)
    assert "not part of an audit: praise" in extra.unchecked


def test_an_audit_of_a_proposal_by_name_agrees() -> None:
    raw = swap()
    raw["clauses"] = [
        {"id": "p1", "owner": "A", "kind": "proposal", "of": "draft", "strength": "must", "weight": "1",
         "text": "back by 2019-Q4"},
    ]  # fmt: skip
    raw["road_maps"] = {"draft": {"give": 0}}
    case = resolved_from_dict(raw)
    answer = json.loads(audit(case, RoadMap({"give": 0}, "draft")).to_json())
    assert any(f["kind"] == "clause-broken" for f in answer["findings"])
    assert verify(answer, case).agrees


def test_another_case_is_said_first_even_if_it_has_other_measures() -> None:
    raw = swap()
    raw["measures"]["gift"] = raw["measures"].pop("give")
    raw["measures"]["back"]["after"] = []
    result = verify(written(), resolved_from_dict(raw))
    assert [d.where for d in result.disagreements] == ["case_hash"]
    assert not result.same_case
    assert any("none of this case" in told for told in result.unchecked)


def _none(**changes: Any) -> Answer:
    answer = plan()
    reason = {"kind": "none-exists", "tried": [], "conflict": []}
    return {**answer, "outcome": "none-exists", "starts": None, "audit": None, "value": None, "gap": None,
            "bound": None, "reason": reason, **changes}  # fmt: skip


def test_absence_is_not_proved_by_judging_but_can_be_refuted() -> None:
    raw = swap()
    raw["clauses"] = [
        {"id": "deep", "owner": "A", "kind": "goal", "of": "deep", "strength": "must", "weight": "1",
         "text": "give by 2019-Q4"},
    ]  # fmt: skip
    raw["road_maps"] = {"swap": {"give": 0, "back": 0}}
    case = resolved_from_dict(raw)
    hash_ = verify(_none(), case).disagreements[0].found.strip("'")
    told = verify(_none(case_hash=hash_), case)
    assert [d.found for d in told.disagreements] == [
        "the empty road map is certified with what was asked", "swap is certified with what was asked",
    ]  # fmt: skip
    reason = {"kind": "none-exists", "tried": [], "conflict": ["deep"]}
    told = verify(_none(case_hash=hash_, margin_required=9.0, reason=reason), case)
    assert told.agrees
    assert told.outcome == "none-exists"
    assert any(x.endswith("detente plan CASE --margin 9.0 --keep deep") for x in told.unchecked)
    assert verify(_none(case_hash=hash_, outcome="unknown"), case).agrees


def test_what_is_no_answer_is_refused() -> None:
    with pytest.raises(InputError, match="no answer that can be verified"):
        verify({"format": "detente/resolved-case/1"}, resolved_from_dict(swap()))
    with pytest.raises(InputError, match="holds no road map"):
        verify({"format": "detente/audit/1"}, resolved_from_dict(swap()))
