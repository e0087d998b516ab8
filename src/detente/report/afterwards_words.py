"""What is left afterwards, in plain words, for the terminal and for pages alike."""

from __future__ import annotations

import math
from collections.abc import Callable

from detente.report.frontier_words import at_most
from detente.report.numbers import number, percent, signed
from detente.report.words import the, upper
from detente.results.afterwards import Afterwards, Outlook, Prospect, Span

Name = Callable[[str], str]

OUTLOOKS: dict[Outlook, str] = {
    "opens-the-way": "opens the way",
    "neutral": "neutral",
    "uses-up-leverage": "uses up leverage",
    "nothing-holds": "nothing holds",
    "not-known": "not known",
}


def outlook(p: Prospect, name: Name) -> str:
    """What the road map does to a party's prospects, with the numbers that it rests on, as a sentence."""
    who, first = the(name(p.party)), p.from_start
    if p.outlook == "nothing-holds":
        told = "proved: once it has been carried out no road map holds any more, not even leaving things as they are"
    elif p.outlook == "uses-up-leverage":
        most = f"{number(p.in_all.bound)}{_lost(p)}"
        told = f"in all it gets at most {most}; from the start it could get {number(first.found)}"
    elif p.outlook == "not-known":
        in_all = _clause("in all it gets", "what it gets in all", p.in_all)
        told = f"{in_all}; {_clause('from the start it could get', 'what it could get from the start', first)}"
    elif p.outlook == "opens-the-way":
        told = f"{number(p.further.found)} more can still be had, {number(p.in_all.found)} in all; {_at_most(first)}"
    elif p.further.bound <= (p.further.found or 0.0) + 1e-6 * (1 + abs(p.tabled)):
        has = f"it has most of what it could get, {number(p.in_all.found)}"
        told = f"nothing more can be had, but {has}; {_at_most(first)}"
    else:
        told = f"it has most of what it could get: {number(p.in_all.found)} in all; {_at_most(first)}"
    return f"{upper(who)}: {OUTLOOKS[p.outlook]}. {upper(told)}."


def _lost(p: Prospect) -> str:
    """How much of the most is lost, where that can be said."""
    found = p.from_start.found
    if found is None or found <= 0 or p.in_all.bound < 0:
        return ""
    return f", {percent(p.in_all.bound / found)} of the most"


def _at_most(first: Span) -> str:
    if first.bound == -math.inf:
        return "from the start no road map is certified"
    return f"from the start it could get at most {number(first.bound)}"


def _clause(gets: str, what: str, span: Span) -> str:
    """That it gets so much, or that this is not known."""
    known = span.found is not None or span.bound < math.inf
    return f"{gets} {_between(span)}" if known else f"{what} is not known"


def _between(span: Span) -> str:
    """``120``, ``between 120 and 300``, ``at most 300`` or ``at least 120``."""
    if span.bound == -math.inf:
        return "nothing, as no road map holds"
    if span.found is None:
        return f"at most {number(span.bound)}"
    if not math.isfinite(span.bound):
        return f"at least {number(span.found)}"
    if span.bound - span.found <= 1e-4 * max(1.0, abs(span.found)):
        return number(span.found)
    return f"between {number(span.found)} and {number(span.bound)}"


def verdict(told: Afterwards) -> str:
    """That it does not hold itself, where it does not: what follows supposes that it is kept."""
    a = told.audit
    if a.holds and a.signed:
        return "It holds and is signed."
    if a.holds:
        return "It holds, but not all would sign it; what follows supposes that it is carried out all the same."
    word = "does not hold" if a.verdict == "fails" else "may not hold"
    return f"It {word} itself; what follows supposes that everybody keeps it to its end. {a.reason}"


def end(told: Afterwards) -> str:
    """Whether the end state holds by itself, and so what no further deal means."""
    if told.end.verdict == "fails":
        stays = "The end state does not hold by itself, so that without a further deal it falls apart."
        return f"{stays} {told.end.reason}"
    word = "holds" if told.end.verdict == "holds" else "may hold (a limit was reached)"
    return f"The end state {word} by itself: without a further deal things stay as they then are."


def further(told: Afterwards) -> str:
    """Whether anything more can be agreed on afterwards."""
    return {
        "yes": "More can be agreed on afterwards that nobody gains by leaving.",
        "no": "Proved: nothing that can be agreed on afterwards gives any principal more.",
        "unknown": "Whether more can be agreed on afterwards is not known: a limit was reached.",
    }[told.further]


def settled(told: Afterwards, name: Name) -> str:
    """Red lines broken for good, which bind nobody afterwards."""
    broken = [c.id for c in told.settled if c.kind == "red-line" and not c.kept]
    return f"Red lines that it breaks for good, and that bind no more: {', '.join(broken)}." if broken else ""


def span(s: Span) -> tuple[str, str]:
    """What was found, and what is proved not to be exceeded, for a table."""
    return "–" if s.found is None else signed(s.found), "none" if s.bound == -math.inf else at_most(s.bound)
