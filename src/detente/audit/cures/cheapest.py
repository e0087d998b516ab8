"""The kinds of cures, cheapest first.

Kinds are tried in this order, the first that works being the cheapest: moving one date (by the fewest periods), putting
an access measure first that is not on the road map, making one withdrawal automatic, an exit cost, a stick. A change
counts only if afterwards the party is tempted in no period, nobody is tempted or unwilling to sign who was not before,
and order, capacity, horizon and red lines are no worse. What else would work is named in the cure's message.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from detente.audit.cures.amounts import least_amount
from detente.audit.cures.terms import could_be_automatic, made_automatic, with_exit_cost, with_stick
from detente.audit.cures.trial import Trial
from detente.audit.margins import Margins
from detente.audit.words import amount, moment
from detente.case.resolved import ResolvedCase
from detente.results.audit import Cure, Finding

FARTHEST = 8
"""Periods by which a date is moved at most."""


def with_cures(
    margins: Margins, wrong: Sequence[Finding], findings: Sequence[Finding], tell: Callable[[str], None] | None = None
) -> list[Finding]:
    """The findings, each with the cheapest cure of its party's temptation (None: none of the changes tried works).

    ``tell`` hears what is being tried.
    """
    trial = Trial(margins, wrong, findings, tell or (lambda text: None))
    cures: dict[str, Cure | None] = {}
    for finding in findings:
        party = finding.party or ""
        if party not in cures:
            mine = [f for f in findings if f.party == party]
            cures[party] = _cheapest(trial, party, max(mine, key=lambda f: f.gain or 0.0))
    return [replace(f, cure=cures[f.party or ""]) for f in findings]


def _cheapest(trial: Trial, party: str, worst: Finding) -> Cure | None:
    """The first kind that works, with the others named in its message."""
    found = []
    for name, kind in KINDS.items():
        trial.begin(party, name)
        cure = next(kind(trial, party, worst), None)
        if cure is not None:
            found.append(cure)
    if not found:
        return None
    others = "; or ".join(c.message for c in found[1:])
    return replace(found[0], message=found[0].message + (f" (or {others})" if others else ""))


def _moves(trial: Trial, party: str, worst: Finding) -> Iterator[Cure]:
    """One date moved, by the fewest periods."""
    case = trial.case
    starts = {k: start for k, start in trial.road_map.starts.items() if trial.could_help(party, k)}
    for far in range(1, min(FARTHEST, case.periods) + 1):
        for name, start in starts.items():
            for new in (start + far, start - far):
                if trial.exhausted:
                    return
                if _possible(trial, name, new) and trial.cured_by_dates(party, trial.road_map.with_start(name, new)):
                    told = f'start "{case.title(name)}" in {moment(case, new)} instead of {moment(case, start)}'
                    yield Cure(_kind(case, worst, name, start, new), name, float(abs(new - start)), told)


def _possible(trial: Trial, name: str, start: int) -> bool:
    """Whether a measure can start then, for all that it needs and all that need it (a quick look)."""
    case, starts = trial.case, trial.road_map.starts
    end = start + case.measures[name].takes
    if start < 0 or end >= case.periods:
        return False
    for other, m in case.measures.items():
        for after in (*m.after, *((m.replaces,) if m.replaces else ())):
            if after.measure == name and other in starts and starts[other] < end + after.wait:
                return False
            if other == name and after.measure in starts:
                ready = starts[after.measure] + case.measures[after.measure].takes + after.wait
                if start < ready:
                    return False
    return True


def _kind(case: ResolvedCase, worst: Finding, name: str, start: int, new: int) -> str:
    if new > start:
        return "later"
    return "access-first" if name in _access_of(case, worst) else "earlier"


def _access_of(case: ResolvedCase, worst: Finding) -> tuple[str, ...]:
    """Measures that give access to what is cheated on."""
    rules = (rule for k in worst.measures for rule in case.measures[k].detect.with_)
    return tuple(dict.fromkeys(a for rule in rules for a in rule.measures))


def _access(trial: Trial, party: str, worst: Finding) -> Iterator[Cure]:
    """An access measure that is not on the road map, as early as it works."""
    case = trial.case
    for name in _access_of(case, worst):
        if case.measures[name].done or case.measures[name].members is not None or name in trial.road_map:
            continue
        for start in range(case.periods):
            if trial.exhausted:
                return
            if _possible(trial, name, start) and trial.cured_by_dates(party, trial.road_map.with_start(name, start)):
                yield Cure("access-first", name, None, f'add "{case.title(name)}" from {moment(case, start)}')


def _automatic(trial: Trial, party: str, worst: Finding) -> Iterator[Cure]:
    """One measure of another party that the tempted one values, made to end by itself when the deal does."""
    case = trial.case
    for name, m in case.measures.items():
        if not could_be_automatic(case, name, party) or not (m.done or name in trial.road_map):
            continue
        if trial.exhausted:
            return
        if trial.cured_by_terms(party, made_automatic(case, name)):
            yield Cure("automatic", name, None, f'let "{case.title(name)}" end by itself when the deal is broken')


def _exit_cost(trial: Trial, party: str, worst: Finding) -> Iterator[Cure]:
    """A higher exit cost of the tempted party."""
    case = trial.case
    v = least_amount(trial, party, worst.gain or 0.0, lambda v: with_exit_cost(case, party, v))
    if v is not None:
        now = case.parties[party].exit_cost
        more = "" if not now else f" more than the {amount(float(now))} it has"
        told = f"give {case.title(party)} an exit cost (forfeited escrow, say) of at least {amount(float(v))}{more}"
        yield Cure("exit-cost", None, float(v), told)


def _stick(trial: Trial, party: str, worst: Finding) -> Iterator[Cure]:
    """A stick that another party is committed to, for ever from when it acts; by whom the breach hurts most."""
    case, stakes = trial.case, trial.margins.grounds.stakes
    others = [stakes.parties[j] for j in trial.margins.players if stakes.parties[j] != party]
    if not others:
        return
    by = max(others, key=lambda p: worst.losses.get(p, 0.0))
    delta, lag = float(case.parties[party].discount), case.parties[by].response_lag
    at_least = (worst.gain or 0.0) * (1 - delta) / delta**lag
    v = least_amount(trial, party, at_least, lambda v: with_stick(case, by, party, v))
    if v is not None:
        told = (
            f"commit {case.title(by)} to a stick that costs {case.title(party)} at least {amount(float(v))} a period "
            f"for good"
        )
        yield Cure("stick", None, float(v), told)


KINDS: dict[str, Callable[[Trial, str, Finding], Iterator[Cure]]] = {
    "other dates": _moves,
    "access first": _access,
    "withdrawal by itself": _automatic,
    "an exit cost": _exit_cost,
    "a stick": _stick,
}
"""Kinds of cures in the order in which they are tried."""
