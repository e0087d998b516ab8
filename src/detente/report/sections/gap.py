"""The gap between two texts, as a section of a brief."""

from __future__ import annotations

from collections.abc import Iterator

from detente.case.resolved import ResolvedCase
from detente.report import conflict_words as told
from detente.report import gap_text as text
from detente.report import words
from detente.report.calendar import Calendar
from detente.report.charts.gap import gap as chart
from detente.report.document import (
    Block,
    Bullets,
    Callout,
    Cell,
    Column,
    Figure,
    Heading,
    Para,
    Strong,
    Table,
    Text,
    Tone,
    subhead,
)  # fmt: skip
from detente.report.numbers import count, signed
from detente.report.sections.explain import conflict_table
from detente.report.text import Names
from detente.results.gap import Gap, Reading

VERDICTS: dict[str, Tone] = {"possible": "good", "impossible": "bad", "unknown": "open"}


def gap_section(gap: Gap, case: ResolvedCase, *, heading: bool = False) -> list[Block]:
    """Both texts, the crux, dates, orders, what each rules out of the other, and what each is worth to whom."""
    names = told.Dated(case)
    blocks: list[Block] = [Heading(2, "The gap", "gap")] if heading else []
    one, other = (text.introduced(gap, n, names) for n in (0, 1))
    blocks.append(Para(f"Two texts side by side: {one}; and {other}."))
    blocks += _crux(gap, names)
    blocks += _dates(gap, names)
    blocks += _orders(gap, names)
    blocks += _against(gap, names)
    return [*blocks, *_worth(gap, names)]


def _crux(gap: Gap, names: Names) -> Iterator[Block]:
    case = names.case
    assert case is not None
    title = {"possible": "Both can be kept", "impossible": "Both cannot be kept", "unknown": "Not known"}[gap.together]
    sentence = words.upper(text.verdict(gap).partition(": ")[2])
    if gap.crux is None:
        yield Callout(title, sentence, VERDICTS[gap.together])
        return
    members = "; ".join(told.condition(m, case, Calendar.of(case)) for m in gap.crux.members[:MOST_TOLD])
    more = len(gap.crux.members) - MOST_TOLD
    yield Callout(title, f"{sentence} The crux: {members}{f'; and {more} more' if more > 0 else ''}.", "bad")
    yield conflict_table(gap.crux, case)
    yield Para(" ".join(x for x in (told.proved(gap.crux), text.within(gap, gap.crux, names)) if x), small=True)
    for one in gap.further:
        yield Para("Even if all of that were given up, these cannot all be had either:")
        yield conflict_table(one, case)


MOST_TOLD = 4
"""Conditions named in the box; all are in the table."""


def _dates(gap: Gap, names: Names) -> Iterator[Block]:
    found = text.shown(gap)
    if not found:
        return
    assert names.case is not None
    yield Heading(3, "Dates and presence", "gap-dates")
    caption = "When each side wants each measure, or a share of a group of measures."
    yield Figure(chart(gap, names.case), caption, "A mark for each side on a line of time; the table says the same.")
    rows: list[tuple[Cell | str, ...]] = [
        (names.of(s.subject), text.asked(s, 0, names), text.asked(s, 1, names), text.apart(gap, s, names))
        for s in found
    ]
    heads = (Column("Measure or group", 2.6), *(Column(text.side_name(gap, n, names), 1.3) for n in (0, 1)))
    note = "In brackets: wishes. *: by when the other’s text as a whole allows it at the soonest."
    yield Table("Dates and presence", (*heads, Column("Apart", 1.3)), tuple(rows), note, dense=True)


def _orders(gap: Gap, names: Names) -> Iterator[Block]:
    if not gap.orders:
        yield Para("No two measures are wanted in opposite orders.")
        return
    yield Para(f"Wanted in opposite orders: {count(len(gap.orders), 'pair')} of measures.")
    yield Bullets(
        tuple(
            f"{words.upper(text.order_sentence(gap, chains, names))}: {text.pairs(conflicts, names)}."
            for chains, conflicts in text.order_groups(gap)
        )
    )


def _against(gap: Gap, names: Names) -> Iterator[Block]:
    items: list[Text] = []
    for side in (0, 1):
        if any(a.side == side for a in gap.against):
            ruled = "; ".join(text.against_sentence(a, names) for a in text.ruled_out(gap, side))
            items.append((Strong(text.against_head(gap, side, names)), f": {ruled}." if ruled else "."))
    if items:
        yield Para("What the other’s text rules out, whatever anybody’s interest:")
        yield Bullets(tuple(items))


def _worth(gap: Gap, names: Names) -> Iterator[Block]:
    if not gap.readings:
        return
    yield Heading(3, "What each text is worth", "gap-worth")
    rows: list[tuple[Cell | str, ...]] = []
    last = ""
    for r in gap.readings:
        if r.row.name != last:
            last = r.row.name
            rows.append(subhead(names.of(last)))
        rows.append(_reading(gap, r, names))
    worth = (Column(names.of(p), 1.0, "right") for p in gap.parties)
    goals = (Column(f"Goals of {words.the(names.of(p))}", 1.0, "center") for p in gap.parties)
    columns = (Column("Reading", 2.0), Column("Verdict", 1.0), Column("Signed", 0.7), *worth, *goals)
    note = (
        "Worth over no deal, each at its own discount and in its own units. Goals: those whose must clauses are kept."
    )
    yield Table("What each text is worth over no deal, and which goals it reaches", columns, tuple(rows), note)
    missed: list[Text] = [
        (Strong(f"{names.of(r.row.name)}, {text.reading_name(r, names)}: "), f"{'. '.join(far)}.")
        for r in gap.readings if (far := list(text.missed_goals(gap, r, names)))
    ]  # fmt: skip
    if missed:
        yield Para("Goals that are missed:")
        yield Bullets(tuple(missed))


def _reading(gap: Gap, r: Reading, names: Names) -> tuple[Cell | str, ...]:
    judged = r.row.audit
    name = text.reading_name(r, names)
    if judged is None:
        return (name, Cell(words.no_form(r.row), span=2 + 2 * len(gap.parties)))
    tone: Tone = {"holds": "good", "fails": "bad", "unknown": "open"}[judged.verdict]  # type: ignore[assignment]
    return (
        name, Cell(words.VERDICTS[judged.verdict], tone=tone), "yes" if judged.signed else "no",
        *(Cell(signed(text.worth(r, p)), "right") for p in gap.parties),
        *(Cell(text.goals_kept(r, p), "center") for p in gap.parties),
    )  # fmt: skip
