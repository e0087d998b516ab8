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


def test_what_is_no_answer_is_refused() -> None:
    with pytest.raises(InputError, match="no answer that can be verified"):
        verify({"format": "detente/resolved-case/1"}, resolved_from_dict(swap()))
    with pytest.raises(InputError, match="holds no road map"):
        verify({"format": "detente/audit/1"}, resolved_from_dict(swap()))
