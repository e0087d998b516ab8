"""How often each proposal would be signed, would hold, and both, over draws of all uncertain numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from detente.report.charts.theme import FAINT, INK, MUTED, chart, layer, quantity, width, wrap
from detente.report.numbers import percent
from detente.results.compare import DrawShares

LABEL_WIDTH, PLOT_WIDTH = 250.0, 400.0
LINE, GAP = 13.0, 12.0


def proposals(rows: Sequence[tuple[str, DrawShares]]) -> dict[str, Any]:
    """A bar for *signed and holds*, a ring for *signed*, a diamond for *holds*."""
    labels, bars, rings, diamonds = [], [], [], []
    y = 0.0
    for name, d in rows:
        lines = wrap(name, LABEL_WIDTH - 12)
        height = max(18.0, LINE * len(lines)) + GAP
        middle = y + height / 2
        labels.append({"y": middle - (len(lines) - 1) * LINE / 2, "text": "\n".join(lines)})
        bars.append({"x": 0, "x2": d.both, "y": middle - 5, "y2": middle + 5, "yt": middle, "text": percent(d.both), "at": max(d.signed, d.holds)})
        rings.append({"x": d.signed, "y": middle})
        diamonds.append({"x": d.holds, "y": middle})
        y += height
    x = quantity("x", [0, 1])
    ys = {"type": "quantitative", "axis": None, "scale": {"domain": [0, y], "reverse": True, "nice": False, "zero": False}}
    grid = [{"x": v, "text": percent(v)} for v in (0.0, 0.25, 0.5, 0.75, 1.0)]
    mark = {"type": "point", "opacity": 1, "filled": False, "stroke": INK, "strokeWidth": 1.5, "size": 70}
    layers = [
        layer({"type": "rule", "color": FAINT, "y": 0, "y2": y}, grid, x=x),
        layer({"type": "text", "baseline": "top", "y": y + 4, "color": MUTED, "fontSize": 10}, grid, x=x, text={"field": "text"}),
        layer({"type": "rect", "color": "#7f9db9"}, bars, x=x, x2={"field": "x2"}, y={"field": "y", **ys}, y2={"field": "y2"}),
        layer(mark, rings, x=x, y={"field": "y", **ys}),
        layer({**mark, "shape": "diamond", "stroke": None, "fill": INK, "size": 50}, diamonds, x=x, y={"field": "y", **ys}),
        layer({"type": "text", "align": "left", "baseline": "middle", "dx": 12, "fontWeight": 600}, bars, x={**x, "field": "at"},
              y={"field": "yt", **ys}, text={"field": "text"}),
        layer({"type": "text", "align": "left", "baseline": "middle", "x": -LABEL_WIDTH + 6, "lineHeight": LINE}, labels,
              y={"field": "y", **ys}, text={"field": "text"}),
        *_legend(y + 30),
    ]  # fmt: skip
    return chart(width=PLOT_WIDTH, height=y, layer=layers)


def _legend(y: float) -> list[dict[str, Any]]:
    one: list[dict[str, Any]] = [{"_": 0}]
    signs: list[tuple[str, dict[str, Any]]] = [
        ("signed by all and holds (number at the right)", {"type": "rect", "fill": "#7f9db9", "x2": 20, "y": y - 5, "y2": y + 5}),
        ("signed by all", {"type": "point", "filled": False, "stroke": INK, "strokeWidth": 1.5, "size": 70, "y": y, "opacity": 1}),
        ("holds once signed", {"type": "point", "shape": "diamond", "fill": INK, "stroke": None, "size": 50, "y": y, "opacity": 1}),
    ]
    out = []
    x = -LABEL_WIDTH + 6
    for text, mark in signs:
        is_bar = mark["type"] == "rect"
        out.append(layer({**mark, "x": x if is_bar else x + 10, **({"x2": x + 20} if is_bar else {})}, one))
        out.append(layer({"type": "text", "align": "left", "baseline": "middle", "x": x + 26, "y": y}, [{"text": text}], text={"field": "text"}))
        x += 26 + width(text) + 14
    return out
