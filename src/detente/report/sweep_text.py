"""Sweeps as text for a terminal, and in a notebook."""

from __future__ import annotations

from collections.abc import Mapping

from detente.case.resolved import ResolvedCase
from detente.report.numbers import count, percent
from detente.report.text import Names, table, wrapped
from detente.results.sweep import Effect, Sweep, SweepRow

HEADLINES: Mapping[str, str] = {"holds": "holds"}
DONE_IN: Mapping[str, str] = {"worlds": "possible worlds", "simulate": "runs"}
MOST = 3
"""Points told at either end, for each road map."""
FLAT = 0.005
"""A spread of means that is told as none."""


def sweep_text(told: Sweep, case: ResolvedCase | None = None) -> str:
    """Each road map over all points, the best and the worst points, what moves most, and where the table is."""
    names = Names(case)
    lines = wrapped(f"SWEEP: {_what(told)}", "  ")
    if not told.complete:
        lines += wrapped(_unfinished(told))
    if told.rows:
        lines += ["", *_road_maps(told, names)]
        for name in told.road_maps:
            lines += _points(told, name, names)
        lines += ["", *_effects(told, names)]
    return "\n".join([*lines, "", *wrapped(f"All rows: {told.table}")])


def sweep_html(told: Sweep, case: ResolvedCase | None = None) -> str:
    """The same in a notebook, as tables."""
    from detente.report import html
    from detente.report.document import Block, Callout, Column, Para, Table

    names = Names(case)
    blocks: list[Block] = [Callout("Sweep", _what(told), "good" if told.complete else "open")]
    if not told.complete:
        blocks.append(Para(_unfinished(told)))
    if told.rows:
        heads = (Column("Road map", 2.0), *(Column(x, 1.0) for x in ("Least", "Mean", "Most")))
        blocks.append(Table(_headline(told), heads, tuple(tuple(r) for r in _over_points(told, names))))
        moves = (Column("What is varied", 3.0), Column("Road map", 2.0), Column("Means", 3.0))
        blocks.append(Table("What moves it most", moves, tuple(tuple(r) for r in _moves(told, names))))
    return html.fragment([*blocks, Para(f"All rows: {told.table}")])


def _what(told: Sweep) -> str:
    maps, points = count(len(told.road_maps), "road map"), count(told.points, "point")
    return f"{maps} at {points}, {told.n:,} {DONE_IN[told.kind]} each; {', '.join(told.titles)}"


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
    rows = [[f"  {percent(r.found[told.headline])}", _interval(told, r), at(told, r)] for r in (*best, *worst)]
    return ["", *wrapped(f"{names.of(name)}, best and worst points:"), *table(rows, "rll")]


def _interval(told: Sweep, row: SweepRow) -> str:
    low, high = (row.found.get(f"{told.headline}_{end}") for end in ("low", "high"))
    return "" if low is None or high is None else f"({percent(low)} to {percent(high)})"


def at(told: Sweep, row: SweepRow) -> str:
    """``response lag of Hills 2, exit cost of Plains 0.5``."""
    return ", ".join(f"{title} {value}" for title, value in zip(told.titles, row.at, strict=True))


def _effects(told: Sweep, names: Names) -> list[str]:
    moving = [e for e in told.effects if e.spread >= FLAT]
    if not moving:
        return wrapped("Nothing that was varied moves it by half a per cent of the worlds.")
    return [
        "What moves it most (means over all else):",
        *table([[f"  {a}", b, c] for a, b, c in _moves(told, names)], "lll"),
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
    return ", ".join(f"{at}: {percent(x)}" for at, x in means)
