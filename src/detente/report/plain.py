"""Blocks as plain text, for terminals: headings, paragraphs, lists, boxes; no tables and no charts."""

from __future__ import annotations

from collections.abc import Iterable

from detente.report.document import Block, Bullets, Callout, Heading, Para, flat
from detente.report.width import lines_of, width


def plain_text(blocks: Iterable[Block]) -> str:
    """The words of the blocks, wrapped."""
    parts = ["\n".join(lines) for b in blocks if (lines := _block(b, width()))]
    return "\n\n".join(parts) + "\n"


def _block(b: Block, columns: int) -> list[str]:
    match b:
        case Heading():
            return [b.text, ("=" if b.level == 2 else "-") * len(b.text)]
        case Para():
            return lines_of(flat(b.text), columns)
        case Callout():
            return [f"| {line}" for line in (b.title, *lines_of(flat(b.text), columns - 2))]
        case Bullets():
            return [line for item in b.items for line in lines_of(f"- {flat(item)}", columns, "  ")]
    return []
