"""The case that begins when a road map has been carried out: what it did is done, the calendar starts after its end.

Everything that varies over time goes on from there, and the calendar is as long as before, its last values lasting. A
clause that nothing can keep or break any more is settled and left out. No deal, from there, means that the end state
stays if it holds by itself, since nobody then undoes it for want of a further deal; if it does not hold, it means what
it meant to the case. A stated reservation value stays where it is more than that: of two readings each party takes the
one that makes refusing look better.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from detente.audit.exact import Exact
from detente.audit.judge import audit
from detente.audit.structure import check_names, structural
from detente.bargain.end_clauses import End, Settled, remaining
from detente.case.calendar import Calendar
from detente.case.resolved import Measure, NoDeal, ResolvedCase, Series
from detente.case.road_map import RoadMap
from detente.errors import Diagnostic, InputError
from detente.results.audit import Audit


@dataclass(frozen=True)
class EndState:
    """A case from the end of a road map on."""

    case: ResolvedCase
    period: int
    """Of the case before: the first period after the last completion."""
    settled: tuple[Settled, ...]
    audit: Audit
    """Of doing nothing further."""


def end_state(case: ResolvedCase, road_map: RoadMap) -> EndState:
    """Carry a road map out. Raises :class:`InputError` where it cannot be: out of order, over capacity, too late."""
    check_names(case, road_map)
    wrong = structural(case, road_map)
    if wrong:
        raise InputError([
            Diagnostic("DET733", f"it cannot be carried out as it stands: {finding.message}",
                       why="what is left afterwards is counted from the state in which everything on it has been done",
                       fix="repair its order, capacity or dates first (detente audit tells all of it)")
            for finding in wrong
        ])  # fmt: skip
    period = max((s + case.measures[k].takes for k, s in road_map.starts.items()), default=-1) + 1
    later = _later(case, road_map, period)
    clauses, settled = remaining(_end(case, road_map, period))
    later = replace(later, clauses=clauses)
    judged = audit(later, RoadMap(), cures=False)
    later = _without_deal(later, "collapse" if judged.verdict == "fails" else "as-is", case.no_deal)
    return EndState(later, period, settled, audit(later, RoadMap(), cures=False))


def _later(case: ResolvedCase, road_map: RoadMap, period: int) -> ResolvedCase:
    """The case with its calendar moved and the road map done; clauses and no deal are still those of before."""
    calendar = Calendar(case.period, date.fromisoformat(case.start), case.periods)

    def moved(series: Series) -> Series:
        return tuple(series[min(t + period, len(series) - 1)] for t in range(len(series)))

    def measure(k: str, m: Measure) -> Measure:
        value = {p: replace(v, flow=moved(v.flow)) for p, v in m.value.items()}
        return replace(m, value=value, done=m.done or k in road_map)

    return replace(
        case,
        start=calendar.first_day(period).isoformat(),
        parties={p: replace(x, status_quo=moved(x.status_quo)) for p, x in case.parties.items()},
        factions={f: replace(x, status_quo=moved(x.status_quo)) for f, x in case.factions.items()},
        measures={k: measure(k, m) for k, m in case.measures.items()},
        resources={r: replace(x, capacity=moved(x.capacity)) for r, x in case.resources.items()},
        road_maps={},
    )


def _end(case: ResolvedCase, road_map: RoadMap, period: int) -> End:
    exact = Exact(case)
    at, kept = exact.terms.party_index, exact.road_map(road_map.starts)

    def head(party: str) -> tuple[Fraction, Fraction]:
        i = at[party]
        discount = exact.terms.discount[i] ** period
        return kept.V(i, 0) - discount * kept.V(i, period), discount

    return End(case, dict(road_map.starts), period, lambda p: kept.V(at[p], 0), head)


def _without_deal(case: ResolvedCase, reading: NoDeal, before: NoDeal) -> ResolvedCase:
    """The case with what no deal means from now on; stated reservation values stay where they are more."""
    bare = replace(
        case,
        no_deal=before if reading == "collapse" else "as-is",
        parties={p: replace(x, reserve=None) for p, x in case.parties.items()},
    )
    exact = Exact(bare)
    worth = {p: exact.reserve(i) for i, p in enumerate(exact.terms.parties)}

    def more(party: str) -> bool:
        stated = case.parties[party].reserve
        return stated is not None and stated > worth[party]

    parties: Mapping[str, object] = case.parties
    return replace(bare, parties={p: case.parties[p] if more(p) else bare.parties[p] for p in parties})
