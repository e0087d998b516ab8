"""A document as PDF: a template that reads data. Same document, same bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from detente.report import document as doc
from detente.report import draw

TEXT_WIDTH = 493.0
"""Points between the margins of the page."""
FIGURE_HEIGHT = 668.0
Printed = doc.Heading | doc.Para | doc.Bullets | doc.Callout | doc.Table | doc.Figure
SCALE = 0.74
"""Points for a pixel of a chart that is not too large."""


def pages(document: doc.Document) -> bytes:
    """The PDF."""
    import typst

    data = {
        "title": document.title,
        "subtitle": document.subtitle,
        "foot": document.foot,
        "lead": _blocks(document.lead),
        "body": _blocks(document.body),
    }
    text = json.dumps(data, ensure_ascii=False, sort_keys=True)
    template = (files("detente.report") / "brief.typ").read_bytes()
    return bytes(
        typst.compile(  # type: ignore[misc]
            template,
            sys_inputs={"data": text},
            font_paths=[draw.font_directory()],
            ignore_system_fonts=_fonts_suffice(text),
        )
    )


def _fonts_suffice(text: str) -> bool:
    """Whether the shipped fonts have every letter: Latin, Greek, Cyrillic and common signs.

    Then the machine's own fonts are left out, so that pages are the same everywhere.
    """
    return all(ord(ch) < 0x0530 or 0x1E00 <= ord(ch) < 0x2300 for ch in text)


def _blocks(blocks: Sequence[doc.Block]) -> list[dict[str, Any]]:
    """Each block, told whether it has to stay with the one that follows."""
    printed = [b for b in blocks if not isinstance(b, doc.Folded)]
    before, after = [None, *printed], [*printed[1:], None]
    return [
        {**_block(b), "sticky": isinstance(b, doc.Para) and _leads(a, c)}
        for a, b, c in zip(before, printed, after, strict=False)
    ]


def _leads(before: doc.Block | None, after: doc.Block | None) -> bool:
    """Whether a paragraph between two blocks belongs to the one that follows."""
    opens = isinstance(before, doc.Heading) and before.level == 2 and isinstance(after, doc.Heading)
    return opens or isinstance(after, doc.Figure | doc.Table | doc.Bullets)


def _block(b: Printed) -> dict[str, Any]:
    match b:
        case doc.Heading():
            return {"kind": "heading", "level": b.level, "text": b.text, "new-page": b.new_page}
        case doc.Para():
            return {"kind": "para", "text": _runs(b.text), "small": b.small}
        case doc.Bullets():
            return {"kind": "bullets", "items": [_runs(i) for i in b.items], "ordered": b.ordered}
        case doc.Callout():
            return {"kind": "callout", "title": b.title, "text": _runs(b.text), "tone": b.tone}
        case doc.Table():
            return _table(b)
        case doc.Figure():
            return _figure(b)


def _runs(text: doc.Text) -> list[dict[str, Any]]:
    runs = [(r if isinstance(r, str) else r.text, isinstance(r, doc.Strong)) for r in doc.inlines(text)]
    return [{"text": _breakable(words), "strong": strong} for words, strong in runs]


def _breakable(text: str) -> str:
    """Lets a line end inside words too long for any column."""
    return re.sub(r"(\S{28})(?=\S)", "\\1\u200b", text)


def _table(t: doc.Table) -> dict[str, Any]:
    def cell(c: doc.Cell | str) -> dict[str, Any]:
        c = doc.Cell(c) if isinstance(c, str) else c
        return {"text": _runs(c.text), "tone": c.tone, "span": c.span}

    return {
        "kind": "table",
        "caption": t.caption,
        "note": t.note,
        "dense": t.dense,
        "rows": [[cell(c) for c in row] for row in t.rows],
        "columns": [{"head": c.head, "width": c.width, "align": c.align} for c in t.columns],
    }


def _figure(f: doc.Figure) -> dict[str, Any]:
    svg = draw.svg(f.spec)
    width, height = draw.svg_size(svg)
    scale = min(SCALE, TEXT_WIDTH / width, f.room * FIGURE_HEIGHT / height)
    return {"kind": "figure", "svg": svg, "width": round(width * scale, 2), "alt": f.alt, "caption": f.caption}
