"""When each of two texts wants each measure: a mark for each side on a line of time, joined where they clash."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from detente.case.resolved import ResolvedCase
from detente.report.calendar import Calendar
from detente.report.charts.legend import Sign, legend, point, stroke
from detente.report.charts.theme import ACCENT, FAINT, INK, MUTED, SHADE, chart, colours, layer, quantity, wrap
from detente.report.gap_text import apart, ruled_out_of, shown, side_name
from detente.report.numbers import percent
from detente.report.text import Names
from detente.results.gap import Ask, Gap, SubjectGap

LABEL_WIDTH, PLOT_WIDTH, NOTE_WIDTH = 270.0, 350.0, 120.0
LINE, ROW, LABEL_SIZE = 12.0, 21.0, 10.0
OFFSET = 3.6
"""Pixels by which the first side's marks lie above the middle of a row, and the second's below."""

Layer = dict[str, Any]
SHAPES = {"by": "triangle-left", "from": "triangle-right", "never": "cross", "soonest": "stroke"}
WORDS = {"by": "by then", "from": "not before then", "never": "never", "soonest": "as its text allows at the soonest"}


@dataclass(frozen=True)
class _Mark:
    side: int
    x: float
    kind: str
    strength: str = "must"
    text: str = ""


@dataclass(frozen=True)
class _Row:
    gap: SubjectGap
    lines: tuple[str, ...]
    y: float
    height: float
    marks: tuple[_Mark, ...]
    join: tuple[float, float] | None
    """From where to where a line shows that the sides are apart."""
    clash: bool


def gap(answer: Gap, case: ResolvedCase) -> dict[str, Any]:
    """A row for each measure and group of which a side says when it wants it, in the order of the table."""
    return _Chart(answer, case).spec()


class _Chart:
    def __init__(self, answer: Gap, case: ResolvedCase) -> None:
        self.answer, self.case, self.names = answer, case, Names(case)
        self.calendar = Calendar.of(case)
        self.never = case.periods + max(1.0, case.periods / 16)
        """Where what never comes is shown."""
        self.rows: list[_Row] = []
        y = 0.0
        for one in shown(answer):
            lines = tuple(wrap(case.title(one.subject), LABEL_WIDTH - 12, LABEL_SIZE))
            height = ROW + LINE * (len(lines) - 1)
            marks = tuple(self._marks_of(one))
            beyond = self._beyond(one)
            clash = one.relation in ("presence", "apart") or beyond is not None
            join = beyond or self._between(marks)
            self.rows.append(_Row(one, lines, y + height / 2, height, marks, join, clash))
            y += height
        self.height = max(y, ROW)
        look = colours(list(case.parties))
        first, second = (look.get(s.party, INK) for s in answer.sides)
        self.colours = (first, second if second != first else MUTED)

    def _marks_of(self, one: SubjectGap) -> Iterator[_Mark]:
        T = self.case.periods
        for n, wish in enumerate(one.wishes):
            if wish is not None:
                first, last = wish.window
                if first >= T:
                    yield _Mark(n, self.never, "never", wish.strength)
                else:
                    yield _Mark(n, *((last, "by") if last < T else (first, "from")), wish.strength)
        for n, own in enumerate(one.asks if one.members else ()):
            yield from (self._share(n, a) for a in own if a.share is not None and not a.through)
        beyond, reach = ruled_out_of(self.answer, one), self._beyond(one)
        if beyond is not None and reach is not None:
            yield _Mark(1 - beyond.side, reach[1], "soonest")

    def _beyond(self, one: SubjectGap) -> tuple[float, float] | None:
        """From the date that a side asks for to when the other's text allows it at the soonest."""
        beyond = ruled_out_of(self.answer, one)
        if beyond is None or beyond.soonest is None or one.relation in ("presence", "apart"):
            return None
        asked = next(a.time for own in one.asks for a in own if a.clause == beyond.clause and not a.through)
        return float(asked or 0), self.never if beyond.soonest >= self.case.periods else float(beyond.soonest)

    def _between(self, marks: Sequence[_Mark]) -> tuple[float, float] | None:
        xs = [m.x for m in marks]
        both = len({m.side for m in marks}) == 2
        return (min(xs), max(xs)) if both and min(xs) < max(xs) else None

    def _share(self, n: int, a: Ask) -> _Mark:
        least = a.form == "at least"
        time = float(a.time or 0)
        some = percent(a.share) if a.share not in (0.0, 1.0) else "all" if a.share else "none"
        text = some if least or not a.share else f"at most {some}"
        return _Mark(n, time if least else time + 1, "by" if least else "from", a.strength, text)

    def spec(self) -> dict[str, Any]:
        """The drawing."""
        layers = [*self._ground(), *self._joins(), *self._marks(), *self._words()]
        signs = legend(self._signs(), -LABEL_WIDTH + 6, PLOT_WIDTH + NOTE_WIDTH, self.height + 20)
        return chart(width=PLOT_WIDTH, height=self.height, layer=[x for x in layers if x["data"]["values"]] + signs)

    # ---------------------------------------------------------------- scales

    def _x(self, field: str = "x") -> dict[str, Any]:
        return quantity(field, [-0.8, self.never + 0.8])

    def _y(self, field: str = "y") -> dict[str, Any]:
        found = quantity(field, [0, self.height])
        return {**found, "scale": {**found["scale"], "reverse": True}}

    # ---------------------------------------------------------------- layers

    def _ground(self) -> list[Layer]:
        ticks = [t for t in self.calendar.ticks(8) if t < self.never - self.case.periods / 9]
        dates = [{"x": t, "text": self.calendar.tick_label(t)} for t in ticks] + [{"x": self.never, "text": "never"}]
        bands = [{"y": r.y - r.height / 2, "y2": r.y + r.height / 2} for r in self.rows[1::2]]
        word = {"type": "text", "align": "center", "fontSize": 10, "color": MUTED}
        return [
            layer({"type": "rect", "color": SHADE, "opacity": 0.55, "x": -LABEL_WIDTH, "x2": PLOT_WIDTH + NOTE_WIDTH},
                  bands, y=self._y(), y2={"field": "y2"}),
            layer({"type": "rule", "color": FAINT, "y": -3, "y2": self.height}, dates, x=self._x()),
            layer({**word, "baseline": "bottom", "y": -6}, dates, x=self._x(), text={"field": "text"}),
        ]  # fmt: skip

    def _joins(self) -> list[Layer]:
        """A line from mark to mark where no date suits both, and a thin one where one would."""
        hard: list[dict[str, float]] = []
        soft: list[dict[str, float]] = []
        for r in self.rows:
            if r.join is not None:
                (hard if r.clash else soft).append({"x": r.join[0], "x2": r.join[1], "y": r.y})
        ends = {"x": self._x(), "x2": {"field": "x2"}, "y": self._y()}
        return [
            layer({"type": "rule", "color": ACCENT, "strokeWidth": 2.4}, hard, **ends),
            layer({"type": "rule", "color": MUTED, "strokeWidth": 1, "strokeDash": [2, 2]}, soft, **ends),
        ]

    def _marks(self) -> list[Layer]:
        found = [
            ((m.side, m.kind, m.strength), {"x": m.x, "y": r.y + (OFFSET if m.side else -OFFSET)})
            for r in self.rows for m in r.marks
        ]  # fmt: skip
        return [
            layer({"type": "point", "opacity": 1, **self._look(*key)}, [v for k, v in found if k == key],
                  x=self._x(), y=self._y())
            for key in dict.fromkeys(k for k, _ in found)
        ]  # fmt: skip

    def _look(self, side: int, kind: str, strength: str) -> dict[str, Any]:
        """The first side is filled, the second hollow; wishes are smaller."""
        colour = self.colours[side]
        if kind == "soonest":
            return {"shape": "stroke", "stroke": colour, "strokeWidth": 2.4, "size": 130, "angle": 90}
        fill = colour if side == 0 else "white"
        size = 78 if strength == "must" else 34
        return {"shape": SHAPES[kind], "fill": fill, "stroke": colour, "strokeWidth": 1.6, "size": size}

    def _words(self) -> list[Layer]:
        labels = [{"y": r.y - (len(r.lines) - 1) * LINE / 2, "text": "\n".join(r.lines)} for r in self.rows]
        notes = [
            {"y": r.y, "text": apart(self.answer, r.gap, self.names).rstrip("*")}
            for r in self.rows if r.clash or r.gap.relation not in ("one-sided", "order")
        ]  # fmt: skip
        shares = [{"x": m.x, "y": r.y, "text": m.text} for r in self.rows for m in r.marks if m.text]
        left = {"type": "text", "align": "left", "baseline": "middle", "fontSize": 9.5, "color": INK}
        text, y = {"field": "text"}, self._y()
        return [
            layer({**left, "fontSize": LABEL_SIZE, "lineHeight": LINE, "x": -LABEL_WIDTH + 6}, labels, y=y, text=text),
            layer({**left, "x": PLOT_WIDTH + 6}, notes, y=y, text=text),
            *(
                layer({**left, **look, "align": "right", "dx": -9}, shares, x=self._x(), y=y, text=text)
                for look in ({"stroke": "white", "strokeWidth": 4}, {})
            ),
        ]

    def _signs(self) -> Sequence[Sign]:
        """What each mark means; only what occurs."""
        marks = [m for r in self.rows for m in r.marks]
        signs: list[Sign] = [
            (side_name(self.answer, n, self.names), [point(12, **self._look(n, "by", "must") | {"shape": "circle"})])
            for n in (0, 1)
        ]
        grey = {"fill": MUTED, "stroke": MUTED, "strokeWidth": 1.2}
        for kind, told in WORDS.items():
            if any(m.kind == kind for m in marks):
                turned = {"angle": 90, "strokeWidth": 2.4, "size": 110} if kind == "soonest" else {"size": 60}
                signs.append((told, [point(12, shape=SHAPES[kind], **grey | turned)]))
        if any(m.strength == "want" for m in marks):
            signs.append(("smaller: a wish", [point(12, shape="circle", size=30, **grey)]))
        if any(r.clash for r in self.rows):
            signs.append(("no date suits both", [stroke(color=ACCENT, strokeWidth=2.4)]))
        if any(r.gap.relation == "differ" for r in self.rows):
            signs.append(("a date suits both", [stroke(color=MUTED, strokeWidth=1, strokeDash=[2, 2])]))
        return signs
