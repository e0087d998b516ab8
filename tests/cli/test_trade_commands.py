"""The commands on trade-offs and on what is left afterwards: what they print, how they exit, what Ctrl-C leaves."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from detente.cli.main import run
from tests.interrupts import heeds
from tests.making import case, measure, party

Capture = pytest.CaptureFixture[str]


def test_a_frontier_is_points_solutions_and_proposals(capsys: Capture) -> None:
    assert run(["frontier", "two-steps", "--parties", "Hills", "Plains", "--point", "7", "--point", "9"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("FRONTIER between Hills and Plains: 8 points, proved to be all there are\nComplete: ")
    assert "    7   +8.5      +6      4  Hills, 2030, margin 1\n" in told
    assert "Nash                   7  product of gains 51, proved to be the largest\n" in told
    assert "proved: no certified road map gives both so much" in " ".join(told.split())
    assert "Point 7\n\nHills\n  begins  in force  measure\n" in told
    assert told.endswith("There is no point 9.\n")


def test_what_is_written_is_what_is_printed(tmp_path: Path, capsys: Capture) -> None:
    file, page = tmp_path / "f.json", tmp_path / "f.html"
    asked = ["frontier", "two-steps", "Plains", "Hills", "--points", "3", "-o", str(file), "--html", str(page)]
    assert run([*asked, "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed == json.loads(file.read_text(encoding="utf-8"))
    assert (printed["format"], printed["kind"], printed["asked"]) == ("detente/frontier/1", "partial", 3)
    assert printed["parties"] == ["Plains", "Hills"]
    assert len(printed["points"]) == 3
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (["frontier", "two-steps", "--parties", "Hill"], 'error[DET731]: there is no party "Hill"'),
        (["frontier", "two-steps", "Hills"], "error[DET732]: a frontier lies between two parties or more"),
        (["frontier", "two-steps", "--keep", "nothing"], "error[DET701]"),
        (["frontier", "two-steps", "--html", "no/such/folder.html"], "error[DET711]"),
        (["afterwards", "two-steps", "nothing"], "error[DET405]"),
        (["afterwards", "two-steps", "in-turn", "--objective", "fairest"], "error[DET709]"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked(asked: list[str], told: str, capsys: Capture) -> None:
    assert run(asked) == 2
    assert told in capsys.readouterr().err


def _nothing_to_agree_on(tmp_path: Path) -> str:
    """A has something in force already, and states more for no deal than anybody can give it."""
    raw = case(
        {"a": measure("A", {"B": 2}, done=True), "b": measure("B", {"B": -1, "A": 1})},
        {"A": party(reserve=9), "B": party()},
    )
    file = tmp_path / "none.json"
    file.write_text(json.dumps(raw), encoding="utf-8")
    return str(file)


def test_proved_none_and_not_known_differ(tmp_path: Path, capsys: Capture) -> None:
    file = _nothing_to_agree_on(tmp_path)
    assert run(["frontier", file]) == 3
    assert capsys.readouterr().out.startswith("FRONTIER between A and B: proved: no road map is certified")
    assert run(["frontier", file, "--work-limit", "0"]) == 4
    told = capsys.readouterr().out
    assert "whether one exists is not known" in told
    assert "the work limit was reached" in told


def test_afterwards_says_what_each_can_still_get(tmp_path: Path, capsys: Capture) -> None:
    later, file = tmp_path / "later.json", tmp_path / "a.json"
    assert run(["afterwards", "two-steps", "hills-draft", "--case-after", str(later), "-o", str(file)]) == 0
    told = capsys.readouterr().out
    assert told.startswith("AFTERWARDS: Water for power, the weir stays, carried out before 2031\n")
    assert "Plains: uses up leverage. In all it gets at most 4, 57 % of the most; from the start it could" in told
    assert json.loads(file.read_text(encoding="utf-8"))["format"] == "detente/afterwards/1"
    assert run(["check", str(later)]) == 0


def test_what_cannot_be_carried_out(tmp_path: Path, capsys: Capture) -> None:
    file = tmp_path / "late.json"
    file.write_text(json.dumps({"weir": 3}), encoding="utf-8")
    assert run(["afterwards", "two-steps", str(file)]) == 2
    assert "error[DET733]: it cannot be carried out as it stands" in capsys.readouterr().err


def test_an_interrupt_leaves_what_was_found(tmp_path: Path) -> None:
    """Ctrl-C while the frontier of the large case is being sought."""
    command = [sys.executable, "-m", "detente", "frontier", "dprk-2019", "--json", "--time-limit", "100"]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2] / "src")}
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        cwd=tmp_path,
        preexec_fn=heeds,
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "points found: " in line and "points found: 0" not in line:
                break
        process.send_signal(signal.SIGINT)
        began = time.monotonic()
        told, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert time.monotonic() - began < 60
    answer = json.loads(told)
    assert answer["run"]["cut"] == "interrupted"
    assert answer["points"]
    assert all(p["certified"] for p in answer["points"])
