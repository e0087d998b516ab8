"""The offers made so far, the gap from one to the next, and a single text to table."""

from __future__ import annotations

from collections.abc import Iterator

from detente.case.resolved import Clause, ResolvedCase
from detente.case.road_map import RoadMap
from detente.report.calendar import Calendar
from detente.report.charts.rounds import Step
from detente.report.charts.rounds import rounds as chart
from detente.report.charts.timeline import timeline
from detente.report.clauses import miss, sentence
from detente.report.document import Block, Bullets, Callout, Cell, Column, Figure, Heading, Para, Table
from detente.report.numbers import number, percent, signed
from detente.report.rounds_text import TOGETHER, TRENDS, VERDICTS, changes_words, proof, standing, title
from detente.report.text import Names
from detente.results.audit import ClauseResult
from detente.results.rounds import OfferClause, Rounds, SingleText


def rounds_section(rounds: Rounds, case: ResolvedCase) -> Iterator[Block]:
    """Who offered what, who moved, and what a mediator could table next."""
    names = Names(case)
    yield Heading(2, "The offers so far", "rounds")
    yield Para(
        "An offer stands for every road map that satisfies its clauses. What it can give a side is what it is worth in "
        "the reading that this side would like best; the gap is what its own offer can give a side, less what the "
        "other’s can."
    )
    yield _offers(rounds, names)
    if rounds.measured:
        yield _drawn(rounds, case, names)
        yield _gaps(rounds, names)
    told = standing(rounds, names)
    if told:
        yield Para(told)
    yield from _moves(rounds, case, names)
    if rounds.text is not None:
        yield from _single_text(rounds, rounds.text, case, names)


def _number(rounds: Rounds, name: str) -> str:
    return next(str(n) for n, r in enumerate(rounds.rounds, 1) if r.name == name)


def _offers(rounds: Rounds, names: Names) -> Table:
    sides = rounds.sides
    columns = (
        Column("", 0.25, "right"), Column("Offer", 2.6), Column("By", 1.1), Column("Date", 0.8),
        *(Column(f"can give {names.of(p)}", 1.0, "right") for p in sides), Column("Against its last one", 1.4),
    )  # fmt: skip
    rows: list[tuple[Cell | str, ...]] = [
        ("", "No deal", "", "", *(Cell(number(rounds.reserve[p]), "right") for p in sides), "")
    ]
    for n, one in enumerate(rounds.rounds, 1):
        best = (Cell(number(one.readings[p].value[p]) if p in one.readings else "–", "right") for p in sides)
        moved = VERDICTS[one.move.verdict] if one.move else ("no road map satisfies it" if one.contradiction else "")
        rows.append((Cell(str(n), "right"), title(one, names), names.of(one.by), one.date, *best, moved))
    note = (
        f"Head of the record: {rounds.head}. Whoever keeps it can tell later whether any of these offers was changed "
        "or cut off."
    )
    return Table("Offers in the order in which they were made", columns, tuple(rows), note)


def _drawn(rounds: Rounds, case: ResolvedCase, names: Names) -> Figure:
    steps = []
    for one in rounds.measured:
        gap = one.gap
        assert gap is not None
        label = f"{_number(rounds, one.name)} {one.by} {one.date}".strip()
        steps.append(Step(label, gap.share, gap.conflicts, len(gap.standing)))
    sides = [(p, names.of(p)) for p in rounds.sides]
    alt = "The gap between the two sides after each offer, in value and in clauses; the table has the numbers."
    return Figure(chart(list(case.parties), sides, steps), "The gap after each offer to the other side’s latest.", alt)


def _gaps(rounds: Rounds, names: Names) -> Table:
    sides = rounds.sides
    columns = (
        Column("Offer", 0.5, "right"), Column("to", 0.4, "right"), Column("Both at once", 0.8),
        Column("Clauses against", 0.9, "right"), Column("Order conflicts", 0.9, "right"),
        *(Column(f"Gap for {names.of(p)}", 1.2, "right") for p in sides), Column("The gap", 0.7),
    )  # fmt: skip
    rows: list[tuple[Cell | str, ...]] = []
    for n, one in enumerate(rounds.measured):
        gap = one.gap
        assert gap is not None
        width = (f"{number(gap.value.get(p))} ({percent(gap.share.get(p))})" for p in sides)
        rows.append((
            Cell(_number(rounds, one.name), "right"), Cell(_number(rounds, gap.to), "right"), TOGETHER[gap.together],
            Cell(f"{gap.conflicts} of {len(gap.standing)}", "right"), Cell(str(len(gap.orders)), "right"),
            *(Cell(w, "right") for w in width), TRENDS[rounds.trend(n)] if n else "",
        ))  # fmt: skip
    note = (
        "Both at once: whether some road map satisfies both offers. Clauses against: must clauses of either that no "
        "road map of the other keeps. In brackets: as a part of the side’s scale."
    )
    return Table("The gap after each offer", columns, tuple(rows), note)


def _moves(rounds: Rounds, case: ResolvedCase, names: Names) -> Iterator[Block]:
    moved = [(n, r, r.move) for n, r in enumerate(rounds.rounds, 1) if r.move is not None]
    if not moved:
        return
    yield Heading(3, "What each side changed", "rounds-changes")
    columns = (Column("Offer", 1.2), Column("Towards the other", 2.4), Column("Towards itself", 2.4))
    rows: list[tuple[Cell | str, ...]] = []
    for n, one, move in moved:
        values = ", ".join(f"{p} {signed(v)}" for p, v in move.value.items())
        told = f"{n} {names.of(one.by)}, against {_number(rounds, move.since)}: {VERDICTS[move.verdict]}"
        some = ([c for c in move.changes if c.towards == side] for side in ("other", "own"))
        cells = (changes_words(changes, lambda text: sentence(case, _clause(text))) for changes in some)
        rows.append((told + (f" ({values})" if values else ""), *cells))
    yield Table("Clauses dropped, moved and added", columns, tuple(rows), dense=True,
                note="In brackets: how much more or less the offer can now give each. Clauses of which the worth of "
                     "their measures does not tell whom they favour are left out.")  # fmt: skip


def _single_text(rounds: Rounds, text: SingleText, case: ResolvedCase, names: Names) -> Iterator[Block]:
    yield Heading(3, "A single text to table next", "single-text")
    if text.outcome == "none-exists":
        yield Callout("No single text", "It is proved that no road map is certified, whatever it keeps.", "bad")
        return
    if text.audit is None:
        yield Callout("Not known", "None was found before a limit was reached; one may exist.", "open")
        return
    closest = "closest to" if text.proved else "found closest to"
    yield Callout(f"The certified road map {closest} both last offers", proof(text), "good" if text.proved else "open")
    yield _worth(rounds, text, names)
    asked = [c for c in text.clauses if not c.kept]
    if asked:
        yield Bullets(tuple(
            f"{names.of(c.clause.owner)} gives up {'the wish ' if c.clause.strength == 'want' else ''}"
            f"{_words(case, c.clause)}: {miss(case, _clause(c.clause.text), ClauseResult('', False, c.distance))}"
            for c in asked
        ))  # fmt: skip
    last = Calendar.of(case).label(max((s + case.measures[k].takes for k, s in text.starts.items()), default=0))
    yield Figure(timeline(case, RoadMap(text.starts), None), f"The single text; the last step is in force in {last}.",
                 "Timeline of the single text.")  # fmt: skip


def _worth(rounds: Rounds, text: SingleText, names: Names) -> Table:
    assert text.audit is not None
    rows: list[tuple[Cell | str, ...]] = []
    for p in rounds.sides:
        musts = [c for c in text.clauses if c.clause.owner == p and c.clause.strength == "must"]
        kept = f"{sum(c.kept for c in musts)} of {len(musts)}"
        values = (text.audit.V[p][0], text.audit.reserve[p], text.own_offer.get(p))
        rows.append((names.of(p), *(Cell(number(v), "right") for v in values), Cell(kept, "right")))
    columns = (Column("", 1.6), Column("Worth", 1.0, "right"), Column("No deal", 1.0, "right"),
               Column("Own offer at best", 1.2, "right"), Column("Its clauses kept", 1.2, "right"))  # fmt: skip
    return Table("What it is worth to each, in its own units", columns, tuple(rows))


def _clause(text: str) -> Clause:
    return Clause("", "", "proposal", "", "must", text)


def _words(case: ResolvedCase, clause: OfferClause) -> str:
    return sentence(case, _clause(clause.text))
