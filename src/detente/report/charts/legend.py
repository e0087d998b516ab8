"""Legends drawn as part of a chart: a sign, then its words; a new line where there is no more room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from detente.report.charts.theme import layer, width

Sign = tuple[str, Sequence[Mapping[str, Any]]]
"""Words, and marks placed relative to the sign's left end and middle line; a sign is 24 pixels wide."""

SIGN_WIDTH, WORD_SIZE, LINE = 30.0, 10.0, 17.0


def bar(half: float, **look: Any) -> dict[str, Any]:
    """A bar as wide as a sign, ``half`` pixels above and below the line."""
    return {"type": "rect", "x": 0, "x2": 24, "y": -half, "y2": half, **look}


def stroke(**look: Any) -> dict[str, Any]:
    """A line as wide as a sign."""
    return {"type": "rule", "x": 0, "x2": 24, "y": 0, **look}


def point(x: float, **look: Any) -> dict[str, Any]:
    """A symbol."""
    return {"type": "point", "x": x, "y": 0, "opacity": 1, **look}


def legend(signs: Sequence[Sign], left: float, right: float, y: float) -> list[dict[str, Any]]:
    """Layers for signs in a row from ``left``, wrapped before ``right``."""
    layers: list[dict[str, Any]] = []
    x = left
    for text, marks in signs:
        room = SIGN_WIDTH + width(text, WORD_SIZE)
        if x > left and x + room > right:
            x, y = left, y + LINE
        layers += [_placed(mark, x, y) for mark in marks]
        look = {
            "type": "text",
            "align": "left",
            "baseline": "middle",
            "fontSize": WORD_SIZE,
            "x": x + SIGN_WIDTH,
            "y": y,
        }
        layers.append(layer(look, [{"text": text}], text={"field": "text"}))
        x += room + 12
    return layers


def rows(signs: Sequence[Sign], left: float, right: float) -> int:
    """How many lines :func:`legend` takes."""
    lines, x = 1, left
    for text, _ in signs:
        room = SIGN_WIDTH + width(text, WORD_SIZE)
        if x > left and x + room > right:
            lines, x = lines + 1, left
        x += room + 12
    return lines


def _placed(mark: Mapping[str, Any], x: float, y: float) -> dict[str, Any]:
    shift = {"x": x, "x2": x, "y": y, "y2": y}
    place = {key: mark[key] + shift[key] for key in shift if key in mark}
    look = {key: value for key, value in mark.items() if key not in shift}
    one: list[dict[str, Any]] = [{"_": 0}]
    if mark["type"] == "rule":  # a rule takes both ends from its encoding only
        return layer(look, one, **{key: {"value": value} for key, value in place.items()})
    return layer({**look, **place}, one)
