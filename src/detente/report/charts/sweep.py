"""How road maps fare over the first thing that a sweep varies: every point, and the means over all else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

import numpy as np

from detente.case.resolved import ResolvedCase
from detente.report.charts.legend import Sign, legend, point, stroke
from detente.report.charts.panels import Layer, nice_levels
from detente.report.charts.theme import FAINT, INK, MUTED, chart, colours, layer, quantity, width, wrap
from detente.report.numbers import percent, plain
from detente.results.sweep import Sweep, SweepRow, measured

WIDTH, HEIGHT = 460.0, 240.0
LEVELS = (0.0, 0.25, 0.5, 0.75, 1.0)
DASHES = ([1, 0], [6, 3], [2, 2], [9, 3, 2, 3])
SHAPES = ("circle", "square", "diamond", "triangle-up")
NAMED = 8
"""Most values that are named one by one below the chart."""
GROUPS = 8
"""Groups of neighbouring points of which means are taken, where hardly two points have the same value."""
HEADLINES: Mapping[str, str] = {
    "holds": "Share of possible worlds in which each road map holds",
    "kept": "Share of runs in which each road map is kept to the end",
}


def sweep(told: Sweep, case: ResolvedCase | None = None) -> dict[str, Any]:
    """The chart; with the case road maps have their titles. Empty where nothing is finished."""
    whole = _Axis.of(told)
    layers = _ground(whole)
    signs: list[Sign] = []
    look = colours(told.road_maps)
    for n, name in enumerate(told.road_maps):
        rows = [row for row in told.rows if row.road_map == name]
        axis = whole.beside(n, len(told.road_maps))
        colour, dash = look[name], DASHES[n % len(DASHES)]
        layers += _points(told, axis, rows, colour)
        line = {"color": colour, "strokeWidth": 1.8, "strokeDash": dash}
        shape = SHAPES[n % len(SHAPES)]
        dot = {"filled": True, "fill": colour, "stroke": None, "size": 30, "opacity": 1, "shape": shape}
        means = _means(told, axis, rows)
        layers += [layer({"type": "line", **line}, means, x=axis.x(), y=_Y)] if axis.ordered else []
        layers.append(layer({"type": "point", **dot}, means, x=axis.x(), y=_Y))
        sign = [stroke(**line), point(12, **dot)] if axis.ordered else [point(12, **dot)]
        signs.append((name if case is None else case.title(name), sign))
    if len(told.over) > 1:
        signs.append(("one point", [point(12, **_dot(MUTED))]))
    below = [*wrap(whole.title, WIDTH), *_all_else(told)]
    layers += [_words(text, HEIGHT + 28 + 14 * n) for n, text in enumerate(below)]
    layers += legend(signs, 0, WIDTH, HEIGHT + 36 + 14 * len(below))
    title = {"text": HEADLINES[told.headline], "anchor": "start", "offset": 8, "frame": "group"}
    return chart(width=WIDTH, height=HEIGHT, title=title, layer=layers)


_Y = quantity("y", [0.0, 1.04])


@dataclass(frozen=True)
class _Axis:
    """Where the values of the first thing varied lie: numbers on a scale, whatever else side by side."""

    title: str
    at: Mapping[str, float]
    names: Sequence[tuple[float, str]]
    ordered: bool
    """Whether values are numbers, so that lines can be drawn between them."""

    @staticmethod
    def of(told: Sweep) -> _Axis:
        values = list(dict.fromkeys(row.at[0] for row in sorted(told.rows, key=lambda row: row.point)))
        numbers = measured(values)
        if numbers is None:
            at = {value: float(n) for n, value in enumerate(values)}
            return _Axis(told.titles[0], at, [(x, value) for value, x in at.items()], ordered=False)
        at = dict(zip(values, numbers[0], strict=True))
        ticks = sorted(at.values())
        if len(ticks) > NAMED:
            ticks = nice_levels(ticks[0], ticks[-1], NAMED)
        title = told.titles[0] + (f", {numbers[1]}" if numbers[1] else "")
        return _Axis(title, at, [(x, plain(x)) for x in ticks], ordered=True)

    def beside(self, n: int, many: int) -> _Axis:
        """The same for one of many road maps; side by side where no line tells them apart."""
        if self.ordered:
            return self
        shift = 0.06 * (n - (many - 1) / 2)
        return replace(self, at={value: x + shift for value, x in self.at.items()})

    def x(self) -> dict[str, Any]:
        """From a little before the first value to a little after the last."""
        xs = self.at.values() if self.ordered else [x for x, _ in self.names]
        low, high = min(xs, default=0.0), max(xs, default=1.0)
        room = 0.05 * (high - low) or 0.5
        return quantity("x", [low - room, high + room])


def _ground(axis: _Axis) -> list[Layer]:
    levels = [{"y": v, "text": percent(v)} for v in LEVELS]
    left = {"type": "text", "align": "right", "baseline": "middle", "fontSize": 9.5, "color": MUTED, "x": -6}
    room = 0.9 * WIDTH / max(len(axis.names), 1)
    names = [{"x": x, "text": _short(name, room)} for x, name in axis.names]
    below = {"type": "text", "baseline": "top", "fontSize": 9.5, "color": MUTED, "y": HEIGHT + 6}
    return [
        layer({"type": "rule", "color": FAINT, "x": 0, "x2": WIDTH}, levels, y=_Y),
        layer(left, levels, y=_Y, text={"field": "text"}),
        layer(below, names, x=axis.x(), text={"field": "text"}),
    ]


def _points(told: Sweep, axis: _Axis, rows: Sequence[SweepRow], colour: str) -> list[Layer]:
    """Each point; where only one thing is varied, its interval."""
    values = [
        {"x": axis.at[r.at[0]], "y": r.found[told.headline], "low": r.found[f"{told.headline}_low"],
         "high": r.found[f"{told.headline}_high"]}
        for r in rows
    ]  # fmt: skip
    if len(told.over) == 1:
        ends = {"y": {**_Y, "field": "low"}, "y2": {"field": "high"}}
        return [layer({"type": "rule", "color": colour, "opacity": 0.6}, values, x=axis.x(), **ends)]
    return [layer({"type": "point", **_dot(colour)}, values, x=axis.x(), y=_Y)]


def _dot(colour: str) -> dict[str, Any]:
    return {"filled": True, "fill": colour, "stroke": None, "size": 16, "opacity": 0.35}


def _means(told: Sweep, axis: _Axis, rows: Sequence[SweepRow]) -> list[dict[str, float]]:
    """Means over all else at each value, or over neighbouring points where values hardly ever return."""
    at = sorted((axis.at[r.at[0]], r.found[told.headline]) for r in rows)
    groups = [list(group) for _, group in groupby(at, key=lambda pair: pair[0])]
    if len(told.over) > 1 and len(groups) > GROUPS and len(at) < 2 * len(groups):
        groups = [[at[k] for k in part] for part in np.array_split(np.arange(len(at)), GROUPS)]
    means = (np.mean(group, axis=0).tolist() for group in groups)
    return [{"x": x, "y": y} for x, y in means]


def _all_else(told: Sweep) -> list[str]:
    others = " and ".join(told.titles[1:])
    return wrap(f"means over all values of {others}", WIDTH) if others else []


def _short(name: str, room: float) -> str:
    while len(name) > 2 and width(name, 9.5) > room:
        name = f"{name[:-2].rstrip()}…"
    return name


def _words(text: str, y: float) -> Layer:
    look = {
        "type": "text",
        "align": "center",
        "baseline": "middle",
        "fontSize": 10,
        "color": INK,
        "x": WIDTH / 2,
        "y": y,
    }
    return layer(look, [{"text": text}], text={"field": "text"})
