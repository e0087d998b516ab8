"""The chart of a threshold: everything within the picture, no text on another, every change where it was found."""

from __future__ import annotations

import re
from typing import Any

import pytest

import detente as dt
from detente.report import draw
from detente.report.charts.threshold import threshold
from detente.results.threshold import Threshold
from tests.report.test_charts import overlapping, texts

GAUGE = "measure.water.detect.with.gauge.detect"
ASKED: list[dict[str, Any]] = [
    {"of": GAUGE, "road_map": "in-turn"},
    {"of": GAUGE, "road_map": "in-turn", "keep": "plains-says"},
    {"of": "party.Plains.lag", "road_map": "plains-draft"},
    {"of": "party.Hills.exit_cost", "road_map": "plains-draft"},
    {"of": "party.Hills.exit_cost", "road_map": "in-turn", "time_limit": 0},
    {"of": "measure.power.value.Hills.flow", "keep": "green-fields", "work_limit": 50_000},
    {"of": [GAUGE, "case.discount"], "road_map": "in-turn", "points": 7, "tolerance": 0.01},
    {"of": ["party.Plains.lag", "party.Hills.exit_cost"], "road_map": "plains-draft", "points": [None, 9]},
    {"of": ["party.Plains.lag", "party.Hills.lag"], "road_map": "in-turn"},
]


@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_texts_lie_in_the_picture_and_apart(asked: dict[str, Any]) -> None:
    found = dt.threshold("two-steps", **asked)
    for case in (dt.resolve("two-steps"), None):
        svg = draw.svg(threshold(found, case))
        wide, high = draw.svg_size(svg)
        assert not list(overlapping(texts(svg)))
        for left, right, y, words in texts(svg):
            assert left >= -2, words
            assert right <= wide + 1, words
            assert 0 <= y <= high, words


def areas(spec: dict[str, Any]) -> list[dict[str, Any]]:
    """The rectangles of a band, in pixels."""
    return [x["mark"] for x in spec["vconcat"][0]["layer"] if x["mark"]["type"] == "rect"]


def test_the_band_is_divided_where_it_was_found() -> None:
    found = dt.threshold("two-steps", GAUGE, "in-turn")
    fails, holds = areas(threshold(found, dt.resolve("two-steps")))
    assert (fails["x"], holds["x2"]) == (0, 600)
    assert fails["x2"] == holds["x"] == pytest.approx(600 * 0.245975, abs=0.01)
    words = [w for *_, w in texts(draw.svg(threshold(found)))]
    assert "0.24598" in words
    assert {"fails", "certified"} <= set(words)


def test_whole_numbers_have_room_of_their_own() -> None:
    found = dt.threshold("two-steps", "party.Plains.lag", "in-turn", high=4)
    bands = areas(threshold(found))
    assert (bands[0]["x"], bands[-1]["x2"]) == (0, 600)
    cuts = [i.ends for i in found.intervals() if i.ends is not None]
    assert [b["x2"] for b in bands[:-1]] == [600 * float(low) / 4 for low, _ in cuts]
    assert cuts


def test_the_frontier_passes_through_every_change() -> None:
    found = dt.threshold("two-steps", [GAUGE, "case.discount"], "in-turn", points=7, tolerance="0.001")
    lines = [
        x for x in threshold(found)["layer"] if x["mark"] == {"type": "rule", "color": "#1a1a1a", "strokeWidth": 1.8}
    ]
    ends = [tuple(x["encoding"][k]["value"] for k in ("x", "x2", "y", "y2")) for x in lines[:-1]]
    for place in crossings(found):
        assert any(abs(place[0] - x) < 1 and abs(place[1] - y) < 1 for a, b, c, d in ends for x, y in ((a, c), (b, d)))


def crossings(found: Threshold) -> list[tuple[float, float]]:
    """Where the state changes along the first number, in pixels."""
    x, y = found.axes
    return [
        (480 * float((c.below + c.above) / 2 - x.low) / float(x.high - x.low),
         380 * (1 - float(c.beside - y.low) / float(y.high - y.low)))
        for c in found.crossings() if c.axis == 0
    ]  # fmt: skip


def test_what_is_not_known_is_shown_as_such() -> None:
    found = dt.threshold("two-steps", ["party.Plains.lag", GAUGE], "in-turn", time_limit=0)
    svg = draw.svg(threshold(found))
    assert "not known" in re.sub(r"<[^>]*>", " ", svg)
    assert "#2f6f5e" not in svg
    assert "#e3c4bd" not in svg
