"""Runs of a road map as text for a terminal, and in a notebook."""

from __future__ import annotations

from detente.case.resolved import ResolvedCase
from detente.report import simulate_words as words
from detente.report.numbers import number, percent, signed
from detente.report.text import WIDTH, Names, fitted, table, wrapped
from detente.results.estimates import Estimate
from detente.results.simulation import HOWS, Simulation, Spread

MOST_WAYS, MOST_DATES, NAME = 8, 6, 26
"""The most that is shown; a column of names that has to give way keeps so much."""
NOTHING = 0.0005
"""What is less than this part of the largest amount of a row is shown as nothing."""


def simulate_text(told: Simulation, case: ResolvedCase | None = None) -> str:
    """How it ends, who ended it and when, what is reached, in force and paid, and one run as a story."""
    names = Names(case)
    name = f": {names.of(told.road_map.name)}" if told.road_map.name else ""
    lines = [*wrapped(f"RUNS{name}"), *wrapped(words.headline(told)), "", *_ways(told, names), ""]
    lines += wrapped(words.lateness(told, names))
    for part in (_goals(told, names), _shares(told, names), _worth(told, names)):
        lines += ["", *part] if part else []
    lines += ["", *wrapped(words.NOTE), *_story(told, names), *_rates(told, names)]
    return "\n".join(lines)


def _between(x: Estimate) -> str:
    return f"{percent(x.low)} to {percent(x.high)}"


def _ways(told: Simulation, names: Names) -> list[str]:
    rows = [["runs", "95 %", "ended", "half within", "how"]]
    rest = told.ways[MOST_WAYS:]
    for w in told.ways[:MOST_WAYS]:
        when, half = ("-", "-") if not w.when else (names.when(w.when[2]), _span(w.when[1], w.when[3], names))
        rows.append([percent(w.share.value), _between(w.share), when, half, words.way_told(w, names)])
    if rest:
        many = sum(w.share.value for w in rest)
        rows.append([percent(many), "", "", "", f"{len(rest)} other ways"])
    return table(rows, "rrlll")


def _span(first: int, last: int, names: Names) -> str:
    return names.when(first) if first == last else f"{names.when(first)} - {names.when(last)}"


def _goals(told: Simulation, names: Names) -> list[str]:
    rows = [["goal", "whose", "reached", "in time", "one run of 20 by", "half by"]]
    for g in told.goals:
        by = ["-" if t is None else names.when(t) for t in (g.when[0], g.when[2])]
        in_time = "-" if g.in_time is None else percent(g.in_time.value)
        rows.append([names.of(g.name), names.of(g.owner), percent(g.share.value), in_time, *by])
    return fitted(rows, "llrrll") if told.goals else []


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
        if others + NAME <= WIDTH:
            break
    return fitted(rows, "l" + "r" * len(dates))


def _whole(share: float) -> str:
    return f"{100 * share:.0f}"


def _worth(told: Simulation, names: Names) -> list[str]:
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
    return fitted(rows, "lrrrrrr")


def _story(told: Simulation, names: Names) -> list[str]:
    """What happened in one run. Steps are late until it first ends; what comes after that was not agreed."""
    if told.story is None:
        return []
    lines, last = ["", *wrapped(words.story_head(told.story, names))], len(told.survival) - 1
    when, agreed = "", words.agreed_dates(told, names)
    for e in told.story.events:
        if e.kind in words.UNTOLD or (e.period >= last and e.kind in words.OPEN):
            continue
        date = names.when(e.period)
        indent = " " * (len(date) + 2)
        event = f"{words.event_told(e, names, agreed)}."
        lines += wrapped((f"{date}  " if date != when else indent) + event, indent)
        when, agreed = date, {} if e.kind in HOWS else agreed
    if told.story.way.how in ("kept", "unfound"):
        lines += wrapped("It stands to the end of the case.")
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
    from detente.report.document import Block, Figure, Para

    blocks: list[Block] = [Para(line) for line in simulate_text(told, case).split("\n")]
    if case is not None:
        blocks.insert(1, Figure(fan(told, case), "What is in force.", "Shares of each group in force over time."))
    return html.fragment(blocks)
