"""A text as tabled beside the same as mended: two timelines that share their rows, with what changed marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from detente.case.resolved import ResolvedCase
from detente.case.road_map import RoadMap
from detente.report.calendar import Calendar
from detente.report.charts.legend import Sign, bar, legend
from detente.report.charts.theme import ACCENT, FAINT, INK, MUTED, SHADE, chart, colours, layer, width, wrap
from detente.results.repair import Change

LABELS, PANEL, GAP, REMARKS = 262.0, 184.0, 22.0, 104.0
SIZE, LINE, ROW, HEAD, LEGEND = 10.0, 12.0, 15.0, 21.0, 36.0
CHANGED = "#f6e3d9"

Layer = dict[str, Any]


@dataclass(frozen=True)
class Row:
    """A step: its lines of label, where its middle lies, its dates in both texts, and what became of it."""

    measure: str
    party: str
    label: tuple[str, ...]
    y: float
    height: float
    tabled: int | None
    mended: int | None
    remark: tuple[str, ...]


def repair(case: ResolvedCase, tabled: RoadMap, mended: RoadMap, changes: Sequence[Change]) -> dict[str, Any]:
    """Every step of either text, grouped by the party that takes it; a changed one is shaded, with a remark."""
    return _Sheet(case, tabled, mended, _remarks(case, changes)).spec()


def _remarks(case: ResolvedCase, changes: Sequence[Change]) -> dict[str, str]:
    """What became of each step."""
    calendar, found = Calendar.of(case), {}
    for c in changes:
        if c.measure is None:
            continue
        if c.kind == "moved" and c.before is not None and c.after is not None:
            far = c.after - c.before
            found[c.measure] = f"{calendar.span(abs(far))} {'later' if far > 0 else 'earlier'}"
        elif c.kind == "instead" and c.partner is not None:
            found |= {c.measure: "gives way", c.partner: "instead"}
        else:
            found[c.measure] = {"added": "added", "automatic": "ends by itself"}.get(c.kind, "dropped")
    return found


class _Sheet:
    def __init__(self, case: ResolvedCase, tabled: RoadMap, mended: RoadMap, remarks: dict[str, str]) -> None:
        self.case, self.tabled, self.mended, self.remarks = case, tabled, mended, remarks
        self.calendar, self.colour = Calendar.of(case), colours(list(case.parties))
        self.scale = PANEL / case.periods
        self.left = (0.0, PANEL + GAP)
        self.right = self.left[1] + PANEL + REMARKS
        self.rows: list[Row] = []
        self.heads: list[tuple[str, float]] = []
        self.height = self._place()

    def _place(self) -> float:
        """Put parties and steps below each other; the height of all."""
        y, order = 0.0, {k: n for n, k in enumerate(self.case.measures)}
        for party in self.case.parties:
            own = [k for k in {**self.tabled.starts, **self.mended.starts} if self.case.measures[k].by == party]
            if not own:
                continue
            self.heads.append((party, y))
            y += HEAD
            for k in sorted(own, key=lambda k: (self.tabled.starts.get(k, self.mended.starts.get(k, 0)), order[k])):
                label = tuple(wrap(self.case.title(k), LABELS - 14, SIZE))
                remark = tuple(wrap(self.remarks.get(k, ""), REMARKS - 8, SIZE)) if k in self.remarks else ()
                height = ROW + LINE * (max(len(label), len(remark), 1) - 1)
                dates = self.tabled.starts.get(k), self.mended.starts.get(k)
                self.rows.append(Row(k, party, label, y + height / 2, height, *dates, remark))
                y += height
            y += 4
        return y

    def spec(self) -> dict[str, Any]:
        """The chart."""
        signs: list[Sign] = [
            ("work under way", [bar(4.2, fill="white", stroke=MUTED, strokeWidth=1.4)]),
            ("in force", [bar(3.2, fill=MUTED)]), ("changed", [bar(6.5, fill=CHANGED)]),
        ]  # fmt: skip
        below = self.height + LEGEND
        layers = [*self._ground(), *self._bars(), *self._words(), *legend(signs, -LABELS + 6, self.right, below)]
        return chart(width=self.right, height=self.height, layer=[x for x in layers if x["data"]["values"]])

    # -- channels -------------------------------------------------------------------------------------------

    def _x(self) -> dict[str, Any]:
        scale = {"domain": [0, self.right], "nice": False, "zero": False}
        return {"field": "x", "type": "quantitative", "scale": scale, "axis": None}

    def _y(self) -> dict[str, Any]:
        scale = {"domain": [0, self.height], "reverse": True, "nice": False, "zero": False}
        return {"field": "y", "type": "quantitative", "scale": scale, "axis": None}

    def _box(self) -> dict[str, Any]:
        return {"x": self._x(), "x2": {"field": "x2"}, "y": self._y(), "y2": {"field": "y2"}}

    # -- layers ---------------------------------------------------------------------------------------------

    def _ground(self) -> Iterator[Layer]:
        changed = [{"y": r.y - r.height / 2, "y2": r.y + r.height / 2} for r in self.rows if r.remark]
        wide = {"x": -LABELS, "x2": self.right}
        yield layer({"type": "rect", "color": CHANGED, **wide}, changed, y=self._y(), y2={"field": "y2"})
        bands = [{"y": y, "y2": y + HEAD - 4} for _, y in self.heads]
        yield layer({"type": "rect", "color": SHADE, **wide}, bands, y=self._y(), y2={"field": "y2"})
        lines = [
            {"x": left + t * self.scale, "y": -2, "y2": self.height} for left in self.left for t in self._ticks()
        ]  # fmt: skip
        yield layer(
            {"type": "rule", "color": FAINT, "strokeWidth": 1}, lines, x=self._x(), y=self._y(), y2={"field": "y2"}
        )

    def _ticks(self) -> list[int]:
        return self.calendar.ticks(most=5)

    def _bars(self) -> Iterator[Layer]:
        force: list[dict[str, Any]] = []
        work: list[dict[str, Any]] = []
        for r in self.rows:
            for left, start, road_map in ((self.left[0], r.tabled, self.tabled), (self.left[1], r.mended, self.mended)):
                if start is None:
                    continue
                comes = min(start + self.case.measures[r.measure].takes, self.case.periods)
                end = min(self._replaced(r.measure, road_map), self.case.periods)
                look = {"color": self.colour[r.party]}
                x, middle, x2 = (left + t * self.scale for t in (start, comes, max(end, comes)))
                force.append({"x": middle, "x2": x2, "y": r.y - 3.2, "y2": r.y + 3.2, **look})
                if comes > start:
                    work.append({"x": x, "x2": middle, "y": r.y - 4.2, "y2": r.y + 4.2, **look})
        yield layer({"type": "rect", "fillOpacity": 0.8}, force, **self._box(), color=_as_is("color"))
        yield layer({"type": "rect", "fill": "white", "strokeWidth": 1.4}, work, **self._box(), stroke=_as_is("color"))

    def _replaced(self, measure: str, road_map: RoadMap) -> int:
        """When another takes its place; the end of the calendar if none does."""
        dates = [
            start + self.case.measures[k].takes
            for k, start in road_map.starts.items()
            if (old := self.case.measures[k].replaces) is not None and old.measure == measure
        ]
        return min(dates, default=self.case.periods)

    def _words(self) -> Iterator[Layer]:
        names = [{"y": r.y, "lines": r.label} for r in self.rows]
        yield self._lines(names, {"x": -LABELS + 6, "fontSize": SIZE})
        remarks = [{"y": r.y, "lines": r.remark} for r in self.rows if r.remark]
        yield self._lines(
            remarks, {"x": self.left[1] + PANEL + 8, "fontSize": SIZE, "fontWeight": 600, "color": ACCENT}
        )
        mark = {"type": "text", "align": "left", "baseline": "middle", "fontWeight": 600, "fontSize": 11}
        parties = [
            {"y": y + HEAD / 2 - 2, "text": self.case.title(p), "color": self.colour[p]} for p, y in self.heads
        ]  # fmt: skip
        yield layer({**mark, "x": -LABELS + 6}, parties, y=self._y(), text={"field": "text"}, color=_as_is("color"))
        for left, text in zip(self.left, ("As tabled", "Mended"), strict=True):
            yield layer({**mark, "x": left, "y": -28, "color": INK}, [{"text": text}], text={"field": "text"})
        years = [
            {"x": left + t * self.scale, "text": self.calendar.tick_label(t)}
            for left in self.left
            for t in self._fitting()
        ]
        look = {"type": "text", "align": "left", "baseline": "middle", "fontSize": 9.5, "color": MUTED, "dx": -2}
        for y in (-12, self.height + 10):
            yield layer({**look, "y": y}, years, x=self._x(), text={"field": "text"})

    def _fitting(self) -> list[int]:
        """Ticks whose names have room before the panel ends."""
        room = PANEL + GAP - 6
        return [t for t in self._ticks() if t * self.scale + width(self.calendar.tick_label(t), 9.5) <= room]

    def _lines(self, values: Sequence[dict[str, Any]], look: dict[str, Any]) -> Layer:
        data = [{"y": v["y"] - (len(v["lines"]) - 1) * LINE / 2, "text": "\n".join(v["lines"])} for v in values]
        mark = {"type": "text", "align": "left", "baseline": "middle", "lineHeight": LINE, "lineBreak": "\n", **look}
        return layer(mark, data, y=self._y(), text={"field": "text"})


def _as_is(field: str) -> dict[str, Any]:
    return {"field": field, "type": "nominal", "scale": None, "legend": None}
