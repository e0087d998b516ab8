"""Wishes decide between road maps that are equally good otherwise, by their weights."""

from __future__ import annotations

from typing import Any

import pytest

from detente.case.interchange import resolved_from_dict
from detente.plan.task import Task
from detente.plan.verb import plan
from detente.results.plan import Plan
from tests.making import case, measure, party, worth


def _wish(text: str, weight: str, kind: str = "position", of: str = "a") -> dict[str, Any]:
    id = text.replace(" ", "-")
    return {"id": id, "owner": "A", "kind": kind, "of": of, "strength": "want", "weight": weight, "text": text}


def _found(*wishes: dict[str, Any], keep: tuple[str, ...] = ()) -> Plan:
    """Two measures, each worth as much to both as the other, of which only one can come."""
    both = {"A": worth(1), "B": worth(1)}
    measures = {"left": measure("A", both, excludes=["right"]), "right": measure("A", both, excludes=["left"])}
    raw = case(measures, {"A": party("0.9"), "B": party("0.9")}, periods=4, clauses=list(wishes))
    answer = plan(Task(resolved_from_dict(raw), "welfare", keep=keep, time_limit=None))
    assert isinstance(answer, Plan)
    return answer


@pytest.mark.parametrize(("left", "right", "chosen"), [("2", "1", "left"), ("1", "2", "right")])
def test_the_heavier_wish_is_kept(left: str, right: str, chosen: str) -> None:
    found = _found(_wish("left by 2", left), _wish("right by 2", right))
    assert set(found.starts) == {chosen}
    assert dict(found.details["wishes"]) == {"kept": 2.0, "of": 3.0}


def test_wishes_do_not_cost_any_value() -> None:
    found = _found(_wish("never left", "5"), _wish("never right", "5"), _wish("right not before 2", "1"))
    assert found.value == pytest.approx(_found().value)


@pytest.mark.parametrize("keep", [(), ("tabled",)])
def test_wishes_of_a_proposal_count_if_it_is_to_be_kept(keep: tuple[str, ...]) -> None:
    tabled = _wish("right by 2", "5", "proposal", "tabled")
    other = _wish("left by 2", "1")
    bound = tabled | {"id": "bound", "strength": "must", "text": "left not before 0"}
    found = _found(other, tabled, bound, keep=keep)
    assert set(found.starts) == {"right" if keep else "left"}
