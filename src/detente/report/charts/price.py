"""The price of robustness: the value of the best plan, and the bound on it, for each budget of errors."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from detente.report.charts.legend import Sign, legend, point, stroke
from detente.report.charts.panels import nice_levels
from detente.report.charts.theme import ACCENT, FAINT, INK, MUTED, chart, layer, quantity
from detente.report.numbers import number, plain
from detente.results.plan import NoPlan, Plan
from detente.results.price import Price, PricePoint

WIDTH, HEIGHT = 460.0, 240.0


def price(told: Price) -> dict[str, Any]:
    """The chart: a line through the values, what is proved above it, and where there is no plan."""
    found = [(x.errors, x.answer) for x in told.points if isinstance(x.answer, Plan) and not x.answer.unlimited]
    none = [x for x in told.points if not isinstance(x.answer, Plan)]
    values = [{"x": b, "y": p.value} for b, p in found]
    bounds: list[dict[str, Any]] = [{"x": b, "y": p.bound, "y2": p.value} for b, p in found if math.isfinite(p.bound)]
    bounds += [{"x": x.errors, "y": x.answer.bound, "y2": 0.0} for x in none if _bounded(x)]
    numbers = [v["y"] for v in (*values, *bounds)] or [0.0]
    low, high = min(0.0, *numbers), max(0.0, *numbers)
    room = (high - low) or 1.0
    x = quantity("x", [-0.3, max([1.0, *(p.errors for p in told.points)]) + 0.3])
    y = quantity("y", [low - 0.04 * room, high + 0.08 * room])
    levels = [{"y": v, "text": plain(v)} for v in nice_levels(low, high, 5)]
    names = {"type": "text", "align": "right", "baseline": "middle", "fontSize": 9.5, "color": MUTED, "x": -6}
    below = {"type": "text", "baseline": "top", "fontSize": 9.5, "color": MUTED, "y": HEIGHT + 6}
    at = [{"x": p.errors, "text": number(p.errors)} for p in told.points]
    lines: list[dict[str, Any]] = [
        {"type": "rule", "color": FAINT, "x": 0, "x2": WIDTH},
        {"type": "rule", "color": MUTED, "strokeDash": [2, 2]},
    ]
    layers = [
        layer(lines[0], levels, y=y),
        layer(names, levels, y=y, text={"field": "text"}),
        layer(below, at, x=x, text={"field": "text"}),
        layer(lines[1], bounds, x=x, y=y, y2={"field": "y2"}),
        layer(
            {"type": "tick", "color": MUTED, "thickness": 1.4, "width": 14, "orient": "horizontal"}, bounds, x=x, y=y
        ),
        layer({"type": "line", "color": INK, "strokeWidth": 1.6}, values, x=x, y=y),
        layer({"type": "point", "opacity": 1, **_DOT}, values, x=x, y=y),
        *_without(none, x),
        _words("errors that a party's numbers may hold at once", WIDTH / 2, HEIGHT + 28),
        *legend(_signs(none), 0, WIDTH, HEIGHT + 52),
    ]
    title = {"text": f"Value of the best plan ({told.objective})", "anchor": "start", "offset": 8, "frame": "group"}
    return chart(width=WIDTH, height=HEIGHT, title=title, layer=layers)


_DOT: dict[str, Any] = {"filled": True, "fill": INK, "stroke": None, "size": 50}
_CROSS: dict[str, Any] = {"shape": "cross", "filled": True, "fill": ACCENT, "stroke": None, "size": 70, "angle": 45}
_OPEN: dict[str, Any] = {"filled": False, "stroke": MUTED, "strokeWidth": 1.4, "size": 60}


def _proved(x: PricePoint) -> bool:
    return isinstance(x.answer, NoPlan) and x.answer.outcome == "none-exists"


def _bounded(x: PricePoint) -> bool:
    """Whether it is known how good a plan may be at most, though none was found."""
    bound = x.answer.bound
    return isinstance(x.answer, NoPlan) and not _proved(x) and bound is not None and math.isfinite(bound)


def _without(none: Sequence[PricePoint], x: dict[str, Any]) -> list[dict[str, Any]]:
    """Budgets for which there is no plan, at the foot."""
    marks = ((_CROSS, [p for p in none if _proved(p)]), (_OPEN, [p for p in none if not _proved(p)]))
    return [
        layer({"type": "point", "opacity": 1, "y": HEIGHT - 8, **look}, [{"x": p.errors} for p in some], x=x)
        for look, some in marks
        if some
    ]


def _words(text: str, x: float, y: float) -> dict[str, Any]:
    look = {"type": "text", "align": "center", "baseline": "middle", "fontSize": 10, "color": INK, "x": x, "y": y}
    return layer(look, [{"text": text}], text={"field": "text"})


def _signs(none: Sequence[PricePoint]) -> list[Sign]:
    signs: list[Sign] = [
        ("the best plan found", [stroke(color=INK, strokeWidth=1.6), point(12, **_DOT)]),
        ("none is better (proved)", [stroke(color=MUTED, strokeWidth=1.4)]),
    ]
    if any(_proved(p) for p in none):
        signs.append(("proved: there is none", [point(12, **_CROSS)]))
    if not all(_proved(p) for p in none):
        signs.append(("none found; not known", [point(12, **_OPEN)]))
    return signs
