"""The record of offers, measured: what each is worth, how far it is from the other side's, what it concedes."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from detente.audit.grounds import Grounds, grounds
from detente.audit.origin import origin
from detente.bargain.concessions import changes
from detente.bargain.single_text import Sought, single_text
from detente.bargain.wishes import orders, reversed_orders, windows
from detente.case.problems import did_you_mean
from detente.case.resolved import ResolvedCase
from detente.case.rounds import Record, Round
from detente.errors import Diagnostic, InputError
from detente.plan.complete import Completer, Completion
from detente.plan.stage import Progress
from detente.results.provenance import Provenance
from detente.results.rounds import (
    Gap,
    MeasureGap,
    Move,
    OfferClause,
    OrderConflict,
    Reading,
    RoundReport,
    Rounds,
    SingleText,
    Standing,
    Together,
    Verdict,
)

READING_SECONDS = 20.0
"""What the questions about one offer may take."""

SAME_VALUE = 1e-6
"""Values closer than this part of a party's scale count as the same."""


@dataclass(frozen=True)
class _Read:
    """An offer of the record, with all road maps that it stands for to ask questions of."""

    round: Round
    completer: Completer
    readings: Mapping[str, Reading]
    contradiction: bool


def rounds(
    case: ResolvedCase,
    record: Record,
    between: Sequence[str] = (),
    sought: Sought | None = None,
    tell: Callable[[str], None] | None = None,
) -> Rounds:
    """The record, measured; with the single text if it is ``sought``. ``tell`` hears what is being done."""
    began, sides, tell = time.monotonic(), sides_of(case, record, between), tell or (lambda text: None)
    reports = measured(case, record, sides, tell)
    text, cut = None, None
    if sought is not None:
        offers = last_offers(record, sides)
        readings = {r.name: r.readings.get(r.by) for r in reports}
        own = {r.by: found.value[r.by] for r in offers if (found := readings[r.name]) is not None}
        tell("looking for a single text")
        text, cut = single_text(case, replace(sought, offers=offers, own_offer=own, report=_told(tell)))
    limits = {"time_limit": sought.time_limit, "work_limit": sought.work_limit} if sought is not None else {}
    made = origin(case, limits, seconds=time.monotonic() - began, cut=cut, seed=0)
    return answer(case, record, sides, reports, text, made)


def _told(tell: Callable[[str], None]) -> Callable[[Progress], None]:
    """The search as it goes on, in words."""

    def hear(progress: Progress) -> None:
        found = "none certified yet" if progress.best is None else "one found, a closer one sought"
        tell(f"looking for a single text: {found}, {progress.seen} road maps seen")

    return hear


def sides_of(case: ResolvedCase, record: Record, between: Sequence[str] = ()) -> tuple[str, ...]:
    """The two sides: those named, else principals that made offers, else the first two that did."""
    made = list(dict.fromkeys(r.by for r in record.rounds))
    if between:
        wrong = [p for p in between if p not in made]
        if wrong or len(set(between)) != 2:
            told = f'"{wrong[0]}" made no offer' if wrong else "two different parties are needed"
            raise InputError([Diagnostic("DET509", f"the gap cannot be measured: {told}",
                                         why="it lies between two parties of the record",
                                         fix=did_you_mean(wrong[0] if wrong else "", made))])  # fmt: skip
        return tuple(between)
    principals = [p for p in case.principals if p in made]
    return tuple((principals if len(principals) > 1 else [*principals, *(p for p in made if p not in principals)])[:2])


def last_offers(record: Record, sides: Sequence[str]) -> tuple[Round, ...]:
    """The latest offer of each side."""
    latest = {r.by: r for r in record.rounds}
    return tuple(latest[p] for p in sides)


def measured(
    case: ResolvedCase, record: Record, sides: Sequence[str], tell: Callable[[str], None]
) -> tuple[RoundReport, ...]:
    """Every round, measured; ``tell`` hears what is being done."""
    ground, reports, latest = grounds(case), list[RoundReport](), dict[str, _Read]()
    for one in record.rounds:
        tell(f"reading {case.title(one.of or one.name)}")
        read = _read(case, one, sides)
        others = [latest[p] for p in sides if p != one.by and p in latest]
        gap = _gap(ground, read, others[0], sides) if one.by in sides and others else None
        before = latest.get(one.by)
        move = None if before is None else _move(ground, before, read, sides)
        latest[one.by] = read
        reports.append(_report(read, gap, move))
    return tuple(reports)


def answer(
    case: ResolvedCase,
    record: Record,
    sides: Sequence[str],
    reports: tuple[RoundReport, ...],
    text: SingleText | None,
    provenance: Provenance,
) -> Rounds:
    """All of it as one answer."""
    ground = grounds(case)
    at = ground.stakes.party_index
    reserve = {p: float(ground.reserve[at[p]]) for p in sides}
    scale = {p: float(ground.scale[at[p]]) for p in sides}
    return Rounds(record.source, tuple(sides), reserve, scale, reports, text, provenance)


def _read(case: ResolvedCase, one: Round, sides: Sequence[str]) -> _Read:
    completer = Completer(case, one.must, deadline=time.monotonic() + READING_SECONDS)
    found = {p: completer.best_for(p) for p in dict.fromkeys((*sides, one.by))}
    readings = {
        p: Reading(p, dict(x.road_map.starts), _values(completer, x, sides, one.by), x.proved)
        for p, x in found.items()
        if isinstance(x, Completion)
    }
    missing = [x.reason for x in found.values() if not isinstance(x, Completion)]
    return _Read(one, completer, readings, "contradiction" in missing)


def _values(completer: Completer, found: Completion, sides: Sequence[str], by: str) -> dict[str, float]:
    exact = completer.grounds.exact.road_map(found.road_map.starts)
    return {p: float(exact.V(completer.stakes.party_index[p], 0)) for p in dict.fromkeys((*sides, by))}


def _gap(ground: Grounds, one: _Read, other: _Read, sides: Sequence[str]) -> Gap:
    standing = {c.id: _standing(b, c.id, a) for a, b in ((one, other), (other, one)) for c in a.round.must}
    value = _value_gap(one, other, sides, by_owner=False)
    at = ground.stakes.party_index
    return Gap(
        to=other.round.name,
        together=_together(ground.case, one, other, standing),
        standing=standing,
        measures=_measures(ground.case, one.round, other.round),
        orders=tuple(
            OrderConflict(x, y, (a, b))
            for x, y, a, b in reversed_orders(
                orders(ground.case, one.round.must), orders(ground.case, other.round.must)
            )
        ),
        value=value,
        meant=_value_gap(one, other, sides, by_owner=True),
        share={p: v / float(ground.scale[at[p]]) for p, v in value.items() if ground.scale[at[p]] > 0},
    )


def _standing(offer: _Read, clause: str, of: _Read) -> Standing:
    """Whether a clause of one offer holds in all road maps of another, in some or in none."""
    if offer.contradiction:
        return "never"
    if not offer.readings:
        return "unknown"
    return offer.completer.standing(next(c for c in of.round.must if c.id == clause))


def _together(case: ResolvedCase, one: _Read, other: _Read, standing: Mapping[str, Standing]) -> Together:
    """Whether both offers can be had at once."""
    if "never" in standing.values():
        return "contradiction"
    both = Completer(case, (*one.round.must, *other.round.must), deadline=time.monotonic() + READING_SECONDS)
    found = both.best_for(one.round.by)
    if isinstance(found, Completion):
        return "possible"
    return "contradiction" if found.reason == "contradiction" else "unknown"


def _measures(case: ResolvedCase, one: Round, other: Round) -> tuple[MeasureGap, ...]:
    mine, theirs = windows(case, one.must), windows(case, other.must)
    shared = [k for k in case.measures if k in mine and k in theirs]
    return tuple(
        MeasureGap(k, {one.by: (mine[k].first, mine[k].last), other.by: (theirs[k].first, theirs[k].last)}, apart)
        for k in shared
        if (apart := mine[k].apart(theirs[k]))
    )


def _value_gap(one: _Read, other: _Read, sides: Sequence[str], *, by_owner: bool) -> dict[str, float]:
    """What its own offer gives a side, less what the other's does; each as its owner reads it, or as that side does."""
    found = {}
    for p in sides:
        mine, theirs = (one, other) if p == one.round.by else (other, one)
        a, b = mine.readings.get(p), theirs.readings.get(theirs.round.by if by_owner else p)
        if a is not None and b is not None:
            found[p] = a.value[p] - b.value[p]
    return found


def _move(ground: Grounds, before: _Read, after: _Read, sides: Sequence[str]) -> Move:
    made = changes(ground, before.round.clauses, after.round.clauses)
    by = after.round.by
    concerned = dict.fromkeys((*sides, by))
    counted = [p for p in concerned if p in before.readings and p in after.readings]
    value = {p: after.readings[p].value[p] - before.readings[p].value[p] for p in counted}
    if not made or len(counted) < len(concerned):
        return Move(before.round.name, "unknown" if made else "repeats", made, value)
    scale = {p: float(ground.scale[ground.stakes.party_index[p]]) for p in counted}
    sign = {p: 0 if abs(v) <= SAME_VALUE * scale[p] else 1 if v > 0 else -1 for p, v in value.items()}
    return Move(before.round.name, _verdict(sign[by], [sign[p] for p in sides if p != by]), made, value)


def _verdict(own: int, others: Sequence[int]) -> Verdict:
    """In a word, by whether the offer can now give more or less to its owner and to the others."""
    most, least = max(others, default=0), min(others, default=0)
    if most > 0 > least:
        return "unknown"
    other = most or least
    if own > 0 and other > 0:
        return "widens"
    if own < 0 and other < 0:
        return "narrows"
    if own < 0 or other > 0:
        return "concedes"
    return "hardens" if own > 0 or other < 0 else "rewords"


def _report(read: _Read, gap: Gap | None, move: Move | None) -> RoundReport:
    one = read.round
    clauses = tuple(OfferClause(c.id, c.owner, c.strength, c.text, float(c.weight)) for c in one.clauses)
    return RoundReport(
        one.name,
        one.by,
        one.date,
        one.of,
        one.note,
        one.sources,
        clauses,
        read.readings,
        read.contradiction,
        gap,
        move,
        one.hash,
    )
