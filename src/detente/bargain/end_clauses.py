"""What is left of a case's clauses once a road map has been carried out: settled, or to be kept from its end on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Context, Decimal
from fractions import Fraction

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
    evaluate,
    term_of,
)
from detente.case.interchange import text_of
from detente.case.resolved import Clause, ResolvedCase

Worth = Callable[[str], Fraction]
"""A party's continuation value in period 0 of the road map that was carried out."""


@dataclass(frozen=True)
class Settled:
    """A clause that nothing done later can keep or break any more."""

    clause: Clause
    kept: bool


@dataclass(frozen=True)
class End:
    """Where a road map has led: everything on it is in force, and period ``period`` is the first after that."""

    case: ResolvedCase
    starts: dict[str, int]
    period: int
    worth: Worth
    head: Callable[[str], tuple[Fraction, Fraction]]
    """For a party: what it got before the end, in period-0 money, and its discount up to the end."""

    def comes(self, k: str) -> int | None:
        """Period from which a measure is in force; None if it is not at the end."""
        m = self.case.measures[k]
        if m.members is not None:
            dates = [self.comes(x) for x in m.members]
            return None if None in dates or not dates else max(d for d in dates if d is not None)
        if m.done:
            return -1
        return self.starts[k] + m.takes if k in self.starts else None


def remaining(end: End) -> tuple[tuple[Clause, ...], tuple[Settled, ...]]:
    """The clauses still to be kept, in terms of the periods after the end, and those that are settled.

    What a faction demanded and has been broken for good is asked for on, in vain: it opposes whatever follows.
    """
    left: list[Clause] = []
    settled: list[Settled] = []
    for clause in end.case.clauses:
        texts = list(_left(term_of(clause, end.case), end))
        if texts:
            left += [replace(clause, text=text) for text in texts]
        else:
            kept = evaluate(clause, end.case, end.starts, end.worth)[0]
            settled.append(Settled(clause, kept))
            if not kept and clause.owner in end.case.factions:
                first = next(iter(end.starts), None)
                left.append(clause if first is None else replace(clause, text=f"never {first}"))
    return tuple(left), tuple(settled)


def _left(term: Term, end: End) -> Iterator[str]:
    """What a clause still asks for; nothing if what is done decides it."""
    match term:
        case ByTime(k, t) if end.comes(k) is None and t >= end.period:
            yield f"{k} by {t - end.period}"
        case NotBefore(k, t) if end.comes(k) is None and t > end.period:
            yield f"{k} not before {t - end.period}"
        case Never(k) if end.comes(k) is None:
            yield f"never {k}"
        case Before():
            yield from _before(term, end)
        case ShareAtLeast(g, p, t) if t >= end.period:
            yield f"share of {g} at least {text_of(p)} by {t - end.period}"
        case ShareAtMost(g, p, t) if t >= end.period and _below(term, end):
            yield f"share of {g} at most {text_of(p)} by {t - end.period}"
        case AllBeforeAny(_, h) if all(end.comes(k) is None for k in end.case.groups[h].members):
            yield f"all of {term.first} before any of {h}"
        case ValueAtLeast(party, v):
            before, discount = end.head(party)
            yield f"value of {party} at least {text_of(_up((Fraction(v) - before) / discount))}"


def _before(term: Before, end: End) -> Iterator[str]:
    """Order against what has come already is a date, as what is done has none of its own."""
    if end.comes(term.then) is not None:
        return
    first = end.comes(term.first)
    if first is None:
        yield f"{term.first} before {term.then} by {term.wait}"
    elif first + term.wait > end.period:
        yield f"{term.then} not before {first + term.wait - end.period}"


def _below(term: ShareAtMost, end: End) -> bool:
    """Whether a share has not passed its bound yet."""
    return evaluate(replace(term, time=end.period), end.case, end.starts)[0]


def _up(x: Fraction) -> Decimal:
    """Rounded up to twelve digits: what is asked is not less than it was."""
    context = Context(prec=12, rounding=ROUND_CEILING)
    return context.divide(Decimal(x.numerator), Decimal(x.denominator))
