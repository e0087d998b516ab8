"""Blocks as plain text, for terminals: headings, paragraphs, lists, boxes; no tables and no charts."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from detente.report.document import Block, Bullets, Callout, Heading, Para, flat


def plain_text(blocks: Iterable[Block], columns: int = 100) -> str:
    """The words of the blocks, wrapped."""
    parts = [text for b in blocks if (text := _block(b, columns))]
    return "\n\n".join(parts) + "\n"


def _block(b: Block, columns: int) -> str:
    match b:
        case Heading():
            return f"{b.text}\n{('=' if b.level == 2 else '-') * len(b.text)}"
        case Para():
            return textwrap.fill(flat(b.text), columns)
        case Callout():
            return textwrap.indent(f"{b.title}\n{textwrap.fill(flat(b.text), columns - 2)}", "| ")
        case Bullets():
            return "\n".join(
                textwrap.fill(flat(i), columns, initial_indent="- ", subsequent_indent="  ") for i in b.items
            )
    return ""
