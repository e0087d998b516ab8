"""Sweeps from the command line: what is printed, drawn and written, and how it exits."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from detente.cli.main import run

Capture = pytest.CaptureFixture[str]
LAGS = """\
sweep: 1
n: 60
road_maps: [in-turn, plains-draft]
over:
  - {of: party.Hills.lag, values: [2, 1]}
  - {of: party.Plains.exit_cost, from: 0, to: 4, steps: 8}
"""
ALONE = ["--workers", "1"]


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("lags.yaml").write_text(LAGS, encoding="utf-8")


def test_what_is_varied_best_and_worst_and_what_moves_it(capsys: Capture) -> None:
    assert run(["sweep", "two-steps", "--over", "lags.yaml", *ALONE]) == 0
    told = capsys.readouterr().out
    assert told.startswith("SWEEP: 2 road maps at 16 points, 60 possible worlds each\n")
    assert "  A  Hills: response lag      1, 2\n  B  Plains: cost of leaving  0 to 4, 8 values\n" in told
    assert "in-turn, best and worst points:\n" in told
    assert "\n  A  in-turn  2: " in told
    assert told.endswith("All rows: lags.sweep/sweep.parquet\n")
    assert max(map(len, told.splitlines())) <= 80


def test_a_finished_sweep_is_told_and_drawn_at_once(capsys: Capture) -> None:
    assert run(["sweep", "two-steps", "--over", "lags.yaml", *ALONE, "--json"]) == 0
    first = json.loads(capsys.readouterr().out)
    assert first["complete"]
    done = sorted(path.name for path in Path("lags.sweep/finished").iterdir())
    command = ["sweep", "two-steps", "--over", "lags.yaml", *ALONE, "--json", "-o", "told.json", "--chart", "lags.svg"]
    assert run(command) == 0
    second = json.loads(capsys.readouterr().out)
    assert (second["rows"], second["effects"]) == (first["rows"], first["effects"])
    assert sorted(path.name for path in Path("lags.sweep/finished").iterdir()) == done
    assert json.loads(Path("told.json").read_text(encoding="utf-8"))["rows"] == first["rows"]
    assert "Share of possible worlds in which each road map holds" in Path("lags.svg").read_text(encoding="utf-8")


def test_a_limit_leaves_it_open(capsys: Capture) -> None:
    assert run(["sweep", "two-steps", "--over", "lags.yaml", *ALONE, "--time-limit", "0"]) == 4
    assert "A limit was reached: 0 of 32 tasks are finished." in capsys.readouterr().out


def test_what_cannot_be_read_written_or_reached(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detente.worlds.sweeps.cluster.PATIENCE", 0.2)
    Path("more").mkdir()
    Path("more/letter.txt").write_text("dear all", encoding="utf-8")
    for more, told in (
        (["--over", "."], "DET002"),
        (["--over", "gone.yaml"], "DET001"),
        (["--over", "lags.yaml", "--into", "more"], "DET782"),
        (["--over", "lags.yaml", "--into", "lags.yaml/x"], "DET711"),
        (["--over", "lags.yaml", "--chart", "lags.txt"], "DET711"),
        (["--over", "lags.yaml", "--cluster", "tcp://nowhere.invalid:1"], "warning[DET609]"),
    ):
        assert run(["sweep", "two-steps", *ALONE, *more]) == 2
        printed = capsys.readouterr()
        assert told in printed.err
        assert not printed.out
