"""The words that a brief uses in a sense of their own."""

from __future__ import annotations

from detente.report.document import Block, Cell, Column, Heading, Strong, Table

WORDS = (
    ("Road map", "steps by each side, each with a date. A measure is one such step; in force once its work is done."),
    ("Holds", "at no moment would anybody gain by leaving, neither by walking out nor by cheating in secret."),
    ("Signed", "to nobody who has a part in it is it worth less than no deal."),
    ("Certified", "it holds, is signed, breaks no red line, and an auditor has confirmed all that."),
    ("No deal", "what a party gets without any agreement; its gain is what it gets more than that."),
    (
        "Margin",
        "what going on is worth to a party at a moment, less its best way to leave; below zero, leaving pays.",
    ),
    (
        "Scale",
        "all that a party could get from the measures of the case. Shares of it can be compared between parties; worth "
        "in a party’s own units cannot.",
    ),
    (
        "Clause",
        "something demanded or offered. A must is insisted on, a wish is not; a red line is a must that binds every "
        "road map.",
    ),
    (
        "Proved",
        "it follows from the case, whatever road map is tried. What was only found may be beaten by another; where "
        "a limit, of time or of work, was reached before anything was proved, the brief says so.",
    ),
)


def glossary() -> list[Block]:
    """A table of words, before the first that needs one."""
    rows: tuple[tuple[Cell | str, ...], ...] = tuple((Cell((Strong(word),)), meaning) for word, meaning in WORDS)
    return [
        Heading(2, "Words used in this brief", "words", True),
        Table("What is meant by them", (Column("Word", 0.6), Column("Meaning", 5.0)), rows, dense=True),
    ]
