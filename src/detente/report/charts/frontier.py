"""Trade-offs between two parties: points, what is proved to lie beyond reach, solutions, proposals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from detente.report.charts.legend import LINE as LEGEND_LINE
from detente.report.charts.legend import Sign, legend, point, rows
from detente.report.charts.panels import nice_levels
from detente.report.charts.theme import ACCENT, FAINT, INK, MUTED, chart, layer, quantity, wrap
from detente.report.numbers import number, signed
from detente.results.frontier import Frontier, Placed

WIDTH, HEIGHT = 470.0, 360.0
LINE = 15.0
HAD, OPEN = "#c9d8e6", "#f1efe6"
"""Fills of what some certified road map gives, and of what is neither found nor excluded."""

LETTERS = {"nash": "N", "kalai-smorodinsky": "K", "egalitarian": "E", "utilitarian": "U"}
SOLUTIONS = {
    "nash": "Nash",
    "kalai-smorodinsky": "Kalai-Smorodinsky",
    "egalitarian": "egalitarian",
    "utilitarian": "utilitarian",
}
_DOT = {"filled": True, "fill": INK, "stroke": None, "size": 46}
_RING = {"filled": False, "stroke": INK, "strokeWidth": 1.6, "size": 150}
_HOLDS = {"shape": "diamond", "filled": True, "fill": ACCENT, "stroke": "white", "strokeWidth": 0.8, "size": 90}
_FAILS = {"shape": "cross", "filled": False, "stroke": ACCENT, "strokeWidth": 1.4, "size": 70}
_BESIDE = {"align": "right", "dx": -10, "dy": 9, "color": INK, "fontSize": 9}

Layer = dict[str, Any]


def anchor(number: int) -> str:
    """Where the road map of a point stands on a page; points count from 1."""
    return f"frontier-{number}"


def letter(n: int) -> str:
    """What a proposal is called in the drawing: a, b, … z, aa, …"""
    return chr(97 + n) if n < 26 else letter(n // 26 - 1) + chr(97 + n % 26)


def frontier(told: Frontier, name: Callable[[str], str], pair: tuple[str, str] | None = None) -> dict[str, Any]:
    """The chart; ``name`` gives plain words for ids, ``pair`` says of more than two parties which to show."""
    first, second = pair or (told.parties[0], told.parties[1])
    plane = _Plane.around(told, first, second)
    signs, top = _signs(told), HEIGHT + 52
    layers = [
        *plane.grounds(told),
        *plane.axes({"x": f"gain of {name(first)}", "y": f"gain of {name(second)}"}),
        *plane.nothing(),
        *plane.proposals(told.proposals),
        *plane.points(told),
        *legend(signs, 0, WIDTH, top),
        *_names(told, name, first, second, top + LEGEND_LINE * rows(signs, 0, WIDTH) + 6),
    ]
    return chart(width=WIDTH, height=HEIGHT, layer=[one for one in layers if one["data"]["values"]])


@dataclass(frozen=True)
class _Plane:
    """The gains of two parties, and the part of them that is drawn."""

    first: str
    second: str
    x: tuple[float, float]
    y: tuple[float, float]

    @classmethod
    def around(cls, told: Frontier, first: str, second: str) -> _Plane:
        """From no deal, or below, to a little beyond the points; what lies further out is drawn at the edge."""
        corners = told.corners if (first, second) == tuple(told.parties[:2]) else ()
        spans = []
        for n, q in enumerate((first, second)):
            tabled = [p.gains[q] for p in told.proposals if q in p.gains]
            spans.append(_span([p.gains[q] for p in told.points], [c[n] for c in corners], tabled))
        return cls(first, second, spans[0], spans[1])

    def _x(self) -> Layer:
        return quantity("x", self.x)

    def _y(self) -> Layer:
        return quantity("y", self.y)

    def axes(self, titles: Mapping[str, str]) -> list[Layer]:
        """A faint grid with numbers, and what they are gains of."""
        across = [{"x": v, "text": number(v)} for v in nice_levels(*self.x, 6) if self.x[0] <= v <= self.x[1]]
        up = [{"y": v, "text": number(v)} for v in nice_levels(*self.y, 6) if self.y[0] <= v <= self.y[1]]
        rule, words = {"type": "rule", "color": FAINT}, {"type": "text", "fontSize": 9.5, "color": MUTED}
        title = {"type": "text", "fontSize": 10, "color": INK}
        text = {"text": {"field": "text"}}
        return [
            layer({**rule, "y": 0, "y2": HEIGHT}, across, x=self._x()),
            layer({**rule, "x": 0, "x2": WIDTH}, up, y=self._y()),
            layer({**words, "baseline": "top", "y": HEIGHT + 4}, across, x=self._x(), **text),
            layer({**words, "align": "right", "baseline": "middle", "x": -6}, up, y=self._y(), **text),
            layer({**title, "x": WIDTH / 2, "y": HEIGHT + 26}, [{"text": titles["x"]}], **text),
            layer({**title, "align": "left", "x": -40, "y": -12}, [{"text": titles["y"]}], **text),
        ]

    def grounds(self, told: Frontier) -> list[Layer]:
        """What is not excluded, and on it what is had: below and to the left of each point."""
        if len(told.parties) > 2:
            return []
        had = [self._inside(p.gains[self.first], p.gains[self.second]) for p in told.points]
        corners = told.corners or ((self.x[1], self.y[1]),)
        unknown = [self._inside(a, b) for a, b in corners] if told.kind == "partial" else []
        return [self._filled(unknown, OPEN), self._filled(had, HAD)]

    def _filled(self, places: Sequence[tuple[float, float]], colour: str) -> Layer:
        values = [{"x": self.x[0], "y": self.y[0], "a": a, "b": b} for a, b in places]
        return layer(
            {"type": "rect", "color": colour, "opacity": 1}, values,
            x=self._x(), x2={"field": "a"}, y=self._y(), y2={"field": "b"},
        )  # fmt: skip

    def nothing(self) -> list[Layer]:
        """Lines at no gain."""
        rule = {"type": "rule", "color": MUTED, "strokeWidth": 1, "strokeDash": [3, 3]}
        return [
            layer({**rule, "y": 0, "y2": HEIGHT}, [{"x": 0}], x=self._x()),
            layer({**rule, "x": 0, "x2": WIDTH}, [{"y": 0}], y=self._y()),
        ]

    def points(self, told: Frontier) -> list[Layer]:
        """Numbered dots that lead to their road maps, with the letters of the solutions that pick them."""
        picked: dict[int, str] = {}
        for s in told.solutions:
            picked[s.point] = f"{picked.get(s.point, '')} {LETTERS[s.name]}".strip()
        values = [
            {
                "x": p.gains[self.first], "y": p.gains[self.second], "n": str(n + 1), "letters": picked.get(n, ""),
                "to": f"#{anchor(n + 1)}",
                "told": f"Point {n + 1}: {self.first} {signed(p.gains[self.first])}, "
                f"{self.second} {signed(p.gains[self.second])}",
            }
            for n, p in enumerate(told.points)
        ]  # fmt: skip
        place = {"x": self._x(), "y": self._y()}
        link = {"href": {"field": "to"}, "description": {"field": "told"}}
        words = {"type": "text", "fontWeight": 600, "align": "left", "dx": 7, "dy": -8}
        chosen = [v for v in values if v["letters"]]
        return [
            layer({"type": "point", "opacity": 1, **_RING}, chosen, **place),
            layer({"type": "point", "opacity": 1, **_DOT}, values, **place, **link),
            layer(words, self._labels(values, "–"), **place, **link, text={"field": "n"}),
            layer({**words, **_BESIDE}, chosen, **place, text={"field": "letters"}),
        ]

    def proposals(self, placed: Sequence[Placed]) -> list[Layer]:
        """A diamond for what holds, a cross for what does not; whatever lies outside is drawn at the edge."""
        shown: dict[bool, list[dict[str, Any]]] = {True: [], False: []}
        for n, p in enumerate(placed):
            if p.audit is not None:
                a, b = self._inside(p.gains[self.first], p.gains[self.second])
                shown[p.audit.certified].append({"x": a, "y": b, "n": letter(n)})
        place = {"x": self._x(), "y": self._y()}
        words = {"type": "text", "color": ACCENT, "align": "left", "dx": 7, "fontStyle": "italic"}
        labels = self._labels([*shown[True], *shown[False]], ", ")
        lowest = [v for v in labels if v["y"] == self.y[0]]
        return [
            layer({"type": "point", "opacity": 1, **_HOLDS}, shown[True], **place),
            layer({"type": "point", "opacity": 1, **_FAILS}, shown[False], **place),
            layer({**words, "dy": 8}, [v for v in labels if v not in lowest], **place, text={"field": "n"}),
            layer({**words, "dy": -8}, lowest, **place, text={"field": "n"}),
        ]

    def _labels(self, values: Sequence[dict[str, Any]], between: str) -> list[dict[str, Any]]:
        """One label for marks that lie so close that two would run into each other."""
        labels: list[dict[str, Any]] = []
        last: list[dict[str, Any]] = []
        for v in sorted(values, key=lambda v: (-v["x"], v["y"])):
            if last and self._touch(last[-1], v):
                last.append(v)
                names = [one["n"] for one in last]
                labels[-1]["n"] = f"{names[0]}{between}{names[-1]}" if between == "–" else between.join(names)
            else:
                last = [v]
                labels.append(dict(v))
        return labels

    def _touch(self, one: dict[str, Any], other: dict[str, Any]) -> bool:
        across = abs(one["x"] - other["x"]) / (self.x[1] - self.x[0]) * WIDTH
        down = abs(one["y"] - other["y"]) / (self.y[1] - self.y[0]) * HEIGHT
        return bool(across < 16 and down < 11)

    def _inside(self, a: float, b: float) -> tuple[float, float]:
        return min(max(a, self.x[0]), self.x[1]), min(max(b, self.y[0]), self.y[1])


def _span(points: Sequence[float], corners: Sequence[float], proposals: Sequence[float]) -> tuple[float, float]:
    """From a little below no deal to a little beyond the points, with the bounds and proposals that lie near."""
    low, high = min([0.0, *points]), max([0.0, *points])
    size = (high - low) or max([1.0, *map(abs, proposals)])
    near = [v for v in proposals if low - 0.35 * size <= v <= high + 0.35 * size]
    bounded = [min(v, high + 0.3 * size) for v in corners]
    low, high = min([low, *near]), max([high, *near, *bounded])
    return low - 0.06 * size, high + 0.08 * size


def _signs(told: Frontier) -> list[Sign]:
    square = {"type": "rect", "x": 4, "x2": 20, "y": -5, "y2": 5}
    signs: list[Sign] = [("point, with its number", [point(12, **_DOT)])]
    if len(told.parties) == 2:
        signs.append(("some certified road map gives both as much", [{**square, "color": HAD}]))
        if told.kind == "partial":
            signs.append(("not known", [{**square, "color": OPEN}]))
        if told.kind == "complete" or told.corners:
            signs.append(("white: proved, none does", [{**square, "color": "white", "stroke": FAINT}]))
    if told.solutions:
        letters = ", ".join(f"{LETTERS[s.name]} {SOLUTIONS[s.name]}" for s in told.solutions)
        signs.append((f"solution: {letters}", [point(12, **_RING)]))
    if any(p.audit is not None and p.audit.certified for p in told.proposals):
        signs.append(("proposal, certified", [point(12, **_HOLDS)]))
    if any(p.audit is not None and not p.audit.certified for p in told.proposals):
        signs.append(("proposal, not certified; at the edge: further out", [point(12, **_FAILS)]))
    return signs


def _names(told: Frontier, name: Callable[[str], str], first: str, second: str, top: float) -> list[Layer]:
    """What the letters of the proposals stand for."""
    lines: list[str] = []
    for n, p in enumerate(told.proposals):
        if p.audit is not None:
            form = "" if p.completion == "as-written" else f", best for {name(p.completion.partition(':')[2])}"
            gains = f"{signed(p.gains[first])}, {signed(p.gains[second])}"
            lines += wrap(f"{letter(n)}  {name(p.name)}{form}: {gains}", WIDTH)
    look = {"type": "text", "align": "left", "baseline": "middle", "fontSize": 10, "x": 0}
    return [
        layer({**look, "y": top + n * LINE}, [{"text": text}], text={"field": "text"}) for n, text in enumerate(lines)
    ]
