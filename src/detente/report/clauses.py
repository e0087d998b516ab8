"""Clauses in plain words, with names and dates."""

from __future__ import annotations

from detente.case import clause_terms as terms
from detente.case.clause_text import term_of
from detente.case.problems import Problem
from detente.case.resolved import Clause, ResolvedCase
from detente.report.calendar import Calendar
from detente.report.numbers import number, percent, plain
from detente.results.audit import ClauseResult


def sentence(case: ResolvedCase, clause: Clause, calendar: Calendar | None = None) -> str:
    """What the clause asks; its own text if it cannot be read. ``calendar`` names the dates where others are wanted."""
    term = _term(case, clause)
    return clause.text if term is None else _words(case, term, calendar or Calendar.of(case))


def miss(case: ResolvedCase, clause: Clause, result: ClauseResult) -> str:
    """By how much a broken clause is broken, in its own unit."""
    match _term(case, clause):
        case terms.ShareAtLeast():
            return f"short by {percent(result.distance)}"
        case terms.ShareAtMost():
            return f"over by {percent(result.distance)}"
        case terms.ValueAtLeast():
            return f"short by {number(result.distance)}"
    if result.distance == int(result.distance):
        return f"off by {Calendar.of(case).span(int(result.distance))}"
    return f"off by {number(result.distance)}"


def measures_in(case: ResolvedCase, clause: Clause) -> tuple[str, ...]:
    """The measures that a clause speaks of."""
    match _term(case, clause):
        case terms.ByTime(measure=k) | terms.NotBefore(measure=k) | terms.Never(measure=k):
            return (k,)
        case terms.Before(first=first, then=then):
            return (first, then)
    return ()


def groups_in(case: ResolvedCase, clause: Clause) -> tuple[str, ...]:
    """The groups that a clause speaks of."""
    match _term(case, clause):
        case terms.ShareAtLeast(group=g) | terms.ShareAtMost(group=g):
            return (g,)
        case terms.AllBeforeAny(first=first, then=then):
            return (first, then)
    return ()


def _term(case: ResolvedCase, clause: Clause) -> terms.Term | None:
    try:
        return term_of(clause, case)
    except Problem:
        return None


def _words(case: ResolvedCase, term: terms.Term, calendar: Calendar) -> str:
    def name(key: str) -> str:
        return f"“{case.title(key)}”"

    match term:
        case terms.ByTime():
            return f"{name(term.measure)} by {calendar.label(term.time)}"
        case terms.NotBefore():
            return f"{name(term.measure)} not before {calendar.label(term.time)}"
        case terms.Before(wait=0):
            return f"{name(term.first)} in force when work on {name(term.then)} begins"
        case terms.Before(wait=1):
            return f"{name(term.first)} before {name(term.then)}"
        case terms.Before():
            return f"{name(term.first)} at least {calendar.span(term.wait)} before {name(term.then)}"
        case terms.Never():
            return f"never {name(term.measure)}"
        case terms.ShareAtLeast():
            return f"at least {percent(float(term.share))} of {name(term.group)} by {calendar.label(term.time)}"
        case terms.ShareAtMost():
            return f"at most {percent(float(term.share))} of {name(term.group)} until {calendar.label(term.time)}"
        case terms.ValueAtLeast():
            return f"worth at least {plain(term.value)} to {case.title(term.party)}"
        case terms.AllBeforeAny():
            return f"all of {name(term.first)} before any of {name(term.then)}"
