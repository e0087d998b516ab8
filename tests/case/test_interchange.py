"""Resolved cases: out and in again, their defaults, their checks, their hash."""

from __future__ import annotations

import json
import random
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from detente.case.draws import Draws
from detente.case.interchange import case_hash, resolved_from_dict, resolved_to_dict
from detente.case.load import load_case
from detente.case.read import GALLERY, shipped
from detente.case.resolved import ResolvedCase
from detente.case.template import template
from detente.errors import InputError
from tests.making import case, measure, milestone, party
from tests.oracle.random_cases import random_case


def there_and_back(resolved: ResolvedCase) -> ResolvedCase:
    return resolved_from_dict(json.loads(json.dumps(resolved_to_dict(resolved))))


@pytest.mark.parametrize("name", list(shipped()))
def test_shipped_cases_come_back_the_same(name: str) -> None:
    resolved = load_case(name).resolved
    assert there_and_back(resolved) == resolved
    assert case_hash(there_and_back(resolved)) == case_hash(resolved)


@pytest.mark.parametrize("seed", range(150))
def test_random_cases_come_back_the_same(seed: int) -> None:
    raw = random_case(random.Random(seed))
    for stick in raw["sticks"]:
        for value in stick["value"].values():
            value["flow"] = value["flow"][0] if isinstance(value["flow"], list) else value["flow"]
    resolved = resolved_from_dict(raw)
    assert there_and_back(resolved) == resolved


def test_drawn_cases_come_back_the_same(tmp_path: Path) -> None:
    path = tmp_path / "t.yaml"
    path.write_text(template("t", "t.yaml"), encoding="utf-8")
    for world in Draws(load_case(path), seed=1).worlds(20):
        assert there_and_back(world) == world


def test_a_file_is_read_like_a_mapping(tmp_path: Path) -> None:
    resolved = load_case("two-steps").resolved
    path = tmp_path / "r.json"
    path.write_text(json.dumps(resolved_to_dict(resolved)), encoding="utf-8")
    loaded = load_case(path)
    assert loaded.document is None
    assert loaded.resolved == resolved


def test_numbers_are_read_from_their_text(tmp_path: Path) -> None:
    raw = case({"a": measure("A", {"A": "1"})})
    path = tmp_path / "r.json"
    text = json.dumps(raw).replace('"flow": "1"', '"flow": 0.1000000000000000055511151231257827')
    path.write_text(text, encoding="utf-8")
    flow = load_case(path).resolved.measures["a"].value["A"].flow[0]
    assert flow == Decimal("0.1000000000000000055511151231257827")


def test_a_constant_series_is_a_single_string() -> None:
    data = resolved_to_dict(load_case("two-steps").resolved)
    assert data["parties"]["Hills"]["status_quo"] == "0"
    assert data["measures"]["weir"]["value"]["Plains"] == {"flow": "2", "once": "0", "during": "0"}
    assert list(data)[:2] == ["format", "name"]
    assert data["measures"]["weir"]["undo"] is None


def test_absent_keys_take_their_defaults() -> None:
    resolved = resolved_from_dict(
        {
            "format": "detente/resolved-case/1",
            "period": "year",
            "periods": 3,
            "start": "2030-01-01",
            "discount": 0.5,
            "parties": {"A": {"discount": "0.5"}, "B": {"discount": "0.5"}},
            "measures": {"a": {"by": "A"}, "m": {"members": ["a"]}},
        }
    )
    a = resolved.measures["a"]
    assert (a.takes, a.undo, a.withdrawal, a.public, a.done, a.value) == (0, None, "if-credible", False, False, {})
    assert resolved.parties["A"].response_lag == 1
    assert resolved.principals == ("A",)
    assert (resolved.no_deal, resolved.pocketing_share) == ("collapse", Decimal("0.1"))


def test_the_hash_is_of_meaning() -> None:
    raw = case({"a": measure("A", {"A": "1"}), "b": measure("B", {"A": "1"})})
    same: dict[str, Any] = {**raw, "name": "other", "titles": {"a": "A thing"}}
    same["measures"] = {"b": raw["measures"]["b"], "a": {**raw["measures"]["a"], "residual": "0.00"}}
    other = {**raw, "discount": "0.51"}
    hashes = [case_hash(resolved_from_dict(x)) for x in (raw, same, other)]
    assert hashes[0] == hashes[1] != hashes[2]
    assert len(hashes[0]) == 64


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"discount": "1"}, "DET204"),
        ({"period": "week"}, "DET104"),
        ({"periods": 0}, "DET214"),
        ({"start": "2019-04-02"}, "DET215"),
        ({"start": "soon"}, "DET215"),
        ({"extra": 1}, "DET101"),
        ({"parties": {"A": party(response_lag=0), "B": party()}}, "DET207"),
        ({"parties": {"A": party(status_quo=["1", "2"]), "B": party()}}, "DET216"),
        ({"parties": {"A": party(exit_cost="-1"), "B": party()}}, "DET208"),
        ({"measures": {"a": measure("C", {})}}, "DET201"),
        ({"measures": {"a": measure("A", {"C": "1"})}}, "DET201"),
        ({"measures": {"a": measure("A", {}, after=[{"measure": "a", "wait": 1}])}}, "DET203"),
        ({"measures": {"m": milestone([], {})}}, "DET210"),
        ({"measures": {"m": milestone(["n"], {}), "n": milestone(["m"], {})}}, "DET210"),
        ({"clauses": [{"id": "c", "kind": "goal", "owner": "A", "strength": "must", "text": "z by 1"}]}, "DET302"),
        ({"road_maps": {"r": {"z": 1}}}, "DET402"),
        ({"groups": {"g": {"members": ["a"], "by": "points"}}}, "DET220"),
        ({"principals": ["C"]}, "DET201"),
        ({"resources": {"r": {"capacity": ["1"], "uses": {"a": "1"}}}}, "DET216"),
    ],
)
def test_what_is_wrong_is_told(change: dict[str, Any], code: str) -> None:
    with pytest.raises(InputError) as caught:
        resolved_from_dict({**case({"a": measure("A", {"A": "1"})}), **change})
    assert code in {d.code for d in caught.value.diagnostics}


def test_the_gallery_is_where_the_cases_are() -> None:
    assert {p.parent.name for p in GALLERY.glob("*/case.yaml")} == set(shipped())
