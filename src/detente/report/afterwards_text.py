"""What is left afterwards as plain text for a terminal."""

from __future__ import annotations

from detente.case.interchange import resolved_from_dict
from detente.case.resolved import ResolvedCase
from detente.report import afterwards_words as words
from detente.report.numbers import count, number, signed
from detente.report.text import Names, steps, table, wrapped
from detente.results.afterwards import Afterwards
from detente.results.plan import Plan


def afterwards_text(told: Afterwards, case: ResolvedCase | None = None) -> str:
    """Whether it opens the way or uses up leverage, for each principal; what is left to give; how to go on."""
    names = Names(case)
    title = names.of(told.road_map.name) if told.road_map.name else "the road map"
    lines = wrapped(f"AFTERWARDS: {title}, carried out before {_moment(told, names)}")
    lines += wrapped(words.verdict(told)) + wrapped(words.end(told)) + wrapped(words.further(told))
    for p in told.prospects:
        lines += ["", *wrapped(words.outlook(p, names.of), "  ")]
    lines += ["", *_prospects(told, names), "", *_leverage(told, names)]
    broken = words.settled(told, names.of)
    lines += ["", *wrapped(broken)] if broken else []
    return "\n".join([*lines, "", *_goes_on(told, names)]).rstrip()


def _moment(told: Afterwards, names: Names) -> str:
    """The first period after the end, which may be the first after the calendar."""
    return names.when(told.period) if names.case is None or told.period < names.case.periods else "the calendar ends"


def _prospects(told: Afterwards, names: Names) -> list[str]:
    rows = [["party", "proposal", "further", "at most", "in all", "at most", "from start", "at most"]]
    for p in told.prospects:
        row = [names.of(p.party), signed(p.tabled)]
        for one in (p.further, p.in_all, p.from_start):
            row += words.span(one)
        rows.append(row)
    note = (
        "Proposal: its gain over no deal if everybody keeps it. Further: the most it can still get over leaving things "
        "as they then are, counted at the end. In all: both, counted at the start. From start: the most it could get "
        "without the proposal. At most: proved."
    )
    return [*table(rows, "l" + "r" * 7), *wrapped(note)]


def _leverage(told: Afterwards, names: Names) -> list[str]:
    principals = [p.party for p in told.prospects]
    rows = [["still to give", "measures", *(f"worth to {p}" for p in principals), "loses by leaving"]]
    for x in told.leverage:
        cells = ["" if q == x.party else f"{number(x.worth[q])} of {number(x.worth_at_start[q])}" for q in principals]
        stake = "nothing to leave" if x.stake is None else number(x.stake)
        rows.append([names.of(x.party), str(len(x.unused)), *cells, stake])
    note = "Worth: if all came at once, before and after the proposal. Loses by leaving: once it has been carried out."
    return [*table(rows, "lr" + "r" * len(principals) + "r"), *wrapped(note)]


def _goes_on(told: Afterwards, names: Names) -> list[str]:
    plan = told.plan
    if not isinstance(plan, Plan):
        known = plan.outcome == "none-exists"
        return wrapped("Proved: no road map to go on with holds." if known else "No road map to go on with was found.")
    if not plan.starts:
        return wrapped(f"To go on with ({plan.objective}): nothing further, things stay as they are.")
    later = Names(None if names.case is None else resolved_from_dict(told.to_dict()["case"]))
    head = f"To go on with ({plan.objective}): {count(len(plan.starts), 'measure')}, certified"
    return [head, "", *steps(plan.starts, later)]


def afterwards_html(told: Afterwards, case: ResolvedCase | None = None) -> str:
    """The same for a notebook, with tables; without the case as plain text."""
    from detente.report import html
    from detente.report.document import Para
    from detente.report.sections.afterwards import afterwards

    text = afterwards_text(told).split("\n")
    return html.fragment(afterwards(told, case) if case is not None else [Para(line) for line in text])
