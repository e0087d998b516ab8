"""A case under other terms: what a party would forfeit, what it would suffer, what ends by itself."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from detente.case.resolved import ResolvedCase, Stick, StickValue, Undo


def with_exit_cost(case: ResolvedCase, party: str, more: Decimal) -> ResolvedCase:
    """The case with a higher exit cost of a party (an escrow that it forfeits, say)."""
    p = case.parties[party]
    return replace(case, parties={**case.parties, party: replace(p, exit_cost=p.exit_cost + more)})


def with_stick(case: ResolvedCase, by: str, against: str, flow: Decimal) -> ResolvedCase:
    """The case with a stick to which its owner is committed, which costs it nothing and the other ``flow`` a period,
    for good, from when its owner acts on."""
    stick = Stick(f"new:{by}:{against}", by, against, {against: StickValue(-flow)}, committed=True)
    return replace(case, sticks=(*case.sticks, stick))


def made_automatic(case: ResolvedCase, measure: str) -> ResolvedCase:
    """The case with a measure that ends by itself, for certain, when the deal does."""
    m = case.measures[measure]
    sure = replace(m, withdrawal="automatic", undo=replace(m.undo or Undo(), chance=Decimal(1)))
    return replace(case, measures={**case.measures, measure: sure})


def could_be_automatic(case: ResolvedCase, measure: str, party: str) -> bool:
    """Whether somebody else's measure, of worth to the party, could be undone and does not yet end by itself."""
    m = case.measures[measure]
    value = m.value.get(party)
    if m.by in (None, party) or m.undo is None or value is None or not any(f > 0 for f in value.flow):
        return False
    return m.withdrawal != "automatic" or m.undo.chance != 1
