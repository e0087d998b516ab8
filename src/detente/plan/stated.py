"""Conditions and conflicts as answers tell them: whose, in which words, where they stand, by how much missed."""

from __future__ import annotations

from collections.abc import Mapping

from detente.case.clauses import ShareAtLeast, ShareAtMost, ValueAtLeast, term_of
from detente.case.load import Case
from detente.case.places import clause_place, party_place
from detente.case.road_map import RoadMap
from detente.plan.conditions import Condition
from detente.plan.conflict import Clash
from detente.plan.inquiry import Inquiry, Names
from detente.results.audit import Audit
from detente.results.conflict import Conflict, Miss, Stated


def stated(case: Case, one: Condition) -> Stated:
    """A condition as the case states it."""
    if one.clause is None:
        whose = one.party or one.name.removeprefix(f"{one.kind}:")
        return Stated(one.name, one.kind, whose, "", "", "", party_place(case, whose))
    c = one.clause
    return Stated(one.name, one.kind, c.owner, c.text, c.kind, c.of, clause_place(case, c.id))


def listed(case: Case, inquiry: Inquiry, names: Names) -> tuple[Stated, ...]:
    """Conditions by their names, in the order of the case."""
    return tuple(stated(case, c) for c in inquiry.conditions if c.name in names)


def conflict(case: Case, inquiry: Inquiry, clash: Clash) -> Conflict:
    """A conflict with its witnesses."""
    members = listed(case, inquiry, clash.members)
    found: Mapping[str, RoadMap] = {m.name: clash.without[m.name] for m in members if m.name in clash.without}
    return Conflict(members, found, clash.at_least)


def miss(case: Case, judged: Audit, one: Stated) -> Miss:
    """By how much a road map that was judged misses a condition; 0 where it keeps it."""
    if one.kind == "clause":
        result = next(c for c in judged.clauses if c.id == one.name)
        term = term_of(next(c for c in case.resolved.clauses if c.id == one.name), case.resolved)
        if isinstance(term, ValueAtLeast):
            return Miss(one.name, result.distance, "value")
        share = isinstance(term, ShareAtLeast | ShareAtMost)
        return Miss(one.name, result.distance, "share" if share else "periods")
    if one.kind in ("supports", "consents"):
        return _uncarried(judged, one)
    if one.kind == "signs" or one.party not in judged.margin:
        return Miss(one.name, max(0.0, judged.reserve[one.party] - judged.V[one.party][0]), "value", 0)
    margin = judged.margin[one.party]
    t = min(range(len(margin)), key=lambda t: margin[t])
    return Miss(one.name, max(0.0, -margin[t]), "value", t, judged.best_breach[one.party][t])


def _uncarried(judged: Audit, one: Stated) -> Miss:
    """What a vote misses at its worst: of the weight needed, or of what no deal is worth to a party that is asked."""
    kinds = ("not-ratified", "loses-support") if one.kind == "supports" else ("no-consent",)
    lost = [f for f in judged.findings if f.kind in kinds and f.party == one.party]
    worst = max(lost, key=lambda f: f.voting.needed - f.voting.favour if f.voting else f.gain or 0.0, default=None)
    if worst is None:
        return Miss(one.name, 0.0, "value", 0)
    if worst.voting is None:
        return Miss(one.name, worst.gain or 0.0, "value", worst.period)
    return Miss(one.name, max(0.0, worst.voting.needed - worst.voting.favour), "votes", worst.period)
