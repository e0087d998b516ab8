"""The chart of a sweep: a line for each road map over what is varied first, and every point."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import detente as dt
from detente.report import draw
from detente.report.charts.sweep import GROUPS, sweep

COST = {"of": "party.Plains.exit_cost", "from": 0, "to": 4}
LAG = {"of": "party.Hills.lag", "values": [1, 2, 3]}
FOLD = {"of": "measure.water.withdrawal", "values": ["if-credible", "automatic", "never"]}


def swept(folder: Path, *over: dict[str, Any], **more: Any) -> dt.Sweep:
    design = {"sweep": 1, "n": 40, "road_maps": ["in-turn", "plains-draft"], "over": list(over), **more}
    return dt.sweep("two-steps", design, folder / "s")


def marks(spec: dict[str, Any], kind: str) -> list[list[dict[str, Any]]]:
    """The data of all layers of one kind whose heights are shares."""
    found = [x for x in spec["layer"] if x["mark"]["type"] == kind and "y" in x["encoding"] and "x" in x["encoding"]]
    return [x["data"]["values"] for x in found]


def test_lines_are_means_and_dots_are_points(tmp_path: Path) -> None:
    told = swept(tmp_path, LAG, {**COST, "steps": 3})
    spec = sweep(told, dt.resolve("two-steps"))
    lines, dots = marks(spec, "line"), marks(spec, "point")
    for name, line, points in zip(told.road_maps, lines, dots[::2], strict=True):
        rows = [row for row in told.rows if row.road_map == name]
        assert sorted((p["x"], p["y"]) for p in points) == sorted((float(r.at[0]), r.found["holds"]) for r in rows)
        for at in line:
            assert at["y"] == pytest.approx(np.mean([r.found["holds"] for r in rows if float(r.at[0]) == at["x"]]))
        assert [at["x"] for at in line] == [1, 2, 3]
    drawn = draw.svg(spec)
    text = drawn if isinstance(drawn, str) else drawn.decode()
    for words in ("Hills: response lag", "means over all values of Plains: cost of leaving", "First the weir"):
        assert words in text


def test_of_a_sample_neighbours_are_taken_together(tmp_path: Path) -> None:
    told = swept(tmp_path, COST, LAG, sample=24)
    line = marks(sweep(told), "line")[0]
    assert len(line) == GROUPS
    assert np.mean([at["y"] for at in line]) == pytest.approx(
        np.mean([r.found["holds"] for r in told.rows if r.road_map == "in-turn"])
    )


def test_words_have_no_lines_between_them_and_one_thing_varied_has_intervals(tmp_path: Path) -> None:
    told = swept(tmp_path, FOLD)
    spec = sweep(told)
    assert not marks(spec, "line")
    assert {at["text"] for x in spec["layer"] for at in x["data"]["values"] if "text" in at} > set(FOLD["values"])
    ends = {(at["low"], at["high"]) for rule in marks(spec, "rule") for at in rule}
    assert ends == {(r.found["holds_low"], r.found["holds_high"]) for r in told.rows}
    assert draw.png(spec)


def test_nothing_finished_is_an_empty_ground(tmp_path: Path) -> None:
    design = {"sweep": 1, "n": 40, "road_maps": ["in-turn"], "over": [LAG]}
    told = dt.sweep("two-steps", design, tmp_path / "s", time_limit=0)
    assert not told.rows
    assert draw.png(sweep(told))
    assert "A limit was reached" in str(told)
    assert "A limit was reached" in told._repr_html_()  # type: ignore[operator]
