"""The brief as a list of blocks, written once and rendered twice (HTML and PDF).

Text is data throughout: no block holds markup, so nothing a user wrote can become markup.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Tone = Literal["plain", "good", "bad", "open"]
Align = Literal["left", "right", "center"]


@dataclass(frozen=True)
class Strong:
    """Words that carry the sentence."""

    text: str


@dataclass(frozen=True)
class Link:
    """Words that lead to an anchor on the same page; plain words where a page has no links."""

    text: str
    anchor: str


Inline = str | Strong | Link
Text = str | tuple[Inline, ...]


@dataclass(frozen=True)
class Heading:
    """Level 2 opens a section, level 3 a part of one."""

    level: Literal[2, 3]
    text: str
    anchor: str
    new_page: bool = False


@dataclass(frozen=True)
class Para:
    """A paragraph; ``small`` for notes."""

    text: Text
    small: bool = False


@dataclass(frozen=True)
class Bullets:
    """A list; ``ordered`` numbers it."""

    items: tuple[Text, ...]
    ordered: bool = False


@dataclass(frozen=True)
class Cell:
    """One cell of a table; the tone is shown by a word in the text too, never by colour alone."""

    text: Text
    align: Align = "left"
    tone: Tone = "plain"
    span: int = 1


@dataclass(frozen=True)
class Column:
    """Head of a column and its share of the width."""

    head: str
    width: float = 1.0
    align: Align = "left"


@dataclass(frozen=True)
class Table:
    """A table whose first column names the row; a row of one cell is a sub-heading across all columns."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell | str, ...], ...]
    note: str = ""
    dense: bool = False
    """Set smaller: for long tables in which things are looked up."""


def subhead(name: str, note: str = "") -> tuple[Cell]:
    """A row across all columns, under which others stand."""
    return (Cell((Strong(name), f" {note}" if note else "")),)


@dataclass(frozen=True)
class Figure:
    """A chart with what it shows in words."""

    spec: Mapping[str, Any]
    caption: str
    alt: str
    room: float = 1.0
    """The share of a page's height that it may take."""


@dataclass(frozen=True)
class Callout:
    """The one thing to take away from a section."""

    title: str
    text: Text
    tone: Tone = "plain"


@dataclass(frozen=True)
class Folded:
    """A part that opens when a link leads to it; left out of what is printed."""

    title: str
    anchor: str
    blocks: tuple[Block, ...]


Block = Heading | Para | Bullets | Table | Figure | Callout | Folded


@dataclass(frozen=True)
class Document:
    """Title page and blocks."""

    title: str
    subtitle: str
    lead: tuple[Block, ...]
    """The page of summary."""
    body: tuple[Block, ...]
    foot: str
    """One line of provenance for the foot of every page."""

    def blocks(self) -> Sequence[Block]:
        """Summary and body in order."""
        return (*self.lead, *self.body)


def inlines(text: Text) -> tuple[Inline, ...]:
    """The runs of a text."""
    return (text,) if isinstance(text, str) else text


def flat(text: Text) -> str:
    """A text without emphasis."""
    return "".join(run if isinstance(run, str) else run.text for run in inlines(text))


def listed(names: Sequence[str], most: int = 4, conjunction: str = "and") -> str:
    """``a, b and c``; past ``most`` the rest are counted."""
    names = list(names)
    if len(names) > most:
        rest = len(names) - most + 1
        names = [*names[: most - 1], f"{rest} others"]
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {conjunction} {names[-1]}"


def itemised(names: Sequence[str], most: int = 99) -> str:
    """``a; b, 1 of 2; c``: for names that may hold commas; past ``most`` the rest are counted."""
    shown = list(names[:most])
    rest = len(names) - len(shown)
    return "; ".join([*shown, f"and {rest} more"] if rest else shown)
