"""Thresholds as text for a terminal, and in a notebook."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby
from math import prod

from detente.audit.words import how_shortly
from detente.case.resolved import ResolvedCase
from detente.report.numbers import count, number, percent, plain
from detente.report.text import Names, table, wrapped
from detente.results.threshold import HOLDING, Axis, Interval, Point, State, Threshold

WORDS: dict[str, dict[State, str]] = {
    "road-map": {
        "certified": "certified", "holds": "holds, not certified", "fails": "fails", "unknown": "not known",
    },
    "any": {
        "certified": "a certified road map exists", "holds": "", "fails": "proved: none exists", "unknown": "not known",
    },
}  # fmt: skip
SIGNS: dict[State, str] = {"certified": "#", "holds": "+", "fails": ".", "unknown": "?"}
MOST_RUNS = 8
"""Temptations that are told."""

MOST_COLUMNS = 60
"""Of a map on a terminal; of more values some are left out."""


def threshold_text(found: Threshold, case: ResolvedCase | None = None) -> str:
    """Where it holds and where it fails, why, how closely that is known; of two numbers a map."""
    names = Names(case)
    head = "THRESHOLDS" if len(found.axes) == 2 else "THRESHOLD"
    lines = wrapped(f"{head}: {' and '.join(_what(a) for a in found.axes)}", "  ")
    lines += [*wrapped(_question(found, names)), *wrapped(summary(found))]
    lines += ["", *(_map(found) if len(found.axes) == 2 else _table(found))] if found.points else []
    lines += [*_who(found, names), "", *wrapped(_care(found))]
    return "\n".join(lines)


def threshold_html(found: Threshold, case: ResolvedCase | None = None) -> str:
    """The same in a notebook, with the chart."""
    from detente.report import html
    from detente.report.charts.threshold import threshold
    from detente.report.document import Block, Callout, Column, Figure, Para, Table, Tone

    tones: dict[str, Tone] = {"holds": "good", "fails": "bad", "unknown": "open"}
    title = "; ".join(_what(a) for a in found.axes)
    blocks: list[Block] = [
        Callout(title, f"{_question(found, Names(case))} {summary(found)}", tones[found.outcome]),
        Figure(threshold(found, case), "Where it holds.", summary(found)),
    ]
    if len(found.axes) == 1:
        heads = (Column("Values", 1.0), Column("What was found", 3.0))
        blocks.append(Table("Intervals", heads, tuple((span(i), told(found, i)) for i in found.intervals())))
    return html.fragment([*blocks, Para(_care(found))])


def _what(axis: Axis) -> str:
    """``response lag of Plains (party.Plains.lag), 1 to 12 years``."""
    unit = f" {axis.unit}" if axis.unit else ""
    return f"{axis.title} ({', '.join(axis.paths)}), {plain(axis.low)} to {plain(axis.high)}{unit}"


def _question(found: Threshold, names: Names) -> str:
    said = [f"The case says {_stated(a)}." for a in found.axes if a.stated is not None]
    if len(said) > 1:
        said = [f"The case says {' and '.join(_stated(a) for a in found.axes)}."]
    if found.road_map is None:
        asked = f"Is any road map certified, with a margin of {number(found.margin_required)} of each party's scale?"
    elif not found.road_map:
        asked = "Does the empty road map hold?"
    elif found.road_map.name:
        asked = f'Does the road map "{names.of(found.road_map.name)}" hold?'
    else:
        asked = f"Does the road map given, of {count(len(found.road_map), 'measure')}, hold?"
    return " ".join([asked, *said])


def _stated(axis: Axis) -> str:
    assert axis.stated is not None
    span = (
        "" if axis.stated_range is None else f" (from {plain(axis.stated_range[0])} to {plain(axis.stated_range[1])})"
    )
    return f"{plain(axis.stated)}{span}"


def _who(found: Threshold, names: Names) -> list[str]:
    """Who is tempted most where it fails, and how; with the values, of two numbers with how many there are."""
    if found.question == "any":
        return []
    runs = [(key, list(run)) for key, run in groupby(found.points, lambda p: _worst(p, names))]
    tempted = [(key, run) for key, run in runs if key]
    if len({key for key, _ in tempted}) < 2 and len(found.axes) == 1:
        return []
    if len(found.axes) == 2:
        counted = Counter({key: sum(len(run) for k, run in tempted if k == key) for key, _ in tempted})
        rows = [[f"  {count(n, 'pair')}", key] for key, n in counted.most_common(MOST_RUNS)]
    else:
        rows = [[f"  {_from_to(run[0].at[0], run[-1].at[0])}", key] for key, run in tempted[:MOST_RUNS]]
    more = len({key for key, _ in tempted} if len(found.axes) == 2 else tempted) - len(rows)
    left_out = [f"  and {more} more"] if more > 0 else []
    return ["", "Who is tempted most where it fails:", *table(rows, "ll"), *left_out] if rows else []


def _worst(p: Point, names: Names) -> str:
    """``Hills, by walking out``; empty where nobody is tempted."""
    if not p.tempted:
        return ""
    worst = p.tempted[0]
    if names.case is not None:
        way = how_shortly(names.case, worst.breach)
    else:
        way = "walking out" if worst.breach.how == "walk" else "cheating"
    return f"{names.of(worst.party)}, by {way}"


# ------------------------------------------------------------------ one number


def _table(found: Threshold) -> list[str]:
    rows = [[f"  {span(i)}", told(found, i)] for i in found.intervals()]
    return table(rows, "ll")


def span(interval: Interval) -> str:
    """``0.0556 to 1``, or a single value."""
    return _from_to(interval.first, interval.last)


def _from_to(first: Decimal, last: Decimal) -> str:
    return plain(first) if first == last else f"{plain(first)} to {plain(last)}"


def told(found: Threshold, interval: Interval) -> str:
    """What was found in an interval, and the reason at the end that is next to where it holds."""
    words = WORDS[found.question][interval.states[0]]
    inside = [p for p in found.points if interval.first <= p.at[0] <= interval.last]
    if interval.states[0] == "certified":
        return words + _margins(inside) if found.question == "road-map" else words + _sizes(inside)
    last = inside[-1] if interval.begins is None and interval.ends is not None else inside[0]
    reason = last.reason.removeprefix("Proved: ")
    where = "" if len(inside) == 1 else f" (at {plain(last.at[0])})"
    return words if found.question == "any" and interval.states[0] == "fails" else f"{words}: {reason[:-1]}{where}."


def _margins(points: Sequence[Point]) -> str:
    margins = [p.margin for p in points if p.margin is not None]
    if not margins:
        return ""
    low, high = percent(min(margins)), percent(max(margins))
    return f"; least margin {low if low == high else f'{low} to {high}'} of its party's scale"


def _sizes(points: Sequence[Point]) -> str:
    """How many measures the road maps found have."""
    sizes = sorted({len(p.road_map) for p in points if p.road_map is not None})
    if not sizes:
        return ""
    if sizes == [0]:
        return "; the one found is empty: nobody does anything"
    most = count(sizes[-1], "measure")
    return f"; those found have {most if len(sizes) == 1 else f'{sizes[0]} to {most}'}"


# ------------------------------------------------------------------ two numbers


def _map(found: Threshold) -> list[str]:
    """A sign for each pair of values, the second number upward; beside it where it holds along the first."""
    columns, rows = found.grid
    step = -(-len(columns) // MOST_COLUMNS)
    shown = columns[::step]
    at = {p.at: p.state for p in found.points}
    lines = [
        [plain(y), "".join(SIGNS[at.get((x, y), "unknown")] for x in shown), _held(found, y)] for y in reversed(rows)
    ]
    wide = max(len(line[0]) for line in lines)
    low, high = plain(shown[0]), plain(shown[-1])
    foot = low + high.rjust(len(shown) - len(low)) if len(low) + len(high) < len(shown) else f"{low} to {high}"
    states = [s for s in SIGNS if s in found.tally() or (s == "unknown" and found.left_out)]
    legend = "  ".join(f"{SIGNS[s]} {WORDS[found.question][s]}" for s in states)
    return [
        *wrapped(f"Up: {found.axes[1].title}. Across: {found.axes[0].title}; at the right where along it it holds."),
        "",
        *table([[f"  {line[0].rjust(wide)}", *line[1:]] for line in lines], "lll"),
        f"  {' ' * wide}  {foot}",
        f"  {' ' * wide}  {legend}",
    ]


def _held(found: Threshold, y: Decimal) -> str:
    """Along the first number, at one value of the second, the stretches where it holds."""
    stretches: list[list[Decimal]] = []
    inside = False
    for x, state in found.along(0, y):
        holds = state in HOLDING
        if holds and inside:
            stretches[-1][1] = x
        elif holds:
            stretches.append([x, x])
        inside = holds
    return ", ".join(_from_to(a, b) for a, b in stretches) or "-"


# ------------------------------------------------------------------ in a sentence


def summary(found: Threshold) -> str:
    """What comes out, in a sentence."""
    tally, n = found.tally(), len(found.points)
    known = " that is known" if "unknown" in tally else ""
    it = "It holds" if found.question == "road-map" else "A certified road map exists"
    if found.outcome == "fails" and found.question == "any":
        return f"None exists at {'any of the' if n > 1 else 'the'} {count(n, 'value')} tried."
    if found.outcome == "fails":
        return f"It fails at {'all' if n > 1 else 'the'} {count(n, 'value')} tried."
    if not n:
        return "Nothing was looked at."
    if found.outcome == "unknown":
        return f"{it} at no value that was decided; of {tally['unknown']} of {n} it is not known."
    if len(found.axes) == 2:
        return f"{it} at {sum(tally.get(s, 0) for s in HOLDING)} of {n} pairs of values{known}."
    return f"{it} {_where(found, found.holding())}.{_certified(found)}"


def _where(found: Threshold, runs: Sequence[Interval]) -> str:
    parts = [_bounds(found, i) for i in runs]
    return f"at all {count(len(found.points), 'value')} tried" if parts == [""] else "; and ".join(parts)


def _certified(found: Threshold) -> str:
    """Where it is certified, if that is not the same."""
    runs = [i for i in found.intervals() if i.states == ("certified",)]
    if [(i.first, i.last) for i in runs] == [(i.first, i.last) for i in found.holding()]:
        return ""
    return f" It is certified {_where(found, runs)}." if runs else " It is certified nowhere."


def _bounds(found: Threshold, interval: Interval) -> str:
    """``from 0.0556 on, not yet at 0.0555``; a value of which it is not known is never told as one where it fails."""
    low, high = interval.begins, interval.ends
    states = {p.at[0]: p.state for p in found.points}
    if low is None and high is None:
        return ""
    if low is None:
        assert high is not None
        end = "not known" if states[high[1]] == "unknown" else "no longer"
        return f"up to {plain(high[0])}, {end} at {plain(high[1])}"
    before = "not known" if states[low[0]] == "unknown" else "not yet"
    if high is None:
        return f"from {plain(low[1])} on, {before} at {plain(low[0])}"
    after = "not known" if states[high[1]] == "unknown" else "no longer"
    return f"from {plain(low[1])} ({before} at {plain(low[0])}) to {plain(high[0])} ({after} at {plain(high[1])})"


def _care(found: Threshold) -> str:
    """How closely it was looked, and what may have been missed."""
    told = [_cut_short(found)] if found.left_out else [_closeness(found, n) for n in range(len(found.axes))]
    told.append(f"{count(len(found.points), 'audit' if found.question == 'road-map' else 'answer')} in all.")
    if any(p.road_map is not None and not p.road_map for p in found.points):
        told.append("Where nothing else is asked the empty road map may do; --keep says what is to be reached.")
    if not found.left_out and found.provenance.run.cut is not None:
        told.append(f"{_ended(found)}; a longer run may say more.")
    return " ".join(told)


def _ended(found: Threshold) -> str:
    return "Interrupted" if found.provenance.run.cut == "interrupted" else "A limit was reached"


def _cut_short(found: Threshold) -> str:
    many = prod(len(g) for g in found.grid)
    return (
        f"{_ended(found)}: {found.left_out} of {many} values were not looked at, and between neighbouring values that "
        f"were nothing is known."
    )


def _closeness(found: Threshold, n: int) -> str:
    """Of one number: how many values, how far apart, and how closely changes are known."""
    axis, grid = found.axes[n], found.grid[n]
    which = f" of {axis.title}" if len(found.axes) > 1 else ""
    if axis.whole:
        return f"All {count(len(grid), 'whole value')}{which} were tried."
    fine = f"changes between neighbours were narrowed down to {plain(axis.tolerance)}"
    if axis.tolerance >= axis.step or found.provenance.run.cut is not None:
        fine = "changes lie somewhere between neighbours"
    step = plain(axis.step)
    return (
        f"{len(grid)} values{which} were tried, {step} apart; {fine}. What changes twice within {step} may be missed."
    )
