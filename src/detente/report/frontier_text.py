"""A frontier as plain text for a terminal: points, bargaining solutions, and where the proposals lie."""

from __future__ import annotations

from detente.case.resolved import ResolvedCase
from detente.report import frontier_words as words
from detente.report.numbers import number, signed
from detente.report.text import Names, steps, table, wrapped
from detente.results.frontier import Frontier


def frontier_text(told: Frontier, case: ResolvedCase | None = None) -> str:
    """The points with their bounds, what each solution picks, where proposals lie, and how far it is proved."""
    names = Names(case)
    between = " and ".join(names.of(p) for p in told.parties)
    lines = wrapped(f"FRONTIER between {between}: {words.headline(told)}")
    lines += wrapped(words.standing(told, names.of)) if words.standing(told, names.of) else []
    if told.points:
        lines += ["", *_points(told, names), "", *_solutions(told)]
    if told.proposals:
        lines += ["", *_proposals(told, names)]
    return "\n".join(lines)


def point_text(told: Frontier, number: int, case: ResolvedCase | None = None) -> str:
    """The dated steps of one point, counted from 1."""
    names, point = Names(case), told.points[number - 1]
    return "\n".join([f"Point {number}", "", *steps(point.road_map.starts, names)]).rstrip()


def _points(told: Frontier, names: Names) -> list[str]:
    whole = told.kind == "complete"
    head = ["point"]
    for p in told.parties:
        head += [names.of(p)] if whole else [names.of(p), "at most"]
    rows = [[*head, "steps", *([] if whole else ["efficient"]), "weakest moment"]]
    for n, point in enumerate(told.points):
        row = [str(n + 1)]
        for p in told.parties:
            row += [signed(point.gains[p])] if whole else [signed(point.gains[p]), words.at_most(point.most[p])]
        proved = [] if whole else ["proved" if point.efficient else "not known"]
        least = point.weakest
        weak = "-" if least is None else f"{least.party}, {names.when(least.period)}, margin {number(least.value)}"
        rows.append([*row, str(len(point.road_map)), *proved, weak])
    note = "Gains over no deal at the common discount, each in its party's own units."
    if not whole:
        note += " At most: proved of every certified road map that gives no other party less."
    return [*table(rows, "r" * (len(rows[0]) - (1 if whole else 2)) + ("l" if whole else "ll")), *wrapped(note)]


def _solutions(told: Frontier) -> list[str]:
    rows = [["solution", "point", "why"]]
    rows += [[words.SOLUTIONS[s.name], str(s.point + 1), words.solution(told, s)] for s in told.solutions]
    missing = words.without_nash(told)
    return [*table(rows, "lrl"), *(wrapped(missing) if missing else [])]


def _proposals(told: Frontier, names: Names) -> list[str]:
    """Of each proposal what it gives the parties if all keep it."""
    rows = [[*(names.of(p) for p in told.parties), "verdict", "proposal, and where it lies"]]
    for one in told.proposals:
        gains = [signed(one.gains.get(p)) for p in told.parties]
        title = f"{names.of(one.name)}, {words.form(one, names.of)}"
        rows.append([*gains, words.verdict(one), f"{title}: {words.where(told, one)}"])
    return table(rows, "r" * len(told.parties) + "ll")


def frontier_html(told: Frontier, case: ResolvedCase | None = None) -> str:
    """The same for a notebook, with a chart; without the case as plain text."""
    from detente.report import html
    from detente.report.document import Para
    from detente.report.sections.frontier import frontier

    blocks = frontier(told, case) if case is not None else [Para(line) for line in frontier_text(told).split("\n")]
    return html.fragment(blocks)
