"""The command for thresholds: what it prints and writes, and how it exits."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from detente.cli.main import run

Capture = pytest.CaptureFixture[str]
GAUGE = "measure.water.detect.with.gauge.detect"


def test_a_threshold_is_told_with_its_bracket_and_who_is_tempted(capsys: Capture) -> None:
    assert run(["threshold", "two-steps", "in-turn", "--of", GAUGE]) == 0
    told = capsys.readouterr().out
    assert told.startswith('THRESHOLD: chance to find a cheat on "Let the summer water through" with "Keep a gauge')
    assert "It holds from 0.24598 on, not yet at 0.24597." in told
    assert 'fails: Hills would gain 5.5e-06 by secretly undoing "Let the summer water through"' in told
    assert "What\nchanges twice within 0.025 may be missed" in told


def test_json_and_files(tmp_path: Path, capsys: Capture) -> None:
    answer, svg, png, pdf = (tmp_path / name for name in ("t.json", "t.svg", "t.png", "t.pdf"))
    asked = ["threshold", "two-steps", "in-turn", "--of", GAUGE, "--points", "5", "--tolerance", "0.01", "--json"]
    assert run([*asked, "-o", str(answer), "--chart", str(svg)]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed == json.loads(answer.read_text(encoding="utf-8"))
    assert (printed["format"], printed["parameters"][0]["paths"]) == ("detente/threshold/1", [GAUGE])
    assert len(printed["grid"][0]) == 5
    assert svg.read_text(encoding="utf-8").startswith("<svg")
    assert run([*asked, "--chart", str(png)]) == 0
    assert run([*asked, "--chart", str(pdf)]) == 0
    assert png.read_bytes()[1:4] == b"PNG"
    assert pdf.read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        (["in-turn", "--of", "party.Hills.lag", "--to", "3"], 0),
        (["plains-draft", "--of", "party.Hills.exit_cost", "--to", "0.5", "--points", "3"], 1),
        (["--of", "party.Hills.lag", "--keep", "plains-says", "--to", "2", "--work-limit", "50000"], 3),
        (["in-turn", "--of", "party.Hills.exit_cost", "--time-limit", "0"], 4),
        (["in-turn", "--of", "party.Hills.exit-cost"], 2),
        (["in-turn"], 2),
        (["in-turn", "--of", "party.Hills.lag", "--chart", "threshold.gif"], 2),
        (["in-turn", "--of", "party.Hills.lag", "--from", "1", "--from", "2"], 2),
    ],
)
def test_exit_statuses(asked: list[str], status: int, capsys: Capture) -> None:
    assert run(["threshold", "two-steps", *asked]) == status
    assert "Traceback" not in capsys.readouterr().err


def test_a_map_with_one_value_for_two_numbers(capsys: Capture) -> None:
    both = "party.Hills.lag,party.Plains.lag"
    of = ["--of", both, "--of", GAUGE, "--to", "2", "--points", "41", "--points", "3"]
    assert run(["threshold", "two-steps", "in-turn", *of]) == 0
    told = capsys.readouterr().out
    assert told.startswith(
        "THRESHOLDS: response lag of Hills and response lag of Plains (party.Hills.lag, party.Plains"
    )
    assert "\n    1  #.  1\n" in told
    assert "  # certified  . fails" in told
    assert "Who is tempted most where it fails:" in told


def test_settings_and_overlays_come_first(tmp_path: Path, capsys: Capture) -> None:
    over = tmp_path / "over.yaml"
    over.write_text("detente: 1\noverlay: true\nparties: {Hills: {exit_cost: 1}}\n", encoding="utf-8")
    asked = ["threshold", "two-steps", "in-turn", "--of", GAUGE, "--tolerance", "0.01"]
    found = []
    for more in ([], ["--set", "party.Hills.exit_cost=1"], ["--overlay", str(over)]):
        assert run([*asked, *more, "--json"]) == 0
        found.append(json.loads(capsys.readouterr().out)["holding"][0]["first"])
    assert found[1] == found[2]
    assert float(found[1]) < float(found[0])
