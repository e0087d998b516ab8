"""``would-not-sign`` and ``clause-broken``: what parties want of a road map before it begins."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from detente.audit.margins import Margins
from detente.audit.support import short
from detente.audit.words import amount, never_done, titles
from detente.case import clauses as language
from detente.case.problems import did_you_mean
from detente.case.resolved import Clause, ResolvedCase
from detente.errors import Diagnostic, InputError
from detente.results.audit import ClauseResult, Finding

FEW = 3
"""Measures that never happen and are named."""

KINDS = {"red-line": "red line", "position": "position", "goal": "goal", "proposal": "proposal"}


def would_not_sign(margins: Margins) -> list[Finding]:
    """Parties (bystanders apart) for whom no deal is worth more than this one."""
    found = []
    for i in margins.players:
        missing = short(margins, i)
        if missing > 0:
            name = margins.grounds.stakes.parties[i]
            with_it, without = float(margins.V[0, i]), float(margins.grounds.reserve[i])
            told = (
                f"{margins.grounds.case.title(name)} would not sign: the road map is worth {amount(with_it)} to it, "
                f"no deal {amount(without)}, so {amount(missing)} is missing."
            )
            found.append(Finding("would-not-sign", told, name, 0, missing))
    return found


def binding(case: ResolvedCase, keep: Sequence[str]) -> list[Clause]:
    """The clauses that must be kept: red lines, and those of the names asked for."""
    known = {c.of for c in case.clauses if c.of} | {c.id for c in case.clauses}
    unknown = [name for name in keep if name not in known]
    if unknown:
        raise InputError([
            Diagnostic("DET701", f'no clauses go by the name "{name}"', why="they could not be kept",
                       fix=did_you_mean(name, sorted(known)))
            for name in unknown
        ])  # fmt: skip
    return [c for c in case.clauses if c.strength == "must" and (c.kind == "red-line" or c.of in keep or c.id in keep)]


def judge_clauses(margins: Margins) -> dict[str, tuple[bool, Fraction]]:
    """For each clause of the case whether the road map keeps it, and by how much it misses it, exactly."""
    case, at = margins.grounds.case, margins.grounds.stakes.party_index

    def worth(party: str) -> Fraction:
        return margins.exact.V(at[party], 0)

    return {c.id: language.evaluate(c, case, margins.road_map.starts, worth) for c in case.clauses}


def clause_results(judged: dict[str, tuple[bool, Fraction]]) -> tuple[ClauseResult, ...]:
    """As they stand in an answer."""
    return tuple(ClauseResult(id, held, float(distance)) for id, (held, distance) in judged.items())


def broken_clauses(margins: Margins, judged: dict[str, tuple[bool, Fraction]], must: Sequence[Clause]) -> list[Finding]:
    """Broken clauses, binding ones first; those of other proposals than the one judged are left to ``clauses``."""
    case, name = margins.grounds.case, margins.road_map.name
    relevant = [c for c in case.clauses if c in must or c.kind != "proposal" or (c.of == name and name)]
    broken = [c for c in relevant if not judged[c.id][0]]
    return [_broken(margins, c, judged[c.id][1], c in must) for c in sorted(broken, key=lambda c: c not in must)]


def _broken(margins: Margins, clause: Clause, distance: Fraction, must: bool) -> Finding:
    case = margins.grounds.case
    term = language.term_of(clause, case)
    kind = KINDS[clause.kind] + (f' "{case.title(clause.of)}"' if clause.of else "")
    told = (
        f"{case.title(clause.owner)}'s {kind} is not kept{' and binds' if must else ''}: "
        f'"{clause.text}" ({clause.id}) {_missed(margins, term, distance)}.'
    )
    faction = case.factions.get(clause.owner)
    party = faction.party if faction else clause.owner if clause.owner in case.parties else None
    return Finding("clause-broken", told, party, gain=float(distance), measures=_measures(term))


def _missed(margins: Margins, term: language.Term, distance: Fraction) -> str:
    """``is missed by 3 periods``; of what the road map leaves out that it never happens."""
    case, far = margins.grounds.case, amount(float(distance))
    never = never_done(case, term, margins.road_map)
    if never:
        more = f" and {len(never) - FEW} more" if len(never) > FEW else ""
        return f"is not kept at any time, since this never happens: {titles(case, never[:FEW])}{more}"
    if isinstance(term, language.ShareAtLeast | language.ShareAtMost):
        far = f"a share of {far}"
    elif not isinstance(term, language.ValueAtLeast):
        far = f"{far} period{'s' * (distance != 1)}"
    return f"is missed by {far}"


def _measures(term: language.Term) -> tuple[str, ...]:
    names = (getattr(term, key, None) for key in ("measure", "first", "then"))
    if isinstance(term, language.AllBeforeAny):
        return ()
    return tuple(n for n in names if isinstance(n, str))
