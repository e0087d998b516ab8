"""Answers cannot be changed, in no part of them, and are still copied, pickled, compared and written as JSON."""

from __future__ import annotations

import copy
import json
import pickle
from dataclasses import replace
from typing import Any

import pytest

import detente as dt

QUICK: dict[str, Any] = {"time_limit": None, "work_limit": 20_000}


@pytest.fixture(scope="module")
def answers() -> dict[str, Any]:
    case = dt.load("two-steps")
    plan = dt.plan(case, **QUICK)
    return {
        "audit": dt.audit(case, "plains-draft", exact=True),
        "plan": plan,
        "no plan": dt.plan(case, keep=["plains-says"], **QUICK),
        "comparison": dt.compare(case, plan=plan, draws=2, **QUICK),
        "verification": dt.verify(plan, case),
        "differences": dt.diff((case, "in-turn"), (case, "plains-draft")),
        "why": dt.why(case, "in-turn", "Hills", 1),
    }


def test_no_part_of_an_answer_can_be_changed(answers: dict[str, Any]) -> None:
    audit, plan, comparison = answers["audit"], answers["plan"], answers["comparison"]
    finding = audit.finding("tempted")[0]
    inside = (
        audit.margin, audit.reserve, audit.best_breach, audit.exact_margin, finding.losses, plan.details,
        plan.details["shares"], plan.provenance.run.limits, comparison.general_terms,
        comparison.general_terms["plains-draft"], comparison.rows[0].shares, comparison.rows[0].audit.V,
    )  # fmt: skip
    for mapping in inside:
        with pytest.raises(TypeError):
            mapping["Hills"] = 1
        with pytest.raises(AttributeError):
            mapping.clear()
    lists = dt.Finding("tempted", "", measures=["weir"])  # type: ignore[arg-type]
    assert lists.measures == ("weir",)


def test_what_was_given_may_change_without_changing_the_answer() -> None:
    losses = {"Hills": 1.0}
    finding = dt.Finding("tempted", "", losses=losses)
    losses["Hills"] = 2.0
    assert finding.losses == {"Hills": 1.0}


@pytest.mark.parametrize("which", ["audit", "plan", "no plan", "comparison", "verification", "differences", "why"])
def test_answers_are_copied_pickled_compared_and_written(answers: dict[str, Any], which: str) -> None:
    answer = answers[which]
    for same in (copy.copy(answer), copy.deepcopy(answer), pickle.loads(pickle.dumps(answer)), replace(answer)):
        assert same == answer
    told = answer.to_dict()
    assert json.loads(json.dumps(told)) == told == json.loads(answer.to_json())


def test_unequal_answers_are_unequal(answers: dict[str, Any]) -> None:
    audit = answers["audit"]
    assert replace(audit, reserve={**audit.reserve, "Hills": 9.0}) != audit
    assert hash(replace(audit)) == hash(audit)


def test_repr_is_one_line_that_says_the_essential(answers: dict[str, Any]) -> None:
    told = {which: repr(answer) for which, answer in answers.items()}
    assert told["audit"] == '<Audit of "plains-draft": fails, not certified; least margin -0.5 (Hills, period 0)>'
    assert told["plan"].startswith("<Plan (robust): 3 measures, value 0.")
    assert told["no plan"] == "<NoPlan (robust): none-exists>"
    assert told["comparison"] == "<Comparison: 9 rows, 3 of them hold; 2 draws>"
    assert told["verification"] == "<Verification of plan: agrees>"
    assert told["differences"] == "<Differences: 2, from holds to fails>"
    assert told["why"] == "<Why: Hills in period 1, margin 1>"
    assert all(len(text) < 100 and "\n" not in text for text in told.values())
