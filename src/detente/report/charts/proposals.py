"""How often each proposal would be signed, would hold, and both, over draws of all uncertain numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from detente.report.charts.legend import bar, legend, point
from detente.report.charts.theme import FAINT, INK, MUTED, chart, layer, quantity, wrap
from detente.report.numbers import percent
from detente.results.compare import DrawShares

LABEL_WIDTH, PLOT_WIDTH = 250.0, 400.0
LINE, GAP = 13.0, 12.0
_BAR = "#7f9db9"
_RING = {"filled": False, "stroke": INK, "strokeWidth": 1.5, "size": 70}
_DIAMOND = {"shape": "diamond", "fill": INK, "stroke": None, "size": 50}
_SIGNS = (
    ("signed by all and holds (number at the right)", [bar(5, fill=_BAR)]),
    ("signed by all", [point(14, **_RING)]),
    ("holds once signed", [point(14, **_DIAMOND)]),
)


def proposals(rows: Sequence[tuple[str, DrawShares]]) -> dict[str, Any]:
    """A bar for *signed and holds*, a ring for *signed*, a diamond for *holds*."""
    values: list[dict[str, Any]] = []
    y = 0.0
    for name, d in rows:
        lines = wrap(name, LABEL_WIDTH - 12)
        height = max(18.0, LINE * len(lines)) + GAP
        middle = y + height / 2
        places = {
            "label-y": middle - (len(lines) - 1) * LINE / 2,
            "top": middle - 5,
            "middle": middle,
            "bottom": middle + 5,
        }
        shares = {"zero": 0, "both": d.both, "signed": d.signed, "holds": d.holds, "end": max(d.signed, d.holds)}
        values.append({"label": "\n".join(lines), "text": percent(d.both), **places, **shares})
        y += height
    return chart(width=PLOT_WIDTH, height=y, layer=_layers(values, y))


def _layers(values: Sequence[dict[str, Any]], height: float) -> list[dict[str, Any]]:
    def y(field: str) -> dict[str, Any]:
        scale = {"domain": [0, height], "reverse": True, "nice": False, "zero": False}
        return {"field": field, "type": "quantitative", "axis": None, "scale": scale}

    def x(field: str) -> dict[str, Any]:
        return quantity(field, [0, 1])

    grid = [{"x": v, "text": percent(v)} for v in (0.0, 0.25, 0.5, 0.75, 1.0)]
    left = {"type": "text", "align": "left", "baseline": "middle"}
    below = {"type": "text", "baseline": "top", "y": height + 4, "color": MUTED, "fontSize": 10}
    words = {"field": "text"}
    return [
        layer({"type": "rule", "color": FAINT, "y": 0, "y2": height}, grid, x=x("x")),
        layer(below, grid, x=x("x"), text=words),
        layer(
            {"type": "rect", "color": _BAR},
            values,
            x=x("zero"),
            x2={"field": "both"},
            y=y("top"),
            y2={"field": "bottom"},
        ),
        layer({"type": "point", "opacity": 1, **_RING}, values, x=x("signed"), y=y("middle")),
        layer({"type": "point", "opacity": 1, **_DIAMOND}, values, x=x("holds"), y=y("middle")),
        layer({**left, "dx": 12, "fontWeight": 600}, values, x=x("end"), y=y("middle"), text=words),
        layer({**left, "x": -LABEL_WIDTH + 6, "lineHeight": LINE}, values, y=y("label-y"), text={"field": "label"}),
        *legend(_SIGNS, -LABEL_WIDTH + 6, PLOT_WIDTH, height + 32),
    ]
