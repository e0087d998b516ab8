"""Road maps from files, mappings, the case, and proposals."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from detente.case.interchange import case_hash
from detente.case.load import load_case
from detente.case.resolved import ResolvedCase
from detente.case.road_map import RoadMap
from detente.case.road_maps import GeneralProposal, load_road_map, road_map_to_dict
from detente.errors import DetenteWarning, Diagnostic, InputError
from tests.case.wrong import RIGHT

GENERAL = 'proposals:\n  vague: {by: US, clauses: [{id: v1, must: "declare by 3"}]}\n'


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> ResolvedCase:
    path = tmp_path_factory.mktemp("maps") / "c.yaml"
    text = RIGHT.replace("aid: {by: US, takes: 0,", "aid: {by: US, takes: 0, done: true,")
    text = text.replace("takes: 1, undo: 1", "takes: 1, tranches: 2, undo: 1").replace("freeze: 2019-Q4", "freeze-1: 2")
    path.write_text(text + GENERAL, encoding="utf-8")
    return load_case(path).resolved


@pytest.mark.parametrize(
    "source",
    [
        {"declare": "2019-Q3", "freeze-1": 4},
        {"declare": 1, "freeze-1": "2020-Q2", "inspect": None},
        {"format": "detente/road-map/1", "starts": {"declare": 1, "freeze-1": 4}},
        {"starts": {"declare": 1, "freeze-1": 4}},
    ],
)
def test_mappings(source: dict[str, Any], case: ResolvedCase) -> None:
    assert load_road_map(source, case) == RoadMap({"declare": 1, "freeze-1": 4})


def test_names_and_files(case: ResolvedCase, tmp_path: Path) -> None:
    assert load_road_map("draft", case) == RoadMap({"declare": 0, "freeze-1": 2})
    (tmp_path / "mine.yaml").write_text("declare: 2019-Q3\n", encoding="utf-8")
    found = load_road_map(tmp_path / "mine.yaml", case)
    assert (found, found.name) == (RoadMap({"declare": 1}), "mine")
    assert load_road_map(road_map_to_dict(found, case), case) == found


def test_a_proposal_in_general_terms_is_told_apart(case: ResolvedCase) -> None:
    with pytest.raises(GeneralProposal) as caught:
        load_road_map("vague", case)
    assert caught.value.proposal == "vague"
    assert caught.value.diagnostics[0].code == "DET406"


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ({"delcare": 1}, "DET402"),
        ({"freeze": 1}, "DET402"),
        ({"quiet": 1}, "DET403"),
        ({"aid": 1}, "DET403"),
        ({"declare": "2018"}, "DET404"),
        ({"declare": -1}, "DET111"),
        ({"declare": 1.5}, "DET111"),
        ({"declare": True}, "DET111"),
        ({"declare": "soon"}, "DET111"),
        ({"format": "detente/road-map/2", "starts": {}}, "DET401"),
        ({"format": "detente/road-map/1", "starts": [], "x": 1}, "DET401"),
        ({"format": "detente/road-map/1", "starts": {}, "strats": 1}, "DET101"),
        ("drafd", "DET405"),
        ("nowhere.yaml", "DET001"),
    ],
)
def test_what_is_no_road_map(source: Any, code: str, case: ResolvedCase) -> None:
    with pytest.raises(InputError) as caught:
        load_road_map(source, case)
    assert [d.code for d in caught.value.diagnostics] == [code]


def test_every_problem_is_told_with_its_place(case: ResolvedCase, tmp_path: Path) -> None:
    path = tmp_path / "r.yaml"
    path.write_text("delcare: 1\nquiet: 2\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_road_map(path, case)
    assert str(caught.value).replace(str(tmp_path), "") == (
        'error[DET402]: the road map names a measure "delcare" that does not exist\n'
        "  --> /r.yaml:1:10\n"
        "  why: it would be left out without a word\n"
        '  fix: did you mean "declare"?\n'
        "\n"
        'error[DET403]: "quiet" is a milestone and has no start of its own\n'
        "  --> /r.yaml:2:8\n"
        "  why: it is in force once all its members are\n"
        "  fix: give the starts of its members, and leave it out"
    )


@pytest.mark.parametrize("answer", ["detente/plan/1", "detente/audit/1"])
def test_an_answer_is_taken_for_its_road_map(answer: str, case: ResolvedCase, tmp_path: Path) -> None:
    own = {"format": answer, "starts": {"declare": 1}, "case_hash": case_hash(case), "value": 0.1}
    assert load_road_map(own, case) == RoadMap({"declare": 1})
    other = {**own, "case_hash": "0" * 64}
    with pytest.warns(DetenteWarning, match="DET607"):
        assert load_road_map(other, case) == RoadMap({"declare": 1})
    heard: list[Diagnostic] = []
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(other), encoding="utf-8")
    assert load_road_map(path, case, heard.append).name == "plan"
    assert [(d.code, d.severity) for d in heard] == [("DET607", "warning")]
    with pytest.raises(InputError, match="DET705"):
        load_road_map({**own, "starts": None}, case)
