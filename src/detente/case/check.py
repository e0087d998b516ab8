"""Checks on a document as a whole: every cross-reference and every number in its context, all in one go."""

from __future__ import annotations

from datetime import date
from typing import Any

from detente.case import check_more, check_uncertain, check_votes, check_worth
from detente.case.calendar import Calendar
from detente.case.check_structure import Node, check_structure
from detente.case.clause_text import Names, clause_problems
from detente.case.context import Context, clauses_of, drop_what_needs_a_calendar, named
from detente.case.expand import Link, Piece, expand
from detente.case.figures import Span
from detente.case.problems import Loc, Problems
from detente.case.schema import Document
from detente.case.schema_clauses import Clause
from detente.case.tree import Tree
from detente.case.validate import describe

MOST_PERIODS = 400


def check_document(document: Document, tree: Tree, problems: Problems) -> Context:
    """Note everything that is wrong with the meaning of a document."""
    calendar = make_calendar(document, problems)
    context = Context(document, tree, problems, calendar, expand(document))
    _check_frame(context)
    check_more.check_ids(context)
    check_more.check_parties(context)
    _check_references(context)
    check_structure(nodes_of(context), calendar.periods, problems)
    check_worth.check_worth(context)
    check_votes.check_votes(context)
    check_uncertain.check_uncertain(context)
    check_clauses(context)
    check_more.check_road_maps(context)
    drop_what_needs_a_calendar(problems)
    if not problems.errors:
        check_more.warn(context)
        check_votes.warn_votes(context)
    return context


def make_calendar(document: Document, problems: Problems) -> Calendar:
    """The calendar of a document; where it is impossible a usable one, with the problem noted."""
    periods = document.periods
    if not 1 <= periods <= MOST_PERIODS:
        problems.add(
            "DET214",
            f"periods is {periods}; it must lie between 1 and {MOST_PERIODS}",
            ("periods",),
            why="a case has at least one period, and more than this is finer than any judgement",
            fix="choose longer periods" if periods > 1 else "write 1 or more",
        )
        periods = MOST_PERIODS
    first = document.start.first
    if first is None or first.day != 1:
        problems.add(
            "DET215",
            f"start is {document.start}; it must be a year, a quarter, a month or the first day of one",
            ("start",),
            why="periods are whole months, quarters or years",
            fix="write for instance 2019-Q2 or 2019-04",
        )
        first = date(first.year, first.month, 1) if first else date(2000, 1, 1)
    return Calendar(document.period, first, periods)


def _check_frame(context: Context) -> None:
    problems, share = context.problems, context.document.pocketing_share
    if context.tree.get(("parties",)) == {}:
        problems.add("DET102", "the case has no party", ("parties",), why="there is nobody to agree", fix="add one")
    if share is not None and share.value.ranged:
        problems.add(
            "DET108",
            "pocketing_share has a range",
            ("pocketing_share",),
            why="it is an option, not a judgement",
            fix="write one number",
        )


def nodes_of(context: Context) -> dict[str, Node]:
    """How the measures hang together, at central values."""
    return {name: _node(piece, context) for name, piece in context.pieces.by_id.items()}


def periods_of(span: Span | None, calendar: Calendar, default: int = 0) -> int:
    """The central value of a length of time, rounded up."""
    return default if span is None else span.value.periods(span.value.central, calendar, "up")


def _node(piece: Piece, context: Context) -> Node:
    measure, calendar = piece.measure, context.calendar

    def link(x: Link) -> tuple[str, int, Loc]:
        return (x.measure, periods_of(x.wait, calendar, 1), x.loc)

    links = [link(x) for x in piece.after] + ([link(piece.replaces)] if piece.replaces else [])
    return Node(
        id=piece.id,
        loc=piece.loc,
        by=measure.by if measure else None,
        takes=periods_of(piece.takes, calendar),
        links=tuple(links),
        replaces=piece.replaces.measure if piece.replaces else None,
        excludes=piece.excludes,
        members=piece.members,
        public=measure.public if measure else False,
        done=measure.done if measure else False,
        origin=piece.origin,
    )


def _check_references(context: Context) -> None:
    document = context.document
    for name, m in document.measures.items():
        loc: Loc = ("measures", name)
        told = f'measure "{name}"'
        context.refer(m.by, context.known("parties"), "party", (*loc, "by"), told)
        for n, a in enumerate(m.after):
            context.refer(a.measure, context.all_measures, "measure", (*loc, "after", n, "measure"), told)
        for n, x in enumerate(m.excludes):
            context.refer(x, context.measures, "measure", (*loc, "excludes", n), told)
        if m.replaces:
            context.refer(m.replaces.measure, context.all_measures, "measure", (*loc, "replaces", "measure"), told)
        for n, access in enumerate(m.detect.with_ if m.detect else ()):
            for j, x in enumerate(access.measures):
                at = (*loc, "detect", "with", n, "measures", j)
                context.refer(x, context.all_measures, "measure", at, told)
        for resource in m.uses:
            context.refer(resource, context.known("resources"), "resource", (*loc, "uses", resource), told)
    for name, milestone in document.milestones.items():
        for n, x in enumerate(milestone.members):
            context.refer(x, context.all_measures, "measure", ("milestones", name, "members", n), f'milestone "{name}"')
    for n, stick in enumerate(document.sticks):
        for key, party in (("by", stick.by), ("against", stick.against)):
            context.refer(party, context.known("parties"), "party", ("sticks", n, key), named("stick", stick.id, n))
    for name, group in document.groups.items():
        for n, x in enumerate(group.members):
            context.refer(x, context.all_measures, "measure", ("groups", name, "members", n), f'group "{name}"')
    _check_sources(document, context, ())


def _check_sources(part: Any, context: Context, loc: Loc) -> None:
    """Every source named anywhere exists."""
    if isinstance(part, dict):
        for key, value in part.items():
            _check_sources(value, context, (*loc, key))
    elif isinstance(part, tuple):
        for n, value in enumerate(part):
            _check_sources(value, context, (*loc, n))
    elif hasattr(type(part), "model_fields"):
        for key, f in type(part).model_fields.items():
            value = getattr(part, key)
            if key == "sources" and loc:
                known = context.known("sources")
                for n, source in enumerate(value):
                    written = "source" if "source" in (context.tree.get(context.tree.path(loc)) or ()) else "sources"
                    context.refer(source, known, "source", (*loc, written, n))
            else:
                _check_sources(value, context, (*loc, f.alias or key))


def clause_names(context: Context) -> Names:
    """What clauses of the document may speak of."""
    pieces = context.pieces
    whole = [n for n in context.all_measures if n not in pieces.tranches]
    return Names(
        whole,
        context.groups,
        context.known("parties"),
        context.calendar,
        first={n: t[0] for n, t in pieces.tranches.items()},
        last={n: t[-1] for n, t in pieces.tranches.items()},
    )


def check_clauses(context: Context) -> None:
    """Every clause can be read, has an owner and an id of its own."""
    names, speakers = clause_names(context), context.speakers
    document, seen = context.document, dict[str, Loc]()
    for kind, _, _, clause, loc in clauses_of(document):
        told = named("clause", clause.id, loc[-1])
        _check_words(clause, loc, names, context)
        if clause.owner is not None:
            context.refer(clause.owner, speakers, context.speaker, (*loc, "owner"), told)
        elif kind == "red-line":
            context.problems.add(
                "DET102",
                f"{named('red line', clause.id, loc[-1])} has no owner",
                loc,
                why="a red line is somebody's",
                fix="add owner: with a party",
                rests_on=[(*loc, "owner")],
            )
        if clause.weight is not None and (clause.must is not None or clause.weight.value.low < 0):
            context.problems.add(
                "DET217",
                f"{told} has a weight that cannot count",
                (*loc, "weight"),
                why="only wishes (want) have weights, of 0 or more",
                fix="drop the weight, or use want",
            )
        if clause.id in seen:
            context.problems.add(
                "DET202",
                f'the clause id "{clause.id}" is used twice',
                (*loc, "id"),
                why="results name clauses by their ids",
                fix="choose another id",
            )
        seen.setdefault(clause.id, loc)
    _check_speakers(context)


def _check_words(clause: Clause, loc: Loc, names: Names, context: Context) -> None:
    told, ways = named("clause", clause.id, loc[-1]), [(*loc, "must"), (*loc, "want")]
    if (clause.must is None) == (clause.want is None):
        context.problems.add(
            "DET217",
            f"{told} needs exactly one of must and want",
            loc,
            why="a clause is either required or wished for",
            fix='write for instance must: "declare by 2020-Q4"',
            rests_on=ways,
        )
    for at, text in zip(ways, (clause.must, clause.want), strict=True):
        for problem in clause_problems(text, names) if text is not None else ():
            if not (problem.what and context.doubtful(problem.name, problem.what)):
                context.problems.take(problem, at, told)


def _check_speakers(context: Context) -> None:
    """Positions, goals and proposals are somebody's, and say something."""
    document, speakers = context.document, context.speakers
    for key, parts in (("positions", document.positions), ("goals", document.goals)):
        for name, part in parts.items():
            told = describe((key, name), context.tree)
            context.refer(part.party, speakers, context.speaker, (key, name, "party"), told)
    for name, proposal in document.proposals.items():
        told = describe(("proposals", name), context.tree)
        if proposal.by is not None:
            context.refer(proposal.by, speakers, context.speaker, ("proposals", name, "by"), told)
        if (proposal.by is None) == (not proposal.author):
            context.problems.add(
                "DET217",
                f"{told} needs exactly one of by and author",
                ("proposals", name),
                why="a proposal is somebody's: a party's (by), or of somebody who is no party (author)",
                fix="write by: with a party, or author: with a name",
                rests_on=[("proposals", name, "by"), ("proposals", name, "author")],
            )
        if not proposal.clauses and proposal.road_map is None:
            context.problems.add(
                "DET217",
                f"{told} says nothing",
                ("proposals", name),
                why="a proposal is made of clauses, or of start periods, or of both",
                fix="add clauses or a road_map",
                rests_on=[("proposals", name, "clauses"), ("proposals", name, "road_map")],
            )
