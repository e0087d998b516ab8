"""Who is behind a road map at home, and whose consent it has."""

from __future__ import annotations

from collections.abc import Iterator

from detente.audit.words import stretches
from detente.case.resolved import ResolvedCase
from detente.report import clauses
from detente.report.calendar import Calendar
from detente.report.document import Block, Bullets, Cell, Column, Heading, Para, Table, itemised, listed, subhead
from detente.report.numbers import number, percent
from detente.report.words import the, upper
from detente.results.audit import Audit, FactionView

_ABOUT = (
    "A camp supports the road map as long as going on is worth more than leaving by its own numbers, and all that it "
    "demands is kept. A government needs the camps that reach its share, and every camp with a veto."
)
_LOST = ("not-ratified", "loses-support", "no-consent")


def factions(audit: Audit, case: ResolvedCase) -> list[Block]:
    """Table of camps, whose consent is given, and every vote that is lost; nothing if the case has neither."""
    if not audit.factions and not audit.consents:
        return []
    say = Calendar.of(case).respelt
    lost = [say(f.message) for f in audit.findings if f.kind in _LOST]
    return [
        Heading(2, "Support at home, and consent", "support"),
        *([Para(_ABOUT), _camps(audit, case)] if audit.factions else []),
        *([_consents(audit, case)] if audit.consents else []),
        *([Para("What it does not carry:"), Bullets(tuple(lost))] if lost else [Para("Every vote is carried.")]),
    ]


def _camps(audit: Audit, case: ResolvedCase) -> Table:
    columns = (
        Column("Camp", 1.6),
        Column("Weight", 0.6, "right"),
        Column("Supports it", 1.8),
        Column("Weakest margin", 0.8, "right"),
        Column("When", 0.7),
        Column("Demands not kept", 2.2),
    )
    rows: list[tuple[Cell | str, ...]] = []
    for party in case.parties:
        own = [name for name in audit.factions if audit.factions[name].party == party]
        if own:
            rows.append(subhead(upper(the(case.title(party))), _needed(case, party)))
            rows += [_camp(audit.factions[name], name, case) for name in own]
    note = (
        "Margins are in the units of the camp's party. Of a party that has no part in the road map only its consent is "
        "asked: its camps compare the road map with no deal."
    )
    return Table("Who supports it, and when", columns, tuple(rows), note)


def _needed(case: ResolvedCase, party: str) -> str:
    p = case.parties[party]
    begin, later = percent(float(p.ratify)), percent(float(p.sustain))
    return f"needs {begin} of the weight at first" + (f", {later} later" if begin != later else " and later")


def _camp(view: FactionView, name: str, case: ResolvedCase) -> tuple[Cell | str, ...]:
    calendar, f = Calendar.of(case), case.factions[name]
    weight = number(f.weight) + (", veto" if f.veto else "")
    asks = {c.id: clauses.sentence(case, c) for c in case.clauses}
    demands = itemised([asks[id] for id in view.broken]) or "–"
    if view.margin:
        t = min(range(len(view.margin)), key=lambda t: view.margin[t])
        least, when = number(view.margin[t]), calendar.label(t)
    else:
        least, when = "–", "–"
    tone = "good" if all(view.supports) else "open" if None in view.supports else "bad"
    return (
        upper(case.title(name)), Cell(weight, "right"), Cell("; ".join(_when(view, calendar)), tone=tone),  # type: ignore[arg-type]
        Cell(least, "right"), when, demands,
    )  # fmt: skip


def _when(view: FactionView, calendar: Calendar) -> Iterator[str]:
    """``throughout``, ``never``, ``not Q3 2021 to Q1 2022``; of a party without a part in it yes or no."""
    if len(view.supports) == 1:
        yield {True: "yes", False: "no", None: "not known"}[view.supports[0]]
        return
    if all(view.supports):
        yield "throughout"
        return
    if not any(x is not False for x in view.supports):
        yield "never"
        return
    for answer, word in ((False, "not"), (None, "not known")):
        for first, last in stretches([t for t, x in enumerate(view.supports) if x is answer]):
            yield f"{word} {calendar.label(first)}" + ("" if first == last else f" to {calendar.label(last)}")


def _consents(audit: Audit, case: ResolvedCase) -> Table:
    asked = {name: [k for k in ks if k in audit.road_map] for name, ks in case.asked.items()}
    told = {
        True: Cell("given", tone="good"),
        False: Cell("not given", tone="bad"),
        None: Cell("not known", tone="open"),
    }
    rows = tuple(
        (upper(the(case.title(name))), told[given], listed([f"“{case.title(k)}”" for k in asked[name]], 4))
        for name, given in audit.consents.items()
    )
    columns = (Column("Who", 1.2), Column("Consent", 0.6), Column("Asked for", 3.2))
    return Table("Whose consent it needs", columns, rows)
