"""The planner's command and the comparison's: what they print, how they exit, what an interrupt leaves."""

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

Capture = pytest.CaptureFixture[str]


def test_a_plan_is_dated_steps_by_party_with_its_proof(capsys: Capture) -> None:
    assert run(["plan", "two-steps"]) == 0
    told = capsys.readouterr()
    assert told.out.startswith("PLAN (robust): a certified road map with 3 measures\n")
    assert "Value 0.1, proved to be the best." in told.out
    assert "Hills\n  begins  in force  measure\n" in told.out
    assert "To check it from scratch: detente plan two-steps" in told.out
    assert "best " in told.err
    assert "bound " in told.err
    assert "ways to leave ruled out" in told.err


def test_a_written_plan_verifies(tmp_path: Path, capsys: Capture) -> None:
    file = tmp_path / "plan.json"
    assert run(["plan", "two-steps", "--objective", "welfare", "--json", "-o", str(file)]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed == json.loads(file.read_text(encoding="utf-8"))
    assert (printed["format"], printed["outcome"], printed["objective"]) == ("detente/plan/1", "plan", "welfare")
    assert run(["verify", str(file), "two-steps"]) == 0


def test_proved_that_none_exists(capsys: Capture) -> None:
    assert run(["plan", "two-steps", "--keep", "plains-draft"]) == 3
    assert capsys.readouterr().out.startswith("NO PLAN: it is proved")


def test_a_limit_reached_is_unknown_or_a_plan_with_a_gap(capsys: Capture) -> None:
    assert run(["plan", "dprk-2019", "--keep", "seoul-good-enough", "--work-limit", "0", "--json"]) == 4
    answer = json.loads(capsys.readouterr().out)
    assert (answer["outcome"], answer["reason"]["kind"]) == ("unknown", "limit")


def test_fast_says_when_the_goal_is_reached(capsys: Capture) -> None:
    assert run(["plan", "two-steps", "--objective", "fast", "--goal", "lights-on"]) == 0
    assert 'Goal "Lights on" reached 2030; proved: not before 2030.' in capsys.readouterr().out


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (["--objective", "fair-ish"], 'error[DET709]: there is no objective "fair-ish"'),
        (["--objective", "fast", "--goal", "light-on"], 'did you mean "lights-on"?'),
        (["--keep", "hill-says"], 'did you mean "hills-says" or'),
        (["--floor", "2"], "error[DET710]"),
        (["--floor", "much"], "error: "),
        (["-o", "no-such-folder/plan.json"], "error[DET711]"),
    ],
)
def test_what_cannot_be_asked(asked: list[str], told: str, capsys: Capture) -> None:
    assert run(["plan", "two-steps", *asked]) == 2
    printed = capsys.readouterr()
    assert told in printed.err
    assert "Traceback" not in printed.err


def test_comparing_prints_every_reading(tmp_path: Path, capsys: Capture) -> None:
    file = tmp_path / "compare.json"
    asked = ["compare", "two-steps", "--draws", "4", "--seed", "2", "--workers", "1", "-o", str(file)]
    assert run(asked) == 0
    told = capsys.readouterr()
    assert max(len(line) for line in told.out.split("\n")) <= 100
    assert "First the weir, then the power\n  as written " in told.out
    assert "  best certified    proved: no road map that keeps it is certified\n" in told.out
    assert "4 of 4 draws" in told.err
    answer = json.loads(file.read_text(encoding="utf-8"))
    assert answer["format"] == "detente/compare/1"
    assert answer["rows"][0]["draws"]["seed"] == 2


def test_the_table_of_the_real_case_fits_a_terminal(capsys: Capture) -> None:
    asked = ["compare", "dprk-2019", "--proposal", "dual-suspension", "--draws", "0", "--workers", "1"]
    assert run([*asked, "--time-limit", "1", "--plan-limit", "1"]) == 0
    assert max(len(line) for line in capsys.readouterr().out.split("\n")) <= 100


def test_one_proposal_that_does_not_exist(capsys: Capture) -> None:
    assert run(["compare", "two-steps", "--proposal", "hill-draft", "--plan-limit", "1"]) == 2
    assert 'did you mean "hills-draft"' in capsys.readouterr().err


# ---------------------------------------------------------------- interrupts


def _interrupted(arguments: list[str], after: str) -> tuple[int, str, str]:
    """Run the command, send it one interrupt once ``after`` shows on standard error; status and output."""
    command = [sys.executable, "-m", "detente", *arguments]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ}, preexec_fn=heeds
    )  # fmt: skip
    assert process.stderr is not None
    told = ""
    deadline = time.monotonic() + 60
    for line in process.stderr:
        told += line
        if after in line or time.monotonic() > deadline:
            break
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    return process.returncode, out, told + err


def test_an_interrupt_returns_the_best_certified_so_far() -> None:
    status, out, err = _interrupted(["plan", "dprk-2019", "--time-limit", "600"], "best 0")
    assert status == 0, err
    assert out.startswith("PLAN (robust): a certified road map")
    assert "Interrupted: this is the best certified road map found so far." in out


def test_an_interrupt_with_nothing_certified_is_130() -> None:
    asked = ["plan", "dprk-2019", "--time-limit", "600", "--keep", "seoul-good-enough"]
    status, out, err = _interrupted(asked, "best –")
    assert (status, "Traceback" in err) == (130, False), out + err


def test_an_interrupted_comparison_leaves_nothing_running() -> None:
    asked = ["compare", "dprk-2019", "--plan-limit", "2", "--workers", "2"]
    status, out, err = _interrupted(asked, "road map of the planner")
    assert status == 130, err
    assert not out
    assert "Traceback" not in err
