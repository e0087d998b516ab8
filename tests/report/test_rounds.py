"""The record of offers as text, as a section of the brief, and drawn."""

from __future__ import annotations

from pathlib import Path

import pytest

import detente as dt
from detente.report import draw, html
from detente.report.charts.rounds import Step
from detente.report.charts.rounds import rounds as chart
from detente.report.document import Figure
from detente.report.rounds_text import rounds_text
from detente.report.sections.rounds import rounds_section

OFFERS = (
    ("Hills", ["power by 2030", "never weir"]),
    ("Plains", ["weir by 2031", "water by 2030"]),
    ("Hills", ["power by 2030", "weir not before 2032"]),
)


@pytest.fixture(scope="module")
def rounds(tmp_path_factory: pytest.TempPathFactory) -> dt.Rounds:
    record: Path = tmp_path_factory.mktemp("record") / "offers.jsonl"
    for by, clauses in OFFERS:
        dt.add_round("two-steps", by, [{"must": text} for text in clauses], record=record)
    return dt.rounds("two-steps", record=record, time_limit=None, work_limit=20_000)


def test_the_answer_says_the_same_everywhere(rounds: dt.Rounds) -> None:
    case = dt.resolve("two-steps")
    told = rounds_text(rounds, case)
    assert max(map(len, told.splitlines())) <= 100
    assert str(rounds) == told
    page = html.fragment(list(rounds_section(rounds, case)))
    for text in ("concedes", "gives up 50 %", "Hills", "closes"):
        assert text in told
        assert text in page
    assert "weir" not in told.replace("Take the weir down", "")
    assert repr(rounds) == "<Rounds: 3 between Hills and Plains; single text found>"


def test_without_the_case_ids_are_shown(rounds: dt.Rounds) -> None:
    told = rounds_text(rounds)
    assert "weir not before 2032" in told
    assert max(map(len, told.splitlines())) <= 100


def test_the_gap_is_drawn_where_it_is(rounds: dt.Rounds) -> None:
    spec = next(b.spec for b in rounds_section(rounds, dt.resolve("two-steps")) if isinstance(b, Figure))
    assert "<svg" in draw.svg(spec)
    lines = [one["data"]["values"] for one in spec["layer"] if one["mark"]["type"] == "line"]
    assert len(lines) == 2
    closed = [r.gap.share["Plains"] for r in rounds.measured if r.gap is not None]
    assert closed[1] < closed[0]
    assert lines[1][1]["y"] > lines[1][0]["y"], "a smaller gap lies lower"


def test_a_gap_in_value_that_is_not_known_is_not_drawn() -> None:
    spec = chart(["A", "B"], [("A", "A"), ("B", "B")], [Step("1", {}, 2, 2), Step("2", {"A": 0.2}, 0, 0)])
    lines = [one["data"]["values"] for one in spec["layer"] if one["mark"]["type"] == "line"]
    assert [len(points) for points in lines] == [1, 0]
    assert "2 of 2" in draw.svg(spec)
