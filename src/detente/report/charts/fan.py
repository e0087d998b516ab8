"""What is in force at each date in many runs: a panel for each group, with the middle half and 90 of 100 runs."""

from __future__ import annotations

from typing import Any

from detente.case.resolved import ResolvedCase
from detente.report.charts.panels import Layer, Panel
from detente.report.charts.theme import FAINT, MUTED, chart, colours, layer, wrap
from detente.report.numbers import percent
from detente.results.simulation import Simulation

WIDTH, HEIGHT = 300.0, 84.0
BOLD = 1.1
"""How much wider titles are than plain text."""
LEVELS = [0.0, 0.5, 1.0]


def fan(told: Simulation, case: ResolvedCase) -> dict[str, Any]:
    """Two panels a row, of the groups (or parties) of which anything is ever in force, with how to read them above."""
    groups = [g for g, series in told.shares.items() if any(max(s) > 0 for s in series)]
    panels = [_panel(told, case, g) for g in groups] or [_panel(told, case, g) for g in list(told.shares)[:1]]
    rows = [{"hconcat": panels[n : n + 2], "spacing": 60} for n in range(0, len(panels), 2)]
    legend = (
        f"Share in force, of {told.n:,} runs. Line: half of the runs have no more; dark: the middle half of the runs; "
        "light: 90 of 100."
    )
    title = {"text": wrap(legend, 2 * WIDTH, 10), "fontSize": 10, "fontWeight": "normal", "color": MUTED, "offset": 14}
    return chart(title=title, vconcat=rows, spacing=24)


def _panel(told: Simulation, case: ResolvedCase, group: str) -> dict[str, Any]:
    low, first, middle, third, high = told.shares[group]
    members = case.groups[group].members if group in case.groups else ()
    owners = {by for k in members if (by := case.measures[k].by) is not None} or {group} & case.parties.keys()
    parties = list(case.parties)
    look = colours(parties)
    colour = look[min(owners, key=parties.index)] if owners else MUTED
    panel = Panel(case, WIDTH, HEIGHT, 0.0, 1.08, ticks=6)
    names = [{"y": v, "text": percent(v)} for v in LEVELS]
    ground: list[Layer] = [
        *panel.ground([]),
        layer({"type": "rule", "color": FAINT, "x": 0, "x2": WIDTH}, names, y=panel.y()),
        layer(
            {"type": "text", "align": "right", "baseline": "middle", "fontSize": 9.5, "color": MUTED, "x": -6},
            names, y=panel.y(), text={"field": "text"},
        ),
    ]  # fmt: skip
    layers = [
        *ground,
        panel.band(low, high, colour, 0.16),
        panel.band(first, third, colour, 0.32),
        panel.steps(middle, colour),
    ]  # fmt: skip
    return panel.spec(layers, "\n".join(wrap(case.title(group), WIDTH / BOLD, 11)))
