"""Margins over time: by how much staying beats the best way of leaving, a panel for each party."""

from __future__ import annotations

from typing import Any

from detente.case.resolved import ResolvedCase
from detente.report.charts.panels import Layer, Panel, nice_levels
from detente.report.charts.theme import ACCENT, INK, MUTED, chart, colours, layer, width, wrap
from detente.report.numbers import signed
from detente.results.audit import Audit

WIDTH, HEIGHT = 640.0, 104.0


def margins(case: ResolvedCase, audit: Audit) -> dict[str, Any]:
    """Every party that can leave, with its weakest moment; below the zero line leaving pays."""
    parties = [p for p in case.parties if p not in audit.bystanders]
    look = colours(list(case.parties))
    return chart(vconcat=[_panel(case, audit, p, look[p]) for p in parties], spacing=26)


def weakest(audit: Audit, party: str) -> int | None:
    """The period of a party's smallest margin, over those in which leaving would change anything; None if in none."""
    vacuous = audit.vacuous.get(party, ())
    counted = [t for t in range(len(audit.margin[party])) if not (t < len(vacuous) and vacuous[t])]
    return min(counted, key=lambda t: audit.margin[party][t], default=None)


def _panel(case: ResolvedCase, audit: Audit, party: str, colour: str) -> dict[str, Any]:
    series = audit.margin[party]
    top, bottom = max(0.0, *series), min(0.0, *series)
    room = (top - bottom) or 1.0
    low, high = bottom - 0.24 * room, top + 0.14 * room
    panel = Panel(case, WIDTH, HEIGHT, low, high)
    vacuous = audit.vacuous.get(party, ())
    idle = [(t, v) for t, v in enumerate(series) if t < len(vacuous) and vacuous[t]]
    busy = [(t, v) for t, v in enumerate(series) if not (t < len(vacuous) and vacuous[t])]
    layers = [
        *_tempting(panel, low),
        *panel.ground([v for v in nice_levels(low, high) if v >= bottom]),
        panel.zero(),
        panel.line(series, colour),
        panel.points(busy, colour),
        panel.points(idle, colour, hollow=True),
        *_weakest(panel, case, audit, party),
    ]
    return panel.spec(layers, "\n".join(wrap(case.title(party), WIDTH, 11)))


def _tempting(panel: Panel, low: float) -> list[Layer]:
    shade = layer(
        {"type": "rect", "color": "#e4dede", "x": 0, "x2": WIDTH},
        [{"y": low, "y2": 0.0}],
        y=panel.y(),
        y2={"field": "y2"},
    )
    words = layer(
        {
            "type": "text",
            "align": "right",
            "baseline": "bottom",
            "fontSize": 9.5,
            "color": MUTED,
            "x": WIDTH - 4,
            "dy": -2,
        },
        [{"y": low, "text": "below the line leaving pays"}],
        y=panel.y(),
        text={"field": "text"},
    )
    return [shade, words]


def _weakest(panel: Panel, case: ResolvedCase, audit: Audit, party: str) -> list[Layer]:
    t = weakest(audit, party)
    if t is None:
        middle = (panel.low + panel.high) / 2
        return [panel.note(0, middle, "nothing to gain or lose by leaving", INK)]
    value = audit.margin[party][t]
    text = f"weakest: {panel.calendar.label(t)}, {signed(value)}"
    above = value < (panel.low + panel.high) / 2 or t > case.periods * 0.9
    room = width(text, 10)
    left = max(0.0, min(panel.across(t), WIDTH - room))
    middle = panel.down(value) + (-16 if above else 16)
    ring = {"type": "point", "size": 90, "stroke": ACCENT, "strokeWidth": 1.8, "filled": False, "opacity": 1}
    ground = {"type": "rect", "color": "white", "x": left - 2, "x2": left + room, "y": middle - 7, "y2": middle + 7}
    words = {"type": "text", "baseline": "middle", "align": "left", "fontWeight": 600, "fontSize": 10, "color": ACCENT}
    one = [{"text": text}]
    return [
        layer({**ground, "opacity": 0.8}, one),
        layer({**words, "x": left, "y": middle}, one, text={"field": "text"}),
        layer(ring, [{"x": t, "y": value}], x=panel.x(), y=panel.y()),
    ]
