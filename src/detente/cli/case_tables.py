"""A resolved case as tables on the terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from rich.console import Console
from rich.table import Table

from detente.case.calendar import Calendar
from detente.case.load import Case
from detente.case.resolved import Measure, ResolvedCase
from detente.case.variants import governments_of, types_of

WIDE = 150
"""Columns where the output is no terminal."""


def print_case(case: Case) -> None:
    """Print every part of a resolved case that holds something."""
    console = Console(width=None if sys.stdout.isatty() else WIDE, highlight=False)
    r = case.resolved
    calendar = Calendar(r.period, date.fromisoformat(r.start), r.periods)
    console.print(r.title("case") if "case" in r.titles else r.name, style="bold", markup=False)
    last = calendar.label(r.periods - 1)
    console.print(
        f"{r.periods} {r.period}s, {calendar.label(0)} to {last}; common discount {number(r.discount)}; "
        f"no deal: {r.no_deal}; principals: {', '.join(r.principals) or 'none'}",
        markup=False,
    )
    for table in (
        _parties(r),
        _factions(r),
        _bodies(r),
        _measures(r),
        _values(r),
        _sticks(r),
        _resources(r),
        _groups(r),
        _clauses(r),
    ):
        if table.row_count:
            console.print()
            console.print(table)
    for table in (_road_maps(r, calendar), _options(case), _hidden(case), _correlations(case)):
        if table.row_count:
            console.print()
            console.print(table)


def number(x: Decimal) -> str:
    """A number to four significant digits, without exponent."""
    text = format(Decimal(f"{x:.4g}"), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def series(values: Sequence[Decimal]) -> str:
    """A series as its runs: ``0, from 7: -2``."""
    parts = [number(values[0])]
    parts += [f"from {t}: {number(values[t])}" for t in range(1, len(values)) if values[t] != values[t - 1]]
    return ", ".join(parts) if len(parts) <= 6 else ", ".join([*parts[:5], "…"])


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in columns:
        table.add_column(column, header_style="dim", overflow="fold")
    return table


def _row(table: Table, cells: Iterable[object]) -> None:
    from rich.text import Text

    table.add_row(*(Text(str(c)) for c in cells))


def _parties(r: ResolvedCase) -> Table:
    table = _table("Parties", "id", "name", "discount", "lag", "exit cost", "grace", "reserve", "status quo")
    for name, p in r.parties.items():
        reserve = "computed" if p.reserve is None else number(p.reserve)
        _row(
            table,
            (
                name,
                r.title(name),
                number(p.discount),
                p.response_lag,
                number(p.exit_cost),
                p.grace,
                reserve,
                series(p.status_quo),
            ),
        )
    return table


def _factions(r: ResolvedCase) -> Table:
    table = _table(
        "Factions", "id", "name", "party", "weight", "needed at first, later", "discount", "reserve", "status quo"
    )
    for name, f in r.factions.items():
        party = r.parties[f.party]
        reserve = "its party's" if f.reserve is None else number(f.reserve)
        needed = "has a veto" if f.veto else f"{number(party.ratify)}, {number(party.sustain)} of all weight"
        cells = (number(f.weight), needed, number(f.discount), reserve, series(f.status_quo))
        _row(table, (name, r.title(name), f.party, *cells))
    return table


def _bodies(r: ResolvedCase) -> Table:
    table = _table("Bodies that consent", "id", "name", "votes", "needed", "vetoes", "asked for")
    for name, b in r.bodies.items():
        votes = ", ".join(f"{member} {number(n)}" for member, n in b.votes.items())
        _row(
            table, (name, r.title(name), votes, number(b.quota), ", ".join(b.vetoes), ", ".join(r.asked.get(name, ())))
        )
    return table


def _measures(r: ResolvedCase) -> Table:
    table = _table("Measures", "id", "name", "by", "takes", "after", "undo", "detection", "remarks")
    for name, m in r.measures.items():
        after = ", ".join(a.measure + ("" if a.wait == 1 else f" (+{a.wait})") for a in m.after)
        detect = [number(m.detect.base)] + [f"{number(a.detect)} with {' + '.join(a.measures)}" for a in m.detect.with_]
        shown = "-" if m.public or m.members is not None else "; ".join(detect)
        _row(table, (name, r.title(name), m.by or "-", m.takes, after, _undo(m), shown, _remarks(m)))
    return table


def _undo(m: Measure) -> str:
    if m.members is not None:
        return "-"
    if m.undo is None:
        return "never"
    parts = [f"{m.undo.takes} periods" if m.undo.takes != 1 else "1 period"]
    parts += [f"cost {number(m.undo.cost)}"] if m.undo.cost else []
    parts += [f"chance {number(m.undo.chance)}"] if m.undo.chance != 1 else []
    return ", ".join(parts)


def _remarks(m: Measure) -> str:
    remarks = [word for word, on in (("done", m.done), ("public", m.public)) if on]
    remarks += [f"withdrawal {m.withdrawal}"] if m.withdrawal != "if-credible" else []
    remarks += [f"residual {number(m.residual)}"] if m.residual else []
    remarks += [f"replaces {m.replaces.measure}"] if m.replaces else []
    remarks += [f"excludes {', '.join(m.excludes)}"] if m.excludes else []
    remarks += [f"members {', '.join(m.members)}"] if m.members else []
    remarks += [f"consent of {', '.join(m.consent)}"] if m.consent else []
    return "; ".join(remarks)


def _values(r: ResolvedCase) -> Table:
    table = _table("Values", "measure", "party", "flow a period", "once", "during, a period")
    for name, m in r.measures.items():
        for party, v in m.value.items():
            if any(v.flow) or v.once or v.during:
                _row(table, (name, party, series(v.flow), number(v.once), number(v.during)))
    return table


def _sticks(r: ResolvedCase) -> Table:
    table = _table("Sticks", "id", "by", "against", "delay", "lasts", "committed", "values")
    for s in r.sticks:
        values = "; ".join(f"{p}: {number(v.flow)} a period, {number(v.once)} once" for p, v in s.value.items())
        lasts = "for ever" if s.lasts is None else s.lasts
        _row(table, (s.id, s.by, s.against, s.delay, lasts, "yes" if s.committed else "no", values))
    return table


def _resources(r: ResolvedCase) -> Table:
    table = _table("Resources", "id", "capacity", "uses")
    for name, x in r.resources.items():
        _row(table, (name, series(x.capacity), ", ".join(f"{k}: {number(u)}" for k, u in x.uses.items())))
    return table


def _groups(r: ResolvedCase) -> Table:
    table = _table("Groups", "id", "by", "members and weights")
    for name, g in r.groups.items():
        members = ", ".join(k if g.by == "count" else f"{k} ({number(g.weights[k])})" for k in g.members)
        _row(table, (name, g.by, members))
    return table


def _clauses(r: ResolvedCase) -> Table:
    table = _table("Clauses", "id", "owner", "kind", "of", "strength", "text")
    for c in r.clauses:
        strength = c.strength if c.weight == 1 else f"{c.strength}, weight {number(c.weight)}"
        _row(table, (c.id, c.owner, c.kind, c.of, strength, c.text))
    return table


def _road_maps(r: ResolvedCase, calendar: Calendar) -> Table:
    table = _table("Road maps", "name", "starts")
    for name, starts in r.road_maps.items():
        _row(table, (name, ", ".join(f"{k} {calendar.label(s)}" for k, s in starts.items())))
    return table


def _options(case: Case) -> Table:
    table = _table("What parties may be, and who may come to office", "party", "id", "name", "from", "chance", "sets")
    if case.document is None:
        return table
    for option in (*(x for types in types_of(case).values() for x in types), *governments_of(case)):
        since = case.calendar.label(option.period) if option.kind == "government" else "the beginning"
        sets = "; ".join(f"{path} = {value}" for path, value in option.changes.items())
        _row(table, (option.party, option.name, option.title, since, number(option.chance), sets))
    return table


def _hidden(case: Case) -> Table:
    table = _table(
        "What declarations would leave out", "party", "type", "what", "left out of", "size", "worth", "price"
    )
    for options in types_of(case).values():
        for option in options:
            for thing in option.hidden:
                parts = (
                    "; ".join(f"{k}: {x.value.text}" for k, x in y.items())
                    for y in (thing.facts, thing.worth, thing.price)
                )
                _row(table, (option.party, option.name, thing.what, thing.left_out_of, *parts))
    return table


def _correlations(case: Case) -> Table:
    table = _table("Rank correlations", "of", "and", "rank")
    for c in case.document.uncertainty.correlations if case.document is not None else ():
        _row(table, (*c.between, number(c.rank.value.central)))
    return table
