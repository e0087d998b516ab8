"""How wide text may be, and how it is broken into lines."""

from __future__ import annotations

import re
import textwrap
from contextvars import ContextVar

WIDEST, NARROWEST = 100, 60
"""Columns that text takes at most; and those that it takes though a terminal has fewer, which tables need."""
_columns = ContextVar("columns", default=WIDEST)
_KEPT = "\u00a0"


def width() -> int:
    """Columns that text may take."""
    return _columns.get()


def fit(columns: int) -> None:
    """From now on text is for a terminal of so many columns."""
    _columns.set(min(max(columns, NARROWEST), WIDEST))


def lines_of(text: str, columns: int, indent: str = "") -> list[str]:
    """A paragraph as lines, those after the first indented; a number stays with its per cent sign."""
    kept = re.sub(r"(?<=\d) (?=%)", _KEPT, text)
    return [line.replace(_KEPT, " ") for line in textwrap.wrap(kept, columns, subsequent_indent=indent)] or [""]
