"""Reading a clause (model §9): which form it has, what it names, and at which column it stops making sense."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from detente.case import clause_terms as terms
from detente.case.calendar import Calendar, Edge
from detente.case.problems import Problem, an, did_you_mean
from detente.case.quantities import DURATION, NUMBER, decimal_of, parse_duration
from detente.case.resolved import Clause, ResolvedCase


@dataclass(frozen=True)
class Names:
    """What a clause may speak of. ``first`` and ``last`` turn a tranched measure into its end tranches."""

    measures: Sequence[str]
    groups: Sequence[str]
    parties: Sequence[str]
    calendar: Calendar
    first: Mapping[str, str] = field(default_factory=dict)
    last: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Read:
    """A clause that was read: its meaning, and its words with tranched measures spelled out."""

    term: terms.Term
    text: str


class _Words:
    """The words of a clause with their columns, taken one after the other."""

    def __init__(self, text: str) -> None:
        self.text = text
        found = list(re.finditer(r"\S+", text))
        self.words = [m[0] for m in found]
        self.columns = [m.start() + 1 for m in found] + [len(text.rstrip()) + 1]
        self.at = 0

    def peek(self, ahead: int = 0) -> str:
        n = self.at + ahead
        return self.words[n] if n < len(self.words) else ""

    def unreadable(self, wanted: str, at: int | None = None) -> Problem:
        n = self.at if at is None else at
        word = self.words[n] if n < len(self.words) else ""
        column = self.columns[min(n, len(self.columns) - 1)]
        what = f'"{word}" stands' if word else "it ends"
        return Problem(
            "DET301",
            f'"{self.text}" cannot be read: at column {column} {what} where {wanted} should',
            "a clause that is not understood would be ignored",
            "the forms are: " + " · ".join(terms.FORMS),
            column,
        )

    def take(self, *options: str) -> str:
        word = self.peek()
        if word.lower() not in options:
            raise self.unreadable(" or ".join(f'"{o}"' for o in options))
        self.at += 1
        return word.lower()

    def next(self, wanted: str) -> str:
        word = self.peek()
        if not word:
            raise self.unreadable(wanted)
        self.at += 1
        return word

    def end(self) -> None:
        if self.at < len(self.words):
            raise self.unreadable("the end")


def read_clause(text: str, names: Names) -> Read:
    """Read a clause; a :class:`Problem` says at which column it stops making sense, or what it names in vain."""
    reader = _Reader(_Words(text), names)
    term = reader.term()
    reader.w.end()
    if reader.problems:
        raise reader.problems[0]
    return Read(term, " ".join(reader.w.words))


def clause_problems(text: str, names: Names) -> list[Problem]:
    """Everything that is wrong with a clause, up to where it stops making sense."""
    reader = _Reader(_Words(text), names)
    try:
        reader.term()
        reader.w.end()
    except Problem as problem:
        return [*reader.problems, problem]
    return reader.problems


def term_of(clause: Clause, case: ResolvedCase) -> terms.Term:
    """The meaning of a clause of a resolved case."""
    return read_clause(clause.text, names_of(case)).term


def names_of(case: ResolvedCase) -> Names:
    """What clauses of a resolved case may speak of."""
    calendar = Calendar(case.period, date.fromisoformat(case.start), case.periods)
    return Names(list(case.measures), list(case.groups), list(case.parties), calendar)


class _Reader:
    def __init__(self, words: _Words, names: Names) -> None:
        self.w, self.names = words, names
        self.problems: list[Problem] = []

    def wrong(self, code: str, problem: str, why: str, fix: str, at: int, **named: str) -> None:
        """Note what is wrong at a word, and read on."""
        self.problems.append(Problem(code, f'"{self.w.text}" {problem}', why, fix, self.w.columns[at], **named))

    def term(self) -> terms.Term:
        first, second = self.w.peek().lower(), self.w.peek(1).lower()
        if first == "never" and second not in ("by", "not", "before"):
            self.w.take("never")
            return terms.Never(self.measure("first"))
        if second == "of" and first in ("share", "value", "all"):
            return {"share": self.share, "value": self.value, "all": self.all}[first]()
        if not first:
            raise self.w.unreadable("a clause")
        if second not in ("by", "not", "before"):
            raise self.w.unreadable('"by", "not before" or "before"', self.w.at + 1)
        if second == "by":
            measure = self.measure("last")
            self.w.take("by")
            return terms.ByTime(measure, self.time("last"))
        if second == "not":
            measure = self.measure("first")
            self.w.take("not")
            self.w.take("before")
            return terms.NotBefore(measure, self.time("first"))
        return self.before()

    def before(self) -> terms.Before:
        earlier = self.measure("last")
        self.w.take("before")
        later = self.measure("first")
        wait = 1
        if self.w.peek():
            self.w.take("by")
            wait = self.wait()
        return terms.Before(earlier, later, wait)

    def share(self) -> terms.ShareAtLeast | terms.ShareAtMost:
        self.w.take("share")
        self.w.take("of")
        group = self.group()
        self.w.take("at")
        which = self.w.take("least", "most")
        share = self.portion()
        self.w.take("by")
        kind = terms.ShareAtLeast if which == "least" else terms.ShareAtMost
        return kind(group, share, self.time("last"))

    def value(self) -> terms.ValueAtLeast:
        self.w.take("value")
        self.w.take("of")
        party = self.known(self.w.next("a party"), self.names.parties, "party")
        self.w.take("at")
        self.w.take("least")
        return terms.ValueAtLeast(party, self.number())

    def all(self) -> terms.AllBeforeAny:
        self.w.take("all")
        self.w.take("of")
        first = self.group()
        self.w.take("before")
        self.w.take("any")
        self.w.take("of")
        return terms.AllBeforeAny(first, self.group())

    def known(self, word: str, known: Sequence[str], what: str) -> str:
        if word not in known:
            at = self.w.at - 1
            self.wrong(
                "DET302",
                f'speaks at column {self.w.columns[at]} of {an(what)} "{word}" that does not exist',
                "a clause about nothing would always hold, or never",
                did_you_mean(word, known),
                at,
                name=word,
                what=what,
            )
        return word

    def measure(self, end: Edge) -> str:
        word = self.w.next("a measure")
        mapped = (self.names.first if end == "first" else self.names.last).get(word)
        if mapped is not None:
            self.w.words[self.w.at - 1] = mapped
            return mapped
        return self.known(word, [*self.names.measures, *self.names.last], "measure")

    def group(self) -> str:
        return self.known(self.w.next("a group"), self.names.groups, "group")

    def time(self, edge: Edge) -> int:
        word = self.w.next("a time")
        try:
            t = self.names.calendar.period_of(word, edge)
        except Problem:
            raise self.w.unreadable("a time (8, 2020-Q4, 2020-12, 2020-12-31)", self.w.at - 1) from None
        calendar = self.names.calendar
        if not 0 <= t < calendar.periods:
            self.wrong(
                "DET303",
                f"speaks of {word}, outside the case",
                "nothing is known of times before the first and after the last period",
                f"choose a time from {calendar.label(0)} to {calendar.label(calendar.periods - 1)}",
                self.w.at - 1,
            )
        return t

    def number(self) -> Decimal:
        word = self.w.next("a number")
        m = NUMBER.fullmatch(word)
        if m is None or m["low"] or m["unit1"] or m["unit2"] or len(word) > 40:
            raise self.w.unreadable("a number", self.w.at - 1)
        return decimal_of(word)

    def portion(self) -> Decimal:
        word = self.w.next("a share")
        text, percent = (word[:-1], True) if word.endswith("%") else (word, False)
        if not percent and self.w.peek() == "%":
            self.w.at, percent = self.w.at + 1, True
        m = NUMBER.fullmatch(text)
        if m is None or m["low"] or m["unit1"] or m["unit2"] or len(text) > 40:
            raise self.w.unreadable("a share such as 0.5 or 50%", self.w.at - 1)
        share = decimal_of(text) / (100 if percent else 1)
        if not 0 <= share <= 1:
            self.wrong(
                "DET304",
                f"asks for a share of {word}",
                "a share lies between 0 and 1",
                "write for instance 0.5 or 50%",
                self.w.at - 1,
            )
        return share

    def wait(self) -> int:
        at = self.w.at
        text = self.w.next("a number of periods")
        if self.w.peek():
            text += " " + self.w.next("a unit")
        if not DURATION.fullmatch(text) or "[" in text:
            raise self.w.unreadable("a length of time (2, 6 months)", at)
        duration, periods = parse_duration(text), self.names.calendar.periods
        wait = duration.periods(duration.central, self.names.calendar, "up")
        if wait > periods:
            self.wrong(
                "DET303",
                f"asks for a wait of {text}, longer than the case, which has {periods} periods",
                "what comes second could never begin within the case",
                "shorten the wait, or say what is never to be done: never X",
                at,
            )
        return wait
