"""How long a road map lasts in many worlds, and who is the first to leave it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from detente.case.resolved import ResolvedCase
from detente.report.charts.panels import Layer, Panel
from detente.report.charts.theme import INK, chart, colours, layer, width
from detente.report.numbers import percent
from detente.results.worlds import Worlds

WIDTH, HEIGHT = 600.0, 190.0
FILL = "#f2f2f2"


def survival(found: Worlds, case: ResolvedCase) -> dict[str, Any]:
    """Worlds in which all go on, from below; above them who was the first to leave, party by party."""
    panel = Panel(case, WIDTH, HEIGHT, 0.0, 1.0)
    look = colours(list(case.parties))
    names = [{"y": v, "text": percent(v)} for v in (0.0, 0.25, 0.5, 0.75, 1.0)]
    marks = {"type": "text", "align": "right", "baseline": "middle", "fontSize": 9.5, "color": "#5c5c5c", "x": -6}
    layers = [panel.band([0.0] * len(found.survival), found.survival, FILL, 1.0)]
    below: Sequence[float] = found.survival
    told = [f"all go on for ever: {percent(found.survival[-1])}"]
    labels = [_label(panel, [0.0] * len(below), below, told[0], INK)]
    for party, gone in left_first(found).items():
        above = [a + b for a, b in zip(below, gone, strict=True)]
        layers.append(panel.band(below, above, look[party], 0.55))
        told.append(f"{case.title(party)} leaves first: {percent(gone[-1])}")
        labels.append(_label(panel, below, above, told[-1], INK))
        below = above
    layers += [
        panel.steps(found.survival, INK),
        *panel.ground([]),
        layer(marks, names, y=panel.y(), text={"field": "text"}),
        *(x for x in labels if x is not None),
    ]
    thin = [x for x, label in zip(told, labels, strict=True) if label is None]
    title = "Share of worlds in which all have gone on so far, and who has left first"
    return chart(**panel.spec(layers, "\n".join([title, *(["Too thin to name: " + "; ".join(thin)] if thin else [])])))


def left_first(found: Worlds) -> dict[str, list[float]]:
    """Of each party the share of worlds in which it has left first by the end of each period, the largest last.

    Where several leave at the same time the world is shared out among them.
    """
    falls = [a - b for a, b in zip((1.0, *found.survival[:-1]), found.survival, strict=True)]
    firsts: dict[str, list[float]] = {}
    for x in found.leaves:
        if x.first:
            firsts.setdefault(x.party, [0.0] * len(falls))[x.period] += x.first
    sums = [sum(series[t] for series in firsts.values()) for t in range(len(falls))]
    shared = {
        p: list(accumulate(f * fall / s if s else 0.0 for f, fall, s in zip(series, falls, sums, strict=True)))
        for p, series in firsts.items()
    }
    return dict(sorted(shared.items(), key=lambda item: (item[1][-1], item[0])))


def _label(panel: Panel, low: Sequence[float], high: Sequence[float], words: str, colour: str) -> Layer | None:
    """Words in the middle of an area over the last half of the periods; none where it is too thin."""
    last = len(low) - 1
    t = last // 2
    thick = min(b - a for a, b in zip(low[t:], high[t:], strict=True))
    if thick * panel.height < 13:
        return None
    place = panel.across(last) - width(words, 10) - 6
    y = panel.down((low[last] + high[last]) / 2)
    look = {"type": "text", "align": "left", "baseline": "middle", "fontSize": 10, "fontWeight": 600, "color": colour}
    return layer({**look, "x": place, "y": y}, [{"text": words}], text={"field": "text"})
