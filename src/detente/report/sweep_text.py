"""Sweeps as text for a terminal, and in a notebook."""

from __future__ import annotations

from collections.abc import Mapping

from detente.case.resolved import ResolvedCase
from detente.report.numbers import count, number, percent
from detente.report.text import Names, table, wrapped
from detente.results.sweep import Effect, Sweep, SweepRefusal, SweepRow, measured

HEADLINES: Mapping[str, str] = {"holds": "holds", "kept": "is kept to the end"}
DONE_IN: Mapping[str, str] = {"worlds": "possible worlds", "simulate": "runs"}
MOST = 3
"""Points told at either end, for each road map."""
SHOWN = 5
"""Values of a thing varied that are told one by one."""
FLAT = 0.005
"""A spread of means that is told as none."""


def sweep_text(told: Sweep, case: ResolvedCase | None = None) -> str:
    """What is varied, each road map over all points, the best and worst points, what moves most, where the table is."""
    names = Names(case)
    lines = wrapped(f"SWEEP: {_what(told)}", "  ")
    if not told.complete:
        lines += wrapped(_unfinished(told))
    lines += ["", *_varied(told)]
    if told.rows:
        lines += ["", *_road_maps(told, names)]
        for name in told.road_maps:
            lines += _points(told, name, names)
        lines += ["", *_effects(told, names)]
    if told.refused:
        head, *each = _refused(told, names)
        lines += ["", *wrapped(head), *(line for one in each for line in wrapped(f"- {one}", "  "))]
    return "\n".join([*lines, "", *wrapped(f"All rows: {told.table}")])


def sweep_html(told: Sweep, case: ResolvedCase | None = None) -> str:
    """The same in a notebook, as tables, with the chart."""
    from detente.report import html
    from detente.report.charts.sweep import sweep as drawn
    from detente.report.document import Block, Callout, Column, Figure, Para, Table

    names = Names(case)
    blocks: list[Block] = [Callout("Sweep", _what(told), "good" if told.complete else "open")]
    if not told.complete:
        blocks.append(Para(_unfinished(told)))
    if told.rows:
        heads = (Column("Road map", 2.0), *(Column(x, 1.0) for x in ("Least", "Mean", "Most")))
        blocks.append(Table(_headline(told), heads, tuple(tuple(r) for r in _over_points(told, names))))
        moves = (Column("What is varied", 3.0), Column("Road map", 2.0), Column("Means", 3.0))
        blocks.append(Table("What moves it most", moves, tuple(tuple(r) for r in _moves(told, names))))
        alt = f"{_headline(told)}, over {told.titles[0]}."
        blocks.append(Figure(drawn(told, case), f"Over {told.titles[0]}.", alt))
    if told.refused:
        blocks += [Para(text) for text in _refused(told, names)]
    return html.fragment([*blocks, Para(f"All rows: {told.table}")])


def _what(told: Sweep) -> str:
    maps, points = count(len(told.road_maps), "road map"), count(told.points, "point")
    return f"{maps} at {points}, {told.n:,} {DONE_IN[told.kind]} each"


def letter(n: int) -> str:
    """What stands for one of the things varied: A, B, …, Z, AA, …"""
    return chr(ord("A") + n) if n < 26 else letter(n // 26 - 1) + letter(n % 26)


def _varied(told: Sweep) -> list[str]:
    """Each thing varied with its letter and its values."""
    rows = [[f"  {letter(n)}", title, _values(told, n)] for n, title in enumerate(told.titles)]
    return ["Varied:", *table(rows, "lll")]


def _values(told: Sweep, n: int) -> str:
    """A few values one by one; of many numbers the least and the greatest."""
    every: list[SweepRow | SweepRefusal] = [*told.rows, *told.refused]
    values = list(dict.fromkeys(row.at[n] for row in sorted(every, key=lambda row: row.point)))
    numbers = measured(values)
    if numbers is not None:
        values = [value for _, value in sorted(zip(numbers[0], values, strict=True))]
    if len(values) <= SHOWN:
        return ", ".join(values)
    if numbers is None:
        return ", ".join([*values[: SHOWN - 1], f"and {len(values) - SHOWN + 1} more"])
    return f"{values[0]} to {values[-1]}, {len(values)} values"


def _unfinished(told: Sweep) -> str:
    why = "Interrupted" if told.provenance.run.cut == "interrupted" else "A limit was reached"
    return (
        f"{why}: {told.finished:,} of {told.tasks:,} tasks are finished. The same command goes on from there; what "
        "follows is of what is finished."
    )


def _headline(told: Sweep) -> str:
    return f"Share of {DONE_IN[told.kind]} in which each {HEADLINES[told.headline]}, over all points"


def _over_points(told: Sweep, names: Names) -> list[list[str]]:
    rows = []
    for name in told.road_maps:
        shares = [r.found[told.headline] for r in told.rows if r.road_map == name]
        if shares:
            rows.append([names.of(name), *(percent(x) for x in (min(shares), sum(shares) / len(shares), max(shares)))])
    return rows


def _road_maps(told: Sweep, names: Names) -> list[str]:
    body = [[f"  {name}", *shares] for name, *shares in _over_points(told, names)]
    return [*wrapped(f"{_headline(told)}:"), *table([["", "least", "mean", "most"], *body], "lrrr")]


def _points(told: Sweep, name: str, names: Names) -> list[str]:
    """The best and the worst points of a road map; none if they are all alike."""
    order = told.best_first(name)
    if len(order) < 2 or order[0].found[told.headline] == order[-1].found[told.headline]:
        return []
    many = min(MOST, len(order) // 2)
    best, worst = order[:many], order[-many:]
    rows = [[f"  {percent(r.found[told.headline])}", _interval(told, r), *r.at] for r in (*best, *worst)]
    head = ["", "", *(letter(n) for n in range(len(told.over)))]
    return [
        "",
        *wrapped(f"{names.of(name)}, best and worst points:"),
        *table([head, *rows], "rl" + "l" * len(told.over)),
    ]


def _refused(told: Sweep, names: Names) -> list[str]:
    """How many rows were refused, and why the first were."""
    many, of = len(told.refused), len(told.refused) + len(told.rows)
    each = [
        f"{names.of(one.road_map)} at {', '.join(f'{letter(n)} {value}' for n, value in enumerate(one.at))}: {one.why}"
        for one in told.refused[:MOST]
    ]
    return [f"Refused by the case, where values do not go together: {many:,} of {count(of, 'row')}.", *each]


def _interval(told: Sweep, row: SweepRow) -> str:
    low, high = (row.found.get(f"{told.headline}_{end}") for end in ("low", "high"))
    return "" if low is None or high is None else f"({percent(low)} to {percent(high)})"


def _effects(told: Sweep, names: Names) -> list[str]:
    moving = [e for e in told.effects if e.spread >= FLAT]
    if not moving:
        return wrapped(f"Nothing that was varied moves it by half a per cent of the {DONE_IN[told.kind]}.")
    return [
        "What moves it most (means over all else):",
        *table([[f"  {letter(told.over.index(e.of))}", names.of(e.road_map), _means(e)] for e in moving], "lll"),
    ]


def _moves(told: Sweep, names: Names) -> list[list[str]]:
    title = dict(zip(told.over, told.titles, strict=True))
    return [[title[e.of], names.of(e.road_map), _means(e)] for e in told.effects if e.spread >= FLAT]


def _means(effect: Effect) -> str:
    """Each value with its mean; of many the first, the last, and where it is least and most."""
    means = effect.means
    if len(means) > 5:
        values = [x for _, x in means]
        keep = sorted({0, len(means) - 1, values.index(min(values)), values.index(max(values))})
        means = tuple(means[n] for n in keep)
    return ", ".join(f"{_rounded(at)}: {percent(x)}" for at, x in means)


def _rounded(at: str) -> str:
    """A value, or a range of them, in three figures."""
    ends = at.split(" to ")
    numbers = measured(ends)
    if numbers is None:
        return at
    return " to ".join(f"{number(x)} {numbers[1]}".strip() for x in numbers[0])
