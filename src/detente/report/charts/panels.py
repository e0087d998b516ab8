"""Lines over the periods of a road map, a panel for each party: the ground that margins and trust are drawn on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from detente.case.resolved import ResolvedCase
from detente.report.calendar import Calendar
from detente.report.charts.theme import FAINT, INK, MUTED, layer, quantity
from detente.report.numbers import number

Layer = dict[str, Any]
BEFORE, AFTER = 0.5, 0.6
"""Room in front of the first period, and that of the time for ever after, in periods."""


class Panel:
    """Scales and common layers of one panel; x runs over the periods and the time for ever after."""

    def __init__(
        self, case: ResolvedCase, width: float, height: float, low: float, high: float, ticks: int = 12
    ) -> None:
        self.calendar = Calendar.of(case)
        self.periods = case.periods
        self.width, self.height, self.low, self.high, self.most_ticks = width, height, low, high, ticks

    def x(self, field: str = "x") -> dict[str, Any]:
        """Periods from a little before the first to a little after the last."""
        return quantity(field, [-BEFORE, self.periods + AFTER])

    def y(self, field: str = "y") -> dict[str, Any]:
        """The panel's own units."""
        return quantity(field, [self.low, self.high])

    def across(self, t: float) -> float:
        """Pixels from the left to a period."""
        return self.width * (t + BEFORE) / (self.periods + BEFORE + AFTER)

    def down(self, v: float) -> float:
        """Pixels from the top to a value."""
        return self.height * (self.high - v) / (self.high - self.low)

    def ground(self, values: Sequence[float]) -> list[Layer]:
        """Year lines with their names below, and the given values named at the left."""
        ticks = self.calendar.ticks(self.most_ticks)
        names = [{"x": t, "text": self.calendar.tick_label(t)} for t in ticks]
        if ticks[-1] <= self.periods - max(2, self.periods // 12):
            names.append({"x": self.periods, "text": "after"})
        levels = [{"y": v, "text": number(v)} for v in values]
        return [
            layer({"type": "rule", "color": FAINT, "y": 0, "y2": self.height}, names, x=self.x()),
            layer({"type": "rule", "color": FAINT, "x": 0, "x2": self.width}, levels, y=self.y()),
            layer(
                {"type": "text", "baseline": "top", "fontSize": 9.5, "color": MUTED, "y": self.height + 4},
                names,
                x=self.x(),
                text={"field": "text"},
            ),
            layer(
                {"type": "text", "align": "right", "baseline": "middle", "fontSize": 9.5, "color": MUTED, "x": -6},
                levels,
                y=self.y(),
                text={"field": "text"},
            ),
        ]

    def zero(self) -> Layer:
        """The line at nothing."""
        return layer(
            {"type": "rule", "color": INK, "strokeWidth": 1.2, "x": 0, "x2": self.width}, [{"y": 0}], y=self.y()
        )

    def line(self, series: Sequence[float], colour: str, dash: Sequence[int] = (), width: float = 1.8) -> Layer:
        """One number a period; the last entry, for ever after, is joined like the others."""
        values = [{"x": t, "y": v} for t, v in enumerate(series)]
        mark = {"type": "line", "color": colour, "strokeWidth": width, "strokeDash": list(dash)}
        return layer(mark, values, x=self.x(), y=self.y())

    def steps(self, series: Sequence[float | None], colour: str, dash: Sequence[int] = (), width: float = 1.8) -> Layer:
        """One number a period, from its beginning to its end; None: nothing is drawn."""
        values = [{"x": x, "y": series[t]} for t, x in self._ends(len(series))]
        mark = {"type": "line", "interpolate": "step-after", "color": colour, "strokeWidth": width}
        return layer({**mark, "strokeDash": list(dash)}, values, x=self.x(), y=self.y())

    def band(self, low: Sequence[float | None], high: Sequence[float | None], colour: str, opacity: float) -> Layer:
        """What lies between two numbers a period, from its beginning to its end."""
        values = [{"x": x, "y": low[t], "y2": high[t]} for t, x in self._ends(len(low))]
        mark = {"type": "area", "interpolate": "step-after", "color": colour, "opacity": opacity}
        return layer(mark, values, x=self.x(), y=self.y(), y2={"field": "y2"})

    def _ends(self, n: int) -> list[tuple[int, float]]:
        """Where each of ``n`` periods begins, and where the last one ends: for ever after, at the edge."""
        return [*((t, float(t)) for t in range(n)), (n - 1, min(float(n), self.periods + AFTER))]

    def points(self, points: Sequence[tuple[int, float]], colour: str, hollow: bool = False, size: float = 14) -> Layer:
        """Dots at some periods."""
        mark = {
            "type": "point",
            "size": size,
            "stroke": colour,
            "fill": "white" if hollow else colour,
            "opacity": 1,
            "strokeWidth": 1,
        }
        return layer(mark, [{"x": t, "y": v} for t, v in points], x=self.x(), y=self.y())

    def note(self, t: float, v: float, text: str, colour: str, **mark: Any) -> Layer:
        """Words beside a point, turned inward so that they stay in the panel."""
        inward = {"align": "right", "dx": -8} if t > self.periods * 0.6 else {"align": "left", "dx": 8}
        look = {
            "type": "text",
            "baseline": "middle",
            "fontWeight": 600,
            "fontSize": 10,
            "color": colour,
            **inward,
            **mark,
        }
        return layer(look, [{"x": t, "y": v, "text": text}], x=self.x(), y=self.y(), text={"field": "text"})

    def spec(self, layers: Sequence[Layer], title: str = "") -> dict[str, Any]:
        """The panel as a view that can be stacked; each line of the title on a line of its own."""
        out: dict[str, Any] = {
            "width": self.width,
            "height": self.height,
            "layer": [x for x in layers if x["data"]["values"]],
        }
        if title:
            out["title"] = {"text": title.split("\n"), "anchor": "start", "offset": 8, "frame": "group"}
        return out


def nice_levels(low: float, high: float, most: int = 4) -> list[float]:
    """Round values between two bounds, 0 among them if it lies between."""
    if high <= low:
        return [low]
    span = (high - low) / most
    step = 10.0 ** len(str(int(span))) if span >= 1 else 1.0
    while step / 10 >= span:
        step /= 10
    for factor in (0.1, 0.2, 0.5, 1.0):
        if step * factor >= span:
            step *= factor
            break
    first = int(-(-low // step))
    levels = []
    k = first
    while k * step <= high + 1e-9 * step:
        levels.append(round(k * step, 12))
        k += 1
    return levels
