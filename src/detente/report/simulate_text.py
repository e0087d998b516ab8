"""Runs of a road map as text for a terminal, and in a notebook."""

from __future__ import annotations

from detente.case.resolved import ResolvedCase
from detente.report import simulate_words as words
from detente.report.numbers import number, percent, signed
from detente.report.text import Names, fitted, table, wrapped
from detente.report.width import width
from detente.results.estimates import Estimate
from detente.results.simulation import Simulation, Spread

MOST_WAYS, MOST_DATES, NAME = 8, 6, 26
"""The most that is shown; a column of names that has to give way keeps so much."""
NOTHING = 0.0005
"""What is less than this part of the largest amount of a row is shown as nothing."""


def simulate_text(told: Simulation, case: ResolvedCase | None = None) -> str:
    """How it ends, who ended it and when, what is reached, in force and paid, and one run as a story."""
    names = Names(case)
    name = f": {names.of(told.road_map.name)}" if told.road_map.name else ""
    lines = [*wrapped(f"RUNS{name}"), *wrapped(words.headline(told)), "", *table(_ways(told, names), "rrlll"), ""]
    lines += wrapped(words.lateness(told, names))
    goals, worth = _goals(told, names), fitted(_worth(told, names), "lrrrrrr")
    for part in (fitted(goals, "llrrll") if goals else [], _shares(told, names), worth):
        lines += ["", *part] if part else []
    lines += ["", *wrapped(words.NOTE), *_story(told, names), *_rates(told, names)]
    return "\n".join(lines)


def _between(x: Estimate) -> str:
    return f"{percent(x.low)} to {percent(x.high)}"


def _ways(told: Simulation, names: Names) -> list[list[str]]:
    """A row for each way in which it ends, below a row of heads."""
    rows = [["runs", "95 %", "ended", "half within", "how"]]
    rest = told.ways[MOST_WAYS:]
    for w in told.ways[:MOST_WAYS]:
        when, half = ("-", "-") if not w.when else (names.when(w.when[2]), _span(w.when[1], w.when[3], names))
        rows.append([percent(w.share.value), _between(w.share), when, half, words.way_told(w, names)])
    if rest:
        many = sum(w.share.value for w in rest)
        rows.append([percent(many), "", "", "", f"{len(rest)} other way{'s' if len(rest) > 1 else ''}"])
    return rows


def _span(first: int, last: int, names: Names) -> str:
    return names.when(first) if first == last else f"{names.when(first)} - {names.when(last)}"


def _goals(told: Simulation, names: Names) -> list[list[str]]:
    """A row for each goal, below a row of heads; nothing where there are none."""
    rows = [["goal", "whose", "reached", "in time", "one run of 20 by", "half by"]]
    for g in told.goals:
        by = ["-" if t is None else names.when(t) for t in (g.when[0], g.when[2])]
        rows.append([names.of(g.name), names.of(g.owner), percent(g.share.value), percent(g.in_time.value), *by])
    return rows if told.goals else []


def _shares(told: Simulation, names: Names) -> list[str]:
    """What is in force at as many dates as there is room for."""
    fans = {g: fan for g, fan in told.shares.items() if any(max(series) > 0 for series in fan)}
    if not fans:
        return []
    last = len(next(iter(fans.values()))[0]) - 1
    for many in range(MOST_DATES, 1, -1):
        dates = sorted({round(last * k / (many - 1)) for k in range(many)})
        rows = [["in force, % (5 to 95)", *(names.when(t) for t in dates)]]
        for g, fan in fans.items():
            cells = [f"{_whole(fan[2][t])} ({_whole(fan[0][t])}-{_whole(fan[4][t])})" for t in dates]
            rows.append([names.of(g), *cells])
        others = sum(max(len(row[n]) for row in rows) + 2 for n in range(1, len(dates) + 1))
        if others + NAME <= width():
            break
    return fitted(rows, "l" + "r" * len(dates))


def _whole(share: float) -> str:
    return f"{100 * share:.0f}"


def _worth(told: Simulation, names: Names) -> list[list[str]]:
    """A row for each party, below a row of heads."""
    rows = [["party", "over no deal", "5 to 95 %", "at the end", "5 to 95 %", "exposure", "95 %"]]
    for p, gain in told.gains.items():
        cost, exposed = told.costs.get(p), told.exposed.get(p)
        spreads = [x for x in (gain, cost, exposed) if x is not None]
        least = NOTHING * max(abs(v) for x in spreads for v in (x.mean, *x.quantiles))

        def shown(x: float, least: float = least) -> float:
            return x if abs(x) > least else 0.0

        def span(x: Spread) -> str:
            return f"{number(shown(x.quantiles[0]))} to {number(shown(x.quantiles[-1]))}"

        row = [names.of(p), signed(shown(gain.mean)), span(gain)]
        if cost is None or exposed is None:
            row += ["-"] * 4
        else:
            row += [signed(shown(cost.mean)), span(cost)]
            row += [number(shown(exposed.mean)), number(shown(exposed.quantiles[-1]))]
        rows.append(row)
    return rows


def _story(told: Simulation, names: Names) -> list[str]:
    if told.story is None:
        return []
    lines, before = ["", *wrapped(words.story_head(told.story, names))], ""
    for date, event in words.story_told(told, names):
        indent = " " * (len(date) + 2) if date else ""
        lines += wrapped((indent if date == before else f"{date}  " if date else "") + event, indent)
        before = date
    return lines


def _rates(told: Simulation, names: Names) -> list[str]:
    rows = [["  rate", "value", "why"]]
    for name, rate in told.conduct.items():
        rows.append([f"  {name.replace('_', ' ')}", words.rate_told(name, rate.value, names.period), rate.why])
    trust = "go on only while the trust earned covers the trust needed" if told.trust else "do not look at trust"
    return ["", "What runs go by:", *table(rows, "lll"), *wrapped(f"Parties {trust}.")]


def simulate_html(told: Simulation, case: ResolvedCase | None = None) -> str:
    """The same for a notebook, with the fan chart where the case is known."""
    from detente.report import html
    from detente.report.charts.fan import fan
    from detente.report.document import Align, Block, Bullets, Callout, Column, Figure, Para, Table

    names = Names(case)

    def as_table(caption: str, rows: list[list[str]], align: str) -> Table:
        sides: dict[str, Align] = {"l": "left", "r": "right"}
        sized = zip(rows[0], (2.5, *[1.0] * len(align)), align, strict=False)
        heads = tuple(Column(head, width, sides[a]) for head, width, a in sized)
        return Table(caption, heads, tuple(tuple(row) for row in rows[1:]))

    title = names.of(told.road_map.name) if told.road_map.name else "The road map"
    ways = [[how, *cells] for *cells, how in _ways(told, names)]
    blocks: list[Block] = [Callout(title, words.headline(told), "plain"), as_table("How it ends", ways, "lrrll")]
    blocks += [Para(words.lateness(told, names))]
    if case is not None:
        blocks.append(Figure(fan(told, case), "What is in force.", "Shares of each group in force over time."))
    goals = _goals(told, names)
    blocks += [as_table("Goals", goals, "llrrll")] if goals else []
    blocks += [as_table("What it is worth", _worth(told, names), "lrrrrrr"), Para(words.NOTE, small=True)]
    if told.story is not None:
        events = tuple(": ".join(x for x in pair if x) for pair in words.story_told(told, names))
        blocks += [Para(words.story_head(told.story, names)), Bullets(events)]
    return html.fragment(blocks)
