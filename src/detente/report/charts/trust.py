"""Exposure and the trust needed, two panels for each party."""

from __future__ import annotations

from typing import Any

from detente.case.resolved import ResolvedCase
from detente.report.charts.panels import Layer, Panel, nice_levels
from detente.report.charts.theme import ACCENT, INK, chart, colours, layer, wrap
from detente.report.numbers import number, percent
from detente.results.audit import Audit

WIDTH, HEIGHT = 300.0, 84.0


def trust(case: ResolvedCase, audit: Audit) -> dict[str, Any]:
    """For each party what going on costs it if another leaves, and how likely the others must be to go on."""
    parties = [p for p in case.parties if p not in audit.bystanders]
    look = colours(list(case.parties))
    rows = [
        {"hconcat": [_exposure(case, audit, p, look[p]), _needed(case, audit, p, look[p])], "spacing": 60}
        for p in parties
    ]
    return chart(vconcat=rows, spacing=24)


def _exposure(case: ResolvedCase, audit: Audit, party: str, colour: str) -> dict[str, Any]:
    series = audit.exposure[party]
    top = max(series)
    panel = Panel(case, WIDTH, HEIGHT, 0.0, 1.22 * top or 1.0, ticks=6)
    area = layer(
        {"type": "area", "color": colour, "opacity": 0.3, "line": {"color": colour, "strokeWidth": 1.6}},
        [{"x": t, "y": v} for t, v in enumerate(series)],
        x=panel.x(),
        y=panel.y(),
    )
    layers = [
        *panel.ground(nice_levels(0.0, top, 3) if top > 0 else [0.0]),
        area,
        panel.zero(),
        *_peak(panel, series, number(top) if top > 0 else "never exposed"),
    ]
    return panel.spec(layers, "\n".join(wrap(f"{case.title(party)}: exposure", WIDTH, 11)))


def _needed(case: ResolvedCase, audit: Audit, party: str, colour: str) -> dict[str, Any]:
    series = audit.trust_needed[party]
    panel = Panel(case, WIDTH, HEIGHT, 0.0, 1.22, ticks=6)
    levels = [0.0, 0.5, 1.0]
    names = [{"y": v, "text": percent(v)} for v in levels]
    ground = panel.ground([])
    ground.append(layer({"type": "rule", "color": "#d9d9d9", "x": 0, "x2": WIDTH}, names, y=panel.y()))
    ground.append(
        layer(
            {"type": "text", "align": "right", "baseline": "middle", "fontSize": 9.5, "color": "#5c5c5c", "x": -6},
            names,
            y=panel.y(),
            text={"field": "text"},
        )
    )
    text = percent(max(series)) if max(series) > 0 else "none needed"
    layers = [*ground, panel.steps(series, colour), panel.zero(), *_peak(panel, series, text)]
    return panel.spec(layers, "\n".join(wrap(f"{case.title(party)}: trust needed", WIDTH, 11)))


def _peak(panel: Panel, series: tuple[float, ...], text: str) -> list[Layer]:
    t = max(range(len(series)), key=lambda s: series[s])
    if series[t] <= 0:
        return [panel.note(0, panel.high / 2, text, INK)]
    when = panel.calendar.label(t)
    return [
        layer(
            {"type": "point", "size": 60, "stroke": ACCENT, "strokeWidth": 1.6, "filled": False, "opacity": 1},
            [{"x": t, "y": series[t]}],
            x=panel.x(),
            y=panel.y(),
        ),
        panel.note(t, series[t], f"most: {text}, {when}", ACCENT, baseline="bottom", dy=-6),
    ]
