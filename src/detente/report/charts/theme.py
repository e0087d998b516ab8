"""What all charts share: font, greys, a look for each party, sizes of text.

Nothing is told by hue alone: parties have lanes or panels of their own, kinds of line differ in dash, kinds of mark in
shape, and what matters is labelled where it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

FONT = "Open Sans"
INK = "#1a1a1a"
MUTED = "#5c5c5c"
FAINT = "#d9d9d9"
SHADE = "#ececec"
ACCENT = "#9c1c1c"
PARTY_COLOURS = ("#1f4e79", "#b5561c", "#3f8f7a", "#6f5a9e", "#8a7a1f", "#5f6b73", "#a0487a", "#2f7fb0")

_WIDTHS = {
    **dict.fromkeys("ijl", 0.253),
    **dict.fromkeys("ft.,:;'!I()|", 0.29),
    **dict.fromkeys(" r-/", 0.32),
    **dict.fromkeys("mM%", 0.92),
    **dict.fromkeys("wWOQ@", 0.79),
    **dict.fromkeys("csz", 0.48),
}


def colours(parties: Sequence[str]) -> dict[str, str]:
    """A colour for each party of a case, in the order of the case."""
    return {p: PARTY_COLOURS[i % len(PARTY_COLOURS)] for i, p in enumerate(parties)}


def chart(**parts: Any) -> dict[str, Any]:
    """A top-level specification with the house look."""
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "background": "white",
        "padding": 4,
        "config": {
            "font": FONT,
            "aria": False,
            "view": {"stroke": None},
            "axis": {
                "labelColor": INK,
                "titleColor": MUTED,
                "labelFontSize": 10,
                "titleFontSize": 10,
                "titleFontWeight": "normal",
                "gridColor": FAINT,
                "domainColor": MUTED,
                "tickColor": MUTED,
                "labelFont": FONT,
                "titleFont": FONT,
            },
            "text": {"font": FONT, "fontSize": 10, "color": INK, "lineBreak": "\n"},
            "title": {"font": FONT, "fontSize": 11, "fontWeight": 600, "color": INK, "anchor": "start"},
        },
        **parts,
    }


def width(text: str, size: float = 10.0) -> float:
    """About how wide a line of text is, in pixels; a little on the wide side."""
    total = 0.0
    for ch in text:
        if ord(ch) >= 0x1100:
            total += 1.0
        else:
            total += _WIDTHS.get(ch, 0.68 if ch.isupper() else 0.585)
    return size * total


def wrap(text: str, limit: float, size: float = 10.0) -> list[str]:
    """A text in lines no wider than ``limit`` pixels; a word that is wider is broken."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        while width(word, size) > limit:
            room = _fitting(word, limit - (width(line + " ", size) if line else 0), size)
            if room < 4 and line:
                lines.append(line)
                line = ""
                continue
            room = max(1, room)
            line, word = (f"{line} " if line else "") + word[:room], word[room:]
            lines.append(line)
            line = ""
        trial = f"{line} {word}".strip()
        if line and width(trial, size) > limit:
            lines.append(line)
            line = word
        else:
            line = trial
    return [*lines, line] if line or not lines else lines


def layer(mark: Mapping[str, Any], values: Sequence[Mapping[str, Any]], **encoding: Any) -> dict[str, Any]:
    """One layer with its own data."""
    return {"data": {"values": [dict(v) for v in values]}, "mark": dict(mark), "encoding": encoding}


def quantity(name: str, domain: Sequence[float], axis: Any = None, **more: Any) -> dict[str, Any]:
    """A linear channel with a fixed domain."""
    scale = {"domain": list(domain), "nice": False, "zero": False}
    return {"field": name, "type": "quantitative", "scale": scale, "axis": axis, **more}


def period_axis(ticks: Sequence[int], labels: Sequence[str], **more: Any) -> dict[str, Any]:
    """An axis of periods labelled with dates."""
    names = ", ".join(f"'{t}': '{label}'" for t, label in zip(ticks, labels, strict=True))
    return {
        "values": list(ticks),
        "labelExpr": f"{{{names}}}[datum.value]",
        "title": None,
        "labelOverlap": True,
        "labelFlush": False,
        **more,
    }


def _fitting(word: str, limit: float, size: float) -> int:
    room = 0
    while room < len(word) and width(word[: room + 1], size) <= limit:
        room += 1
    return room
