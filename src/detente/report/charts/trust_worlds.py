"""Trust needed against trust earned in many worlds: a panel for each party that needs any."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from detente.case.resolved import ResolvedCase
from detente.report.charts.legend import Sign, bar, legend, stroke
from detente.report.charts.panels import Layer, Panel
from detente.report.charts.theme import INK, MUTED, chart, colours, layer, wrap
from detente.report.numbers import percent
from detente.report.words import the
from detente.report.worlds_words import needs_little, stays
from detente.results.worlds import Trust, Worlds

WIDTH, HEIGHT = 600.0, 156.0
HIGH = 1.8
"""Upper end of a panel: above trust, which ends at 1, stands a strip that tells in how many worlds a party goes on."""
FLOOR, CEILING = 1.16, 1.56
"""Lower and upper end of the strip: no world, and all worlds."""
SHORT, BEYOND = "#d2d2d2", "#8f8f8f"
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
        ("trust needed: middle of the worlds in which trust would do", [stroke(color=INK, strokeWidth=1.8)]),
        ("half of them", [bar(5, color=INK, opacity=0.4)]),
        ("90 % of them", [bar(5, color=INK, opacity=0.15)]),
        ("trust earned", [stroke(color=INK, strokeWidth=2.2, strokeDash=[5, 3])]),
        ("worlds in which trust earned is too little", [bar(5, color=SHORT)]),
        ("no trust would do", [bar(5, color=BEYOND)]),
    ]


def _panel(x: Trust, case: ResolvedCase, colour: str) -> dict[str, Any]:
    panel = Panel(case, WIDTH, HEIGHT, 0.0, HIGH)
    low, quarter, middle, three, high = (_open(x, x.where_enough[n]) for n in BAND)
    layers = [
        *panel.ground([0.0, 0.5, 1.0]),
        *_strip(x, panel),
        panel.band(low, high, colour, 0.18),
        panel.band(quarter, three, colour, 0.4),
        panel.steps(middle, colour),
        panel.steps(x.earned, INK, (5, 3), 2.2),
        panel.zero(),
    ]
    return panel.spec(layers, "\n".join(wrap(_title(x, case), WIDTH, 11)))


def _open(x: Trust, series: Sequence[float]) -> list[float | None]:
    """Nothing where no trust would do in any world."""
    return [None if x.beyond[t] >= 1 else v for t, v in enumerate(series)]


def _title(x: Trust, case: ResolvedCase) -> str:
    whose = {w for w in x.whose if w is not None}
    by = (
        f"earned by {the(case.title(next(iter(whose))))}"
        if len(whose) == 1
        else "earned by whom conduct tells least of"
    )
    return f"{case.title(x.party)}: trust needed, and {by if whose else 'earned'}"


def _strip(x: Trust, panel: Panel) -> list[Layer]:
    """In what share of worlds the party does not go on: no trust would do, or what is earned is too little."""
    reach = CEILING - FLOOR
    gone = [1 - stays(x, t) for t in range(len(x.credible))]
    never = [min(b, g) for b, g in zip(x.beyond, gone, strict=True)]
    floor = [FLOOR] * len(gone)
    tops = [[FLOOR + reach * v for v in series] for series in (never, gone)]
    most = max(range(len(gone)), key=lambda t: (gone[t], -t))
    when = panel.calendar.label(most)
    text = f"worlds in which it does not go on: up to {percent(gone[most])}, {when}"
    look = {"type": "text", "align": "left", "baseline": "middle", "fontSize": 10, "color": INK, "x": 4}
    ends = {"type": "text", "align": "right", "baseline": "middle", "fontSize": 9.5, "color": MUTED, "x": -6}
    return [
        panel.band(floor, [CEILING] * len(gone), SHORT, 0.25),
        panel.band(tops[0], tops[1], SHORT, 1.0),
        panel.band(floor, tops[0], BEYOND, 1.0),
        layer(look, [{"y": CEILING + 0.13, "text": text}], y=panel.y(), text={"field": "text"}),
        layer(
            ends, [{"y": FLOOR, "text": "0 %"}, {"y": CEILING, "text": "100 %"}], y=panel.y(), text={"field": "text"}
        ),
    ]
