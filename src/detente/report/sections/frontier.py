"""What can be traded between the parties: the frontier, the bargaining solutions on it, and where the proposals lie."""

from __future__ import annotations

from collections.abc import Iterator

from detente.case.resolved import ResolvedCase
from detente.case.road_map import RoadMap
from detente.report import frontier_words as words
from detente.report import html
from detente.report.calendar import Calendar
from detente.report.charts.frontier import anchor
from detente.report.charts.frontier import frontier as chart
from detente.report.document import (
    Block,
    Cell,
    Column,
    Document,
    Figure,
    Folded,
    Heading,
    Link,
    Para,
    Table,
    Text,
    listed,
)
from detente.report.numbers import number, signed
from detente.report.words import the, upper
from detente.results.frontier import Frontier, FrontierPoint, Placed

_ABOUT = (
    "Of the road maps that nobody gains by leaving, those that no other is known to beat, by what they give each party "
    "over no deal: whoever wants more for one must give another less."
)


def frontier(told: Frontier, case: ResolvedCase) -> list[Block]:
    """Chart, points, solutions, proposals; each point leads to its road map."""
    between = listed([the(case.title(p)) for p in told.parties])
    head: list[Block] = [Heading(2, f"What can be traded between {between}", "frontier")]
    if not told.points:
        return [*head, Para(f"{upper(words.headline(told))}. {words.standing(told, case.title)}".strip())]
    return [
        *head,
        Para(f"{_ABOUT} {words.standing(told, case.title)}"),
        *_figures(told, case),
        _points(told, case),
        _solutions(told),
        *([Para(words.without_nash(told))] if words.without_nash(told) else []),
        *([_proposals(told, case)] if told.proposals else []),
        *_road_maps(told, case),
    ]  # fmt: skip


def frontier_page(told: Frontier, case: ResolvedCase) -> str:
    """The section as a page of its own."""
    p = told.provenance
    title = case.title("case") if "case" in case.titles else case.name
    return html.page(
        Document(title, "Trade-offs", (), tuple(frontier(told, case)), f"{p.program} · case {p.case_hash}")
    )


def _figures(told: Frontier, case: ResolvedCase) -> Iterator[Block]:
    """One chart between two parties, one for each pair of more."""
    pairs = [(a, b) for n, a in enumerate(told.parties) for b in told.parties[n + 1 :]]
    for a, b in pairs:
        many = "" if len(pairs) == 1 else f" Of {len(told.parties)} parties only two are seen here."
        caption = (
            f"Gains of {the(case.title(a))} and {the(case.title(b))} over no deal; numbers lead to road maps.{many}"
        )
        gains = "; ".join(
            f"point {n + 1}: {signed(p.gains[a])}, {signed(p.gains[b])}" for n, p in enumerate(told.points)
        )
        yield Figure(chart(told, case.title, (a, b)), caption, f"{caption} {gains}.", 0.5)


def _points(told: Frontier, case: ResolvedCase) -> Table:
    columns = [Column("Point", 0.5)]
    for p in told.parties:
        columns += [Column(case.title(p), 1.0, "right"), Column("At most", 1.0, "right")]
    columns += [Column("Steps", 0.6, "right"), Column("Efficient", 0.9), Column("Weakest moment", 2.0)]
    rows = tuple(_point(told, case, n, p) for n, p in enumerate(told.points))
    note = (
        "Gains over no deal at the common discount, each in its party’s own units. At most: proved of every road map "
        "that holds and gives no other party less than this one."
    )
    return Table("Road maps that no other is known to beat", tuple(columns), rows, note)


def _point(told: Frontier, case: ResolvedCase, n: int, p: FrontierPoint) -> tuple[Cell | str, ...]:
    cells: list[Cell | str] = [Cell((Link(str(n + 1), anchor(n + 1)),))]
    for q in told.parties:
        cells += [Cell(signed(p.gains[q]), "right"), Cell(words.at_most(p.most[q]), "right")]
    least = p.weakest
    label = Calendar.of(case).label
    weak = "–" if least is None else f"{case.title(least.party)}, {label(least.period)}: margin {number(least.value)}"
    proved = Cell("proved", tone="good") if p.efficient else Cell("not known", tone="open")
    return (*cells, Cell(str(len(p.road_map)), "right"), proved, weak)


def _solutions(told: Frontier) -> Table:
    rows: list[tuple[Cell | str, ...]] = []
    for s in told.solutions:
        link: Text = (Link(f"point {s.point + 1}", anchor(s.point + 1)),)
        rows.append((words.SOLUTIONS[s.name], Cell(link), upper(words.solution(told, s))))
    columns = (Column("Solution", 1.2), Column("Picks", 0.7), Column("What it maximises", 4.0))
    note = (
        "A party’s scale is what everything on offer that it wants would be worth to it from the start. Shares of the "
        "most each could get, and products, do not depend on the units of the parties; sums and equal gains do."
    )
    return Table("Where theories of bargaining would have them meet", columns, tuple(rows), note)


def _proposals(told: Frontier, case: ResolvedCase) -> Table:
    columns = (
        Column("Proposal", 2.2),
        *(Column(case.title(p), 0.9, "right") for p in told.parties),
        Column("Verdict", 1.2),
        Column("Where it lies", 2.6),
    )
    rows = tuple(_proposal(told, case, one) for one in told.proposals)
    note = "Gains if everybody keeps it, which of what fails cannot be relied upon."
    return Table("Where the proposals lie", columns, rows, note)


def _proposal(told: Frontier, case: ResolvedCase, one: Placed) -> tuple[Cell | str, ...]:
    gains = (Cell(signed(one.gains.get(p)), "right") for p in told.parties)
    certified = one.audit is not None and one.audit.certified
    verdict = Cell(upper(words.verdict(one)), tone="good" if certified else "bad")
    return (f"{case.title(one.name)}, {words.form(one, case.title)}", *gains, verdict, upper(words.where(told, one)))


def _road_maps(told: Frontier, case: ResolvedCase) -> Iterator[Block]:
    for n, p in enumerate(told.points):
        gains = listed([f"{case.title(q)} {signed(p.gains[q])}" for q in told.parties])
        yield Folded(f"Point {n + 1}: {gains}", anchor(n + 1), (steps(case, p.road_map, f"Road map of point {n + 1}"),))


def steps(case: ResolvedCase, road_map: RoadMap, caption: str) -> Table:
    """The dated steps of a road map, in order of beginning."""
    label, order = Calendar.of(case).label, {k: n for n, k in enumerate(case.measures)}
    rows: list[tuple[Cell | str, ...]] = []
    for k, start in sorted(road_map.starts.items(), key=lambda x: (x[1], order[x[0]])):
        m = case.measures[k]
        rows.append((label(start), label(start + m.takes), case.title(m.by or ""), case.title(k)))
    columns = (Column("Begins", 0.7), Column("In force from", 0.8), Column("Who", 1.2), Column("What", 3.6))
    return Table(caption, columns, tuple(rows), dense=True)
