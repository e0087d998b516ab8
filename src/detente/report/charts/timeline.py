"""The road map as a timeline: a lane for each party, a row for each measure."""

from __future__ import annotations

from typing import Any

from detente.case.resolved import ResolvedCase
from detente.case.road_map import RoadMap
from detente.report.calendar import Calendar
from detente.report.charts import rows as placed
from detente.report.charts.legend import Sign, bar, legend, point, stroke
from detente.report.charts.theme import ACCENT, FAINT, INK, MUTED, SHADE, chart, colours, layer

PLOT_WIDTH = 470.0
LEFT_EDGE = -0.9
_PREREQUISITE = "#6b6b6b"
_VERIFIES = "#00695c"
_HEAD_RIGHT = "M-6,-3.2L0,0L-6,3.2Z"
_HEAD_DOWN = "M-3.2,-6L0,0L3.2,-6Z"
_HEAD_UP = "M-3.2,6L0,0L3.2,6Z"
_LEFT = "M-5,0L1,-5.5L1,5.5Z"

Layer = dict[str, Any]


def timeline(case: ResolvedCase, road_map: RoadMap, weakest: tuple[str, int] | None = None) -> dict[str, Any]:
    """The whole road map on one page; ``weakest`` (party, period) is marked with a line."""
    place = placed.layout(case, road_map)
    return _Timeline(case, place, weakest).spec()


class _Timeline:
    def __init__(self, case: ResolvedCase, place: placed.Layout, weakest: tuple[str, int] | None) -> None:
        self.case, self.place, self.weakest = case, place, weakest
        self.calendar = Calendar.of(case)
        self.right = case.periods + 0.4
        self.colour = {**colours(list(case.parties)), placed.MILESTONES: INK}
        self.rows = {r.measure: r for r in place.rows}

    def spec(self) -> dict[str, Any]:
        below = self.place.height + (56 if self.weakest else 36)
        layers = [
            self._bands(),
            *self._grid(),
            self._lane_titles(),
            *self._prerequisites(),
            *self._verification(),
            *self._bars(),
            *self._heads(),
            self._done(),
            self._milestones(),
            self._labels(),
            *self._weakest(),
            *legend(_signs(self.place), -placed.LABEL_WIDTH + 6, PLOT_WIDTH, below),
        ]
        return chart(width=PLOT_WIDTH, height=self.place.height, layer=[x for x in layers if x["data"]["values"]])

    # -- scales ---------------------------------------------------------------------------------------------

    def _x(self, field: str = "x") -> dict[str, Any]:
        scale = {"domain": [LEFT_EDGE, self.right], "nice": False, "zero": False}
        return {"field": field, "type": "quantitative", "scale": scale, "axis": None}

    def _y(self, field: str = "y") -> dict[str, Any]:
        scale = {"domain": [0, self.place.height], "reverse": True, "nice": False, "zero": False}
        return {"field": field, "type": "quantitative", "scale": scale, "axis": None}

    # -- ground ---------------------------------------------------------------------------------------------

    def _bands(self) -> Layer:
        values = [{"y": lane.top, "y2": lane.top + placed.LANE_HEAD - 4} for lane in self.place.lanes]
        return layer(
            {"type": "rect", "color": SHADE, "x": -placed.LABEL_WIDTH, "x2": PLOT_WIDTH},
            values,
            y=self._y(),
            y2={"field": "y2"},
        )

    def _grid(self) -> list[Layer]:
        ticks = self.calendar.ticks()
        below = self.place.height + (24 if self.weakest else 4)
        names = [{"x": t, "text": self.calendar.tick_label(t)} for t in ticks]
        mark = {"type": "text", "align": "left", "baseline": "top", "fontSize": 10, "color": MUTED, "dx": -3}
        lines = [{"x": t, "y": -4, "y2": self.place.height} for t in ticks]
        return [
            layer(
                {"type": "rule", "color": FAINT, "strokeWidth": 1}, lines, x=self._x(), y=self._y(), y2={"field": "y2"}
            ),
            layer({**mark, "y": -17}, names, x=self._x(), text={"field": "text"}),
            layer({**mark, "y": below}, names, x=self._x(), text={"field": "text"}),
        ]

    def _lane_titles(self) -> Layer:
        values = [
            {"y": lane.top + placed.LANE_HEAD / 2 - 2, "text": lane.title, "color": self.colour[lane.key]}
            for lane in self.place.lanes
        ]
        mark = {
            "type": "text",
            "align": "left",
            "baseline": "middle",
            "fontWeight": 600,
            "fontSize": 11.5,
            "x": -placed.LABEL_WIDTH + 6,
        }
        return layer(mark, values, y=self._y(), text={"field": "text"}, color=_as_is("color"))

    def _labels(self) -> Layer:
        values = [
            {"y": r.y - (len(r.label) - 1) * placed.LINE / 2, "text": "\n".join(r.label)} for r in self.place.rows
        ]
        mark = {
            "type": "text",
            "align": "left",
            "baseline": "middle",
            "fontSize": placed.LABEL_SIZE,
            "lineHeight": placed.LINE,
            "lineBreak": "\n",
            "x": -placed.LABEL_WIDTH + 6,
        }
        return layer(mark, values, y=self._y(), text={"field": "text"})

    # -- bars -----------------------------------------------------------------------------------------------

    def _bars(self) -> list[Layer]:
        work: list[dict[str, Any]] = []
        force: list[dict[str, Any]] = []
        after: list[dict[str, Any]] = []
        for r in self.place.rows:
            colour = self.colour[r.lane]
            if r.start is not None and r.in_force > r.start:
                work.append({"x": r.start, "x2": r.in_force, "y": r.y - 4.2, "y2": r.y + 4.2, "color": colour})
            if r.milestone:
                continue
            begin = r.in_force if r.in_force >= 0 else LEFT_EDGE
            end = min(self.right, r.replaced if r.replaced is not None else self.right)
            if end > begin:
                force.append({"x": begin, "x2": end, "y": r.y - 3.2, "y2": r.y + 3.2, "color": colour})
            if r.replaced is not None:
                after.append({"x": r.replaced, "x2": self.right, "y": r.y, "color": colour})
        box = {"x": self._x(), "x2": {"field": "x2"}, "y": self._y(), "y2": {"field": "y2"}}
        return [
            layer(
                {"type": "rule", "strokeWidth": 1, "strokeDash": [1, 3]},
                after,
                x=self._x(),
                x2={"field": "x2"},
                y=self._y(),
                color=_as_is("color"),
            ),
            layer({"type": "rect", "fillOpacity": 0.8}, force, **box, color=_as_is("color")),
            layer({"type": "rect", "fill": "white", "strokeWidth": 1.4}, work, **box, stroke=_as_is("color")),
        ]

    def _done(self) -> Layer:
        values = [{"x": LEFT_EDGE, "y": r.y, "color": self.colour[r.lane]} for r in self.place.rows if r.in_force < 0]
        mark = {"type": "point", "shape": _LEFT, "size": 1, "filled": True, "opacity": 1, "xOffset": 0}
        return layer(
            {**mark, "size": 1.0}, values, x=self._x(), y=self._y(), color=_as_is("color"), size={"value": _UNIT}
        )

    def _milestones(self) -> Layer:
        values = [{"x": r.in_force, "y": r.y} for r in self.place.rows if r.milestone]
        return layer(
            {"type": "point", "shape": "diamond", "size": 75, "filled": True, "color": INK, "opacity": 1},
            values,
            x=self._x(),
            y=self._y(),
        )

    # -- arrows ---------------------------------------------------------------------------------------------

    def _prerequisites(self) -> list[Layer]:
        lines: list[dict[str, Any]] = []
        for p, k in self._pairs(verifies=False):
            x, end, y = self._bend(p, k)
            lines.append({"x": x, "x2": x, "y": p.y, "y2": y})
            if end > x:
                lines.append({"x": x, "x2": end, "y": y, "y2": y})
        return [self._lines(lines, {"color": _PREREQUISITE, "strokeWidth": 0.7, "opacity": 0.75})]

    def _verification(self) -> list[Layer]:
        lines: list[dict[str, Any]] = []
        reach: dict[str, list[placed.Row]] = {}
        for a, k in self._pairs(verifies=True):
            reach.setdefault(a.measure, []).append(k)
        for name, targets in reach.items():
            a = self.rows[name]
            x = a.in_force + 0.7
            ys = [a.y, *(k.y + 2.5 for k in targets)]
            lines.append({"x": x, "x2": x, "y": min(ys), "y2": max(ys)})
            lines += [{"x": x, "x2": k.in_force, "y": k.y + 2.5, "y2": k.y + 2.5} for k in targets if k.in_force > x]
        return [self._lines(lines, {"color": _VERIFIES, "strokeWidth": 0.9, "strokeDash": [3, 2], "opacity": 0.9})]

    def _heads(self) -> list[Layer]:
        heads: dict[str, list[dict[str, Any]]] = {_HEAD_RIGHT: [], _HEAD_DOWN: [], _HEAD_UP: []}
        for p, k in self._pairs(verifies=False):
            x, end, y = self._bend(p, k)
            shape = _HEAD_RIGHT if end > x else (_HEAD_DOWN if k.y > p.y else _HEAD_UP)
            heads[shape].append({"x": max(x, end), "y": y, "fill": _PREREQUISITE, "stroke": _PREREQUISITE})
        for a, k in self._pairs(verifies=True):
            x, y = a.in_force + 0.7, k.y + 2.5
            shape = _HEAD_RIGHT if k.in_force > x else (_HEAD_DOWN if k.y > a.y else _HEAD_UP)
            heads[shape].append({"x": max(x, k.in_force), "y": y, "fill": "white", "stroke": _VERIFIES})
        return [
            layer(
                {"type": "point", "shape": shape, "opacity": 1, "strokeWidth": 0.8},
                values,
                x=self._x(),
                y=self._y(),
                fill=_as_is("fill"),
                stroke=_as_is("stroke"),
                size={"value": _UNIT},
            )
            for shape, values in heads.items()
        ]

    def _pairs(self, verifies: bool) -> list[tuple[placed.Row, placed.Row]]:
        return [(self.rows[a.source], self.rows[a.target]) for a in self.place.arrows if a.verifies is verifies]

    def _bend(self, p: placed.Row, k: placed.Row) -> tuple[float, float, float]:
        """Where an arrow turns, where it ends, and at what height."""
        begin = k.start if k.start is not None else k.in_force
        wait = begin - p.in_force
        x = p.in_force + (min(0.4, wait / 2) if wait > 0 else 0.0)
        return x, float(begin), k.y - 2.0 if wait > 0 else (k.y - 5.0 if k.y > p.y else k.y + 5.0)

    def _lines(self, values: list[dict[str, Any]], mark: dict[str, Any]) -> Layer:
        return layer({"type": "rule", **mark}, values, x=self._x(), x2={"field": "x2"}, y=self._y(), y2={"field": "y2"})

    # -- remarks --------------------------------------------------------------------------------------------

    def _weakest(self) -> list[Layer]:
        if self.weakest is None or self.weakest[1] >= self.case.periods:
            return []
        party, t = self.weakest
        text = f"weakest moment: {self.case.title(party)}, {self.calendar.label(t)}"
        align = "right" if t > self.case.periods / 2 else "left"
        return [
            layer(
                {"type": "rule", "color": ACCENT, "strokeDash": [2, 2], "strokeWidth": 1.2},
                [{"x": t, "y": 0, "y2": self.place.height + 6}],
                x=self._x(),
                y=self._y(),
                y2={"field": "y2"},
            ),
            layer(
                {"type": "text", "color": ACCENT, "align": align, "baseline": "top", "fontWeight": 600, "fontSize": 10},
                [{"x": t, "y": self.place.height + 8, "text": text}],
                x=self._x(),
                y=self._y(),
                text={"field": "text"},
            ),
        ]


_UNIT = 4.0
"""Size at which a symbol's path is drawn as written."""


def _as_is(field: str) -> dict[str, Any]:
    return {"field": field, "type": "nominal", "scale": None, "legend": None}


def _signs(place: placed.Layout) -> list[Sign]:
    """What each sign means; only the signs that occur."""
    tip = {"shape": _HEAD_RIGHT, "size": _UNIT, "strokeWidth": 0.8}
    plain = [stroke(color=_PREREQUISITE, strokeWidth=0.9, x2=20)]
    dashed = [stroke(color=_VERIFIES, strokeWidth=0.9, strokeDash=[3, 2], x2=20)]
    signs: list[tuple[bool, Sign]] = [
        (
            any(r.start is not None and r.in_force > r.start for r in place.rows),
            ("work under way", [bar(4.5, fill="white", stroke=MUTED, strokeWidth=1.4)]),
        ),
        (True, ("in force", [bar(3.5, fill=MUTED)])),
        (
            any(r.in_force < 0 for r in place.rows),
            (
                "in force before the start",
                [bar(3.5, fill=MUTED, x=6), point(5, shape=_LEFT, size=_UNIT, fill=MUTED, stroke=MUTED)],
            ),
        ),
        (
            any(r.replaced is not None for r in place.rows),
            ("replaced", [stroke(color=MUTED, strokeWidth=1, strokeDash=[1, 3])]),
        ),
        (
            any(r.milestone for r in place.rows),
            ("milestone", [point(14, shape="diamond", size=75, fill=INK, stroke=None)]),
        ),
        (
            any(not a.verifies for a in place.arrows),
            ("must come first", [*plain, point(24, fill=_PREREQUISITE, stroke=_PREREQUISITE, **tip)]),
        ),
        (
            any(a.verifies for a in place.arrows),
            ("gives access to verify", [*dashed, point(24, fill="white", stroke=_VERIFIES, **tip)]),
        ),
    ]
    return [sign for used, sign in signs if used]
