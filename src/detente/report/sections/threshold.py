"""How far the numbers that decide most may move before the road map no longer holds."""

from __future__ import annotations

from collections.abc import Sequence

from detente.case.resolved import ResolvedCase
from detente.report.charts.threshold import threshold as chart
from detente.report.document import Block, Column, Figure, Heading, Para, Table
from detente.report.threshold_text import span, summary, told
from detente.report.words import upper
from detente.results.threshold import Threshold


def thresholds(found: Sequence[Threshold], case: ResolvedCase) -> list[Block]:
    """A chart and the intervals of each number; nothing where no number was looked at."""
    if not found:
        return []
    return [
        Heading(2, "How far the numbers may move", "thresholds"),
        Para(
            "Each number below is varied alone, all others staying as they are, and the road map of this brief is "
            "judged exactly at each value. Where the verdict changes, the change is narrowed down; a change and its "
            "return between two neighbouring values that were tried may have been missed."
        ),
        *(block for one in found for block in _one(one, case)),
    ]


def _one(found: Threshold, case: ResolvedCase) -> list[Block]:
    axis = found.axes[0]
    rows = tuple((span(i), told(found, i)) for i in found.intervals())
    title = upper(axis.title)
    return [
        Heading(3, title, f"threshold-{axis.paths[0].replace('.', '-')}"),
        Figure(chart(found, case), f"{title}: where the road map holds, and by how much.", summary(found), 0.35),
        Table(f"{title}{f', {axis.unit}' if axis.unit else ''}", (Column("Values"), Column("Verdict", 3.0)), rows),
    ]
