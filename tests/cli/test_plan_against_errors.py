"""Plans against errors and for uncertain worlds: what the command prints, how it exits, what an interrupt leaves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from detente.cli.main import run

Capture = pytest.CaptureFixture[str]
RANGES = [
    "--set", 'measure.weir.value.Plains.flow="2 [1, 3]"', "--set", 'measure.water.value.Plains.flow="3 [2.6, 4]"',
]  # fmt: skip
WIDE = ["--set", 'measure.weir.value.Plains.flow="2 [-9, 3]"', "--set", 'measure.water.value.Plains.flow="3 [-9, 4]"']


def _json(asked: list[str], capsys: Capture, status: int = 0) -> Any:
    assert run(["plan", "two-steps", *asked, "--json"]) == status
    return json.loads(capsys.readouterr().out)


def test_a_plan_within_a_budget_says_what_it_stands(capsys: Capture) -> None:
    told = _json([*RANGES, "--budget", "1"], capsys)
    assert told["outcome"] == "plan"
    assert told["details"]["budget"]["errors"] == 1
    assert all(x["least"] >= -1e-9 for x in told["details"]["budget"]["weakest"])
    assert run(["plan", "two-steps", *RANGES, "--budget", "1"]) == 0
    out = capsys.readouterr().out
    assert "Stands 1 error in the numbers of each party" in out
    assert max(map(len, out.splitlines())) <= 100


def test_what_no_road_map_can_stand_is_proved(capsys: Capture) -> None:
    none = _json([*WIDE, "--budget", "2"], capsys, status=3)
    assert none["outcome"] == "none-exists"
    half = _json([*WIDE, "--budget", "0"], capsys)
    assert half["outcome"] == "plan"


def test_the_price_is_a_table_a_format_and_a_chart(tmp_path: Path, capsys: Capture) -> None:
    chart, file = tmp_path / "price.svg", tmp_path / "price.json"
    assert run(["plan", "two-steps", *WIDE, "--budget", "0..3", "--chart", str(chart), "-o", str(file)]) == 0
    out = capsys.readouterr().out
    assert "PRICE OF ROBUSTNESS" in out
    assert "proved: none" in out
    assert "<svg" in chart.read_text(encoding="utf-8")
    told = json.loads(file.read_text(encoding="utf-8"))
    assert told["format"] == "detente/price/1"
    assert [x["errors"] for x in told["points"]] == [0, 1, 2, 3]
    outcomes = [x["plan"]["outcome"] for x in told["points"]]
    assert outcomes == sorted(outcomes, reverse=True)
    assert outcomes[-1] == "none-exists"


def test_robust_worlds_is_told_beside_robust_and_can_be_checked(tmp_path: Path, capsys: Capture) -> None:
    file = tmp_path / "plan.json"
    asked = ["plan", "two-steps", *RANGES, "--objective", "robust-worlds", "--work-limit", "60"]
    assert run([*asked, "-o", str(file)]) == 0
    told = capsys.readouterr()
    assert "worlds that had no part in choosing it" in " ".join(told.out.split())
    assert "robust-worlds: " in told.err
    plan = json.loads(file.read_text(encoding="utf-8"))
    found = plan["worlds"]
    assert plan["value"] == found["both"]["share"] <= plan["bound"]
    assert found["gained"]["share"] == pytest.approx(found["both"]["share"] - found["ordinary"]["share"])
    assert run(["verify", str(file), "two-steps", *RANGES]) == 0
    capsys.readouterr()
    again = tmp_path / "again.json"
    assert run([*asked, "-o", str(again)]) == 0
    other = json.loads(again.read_text(encoding="utf-8"))
    assert {k: v for k, v in plan.items() if k != "run"} == {k: v for k, v in other.items() if k != "run"}


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (["--budget", "-1"], "DET710"),
        (["--budget", "some"], "DET710"),
        (["--budget", "3..1"], "DET710"),
        (["--budget", "1", "--objective", "robust-worlds"], "DET715"),
    ],
)
def test_what_cannot_be_asked(asked: list[str], told: str, capsys: Capture) -> None:
    assert run(["plan", "two-steps", *asked]) == 2
    captured = capsys.readouterr()
    assert told in captured.out + captured.err
