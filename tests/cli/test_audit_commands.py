"""The judge's commands: what they print, and how they exit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from detente.cli.main import run

Capture = pytest.CaptureFixture[str]


def test_a_road_map_that_holds(capsys: Capture) -> None:
    assert run(["audit", "two-steps", "in-turn"]) == 0
    told = capsys.readouterr().out
    assert told.startswith('HOLDS: the road map "in-turn"\n')
    assert "it is weakest for Hills in 2031, with a margin of 1." in " ".join(told.split())
    assert "Signed by all; binding clauses kept; certified." in told


def test_a_road_map_that_fails_names_who_when_how_and_the_cure(capsys: Capture) -> None:
    assert run(["audit", "two-steps", "in-turn-on-trust"]) == 1
    told = " ".join(capsys.readouterr().out.split())
    assert told.startswith("FAILS")
    assert 'Hills would gain 2 by only pretending "Let the summer water through" from 2030 on' in told
    assert 'cure: add "Keep a gauge in the river" from 2030' in told


def test_json_is_all_that_is_printed(capsys: Capture) -> None:
    assert run(["audit", "two-steps", "in-turn", "--json", "--exact"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["format"] == "detente/audit/1"
    assert answer["exact"]["margin"]["Plains"][2] == "1/1"


def test_clauses_to_keep(capsys: Capture) -> None:
    assert run(["audit", "two-steps", "in-turn", "--keep", "hills-says", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["verdict"], answer["clauses_kept"], answer["certified"]) == ("holds", False, False)


def test_why_shows_a_choice_measure_by_measure(capsys: Capture) -> None:
    assert run(["audit", "two-steps", "in-turn-on-trust", "--why", "Hills", "2030"]) == 0
    told = capsys.readouterr().out
    assert "staying is worth 9.25, walking out 6." in told
    assert "pretended" in told
    assert run(["audit", "two-steps", "in-turn-on-trust", "--why", "Hills", "2030", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["exact"] == {"V": "37/4", "W": "6/1", "breach": "45/4"}
    assert sum(p["breach"] for p in answer["parts"]) == 11.25


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (["--why", "Rivers", "2030"], 'error[DET702]: there is no party "Rivers"'),
        (["--why", "Hills", "2050"], "error[DET703]: period 20 does not exist"),
        (["--keep", "nothing"], 'error[DET701]: no clauses go by the name "nothing"'),
    ],
)
def test_questions_that_cannot_be_answered(asked: list[str], told: str, capsys: Capture) -> None:
    assert run(["audit", "two-steps", "in-turn", *asked]) == 2
    assert told in capsys.readouterr().err


def test_verify_finds_the_shipped_case_and_the_tampering(tmp_path: Path, capsys: Capture) -> None:
    run(["audit", "two-steps", "in-turn-on-trust", "--json"])
    answer = json.loads(capsys.readouterr().out)
    file = tmp_path / "answer.json"
    file.write_text(json.dumps(answer), encoding="utf-8")
    assert run(["verify", str(file)]) == 0
    assert capsys.readouterr().out.startswith("AGREES")
    answer["verdict"] = "holds"
    file.write_text(json.dumps(answer), encoding="utf-8")
    assert run(["verify", str(file)]) == 1
    assert "verdict: written 'holds', found 'fails'" in capsys.readouterr().out
    assert run(["verify", str(file), "two-steps", "--set", "party.Hills.discount=0.6"]) == 1
    assert "case_hash" in capsys.readouterr().out


def test_verify_refuses_what_is_no_answer(tmp_path: Path, capsys: Capture) -> None:
    file = tmp_path / "answer.json"
    for text in ("{", "[1]", '{"format": "detente/audit/1", "case_hash": "x"}'):
        file.write_text(text, encoding="utf-8")
        assert run(["verify", str(file)]) == 2
        assert "error[DET70" in capsys.readouterr().err


def test_diff_names_what_decides(capsys: Capture) -> None:
    assert run(["diff", "plains-draft", "in-turn", "--case", "two-steps"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert 'Moves the least margin most by itself: "Send electricity" starts in 2030 instead of 2032.' in told
    options = ["--road-map", "in-turn", "--set", "party.Hills.discount=0.2", "--json"]
    assert run(["diff", "two-steps", "two-steps", *options]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["flipped"] is True
    assert [s["what"] for s in answer["steps"]] == ["discount of Hills from 0.5 to 0.2"]
    assert run(["diff", "two-steps", "two-steps"]) == 2
    assert "--road-map" in capsys.readouterr().err
