"""``not-ratified``, ``loses-support`` and ``no-consent``: votes that a road map does not carry (model §9)."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from detente.audit.exact import TooManyMilestones
from detente.audit.support import Support, Tally, short
from detente.audit.words import amount, at, listing, stretch, stretches, titles
from detente.results.audit import FactionView, Finding, Voting


def not_ratified(support: Support) -> list[Finding]:
    """Parties whose factions do not carry the road map before it begins."""
    return [_divided(support, p, 0, (0, 0)) for p in support.divided if support.tally(p, 0).passes is False]


def loses_support(support: Support) -> list[Finding]:
    """For each party the runs of later periods in which its factions do not carry going on, each told at its worst."""
    found = []
    for party in support.divided:
        lost = [t for t in range(1, support.last + 1) if support.tally(party, t).passes is False]
        for run in stretches(lost):
            worst = min(
                range(run[0], run[1] + 1), key=lambda t: (support.tally(party, t).favour, -_gain(support, party, t))
            )
            found.append(_divided(support, party, worst, run))
    return found


def no_consent(support: Support) -> list[Finding]:
    """Parties and bodies that do not consent to measures which need it."""
    return [
        _body(support, name) if name in support.case.bodies else _party(support, name)
        for name in support.asked
        if support.consents(name) is False
    ]


def undecided(support: Support, free: Sequence[str] = (), unasked: Sequence[str] = ()) -> str:
    """The first vote that a limit left open, in a sentence; empty if there is none.

    ``free``: parties whose factions need not support it; ``unasked``: whose consent is not needed.
    """
    case = support.case
    for party in support.divided:
        for t in range(support.last + 1) if party not in free else ():
            if support.tally(party, t).passes is None:
                return (
                    f"Whether {case.title(party)} has the support of its factions {at(case, t)} was not found out "
                    f"before a limit was reached."
                )
    for name in support.asked:
        if name not in unasked and support.consents(name) is None:
            return f"Whether {case.title(name)} consents was not found out before a limit was reached."
    return ""


def views(support: Support) -> dict[str, FactionView]:
    """How every faction sees the road map."""
    return {name: _view(support, name) for name in support.case.factions}


def _view(support: Support, name: str) -> FactionView:
    i, seen = support.index(name), support.seen_by(name)
    periods = range(support.last + 1) if i in support.margins.players else range(1)
    return FactionView(
        support.case.factions[name].party,
        tuple(support.supports(name, t) for t in periods),
        tuple(seen.value(i, t) for t in periods) if len(periods) > 1 else (),
        float(seen.V[0, i] - seen.grounds.reserve[i]),
        support.broken(name),
    )


def _divided(support: Support, party: str, t: int, run: tuple[int, int]) -> Finding:
    case, vote = support.case, support.tally(party, t)
    against = support.against(party, t)
    if t == 0:
        told = f"{case.title(party)} would not ratify it"
    else:
        told = f"{_upper(stretch(case, *run))} the road map loses {case.title(party)}"
        told += f", most {at(case, t)}" if run[0] != run[1] else ""
    reasons = "; ".join(_opposes(support, name, t) for name in against)
    gain = _gain(support, party, t)
    return Finding(
        "loses-support" if t else "not-ratified", f"{told}: {reasons}. {_count(support, vote)}", party, t,
        gain if gain > 0 else None, voting=_voting(vote, against),
    )  # fmt: skip


def _opposes(support: Support, name: str, t: int) -> str:
    """Who is against, and why, in a clause."""
    case, i = support.case, support.index(name)
    veto = " (with a veto)" if case.factions[name].veto else ""
    broken = support.broken(name)
    if broken:
        texts = {c.id: c.text for c in case.clauses}
        told = listing(f'"{texts[id]}" ({id})' for id in broken)
        return f"{case.title(name)}{veto}: {told} {'are' if len(broken) > 1 else 'is'} not kept"
    missing = short(support.seen_by(name), i) if t == 0 else 0.0
    if missing > 0 and (case.factions[name].reserve is not None or i not in support.margins.players):
        return f"{case.title(name)}{veto}: it is worth {amount(missing)} less to them than no deal"
    return f"{case.title(name)}{veto}: by their numbers leaving would gain {amount(_loss(support, name, t))}"


def _loss(support: Support, name: str, t: int) -> float:
    """What leaving in a period would gain for a faction's party by its numbers."""
    seen, i = support.seen_by(name), support.index(name)
    with suppress(TooManyMilestones):
        seen.cell(i, t)
    return -seen.value(i, t)


def _gain(support: Support, party: str, t: int) -> float:
    """The most that a faction which is against would gain by leaving."""
    return max((_loss(support, name, t) for name in support.against(party, t)), default=0.0)


def _party(support: Support, name: str) -> Finding:
    case, needs = support.case, titles(support.case, support.asked[name])
    missing = short(support.margins, support.margins.grounds.stakes.party_index[name])
    told = f"{case.title(name)} does not consent to {needs}: "
    if missing > 0:
        told += f"the road map is worth {amount(missing)} less to it than no deal."
        return Finding("no-consent", told, name, 0, missing, support.asked[name])
    vote = support.tally(name, 0)
    against = support.against(name, 0)
    told += f"{'; '.join(_opposes(support, n, 0) for n in against)}. {_count(support, vote)}"
    return Finding("no-consent", told, name, 0, None, support.asked[name], voting=_voting(vote, against))


def _body(support: Support, name: str) -> Finding:
    case, vote = support.case, support.poll(name)
    against = [member for member in case.bodies[name].votes if support.consents(member) is False]
    reasons = "; ".join(_member(support, member, vote) for member in against)
    told = f"{case.title(name)} does not consent to {titles(case, support.asked[name])}: {reasons}. "
    told += _count(support, vote, "votes")
    return Finding("no-consent", told, name, 0, None, support.asked[name], voting=_voting(vote, against))


def _member(support: Support, member: str, vote: Tally) -> str:
    case, veto = support.case, " (with a veto)" if member in vote.vetoed else ""
    missing = short(support.margins, support.margins.grounds.stakes.party_index[member])
    if missing > 0:
        return f"{case.title(member)}{veto}: it is worth {amount(missing)} less to it than no deal"
    return f"{case.title(member)}{veto}: its factions would not ratify it"


def _count(support: Support, vote: Tally, unit: str = "weight") -> str:
    """``Weight in favour 1 of 3, needed 1.5.``"""
    whole = vote.favour + vote.against + vote.open
    said = f"{_upper(unit)} in favour {amount(float(vote.favour))} of {amount(float(whole))}"
    return f"{said}, needed {amount(float(vote.needed))}."


def _voting(vote: Tally, against: Sequence[str]) -> Voting:
    first = [name for name in against if name in vote.vetoed]
    others = [name for name in against if name not in vote.vetoed]
    return Voting(float(vote.favour), float(vote.needed), (*first, *others), vote.vetoed)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
