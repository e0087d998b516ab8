"""A text that does not hold, and the ways to mend it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from detente.case.resolved import ResolvedCase
from detente.report.calendar import Calendar
from detente.report.charts.repair import repair as chart
from detente.report.document import Block, Bullets, Callout, Cell, Column, Figure, Heading, Para, Strong, Table, Text
from detente.report.numbers import number, signed
from detente.report.repair_words import (
    OF_TERMS,
    broken,
    change,
    cost,
    failed,
    hardship,
    headline,
    proof,
    same_steps,
    title,
    wrong,
)
from detente.report.text import Names
from detente.report.words import upper
from detente.results.repair import Alternative, Repair


def repair_section(repair: Repair, case: ResolvedCase) -> Iterator[Block]:
    """What was wrong, the cheapest repair drawn beside the text as tabled, the others, and what led to nothing."""
    names = Names(case)
    say = Calendar.of(case).respelt
    name = names.of(repair.name) if repair.name else "the road map"
    yield Heading(2, f"Can it be saved? {name}", "repair")
    head, told = headline(repair, names)
    tone = {"holds": "good", "repaired": "good", "none-exists": "bad"}.get(repair.outcome, "open")
    yield Callout(head.partition(":")[0].capitalize(), told, tone)  # type: ignore[arg-type]
    if repair.reading:
        yield Para(f"It was tabled in general terms; mending starts from {repair.reading}.")
    if repair.outcome != "holds":
        yield Para((Strong("As tabled"), " it fails for these reasons."))
        yield Bullets(tuple(say(x) for x in wrong(repair)))
    if repair.alternatives:
        yield _overview(repair.alternatives, names)
        yield Para(hardship(case), small=True)
        for n, a in enumerate(repair.alternatives):
            yield from _alternative(n, a, repair, case, names)
    failures = failed(repair)
    if failures:
        yield Para((Strong("What else was tried"), " and led to nothing."))
        yield Bullets(tuple(f"{upper(x)}." for x in failures))


def _overview(alternatives: Sequence[Alternative], names: Names) -> Table:
    parties = [p for p, t in alternatives[0].tolls.items() if t.before is not None]
    columns = (
        Column("", 0.3, "right"), Column("Kind", 2.6),
        Column("Changes", 0.7, "right"), Column("Hardship", 0.7, "right"),
        *(Column(names.of(p), 1.0, "right") for p in parties),
    )  # fmt: skip
    rows: list[tuple[Cell | str, ...]] = []
    before = (Cell(signed(alternatives[0].tolls[p].before), "right") for p in parties)
    rows.append(("", "as tabled", "", "", *before))
    for n, a in enumerate(alternatives, 1):
        gains = (Cell(signed(a.tolls[p].after), "right") for p in parties)
        counts = Cell(str(a.cost.changes), "right"), Cell(number(a.cost.hardship), "right")
        rows.append((Cell(str(n), "right"), title(a), *counts, *gains))
    note = "For each party its gain over no deal, at its own discount and in its own units."
    return Table("Ways to mend it, fewest changes first", columns, tuple(rows), note)


def _alternative(n: int, a: Alternative, repair: Repair, case: ResolvedCase, names: Names) -> Iterator[Block]:
    say = Calendar.of(case).respelt
    yield Heading(3, f"{n + 1}. {title(a)}", f"repair-{n + 1}")
    told = (f"{upper(cost(a, names))}.", proof(a))
    yield Para(" ".join(x for x in told if x))
    if n == 0 and any(c.measure for c in a.changes):
        spec = chart(case, repair.tabled.road_map, a.road_map, a.changes)
        alt = "Two timelines side by side, as tabled and as mended; the changes are in the list that follows."
        yield Figure(spec, "The text as tabled and as mended. Shaded: what changes.", alt)
    same = same_steps(n + 1, repair.alternatives)
    if same is not None:
        yield Para(f"The same steps as in {same}.")
    some = [c for c in a.changes if same is None or c.kind in OF_TERMS]
    told_why = n == 0 or len(some) <= FEW
    yield Bullets(tuple(_why(say(change(c, names)), say(c.without.message) if told_why and c.without else "")
                        for c in some))  # fmt: skip
    lost = broken(a, names)
    if lost and same is None:
        yield Para(("Kept as tabled and broken now: ", ". ".join(lost) + "."), small=True)


FEW = 4
"""Changes up to which an alternative that is not the first says of each why it is needed."""


def _why(what: str, otherwise: str) -> Text:
    return (Strong(what + "."), f" If not: {otherwise}") if otherwise else (Strong(what + "."),)
