"""What a brief leaves out, and what its searches left open."""

from __future__ import annotations

from detente.report.content import BriefContent
from detente.report.document import Block, Bullets, Heading, Link, Para, Strong, Text, listed
from detente.report.numbers import count
from detente.report.words import upper

_ANCHOR = "left-out"


def left_out(content: BriefContent) -> list[Block]:
    """Parts that are not there and why, and searches that were cut short; nothing if all is there and done."""
    items: list[Text] = [(Strong(f"{upper(title)}: "), f"{why}.") for title, why in content.beyond.missing]
    if some := cut_short(content):
        told = f"{listed(some, 99)}. What is told of them is sound; a longer run may find more, or prove more."
        items.append((Strong("Searches that a limit ended: "), told))
    if not items:
        return []
    return [Heading(2, "What this brief leaves out", _ANCHOR), Bullets(tuple(items))]


def note(content: BriefContent) -> list[Block]:
    """A line for the summary that leads there; nothing if nothing was left out."""
    missing = [title for title, _ in content.beyond.missing]
    some = cut_short(content)
    told = []
    if missing:
        told.append(f"Left out: {listed(missing)}.")
    if some:
        told.append(f"Ended by a limit, so that a longer run may say more: {listed(some)}.")
    if not told:
        return []
    return [Para((" ".join(told), " See “", Link("What this brief leaves out", _ANCHOR), "”."), small=True)]


def cut_short(content: BriefContent) -> list[str]:
    """The searches that a limit, or an interrupt, ended, in plain words."""
    found = ["the search for a road map"] if content.plan.provenance.run.cut is not None else []
    rows = content.proposal_rows()
    if open_ := {r.name for r in rows if "may exist" in r.note or r.note.startswith("not known")}:
        found.append(f"the best forms of {count(len(open_), 'proposal')}")
    return [*found, *(p.title for p in content.beyond.parts if p.cut)]
