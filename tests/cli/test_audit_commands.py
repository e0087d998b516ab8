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


@pytest.mark.parametrize("given", [[], ["--case", "two-steps", "--road-map", "in-turn"]])
def test_diff_says_what_it_needs(given: list[str], capsys: Capture) -> None:
    assert run(["diff", "draft", "counter-draft", *given]) == 2
    told = capsys.readouterr().err
    assert "error[DET713]" in told
    assert "detente diff draft counter-draft --road-map NAME" in told
    assert "detente diff draft counter-draft --case CASE" in told


def test_diff_does_not_say_what_moves_most_if_nothing_moves(capsys: Capture) -> None:
    assert run(["diff", "two-steps", "two-steps", "--road-map", "in-turn", "--set", "party.Plains.reserve=-1"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "Moves the least margin most" not in told
    assert "None of them moves the least margin by itself" in told


def test_diff_says_that_a_step_is_out_of_order_instead_of_its_margin(tmp_path: Path, capsys: Capture) -> None:
    late, early = tmp_path / "late.yaml", tmp_path / "early.yaml"
    late.write_text("weir: 1\nwater: 2\n", encoding="utf-8")
    early.write_text("weir: 0\nwater: 1\n", encoding="utf-8")
    order = ["--set", "measure.water.after=[weir]"]
    assert run(["diff", str(early), str(late), "--case", "two-steps", *order]) == 0
    told = capsys.readouterr().out
    assert "alone: fails: it is out of order," in told


@pytest.mark.parametrize("width", [75, 80, 100])
def test_tables_fit_the_terminal(width: int, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    assert run(["audit", "dprk-2019", "us-big-deal", "--no-cures"]) == 1
    lines = capsys.readouterr().out.split("\n")
    assert max(len(line) for line in lines) <= width
    (head,) = (n for n, line in enumerate(lines) if line.startswith("party") and "best breach" in line)
    names = ["United States", "North Korea", "South Korea", "China", "Security Council"]
    assert [lines[head + 1 + n].startswith(name) for n, name in enumerate(names)] == [True] * 5
    (stake,) = (n for n, line in enumerate(lines) if line.startswith("party") and line.rstrip().endswith("needs"))
    assert (stake == head) == (width == 100)
    assert not [line for line in lines[:head] if line.endswith(" ")]


def test_a_plan_is_taken_where_a_road_map_is(tmp_path: Path, capsys: Capture) -> None:
    file = tmp_path / "plan.json"
    assert run(["plan", "two-steps", "--work-limit", "20000", "-o", str(file)]) == 0
    capsys.readouterr()
    assert run(["audit", "two-steps", str(file)]) == 0
    assert "DET607" not in capsys.readouterr().err
    assert run(["audit", "two-steps", str(file), "--set", "party.Hills.exit_cost=1"]) == 0
    told = capsys.readouterr()
    assert "warning[DET607]" in told.err
    assert "was made for another case" in told.err
    assert told.out.startswith("HOLDS")
    assert run(["diff", "two-steps", "two-steps", "--road-map", str(file), "--set", "party.Hills.exit_cost=1"]) == 0
    assert "DET607" not in capsys.readouterr().err
    none = {"format": "detente/plan/1", "outcome": "none-exists", "starts": None}
    file.write_text(json.dumps(none), encoding="utf-8")
    assert run(["audit", "two-steps", str(file)]) == 2
    assert "its search found none" in capsys.readouterr().err


def test_verify_says_what_it_cannot_check(tmp_path: Path, capsys: Capture) -> None:
    file = tmp_path / "plan.json"
    assert run(["plan", "two-steps", "--work-limit", "20000", "-o", str(file)]) == 0
    capsys.readouterr()
    assert run(["verify", str(file), "two-steps"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert told.startswith("AGREES")
    assert "not checked: the bound (none better than 0.1)" in told
    assert run(["verify", str(file), "two-steps", "--set", "party.Hills.exit_cost=1"]) == 1
    assert capsys.readouterr().out.startswith("ANOTHER CASE")
    asked = ["plan", "two-steps", "--keep", "plains-says", "--work-limit", "20000", "-o", str(file)]
    assert run(asked) == 3
    capsys.readouterr()
    assert run(["verify", str(file), "two-steps"]) == 4
    told = " ".join(capsys.readouterr().out.split())
    assert told.startswith("NOT PROVED HERE")
    assert "to prove it again: detente plan two-steps --keep plains-1 --keep plains-2" in told
