"""What two texts ask of each measure and group, clause by clause, and how far apart that is.

A clause asks something of a measure if it names it, or a group or a milestone that it belongs to. Where it can only be
kept if the measure comes by a date, or only if it does not come before one, that is the measure's window; a share of a
group tells so much only of a member that the rest cannot make up for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from detente.case.clauses import (
    AllBeforeAny,
    Before,
    ByTime,
    Never,
    NotBefore,
    ShareAtLeast,
    ShareAtMost,
    term_of,
)
from detente.case.resolved import Clause, ResolvedCase, Strength
from detente.results.gap import Ask, Form, Relation, SubjectGap, Unit, Window, Wish

Apart = tuple[Relation, float | None, Unit]
Asked = tuple[str, Ask]
"""A measure or group, and what is asked of it."""


def subjects(case: ResolvedCase, one: Iterable[Clause], other: Iterable[Clause]) -> tuple[SubjectGap, ...]:
    """Every measure and group that a clause of either text speaks of, in the order of the case, groups first."""
    asked: list[dict[str, list[Ask]]] = []
    for clauses in (one, other):
        mine: dict[str, list[Ask]] = {}
        for subject, ask in (x for c in clauses for x in _asks(case, c)):
            mine.setdefault(subject, []).append(ask)
        asked.append(mine)
    named = [k for k in (*case.groups, *case.measures) if any(k in mine for mine in asked)]
    return tuple(_gap(case, k, asked[0].get(k, ()), asked[1].get(k, ())) for k in named)


def _asks(case: ResolvedCase, clause: Clause) -> Iterator[Asked]:
    T = case.periods

    def ask(form: Form, window: Window | None = None, **more: object) -> Ask:
        return Ask(clause.id, clause.strength, float(clause.weight), form, window=window, **more)  # type: ignore[arg-type]

    match term_of(clause, case):
        case ByTime(k, t):
            yield k, ask("by", (-1, t), time=t)
            for x in case.measures[k].members or ():
                yield x, ask("by", (-1, t), time=t, through=k)
        case NotBefore(k, t):
            begun = min(t + case.measures[k].takes, T)
            yield k, ask("not before", (begun, T), time=t)
        case Never(k):
            yield k, ask("never", (T, T))
        case Before(x, y, _):
            yield x, ask("before", other=y)
            yield y, ask("after", other=x)
        case AllBeforeAny(g, h):
            yield from _ordered(case, ask("before", other=h), g)
            yield from _ordered(case, ask("after", other=g), h)
        case ShareAtLeast(g, p, t) as term:
            yield g, ask("at least", time=t, share=float(p))
            for k in case.groups[g].members:
                needed = _needed(case, term, k)
                yield k, ask("at least", (-1, t) if needed else None, time=t, share=float(p), through=g)
        case ShareAtMost(g, p, t) as term:
            yield g, ask("at most", time=t, share=float(p))
            for k in case.groups[g].members:
                barred = _barred(case, term, k)
                yield k, ask("at most", (t + 1, T) if barred else None, time=t, share=float(p), through=g)


def _ordered(case: ResolvedCase, ask: Ask, group: str) -> Iterator[Asked]:
    """What an order asks of a group, and through it of the members."""
    yield group, ask
    for k in case.groups[group].members:
        yield k, Ask(ask.clause, ask.strength, ask.weight, ask.form, other=ask.other, through=group)


def _needed(case: ResolvedCase, term: ShareAtLeast, k: str) -> bool:
    """Whether the share cannot be reached without a member."""
    weight, whole = _weights(case, term.group, k)
    return whole - weight < Fraction(term.share) * whole


def _barred(case: ResolvedCase, term: ShareAtMost, k: str) -> bool:
    """Whether a member alone is more than the share."""
    weight, whole = _weights(case, term.group, k)
    return weight > Fraction(term.share) * whole


def _weights(case: ResolvedCase, group: str, k: str) -> tuple[Fraction, Fraction]:
    g = case.groups[group]
    weights = {x: Fraction(g.weights.get(x, 1)) for x in g.members}
    return weights[k], sum(weights.values(), Fraction(0))


def _gap(case: ResolvedCase, subject: str, one: Sequence[Ask], other: Sequence[Ask]) -> SubjectGap:
    asks = (tuple(one), tuple(other))
    if subject in case.groups:
        return SubjectGap(subject, case.groups[subject].members, asks, (None, None), *_shares_apart(one, other))
    wishes = (_wish(case, one), _wish(case, other))
    return SubjectGap(subject, (), asks, wishes, *_apart(case, *wishes))


def _wish(case: ResolvedCase, asks: Sequence[Ask]) -> Wish | None:
    """The window of a side's musts; where these tell nothing, of its wants."""
    strengths: tuple[Strength, ...] = ("must", "want")
    for strength in strengths:
        windows = [a.window for a in asks if a.strength == strength and a.window is not None]
        if windows:
            return Wish((max(w[0] for w in windows), min(w[1] for w in windows)), strength)
    return None


def _apart(case: ResolvedCase, one: Wish | None, other: Wish | None) -> Apart:
    """How two wishes for a measure relate; a distance in periods."""
    if one is None or other is None:
        return ("order" if one is other else "one-sided"), None, ""
    T, a, b = case.periods, one.window, other.window
    between = max(a[0] - b[1], b[0] - a[1])
    if between > 0:
        return ("presence", None, "") if T in (a[0], b[0]) else ("apart", between, "periods")
    if a == b:
        return "agree", 0, "periods"
    differ = [abs(a[1] - b[1])] if max(a[1], b[1]) < T else []
    differ += [abs(a[0] - b[0])] if min(a[0], b[0]) >= 0 and max(a[0], b[0]) < T else []
    return ("differ", max(differ), "periods") if differ and max(differ) > 0 else ("compatible", None, "")


def _shares_apart(one: Sequence[Ask], other: Sequence[Ask]) -> Apart:
    """How two sides' shares of a group relate: by how much they clash, else by how much they differ."""
    mine, theirs = ([a for a in asks if a.share is not None] for asks in (one, other))
    if not mine or not theirs:
        return ("one-sided" if mine or theirs else "order"), None, ""
    clash = max(*(_clash(a, b) for a in mine for b in theirs), 0.0)
    if clash > 0:
        return "apart", clash, "share"
    alike = [(a, b) for a in mine for b in theirs if a.form == b.form]
    if not alike:
        return "compatible", None, ""
    a, b = alike[0]
    assert a.share is not None
    assert b.share is not None
    if a.share != b.share:
        return "differ", abs(a.share - b.share), "share"
    apart = abs((a.time or 0) - (b.time or 0))
    return ("differ", apart, "periods") if apart else ("agree", 0, "periods")


def _clash(a: Ask, b: Ask) -> float:
    """By how much one asks for a larger share at a time than the other allows until then."""
    if a.form == "at most":
        a, b = b, a
    if (a.form, b.form) != ("at least", "at most") or (a.time or 0) > (b.time or 0):
        return 0.0
    return (a.share or 0.0) - (b.share or 0.0)
