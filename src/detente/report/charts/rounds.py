"""The gap from offer to offer: in value for each side, and in clauses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from detente.report.charts.legend import Sign, legend, point, stroke
from detente.report.charts.theme import FAINT, INK, MUTED, chart, colours, layer, wrap
from detente.report.numbers import percent

WIDTH = 620.0

VALUE_HEIGHT, CLAUSE_HEIGHT, SPACE = 170.0, 74.0, 34.0
_SHAPES = ("circle", "square", "diamond", "triangle-up")


@dataclass(frozen=True)
class Step:
    """The gap after an offer: what to call the offer, parts of each side's scale, and clauses against."""

    label: str
    share: Mapping[str, float]
    conflicts: int
    clauses: int


def rounds(parties: Sequence[str], sides: Sequence[tuple[str, str]], steps: Sequence[Step]) -> dict[str, Any]:
    """Above the gap in value of each of the ``sides`` (id, name), below the share of clauses that the other rules out.

    ``parties``: all of the case, in its order, by which colours are given.
    """
    across = WIDTH / max(len(steps), 1)
    xs = [across * (n + 0.5) for n in range(len(steps))]
    look = colours(parties)
    below = VALUE_HEIGHT + SPACE
    layers = [*_values(sides, steps, xs, look), *_clauses(steps, xs, below, min(across * 0.5, 42.0))]
    for n, step in enumerate(steps):
        lines = wrap(step.label, across - 8, 9.5)
        mark = {"type": "text", "align": "center", "baseline": "top", "fontSize": 9.5, "lineHeight": 11.5, "x": xs[n],
                "y": below + CLAUSE_HEIGHT + 6}  # fmt: skip
        layers.append(layer(mark, [{"text": "\n".join(lines)}], text={"field": "text"}))
    deepest = max((len(wrap(s.label, across - 8, 9.5)) for s in steps), default=1)
    signs: list[Sign] = [
        (f"gap in value for {name}, part of its scale",
         [stroke(color=look[p], strokeWidth=2), point(12, shape=_SHAPES[n % 4], fill=look[p], stroke=None, size=45)])
        for n, (p, name) in enumerate(sides)
    ]  # fmt: skip
    height = below + CLAUSE_HEIGHT + 12 + 11.5 * deepest
    return chart(width=WIDTH, height=height, layer=[*layers, *legend(signs, 0.0, WIDTH, height + 14)])


def _values(
    sides: Sequence[tuple[str, str]], steps: Sequence[Step], xs: Sequence[float], look: Mapping[str, str]
) -> list[dict[str, Any]]:
    known = [v for s in steps for v in s.share.values()]
    low, high = min([0.0, *known]), max([0.1, *known])
    scale = VALUE_HEIGHT / (1.12 * (high - low))
    top = high + 0.06 * (high - low)

    def y(share: float) -> float:
        return (top - share) * scale

    layers = [_title("Gap in value: what its own offer can give it, less what the other’s can", -4.0)]
    for level in _levels(low, high):
        layers += [_line(y(level), INK if level == 0 else FAINT), _scale(percent(level), y(level))]
    for n, (party, _) in enumerate(sides):
        points = [(x, y(s.share[party])) for x, s in zip(xs, steps, strict=True) if party in s.share]
        for (x, a), (x2, b) in pairwise(points):
            layers.append(layer({"type": "rule", "color": look[party], "strokeWidth": 2, "x": x, "x2": x2, "y": a,
                                 "y2": b}, [{}]))  # fmt: skip
        for x, a in points:
            mark = {"type": "point", "shape": _SHAPES[n % 4], "fill": look[party], "stroke": None, "size": 55,
                    "opacity": 1, "x": x, "y": a}  # fmt: skip
            layers.append(layer(mark, [{}]))
    return layers


def _clauses(steps: Sequence[Step], xs: Sequence[float], top: float, half: float) -> list[dict[str, Any]]:
    bottom = top + CLAUSE_HEIGHT
    layers = [_title("Must clauses of either offer that the other rules out", top - 8), _line(bottom, INK)]
    for x, step in zip(xs, steps, strict=True):
        share = step.conflicts / step.clauses if step.clauses else 0.0
        tall = (CLAUSE_HEIGHT - 22) * share
        if step.conflicts:
            layers.append(layer({"type": "rect", "color": "#7f9db9", "x": x - half / 2, "x2": x + half / 2,
                                 "y": bottom - tall, "y2": bottom}, [{}]))  # fmt: skip
        words = f"{step.conflicts} of {step.clauses}"
        layers.append(layer({"type": "text", "align": "center", "baseline": "bottom", "x": x, "y": bottom - tall - 3},
                            [{"text": words}], text={"field": "text"}))  # fmt: skip
    return layers


def _levels(low: float, high: float) -> list[float]:
    """Round shares across the range, four or so."""
    step = next((s for s in (0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1.0, 2.0, 5.0) if (high - low) / s <= 5), high - low)
    first, last = round(low / step), round(high / step)
    return [n * step for n in range(first, last + 1) if low - 1e-9 <= n * step <= high + 1e-9]


def _title(text: str, y: float) -> dict[str, Any]:
    mark = {"type": "text", "align": "left", "baseline": "bottom", "fontWeight": 600, "x": 0, "y": y}
    return layer(mark, [{"text": text}], text={"field": "text"})


def _line(y: float, colour: str) -> dict[str, Any]:
    return layer({"type": "rule", "color": colour, "x": 0, "x2": WIDTH, "y": y}, [{}])


def _scale(text: str, y: float) -> dict[str, Any]:
    mark = {"type": "text", "align": "right", "baseline": "middle", "color": MUTED, "x": -6, "y": y}
    return layer(mark, [{"text": text}], text={"field": "text"})
