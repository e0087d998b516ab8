"""``hollow-stick``, ``broken-breakdown`` and ``unverifiable``: threats and promises that do not bear weight."""

from __future__ import annotations

from detente.audit.exact import Cheat
from detente.audit.margins import Margins
from detente.audit.words import amount, listing, moment, titles
from detente.case.resolved import ResolvedCase
from detente.case.stakes import stick_counts
from detente.results.audit import Breach, Finding


def hollow_sticks(case: ResolvedCase) -> list[Finding]:
    """Sticks that would hurt their owner and to which nothing commits it; they are left out of account."""
    found = []
    for s in case.sticks:
        if not stick_counts(case, s.id):
            own = s.value[s.by]
            told = (
                f'The stick "{case.title(s.id)}" is hollow and does not count: using it against '
                f"{case.title(s.against)} would cost {case.title(s.by)} {amount(float(max(-own.flow, -own.once)))}, "
                f"and nothing commits it to."
            )
            found.append(Finding("hollow-stick", told, s.by, gain=float(max(-own.flow, -own.once))))
    return found


def broken_breakdown(margins: Margins) -> list[Finding]:
    """Parties that would gain by performing something alone after a breach; the model takes it that nobody does.

    Checked once per case: is a measure, begun in some period and never undone, worth having to its own doer?
    """
    found = []
    terms, case = margins.grounds.exact.terms, margins.grounds.case
    for i, name in enumerate(terms.parties):
        ledger, gains = margins.grounds.exact.ledgers[i], {}
        for k, term in enumerate(terms.terms):
            if term.owner != i or term.done:
                continue
            best = 0.0
            for start in range(terms.T - term.takes):
                force = start + term.takes
                worth = ledger.during.get(k, 0) * (ledger.since[start] - ledger.since[force])
                worth += ledger.once.get(k, 0) * ledger.at[force] + (ledger.flow[k][force] if k in ledger.flow else 0)
                if worth > 0:
                    best = max(best, float(ledger.money(worth, start)))
            if best > 0:
                gains[term.name] = best
        if gains:
            most = max(gains.values())
            told = (
                f"After a breakdown {case.title(name)} would still gain by carrying out {titles(case, gains)} alone "
                f"(up to {amount(most)}); the model takes it that nobody does, so leaving may be worth more to it than "
                f"is shown."
            )
            found.append(Finding("broken-breakdown", told, name, gain=most, measures=tuple(gains)))
    return found


def unverifiable(margins: Margins) -> list[Finding]:
    """Measures on which pretending pays and which no access ever makes easier to see through."""
    found = []
    rm, case = margins.exact, margins.grounds.case
    for i in margins.players:
        for k, term in enumerate(rm.terms.terms):
            if term.owner != i or term.public or term.done or rm.course.force[k] >= rm.terms.T or _seen(margins, i, k):
                continue
            t, gain = _best_fake(margins, i, k)
            if gain > 0:
                told = (
                    f'Nobody can tell whether {case.title(rm.terms.parties[i])} really does "{case.title(term.name)}": '
                    f"detection stays at {float(term.base):.0%} a period, and pretending from {moment(case, t)} on "
                    f"gains {amount(gain)}." + _means(case, margins, k)
                )
                breach = Breach("covert", t, (term.name,), ())
                found.append(Finding("unverifiable", told, rm.terms.parties[i], t, gain, (term.name,), breach))
    return found


def _seen(margins: Margins, i: int, k: int) -> bool:
    """Whether detection of a fake of ``k`` ever rises above its base."""
    rm = margins.exact
    force = rm.course.force[k]
    cheat = Cheat(frozenset({k}), frozenset(), force)
    cheating, base = rm.cheating(i), rm.terms.terms[k].base
    return any(cheating.detection(cheat, t) > base for t in range(force, rm.terms.T + 1))


def _best_fake(margins: Margins, i: int, k: int) -> tuple[int, float]:
    """The period from which pretending ``k`` alone gains most, and how much."""
    rm = margins.exact
    gains = [(rm.C(i, Cheat(frozenset({k}), frozenset(), t)) - rm.V(i, t), -t) for t in range(rm.course.force[k] + 1)]
    gain, t = max(gains)
    return -t, float(gain)


def _means(case: ResolvedCase, margins: Margins, k: int) -> str:
    """What would raise detection, if the case knows anything that does."""
    term = margins.exact.terms.terms[k]
    names = [
        case.measures[term.name].detect.with_[n].measures for n, (_, rate) in enumerate(term.access) if rate > term.base
    ]
    missing = [n for access in names for n in access if n not in margins.road_map.starts and not case.measures[n].done]
    return (
        f" It could be seen with {listing(dict.fromkeys(f'{chr(34)}{case.title(n)}{chr(34)}' for n in missing))}."
        if missing
        else ""
    )
