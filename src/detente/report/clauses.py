"""Clauses in plain words, with names and dates."""

from __future__ import annotations

from detente.case.clauses import (
    AllBeforeAny,
    Before,
    ByTime,
    Never,
    NotBefore,
    ShareAtLeast,
    ShareAtMost,
    Term,
    ValueAtLeast,
    term_of,
)
from detente.case.problems import Problem
from detente.case.resolved import Clause, ResolvedCase
from detente.report.calendar import Calendar
from detente.report.numbers import number, percent, plain
from detente.results.audit import ClauseResult


def sentence(case: ResolvedCase, clause: Clause) -> str:
    """What the clause asks; its own text if it cannot be read."""
    term = _term(case, clause)
    return clause.text if term is None else _words(case, term)


def miss(case: ResolvedCase, clause: Clause, result: ClauseResult) -> str:
    """By how much a broken clause is broken, in its own unit."""
    match _term(case, clause):
        case ShareAtLeast():
            return f"short by {percent(result.distance)}"
        case ShareAtMost():
            return f"over by {percent(result.distance)}"
        case ValueAtLeast():
            return f"short by {number(result.distance)}"
    if result.distance == int(result.distance):
        return f"off by {Calendar.of(case).span(int(result.distance))}"
    return f"off by {number(result.distance)}"


def measures_in(case: ResolvedCase, clause: Clause) -> tuple[str, ...]:
    """The measures that a clause speaks of."""
    match _term(case, clause):
        case ByTime(measure=k) | NotBefore(measure=k) | Never(measure=k):
            return (k,)
        case Before(first=first, then=then):
            return (first, then)
    return ()


def groups_in(case: ResolvedCase, clause: Clause) -> tuple[str, ...]:
    """The groups that a clause speaks of."""
    match _term(case, clause):
        case ShareAtLeast(group=g) | ShareAtMost(group=g):
            return (g,)
        case AllBeforeAny(first=first, then=then):
            return (first, then)
    return ()


def _term(case: ResolvedCase, clause: Clause) -> Term | None:
    try:
        return term_of(clause, case)
    except Problem:
        return None


def _words(case: ResolvedCase, term: Term) -> str:
    calendar = Calendar.of(case)

    def name(key: str) -> str:
        return f"“{case.title(key)}”"

    match term:
        case ByTime():
            return f"{name(term.measure)} by {calendar.label(term.time)}"
        case NotBefore():
            return f"{name(term.measure)} not before {calendar.label(term.time)}"
        case Before(wait=0):
            return f"{name(term.first)} in force when work on {name(term.then)} begins"
        case Before(wait=1):
            return f"{name(term.first)} before {name(term.then)}"
        case Before():
            return f"{name(term.first)} at least {calendar.span(term.wait)} before {name(term.then)}"
        case Never():
            return f"never {name(term.measure)}"
        case ShareAtLeast():
            return f"at least {percent(float(term.share))} of {name(term.group)} by {calendar.label(term.time)}"
        case ShareAtMost():
            return f"at most {percent(float(term.share))} of {name(term.group)} until {calendar.label(term.time)}"
        case ValueAtLeast():
            return f"worth at least {plain(term.value)} to {case.title(term.party)}"
        case AllBeforeAny():
            return f"all of {name(term.first)} before any of {name(term.then)}"
