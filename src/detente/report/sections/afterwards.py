"""What is left afterwards: does a proposal open the way to more, or use up the leverage?"""

from __future__ import annotations

from detente.case.interchange import resolved_from_dict
from detente.case.resolved import ResolvedCase
from detente.report import afterwards_words as words
from detente.report.calendar import Calendar
from detente.report.document import Block, Bullets, Cell, Column, Folded, Heading, Link, Para, Table, Tone
from detente.report.numbers import count, number, signed
from detente.report.sections.frontier import steps
from detente.results.afterwards import Afterwards
from detente.results.plan import Plan

_TONES: dict[str, Tone] = {
    "opens-the-way": "good", "uses-up-leverage": "bad", "nothing-holds": "bad", "not-known": "open",
}  # fmt: skip
_ANCHOR = "afterwards-road-map"


def afterwards(told: Afterwards, case: ResolvedCase) -> list[Block]:
    """The outlook of each principal with its numbers, what is left to give, and a road map to go on with."""
    title = case.title(told.road_map.name) if told.road_map.name else "the road map"
    calendar = Calendar.of(case)
    say, when = calendar.respelt, calendar.when(told.period)
    broken = words.settled(told, case.title)
    return [
        Heading(2, f"What is left after “{title}”", "afterwards"),
        Para(
            f"Once it has been carried out, talks go on from there {when}. {say(words.verdict(told))} "
            f"{say(words.end(told))} {words.further(told)}"
        ),
        Bullets(tuple(words.outlook(p, case.title) for p in told.prospects)),
        _prospects(told, case),
        _leverage(told, case),
        *([Para(broken, small=True)] if broken else []),
        *_goes_on(told),
    ]


def _prospects(told: Afterwards, case: ResolvedCase) -> Table:
    rows: list[tuple[Cell | str, ...]] = []
    for p in told.prospects:
        outlook = Cell(words.OUTLOOKS[p.outlook], tone=_TONES.get(p.outlook, "plain"))
        cells: list[Cell | str] = [case.title(p.party), outlook, Cell(signed(p.tabled), "right")]
        for one in (p.further, p.in_all, p.from_start):
            cells += [Cell(x, "right") for x in words.span(one)]
        rows.append(tuple(cells))
    heads = ("Proposal", "Further", "At most", "In all", "At most", "From the start", "At most")
    columns = (Column("Party", 1.4), Column("It …", 1.2), *(Column(h, 0.9, "right") for h in heads))
    note = (
        "Gains at the common discount, each in its party’s own units. Proposal: over no deal, if everybody keeps it. "
        "Further: the most it can still get over leaving things as they then are, counted at the end. In all: both, "
        "counted at the start. From the start: the most it could get without the proposal. At most: proved."
    )
    return Table("What each can still get", columns, tuple(rows), note)


def _leverage(told: Afterwards, case: ResolvedCase) -> Table:
    principals = [p.party for p in told.prospects]
    rows: list[tuple[Cell | str, ...]] = []
    for x in told.leverage:
        worth = (
            Cell("" if q == x.party else f"{number(x.worth[q])} of {number(x.worth_at_start[q])}", "right")
            for q in principals
        )
        stake = "nothing to leave" if x.stake is None else number(x.stake)
        rows.append((case.title(x.party), Cell(str(len(x.unused)), "right"), *worth, Cell(stake, "right")))
    columns = (
        Column("Party", 1.6),
        Column("Measures left", 0.9, "right"),
        *(Column(f"Worth to {case.title(q)}", 1.3, "right") for q in principals),
        Column("Loses by leaving", 1.2, "right"),
    )
    note = "Worth of what it has left to give, if all came at once, of what it had before the proposal."
    return Table("What each still has to give, and to lose", columns, tuple(rows), note)


def _goes_on(told: Afterwards) -> list[Block]:
    plan = told.plan
    if not isinstance(plan, Plan):
        known = plan.outcome == "none-exists"
        return [Para("Proved: no road map to go on with holds." if known else "No road map to go on with was found.")]
    if not plan.starts:
        return [Para("The best road map to go on with is to leave things as they are.")]
    name = f"A road map to go on with: {count(len(plan.starts), 'measure')}"
    later = resolved_from_dict(told.to_dict()["case"])
    folded = Folded(name, _ANCHOR, (steps(later, plan.road_map, "Steps in order of beginning"),))
    return [Para(("How it could go on: ", Link(f"{count(len(plan.starts), 'further measure')}", _ANCHOR), ".")), folded]
