"""What moved the verdict between two cases, or two road maps of one case.

Every difference is applied to the first by itself, and then one after the other in order, and judged each time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from detente.audit.judge import audit, provenance
from detente.audit.margins import Limits
from detente.audit.words import moment
from detente.case.resolved import Faction, Measure, ResolvedCase, Value
from detente.case.road_map import RoadMap
from detente.errors import Diagnostic, InputError
from detente.results.audit import Audit
from detente.results.differences import Differences, Standing, Step

MANY = 12
"""Differences of one party's values beyond which they are taken together."""

STRUCTURAL = ("out-of-order", "over-capacity", "past-horizon")

Pair = tuple[ResolvedCase, RoadMap]


@dataclass(frozen=True)
class _Change:
    what: str
    apply: Callable[[Pair], Pair]


def diff(first: Pair, second: Pair, *, limits: Limits | None = None) -> Differences:
    """From one case and road map to another, difference by difference."""
    changes = [*_case_changes(first[0], second[0]), *_road_map_changes(first, second)]
    start, end = _judge(first, limits), _judge(second, limits)
    steps, here, before = [], first, start
    for change in changes:
        alone = _judge(change.apply(first), limits)
        here = change.apply(here)
        so_far = _judge(here, limits) if len(changes) > 1 else alone
        steps.append(Step(change.what, alone, so_far, _flips(start, alone), _flips(before, so_far)))
        before = so_far
    return Differences(start, end, tuple(steps), provenance(first[0], limits or Limits()))


def _judge(pair: Pair, limits: Limits | None) -> Standing:
    a: Audit = audit(pair[0], pair[1], cures=False, limits=limits)
    flaw = next((f.kind for f in a.findings if f.kind in STRUCTURAL), "")
    return Standing(a.verdict, a.signed, a.clauses_kept, a.least_margin, a.reason, flaw)


def _flips(a: Standing, b: Standing) -> bool:
    return (a.verdict, a.signed) != (b.verdict, b.signed)


def _road_map_changes(first: Pair, second: Pair) -> Iterator[_Change]:
    case, old, new = second[0], first[1], second[1]
    for name in dict.fromkeys((*old, *new)):
        a, b = old.starts.get(name), new.starts.get(name)
        if a == b:
            continue

        def apply(pair: Pair, name: str = name, b: int | None = b) -> Pair:
            return pair[0], pair[1].with_start(name, b)

        yield _Change(_moved(case, name, a, b), apply)


def _moved(case: ResolvedCase, name: str, a: int | None, b: int | None) -> str:
    title = f'"{case.title(name)}"'
    if a is None:
        return f"{title} is added, from {moment(case, b or 0)}"
    if b is None:
        return f"{title} is left out"
    return f"{title} starts in {moment(case, b)} instead of {moment(case, a)}"


def _case_changes(old: ResolvedCase, new: ResolvedCase) -> list[_Change]:
    """Differences of the numbers and rules of two cases with the same parties, measures and periods."""
    _comparable(old, new)
    fields = (
        "discount", "no_deal", "resources", "principals", "groups", "bodies", "clauses", "comparable",
        "pocketing_share",
    )  # fmt: skip
    changes = [
        _field(key, f"{key.replace('_', ' ')}{_from_to(getattr(old, key), getattr(new, key))}", getattr(new, key))
        for key in fields
        if getattr(old, key) != getattr(new, key)
    ]
    if old.sticks != new.sticks:
        changes.append(_field("sticks", "sticks", new.sticks))
    for name, p in new.parties.items():
        was = old.parties[name]
        for key in ("discount", "reserve", "response_lag", "status_quo", "exit_cost", "grace", "ratify", "sustain"):
            if getattr(was, key) != getattr(p, key):
                told = f"{key.replace('_', ' ')} of {new.title(name)}{_from_to(getattr(was, key), getattr(p, key))}"
                changes.append(_party(name, key, told, getattr(p, key)))
    return [*changes, *_faction_changes(old, new), *_measure_changes(old, new)]


def _comparable(old: ResolvedCase, new: ResolvedCase) -> None:
    """Cases with other parties, measures or periods are two cases, not two versions of one."""
    sides = {
        "parties": (set(old.parties), set(new.parties)),
        "measures": (set(old.measures), set(new.measures)),
        "periods": ({f"{old.periods} of a {old.period}"}, {f"{new.periods} of a {new.period}"}),
    }
    for what, (a, b) in sides.items():
        if a != b:
            raise InputError([
                Diagnostic("DET707", f"the two cases do not have the same {what}: {', '.join(sorted(a ^ b))}",
                           why="differences can be followed one by one only between versions of one case",
                           fix="compare cases that differ in numbers and rules")
            ])  # fmt: skip


def _faction_changes(old: ResolvedCase, new: ResolvedCase) -> Iterator[_Change]:
    """Who has a say in a party; a faction that only one side has comes, or goes, with what things are worth to it."""
    for name in dict.fromkeys((*old.factions, *new.factions)):
        was, now = old.factions.get(name), new.factions.get(name)
        if was is None:
            values = {k: m.value.get(name) for k, m in new.measures.items()}
            yield _Change(f"{new.title(name)} has a say", _both(_faction(name, now), _worth(name, values)))
        elif now is None:
            yield _Change(f"{old.title(name)} has no say", _faction(name, now))
        elif was != now:
            yield _Change(f"{new.title(name)}: weight, veto, discount, reserve or status quo", _faction(name, now))


def _faction(name: str, faction: Faction | None) -> Callable[[Pair], Pair]:
    def apply(pair: Pair) -> Pair:
        kept = {n: f for n, f in pair[0].factions.items() if n != name}
        return replace(pair[0], factions=kept if faction is None else {**kept, name: faction}), pair[1]

    return apply


def _both(first: Callable[[Pair], Pair], then: Callable[[Pair], Pair]) -> Callable[[Pair], Pair]:
    return lambda pair: then(first(pair))


def _measure_changes(old: ResolvedCase, new: ResolvedCase) -> Iterator[_Change]:
    for name, m in new.measures.items():
        was = old.measures[name]
        for key in (k for k in vars(m) if k != "value"):
            if getattr(was, key) != getattr(m, key):
                change = _from_to(getattr(was, key), getattr(m, key))
                told = f'{key.replace("_", " ").strip()} of "{new.title(name)}"{change}'
                yield _Change(told, _setting(name, key, getattr(m, key)))
    for party in (*new.parties, *(f for f in new.factions if f in old.factions)):
        moved = [k for k, m in new.measures.items() if m.value.get(party) != old.measures[k].value.get(party)]
        if len(moved) > MANY:
            told = f"what {len(moved)} measures are worth to {new.title(party)}"
            yield _Change(told, _worth(party, {k: new.measures[k].value.get(party) for k in moved}))
            continue
        for k in moved:
            told = f'what "{new.title(k)}" is worth to {new.title(party)}'
            yield _Change(told, _worth(party, {k: new.measures[k].value.get(party)}))


def _field(key: str, told: str, value: Any) -> _Change:
    return _Change(told, lambda pair: (replace(pair[0], **{key: value}), pair[1]))


def _party(name: str, key: str, told: str, value: Any) -> _Change:
    def apply(pair: Pair) -> Pair:
        changed = replace(pair[0].parties[name], **{key: value})
        return replace(pair[0], parties={**pair[0].parties, name: changed}), pair[1]

    return _Change(told, apply)


def _setting(name: str, key: str, value: Any) -> Callable[[Pair], Pair]:
    def apply(pair: Pair) -> Pair:
        changed: Measure = replace(pair[0].measures[name], **{key: value})
        return replace(pair[0], measures={**pair[0].measures, name: changed}), pair[1]

    return apply


def _worth(party: str, values: Mapping[str, Value | None]) -> Callable[[Pair], Pair]:
    def apply(pair: Pair) -> Pair:
        measures = dict(pair[0].measures)
        for k, value in values.items():
            kept = {p: v for p, v in measures[k].value.items() if p != party}
            measures[k] = replace(measures[k], value=kept if value is None else {**kept, party: value})
        return replace(pair[0], measures=measures), pair[1]

    return apply


def _from_to(a: Any, b: Any) -> str:
    """`` from 1 to 2`` where both are short."""
    if all(isinstance(x, Decimal | int | str | bool) or x is None for x in (a, b)):
        return f" from {'none' if a is None else a} to {'none' if b is None else b}"
    return ""
