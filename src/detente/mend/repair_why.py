"""What a repair is for and what it costs whom: each change taken back by itself, and the text before and after."""

from __future__ import annotations

from detente.audit.structure import structural
from detente.audit.words import amount, at
from detente.case.resolved import ResolvedCase
from detente.case.road_map import RoadMap
from detente.mend.repair_costs import weight
from detente.mend.repair_text import Text
from detente.results.audit import Audit, Finding
from detente.results.repair import Toll, Witness

REASONS = (
    ("would-not-sign", "not-ratified", "no-consent"),
    ("tempted", "loses-support"),
)
"""Kinds of findings for which a text is not certified, those first that the others rest on."""


def out_of_order(case: ResolvedCase, road_map: RoadMap) -> Witness | None:
    """Why something is no road map; None if it is one."""
    wrong = structural(case, road_map)
    return _told(wrong[0]) if wrong else None


def witness(case: ResolvedCase, judged: Audit, margin: float) -> Witness:
    """What is wrong with a road map in order that is not certified: a clause, a refusal, the worst temptation."""
    refusals = ([f for f in judged.findings if f.kind in kinds] for kinds in REASONS)
    clauses = () if judged.clauses_kept else judged.finding("clause-broken")[:1]
    for found in (clauses, *refusals):
        if found:
            return _told(max(found, key=lambda f: f.gain or 0.0))
    if judged.verdict == "unknown":
        return Witness("unknown", judged.reason)
    least = judged.least_counted
    if least is None or least.relative is None:
        return Witness("thin", "It holds, but not with the margin asked for.")
    told = (
        f"{case.title(least.party)} would hardly stay {at(case, least.period)}: its margin of {amount(least.value)} is "
        f"{amount(least.relative)} of its scale, less than the {amount(margin)} asked for."
    )
    return Witness("thin", told, least.party, least.period)


def _told(f: Finding) -> Witness:
    return Witness(f.kind, f.message, f.party, f.period, f.gain)


def tolls(text: Text, tabled: Audit, mended: Audit) -> dict[str, Toll]:
    """For each party, and each other owner of clauses: which are broken or kept anew, and its gain before and after."""
    before = {c.id: c.holds for c in tabled.clauses}
    gains = [{p: v[0] - judged.reserve[p] for p, v in judged.V.items()} for judged in (tabled, mended)]
    after = {c.id: c.holds for c in mended.clauses}
    owners = dict.fromkeys([*text.case.parties, *(c.owner for c in text.counted)])
    found = {}
    for owner in owners:
        own = [c for c in text.counted if c.owner == owner]
        broken = [c for c in own if before[c.id] and not after[c.id]]
        found[owner] = Toll(
            tuple(c.id for c in broken), sum(weight(text, c) for c in broken),
            tuple(c.id for c in own if after[c.id] and not before[c.id]),
            gains[0].get(owner), gains[1].get(owner),
        )  # fmt: skip
    return found
