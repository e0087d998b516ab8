"""The road map: timeline, list of steps, goals reached."""

from __future__ import annotations

from detente.audit.words import never_done
from detente.case.clause_text import term_of
from detente.case.problems import Problem
from detente.case.resolved import Clause, ClauseKind
from detente.report import clauses
from detente.report.calendar import Calendar
from detente.report.charts.rows import in_force_dates, prerequisites
from detente.report.charts.timeline import timeline
from detente.report.content import BriefContent
from detente.report.document import Block, Callout, Cell, Column, Figure, Heading, Para, Table, itemised, subhead
from detente.report.numbers import count, percent
from detente.results.audit import ClauseResult
from detente.results.plan import Plan

_CAPTION = (
    "The road map. A row for each measure, grouped by the party that does it, in order of beginning. Plain arrows: "
    "what must be in force "
    "before (those that follow from others are left out). Dashed arrows: access that makes a measure verifiable, "
    "from the period in which "
    "it is in force."
)


def road_map(content: BriefContent) -> list[Block]:
    """The timeline and the dated list; nothing but a sentence where there is no plan."""
    plan = content.plan
    if not isinstance(plan, Plan):
        return []
    least = plan.audit.least_counted or plan.audit.least_margin
    spec = timeline(content.case, plan.road_map, (least.party, least.period) if least else None)
    left = [k for k, m in content.case.measures.items() if m.members is None and not m.done and k not in plan.road_map]
    alt = f"Timeline of {count(len(plan.starts), 'measure')}; every date is in the table of steps that follows."
    drawn: list[Block] = [Figure(spec, _CAPTION, alt)] if in_force_dates(content.case, plan.road_map) else []
    steps: list[Block] = [Heading(3, "Step by step", "steps"), _steps(content, plan)] if plan.starts else []
    return [
        Heading(2, "The road map", "road-map"),
        *drawn,
        *steps,
        *([Para(("Left undone: ", itemised([content.name(k) for k in left]) + "."), small=True)] if left else []),
        *goals(content, plan),
    ]


def _steps(content: BriefContent, plan: Plan) -> Table:
    case, calendar = content.case, Calendar.of(content.case)
    dates = in_force_dates(case, plan.road_map)
    before = prerequisites(case, dates)
    rows: list[tuple[Cell | str, ...]] = []
    year = None
    milestones = {k: c for k, c in dates.items() if case.measures[k].members is not None}
    begin = {**plan.starts, **milestones}
    for k in sorted(begin, key=lambda k: (begin[k], dates[k])):
        this = calendar.year(begin[k]) if begin[k] >= 0 else calendar.year(0)
        if this != year and calendar.period != "year":
            year = this
            rows.append(subhead(str(year)))
        first = itemised([content.name(p) for p in sorted(before[k], key=lambda p: dates[p])])
        if k in milestones:
            first = itemised([content.name(m) for m in case.measures[k].members or ()], 3)
        who = content.name(case.measures[k].by or "") if case.measures[k].by else "Milestone"
        rows.append((calendar.label(begin[k]), calendar.label(dates[k]), who, content.name(k), first))
    done = [content.name(k) for k, m in case.measures.items() if m.done]
    note = f"In force before the start: {itemised(done)}." if done else ""
    columns = (
        Column("Begins", 0.7),
        Column("In force from", 0.75),
        Column("Who", 1.0),
        Column("What", 2.4),
        Column("Only after", 2.4),
    )
    return Table("Steps in order of beginning", columns, tuple(rows), note)


_SETS = {
    "goal": "Goals. What would let a leader say that the aims were reached.",
    "red-line": "Red lines. What a side will not do without; they bind the road map.",
    "position": "What has been asked for in talks; it does not bind the road map.",
}


def goals(content: BriefContent, plan: Plan) -> list[Block]:
    """What each leader wanted to be able to say, and whether and when the road map lets them."""
    tables = [*_clause_tables(content, plan, "goal"), *_clause_tables(content, plan, "red-line")]
    return [Heading(2, "What each side can say it reached", "goals"), *tables] if tables else []


def positions(content: BriefContent, plan: Plan) -> list[Block]:
    """What each side has asked for, clause by clause."""
    tables = _clause_tables(content, plan, "position")
    return [Heading(2, "What each side had asked for", "positions"), *tables] if tables else []


def _clause_tables(content: BriefContent, plan: Plan, kind: ClauseKind) -> list[Block]:
    results = {r.id: r for r in plan.audit.clauses}
    some = [c for c in content.case.clauses if c.kind == kind and c.id in results]
    return [_clause_table(content, plan, _SETS[kind], some, results)] if some else []


def _clause_table(
    content: BriefContent, plan: Plan, caption: str, some: list[Clause], results: dict[str, ClauseResult]
) -> Table:
    rows: list[tuple[Cell | str, ...]] = []
    head = None
    for c in some:
        if (c.owner, c.of) != head:
            head = (c.owner, c.of)
            about = content.abouts.get(c.of, "")
            own = (
                f": {content.name(c.of)}" if content.name(c.of) != c.of or not (about or c.of in ("", c.owner)) else ""
            )
            rows.append(subhead(f"{content.name(c.owner)}{own}", f"– {about}" if about else ""))
        rows.append(
            (
                clauses.sentence(content.case, c),
                "must" if c.strength == "must" else "wants",
                _result(content, plan, c, results[c.id]),
                _when(content, plan, c),
            )
        )
    columns = (Column("Asks", 2.6), Column("Strength", 0.6), Column("On this road map", 1.3), Column("When", 2.2))
    return Table(caption, columns, tuple(rows), dense=True)


def _result(content: BriefContent, plan: Plan, c: Clause, r: ClauseResult) -> Cell:
    if r.holds:
        return Cell("kept", tone="good")
    try:
        never = never_done(content.case, term_of(c, content.case), plan.road_map)
    except Problem:
        never = ()
    if never:
        return Cell(f"broken: never happens: {itemised([content.name(k) for k in never], 2)}", tone="bad")
    return Cell(f"broken, {clauses.miss(content.case, c, r)}", tone="bad")


def _when(content: BriefContent, plan: Plan, c: Clause) -> str:
    """Dates of what the clause speaks of, where the road map has them."""
    case, calendar = content.case, Calendar.of(content.case)
    dates = in_force_dates(case, plan.road_map)
    parts = [
        f"{content.name(k)}: {f'in force {calendar.since(dates[k])}' if k in dates else 'not on the road map'}"
        for k in clauses.measures_in(case, c)
    ]
    row = content.plan_row()
    shares = row.shares if row is not None else {}
    for g in clauses.groups_in(case, c):
        if g not in shares:
            continue
        most = max(shares[g], default=0.0)
        if most > 0:
            by = next(t for t, s in enumerate(shares[g]) if s == most)
            parts.append(f"{content.name(g)}: {percent(most)} by {calendar.label(by)}")
        else:
            parts.append(f"{content.name(g)}: none")
    return "; ".join(parts)


def no_plan(callout: Callout) -> list[Block]:
    """The planner's answer, said again where the road map would stand."""
    return [Heading(2, "The road map", "road-map"), callout]
