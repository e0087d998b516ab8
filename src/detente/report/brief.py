"""The brief: one HTML file and one PDF, from answers already given."""

from __future__ import annotations

from pathlib import Path

from detente.report import html, pdf
from detente.report.calendar import Calendar
from detente.report.content import Assumption, BriefContent, BriefFiles, FactKind, ProposalNote, Source
from detente.report.document import Block, Document
from detente.report.plain import plain_text
from detente.report.sections import factions, glossary, incentives, left_out, method, proposals, road_map, summary
from detente.results.plan import Plan

__all__ = ["Assumption", "BriefContent", "BriefFiles", "FactKind", "ProposalNote", "Source", "document", "write_brief"]


def write_brief(content: BriefContent, directory: Path) -> BriefFiles:
    """Write ``brief.html`` and ``brief.pdf`` into a directory, which is made if need be."""
    doc = document(content)
    directory.mkdir(parents=True, exist_ok=True)
    outcome = "plan" if isinstance(content.plan, Plan) else content.plan.outcome
    files = BriefFiles(directory / "brief.html", directory / "brief.pdf", plain_text(doc.lead), outcome)
    files.html.write_text(html.page(doc), encoding="utf-8", newline="\n")
    files.pdf.write_bytes(pdf.pages(doc))
    return files


def document(content: BriefContent) -> Document:
    """The brief as blocks, in the order in which it is read."""
    plan, case, beyond = content.plan, content.case, content.beyond
    body: list[Block] = [*glossary.glossary(), *proposals.proposals(content.compared), *beyond.blocks("talks", case)]
    if isinstance(plan, Plan):
        body += road_map.road_map(content)
        body += incentives.margins(content, plan.audit)
        body += incentives.trust(content, plan.audit)
        body += incentives.walk_out(content)
        body += factions.factions(plan.audit, case)
        body += road_map.positions(content, plan)
    else:
        body += road_map.no_plan(summary.answer(content))
    body += [*beyond.blocks("road-map", case), *beyond.blocks("beyond", case), *left_out.left_out(content)]
    body += [*method.assumptions(content), *method.sources(content), *method.method(content)]
    return Document(content.title, _subtitle(content), tuple(summary.summary(content)), tuple(body), _foot(content))


def _subtitle(content: BriefContent) -> str:
    calendar = Calendar.of(content.case)
    span = f"{calendar.label(0)} to {calendar.label(content.case.periods - 1)}"
    return (
        "A brief on road maps that nobody gains by leaving · " + span + (f" · {content.date}" if content.date else "")
    )


def _foot(content: BriefContent) -> str:
    p = content.plan.provenance
    return f"{p.program} · case {p.case_hash[:22]}" + ("" if p.seed is None else f" · seed {p.seed}")
