"""What every certified road map satisfies, condition by condition, each with a name by which it can be waived.

A condition is a clause that must be kept, that a party signs (no deal is not worth more to it), or that it stays
(it gains by no breach). Order, exclusion, capacity and horizon are what makes a road map one, and cannot be waived.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from detente.audit.findings.signing import binding
from detente.case.resolved import Clause, ResolvedCase
from detente.case.stakes import Stakes
from detente.results.audit import Audit

ROUNDED = 1e-12
"""A relative margin is a rounded number: one that is exactly the margin asked for may lie this much below it."""

Kind = Literal["clause", "signs", "stays", "supports", "consents"]


@dataclass(frozen=True)
class Condition:
    """One condition; ``name`` is a clause's id, ``signs:PARTY``, ``stays:PARTY``, ``supports:PARTY`` (its factions do)
    or ``consents:NAME`` (a party, or a body; ``party`` is then None)."""

    name: str
    kind: Kind
    party: str | None = None
    clause: Clause | None = None


def conditions(case: ResolvedCase, keep: Sequence[str] = ()) -> tuple[Condition, ...]:
    """All conditions on a road map of a case: binding clauses first, then signing, staying, and votes.

    Parties without a measure can neither refuse nor leave.
    """
    owners = [p for p in case.parties if any(m.by == p for m in case.measures.values())]
    clauses = [Condition(c.id, "clause", c.owner, c) for c in binding(case, keep)]
    signs = [Condition(f"signs:{p}", "signs", p) for p in owners]
    stays = [Condition(f"stays:{p}", "stays", p) for p in owners]
    return (*clauses, *signs, *stays, *(_vote(case, name) for name in voting(case)))


def voting(case: ResolvedCase) -> tuple[str, ...]:
    """The conditions that are votes: of factions of parties with a measure, and of those whose consent is asked."""
    owners = {m.by for m in case.measures.values() if m.members is None}
    divided = [p for p in case.parties if p in owners and case.factions_of(p)]
    return (*(f"supports:{p}" for p in divided), *(f"consents:{name}" for name in case.asked))


def _vote(case: ResolvedCase, name: str) -> Condition:
    kind, _, whose = name.partition(":")
    return Condition(name, "supports" if kind == "supports" else "consents", whose if whose in case.parties else None)


@dataclass(frozen=True)
class Waived:
    """Conditions that need not hold: clauses by id, parties by index, votes by name."""

    clauses: frozenset[str] = frozenset()
    signing: frozenset[int] = frozenset()
    staying: frozenset[int] = frozenset()
    votes: frozenset[str] = frozenset()

    def whose(self, kind: Literal["supports", "consents"]) -> list[str]:
        """Whose votes need not be carried."""
        return [name.removeprefix(f"{kind}:") for name in sorted(self.votes) if name.startswith(f"{kind}:")]

    @classmethod
    def of(cls, stakes: Stakes, names: Iterable[str]) -> Waived:
        """From the names of conditions."""
        at = stakes.party_index
        told = list(names)

        def parties(kind: str) -> frozenset[int]:
            return frozenset(at[n.removeprefix(kind)] for n in told if n.startswith(kind) and n[len(kind) :] in at)

        votes = frozenset(voting(stakes.case)) & frozenset(told)
        return cls(frozenset(told), parties("signs:"), parties("stays:"), votes)


def enough(judged: Audit, margin: float, stakes: Stakes, waived: Waived, must: Sequence[Clause]) -> bool | None:
    """Whether the auditor certifies all that was not waived, and every breach that counts leaves the margin asked for.

    ``judged``: with what was waived passed over. None where the auditor passed
    a limit: it may or may not.
    """
    refused = {stakes.parties[i] for i in waived.signing}
    held = {c.id: c.holds for c in judged.clauses}
    if not all(held[c.id] for c in must if c.id not in waived.clauses):
        return False
    if any(f.party not in refused for f in judged.finding("would-not-sign")):
        return False
    if any(f.party not in waived.whose("supports") for f in judged.finding("not-ratified")):
        return False
    if any(given is False and name not in waived.whose("consents") for name, given in judged.consents.items()):
        return False
    if judged.verdict != "holds":
        return None if judged.verdict == "unknown" else False
    least = judged.least_counted
    return least is None or least.relative is None or least.relative >= margin - ROUNDED
