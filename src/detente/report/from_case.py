"""From a case as written to what a brief says about it: its numbers with sources and reasons, its words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from detente.case.check_more import figures, numbers_in
from detente.case.figures import Figure
from detente.case.load import Case
from detente.case.quantities import Duration, Number
from detente.case.schema import Document
from detente.report import clauses, words
from detente.report.content import Assumption, Beyond, BriefContent, FactKind, ProposalNote, Source
from detente.results.compare import Comparison
from detente.results.drivers import Driver
from detente.results.plan import NoPlan, Plan
from detente.results.walk_out import WalkOut

Loc = tuple[str | int, ...]

_KINDS = {
    "parties": "party",
    "measures": "measure",
    "milestones": "milestone",
    "sticks": "stick",
    "resources": "resource",
    "positions": "clause",
    "goals": "clause",
    "proposals": "clause",
}
_CLAUSES = {"positions": "Position", "goals": "Goal", "proposals": "Proposal"}
_NAMES = {
    "discount": "discount factor",
    "hazard": "chance that its government, or that government’s interest, ends",
    "lag": "response lag",
    "exit_cost": "cost of leaving",
    "status_quo": "payoff with nothing done",
    "reserve": "worth of no deal",
    "grace": "how long the others wait when it is late",
    "takes": "work",
    "residual": "share of worth that outlasts undoing",
    "capacity": "capacity a period",
    "delay": "time until it bites",
    "lasts": "how long it lasts",
    "pocketing_share": "share of the surplus below which a party may reopen the deal",
}
_CONDUCT = {
    "punctual": "chance that a step that is due is begun",
    "false_alarm": "chance of a false alarm about a measure that is inspected",
    "clarification": "how long it takes to clear or confirm an alarm",
    "wrongly_confirmed": "share of false alarms that are believed",
    "wrongly_cleared": "share of true alarms that are not believed",
    "incident": "chance of an incident",
    "stopped_by_incident": "chance that an incident stops the process",
    "renewed_talks": "chance that talks begin anew after a break",
}
_UNITS = {"chance": "a period", "hazard": "a period", "discount": "a period", "amount": "", "share": "", "sum": ""}


def brief_content(
    case: Case,
    plan: Plan | NoPlan,
    comparison: Comparison,
    walk_out: WalkOut | None = None,
    drivers: Sequence[Driver] = (),
    date: str = "",
    beyond: Beyond | None = None,
) -> BriefContent:
    """Everything a brief shows, from the case and the answers."""
    document = case.document
    resolved = case.resolved
    title = (document.title if document else "") or resolved.titles.get("case", "") or case.name
    return BriefContent(
        case=resolved,
        title=title,
        about=document.about if document else "",
        plan=plan,
        comparison=comparison,
        walk_out=walk_out,
        assumptions=_in_words(assumptions(document), case) if document else (),
        sources=_sources(document) if document else (),
        fact_kinds=tuple(FactKind(k, a.unit, a.about) for k, a in document.attributes.items()) if document else (),
        proposals=_proposals(document) if document else {},
        abouts=_abouts(document) if document else {},
        drivers=tuple(drivers),
        date=date,
        beyond=beyond or Beyond(),
    )


def assumptions(document: Document) -> tuple[Assumption, ...]:
    """Every number of a case, as written."""
    return tuple(a for loc, figure in figures(document) for a in _assumptions(document, loc, figure))


def _in_words(found: Sequence[Assumption], case: Case) -> tuple[Assumption, ...]:
    """Weights of wishes told by what the wish asks."""
    assert case.document is not None
    asks = {c.id: clauses.sentence(case.resolved, c) for c in case.resolved.clauses}
    told = []
    for a in found:
        if a.kind == "clause" and a.path.endswith(".weight"):
            part, name, _, n, _ = a.path.split(".")
            wish = getattr(case.document, part)[name].clauses[int(n)]
            a = replace(a, text=asks.get(wish.id, wish.text))
        told.append(a)
    return tuple(told)


def named(comparison: Comparison, case: Case) -> Comparison:
    """The same comparison, the numbers that decide most called what a brief calls them."""
    if case.document is None or not comparison.drivers:
        return comparison
    names = number_words(case)
    drivers = tuple(replace(d, name=names.get(d.path, ("", ""))[0]) for d in comparison.drivers)
    return replace(comparison, drivers=drivers)


def number_words(case: Case) -> dict[str, tuple[str, str]]:
    """For the path of each number of a case what it is called, and its unit; weights have none."""
    listed = assumptions(case.document) if case.document is not None else ()
    return {a.path: (words.number_name(a), "" if a.kind == "weight" else a.unit) for a in listed}


def _assumptions(document: Document, loc: Loc, figure: Figure) -> Iterator[Assumption]:
    parts = list(_holders(document, loc))
    sources = figure.sources or next((p.sources for p in reversed(parts) if getattr(p, "sources", ())), ())
    confidence = figure.confidence or next(
        (p.confidence for p in reversed(parts) if getattr(p, "confidence", None)), None
    )
    numbers = numbers_in(figure)
    steps = getattr(getattr(figure, "value", None), "entries", None)
    for n, x in enumerate(numbers):
        path = ".".join(str(p) for p in loc)
        when = (
            ""
            if len(numbers) == 1
            else f", from {steps[n][0]}"
            if steps and steps[n][0] is not None
            else f", period {n}"
        )
        yield Assumption(
            kind="weight" if "weights" in loc else _KINDS.get(str(loc[0]), "case"),
            path=path if len(numbers) == 1 else f"{path}.{n}",
            text=_text(document, loc) + when,
            value=x.central,
            low=x.low if x.ranged else None,
            high=x.high if x.ranged else None,
            unit=_unit(document, loc, x),
            sources=tuple(sources),
            confidence=confidence or "",
            why=figure.why or figure.note,
            about=_about(document, loc),
            about_note=getattr(parts[0], "note", "")
            if parts and loc[0] in ("measures", "milestones", "sticks")
            else "",
        )


def _holders(document: Document, loc: Loc) -> Iterator[Any]:
    """The parts of the document on the way to a number, outermost first, mappings and lists left out."""
    part: Any = document
    for key in loc[:-1]:
        if isinstance(part, dict | tuple):
            part = part[key]  # type: ignore[index]
        else:
            fields = type(part).model_fields
            name = next((n for n, f in fields.items() if (f.alias or n) == key), str(key))
            part = getattr(part, name)
        if not isinstance(part, dict | tuple):
            yield part


def _about(document: Document, loc: Loc) -> str:
    if loc[0] == "sticks":
        stick = document.sticks[int(loc[1])]
        return stick.name or stick.id
    if loc[0] in _CLAUSES and len(loc) > 2:
        part = getattr(document, str(loc[0]))[loc[1]]
        return f"{_CLAUSES[str(loc[0])]} “{part.name or loc[1]}”"
    if len(loc) > 2 and loc[0] in _KINDS:
        part = getattr(document, str(loc[0]))[loc[1]]
        return str(part.name or loc[1])
    return ""


def _text(document: Document, loc: Loc) -> str:
    """What a number is, in words, given that its holder stands above it."""
    rest = loc[2:] if loc[0] in _KINDS else loc
    match rest:
        case ("weights", attribute):
            return str(attribute)
        case ("facts", attribute):
            return str(attribute)
        case ("facts_once", attribute):
            return f"{attribute}, once"
        case ("facts_during", attribute):
            return f"{attribute}, during work"
        case ("value", party, what):
            when = {"flow": "a period in force", "once": "once", "during": "a period of work"}[str(what)]
            part = getattr(document, str(loc[0]))[loc[1]]
            alone = not any(getattr(part, facts, None) for facts in ("facts", "facts_once", "facts_during"))
            return f"{'worth to' if alone else 'correction for'} {_name(document, str(party))}, {when}"
        case ("undo", what):
            return {"takes": "time to undo", "cost": "cost of undoing", "chance": "chance that undoing works"}[
                str(what)
            ]
        case ("after", n, "wait"):
            return f"wait after {_measure(document, loc, int(n))}"
        case ("replaces", "wait"):
            return "wait after the measure it replaces"
        case ("detect", "base"):
            return "chance that a cheat is found, with no access"
        case ("detect", "with", n, "detect"):
            access = document.measures[str(loc[1])].detect
            names = [_measure_name(document, m) for m in access.with_[int(n)].measures] if access else []
            return f"chance that a cheat is found, with “{'” and “'.join(names)}”"
        case ("uses", resource):
            return f"use of {resource} while at work"
        case ("tranches", what, n):
            return f"tranche {int(n) + 1}: {str(what).rstrip('s') if what != 'takes' else 'work'}"
    return _uncertain(document, loc, rest) or _NAMES.get(str(rest[-1]), " ".join(str(p) for p in rest))


def _uncertain(document: Document, loc: Loc, rest: Loc) -> str:
    """The same of what parties may be, of what runs go by and of correlations; empty for anything else."""
    match rest:
        case ("types", name, "chance"):
            return f"chance that it is of the type “{document.parties[str(loc[1])].types[str(name)].name or name}”"
        case ("governments", n, "chance"):
            government = document.parties[str(loc[1])].governments[int(n)]
            return f"chance that “{government.name or government.id}” comes to office"
        case ("types", name, "hidden", n, what, whose):
            hidden = document.parties[str(loc[1])].types[str(name)].hidden[int(n)].what
            told = {
                "facts": "size in {}",
                "worth": "what hiding it is worth to {}",
                "price": "what it costs {} while hidden",
            }
            return f"{hidden}, if there is one: {told[str(what)].format(_name(document, str(whose)))}"
        case ("conduct", rate):
            return f"in runs: {_CONDUCT[str(rate)]}"
        case ("uncertainty", "correlations", n, "rank"):
            a, b = (_named(document, path) for path in document.uncertainty.correlations[int(n)].between)
            return f"rank correlation of {a} and {b}"
    return ""


def _named(document: Document, path: str) -> str:
    """A number of the case in words, with its holder."""
    for loc, figure in figures(document):
        if loc[0] != "uncertainty" and path.startswith(".".join(str(p) for p in loc)):
            for a in _assumptions(document, loc, figure):
                if a.path == path:
                    return words.number_name(a)
    return path


def _measure(document: Document, loc: Loc, n: int) -> str:
    return f"“{_measure_name(document, document.measures[str(loc[1])].after[n].measure)}”"


def _measure_name(document: Document, measure: str) -> str:
    part = document.measures.get(measure) or document.milestones.get(measure)
    return (part.name if part else "") or measure


def _name(document: Document, party: str) -> str:
    return (document.parties[party].name if party in document.parties else "") or party


def _unit(document: Document, loc: Loc, x: Number | Duration) -> str:
    if isinstance(x, Duration):
        unit = x.unit if x.unit != "period" else document.period
        return unit if x.central == 1 else f"{unit}s"
    attribute = str(loc[-1])
    if len(loc) > 1 and loc[-2] in ("facts", "facts_once", "facts_during") and attribute in document.attributes:
        return document.attributes[attribute].unit
    if len(loc) > 1 and loc[-2] == "weights" and attribute in document.attributes:
        return document.attributes[attribute].unit
    if x.rate is not None:
        return f"a {x.rate if x.rate != 'period' else document.period}"
    return _UNITS[x.kind].replace("period", document.period)


def _sources(document: Document) -> tuple[Source, ...]:
    out = []
    for key, s in document.sources.items():
        text = ", ".join(x for x in (s.by, f"“{s.title}”" if s.by else s.title, s.date) if x)
        out.append(Source(key, f"{text}. {s.note}" if s.note else text, s.url))
    return tuple(out)


def _proposals(document: Document) -> dict[str, ProposalNote]:
    return {
        key: ProposalNote(p.by or p.author, str(p.date) if p.date is not None else "", p.about)
        for key, p in document.proposals.items()
    }


def _abouts(document: Document) -> dict[str, str]:
    out = {key: g.about for key, g in document.goals.items() if g.about}
    for key, p in document.positions.items():
        since = f"since {p.from_}" if p.from_ is not None else ""
        out[key] = ". ".join(x for x in (since, p.about) if x)
    return out
