"""Trust needed against trust earned in many worlds: a panel for each party that needs any."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from detente.case.resolved import ResolvedCase
from detente.report.charts.legend import Sign, bar, legend, stroke
from detente.report.charts.panels import Layer, Panel
from detente.report.charts.theme import INK, MUTED, chart, colours, layer, width, wrap
from detente.report.numbers import percent
from detente.report.words import the
from detente.report.worlds_words import needs_little, stays
from detente.results.worlds import Trust, Worlds

WIDTH, HEIGHT = 600.0, 120.0
HIGH = 1.24
"""Upper end of a panel: above 1 there is room for words."""
WORDS_AT = 1.13
SHADE = "#c9c9c9"
BAND = (0, 1, 2, 3, 4)
"""Places of 5, 25, 50, 75 and 95 % among the quantiles."""


def trust_worlds(found: Worlds, case: ResolvedCase) -> dict[str, Any]:
    """The least trust at which each party goes on, as a band over the worlds, and what conduct earns the others."""
    shown = [x for x in found.trust if not needs_little(x)]
    look = colours(list(case.parties))
    panels = [_panel(x, case, look[x.party]) for x in shown]
    if not panels:
        note = {"type": "text", "align": "left", "x": 0, "y": 10}
        words = [{"text": "Nobody needs more than a little trust at any time."}]
        return chart(width=WIDTH, height=20, layer=[layer(note, words, text={"field": "text"})])
    panels[-1]["layer"] += legend(_signs(), 0.0, WIDTH, HEIGHT + 34)
    return chart(vconcat=panels, spacing=26)


def _signs() -> list[Sign]:
    return [
        ("trust needed: middle of all worlds", [stroke(color=INK, strokeWidth=1.8)]),
        ("half of them", [bar(5, color=INK, opacity=0.4)]),
        ("90 % of them", [bar(5, color=INK, opacity=0.15)]),
        ("trust earned", [stroke(color=INK, strokeWidth=2.2, strokeDash=[5, 3])]),
        ("not credible in most worlds", [bar(5, fill=SHADE, stroke=MUTED, strokeWidth=0.4)]),
    ]


def _panel(x: Trust, case: ResolvedCase, colour: str) -> dict[str, Any]:
    panel = Panel(case, WIDTH, HEIGHT, 0.0, HIGH)
    low, quarter, middle, three, high = (x.needed[n] for n in BAND)
    layers = [
        *_shade(x, panel),
        *panel.ground([0.0, 0.5, 1.0]),
        _band(panel, low, high, colour, 0.18),
        _band(panel, quarter, three, colour, 0.4),
        _steps(panel, middle, colour, 1.8),
        _steps(panel, x.earned, INK, 2.2, (5, 3)),
        panel.zero(),
        *_words(x, panel),
    ]
    return panel.spec(layers, "\n".join(wrap(_title(x, case), WIDTH, 11)))


def _title(x: Trust, case: ResolvedCase) -> str:
    whose = {w for w in x.whose if w is not None}
    by = (
        f"earned by {the(case.title(next(iter(whose))))}"
        if len(whose) == 1
        else "earned by whom conduct tells least of"
    )
    return f"{case.title(x.party)}: trust needed, and {by if whose else 'earned'}"


def _runs(x: Trust) -> Iterator[tuple[int, int]]:
    """First and last period of each stretch that is not credible in most worlds."""
    for short, run in groupby(range(len(x.credible)), lambda t: stays(x, t) < 0.5):
        periods = list(run)
        if short:
            yield periods[0], periods[-1]


def _shade(x: Trust, panel: Panel) -> list[Layer]:
    look = {"type": "rect", "color": SHADE, "y": 0, "y2": HEIGHT * (HIGH - 1.02) / HIGH}
    return [
        layer({**look, "x": max(panel.across(a - 0.5), 0.0), "x2": min(panel.across(b + 0.5), WIDTH)}, [{"_": 0}])
        for a, b in _runs(x)
    ]


def _words(x: Trust, panel: Panel) -> Iterator[Layer]:
    """In each shaded stretch in how many worlds it is credible at the least, where there is room."""
    free = 0.0
    for a, b in _runs(x):
        text = f"credible in as few as {percent(min(stays(x, t) for t in range(a, b + 1)))} of worlds"
        room = width(text, 10)
        left = min(max(panel.across(a - 0.5) + 4, free), WIDTH - room)
        if left < free or left > panel.across(b + 0.5):
            continue
        look = {"type": "text", "align": "left", "baseline": "middle", "fontSize": 10, "color": INK, "x": left}
        yield layer(look, [{"y": WORDS_AT, "text": text}], y=panel.y(), text={"field": "text"})
        free = left + room + 8


def _band(panel: Panel, low: Any, high: Any, colour: str, opacity: float) -> Layer:
    values = [{"x": t, "y": a, "y2": b} for t, (a, b) in enumerate(zip(low, high, strict=True))]
    look = {"type": "area", "interpolate": "step", "color": colour, "opacity": opacity}
    return layer(look, values, x=panel.x(), y=panel.y(), y2={"field": "y2"})


def _steps(panel: Panel, series: Any, colour: str, thick: float, dash: tuple[int, ...] = ()) -> Layer:
    look = {
        "type": "line", "interpolate": "step", "color": colour, "strokeWidth": thick, "strokeDash": list(dash),
    }  # fmt: skip
    return layer(look, [{"x": t, "y": v} for t, v in enumerate(series)], x=panel.x(), y=panel.y())
