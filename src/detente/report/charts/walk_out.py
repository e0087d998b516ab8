"""What happens after a walk-out: which measures stop or are undone and when, and what everybody gets."""

from __future__ import annotations

from typing import Any

from detente.case.resolved import ResolvedCase
from detente.report.calendar import Calendar
from detente.report.charts.legend import bar, legend, point
from detente.report.charts.panels import Layer, Panel, nice_levels
from detente.report.charts.theme import ACCENT, FAINT, INK, MUTED, SHADE, chart, colours, layer, quantity, width, wrap
from detente.report.numbers import percent
from detente.results.walk_out import Departure, MeasureAfter

LABEL_WIDTH = 215.0
PLOT_WIDTH = 360.0
LABEL_SIZE = 10.0
LINE = 12.5
ROW = 15.0
HEAD = 22.0
PAYOFF_WIDTH, PAYOFF_HEIGHT = 632.0, 74.0
MOST_ROWS = 24
"""Rows of a picture from which on only what had begun is drawn."""

FATES = {
    "never-begins": "never begins",
    "work-stops": "work stops",
    "undone": "undone",
    "stays": "stays in force",
    "goes-on": "still done",
}


def affected(departure: Departure) -> tuple[MeasureAfter, ...]:
    """The measures that the breach changes."""
    return tuple(m for m in departure.measures if m.kept != m.after)


def drawn(departure: Departure) -> tuple[MeasureAfter, ...]:
    """Those of them to draw: where they are many, not those that merely never begin; there is nothing to see."""
    changed = affected(departure)
    begun = tuple(m for m in changed if m.end != "never-begins")
    return begun if begun and len(changed) > MOST_ROWS else changed


def fate(m: MeasureAfter, calendar: Calendar) -> str:
    """What becomes of a measure, in a few words."""
    text = FATES[m.end]
    if m.end == "undone" and m.lost is not None:
        text = f"gone {calendar.since(m.lost)}"
    if m.end == "undone" and m.chance < 1:
        text += f" (chance {percent(m.chance)})"
    return text


def states(case: ResolvedCase, departure: Departure) -> dict[str, Any]:
    """Every measure that changes: above the line what it would have been, below what becomes of it."""
    return _States(case, departure).spec()


def payoffs(case: ResolvedCase, departure: Departure) -> dict[str, Any]:
    """For each party what it gets in each period if everybody goes on, and after the walk-out."""
    look = colours(list(case.parties))
    parties = [p for p in case.parties if departure.payoff_stay[p] != departure.payoff_leave[p]]
    across = 3 if len(parties) > 4 else 2
    panels = [_payoff(case, departure, p, look[p], PAYOFF_WIDTH / across) for p in parties]
    rows = [{"hconcat": panels[i : i + across], "spacing": 112 / across} for i in range(0, len(panels), across)]
    return chart(vconcat=rows, spacing=24)


class _States:
    def __init__(self, case: ResolvedCase, departure: Departure) -> None:
        self.case, self.departure = case, departure
        self.calendar = Calendar.of(case)
        self.colour = {**colours(list(case.parties)), "": INK}
        first, last = _window(case, departure)
        self.first, self.last = first, last
        self.rows: list[tuple[MeasureAfter, float, list[str]]] = []
        self.heads: list[tuple[str, float]] = []
        self.height = self._place()

    def spec(self) -> dict[str, Any]:
        layers = [
            self._bands(),
            *self._years(),
            *self._tracks(),
            *self._texts(),
            *self._leaving(),
            *legend(_SIGNS, -LABEL_WIDTH + 6, PLOT_WIDTH + 140, self.height + 16),
        ]
        return chart(width=PLOT_WIDTH, height=self.height, layer=[x for x in layers if x["data"]["values"]])

    def _place(self) -> float:
        y = 0.0
        groups: dict[str, list[MeasureAfter]] = {p: [] for p in self.case.parties}
        groups[""] = []
        for m in drawn(self.departure):
            groups[self.case.measures[m.measure].by or ""].append(m)
        for owner, members in groups.items():
            if not members:
                continue
            self.heads.append((owner, y))
            y += HEAD
            for m in sorted(members, key=_order):
                label = wrap(self.case.title(m.measure), LABEL_WIDTH - 12, LABEL_SIZE)
                height = ROW + LINE * (len(label) - 1)
                self.rows.append((m, y + height / 2, label))
                y += height
            y += 3
        return y

    def _x(self, field: str = "x") -> dict[str, Any]:
        return quantity(field, [self.first, self.last])

    def _y(self, field: str = "y") -> dict[str, Any]:
        return {
            "field": field,
            "type": "quantitative",
            "axis": None,
            "scale": {"domain": [0, self.height], "reverse": True, "nice": False, "zero": False},
        }

    def _bands(self) -> Layer:
        values = [{"y": y, "y2": y + HEAD - 4} for _, y in self.heads]
        return layer(
            {"type": "rect", "color": SHADE, "x": -LABEL_WIDTH, "x2": PLOT_WIDTH + 150},
            values,
            y=self._y(),
            y2={"field": "y2"},
        )

    def _years(self) -> list[Layer]:
        ticks = [t for t in self.calendar.ticks() if self.first <= t < self.last]
        if len(ticks) < 2:
            ticks = list(range(self.first, self.last))[:: max(1, (self.last - self.first) // 5)]
        names: list[dict[str, Any]] = [{"x": t, "text": self.calendar.tick_label(t)} for t in ticks]
        per_period = PLOT_WIDTH / max(1, self.last - self.first)
        clear = [n for n in names if abs(n["x"] - self.departure.period) * per_period > 34]
        return [
            layer({"type": "rule", "color": FAINT, "y": -4, "y2": self.height}, names, x=self._x()),
            layer(
                {
                    "type": "text",
                    "align": "left",
                    "baseline": "top",
                    "color": MUTED,
                    "fontSize": 9.5,
                    "y": -16,
                    "dx": -2,
                },
                clear,
                x=self._x(),
                text={"field": "text"},
            ),
        ]

    def _tracks(self) -> list[Layer]:
        kept: list[dict[str, Any]] = []
        after: dict[str, list[dict[str, Any]]] = {"under-way": [], "in-force": [], "being-undone": []}
        cross: list[dict[str, Any]] = []
        for m, y, _ in self.rows:
            colour = self.colour[self.case.measures[m.measure].by or ""]
            for begin, end, state in _runs(m.kept, self.first, self.last):
                if state in ("under-way", "in-force"):
                    style = "#9a9a9a" if state == "in-force" else "#cfcfcf"
                    kept.append({"x": begin, "x2": end, "y": y - 3.5, "color": style})
            for begin, end, state in _runs(m.after, self.first, self.last):
                if state in after:
                    after[state].append({"x": begin, "x2": end, "y": y - 1, "y2": y + 5, "color": colour})
            if m.end in ("work-stops", "undone") and m.lost is not None and self.first <= m.lost <= self.last:
                cross.append({"x": _ended(m), "y": y + 2})
        box = {"x": self._x(), "x2": {"field": "x2"}, "y": self._y(), "y2": {"field": "y2"}}
        as_is = {"field": "color", "type": "nominal", "scale": None}
        return [
            layer({"type": "rule", "strokeWidth": 2}, kept, x=self._x(), x2={"field": "x2"}, y=self._y(), color=as_is),
            layer({"type": "rect", "fillOpacity": 0.85}, after["in-force"], **box, color=as_is),
            layer({"type": "rect", "fill": "white", "strokeWidth": 1.3}, after["under-way"], **box, stroke=as_is),
            layer(
                {"type": "rect", "fillOpacity": 0.3, "strokeWidth": 1, "strokeDash": [2, 2]},
                after["being-undone"],
                **box,
                fill=as_is,
                stroke=as_is,
            ),
            layer(
                {
                    "type": "point",
                    "shape": "M-3,-3L3,3M3,-3L-3,3",
                    "size": 4.0,
                    "stroke": ACCENT,
                    "strokeWidth": 1.8,
                    "opacity": 1,
                },
                cross,
                x=self._x(),
                y=self._y(),
                size={"value": 4.0},
            ),
        ]

    def _texts(self) -> list[Layer]:
        heads = [
            {"y": y + HEAD / 2 - 2, "text": self.case.title(p) if p else "Milestones", "color": self.colour[p]}
            for p, y in self.heads
        ]
        labels = [{"y": y - (len(label) - 1) * LINE / 2, "text": "\n".join(label)} for _, y, label in self.rows]
        fates = [{"y": y, "text": fate(m, self.calendar)} for m, y, _ in self.rows]
        left = {"type": "text", "align": "left", "baseline": "middle"}
        return [
            layer(
                {**left, "fontWeight": 600, "fontSize": 11, "x": -LABEL_WIDTH + 6},
                heads,
                y=self._y(),
                text={"field": "text"},
                color={"field": "color", "type": "nominal", "scale": None},
            ),
            layer(
                {**left, "fontSize": LABEL_SIZE, "lineHeight": LINE, "x": -LABEL_WIDTH + 6},
                labels,
                y=self._y(),
                text={"field": "text"},
            ),
            layer(
                {**left, "fontSize": LABEL_SIZE, "x": PLOT_WIDTH + 8, "color": MUTED},
                fates,
                y=self._y(),
                text={"field": "text"},
            ),
        ]

    def _leaving(self) -> list[Layer]:
        t = self.departure.period
        text = f"{self.case.title(self.departure.party)} leaves, {self.calendar.label(t)}"
        half = width(text, 10)
        inward = (t - self.first) / max(1, self.last - self.first) * PLOT_WIDTH + half < PLOT_WIDTH + 140
        return [
            layer(
                {
                    "type": "rule",
                    "color": ACCENT,
                    "strokeWidth": 1.4,
                    "strokeDash": [4, 2],
                    "y": -18,
                    "y2": self.height,
                },
                [{"x": t}],
                x=self._x(),
            ),
            layer(
                {
                    "type": "text",
                    "align": "left" if inward else "right",
                    "baseline": "bottom",
                    "fontWeight": 600,
                    "fontSize": 10,
                    "color": ACCENT,
                    "y": -19,
                },
                [{"x": t, "text": text}],
                x=self._x(),
                text={"field": "text"},
            ),
        ]


_CROSS = {"shape": "M-3,-3L3,3M3,-3L-3,3", "size": 4.0, "stroke": ACCENT, "strokeWidth": 1.8}
_SIGNS = (
    ("if everybody goes on", [bar(1, fill="#9a9a9a")]),
    ("work after the walk-out", [bar(3, fill="white", stroke=MUTED, strokeWidth=1.3)]),
    ("in force after it", [bar(3, fill=MUTED)]),
    ("being undone", [bar(3, fill=MUTED, fillOpacity=0.3, stroke=MUTED, strokeDash=[2, 2])]),
    ("ends", [point(14, **_CROSS)]),
)


def _payoff(case: ResolvedCase, departure: Departure, party: str, colour: str, across: float) -> dict[str, Any]:
    stay, leave = departure.payoff_stay[party], departure.payoff_leave[party]
    top, bottom = max(0.0, *stay, *leave), min(0.0, *stay, *leave)
    room = (top - bottom) or 1.0
    panel = Panel(case, across, PAYOFF_HEIGHT, bottom - 0.08 * room, top + 0.12 * room, int(across // 52))
    from_breach = [(t, leave[t]) for t in range(departure.period, len(leave))]
    after = layer(
        {"type": "line", "color": ACCENT, "strokeWidth": 1.8, "strokeDash": [5, 3]},
        [{"x": t, "y": v} for t, v in from_breach],
        x=panel.x(),
        y=panel.y(),
    )
    leaving = layer(
        {"type": "rule", "color": ACCENT, "strokeDash": [2, 2], "y": 0, "y2": PAYOFF_HEIGHT},
        [{"x": departure.period}],
        x=panel.x(),
    )
    layers = [*panel.ground(nice_levels(bottom, top, 3)), panel.zero(), leaving, panel.line(stay, colour), after]
    return panel.spec(layers, "\n".join(wrap(case.title(party), across, 11)))


def _window(case: ResolvedCase, departure: Departure) -> tuple[int, int]:
    """From a little before the breach to a little after the last difference, at least eight periods."""
    t = departure.period
    changes = [s for m in drawn(departure) for s in range(1, len(m.kept)) if m.kept[s] != m.kept[s - 1]]
    changes += [m.lost for m in drawn(departure) if m.lost is not None]
    last = max([c for c in changes if c <= case.periods], default=t) + 2
    first = max(0, t - max(2, (last - t) // 4))
    return first, min(max(last, first + 8), max(case.periods + 1, first + 1))


def _runs(track: tuple[str, ...], first: int, last: int) -> list[tuple[int, int, str]]:
    """Maximal runs of one state inside a window, as (begin, end, state)."""
    runs: list[tuple[int, int, str]] = []
    begin = first
    for t in range(first + 1, last + 1):
        if t == last or _at(track, t) != _at(track, begin):
            runs.append((begin, t, _at(track, begin)))
            begin = t
    return runs


def _at(track: tuple[str, ...], t: int) -> str:
    return track[min(t, len(track) - 1)]


def _order(m: MeasureAfter) -> tuple[int, int]:
    begun = next((t for t, s in enumerate(m.kept) if s != "absent"), len(m.kept))
    return begun, next((t for t, s in enumerate(m.kept) if s == "in-force"), len(m.kept))


def _ended(m: MeasureAfter) -> int:
    if m.end == "undone":
        return m.lost or 0
    return m.stop if m.stop is not None else m.lost or 0
