"""How the road map fares in possible worlds: trust needed against earned, how long it lasts, what to find out first."""

from __future__ import annotations

from collections.abc import Iterable

from detente.case.resolved import ResolvedCase
from detente.report import worlds_words as told
from detente.report.binding_words import binding_told
from detente.report.calendar import Calendar
from detente.report.charts.survival import survival
from detente.report.charts.trust_worlds import trust_worlds
from detente.report.document import Block, Bullets, Column, Figure, Heading, Para, Table
from detente.report.matters_words import boxes_told, driver_told, finding_out_told
from detente.report.text import Names
from detente.results.worlds import Worlds

MOST = 3
"""Numbers that are told."""


def worlds_section(found: Worlds, case: ResolvedCase) -> list[Block]:
    """Shares of worlds, the two charts, what binds, goals, and what to find out first."""
    names, spelt = Names(case), Calendar.of(case).respelt
    short = [told.trust_told(x, names) for x in found.trust if not told.needs_little(x)]
    little = told.little_told(found, names)
    trust = tuple(spelt(s) for s in (*short, *([little] if little else [])))
    return [
        Heading(2, "In possible worlds", "worlds"),
        Para(
            "Nobody knows the other side’s values for sure. A possible world is one draw of all ranges of the case, of "
            "what each party may be and of the governments that may come; in each, every party leaves at its best "
            "moment, if there is one."
        ),
        Para(spelt(f"{told.headline(found)} {told.first_of_all(found, names)}")),
        Figure(
            trust_worlds(found, case),
            "The trust each party needs to go on, over the worlds, and the trust that the others’ conduct has earned.",
            " ".join(trust),
        ),
        Bullets(trust),
        Para(told.NEEDED_ONE, small=True),
        Figure(
            survival(found, case), "How long all go on, and who leaves first.", spelt(told.survival_told(found, names))
        ),
        Heading(3, "What binds", "binds"),
        Para(spelt(binding_told(found, names))),
        *_goals(found, names),
        *_find_out(found, names),
        Para(
            " ".join(x for x in (told.larger_told(found), told.drawn(found), told.left_out_told(found)) if x),
            small=True,
        ),
    ]


def _goals(found: Worlds, names: Names) -> Iterable[Block]:
    if not found.goals:
        return
    rows = tuple((names.of(x.goal), names.of(x.party), told.goal_told(x)) for x in found.goals)
    columns = (Column("Goal", 1.6), Column("Whose"), Column("Share of worlds", 1.6))
    yield Table("Goals reached before anybody leaves", columns, rows)


def _find_out(found: Worlds, names: Names) -> Iterable[Block]:
    hangs = [driver_told(d, "nobody leaves") for d in found.drivers if d.clear][:MOST]
    breaks = boxes_told(found.boxes, "It breaks", "breaks") if found.boxes is not None and found.boxes.boxes else []
    yield Heading(3, "What to find out first", "find-out")
    if hangs or breaks:
        yield Bullets((*hangs, *breaks))
    for (party, titles), one in zip(told.finding_out_heads(found, names), found.finding_out, strict=True):
        told_of = list(finding_out_told(one, party, titles, MOST))
        numbered = tuple(x.partition(". ")[2] for x in told_of if x[0].isdigit())
        yield Para(" ".join(x for x in told_of if not x[0].isdigit()))
        if numbered:
            yield Bullets(numbered, ordered=True)
