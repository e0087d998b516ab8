"""The record of offers from the command line: what it prints, writes, and how it exits."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from detente.cli.main import run

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def add(by: str, *clauses: str, more: tuple[str, ...] = ()) -> int:
    given = [part for c in clauses for part in ("--clause", c)]
    return run(["rounds", "add", "two-steps", "--by", by, *given, *more])


def test_two_offers_and_the_text_between_them(capsys: Capture) -> None:
    assert add("Hills", "must: power by 2030", "must: never weir", more=("--date", "2029-03")) == 0
    told = capsys.readouterr().out
    assert told.startswith('added as offer 1, "round-1", to two-steps.rounds.jsonl\n')
    assert "next: detente rounds two-steps" in told
    assert add("Plains", "must: weir by 2031", "must: water by 2030", more=("--date", "2029-04")) == 0
    capsys.readouterr()
    assert run(["rounds", "two-steps", "--road-map", "text.json", "-o", "answer.json"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("ROUNDS: 2 offers in two-steps.rounds.jsonl; the gap is that between Hills and Plains.\n")
    assert "Plains asks what the other's offer rules out: “Take the weir down” by 2031" in told
    assert "SINGLE TEXT: the certified road map closest to offer 1 and offer 2\n" in told
    assert "Proved: no certified road map spares both sides more" in told
    assert max(map(len, told.splitlines())) <= 100
    assert run(["audit", "two-steps", "text.json"]) == 0
    answer = json.loads(Path("answer.json").read_text(encoding="utf-8"))
    assert answer["format"] == "detente/rounds/1"
    assert answer["text"]["starts"] == {
        k: s for k, s in json.loads(Path("text.json").read_text(encoding="utf-8"))["starts"].items() if s is not None
    }


def test_a_head_that_was_noted_is_checked(capsys: Capture) -> None:
    for by, clause in (("Hills", "must: power by 2030"), ("Plains", "must: weir by 2031")):
        assert add(by, clause) == 0
    noted = [line.removeprefix("head: ") for line in capsys.readouterr().out.splitlines() if line.startswith("head: ")]
    assert run(["rounds", "two-steps", "--no-text"]) == 0
    assert capsys.readouterr().out.splitlines()[1] == f"head: {noted[1]}"
    assert run(["rounds", "two-steps", "--no-text", "--head", noted[0]]) == 0
    told = capsys.readouterr().out
    assert f"Offer 1 stands as it did when the head {noted[0][:8]}… was noted; 1 offer added since." in told
    path = Path("two-steps.rounds.jsonl")
    path.write_text(path.read_text(encoding="utf-8").splitlines(keepends=True)[0], encoding="utf-8")
    assert run(["rounds", "two-steps", "--no-text"]) == 0, "by itself the file does not tell"
    capsys.readouterr()
    assert run(["rounds", "two-steps", "--no-text", "--head", noted[1], "--json"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "error[DET510]" in told.err


def test_only_json_goes_to_standard_output(capsys: Capture) -> None:
    assert add("Hills", "must: power by 2030") == 0
    capsys.readouterr()
    assert run(["rounds", "two-steps", "--json", "--no-text"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert [r["name"] for r in answer["rounds"]] == ["round-1"]
    assert answer["rounds"][0]["gap"] is None
    assert answer["text"] is None


def test_proved_that_none_exists_is_not_a_limit(capsys: Capture) -> None:
    lines = ("{id: a, owner: Plains, must: weir by 2032}", "{id: b, owner: Plains, must: power not before 2033}")
    Path("line.yaml").write_text(f"overlay: true\nred_lines: [{', '.join(lines)}]\n", encoding="utf-8")
    assert add("Hills", "must: power by 2030") == 0
    asked = ["rounds", "two-steps", "--overlay", "line.yaml"]
    assert run([*asked, "--set", "party.Hills.reserve=1000"]) == 3
    assert "NO SINGLE TEXT: it is proved" in capsys.readouterr().out
    assert run([*asked, "--work-limit", "0"]) == 4
    told = capsys.readouterr().out
    assert "NO SINGLE TEXT FOUND before a limit was reached" in told
    assert "proved" not in told


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["rounds", "two-steps"], "DET506"),
        (["rounds", "add", "two-steps", "--by", "Hills"], "DET503"),
        (["rounds", "add", "two-steps", "--by", "Hils", "--clause", "must: water by 2031"], "DET201"),
        (["rounds", "add", "two-steps", "--by", "Hills", "--clause", "must: watr by 2031"], "DET302"),
        (["rounds", "add", "two-steps", "--by", "Hills", "--proposal", "none"], "DET504"),
        (["rounds", "add", "two-steps", "--by", "Hills", "--clauses", "none.yaml"], "DET001"),
        (["rounds", "dprk-2019", "--between", "US", "--between", "Japan"], "DET509"),
        (["rounds", "dprk-2019", "-o", "no-such-folder/x.json"], "DET711"),
    ],
)
def test_what_is_wrong_is_told(arguments: list[str], code: str, capsys: Capture) -> None:
    assert run(arguments) == 2
    assert f"error[{code}]" in capsys.readouterr().err
    assert not list(Path().iterdir())


def test_help_names_what_there_is(capsys: Capture) -> None:
    assert run(["rounds", "--help"]) == 0
    told = capsys.readouterr().out
    assert "add" in told
    assert "show" in told
