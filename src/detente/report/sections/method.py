"""Assumptions, sources, how it was computed, limits, provenance."""

from __future__ import annotations

from detente.report import words
from detente.report.content import Assumption, BriefContent
from detente.report.document import Block, Bullets, Cell, Column, Heading, Para, Strong, Table, Text, subhead
from detente.report.numbers import count, number, percent, plain
from detente.report.sections.summary import driver_shares
from detente.results.plan import NoPlan, Plan
from detente.results.provenance import Provenance

KINDS = {
    "weight": "Judgements: what things are worth to whom",
    "party": "The parties",
    "measure": "The measures: facts, times, chances of being found out",
    "milestone": "Milestones",
    "stick": "Sticks: harm to a party that left",
    "resource": "Resources",
    "clause": "Wishes: what each weighs beside the others",
    "case": "The case as a whole",
}


_NOTES = {
    "weight": "Worth to the party, in its own units a period, of one unit of each kind of fact.",
    "measure": "Facts hold a period while the measure is in force, unless it says otherwise.",
}


def assumptions(content: BriefContent) -> list[Block]:
    """Every number with its range, confidence, source and reason."""
    if not content.assumptions:
        return []
    kinds = list(dict.fromkeys([*KINDS, *(a.kind for a in content.assumptions)]))
    ranged = sum(a.low is not None or a.high is not None for a in content.assumptions)
    bare = [a for a in content.assumptions if not a.sources]
    blocks: list[Block] = [
        Heading(2, "What was assumed", "assumptions"),
        Para(
            f"The case has {count(len(content.assumptions), 'number')} that somebody looked up or judged; {ranged} "
            "have a range. "
            + (
                f"{count(len(bare), 'number')} {'has' if len(bare) == 1 else 'have'} no source."
                if bare
                else "All have a source."
            )
        ),
        *_drivers(content),
        *_units(content),
        *_fact_kinds(content),
    ]
    for kind in kinds:
        some = [a for a in content.assumptions if a.kind == kind]
        if some:
            blocks.append(_table(KINDS.get(kind, kind[:1].upper() + kind[1:]), some))
    return blocks


def _drivers(content: BriefContent) -> list[Block]:
    rows: tuple[tuple[Cell | str, ...], ...] = tuple(
        (words.upper(name), Cell(percent(low), "right"), Cell(percent(high), "right"))
        for name, low, high in driver_shares(content, 10)
    )
    if not rows:
        return []
    columns = (
        Column("Number drawn", 3.0),
        Column("Stands where it is low", 1.0, "right"),
        Column("Stands where it is high", 1.0, "right"),
    )
    return [Table("What decides most: shares of the draws in which the road map is signed and holds", columns, rows)]


def _units(content: BriefContent) -> list[Block]:
    if not content.units:
        return []
    items: list[Text] = [(Strong(f"{content.name(p)}: "), unit) for p, unit in content.units.items()]
    return [Para("Units of worth:"), Bullets(tuple(items))]


def _fact_kinds(content: BriefContent) -> list[Block]:
    if not content.fact_kinds:
        return []
    rows: tuple[tuple[Cell | str, ...], ...] = tuple((words.upper(k.name), k.unit, k.about) for k in content.fact_kinds)
    return [Table("What is counted", (Column("Kind of fact", 1.0), Column("Unit", 1.2), Column("Meaning", 4.0)), rows)]


def _table(title: str, some: list[Assumption]) -> Table:
    reasons = any(a.why for a in some)
    mostly = 2 * sum(bool(a.why) for a in some) > len(some)
    columns = [
        Column("What", 2.0),
        Column("Value", 0.75, "right"),
        Column("Range", 1.0),
        Column("Unit", 1.3),
        Column("Confidence", 0.95),
        Column("Sources", 1.75 if mostly else 1.9),
        *([Column("Reason", 2.8 if mostly else 1.8)] if reasons else []),
    ]
    rows: list[tuple[Cell | str, ...]] = []
    about = ""
    for a in some:
        if a.about and a.about != about:
            about = a.about
            rows.append(subhead(a.about, a.about_note))
        rows.append(_row(a, reasons))
    return Table(title, tuple(columns), tuple(rows), _NOTES.get(some[0].kind, ""), dense=True)


def _row(a: Assumption, reasons: bool) -> tuple[Cell | str, ...]:
    value = a.value if isinstance(a.value, str) else plain(a.value)
    span = f"{plain(a.low)} to {plain(a.high)}" if a.low is not None and a.high is not None else "–"
    cells: tuple[Cell | str, ...] = (
        words.upper(a.text) or a.path,
        Cell(value, "right"),
        span,
        a.unit,
        words.CONFIDENCE.get(a.confidence, a.confidence) or "–",
        ", ".join(a.sources) or "none",
    )
    return (*cells, a.why) if reasons else cells


def sources(content: BriefContent) -> list[Block]:
    """Ids and what they stand for."""
    if not content.sources:
        return []
    rows: tuple[tuple[Cell | str, ...], ...] = tuple(
        (s.id, f"{s.text}{'. ' + s.url if s.url else ''}") for s in content.sources
    )
    return [
        Heading(2, "Sources", "sources"),
        Table("Sources by the name used above", (Column("Name", 1.0), Column("Source", 4.5)), rows, dense=True),
    ]


def method(content: BriefContent) -> list[Block]:
    """How it was computed and how far that goes."""
    return [
        Heading(2, "How this was computed", "method"),
        Para(
            "Every measure is worth something to each party in each period: once, while work is under way, and while "
            "it is in force. What a party gets "
            "is summed over time, later periods counting less, by as much as its present government may be gone by "
            "then. For each party and each period "
            "the program computes what going on is worth, and what the best breach is worth: walking out openly, or "
            "pretending to do, or secretly undoing, "
            "any set of its own measures until found out. A road map holds if going on is never worth less. A "
            "planner searches for road maps; an auditor, "
            "which shares no search with it, judges each one; a road map counts only once the auditor has confirmed it."
        ),
        _figures(content),
        *limits(),
        *provenance(content),
    ]


def _figures(content: BriefContent) -> Table:
    plan = content.plan
    rows: list[tuple[Cell | str, ...]] = [("What was looked for", words.OBJECTIVES.get(plan.objective, plan.objective))]
    if isinstance(plan, Plan):
        rows += [
            ("Reached", f"{number(plan.value)} ({plan.objective})"),
            (
                "Proven bound: no road map reaches more"
                if plan.objective != "fast"
                else "Proven bound: none is sooner",
                number(plan.bound),
            ),
            ("Gap between the two", number(plan.gap)),
            (
                "Verdict of the auditor, in exact arithmetic",
                words.VERDICTS[plan.audit.verdict] + (", certified" if plan.audit.certified else ", not certified"),
            ),
            ("Signed by all that have a part in it", "yes" if plan.audit.signed else "no"),
            ("Binding clauses kept", "yes" if plan.audit.clauses_kept else "no"),
        ]
    else:
        rows += _no_plan_rows(plan)
    rows += [
        ("Margin asked of every moment, as a share of each party’s scale", number(plan.margin_required)),
        ("Kinds of breach found by the auditor and ruled out one by one", str(plan.breaches_added)),
    ]
    return Table("The search", (Column("", 2.0), Column("", 3.0)), tuple(rows))


def _no_plan_rows(plan: NoPlan) -> list[tuple[Cell | str, ...]]:
    proved = plan.outcome == "none-exists"
    rows: list[tuple[Cell | str, ...]] = [
        (
            "Outcome",
            "proved: no road map meets the conditions" if proved else "unknown: a limit was reached, nothing is proved",
        ),
        ("Tried", "; ".join(plan.reason.tried) or "–"),
    ]
    if plan.bound is not None:
        rows.append(("Proven bound: no road map reaches more", number(plan.bound)))
    if plan.reason.conflict:
        rows.append(("Known to clash", ", ".join(plan.reason.conflict)))
    return rows


def limits() -> list[Block]:
    """What the model leaves out."""
    items: tuple[Text, ...] = (
        (
            Strong("After a breach nothing new happens. "),
            "Once the deal is off there are no new talks, and what is not undone at once is never undone. Nobody "
            "goes on "
            "with a measure alone because it is in its own interest.",
        ),
        (
            Strong("Exposure is to open breach. "),
            "Somebody who leaves in secret can do more harm before it is seen than these figures show, and pays no "
            "price for leaving openly.",
        ),
        (
            Strong("The other side’s values are taken from the case. "),
            "They are judgements about what others want. A side that bluffs, or whose aims differ, is not seen "
            "through.",
        ),
        (
            Strong("Third parties follow their own interest as the case describes it. "),
            "They neither favour nor spoil a deal out of principle.",
        ),
        (
            Strong("Secret cheating is examined in sets. "),
            "Every set of a party’s own measures, begun together, and pretences begun at different dates; not secret "
            "undoing begun at several dates.",
        ),
        (Strong("Hidden stocks "), "are not modelled, except as far as the chance of being found out allows for them."),
        (
            Strong("A verdict holds for one set of numbers. "),
            "The best road map at the central values often fails at others that are just as reasonable; look at the "
            "share of draws beside it.",
        ),
    )
    return [Heading(3, "What the model does not cover", "limits"), Bullets(items)]


def provenance(content: BriefContent) -> list[Block]:
    """Enough to compute it again."""
    p = content.plan.provenance
    rows: list[tuple[Cell | str, ...]] = [
        ("Case", f"{content.case.name or content.title}"),
        ("Fingerprint of the case", p.case_hash),
        ("Program", p.program),
        ("Seed", "–" if p.seed is None else str(p.seed)),
        ("Draws", _draws(content)),
        ("Run", _run(p)),
    ]
    return [
        Heading(3, "Provenance", "provenance"),
        Table("To compute it again", (Column("", 1.0), Column("", 4.0)), tuple(rows)),
    ]


def _draws(content: BriefContent) -> str:
    drawn = next((r.draws for r in content.comparison.rows if r.draws is not None), None)
    return "none" if drawn is None else f"{drawn.n}, seed {drawn.seed}"


def _run(p: Provenance) -> str:
    cut = {
        "clock": "; cut short by the clock, so another run may differ",
        "work-limit": "; cut short by a work limit, reproducible",
        "interrupted": "; interrupted, so another run may differ",
    }.get(p.run.cut or "", "")
    limits_set = ", ".join(f"{k} {v}" for k, v in p.run.limits.items())
    return f"{limits_set or 'no limits set'}{cut}"
