"""For which values a road map holds: a band with the margin below it, or of two numbers a map with its frontier."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any

from detente.case.resolved import ResolvedCase
from detente.report.charts.legend import bar, legend, stroke
from detente.report.charts.panels import Layer, nice_levels
from detente.report.charts.theme import FAINT, INK, MUTED, chart, colours, layer, quantity, width, wrap
from detente.report.numbers import percent, plain
from detente.results.threshold import HOLDING, Axis, Bracket, Point, State, Threshold

WIDTH, BAND, CURVE, SIDE = 600.0, 26.0, 130.0, 380.0
_FILL: dict[State, str] = {"certified": "#2f6f5e", "holds": "#8fbcae", "fails": "#e3c4bd", "unknown": "#f4f4f4"}
_WORDS: dict[str, dict[State, str]] = {
    "road-map": {"certified": "certified", "holds": "holds, not certified", "fails": "fails", "unknown": "not known"},
    "any": {"certified": "a certified road map", "holds": "", "fails": "proved: none", "unknown": "not known"},
}


def threshold(found: Threshold, case: ResolvedCase | None = None) -> dict[str, Any]:
    """One number: where it holds and by how much. Two: a map. With the case parties have their names."""
    return _map(found) if len(found.axes) == 2 else _line(found, case)


@dataclass(frozen=True)
class _Scale:
    """Values of a number along a side of the picture."""

    axis: Axis
    length: float

    @property
    def domain(self) -> tuple[float, float]:
        half = 0.5 if self.axis.whole else 0.0
        return float(self.axis.low) - half, float(self.axis.high) + half

    @property
    def levels(self) -> list[float]:
        low, high = self.domain
        found = nice_levels(low, high, max(3, int(self.length // 75)))
        return [v for v in found if v == int(v)] if self.axis.whole else found

    def at(self, value: float) -> float:
        """Pixels from the low end."""
        low, high = self.domain
        return self.length * (value - low) / (high - low)

    def title(self) -> list[str]:
        """What it is, in lines."""
        unit = f", {self.axis.unit}" if self.axis.unit else ""
        return wrap(f"{self.axis.title}{unit}", max(self.length, 240.0))


# ------------------------------------------------------------------ one number


def _line(found: Threshold, case: ResolvedCase | None) -> dict[str, Any]:
    scale = _Scale(found.axes[0], WIDTH)
    band: dict[str, Any] = {"width": WIDTH, "height": BAND, "layer": [*_band(found, scale), *_changes(found, scale)]}
    curve = _curve(found, scale, case)
    (band if curve is None else curve)["layer"] += _foot(scale, BAND if curve is None else CURVE)
    return chart(vconcat=[x for x in (band, curve) if x is not None], spacing=10)


def _runs(found: Threshold, scale: _Scale) -> Iterator[tuple[State, float, float]]:
    """State, left and right end in pixels."""
    low, high = scale.domain
    for run in found.intervals():
        ends = [low if run.begins is None else _between(run.begins), high if run.ends is None else _between(run.ends)]
        yield run.states[0], scale.at(ends[0]), scale.at(ends[1])


def _between(bracket: Sequence[Any]) -> float:
    return (float(bracket[0]) + float(bracket[1])) / 2


def _band(found: Threshold, scale: _Scale) -> list[Layer]:
    layers: list[Layer] = []
    for state, left, right in _runs(found, scale):
        look = {"type": "rect", "x": left, "x2": max(right, left + 1.0), "y": 0, "y2": BAND, "color": _FILL[state]}
        layers.append(layer({**look, "stroke": MUTED, "strokeWidth": 0.4}, [{"_": 0}]))
        words = _WORDS[found.question][state]
        if width(words, 10.5) + 8 <= right - left:
            colour = "white" if state == "certified" else INK
            layers.append(_text(words, (left + right) / 2, BAND / 2, fontSize=10.5, fontWeight=600, color=colour))
    return layers


def _changes(found: Threshold, scale: _Scale) -> list[Layer]:
    """The value at each change, above the band; where there is no room for one it is left out."""
    layers: list[Layer] = []
    free = 0.0
    for before, after in pairwise(found.intervals()):
        assert before.ends is not None
        place = scale.at(_between(before.ends))
        words = _change(before.ends, after.states[0] in HOLDING, scale.axis.whole)
        room = width(words, 10) / 2 + 3
        middle = min(max(place, room), WIDTH - room)
        layers.append(_rule(place, place, -4, 0))
        if middle - room >= free:
            layers.append(_text(words, middle, -11, fontWeight=600))
            free = middle + room
    return layers


def _change(bracket: Bracket, holds_above: bool, whole: bool) -> str:
    """The last or first value at which it holds; of whole numbers both neighbours."""
    if whole:
        return f"{plain(bracket[0])} | {plain(bracket[1])}"
    return plain(bracket[1] if holds_above else bracket[0])


def _curve(found: Threshold, scale: _Scale, case: ResolvedCase | None) -> dict[str, Any] | None:
    """The least margin of all parties, as a part of its party's scale; named after whose it is."""
    points = [p for p in found.points if p.margin is not None]
    if found.question == "any" or len(points) < 2:
        return None
    margins = [p.margin or 0.0 for p in points]
    top, bottom = max(0.0, *margins), min(0.0, *margins)
    room = (top - bottom) or 1.0
    domain = [bottom - 0.12 * room, top + 0.16 * room]
    y = {"y": quantity("y", domain)}
    levels = [{"y": v, "text": percent(v)} for v in nice_levels(bottom, top, 4)]
    grid = {"type": "rule", "color": FAINT, "x": 0, "x2": WIDTH}
    names = {"type": "text", "align": "right", "baseline": "middle", "fontSize": 9.5, "color": MUTED, "x": -6}
    layers = [
        *_grid(scale, CURVE),
        layer(grid, levels, **y),
        layer(names, levels, **y, text={"field": "text"}),
        layer({"type": "rule", "color": INK, "strokeWidth": 1.2, "x": 0, "x2": WIDTH}, [{"y": 0}], **y),
        *_pieces(points, scale, y["y"], case),
    ]
    title = {"text": "Least margin, as a part of its party's scale", "anchor": "start", "offset": 6, "frame": "group"}
    return {"width": WIDTH, "height": CURVE, "title": title, "layer": layers}


def _pieces(points: Sequence[Point], scale: _Scale, y: Any, case: ResolvedCase | None) -> Iterator[Layer]:
    """The curve in pieces, each in the look of the party that is weakest there, with its name where there is room."""
    named = (lambda p: p) if case is None else case.title
    look = colours(list(case.parties)) if case is not None else {}
    domain = list(scale.domain)
    runs = [(party, list(run)) for party, run in groupby(points, _whose)]
    free = 0.0
    for n, (party, run) in enumerate(runs):
        joined = [*run, runs[n + 1][1][0]] if n + 1 < len(runs) else run
        values = [{"x": float(p.at[0]), "y": p.margin or 0.0} for p in joined]
        colour = look.get(party, INK)
        yield layer({"type": "line", "color": colour, "strokeWidth": 1.8}, values, x=quantity("x", domain), y=y)
        if scale.axis.whole:
            yield layer({"type": "point", "size": 16, "fill": colour, "stroke": colour, "opacity": 1},
                        values[: len(run)], x=quantity("x", domain), y=y)  # fmt: skip
        words = wrap(named(party), 150)[0]
        room = width(words, 10) / 2 + 4
        middle = _beside(scale, min(max(scale.at((values[0]["x"] + values[-1]["x"]) / 2), room), WIDTH - room), room)
        if free <= middle - room and middle + room <= WIDTH:
            yield _text(words, middle, CURVE - 8, color=colour, fontWeight=600)
            free = middle + room


def _beside(scale: _Scale, middle: float, room: float) -> float:
    """The place of words, moved so that the line of the case's value does not run through them."""
    if scale.axis.stated is None:
        return middle
    line = scale.at(float(scale.axis.stated))
    return line + room if abs(middle - line) < room else middle


def _whose(p: Point) -> str:
    return min((w for w in p.weakest if w.relative is not None), key=lambda w: w.relative or 0.0).party


def _grid(scale: _Scale, height: float) -> list[Layer]:
    return [_rule(scale.at(v), scale.at(v), 0, height, color=FAINT) for v in scale.levels]


def _foot(scale: _Scale, height: float) -> list[Layer]:
    """The values below, what the case says of them, and what they are."""
    layers = [_text(plain(v), scale.at(v), height + 11, fontSize=9.5, color=MUTED) for v in scale.levels]
    y = height + 26
    said = [*_said(scale, height)]
    layers += said
    for n, words in enumerate(scale.title()):
        layers.append(_text(words, 0, y + (14 if said else 0) + 13 * n, align="left", fontWeight=600))
    return layers


def _said(scale: _Scale, height: float) -> Iterator[Layer]:
    """The value in the case as a dashed line, its range as a bar."""
    axis = scale.axis
    if axis.stated is None:
        return
    inside = axis.low <= axis.stated <= axis.high
    words = f"in the case: {plain(axis.stated)}"
    if axis.stated_range is not None:
        low, high = (min(max(x, axis.low), axis.high) for x in axis.stated_range)
        words += f", from {plain(axis.stated_range[0])} to {plain(axis.stated_range[1])}"
        if (low, high) != (axis.low, axis.high):
            yield _rule(scale.at(float(low)), scale.at(float(high)), height + 1, height + 1, color=INK, strokeWidth=2.5)
    place = scale.at(float(axis.stated)) if inside else (0.0 if axis.stated < axis.low else WIDTH)
    room = width(words, 9.5) / 2
    if inside:
        yield _rule(place, place, 0, height + 4, color=INK, strokeDash=[3, 3])
    yield _text(words, min(max(place, room), WIDTH - room), height + 25, fontSize=9.5)


# ------------------------------------------------------------------ two numbers


def _map(found: Threshold) -> dict[str, Any]:
    x, y = _Scale(found.axes[0], WIDTH * 0.8), _Scale(found.axes[1], SIDE)
    ground = _Ground(found, (x, y))
    layers = [*ground.fill(), *ground.frontier(), *_sides(x, y), *_case_point(x, y)]
    states: list[State] = [s for s in _FILL if s in found.tally() or (s == "unknown" and found.left_out)]
    signs = [(_WORDS[found.question][s], [bar(5, fill=_FILL[s], stroke=MUTED, strokeWidth=0.4)]) for s in states]
    signs.append(("frontier between holding and failing", [stroke(color=INK, strokeWidth=1.8)]))
    foot = SIDE + 34 + 13 * len(x.title())
    return chart(width=x.length, height=SIDE, layer=[*layers, *legend(signs, 0, x.length, foot)])


class _Ground:
    """The map in strips along one number, divided where the state changes; from strip to strip changes are joined by
    straight lines, unless the other number is a whole one."""

    def __init__(self, found: Threshold, scales: tuple[_Scale, _Scale]) -> None:
        self.scales = scales
        self.along = 1 if scales[0].axis.whole and not scales[1].axis.whole else 0
        self.across = scales[1 - self.along]
        self.sides = [float(v) for v in found.grid[1 - self.along]]
        self.strips = [self._runs(found, v) for v in found.grid[1 - self.along]]
        self.steps = [_between((c.below, c.above)) for c in found.crossings() if c.axis != self.along]

    def _runs(self, found: Threshold, beside: Any) -> list[tuple[State, float, float]]:
        """State and ends of every run of a strip, in values."""
        runs = [(state, list(run)) for state, run in groupby(found.along(self.along, beside), lambda x: x[1])]
        low, high = self.scales[self.along].domain
        cuts = [_between((a[1][-1][0], b[1][0][0])) for a, b in pairwise(runs)]
        ends = [low, *cuts, high]
        return [(state, left, right) for (state, _), left, right in zip(runs, ends[:-1], ends[1:], strict=True)]

    def fill(self) -> Iterator[Layer]:
        """The states as areas."""
        for bottom, top, below, above in self._bands():
            for (state, left, right), (_, left2, right2) in zip(below, above, strict=True):
                corners = [(left, bottom), (right, bottom), (right2, top), (left2, top)]
                yield self._area([self._place(*c) for c in corners], _FILL[state])

    def _bands(self) -> Iterator[tuple[float, float, Any, Any]]:
        """Between which values of the other number a strip, or what joins two, lies, with the runs on both sides."""
        low, high = self.across.domain
        middles = [(a + b) / 2 for a, b in pairwise(self.sides)]
        if self.across.axis.whole:
            edges = [low, *middles, high]
            yield from ((a, b, s, s) for a, b, s in zip(edges[:-1], edges[1:], self.strips, strict=True))
            return
        for n, middle in enumerate(middles):
            bottom, top, below, above = self.sides[n], self.sides[n + 1], self.strips[n], self.strips[n + 1]
            if [state for state, *_ in below] == [state for state, *_ in above]:
                yield bottom, top, below, above
            else:
                steps = [v for v in self.steps if bottom < v < top]
                cut = sum(steps) / len(steps) if steps else middle
                yield from ((bottom, cut, below, below), (cut, top, above, above))

    def _place(self, along: float, across: float) -> tuple[float, float]:
        """Pixels from the left and from the top."""
        x, y = (along, across) if self.along == 0 else (across, along)
        return self.scales[0].at(x), SIDE - self.scales[1].at(y)

    def _area(self, corners: Sequence[tuple[float, float]], colour: str) -> Layer:
        """A quadrangle two sides of which are parallel to an axis of the picture."""
        (x1, y1), (x2, y2), (x3, y3), (x4, y4) = corners
        if self.along == 0:
            values, orient = [{"a": y1, "b": x1, "c": x2}, {"a": y4, "b": x4, "c": x3}], "horizontal"
            place = {"y": _pixels("a", SIDE), "x": _pixels("b", WIDTH * 0.8), "x2": {"field": "c"}}
        else:
            values, orient = [{"a": x1, "b": y1, "c": y2}, {"a": x4, "b": y4, "c": y3}], "vertical"
            place = {"x": _pixels("a", WIDTH * 0.8), "y": _pixels("b", SIDE), "y2": {"field": "c"}}
        # a hair of its own colour closes the seam to the next area
        look = {"type": "area", "orient": orient, "color": colour, "stroke": colour, "strokeWidth": 0.6}
        return layer(look, values, **place)

    def frontier(self) -> Iterator[Layer]:
        """Lines between what holds and what fails."""
        last: list[tuple[float, float]] | None = None
        for bottom, top, below, above in self._bands():
            for (a, b), (c, _) in pairwise(zip(below, above, strict=True)):
                if _parts(a[0], c[0]):
                    yield self._segment((a[2], bottom), (b[2], top))
            held = _held(below)
            for left, right in _difference(last, held) if last is not None else ():
                if not self._unknown(left, right, bottom):
                    yield self._segment((left, bottom), (right, bottom))
            last = _held(above)

    def _segment(self, a: tuple[float, float], b: tuple[float, float]) -> Layer:
        (x, y), (x2, y2) = self._place(*a), self._place(*b)
        return _rule(x, x2, y, y2, color=INK, strokeWidth=1.8)

    def _unknown(self, left: float, right: float, across: float) -> bool:
        """Whether a stretch borders on something that is not known."""
        near = sorted(range(len(self.sides)), key=lambda n: abs(self.sides[n] - across))[:2]
        runs = (run for n in near for run in self.strips[n])
        return any(state == "unknown" and low < right and left < high for state, low, high in runs)


def _pixels(field: str, length: float) -> dict[str, Any]:
    """A channel in pixels from the left, or from the top."""
    down = {"reverse": True} if field == "y" else {}
    scale = {"domain": [0, length], "range": [0, length], "nice": False, "zero": False, **down}
    return {"field": field, "type": "quantitative", "axis": None, "scale": scale}


def _parts(a: State, b: State) -> bool:
    """Whether the frontier runs between two states."""
    return "unknown" not in (a, b) and (a in HOLDING) != (b in HOLDING)


def _held(runs: Sequence[tuple[State, float, float]]) -> list[tuple[float, float]]:
    """Where it holds, neighbouring stretches in one."""
    held: list[tuple[float, float]] = []
    for state, low, high in runs:
        if state in HOLDING and held and held[-1][1] == low:
            held[-1] = held[-1][0], high
        elif state in HOLDING:
            held.append((low, high))
    return held


def _difference(a: Sequence[tuple[float, float]], b: Sequence[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """The stretches that lie in one but not in the other."""
    cuts = sorted({x for low_high in (*a, *b) for x in low_high})
    for left, right in pairwise(cuts):
        middle = (left + right) / 2
        if any(x < middle < y for x, y in a) != any(x < middle < y for x, y in b):
            yield left, right


def _sides(x: _Scale, y: _Scale) -> list[Layer]:
    layers = [_text(plain(v), x.at(v), SIDE + 11, fontSize=9.5, color=MUTED) for v in x.levels]
    layers += [_text(plain(v), -6, SIDE - y.at(v), fontSize=9.5, color=MUTED, align="right") for v in y.levels]
    layers += [_text(words, 0, SIDE + 28 + 13 * n, align="left", fontWeight=600) for n, words in enumerate(x.title())]
    above = y.title()
    layers += [
        _text(words, 0, -10 - 13 * (len(above) - 1 - n), align="left", fontWeight=600) for n, words in enumerate(above)
    ]
    frame = {"type": "rect", "x": 0, "x2": x.length, "y": 0, "y2": SIDE, "fill": None, "stroke": MUTED}
    return [*layers, layer(frame, [{"_": 0}])]


def _case_point(x: _Scale, y: _Scale) -> list[Layer]:
    """Where the case itself lies."""
    stated = x.axis.stated, y.axis.stated
    if stated[0] is None or stated[1] is None:
        return []
    if not (x.axis.low <= stated[0] <= x.axis.high and y.axis.low <= stated[1] <= y.axis.high):
        return []
    left, down = x.at(float(stated[0])), SIDE - y.at(float(stated[1]))
    look = {"type": "point", "shape": "cross", "size": 90, "fill": INK, "stroke": "white", "opacity": 1}
    room = width("the case", 10)
    start = left + 9 if left < x.length * 0.7 else left - 9 - room
    ground = {"type": "rect", "color": "white", "opacity": 0.85, "y": down - 16, "y2": down - 2}
    return [
        layer({**look, "x": left, "y": down}, [{"_": 0}]),
        layer({**ground, "x": start - 2, "x2": start + room + 2}, [{"_": 0}]),
        _text("the case", start, down - 9, fontWeight=600, align="left"),
    ]


# ------------------------------------------------------------------ marks


def _text(words: str, x: float, y: float, **look: Any) -> Layer:
    mark = {"type": "text", "baseline": "middle", "align": "center", "fontSize": 10, "x": x, "y": y, **look}
    return layer(mark, [{"text": words}], text={"field": "text"})


def _rule(x: float, x2: float, y: float, y2: float, **look: Any) -> Layer:
    place = {"x": {"value": x}, "x2": {"value": x2}, "y": {"value": y}, "y2": {"value": y2}}
    return layer({"type": "rule", "color": MUTED, **look}, [{"_": 0}], **place)
