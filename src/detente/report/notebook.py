"""Answers in a notebook: HTML with drawings in it, no scripts, nothing from a network.

With the resolved case names and dates are shown and charts drawn; without it ids and periods, and no charts.
"""

from __future__ import annotations

from collections.abc import Callable

from detente.case.resolved import ResolvedCase
from detente.report import html, words
from detente.report.calendar import Calendar
from detente.report.charts.margins import margins, weakest
from detente.report.charts.timeline import timeline
from detente.report.content import Compared
from detente.report.document import Block, Bullets, Callout, Cell, Column, Figure, Para, Table, Text
from detente.report.matters_words import spread
from detente.report.numbers import count, number, percent, signed
from detente.report.sections import proposals
from detente.results.audit import Audit, Finding
from detente.results.compare import Comparison
from detente.results.plan import NoPlan, NoPlanReason, Plan

Tone = {"holds": "good", "fails": "bad", "unknown": "open"}


def audit_html(audit: Audit, case: ResolvedCase | None = None) -> str:
    """The verdict, each party's worth and weakest moment, margins, findings."""
    return html.fragment(_audit(audit, case))


def plan_html(plan: Plan, case: ResolvedCase | None = None) -> str:
    """The road map as a timeline, what it reaches, and its audit."""
    facts = f"{count(len(plan.starts), 'measure')}; {_value(plan)}; margin required {number(plan.margin_required)}."
    blocks: list[Block] = [Callout("Plan", facts, "good")]
    if case is not None:
        least = plan.audit.least_counted or plan.audit.least_margin
        spec = timeline(case, plan.road_map, (least.party, least.period) if least else None)
        blocks.append(Figure(spec, "The road map.", "Timeline of the road map."))
    else:
        rows: tuple[tuple[Cell | str, ...], ...] = tuple((k, Cell(str(s), "right")) for k, s in plan.starts.items())
        blocks.append(Table("Start periods", (Column("Measure", 3.0), Column("Starts in", 1.0, "right")), rows))
    return html.fragment([*blocks, *_audit(plan.audit, case)])


def _value(plan: Plan) -> str:
    if plan.worlds is not None:
        return f"signed and kept by all in {spread(plan.worlds.both)} of {plan.worlds.n:,} worlds"
    if plan.unlimited:
        return "no margin limits its value, as leaving it changes nothing for anybody"
    return f"{plan.objective} {number(plan.value)}, proven bound {number(plan.bound)}, gap {number(plan.gap)}"


def no_plan_html(answer: NoPlan, case: ResolvedCase | None = None) -> str:
    """Why there is no plan: proved, or not known."""
    reason = answer.reason
    if answer.outcome == "none-exists":
        box = Callout("No plan: proved that none exists", _reason(reason), "bad")
    else:
        why = "stopped by hand" if reason.kind == "interrupted" else "a limit was reached"
        box = Callout(f"No plan found ({why}); whether one exists is not known", _reason(reason), "open")
    bound = "" if answer.bound is None else f" Proven bound {number(answer.bound)}."
    return html.fragment(
        [box, Para(f"Objective {answer.objective}; margin required {number(answer.margin_required)}.{bound}")]
    )


def comparison_html(comparison: Comparison, case: ResolvedCase | None = None) -> str:
    """Proposals side by side."""
    if case is None:
        return html.fragment([_bare_comparison(comparison)])
    return html.fragment(proposals.overview(Compared(case, comparison)))


def _audit(audit: Audit, case: ResolvedCase | None) -> list[Block]:
    name, when = _naming(case)
    tone = Tone[audit.verdict]
    signing = "signed by all that have a part in it" if audit.signed else "not signed by all"
    clauses = "binding clauses kept" if audit.clauses_kept else "binding clauses broken"
    blocks: list[Block] = [
        Callout(f"{words.VERDICTS[audit.verdict]}; {signing}; {clauses}", audit.reason, tone),  # type: ignore[arg-type]
        _worth(audit, name, when),
    ]
    if case is not None and len(audit.bystanders) < len(case.parties):
        caption = "Margin of each party in each period, in its own units; circle: its weakest moment."
        blocks.append(Figure(margins(case, audit), caption, "Margins over time; weakest moments are in the table."))
    if audit.findings:
        blocks.append(Bullets(tuple(_finding(f) for f in audit.findings)))
    return blocks


def _worth(audit: Audit, name: Callable[[str], str], when: Callable[[int], str]) -> Table:
    rows: list[tuple[Cell | str, ...]] = []
    for p, values in audit.V.items():
        worth = (Cell(number(values[0]), "right"), Cell(number(audit.reserve.get(p)), "right"))
        if p in audit.bystanders:
            rows.append((name(p), *worth, Cell("–", "right"), "has no part in it"))
            continue
        t = weakest(audit, p)
        margin = (
            (Cell(signed(audit.margin[p][t]), "right"), when(t)) if t is not None else (Cell("–", "right"), "never")
        )
        rows.append((name(p), *worth, *margin))
    columns = (
        Column("Party", 2.0),
        Column("Worth", 1.0, "right"),
        Column("No deal", 1.0, "right"),
        Column("Least margin", 1.0, "right"),
        Column("When", 1.2),
    )
    return Table("Parties, each in its own units", columns, tuple(rows))


def _finding(f: Finding) -> Text:
    cure = f" Cheapest cure found: {f.cure.message}." if f.cure and f.cure.message else ""
    return f"{f.kind}: {f.message}{cure}"


def _reason(reason: NoPlanReason) -> str:
    tried = f"Tried: {'; '.join(reason.tried)}." if reason.tried else ""
    clash = f" Known to clash: {', '.join(reason.conflict)}." if reason.conflict else ""
    return (tried + clash).strip() or "Nothing more is known."


def _bare_comparison(comparison: Comparison) -> Table:
    rows: list[tuple[Cell | str, ...]] = []
    for r in comparison.rows:
        a = r.audit
        verdict = words.VERDICTS[a.verdict] if a else r.note or "–"
        signing = "–" if a is None else "yes" if a.signed else "no"
        rows.append((r.name, r.completion, verdict, signing, Cell(percent(r.draws.both) if r.draws else "–", "right")))
    heads = ("Proposal", "Form", "Verdict", "Signed", "Signed and holds, of draws")
    return Table("Proposals", tuple(Column(h) for h in heads), tuple(rows))


def _naming(case: ResolvedCase | None) -> tuple[Callable[[str], str], Callable[[int], str]]:
    if case is None:
        return str, lambda t: f"period {t}"
    calendar = Calendar.of(case)
    return case.title, calendar.label
