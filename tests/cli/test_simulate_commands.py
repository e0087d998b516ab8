"""The command for runs: what it prints and writes, how it exits, and what limits and interrupts do to it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from detente.api import load, simulate
from detente.cli.main import run
from tests.interrupts import heeds

Capture = pytest.CaptureFixture[str]
ASKED = ["simulate", "two-steps", "in-turn", "-n", "200", "--workers", "1"]


def test_what_is_told(capsys: Capture) -> None:
    assert run([*ASKED, "--set", "party.Plains.grace=1 year", "--set", "conduct.punctual=0.5"]) == 0
    told = capsys.readouterr().out
    assert max(map(len, told.splitlines())) <= 100
    assert told.startswith("RUNS: in-turn\nIn ")
    for part in (
        "  ended  half within  how\n",
        "\ngoal ",
        "\nparty ",
        "(1 year late)",
        "\n  punctual             50 % a year  stated in",
    ):
        assert part in told, part


def test_tables_of_long_names_keep_to_the_margin(capsys: Capture) -> None:
    """A case of months, with goals and groups whose names take a line and a half."""
    assert run(["simulate", "six-party-2007", "as-agreed", "-n", "24", "--workers", "1"]) == 0
    told = capsys.readouterr().out
    assert max(map(len, told.splitlines())) <= 100
    assert "\nSomething to show on the sixtieth         North Korea " in told
    assert "\n  birthday of the state\n" in told
    assert "× 10" not in told


def test_json_and_files(tmp_path: Path, capsys: Capture) -> None:
    answer, svg, png = (tmp_path / name for name in ("s.json", "f.svg", "f.png"))
    assert run([*ASKED, "--json", "-o", str(answer), "--chart", str(svg)]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed == json.loads(answer.read_text(encoding="utf-8"))
    assert printed["format"] == "detente/simulation/1"
    assert set(printed["late"]) == set(printed["still"]) == {"mean", "quantiles"}
    assert svg.read_text(encoding="utf-8").startswith("<svg")
    assert run([*ASKED, "--chart", str(png)]) == 0
    assert png.read_bytes()[1:4] == b"PNG"


@pytest.mark.parametrize(
    ("asked", "code"),
    [(["--without", "luck"], "DET715"), (["--chart", "fans.gif"], "DET711"), (["--time-limit", "-1"], "--time-limit")],
)
def test_bad_input(asked: list[str], code: str, capsys: Capture) -> None:
    assert run([*ASKED, *asked]) == 2
    told = capsys.readouterr().err
    assert code in told
    assert "fix: " in told
    assert "Traceback" not in told


def test_a_limit_that_is_over_at_once_leaves_a_first_portion(capsys: Capture) -> None:
    assert (
        run(["simulate", "two-steps", "in-turn", "-n", "1000000", "--time-limit", "0", "--workers", "1", "--json"]) == 0
    )
    told = json.loads(capsys.readouterr().out)
    assert 1000 <= told["n"] < 100_000
    assert told["run"]["cut"] == "clock"
    assert not told["run"]["reproducible"]
    assert run(["simulate", "two-steps", "in-turn", "-n", "1000000", "--time-limit", "0", "--workers", "1"]) == 0
    assert "The time limit was reached after" in " ".join(capsys.readouterr().out.split())


def test_an_interrupt_ends_it_with_the_runs_made_by_then() -> None:
    """A real one, to a process of its own."""
    command = [sys.executable, "-m", "detente", "simulate", "two-steps", "in-turn", "-n", "1000000000"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=heeds, env=_environment()
    ) as process:
        assert process.stderr is not None
        while "of 1,000,000,000 runs" not in (line := process.stderr.readline()):
            assert line, "ended before it began"
        process.send_signal(signal.SIGINT)
        told, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    assert "Interrupted after" in " ".join(told.split())
    assert "of 1,000,000,000 runs." in " ".join(told.split())


def _environment() -> dict[str, str]:
    path = [str(Path(__file__).parents[2] / "src"), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(x for x in path if x)}


def test_a_notebook_shows_tables_and_the_fans() -> None:
    case = load("two-steps")
    page = simulate(case, "in-turn", 50)._repr_html_()  # type: ignore[attr-defined]
    assert page.count("<table") == 3
    assert "<svg" in page
    assert "Take the weir down" in page
