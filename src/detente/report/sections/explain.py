"""Why there is no road map, as a section of a brief."""

from __future__ import annotations

from detente.case.resolved import ResolvedCase
from detente.report import conflict_words as told
from detente.report import words
from detente.report.calendar import Calendar
from detente.report.document import Block, Bullets, Callout, Cell, Column, Heading, Para, Table, subhead
from detente.report.explain_text import least
from detente.report.numbers import count
from detente.results.conflict import Conflict
from detente.results.explain import Explanation


def explain_section(answer: Explanation, case: ResolvedCase, *, heading: bool = False) -> list[Block]:
    """What cannot all hold, and what would be enough to give up."""
    head: list[Block] = [Heading(3, "Why there is none, and what would have to give", "explain")] if heading else []
    return [*head, *_told(answer, case)]


def _told(answer: Explanation, case: ResolvedCase) -> list[Block]:
    names = told.Dated(case)
    if answer.conflict is None:
        if answer.outcome == "plan":
            return [Callout("Nothing to explain", "There is a certified road map that keeps what was asked.", "good")]
        return [Callout("Not known", "Neither a road map nor the proof that there is none was found in time.", "open")]
    blocks: list[Block] = [conflict_table(answer.conflict, case), Para(told.proved(answer.conflict), small=True)]
    if answer.found:
        items = tuple(" ".join(told.relaxation(one, names)) for one in answer.found)
        blocks += [Para("What it would be enough to give up, least first:"), Bullets(items, ordered=True)]
        blocks.append(Para(" ".join(least(answer)), small=True))
    if answer.open:
        blocks.append(Para("Of these it is not known whether giving them up is enough:"))
        blocks.append(Bullets(tuple(f"{told.given_up(one, names)}." for one in answer.open)))
    return blocks


def conflict_table(conflict: Conflict, case: ResolvedCase) -> Table:
    """The conditions that cannot all hold, under their sources, with their places in the case."""
    calendar = Calendar.of(case)
    rows: list[tuple[Cell | str, ...]] = []
    origin = ""
    for one in conflict.members:
        if told.source(one, case) != origin:
            origin = told.source(one, case)
            rows.append(subhead(words.upper(origin)))
        needed = "yes" if one.name in conflict.without else "not known"
        rows.append((words.upper(told.condition(one, case, calendar)), needed, one.where))
    columns = (Column("Condition", 4.0), Column("Needed", 0.8), Column("Where", 1.6))
    caption = f"What cannot all be had: {count(len(conflict.members), 'condition')}"
    return Table(caption, columns, tuple(rows))
