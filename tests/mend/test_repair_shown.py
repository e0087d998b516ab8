"""The repair command and what it shows: exit statuses, what is written, words that fit, pictures that can be read."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import detente as dt
from detente.cli.main import run
from detente.mend.repair import UNSETTLED
from detente.report import draw
from detente.report.charts.repair import repair as chart
from detente.report.document import Callout, Figure, Heading, Table
from detente.report.repair_text import repair_text
from detente.report.sections.repair import repair_section
from detente.results.repair import Change
from tests.interrupts import heeds
from tests.report.synthetic import big_case, big_road_map
from tests.report.test_charts import overlapping, texts

Capture = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def mended() -> dt.Repair:
    return dt.repair("two-steps", "plains-draft", time_limit=None)


def test_what_holds_is_not_changed(capsys: Capture) -> None:
    assert run(["repair", "two-steps", "in-turn"]) == 0
    assert capsys.readouterr().out.startswith("NOTHING TO MEND: in-turn\n")
    told = dt.repair("two-steps", "in-turn")
    assert (told.outcome, told.alternatives, told.attempts) == ("holds", (), ())
    assert told.to_dict()["starts"] == dict(dt.load_road_map("in-turn", "two-steps").starts)
    assert repr(told) == "<Repair of 'in-turn': holds, 0 alternatives>"


def test_what_holds_with_too_thin_a_margin_is_mended() -> None:
    told = dt.repair("two-steps", "in-turn", margin=0.15, allow=["dates", "measures"])
    assert told.outcome in ("repaired", "none-exists")
    assert told.tabled.certified
    for a in told.alternatives:
        least = a.audit.least_counted
        assert least is None or least.relative is None or least.relative >= 0.15


@pytest.mark.parametrize(
    ("asked", "status", "head"),
    [
        ([], 0, "MENDED: First the weir, then the power\n2 ways that differ in kind"),
        (["--allow", "dates", "--fix", "water"], 0, "MENDED: First the weir, then the power\nOne way "),
        (
            ["--allow", "escrow,stick"],
            3,
            "CANNOT BE MENDED: First the weir, then the power\nIt is proved that no change",
        ),
        (["--allow", "suspension", "--allow", "access"], 3, "CANNOT BE MENDED"),
        (["--allow", "dates", "--fix", "water", "--fix", "weir", "--fix", "power"], 3, "CANNOT BE MENDED"),
        (["--keep", "lights-on"], 0, "MENDED"),
    ],
)
def test_exit_statuses(asked: list[str], status: int, head: str, capsys: Capture) -> None:
    assert run(["repair", "two-steps", "plains-draft", *asked]) == status
    told = capsys.readouterr().out
    assert told.startswith(head)
    assert max(len(line) for line in told.partition("\nTo judge the first")[0].split("\n")) <= 100


def test_what_was_fixed_and_kept_stays(mended: dt.Repair) -> None:
    told = dt.repair("two-steps", "plains-draft", fix="water", keep="lights-on", time_limit=None)
    for a in told.alternatives:
        assert a.road_map.starts["water"] == mended.tabled.road_map.starts["water"]
        assert next(c.holds for c in a.audit.clauses if c.id == "goal-hills")


def test_no_time_is_not_the_same_as_impossible(capsys: Capture) -> None:
    assert run(["repair", "dprk-2019", "october-2019", "--allow", "dates", "--work-limit", "0", "--json"]) == 4
    answer = json.loads(capsys.readouterr().out)
    assert (answer["outcome"], answer["starts"], answer["alternatives"]) == ("unknown", None, [])
    assert [a["outcome"] for a in answer["attempts"]] == ["unknown"]


def test_another_reading_is_not_told_as_a_change(mended: dt.Repair) -> None:
    best = mended.alternatives[0]
    same = replace(best, counted=0, at_least=0, cost=replace(best.cost, changes=0, weights=0.0, periods=0))
    told = repair_text(replace(mended, alternatives=(same,)), dt.load("two-steps").resolved)
    assert "1. The same clauses in another reading: no clause is given up\n" in told


def test_a_size_that_may_not_be_the_least_is_told_so(mended: dt.Repair) -> None:
    best = mended.alternatives[0]
    attempts = [replace(a, note=UNSETTLED) if a.kind == best.kinds[0] else a for a in mended.attempts]
    told = " ".join(repair_text(replace(mended, attempts=tuple(attempts))).split())
    assert f"A{UNSETTLED[1:]}." in told


def test_bad_input_is_told_at_once(capsys: Capture) -> None:
    assert run(["repair", "two-steps", "plains-draft", "--allow", "date,dates", "--fix", "rain"]) == 2
    told = capsys.readouterr().err
    assert 'DET741]: there is no kind of change "date"' in told
    assert 'DET742]: "rain" cannot be fixed: it does not exist' in told
    with pytest.raises(dt.InputError, match="DET714"):
        dt.repair("two-steps", 3)  # type: ignore[arg-type]
    with pytest.raises(dt.InputError, match="DET701"):
        dt.repair("two-steps", "plains-draft", keep="nobody")
    with pytest.raises(dt.InputError, match="DET405"):
        dt.repair("two-steps", "plain-draft")


def test_what_is_written_can_be_judged(tmp_path: Path, capsys: Capture) -> None:
    answer, road_map = tmp_path / "repair.json", tmp_path / "mended.json"
    asked = ["repair", "two-steps", "plains-draft", "-o", str(answer), "--road-map", str(road_map), "--json"]
    assert run([*asked, "--alternative", "2"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed == json.loads(answer.read_text(encoding="utf-8"))
    assert printed["format"] == "detente/repair/1"
    first, second = printed["alternatives"]
    assert printed["starts"] == first["starts"]
    written = json.loads(road_map.read_text(encoding="utf-8"))["starts"]
    assert {k: s for k, s in written.items() if s is not None} == second["starts"]
    assert run(["audit", "two-steps", str(road_map)]) == 0
    assert [c["without"]["kind"] for c in first["changes"]] == ["would-not-sign"]
    assert first["fewest"]
    assert first["least"]


def test_terms_can_be_set(tmp_path: Path) -> None:
    """An answer that needs other terms says which settings make it hold."""
    case = dt.load("two-steps", settings=["party.Hills.exit_cost=0", "measure.water.detect.base=0.5"])
    told = dt.repair(case, {"water": 0, "gauge": 0, "power": 0, "weir": 1}, margin=0.1, allow="escrow", time_limit=None)
    assert told.outcome == "repaired"
    (found,) = told.alternatives
    under = dt.load(case, settings=list(found.settings))
    assert dt.audit(under, found.road_map, cures=False).certified
    assert [c.kind for c in found.changes] == ["escrow"] * len(found.changes)
    amounts = [c.amount for c in found.changes]
    assert all(x is not None and x > 0 for x in amounts)


def test_an_interrupt_leaves_what_was_found() -> None:
    command = [sys.executable, "-m", "detente", "repair", "dprk-2019", "stanford-phases", "--json"]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2] / "src")}
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, preexec_fn=heeds
    )
    assert process.stderr is not None
    seen = ""
    while "fewest changes" not in seen:
        seen = process.stderr.readline()
        assert seen, "it ended before it had begun"
    process.send_signal(signal.SIGINT)
    out, told = process.communicate(timeout=120)
    assert out, told
    answer = json.loads(out)
    assert answer["run"]["cut"] == "interrupted"
    assert process.returncode == (0 if answer["alternatives"] else 130)


def test_words_without_the_case(mended: dt.Repair) -> None:
    told = repair_text(mended)
    assert "water: period 1 instead of period 0" in told or "power: period 1 instead of period 2" in told
    assert "broken, Plains: plains-" in told


def test_the_section_tells_all(mended: dt.Repair) -> None:
    case = dt.resolve("two-steps")
    blocks = list(repair_section(mended, case))
    headings = [b.text for b in blocks if isinstance(b, Heading)]
    assert headings[0] == "Can it be saved? First the weir, then the power"
    assert headings[1].startswith("1. Other dates only")
    assert any(isinstance(b, Callout) and b.title == "Mended" for b in blocks)
    (table,) = [b for b in blocks if isinstance(b, Table)]
    assert len(table.rows) == 1 + len(mended.alternatives)
    assert sum(isinstance(b, Figure) for b in blocks) == 1
    assert "<svg" in mended._repr_html_()  # type: ignore[attr-defined]


def test_the_two_texts_can_be_read() -> None:
    case, tabled = big_case(), big_road_map()
    names = list(tabled.starts)
    new = tabled.with_start(names[0], None).with_start(names[3], tabled.starts[names[3]] + 4)
    changes = [
        Change("dropped", names[0], tabled.starts[names[0]]),
        Change("moved", names[3], tabled.starts[names[3]], new.starts[names[3]]),
        Change("automatic", names[5]),
    ]
    svg = draw.svg(chart(case, tabled, new, changes))
    found = texts(svg)
    assert list(overlapping(found)) == []
    across, down = draw.svg_size(svg)
    assert [t for t in found if t[0] < -3 or t[1] > across + 3 or not 0 < t[2] < down + 3] == []
    words = " ".join(t[3] for t in found)
    assert "dropped" in words
    assert "4 quarters later" in words
    assert "ends by itself" in words
    assert re.search(r"As tabled.*Mended|Mended.*As tabled", words)
