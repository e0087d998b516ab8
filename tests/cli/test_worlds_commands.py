"""The command for possible worlds: what it prints and writes, how it exits, and what an interrupt does to it."""

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
from detente.errors import OutOfTime
from tests.interrupts import heeds

Capture = pytest.CaptureFixture[str]
ASKED = ["worlds", "six-party-2007", "as-agreed", "-n", "64", "--larger", "2"]


def test_what_is_told(capsys: Capture) -> None:
    assert run(ASKED) == 0
    told = capsys.readouterr().out
    assert all(len(line) <= 100 for line in told.splitlines())
    assert told.startswith("WORLDS: The second phase, as agreed (3 October 2007)\nNobody ever leaves in ")
    assert "What binds is not knowing the other side. Were North Korea of the type “Means its own offer”" in told
    for part in ("\nparty  ", "Trust: North Korea", "\nGoals:", "What to find out first, for North Korea:"):
        assert part in told, part


def test_json_and_files(tmp_path: Path, capsys: Capture) -> None:
    answer, svg, png, pdf = (tmp_path / name for name in ("w.json", "t.svg", "s.png", "t.pdf"))
    assert run([*ASKED, "--json", "-o", str(answer), "--chart", str(svg), "--survival-chart", str(png)]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed == json.loads(answer.read_text(encoding="utf-8"))
    assert printed["format"] == "detente/worlds/1"
    assert printed["binding"]["kind"] == {"DPRK": "Means its own offer"}
    assert printed["left_out"] == []
    assert svg.read_text(encoding="utf-8").startswith("<svg")
    assert png.read_bytes()[1:4] == b"PNG"
    assert run(["worlds", "two-steps", "in-turn", "-n", "1", "--chart", str(pdf)]) == 0
    assert pdf.read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (["--method", "sobel"], "DET715"),
        (["--set", "measures.nothing.takes=2"], "DET022"),
        (["--chart", "trust.gif"], "DET711"),
        (["-n", "0"], "-n"),
    ],
)
def test_bad_input(asked: list[str], code: str, capsys: Capture) -> None:
    assert run(["worlds", "two-steps", "in-turn", *asked]) == 2
    told = capsys.readouterr().err
    assert code in told
    assert "fix: " in told
    assert "Traceback" not in told


def test_time_that_is_over_before_the_first_world(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    def late(*_: object, **__: object) -> None:
        raise OutOfTime("the time limit of 1 s was over before any world was judged")

    monkeypatch.setattr("detente.api.worlds", late)
    assert run(["worlds", "two-steps", "in-turn", "--time-limit", "1"]) == 4
    assert "before any world was judged" in capsys.readouterr().err


def test_an_interrupt_ends_it_with_what_is_known() -> None:
    """A real one, to a process of its own: it exits as one that has an answer."""
    command = [sys.executable, "-m", "detente", "worlds", "two-steps", "in-turn", "-n", "1000000000"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=heeds, env=_environment()
    ) as process:
        assert process.stderr is not None
        while "of 1,000,000,000 worlds" not in (line := process.stderr.readline()):
            assert line, "ended before it began"
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        told, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    assert "Interrupted after" in " ".join(told.split())


def _environment() -> dict[str, str]:
    path = [str(Path(__file__).parents[2] / "src"), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(x for x in path if x)}
