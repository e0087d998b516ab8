"""Checks on the meaning of a resolved case: names, structure, series, groups, clauses, road maps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from detente.case.calendar import Calendar, When
from detente.case.check_structure import Node, check_structure
from detente.case.check_votes import check_body
from detente.case.clause_text import Names, clause_problems
from detente.case.context import SECTIONS, drop_what_needs_a_calendar, named
from detente.case.problems import UNKNOWN, Loc, Problems, an
from detente.case.resolved_schema import ResolvedDocument, ResolvedMeasure, group_weight
from detente.case.road_maps import Startable, check_starts
from detente.case.tree import Tree

MOST_PERIODS = 400


class _Check:
    def __init__(self, document: ResolvedDocument, tree: Tree, problems: Problems, calendar: Calendar) -> None:
        self.d, self.tree, self.problems, self.calendar = document, tree, problems, calendar

    def known(self, kind: str) -> list[str]:
        """Names of a kind as written, those of malformed things included."""
        raw = self.tree.data.get(kind)
        return list(raw) if isinstance(raw, dict) else []

    @property
    def speaker(self) -> str:
        """What a party or faction is called."""
        return "party or faction" if self.known("factions") else "party"

    def doubtful(self, what: str) -> bool:
        """Whether names of a kind are not known, since their whole section is malformed or missing."""
        return any(self.problems.cuts.lost((section,)) for section in SECTIONS[what])

    def refer(self, name: str, known: Sequence[str], what: str, loc: Loc, by: str) -> None:
        if name not in known and name != UNKNOWN and not self.doubtful(what):
            self.problems.add(
                "DET201",
                f'{by} refers to {an(what)} "{name}" that does not exist',
                loc,
                why="a reference to nothing would be dropped without a word",
                fix=self.problems.spelling(name, known),
            )

    def series(self, values: Any, loc: Loc) -> None:
        if isinstance(values, tuple) and len(values) != self.calendar.periods:
            self.problems.add(
                "DET216",
                f"{len(values)} numbers stand here; the case has {self.calendar.periods} periods",
                loc,
                why="a series in a resolved case has one number a period, or is a single number",
                fix=f"write {self.calendar.periods} numbers, or one",
                rests_on=[loc],
            )


def check_resolved(document: ResolvedDocument, tree: Tree, problems: Problems) -> Calendar:
    """Note everything wrong with the meaning of a resolved case; its calendar."""
    calendar = _calendar(document, problems)
    check = _Check(document, tree, problems, calendar)
    measures, parties = check.known("measures"), check.known("parties")
    speakers = [*parties, *check.known("factions")]
    if not document.parties:
        problems.add("DET102", "the case has no party", ("parties",), why="there is nobody to agree", fix="add one")
    _parties(check)
    for name, m in document.measures.items():
        _measure(name, m, check, measures, speakers)
    check_structure(
        {name: _node(name, m) for name, m in document.measures.items()}, calendar.periods, problems, resolved=True
    )
    _sticks(check, parties, speakers)
    _resources(check, measures)
    for n, party in enumerate(document.principals or ()):
        check.refer(party, parties, "party", ("principals", n), "the list of principals")
    for name in document.groups:
        _group(name, check, measures)
    _votes(check, parties)
    _clauses(check, measures, speakers)
    _road_maps(check, measures)
    drop_what_needs_a_calendar(problems)
    return calendar


def _parties(check: _Check) -> None:
    problems = check.problems
    for name, p in check.d.parties.items():
        check.series(p.status_quo, ("parties", name, "status_quo"))
        if p.response_lag < 1:
            problems.add(
                "DET207",
                f'the response lag of party "{name}" is {p.response_lag}; it must be 1 or more',
                ("parties", name, "response_lag"),
                why="what is done in a period is seen in it and answered in the next at the earliest",
                fix="write 1 or more",
            )
        _positive(p.exit_cost, ("parties", name, "exit_cost"), f'the exit cost of party "{name}"', problems)


def _sticks(check: _Check, parties: list[str], speakers: list[str]) -> None:
    for n, s in enumerate(check.d.sticks):
        told = named("stick", s.id, n)
        for key, party in (("by", s.by), ("against", s.against)):
            check.refer(party, parties, "party", ("sticks", n, key), told)
        for party in s.value:
            check.refer(party, speakers, check.speaker, ("sticks", n, "value"), told)
        if s.by == s.against:
            check.problems.add(
                "DET211",
                f"{told} is of {s.by} against itself",
                ("sticks", n, "against"),
                why="a stick answers another party's breach",
                fix="name another party",
                rests_on=[("sticks", n, "by")],
            )


def _resources(check: _Check, measures: list[str]) -> None:
    for name, resource in check.d.resources.items():
        check.series(resource.capacity, ("resources", name, "capacity"))
        for k, amount in resource.uses.items():
            check.refer(k, measures, "measure", ("resources", name, "uses", k), f'resource "{name}"')
            _positive(amount, ("resources", name, "uses", k), f'what "{k}" uses of {name}', check.problems)


def _calendar(document: ResolvedDocument, problems: Problems) -> Calendar:
    periods = document.periods
    if not 1 <= periods <= MOST_PERIODS:
        problems.add(
            "DET214",
            f"periods is {periods}; it must lie between 1 and {MOST_PERIODS}",
            ("periods",),
            why="a case has at least one period",
            fix="write a number in between",
        )
        periods = min(max(periods, 1), MOST_PERIODS)
    try:
        start = date.fromisoformat(document.start)
    except ValueError:
        start = date.min
    if start.day != 1 or not 1900 <= start.year < 2200:
        problems.add(
            "DET215",
            f'start is "{document.start}"; it must be the first day of a month',
            ("start",),
            why="periods are whole months, quarters or years",
            fix="write for instance 2019-04-01",
        )
        start = date(2000, 1, 1)
    return Calendar(document.period, start, periods)


def _positive(x: Decimal, loc: Loc, told: str, problems: Problems) -> None:
    if x < 0:
        problems.add(
            "DET208", f"{told} is {x}, below 0", loc, why="it is an amount of something", fix="write 0 or more"
        )


def _measure(name: str, m: ResolvedMeasure, check: _Check, measures: list[str], speakers: list[str]) -> None:
    loc, told, problems = ("measures", name), f'measure "{name}"', check.problems
    if m.members is None and m.by is None:
        problems.add(
            "DET102",
            f'{told} has no "by"',
            loc,
            why="a measure is somebody's",
            fix="add by: with a party",
            rests_on=[(*loc, "by"), (*loc, "members")],
        )
    elif m.by is not None and m.members is None:
        check.refer(m.by, check.known("parties"), "party", (*loc, "by"), told)
    if m.members is not None and (m.takes or m.after or m.undo or m.done or m.replaces):
        problems.add(
            "DET210",
            f'milestone "{name}" has work, prerequisites or undoing of its own',
            loc,
            why="a milestone is in force while its members are",
            fix="leave out all but value and members",
        )
    references: list[tuple[Loc, str]] = [(("after", n, "measure"), a.measure) for n, a in enumerate(m.after)]
    references += [(("excludes", n), x) for n, x in enumerate(m.excludes)]
    references += [(("members", n), x) for n, x in enumerate(m.members or ())]
    references += [(("replaces", "measure"), m.replaces.measure)] if m.replaces else []
    for n, access in enumerate(m.detect.with_):
        references += [(("detect", "with", n, "measures", j), x) for j, x in enumerate(access.measures)]
        if not access.measures:
            problems.add(
                "DET102",
                f"detection of {told} names no access measure",
                (*loc, "detect", "with", n),
                why="detection without access is the base value",
                fix="name a measure, or use base",
                rests_on=[(*loc, "detect", "with", n, "measures")],
            )
    for rest, x in references:
        check.refer(x, measures, "measure", (*loc, *rest), told)
    for party, value in m.value.items():
        check.refer(party, speakers, check.speaker, (*loc, "value", party), told)
        check.series(value.flow, (*loc, "value", party, "flow"))
    if m.undo is not None:
        _positive(m.undo.cost, (*loc, "undo", "cost"), f"the cost of undoing {told}", problems)
    for n, whose in enumerate(m.consent):
        known = [*check.known("parties"), *check.known("bodies")]
        check.refer(whose, known, "party or body", (*loc, "consent", n), told)


def _node(name: str, m: ResolvedMeasure) -> Node:
    loc: Loc = ("measures", name)
    links = [(a.measure, a.wait, (*loc, "after", n)) for n, a in enumerate(m.after)]
    links += [(m.replaces.measure, m.replaces.wait, (*loc, "replaces"))] if m.replaces else []
    return Node(
        name,
        loc,
        m.by,
        m.takes,
        tuple(links),
        m.replaces.measure if m.replaces else None,
        m.excludes,
        m.members,
        m.public,
        m.done,
    )


def _group(name: str, check: _Check, measures: list[str]) -> None:
    g, problems, loc = check.d.groups[name], check.problems, ("groups", name)
    for n, x in enumerate(g.members):
        check.refer(x, measures, "measure", (*loc, "members", n), f'group "{name}"')
    if not g.members:
        problems.add(
            "DET220",
            f'group "{name}" has no members',
            loc,
            why="a share of nothing means nothing",
            fix="name measures",
            rests_on=[(*loc, "members")],
        )
    weights = [group_weight(check.d.measures[x], g.by) for x in g.members if x in check.d.measures]
    if weights and (min(weights) < 0 or sum(weights) <= 0):
        problems.add(
            "DET220",
            f'group "{name}" is weighed by "{g.by}", of which its members have nothing, or less',
            loc,
            why="shares are parts of a positive whole",
            fix='give the members attributes, or say "by": "count"',
            rests_on=[(*loc, "by"), (*loc, "members"), *(("measures", x, "attributes") for x in g.members)],
        )


def _votes(check: _Check, parties: list[str]) -> None:
    """Factions are of a party, have an id of their own and no negative weight; bodies have votes that can pass."""
    taken = {name: kind for kind in ("bodies", "groups", "measures", "parties") for name in check.known(kind)}
    for name, f in check.d.factions.items():
        loc, told = ("factions", name), f'faction "{name}"'
        check.refer(f.party, parties, "party", (*loc, "party"), told)
        check.series(f.status_quo, (*loc, "status_quo"))
        _positive(f.weight, (*loc, "weight"), f"the weight of {told}", check.problems)
        if name in taken:
            check.problems.add(
                "DET202",
                f'"{name}" stands under {taken[name]} and again under factions',
                loc,
                why="values, tables and commands name things by their ids alone",
                fix="choose another id",
            )
    for name, body in check.d.bodies.items():
        for member, votes in body.votes.items():
            _positive(
                votes, ("bodies", name, "votes", member), f'what {member} votes with in body "{name}"', check.problems
            )
        check_body(name, body.votes, body.quota, body.vetoes, parties, check.refer, check.problems)


def _clauses(check: _Check, measures: list[str], speakers: list[str]) -> None:
    names, seen = Names(measures, check.known("groups"), check.known("parties"), check.calendar), set[str]()
    for n, c in enumerate(check.d.clauses):
        told = named("clause", c.id, n)
        for problem in clause_problems(c.text, names):
            if not problem.what or not check.doubtful(problem.what):
                check.problems.take(problem, ("clauses", n, "text"), told)
        if c.kind != "proposal":
            check.refer(c.owner, speakers, check.speaker, ("clauses", n, "owner"), told)
        if c.id in seen:
            check.problems.add(
                "DET202",
                f'the clause id "{c.id}" is used twice',
                ("clauses", n, "id"),
                why="results name clauses by their ids",
                fix="choose another id",
            )
        seen.add(c.id)


def _road_maps(check: _Check, measures: list[str]) -> None:
    done = [k for k, m in check.d.measures.items() if m.done]
    milestones = [k for k, m in check.d.measures.items() if m.members is not None]
    startable = Startable(measures, done, milestones, {})
    for name, starts in check.d.road_maps.items():
        whens = {k: None if s is None else When(str(s), index=s) for k, s in starts.items()}
        check_starts(
            whens, ("road_maps", name), check.problems, check.calendar, startable, lambda _, what: check.doubtful(what)
        )
