"""The gap from offer to offer: in value for each side, and in clauses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from detente.report.charts.legend import Sign, legend, point, stroke
from detente.report.charts.theme import FAINT, MUTED, chart, colours, layer, quantity, wrap
from detente.report.numbers import percent

WIDTH, VALUE_HEIGHT, CLAUSE_HEIGHT, SPACE = 620.0, 170.0, 74.0, 34.0
LABEL_SIZE, LABEL_LINE = 9.5, 11.5
_SHAPES = ("circle", "square", "diamond", "triangle-up")
_BAR = "#7f9db9"

Layer = dict[str, Any]


@dataclass(frozen=True)
class Step:
    """The gap after an offer: what to call the offer, parts of each side's scale, and clauses against."""

    label: str
    share: Mapping[str, float]
    conflicts: int
    clauses: int


def rounds(parties: Sequence[str], sides: Sequence[tuple[str, str]], steps: Sequence[Step]) -> dict[str, Any]:
    """Above the gap in value of each of the ``sides`` (id, name), below the clauses that the other offer rules out.

    ``parties``: all of the case, in its order, by which colours are given.
    """
    across = WIDTH / max(len(steps), 1)
    labels = [wrap(s.label, across - 8, LABEL_SIZE) for s in steps]
    bottom = VALUE_HEIGHT + SPACE + CLAUSE_HEIGHT
    height = bottom + 12 + LABEL_LINE * max((len(x) for x in labels), default=1)
    xs = [across * (n + 0.5) for n in range(len(steps))]
    look = colours(parties)
    signs: list[Sign] = [
        (f"gap in value for {name}, part of its scale",
         [stroke(color=look[p], strokeWidth=2), point(12, shape=_SHAPES[n % 4], fill=look[p], stroke=None, size=45)])
        for n, (p, name) in enumerate(sides)
    ]  # fmt: skip
    sheet = _Sheet(height, xs)
    layers = [*sheet.values(sides, steps, look), *sheet.clauses(steps, bottom, min(across * 0.5, 42.0))]
    for x, lines in zip(xs, labels, strict=True):
        layers.append(_text("\n".join(lines), x, bottom + 6, align="center", fontSize=LABEL_SIZE,
                            lineHeight=LABEL_LINE, baseline="top"))  # fmt: skip
    return chart(width=WIDTH, height=height, layer=[*layers, *legend(signs, 0.0, WIDTH, height + 14)])


@dataclass(frozen=True)
class _Sheet:
    """A plane measured in pixels from the top left, with the offers at ``xs``."""

    height: float
    xs: Sequence[float]

    def at(self) -> dict[str, Any]:
        """Both channels in pixels; none has an axis."""
        y = quantity("y", [0, self.height])
        return {"x": quantity("x", [0, WIDTH]), "y": {**y, "scale": {**y["scale"], "reverse": True}}}

    def values(
        self, sides: Sequence[tuple[str, str]], steps: Sequence[Step], look: Mapping[str, str]
    ) -> Iterator[Layer]:
        """A line for each side, over a grid of shares."""
        known = [v for s in steps for v in s.share.values()]
        low, high = min([0.0, *known]), max([0.1, *known])
        top, scale = high + 0.06 * (high - low), VALUE_HEIGHT / (1.12 * (high - low))
        yield _text("Gap in value: what its own offer can give it, less what the other’s can", 0, -4, fontWeight=600,
                    baseline="bottom")  # fmt: skip
        for level in _levels(low, high):
            y = (top - level) * scale
            yield self.across(y, MUTED if level == 0 else FAINT)
            yield _text(percent(level), -6, y, align="right", color=MUTED, baseline="middle")
        for n, (party, _) in enumerate(sides):
            points = [
                {"x": x, "y": (top - s.share[party]) * scale}
                for x, s in zip(self.xs, steps, strict=True)
                if party in s.share
            ]
            yield layer({"type": "line", "color": look[party], "strokeWidth": 2}, points, **self.at())
            mark = {"type": "point", "shape": _SHAPES[n % 4], "fill": look[party], "stroke": "white", "size": 65,
                    "opacity": 1}  # fmt: skip
            yield layer(mark, points, **self.at())

    def clauses(self, steps: Sequence[Step], bottom: float, wide: float) -> Iterator[Layer]:
        """A bar for each offer, as tall as the share of clauses that the other offer rules out."""
        yield _text("Must clauses of either offer that the other rules out", 0, bottom - CLAUSE_HEIGHT - 8,
                    fontWeight=600, baseline="bottom")  # fmt: skip
        for x, step in zip(self.xs, steps, strict=True):
            tall = (CLAUSE_HEIGHT - 20) * step.conflicts / max(step.clauses, 1)
            bar = {"x": x - wide / 2, "x2": x + wide / 2, "y": bottom - tall, "y2": bottom}
            if step.conflicts:
                yield layer({"type": "rect", "color": _BAR}, [bar], **self.at(), x2={"field": "x2"}, y2={"field": "y2"})
            words = f"{step.conflicts} of {step.clauses}"
            yield _text(words, x, bottom - tall - 3, align="center", baseline="bottom")
        yield self.across(bottom, MUTED)

    def across(self, y: float, colour: str) -> Layer:
        """A line across the sheet."""
        return layer({"type": "rule", "color": colour, "x": 0, "x2": WIDTH}, [{"y": y}], y=self.at()["y"])


def _levels(low: float, high: float) -> list[float]:
    """Round shares across the range, five or so."""
    step = next((s for s in (0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1.0, 2.0, 5.0) if (high - low) / s <= 6), high - low)
    return [n * step for n in range(round(low / step), round(high / step) + 1) if low <= n * step + 1e-9 <= high + 2e-9]


def _text(text: str, x: float, y: float, align: str = "left", **look: Any) -> Layer:
    return layer({"type": "text", "align": align, "x": x, "y": y, **look}, [{"text": text}], text={"field": "text"})
